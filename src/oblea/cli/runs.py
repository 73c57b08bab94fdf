"""`oblea runs`: what was run, shown again, taken along, asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from . import complete

app = typer.Typer(no_args_is_help=True, help="List, open, export and query run folders.")

Root = Annotated[Path, typer.Option("--root", help="where runs are kept")]
Lang = Annotated[str, typer.Option("--lang", help="en or es",
                                   autocompletion=complete.languages)]
Folder = Annotated[Path, typer.Argument(help="a run folder", autocompletion=complete.folders)]
Json = Annotated[bool, typer.Option("--json", help="the same for programs")]


@app.command("list")
def list_(root: Root = Path("runs"), as_json: Json = False, lang: Lang = "en") -> None:
    """Every run, with what is wrong with those that cannot be read.

    Example: oblea runs list
    """
    from dataclasses import asdict

    from ..report.runs import render
    from ..report.words import Words
    from ..results.folders import runs

    words, found = Words(lang), runs(root)
    if as_json:
        print(json.dumps([asdict(r) | {"folder": str(r.folder)} for r in found],
                         ensure_ascii=False, indent=1))
    else:
        print(render(found, words))


@app.command("open")
def open_(folder: Folder, lang: Lang = "en",
          as_json: Json = False) -> None:
    """The read-out of a run again, in either language, without simulating.

    Example: oblea runs open runs/seven-trillion-1 --lang es
    """
    from ..report import each, readout
    from ..results.store import open as reopen
    from .main import _has_blocks

    a = reopen(folder).answer
    if as_json:
        print(json.dumps(a, ensure_ascii=False, indent=1))
        return
    print(readout.render(a, lang, blocks=_has_blocks()))
    if a["without"] is not None:
        print("\n" + each.render(a, lang))


@app.command()
def export(folder: Folder,
           csv: Annotated[Path | None, typer.Option("--csv", help="new folder for CSV")] = None,
           xlsx: Annotated[Path | None, typer.Option(
               "--xlsx", help="workbook with live formulas")] = None,
           iamc: Annotated[Path | None, typer.Option("--iamc", help="long table as CSV")] = None,
           html: Annotated[Path | None, typer.Option("--html", help="the report")] = None,
           lang: Lang = "en") -> None:
    """A run as CSV, Excel, the IAMC's long table or HTML.

    Example: oblea runs export runs/seven-trillion-1 --xlsx run.xlsx
    """
    from ..errors import InputErrors, Problem
    from ..results.export import to_file
    from ..results.store import open as reopen

    if not any((csv, xlsx, iamc, html)):
        raise InputErrors([Problem("runs export", None, "", "say what to write: --csv FOLDER, "
                                   "--xlsx FILE, --iamc FILE or --html FILE")])
    taken = [f for f in (csv, xlsx, iamc, html) if f is not None and f.exists()]
    InputErrors.raise_if([Problem(str(f), None, "", "exists already; nothing was changed")
                          for f in taken])
    run = reopen(folder)
    if csv is not None:
        run.to_csv(csv)
    if xlsx is not None:
        run.to_excel(xlsx, lang)
    if iamc is not None:
        run.to_iamc(iamc)
    if html is not None:
        to_file(run.to_html(lang), html)


@app.command()
def query(sql: Annotated[str, typer.Argument(help='such as "select run, avg(worth) from paths '
                                                  'group by run"')],
          root: Root = Path("runs"),
          csv: Annotated[bool, typer.Option("--csv", help="as CSV")] = False,
          as_json: Json = False) -> None:
    """SQL over all runs: tables paths, series, trajectories and cash, each with a column run.

    Example: oblea runs query "select run, median(worth) from paths group by run"
    """
    from ..results.query import query as ask

    found = ask(sql, root)
    if as_json:
        print(found.to_json(orient="records", indent=1))
    else:
        print(found.to_csv(index=False), end="") if csv else print(found.to_string(index=False))
