"""V1. The largest training run of 2030 that chips and power allow (Epoch AI, August 2024).

Stock: S = S_0 + sum over years k of min(R g^(k + h), W_k) p^(k + h), with R accelerators a year at
the start, g their growth, p the growth of performance and h = 1/2: a year's production is counted
at the rate of its middle. Wafers: W_k = 12 w d c^(r (k + h)), with w wafers a month, d good dies on
each, c the growth of capex and r the power that relates volume to capex.
Run: F = share x S x peak x utilisation x duration. One campus of P watts:
F = P / watts x peak x utilisation x duration x e^6, with e the yearly gain of efficiency.
AI's power: total x t^6 - (total - AI) min(n, t)^6, with n the growth of all other data centres.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ..chain.products import die_yield, gross_dies
from ..uncertainty.distributions import Z95, quantile
from ..uncertainty.draws import uniforms

Array = NDArray[np.float64]
YEARS = 6  # end of 2023 to the start of 2030
# With so many draws four seeds agree to half a per cent; with 2**14 they spread over two.
PATHS, SEED = 1 << 18, 1
Z90 = 1.2815515655446004
PARTS = ("p10", "p50", "p90")


def drawn(u: Array, p10: float, p50: float, p90: float) -> Array:
    """A two-piece lognormal from its 10th, 50th and 90th percentiles.

    >>> [round(float(x), 6) for x in drawn(np.array([0.1, 0.5, 0.9]), 20.0, 28.0, 40.0)]
    [20.0, 28.0, 40.0]
    """
    out = Z95 / Z90  # from the percentiles of the source to the 5th and 95th
    low, high = p50 * (p10 / p50) ** out, p50 * (p90 / p50) ** out
    return quantile(u, p50, low, high, "lognormal")


def correlated(columns: dict[str, Array], pairs: list[list[Any]]) -> dict[str, Array]:
    """Uniform columns with the rank correlations of `pairs` [a, b, rho] by a Gaussian copula.

    The normal correlation of a rank correlation rho is 2 sin(pi rho / 6).
    """
    names = list(dict.fromkeys(name for a, b, _ in pairs for name in (a, b)))
    matrix = np.eye(len(names))
    for a, b, rho in pairs:
        i, j = names.index(a), names.index(b)
        matrix[i, j] = matrix[j, i] = 2.0 * np.sin(np.pi * rho / 6.0)
    lower = np.linalg.cholesky(matrix)
    z = [ndtri(columns[name]) for name in names]
    mixed = {name: ndtr(sum(lower[i, j] * z[j] for j in range(i + 1)))
             for i, name in enumerate(names)}
    return columns | mixed


def _spread(x: Array) -> dict[str, float]:
    return dict(zip(PARTS, np.percentile(x, (10, 50, 90)).tolist(), strict=True))


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Percentiles over the draws; H100e in millions, power in GW."""
    ranges = {k: v for k, v in given.items() if isinstance(v, tuple)}
    free = {k: uniforms(SEED, f"scaling2030.{k}", PATHS) for k in ranges}
    tied = correlated(free, given["correlations"])
    x = {k: drawn(tied[k], *ranges[k]) for k in ranges}

    def stock(half: float, limited: bool, full: bool = False) -> tuple[Array, Array]:
        """H100e at the start of 2030, and wafers made until then."""
        total, wafers = x["stock"].copy(), np.zeros(PATHS)
        for k in range(YEARS):
            t = k + half
            made_wafers = 12.0 * x["wafers"] * x["capex_growth"] ** (x["volume_to_capex"] * t)
            limit = made_wafers * x["dies"]
            chips = x["production"] * x["production_growth"] ** t
            chips = limit if full else np.minimum(chips, limit) if limited else chips
            total += chips * x["performance_growth"] ** t
            wafers += made_wafers
        return total, wafers

    per_peak = x["utilisation"] * x["duration"]
    run = x["share"] * x["peak"] * per_peak
    total, wafers = stock(0.5, True)
    per_watt = x["peak"] * per_peak / x["watts"] * x["efficiency_growth"] ** YEARS
    others = np.minimum(x["other_growth"], x["site_growth"]) ** YEARS
    ai = (x["us_sites"] * x["site_growth"] ** YEARS
          - (x["us_sites"] - given["us_ai_sites"]) * others) * x["share"]
    spread_power = np.maximum(ai, x["campus"])
    campus, far = _spread(x["campus"] * per_watt), _spread(spread_power * per_watt)
    gw = _spread(spread_power / 1e9)
    area, defects = given["die_area"], given["defects"]
    dies = gross_dies(area, 300.0, 3.0) * die_yield(area, np.array(defects), 1.0, given["alpha"])
    both = ("p10", "p90")
    return {
        "h100e": _scaled(_spread(total * x["share"]), 1e6),
        "flop": _spread(total * run),
        "h100e_no_limit": _scaled(_spread(stock(0.5, False)[0] * x["share"]), 1e6),
        "h100e_year_end": _scaled(_spread(stock(1.0, False)[0] * x["share"]), 1e6),
        "flop_all_wafers": {k: _spread(stock(0.5, True, full=True)[0] * run)[k] for k in both},
        "wafers": {k: _spread(wafers / 1e6)[k] for k in both},
        "campus_flop": {k: campus[k] for k in both},
        "far_gw": {k: gw[k] for k in both},
        "far_flop": {k: far[k] for k in both},
        "dies": dict(zip(PARTS, dies.tolist(), strict=True)),
    }


def _scaled(parts: dict[str, float], unit: float) -> dict[str, float]:
    return {k: v / unit for k, v in parts.items()}
