"""How much would work: pledges with even odds, other newcomers, other plans."""

from __future__ import annotations

from typing import Any

from .numbers import billion, chance, error, percent, pledge, trillion, usd
from .text import listed, row, wrap
from .words import Words

TESTS = ("absorbed", "delivered", "returned", "joint")


def works(a: dict[str, Any], w: Words) -> list[str]:
    """The span of pledges at which each test has even odds, and what stops the next."""
    if "fits" not in a:
        return []
    rows = a["fits"]["rows"]
    least, most = rows[0]["pledge"], rows[-1]["pledge"]
    lines = [w("works", least=pledge(least, w.lang), most=pledge(most, w.lang))]
    for test in TESTS:
        even = a["fits"]["even"][test]
        if even is None:
            best = max(rows, key=lambda r: r["chances"][test])
            chances = chance(best["chances"][test])
            text = (w("none_at_all") if best["chances"][test] < 0.005 else
                    w("none", chance=chances, pledge=pledge(best["pledge"], w.lang)))
        else:
            text = _span(even["low"], even["high"], w)
            if even["limit"]:
                text += w("above", limit=w("group_" + even["limit"]))
        lines += wrap(f"{w(test):<12}{text}", hang=" " * 14)
    return lines


def _span(low: float, high: float, w: Words) -> str:
    if low == high:
        return pledge(low, w.lang)
    return w("from_to", low=pledge(low, w.lang), high=pledge(high, w.lang))


def newcomers(a: dict[str, Any], w: Words) -> list[str]:
    """What is absorbed at other shares of the order books."""
    if not a["newcomer"] or "newcomer" in a["off"]:
        return []
    large = a["newcomer"][-1]["absorbed"] >= 5e11
    scale, unit, places = ((1e12, trillion(w.lang), 2) if large else (1e9, billion(w.lang), 0))
    cells = [f"{percent(n['share'], w.lang)}: "
             f"{error(n['absorbed'] / scale, n['se'] / scale, w.lang, places)}"
             for n in a["newcomer"]]
    title = w("newcomer", unit=unit, pledge=pledge(a["pledge"], w.lang))
    return [*wrap(title, "", "  "), *listed(cells)]


def others(a: dict[str, Any], w: Words) -> list[str]:
    """Other plans that go by the same sum."""
    if not a["others"]:
        return []
    lines = row(w("others"), [w("absorbed")], 46, (12,))
    for o in a["others"]:
        title = w("other_plan", title=o["title"][w.lang], pledge=pledge(o["pledge"], w.lang))
        lines += row(f"  {title}", [usd(o["absorbed"], w.lang)], 46, (12,))
        if o["aim"] == "fabs" and o["bound"]:
            lines += wrap(w("bound", all=usd(o["bound"], w.lang)), " " * 4)
    return lines
