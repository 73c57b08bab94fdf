"""Production by level of the chain, and who gets it.

output = min(capacity x uptime x AI's share, what is asked for, inputs / need per unit). The
programme's part of the reference world's output is what it has under contract; of an input it may
take its own and, of the world's, its newcomer's share. What the programme's capacity makes beyond
its own need is offered to the world. HBM takes at most kappa of the DRAM wafers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..chain.index import PROGRAMME, WORLD
from .rows import total

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State


class Made(NamedTuple):
    made: Array  # (O, C, P) by whose capacity
    bought: Array  # (C, P) from the world to the programme
    ceded: Array  # (C, P) from the programme to the world
    consumed: Array  # (C, P)
    stock: Array  # (O, C, P) before deployment


def output_capacity(xp: Any, ch: Chain, t: int, p: Params, capacity: Array) -> Array:
    """Output a quarter that capacity (O, R, P) could make for AI: (O, C, P)."""
    tt = min(t, p.output.shape[0] - 1)
    world, own = (xp.array([total(capacity[o], rows) for rows in ch.producers])
                  for o in (WORLD, PROGRAMME))
    effect = xp.where(xp.array(ch.operated, dtype=bool)[:, None], p.own_effect[tt], 1.0)
    return p.output[tt] * xp.array([world * p.ai_share[tt], own * effect])


def within_inputs(xp: Any, ch: Chain, p: Params, cap: Array) -> Array:
    """Output a quarter that inputs allow too, were all of them free: what policies count on."""
    out = [cap[:, c] for c in range(len(ch.commodities))]
    for c in ch.level:
        for i, (made, used) in enumerate(ch.inputs):
            if made == c:
                most = p.at_most[i] * (out[used][0] + out[used][1]) / p.input[i]
                out[c] = xp.minimum(out[c], most)
    return xp.stack(out, 1)


def make(xp: Any, ch: Chain, t: int, p: Params, s: State, cap: Array, want: Array, spot: Array
         ) -> Made:
    """want: (O, C, P) units that each owner would like to have in stock for this quarter; spot:
    (C, P) what the programme could buy of the world's output without a contract of its own."""
    made, bought, ceded, consumed, after = {}, {}, {}, {}, {}
    zero = xp.zeros_like(p.refresh)
    lack = {c: xp.maximum(want[:, c] - s.stock[:, c], 0.0) for c in range(len(ch.commodities))}
    for c in ch.level:
        own_need = lack[c][PROGRAMME]
        ours = cap[PROGRAMME, c]
        more = xp.maximum(own_need - ours - s.contract[0, c], 0.0)
        contract = s.contract[0, c] + xp.minimum(spot[c], more)
        theirs = xp.minimum(cap[WORLD, c], lack[c][WORLD] + contract)
        # Spare capacity of the programme sells to the world what the world's own cannot make.
        spare = xp.maximum(ours - own_need, 0.0)
        sell = xp.minimum(spare, xp.maximum(lack[c][WORLD] + contract - theirs, 0.0))
        ours = xp.minimum(ours, own_need + sell)
        if c in ch.used_as_input:  # what is made for other stages is used as it is made
            theirs, ours = cap[WORLD, c], cap[PROGRAMME, c]
        for i, (product, used) in enumerate(ch.inputs):
            if product != c:
                continue
            pool = p.at_most[i] * (made[used][0] + made[used][1]) - consumed.get(used, zero)
            reach = (made[used][1] + p.newcomer[t] * made[used][0]) * p.at_most[i]
            mine = xp.minimum(ours * p.input[i], xp.minimum(reach, pool))
            other = xp.minimum(theirs * p.input[i], xp.maximum(pool - mine, 0.0))
            ours, theirs = mine / p.input[i], other / p.input[i]
            consumed[used] = consumed.get(used, zero) + mine + other
        made[c] = (theirs, ours)
        bought[c] = xp.minimum(contract, theirs)  # contracts are met first: they were signed first
        ceded[c] = xp.minimum(sell, xp.maximum(ours - own_need, 0.0))
        if c in ch.used_as_input:
            bought[c] = ceded[c] = zero
            after[c] = s.stock[:, c]
        else:
            after[c] = s.stock[:, c] + xp.array([theirs - bought[c] + ceded[c],
                                                 ours - ceded[c] + bought[c]])
    order = range(len(ch.commodities))
    # An input's capacity that nobody asked for stands idle: it was not made.
    done = [made[c] if c not in ch.used_as_input else
            _split(xp, consumed.get(c, zero), made[c]) for c in order]
    return Made(
        made=xp.array(done).swapaxes(0, 1),
        bought=xp.array([bought[c] for c in order]), ceded=xp.array([ceded[c] for c in order]),
        consumed=xp.array([consumed.get(c, zero) for c in order]),
        stock=xp.array([after[c] for c in order]).swapaxes(0, 1))


def _split(xp: Any, used: Array, able: tuple[Array, Array]) -> tuple[Array, Array]:
    share = used / xp.maximum(able[0] + able[1], 1e-30)
    return able[0] * share, able[1] * share
