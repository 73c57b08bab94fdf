"""After the horizon: what stands runs to the end of its life, and nothing is assumed beyond.

Chips retire with age as before, their compute sells at the mean price of the last four quarters,
falling at the chain's own rate, and a vintage is switched off when it no longer pays for its power.
A site brings in what wear has left of its cost once its chips are gone, a fab and an empty hall at
once; what that is above the tax book is taxed. No growth, no perpetuity.

    cash_j = sum over vintages of max(hours worth p (1 - d)^(j / 4) - running GW, 0)
             + sites (1 - wear)^j (share of room freed in j), less tax

By hand: one vintage that sells for 100 a quarter at a running cost of 60, price falling 19 % a year
(5.13 % a quarter): 34.9 in the first quarter, 30 in the second, nothing from the tenth on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..chain.index import PROGRAMME
from ..chain.money import RUNOFF
from .deploy import usable
from .pay import depreciation, tax

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State


def run_off(xp: Any, ch: Chain, p: Params, s: State, price: Array) -> Array:
    """By quarter after the horizon: the programme's cash and revenue in constant dollars, and GW
    still running: (3, RUNOFF, P)."""
    m, a = p.money, s.money
    fleet, h, h8 = (x[PROGRAMME] for x in (s.fleet, s.h100e, s.h100e_8bit))
    running, none = m.running[-1], xp.zeros_like(price)
    losses, out = a.losses_unlevered, []
    room = xp.maximum(usable(xp, ch, s.built)[PROGRAMME], 1e-9)
    filled, sites, book = room, a.sites, a.buildings
    for j in range(RUNOFF):
        t = ch.quarters + j
        ages = [max(t - (4 * (v - 1) + 2), 0) for v in range(ch.vintages)]
        stay = 1.0 - p.hazard[xp.array([min(x, len(p.hazard) - 1) for x in ages])]
        fleet, h, h8 = fleet * stay, h * stay, h8 * stay
        worth = (1.0 - m.worth) * h + m.worth * h8
        price_j = price * (1.0 - m.fall) ** ((j + 1) / 4.0)
        sold = m.hours * worth * price_j
        on = sold > running * fleet
        cash = xp.where(on, sold - running * fleet, 0.0).sum(0)
        gw = xp.where(on, fleet, 0.0).sum(0)
        freed = xp.maximum(filled - gw, 0.0) / room
        filled = xp.minimum(filled, gw)
        sites = sites * (1.0 - m.wear_sites)
        cash = cash + sites * freed + (a.fabs if j == 0 else 0.0)
        off, e, b = depreciation(m, a, none, none)
        gone = book * freed  # of the tax book, written off with what it stands for
        a = a._replace(equipment=e, buildings=xp.maximum(b - gone, 0.0))
        due, losses = tax(xp, m, cash * m.index[t] - off - xp.minimum(gone, b), losses)
        out.append(xp.stack([cash - due / m.index[t], xp.where(on, sold, 0.0).sum(0), gw]))
    return xp.stack(out, 1)
