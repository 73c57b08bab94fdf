"""A claimed number against what was known: holds, partly, out of date, a factor, a scale fault."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

from ..evidence._known import last_day
from .quantities import Point, Quantity

SCALE_FAULTS = (1e3, 1e6, 1e-3, 1e-6)
SCALE_SLACK = 0.3  # a number that is off by a thousand is seldom right to the digit
PARTLY = 3.0  # tolerances within which a number is still about right: a judgement


@dataclass(frozen=True)
class Verdict:
    """code: holds, partly, factor, scale, outdated or unknown (no fact by then).

    factor: claimed over the nearest end of the range; since: the day from which it no longer
    held; point: what decides; caveat: whether a number that holds leaves something out.
    """

    code: str
    factor: float | None = None
    since: str | None = None
    point: Point | None = None
    caveat: bool = False


def factor(value: float, high: float | None, comparator: str, p: Point) -> float:
    """Claimed over known, 1 where the claim is within the range.

    at least v: the known number is v or more; at most v: v or less. The top of a claimed range
    counts for a number below it.

    >>> p = Point(100.0, 90.0, 110.0, "2024", "2024", ())
    >>> factor(95.0, None, "about", p), factor(220.0, None, "about", p)
    (1.0, 2.0)
    >>> factor(50.0, None, "at least", p), factor(50.0, 200.0, "about", p)
    (1.0, 1.0)
    """
    low_claim, high_claim = value, value if high is None else high
    if low_claim > p.high:
        if comparator == "at most":
            return 1.0
        return low_claim / p.high if p.high > 0 else inf
    if high_claim < p.low:
        return 1.0 if comparator == "at least" else high_claim / p.low
    return 1.0


def _code(value: float, high: float | None, comparator: str, p: Point, tolerance: float) -> str:
    f = factor(value, high, comparator, p)
    off = abs(log(f)) if 0 < f < inf else inf
    if off <= log(1.0 + tolerance):
        return "holds"
    # Over the end of a range or its middle: a slip is made from the number that was read.
    ratios = [f] + ([value / p.value] if p.value > 0 else [])
    if off < inf and any(abs(log(x / s)) <= log(1.0 + SCALE_SLACK)
                         for x in ratios for s in SCALE_FAULTS):
        return "scale"
    return "partly" if off <= PARTLY * log(1.0 + tolerance) else "factor"


def judge(q: Quantity, found: list[Point], value: float, high: float | None = None,
          comparator: str = "about", caveat: bool = False) -> Verdict:
    """The verdict against points in the order of time, the last being what is known.

    caveat: the claim lacks what the quantity says must be said beside it.

    >>> from oblea.evidence import load
    >>> from oblea.claims.quantities import points, quantities
    >>> q = quantities()["taiwan_share"]
    >>> judge(q, points(q, load()), 92.0).code, judge(q, points(q, load()), 30.0).code
    ('outdated', 'factor')
    """
    if not found:
        return Verdict("unknown")
    if value <= 0:
        return Verdict("factor", 0.0, None, found[-1])
    if q.spec.get("nearest"):
        # One of several sums is meant: the nearest.
        found = [min(found, key=lambda p: abs(log(factor(value, high, comparator, p))))]
    codes = [_code(value, high, comparator, p, q.tolerance) for p in found]
    last = found[-1]
    f = factor(value, high, comparator, last)
    if codes[-1] == "holds":
        return Verdict("partly" if caveat else "holds", f, None, last, caveat)
    held = [i for i, c in enumerate(codes) if c == "holds"]
    # In a dated series each year has its own number: an old one is out of date, not wrong.
    if held and len(found) > 1:
        after = found[held[-1] + 1]
        return Verdict("outdated", f, last_day(after.known), last)
    if codes[-1] == "factor" and "scale" in codes:  # an older number, and a wrong scale besides
        i = len(codes) - 1 - codes[::-1].index("scale")
        return Verdict("scale", factor(value, high, comparator, found[i]), None, found[i])
    return Verdict(codes[-1], f, None, last)
