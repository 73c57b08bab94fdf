"""What owners order: policies turn what an owner can see into starts and contracts.

*Reference*: a stage's starts close the gap between its target one lead ahead and what stands, is
under way, or was decided; the target follows dated demand. A share `response` of what the
programme has under contract is added to the target: suppliers invest when a newcomer buys.

*Balanced*: money not yet owed, a = may be ordered - spent - owed, pays for fabs up to the share of
its need that is to be made in own hands, then for sites, as many GW as
    min(a / unit cost, chips expected by the time they must be filled - sites under way or empty);
sites go to regions by weight and to routes by the slots within reach; halls follow the power that
was granted a quarter later, and are under way and owed from the start. Contracts
for chips fill the room that will stand empty. After the term nothing new is started, and chips are
renewed only while they earn the hurdle.

*Fabs*: a is split over stages and all of it is started, as operators and tools allow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..chain.index import PROGRAMME, WORLD
from .founders import held
from .ration import own_slots
from .rows import at, total

if TYPE_CHECKING:
    from ..chain.index import Chain
    from ..chain.params import Params
    from ..chain.values import Array
    from .state import State

TINY = 1e-30
NO_QUEUE = 1e6  # GW within reach of power that waits for no pool
CLEAR = 2.0  # quarters over which a backlog of the reference world is worked off


class Plans(NamedTuple):
    starts: Array  # (O, R, P) wanted
    contract: Array  # (C, P) units that the programme orders for one book lead ahead
    rates: Array  # (2 + C + 1, P) GW a quarter: funders, power, each commodity; then operators


class Sight(NamedTuple):
    """What both policies can see at a quarter."""

    capacity: Array  # (O, R, P)
    pipe: Array  # (O, R, P)
    cap: Array  # (O, C, P) output a quarter
    room: Array  # (O, P) GW
    fleet: Array  # (O, P) GW
    reach: Array  # (L, E, P) slots that the programme could buy
    stock: Array  # (O, C, P)
    contract: Array  # (L, C, P)
    money: Array  # (P,) that may still be ordered with
    flow: Array  # (P,) that funders could pay in a quarter, where they and not the pledge limit it
    earns: Array  # (P,) 1 in the term, and while chips in standing halls earn the hurdle
    target: Array  # (S, P) of the reference world
    demand: Array  # (P,) GW that the reference world wants to deploy


def stage_sum(ch: Chain, x: Array, stage: int) -> Array:
    return total(x, ch.stage_rows[stage])


def reference(xp: Any, ch: Chain, t: int, p: Params, v: Sight) -> Array:
    """The reference world's starts: (R, P)."""
    stands = v.pipe[WORLD] + v.capacity[WORLD] - p.given[t] + _given_later(xp, ch, t, p)
    out: list[Any] = [None] * len(ch.rows)
    asked = v.contract.sum(0) / xp.array(ch.book_lead)[:, None]  # a quarter's, on average
    more = p.response * asked / xp.maximum(p.output[t] * p.ai_share[t], TINY)
    for s, rows in enumerate(ch.stage_rows):
        kind = ch.kinds[s]
        if kind == "power":
            continue
        add = more[ch.stage_makes[s]] if kind == "fab" else 0.0
        gap = xp.maximum(v.target[s] + add - total(stands, rows), 0.0)
        weight = xp.maximum(total(p.share, rows), TINY)
        starts = gap * p.share[at(rows)] / weight * p.planned[t, at(rows)][:, None]
        for r, x in zip(rows, starts, strict=True):
            out[r] = x
    _power(xp, ch, t, p, v, stands, out)
    return xp.array([o if o is not None else xp.zeros_like(p.refresh) for o in out])


def _given_later(xp: Any, ch: Chain, t: int, p: Params) -> Array:
    """Dated capacity of each row one lead ahead: (R, P or 1)."""
    later = xp.minimum(t + xp.array(ch.row_lead, dtype=int), p.given.shape[0] - 1)
    return p.given[later, xp.arange(len(ch.rows))]


def _power(xp: Any, ch: Chain, t: int, p: Params, v: Sight, stands: Array, out: list[Any]) -> None:
    """Power follows halls, region by region; routes by weight and by the slots still unsold."""
    for _, hall, routes in ch.sites:
        lead = min(t + ch.row_lead[hall], p.given.shape[0] - 1)
        halls = (v.capacity[WORLD, hall] - p.given[t, hall] + p.given[lead, hall]
                 + v.pipe[WORLD, hall] + out[hall])
        gap = xp.maximum(halls - total(stands, routes), 0.0)
        weight = xp.maximum(total(p.share, routes), TINY)
        for r in routes:
            out[r] = gap * p.share[r] / weight * p.planned[t, r]


