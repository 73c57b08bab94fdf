"""`oblea scenario new`: a file to go on with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import complete


def new(name: Annotated[str, typer.Argument(help="a name; the file is NAME.yaml")] = "mine",
        said: Annotated[str | None, typer.Option(
            "--from", help='a plan in a sentence: "500 billion USD, 4 years, data centres, US"')
        ] = None,
        out: Annotated[Path | None, typer.Option("--out", help="file to write")] = None,
        lang: Annotated[str, typer.Option("--lang", help="en or es")] = "en") -> None:
    """Write a commented scenario.

    Example: oblea scenario new mine --from "2 trillion USD, 8 years, data centres, Gulf"
    """
    from ..errors import InputErrors, Problem
    from ..report.words import Words
    from ..scenario import load, names
    from ..scenario.new import name_of
    from ..scenario.new import new as written
    from ..scenario.said import read

    w, key = Words(lang), name_of(name)
    file = out or Path(f"{key}.yaml")
    plan = read(said) if said is not None else None
    if key in names():
        raise InputErrors([Problem("scenario new", None, "", f"{key} is a bundled scenario; choose "
                                   "another name")])
    try:
        with file.open("x", encoding="utf-8") as place:
            place.write(written(load("reference"), key, plan))
    except FileExistsError:
        raise InputErrors([Problem(str(file), None, "", "exists already; nothing was changed")
                           ]) from None
    except OSError as error:
        raise InputErrors([Problem(str(file), None, "", f"cannot be written: {error.strerror}")
                           ]) from None
    print(w("new_written", file=file))
    if plan is not None and plan.rest:
        print(w("new_rest", words=", ".join(plan.rest)))


def glossary(word: Annotated[str | None, typer.Argument(
            help="a word, in either language", autocompletion=complete.words)] = None,
             lang: Annotated[str, typer.Option("--lang", help="en or es")] = "en") -> None:
    """What the words of the read-out mean.

    Example: oblea glossary absorbed
    """
    from ..report.glossary import render

    print(render(lang, word))
