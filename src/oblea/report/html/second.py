"""The second page's pictures: what was shortest when, who pays whom, what a dollar came to, the
price of compute, what the plan takes of order books."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..gap import most_often
from ..numbers import big, billions, fixed, percent, pledge
from ..words import Words
from .svg import Canvas, Linear, apart, width


def calendar(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """A row a limit, a cell a year: the share of futures in which it was shortest."""
    found = [x for x in most_often(a, w) if x[2] > 0.005][:8]
    if not found:
        return None
    left = 12 + max(width(title) for _, title, _ in found)
    cell, years = (wide - left) / len(a["binds"]), a["binds"]
    c = Canvas(key, wide, 26 * len(found) + 26, w("calendar_title"), w("calendar_text"))
    for i, y in enumerate(years):
        if wide > 500 or i % 3 == 0:
            c.text(left + cell * (i + 0.5), 14, str(y["year"]), "tick", "middle")
    for j, (limit, title, _) in enumerate(found):
        top = 22.0 + 26 * j
        c.text(0, top + 16, title, "tick")
        for i, y in enumerate(years):
            s = next((x["share"] for x in y["limits"] if x["key"] == limit), 0.0)
            c.box(left + cell * i + 1, top + 1, cell - 2, 23, "cell", 0.0 if s < 0.005 else
                  0.1 + 0.75 * s)
            c.box(left + cell * i + 1, top + 1, cell - 2, 23, "edge")
            if s >= 0.005 and wide > 500:
                c.text(left + cell * (i + 0.5), top + 17, f"{100 * s:.0f}", "tiny on-cell",
                       "middle")
    return c.done()


def flow(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """Money from those who pay in to those who are paid: bands as thick as the sums."""
    payers = [(f["title"][w.lang], f["paid"]) for f in a.get("funders", ()) if f["paid"] > 0]
    own = a["capital"]["recycled"]
    payers += [(w("flow_own"), own)] if own > 0 else []
    paid = [(r["title"][w.lang] if r["title"] else w("receiver_" + r["key"]), r["usd"])
            for r in a.get("receivers", ()) if r["usd"] > 0]
    if not payers or not paid:
        return None
    payers.sort(key=lambda p: -p[1])
    paid.sort(key=lambda p: -p[1])
    total = max(sum(v for _, v in payers), sum(v for _, v in paid))
    n = max(len(payers), len(paid))
    gap, high = 16.0, 260.0
    c = Canvas(key, wide, high + gap * n + 20, w("flow_title"), w("flow_text"))
    middle = wide / 2
    left, right = (12 + max(width(f"{k} {billions(v, w.lang)}") for k, v in rows)
                   for rows in (payers, paid))
    sides = ((payers, 0.0, left, middle - 7), (paid, wide, wide - right, middle + 7))
    for side, (rows, edge, inner, centre) in enumerate(sides):
        at, to = 10.0, 10.0 + gap * n / 2
        tops = []
        for _, v in rows:
            tops.append(at)
            at += high * v / total + gap
        labels = apart([t + high * v / total / 2 + 4 for t, (_, v) in zip(tops, rows, strict=True)],
                       17, 14, high + gap * n + 14)
        for (name, v), top, label in zip(rows, tops, labels, strict=True):
            thick = max(high * v / total, 0.8)
            half = (inner + centre) / 2
            d = (f"M{inner} {top:.1f}C{half} {top:.1f} {half} {to:.1f} {centre} {to:.1f}"
                 f"L{centre} {to + thick:.1f}C{half} {to + thick:.1f} {half} {top + thick:.1f} "
                 f"{inner} {top + thick:.1f}Z")
            c.add("path", d=d, cls="band" if side == 0 else "band out")
            text = f"{name} {billions(v, w.lang)}"
            c.text(edge, label, text, "tick", "end" if side else "")
            to += high * v / total
    c.box(middle - 7, 10 + gap * n / 2, 14, high, "bar pledge")
    return c.done()


def worth(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """Futures by what a dollar spent is worth."""
    h = a["pictures"]["worth"]
    if h is None:
        return None
    high, top = 190.0, max(h["share"])
    c = Canvas(key, wide, high + 24, w("worth_title"), w("worth_text"))
    x = Linear(h["edges"][0], h["edges"][-1], 42.0, wide - 12.0)
    y = Linear(0.0, top * 1.1, high, 12.0)
    for v in y.ticks(4):
        c.line(42, y(v), wide - 12, y(v), "grid")
        c.text(38, y(v) + 4, percent(v, w.lang) if v else "0", "tick", "end")
    for low, up, s in zip(h["edges"], h["edges"][1:], h["share"], strict=False):
        c.box(x(low) + 0.5, y(s), x(up) - x(low) - 1, high - y(s), "bar" if low >= 0.999 else
              "bar stop")
    for v in x.ticks(7):
        c.text(x(v), high + 17, fixed(v, 1, w.lang), "tick", "middle")
    if h["edges"][0] < 1.0 < h["edges"][-1]:
        c.line(x(1.0), 8, x(1.0), high, "aim")
    return c.done()


def price(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup:
    """Price of compute over its full cost, median and 90 % of futures."""
    m, p = a["market"], a["pictures"]
    n, high = len(p["date"]), 190.0
    low, mid, up = (m["over_cost"][k][:n] for k in ("p5", "median", "p95"))
    c = Canvas(key, wide, high + 24, w("price_title"), w("price_text"))
    x = Linear(p["date"][0], p["date"][-1], 34.0, wide - 12.0)
    y = Linear(0.0, max(up) * 1.05, high, 10.0)
    for v in y.ticks(5):
        c.line(34, y(v), wide - 12, y(v), "grid")
        c.text(28, y(v) + 4, fixed(v, 1, w.lang), "tick", "end")
    for v in x.ticks(7 if wide > 400 else 5):
        c.text(x(v), high + 17, f"{v:.0f}", "tick", "middle")
    points = lambda s: [(x(d), y(v)) for d, v in zip(p["date"], s, strict=True)]  # noqa: E731
    c.area(points(up), points(low), "fan")
    c.path(points(mid), "median")
    c.line(34, y(1.0), wide - 12, y(1.0), "aim")
    return c.done()


def books(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """The most of a year's world supply of each pool that the plan takes."""
    found = sorted(((k, v) for k, v in a["shares_taken"].items() if v >= 0.001),
                   key=lambda kv: -kv[1])
    if not found:
        return None
    titles = a["pool_titles"]
    c = Canvas(key, wide, 26 * len(found) + 6, w("books_title"), w("books_text"))
    left = 12 + max(width(titles[k][w.lang]) for k, _ in found)
    x = Linear(0.0, max(v for _, v in found), 0.0, wide - left - 60)
    for i, (k, v) in enumerate(found):
        c.text(0, 26 * i + 18, titles[k][w.lang], "tick")
        c.box(left, 26 * i + 6, x(v), 15, "bar")
        c.text(left + x(v) + 6, 26 * i + 18, percent(v, w.lang), "value")
    return c.done()


