"""`oblea scenario new` and `oblea glossary`: a file to go on with, and what words mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import complete

if TYPE_CHECKING:
    from ..report.words import Words
    from ..scenario.said import Said


def new(name: Annotated[str, typer.Argument(help="a name; the file is NAME.yaml")] = "mine",
        said: Annotated[str | None, typer.Option(
            "--from", help='a plan in a sentence: "500 billion USD, 4 years, data centres, US"')
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help="file to write")] = None,
        lang: Annotated[str, typer.Option("--lang", help="en or es",
                                          autocompletion=complete.languages)] = "en") -> None:
    """Write a commented scenario.

    Example: oblea scenario new mine --from "2 trillion USD, 8 years, data centres, Gulf"
    """
    from ..errors import InputErrors, Problem
    from ..report.words import Words
    from ..scenario import load, names
    from ..scenario.new import name_of
    from ..scenario.new import new as written
    from ..scenario.said import read
    from .files import write_new

    w, key = Words(lang), name_of(name)
    if key in names():
        raise InputErrors([Problem("scenario new", None, "", f"{key} is a bundled scenario; choose "
                                   "another name")])
    plan = read(said) if said is not None else None
    text, file = written(load("reference"), key, plan, w), out or Path(f"{key}.yaml")
    write_new(file, text)
    print(w("new_written", file=file))
    if plan is not None:
        _tell(plan, w)


def _tell(plan: Said, w: Words) -> None:
    """What was understood, and what was not."""
    from ..report import numbers, text

    parts = [f"{numbers.pledge(plan.pledge, w.lang)} {plan.currency}"]
    parts += [w("new_years", n=numbers.plain(plan.years, w.lang))] if plan.years else []
    parts += [w(f"new_{a}") for a in plan.aims] + list(plan.regions)
    parts += [w("new_from", date=plan.start)] if plan.start else []
    parts += [w("new_share", x=numbers.percent(plan.share, w.lang))] if plan.share else []
    print("\n".join(text.wrap(w("new_read", what=" · ".join(parts)), "")))
    if not plan.named:
        print(w("new_dollars"))
    if plan.rest:
        print("\n".join(text.wrap(w("new_rest", words=", ".join(plan.rest)), "")))


def glossary(word: Annotated[str | None, typer.Argument(
            help="a word, in either language", autocompletion=complete.words)] = None,
             lang: Annotated[str, typer.Option("--lang", help="en or es",
                                               autocompletion=complete.languages)] = "en") -> None:
    """What the words of the read-out mean.

    Example: oblea glossary absorbed
    """
    from ..report.glossary import render

    print(render(lang, word))
