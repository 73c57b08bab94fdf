"""Where the money stops: pledge, raisable, spendable, absorbed; and the three tests."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..glossary import definition
from ..numbers import ENDLESS, chance, fixed, percent, pledge, usd_beside, usd_span
from ..words import Words
from .svg import Canvas, Linear

ROW = 58


def ledger(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """Bars from nought, a whisker for 90 % of futures."""
    rows = [("pledge", {"median": a["pledge"]}),
            *((k, a[k]) for k in ("raisable", "spendable", "absorbed"))]
    top = max(a["pledge"], *(s["p95"] for _, s in rows[1:] if s["p95"] < ENDLESS)) * 1.02
    c = Canvas(key, wide, ROW * len(rows) + 6, w("ledger_title"), w("ledger_text"))
    x = Linear(0.0, top, 0.0, wide - 12.0)
    for i, (name, s) in enumerate(rows):
        y = ROW * i + 16.0
        endless = s["median"] > ENDLESS
        value = (w("endless") if endless else pledge(s["median"], w.lang) if name == "pledge"
                 else f"{usd_beside(s['median'], s['p5'], s['p95'], w.lang)} "
                      f"({usd_span(s['p5'], s['p95'], w.lang)})")
        c.text(0, y, w(name), "name", tip=definition(name, w.lang))
        c.text(wide - 1, y, value, "value", "end")
        end = x(top if endless else s["median"])
        c.box(0, y + 8, end, 20, "bar pledge" if name == "pledge" else "bar", rx=1.0)
        if "p5" in s and not endless:
            c.whisker(x(s["p5"]), x(s["p95"]), y + 18)
    return c.done()


def tests(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """A line a test: median, 90 % of futures, and what would have to be reached."""
    t, d, r = a["thresholds"], a["delivered"], a["returned"]
    promise, sum_ = max(d["promise"], 1e-9), max(a["pledge"], 1.0)
    rows = [
        ("absorbed", [a["absorbed"][k] / sum_ for k in ("p5", "median", "p95")], t["absorbed"],
         percent(t["absorbed"], w.lang), a["absorbed"]["chance"], 1.0),
        ("delivered", [d[k] / promise for k in ("p5", "median", "p95")], t["delivered"],
         percent(t["delivered"], w.lang), d["chance"], 1.0),
        ("returned", [r[k] for k in ("p5", "median", "p95")], 1.0,
         w("dollars", x=fixed(1.0, 0, w.lang)), r["chance"], max(1.5, r["p95"]))]
    c = Canvas(key, wide, ROW * (len(rows) + 1) + 6, w("tests_title"), w("tests_text"))
    c.text(wide - 1, 16, w("chance"), "name", "end")
    c.text(0, 16, w("tests_name"), "name")
    room = wide - 84.0
    for i, (name, (low, mid, high), aim, label, odds, top) in enumerate(rows):
        y = ROW * (i + 1) + 18.0
        x = Linear(0.0, max(top, 1.02 * aim), 6.0, room - 10.0)
        c.text(0, y - 14, w(name), "name", tip=definition(name, w.lang))
        c.line(6, y + 8, room - 10, y + 8)
        c.line(x(aim), y - 4, x(aim), y + 20, "aim")
        c.text(x(aim), y - 10, label, "note", "middle" if x(aim) < room - 30 else "end")
        c.line(x(low), y + 8, x(high), y + 8, "span")
        c.dot(x(mid), y + 8, 5)
        c.text(wide - 1, y + 13, chance(odds), "value", "end")
    return c.done()
