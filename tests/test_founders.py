"""Founders' own orders: what they bring in, by hand and in the whole model."""

import numpy as np
import pytest

from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.params import compile_params, sites_brought
from oblea.errors import InputErrors
from oblea.scenario import load
from oblea.simulate import decide, ration
from oblea.simulate.run import simulate
from oblea.simulate.state import Outputs, start

BARE = ("newcomer.share=0 %", "resale.share=0 %/year")


@pytest.fixture(scope="module")
def compiled():
    sc = load("stargate", ("programme.brings=10 %",))
    ch = index(sc)
    return sc, ch, compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True)


def test_sites_by_hand(compiled):
    """h = .1, 60 of the world's 100 GW where the programme builds: a sixth of what is added there
    in the term, nothing before it or elsewhere."""
    _, ch, _ = compiled
    h, halls = np.array([0.1]), list(ch.hall_rows)
    given, region = np.zeros((40, len(ch.rows), 1)), np.zeros((len(ch.rows), 1))
    here, there = halls[:2]
    given[:, here, 0] = np.minimum(np.arange(40) * 6.0, 60.0)
    given[10:, there, 0] = 40.0
    region[here] = 1.0
    part, came = sites_brought(ch, given, region, h)
    assert part[here, 0] == pytest.approx(1 / 6) and part[there, 0] == 0.0
    in_term = given[ch.end - 1, here, 0] - given[ch.start - 1, here, 0]
    assert came[-1, here, 0] == pytest.approx(in_term / 6)
    assert came[ch.start - 1, here, 0] == 0.0 and came[:, there].max() == 0.0


def test_chips_by_hand(compiled):
    """All sold, 1,000 GB and 50 wafers, a GW takes 100 GB and 10 wafers: 1 GW by memory, .5 by
    wafers; contracts in force are in proportion."""
    _, ch, p = compiled
    t, shape = ch.start, p.need.shape
    need, output = np.zeros(shape), np.zeros_like(p.output)
    hbm, cowos = ch.commodities.index("hbm"), ch.commodities.index("cowos")
    need[:, 1, hbm], need[:, 1, cowos] = 100.0, 10.0
    output[:, hbm], output[:, cowos] = 1000.0, 50.0
    capacity = np.zeros((2, len(ch.rows), 1))
    for c in (hbm, cowos):
        capacity[0, ch.producers[c][0]] = 1.0
    p = p._replace(need=need, output=output, ai_share=np.ones_like(p.ai_share),
                   sold=np.ones_like(p.sold), given=np.zeros_like(p.given))
    gw = decide.founders_chips(np, ch, t, 0, p, capacity)[:, 0]
    assert gw[hbm] == pytest.approx(1.0) and gw[cowos] == pytest.approx(0.5)
    parts = decide.in_force(np, ch, t, p, capacity)[:, :, 0]
    assert parts[:4, hbm] == pytest.approx(50.0) and parts[:4, cowos] == pytest.approx(5.0)
    assert parts[4].max() == 0.0


def test_slots_by_hand(compiled):
    """10 slots, 4 unsold, s = .3, b = .1, resale .05: own 1.8, within reach 1.8 + .05 x 8.2."""
    _, ch, p = compiled
    e, t = ch.pools.index("turbines"), ch.start
    s = start(ch, p)
    p = p._replace(newcomer=np.full_like(p.newcomer, 0.3), pool_resale=np.full(1, 0.05),
                   slots=np.zeros_like(p.slots), open=np.zeros_like(p.open))
    p.slots[t + 5, e], p.open[t + 5, e] = 10.0, 4.0
    s = s._replace(free=np.full_like(s.free, 10.0))
    assert p.brings_pool[e, 0] == pytest.approx(0.1)
    assert p.brings_pool[ch.pools.index("euv"), 0] == 0.0
    assert p.brings_pool[ch.pools.index("grid_us"), 0] > 0.1 > 0.0 == p.brings_pool[
        ch.pools.index("grid_gulf"), 0]
    assert ration.within_reach(np, t, p, s).sum() == pytest.approx(1.8 + 0.05 * 8.2)
    assert ration.within_reach(np, ch.end, p, s).sum() == 0.0


