"""Every estimate by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from oblea.errors import NotFound
from oblea.evidence import Evidence
from oblea.uncertainty.distributions import Z95

from . import delays, forecasts, generations, growth, lead, newcomer, prices, sponsor
from ._known import whole_day
from ._types import Estimate
from .causes import SHORT, region_of

Builder = Callable[[Evidence, str | None], Estimate]


def _series(name: str, series: growth.Series) -> Builder:
    return lambda evidence, known_by: growth.fit(name, series, evidence, known_by)


def _delay(name: str, region: str | None, evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(mu + d_region), the median of actual over promised, or exp of ln sigma."""
    rows = delays.projects(evidence, known_by)
    model = delays.fit(rows, delays.prior_sd(evidence), name, known_by)
    if region == "spread":
        mean, se, n = model.theta[-1], np.sqrt(model.covariance[-1, -1]), model.n
        caveat = ("Many promises are of a year, which takes up scatter; larger where expected "
                  "openings are taken for actual ones.")
    else:
        mean, se = model.log_ratio(region)
        own = [p for p in rows if region is None or region_of(p.country) == region]
        n, done = len(own), sum(p.finished for p in own)
        caveat = f"{done} finished, {n - done} open and censored."
    low, value, high = np.exp([mean - Z95 * se, mean, mean + Z95 * se])
    what = "sd of ln(actual / promised)" if region == "spread" else "median of actual / promised"
    return Estimate(name, float(value), float(low), float(high), "ratio",
                    f"{what}, execution causes: lognormal with censoring, pooled over regions",
                    tuple(f"fab_projects:{p.id}" for p in rows)
                    + tuple(f"cset_days_{r}" for r in delays.PRIOR),
                    n, known_by or _as_of(evidence), None, caveat)


def _sponsor(name: str, region: str | None, evidence: Evidence, known_by: str | None) -> Estimate:
    """Strikes of sponsors a year, for all or a region group."""
    rows = [r for r in sponsor.statuses(evidence, known_by)
            if region is None or region_of(r.country) == region]
    h = sponsor.fit(rows, name, known_by)
    return Estimate(name, h.value, h.low, h.high, "ratio/year",
                    "hazard a year from promise to opening, from status alone, profile interval",
                    tuple(f"fab_projects:{r.id}" for r in rows), h.n, known_by or _as_of(evidence),
                    None, f"{h.struck} struck of {h.n} in {h.years:.0f} project years.")


def _as_of(evidence: Evidence) -> str:
    return max(row["as_of"] for row in evidence.table("fab_projects"))


ALL = tuple(newcomer.STARTS)
_BUILDERS: dict[str, Builder] = {
    **{name: _series(name, s)
       for name, s in (growth.SERIES | prices.SERIES | generations.SERIES).items()},
    **{f.__name__: f for f in (
        prices.wafer_price_by_year, prices.wafer_price_by_node, prices.wafer_price_year_given_node,
        prices.defect_density_start, prices.defect_density_change,
        forecasts.capex_consensus_error, forecasts.ai_forecast_error, lead.parts_lead)},
    "newcomer_s_max": newcomer.s_max,
    **{name: partial(newcomer.parameter, name, which, owners) for name, which, owners in (
        ("newcomer_t50", "t50", ALL), ("newcomer_tau", "tau", ALL),
        *((f"newcomer_s_max_{owner}", owner, ALL) for owner in ALL),
        ("newcomer_openai_alone_t50", "t50", ("openai",)),
        ("newcomer_openai_alone_tau", "tau", ("openai",)),
        ("newcomer_openai_alone_s_max", "openai", ("openai",)))},
    **{f"newcomer_flow_{o}": partial(newcomer.flow, o) for o in ("openai", "anthropic")},
    "delay_ratio": partial(_delay, "delay_ratio", None),
    **{f"delay_ratio_{s}": partial(_delay, f"delay_ratio_{s}", r) for s, r in SHORT.items()},
    "delay_spread": partial(_delay, "delay_spread", "spread"),
    "sponsor_hazard": partial(_sponsor, "sponsor_hazard", None),
    **{f"sponsor_hazard_{s}": partial(_sponsor, f"sponsor_hazard_{s}", r)
       for s, r in SHORT.items()},
}


def names() -> tuple[str, ...]:
    """Names that :func:`estimate` knows.

    >>> "euv_units_growth" in names()
    True
    """
    return tuple(_BUILDERS)


def estimate(name: str, evidence: Evidence, known_by: str | None = None) -> Estimate:
    """The estimate of that name, fitted from the tables.

    Args:
        name: one of :func:`names`.
        evidence: the tables.
        known_by: use only rows known by that whole day, such as ``2024-12-31``; None for all.

    Raises:
        NotFound: a ``KeyError`` that names the nearest name.
        TooFewRows: a ``ValueError`` where the rows of that day do not fix the fit.

    >>> from oblea.evidence import load
    >>> e = estimate("equipment_growth", load())
    >>> e.unit, e.n, e.low < e.value < e.high
    ('%/year', 9, True)
    >>> estimate("equipment_growth", load(), known_by="2018-12-31")
    Traceback (most recent call last):
    ...
    oblea.estimates._types.TooFewRows: equipment_growth: 2 rows known by 2018-12-31, at least 3 \
needed; choose a later day or add rows to the table
    """
    try:
        builder = _BUILDERS[name]
    except KeyError:
        raise NotFound("estimate", name, _BUILDERS) from None
    return builder(evidence, whole_day(known_by))
