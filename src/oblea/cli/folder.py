"""`--evidence`, the same in every command: what is laid over the bundled evidence is said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def _say(ctx: typer.Context, folder: Path | None) -> Path | None:
    """Once the command is done, when its language is known: a line on the error stream, so that
    what programs read stays whole."""
    if folder is not None:
        ctx.call_on_close(lambda: _overlaid(folder, ctx.params.get("lang", "en")))
    return folder


def _overlaid(folder: Path, lang: str) -> None:
    from ..evidence import is_overlay
    from ..report.words import LANGUAGES, Words

    if lang in LANGUAGES and is_overlay(folder):
        print(Words(lang)("overlaid", folder=folder), file=sys.stderr)


Folder = Annotated[Path | None, typer.Option(
    "--evidence", callback=_say, help="folder of evidence: whole, or tables laid over ours")]
