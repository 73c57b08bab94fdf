"""The newcomer's curve s(t) = s_max / (1 + exp(-(t - t50) / tau)), from precedents with dates.

s: a precedent's share of the world's compute in use; t: years since it began. One t50 and one tau
for all, an s_max for each, by least squares on ln s: for given (t50, tau) the best ln s_max_i is
the mean over i's points of ln s + ln(1 + exp(-(t - t50) / tau)), so only two numbers are searched.
Interval: profile, every (t50, tau) with SSE <= SSE_min + (q s)^2, q a t quantile on the degrees of
freedom left, s^2 the larger of the residual's variance and that of the ranges the source gives.
Source: lab_h100e_* over installed_compute; coreweave_mw_* over its chip power, brought to facility
power. Mechanism 1 applies s to new orders, hence also :func:`flow`, share in a year's additions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from oblea.evidence import Evidence
from oblea.evidence._known import last_day
from oblea.uncertainty.distributions import Z95

from ._further import further
from ._known import Point, by, known_on, whole_day, years
from ._types import Estimate, TooFewRows

STARTS: dict[str, tuple[str, str]] = {
    "openai": ("2022-12-31", "share_openai_2025: three years after it began"),
    "anthropic": ("2023-03-31", "[A] first product in the spring of 2023"),
    "coreweave": ("2021-12-31", "[A] accelerators for AI from 2022; crypto before"),
}
"""When t = 0. xAI has one point, which its own s_max would meet whatever the curve; Rapidus has
none, nothing of it is in production."""

T50 = np.linspace(0.0, 10.0, 401)  # years: a start later than the horizon is no start
TAU = np.geomspace(0.1, 5.0, 161)  # years: from a step to a straight line over the horizon


@dataclass(frozen=True, slots=True)
class Curve:
    """The search: SSE over (T50, TAU), ln s_max there by precedent, the interval's members."""

    sse: NDArray[np.float64]
    ln_max: dict[str, NDArray[np.float64]]
    inside: NDArray[np.bool_]
    n: int
    df: int

    @property
    def best(self) -> tuple[int, int]:
        i, j = np.unravel_index(np.argmin(self.sse), self.sse.shape)
        return int(i), int(j)


def curve(points: list[Point], ranges: float) -> Curve:
    """Least squares of ln s on the grid of (t50, tau); ``ranges`` is the standard error of ln s
    that the sources' ranges give.

    >>> made = [Point(("x",), t, 0.2 / (1 + np.exp(-(t - 3) / 0.8)), "2025-12-31", "a")
    ...         for t in (1.0, 2.0, 3.0, 4.0, 5.0)]
    >>> c = curve(made, 0.01)
    >>> round(float(np.exp(c.ln_max["a"][c.best])), 2), round(float(T50[c.best[0]]), 1)
    (0.2, 3.0)
    """
    sse = np.zeros((T50.size, TAU.size))
    ln_max = {}
    for owner in sorted({p.owner for p in points}):
        t, ln_s = np.array([(p.when, np.log(p.value)) for p in points if p.owner == owner]).T
        late = (t[:, None, None] - T50[:, None]) / TAU
        level = ln_s[:, None, None] + np.logaddexp(0.0, -late)
        ln_max[owner] = np.minimum(level.mean(0), 0.0)  # a share of at most one
        sse += ((level - ln_max[owner]) ** 2).sum(0)
    df = len(points) - len(ln_max) - 2
    q = float(stdtrit(df, 0.95)) if df > 0 else Z95
    s2 = max(ranges**2, sse.min() / df if df > 0 else 0.0)
    return Curve(sse, ln_max, sse <= sse.min() + q**2 * s2, len(points), df)


def facility_per_chip(evidence: Evidence) -> float:
    """Facility watts for a watt of chip, from the B300: b300_facility_kw over b300_tdp.

    >>> from oblea.evidence import load
    >>> 1.2 < facility_per_chip(load()) < 2.0
    True
    """
    return 1e3 * evidence.fact("b300_facility_kw").value / evidence.fact("b300_tdp").value


def stocks(evidence: Evidence, owner: str) -> list[tuple[Point, Point]]:
    """A precedent's compute and the world's, at each date where both stand in the tables."""
    power = owner == "coreweave"
    stem = "coreweave_mw_" if power else f"lab_h100e_{owner}_"
    world = {r["date"]: r for r in evidence.table("installed_compute") if r["complete"]}
    # The B300's ratio stands for all chips: an input of its own, known when its facts were.
    ratio = facility_per_chip(evidence) if power else 1.0
    extra = ("b300_facility_kw", "b300_tdp") if power else ()
    pairs = []
    for fact in evidence.facts.values():
        if not fact.id.startswith(stem) or fact.date not in world or "plan" in fact.basis:
            continue
        row = world[fact.date]
        total = row["chip_tdp_mw"] * ratio if power else row["total_h100e"]
        known = max(map(known_on, (fact, *(evidence.fact(i) for i in extra))))
        pairs.append((
            Point((fact.id,), years(fact.date), fact.value, known, owner),
            Point((f"installed_compute:{fact.date}", *extra), years(fact.date), total,
                  last_day(row.get("known") or row["date"]), owner)))
    return sorted(pairs, key=lambda pair: pair[0].when)


def shares(evidence: Evidence, owners: tuple[str, ...] = tuple(STARTS)) -> list[Point]:
    """Share of the world's stock against years since the start.

    >>> from oblea.evidence import load
    >>> [round(p.value, 3) for p in shares(load(), ("openai",))]
    [0.064, 0.059, 0.088]
    """
    return [Point(own.ids + world.ids, own.when - years(STARTS[owner][0]),
                  own.value / world.value, max(own.known, world.known), owner)
            for owner in owners for own, world in stocks(evidence, owner)]


