"""What others had foreseen of a series, each held against what came on its own definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..dates import ORIGIN
from ..estimates.forecasts import CAPEX
from ..units import convert

if TYPE_CHECKING:
    from ..evidence import Evidence

# Series, forecast, what came of it; None where the series' own record is on the same definition.
NAMED: tuple[tuple[str, str, str | None], ...] = (
    *(("capex", a, b) for a, b in CAPEX),
    ("capex", "vintage_ai2027_spend_2025", None),
    ("capex", "vintage_patel_capex_2025", None),
    ("stock", "vintage_ai2027_stock_2025", None),
    ("stock", "vintage_patel_stock_2025", None),
    ("gigawatts", "vintage_ai2027_gw_2025", None),
    ("gigawatts", "vintage_patel_gw_2025", None),
    ("cowos", "vintage_cowos_wpm_end2024_nov2023", "cowos_wpm_end2024"),
    ("cowos", "vintage_cowos_wpm_end2025_oct2024", "cowos_supply_q4_2025"),
    ("cowos", "vintage_cowos_wpm_end2025_nov2024", "cowos_supply_q4_2025"),
    ("hbm", "vintage_hbm_revenue_2024_mar2024", "vintage_hbm_tam_2024_dec2024"),
    ("hbm", "vintage_hbm_tam_2025_sep2024", "hbm_market_2025"),
    ("hbm", "vintage_hbm_tam_2025_dec2024", "hbm_market_2025"),
)
STEMS = {"euv": "vintage_euv_units_", "revenue_year": "vintage_nvda_dc_rev_fy"}


class Forecast(NamedTuple):
    """A forecast with what came of it, in one unit, and the day on which it was published."""

    fact: str
    value: float
    came: float
    known: str


def foreseen(e: Evidence, series: str, actual: dict[int, float]) -> dict[int, list[Forecast]]:
    """Forecasts of a series by the quarter index that they speak of, a year at its last quarter."""
    out: dict[int, list[Forecast]] = {}
    stem = STEMS.get(series)
    named = [(k, came) for s, k, came in NAMED if s == series]
    if stem:
        named += [(k, None) for k, f in e.facts.items()
                  if k.startswith(stem) and f.unit.endswith("/year")]
    for k, came in named:
        f = e.fact(k)
        t = last_quarter(f.date)
        if t is None or (came is None and t not in actual):
            continue
        b = None if came is None else e.fact(came)
        value = f.value if b is None else convert(f.value, f.unit, b.unit)
        out.setdefault(t, []).append(
            Forecast(k, value, actual[t] if b is None else b.value, f.known))
    if series == "stock":
        for years in (1, 2):
            t = 4 * years - 1
            if t in actual:
                out.setdefault(t, []).append(_epoch(e, years, actual[t]))
    return out


def _epoch(e: Evidence, years: int, came: float) -> Forecast:
    """Stock so many years after 2023 by the medians of Epoch AI's forecast of August 2024, each
    year's production at the rate of its middle: S_0 + sum R (g p)^(k + 1/2)."""
    start, rate, g, p = (e.fact(f"vintage_epoch_{k}") for k in (
        "stock_2023", "rate_2023", "production_growth", "performance_growth"))
    made = sum(rate.value * (g.value * p.value) ** (k + 0.5) for k in range(years))
    return Forecast(rate.id, start.value + made, came, rate.known)


def last_quarter(date: str) -> int | None:
    """Index of the last quarter of a year, of a fiscal year that ends a month after it, or of the
    quarter that a day ends.

    >>> [last_quarter(d) for d in ("2025", "2026-01", "2025-12-31", "2025-06")]
    [7, 7, 7, None]
    """
    if date.isdigit():
        return 4 * (int(date) - ORIGIN) + 3
    if date[4:] == "-01":
        return 4 * (int(date[:4]) - 1 - ORIGIN) + 3
    return 4 * (int(date[:4]) - ORIGIN) + 3 if date[4:] == "-12-31" else None
