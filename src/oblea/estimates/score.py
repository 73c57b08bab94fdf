"""How well delays were forecast, against promise + the country's median delay.

CRPS of a forecast F for an opening y months after the promise: integral of (F(x) - 1{x >= y})^2 dx
in months; of a single figure it is the absolute error. Open projects have no y. Each finished one
stands for those of its length that are still open: weight 1 / G(y-), G the Kaplan-Meier curve of
*being still watched* (censoring as the event), over the projects of the split (fab_projects).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from oblea.evidence import Evidence

from .delays import Execution, Project, fit, prior_sd, projects

SEED, DRAWS = 20261124, 4000
LEAST_SCORED = 5  # with fewer the interval is of luck


def crps(cdf: NDArray[np.float64], x: NDArray[np.float64], y: float) -> float:
    """Integral of (F - 1{x >= y})^2 on a grid, trapezoids, with the step at y in it.

    >>> x = np.linspace(0.0, 1.0, 2001)
    >>> round(crps(x, x, 0.5), 5)  # uniform, at its middle: 1/12
    0.08333
    """
    below, above = x < y, x > y
    at = np.interp(y, x, cdf)
    left = np.trapezoid(np.append(cdf[below], at) ** 2, np.append(x[below], y))
    right = np.trapezoid((1 - np.append(at, cdf[above])) ** 2, np.append(y, x[above]))
    return float(left + right)


def still_watched(elapsed: ArrayLike, finished: ArrayLike) -> NDArray[np.float64]:
    """G(y-) at each time: Kaplan-Meier of censoring, just before. An opening at the time of a
    censoring comes first.

    >>> still_watched([1.0, 2.0, 3.0, 4.0], [True, False, True, True]).round(4).tolist()
    [1.0, 1.0, 0.6667, 0.6667]
    """
    t, end = np.asarray(elapsed, float), np.asarray(finished, bool)
    g = np.ones(t.size)
    for when in np.unique(t[~end]):
        at_risk = np.sum((t > when) | ((t == when) & ~end))
        g[t > when] *= 1 - np.sum((t == when) & ~end) / at_risk
    return g


@dataclass(frozen=True, slots=True)
class Scored:
    """A finished project's forecast against what came: CRPS, the baseline's error, the absolute
    error of the model's median, and the CRPS of the baseline with a spread."""

    id: str
    leader: str
    weight: float
    model: float
    baseline: float
    model_median: float
    spread: float


@dataclass(frozen=True, slots=True)
class Score:
    """Weighted means in months over the n finished projects of a split; model less baseline.

    ``model_median`` is the model's median as a single figure, ``spread`` the baseline as a normal
    with the sd of all delays it learned from: what a plain spread is worth.
    """

    split: str
    n: int
    n_open: int
    trained: tuple[int, int]
    model: float
    baseline: float
    model_median: float
    spread: float
    difference: float
    low: float
    high: float

    @property
    def better(self) -> bool:
        """Whether the 90 % interval of the difference lies below zero, over enough to say so."""
        return self.n >= LEAST_SCORED and self.high < 0.0


def baseline(train: Iterable[Project], country: str) -> float:
    """Median delay in months of the country's finished projects, of all where it has none.

    >>> from oblea.evidence import load
    >>> baseline(projects(load()), "Taiwan")
    1.5
    """
    done = [p for p in train if p.finished]
    own = [p for p in done if p.country == country]
    return float(np.median([p.elapsed - p.promise for p in own or done]))


def judge(model: Execution, train: Sequence[Project], p: Project, weight: float) -> Scored:
    """All forecasts of one finished project."""
    forecast = model.forecast(p.country, p.kind, p.promise, p.half_width)
    x = np.linspace(0.0, 4.0 * max(p.promise + p.half_width, p.elapsed), 4001)
    plain = p.promise + baseline(train, p.country)
    sd = np.std([q.elapsed - q.promise for q in train if q.finished], ddof=1)
    return Scored(
        p.id, p.companies[0], weight, crps(forecast.cdf(x), x, p.elapsed), abs(plain - p.elapsed),
        abs(forecast.quantile(0.5) - p.elapsed), crps(ndtr((x - plain) / sd), x, p.elapsed))


def total(split: str, scored: Sequence[Scored], n_open: int, trained: tuple[int, int]) -> Score:
    """sum w x / sum w; interval of the difference by drawing companies with replacement."""
    w = np.array([s.weight for s in scored])
    a, b, m, c = (np.array([getattr(s, k) for s in scored])
                  for k in ("model", "baseline", "model_median", "spread"))
    leaders = [s.leader for s in scored]
    groups = [np.array([name == g for name in leaders]) for g in sorted(set(leaders))]
    over = np.array([[w[g].sum(), (w[g] * (a - b)[g]).sum()] for g in groups])
    rng = np.random.default_rng(SEED)
    drawn = over[rng.integers(0, len(groups), (DRAWS, len(groups)))].sum(1)
    low, high = np.quantile(drawn[:, 1] / drawn[:, 0], [0.05, 0.95])
    mean = [float(np.average(v, weights=w)) for v in (a, b, m, c)]
    return Score(split, len(scored), n_open, trained, *mean, mean[0] - mean[1], float(low),
                 float(high))


def weights(test: Sequence[Project]) -> list[tuple[Project, float]]:
    """Finished projects with 1 / G(y-)."""
    g = still_watched([p.elapsed for p in test], [p.finished for p in test])
    return [(p, 1.0 / float(gi)) for p, gi in zip(test, g, strict=True) if p.finished]


def time_split(evidence: Evidence, day: str = "2021-12-31", *, made_after: bool = False) -> Score:
    """Fit on the register as it stood on a day; score what was promised to open after it.

    ``made_after`` keeps only promises also made after the day.

    >>> from oblea.evidence import load
    >>> s = time_split(load())
    >>> s.n, s.trained
    (7, (9, 4))
    """
    train = projects(evidence, day)
    model = fit(train, prior_sd(evidence), "time_split", day)
    test = [p for p in projects(evidence)
            if p.promised_on > day[:7] and (not made_after or p.made > day[:7])]
    scored = [judge(model, train, p, w) for p, w in weights(test)]
    what = "made" if made_after else "to open"
    return total(f"promised {what} after {day}", scored, len(test) - len(scored),
                 (model.n, model.finished))


def without(rows: Iterable[Project], left_out: Iterable[str]) -> list[Project]:
    """The projects in which none of the companies has a part.

    >>> from oblea.evidence import load
    >>> any("TSMC" in p.companies for p in without(projects(load()), ("TSMC", "JASM")))
    False
    """
    left_out = set(left_out)
    return [p for p in rows if not left_out & set(p.companies)]


def leave_one_company_out(evidence: Evidence) -> Score:
    """Each finished project forecast from the projects of other companies.

    >>> from oblea.evidence import load
    >>> leave_one_company_out(load()).n
    11
    """
    rows, tau = projects(evidence), prior_sd(evidence)
    fits: dict[tuple[str, ...], tuple[Execution, list[Project]]] = {}
    scored = []
    for p, w in weights(rows):
        if p.companies not in fits:
            train = without(rows, p.companies)
            fits[p.companies] = fit(train, tau, "leave_one_company_out"), train
        model, train = fits[p.companies]
        scored.append(judge(model, train, p, w))
    least = min((m.n, m.finished) for m, _ in fits.values())
    return total("one company left out", scored, len(rows) - len(scored), least)
