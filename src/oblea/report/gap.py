"""What stops the rest: the parts of the gap, and the years in which each was shortest."""

from __future__ import annotations

from typing import Any

from .numbers import billion, chance, fixed, trillion
from .text import WIDTH, inline, listed, wrap
from .words import Words

BLOCKS, DIGITS = " ░▒▓█", "0123456789"
LABEL, PART, ALONE = 36, 9, 9


def gap(a: dict[str, Any], w: Words, blocks: bool = True) -> list[str]:
    """Parts by size with their strips, and how to read them."""
    g = a.get("gap")
    if not g or g["gap"] < 0.005 * a["pledge"]:
        return []
    scale, places, unit = _table(a, w)
    years = f"{a['first_year']}-{a['last_year']}"
    title = w("gap", sum=f"{fixed(g['gap'] / scale, places, w.lang)} {unit}")
    wide = max(len(years), *(len(p["strip"]) for p in g["parts"]))
    lines = [f"{title:<{LABEL + PART}}{w('by_itself'):>{ALONE}}  {years:<{wide}}  {w('post')}"]
    shown = sorted((p for p in g["parts"] if p["modelled"] and p["part"] > 0),
                   key=lambda p: -p["part"])
    for p in shown:
        cells = [part_text(a, p[k], w) for k in ("part", "alone")]
        lines.append(f"  {w('group_' + p['key']):<{LABEL - 2}}{cells[0]:>{PART}}"
                     f"{cells[1]:>{ALONE}}  {strip(p['strip'], blocks):<{wide}}  "
                     f"{_named(p, w)}")
    absent = [p["key"] for p in g["parts"] if not p["modelled"]]
    return [*lines, *_notes(a, w, blocks, absent)]


def _table(a: dict[str, Any], w: Words) -> tuple[float, int, str]:
    """What the gap's sums are divided by, their decimals and their unit."""
    return ((1e12, 2, trillion(w.lang)) if a["gap"]["gap"] >= 1e12 else (1e9, 0, billion(w.lang)))


def part_text(a: dict[str, Any], x: float, w: Words) -> str:
    """A sum in the table's unit; what would round to nothing is said to be less than its digit."""
    scale, places, unit = _table(a, w)
    digit = 10.0 ** -places
    if abs(x) / scale < 0.5 * digit:
        return f"< {fixed(digit, places, w.lang)} {unit}"
    return f"{fixed(x / scale, places, w.lang)} {unit}"


def _notes(a: dict[str, Any], w: Words, blocks: bool, absent: list[str]) -> list[str]:
    lines = wrap(w("strip_blocks" if blocks else "strip_digits"))
    g = a["gap"]
    most = max(p["se"] for p in g["parts"])
    lines += wrap(" ".join([
        w("alone", error=part_text(a, most, w), moved=part_text(a, g["interaction"], w)),
        *(w("no_row", name=w("group_" + k), what=w("named_" + k)) for k in absent)]))
    most = [f"{inline(title)} {chance(share)}" for _, title, share in most_often(a, w)
            if share >= 0.005]
    return lines + listed([f"{w('shortest')} {most[0]}", *most[1:4]]) if most else lines


def _named(p: dict[str, Any], w: Words) -> str:
    """Whether the post of 2024 named it, and as what where it named a part."""
    if not p["named"]:
        return w("unnamed")
    return w(f"named_{p['key']}" if p["key"] in ("supply", "operator") else "named")


def strip(shares: list[float], blocks: bool = True) -> str:
    """A character a year by share of futures.

    >>> strip([0.0, 0.2, 0.3, 0.6, 1.0]), strip([0.0, 0.26, 1.0], blocks=False)
    (' ░▒▓█', '029')
    """
    if not any(shares):
        return ""
    if blocks:
        return "".join(BLOCKS[0 if s < 0.005 else min(int(4 * s) + 1, 4)] for s in shares)
    return "".join(DIGITS[min(int(10 * s), 9)] for s in shares)


def most_often(a: dict[str, Any], w: Words) -> list[tuple[str, str, float]]:
    """Limits by how often they were shortest over the term."""
    total: dict[str, float] = {}
    titles = {}
    for y in a.get("binds", ()):
        for x in y["limits"]:
            total[x["key"]] = total.get(x["key"], 0.0) + x["share"] / len(a["binds"])
            titles[x["key"]] = x["title"][w.lang]
    return [(k, titles[k], total[k]) for k in sorted(total, key=lambda k: -total[k])]


def calendar(a: dict[str, Any], w: Words) -> list[str]:
    """Where the gap was not split: what was shortest by year, per cent of futures."""
    shown = [x for x in most_often(a, w) if x[2] > 0.005][:6]
    if "gap" in a or not shown:
        return []
    years = a["binds"][: (WIDTH - 40) // 4]
    lines = [f"{w('binds'):<40}" + "".join(f"{str(y['year'])[2:]:>4}" for y in years)]
    for key, title, _ in shown:
        cells = []
        for y in years:
            share = next((x["share"] for x in y["limits"] if x["key"] == key), 0.0)
            cells.append("" if share == 0 else "<1" if share < 0.01 else f"{100 * share:.0f}")
        lines.append((f"  {title:<38}" + "".join(f"{c:>4}" for c in cells)).rstrip())
    return lines
