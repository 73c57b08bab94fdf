"""The mechanisms that can be switched off, one at a time or together.

Switching one off changes parameters only (a supply without end, a share of one, a delay of one):
the engine runs the same code, so that any two variants of a future are comparable path by path.
"""

from __future__ import annotations

MECHANISMS: dict[str, str] = {
    "newcomer": "a newcomer gets a limited share of every order book",
    "order-books": "part of every order book was sold before the plan began",
    "tools": "EUV scanners are built at a limited rate",
    "equipment": "all wafer-fab equipment is built at a limited rate",
    "operator": "a leading-edge fab needs an operator or a licence",
    "power": "firm power comes by routes of limited size and long lead",
    "memory": "HBM is cut from the same wafers as other DRAM",
    "packaging": "advanced packaging has a limited capacity",
    "delays": "projects finish later than promised",
    "yield": "defects kill dies",
    "response": "suppliers invest when a newcomer buys",
    "refresh": "old accelerators give up scarce power to new ones",
    "resale": "booked slots and contracts can be resold",
}
