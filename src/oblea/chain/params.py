"""From a scenario and draws to the arrays that the engine reads: every price, rate and limit.

Shapes: T quarters, H quarters with the longest lead beyond, R rows, S stages, C commodities,
E pools, G sites, V vintages, O owners, P paths (or 1 where all paths agree). Dollars are those of
the base year, wafers are starts, power is facility GW, time is in quarters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from . import founders
from .cases import Stack
from .index import PHASES, PROGRAMME, WORLD, Chain
from .money import Money, compile_money, price_index
from .operators import operator_limits
from .products import recipes
from .values import Array, Values

if TYPE_CHECKING:
    from ..scenario import Scenario

UNLIMITED = 1e18  # so much that a newcomer's smallest share of it is without end too
WITHOUT_END = 1e6  # times what the world's lines make for AI


class Params(NamedTuple):
    """All that a quarter reads. Arrays are indexed by time first where they depend on it."""

    rate: Array  # (K, R, P) share of a phase's stock that leaves it in a quarter
    pay: Array  # (K,) share of the capital cost due as a phase is left
    capex: Array  # (T, S, P) USD a unit of capacity in the reference region
    cost: Array  # (R, P) cost of building relative to the reference region
    amount: Array  # (E, R, P) pool units a unit of capacity takes
    given: Array  # (H, R, P or 1) the reference world's capacity that stands or is under way
    brought: Array  # (H, R, P or 1) of it, what founders bring to the programme in the quarter
    held: Array  # (T, C, P or 1) share of the world's output that was sold to the founders
    brings_pool: Array  # (E, P) the same of a pool's book: of fab tools they hold none
    target: Array  # (T, S, P) capacity that the reference world aims at, one lead ahead
    planned: Array  # (T, R) whether the reference world decides on starts of the row
    share: Array  # (R, P) weight of a row in the reference world's starts
    supply: Array  # (T, E, P) pool units the world delivers in a quarter, all uses
    slots: Array  # (H, E, P) slots of a quarter that AI may have
    open: Array  # (H, E, P) those of them that were unsold at the base date
    resold: Array  # (L, P) share of others' slots and contracts resold, by quarters held
    newcomer: Array  # (H, P) a newcomer's share of new orders
    newcomer_ahead: Array  # (T, P) its mean over the time in which sites are prepared
    sold: Array  # (H, C, P) share of a commodity's output under contract at the base date
    output: Array  # (T, C, P) commodity per unit of capacity and quarter
    ai_share: Array  # (T, C, P)
    input: Array  # (I, P) input per unit made
    at_most: Array  # (I, P) share of the input's output that may be taken
    need: Array  # (T, O, C, P) commodity per facility GW
    chip_cost: Array  # (T, O, P) USD a facility GW: accelerators, servers, racks and network
    h100e: Array  # (T, O, P) H100e (dense BF16) a facility GW
    h100e_8bit: Array  # (T, O, P)
    h100e_cost: Array  # (T, P) USD of accelerators and servers for each H100e, programme's terms
    unit_cost: Array  # (T, P) USD a facility GW, all in, at the programme's terms
    demand: Array  # (T, P) GW that the reference world wants to deploy, founders' share off
    hazard: Array  # (A, P) share of a vintage that retires in a quarter, by age in quarters
    life: Array  # (P,) quarters after which half of a vintage is gone
    refresh: Array  # (P,) performance per kW, new over old, at which old chips leave early
    response: Array  # (P,)
    fleet: Array  # (3, P) GW, H100e and 8-bit H100e at the start
    pledge: Array  # (T, P) USD released by the end of a quarter, cumulative
    money_rate: Array  # (T, P) USD a quarter of the pledge's pacing
    module_limit: Array  # (T, P) leading-edge capacity that may have been started, cumulative
    own_effect: Array  # (T, P) output of own leading-edge capacity relative to an incumbent's
    own: Array  # (S, P) share of its need that the programme's own capacity is to meet
    modules: Array  # (S, P) capacity of its own that the programme plans for at once, or 0
    split: Array  # (S, P) split of the money where the aim is fabs
    spread: Array  # (R, P) part of a row in the programme's starts of its stage
    region: Array  # (R, P) weight of the row's region in the programme's starts
    fill: Array  # (P,) quarters that a hall may wait for its chips
    deposit: Array  # (P,) share of the price put down with an order
    claim: Array  # (P,) orders placed as a multiple of what the cash can pay
    active: Array  # (T,) 1 in the programme's term, 0 outside
    instant: Array  # (P,) 1 where building and ordering take no time
    at_once: Array  # (E, P) 1 where moreover a pool has no end
    money: Money
    run: Array  # (P,) FLOP of a training run for each H100e of the stock


def _full(value: Array | float, shape: tuple[int, ...]) -> Array:
    return np.ascontiguousarray(np.broadcast_to(value, shape), dtype=float)


def _table(pieces: list[Array], shape: tuple[int, ...]) -> Array:
    """Pieces (T, P) or (T, 1) of a table (T, pieces, P), each written once."""
    out = np.empty((shape[0], len(pieces), shape[1]))
    for i, piece in enumerate(pieces):
        out[:, i] = piece
    return out


def _width(pieces: list[Array]) -> int:
    """1 where all paths agree on every piece."""
    return max((piece.shape[-1] for piece in pieces), default=1)


def _but(off: NDArray[np.bool_], then: Array | float, value: Array) -> Array:
    """`value`, and `then` on paths where a mechanism is off; as narrow as it is where none is."""
    return np.where(off, then, value) if off.any() else value


def compile_params(sc: Scenario, ch: Chain, stack: Stack, seed: int, *, median: bool = False
                   ) -> Params:
    """Arrays for the futures of `stack`; `median` puts every number at its median."""
    v = Values(sc, seed, stack.path, median=median, scale=stack.scale, at=stack.at)
    t_all, t_run = ch.calendar(ch.horizon) + 0.5, ch.calendar() + 0.5
    h_, t_, p_ = ch.horizon, ch.quarters, stack.size
    off = stack.off
    stages = [sc.stages[s] for s in ch.stages]
    row_stage = list(ch.stage_of)
    rows = [(sc.stages[r.stage], sc.stages[r.stage].rows[r.region], sc.regions[r.region])
            for r in ch.rows]

    # --- building
    common = np.exp(v.scalar(sc.delay_spread) * np.clip(ndtri(v.uniform("delay_spread.draw")),
                                                        -2.33, 2.33))
    rate = np.empty((len(PHASES), len(rows), p_))
    for r, (stage, _, region) in enumerate(rows):
        late = np.where(off["delays"], 1.0, v.scalar(region.delay) * common)
        for k, phase in enumerate(PHASES):
            stay = v.scalar(getattr(stage.phases, phase)) * late
            rate[k, r] = 1.0 / (1.0 + np.where(off["time"], 0.0, stay))
    pay = np.array([getattr(sc.payments, k).value for k in PHASES], dtype=float)
    pay /= pay.sum()
    capex = _table([v.series(s.capex, t_run) for s in stages], (t_, p_))
    cost = np.stack([_full(v.scalar(region.cost), (p_,)) for _, _, region in rows])
    dated = [v.series(row.capacity, t_all) for _, row, _ in rows]
    given = _table(dated, (h_, _width(dated)))
    share = np.stack([_full(v.scalar(row.share), (p_,)) for _, row, _ in rows])

    amount = np.zeros((len(ch.pools), len(rows), p_))
    for e, pool in enumerate(ch.pools):
        for r in ch.pool_rows[e]:
            use = rows[r][0].uses[pool]
            amount[e, r] = (v.scalar(use.amount) if use.amount is not None
                            else v.scalar(use.share_of_capex) * capex[ch.base, row_stage[r]]
                            * cost[r])
    slots, open_ = _pools(sc, ch, v, off, given, amount, t_all)
    supply = _table([v.series(sc.pools[e].supply, t_run) / 4.0 for e in ch.pools], (t_, p_))
    committed = _committed(sc, ch, v, t_all)
    sold = np.where(off["order-books"], 0.0, committed)
    churn = _full(np.where(off["resale"], 0.0, np.minimum(v.scalar(sc.resale.share), 1.0)), (p_,))

    # --- making
    maker = [next(s for s in stages if s.makes == c) for c in ch.commodities]
    output = _table([v.series(s.output, t_run) * v.scalar(s.uptime) for s in maker], (t_, p_))
    ai = _table([np.minimum(v.series(s.ai_share, t_run), 1.0) for s in maker], (t_, p_))
    lifted = [off[{"package": "packaging", "memory": "memory"}.get(s.role or "", "foundry")]
              for s in maker]
    for c in range(len(maker)):
        if lifted[c].any():
            ai[:, c] = np.where(lifted[c], ai[:, c] * WITHOUT_END, ai[:, c])
    inp, at_most = np.ones((len(ch.inputs), p_)), np.ones((len(ch.inputs), p_))
    for i, (made, used) in enumerate(ch.inputs):
        spec = maker[made].inputs[ch.commodities[used]]
        inp[i] = v.scalar(spec.amount)
        at_most[i] = np.where(lifted[made], WITHOUT_END,
                              np.minimum(v.scalar(spec.at_most), 1.0))

    # --- products
    need, chip_cost, h100e, h100e_8, parts = _basket(sc, ch, v, off, t_run, p_)
    site = _site_cost(sc, ch, capex, cost, share, row_stage)
    unit_cost = chip_cost[:, PROGRAMME] + site
    demand = v.series(sc.demand.capex, t_run) / 4.0 / (chip_cost[:, WORLD] + site)
    ages = (np.arange(t_ + 4 * 12) + 0.5) / 4.0
    hazard = _hazard(ages, _full(v.scalar(sc.fleet.life), (p_,)))
    region = np.stack([_full(v.scalar(sc.programme.regions[r.region])
                             if r.region in sc.programme.regions else 0.0, (p_,))
                       for r in ch.rows])
    term = np.zeros(h_)
    term[ch.start:ch.end] = 1.0
    active = term[:t_]
    total = v.scalar(sc.programme.pledge) * stack.pledge
    spends = (demand * unit_cost)[active > 0].sum(0)
    brings = founders.share(sc, v, off["founders-orders"], total, spends)
    brought = founders.sites(ch, given, region, brings)
    held = founders.chips(ch, committed, brings) * term[:, None, None]
    theirs = demand * (1.0 - founders.fewer(held[:t_]))
    target, *fleet = _target(sc, ch, v, demand, theirs, hazard, need, output, ai, stages)
    last = [row.capacity.points[-1][0] if row.capacity.points else ch.first for _, row, _ in rows]
    planned = np.array([[t + ch.row_lead[r] > last[r] for r in range(len(rows))]
                        for t in ch.calendar()], dtype=float)

    # --- the programme
    prog = sc.programme
    shares = np.array(prog.pacing or [1.0] * max(1, round(prog.term.value)), dtype=float)
    count = max(ch.end - ch.start, 1)
    pace = np.zeros(t_)
    for q in range(count):
        if ch.start + q < t_:
            pace[ch.start + q] = shares[min(q * len(shares) // count, len(shares) - 1)]
    pace /= max(sum(shares[min(q * len(shares) // count, len(shares) - 1)]
                    for q in range(count)), 1e-12)
    money = total * pace[:, None]
    if not prog.indexed:  # a pledge in dollars of its day buys less each year
        money = money / price_index(sc, ch.calendar())[:, None]
    ahead = round(prog.ahead.value)
    released = np.cumsum(money, 0)[np.minimum(np.arange(t_) + ahead, t_ - 1)]
    released[: ch.start] = 0.0
    s_max = np.where(np.isnan(stack.newcomer), v.scalar(sc.newcomer.share), stack.newcomer)
    years = (t_all - ch.first - ch.start) / 4.0
    late = (years[:, None] - v.scalar(sc.newcomer.half_time)) / v.scalar(sc.newcomer.width)
    curve = s_max / (1.0 + np.exp(np.clip(-late, -500.0, 500.0)))
    curve = np.where(off["newcomer"], 1.0, np.minimum(curve, 1.0))
    running = np.concatenate([np.zeros((1, p_)), np.cumsum(_full(curve, (h_, p_)), 0)])
    ahead_at = np.minimum(np.arange(t_) + ch.site_lead, h_)
    ahead_mean = (running[ahead_at] - running[:t_]) / (ahead_at - np.arange(t_))[:, None]
    limit, effect = operator_limits(sc, ch, v, off["operator"])

    def by_stage(table: dict, read) -> Array:
        return np.stack([_full(read(table[s]) if s in table else 0.0, (p_,)) for s in ch.stages])

    return Params(
        rate=rate, pay=pay, capex=capex, cost=cost, amount=amount,
        given=given - np.cumsum(brought, 0), brought=brought, held=held,
        brings_pool=founders.books(ch, brings), target=target,
        planned=planned, share=share, supply=supply, slots=slots, open=open_,
        resold=resold(churn, ch.window_length), newcomer=_full(curve, (h_, p_)),
        newcomer_ahead=ahead_mean,
        sold=sold, output=output, ai_share=ai, input=inp, at_most=at_most,
        need=need, chip_cost=chip_cost, h100e=h100e, h100e_8bit=h100e_8,
        h100e_cost=chip_cost[:, PROGRAMME] / h100e[:, PROGRAMME], unit_cost=unit_cost,
        demand=_full(theirs, (t_, p_)), hazard=hazard,
        life=_full(4.0 * v.scalar(sc.fleet.life), (p_,)),
        refresh=_full(np.where(off["refresh"], UNLIMITED, v.scalar(sc.fleet.refresh)), (p_,)),
        response=_full(np.where(off["response"], 0.0, v.scalar(sc.response)), (p_,)),
        fleet=np.stack([_full(v.scalar(n), (p_,))
                        for n in (sc.fleet.gw, sc.fleet.h100e, sc.fleet.h100e_8bit)]),
        pledge=released, money_rate=money, module_limit=limit, own_effect=effect,
        own=by_stage(prog.hands, lambda h: np.minimum(v.scalar(h.own), 1.0)),
        modules=by_stage(prog.modules, lambda n: v.scalar(n) * v.scalar(sc.operator.module)),
        split=by_stage(prog.split, v.scalar),
        spread=_spread(ch, region, share), region=region,
        claim=_full(np.where(np.isnan(stack.claim), v.scalar(prog.claim), stack.claim), (p_,)),
        deposit=_full(v.scalar(sc.deposit), (p_,)), active=active,
        fill=_full(v.scalar(prog.fill), (p_,)),
        instant=off["time"].astype(float),
        at_once=_without_end(sc, ch, off) * off["time"],
        money=compile_money(sc, ch, v, stack, chip_cost=chip_cost, site=site, h100e=h100e,
                            h100e_8bit=h100e_8, parts=parts, money=money, fleet=tuple(fleet)),
        run=_full(v.scalar(sc.largest_run.share) * 989e12 * v.scalar(sc.largest_run.utilisation)
                  * v.scalar(sc.largest_run.days) * 86400.0, (p_,)),
    )


RECEIVERS = ("other", "merchant", "design", "system")


def _spread(ch: Chain, region: Array, share: Array) -> Array:
    """Rows' parts of their stage: by the programme's weights or, without any, by the world's."""
    out = np.empty_like(region)
    for rows in map(list, ch.stage_rows):
        mine, world = region[rows].sum(0), share[rows].sum(0)
        out[rows] = np.where(mine > 0, region[rows] / np.maximum(mine, 1e-30),
                             share[rows] / np.maximum(world, 1e-30))
    return out


