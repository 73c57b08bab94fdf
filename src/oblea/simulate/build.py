"""Construction: stocks of capacity pass the phases, gated by delivered tools and power kit.

out_k = stock_k / (1 + d_k): the mean stay in phase k is d_k quarters. What leaves the shell phase
needs its slots at hand: with a need n and a kit q, the flow is cut to min(1, q / n), row by row by
the scarcest pool it uses; the kit that is used is gone. Owners who would not be repaid let works
advance at a part of their pace.

By hand: 100 wspm enter a chain of phases of 1, 0 quarters: 50 leave at once, 25 in the next, ...;
with 10 tools at hand and .5 tools a wspm, 20 pass and 30 wait.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .rows import at

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array

SHELL = 1


def build(xp: Any, ch: Chain, p: Params, pipe: Array, starts: Array, kit: Array,
          pace: Array | float = 1.0) -> tuple[Array, Array, Array, Array, Array]:
    """One quarter of construction.

    Returns the pipeline (O, K, R, P), what was finished (O, R, P), the kit left and installed
    (O, E, P), and the share of the capital cost that fell due, as capacity (O, R, P).
    """
    flow, due, phases = starts, xp.zeros_like(starts), []
    installed = xp.zeros_like(kit)
    for k in range(pipe.shape[1]):
        stock = pipe[:, k] + flow
        flow = stock * (p.rate[k] * pace)
        if k == SHELL:
            flow, installed = _gate(xp, ch, p, flow, kit)
        stock -= flow  # of this function's own making: nobody else's array changes
        phases.append(stock)
        due += p.pay[k] * flow
    return xp.stack(phases, 1), flow, kit - installed, installed, due


def met(xp: Any, have: Array, need: Array) -> Array:
    """Share of a need that can be met; all of it where nothing is needed."""
    return xp.where(need > 0, xp.minimum(1.0, have / xp.maximum(need, 1e-30)), 1.0)


def _gate(xp: Any, ch: Chain, p: Params, flow: Array, kit: Array) -> tuple[Array, Array]:
    """The flow that finds its kit, and the kit that it takes."""
    flow = scale(xp, ch, flow, met(xp, kit, requests(xp, ch, p, flow)))
    return flow, xp.minimum(requests(xp, ch, p, flow), kit)


def requests(xp: Any, ch: Chain, p: Params, starts: Array) -> Array:
    """Slots that starts (..., R, P) take of each pool: (..., E, P)."""
    if not ch.pools:
        return starts[..., :0, :]
    each = [p.amount[e, rows[0]] * starts[..., rows[0], :] if len(rows) == 1 else
            (p.amount[e, at(rows)] * starts[..., at(rows), :]).sum(-2)
            for e, rows in enumerate(ch.pool_rows)]
    return xp.array(each).swapaxes(0, -2)


def scale(xp: Any, ch: Chain, starts: Array, ratio: Array) -> Array:
    """Starts (..., R, P) cut to what the scarcest of a row's pools grants of them, (..., E, P)."""
    free = xp.ones_like(starts[..., :1, :])
    ratio = xp.concatenate([xp.minimum(ratio, 1.0), free], -2)
    first, *others = ch.row_pools
    share = ratio[..., first, :]
    for pools in others:
        share = xp.minimum(share, ratio[..., pools, :])
    return starts * share
