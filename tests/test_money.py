"""Price, outside money, books and what runs off: each mechanism by hand, then laws on all of it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oblea.analysis.outcome import absorbed, pledged
from oblea.chain.cases import Case, stack
from oblea.chain.index import PHASES, PROGRAMME, WORLD, index
from oblea.chain.mechanisms import MECHANISMS
from oblea.chain.money import RUNOFF, full_cost, level_price, price_index
from oblea.chain.params import compile_params
from oblea.scenario import load
from oblea.simulate import finance
from oblea.simulate.build import build
from oblea.simulate.clear import FAR, clear, effort, pace, spot_price
from oblea.simulate.finance import Means
from oblea.simulate.pay import Bills, depreciation, pay, tax
from oblea.simulate.run import simulate
from oblea.simulate.runoff import run_off
from oblea.simulate.state import start

TOL = 1e-9


def one(*values):
    """A value, or values along the first axis, with one path last."""
    return np.array(values if len(values) > 1 else values[0], float)[..., None]


@pytest.fixture(scope="module")
def compiled():
    """A real scenario at the median, its money made simple: dollars of one year, compute in 16 bits
    at one hour a quarter, no tax, no contracts."""
    sc = load("seven-trillion")
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True)
    zero, whole = one(0.0), one(1.0)
    flat = lambda x, v: np.full_like(x, v)  # noqa: E731
    m = p.money._replace(
        index=flat(p.money.index, 1.0), worth=zero, hours=whole, full=flat(p.money.full, 1.0),
        running=flat(p.money.running, 0.0), tax=zero, spread=zero, fall=zero, contracts=zero,
        reinvest=zero, loss_limit=one(0.8), smooth=one(0.25))
    return sc, ch, p._replace(money=m)


@pytest.fixture(scope="module")
def trio(compiled):
    """The same with three funders: equity, a grant, a lender."""
    sc, ch, p = compiled
    ch = replace(ch, funders=("eq", "gr", "de"), funder_kinds=("equity", "grant", "debt"))
    return sc, ch, p._replace(money=p.money._replace(weight=one(1.0, 0.0, 0.0)))


# The price of compute.


def test_spot_price_by_hand(compiled):
    """Pool 120, p = 1, H = 80, e = 2: 1.5^.5 = 1.2247; at p = 2 the pool is .75 of what the hours
    cost: 2 x .75^.5 = 1.7321."""
    m = compiled[2].money._replace(bend=one(0.5))
    pool = one(60.0, 40.0, 20.0)
    assert spot_price(np, m, pool, one(1.0), one(80.0)) == pytest.approx([1.224745])
    assert spot_price(np, m, pool, one(2.0), one(80.0)) == pytest.approx([1.732051])


@pytest.mark.parametrize(("pool", "hours", "ratio"), [(1e30, 1.0, FAR), (1.0, 0.0, FAR),
                                                      (0.0, 1.0, 1 / FAR), (0.0, 0.0, 1 / FAR)])
def test_a_price_stays_within_reach_of_its_cost(compiled, pool, hours, ratio):
    m = compiled[2].money._replace(bend=one(1.0))
    assert spot_price(np, m, one(pool, 0, 0), one(3.0), one(hours)) == pytest.approx([3 * ratio])


def market(compiled, *, before=(2.0, 1.0), had=(40.0, 20.0), trail=1.0, **changes):
    """Pool of 60, 40 and 20 at a full cost of 1, e = 2, half of hours on contracts."""
    _, ch, p = compiled
    m = p.money._replace(bend=one(0.5), contracts=one(0.5), renew=one(0.25), level=one(0.8),
                         counted=np.ones((2, 1)), pool=np.zeros_like(p.money.pool))
    m.pool[:] = one(60.0, 40.0, 20.0)
    return m._replace(**changes), finance.empty(np, ch, one(1.0), 1)._replace(
        contract=one(*before), hours=one(*had), trail=one(trail))


def test_contracts_are_renewed_by_hand(compiled):
    """Hours 60 and 20: spot (120 / 80)^.5 = 1.22474, signed at .8 of it, .97980. The world had 40
    of its 60: n = 1 - .75 x 40/60 = .5, contract 2 + .5 (.97980 - 2) = 1.48990, mean with spot half
    and half 1.35732. The programme had all of its 20: n = .25, contract .99495, mean 1.10985.
    Paid: 81.4392 + 22.1969 = 103.636, over the three as 60, 40, 20: 51.8180, 34.5454, 17.2727.
    Price 103.636 / 80 = 1.29545; trailing 1 + .25 x .29545 = 1.07386."""
    m, a = market(compiled)
    c = clear(np, 0, m, a, one(60.0, 20.0), one(0.0, 0.0))
    assert c.spot == pytest.approx([1.224745], rel=1e-5)
    assert c.contract == pytest.approx(one(1.489898, 0.994949), rel=1e-5)
    assert c.mean == pytest.approx(one(1.357321, 1.109847), rel=1e-5)
    assert c.paid.ravel() == pytest.approx([51.81808, 34.54538, 17.27269], rel=1e-5)
    assert c.price == pytest.approx([1.295452], rel=1e-5)
    assert c.trail == pytest.approx([1.073863], rel=1e-5)


def test_the_first_contracts_are_of_the_day(compiled):
    """With nothing signed before, all is at .8 x 1.22474; the trailing price is the first one."""
    m, a = market(compiled, before=(0.0, 0.0), had=(0.0, 0.0), trail=0.0, contracts=one(1.0))
    c = clear(np, 0, m, a, one(60.0, 20.0), one(0.0, 0.0))
    assert c.contract == pytest.approx(one(0.979796, 0.979796))
    assert c.trail == pytest.approx([0.979796])


def test_eight_bits_count_by_their_weight(compiled):
    """A quarter of 160 and three quarters of 80 are 100 hours: spot 1.2^.5 = 1.09545."""
    m, a = market(compiled, worth=one(0.25))
    c = clear(np, 0, m, a, one(60.0, 20.0), one(120.0, 40.0))
    assert c.hours.sum(0) == pytest.approx([100.0]) and c.spot == pytest.approx([1.095445])


def test_without_elasticity_the_programme_moves_no_price(compiled):
    """Counted are the world's 60 hours alone: spot 2^.5; the programme's hours are paid all the
    same."""
    m, a = market(compiled, counted=one(1.0, 0.0), contracts=one(0.0))
    c = clear(np, 0, m, a, one(60.0, 20.0), one(0.0, 0.0))
    assert c.spot == pytest.approx([2**0.5])
    assert c.paid.sum() == pytest.approx(80 * 2**0.5)


def integral(f, to):
    """Of f over 0 to `to`, by the midpoint rule."""
    n = 200_000
    t = (np.arange(n) + 0.5) * to / n
    return f(t).sum() * to / n


def test_full_cost_by_hand():
    """Without interest or fall: (20,000 + 5 x (1,000 + 4,000 / 20)) / (5 x 5,000) = 1.04."""
    x = [np.array(v) for v in (20e3, 4e3, 1e3, 0.0, 0.0, 5.0, 20.0, 5e3)]
    assert full_cost(*x) == pytest.approx(1.04)


@pytest.mark.parametrize("fall", [0.0, 0.2, -0.1, -0.07])
def test_at_full_cost_compute_earns_its_cost_of_capital(fall):
    """Hours sold at a price falling from p, less running cost and the rent that repays a site over
    20 years, are worth the chips: both integrals by the midpoint rule. A fall of minus r is no
    special case."""
    r = 0.07
    x = [np.array(v) for v in (20e3, 4e3, 1e3, r, fall, 5.0, 20.0, 5e3)]
    p = full_cost(*x)
    rent = 4e3 / integral(lambda t: np.exp(-r * t), 20.0)
    net = integral(lambda t: (5e3 * p * np.exp(-fall * t) - 1e3 - rent) * np.exp(-r * t), 5.0)
    assert net == pytest.approx(20e3, rel=1e-6)


def test_a_contract_is_worth_a_falling_spot_until_renewal():
    """r = .125, i = .02, d = .055 a quarter: l = .145 / .2 = .725, and l times the one integral is
    the other."""
    r, i, d = 0.125, 0.02, 0.055
    level = level_price(np.array(r), np.array(i), np.array(d))
    assert level == pytest.approx(0.725)
    fixed = integral(lambda t: np.exp(-(r + i) * t), 400.0)
    assert level * fixed == pytest.approx(
        integral(lambda t: np.exp(-(r + i + d) * t), 400.0), rel=1e-6)


def test_dollars_of_the_day_by_hand():
    """2.5 % a year on dollars of 2026: 1.025^-.125 in 2026Q2 and 1.025^.125 in 2026Q3, on either
    side of the middle of the year; 1.025^1.125 in 2027Q3."""
    x = price_index(load("seven-trillion", ("deflator=2.5 %/year", "base_year=2026")),
                    np.array([9, 10, 14]))
    assert x == pytest.approx([1.025**-0.125, 1.025**0.125, 1.025**1.125])


# Owners follow returns.


@pytest.mark.parametrize(("trail", "follow", "now"), [
    (1.0, 1.0, 2.0),  # full cost just earned: nothing changes
    (np.e**0.2, 1.0, 2 * np.e**0.025),  # .5 x .2 = .1 a year, a fourth of it a quarter
    (np.e, 1.0, 2 * np.e**0.075),  # .5 is held at .3
    (np.e**-9, 1.0, 2 * np.e**-0.075),
    (np.e, 0.0, 2.0),  # before the date on which forecasts end
    (0.0, 1.0, 2.0),  # before the first price is seen
])
def test_the_worlds_effort_by_hand(compiled, trail, follow, now):
    m = compiled[2].money._replace(response=one(0.5), swing=one(0.3), follow=np.full(9, follow))
    assert effort(np, 3, m, one(2.0), one(trail)) == pytest.approx([now])


def test_the_world_follows_from_its_date(compiled):
    sc, ch, p = compiled
    first = int(p.money.follow.argmax())
    assert sc.demand.follows == f"{2024 + first // 4}Q{first % 4 + 1}"
    assert set(p.money.follow[:first]) == {0.0} and set(p.money.follow[first:]) == {1.0}
    assert ch.quarters == len(p.money.follow)


@pytest.mark.parametrize(("pause", "trail", "share"), [
    (0.8, 0.4, 0.5), (0.8, 0.8, 1.0), (0.8, 2.0, 1.0), (0.8, 0.0, 1.0), (0.0, 0.4, 1.0)])
def test_pace_by_hand(compiled, pause, trail, share):
    """At half of the price at which they pause, works go at half their pace; at once where no price
    was seen yet or the mechanism is off."""
    m = compiled[2].money._replace(pause=one(pause))
    assert pace(np, m, one(trail)) == pytest.approx([share])


def test_works_wait_at_half_their_pace(compiled):
    """100 into a first phase of one quarter's stay: 50 leave it; at half the pace 25."""
    _, ch, p = compiled
    r = ch.hall_rows[0]
    rate = np.zeros_like(p.rate)
    rate[0, r] = 0.5
    p = p._replace(rate=rate)
    starts, kit = np.zeros((2, len(ch.rows), 1)), np.zeros((2, len(ch.pools), 1))
    starts[1, r] = 100.0
    empty = np.zeros((2, len(PHASES), len(ch.rows), 1))
    for share, left in ((1.0, 50.0), (0.5, 75.0)):
        pipe, *_, due = build(np, ch, p, empty, starts, kit, one(share))
        assert pipe[1, 0, r, 0] == pytest.approx(left)
        assert due[1, r, 0] == pytest.approx(p.pay[0] * (100.0 - left))


