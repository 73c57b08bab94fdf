"""What one gigawatt of accelerators takes: the bill of materials per facility GW.

N[c] = sum over products g of mix_g / (power_g * PUE) * need_g[c]         (units of c a GW)
logic wafers of an accelerator = dies * companion / (gross(A) * Y(A * critical * D0))
cost of an accelerator = (sum of needs x prices + other) / (1 - margin) + system

gross dies: pi (d/2 - e)^2 / A - pi (d - 2e) / sqrt(2A), the first-order formula with edge exclusion
e, A in mm2 (de Vries 2005). Yield: negative binomial, Y = (1 + m / alpha)^-alpha with
m = critical * A * D0 (Stapper 1989); `critical` is the share of a die in which a defect cannot be
repaired by spare cores or rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .values import Array, Values

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..scenario.schema import Product


def owning(sc: Scenario, product: str, field: str) -> Product:
    """The product itself or the nearest one it descends from that has `field`; the first of its
    line where none has."""
    p = sc.products[product]
    while getattr(p, field) is None and p.like is not None:
        p = sc.products[p.like]
    return p


def gross_dies(area: Array | float, diameter: float, edge: float) -> Array:
    """Whole dies on a wafer: area in mm2, diameter and edge exclusion in mm.

    A 300 mm wafer with 800 mm2 dies and 3 mm edge, by hand: r = 147, pi r^2 = 67,887 mm2;
    84.86 - pi * 294 / 40 = 84.86 - 23.09 = 61.77.

    >>> round(float(gross_dies(800.0, 300.0, 3.0)), 2)
    61.77
    """
    usable = diameter - 2.0 * edge
    return np.pi * usable**2 / (4.0 * area) - np.pi * usable / np.sqrt(2.0 * np.asarray(area))


def die_yield(area: Array | float, defects: Array | float, critical: Array | float,
              alpha: Array | float) -> Array:
    """Share of good dies: area in mm2, defects per cm2, negative binomial.

    8 cm2, half of it critical, 0.1 defects a cm2, alpha 10: m = 0.4, (1.04)^-10 = 0.6756.

    >>> round(float(die_yield(800.0, 0.1, 0.5, 10.0)), 4)
    0.6756
    """
    m = np.asarray(area) / 100.0 * np.asarray(critical) * np.asarray(defects)
    return (1.0 + m / np.asarray(alpha)) ** (-np.asarray(alpha))


@dataclass(frozen=True)
class Recipe:
    """One accelerator, drawn: per-accelerator amounts, last axis paths, first axis time.

    kw: facility kW; bf16, fp8: H100 equivalents; needs: commodity -> amount (T, P);
    base: cost of parts other than commodities; system: rest of server, rack and network (USD).
    """

    kw: Array
    bf16: Array
    fp8: Array
    needs: dict[str, Array]
    other: Array
    system: Array
    margin: Array
    own_margin: Array


def recipes(sc: Scenario, v: Values, times: Array, *, perfect: NDArray[np.bool_]
            ) -> dict[str, Recipe]:
    """Every product's recipe at quarter indices `times`; `perfect` (P,) marks paths without
    yield loss."""
    pue = v.scalar(sc.pue)
    out: dict[str, Recipe] = {}
    for name, p in sc.products.items():
        parent = out.get(p.like) if p.like else None
        years = v.scalar(p.after) if p.after is not None else 0.0

        def grown(own, key, trend, n, parent=parent, years=years):
            """Own number if given, else the parent's per kW times the trend, times own kW."""
            if own is not None:
                return v.scalar(own)
            source = key(parent)
            rate = v.scalar(getattr(sc.trends, trend)) if trend else 0.0
            return source / parent.kw * (1.0 + rate) ** years * n

        kw = v.scalar(p.power) * pue if p.power is not None else parent.kw
        needs: dict[str, Array] = {}
        if parent is not None:
            for c, amount in parent.needs.items():
                trend = {"logic": "logic_per_kw", "hbm": "memory_per_kw",
                         "package": "package_per_kw"}.get(_role(sc, c))
                rate = v.scalar(getattr(sc.trends, trend)) if trend else 0.0
                needs[c] = amount / parent.kw * (1.0 + rate) ** years * kw
        for c, number in (p.needs or {}).items():
            needs[c] = v.series(number, times)
        if p.logic is not None:
            stage = sc.stages[p.logic.stage]
            own = _logic_wafers(sc, v, times, p, stage, perfect)
            if parent is not None:  # a successor on a new node brings its own wafers
                needs = {c: n for c, n in needs.items() if _role(sc, c) != "logic"}
            needs[stage.makes] = own
        out[name] = Recipe(
            kw=kw,
            bf16=grown(p.bf16, lambda q: q.bf16, "bf16_per_kw", kw),
            fp8=grown(p.fp8, lambda q: q.fp8, "fp8_per_kw", kw),
            needs=needs,
            other=grown(p.other, lambda q: q.other, "system_per_kw", kw),
            system=grown(p.system, lambda q: q.system, "system_per_kw", kw),
            margin=v.scalar(p.margin) if p.margin is not None else parent.margin,
            own_margin=v.scalar(p.own_margin) if p.own_margin is not None else parent.own_margin,
        )
    return out


def _role(sc: Scenario, commodity: str) -> str:
    """What a commodity is for the trends: logic, hbm, package, or nothing special."""
    for s in sc.stages.values():
        if s.makes == commodity:
            return "logic" if s.defects is not None else {"memory": "hbm"}.get(
                s.role or "", s.role or "")
    return ""


def _logic_wafers(sc, v, times, p, stage, perfect):
    """Wafers of logic an accelerator takes, its companion silicon included: shape (T, P)."""
    area = v.scalar(p.logic.area)
    gross = gross_dies(area, v.scalar(sc.yields.wafer), v.scalar(sc.yields.edge))
    good = die_yield(
        area, v.series(stage.defects, times), v.scalar(sc.yields.critical),
        v.scalar(sc.yields.alpha),
    )
    good = np.where(perfect, 1.0, good)
    return v.scalar(p.logic.dies) * v.scalar(p.logic.companion) / (gross * good)
