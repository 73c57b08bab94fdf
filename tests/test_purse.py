"""What a larger pledge absorbs beside a smaller one, on the same futures.

Triggers are off, prices and the world's capex do not answer. *Rivals frozen*: in every quarter the
reference world of the larger plan is put back to that of the smaller one, and what is offered to
the larger is what was offered to the smaller with what either holds; suppliers' response is off.
What is left are the programme's own decisions.
"""

from itertools import pairwise

import numpy as np
import pytest

from oblea.analysis.outcome import absorbed
from oblea.chain.cases import Case, stack
from oblea.chain.index import PROGRAMME, WORLD, index
from oblea.chain.params import compile_params
from oblea.scenario import load
from oblea.simulate import ration
from oblea.simulate.run import simulate
from oblea.simulate.state import start
from oblea.simulate.step import step

OFF = ("tranches", "sponsor", "funders", "elasticity", "returns", "response")
BOOKS = ("pipe", "under_way", "built", "due", "kit", "stock", "fleet", "h100e", "h100e_8bit",
         "filled")  # owner first
WANTS = ("deployed", "wanted")
SIZES = (0.5, 1.0, 2.0, 3.5, 7.0, 14.0)  # trillions
TOL = 1e-9


def rivals_of_the_smaller(s, n):
    """The state with the reference world of futures n to 2n as it is in futures 0 to n."""
    small, large = slice(0, n), slice(n, 2 * n)

    def world(x):
        x = x.copy()
        x[WORLD][..., large] = x[WORLD][..., small]
        return x

    def both(x):
        x = x.copy()
        x[..., large] = x[..., small]
        return x

    mine = s.due[PROGRAMME]
    free = s.free.copy()
    free[1:, ..., large] = np.maximum(
        (s.free + mine)[1:, ..., small] - mine[1:, ..., large], 0.0)
    books = {k: world(getattr(s, k)) for k in BOOKS} | {k: both(getattr(s, k)) for k in WANTS}
    money = s.money._replace(
        **{k: world(getattr(s.money, k)) for k in ("contract", "hours")},
        **{k: both(getattr(s.money, k)) for k in ("trail", "effort", "fleet")})
    return s._replace(**books, free=free, money=money)


def frozen(name, small, large, n, off=(), seed=1):
    """Cumulative by quarter of the term, (T, n) of the smaller and of the larger plan: outside
    money, GW of chips."""
    sc = load(name)
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("small", n, pledge=small, off=OFF + off),
                                      Case("large", n, pledge=large, off=OFF + off)]), seed)
    s, outs = start(ch, p), []
    for t in range(ch.end):
        s, out = step(np, ch, t, rivals_of_the_smaller(s, n), p)
        outs.append((out.outside, out.deployed[PROGRAMME]))
    return [(x[:, :n], x[:, n:])
            for x in (np.array(x).cumsum(0) for x in zip(*outs, strict=True))]


def falls(paid):
    small, large = (x[-1] for x in paid)
    return large < small * (1.0 - TOL)


@pytest.mark.parametrize("seed", [1, 3])
@pytest.mark.parametrize(("small", "large"), list(pairwise(SIZES)))
def test_where_sites_do_not_queue_a_larger_purse_absorbs_no_less(small, large, seed):
    """Rivals frozen and power without queues: on 512 futures none loses dollars or GW by more than
    2 in 100,000, and of those that lose at all no more than one does: the same chips were bought
    sooner, in a quarter in which they cost less."""
    paid, chips = frozen("seven-trillion", small / 7.0, large / 7.0, 512, ("power",), seed)
    for x in (paid, chips):
        assert (x[1][-1] >= x[0][-1] * (1.0 - 2e-5)).all()
        assert falls(x).sum() <= 1
    assert paid[1][-1].mean() > paid[0][-1].mean()


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize(("lifted", "few", "most"), [
    (("memory", "packaging", "foundry"), 0.0, TOL), (("power",), 0.02, 1e-2),
    (("resale",), 0.01, 1e-2), ((), 0.01, 1e-2)])
def test_with_rivals_that_answer_few_absorb_less_and_none_where_chips_are_no_limit(
        lifted, few, most, seed):
    """On 512 futures: the share of them that fall, and by how much at most (a thousandth in the
    usual draws, the bound in the worst of six sets)."""
    off = (*OFF[:-1], *lifted)
    r = simulate(load("seven-trillion"), [Case(f"{x}", 512, pledge=x / 7.0, off=off)
                                          for x in SIZES], seed, keep=("outside",),
                 beside=("money_rate",))
    most = min(most, 1e-3) if seed == 1 else most
    for small, large in pairwise([absorbed(r, f"{x}") for x in SIZES]):
        assert (large < small * (1.0 - TOL)).mean() <= few
        assert (large >= small * (1.0 - most)).all()
        assert large.mean() > small.mean()


