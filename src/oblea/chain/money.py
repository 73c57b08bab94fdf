"""What the market, the tax office and the funders bring to a quarter, as arrays.

Dollars are those of the base year and a quarter's unless said; rates of interest, of the hurdle and
of the cost of capital are nominal and a year's. An H100e is one unit of *worth*: an accelerator's
worth is (1 - w) times its H100e in dense BF16 and w times its H100e in eight bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..dates import ORIGIN, quarter_index
from .index import PROGRAMME, WORLD
from .values import Array, Values

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .cases import Stack
    from .index import Chain

RUNOFF = 48  # quarters after the horizon in which what is left is run off
HOURS = 8766.0  # a year
KINDS = ("equity", "grant", "prepayment", "debt")


class Money(NamedTuple):
    """T quarters, F funders, C commodities, J receivers of a chip's price, P paths."""

    index: Array  # (T + RUNOFF,) calendar dollars for one of the base year
    pool: Array  # (T, 3, P) what users, owners and investors would pay at full cost
    bend: Array  # (P,) one over the elasticity of demand
    counted: Array  # (2, P) weight of each owner's compute in the price
    full: Array  # (T, P) USD an H100e-hour at which new compute earns its cost of capital
    again: Array  # (T, P) the same for the programme's new chips in standing halls, at the hurdle
    worth: Array  # (P,) weight of eight bits in an accelerator's worth
    hours: Array  # (P,) hours sold a quarter for each H100e in service
    running: Array  # (T, P) cash cost a quarter of a GW in service
    fall: Array  # (P,) yearly fall of the full cost, from the chain's own trends
    contracts: Array  # (P,) share of compute on contracts
    renew: Array  # (P,) share of contracts that is renewed in a quarter
    level: Array  # (P,) price of a contract over spot
    smooth: Array  # (P,) weight of the last quarter in the trailing price
    follow: Array  # (T,) 1 from the date on which the world's capex follows returns
    response: Array  # (P,)
    swing: Array  # (P,)
    keep: Array  # (T, S, P) part of a fleet that is left one lead ahead
    adds: Array  # (T, S, P) GW that dated demand adds until then
    left: Array  # (T, P) part of the fleet wanted that is left after a quarter
    pause: Array  # (P,) trailing price over full cost below which works slow down
    price: Array  # (T, C, P) of what fabs sell; 0 for what other stages take as it is made
    fab_cost: Array  # (P,)
    parts: Array  # (T, J, P) of a GW of chips: commodities, other, merchant, design, system
    limit: Array  # (T, F, P) what a funder could pay in
    ceiling: Array  # (T, F, P) cumulative, to as far ahead as orders are signed
    weight: Array  # (F, P) shares of those who bring equity
    grant: Array  # (F, P) largest part of capital spent that a grant may pay; 1 for others
    leverage: Array  # (P,)
    cover: Array
    rate: Array
    spread: Array
    issuance: Array
    repay: Array  # (P,) share of debt repaid in a quarter
    tranche: Array  # (P,) size of a tranche
    in_service: Array
    covenant: Array
    fab_equipment: Array
    site_equipment: Array
    reinvest: Array
    tax: Array
    expensed: Array
    write_equipment: Array  # (P,) share of the tax book written off in a quarter
    write_buildings: Array
    loss_limit: Array
    wear_sites: Array  # (P,) share of a site's value that wears off in a quarter
    wear_fabs: Array


def price_index(sc: Scenario, quarters: Array) -> Array:
    """Calendar dollars for one of the base year: (1 + g)^(years from the middle of that year)."""
    years = ORIGIN + (quarters + 0.5) / 4.0 - (sc.base_year + 0.5)
    return (1.0 + (sc.deflator.value or 0.0)) ** years


def annuity(rate: Array, years: Array) -> Array:
    """Present value of one dollar a year for `years` at a continuous rate, r = 0 included.

    a = (1 - e^(-r n)) / r. At 10 % for 5 years: (1 - .6065) / .1 = 3.935.

    >>> round(float(annuity(np.array(0.1), np.array(5.0))), 3)
    3.935
    """
    r = np.where(np.abs(rate) < 1e-9, 1e-9, rate)
    return -np.expm1(-r * years) / r


