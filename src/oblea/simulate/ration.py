"""Order books: slots of the coming quarters, sold oldest first.

The reference world may hold any slot; the programme, of the slots of quarter h, at most
    s(t) open_h + rho (slots_h - s(t) open_h) - what it holds already,
rho being the share of others' slots that change hands,
and of what two owners ask for in one quarter no more than its proportional part. An order needs a
deposit of d x price. The programme puts down d x price x want, which covers want and no more: what
is admitted is min(claim x want, want), so that a larger claim on the same cash gets nothing more.
Where d is zero a claim costs nothing, and the whole of it is admitted.

By hand: 10 slots open, s = .3, no resale, asks of 8 (programme) and 12 (world): the cap is 3, the
proportional part 4: the programme gets 3 and the world 7.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..chain.index import PROGRAMME, WORLD
from .build import met

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State


def within_reach(xp: Any, t: int, p: Params, s: State) -> Array:
    """Slots that the programme could still buy in the window: (L, E, P)."""
    n = s.free.shape[0]
    own = p.newcomer[t] * p.open[t:t + n]
    cap = own + p.pool_resale * (p.slots[t:t + n] - own) - s.due[PROGRAMME]
    return xp.maximum(xp.minimum(s.free, cap), 0.0)


def requests(xp: Any, ch: Chain, p: Params, starts: Array) -> Array:
    """Slots that starts (R, P) take of each pool: (E, P)."""
    zero = xp.zeros_like(starts[0])
    return xp.stack([sum((p.amount[e, r] * starts[r] for r in rows), zero)
                     for e, rows in enumerate(ch.pool_rows)], 0)


def scale(xp: Any, ch: Chain, starts: Array, ratio: Array) -> Array:
    """Starts cut to what the scarcest of a row's pools grants."""
    out = []
    for r in range(starts.shape[0]):
        least = starts[r]
        for e, rows in enumerate(ch.pool_rows):
            if r in rows:
                least = xp.minimum(least, starts[r] * ratio[e])
        out.append(least)
    return xp.stack(out, 0)


def take(xp: Any, available: Array, amount: Array) -> Array:
    """Of `available` (L, E, P) the earliest slots that make `amount` (E, P)."""
    taken = []
    for slot in available:
        taken.append(xp.minimum(slot, amount))
        amount = amount - taken[-1]
    return xp.stack(taken)


def ration(xp: Any, ch: Chain, t: int, p: Params, s: State, reach: Array, want: Array
           ) -> tuple[Array, Array, Array]:
    """Starts granted (O, R, P), slots left (L, E, P) and slots due (O, L, E, P)."""
    ask = [requests(xp, ch, p, want[o]) for o in (WORLD, PROGRAMME)]
    total = s.free.sum(0)
    funded = xp.where(p.deposit > 0, ask[PROGRAMME], xp.inf)
    admitted = xp.minimum(p.claim * ask[PROGRAMME], funded)
    both = xp.maximum(ask[WORLD] + admitted, 1e-30)
    part = xp.where(both > total, total * (admitted / both), admitted)
    grant = xp.minimum(xp.minimum(reach.sum(0), part), admitted)
    ratio = met(xp, grant, ask[PROGRAMME])
    programme = scale(xp, ch, want[PROGRAMME], ratio)
    taken = take(xp, reach, requests(xp, ch, p, programme))
    free = s.free - taken
    ratio = met(xp, free.sum(0), ask[WORLD])
    world = scale(xp, ch, want[WORLD], ratio)
    others = take(xp, free, requests(xp, ch, p, world))
    return xp.stack([world, programme]), free - others, s.due + xp.stack([others, taken])
