"""Conservation and bounds, on random scenarios; and what must not change the bits."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oblea.chain.cases import Case
from oblea.chain.mechanisms import MECHANISMS
from oblea.scenario import load
from oblea.simulate.run import simulate

TOL = 1e-9


def close(a, b, *passed):
    """Equal to 1e-9 of the largest amount that passed: two that nearly cancel leave rounding."""
    most = max(*(np.abs(x).max() for x in (a, b, *passed)), 1e-12)
    assert np.abs(a - b).max() <= TOL * most


def before(x):
    """The same stock a quarter earlier, zero before the first."""
    return np.concatenate([np.zeros_like(x[:1]), x[:-1]])


scenarios = st.fixed_dictionaries({
    "base": st.sampled_from(["reference", "seven-trillion", "seven-trillion-fabs", "stargate",
                             "thirty-six-fabs"]),
    "pledge": st.sampled_from([0.0, 1e9, 3e11, 7e12, 1e15]),
    "share": st.floats(0.0, 1.0),
    "partner": st.floats(0.0, 1.0),
    "euv": st.sampled_from([0, 1, 60, 5000]),
    "turbines": st.sampled_from([0, 20, 500]),
    "kappa": st.floats(0.0, 1.0),
    "defects": st.sampled_from([0.0, 0.1, 2.0]),
    "brings": st.sampled_from([0.0, 0.1, 0.5, 1.0]),
    "term": st.sampled_from([0.25, 3, 10]),
    "off": st.lists(st.sampled_from(sorted(MECHANISMS)), max_size=3, unique=True),
    "seed": st.integers(0, 50),
})


@settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
@given(scenarios)
def test_what_goes_in_comes_out(s):
    sc = load(s["base"], (
        f"programme.pledge={s['pledge']} USD", f"newcomer.share={s['share']}",
        f"operator.partner={s['partner']}", f"pools.euv.supply={s['euv']} tool/year",
        f"pools.turbines.supply={s['turbines']} GW/year",
        f"stages.hbm.inputs.dram_wafer.at_most={s['kappa']}",
        f"stages.logic_n2.defects={s['defects']} defects/cm2",
        f"programme.term={s['term']} years",
        *([] if s["base"] == "seven-trillion-fabs" else [f"programme.brings={s['brings']}"])))
    r = simulate(sc, [Case("x", 6, off=tuple(s["off"])),
                      Case("without", 6, off=tuple(s["off"]), pledge=0.0)], s["seed"])
    g = lambda name: r.case("x", name)  # noqa: E731
    ch = r.chain
    inputs = sorted(ch.used_as_input)
    goods = [c for c in range(len(ch.commodities)) if c not in inputs]
    # wafers, stacks, packages, chips: made = used + added to stock, for each owner with its trade
    made, used, stock, sold = g("made"), g("used"), g("stock"), g("bought") - g("ceded")
    trade = np.stack([-sold, sold], 1)
    for c in goods:
        change = stock[:, :, c] - before(stock[:, :, c])
        most = np.abs(made[:, :, c]).max() + stock[:, :, c].max() + 1e-9
        assert np.abs(made[:, :, c] + trade[:, :, c] - used[:, :, c] - change).max() <= TOL * most
    for c in inputs:
        close(made[:, :, c].sum(1), g("consumed")[:, c])
        assert stock[:, :, c].max() == 0.0
    assert (g("bought") >= 0).all() and (g("ceded") >= 0).all() and (stock >= 0).all()
    # tools and slots
    kit, got, put = g("kit"), g("delivered_slots"), g("installed")
    close(kit - before(kit), got - put, got, put)
    if not {"tools", "equipment", "power"} & set(s["off"]):
        assert (got.sum(1) <= g("supply") * (1 + TOL) + 1e-9).all()  # each quarter, each pool
    # capacity under way, gigawatts
    close(g("pipe") - before(g("pipe")), g("starts") - g("finished"), g("starts"))
    # what founders bring in changes hands and is nobody's twice
    given = [r.case(k, "capacity").sum(1) - r.case(k, "finished").sum(1).cumsum(0)
             for k in ("x", "without")]
    close(*given, g("capacity"))
    own = g("finished")[:, 1] + g("brought")
    close(g("capacity")[:, 1], own.cumsum(0))
    assert (g("brought") >= 0).all()
    assert (g("bought") <= made[:, 0] * (1 + TOL) + 1e-9).all()
    gw = g("gw")
    close(gw[1:] - gw[:-1], g("deployed")[1:] - g("retired")[1:])
    assert (gw <= np.maximum(g("usable"), gw[:1]) * (1 + TOL) + 1e-9).all()
    # money
    assert (g("spent") >= 0).all()
    assert g("outside").cumsum(0).max() <= s["pledge"] * (1 + TOL)
    for name in ("gw", "h100e", "made", "spent", "pipe"):
        assert np.isfinite(g(name)).all()


def test_a_pledge_of_zero_is_the_reference_bit_for_bit():
    zero = simulate(load("seven-trillion", ("programme.pledge=0 USD",)), [Case("x", 16)])
    world = simulate(load("reference"), [Case("x", 16)])
    for name in zero.outputs._fields:
        assert np.array_equal(zero.case("x", name), world.case("x", name)), name
    assert zero.case("x", "gw")[:, 1].max() == 0.0
    fabs = simulate(load("seven-trillion-fabs"), [Case("x", 16, pledge=0.0)])
    for name in ("gw", "h100e", "made", "capacity", "delivered_slots"):
        assert np.array_equal(fabs.case("x", name)[:, 0], world.case("x", name)[:, 0]), name


def test_bits_do_not_depend_on_workers_or_on_neighbours():
    sc = load("seven-trillion")
    one = simulate(sc, [Case("a", 300), Case("b", 300, pledge=0.0)], workers=1)
    two = simulate(sc, [Case("a", 300), Case("b", 300, pledge=0.0)], workers=2)
    alone = simulate(sc, [Case("a", 300)], workers=1)
    for name in ("gw", "spent", "h100e", "made"):
        assert np.array_equal(one.case("a", name), two.case("a", name))
        assert np.array_equal(one.case("b", name), two.case("b", name))
        np.testing.assert_allclose(alone.case("a", name), one.case("a", name), rtol=1e-12)


def test_a_larger_claim_on_the_same_cash_gets_the_same():
    r = simulate(load("seven-trillion"), [Case("x", 32), Case("ten", 32, claim=10.0)])
    for name in ("spent", "gw", "starts"):
        assert np.array_equal(r.case("x", name), r.case("ten", name))
    # Without deposits a larger claim does push others aside: the rule is what prevents it.
    r = simulate(load("seven-trillion", ("deposit=0 %", "newcomer.share=90 %")),
                 [Case("x", 32), Case("ten", 32, claim=10.0)])
    assert r.case("ten", "starts")[:, 1].sum() > r.case("x", "starts")[:, 1].sum()


@pytest.mark.parametrize("name", ["seven-trillion", "seven-trillion-fabs"])
def test_a_newcomers_yearly_share_of_a_pool_stays_within_the_curve(name):
    sc = load(name, ("resale.share=0 %/year", "newcomer.share=0.25"))
    r = simulate(sc, [Case("x", 8)])
    got = r.case("x", "delivered_slots")[:, 1].cumsum(0)
    assert got.max() > 0
    assert (got <= 0.25 * r.case("x", "supply").cumsum(0) * (1 + TOL) + 1e-9).all()


def test_history_is_met():
    """End 2024 and 2025: stock of all vendors and gigawatts, against published estimates.

    Epoch AI (2026): 15 to 22.7 million H100e at end 2025; 4.7 M NVIDIA alone at end 2024.
    """
    r = simulate(load("reference"), [Case("x", 64)])
    h = np.median(r.case("x", "h100e")[:, 0], -1)
    assert 15e6 < h[7] < 22.7e6
    assert 4.7e6 < h[3] < 9e6
