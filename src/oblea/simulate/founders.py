"""What the founders had ordered before the programme was announced, and bring in for its term.

They hold a share h of the world's orders, and the world wants less by that share of the chips that
are under contract:

    chips   h x sold x the world's output of each commodity; what has no book counts as sold
    sites   h of the world's dated halls and power, in the programme's regions, paid as they come
    power   h x slots sold, in each book of firm power (`ration`)

Of their chips the programme draws, quarter by quarter, those for which it has room; the others are
the world's.

By hand: h = .1, all sold, 500 wafers made in a quarter, 10 wafers a GW: chips for up to 5 GW.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State


def arrive(xp: Any, ch: Chain, t: int, p: Params, s: State) -> tuple[State, Array, Array]:
    """The state with the founders' sites, and capacity of these (R, P) that came this quarter, and
    that comes within the time for which supply is foreseen and so is under way."""
    came = p.brought[t]
    coming = p.active[t] * p.brought[t + 1 : t + 1 + ch.site_lead].sum(0)
    return s._replace(built=s.built + xp.array([0.0 * came, came]),
                      under_way=s.under_way + xp.array([0.0 * coming, coming])), came, coming


def held(xp: Any, p: Params, when: Any) -> Array:
    """Share of the world's output of each commodity, in the quarter `when` (of each, or of all),
    that was sold to the founders: (C, P)."""
    return p.held[when, xp.arange(p.held.shape[1])]