# Outside money.


def test_a_draw_goes_by_what_is_left_and_what_was_ordered_is_honoured(compiled):
    """40 of 60 and 20: 30 and 10. 100: all of it, and of the 20 beyond a fourth and three
    fourths."""
    m = compiled[2].money._replace(weight=one(0.25, 0.75))
    left = one(60.0, 20.0)
    assert finance.draw(np, m, left, one(40.0)).ravel() == pytest.approx([30.0, 10.0])
    assert finance.draw(np, m, left, one(100.0)).ravel() == pytest.approx([65.0, 35.0])
    assert finance.draw(np, m, one(0.0, 0.0), one(8.0)).ravel() == pytest.approx([2.0, 6.0])


@pytest.mark.parametrize(("owed", "working", "trail", "opened"), [
    (20.0, 75.0, 0.9, 2.0), (5.0, 75.0, 0.9, 1.0), (20.0, 60.0, 0.9, 1.0), (20.0, 75.0, 0.65, 1.0),
    (10.0, 63.0, 0.7, 2.0)])
def test_tranches_by_hand(trio, owed, working, trail, opened):
    """Tranches of 100, one open, 70 % asked, price .7: with 60 drawn and 20 owed, 75 of the 90 paid
    a year ago in service, the second opens; it does not with 65 committed, with 60 in service (63
    are asked), or at .65 of full cost; on the thresholds it does."""
    _, ch, p = trio
    m = p.money._replace(tranche=one(100.0), in_service=one(0.7), covenant=one(0.7))
    a = finance.empty(np, ch, one(1.0), 1)._replace(
        drawn=one(50.0, 0.0, 10.0), working=one(working),
        paid=one(500.0, 400.0, 300.0, 200.0, 90.0))
    assert finance.tranches(np, m, a, one(owed), one(trail)) == pytest.approx([opened])


