"""A price of a gigawatt, factored against ours and against each published one.

published / ours = date x basis x scope x rest, each ratio taken with the others held:
    date    the bill of the product that the published figure speaks of over that of `PRODUCT`
    basis   that bill on the published basis (IT or facility) over facility
    scope   the parts that the published figure counts over the whole bill
    rest    prices, margins and what is not told
No published figure states a die yield. What yield can explain at most is said beside: our bill
with every die good over our bill.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..cost.gigawatt import Gigawatt
from ..cost.gigawatt import gigawatt as compute
from ..evidence import Evidence, load

PRODUCT = "b300"  # what most halls of 2025 and 2026 hold
PARTS = {"rack": ("logic", "hbm", "packaging", "other", "margin"),
         "network": ("system",), "building": ("hall",), "power": ("power",)}
# The product that each figure speaks of, or the one sold when it was said: read from its note.
FACTS = {"capex_per_gw_epoch": "b300", "capex_per_gw_all_in_bernstein": "b300",
         "capex_per_gw_nvidia": "b300", "capex_per_gw_rubin_huang": "rubin",
         "shell_mep_cost_per_w_us": "b300", "facility_cost_per_mw": "b300"}


@lru_cache(maxsize=8)
def bill(product: str, basis: str = "facility", perfect: bool = False) -> Gigawatt:
    """The bill of a gigawatt in the reference world; perfect: every die is good."""
    from ..service import open_scenario

    sc = open_scenario("reference")
    if perfect:
        keys = [k for k in sc.numbers if k.endswith(".defects")]
        sc = sc.replace(**dict.fromkeys(keys, "0.000001 defects/cm2"))
    return compute(sc, product, basis, paths=256)


def total(product: str, basis: str = "facility", scope: str = "") -> float:
    """Median dollars a GW, of the parts in a scope such as ``rack+network``; all where empty.

    >>> total("b300") > total("b300", scope="rack")
    True
    """
    lines = {line.key: line.median for line in bill(product, basis).dollars}
    if not scope:
        return lines["total"]
    names = [p for word in scope.strip("+").split("+") for p in PARTS[word]]
    return sum(lines.get(p, 0.0) for p in names)


def reconcile(value: float, evidence: Evidence | None = None) -> dict[str, Any]:
    """A claimed price of a GW, USD, beside ours and the published ones.

    Returns value, ours (low, median, high), ratio, yield, and rows: fact, value, ratio of the
    claim to it, and steps, whose product is the published figure over ours.

    >>> done = reconcile(4e10)
    >>> from math import prod
    >>> abs(prod(f for _, f in done["rows"][0]["steps"]) - done["rows"][0]["over_ours"]) < 1e-9
    True
    """
    e = evidence or load()
    ours = next(x for x in bill(PRODUCT, "facility").dollars if x.key == "total")
    rows = [_row(value, e, id, ours.median) for id in FACTS]
    good = next(x for x in bill(PRODUCT, "facility", True).dollars if x.key == "total")
    return {"value": value, "product": PRODUCT, "ours": [ours.p5, ours.median, ours.p95],
            "ratio": value / ours.median, "yield": good.median / ours.median, "rows": rows}


def _row(value: float, e: Evidence, id: str, ours: float) -> dict[str, Any]:
    f = e.fact(id)
    product = FACTS[id]
    basis = f.basis if f.basis in ("IT", "facility") else "facility"
    scope = f.scope if all(w in PARTS for w in f.scope.strip("+").split("+")) else ""
    at = total(product)
    basis_step = total(product, basis) / at
    scope_step = total(product, basis, scope) / total(product, basis)
    date_step = at / ours
    left = f.value / (ours * date_step * basis_step * scope_step)
    steps = (("date", date_step), ("basis", basis_step), ("scope", scope_step), ("rest", left))
    return {"fact": f.id, "value": f.value, "date": f.date, "basis": f.basis, "scope": f.scope,
            "source": f.source.publisher, "product": product, "ratio": value / f.value,
            "over_ours": f.value / ours, "steps": steps}
