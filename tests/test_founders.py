"""Founders' own orders: what they bring in, by hand and in the whole model."""

import numpy as np
import pytest

from oblea.analysis.outcome import absorbed, delivered
from oblea.chain import founders
from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.params import compile_params
from oblea.errors import InputErrors
from oblea.scenario import load
from oblea.simulate import decide, ration
from oblea.simulate.founders import arrive, held
from oblea.simulate.run import simulate
from oblea.simulate.state import Outputs, start

BARE = ("newcomer.share=0 %", "resale.share=0 %/year")


@pytest.fixture(scope="module")
def compiled():
    sc = load("stargate", ("programme.brings=10 %",))
    ch = index(sc)
    return ch, compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True)


def test_sites_by_hand(compiled):
    """h = .1, 60 of the world's 100 GW where the programme builds: a sixth of what is added there
    in the term, nothing before it or elsewhere; with 5 GW there, all that is added."""
    ch, _ = compiled
    here, there = ch.hall_rows[:2]
    given, region = np.zeros((40, len(ch.rows), 1)), np.zeros((len(ch.rows), 1))
    given[:, here, 0] = np.minimum(np.arange(40) * 6.0, 60.0)
    given[10:, there, 0] = 40.0
    region[here] = 1.0
    came = founders.sites(ch, given, region, np.array([0.1]))
    assert came[ch.start, here, 0] == pytest.approx(1.0)
    added = given[ch.end - 1, here, 0] - given[ch.start - 1, here, 0]
    assert came.sum() == pytest.approx(added / 6)
    assert came[: ch.start].max() == came[ch.end :].max() == 0.0
    given[:, here] /= 12.0
    came = founders.sites(ch, given, region, np.array([0.5]))
    assert came[ch.start, here, 0] == pytest.approx(0.5)


def test_chips_by_hand(compiled):
    """h = .1, 40 % sold, s = .3, resale .05: the founders hold .04; of the rest a newcomer may have
    .3 x .6, and .05 of what is left then. What has no book is theirs by h."""
    ch, p = compiled
    booked = np.array(ch.booked)[:, None]
    p = p._replace(sold=np.full_like(p.sold, 0.4), held=np.where(
        (p.held > 0) & booked, 0.04, p.held), newcomer=np.full_like(p.newcomer, 0.3),
                   resold=np.full_like(p.resold, 0.05))
    c, servers = ch.commodities.index("hbm"), ch.booked.index(False)
    ours = held(np, p, ch.start)
    assert ours[c, 0] == pytest.approx(0.04) and ours[servers, 0] == pytest.approx(0.1)
    share = decide.shares(np, ch, ch.start, p, p.newcomer[ch.start])[c, 0]
    assert share == pytest.approx(0.18 + 0.05 * (1 - 0.18 - 0.04))
    assert held(np, p, ch.end).max() == 0.0


def test_slots_by_hand(compiled):
    """10 slots, 4 unsold, s = .3, b = .1, resale .05: own 1.8, within reach 1.8 + .05 x 8.2."""
    ch, p = compiled
    e, t = ch.pools.index("turbines"), ch.start
    s = start(ch, p)
    p = p._replace(newcomer=np.full_like(p.newcomer, 0.3), resold=np.full_like(p.resold, 0.05),
                   slots=np.zeros_like(p.slots), open=np.zeros_like(p.open))
    p.slots[t + 5, e], p.open[t + 5, e] = 10.0, 4.0
    s = s._replace(free=np.full_like(s.free, 10.0))
    assert p.brings_pool[e, 0] == pytest.approx(0.1)
    assert p.brings_pool[ch.pools.index("euv"), 0] == 0.0
    assert ration.within_reach(np, ch, t, p, s).sum() == pytest.approx(1.8 + 0.05 * 8.2)
    assert ration.within_reach(np, ch, ch.end, p, s).sum() == 0.0


def test_a_site_to_come_is_under_way_once_and_its_hall_is_not_ordered_again(compiled):
    ch, p = compiled
    s, came, coming = arrive(np, ch, ch.start, p, start(ch, p))
    planned = s.built[1] + s.under_way[1]
    assert np.array_equal(planned, came + coming)
    halls = sum(planned[hall] for _, hall, _ in ch.sites)
    assert decide.site_works(np, ch, planned, 0.0 * halls) == pytest.approx(halls, rel=0.01)
    cost = np.ones_like(planned)
    assert (decide.halls_due(np, ch, planned, cost) <= 0.01 * halls).all()
    assert arrive(np, ch, ch.start - 1, p, start(ch, p))[2].max() == 0.0