T = 20  # a quarter of the term


def funding(trio, *, caps=(100.0, 50.0, 1000.0), debt=0.0, drawn=(0.0, 0.0, 0.0), cash=0.0,
            recycled=0.0, active=1.0, index=1.0, **changes):
    """Funders who could pay `caps` so far; a grant of at most a tenth; debt up to half of capital;
    contracts that serve any debt."""
    _, ch, p = trio
    base = dict(ceiling=np.zeros((ch.quarters, 3, 1)), grant=one(1.0, 0.1, 1.0), leverage=one(0.5),
                cover=one(1.5), rate=one(0.08), repay=one(0.02), tranche=one(1e30),
                contracts=one(0.5), hours=one(2.0), index=np.full_like(p.money.index, index),
                running=np.full_like(p.money.running, 20.0))
    base["ceiling"][T] = one(*caps)
    m = p.money._replace(**{**base, **{k: v for k, v in changes.items() if k in p.money._fields}})
    p = p._replace(money=m, pledge=np.full_like(p.pledge, changes.get("pledge", 1e6)),
                   active=np.full_like(p.active, active), h100e=np.full_like(p.h100e, 50.0))
    a = finance.empty(np, ch, one(1.0), 1)._replace(
        contract=one(99.0, changes.get("price", 1e9)), debt=one(debt), drawn=one(*drawn),
        cash=one(cash), recycled=one(recycled), tranche=one(changes.get("opened", 1.0)))
    return finance.means(np, ch, T, p, a, one(changes.get("owed", 100.0)),
                         one(changes.get("planned", 3.0)))


def test_a_grant_pays_its_part_of_capital_and_lenders_as_much_as_the_rest(trio):
    """Owed 100, so the grant's part is 10; with equity's 100 lenders put 110: 220 may be ordered,
    with 40 of cash 260."""
    w = funding(trio, cash=40.0)
    assert w.left.ravel() == pytest.approx([100.0, 10.0, 110.0])
    assert w.outside == pytest.approx([220.0]) and w.budget == pytest.approx([260.0])


def test_capital_spent_before_counts_for_the_grant(trio):
    """Drawn 60 + 2 + 40, recycled 98, owed 100: a tenth of 300 is 30, of which 2 are paid; lenders
    up to 130, of which 40 are: left 40, 28 and 90."""
    w = funding(trio, drawn=(60.0, 2.0, 40.0), recycled=98.0)
    assert w.left.ravel() == pytest.approx([40.0, 28.0, 90.0])
    assert w.outside == pytest.approx([260.0]) and w.budget == pytest.approx([358.0])


