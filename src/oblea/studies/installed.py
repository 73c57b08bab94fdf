"""V3. How fast installed AI compute grows, and how much of it was sold (Epoch AI, 2025 and 2026).

ln S = a + b t by least squares over quarters; growth is e^b a year and its 90 % interval
exp(b +- t_(0.95, n-2) s_b). Residuals of a stock are correlated, so the interval is too narrow.
Before 2022 H100e are revenue x chips' share / (price / H100e) of the generation then on sale.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from .. import evidence
from ..dates import ORIGIN, quarter_index

PARTS = ("low", "fit", "high")


def growth(years: np.ndarray, stock: np.ndarray) -> dict[str, float]:
    """Growth a year with its 90 % interval.

    >>> t = np.arange(4.0)
    >>> round(growth(t, 2.0 ** t)["fit"], 6)
    2.0
    """
    fit = stats.linregress(years, np.log(stock))
    half = stats.t.ppf(0.95, len(years) - 2) * fit.stderr
    rates = np.exp([fit.slope - half, fit.slope, fit.slope + half]).tolist()
    return dict(zip(PARTS, rates, strict=True))


def _price_of_h100e(chip: str) -> float:
    """USD: geometric mean of the listed prices over speed in H100e."""
    specs = {row["id"]: row for row in evidence.load().table("accelerator_specs")}
    row = specs[chip]
    speed = row["bf16_flop_s"] / specs["h100"]["bf16_flop_s"]
    return float(np.sqrt(row["price_low_usd"] * row["price_high_usd"]) / speed)


def _before_2022(given: dict[str, Any]) -> np.ndarray:
    """NVIDIA's H100e sold at the end of FY19 and of the twelve quarters to January 2022."""
    first = sum(usd / _price_of_h100e(given["chip_before"][fiscal])
                for fiscal, usd in given["revenue_before"].items())
    quarters = [r for r in evidence.load().table("nvidia_dc_revenue")
                if r["fiscal_quarter"][:4] in ("FY20", "FY21", "FY22")]
    a100 = given["a100_from"]
    sold = [r["dc_revenue_usd"] * _chips_share() / _price_of_h100e("a100")
            if r["fiscal_quarter"] >= a100 else r["dc_revenue_usd"] / _price_of_h100e("v100")
            for r in quarters]
    return first + np.cumsum([0.0, *sold])


def _chips_share() -> float:
    """Compute in data-centre revenue, FY23: the rest is network, bought with Mellanox."""
    rows = [r for r in evidence.load().table("nvidia_dc_revenue")
            if r["fiscal_quarter"].startswith("FY23")]
    return float(np.mean([r["compute_revenue_usd"] / r["dc_revenue_usd"] for r in rows]))


def _sold_by_revenue(given: dict[str, Any]) -> dict[str, float]:
    """NVIDIA's millions of H100e sold since 2022: compute revenue over the year's chip price.

    2025 is split between H100 and GB200 at the middle of the two bounds in logarithms.
    """
    facts, total, out = evidence.load().facts, 0.0, {}
    rows = {r["fiscal_quarter"]: r for r in evidence.load().table("nvidia_dc_revenue")}
    share = _last_share(rows)
    for year in (2022, 2023, 2024, 2025):
        usd = sum(rows[f"FY{year - 1999}Q{q}"]["compute_revenue_usd"]
                  or share * rows[f"FY{year - 1999}Q{q}"]["dc_revenue_usd"] for q in (1, 2, 3, 4))
        price = facts[f"price_h100_{year}"].value
        if year == 2025:
            out["2025_low"] = (total + usd / price) / 1e6
            other = facts["price_gb200_2025"].value / facts["gb200_bf16"].value
            out["2025_high"] = (total + usd / other) / 1e6
            price = (price * other) ** 0.5
        total += usd / price
        out[str(year)] = total / 1e6
    return out


def _last_share(rows: dict[str, Any]) -> float:
    known = [r for r in rows.values() if r["compute_revenue_usd"]]
    return known[-1]["compute_revenue_usd"] / known[-1]["dc_revenue_usd"]


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Growth a year as factors; H100e in millions; power in GW."""
    table = [r for r in evidence.load().table("installed_compute") if r["complete"]]
    years = np.array([ORIGIN + quarter_index(r["date"]) / 4.0 for r in table])
    nvidia, total = (np.array([r[k] for r in table]) for k in ("nvidia_h100e", "total_h100e"))
    before = _before_2022(given)
    past = ORIGIN + (quarter_index("2019-01") + np.arange(len(before))) / 4.0
    long_years = np.concatenate([past, years])
    long_stock = np.concatenate([before, before[-1] + nvidia])
    then = long_years < given["nvidia_until"]
    sold = _sold_by_revenue(given)
    last = table[-1]
    vendors = ("nvidia_h100e", "tpu_h100e", "trainium_h100e", "amd_h100e")
    return {
        "nvidia_growth": growth(long_years[then], long_stock[then]),
        "nvidia_growth_table": growth(years, nvidia),
        "all_growth": growth(years, total + before[-1]),
        "all_growth_table": growth(years, total),
        "all_growth_sales": growth(years, np.diff(total, prepend=0.0)),
        "nvidia_sold": {k: sold[k] for k in ("2023", "2024", "2025")},
        "nvidia_sold_bounds": {"H100": sold["2025_low"], "GB200": sold["2025_high"]},
        "all_sold": sum(last[k] for k in vendors) / 1e6,
        "all_power": last["chip_tdp_mw"] / 1e3,
    }