def test_all_of_the_book_and_no_more():
    """h = 1 and nothing for a newcomer: the programme holds what was sold and the world wants
    nothing in the term; all that is dated where it builds is the programme's."""
    sc = load("stargate", (*BARE, "programme.brings=100 %", "programme.pledge=1000 trillion USD"))
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 4)]), 1)
    world = compile_params(sc, ch, stack([Case("x", 4, pledge=0.0)]), 1)
    booked = np.array(ch.booked)
    assert np.array_equal(held(np, p, ch.start)[booked], p.sold[ch.start, booked])
    assert decide.shares(np, ch, ch.start, p, p.newcomer[ch.start])[booked].max() == 0.0
    want = world.demand * (1.0 - np.where(np.arange(len(p.demand)) < ch.end, 1.0, 0.0)[:, None]
                           * p.sold[:len(p.demand), booked].min(1))
    np.testing.assert_allclose(p.demand[ch.start:], want[ch.start:], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(p.given + p.brought.cumsum(0), world.given + 0.0 * p.given,
                               rtol=1e-9, atol=1e-12)
    us = ch.hall_rows[0]
    assert p.brought[:, us].sum(0) == pytest.approx(
        (world.given[ch.end - 1, us] - world.given[ch.start - 1, us]) * np.ones(4))
    assert p.brought[:, list(ch.hall_rows[1:])].max() == 0.0


def test_a_pledge_brings_no_more_than_it_pays_for():
    """h x the world's capex over the term is at most the pledge; without one nothing comes."""
    sc = load("stargate", ("programme.brings=100 %",))
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 8), Case("tenth", 8, pledge=0.1),
                                      Case("none", 8, pledge=0.0)]), 1)
    full, tenth, none = p.held[ch.start, ch.booked.index(False)].reshape(3, 8)
    assert (full < 0.5).all() and tenth == pytest.approx(full / 10) and none.max() == 0.0
    term = slice(ch.start, ch.end)
    capex = (p.demand[term, 16:] * p.unit_cost[term, 16:]).sum(0)  # of the world without the plan
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


def test_what_comes_to_the_programme_is_taken_from_the_world():
    """Sites exactly; compute in service of the two together as in the world without it, but for
    what a newcomer's share and prices move."""
    r = simulate(load("stargate"), [Case("x", 32), Case("without", 32, pledge=0.0)])
    dated = [r.case(k, "capacity").sum(1) - r.case(k, "finished").sum(1).cumsum(0)
             for k in ("x", "without")]
    np.testing.assert_allclose(*dated, rtol=1e-9, atol=1e-9)
    both, world = (r.case(k, "gw")[r.chain.end - 1].sum(0) for k in ("x", "without"))
    assert both.mean() == pytest.approx(world.mean(), rel=0.02)


def test_chips_without_room_stay_the_worlds():
    """No sites of its own or its founders': it draws none of their chips."""
    sc = load("stargate", (*BARE, "programme.regions.us=0", "programme.regions.gulf=0"))
    assert simulate(sc, [Case("x", 4)]).case("x", "bought").max() == 0.0


def test_more_brought_absorbs_and_fills_more():
    runs = [simulate(load("stargate", (f"programme.brings={h} %",)), [Case("x", 48)])
            for h in (0, 3, 6, 9, 12, 15)]
    for measure in (absorbed, delivered):
        means = [measure(r, "x").mean() for r in runs]
        assert all(np.diff(means) > 0), means


def test_the_programme_pays_for_the_sites_as_they_come():
    """No memory sold and none for a newcomer: it has its founders' sites, no chips, their bill."""
    sc = load("stargate", (*BARE, "programme.brings=8 %", "stages.hbm.book.committed=0 %"))
    r = simulate(sc, [Case("x", 4)])
    ch, came = r.chain, r.case("x", "brought")
    p = compile_params(sc, ch, stack([Case("x", 4)]), 1)
    bill = (came * p.capex[:, list(ch.stage_of)] * p.cost).sum(1)
    assert came.sum() > 0 and r.case("x", "chips").max() == 0.0
    np.testing.assert_allclose(r.case("x", "spent"), bill, rtol=1e-9, atol=1.0)


@pytest.mark.parametrize(("key", "says"), [
    ("stargate", "120 %"), ("stargate", "-1 %"), ("seven-trillion-fabs", "10 %")])
def test_what_cannot_be_is_refused_in_a_line(key, says):
    with pytest.raises(InputErrors) as error:
        load(key, (f"programme.brings={says}",))
    assert len(error.value.problems) == 1 and "programme.brings" in str(error.value)
