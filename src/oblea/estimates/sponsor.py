"""The second competing risk: that the sponsor stops, defers or re-scopes a project.

A hazard h a year from the day the promise was made to the promised opening. The register says
whether a sponsor has struck, not when, so what is seen of a project is its status after T years:

    P(struck) = 1 - exp(-h T),   T = min(promised opening, actual, day of the register) - made

ln L(h) = sum over struck of ln(1 - exp(-h T)) - h sum over others of T. Interval: twice the
fall of ln L from its maximum is at most 2.706, the 90 % point of chi2 with one degree of freedom. A
region has a hazard of its own where the likelihood ratio against one hazard for all passes at 5 %.
Source: fab_projects, every row: a cancelled project has no delay in months, but it was struck.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from oblea.evidence import Evidence

from ._known import whole_day
from ._types import TooFewRows
from .causes import PROMISED_ON, region_of
from .delays import months

CHI2_90 = 2.705543454095404
LOW, HIGH = np.log(1e-6), np.log(1e2)  # ln of a hazard a year: once in a million years, in days


@dataclass(frozen=True, slots=True)
class Status:
    """A project's exposure in years and whether its sponsor has struck by then."""

    id: str
    country: str
    company: str
    exposure: float
    struck: bool


def statuses(evidence: Evidence, known_by: str | None = None) -> list[Status]:
    """Every row with time between promise and opening; strikes are known on the row's ``as_of``,
    because they have no date of their own: before it nothing is known of them.

    >>> from oblea.evidence import load
    >>> rows = statuses(load())
    >>> len(rows), sum(s.struck for s in rows)
    (43, 18)
    >>> statuses(load(), "2024-12-31")
    []
    """
    day, rows = whole_day(known_by), []
    for r in evidence.table("fab_projects"):
        if day is not None and r["as_of"] > day:
            continue
        ends = [r["promised_production"], r["as_of"]] + [r["production"]] * bool(r["is_actual"])
        made = PROMISED_ON.get(r["id"], (r["announced"],))[0]
        exposure = (min(map(months, ends)) - months(made)) / 12
        if exposure > 0:
            rows.append(Status(r["id"], r["country"], r["company"], exposure,
                               r["cause"] == "sponsor"))
    return rows


@dataclass(frozen=True, slots=True)
class Hazard:
    """Strikes a year with a 90 % interval, of so many struck among n over so many years."""

    value: float
    low: float
    high: float
    struck: int
    n: int
    years: float

    def chance(self, exposure: float) -> float:
        """1 - exp(-h T): that the sponsor strikes within T years.

        >>> round(Hazard(0.1, 0.05, 0.2, 1, 2, 10.0).chance(5.0), 4)
        0.3935
        """
        return float(-np.expm1(-self.value * exposure))


def log_likelihood(hazard: float, exposure: NDArray, struck: NDArray) -> float:
    """sum_struck ln(1 - exp(-h T)) - h sum_others T.

    >>> round(log_likelihood(0.5, np.array([2.0]), np.array([True])), 4)
    -0.4587
    """
    return float(np.sum(np.where(struck, np.log(-np.expm1(-hazard * exposure)),
                                 -hazard * exposure)))


def fit(rows: Iterable[Status], name: str = "sponsor_hazard",
        known_by: str | None = None) -> Hazard:
    """Maximum likelihood of h and its profile interval; no strike: h = 0, all struck: no end.

    >>> rows = [Status("a", "US", "A", 4.0, i < 2) for i in range(4)]
    >>> round(fit(rows).value, 4) == round(float(np.log(2) / 4), 4)
    True
    """
    rows = list(rows)
    if len(rows) < 3:
        raise TooFewRows(name, len(rows), 3, known_by)
    exposure = np.array([r.exposure for r in rows])
    struck = np.array([r.struck for r in rows])

    def ln_l(u: float) -> float:
        return log_likelihood(np.exp(u), exposure, struck)

    from scipy.optimize import brentq, minimize_scalar  # slow to load, and only a fit needs it

    best = minimize_scalar(lambda u: -ln_l(u), bounds=(LOW, HIGH), method="bounded",
                           options={"xatol": 1e-10}).x
    best = LOW if not struck.any() else HIGH if struck.all() else best

    def beyond(u: float) -> float:
        return 2 * (ln_l(best) - ln_l(u)) - CHI2_90
    low = brentq(beyond, LOW, best) if best > LOW and beyond(LOW) > 0 else LOW
    high = brentq(beyond, best, HIGH) if best < HIGH and beyond(HIGH) > 0 else HIGH
    value, low, high = np.exp([best, low, high])
    return Hazard(float(value) if struck.any() else 0.0, float(low) if struck.any() else 0.0,
                  float(high), int(struck.sum()), len(rows), float(exposure.sum()))


def by_region(rows: Iterable[Status]) -> tuple[Hazard, dict[str, Hazard], float]:
    """One hazard for all, one for each region group, and p of the likelihood ratio between them.

    >>> from oblea.evidence import load
    >>> whole, groups, p = by_region(statuses(load()))
    >>> groups["US"].value > whole.value, 0.0 < p < 1.0
    (True, True)
    """
    rows = list(rows)
    groups = {g: [r for r in rows if region_of(r.country) == g]
              for g in sorted({region_of(r.country) for r in rows} - {None})}
    groups = {g: own for g, own in groups.items() if len(own) >= 3}
    grouped = [r for own in groups.values() for r in own]

    def best(own: list[Status]) -> float:
        h = fit(own).value
        return log_likelihood(max(h, 1e-12), np.array([r.exposure for r in own]),
                              np.array([r.struck for r in own]))
    ratio = 2 * (sum(map(best, groups.values())) - best(grouped))
    p = float(chdtrc(len(groups) - 1, max(ratio, 0.0))) if len(groups) > 1 else 1.0
    return fit(rows), {g: fit(own) for g, own in groups.items()}, p


def chance(evidence: Evidence, country: str, made: str, promised: str) -> float:
    """Chance that the sponsor strikes between a promise and its opening, for a project not seen.

    >>> from oblea.evidence import load
    >>> ev = load()
    >>> chance(ev, "US", "2026-01", "2029-12") > chance(ev, "Taiwan", "2026-01", "2029-12")
    True
    """
    whole, groups, p = by_region(statuses(evidence))
    hazard = groups.get(region_of(country) or "", whole) if p < 0.05 else whole
    return hazard.chance((months(promised) - months(made)) / 12)
