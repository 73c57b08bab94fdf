"""What is in service at the end, and how much of it would not be there without the plan."""

from __future__ import annotations

from typing import Any

from .numbers import big, percent
from .text import row, wrap
from .words import Words

LABEL = 35


def in_service(a: dict[str, Any], w: Words) -> list[str]:
    """Programme, of which additional, the world without it."""
    s, pledged = a["in_service"], "absorbed" in a
    columns = ("programme", "additional", "without") if pledged else ("without",)
    widths = (12, 15, 18)[-len(columns):]
    lines = row(w("service", date=s["date"]), [w(c) for c in columns], LABEL, widths)
    for r in s["rows"]:
        lines += row(f"  {w('row_' + r['key'])}", [_cell(r, c, w) for c in columns], LABEL, widths)
    lines += wrap(f"{w('mean')} {w('mean_additional')}" if pledged else w("mean"))
    return lines + (_additional(a, w) if pledged else [])


def _cell(r: dict[str, Any], column: str, w: Words) -> str:
    x = r[column]
    if x is None or (r["key"] == "run" and x == 0):
        return ""
    return big(0.0 if abs(x) < 1e-9 * abs(r["without"]) else x, w.lang)


def _additional(a: dict[str, Any], w: Words) -> list[str]:
    lines = []
    share = a["additional_share"]
    if share is not None and a["aim"] == "compute":
        text = w("additional_share", share=percent(share, w.lang))
        lines += wrap(f"{text} {w('bought')}" if share < 0.5 else text)
    taken = [f"{w('pool_' + k)} {percent(a['shares_taken'][k], w.lang)}"
             for k in ("euv", "wfe") if a["shares_taken"].get(k, 0.0) >= 0.001]
    return lines + (wrap(f"{w('taken')} {', '.join(taken)}") if taken else [])
