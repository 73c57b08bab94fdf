"""Accelerators meet halls and firm power, and age.

A vintage loses hazard(age) of itself each quarter. What leaves makes room. Where the room left is
smaller than the chips at hand, chips of vintages whose H100e per kW is below that of new ones
divided by the refresh ratio make way. Deployment of a quarter is the least of the chips at hand and
the room: x = min(min_c stock_c / need_c, usable - fleet). Room that was never filled is filled
first; what goes into room whose chips have gone is refresh, which counts half as delivered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State


class Deployed(NamedTuple):
    fleet: Array  # (O, V, P)
    h100e: Array
    h100e_8bit: Array
    x: Array  # (O, P) GW deployed
    delivered: Array  # (O, P) GW, refresh at half
    retired: Array  # (O, P)
    filled: Array  # (O, P) GW of room ever filled


def usable(xp: Any, ch: Chain, capacity: Array) -> Array:
    """GW of hall that has firm power, region by region: (O, P)."""
    total = xp.zeros_like(capacity[:, 0])
    for _, hall, power in ch.sites:
        if power:
            total = total + xp.minimum(capacity[:, hall], sum(capacity[:, r] for r in power))
    return total


def deploy(xp: Any, ch: Chain, t: int, p: Params, s: State, room: Array, chips: Array,
           most: Array) -> Deployed:
    """chips: GW that inventories could fill (O, P); most: GW that the owner wants at most."""
    v = t // 4 + 1  # the newest vintage: there is nothing of later ones
    stay = 1.0 - p.hazard[xp.array([max(t - (4 * (u - 1) + 2), 0) for u in range(v + 1)])]
    fleet, h, h8 = (a[:, :v + 1] * stay for a in (s.fleet, s.h100e, s.h100e_8bit))
    before = s.fleet.sum(1)
    free = xp.maximum(room - fleet.sum(1), 0.0)
    ask = xp.minimum(chips, most)
    short = xp.maximum(ask - free, 0.0)
    old = fleet * (h * p.refresh <= p.h100e[t][:, None] * fleet)
    total = old.sum(1)
    leave = xp.minimum(short, total) / xp.maximum(total, 1e-30)
    cut = 1.0 - leave[:, None] * (old > 0)
    fleet, h, h8 = fleet * cut, h * cut, h8 * cut
    left = fleet.sum(1)
    retired = before - left
    x = xp.minimum(ask, xp.maximum(room - left, 0.0))
    fleet, h, h8 = (_add(xp, a, ch.vintages, x * unit) for a, unit in
                    ((fleet, 1.0), (h, p.h100e[t]), (h8, p.h100e_8bit[t])))
    new = xp.minimum(xp.maximum(room - s.filled, 0.0), x)
    return Deployed(fleet, h, h8, x, new + 0.5 * (x - new), retired, s.filled + new)


def _add(xp: Any, a: Array, vintages: int, x: Array) -> Array:
    """Adds to the newest vintage and keeps room for those to come."""
    later = xp.zeros((a.shape[0], vintages - a.shape[1], a.shape[2]))
    return xp.concatenate([a[:, :-1], (a[:, -1] + x)[:, None], later], 1)
