"""The assumptions that move the answer most: a bar from the low to the high end of each."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..levers import range_text
from ..numbers import error
from ..words import Words
from .svg import Canvas, Linear

SHOWN = 3


def rows(a: dict[str, Any], w: Words) -> list[dict[str, Any]]:
    """The first few, each with its range, grade and source, and what it moves."""
    moved = [d for d in a.get("drivers", ()) if abs(d["absorbed"]) > 1e9 or abs(d["worth"]) > 0.005]
    shown = moved[:SHOWN]
    if not shown:
        return []
    most = max(abs(d["absorbed"]) for d in shown), max(abs(d["worth"]) for d in shown)
    return [{"key": d["key"], "range": range_text(d, w), "kind": w("kind_" + d["kind"]),
             "source": d["source"], "more": max(len(d["facts"]) - 1, 0),
             "absorbed": f"{error(d['absorbed'] / 1e9, d['absorbed_se'] / 1e9, w.lang, 0, True)}",
             "worth": f"{error(100 * d['worth'], 100 * d['worth_se'], w.lang, 1, True)}",
             "bars": (_bar(d, "absorbed", most[0], i, w), _bar(d, "worth", most[1], i, w))}
            for i, d in enumerate(shown)]


def _bar(d: dict[str, Any], what: str, most: float, i: int, w: Words) -> Markup:
    c = Canvas(f"driver-{what}-{i}", 150, 18, d["key"], w("driver_bar"))
    x = Linear(-most, most, 1.0, 149.0)
    low, high = sorted((x(0.0), x(d[what])))
    c.box(low, 3, high - low, 12, "bar" if d[what] >= 0 else "bar stop")
    c.line(x(0.0), 0, x(0.0), 18)
    return c.done("bar-only")