def test_all_of_the_book_and_no_more():
    """h = 1 and nothing for a newcomer: the programme holds what was sold, and the world wants
    nothing in the term."""
    sc = load("stargate", (*BARE, "programme.brings=100 %", "programme.pledge=1000 trillion USD"))
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 4)]), 1)
    t, leads = ch.start, np.array(ch.book_lead)
    sold = p.sold[t + leads, np.arange(len(leads))]
    booked = np.array(ch.booked)
    assert np.array_equal(decide.sold_to_founders(np, ch, t, p), sold)
    assert decide.shares(np, ch, t, p)[booked].max() == 0.0
    assert p.demand[ch.start:ch.end].max() == 0.0 < p.demand[ch.end].min()
    rows, us = list(ch.hall_rows), ch.hall_rows[0]
    came = p.brought[-1, us]
    assert came == pytest.approx((p.given + p.brought)[ch.end - 1, us]
                                 - (p.given + p.brought)[ch.start - 1, us])
    assert p.brought[:, rows[1:]].max() == 0.0


def test_a_pledge_brings_no_more_than_it_pays_for():
    """h x the world's capex over the term is at most the pledge; without one nothing comes."""
    sc = load("stargate", ("programme.brings=100 %",))
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 8), Case("tenth", 8, pledge=0.1),
                                      Case("none", 8, pledge=0.0)]), 1)
    full, tenth, none = p.brings.reshape(3, 8)
    assert (full < 0.5).all() and tenth == pytest.approx(full / 10) and none.max() == 0.0
    term = slice(ch.start, ch.end)
    capex = (p.demand / (1 - p.brings) * p.unit_cost)[term].sum(0)[:8]
    assert full * capex == pytest.approx(5e11)


def test_nothing_brought_is_the_model_without_it_bit_for_bit():
    none = simulate(load("stargate", ("programme.brings=0 %",)), [Case("x", 8)])
    off = simulate(load("stargate"), [Case("x", 8, off=("founders-orders",))])
    world = simulate(load("stargate"), [Case("x", 8, pledge=0.0)])
    plain = simulate(load("reference"), [Case("x", 8)])
    assert load("seven-trillion").programme.brings is None
    for name in Outputs._fields:
        assert np.array_equal(none.case("x", name), off.case("x", name)), name
        if name not in ("tranche", "binds"):
            assert np.array_equal(world.case("x", name), plain.case("x", name)), name


def test_more_brought_absorbs_and_fills_more():
    from oblea.analysis.outcome import absorbed, delivered

    runs = [simulate(load("stargate", (f"programme.brings={h} %",)), [Case("x", 48)])
            for h in (0, 3, 6, 9, 12, 15)]
    for measure in (absorbed, delivered):
        means = [measure(r, "x").mean() for r in runs]
        assert all(np.diff(means) > 0), means


def test_the_programme_pays_for_the_sites_as_they_come():
    """Nothing sold and nothing for a newcomer: it has its founders' sites, no chips, their bill."""
    sc = load("stargate", (*BARE, "programme.brings=8 %"))
    r = simulate(sc, [Case("x", 4, off=("order-books",))])
    ch, came = r.chain, r.case("x", "brought")
    p = compile_params(sc, ch, stack([Case("x", 4, off=("order-books",))]), 1)
    bill = (came * p.capex[:, list(ch.stage_of)] * p.cost).sum(1)
    assert came.sum() > 0 and r.case("x", "chips").max() == 0.0
    np.testing.assert_allclose(r.case("x", "spent"), bill, rtol=1e-9, atol=1.0)


@pytest.mark.parametrize(("key", "says"), [
    ("stargate", "120 %"), ("stargate", "-1 %"), ("seven-trillion-fabs", "10 %")])
def test_what_cannot_be_is_refused_in_a_line(key, says):
    with pytest.raises(InputErrors) as error:
        load(key, (f"programme.brings={says}",))
    assert len(error.value.problems) == 1 and "programme.brings" in str(error.value)
