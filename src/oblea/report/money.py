"""Price and revenue, who pays in, who is paid."""

from __future__ import annotations

from typing import Any

from .numbers import billions, chance, fixed, percent, span
from .text import WIDTH, row, wrap
from .words import Words

LABEL, CELLS = 35, (9, 11, 11, 8, 6)


def price(a: dict[str, Any], w: Words) -> list[str]:
    """Price over full cost, and what a gigawatt earns and would have to earn."""
    m = a["market"]
    low, mid, high = (m["over_cost"][k] for k in ("p5", "median", "p95"))
    first = m["quarter"].index(f"{a['first_year']}Q1")
    last = m["quarter"].index(a["in_service"]["date"])
    f = lambda x: fixed(x, 2, w.lang)  # noqa: E731
    lines = wrap(w("price", begin=m["quarter"][first], first=f(mid[first]), end=m["quarter"][last],
                   last=f(mid[last]), p90=span(f(low[last]), f(high[last]), w.lang)), "", "  ")
    past = list(a["solvent"].items())
    lines += wrap(w("solvent", years=f"{past[0][0]}-{past[-1][0]}",
                    ratios=", ".join(f(x) for _, x in past)))
    return lines + (_earned(a, w) if "returned" in a else [])


def _earned(a: dict[str, Any], w: Words) -> list[str]:
    x, hurdle = a["needed"], percent(a["returned"]["hurdle"], w.lang)
    profit = w("profit", hurdle=hurdle, chance=chance(a["returned"]["profit"]))
    if x is None:
        return wrap(profit, "", "  ")
    bn = lambda v: fixed(v / 1e9, 1, w.lang)  # noqa: E731
    values = [c["facility"] for c in x["contracts"]]
    years = sorted(c["date"][:4] for c in x["contracts"])
    lines = wrap(w("earned", earned=bn(x["earned"]["median"]),
                   e90=span(bn(x["earned"]["p5"]), bn(x["earned"]["p95"]), w.lang),
                   needed=bn(x["needed"]["median"]), hurdle=hurdle,
                   n90=span(bn(x["needed"]["p5"]), bn(x["needed"]["p95"]), w.lang)), "", "  ")
    if values:
        profit = w("signed", years="-".join(sorted({years[0], years[-1]})),
                   span=span(bn(min(values)), bn(max(values)), w.lang)) + " " + profit
    return lines + wrap(profit)


def payers(a: dict[str, Any], w: Words) -> list[str]:
    """Funders by what they paid in: what they could, what came back, what they ask."""
    funders = [f for f in a.get("funders", ()) if f["paid"] > 0 or f["could"] > 0]
    if not funders:
        return []
    heads = [w(k) for k in ("paid", "could", "multiple", "rate", "asks")]
    lines = row(w("payers"), heads, LABEL, CELLS)
    for f in sorted(funders, key=lambda f: -f["paid"]):
        cells = [billions(f["paid"], w.lang), billions(f["could"], w.lang),
                 "" if f["multiple"] is None else w("dollars", x=fixed(f["multiple"], 2, w.lang)),
                 "" if f["irr"] is None else f"{fixed(100 * f['irr'], 1, w.lang)} %",
                 "" if f["required"] is None else percent(f["required"], w.lang)]
        lines += row(f"  {f['title'][w.lang]}", cells, LABEL, CELLS)
    return lines + wrap(w("payers_note", first=a["first_year"], last=a["last_year"]))


def receivers(a: dict[str, Any], w: Words) -> list[str]:
    """Who is paid for the capital, in two columns, and how the capital splits."""
    if len(a.get("receivers", ())) < 2:
        return []
    paid = [(r["title"][w.lang] if r["title"] else w("receiver_" + r["key"]),
             billions(r["usd"], w.lang)) for r in a["receivers"]]
    names, sums = (max(map(len, column)) for column in zip(*paid, strict=True))
    cells = [f"{name:<{names}} {usd_:>{sums}}" for name, usd_ in paid]
    columns = 2 if 2 + 2 * len(cells[0]) + 2 <= WIDTH else 1
    half = -(-len(cells) // columns)
    return [w("receivers", last=a["last_year"]),
            *("  " + "  ".join(cells[i::half]) for i in range(half))]


def capital(a: dict[str, Any], w: Words) -> list[str]:
    """What the capital went into, what revenue paid of it, and what others spend less."""
    c = a.get("capital")
    if not c:
        return []
    b = lambda k: billions(c[k], w.lang)  # noqa: E731
    parts = ", ".join(w("capital_" + k, x=b(k)) for k in ("chips", "sites", "plants") if c[k] > 0)
    own = w("recycled", x=b("recycled")) if c["recycled"] > 0 else ""
    lines = wrap(w("capital", spent=b("spent"), parts=parts, recycled=own), "", "  ")
    n = a["net_absorbed"]
    low, mid, high = (billions(n[k], w.lang) for k in ("p5", "median", "p95"))
    lines += wrap(w("turned", out=b("paid_out"), peak=b("net_peak")))
    return lines + wrap(w("net", median=mid, p90=span(low, high, w.lang)))
