"""`oblea scale`: a sum beside the world's."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from .folder import Folder


def scale(sum_: Annotated[list[str], typer.Argument(
              metavar="SUM", help='7e12, "7 trillion USD", "7 billones"')],
          on: Annotated[str | None, typer.Option(
              "--on", metavar="DATE", help="the day on which it was said; now by default")] = None,
          as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
          lang: Annotated[str, typer.Option("--lang", help="en or es")] = "en",
          evidence: Folder = None) -> None:
    """A sum beside outlays, GDP, market values, capex, funds, fabs, scanners and gigawatts.

    Example: oblea scale 7 trillion USD --on 2024-02-09
    """
    from ..report.scale import render
    from ..report.words import Words
    from ..service import scale as beside

    w = Words(lang)
    a = beside(" ".join(sum_), on, evidence=evidence)
    print(json.dumps(a, ensure_ascii=False, indent=1) if as_json
          else render(a["usd"], a["said"], a["today"], a["rows"], w))
