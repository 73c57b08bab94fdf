"""One quarter: build, make, deploy, decide, ration, record.

`step(xp, ch, t, state, params) -> (state, outputs)` is pure; `xp` is the array namespace. No branch
depends on a value in an array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..chain.index import PROGRAMME, WORLD
from . import decide
from .build import build
from .deploy import deploy, usable
from .make import make, output_capacity, within_inputs
from .ration import roll, sales, within_reach
from .rows import total
from .state import Outputs, State

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params


def step(xp: Any, ch: Chain, t: int, s: State, p: Params) -> tuple[State, Outputs]:
    """Quarter `t` of every path."""
    # deliveries of the quarter join what is at hand; its unsold slots are gone
    arrived = s.due[:, 0]
    kit = s.kit + arrived
    capacity = xp.array([s.built[WORLD] + p.given[t], s.built[PROGRAMME]])

    # make and deploy
    cap = output_capacity(xp, ch, t, p, capacity)
    room = usable(xp, ch, capacity)
    fleet = s.fleet.sum(1)
    wanted = s.wanted + p.demand[t]
    most_w = xp.minimum(xp.maximum(wanted - s.deployed, 0.0), decide.CLEAR * p.demand[t])
    need = p.need[t]
    capex = p.capex[t, xp.array(ch.stage_of)]
    owed_b = _owed(xp, p, s.pipe[PROGRAMME], capex)
    cash = xp.maximum(p.pledge[t] - s.spent - owed_b, 0.0)
    aging = p.hazard[2] * 0.0 + 0.05
    empty = xp.maximum(room[PROGRAMME] - fleet[PROGRAMME] * (1.0 - aging), 0.0)
    most_p = xp.minimum(cash / xp.maximum(p.chip_cost[t, PROGRAMME], 1.0), empty)
    most = xp.array([most_w, most_p])
    m = make(xp, ch, t, p, s, cap, need * most[:, None])
    chips = _baskets(xp, need, m.stock)
    d = deploy(xp, ch, t, p, s, room, chips, most)
    used = need * d.x[:, None]
    stock = xp.maximum(m.stock - used, 0.0)

    # decide and ration
    reach = within_reach(xp, t, p, s)
    able = within_inputs(xp, ch, p, cap)
    sight = decide.Sight(capacity, s.under_way, able, room, d.fleet.sum(1), reach, owed_b,
                         stock, s.contract)
    policy = decide.balanced if ch.aim == "compute" else decide.fabs_only
    plans = policy(xp, ch, t, p, s, sight)
    want = xp.array([decide.reference(xp, ch, t, p, sight), plans.starts])
    starts, free, due = sales(xp, ch, p, s, reach, want)

    # build and pay
    pipe, finished, kit_left, installed, paid = build(xp, ch, p, s.pipe, starts, kit)
    under_way = pipe.sum(1)
    works = (paid[PROGRAMME] * (capex * p.cost)).sum(0)
    bill = d.x[PROGRAMME] * p.chip_cost[t, PROGRAMME]
    works = xp.minimum(works, xp.maximum(p.pledge[-1] - s.spent - bill, 0.0))
    spent = works + bill

    # books roll on by a quarter
    free, due = roll(xp, ch, t, p, free, due)
    leads = xp.array(ch.book_lead)
    at = xp.arange(s.contract.shape[0])[:, None] == leads[None, :]
    contract = s.contract + at[:, :, None] * plans.contract[None]
    contract = xp.concatenate([contract[1:], xp.zeros_like(contract[:1])])

    state = State(
        pipe=pipe, under_way=under_way, built=s.built + finished, free=free, due=due,
        kit=kit_left, contract=contract,
        stock=stock, fleet=d.fleet, h100e=d.h100e, h100e_8bit=d.h100e_8bit,
        deployed=s.deployed + d.x[WORLD], wanted=wanted, peak=d.peak, spent=s.spent + spent,
        started=s.started + starts[PROGRAMME],
    )
    rates = plans.rates
    if ch.aim == "fabs":
        hurt = _pools_bind(xp, ch, p, want[PROGRAMME], starts[PROGRAMME])
        rates = xp.concatenate([rates, hurt * rates[:1]])
    out = Outputs(
        gw=d.fleet.sum(1), h100e=d.h100e.sum(1), h100e_8bit=d.h100e_8bit.sum(1), deployed=d.x,
        delivered=d.delivered, retired=d.retired, spent=spent, chips=bill, capacity=capacity,
        leading=sum((capacity[:, r] for r in range(len(ch.rows))
                     if ch.needs_operator[ch.stage_of[r]]), xp.zeros_like(room)),
        made=m.made, used=used, bought=m.bought, ceded=m.ceded, consumed=m.consumed, stock=stock,
        delivered_slots=arrived, installed=installed, kit=kit_left, starts=starts,
        finished=finished,
        pipe=under_way, usable=room,
        binds=rates.argmin(0),
    )
    return state, out


def _owed(xp: Any, p: Params, pipe: Any, capex: Any) -> Any:
    """USD still due on what the programme has under construction: (P,)."""
    left = xp.cumsum(p.pay[::-1])[::-1]
    rest = total([due * stock for due, stock in zip(left, pipe, strict=True)], range(len(left)))
    return (rest * capex * p.cost).sum(0)


def _baskets(xp: Any, need: Any, stock: Any) -> Any:
    """GW that inventories can fill: the least over commodities of stock / need."""
    return xp.where(need > 0, stock / xp.maximum(need, 1e-30), 1e30).min(1)


def _pools_bind(xp: Any, ch: Chain, p: Params, want: Any, got: Any) -> Any:
    """For fabs: share of the starts wished for that each pool's rows were granted, (E, P)."""
    out = []
    for rows in ch.pool_rows:
        mine = [r for r in rows if r not in ch.power_rows]
        asked = sum(want[r] for r in mine) if mine else 0.0 * p.refresh
        out.append(xp.where(asked > 0, sum((got[r] for r in mine), 0.0 * p.refresh)
                            / xp.maximum(asked, 1e-30), 1e6))
    return xp.stack(out)