_OFF_POOL = {"tools", "equipment", "power"}


def _pools(sc: Scenario, ch: Chain, v: Values, off: dict[str, NDArray[np.bool_]], given: Array,
           amount: Array, times: Array) -> tuple[Array, Array]:
    """Slots of each pool by quarter, and those of them that are unsold.

    A = supply (1 - elsewhere); what the reference world's own dated additions take comes first out
    of the committed slots C = A committed, then out of the rest.
    """
    h_, p_ = len(times), len(v.paths)
    slots = np.empty((h_, len(ch.pools), p_))
    open_ = np.empty_like(slots)
    tools_to_output = 4  # a tool is needed this many quarters before the capacity counts
    later = np.minimum(np.arange(h_) + tools_to_output, h_ - 2)
    added = np.maximum(given[later + 1] - given[later], 0.0)
    for e, name in enumerate(ch.pools):
        pool = sc.pools[name]
        ai = v.series(pool.supply, times) / 4.0 * (1.0 - np.minimum(
            v.series(pool.elsewhere, times), 1.0))
        committed = np.minimum(v.series(pool.committed, times), 1.0)
        committed = _but(off["order-books"], 0.0, committed)
        taken = sum(amount[e, r] * added[:, r] for r in ch.pool_rows[e])
        booked = ai * committed
        free = np.maximum(ai - booked - np.maximum(taken - booked, 0.0), 0.0)
        reserved = np.maximum(booked - taken, 0.0)
        if pool.mechanism in _OFF_POOL:
            free = _but(off[pool.mechanism], UNLIMITED, free)
        slots[:, e] = free + reserved
        open_[:, e] = free
    return slots, open_


