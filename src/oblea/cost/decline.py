"""Cost of a fixed capability, factored: hardware x utilisation x algorithms x price.

Each leg is what is left of the cost after a year; the product is what is left of the whole.
ARK states two legs and Epoch's are two; there the hardware leg holds the price. Ours:
    hardware     cost to make an H100e (dense BF16), Rubin's bill over H100's, ^(1 / years)
    price        the maker's price over that cost, likewise
    algorithms   Epoch's; utilisation is held at 1, as no fact has its trend
The cost of the frontier run is another cost, and it rises.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from ..evidence import load
from ..studies import document, inputs
from ..studies.decline import ours as study
from .gigawatt import Gigawatt, gigawatt

FIRST, LAST = "h100", "rubin"
MADE = ("logic", "hbm", "packaging", "other")


def decline() -> dict[str, Any]:
    """Rows (who; hardware, utilisation, algorithms, price, left: ratios a year), frontier, gpt3.

    A leg that a source does not part from another is None.

    >>> row = decline()["rows"][0]
    >>> row["who"], round(row["left"], 3)
    ('ark', 0.249)
    """
    given = inputs(document("decline"))
    found = study(given)
    epoch_algorithms = 1.0 / given["algorithms"]
    rows = [
        _row("ark", 1 - given["ark_hardware"], None, 1 - given["ark_algorithms"], None),
        _row("epoch", 1 - given["hardware"] / 100, None, epoch_algorithms, None),
    ]
    facts = load()
    days = [date.fromisoformat(_day(facts.fact(f"{p}_bf16").date)) for p in (FIRST, LAST)]
    years = (days[1] - days[0]).days / 365.25
    (make_a, price_a), (make_b, price_b) = _unit_costs(FIRST), _unit_costs(LAST)
    hardware = (make_b / make_a) ** (1 / years)
    price = ((price_b / make_b) / (price_a / make_a)) ** (1 / years)
    rows.append(_row("model", hardware, 1.0, epoch_algorithms, price))
    return {"rows": rows, "gpt3": found["gpt3"],
            "frontier": {"growth": given["frontier"], "fact": "cost_growth_frontier",
                         "gpt4_cost": given["gpt4_cost"], "billion": found["billion"]},
            "model": {"first": FIRST, "last": LAST, "years": years, "fact": "d1_epoch_algo",
                      "made": [make_a, make_b], "paid": [price_a, price_b], "unit": "USD/H100e"}}


def _day(text: str) -> str:
    return text if len(text) == 10 else f"{text}-15"


def _row(who: str, hardware: float, utilisation: float | None, algorithms: float,
         price: float | None) -> dict[str, Any]:
    left = hardware * algorithms
    for leg in (utilisation, price):
        left *= 1.0 if leg is None else leg
    return {"who": who, "hardware": hardware, "utilisation": utilisation,
            "algorithms": algorithms, "price": price, "left": left}


@lru_cache(maxsize=4)
def _bill(product: str) -> Gigawatt:
    from ..service import open_scenario

    return gigawatt(open_scenario("reference"), product, "facility", paths=256)


def _unit_costs(product: str) -> tuple[float, float]:
    """To make and to buy an H100e in dense BF16, USD, medians of the bill of a gigawatt."""
    g = _bill(product)
    h100e = next(x.median for x in g.lines if x.key == "bf16")
    d = {x.key: x.median for x in g.dollars}
    made = sum(d[k] for k in MADE)
    return made / h100e, (made + d["margin"]) / h100e
