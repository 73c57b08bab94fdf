"""V6. What seven trillion dollars would buy, by plain division (Bits&Chips and others).

fabs = sum / cost of a fab; wafers = fabs x wafers of a fab; chips = wafers x dies on a wafer.
N2 wafer starts = sum / capex per thousand wafers a month; EUV tools = tools per thousand x them;
ceiling of AI power a year = EUV tools / tool-years that a GW takes.
"""

from __future__ import annotations

from typing import Any

from ..chain.money import HOURS
from ..chain.products import die_yield, gross_dies


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Quantities in the units of the study's rows."""
    total = given["sum"]
    fabs = total / given["fab_cost"]
    wafers = fabs * given["two_fabs_wafers"] / 2.0
    dies = float(gross_dies(given["die_area"], 300.0, 3.0))
    good = dies * float(die_yield(given["die_area"], given["defects"], 1.0, given["alpha"]))
    starts = total / given["capex_n2"] / 1e3  # million wafers a month: USD over USD/kwspm
    tools = starts * 1e3 * given["euv_per_kwspm"]
    per_gw = given["passes_gw"] / (given["passes_hour"] * given["uptime"] * HOURS)
    capex = [given[f"capex_{y}"] for y in (2024, 2025, 2026, 2027)]
    return {
        "fabs": fabs,
        "wafers": wafers / 1e6,
        "dies": dies,
        "chips": wafers * given["dies_published"] / 1e9,
        "chips_ours": wafers * dies / 1e9,
        "chips_good": wafers * good / 1e9,
        "starts": starts,
        "capacity": starts * 1e6 / (given["leading_supply"] / 3.0),
        "tools": tools,
        "tool_years": tools / given["euv_2027"],
        "ceiling": given["euv_2030"] / given["euv_per_gw"],
        "per_gw": per_gw,
        "ceiling_passes": given["euv_2030"] / per_gw,
        "euv_money": given["euv_per_gw"] * given["euv_price"] / 1e9,
        "hyperscalers": (sum(capex) + given["capex_oracle_2025"]) / 1e12,
        "gulf_low": total / given["gulf_high"],
        "gulf_high": total / given["gulf"],
        "states": total / given["states"],
    }
