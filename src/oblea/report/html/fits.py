"""How much fits: absorbed against pledged, both in steps of ten, with where odds are even."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..numbers import pledge, usd
from ..words import Words
from .svg import Canvas, Log, apart, width

LEFT, TOP, RIGHT = 78.0, 24.0, 16.0
LETTERS = "ABCDEFGH"
TESTS = ("absorbed", "delivered", "returned", "joint")


def fits(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """Median and 90 % of futures by pledge; the diagonal is all of it; below, even odds by test."""
    rows = a["fits"]["rows"]
    high, plans = (270.0 if wide < 500 else 330.0), _plans(a, w)
    key_lines = 18 * (len(plans) + 1) if wide < 500 else 0
    c = Canvas(key, wide, high + 50 + 22 * (len(TESTS) + 1) + key_lines, w("fits_title"),
               w("fits_text"))
    least, most = rows[0]["pledge"], rows[-1]["pledge"]
    x = Log(least, most, LEFT, wide - RIGHT)
    y = Log(least / 2, most, high, TOP)
    for v in y.ticks():
        c.line(LEFT, y(v), wide - RIGHT, y(v), "grid")
        c.text(LEFT - 8, y(v) + 4, pledge(v, w.lang), "tick", "end")
    for v in x.ticks(9 if wide > 500 else 5):
        c.line(x(v), high, x(v), high + 4)
        c.text(x(v), high + 18, pledge(v, w.lang), "tick", "middle")
    c.line(LEFT, high, wide - RIGHT, high)
    c.text(wide - RIGHT, high + 34, w("fits_x"), "note", "end")
    c.text(LEFT, 12, w("fits_y"), "note")
    fan = lambda k: [(x(r["pledge"]), y(r["absorbed"][k])) for r in rows]  # noqa: E731
    c.path([(x(least), y(least)), (x(most), y(most))], "diagonal")
    middle = (least * most) ** 0.5
    c.text(x(middle) - 8, y(middle) - 8, w("fits_all"), "note", "end")
    c.area(fan("p95"), fan("p5"), "fan")
    c.path(fan("median"), "median")
    at = rows[len(rows) // 2]
    c.text(x(at["pledge"]), y(at["absorbed"]["median"]) + 18, w("median"), "accent")
    _dots(plans, c, x, y, wide)
    below = high + 52
    if key_lines:
        for i, (name, _, _) in enumerate(plans):
            c.text(0, below + 18 * i, f"{LETTERS[i]}  {name}", "tick")
        below += key_lines
    _even(a, w, c, x, below, wide)
    return c.done()


def _plans(a: dict[str, Any], w: Words) -> list[tuple[str, float, float]]:
    """This plan and others of its kind: name and what is absorbed, pledge, median absorbed."""
    plans = [(a["title"][w.lang], a["pledge"], a["absorbed"]["median"]),
             *((o["title"][w.lang], o["pledge"], o["absorbed"]) for o in a["others"])]
    return [(f"{name}: {usd(x, w.lang)}", sum_, x) for name, sum_, x in plans]


def _dots(plans: list[tuple[str, float, float]], c: Canvas, x: Log, y: Log, wide: int) -> None:
    """A dot a plan with its name, or where there is no room with a letter."""
    if wide < 500:
        plans = [(LETTERS[i], sum_, value) for i, (_, sum_, value) in enumerate(plans)]
        at = [x(sum_) + (14 if i % 2 else -12) for i, (_, sum_, _) in enumerate(plans)]
        for (name, _, value), px in zip(plans, at, strict=True):
            c.text(px, y(value) + 5, name, "label halo", "middle")
        for _, sum_, value in plans:
            c.dot(x(sum_), y(value), 4.5, "dot plan")
        return
    top = max(v for _, _, v in plans)  # the name of the highest stands above its dot
    places = apart([y(v) + (-10 if v == top else 20) for _, _, v in plans], 16, TOP + 20,
                   y(y.low) - 6)
    for (name, sum_, _), at in zip(plans, places, strict=True):
        half = width(name) / 2
        c.text(min(max(x(sum_), LEFT + half), wide - RIGHT - half), at, name, "label halo",
               "middle")
    for _, sum_, value in plans:
        c.dot(x(sum_), y(value), 4.5, "dot plan")


def _even(a: dict[str, Any], w: Words, c: Canvas, x: Log, top: float, wide: int) -> None:
    """A line a test: the pledges at which odds are even or better."""
    c.text(0, top + 4, w("fits_even"), "note")
    for i, test in enumerate(TESTS):
        y = top + 22 * (i + 1)
        c.line(LEFT, y, wide - RIGHT, y, "grid")
        even = a["fits"]["even"][test]
        c.text(0, y + 4, w(test), "tick")
        if even is None:
            c.text(LEFT + 30, y + 4, w("fits_none"), "note")
            continue
        c.line(x(even["low"]), y, max(x(even["high"]), x(even["low"]) + 3), y, "span")
        c.text(x(even["high"]) + 8, y + 4, pledge(even["high"], w.lang), "tick")
