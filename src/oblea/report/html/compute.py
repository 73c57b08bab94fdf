"""Compute in service over time: the world without the plan, with history and others' forecasts; and
what the plan adds to it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..numbers import big
from ..words import Words
from .svg import Canvas, Linear, Log, apart, width

LEFT, TOP, HIGH = 60.0, 30.0, 270.0


def world(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """H100e in service without the plan, in steps of ten: 50, 80 and 95 % of futures."""
    p = a["pictures"]
    fan, dates, first = p["compute"]["without"], p["date"], p["first"]
    right = wide - 12.0
    shown = [i for i, d in enumerate(dates) if d >= first]
    low = min([v for _, v in p["history"]] or [fan[0][shown[0]]])
    top = max(max(fan[-1]), *(v for f in p["forecasts"] for _, v in f["points"]), 1.0)
    c = Canvas(key, wide, HIGH + 36, w("world_title"), w("world_text"))
    start = p["history"][0][0] if p["history"] else dates[0]
    x, y = Linear(start, dates[-1], LEFT, right), Log(low * 0.9, top * 1.1, HIGH, TOP)
    _axes(c, w, x, y, wide)
    for lower, upper in ((0, 6), (1, 5), (2, 4)):
        c.area([(x(dates[i]), y(fan[upper][i])) for i in shown],
               [(x(dates[i]), y(fan[lower][i])) for i in shown], "fan grey")
    c.path([(x(d), y(v)) for d, v in zip(dates, fan[3], strict=True) if d >= first], "median grey")
    c.path([(x(d), y(v)) for d, v in zip(dates, fan[3], strict=True) if d <= first + 0.01],
           "median grey thin")
    c.path([(x(d), y(v)) for d, v in p["history"]], "ink")
    labels = [(x(f["points"][-1][0]), y(f["points"][-1][1]), f["title"][w.lang])
              for f in p["forecasts"]]
    for f in p["forecasts"]:
        c.path([(x(d), y(v)) for d, v in f["points"]], "other")
    places = apart([at for _, at, _ in labels], 16, TOP + 4, HIGH - 8)
    for (px, _, name), at in zip(labels, places, strict=True):
        fits = px + width(name, 12) + 6 < right
        c.text(px + 5 if fits else px - 5, at + (4 if fits else -6), name, "note halo",
               "" if fits else "end")
    if p["history"]:
        d, v = p["history"][-1]
        c.text(x(d) + 6, y(v) + 14, w("history"), "note strong")
    return c.done()


def added(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """The programme's own H100e in service, and how many the world would not have without it."""
    p = a["pictures"]
    own, more, dates = p["compute"]["programme"], p["compute"]["additional"], p["date"]
    shown = [i for i, d in enumerate(dates) if d >= p["first"]]
    top = max(own[5][i] for i in shown) * 1.05 or 1.0
    c = Canvas(key, wide, HIGH + 36, w("added_title"), w("added_text"))
    right = wide - 12.0
    x, y = Linear(p["first"], dates[-1], LEFT, right), Linear(0.0, top, HIGH, TOP)
    _axes(c, w, x, y, wide)
    for fan, cls in ((own, "fan"), (more, "fan second")):
        c.area([(x(dates[i]), y(fan[5][i])) for i in shown],
               [(x(dates[i]), y(fan[1][i])) for i in shown], cls)
    for fan, cls in ((own, "median"), (more, "median second")):
        c.path([(x(dates[i]), y(fan[3][i])) for i in shown], cls)
    ends = [y(own[3][shown[-1]]), y(more[3][shown[-1]])]
    places = apart([e - 8 for e in ends], 18, TOP + 10, HIGH - 6)
    for name, at, cls in (("programme", places[0], "accent"), ("additional", places[1], "second")):
        c.text(right, at, w(name), f"note {cls}", "end")
    return c.done()


def _axes(c: Canvas, w: Words, x: Linear, y: Linear | Log, wide: int) -> None:
    for v in y.ticks(6):
        c.line(LEFT, y(v), wide - 12, y(v), "grid")
        c.text(LEFT - 6, y(v) + 4, big(v, w.lang), "tick", "end")
    for v in x.ticks(8 if wide > 400 else 5):
        c.line(x(v), HIGH, x(v), HIGH + 4)
        c.text(x(v), HIGH + 18, f"{v:.0f}", "tick", "middle")
    c.line(LEFT, HIGH, wide - 12, HIGH)
    c.text(0, 14, w("unit_h100e"), "note")
