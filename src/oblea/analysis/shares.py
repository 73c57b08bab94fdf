"""How much of the spread of each verdict number comes from what is known how well.

Ranks of the outcome are drawn as a line through the ranks of all k numbers' draws, all of mean 0
and variance 1, so that the squared coefficient of a number is its share; of what noise alone gives
it is relieved:

    y = X b + e    s2 = e'e / (n - k - 1)    v = s2 diag((X'X)^-1)    share = b^2 - v

A grade's share is the sum over its numbers, with standard error sqrt(sum 4 b^2 v + 2 v^2). What is
left, one less the sum of all, is interaction, curvature and noise. Columns that are alike in pairs
by chance, as even columns are a little more than random ones, do not count twice, as squared
correlations would.

By hand: y = (x1 + x2) / 2^.5 gives each a half.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import units
from ..chain.values import in_base_dollars
from ..dates import ORIGIN
from ..uncertainty.draws import uniforms

if TYPE_CHECKING:
    from ..evidence import Fact
    from ..scenario import Number, Scenario
    from .paired import Array

GRADES = ("primary", "second-hand", "derived", "recalled", "assumption", "bare")
FIRST = 10
SLACK = 0.001  # of an end: ends are rounded
LEAST = 4  # futures for each number with a range, below which shares are too unsure
PLAN = "programme."  # what is asked, and not what is known,
KNOWN = {"programme.brings"}  # but for this


def grade_of(sc: Scenario, n: Number) -> str:
    """How a number is known: the grade of its fact, or its kind."""
    return sc.evidence.fact(n.facts[0]).grade if n.kind == "fact" else n.kind


def precedent(sc: Scenario, n: Number) -> str:
    """Where a number's range comes from: `fact` where values of the facts that it names reach both
    its ends, their own ends counting where a source tells them; `estimate` where it is a fit, or is
    a series whose `how` names one; `cited` where it names facts that do not reach its ends, or are
    in another unit, so that the ends are chosen; else `judgement`.

    A series is judged at its last point: its ends there against facts of that year, in its dollars.

    >>> from oblea.scenario import load
    >>> sc = load("seven-trillion")
    >>> [precedent(sc, sc.numbers[k]) for k in ("newcomer.share", "demand.capex",
    ...                                         "operations.upkeep", "response")]
    ['fact', 'estimate', 'cited', 'judgement']
    """
    from ..estimates import names
    from ..scenario.diff import text_at

    text = text_at(sc, n.key)
    if (isinstance(text, dict) and "estimate" in text) or (
            n.points is not None and set(re.findall(r"\w+", n.how or "")) & set(names())):
        return "estimate"
    if not n.facts:
        return "judgement"
    if n.low is None or n.high is None:
        return "cited"
    facts = [sc.evidence.fact(f) for f in n.facts]
    at, year = 1.0, None
    if n.points is not None:
        when, last = n.points[-1]
        year = str(ORIGIN + int(when // 4))
        at = last * in_base_dollars(sc, n.usd_years[-1])
        facts = [f for f in facts if f.date.startswith(year)]
    seen = [x * in_base_dollars(sc, int(year) if year and "USD" in f.unit else None)
            for f in facts for x in _ends(f, n.unit)]
    low, high = at * n.low, at * n.high
    spans = seen and min(seen) <= low + SLACK * abs(low) and max(seen) >= high - SLACK * abs(high)
    return "fact" if spans else "cited"


def _ends(f: Fact, unit: str) -> list[float]:
    """Value and ends of a fact in a unit, of a derived one the value alone, whose ends are our own;
    none where it measures something else."""
    told = (f.value,) if f.grade == "derived" else (f.low, f.value, f.high)
    try:
        return [units.convert(x, f.unit, unit) for x in told if x is not None]
    except units.UnitError:
        return []


def stand_in(sc: Scenario, ends: tuple[float, float] = (0.5, 2.0),
             only: Container[str] | None = None) -> dict[str, str]:
    """A range for each bare number, as text to lay over the scenario: from half to twice the value,
    or its own where that is wider. A number that nobody explained is not sure because nobody gave
    it a range. The terms of the plan itself are left out, and zero, which has no half.

    >>> from oblea.scenario import load
    >>> stand_in(load("seven-trillion", ("newcomer.share=20 %",)))
    {'newcomer.share': '{value: 0.2 ratio, low: 0.1 ratio, high: 0.4 ratio}'}
    """
    out = {}
    for key, n in sc.numbers.items():
        if n.kind != "bare" or (key.startswith(PLAN) and key not in KNOWN) or (
                only is not None and key not in only):
            continue
        mid = 1.0 if n.points is not None else n.value or 0.0
        wide = [x * mid for x in ends]
        low, high = (f(x for x in (*wide, own) if x is not None)
                     for f, own in ((min, n.low), (max, n.high)))
        if n.points is not None:
            out |= {f"{key}.low": f"{low:g}", f"{key}.high": f"{high:g}"}
        elif mid:
            out[key] = "{" + ", ".join(f"{k}: {x:g} {n.unit}" for k, x in (
                ("value", mid), ("low", low), ("high", high))) + "}"
    return out


def shares(sc: Scenario, seed: int, outcomes: dict[str, Array]) -> dict[str, Any]:
    """By outcome the share of each grade with its standard error and the rest; `bare`: the share of
    all bare numbers where it can be told from chance, else 0; `numbers`: the largest share of each;
    `first`: the numbers that matter most.

    Raises:
        ValueError: there are fewer than four times as many futures as numbers with a range.
    """
    keys = [k for k, n in sc.numbers.items() if n.shape != "fixed"]
    size = len(next(iter(outcomes.values())))
    if size < LEAST * len(keys):
        raise ValueError(f"{size} futures for {len(keys)} numbers; needed are {LEAST * len(keys)}")
    draws = np.stack([_standard(uniforms(seed, k, size)) for k in keys], 1)
    grades = np.array([grade_of(sc, sc.numbers[k]) for k in keys])
    out: dict[str, Any] = {"futures": size, "outcomes": {}}
    best: dict[str, float] = {}
    for name, x in outcomes.items():
        b, v = _line(draws, _standard(x) if x.std() > 0 else np.zeros(size))
        each = b**2 - v
        best = {k: max(best.get(k, -1.0), float(s)) for k, s in zip(keys, each, strict=True)}
        share = {g: float(each[grades == g].sum()) for g in GRADES}
        se = {g: float(np.sqrt((4 * b**2 * v + 2 * v**2)[grades == g].sum())) for g in GRADES}
        out["outcomes"][name] = {
            "grades": share, "rest": 1.0 - float(each.sum()), "se": se,
            "bare": share["bare"] if share["bare"] > 2.0 * se["bare"] else 0.0}
    out["numbers"] = best
    first = sorted(best, key=lambda k: -best[k])[:FIRST]
    out["first"] = [{"key": k, "share": best[k], "grade": grade_of(sc, sc.numbers[k]),
                     "range": precedent(sc, sc.numbers[k])} for k in first]
    return out


def _line(columns: Array, y: Array) -> tuple[Array, Array]:
    """Coefficients of y on standardised columns (n, k), and the square of their standard errors."""
    n, k = columns.shape
    inverse = np.linalg.inv(columns.T @ columns)
    b = inverse @ (columns.T @ y)
    e = y - columns @ b
    return b, float(e @ e) / (n - k - 1) * np.diag(inverse)


def _standard(x: Array) -> Array:
    """Ranks with mean 0 and variance 1."""
    ranks = np.argsort(np.argsort(x, kind="stable"), kind="stable").astype(float)
    return (ranks - ranks.mean()) / ranks.std()
