"""The answer as one sentence, and the industry's: for reports, notebooks and pictures to share."""

from __future__ import annotations

import re
from typing import Any

from .numbers import (
    big,
    billion,
    chance,
    fixed,
    plain,
    pledge,
    span,
    trillion,
    usd_beside,
    usd_span,
)
from .words import Words


def venture(a: dict[str, Any], w: Words) -> str:
    """What one venture would absorb, deliver and return, and how often it passes all tests; empty
    for a world without a plan."""
    if "verdict" not in a:
        return ""
    s, d, r = a["absorbed"], a["delivered"], a["returned"]
    joint = a["verdict"]["joint"]
    unit = "wafers" if d["unit"] == "wspm" else "gw"
    amount = (lambda x: big(x, w.lang)) if unit == "wafers" else (lambda x: fixed(x, 1, w.lang))
    promise = big(d["promise"], w.lang) if unit == "wafers" else plain(d["promise"], w.lang)
    return w(f"sentence_{unit}", pledge=said(pledge(a["pledge"], w.lang), w),
             absorbed=said(usd_beside(s["median"], s["p5"], s["p95"], w.lang), w),
             span=said(usd_span(s["p5"], s["p95"], w.lang), w, bare=True), last=a["last_year"],
             delivered=amount(d["median"]), promise=promise,
             returned=w("dollars", x=fixed(r["median"], 2, w.lang)),
             chance=w("under_one") if joint < 0.005 else w("of_futures", share=chance(joint)),
             word=w(f"word_{a['verdict']['word']}"))


def industry(a: dict[str, Any], w: Words) -> str:
    """When the world spends the same sum without the plan; empty where it does not by then."""
    if not a.get("industry"):
        return ""
    y = a["industry"]["year"]
    years = "" if y["p5"] == y["p95"] else f" ({span(str(y['p5']), str(y['p95']), w.lang)})"
    return w("sentence_industry", pledge=said(pledge(a["pledge"], w.lang), w), year=y["p50"],
             span=years)


def said(sum_: str, w: Words, bare: bool = False) -> str:
    """A sum as it is said, from its short form; bare: without the word for dollars.

    >>> said("7 T", Words("en")), said("1 B", Words("es")), said("430 bn-1.9 T", Words("en"), True)
    ('7 trillion dollars', '1 billón de dólares', '430 billion-1.9 trillion')
    """
    for short, key in ((trillion(w.lang), "trillion"), (billion(w.lang), "billion")):
        one = key == "trillion" and sum_ == f"1 {short}"
        sum_ = re.sub(rf" {short}\b", f" {w('one_billon' if one else key)}", sum_)
    return sum_ if bare else w("of_dollars", sum=sum_)
