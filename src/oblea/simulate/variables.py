"""The table of recorded variables: labels, units, docs and tests are taken from it.

dimensions: quarter is always the first and path the last; kind: stock (at the end of the quarter),
flow (of the quarter), price, ratio or index; conserved: the law in which the variable appears,
tested on random scenarios.
"""

from __future__ import annotations

from typing import NamedTuple


class Variable(NamedTuple):
    dimensions: str
    unit: str
    kind: str
    conserved: str
    meaning: str


VARIABLES: dict[str, Variable] = {
    "gw": Variable("owner", "GW", "stock", "gigawatts", "facility power of chips in service"),
    "h100e": Variable("owner", "H100e", "stock", "", "compute in service, dense BF16"),
    "h100e_8bit": Variable("owner", "H100e", "stock", "", "compute in service, 8-bit"),
    "deployed": Variable("owner", "GW", "flow", "gigawatts", "facility power of chips deployed"),
    "delivered": Variable("owner", "GW", "flow", "", "deployed, refresh counted at half"),
    "retired": Variable("owner", "GW", "flow", "gigawatts", "chips that aged out or made way"),
    "spent": Variable("", "USD", "flow", "money", "capital paid by the programme"),
    "chips": Variable("", "USD", "flow", "money", "of that, for accelerators, servers and network"),
    "plants": Variable("", "USD", "flow", "money", "of that, for fabs"),
    "capacity": Variable("owner, row", "row's unit", "stock", "", "finished capacity"),
    "leading": Variable("owner", "wspm", "stock", "", "finished capacity that needs an operator"),
    "made": Variable("owner, commodity", "commodity", "flow", "goods", "made for AI"),
    "used": Variable("owner, commodity", "commodity", "flow", "goods", "built into deployed chips"),
    "bought": Variable("commodity", "commodity", "flow", "goods", "world to programme"),
    "ceded": Variable("commodity", "commodity", "flow", "goods", "programme to world"),
    "consumed": Variable("commodity", "commodity", "flow", "goods", "taken as another's input"),
    "stock": Variable("owner, commodity", "commodity", "stock", "goods", "inventory"),
    "delivered_slots": Variable("owner, pool", "pool's unit", "flow", "slots", "delivered"),
    "installed": Variable("owner, pool", "pool's unit", "flow", "slots", "built into capacity"),
    "kit": Variable("owner, pool", "pool's unit", "stock", "slots", "delivered, not yet installed"),
    "starts": Variable("owner, row", "row's unit", "flow", "capacity", "capacity started"),
    "finished": Variable("owner, row", "row's unit", "flow", "capacity", "capacity finished"),
    "brought": Variable("row", "row's unit", "flow", "capacity", "founders' sites that came to the "
                        "programme instead of the world"),
    "pipe": Variable("owner, row", "row's unit", "stock", "capacity", "under construction"),
    "usable": Variable("owner", "GW", "stock", "", "halls with firm power"),
    "binds": Variable("", "", "index", "", "what was shortest: funders, power, commodities, "
                                           "operator, pools, the pledge's own pace, in this order"),
    "spot": Variable("", "USD/H100e/hour", "price", "", "price of compute that is not on contract"),
    "price": Variable("", "USD/H100e/hour", "price", "revenue", "mean price of compute sold"),
    "trail": Variable("", "ratio", "ratio", "", "trailing mean price over full cost"),
    "effort": Variable("", "ratio", "ratio", "", "the world's capex over its dated forecast"),
    "paid_by": Variable("payer", "USD", "flow", "revenue", "paid for compute by users, owners for "
                        "their own use, investors"),
    "earned": Variable("owner", "USD", "flow", "revenue", "earned with compute"),
    "revenue": Variable("", "USD", "flow", "cash", "earned by the programme, fabs included"),
    "running": Variable("", "USD", "flow", "cash", "energy, upkeep and cash cost of fabs"),
    "tax": Variable("", "USD", "flow", "cash", "tax paid"),
    "interest": Variable("", "USD", "flow", "cash", "interest paid"),
    "repaid": Variable("", "USD", "flow", "cash", "debt repaid"),
    "ahead": Variable("", "USD", "flow", "cash", "delivered to customers who had paid ahead"),
    "outside": Variable("", "USD", "flow", "cash", "outside money put into capital"),
    "support": Variable("", "USD", "flow", "cash", "outside money for running losses and "
                        "overruns"),
    "recycled": Variable("", "USD", "flow", "cash", "own cash put into capital"),
    "distributed": Variable("", "USD", "flow", "cash", "paid out to those who brought equity"),
    "called": Variable("funder", "USD", "flow", "cash", "paid in"),
    "free": Variable("", "USD", "flow", "", "cash of the programme were there no debt"),
    "debt": Variable("", "USD", "stock", "", "debt outstanding"),
    "held": Variable("", "USD", "stock", "cash", "cash at the end of the quarter"),
    "tranche": Variable("", "ratio", "stock", "", "tranches open"),
}


def as_markdown() -> str:
    """The table of docs/variables.md."""
    rows = ["# Variables", "", "Quarter is the first dimension of each, path the last.", "",
            "| name | dimensions | unit | kind | law | meaning |", "|---|---|---|---|---|---|"]
    rows += [f"| {k} | {v.dimensions} | {v.unit} | {v.kind} | {v.conserved} | {v.meaning} |"
             for k, v in VARIABLES.items()]
    return "\n".join(rows) + "\n"