def shares(xp: Any, ch: Chain, t: int, p: Params, newcomer: Array) -> Array:
    """Share of a commodity's output that the programme could contract for one lead ahead, beside
    what its founders hold, with a share `newcomer` (P,) of what is unsold: in a quarter as much is
    resold, of all that is under contract, as of one quarter's output in a whole lead."""
    leads = xp.array(ch.book_lead, dtype=int)
    later = xp.minimum(t + leads, p.sold.shape[0] - 1)
    got = newcomer * (1.0 - p.sold[later, xp.arange(len(ch.book_lead))])
    theirs = held(xp, p, later)
    got = xp.minimum(got, 1.0 - theirs)
    rest = 1.0 - got - theirs
    # Without an order book anyone may buy what is made.
    booked = xp.array(ch.booked, dtype=bool)[:, None]
    return xp.where(booked, xp.minimum(got + p.resold[leads] * rest, 1.0), 1.0)


def balanced(xp: Any, ch: Chain, t: int, p: Params, s: State, v: Sight) -> Plans:
    """The programme's wishes where it aims at compute."""
    need = xp.maximum(p.need[t, PROGRAMME], 0.0)
    later = p.need[min(t + ch.site_lead, p.need.shape[0] - 1), PROGRAMME]
    planned = v.capacity[PROGRAMME] + v.pipe[PROGRAMME]
    site_pipe = site_works(xp, ch, planned, v.room[PROGRAMME])
    slots = _within(xp, ch, p, v)
    weights = {r: p.region[r] * slots[r] for r in ch.power_rows}
    whole = xp.maximum(sum(weights.values()), TINY)
    weights = {r: w / whole for r, w in weights.items()}
    cost = p.chip_cost[t, PROGRAMME] + _site_cost(ch, t, p, weights)
    empty = xp.maximum(v.room[PROGRAMME] - v.fleet[PROGRAMME], 0.0)
    money = v.money
    near = min(t + ch.site_lead // 2, p.given.shape[0] - 1)
    stands = v.capacity[WORLD] + v.pipe[WORLD] + p.given[near] - p.given[t]
    grow = [total(stands, rows) / xp.maximum(total(v.capacity[WORLD], rows), TINY)
            for rows in ch.producers]
    for c in ch.level:  # a commodity grows no faster than what it is made of
        for made, used in ch.inputs:
            if made == c:
                grow[c] = xp.minimum(grow[c], grow[used])
    share = shares(xp, ch, t, p, p.newcomer[t])
    reach = shares(xp, ch, t, p, p.newcomer_ahead[t])
    coming = xp.array([total(v.pipe[PROGRAMME], rows) for rows in ch.producers])
    own = v.cap[PROGRAMME] + p.output[t] * coming
    ours = held(xp, p, t) * v.cap[WORLD]
    supply = (reach * v.cap[WORLD] + ours) * xp.array(grow) + own
    # What nobody will need stops nobody, even where there is none of it.
    rates = xp.where(later > 0, supply / xp.maximum(later, TINY), 1e30)
    potential = rates.min(0)
    power_rate = _power_rate(xp, ch, t, p)
    money_rate = v.flow / cost

    # Fabs first: they are cheap beside what they fill.
    # A stage is sized on what money, power and all the other commodities let be filled.
    pace = xp.minimum(p.money_rate[t] / cost, power_rate)
    fabs = {}
    for st, rows in enumerate(ch.stage_rows):
        if ch.kinds[st] != "fab":
            continue
        c = ch.stage_makes[st]
        others = [rates[k] for k in range(len(ch.commodities)) if k != c]
        fill = xp.minimum(pace, xp.array(others).min(0)) if others else pace
        aim = xp.maximum(p.own[st] * need[c] * fill / xp.maximum(p.output[t, c], TINY),
                         p.modules[st])
        gap = xp.maximum(aim - stage_sum(ch, planned, st), 0.0)
        _spread(xp, p, rows, gap, fabs)
    fabs, operator = _operator(xp, ch, t, p, s, fabs)
    bill = sum(x * p.capex[t, ch.stage_of[r]] * p.cost[r] for r, x in fabs.items())
    cut = xp.minimum(1.0, money / xp.maximum(bill, TINY))
    money = money - bill * cut
    # No more sites than chips fill in time, nor than their flow keeps filled once the first retire.
    wish = xp.minimum(sites_in_time(xp, ch, p, s, v, potential, empty + site_pipe),
                      potential * p.life - site_pipe - v.room[PROGRAMME])
    wish = xp.maximum(wish, 0.0)
    sites = xp.minimum(wish, money / cost)
    none = xp.zeros_like(cost)
    out = [fabs[r] * cut if r in fabs else none for r in range(len(ch.rows))]
    for _, hall, routes in ch.sites:
        for r in routes:
            out[r] = sites * weights[r]
        power = total(planned, routes) + p.instant * sum(out[r] for r in routes)
        out[hall] = xp.maximum(power - v.capacity[PROGRAMME, hall] - v.pipe[PROGRAMME, hall],
                               0.0)
    # Chips for the room that is or soon will be empty, less what is held or under contract.
    soon = empty + site_pipe * min(1.0, ch.longest_book / ch.site_lead)
    order = xp.maximum(need * soon - v.stock[PROGRAMME] - v.contract.sum(0)
                       - (v.cap[PROGRAMME] + ours) * ch.longest_book, 0.0)
    # Parts in proportion: no more of one than the scarcest other lets be used.
    within = share * v.cap[WORLD]
    chips_now = (within + ours + v.cap[PROGRAMME]) / xp.maximum(need, TINY)
    basket = chips_now.min(0)
    asked = xp.minimum(order, need * basket)
    # Two owners who want more than there is share it in proportion to what they ask for.
    both = asked + p.need[t, WORLD] * v.demand
    part = xp.where(both > v.cap[WORLD], v.cap[WORLD] * asked / xp.maximum(both, TINY), asked)
    contract = xp.minimum(xp.minimum(asked, part), within) * (1.0 - p.instant) * v.earns
    rates = xp.array([money_rate, power_rate, *chips_now, xp.full_like(operator, 1e30)])
    return Plans(xp.array(out), contract, rates)


def fabs_only(xp: Any, ch: Chain, t: int, p: Params, s: State, v: Sight) -> Plans:
    """The programme's wishes where it aims at fabs: all of the money, split over stages."""
    money = v.money
    total = xp.maximum(p.split.sum(0), TINY)
    fabs: dict[int, Any] = {}
    for st, rows in enumerate(ch.stage_rows):
        for r in rows:
            weight = sum(p.region[q] for q in rows)
            part = money * p.split[st] / total * p.region[r] / xp.maximum(weight, TINY)
            fabs[r] = part / xp.maximum(p.capex[t, st] * p.cost[r], TINY)
        held = stage_sum(ch, v.capacity[PROGRAMME] + v.pipe[PROGRAMME], st)
        most = xp.where(p.modules[st] > 0, xp.maximum(p.modules[st] - held, 0.0), 1e30)
        asked = sum(fabs[r] for r in rows)
        for r in rows:
            fabs[r] = fabs[r] * xp.minimum(1.0, most / xp.maximum(asked, TINY))
    fabs, operator = _operator(xp, ch, t, p, s, fabs)
    pace = xp.maximum(p.money_rate[t] / p.unit_cost[t], TINY)
    none = 1e30 * xp.ones_like(pace)
    rates = xp.stack([v.flow / p.unit_cost[t], none, *([none] * len(ch.commodities)),
                      operator * pace])
    starts = xp.stack([fabs.get(r, xp.zeros_like(money)) for r in range(len(ch.rows))])
    return Plans(starts, xp.zeros_like(v.stock[PROGRAMME]), rates)


def site_works(xp: Any, ch: Chain, planned: Array, room: Array) -> Array:
    """GW of sites under way (P,): power standing or under way (R, P), whose halls follow, less the
    room (P,) that there is.

        works = max(sum of power planned - room, 0)

    A site counts from the quarter in which its power is ordered: or else it would be ordered twice.
    """
    coming = sum((total(planned, routes) for _, _, routes in ch.sites if routes), 0.0 * room)
    return xp.maximum(coming - room, 0.0)


def halls_due(xp: Any, ch: Chain, planned: Array, price: Array) -> Array:
    """USD (P,) of halls whose power was ordered and that are not ordered yet themselves:

        sum over regions of max(power planned - hall planned, 0) x price of the hall
    """
    lag = [xp.maximum(total(planned, routes) - planned[hall], 0.0) * price[hall]
           for _, hall, routes in ch.sites if routes]
    return sum(lag, 0.0 * price[0])


def _site_cost(ch: Chain, t: int, p: Params, weights: dict[int, Any]) -> Array:
    """USD a GW of hall and firm power, over the regions and routes that the programme takes."""
    cost = 0.0 * p.refresh
    for _, hall, routes in ch.sites:
        for r in routes:
            site = (p.capex[t, ch.stage_of[r]] * p.cost[r]
                    + p.capex[t, ch.stage_of[hall]] * p.cost[hall])
            cost = cost + weights[r] * site
    return cost


def _within(xp: Any, ch: Chain, p: Params, v: Sight) -> dict[int, Any]:
    """Capacity of each power row that the slots within reach could feed."""
    slots = v.reach.sum(0)
    most = NO_QUEUE * xp.ones_like(p.refresh)
    out: dict[int, Any] = dict.fromkeys(ch.power_rows, most)
    for e, mine in ch.power_pools:
        weight = xp.maximum(total(p.region, mine), TINY)
        part = xp.minimum(most, slots[e] * p.region[at(mine)] / weight
                          / xp.maximum(p.amount[e, at(mine)], TINY))
        for r, feeds in zip(mine, part, strict=True):
            out[r] = feeds if out[r] is most else xp.minimum(out[r], feeds)
    return out


def sites_in_time(xp: Any, ch: Chain, p: Params, s: State, v: Sight, rate: Array,
                  waiting: Array) -> Array:
    """GW of sites to order (P,), earliest slots first, so that at no time more of them stand than
    chips are expected to fill within `fill` quarters. Of x those with a slot within h quarters must
    not exceed

        room(h) = rate x (ready(h) + fill) - refresh - (waiting - held after h)

    at any h at which more slots are within reach. rate: GW of chips a quarter (P,), expected;
    ready: quarters until such a site stands; refresh: GW of chips that replace those that retire
    until then; waiting: GW of room (P,) that stands empty or is under way; held after h: those of
    them whose slot comes later. A route that takes slots of two pools counts in the slower one.

    By hand: 2 GW of chips a quarter; halls stand in 8 quarters, power 2 after its slot, and may
    wait 4; nothing held. Of slots in 4 quarters 2 x (8 + 4) = 24 GW may be ordered, of slots in 15
    quarters 2 x (17 + 4) = 42. With 10 GW held in 15 quarters still 24 of the former, and 32 of the
    latter: late sites take the place of early ones only where chips would not fill both in time,
    and a longer queue does not make a plan order more of what can be had soon.
    """
    pools, wanted, takes = _queues(xp, ch, p)
    due = (s.due[PROGRAMME][:, pools] / takes).sum(1)
    within = xp.cumsum((v.reach[:, pools] * (wanted / takes)).sum(1), 0)
    if ch.unqueued:
        within = within + NO_QUEUE * (total(p.region, ch.unqueued) > 0)
    filled = xp.array(ch.site_ready, dtype=float)[:, None] + p.fill
    refresh = v.fleet[PROGRAMME] * xp.minimum(1.0, filled / p.life)
    later = due.sum(0) - xp.cumsum(due, 0)
    room = xp.maximum(rate * filled - refresh - (waiting - later), 0.0)
    return xp.where(within > room, room, within[-1]).min(0)


def _power_rate(xp: Any, ch: Chain, t: int, p: Params) -> Array:
    """GW a quarter whose slots open to the programme: s open, and of the others' what is resold by
    their delivery, over what a GW takes."""
    pools, wanted, takes = _queues(xp, ch, p)
    later = t + xp.array([ch.pool_lead[e] for e, _ in ch.site_pools], dtype=int)
    own = own_slots(p, t, p.slots[later, pools], p.open[later, pools], pools)
    flow = own + p.resold[later - t] * (p.slots[later, pools] - own)
    return (wanted * flow / takes).sum(0)


def _queues(xp: Any, ch: Chain, p: Params) -> tuple[Any, Array, Array]:
    """Pools that firm power waits for (Q,): which, whether the programme has sites there, and slots
    that a GW takes, (Q, P) each."""
    pools = xp.array([e for e, _ in ch.site_pools], dtype=int)
    first = xp.array([mine[0] for _, mine in ch.site_pools], dtype=int)
    takes = xp.maximum(p.amount[pools, first], TINY)
    sites = [total(p.region, mine) for _, mine in ch.site_pools]
    return pools, xp.array(sites).reshape(takes.shape) > 0, takes


def _spread(xp: Any, p: Params, rows: tuple[int, ...], gap: Array, out: dict[int, Any]) -> None:
    """A stage's starts over its regions, by the programme's weights or else the world's."""
    for r in rows:
        out[r] = gap * p.spread[r]


def _operator(xp: Any, ch: Chain, t: int, p: Params, s: State, fabs: dict[int, Any]
              ) -> tuple[dict[int, Any], Array]:
    """Starts of operated stages within the cumulative limit, and the share granted."""
    rows = [r for r in fabs if ch.needs_operator[ch.stage_of[r]]]
    if not rows:
        return fabs, xp.ones_like(p.refresh)
    asked = total(fabs, rows)
    left = xp.maximum(p.module_limit[t] - total(s.started, rows), 0.0)
    ratio = xp.minimum(1.0, left / xp.maximum(asked, TINY))
    return {r: x * ratio if r in rows else x for r, x in fabs.items()}, ratio
