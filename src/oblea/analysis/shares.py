"""How much of the spread of each verdict number comes from what is known how well.

First-order share of a number: squared rank correlation of its draws with the outcome, less what
chance alone would give,

    r^2 - (1 - r^2) / (n - 2)

which is the adjusted coefficient of a line through two columns of ranks. Numbers are drawn
independently, so that shares add up; what is left, one less their sum, is interaction, curvature
and the error of the measure. A grade's share is the sum over its numbers; its standard error is
that of a sum of m squared correlations of noise, sqrt(2 m) / n, and more where shares are large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..uncertainty.draws import uniforms

if TYPE_CHECKING:
    from ..scenario import Number, Scenario
    from .paired import Array

GRADES = ("primary", "second-hand", "derived", "recalled", "assumption", "bare")
FIRST = 10


def grade_of(sc: Scenario, n: Number) -> str:
    """How a number is known: the grade of its fact, or its kind."""
    return sc.evidence.fact(n.facts[0]).grade if n.kind == "fact" else n.kind


def precedent(sc: Scenario, n: Number) -> str:
    """Where a number's range comes from: `fact` (a fact's own ends, or several facts), `estimate`,
    or `judgement`. Naming one fact without ends of its own is no precedent for a range."""
    from ..scenario.diff import text_at

    text = text_at(sc, n.key)
    if isinstance(text, dict) and "estimate" in text:
        return "estimate"
    facts = [sc.evidence.fact(f) for f in n.facts]
    if any(f.low is not None and f.high is not None for f in facts) or len(facts) > 1:
        return "fact"
    return "judgement"


def shares(sc: Scenario, seed: int, outcomes: dict[str, Array]) -> dict[str, Any]:
    """By outcome the share of each grade, the rest, and the numbers that matter most."""
    keys = [k for k, n in sc.numbers.items() if n.shape != "fixed"]
    size = len(next(iter(outcomes.values())))
    draws = np.stack([_standard(uniforms(seed, k, size)) for k in keys])
    out: dict[str, Any] = {"futures": size, "outcomes": {}}
    best: dict[str, float] = {}
    for name, x in outcomes.items():
        r2 = (draws @ _standard(x) / size) ** 2 if x.std() > 0 else np.zeros(len(keys))
        adjusted = r2 - (1 - r2) / (size - 2)
        by_grade = {g: 0.0 for g in GRADES}
        for k, s in zip(keys, adjusted, strict=True):
            by_grade[grade_of(sc, sc.numbers[k])] += float(s)
            best[k] = max(best.get(k, -1.0), float(s))
        counts = {g: sum(grade_of(sc, sc.numbers[k]) == g for k in keys) for g in GRADES}
        out["outcomes"][name] = {
            "grades": by_grade, "rest": 1.0 - sum(by_grade.values()),
            "se": {g: float(np.sqrt(2 * counts[g]) / size) for g in GRADES},
            "bare": max((float(s) for k, s in zip(keys, adjusted, strict=True)
                         if sc.numbers[k].kind == "bare"), default=0.0)}
    first = sorted(best, key=lambda k: -best[k])[:FIRST]
    out["first"] = [{"key": k, "share": best[k], "grade": grade_of(sc, sc.numbers[k]),
                     "range": precedent(sc, sc.numbers[k])} for k in first]
    return out


def _standard(x: Array) -> Array:
    """Ranks with mean 0 and variance 1."""
    ranks = np.argsort(np.argsort(x, kind="stable"), kind="stable").astype(float)
    return (ranks - ranks.mean()) / ranks.std()
