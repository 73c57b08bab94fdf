"""Order books: slots of the coming quarters, sold oldest first.

The reference world may hold any slot; the programme, of the slots of quarter h, at most
    own_h + rho_h (slots_h - own_h) - what it holds already,
    own_h = s(t) open_h + b (slots_h - open_h)
b being the share of sold slots that its founders bring in, rho_h that of others' that has changed
hands since they were sold, or since the programme began (`params.resold`),
and of what two owners ask for in one quarter no more than its proportional part. An order needs a
deposit of d x price. The programme puts down d x price x want, which covers want and no more: what
is admitted is min(claim x want, want), so that a larger claim on the same cash gets nothing more.
Where d is zero a claim costs nothing, and the whole of it is admitted.

Deliveries go oldest first. As a newcomer's share grows, earlier slots come within the programme's
reach: what it holds moves up to them before it orders anew, and later slots are free again. The
world, which no share limits, takes the earliest as they open.

By hand: 10 slots open, s = .3, no resale, asks of 8 (programme) and 12 (world): the cap is 3, the
proportional part 4: the programme gets 3 and the world 7.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..chain.index import PROGRAMME, WORLD
from .build import met, requests, scale

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State

    Quarters = Array | Sequence[Array]  # of the window, each (E, P)


def within_reach(xp: Any, ch: Chain, t: int, p: Params, s: State) -> Array:
    """Slots that the programme could still buy in the window: (L, E, P)."""
    n = s.free.shape[0]
    to_go = xp.arange(n)[:, None]
    held = xp.clip(xp.array(ch.pool_lead, dtype=int) - to_go, 0, max(t - ch.start, 0))
    own = own_slots(p, t, p.slots[t:t + n], p.open[t:t + n])
    cap = p.slots[t:t + n] - own  # an array of this function's own, worked on in place
    cap *= p.resold[held]
    cap += own
    cap -= s.due[PROGRAMME]
    return xp.maximum(xp.minimum(s.free, cap), 0.0)


def own_slots(p: Params, t: int, slots: Array, unsold: Array, pools: Any = slice(None)) -> Array:
    """The programme's share of unsold slots, with its founders' of those sold."""
    return p.newcomer[t] * unsold + p.active[t] * p.brings_pool[pools] * (slots - unsold)


def move_up(xp: Any, s: State, reach: Array) -> tuple[State, Array]:
    """The books once the programme's orders have moved up to the earliest slots within its reach
    (L, E, P), and what is within reach then:

        due_h = min(could_h, all held - sum over k < h of due_k),  could_h = reach_h + held_h

    Slots of the quarter itself are being delivered and stay.
    """
    held = s.due[PROGRAMME]
    could = reach + held
    now = xp.concatenate([held[:1], take(xp, could[1:], held[1:].sum(0))])
    free = s.free + held - now
    due = xp.array([s.due[WORLD], now])
    return s._replace(free=free, due=due), could - now


def take(xp: Any, available: Array, amount: Array) -> Array:
    """Of `available` (L, E, P) the earliest slots that make `amount` (E, P)."""
    _, taken = _sell(xp, available, available, xp.zeros_like(available), amount)
    return xp.array(taken)


def _sell(xp: Any, free: Quarters, reach: Quarters, held: Quarters, amount: Array
          ) -> tuple[list[Array], list[Array]]:
    """Slots left free and slots held once the earliest within reach that make `amount` are sold.

    Quarter by quarter of the window, so that what is worked on fits the cache.
    """
    left, due = [], []
    for slots, most, had in zip(free, reach, held, strict=True):
        sold = xp.minimum(most, amount)
        amount = amount - sold
        left.append(slots - sold)
        due.append(had + sold)
    return left, due


def ration(xp: Any, ch: Chain, t: int, p: Params, s: State, reach: Array, want: Array
           ) -> tuple[Array, Array, Array]:
    """Starts granted (O, R, P), slots left (L, E, P) and slots due (O, L, E, P)."""
    starts, free, due = sales(xp, ch, p, s, reach, want)
    return starts, xp.array(free), xp.array(due)


def sales(xp: Any, ch: Chain, p: Params, s: State, reach: Array, want: Array
          ) -> tuple[Array, list[Array], list[list[Array]]]:
    """What `ration` says, the books as lists of their quarters."""
    ask = requests(xp, ch, p, want)
    total = s.free.sum(0)
    funded = xp.where(p.deposit > 0, ask[PROGRAMME], xp.inf)
    admitted = xp.minimum(p.claim * ask[PROGRAMME], funded)
    both = xp.maximum(ask[WORLD] + admitted, 1e-30)
    part = xp.where(both > total, total * (admitted / both), admitted)
    grant = xp.minimum(xp.minimum(reach.sum(0), part), admitted)
    programme = scale(xp, ch, want[PROGRAMME], met(xp, grant, ask[PROGRAMME]))
    free, mine = _sell(xp, s.free, reach, s.due[PROGRAMME], requests(xp, ch, p, programme))
    world = scale(xp, ch, want[WORLD], met(xp, sum(free), ask[WORLD]))
    left, others = _sell(xp, free, free, s.due[WORLD], requests(xp, ch, p, world))
    return xp.array([world, programme]), left, [others, mine]


def at_once(p: Params, s: State, mine: Quarters) -> tuple[Quarters, Array]:
    """Where a pool has no end and ordering takes no time, the programme's slots of this quarter are
    delivered in it: what is still due, and what came (E, P)."""
    new = [p.at_once * (slot - held) for slot, held in zip(mine, s.due[PROGRAMME], strict=True)]
    return [slot - x for slot, x in zip(mine, new, strict=True)], sum(new)


def roll(xp: Any, ch: Chain, t: int, p: Params, free: Quarters, due: Iterable[Quarters]
         ) -> tuple[Array, Array]:
    """The books a quarter on: a further quarter of each pool opens, one lead ahead; the slots of
    the quarter that begins and were not sold are gone."""
    none = xp.zeros_like(free[0])
    ahead = [*free[1:], none]
    leads = xp.array(ch.pool_lead, dtype=int)[:, None]
    for lead in set(ch.pool_lead):
        ahead[lead] = ahead[lead] + xp.where(leads == lead, p.slots[t + 1 + lead], 0.0)
    return xp.array([none, *ahead[1:]]), xp.array([[*held[1:], none] for held in due])
