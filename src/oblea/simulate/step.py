"""One quarter: look, decide, ration, build, make, deploy, clear, pay, record.

`step(xp, ch, t, state, params) -> (state, outputs)` is pure; `xp` is the array namespace. No branch
depends on a value in an array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..chain.index import PROGRAMME, WORLD
from . import decide, finance, founders
from .build import build
from .clear import clear, effort, pace
from .deploy import deploy, usable
from .make import make, output_capacity, within_inputs
from .pay import Bills, pay
from .ration import at_once, move_up, roll, sales, within_reach
from .rows import total
from .state import Outputs, State

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params

AGING = 0.05  # of a fleet, for which chips are bought a quarter ahead of their leaving


def step(xp: Any, ch: Chain, t: int, s: State, p: Params) -> tuple[State, Outputs]:
    """Quarter `t` of every path."""
    # deliveries of the quarter join what is at hand; its unsold slots are gone
    arrived = s.due[:, 0]
    kit = s.kit + arrived
    price = p.capex[t, xp.array(ch.stage_of)] * p.cost
    m, a = p.money, s.money

    # look: what owners see of the quarter before, and the money there is
    s, came, coming = founders.arrive(xp, ch, t, p, s)
    capacity = xp.array([s.built[WORLD] + p.given[t], s.built[PROGRAMME]])
    room, held = usable(xp, ch, capacity), s.fleet.sum(1)
    m_world = effort(xp, t, m, a.effort, a.trail)
    demand = p.demand[t] * m_world
    wants = a.fleet * m.left[t] + demand
    earns = _earns(xp, t, p, a)
    planned = capacity[PROGRAMME] + s.under_way[PROGRAMME]
    works = decide.site_works(xp, ch, planned, room[PROGRAMME])
    firm, again = _chips_owed(xp, ch, t, p, s, works, room, held, s.filled, earns)
    firm = firm + _owed(xp, p, s.pipe[PROGRAMME], price, came + coming)
    firm = firm + decide.halls_due(xp, ch, planned, price)
    owed = firm + again
    means = finance.means(xp, ch, t, p, a, firm, room[PROGRAMME] + works)
    spent = a.drawn.sum(0) + a.recycled
    s, reach = move_up(xp, s, within_reach(xp, ch, t, p, s))
    able = within_inputs(xp, ch, p, output_capacity(xp, ch, t, p, capacity))
    sight = decide.Sight(
        capacity, s.under_way, able, room, held, reach, s.stock, s.contract,
        money=xp.maximum(means.budget - spent - owed, 0.0) * p.active[t],
        flow=_funders_flow(xp, t, p, means), earns=earns,
        target=_target(xp, ch, t, p, m_world, wants), demand=demand)

    # decide, ration, build
    policy = decide.balanced if ch.aim == "compute" else decide.fabs_only
    plans = policy(xp, ch, t, p, s, sight)
    want = xp.array([decide.reference(xp, ch, t, p, sight), plans.starts])
    starts, free, (others, mine) = sales(xp, ch, p, s, reach, want)
    mine, now = at_once(p, s, mine)
    arrived, kit = (xp.array([x[WORLD], x[PROGRAMME] + now]) for x in (arrived, kit))
    pipe, finished, kit_left, installed, paid = build(
        xp, ch, p, s.pipe, starts, kit, pace(xp, m, a.trail))
    bills = (paid[PROGRAMME] + came) * price
    under_way = pipe.sum(1)
    capacity = capacity + finished

    # make and deploy
    cap = output_capacity(xp, ch, t, p, capacity)
    room = usable(xp, ch, capacity)
    wanted = s.wanted + demand
    most_w = xp.minimum(xp.maximum(wanted - s.deployed, 0.0), decide.CLEAR * demand)
    planned = capacity[PROGRAMME] + under_way[PROGRAMME] + coming
    after = _owed(xp, p, pipe[PROGRAMME], price, coming)
    after = after + decide.halls_due(xp, ch, planned, price)
    cash = xp.maximum(means.budget - spent - bills.sum(0) - after, 0.0)
    works = decide.site_works(xp, ch, planned, room[PROGRAMME])
    can = cash / xp.maximum(p.chip_cost[t, PROGRAMME], 1.0)
    most_p = earns * _chips_asked(xp, room[PROGRAMME], held[PROGRAMME], s.filled[PROGRAMME], works,
                                  can)
    most = xp.array([most_w, most_p])
    need = p.need[t]
    spot = p.instant * decide.shares(xp, ch, t, p, p.newcomer[t]) * cap[WORLD]
    spot = spot + founders.held(xp, p, t) * within_inputs(xp, ch, p, cap)[WORLD]
    made = make(xp, ch, t, p, s, cap, need * most[:, None], spot)
    chips = _baskets(xp, need, made.stock)
    d = deploy(xp, ch, t, p, s, room, chips, most)
    used = need * d.x[:, None]
    stock = xp.maximum(made.stock - used, 0.0)

    # clear and pay
    h, h8, fleet = d.h100e.sum(1), d.h100e_8bit.sum(1), d.fleet.sum(1)
    c = clear(xp, t, m, a, h, h8)
    sites = total(bills, (*ch.hall_rows, *ch.power_rows))
    plants = total(bills, ch.fab_rows) + 0.0 * sites
    bill = Bills(
        hours=c.hours[PROGRAMME], price=c.mean[PROGRAMME],
        sold=(m.price[t] * made.made[PROGRAMME]).sum(0),
        fabs=m.fab_cost * (m.price[t] * cap[PROGRAMME]).sum(0), fleet=fleet[PROGRAMME],
        chips=d.x[PROGRAMME] * p.chip_cost[t, PROGRAMME], sites=sites, plants=plants)
    firm, again = _chips_owed(xp, ch, t, p, s, works, room, fleet, d.filled, earns)
    firm = after + firm
    left = firm + m.reinvest * again
    # Own cash is kept as the last tenth of outside money is committed: before that nobody needs it.
    tight = (spent + left) / xp.maximum(means.outside, 1.0)
    keep = m.reinvest * xp.clip(10.0 * tight - 9.0, 0.0, 1.0) * p.active[t]
    books, flows = pay(xp, ch, t, m, a, means, bill, left, keep)
    done = (finished[PROGRAMME] + came) * price
    spent_now = bill.chips + sites + plants
    books = books._replace(
        contract=c.contract, hours=c.hours, trail=c.trail, effort=m_world, fleet=wants,
        working=a.working + bill.chips + done.sum(0),
        paid=xp.concatenate([(spent + spent_now)[None], a.paid[:-1]]),
        sites=(a.sites + sites) * (1.0 - m.wear_sites),
        fabs=(a.fabs + plants) * (1.0 - m.wear_fabs))
    books = books._replace(tranche=finance.tranches(xp, m, books, firm, c.trail))

    # books of orders roll on by a quarter
    free, due = roll(xp, ch, t, p, free, (others, mine))
    leads = xp.array(ch.book_lead)
    at = xp.arange(s.contract.shape[0])[:, None] == leads[None, :]
    contract = s.contract + at[:, :, None] * plans.contract[None]
    contract = xp.concatenate([contract[1:], xp.zeros_like(contract[:1])])

    state = State(
        pipe=pipe, under_way=under_way, built=s.built + finished, free=free, due=due,
        kit=kit_left, contract=contract,
        stock=stock, fleet=d.fleet, h100e=d.h100e, h100e_8bit=d.h100e_8bit,
        deployed=s.deployed + d.x[WORLD], wanted=wanted, filled=d.filled,
        started=s.started + starts[PROGRAMME], money=books,
    )
    pledge = p.money_rate[t] / p.unit_cost[t]
    pools = (_pools_bind(xp, ch, p, want[PROGRAMME], starts[PROGRAMME]) * pledge
             if ch.aim == "fabs" else xp.full_like(arrived[0], 1e30))
    rates = xp.concatenate([plans.rates, pools, pledge[None]])
    out = Outputs(
        gw=fleet, h100e=h, h100e_8bit=h8, deployed=d.x,
        delivered=d.delivered, retired=d.retired, spent=spent_now, chips=bill.chips, plants=plants,
        capacity=capacity,
        leading=sum((capacity[:, r] for r in range(len(ch.rows))
                     if ch.needs_operator[ch.stage_of[r]]), xp.zeros_like(room)),
        made=made.made, used=used, bought=made.bought, ceded=made.ceded, consumed=made.consumed,
        stock=stock, delivered_slots=arrived, installed=installed, kit=kit_left, starts=starts,
        finished=finished, pipe=under_way, usable=room, binds=rates.argmin(0),
        brought=came + 0.0 * starts[PROGRAMME],
        spot=c.spot, price=c.price, trail=c.trail, effort=m_world, paid_by=c.paid,
        earned=c.hours * c.mean, revenue=flows.revenue, running=flows.running, tax=flows.tax,
        interest=flows.interest, repaid=flows.repaid, ahead=flows.ahead, outside=flows.outside,
        support=flows.support, recycled=flows.recycled, distributed=flows.distributed,
        called=flows.called, free=flows.free, debt=flows.debt, held=flows.held,
        tranche=books.tranche,
    )
    return state, out


def _funders_flow(xp: Any, t: int, p: Params, w: finance.Means) -> Any:
    """USD that funders could pay in this quarter, where it is they or their terms and not the
    pledge's own pace that limit what may be ordered: (P,)."""
    short = (w.outside < 0.999 * p.pledge[t]) & (p.active[t] > 0)
    return xp.where(short, xp.minimum(p.money.limit[t].sum(0), w.left.sum(0)), 1e30)


