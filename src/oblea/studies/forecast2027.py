"""V4. The AI 2027 compute forecast, each row computed again from the others (April 2025).

produced = performance x area; cumulative = cumulative a year before + produced;
spending = produced x price; power = cumulative x kW an H100e. Nothing is tuned: where the table
disagrees with itself, the difference is the result.
"""

from __future__ import annotations

from typing import Any


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """H100e in millions, spending in billions of dollars, power in GW, growth as factors a year."""
    years = list(given["produced"])
    produced, total = given["produced"], given["cumulative"]
    span = years[-1] - years[1]
    return {
        "produced": {y: given["performance"][y] * given["area"][y] for y in years},
        "cumulative": {y: total[y - 1] + produced[y] for y in years[1:]},
        "spending": {y: produced[y] * given["price"][y] / 1e3 for y in years},
        "power": {y: total[y] * given["kw"][y] for y in years},
        "chip_growth": (given["performance"][years[-1]]
                        / given["performance"][years[1]]) ** (1 / span),
        "area_growth": (given["area"][years[-1]] / given["area"][years[1]]) ** (1 / span),
        "growth": given["chip_growth"] * given["area_growth"],
        "packages_growth": given["raw_growth"] / given["difficulty"],
        "stock_growth": (total[years[-1]] / given["stock_march_2025"])
        ** (1 / given["years_from_march_2025"]),
    }