@pytest.mark.parametrize(("leverage", "lent"), [(0.0, 0.0), (0.2, 27.5), (0.75, 330.0),
                                                (0.95, 1000.0)])
def test_leverage_by_hand(trio, leverage, lent):
    """Beside 110 of others: l / (1 - l) of it, and the lenders' own 1,000 at most."""
    assert funding(trio, leverage=one(leverage)).left[2] == pytest.approx([lent])


@pytest.mark.parametrize(("planned", "debt", "drawn", "index", "left"), [
    (3.0, 0.0, 0.0, 1.0, 2000.0),  # .5 (2 x 50 x 1 - 20) x 3 = 120 over 1.5 (.02 + .02) = .06
    (3.0, 1900.0, 70.0, 1.0, 100.0),  # 100 more than the 70 drawn
    (3.0, 2500.0, 70.0, 1.0, 0.0),
    (3.0, 1900.0, 0.0, 2.0, 1050.0),  # dollars of the day: (4,000 - 1,900) / 2
    (0.0, 0.0, 0.0, 1.0, 0.0),  # nothing planned serves no debt
])
def test_debt_service_cover_by_hand(trio, planned, debt, drawn, index, left):
    w = funding(trio, caps=(1e6, 0.0, 1e6), price=1.0, planned=planned, debt=debt,
                drawn=(0.0, 0.0, drawn), index=index)
    assert w.left[2] == pytest.approx([left])


def test_a_price_below_running_cost_serves_no_debt(trio):
    """2 x 50 x .19 = 19 a GW, less 20."""
    assert funding(trio, caps=(1e6, 0.0, 1e6), price=0.19).left[2] == pytest.approx([0.0])


def test_tranches_and_the_pledge_bound_what_is_ordered(trio):
    """Funders have 220; two tranches of 75 are 150; a pledge of 120 is less."""
    assert funding(trio, tranche=one(75.0), opened=2.0).outside == pytest.approx([150.0])
    w = funding(trio, tranche=one(75.0), opened=2.0, pledge=120.0)
    assert w.outside == pytest.approx([120.0])


@pytest.mark.parametrize(("owed", "cash", "pledge", "outside"), [
    (100.0, 30.0, 1e6, 120.0),  # 50 drawn, 70 that cash does not pay
    (100.0, 130.0, 1e6, 50.0),
    (100.0, 30.0, 90.0, 90.0),  # never more than the pledge,
    (100.0, 30.0, 40.0, 50.0),  # and what was drawn was drawn
])
def test_after_the_term_orders_are_honoured(trio, owed, cash, pledge, outside):
    w = funding(trio, active=0.0, drawn=(50.0, 0.0, 0.0), owed=owed, cash=cash, pledge=pledge)
    assert w.outside == pytest.approx([outside])
    assert w.budget == pytest.approx([outside + cash])


def test_funders_pay_in_to_as_far_ahead_as_orders_are_signed():
    """Grants of 12 billion a year, a fifth of them for this plan: .6 billion a quarter. Signed a
    year ahead, the first quarter may count on five of them; none before the term or after it."""
    key = "finance.funders.grants"
    sc = load("seven-trillion", (f"{key}.flow=12 billion USD2026/year", f"{key}.share=20 %",
                                 "programme.ahead=4 quarters", "base_year=2026"))
    ch = index(sc)
    m = compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True).money
    f = ch.funders.index("grants")
    assert m.limit[ch.start, f] == pytest.approx([0.6e9])
    assert m.limit[: ch.start].max() == 0.0 and m.limit[ch.end:].max() == 0.0
    assert m.ceiling[ch.start, f] == pytest.approx([3e9])
    assert m.ceiling[ch.start - 1].max() == 0.0
    assert m.ceiling[-1] == pytest.approx(m.limit.sum(0))


def test_certain_money_is_equity(compiled):
    sc, ch, _ = compiled
    m = compile_params(sc, ch, stack([Case("x", 1, off=("funders",))]), 1, median=True).money
    equity = np.array([k == "equity" for k in ch.funder_kinds])
    assert m.limit[ch.start, ~equity].max() == 0.0
    assert m.limit[ch.start, equity].sum() > 1e29
    assert m.weight.sum(0) == pytest.approx([1.0])


def test_raisable_by_hand(trio):
    """100 of equity and 10 of a grant carry 1.5 times as much of debt at a leverage of .6, where
    lenders have it."""
    _, ch, p = trio
    m = p.money._replace(leverage=one(0.6), limit=np.array([one(100.0, 10.0, 500.0),
                                                            one(100.0, 10.0, 50.0)]))
    assert finance.raisable(np, ch, m).ravel() == pytest.approx([275.0, 160.0])


# The books.


def test_tax_by_hand(compiled):
    """Profit 40, old losses 60, of which 80 % of profit may be used: 32; tax a fourth of 8; 28
    left. A loss of 10 is added to them."""
    m = compiled[2].money._replace(tax=one(0.25), loss_limit=one(0.8))
    due, left = tax(np, m, one(40.0), one(60.0))
    assert due == pytest.approx([2.0]) and left == pytest.approx([28.0])
    due, left = tax(np, m, one(40.0), one(20.0))
    assert due == pytest.approx([5.0]) and left == pytest.approx([0.0])
    due, left = tax(np, m, one(-10.0), one(60.0))
    assert due == pytest.approx([0.0]) and left == pytest.approx([70.0])


