"""`oblea compare`: scenarios against the first of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import complete
from .folder import Folder


def compare(scenarios: Annotated[list[str], typer.Argument(
                help="names, files; changes: 'stargate:newcomer.share=25 %;pue=1.2'",
                autocompletion=complete.scenarios)],
            paths: Annotated[int, typer.Option("--paths", help="futures")] = 256,
            seed: Annotated[int, typer.Option("--seed")] = 1,
            workers: Annotated[int | None, typer.Option("--workers", help="processes")] = None,
            quick: Annotated[bool, typer.Option(
                "--quick", help="not which change does how much, nor the gap")] = False,
            out: Annotated[Path | None, typer.Option(
                "--out", help="new file for what --json prints")] = None,
            as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
            lang: Annotated[str, typer.Option("--lang", help="en or es",
                                              autocompletion=complete.languages)] = "en",
            evidence: Folder = None) -> None:
    """What differs between scenarios, what it does, which change does it, and through what.

    Example: oblea compare seven-trillion "seven-trillion:newcomer.share=25 %"
    """
    from ..report.compare import render
    from ..report.words import Words
    from ..service import compare as compared
    from .files import check_new, write_new
    from .main import _progress

    w = Words(lang)
    check_new(out)
    done = compared(*scenarios, paths=paths, seed=seed, workers=workers, quick=quick,
                    evidence=evidence, progress=_progress())
    text = json.dumps(done.answer, ensure_ascii=False, indent=1)
    print(text if as_json else render(done.answer, lang))
    if out is not None:
        write_new(out, text + "\n")
        if not as_json:
            print("\n" + w("cmp_saved", file=out))
