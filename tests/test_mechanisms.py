"""Each mechanism against a case worked by hand, and its sign in the whole model."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblea.chain import mechanisms
from oblea.chain.cases import Case, stack
from oblea.chain.index import PHASES, index
from oblea.chain.mechanisms import ABOUT
from oblea.chain.operators import operator_limits
from oblea.chain.params import compile_params
from oblea.chain.values import Values
from oblea.scenario import load
from oblea.simulate import decide
from oblea.simulate import ration as books
from oblea.simulate.build import build
from oblea.simulate.run import simulate
from oblea.simulate.state import start


@pytest.fixture(scope="module")
def compiled():
    sc = load("seven-trillion")
    ch = index(sc)
    return sc, ch, compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True)


def test_order_books_by_hand(compiled):
    """10 slots open, s = .3, no resale; asked for 8 and 12: the programme gets 3, the world 7."""
    _, ch, p = compiled
    e = ch.pools.index("euv")
    s = start(ch, p)
    p = p._replace(newcomer=np.full_like(p.newcomer, 0.3), resold=np.zeros((99, 1)),
                   open=np.full_like(p.open, 0.0), amount=np.zeros_like(p.amount))
    p.open[5, e] = 10.0
    free = np.zeros_like(s.free)
    free[5, e] = 10.0
    row = ch.pool_rows[e][0]
    p.amount[e, row] = 1.0
    s = s._replace(free=free)
    want = np.zeros((2, len(ch.rows), 1))
    want[0, row], want[1, row] = 12.0, 8.0
    reach = books.within_reach(np, ch, 0, p, s)
    assert reach.sum() == pytest.approx(3.0)
    starts, left, due = books.ration(np, ch, 0, p, s, reach, want)
    assert starts[1, row, 0] == pytest.approx(3.0) and starts[0, row, 0] == pytest.approx(7.0)
    assert left.sum() == pytest.approx(0.0)
    assert due[1, 5, e, 0] == pytest.approx(3.0) and due[0, 5, e, 0] == pytest.approx(7.0)


def test_slots_are_sold_oldest_first():
    free = np.array([0.0, 2.0, 5.0, 5.0]).reshape(4, 1, 1)
    assert books.take(np, free, np.array([[4.0]])).ravel().tolist() == [0.0, 2.0, 2.0, 0.0]


def test_orders_move_up_to_earlier_slots(compiled):
    """4 slots held for the third quarter; of the first 1 has come within reach, of the second 2:
    one stays in the third. What is delivered now stays where it is."""
    _, ch, p = compiled
    e = ch.pools.index("euv")
    s = start(ch, p)
    due, free, reach = np.zeros_like(s.due), np.zeros_like(s.free), np.zeros_like(s.free)
    due[1, 0, e], due[1, 3, e] = 5.0, 4.0
    free[1:4, e] = 3.0
    reach[1, e], reach[2, e], reach[3, e] = 1.0, 2.0, 1.5
    after, left = books.move_up(np, s._replace(free=free, due=due), reach)
    assert after.due[1, :4, e, 0].tolist() == [5.0, 1.0, 2.0, 1.0]
    assert after.free[:4, e, 0].tolist() == [0.0, 2.0, 1.0, 6.0]
    assert left[:4, e, 0].tolist() == [0.0, 0.0, 0.0, 4.5]
    assert (after.free + after.due.sum(0) == free + due.sum(0)).all()


def test_power_without_its_hall_is_under_way_and_its_hall_is_owed(compiled):
    """10 GW of power are ordered, halls of 6 so far, 4 GW stand: 6 are under way, 4 halls at 10
    dollars are due."""
    _, ch, _ = compiled
    _, hall, routes = next(site for site in ch.sites if site[2])
    planned = np.zeros((len(ch.rows), 1))
    planned[routes[0]], planned[hall] = 10.0, 6.0
    assert decide.site_works(np, ch, planned, np.array([4.0])).item() == 6.0
    price = np.full((len(ch.rows), 1), 10.0)
    assert decide.halls_due(np, ch, planned, price).item() == 40.0


def sites(compiled, rate, reach=(), held=(), waiting=0.0, fill=4.0, fleet=0.0):
    """GW to order where chips come at `rate` and one pool, the grid of the United States, offers
    `reach` and has promised `held`: GW by quarters from now."""
    _, ch, p = compiled
    s = start(ch, p)
    e, mine = next((e, rows) for e, rows in ch.power_pools if ch.pools[e] == "grid_us")
    takes = p.amount[e, mine[0]]
    p = p._replace(fill=np.array([fill]))
    due, offered = np.zeros_like(s.due), np.zeros_like(s.free)
    for h, gw in held:
        due[1, h, e] = gw * takes
    for h, gw in reach:
        offered[h, e] = gw * takes
    s = s._replace(due=due)
    sight = decide.Sight(**{**dict.fromkeys(decide.Sight._fields), "reach": offered,
                            "fleet": np.array([[0.0], [fleet]])})
    return decide.sites_in_time(np, ch, p, s, sight, np.array([rate]), np.array([waiting])).item()


def test_sites_are_ordered_for_when_chips_will_fill_them(compiled):
    """2 GW of chips a quarter; halls stand in 8 quarters, power 2 after its slot; they wait 4."""
    assert compiled[1].site_ready[[0, 4, 6, 7, 15]].tolist() == [8, 8, 8, 9, 17]
    assert sites(compiled, 2.0, [(4, 100.0)]) == pytest.approx(24.0)
    assert sites(compiled, 2.0, [(15, 100.0)]) == pytest.approx(42.0)
    assert sites(compiled, 2.0, [(4, 5.0), (15, 9.0)]) == pytest.approx(14.0)  # all there are
    # Late sites that are held leave the early ones their room, early ones do not.
    assert sites(compiled, 2.0, [(4, 100.0)], [(15, 10.0)], 10.0) == pytest.approx(24.0)
    assert sites(compiled, 2.0, [(15, 100.0)], [(15, 10.0)], 10.0) == pytest.approx(32.0)
    assert sites(compiled, 2.0, [(15, 100.0)], [(4, 10.0)], 10.0) == pytest.approx(32.0)
    assert sites(compiled, 2.0, [(4, 100.0)], [(4, 30.0)], 30.0) == 0.0


SLOTS = st.lists(st.tuples(st.integers(0, 20), st.floats(0.5, 50.0)), max_size=4,
                 unique_by=lambda slot: slot[0])


@settings(deadline=None, max_examples=100)
@given(st.floats(0.1, 5.0), SLOTS, SLOTS, st.floats(0.0, 20.0), st.floats(0.0, 12.0),
       st.floats(0.0, 40.0))
def test_as_many_sites_are_ordered_as_chips_fill_in_time_and_no_more(
        compiled, rate, reach, held, empty, fill, fleet):
    """Taken from the earliest slots, x fits at each h; a little more would not, or is not there."""
    ready, life = compiled[1].site_ready, compiled[2].life.item()

    def fits(x):
        left, early = x, {}
        for h, gw in sorted(reach):
            early[h] = min(gw, left)
            left -= early[h]
        for h in range(21):
            ordered = sum(gw for k, gw in early.items() if k <= h)
            stand = ordered + empty + sum(gw for k, gw in held if k <= h)
            gone = fleet * min(1.0, (ready[h] + fill) / life)
            if ordered > 1e-6 and stand > rate * (ready[h] + fill) - gone + 1e-6:
                return False
        return True

    there = sum(gw for _, gw in reach)
    x = sites(compiled, rate, reach, held, empty + sum(gw for _, gw in held), fill, fleet)
    assert 0.0 <= x <= there + 1e-9 and fits(x)
    assert x > there - 1e-3 or not fits(x + 1e-3)


def test_a_route_that_takes_of_two_pools_counts_once():
    """Gas that also takes engines: its turbines are slower, so that it is counted among them."""
    sc = load("seven-trillion").replace(**{"stages.power_gas.uses.fast": {"amount": "1 GW/GW"}})
    ch = index(sc)
    rows = [r for _, mine in ch.site_pools for r in mine]
    assert sorted(rows) == sorted({r for _, mine in ch.power_pools for r in mine})
    gas = {r for r in ch.power_rows if ch.rows[r].stage == "power_gas"}
    assert {ch.pools[e] for e, mine in ch.site_pools if gas & set(mine)} == {"turbines"}


def test_a_site_waits_for_its_power_also_where_the_slot_is_there():
    """Permits of power at 20 quarters: with the other works it stands no sooner."""
    sc = load("seven-trillion").replace(**{f"stages.{s}.phases.permit": "20 quarters" for s in
                                           ("power_gas", "power_grid", "power_fast")})
    ch = index(sc)
    assert ch.site_ready[0] == round(np.mean([ch.row_lead[r] for r in ch.power_rows])) > 20


def test_longer_queues_for_power_do_not_make_a_plan_absorb_more():
    """All queues for firm power at 2 and at 6 years, on the same futures."""
    from oblea.analysis.outcome import absorbed

    mean = {}
    for years in (2, 6):
        sc = load("seven-trillion")
        pools = [k for k in sc.pools if k.startswith("grid_") or k in ("turbines", "fast")]
        sc = sc.replace(**{f"pools.{k}.lead": f"{12 * years} months" for k in pools})
        r = simulate(sc, [Case("x", 256)], keep=("outside",), beside=("money_rate",))
        mean[years] = absorbed(r, "x").mean()
    assert 0.85 * mean[2] < mean[6] < mean[2]


def test_halls_of_power_ordered_last_are_built_after_the_term():
    """Works that were started are finished: a year after the term no hall is missing."""
    r = simulate(load("seven-trillion"), [Case("x", 16)], keep=("capacity", "pipe"))
    ch = r.chain
    planned = (r.case("x", "capacity") + r.case("x", "pipe"))[ch.end + 4, 1]
    power = sum(planned[p] for p in ch.power_rows)
    halls = sum(planned[h] for h in ch.hall_rows)
    assert (power > 0).all() and power == pytest.approx(halls)


def test_construction_by_hand(compiled):
    """100 wspm into phases of 0, 1 quarters: 50 leave the shell, and 10 tools at .5 let 20 pass."""
    _, ch, p = compiled
    r = ch.pool_rows[ch.pools.index("euv")][0]
    rate = np.ones_like(p.rate)
    rate[1, r] = 0.5
    p = p._replace(rate=rate, amount=np.zeros_like(p.amount))
    e = ch.pools.index("euv")
    p.amount[e, r] = 0.5
    starts = np.zeros((2, len(ch.rows), 1))
    starts[1, r] = 100.0
    kit = np.zeros((2, len(ch.pools), 1))
    kit[1, e] = 10.0
    empty = np.zeros((2, len(PHASES), len(ch.rows), 1))
    pipe, done, left, used, due = build(np, ch, p, empty, starts, kit)
    assert done[1, r, 0] == pytest.approx(20.0)
    assert pipe[1, 1, r, 0] == pytest.approx(80.0)
    assert left[1, e, 0] == pytest.approx(0.0) and used[1, e, 0] == pytest.approx(10.0)
    assert due[1, r, 0] == pytest.approx(p.pay[0] * 100 + p.pay[1:].sum() * 20)


def test_operator_by_hand():
    """A certain partner: 5 modules a year x 20 % x 25,000 wspm, no growth: 25,000 a year."""
    sc = load("seven-trillion", ("operator.partner=100 %", "operator.growth=0 %/year",
                                 "operator.share_of_starts=20 %", "operator.starts=5 module/year",
                                 "operator.module=25000 wspm/module"))
    ch = index(sc)
    v = Values(sc, 1, np.arange(4))
    limit, effect = operator_limits(sc, ch, v, np.zeros(4, bool))
    assert limit[ch.start - 1].max() == 0.0
    assert limit[ch.start + 3] == pytest.approx(25_000.0)
    assert effect.min() == 1.0


def test_without_partner_and_licence_there_are_no_starts():
    sc = load("seven-trillion", ("operator.partner=0 %", "operator.licence=0 %"))
    ch = index(sc)
    limit, _ = operator_limits(sc, ch, Values(sc, 1, np.arange(8)), np.zeros(8, bool))
    assert limit.max() == 0.0


def test_hbm_takes_at_most_kappa_of_dram(compiled):
    from oblea.simulate.run import simulate

    tight = simulate(load("reference", ("stages.hbm.inputs.dram_wafer.at_most=2 %",)),
                     [Case("x", 4)])
    ch = tight.chain
    d, rows = ch.commodities.index("dram_wafer"), ch.producers[ch.commodities.index("dram_wafer")]
    cap = tight.case("x", "capacity")[:, :, list(rows)].sum((1, 2)) * 3.0
    assert (tight.case("x", "consumed")[:, d] <= 0.02 * cap * (1 + 1e-9)).all()
    assert tight.case("x", "gw")[-1, 0].max() < 100  # it binds


@pytest.fixture(scope="module")
def each():
    from oblea.service import run

    a = run("seven-trillion", paths=96, each=True, quick=True, workers=2).answer
    return {r["mechanism"]: r for r in a["without"]}, a["claim"]


UP = {"newcomer": "absorbed", "equipment": "absorbed", "memory": "delivered",
      "delays": "delivered", "packaging": "delivered", "operator": "absorbed"}


@pytest.mark.parametrize(("mechanism", "what"), sorted(UP.items()))
def test_a_limit_lifted_helps(each, mechanism, what):
    d = each[0][mechanism][what]
    assert d["diff"] > 2 * d["se"], (mechanism, d)


def test_tools_without_end_let_the_world_build_more(each):
    assert each[0]["tools"]["world_gw"]["diff"] > 0
    assert each[0]["tools"]["additional"]["diff"] > 0


def test_what_helps_the_programme_hurts_it_when_gone(each):
    for m in ("response", "resale"):
        d = each[0][m]["delivered"]
        assert d["diff"] < -2 * d["se"], m


def test_perfect_yield_makes_compute_cheaper(each):
    d = each[0]["yield"]["h100e_cost"]
    assert d["diff"] < -5 * d["se"] < 0


def test_money_answers_as_economics_says(each):
    """A programme whose compute did not lower the price would earn more; power without end makes
    compute cheaper over the term; funders without limit let more be spent."""
    returned, price = each[0]["elasticity"]["returned"], each[0]["power"]["price"]
    assert returned["diff"] > 2 * returned["se"] > 0
    assert price["diff"] < -2 * price["se"] < 0
    for m in ("funders", "tranches"):
        assert each[0][m]["absorbed"]["diff"] > 0, m


@pytest.mark.parametrize("lifted", ["power", "order-books"])
def test_power_and_books_help_a_little_where_memory_binds(lifted):
    """Their effect is small, so that it takes more futures to see: on 1,024."""
    from oblea.analysis.outcome import absorbed

    r = simulate(load("seven-trillion"), [Case("x", 1024), Case("free", 1024, off=(lifted,))],
                 keep=("delivered", "outside"), beside=("money_rate",))
    gw = np.subtract(*(r.case(k, "delivered")[: r.chain.end, 1].sum(0) for k in ("free", "x")))
    usd = absorbed(r, "free") - absorbed(r, "x")
    assert gw.mean() > 3 * gw.std() / 32.0
    assert usd.mean() > 2 * usd.std() / 32.0


def test_claims_buy_nothing(each):
    assert each[1] == {"times": 10.0, "difference": 0.0}


def test_equipment_without_end_frees_a_plan_of_fabs():
    from oblea.analysis.outcome import absorbed
    from oblea.simulate.run import simulate

    r = simulate(load("seven-trillion-fabs"), [
        Case("x", 32), Case("equipment", 32, off=("equipment",)), Case("tools", 32, off=("tools",)),
        Case("both", 32, off=("equipment", "tools"))])
    base = absorbed(r, "x")
    assert absorbed(r, "equipment").mean() > base.mean()
    assert absorbed(r, "tools").mean() > base.mean()
    assert absorbed(r, "both").mean() > 3 * base.mean()


def test_all_the_equipment_of_the_decade_is_worth_some_three_trillion_of_fabs():
    """Sum of 2027-2036 wafer-fab equipment, 165 growing 8 % a year, over .75: 2.9 to 3.4 T."""
    from oblea.analysis.headline import all_tools
    from oblea.simulate.run import simulate

    sc = load("seven-trillion-fabs")
    assert 2.7e12 < all_tools(sc, simulate(sc, [Case("x", 1)])) < 3.6e12


def test_the_page_of_mechanisms_is_that_of_the_data():
    page = (Path(__file__).parents[1] / "docs" / "mechanisms.md").read_text("utf-8")
    for name, m in ABOUT.items():
        files = ", ".join(f"`{f}`" for f in m["file"])
        assert f"| {name} | {m['equation']} | {files} | {m['without']['en']} |" in page
        for file in m["file"]:
            assert (Path(mechanisms.__file__).parents[1] / file).is_file(), file