def test_depreciation_by_hand(compiled):
    """Equipment 100, 80 % at once; 20 and an old 30 at 5 %: 2.5. Buildings 40 and 60 at 1 %: 1."""
    _, ch, p = compiled
    m = p.money._replace(expensed=one(0.8), write_equipment=one(0.05), write_buildings=one(0.01))
    a = finance.empty(np, ch, one(1.0), 1)._replace(equipment=one(30.0), buildings=one(60.0))
    off, equipment, buildings = depreciation(m, a, one(100.0), one(40.0))
    assert off == pytest.approx([83.5])
    assert equipment == pytest.approx([47.5]) and buildings == pytest.approx([99.0])


def quarter(trio, *, revenue=0.0, running=0.0, capital=0.0, outside=0.0, left=(0.0, 0.0, 0.0),
            owed=0.0, keep=0.0, cash=0.0, debt=0.0, prepaid=0.0, losses=0.0, index=1.0,
            drawn=(0.0, 0.0, 0.0), kinds=None, sold=0.0, fabs=0.0, **changes):
    """One quarter of the books: 8 % interest, a fiftieth of debt repaid; `outside`: outside money
    that may have been drawn by now; capital is all chips, written off over for ever."""
    _, ch, p = trio
    ch = ch if kinds is None else replace(ch, funder_kinds=kinds)
    zero = one(0.0)
    m = p.money._replace(**{**dict(
        rate=one(0.08), repay=one(0.02), issuance=one(400.0), expensed=zero, write_equipment=zero,
        write_buildings=zero, running=np.full_like(p.money.running, 1.0),
        index=np.full_like(p.money.index, index)), **changes})
    a = finance.empty(np, ch, one(1.0), 1)._replace(
        cash=one(cash), debt=one(debt), prepaid=one(prepaid), losses=one(losses),
        drawn=one(*drawn))
    w = Means(one(outside), one(outside + cash), one(*left))
    b = Bills(hours=one(revenue), price=one(1.0), sold=one(sold), fabs=one(fabs),
              fleet=one(running), chips=one(capital), sites=zero, plants=zero)
    return pay(np, ch, T, m, a, w, b, one(owed), one(keep))


@pytest.mark.parametrize(("revenue", "served", "repaid", "debt", "support", "out"), [
    (90.0, 20.0, 20.0, 980.0, 0.0, 30.0),  # 70 earned: all is served, 30 are left
    (50.0, 20.0, 10.0, 990.0, 0.0, 0.0),  # 30 earned: repayment waits
    (25.0, 5.0, 0.0, 1015.0, 0.0, 0.0),  # 5 earned: 15 of interest are added to the debt
    (5.0, 0.0, 0.0, 1020.0, 15.0, 0.0),  # 15 lost: all of it is, and equity pays the loss
])
def test_debt_service_when_cash_is_short(trio, revenue, served, repaid, debt, support, out):
    """Debt 1,000 at 8 % a year: 20 of interest and 20 of repayment a quarter; running cost 20."""
    a, f = quarter(trio, revenue=revenue, running=20.0, debt=1000.0)
    assert f.interest == pytest.approx([served]) and f.repaid == pytest.approx([repaid])
    assert a.debt == pytest.approx([debt]) and f.debt == pytest.approx([debt])
    assert f.support == pytest.approx([support])
    assert f.called.ravel() == pytest.approx([support, 0.0, 0.0])
    assert f.distributed == pytest.approx([out]) and a.cash == pytest.approx([0.0])


def test_borrowing_raises_the_rate_by_what_it_takes_of_the_market(trio):
    """10 a quarter are 40 a year, a tenth of 400: one spread of .5 %. Debt 1,000: 21.25."""
    a, f = quarter(trio, revenue=1e3, capital=10.0, outside=10.0, left=(0.0, 0.0, 10.0),
                   debt=1000.0, spread=one(0.005))
    assert f.interest == pytest.approx([21.25])
    assert a.debt == pytest.approx([1000.0 - 20.0 + 10.0])
    assert f.called.ravel() == pytest.approx([0.0, 0.0, 10.0])


def test_a_bill_goes_to_outside_money_first(trio):
    """70 with 50 of outside money: 20 of own cash where there are 30, 10 where there are 10 and 10
    more of equity: what was ordered is honoured."""
    for cash, own, called in ((30.0, 20.0, [50.0, 0.0, 0.0]), (10.0, 10.0, [60.0, 0.0, 0.0])):
        a, f = quarter(trio, capital=70.0, outside=50.0, left=(50.0, 0.0, 0.0), cash=cash, keep=1.0)
        assert f.recycled == pytest.approx([own]) and f.outside == pytest.approx([70.0 - own])
        assert f.called.ravel() == pytest.approx(called)
        assert a.drawn.ravel() == pytest.approx(called) and a.recycled == pytest.approx([own])
        assert a.cash == pytest.approx([cash - own]) and f.free == pytest.approx([-70.0])