@pytest.mark.parametrize(("small", "large"), [(0.25, 0.5), (0.5, 1.0), (1.0, 2.0)])
def test_nor_where_a_plan_has_but_few_fabs_of_its_own(small, large):
    """Stargate with its queues for power, rivals frozen."""
    paid, _ = frozen("stargate", small, large, 256)
    assert not falls(paid).any()
    assert paid[1][-1].mean() > paid[0][-1].mean()


@pytest.mark.parametrize("seed", [1, 6])
@pytest.mark.parametrize(("small", "large"), list(pairwise(SIZES)))
def test_with_queues_few_lose_and_little_for_sites_that_come_late(small, large, seed):
    """Rivals frozen, of 512 futures: of six sets of draws these are the usual and the worst. A fall
    in dollars with no less compute is the same, bought sooner; one in both is as a rule a purse
    that held late slots and had no use for sooner ones."""
    paid, chips = frozen("seven-trillion", small / 7.0, large / 7.0, 512, (), seed)
    both = falls(paid) & falls(chips)
    assert max(falls(paid).mean(), falls(chips).mean()) < 0.01 and both.mean() < 0.005
    assert (paid[1][-1] >= paid[0][-1] * (1.0 - 5e-3)).all()
    assert (chips[1][-1] >= chips[0][-1] * (1.0 - 1e-2)).all()
    assert paid[1][-1].mean() > paid[0][-1].mean()


def one_book(asks, slots=10.0, world=10.0):
    """Slots (T, P) that a programme which asks for `asks` (T, P) holds after each quarter of a book
    that it shares with a world which asks again for what it did not get."""
    ch = index(load("seven-trillion"))
    n = asks.shape[1]
    p = compile_params(load("seven-trillion"), ch, stack([Case("x", n, off=("newcomer",))]), 1)
    e = ch.pools.index("euv")
    row = ch.pool_rows[e][0]
    p = p._replace(amount=np.zeros_like(p.amount), open=np.zeros_like(p.open))
    p.amount[e, row], p.open[5, e] = 1.0, slots
    s = start(ch, p)
    s = s._replace(free=np.zeros_like(s.free))
    s.free[5, e] = slots
    reach = ration.within_reach(np, ch, 0, p, s)
    got, again, out = np.zeros(n), np.zeros(n), []
    for ask in asks:
        want = np.zeros((2, len(ch.rows), n))
        want[WORLD, row], want[PROGRAMME, row] = world + again, ask
        starts, _, _ = ration.ration(np, ch, 0, p, s, reach, want)
        again = want[WORLD, row] - starts[WORLD, row]
        got = got + starts[PROGRAMME, row]
        out.append(got)
    return np.array(out)


def test_in_one_book_rivals_take_back_but_never_all():
    """By hand: 10 slots, the world asks for 10. The larger purse asks for 4 and 4, the smaller for
    0 and 4. Larger: 40 / 14 = 2.857; the world lacks as much and asks for 12.857: 40 / 16.857 =
    2.373, together 5.230. Smaller: 0 and 2.857. In the second quarter the larger gets less; what it
    leads by, 2.373, is what the world still lacks on its account, so that it cannot turn."""
    asks = np.full((40, 2), 4.0)
    asks[0, 1] = 0.0
    large, small = one_book(asks).T
    assert large[:2] == pytest.approx([2.857, 5.230], abs=1e-3)
    assert small[:2] == pytest.approx([0.0, 2.857], abs=1e-3)
    lead = large - small
    assert (np.diff(lead) < 0).all() and (lead > 0).all() and lead[-1] < 0.25 * lead[0]


def test_with_two_queues_a_larger_purse_may_end_with_less():
    """By hand: chips for 10 GW will come. In the first quarter power is to be had in ten years; the
    larger purse orders 10 GW, the smaller has money for 4. In the second, 6 GW within two years
    open up that nobody could foresee: the larger has all it can fill, the smaller orders them.
    After three years the smaller has 6 GW and the larger none. In one queue the larger moves up and
    has the 6 too."""
    early, late = 8, 40

    def orders(money, one_queue):
        due = np.zeros(41)
        for opens in ({late: 10.0}, {early: 6.0}):
            reach = np.zeros(41)
            for at, slots in opens.items():
                reach[at] = slots
            if one_queue:
                could = (due + reach)[:, None, None]
                due = ration.take(np, could, np.array([[due.sum()]]))[:, 0, 0]
                reach = could[:, 0, 0] - due
            ask = min(10.0 - due.sum(), money)
            due = due + ration.take(np, reach[:, None, None], np.array([[ask]]))[:, 0, 0]
            money = np.inf
        return due[:13].sum(), due.sum()

    assert orders(4.0, False) == (6.0, 10.0)
    assert orders(10.0, False) == (0.0, 10.0)
    assert orders(4.0, True) == (6.0, 10.0)
    assert orders(10.0, True) == (6.0, 10.0)
