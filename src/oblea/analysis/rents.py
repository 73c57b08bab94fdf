"""Hindcast of rents: the price that the market mechanism gives for the installed base on record.

Nothing here is fitted to rents. The installed base of each quarter is that of the evidence (all
vendors' chips sold, put to work a quarter later); the pool of money and the full cost of new
compute are the scenario's, at their medians. The rent of an H100 on a one-year contract is

    spot x a(r + d, 1) / a(r, 1)

the level price of a year of falling spot, in dollars of its day, an H100 being one H100e.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case, stack
from ..chain.index import index
from ..chain.money import annuity, price_index, real
from ..chain.params import compile_params
from ..chain.values import Values
from ..dates import quarter_index, quarter_name
from ..simulate.clear import spot_price
from ..simulate.run import simulate

if TYPE_CHECKING:
    from ..chain.money import Money
    from ..chain.values import Array
    from ..evidence import Evidence, Fact
    from ..scenario import Scenario

VENDORS = ("nvidia_h100e", "tpu_h100e", "trainium_h100e", "amd_h100e")
ENGINE = 64  # futures
FIRST = -3  # 2023Q2, the first quarter whose installed base was mostly H100


def rents(sc: Scenario) -> list[dict[str, Any]]:
    """By quarter: ours; what the engine's own installed base gives; and, where there is one, the
    published one-year contract with its range."""
    ch = index(sc)
    m = compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True).money
    base = _installed(sc)
    known, level = published(sc.evidence), year_level(sc, m)
    own = np.median(simulate(sc, [Case("x", ENGINE)], keep=("spot",)).case("x", "spot"), -1)
    rows = []
    for t in sorted(k for k in base if FIRST <= k < ch.first + len(m.full)):
        # Before the first quarter that is simulated the H100 was what one bought, at its cost.
        k = t - ch.first  # counted from it
        pool, full = m.pool[k] if k >= 0 else _pool(sc, t), m.full[max(k, 0)]
        spot = float(spot_price(np, m, pool, full, m.hours * base[t])[0]
                     * price_index(sc, np.array([t]))[0])
        f = known.get(t)
        engine = None if k < 0 else level * float(own[k] * price_index(sc, np.array([t]))[0])
        rows.append({"quarter": quarter_name(t), "ours": level * spot, "engine": engine,
                     "published": f.value if f else None, "low": f.low if f else None,
                     "high": f.high if f else None})
    return rows


def published(e: Evidence) -> dict[int, Fact]:
    """Contracts of a year for an H100, by quarter."""
    return {int(quarter_index(f.date)): f for i, f in e.facts.items()
            if i.startswith("h100_rent_1y_2") and "Q" in f.date}


def year_level(sc: Scenario, m: Money) -> float:
    """A year's level price over spot, at the scenario's medians: a(r + d, 1) / a(r, 1)."""
    rate = real(np.array(sc.market.cost_of_capital.value or 0.0), sc)
    fall = -np.log1p(-m.fall[0])
    return float(annuity(rate + fall, np.array(1.0)) / annuity(rate, np.array(1.0)))


def quarter_ended(date: object) -> int:
    """Index of the quarter that ends on `date`."""
    return round(quarter_index(str(date))) - 1


def _installed(sc: Scenario) -> dict[int, float]:
    """H100e at work by quarter: sold by the end of the one before. A vendor whose sales are not yet
    known keeps its last count."""
    held: dict[str, float] = {}
    out = {}
    for row in sc.evidence.table("installed_compute"):
        held |= {k: float(row[k]) for k in VENDORS if row[k] is not None}
        out[quarter_ended(row["date"]) + 1] = sum(held.values())
    return out


def _pool(sc: Scenario, t: int) -> Array:
    """What users, owners and investors would pay at full cost before the run begins: (3, 1)."""
    v = Values(sc, 1, np.arange(1), median=True)
    at = np.array([t + 0.5])
    pool = np.stack([v.series(n, at)[0] / 4.0
                     for n in (sc.market.users, sc.market.internal, sc.market.investors)])
    pool[0] *= v.scalar(sc.market.compute_share)
    return pool
