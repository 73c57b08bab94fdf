"""`run --without each`: what every mechanism is worth, one line each."""

from __future__ import annotations

from typing import Any

from .numbers import decimals, error, plain
from .text import row, wrap
from .words import Words

LABEL, CELLS = 12, (13, 14, 14, 13, 14)


def render(a: dict[str, Any], lang: str = "en") -> str:
    """One line a mechanism, and the test of order books at the end."""
    w = Words(lang)
    fabs = a["aim"] == "fabs"
    columns = (("absorbed", 1e9), ("delivered", 1e3 if fabs else 1.0), ("additional", 0.01),
               ("price", 0.01), ("returned", 0.01))
    heads = [w(f"each_{k}_wafers" if fabs and k == "delivered" else f"each_{k}")
             for k, _ in columns]
    cells = {k: _column([r[k] for r in a["without"]], scale, width, lang)
             for (k, scale), width in zip(columns, CELLS, strict=True)}
    lines = wrap(w("each_title", n=a["side_futures"]), "")
    names, units = (list(x) for x in zip(*(h.split("|") for h in heads), strict=True))
    lines += row(w("each_head"), names, LABEL, CELLS) + row("", units, LABEL, CELLS)
    still = []
    for i, r in enumerate(a["without"]):
        found = [cells[k][i] for k, _ in columns]
        if all(c in ("", "0") for c in found):
            still.append(r["mechanism"])
        else:
            lines += row(r["mechanism"], found, LABEL, CELLS)
    if still:
        lines += wrap(w("still", names=", ".join(still)), "", "  ")
    cost = next(r for r in a["without"] if r["mechanism"] == "yield")["h100e_cost"]
    lines += wrap(w("each_cost", diff=error(cost["diff"], cost["se"], lang, 0, signed=True)), "")
    c = a["claim"]
    lines += wrap(w("claim", times=plain(c["times"], lang), diff=plain(c["difference"], lang)), "")
    return "\n".join(lines)


def _column(found: list[dict[str, float] | None], scale: float, width: int, lang: str
            ) -> list[str]:
    """Differences with their errors, all to the same decimals: as many as the column has room for,
    and no more than the smaller errors call for."""
    errors = sorted(d["se"] / scale for d in found if d is not None and d["se"] > 0)
    for places in range(decimals(errors[len(errors) // 4]) if errors else 0, -1, -1):
        cells = ["" if d is None else error(d["diff"] / scale, d["se"] / scale, lang, places,
                                            signed=True) for d in found]
        if max(map(len, cells)) < width:
            break
    return cells
