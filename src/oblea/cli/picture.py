"""A picture beside an answer: checked before the work, written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import InputErrors, Problem
from .files import write_over


def check(path: Path | None) -> None:
    """Raises InputErrors where no picture could be written there."""
    if path is None:
        return
    problems = []
    if path.suffix.lower() != ".svg":
        problems.append(f"found {str(path)!r}; expected a name that ends in .svg")
    if not path.absolute().parent.is_dir():
        problems.append(f"there is no folder {str(path.parent)!r}")
    elif path.is_dir():
        problems.append(f"{str(path)!r} is a folder")
    InputErrors.raise_if(Problem("--picture", None, "", p) for p in problems)


def reliability(path: Path | None, done: list[dict[str, Any]], lang: str) -> None:
    """Write what intervals held to `path`, where there is one."""
    if path is None:
        return
    from ..analysis.backtest import together
    from ..report.reliability import picture

    write_over(path, picture(done, together(done), lang), "--picture")
