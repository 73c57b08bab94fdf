"""The price of compute: a pool of money meets the hours that the fleet offers.

    spot = p (pool / (p H))^(1 / e)

p: full cost of new compute (`chain.money.full_cost`), pool: what users, owners and investors would
pay a quarter at that price, H: hours sold, e: elasticity of demand. A share k of an owner's hours
is on contracts at a fixed price. What was installed since the last quarter, and a part r of the
rest, is signed anew at the level price l spot, which is worth as much as a falling spot over the
contract:

    l = (r + i) / (r + i + d)    n = 1 - (1 - r) min(1, H_before / H)
    contract' = contract + n (l spot - contract)         mean = k contract + (1 - k) spot

with i the cost of capital and d the fall of the full cost, a quarter's.

What is paid is the sum of mean x hours over owners, divided over the three as the pool is: revenue
is counted once.

Without the mechanism *elasticity* the programme's hours are not in H: demand takes them at the
price of the rest.

By hand: pool 120, p = 1, H = 80, e = 2: spot = 1.5^.5 = 1.2247.

Returns move owners. With q the trailing price over full cost, the reference world's capex is its
dated forecast times an effort m,

    m' = m exp(clip(response ln q, -swing, swing) / 4)   from the date on which forecasts end,

and works advance at min(1, q / pause) of their pace: owners slow what the price would not repay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from ..chain.money import Money
    from ..chain.values import Array
    from .finance import Accounts

TINY = 1e-30
FAR = 50.0  # price over full cost is held between one fiftieth and fifty


class Cleared(NamedTuple):
    spot: Array  # (P,) USD an H100e-hour
    contract: Array  # (O, P)
    mean: Array  # (O, P) what an owner earns an hour
    price: Array  # (P,) the mean over all hours
    paid: Array  # (3, P) USD a quarter: users, owners, investors
    hours: Array  # (O, P) sold
    trail: Array  # (P,) trailing price over full cost


def spot_price(xp: Any, m: Money, pool: Array, full: Array, hours: Array) -> Array:
    """Price (P,) at which `hours` (P,) are bought, of a `pool` (3, P) of money and a full cost."""
    ratio = pool.sum(0) / xp.maximum(full * hours, TINY)
    return full * xp.clip(xp.clip(ratio, 1e-12, 1e12) ** m.bend, 1.0 / FAR, FAR)


def clear(xp: Any, t: int, m: Money, a: Accounts, h100e: Array, h8: Array) -> Cleared:
    """h100e, h8: compute in service (O, P); a: what is remembered of the quarter before."""
    worth = (1.0 - m.worth) * h100e + m.worth * h8
    hours = m.hours * worth
    total = hours.sum(0)
    pool = m.pool[t].sum(0)
    spot = spot_price(xp, m, m.pool[t], m.full[t], (m.counted * hours).sum(0))
    signed = m.level * spot
    new = 1.0 - (1.0 - m.renew) * xp.minimum(1.0, a.hours / xp.maximum(hours, TINY))
    # The first contracts were signed at the first quarter's price.
    old = xp.where(a.contract > 0, a.contract, signed)
    contract = old + new * (signed - old)
    mean = m.contracts * contract + (1.0 - m.contracts) * spot
    earned = (mean * hours).sum(0)
    price = xp.where(total > 0, earned / xp.maximum(total, TINY), spot)
    paid = earned * m.pool[t] / xp.maximum(pool, TINY)
    now = price / m.full[t]
    before = xp.where(a.trail > 0, a.trail, now)
    return Cleared(spot, contract, mean, price, paid, hours, before + m.smooth * (now - before))


def effort(xp: Any, t: int, m: Money, old: Array, trail: Array) -> Array:
    """The reference world's capex over its dated forecast."""
    push = xp.clip(m.response * xp.log(xp.maximum(trail, 1e-3)), -m.swing, m.swing)
    return old * xp.exp(m.follow[t] * xp.where(trail > 0, push, 0.0) / 4.0)


def pace(xp: Any, m: Money, trail: Array) -> Array:
    """Share of their pace at which works advance."""
    slow = xp.minimum(1.0, trail / xp.maximum(m.pause, TINY))
    return xp.where((m.pause > 0) & (trail > 0), slow, 1.0)
