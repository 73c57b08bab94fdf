"""`oblea evidence`: facts searched, projects against their promise, how the verdict is known."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .folder import Folder

if TYPE_CHECKING:
    from ..errors import Problem

app = typer.Typer(no_args_is_help=True, help="Find facts, score projects, share, lint.")

Lang = Annotated[str, typer.Option("--lang", help="en or es")]
As = Annotated[str, typer.Option("--as", help="text, csv or json")]


def _form(form: str) -> str:
    from ..errors import InputErrors, Problem, did_you_mean

    forms = ("text", "csv", "json")
    if form not in forms:
        raise InputErrors([Problem("--as", None, "", f"found {form!r}; allowed: "
                                   f"{', '.join(forms)}{did_you_mean(form, forms)}")])
    return form


def _since(since: str) -> list[Problem]:
    """What is wrong with a date of --since."""
    from ..dates import quarter_index
    from ..errors import Problem

    try:
        quarter_index(since or "2024")
    except ValueError as error:
        return [Problem("--since", None, "", str(error))]
    return []


def _out(rows: list[dict[str, Any]], form: str, columns: tuple[str, ...]) -> None:
    if form == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        table = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


@app.command()
def find(words: Annotated[list[str] | None, typer.Argument(help="words a fact must have")] = None,
         unit: Annotated[str, typer.Option("--unit", help="such as USD/GW")] = "",
         table: Annotated[str, typer.Option("--table", help="such as capital")] = "",
         since: Annotated[str, typer.Option("--since", metavar="DATE")] = "",
         grade: Annotated[str, typer.Option("--grade", help="primary, second-hand, ...")] = "",
         most: Annotated[int | None, typer.Option(
             "--most", help="how many to show; 20 as text, else all")] = None,
         form: As = "text", lang: Lang = "en", evidence: Folder = None) -> None:
    """Facts with all the words, the best match first.

    Example: oblea evidence find euv shipments --since 2024
    """
    from ..errors import InputErrors, Problem, did_you_mean
    from ..evidence import GRADES, load
    from ..evidence import find as search
    from ..report.evidence import COLUMNS, as_row, found
    from ..report.words import Words

    w, form, e = Words(lang), _form(form), load(evidence)
    tables = sorted({Path(f.file).stem for f in e.facts.values()})
    InputErrors.raise_if([Problem(option, None, "", f"found {x!r}; known: {', '.join(known)}"
                                  f"{did_you_mean(x, known)}")
                          for option, x, known in (("--table", table, tables),
                                                   ("--grade", grade, GRADES),
                                                   ("--unit", unit, sorted({
                                                       f.unit for f in e.facts.values()})))
                          if x and x not in known] + _since(since))
    facts = search(e, " ".join(words or []), unit=unit, table=table, since=since, grade=grade)
    if form == "text":
        print(found(facts, 20 if most is None else most, w))
    else:
        _out([as_row(f) for f in facts[:most]], form, COLUMNS)


@app.command()
def projects(form: As = "text", lang: Lang = "en", evidence: Folder = None) -> None:
    """Fab projects: promised, expected now, our 80 % from the day of the promise, and the score.

    Example: oblea evidence projects --as csv
    """
    from ..estimates.outlook import Outlook, outlook
    from ..evidence import load
    from ..report.evidence import projects as shown
    from ..report.words import Words

    w, form, rows = Words(lang), _form(form), outlook(load(evidence))
    print(shown(rows, w)) if form == "text" else _out(
        [asdict(r) for r in rows], form, tuple(f.name for f in fields(Outlook)))


@app.command()
def share(scenario: Annotated[str, typer.Option("--scenario")] = "seven-trillion",
          paths: Annotated[int, typer.Option("--paths", help="futures")] = 4096,
          as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
          lang: Lang = "en", evidence: Folder = None) -> None:
    """What the spread of the verdict rests on; ends with 1 where bare numbers carry over 1 %.

    Example: oblea evidence share --scenario stargate
    """
    from ..report.evidence import BARE, shares
    from ..report.words import Words
    from ..service import evidence_shares

    w = Words(lang)
    a = evidence_shares(scenario, evidence=evidence, paths=paths)
    print(json.dumps(a, ensure_ascii=False, indent=1) if as_json else shares(a, w))
    if any(x["bare"] > BARE for x in a["outcomes"].values()):
        raise typer.Exit(1)


@app.command()
def lint(as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
         lang: Lang = "en", evidence: Folder = None) -> None:
    """What a hostile reader would object to; ends with 1 where there is anything.

    Example: oblea evidence lint --evidence mine
    """
    from ..evidence import lint as doubts
    from ..evidence import load
    from ..report.words import Words

    w, e = Words(lang), load(evidence)
    found = doubts(e)
    if as_json:
        print(json.dumps([asdict(p) for p in found], ensure_ascii=False, indent=1))
    else:
        for p in found:
            print(p)
        print(w("lint_sum", n=len(found), facts=len(e.facts), sources=len(e.sources)))
    if found:
        raise typer.Exit(1)