def _without_end(sc: Scenario, ch: Chain, off: dict[str, NDArray[np.bool_]]) -> Array:
    """1 where a pool's limit is switched off: (E, P)."""
    no = np.zeros_like(off["time"])
    return np.stack([off[m] if (m := sc.pools[e].mechanism) in _OFF_POOL else no
                     for e in ch.pools]).astype(float) if ch.pools else np.zeros((0, no.size))


def resold(rate: Array, window: int) -> Array:
    """Share of others' slots that has changed hands, by quarters held and path: (L, P).

    Of what is held in a year a share r changes hands, so that after n quarters

        rho_n = 1 - (1 - r)^(n / 4)

    n counts from the quarter in which a slot was sold, one lead before its delivery, and for a
    newcomer no further back than its own start: what changed hands before is not for it to buy.
    By hand: r = 4 % a year: none at first, 1 - .96^2 = 7.84 % after eight quarters.

    >>> resold(np.array([0.04]), 17)[[0, 8, 16], 0].round(4).tolist()
    [0.0, 0.0784, 0.1507]
    """
    return 1.0 - (1.0 - rate) ** (np.arange(window)[:, None] / 4.0)


def _committed(sc: Scenario, ch: Chain, v: Values, times: Array) -> Array:
    """Share of a commodity's output that was under contract at the base date, (T, C, P): none where
    there is no order book."""
    out = np.zeros((len(times), len(ch.commodities), len(v.paths)))
    for s in sc.stages.values():
        if s.makes and s.book is not None:
            out[:, ch.commodities.index(s.makes)] = np.minimum(v.series(s.book.committed, times),
                                                               1.0)
    return out