def revenue_needed(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """What a gigawatt earns and would have to, beside signed contracts: bn dollars a year."""
    n = a.get("needed")
    if not n:
        return None
    rows = [(w("needed_earned"), n["earned"]), (w("needed_needed"), n["needed"])]
    top = max([s["p95"] for _, s in rows] + [c["facility"] for c in n["contracts"]]) * 1.05
    c = Canvas(key, wide, 40 * (len(rows) + 1) + 26, w("needed_title"), w("needed_text"))
    x = Linear(0.0, top, 6.0, wide - 12.0)
    base = 40.0 * (len(rows) + 1)
    for v in x.ticks(6):
        c.line(x(v), 4, x(v), base, "grid")
        c.text(x(v), base + 18, pledge(v, w.lang) if v else "0", "tick", "middle")
    for i, (name, s) in enumerate(rows):
        y = 40.0 * i + 30
        c.text(6, y - 12, name, "name")
        c.line(x(s["p5"]), y, x(s["p95"]), y, "span")
        c.dot(x(s["median"]), y, 5)
    y = 40.0 * len(rows) + 30
    c.text(6, y - 12, w("needed_contracts"), "name")
    for contract in n["contracts"]:
        c.dot(x(contract["facility"]), y, 4, "dot open")
    return c.done()


def regions(a: dict[str, Any], w: Words, wide: int, key: str) -> Markup | None:
    """The programme's halls (or leading-edge fabs) by region, and its share of everyone's."""
    if "regions" not in a:
        return None
    what = "wafers" if a["aim"] == "fabs" else "gw"
    found = sorted((r for r in a["regions"]["rows"] if r[what] > 0), key=lambda r: -r[what])
    if not found:
        return None
    c = Canvas(key, wide, 26 * len(found) + 6, w("regions_title"), w("regions_text"))
    left = 12 + max(width(r["title"][w.lang]) for r in found)
    x = Linear(0.0, found[0][what], 0.0, wide - left - 130)
    for i, r in enumerate(found):
        c.text(0, 26 * i + 18, r["title"][w.lang], "tick")
        c.box(left, 26 * i + 6, x(r[what]), 15, "bar")
        amount = (f"{fixed(r[what], 1, w.lang)} GW" if what == "gw" else big(r[what], w.lang))
        c.text(left + x(r[what]) + 6, 26 * i + 18,
               f"{amount} · {percent(r[what] / r[what + '_all'], w.lang)}", "value")
    return c.done()