def full_cost(chips: Array, site: Array, running: Array, rate: Array, fall: Array, life: Array,
              site_life: Array, hours: Array) -> Array:
    """Price an hour that repays one H100e of new compute over its life.

    p h a(r + d, n) = chips + (running + site / a(r, n_s)) a(r, n), with a the annuity, r the real
    cost of capital and d the yearly fall of price, both continuous; h hours sold a year, running a
    year's cash cost, n and n_s the lives of chips and site in years.

    By hand: chips 20,000, no site, running 1,000, r = 10 %, no fall, 5 years, 5,000 hours:
    (20,000 + 1,000 x 3.935) / (5,000 x 3.935) = 1.2166.

    >>> x = [np.array(v) for v in (20_000.0, 0.0, 1_000.0, 0.1, 0.0, 5.0, 20.0, 5_000.0)]
    >>> round(float(full_cost(*x)), 3)
    1.217
    """
    yearly = running + site / annuity(rate, site_life)
    return (chips + yearly * annuity(rate, life)) / (hours * annuity(rate + fall, life))


def level_price(renewal: Array, rate: Array, fall: Array) -> Array:
    """Fixed price over today's spot that is worth as much as a falling spot until renewal.

    l = (r + i) / (r + i + d), all continuous a quarter: the integral of e^(-(r + i + d) t) over
    that of e^(-(r + i) t). At r = .125, i = .02, d = .055: .145 / .2 = .725.

    >>> round(float(level_price(np.array(0.125), np.array(0.02), np.array(0.055))), 3)
    0.725
    """
    return np.clip((renewal + rate) / np.maximum(renewal + rate + fall, 1e-9), 0.1, 3.0)


def real(nominal: Array, sc: Scenario) -> Array:
    """A nominal yearly rate as a continuous real one."""
    return np.log((1.0 + nominal) / (1.0 + (sc.deflator.value or 0.0)))


