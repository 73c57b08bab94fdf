"""The mechanisms that can be switched off, one at a time or together, and the groups of the gap.

Switching one off changes parameters only (a supply without end, a share of one, a delay of one):
the engine runs the same code, so that any two variants of a future are comparable path by path.
"""

from __future__ import annotations

from typing import NamedTuple

MECHANISMS: dict[str, str] = {
    "newcomer": "a newcomer gets a limited share of every order book",
    "order-books": "part of every order book was sold before the plan began",
    "tools": "EUV scanners are built at a limited rate",
    "equipment": "all wafer-fab equipment is built at a limited rate",
    "operator": "a leading-edge fab needs an operator or a licence",
    "power": "firm power comes by routes of limited size and long lead",
    "memory": "HBM is cut from the same wafers as other DRAM",
    "packaging": "advanced packaging has a limited capacity",
    "foundry": "logic wafers, racks and other parts come from lines of limited size",
    "time": "building and ordering take time",
    "delays": "projects finish later than promised",
    "yield": "defects kill dies",
    "response": "suppliers invest when a newcomer buys",
    "refresh": "old accelerators give up scarce power to new ones",
    "resale": "booked slots and contracts can be resold",
    "elasticity": "what the programme adds lowers the price of all compute",
    "returns": "the world's capex follows what compute earns",
    "funders": "funders can pay in only so much a year",
    "tranches": "money comes in tranches, against progress and price",
    "sponsor": "owners slow works that the price would not repay",
}


class Group(NamedTuple):
    """Limits that are removed together when the gap is split; `named`: whether the founding post
    of 2024 named them."""

    mechanisms: tuple[str, ...]
    named: bool


# With all of them removed a programme spends its pledge at its own pace, to the dollar.
GROUPS: dict[str, Group] = {
    "money": Group(("funders", "tranches", "sponsor"), True),
    "power": Group(("power",), False),
    "supply": Group(("tools", "equipment", "memory", "packaging", "foundry"), True),
    "operator": Group(("operator",), True),
    "people": Group((), True),
    "time": Group(("delays", "time"), True),
}
