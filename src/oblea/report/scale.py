"""A sum beside the world's, on a terminal: as of the day it was said, and now."""

from __future__ import annotations

from typing import Any

from .numbers import plain, pledge
from .text import row, wrap
from .words import Words

LABEL, CELLS = 44, (18, 18)


def render(dollars: float, said: str, today: str, rows: list[dict[str, Any]], w: Words) -> str:
    """A line a yardstick; below, the facts."""
    lines = wrap(w("scale_title", sum=pledge(dollars, w.lang), said=said), "")
    days = {"now": today} if said == today else {"then": said, "now": today}
    widths = CELLS[: len(days)]
    lines += row("", list(days.values()), LABEL, widths)
    for r in rows:
        lines += row(f"  {r['title'][w.lang]}", [_cell(r[k], r["kind"], w) for k in days], LABEL,
                     widths)
    facts = list(dict.fromkeys(x["fact"] for r in rows for x in (r["then"], r["now"]) if x))
    return "\n".join([*lines, *wrap(w("scale_note", facts=", ".join(facts)), "")])


def _cell(x: dict[str, Any] | None, kind: str, w: Words) -> str:
    if x is None:
        return ""
    if kind == "flow":
        return w("scale_years", n=plain(x["ratio"], w.lang, 2))
    if kind == "stock":
        return (w("scale_times", n=plain(x["ratio"], w.lang, 2)) if x["ratio"] >= 1 else
                f"{plain(100 * x['ratio'], w.lang, 2)} %")
    return plain(x["ratio"], w.lang, 2)
