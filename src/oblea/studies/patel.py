"""V5. The business-as-usual path of Patel and Dean (2025), and the year of seven trillion.

added_y = added_(y-1) m_y a_y, with m the growth of performance and a of die area;
stock_y = stock_(y-1) + added_y - died_y; price_y = price_(y-1) / c_y; capex_y = added_y price_y;
power_y = power_(y-1) + added_y w_y - died_y v_y, with w and v the watts of new and of dying H100e.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..chain.money import annuity, price_index
from ..dates import ORIGIN
from ..scenario import load


def reached(years: list[int], sums: list[float], target: float) -> float:
    """The date by which yearly sums, spent evenly over their years, add up to `target`.

    >>> reached([2025, 2026], [3.0, 4.0], 5.0)
    2026.5
    """
    total = 0.0
    for year, x in zip(years, sums, strict=True):
        if total + x >= target:
            return year + (target - total) / x
        total += x
    raise ValueError(f"{target:g} is not reached by the end of {years[-1]}")


def path(given: dict[str, Any]) -> dict[str, dict[int, float]]:
    """added and stock in millions, price in USD, capex in billions, GW and dies by year."""
    years = list(given["performance_growth"])
    first = years[0]
    added, stock = {first: given["added"]}, {first: given["stock"]}
    price, watts = {first: given["price"]}, {first: given["watts"]}
    power, dies = {first: given["power"]}, {first: given["added"] / given["performance"]}
    for y in years[1:]:
        area = given["area_growth"][y]
        added[y] = added[y - 1] * given["performance_growth"][y] * area
        dies[y] = dies[y - 1] * area
        stock[y] = stock[y - 1] + added[y] - given["died"][y]
        price[y] = price[y - 1] / given["price_growth"][y]
        watts[y] = watts[y - 1] / given["watt_growth"][y]
        power[y] = (power[y - 1] + added[y] * watts[y] / 1e3
                    - given["died"][y] * given["watts_died"][y] / 1e3)
    capex = {y: added[y] * price[y] / 1e3 for y in years}
    return {"added": added, "stock": stock, "price": price, "capex": capex, "power": power,
            "dies": dies}


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Sums in trillions of dollars, unless said; dates as decimal years."""
    run = path(given)
    years = list(run["capex"])
    six, later = years[:6], years[1:6]
    capex = [run["capex"][y] / 1e3 for y in years]
    # Calendar dollars to those of the base year, at the middle of each year.
    sc = load("reference")
    index = price_index(sc, np.array([4.0 * (y - ORIGIN) + 1.5 for y in years]))
    real = [x / i for x, i in zip(capex, index.tolist(), strict=True)]
    revenue = given["revenue"]
    life = given["life"]
    owed = {y: sum(run["capex"][z] for z in years if y - life < z <= y)
            / float(annuity(np.array(given["rate"]), np.array(float(life)))) for y in six}
    return {
        "stock": {y: run["stock"][y] for y in later},
        "power": {y: run["power"][y] for y in later},
        "price": {y: run["price"][y] for y in later},
        "capex": {y: run["capex"][y] for y in six},
        "dies": {y: run["dies"][y] for y in six},
        "price_fall": 100.0 * (1.0 - (run["price"][2030] / run["price"][2025]) ** (1 / 5)),
        "capex_sum": sum(capex[:6]),
        "capex_to_revenue": {y: run["capex"][y] / revenue[y] for y in six},
        "owed": {2030: owed[2030]},
        "seven": reached(years, capex, given["target"]),
        "seven_real": reached(years, real, given["target"]),
    }