def _basket(sc: Scenario, ch: Chain, v: Values, off: dict[str, NDArray[np.bool_]], times: Array,
            p_: int) -> tuple[Array, Array, Array, Array, Array]:
    """What a facility GW takes and costs, for each owner's mix of products; and who receives the
    programme's price of it: each commodity's makers, makers of other parts, merchants, design
    partners, makers of systems.

    A GW holds mix_g / sum(mix) GW of product g, thus 1e6 / kW_g accelerators for each GW of it.
    """
    t_ = len(times)
    book = recipes(sc, v, times, perfect=off["yield"])
    price = {s.makes: v.series(s.price, times) for s in sc.stages.values() if s.makes}
    need = np.zeros((t_, 2, len(ch.commodities), p_))
    cost, bf16, fp8 = (np.zeros((t_, 2, p_)) for _ in range(3))
    n = len(ch.commodities)
    split = np.zeros((t_, n + len(RECEIVERS), p_))
    since = (times - ch.first - ch.start) / 4.0
    after = v.scalar(sc.programme.own_design_after)
    others = v.series(sc.own_silicon, times)
    own = v.scalar(sc.programme.own_design) * np.clip(since[:, None] - after, 0.0, 1.0)
    for o, mix in ((WORLD, sc.mix.world), (PROGRAMME, sc.mix.programme)):
        weights = {g: v.series(n, times) for g, n in mix.items()}
        total = sum(weights.values())
        for g, w in weights.items():
            r = book[g]
            sold = (w > 0.0).any(1)  # the quarters in which it is in the mix at all
            at = lambda x, sold=sold: x[sold] if x.ndim == 2 else x  # noqa: E731
            per_gw = at(w / total) * 1e6 / r.kw
            parts = r.other + sum(at(amount) * at(price[c]) for c, amount in r.needs.items())
            markup = 1.0 / (1.0 - r.margin)
            # A generation without a vendor stands for merchants' chips and owners' own.
            part = own if o == PROGRAMME else others if _vendor(sc, g) is None else None
            if part is not None:
                merchant = (1.0 - at(part)) * (markup - 1.0)
                design = at(part) * (1.0 / (1.0 - r.own_margin) - 1.0)
                markup = 1.0 + merchant + design
            if o == PROGRAMME:
                for k, x in enumerate((at(r.other), parts * merchant, parts * design,
                                       at(r.system))):
                    split[sold, n + k] += per_gw * x
            cost[sold, o] += per_gw * (parts * markup + at(r.system))
            bf16[sold, o] += per_gw * r.bf16
            fp8[sold, o] += per_gw * r.fp8
            for c, amount in r.needs.items():
                need[sold, o, ch.commodities.index(c)] += per_gw * at(amount)
                if o == PROGRAMME:
                    split[sold, ch.commodities.index(c)] += per_gw * at(amount) * at(price[c])
    return need, cost, bf16, fp8, split


