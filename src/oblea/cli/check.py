"""`oblea check` and `oblea cost decline`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Annotated, Any

import typer

LARGEST = 300_000  # bytes of text: fifty thousand words
Json = Annotated[bool, typer.Option("--json", help="the same numbers for programs")]
Lang = Annotated[str, typer.Option("--lang", help="en or es; of a text: its own")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="the day it was said")]


def check(text: Annotated[str | None, typer.Argument(
              metavar="[TEXT|FILE|FIGURE]", help="none: the ledger of claims")] = None,
          on: On = None,
          to: Annotated[Path | None, typer.Option("--html", metavar="FILE",
                                                  help="the article, its numbers marked")] = None,
          as_json: Json = False, lang: Annotated[str | None, typer.Option(
              "--lang", help="en or es; a text's own where none is named")] = None) -> None:
    """Check a text's numbers; without one, the ledger of claims.

    Example: oblea check "Taiwan makes 92 % of the world's advanced chips" --on 2024-02-29
    """
    from ..claims import check_text, ledger
    from ..claims.sums import check_day
    from ..report import check as show
    from ..report.words import Words

    if lang is not None:
        Words(lang)
    if on is not None:
        check_day(on, "check")
    _writable(to)
    if text is None:
        rows = ledger()
        _say(rows, show.render_ledger(rows, lang or "en"), as_json)
        return
    words, name = _read(text)
    value = per_gigawatt(words)
    if value is not None:
        from ..claims.figure import reconcile

        done = reconcile(value)
        _say(done, show.render_figure(done, lang or "en"), as_json)
        return
    done = check_text(words, on=on)
    tongue = lang or done["lang"]
    if to is not None:
        from ..report.check_html import page

        _write(to, page(words, done, tongue, name))
    _say(done, show.render(done, tongue), as_json)
    if to is not None and not as_json:
        print(Words(tongue)("chk_written", file=to))


def decline(as_json: Json = False, lang: Lang = "en") -> None:
    """Cost at fixed capability, factored; the rising cost of the frontier run beside it.

    Example: oblea cost decline
    """
    from ..cost.decline import decline as compute
    from ..report.decline import render as render_decline
    from ..report.words import Words

    Words(lang)
    done = compute()
    _say(done, render_decline(done, lang), as_json)


def per_gigawatt(text: str) -> float | None:
    """USD a GW of a text that is such a figure and nothing else.

    >>> per_gigawatt("40 billion per GW"), per_gigawatt("40 mil millones por GW")
    (40000000000.0, 40000000000.0)
    >>> per_gigawatt("OpenAI pays 40 billion per GW") is None
    True
    """
    from ..claims.sums import read_sum
    from ..errors import InputErrors

    m = re.fullmatch(r"\s*(.{1,40}?)\s*(?:per|a|por|/)\s*(?:GW|gigawatt|gigavatio)\s*\.?\s*", text,
                     re.IGNORECASE)
    if m is None:
        return None
    try:
        return read_sum(m[1])
    except InputErrors:
        return None


def _read(text: str) -> tuple[str, str]:
    """The words to check and what to call them: a file's where the text names one."""
    from ..errors import InputErrors, Problem, did_you_mean

    def no(message: str) -> InputErrors:
        return InputErrors([Problem(text[:80], None, "", message)])

    if not text.strip():
        raise no("the text is empty; expected words, a file or a figure")
    looks = "\n" not in text and len(text) < 1000
    path = Path(text) if looks else None
    try:
        there = path is not None and path.exists()
    except (OSError, ValueError):
        there = False
    if not there:
        if looks and re.fullmatch(r"\S+\.(?:txt|md|html?|text|pdf|docx?)", text):
            near = [p.name for p in (path.parent if path.parent.is_dir() else Path()).iterdir()
                    if p.is_file()] if path is not None else []
            raise no(f"no such file{did_you_mean(path.name if path else text, near)}")
        if len(text) > LARGEST:
            raise no(f"longer than {LARGEST} bytes")
        return text, text[:60]
    assert path is not None
    if not path.is_file():
        raise no("not a file")
    size = path.stat().st_size
    if size == 0:
        raise no("the file is empty")
    if size > LARGEST:
        raise no(f"{size} bytes; expected a text of at most {LARGEST}")
    data = path.read_bytes()
    if b"\0" in data:
        raise no("not a text: it holds zero bytes")
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise no(f"not a text in UTF-8: byte {error.start} cannot be read") from None
    if not words.strip():
        raise no("the file holds nothing but blanks")
    return words, path.name


def _writable(to: Path | None) -> None:
    from ..errors import InputErrors, Problem

    if to is None:
        return
    if not to.absolute().parent.is_dir():
        raise InputErrors([Problem("--html", None, "", f"there is no folder {str(to.parent)!r}")])
    if to.is_dir():
        raise InputErrors([Problem("--html", None, "", f"{str(to)!r} is a folder")])


def _write(to: Path, text: str) -> None:
    """Whole or not at all."""
    part = to.with_name(f".{to.name}.part")
    part.write_text(text, "utf-8")
    os.replace(part, to)


def _say(done: Any, text: str, as_json: bool) -> None:
    print(json.dumps(done, ensure_ascii=False, indent=1) if as_json else text)