def spread_of_ranges(evidence: Evidence, points: list[Point]) -> float:
    """Root mean square of ln(high / low) / (2 x 1.645) over the points whose facts have ranges."""
    facts = [evidence.fact(p.ids[0]) for p in points]
    spreads = [np.log(f.high / f.low) / (2 * Z95) for f in facts if f.low and f.high]
    return float(np.sqrt(np.mean(np.square(spreads)))) if spreads else 0.0


_OPEN = "The interval runs to the edge of the search: the points do not bound it. "
_NONE_LEFT = "Three points fit three parameters: nothing is left to check the curve with. "
_STARTS = "Starts of Anthropic and CoreWeave are assumed. "


def _fitted(evidence: Evidence, name: str, known_by: str | None, owners: tuple[str, ...],
            ) -> tuple[Curve, list[Point]]:
    points = by(shares(evidence, owners), known_by)
    need = 2 + len({p.owner for p in points}) + (len(owners) > 1)
    if len(points) < max(need, 3):
        raise TooFewRows(name, len(points), max(need, 3), known_by)
    return curve(points, spread_of_ranges(evidence, points)), points


def _estimate(name: str, unit: str, values: NDArray, c: Curve, points: list[Point], method: str,
              caveat: str) -> Estimate:
    """Value at the best (t50, tau), interval over those inside."""
    inside = values[c.inside]
    edge = c.inside[[0, -1]].any() or c.inside[:, [0, -1]].any()
    return Estimate(name, float(values[c.best]), float(inside.min()), float(inside.max()), unit,
                    method, tuple(i for p in points for i in p.ids), c.n,
                    max(p.known for p in points), None, (_OPEN if edge else "") + caveat)


def parameter(name: str, which: str, owners: tuple[str, ...], evidence: Evidence,
              known_by: str | None) -> Estimate:
    """t50, tau or an owner's s_max of the curve through the owners' points.

    >>> from oblea.evidence import load
    >>> parameter("x", "t50", ("openai",), load(), None).n
    3
    """
    c, points = _fitted(evidence, name, known_by, owners)
    grid = {"t50": T50[:, None] + 0 * TAU, "tau": TAU + 0 * T50[:, None]}
    values = grid[which] if which in grid else np.exp(c.ln_max[which])
    caveat = _NONE_LEFT if c.df == 0 else f"{c.df} degrees of freedom are left. " + _STARTS
    who = "OpenAI alone" if len(owners) == 1 else "one t50 and tau, an s_max each"
    return _estimate(name, "ratio" if which not in grid else "year", values, c, points,
                     f"logistic of ln share, least squares, profile interval: {who}",
                     caveat.strip())


def s_max(evidence: Evidence, known_by: str | None) -> Estimate:
    """s_max of a newcomer not seen: ln s_max = mean over precedents +- t sd sqrt(1 + 1/n), at the
    best t50 and tau; at most one.

    >>> from oblea.evidence import load
    >>> e = s_max(load(), None)
    >>> 0 < e.low < e.value < e.high <= 1
    True
    """
    c, points = _fitted(evidence, "newcomer_s_max", known_by, tuple(STARTS))
    own = np.array([grid[c.best] for grid in c.ln_max.values()])
    if own.size < 3:
        raise TooFewRows("newcomer_s_max", own.size, 3, known_by)
    mean, least, most = further(own)
    value, low, high = np.exp([mean, least, min(most, 0.0)])  # a share of at most one
    return Estimate("newcomer_s_max", float(value), float(low), float(high), "ratio",
                    "geometric mean of the precedents' s_max, t interval for one more",
                    tuple(i for p in points for i in p.ids), own.size,
                    max(p.known for p in points), None,
                    "Three firms that succeeded, at the best t50 and tau, whose own intervals are "
                    "open. " + _STARTS.strip())


def flow(owner: str, evidence: Evidence, known_by: str | None) -> Estimate:
    """(own_1 - own_0) / (world_1 - world_0) over the last year with both ends in the tables.

    Interval: 20,000 independent draws of own_0 and own_1, lognormal through the facts' 90 % ranges;
    for those whose facts have ranges, so not CoreWeave.

    >>> from oblea.evidence import load
    >>> round(flow("openai", load(), None).value, 3)
    0.103
    """
    name = f"newcomer_flow_{owner}"
    day = whole_day(known_by)
    pairs = [p for p in stocks(evidence, owner) if day is None or max(x.known for x in p) <= day]
    ends = [(a, b) for a in pairs for b in pairs if abs(b[0].when - a[0].when - 1.0) < 0.05]
    if not ends:
        raise TooFewRows(name, len(pairs), 2, known_by)
    (own0, world0), (own1, world1) = ends[-1]
    rng = np.random.default_rng(20261124)
    # Two pieces an end, so that the median stays the value where a range is lopsided.
    draws = [_draw(evidence, p, rng.standard_normal(20_000)) for p in (own0, own1)]
    added = world1.value - world0.value
    low, high = np.quantile((draws[1] - draws[0]) / added, [0.05, 0.95])
    points = (own0, world0, own1, world1)
    return Estimate(name, (own1.value - own0.value) / added, float(low), float(high), "ratio",
                    "share in the world's additions of the last year, from stocks at its ends",
                    tuple(i for p in points for i in p.ids), 2, max(p.known for p in points), None,
                    "As a user, mostly on others' balance sheets; the world's own range is not "
                    "counted.")


def _draw(evidence: Evidence, point: Point, z: NDArray) -> NDArray:
    fact = evidence.fact(point.ids[0])
    up = np.log((fact.high or fact.value) / fact.value) / Z95
    down = np.log(fact.value / (fact.low or fact.value)) / Z95
    return fact.value * np.exp(np.where(z > 0, up, down) * z)
