"""A list of runs on a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .numbers import plain, usd
from .text import row, wrap
from .words import Words

if TYPE_CHECKING:
    from ..results.folders import Listed

LABEL, CELLS = 34, (12, 9, 12, 13)


def render(found: list[Listed], w: Words) -> str:
    """A line a run, oldest first; below, folders that are none."""
    if not found:
        return w("runs_none")
    lines = row(w("runs_head"), [w("runs_written"), w("runs_futures"), w("runs_word"),
                                 w("absorbed")], LABEL, CELLS)
    for r in found:
        if r.problem is None:
            cells = [datetime.fromtimestamp(r.written).strftime("%Y-%m-%d"),
                     plain(r.futures, w.lang, 9), w(f"word_{r.word}") if r.word else "",
                     "" if r.absorbed is None else usd(r.absorbed, w.lang)]
            lines += row(r.folder.name, cells, LABEL, CELLS)
    for r in found:
        if r.problem is not None:
            lines += wrap(f"{r.folder.name}: {r.problem}", "", "  ")
    return "\n".join(lines)
