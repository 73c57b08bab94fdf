"""How long a project takes against its promise, sponsors apart: the first of two competing risks.

ln(actual / promised) ~ N(mu + d_region + d_kind, sigma), both durations from the day on which the
promise was made. Penalised maximum likelihood:

    max  sum_i ln L_i(mu, d, sigma) - sum_j d_j^2 / (2 tau^2) + ln sigma

L_i is the density where the opening is on record and the survival function where it is not yet; a
promise of a year, half or quarter is even over it, so L_i is a mean over its range. Deviations d_j
are drawn to the overall mean by a normal prior whose sd tau is not chosen: it is the sd of ln
building days over seven regions (cset_days_*, 635 fabs). The last term keeps a handful of punctual
fabs from proving that no fab is ever late: the boundary-avoiding penalty of Chung et al. (2013),
Psychometrika 78, 685.

A project that its sponsor stopped says nothing of execution after that day, which is not on record:
it is out. An open project is censored at the day of the register, or at its own expected date where
that has passed without word. Expected dates are not data. Source: fab_projects, ``use_in_delay``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, logsumexp, ndtr

from oblea.evidence import Evidence
from oblea.evidence._known import last_day

from ._known import whole_day
from ._types import TooFewRows
from .causes import PROMISED_ON, companies, kind_of, region_of

HALF_WIDTH = {"M": 0.5, "Q": 1.5, "H": 3.0, "Y": 6.0}
"""Months either way of a promised opening, by its precision."""

CELLS = (np.arange(12) + 0.5) / 6.0 - 1.0  # middles of twelve equal parts of -1 to 1
LEAST = 3  # finished rows of a kind before it has an effect of its own
PRIOR = ("taiwan", "korea", "japan", "europe_me", "china", "us", "sea")


def months(date: str) -> float:
    """Months since year 0 at the middle of a month or quarter, or on a day; a year is its July.

    >>> months("2025-07") - months("2025-01"), months("2025") == months("2025-07")
    (6.0, True)
    """
    year, _, rest = date.partition("Q")
    if rest:
        return 12 * int(year) + 3 * int(rest) - 1.5
    part = date.split("-")
    month = int(part[1]) if len(part) > 1 else 7
    return 12 * int(part[0]) + month - 1 + (int(part[2]) / 31 if len(part) > 2 else 0.5)


@dataclass(frozen=True, slots=True)
class Project:
    """A promise and what became of it; durations in months from the day the promise was made."""

    id: str
    companies: tuple[str, ...]
    country: str
    kind: str
    made: str
    promise: float
    half_width: float
    elapsed: float
    finished: bool
    promised_on: str


def project(row: dict[str, Any], known_by: str | None = None, *,
            expected: bool = False) -> Project | None:
    """A row of the register as it stood on a day; None where no promise or no time was there.

    ``expected`` takes expected openings for actual ones, to see what censoring is worth.
    """
    made = PROMISED_ON.get(row["id"], (row["announced"],))[0]
    day = row["as_of"] if known_by is None else min(known_by, row["as_of"])
    if last_day(made) > day:
        return None
    opening = row["production"]
    finished = bool(opening) and (
        (row["is_actual"] and last_day(opening) <= day) or (expected and known_by is None))
    seen = months(opening) if finished else months(day)
    if not finished and opening and not row["is_actual"]:
        seen = min(seen, months(opening))
    start = months(made)
    promise, half = months(row["promised_production"]) - start, HALF_WIDTH[row["promise_precision"]]
    if promise <= half or seen <= start:
        return None
    return Project(row["id"], companies(row["company"]), row["country"], kind_of(row["kind"]), made,
                   promise, half, seen - start, finished, row["promised_production"])


def projects(evidence: Evidence, known_by: str | None = None, *, expected: bool = False,
             also_sponsor: frozenset[str] = frozenset()) -> list[Project]:
    """Rows in use for delays whose sponsor did not stop them, as they stood on a day.

    A strike has no date, so it is taken out on every day: a look ahead at which rows are at risk,
    though not at when they opened.

    >>> from oblea.evidence import load
    >>> rows = projects(load())
    >>> len(rows), sum(p.finished for p in rows)
    (18, 11)
    """
    day = whole_day(known_by)
    rows = (project(r, day, expected=expected) for r in evidence.table("fab_projects")
            if r["use_in_delay"] and r["cause"] != "sponsor" and r["id"] not in also_sponsor)
    return [p for p in rows if p is not None]


def prior_sd(evidence: Evidence) -> float:
    """tau: sd of ln days from construction start to production over seven regions.

    >>> from oblea.evidence import load
    >>> round(prior_sd(load()), 3)
    0.1
    """
    days = [evidence.fact(f"cset_days_{region}").value for region in PRIOR]
    return float(np.std(np.log(days), ddof=1))


@dataclass(frozen=True, slots=True)
class Forecast:
    """Months from the promise to the opening of one project: a mixture of lognormals.

    One lognormal for each twelfth of the promise's range and each node of the spread's own
    uncertainty (ln sigma is normal about its estimate).
    """

    log_promise: NDArray[np.float64]
    mean: float
    sd: NDArray[np.float64]
    weight: NDArray[np.float64]

    def cdf(self, elapsed: ArrayLike) -> NDArray[np.float64]:
        """Chance of an opening within so many months."""
        x = np.log(np.maximum(np.asarray(elapsed, float), 1e-9))
        z = (x[..., None, None] - self.log_promise[:, None] - self.mean) / self.sd
        return (ndtr(z) @ self.weight).mean(-1)

    def quantile(self, p: float) -> float:
        """Months at probability p, by bisection on the distribution."""
        low, high = np.exp(self.log_promise.mean() + self.mean + np.array([-5.0, 5.0]))
        for _ in range(60):
            middle = np.sqrt(low * high)
            low, high = (middle, high) if self.cdf(middle) < p else (low, middle)
        return float(np.sqrt(low * high))


@dataclass(frozen=True, slots=True)
class Execution:
    """The fitted model: mu, deviations by region and kind, ln sigma, and their covariance."""

    names: tuple[str, ...]
    theta: NDArray[np.float64]
    covariance: NDArray[np.float64]
    n: int
    finished: int

    @property
    def sigma(self) -> float:
        """Spread of ln(actual / promised)."""
        return float(np.exp(self.theta[-1]))

    def row(self, region: str | None, kind: str | None) -> NDArray[np.float64]:
        """Coefficients of mu + d_region + d_kind; a group without rows is at the overall mean."""
        return np.array([1.0] + [float(name in (region, kind)) for name in self.names[1:-1]])

    def log_ratio(self, region: str | None = None, kind: str | None = None) -> tuple[float, float]:
        """Mean of ln(actual / promised) for a group and its standard error."""
        x = self.row(region, kind)
        return float(x @ self.theta[:-1]), float(np.sqrt(x @ self.covariance[:-1, :-1] @ x))

    def predict(self, country: str, kind: str, start: str, promised: str,
                precision: str = "M") -> Forecast:
        """Distribution of months from ``start``, the day of the promise, to the opening of a
        project not seen.

        Spread: sqrt(sigma^2 + se^2), the scatter of projects and what is not known of their mean,
        over what is not known of sigma.

        >>> from oblea.evidence import load
        >>> ev = load()
        >>> f = fit(projects(ev), prior_sd(ev)).predict("US", "logic", "2026-01", "2029-12")
        >>> f.quantile(0.05) < 47 < f.quantile(0.95)
        True
        """
        promise = months(promised) - months(start)
        return self.forecast(country, kind_of(kind), promise, HALF_WIDTH[precision])

    def forecast(self, country: str, kind: str, promise: float, half_width: float) -> Forecast:
        """As :meth:`predict`, from a promised duration in months and its half width."""
        mean, se = self.log_ratio(region_of(country), kind)
        z, weight = hermegauss(9)
        sigma = np.exp(self.theta[-1] + np.sqrt(self.covariance[-1, -1]) * z)
        log_promise = log_promises([promise - half_width, promise + half_width])
        return Forecast(log_promise, mean, np.hypot(sigma, se), weight / weight.sum())


def fit(rows: Iterable[Project], tau: float, name: str = "delays",
        known_by: str | None = None) -> Execution:
    """Penalised maximum likelihood of (mu, d, ln sigma); see the module.

    A kind has an effect where at least three of its rows, and of another kind's, are finished.
    Covariance: inverse of the Hessian at the optimum.

    >>> from oblea.evidence import load
    >>> ev = load()
    >>> model = fit(projects(ev), prior_sd(ev))
    >>> model.n, model.finished, 0.0 < model.sigma < 0.3
    (18, 11, True)
    """
    rows = list(rows)
    finished = [p for p in rows if p.finished]
    if len(finished) < 3:
        raise TooFewRows(name, len(finished), 3, known_by)
    regions = sorted({region_of(p.country) for p in rows} - {None})
    counts = {k: sum(p.kind == k for p in finished) for k in ("logic", "memory", "packaging")}
    kinds = sorted(k for k, count in counts.items() if count >= LEAST)
    kinds = kinds if len(kinds) > 1 else []
    names = ("mu", *regions, *kinds, "ln sigma")
    x = np.array([[1.0] + [float(g in (region_of(p.country), p.kind)) for g in names[1:-1]]
                  for p in rows])
    done = np.array([p.finished for p in rows])
    elapsed = np.array([p.elapsed for p in rows])
    edges = np.array([[p.promise - p.half_width, p.promise + p.half_width] for p in rows])

    def loss(theta: NDArray[np.float64]) -> float:
        mean, sigma = x @ theta[:-1], np.exp(theta[-1])
        log_l = np.where(done, log_density(elapsed, edges, mean, sigma),
                         log_survival(elapsed, edges, mean, sigma))
        return float(np.sum(theta[1:-1] ** 2) / (2 * tau**2) - theta[-1] - log_l.sum())

    from scipy.optimize import minimize  # slow to load, and only a fit needs it

    theta = np.zeros(len(names))
    theta[-1] = np.log(0.1)
    for method, options in POLISH:
        theta = minimize(loss, theta, method=method, options=options).x
    return Execution(names, theta, np.linalg.inv(_hessian(loss, theta)), len(rows), len(finished))


POLISH = (("BFGS", {"gtol": 1e-6}),
          ("Nelder-Mead", {"xatol": 1e-8, "fatol": 1e-12, "maxiter": 4000, "maxfev": 8000}))
"""A fast search and one that needs no gradient, so that the last digits do not hang on it."""


def log_density(elapsed: NDArray, edges: NDArray, mean: NDArray, sigma: float) -> NDArray:
    """ln of the density of ln y, a promise even over ln of its range:

    [Phi(z_low) - Phi(z_high)] / ln(p_high / p_low), z = (ln y - ln p - mu) / sigma

    >>> wide = log_density(np.array([40.0]), np.array([[39.99, 40.01]]), np.zeros(1), 0.1)
    >>> bool(np.isclose(wide[0], -np.log(0.1 * np.sqrt(2 * np.pi)), atol=1e-5))
    True
    """
    z = (np.log(elapsed)[:, None] - np.log(edges) - mean[:, None]) / sigma
    # Phi(a) - Phi(b) = Phi(-b) - Phi(-a): of the two, the one that does not cancel.
    upper = z.sum(1) > 0
    a, b = np.where(upper, -z[:, 1], z[:, 0]), np.where(upper, -z[:, 0], z[:, 1])
    big, small = log_ndtr(a), log_ndtr(b)
    return big + np.log(-np.expm1(small - big)) - np.log(np.log(edges[:, 1] / edges[:, 0]))


def log_survival(elapsed: NDArray, edges: NDArray, mean: NDArray, sigma: float) -> NDArray:
    """ln of the chance that nothing has opened by y, twelve parts of ln of the promise's range.

    >>> late = log_survival(np.array([40.0]), np.array([[39.99, 40.01]]), np.zeros(1), 0.1)
    >>> bool(np.isclose(late[0], np.log(0.5), atol=1e-5))
    True
    """
    log_p = log_promises(edges)
    z = (np.log(elapsed)[:, None] - log_p - mean[:, None]) / sigma
    return logsumexp(log_ndtr(-z), axis=1) - np.log(CELLS.size)


def log_promises(edges: ArrayLike) -> NDArray[np.float64]:
    """Middles of twelve equal parts of ln of a promise's range, the last axis.

    >>> log_promises([np.exp(1.0), np.exp(3.0)])[[0, -1]].round(3).tolist()
    [1.083, 2.917]
    """
    low, high = np.moveaxis(np.log(np.asarray(edges, float)), -1, 0)
    return (low[..., None] + high[..., None]) / 2 + (high - low)[..., None] / 2 * CELLS


def _hessian(f: Any, at: NDArray[np.float64], step: float = 1e-3) -> NDArray[np.float64]:
    """Second differences of f, central."""
    k = at.size
    e = step * np.eye(k)
    h = np.empty((k, k))
    for i in range(k):
        for j in range(k):
            h[i, j] = (f(at + e[i] + e[j]) - f(at + e[i] - e[j]) - f(at - e[i] + e[j])
                       + f(at - e[i] - e[j])) / (4 * step**2)
    return (h + h.T) / 2