@pytest.mark.parametrize(("owed", "keep", "held"), [
    (60.0, 0.0, 40.0),  # 60 owed, 20 of which outside money will pay
    (60.0, 0.5, 50.0),  # half is kept, which is more
    (10.0, 0.0, 0.0), (500.0, 0.0, 100.0), (0.0, 1.0, 100.0)])
def test_what_is_owed_is_kept_and_the_rest_paid_out(trio, owed, keep, held):
    a, f = quarter(trio, cash=100.0, outside=20.0, left=(20.0, 0.0, 0.0), owed=owed, keep=keep)
    assert a.cash == pytest.approx([held]) and f.held == pytest.approx([held])
    assert f.distributed == pytest.approx([100.0 - held])


def test_prepaid_compute_brings_no_cash(trio):
    """Of 50 paid ahead a fiftieth is delivered a quarter: 1 of the 100 sold; 5 more are paid ahead.
    """
    kinds = ("equity", "prepayment", "debt")
    a, f = quarter(trio, revenue=100.0, prepaid=50.0, capital=5.0, outside=5.0,
                   left=(0.0, 5.0, 0.0), kinds=kinds)
    assert f.ahead == pytest.approx([1.0]) and f.distributed == pytest.approx([99.0])
    assert a.prepaid == pytest.approx([54.0])


def test_fabs_earn_and_cost_cash(trio):
    """Sold 80 at a cash cost of 30, and 100 of compute at 20: 130."""
    _, f = quarter(trio, revenue=100.0, running=20.0, sold=80.0, fabs=30.0)
    assert f.revenue == pytest.approx([180.0]) and f.running == pytest.approx([50.0])
    assert f.distributed == pytest.approx([130.0])


def test_tax_of_a_quarter_by_hand(trio):
    """Docstring of `pay`: 100 earned, 10 of interest (debt 500), 50 written off at once, old losses
    60: taxable 40, tax 2, 28 left. Without debt the profit is 50, 40 are used and tax is 2.5."""
    a, f = quarter(trio, revenue=100.0, debt=500.0, losses=60.0, capital=50.0, outside=50.0,
                   left=(50.0, 0.0, 0.0), expensed=one(1.0), tax=one(0.25))
    assert f.tax == pytest.approx([2.0]) and a.losses == pytest.approx([28.0])
    assert f.free == pytest.approx([100.0 - 12.5 - 50.0])  # no losses were carried unlevered
    assert a.losses_unlevered == pytest.approx([0.0])


def test_accounts_are_in_dollars_of_the_day(trio):
    """Prices have doubled: 90 earned are 180, of which interest takes 20 and repayment 20 of a debt
    of 1,000 in dollars of the day, which is 10 and 10 in constant ones; 10 of cash are 5."""
    a, f = quarter(trio, revenue=90.0, debt=1000.0, cash=10.0, keep=1.0, index=2.0)
    assert f.interest == pytest.approx([10.0]) and f.repaid == pytest.approx([10.0])
    assert a.cash == pytest.approx([150.0]) and f.held == pytest.approx([75.0])
    assert a.debt == pytest.approx([980.0]) and f.debt == pytest.approx([490.0])
    a, f = quarter(trio, revenue=90.0, owed=30.0, index=2.0)  # 30 owed are 60
    assert a.cash == pytest.approx([60.0]) and f.distributed == pytest.approx([60.0])


# After the horizon.


def left_over(compiled, fleet=(1.0,), h100e=(100.0,), *, hazard=0.0, sites=0.0, losses=0.0,
              equipment=0.0, room=0.0, **changes):
    """Cash, revenue and GW: vintages that sell 100 a GW at a price of 1, running cost 60, price
    falling 19 % a year."""
    _, ch, p = compiled
    p = p._replace(hazard=np.full_like(p.hazard, hazard), money=p.money._replace(**{**dict(
        running=np.full_like(p.money.running, 60.0), fall=one(0.19), write_equipment=one(0.0),
        write_buildings=one(0.0), wear_sites=one(0.0), tax=one(0.0)), **changes}))
    s = start(ch, p)
    _, hall, routes = ch.sites[0]
    s.built[PROGRAMME, [hall, routes[0]]] = room
    stock = np.zeros((2, 2, ch.vintages, 1))
    stock[:, PROGRAMME, -len(fleet):, 0] = fleet, h100e
    s = s._replace(fleet=stock[0], h100e=stock[1], h100e_8bit=np.zeros_like(stock[1]),
                   money=s.money._replace(sites=one(sites), losses_unlevered=one(losses),
                                          equipment=one(equipment)))
    return run_off(np, ch, p, s, one(1.0))[..., 0]


def test_run_off_by_hand(compiled):
    """100 x .81^(j/4) - 60: 34.87 in the first quarter, 30 in the second, 2.24 in the ninth; from
    the tenth on (100 x .81^2.5 = 59.05) it is switched off."""
    cash, revenue, gw = left_over(compiled)
    assert len(cash) == RUNOFF
    assert cash[[0, 1, 8]] == pytest.approx([34.868330, 30.0, 2.243111])
    assert revenue[1] == pytest.approx(90.0) and gw[:9].tolist() == [1.0] * 9
    assert not cash[9:].any() and not revenue[9:].any() and not gw[9:].any()


