"""What would have to be true: each change as a multiple of today, beside the most ever seen."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..levers import between, known, seen
from ..numbers import plain
from ..words import Words
from .svg import Canvas, Log, width


def levers(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """A line a lever, from one times today to what is needed; None where no change was enough."""
    x = a.get("levers")
    if not x or not x["enough"] or a["absorbed"]["chance"] >= 0.5:
        return None
    size = len(x["enough"][0]["levers"])
    sets = [e for e in x["enough"] if len(e["levers"]) == size][: 5 if size == 1 else 1]
    rows = [(k, e["times"]) for e in sets for k in e["levers"]]
    row, drop = (50, 0.0) if wide > 500 else (68, 18.0)  # a phone has no room for both on a line
    c = Canvas(key, wide, row * len(rows) + 30, w("levers_title"), w("levers_text"))
    past = [m["value"] / x["levers"][k]["value"] for k, _ in rows
            if (m := x["levers"][k]["most"]) and x["levers"][k]["value"] > 0 and m["value"] > 0]
    scale = Log(min([0.8, *(0.85 * v for v in past)]), max(t for _, t in rows) * 1.15, 4.0,
                wide - 8.0)
    for v in scale.ticks(6):
        c.line(scale(v), 0, scale(v), row * len(rows), "grid")
        c.text(scale(v), row * len(rows) + 18, w("by_factor", n=plain(v, w.lang)), "tick", "middle")
    for i, (k, times) in enumerate(rows):
        about, y = x["levers"][k], row * i + 18.0
        c.text(4, y, about["title"][w.lang], "name")
        if drop:
            c.text(4, y + drop, _change(about, times, w), "value")
        else:
            c.text(wide - 4, y, _change(about, times, w), "value", "end")
        y += drop
        c.line(scale(1.0), y + 16, scale(times), y + 16, "span thin")
        c.dot(scale(1.0), y + 16, 4, "dot open")
        c.dot(scale(times), y + 16, 5, "dot stop")
        most = about["most"]
        if most and about["value"] > 0 and most["value"] > 0:
            at = scale(most["value"] / about["value"])
            c.line(at, y + 7, at, y + 25, "aim")
            text = w("lever_seen", n=seen(most, w), year=most["date"][:4])
            end = at + width(text, 12) + 8 > wide
            c.text(at - 5 if end else at + 5, y + 28, text, "tiny halo", "end" if end else "")
    return c.done()


def _change(about: dict[str, Any], times: float, w: Words) -> str:
    if not known(about["unit"]):
        return w("times", n=plain(times, w.lang))
    needed = about["value"] * times
    return between(about["value"], min(needed, 1.0) if about["unit"] == "ratio" else needed,
                   about["unit"], w, "\N{RIGHTWARDS ARROW}")
