"""What would have to be true, and which assumptions move the answer most."""

from __future__ import annotations

from typing import Any

from .numbers import billion, chance, error, fixed, plain, trillion
from .text import listed, row, wrap
from .words import Words, catalogue

SHOWN = 5
LEVER, LEVER_CELLS = 39, (27, 14)
DRIVER, DRIVER_CELLS = 50, (14, 16)


def between(low: float, high: float, unit: str, w: Words, word: str = "") -> str:
    """Two values of a unit with a word between, the unit once and in the reader's words."""
    scale, tail = _unit(high, unit, w)
    numbers = [_figures(x / scale, w) for x in (low, high)]
    return f"{f' {word} '.join(numbers)} {tail}"


def figures(x: float, unit: str, w: Words) -> str:
    """One value with its unit."""
    scale, tail = _unit(x, unit, w)
    return f"{_figures(x / scale, w)} {tail}".rstrip()


def _figures(x: float, w: Words) -> str:
    return fixed(x, 0, w.lang) if abs(x) >= 30 else plain(x, w.lang, 2)


def _unit(x: float, unit: str, w: Words) -> tuple[float, str]:
    """What to divide by and what to write after; the unit as it is where there are no words."""
    base, _, year = unit.partition("/")
    if base in ("ratio", "USD") and year in ("", "year"):
        yearly = f" {w('a_year')}" if year else ""
        if base == "ratio":
            return 0.01, f"%{yearly}"
        return (1e12, trillion(w.lang) + yearly) if x >= 5e11 else (1e9, billion(w.lang) + yearly)
    return 1.0, w(f"unit {unit}") if known(unit) else unit


def known(unit: str) -> bool:
    """Whether the reader has words for it."""
    return unit in ("ratio", "ratio/year", "USD", "USD/year") or f"unit {unit}" in catalogue()


def levers(a: dict[str, Any], w: Words) -> list[str]:
    """The least change at which odds of absorbing it all are even."""
    x = a.get("levers")
    if not x or a["absorbed"]["chance"] >= 0.5:
        return []
    if not x["enough"]:
        best = max(row["chances"]["absorbed"] for row in x["best"])
        return [*wrap(w("levers_never", chance=chance(best)), "", "  "),
                *listed([about["title"][w.lang] for about in x["levers"].values()])]
    size = len(x["enough"][0]["levers"])
    lines = row(w("levers"), [w("most_seen")], LEVER + LEVER_CELLS[0], LEVER_CELLS[1:])
    for e in [e for e in x["enough"] if len(e["levers"]) == size][: SHOWN if size == 1 else 1]:
        if size > 1:
            lines += wrap(w("levers_2" if size == 2 else "levers_all",
                            times=plain(e["times"], w.lang),
                            chance=chance(e["chances"]["absorbed"])))
        for k in e["levers"]:
            lines += _lever(x["levers"][k], e["times"], w)
    return lines


def _lever(about: dict[str, Any], times: float, w: Words) -> list[str]:
    unit, most = about["unit"], about["most"]
    change = w("times", n=plain(times, w.lang))
    if known(unit):
        needed = about["value"] * times
        if unit == "ratio":
            needed = min(needed, 1.0)  # there is no more than all of it
        change = between(about["value"], needed, unit, w, "->")
    record = "" if most is None else w("seen", n=seen(most, w), year=most["date"][:4])
    return row(f"  {about['title'][w.lang]}", [change, record], LEVER, LEVER_CELLS)


def seen(most: dict[str, Any], w: Words) -> str:
    """The most ever seen, without the words of a unit that stands beside it."""
    scale, tail = _unit(most["value"], most["unit"], w)
    short = tail.split(" ")[0] if most["unit"].startswith(("ratio", "USD")) else ""
    return f"{_figures(most['value'] / scale, w)} {short}".rstrip()


def drivers(a: dict[str, Any], w: Words) -> list[str]:
    """The numbers that move the answer most, from their low to their high end."""
    moved = [d for d in a.get("drivers", ())
             if abs(d["absorbed"]) > 1e9 or abs(d["worth"]) > 0.005][:SHOWN]
    if not moved:
        return []
    lines = row(w("drivers"), [w("driver_absorbed"), w("driver_returned")], DRIVER, DRIVER_CELLS)
    wide = max(len(d["key"]) for d in moved)
    for d in moved:
        cells = [error(d["absorbed"] / 1e9, d["absorbed_se"] / 1e9, w.lang, 0, signed=True),
                 error(100 * d["worth"], 100 * d["worth_se"], w.lang, 1, signed=True)]
        about = f"{w('kind_' + d['kind'])}, {range_text(d, w)}"
        label = f"  {d['key']:<{wide}}  {about}"
        if len(label) > DRIVER:
            lines.append(f"  {d['key']}")
            label = f"    {about}"
        lines += row(label, cells, DRIVER, DRIVER_CELLS)
    return lines


def range_text(d: dict[str, Any], w: Words) -> str:
    """From low to high; a number that changes over time moves by a factor."""
    if d["series"]:
        return w("times", n=f"{_figures(d['low'], w)} {w('to')} {_figures(d['high'], w)}")
    return between(d["low"], d["high"], d["unit"], w, w("to"))