def test_a_vintage_that_no_longer_pays_takes_nothing_from_the_other(compiled):
    """An old GW that sells 70 brings 70 x .9487 - 60 = 6.41 in the first quarter, 3 in the second
    and nothing in the third (59.76)."""
    both, alone = left_over(compiled, (1.0, 1.0), (70.0, 100.0)), left_over(compiled)
    assert (both - alone)[0, :3] == pytest.approx([6.407831, 3.0, 0.0])
    assert (both - alone)[2, :3].tolist() == [1.0, 1.0, 0.0]


def test_what_runs_off_ages_and_leaves_its_site(compiled):
    """Half of a vintage of 1 GW retires each quarter: 17.43, 7.5. Its site has 2 GW and is worth 8:
    one and a half are free after the first quarter, 6 dollars, an eighth of it more in the next."""
    bare = left_over(compiled, hazard=0.5)[0]
    cash, _, gw = left_over(compiled, hazard=0.5, sites=8.0, room=2.0)
    assert gw[:2].tolist() == [0.5, 0.25] and bare[:2] == pytest.approx([17.434165, 7.5])
    assert (cash - bare)[:2] == pytest.approx([6.0, 1.0])


def test_run_off_is_taxed(compiled):
    """A fourth of 34.87 - 10 (a tenth of a tax book of 100) - 80 % of it in old losses of 10; then
    of 30 - 9."""
    cash, *_ = left_over(compiled, tax=one(0.25), equipment=100.0, losses=10.0,
                         write_equipment=one(0.1))
    assert cash[:2] == pytest.approx([34.868330 - 0.25 * (24.868330 - 10.0), 30.0 - 0.25 * 21.0])


# Laws.


futures = st.fixed_dictionaries({
    "base": st.sampled_from(["seven-trillion", "seven-trillion-fabs", "stargate",
                             "thirty-six-fabs"]),
    "pledge": st.sampled_from([0.0, 1e9, 3e11, 7e12, 1e15]),
    "elasticity": st.floats(0.3, 20.0),
    "tranches": st.integers(1, 20),
    "covenant": st.floats(0.0, 2.0),
    "leverage": st.floats(0.0, 0.9),
    "cover": st.floats(0.1, 3.0),
    "rate": st.floats(0.0, 0.3),
    "tax": st.floats(0.0, 0.9),
    "contracts": st.floats(0.0, 1.0),
    "reinvest": st.floats(0.0, 1.0),
    "users": st.sampled_from([1.0, 0.01, 30.0]),
    "indexed": st.booleans(),
    "off": st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=4, unique=True),
    "seed": st.integers(0, 50),
})