def _earns(xp: Any, t: int, p: Params, a: finance.Accounts) -> Any:
    """1 in the term, 0 before it; after it 1 while new chips in standing halls earn the hurdle."""
    m = p.money
    after = xp.where(a.trail * m.full[t] >= m.again[t], 1.0, 0.0) * (p.active[: t + 1].sum() > 0)
    return xp.maximum(after, p.active[t])


def _target(xp: Any, ch: Chain, t: int, p: Params, effort: Any, wants: Any) -> Any:
    """Capacity that the reference world aims at, one lead ahead: (S, P)."""
    m = p.money
    return xp.stack([p.target[t, k] * effort if kind == "fab"
                     else m.keep[t, k] * wants + m.adds[t, k] * effort
                     for k, kind in enumerate(ch.kinds)])


def _owed(xp: Any, p: Params, pipe: Any, price: Any, sites: Any) -> Any:
    """USD still due on what the programme has under construction and its founders' sites: (P,)."""
    left = xp.cumsum(p.pay[::-1])[::-1]
    rest = total([due * stock for due, stock in zip(left, pipe, strict=True)], range(len(left)))
    return ((rest + sites) * price).sum(0)


def _chips_owed(xp: Any, ch: Chain, t: int, p: Params, s: State, works: Any, room: Any, fleet: Any,
                filled: Any, earns: Any) -> tuple[Any, Any]:
    """USD of chips for sites under way (P,) and for halls never filled, and of chips for halls
    whose own have gone; after the term of these no more than are under contract, while they earn
    the hurdle: (P,) each."""
    gap = xp.maximum(room[PROGRAMME] - fleet[PROGRAMME], 0.0)
    new = earns * xp.minimum(xp.maximum(room[PROGRAMME] - filled[PROGRAMME], 0.0), gap)
    coming = _baskets(xp, p.need[t], (s.contract.sum(0) + s.stock[PROGRAMME])[None])[PROGRAMME]
    again = earns * xp.minimum(gap - new, xp.where(p.active[t] > 0, xp.inf, coming))
    cost = p.chip_cost[t, PROGRAMME]
    return (works + new) * cost, xp.maximum(again, 0.0) * cost


def _chips_asked(xp: Any, room: Any, fleet: Any, filled: Any, works: Any, can: Any) -> Any:
    """GW of chips that the programme asks for: halls never filled first; for halls whose chips have
    gone or will go, what money (`can`, GW) is left once sites under way have theirs: (P,)."""
    new = xp.maximum(room - filled, 0.0)
    again = xp.maximum(room - fleet * (1.0 - AGING) - new, 0.0)
    return xp.minimum(can, new) + xp.minimum(xp.maximum(can - new - works, 0.0), again)


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