def _vendor(sc: Scenario, product: str) -> str | None:
    """Who sells a product: its own vendor, not the one it descends from."""
    return sc.products[product].vendor


def _site_cost(sc: Scenario, ch: Chain, capex: Array, cost: Array, share: Array,
               row_stage: list[int]) -> Array:
    """USD a facility GW of hall and firm power, the world's rows weighted: (T, P)."""
    site = np.zeros(capex[:, 0].shape)
    for kind in (ch.hall_rows, ch.power_rows):
        weight = sum(share[r] for r in kind)
        site = site + sum(capex[:, row_stage[r]] * cost[r] * share[r] for r in kind) / weight
    return site


def _hazard(ages: Array, life: Array) -> Array:
    """Share that retires in a quarter at an age in years: survival 1 / (1 + exp((a - L) / .6)).

    Half of a vintage is gone at its life L; three in four between 4/5 and 6/5 of a life of six.
    """
    def left(age: Array) -> Array:
        return 1.0 / (1.0 + np.exp((age - life) / 0.6))

    return 1.0 - left(ages[:, None] + 0.125) / left(ages[:, None] - 0.125)


def _target(sc: Scenario, ch: Chain, v: Values, demand: Array, theirs: Array, hazard: Array,
            need: Array, output: Array, ai: Array, stages: list
            ) -> tuple[Array, Array, Array, Array]:
    """Capacity of each stage that meets the reference world's demand one lead ahead: fabs all of
    it, halls and power `theirs`, without what founders bring in.

    Fabs: need a quarter / (output x AI's share); halls and power: the fleet that demand adds up to
    after retirement. Both times a planning margin. Memory's own input (DRAM for HBM) is added to
    what is needed of it. For fleets also what is left of one a lead ahead, what demand adds until
    then, and what is left after a quarter, for a world whose demand departs from its forecast.
    """
    t_, p_ = demand.shape
    margin = v.scalar(sc.demand.margin)
    wanted = need[:, WORLD] * demand[:, None]
    for c in reversed(ch.level):
        for made, used in ch.inputs:
            if made == c:
                spec = next(s for s in stages if s.makes == ch.commodities[made])
                n = spec.inputs[ch.commodities[used]]
                wanted[:, used] += wanted[:, made] * v.scalar(n.amount) / np.clip(
                    v.scalar(n.at_most), 0.01, 1.0)
    fleet = np.empty((t_, p_))
    by_age = [np.asarray(v.scalar(sc.fleet.gw) * np.ones(p_))]
    cohorts = np.zeros((t_ + 1, p_))
    cohorts[0] = by_age[0]
    stay = 1.0 - hazard
    for t in range(t_):
        cohorts[: t + 1] *= stay[t + 4 : 3 : -1]  # cohort u is t - u + 4 quarters old
        cohorts[t + 1] = theirs[t]
        fleet[t] = cohorts[: t + 2].sum(0)
    lead = {s: max((ch.row_lead[r] for r, row in enumerate(ch.rows) if row.stage == s),
                   default=0) for s in ch.stages}
    out, keep, adds = (np.zeros((t_, len(ch.stages), p_)) for _ in range(3))
    total = np.cumsum(theirs, 0)
    for s, stage in enumerate(stages):
        at = np.minimum(np.arange(t_) + lead[ch.stages[s]], t_ - 1)
        if stage.makes:
            c = ch.commodities.index(stage.makes)
            need_c = wanted[at, c] / np.maximum(output[at, c] * ai[at, c], 1e-9)
            out[:, s] = margin * need_c
        else:
            out[:, s] = fleet[at]
            adds[:, s] = total[at] - total
            keep[:, s] = np.maximum(fleet[at] - adds[:, s], 0.0) / np.maximum(fleet, 1e-30)
    before = np.concatenate([by_age[0][None], fleet[:-1]])
    left = np.maximum(fleet - theirs, 0.0) / np.maximum(before, 1e-30)
    return out, keep, adds, left