# Shrinking would take minutes and says little more: the numbers are few.
@settings(max_examples=14, deadline=None, suppress_health_check=list(HealthCheck),
          phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(futures)
def test_every_dollar_leaves_one_account_and_enters_another(s):
    sets = [f"programme.pledge={s['pledge']} USD", f"market.elasticity={s['elasticity']}",
            f"programme.indexed={str(s['indexed']).lower()}", f"tax.rate={s['tax']}",
            f"market.contracts={s['contracts']}", f"finance.rate={s['rate']} 1/year"]
    sets += [f"finance.{k}={s[k]}" for k in ("tranches", "covenant", "leverage", "cover",
                                             "reinvest")]
    sc = load(s["base"], tuple(sets))
    case = Case("x", 6, off=tuple(s["off"]), scale=(("market.users", s["users"]),))
    r = simulate(sc, [case], s["seed"])
    g = lambda name: r.case("x", name)  # noqa: E731
    ch = r.chain
    m = compile_params(sc, ch, stack([case]), s["seed"]).money
    i = price_index(sc, np.arange(ch.quarters))[:, None]
    for name in ("price", "spot", "trail", "effort", "paid_by", "earned", "called", "debt", "held",
                 "free", "runoff", "full", "raisable", "interest", "tax"):
        assert np.isfinite(g(name)).all(), name

    # What users, owners and investors pay is what everyone earns with compute.
    everyone = g("earned").sum(1)
    assert np.abs(g("paid_by").sum(1) - everyone).max(initial=0) <= TOL * everyone.max()
    assert (np.abs(g("paid_by").sum(1) - everyone) <= TOL * everyone).all()

    # The programme's is of compute at its own price and of what its fabs made.
    goods = (m.price * g("made")[:, PROGRAMME]).sum(1)
    own = g("earned")[:, PROGRAMME] + goods
    assert (np.abs(g("revenue") - own) <= TOL * (own + 1.0)).all()

    # Calendar dollars of each future, quarter by quarter: in = out + change of what is held.
    total_in = (g("called").sum(1) + g("revenue") - g("ahead")) * i
    out = sum(g(k) for k in ("spent", "running", "tax", "interest", "repaid", "distributed")) * i
    held = g("held") * i
    gross = (np.abs(total_in) + np.abs(out) + held).cumsum(0) + 1.0
    assert (np.abs(total_in.cumsum(0) - out.cumsum(0) - held) <= TOL * gross).all()

    # Capital: from outside and from own cash; called: for capital and for losses.
    scale = TOL * (g("spent").sum(0) + g("support").sum(0) + 1.0)
    overrun = g("spent") - g("outside") - g("recycled")  # ordered on cash that is gone since
    assert (overrun >= -scale).all() and (overrun <= g("support") + scale).all()
    assert (np.abs(g("called").sum(1) - g("outside") - g("support")) <= scale).all()
    for name in ("held", "tranche", "debt", "called", "outside", "recycled", "distributed",
                 "support", "interest", "repaid", "ahead", "tax", "paid_by"):
        assert (g(name) >= -scale).all(), name
    assert (g("outside").cumsum(0) <= pledged(r, "x") * (1 + TOL) + 1e-3).all()
    if s["pledge"] == 0:
        assert not g("called").any() and not g("revenue").any()

    # The debt account: before + lent + interest added - repaid; interest is that of the terms.
    debt, lent = g("debt") * i, sum((g("called")[:, f] for f, k in enumerate(ch.funder_kinds)
                                     if k == "debt"), 0.0 * g("debt"))
    before = np.concatenate([np.zeros_like(debt[:1]), debt[:-1]])
    due = debt - before - lent * i + (g("repaid") + g("interest")) * i
    slack = TOL * (debt.max(0) + 1.0)
    assert (due >= before * m.rate / 4 - slack).all()
    most = m.rate + m.spread * 4.0 * lent / (0.1 * m.issuance)
    assert (due <= before * most / 4 + slack).all()
    added = due - g("interest") * i
    assert (added >= -slack).all()
    assert ((added <= slack) | (g("held") * i <= slack)).all()  # only where there is no cash
    assert (g("tranche")[1:] >= g("tranche")[:-1]).all()


@pytest.mark.parametrize(("name", "off", "users", "seed", "sets"), [
    ("seven-trillion", (), 1.0, 0, (  # a price that collapses years after the term
        "programme.pledge=1e9 USD", "programme.indexed=false", "market.elasticity=0.3",
        "market.contracts=0 %", "tax.rate=0 %", "finance.rate=0 %/year", "finance.tranches=1",
        "finance.covenant=0", "finance.leverage=0", "finance.cover=0.1", "finance.reinvest=0 %")),
    ("thirty-six-fabs", ("packaging", "delays", "time", "tranches"), 30.0, 3, (
        "programme.pledge=300 billion USD", "programme.indexed=false", "tax.rate=50 %",
        "market.elasticity=16", "market.contracts=54 %", "finance.rate=20 %/year",
        "finance.cover=2.2", "finance.leverage=18 %", "finance.reinvest=28 %")),
])
def test_outside_money_never_exceeds_the_pledge(name, off, users, seed, sets):
    r = simulate(load(name, sets), [Case("x", 32, off=off, scale=(("market.users", users),))], seed,
                 keep=("outside",), beside=("money_rate",))
    over = r.case("x", "outside").sum(0) / pledged(r, "x") - 1.0
    assert over.max() <= TOL, (over.max(), np.flatnonzero(over > TOL).tolist())


@pytest.mark.parametrize("name", ["seven-trillion", "stargate", "thirty-six-fabs",
                                  "seven-trillion-fabs"])
def test_a_pledge_of_zero_leaves_the_market_bit_for_bit(name):
    zero = simulate(load(name), [Case("x", 8, pledge=0.0)])
    world = simulate(load("reference"), [Case("x", 8)])
    for k in ("price", "spot", "trail", "effort", "paid_by", "full"):
        assert np.array_equal(zero.case("x", k), world.case("x", k)), k
    assert np.array_equal(zero.case("x", "earned")[:, WORLD], world.case("x", "earned")[:, WORLD])
    assert not zero.case("x", "earned")[:, PROGRAMME].any()
    for k in ("called", "revenue", "running", "tax", "debt", "held", "free", "distributed"):
        assert not zero.case("x", k).any(), k
    assert not zero.case("x", "runoff").any()


SIZES = (0.5, 1.0, 2.0, 3.5, 7.0, 14.0)  # trillions


def by_pledge(off, paths):
    return simulate(load("seven-trillion"), [Case(f"{x}", paths, pledge=x / 7.0, off=off)
                                             for x in SIZES],
                    keep=("outside",), beside=("money_rate",))


def test_a_larger_purse_absorbs_more():
    """With its money certain, and prices and the world's capex that do not answer to it: the mean
    never falls.

    Single futures may, a little: `tests/test_purse.py` says why. Of 512 futures 1, 1, 1, 2 and 0
    fall, by up to .13, .10, .01, .07 and 0 %: more is a change.
    """
    r = by_pledge(("tranches", "sponsor", "funders", "elasticity", "returns"), 128)
    paid = [absorbed(r, f"{x}") for x in SIZES]
    for small, large in pairwise(paid):
        assert large.mean() >= small.mean()
        assert (large / small).min() > 0.998
        assert (large < small * (1 - TOL)).mean() < 0.02


def test_a_larger_pledge_absorbs_hardly_less_and_never_a_larger_share():
    """With everything on, a larger programme lowers the price it earns and may be slowed by it: the
    mean falls by no more than a fiftieth, and its share of the pledge does not rise."""
    r = by_pledge((), 64)
    paid = [absorbed(r, f"{x}") for x in SIZES]
    share = [x / pledged(r, f"{s}") for s, x in zip(SIZES, paid, strict=True)]
    for small, large in pairwise(paid):
        assert large.mean() >= 0.98 * small.mean()
    for small, large in pairwise(share):
        rise = large - small
        assert rise.mean() <= rise.std(ddof=1) / np.sqrt(rise.size)