def compile_money(sc: Scenario, ch: Chain, v: Values, stack: Stack, *, chip_cost: Array,
                  site: Array, h100e: Array, h100e_8bit: Array, parts: Array, money: Array,
                  fleet: tuple[Array, Array, Array]) -> Money:
    """chip_cost, h100e, h100e_8bit: (T, O, P) a GW; site: (T, P) a GW; parts: (T, J, P);
    money: (T, P) of the pledge; fleet: (keep, adds, left) of the fleet that demand adds up to."""
    off, m, o, f = stack.off, sc.market, sc.operations, sc.finance
    t_, p_ = site.shape
    times = ch.calendar() + 0.5

    def full(x: Array) -> Array:
        return np.broadcast_to(x, (p_,))

    s = lambda n: full(v.scalar(n))  # noqa: E731
    w = s(m.eight_bit)
    worth = (1.0 - w) * h100e[:, WORLD] + w * h100e_8bit[:, WORLD]
    energy = s(o.energy) * s(o.load) * 1e6 * HOURS  # a GW and year
    running = energy + s(o.upkeep) * (chip_cost[:, WORLD] + site)
    hours = s(m.sold) * HOURS
    life = s(sc.fleet.life)
    made_of = chip_cost[:, WORLD] / worth
    own = (1.0 - w) * h100e[:, PROGRAMME] + w * h100e_8bit[:, PROGRAMME]
    first, last = min(ch.base, t_ - 1), t_ - 1
    years = max((last - first) / 4.0, 1.0)
    fall = -np.log((made_of + site / worth)[last] / (made_of + site / worth)[first]) / years
    capital = real(s(m.cost_of_capital), sc)
    hurdle = real(s(f.hurdle), sc)
    common = dict(life=life, site_life=s(o.site_life), hours=hours, fall=fall)
    pools = [v.series(n, times) / 4.0 for n in (m.users, m.internal, m.investors)]
    pools[0] = pools[0] * s(m.compute_share)
    ceiling, limit, weight = _limits(sc, ch, v, off["funders"], t_, p_)
    inputs = ch.used_as_input
    price = np.zeros((t_, len(ch.commodities), p_))
    for stage in sc.stages.values():
        if stage.makes and (c := ch.commodities.index(stage.makes)) not in inputs:
            price[:, c] = v.series(stage.price, times)
    n = np.where(off["tranches"], 1.0, np.maximum(s(f.tranches), 1.0))
    renew = 1.0 / s(m.tenor)
    quarters = lambda number: 1.0 / np.maximum(4.0 * s(number), 1.0)  # noqa: E731
    return Money(
        index=price_index(sc, ch.calendar(t_ + RUNOFF)),
        pool=np.stack([np.broadcast_to(x, (t_, p_)) for x in pools], 1),
        bend=1.0 / s(m.elasticity),
        counted=np.stack([np.ones(p_), np.where(off["elasticity"], 0.0, 1.0)]),
        full=full_cost(made_of, site / worth, running / worth, capital, **common),
        again=full_cost(chip_cost[:, PROGRAMME] / own, 0.0 * site, running / own, hurdle, **common),
        worth=w, hours=hours / 4.0, running=running / 4.0, fall=-np.expm1(-fall),
        contracts=s(m.contracts), renew=renew, level=level_price(renew, capital / 4.0, fall / 4.0),
        smooth=1.0 / s(sc.demand.lag),
        follow=(ch.calendar() >= quarter_index(sc.demand.follows)).astype(float),
        response=np.where(off["returns"], 0.0, s(sc.demand.response)),
        swing=np.log1p(s(sc.demand.swing)), keep=fleet[0], adds=fleet[1], left=fleet[2],
        pause=np.where(off["sponsor"], 0.0, s(f.covenant)),
        price=price, fab_cost=s(o.fab_cost), parts=parts, limit=limit, ceiling=ceiling,
        weight=weight,
        grant=np.stack([s(x.share_of_capex) if x.share_of_capex is not None else np.ones(p_)
                        for x in f.funders.values()]),
        leverage=s(f.leverage), cover=s(f.cover), rate=s(f.rate), spread=s(f.spread),
        issuance=s(f.issuance), repay=quarters(f.debt_tenor),
        tranche=np.where(off["tranches"], 1e30, money.sum(0) / n),
        in_service=s(f.in_service),
        covenant=np.where(off["tranches"], 0.0, s(f.covenant)),
        fab_equipment=s(sc.tax.fab_equipment), site_equipment=s(sc.tax.site_equipment),
        reinvest=s(f.reinvest), tax=s(sc.tax.rate), expensed=s(sc.tax.expensed),
        write_equipment=quarters(sc.tax.equipment_life),
        write_buildings=quarters(sc.tax.building_life), loss_limit=s(sc.tax.loss_limit),
        wear_sites=quarters(o.site_life), wear_fabs=quarters(o.fab_life),
    )


CERTAIN = 1e30  # a quarter's money where it is certain


def _limits(sc: Scenario, ch: Chain, v: Values, certain: Array, t_: int, p_: int
            ) -> tuple[Array, Array, Array]:
    """Dollars a quarter by funder in the term; their sum to as far ahead as orders are signed;
    shares of funders in all of it.

    Where the money is certain it comes from those who bring equity, in their usual proportions.
    """
    funders = list(sc.finance.funders.values())
    ahead = round(sc.programme.ahead.value or 0.0)
    times = np.arange(t_) + 0.5
    dates = ch.first + times
    limit = np.stack([np.broadcast_to(
        v.series(f.flow, dates) / 4.0 * np.minimum(v.series(f.share, dates), 1.0), (t_, p_))
        for f in funders], 1)
    limit = limit * ((times >= ch.start) & (times < ch.end))[:, None, None]
    total = np.cumsum(limit, 0)[-1]
    equity = np.array([f.kind == "equity" for f in funders])[:, None]
    weight = np.where(equity, total, 0.0)
    weight = weight / np.maximum(weight.sum(0), 1e-30)
    limit = np.where(certain, weight * CERTAIN * (times >= ch.start)[:, None, None], limit)
    ceiling = np.cumsum(limit, 0)[np.minimum(np.arange(t_) + ahead, t_ - 1)]
    ceiling[: ch.start] = 0.0
    return ceiling, limit, weight
