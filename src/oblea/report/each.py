"""`run --without each`: what every mechanism is worth, one line each."""

from __future__ import annotations

from typing import Any

from .numbers import plain
from .words import Words


def render(a: dict[str, Any], lang: str = "en") -> str:
    """One line a mechanism, and the test of order books at the end."""
    w = Words(lang)
    lines = [w("each_title", n=a["side_futures"]),
             f"{w('each_head'):<14}{w('each_spend'):>22}{w('each_gw'):>20}{w('each_add'):>22}"]
    still = []
    for r in a["without"]:
        cells = [_cell(r["spendable"], 1e9, lang), _cell(r["delivered"], 1.0, lang),
                 _cell(r["additional"], 0.01, lang)]
        lines.append(f"{r['mechanism']:<14}{cells[0]:>22}{cells[1]:>20}{cells[2]:>22}".rstrip())
        if all(r[k] is None or r[k]["diff"] == 0 for k in ("spendable", "delivered",
                                                            "additional")):
            still.append(r["mechanism"])
    if still:
        lines.append(w("still", names=", ".join(still)))
    cost = next(r for r in a["without"] if r["mechanism"] == "yield")["h100e_cost"]
    lines.append(w("each_cost", diff=_signed(cost["diff"], lang), se=plain(cost["se"], lang, 2)))
    c = a["claim"]
    lines.append(w("claim", times=plain(c["times"], lang), diff=plain(c["difference"], lang)))
    return "\n".join(lines)


def _signed(x: float, lang: str) -> str:
    return ("+" if x > 0 else "-" if x < 0 else "") + plain(abs(x), lang)


def _cell(d: dict[str, float] | None, scale: float, lang: str) -> str:
    if d is None:
        return ""
    if d["diff"] == 0 and d["se"] == 0:
        return "0"
    return f"{_signed(d['diff'] / scale, lang)} ± {plain(d['se'] / scale, lang, 2)}"
