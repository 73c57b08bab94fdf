"""The gap and what it is split with: parts add up, every limit is removable, cases change what they
name and nothing else."""

from fnmatch import fnmatchcase

import numpy as np
import pytest

from oblea.analysis import drivers, fits, gap, levers
from oblea.analysis.outcome import absorbed, pledged
from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.mechanisms import GROUPS, MECHANISMS
from oblea.chain.params import compile_params
from oblea.chain.values import Values
from oblea.scenario import load, names
from oblea.simulate.run import simulate

TOL = 1e-9
SLIM = {"keep": ("outside", "binds"), "beside": ("money_rate",)}
PLEDGED = ("seven-trillion", "seven-trillion-2024", "stargate", "thirty-six-fabs",
           "seven-trillion-fabs", "naive-arithmetic")


def test_every_bundled_plan_is_tested():
    assert set(PLEDGED) == {n for n in names() if load(n).programme.pledge.value > 0}


def test_groups_hold_known_mechanisms_once():
    named = [m for g in GROUPS.values() for m in g.mechanisms]
    assert sorted(named) == sorted(set(named)) and set(named) < set(MECHANISMS)
    assert [k for k, g in GROUPS.items() if not g.mechanisms] == ["people"]


# Parts.


@pytest.mark.parametrize("name", ["seven-trillion", "stargate", "seven-trillion-fabs"])
def test_what_is_absorbed_and_the_parts_of_the_gap_are_the_pledge(name):
    sc = load(name)
    r = simulate(sc, gap.cases(24), **SLIM)
    sum_, paid = pledged(r, "gap none").mean(), absorbed(r, "gap none").mean()
    got = gap.split(sc, r, sum_ - paid, [])
    parts = {g["key"]: g["part"] for g in got["parts"]}
    assert list(parts) == list(GROUPS)
    assert paid + sum(parts.values()) == pytest.approx(sum_, rel=TOL)
    assert abs(got["left"]) <= TOL * sum_
    assert got["futures"] == 24
    for g in got["parts"]:  # a part is the mean of what removal adds in the two orders
        assert g["part"] == pytest.approx(sum(g["orders"]) / 2, abs=TOL * sum_)
        assert g["modelled"] == bool(GROUPS[g["key"]].mechanisms)
    for way in (0, 1):  # each order is a ladder from what is absorbed to the pledge
        assert sum(g["orders"][way] for g in got["parts"]) == pytest.approx(
            sum_ - paid, abs=TOL * sum_)
    # A gap measured on other futures is split in the same proportions.
    other = gap.split(sc, r, 3e12, [])
    assert sum(g["part"] for g in other["parts"]) == pytest.approx(3e12, rel=TOL)
    for a, b in zip(got["parts"], other["parts"], strict=True):
        assert b["part"] * (sum_ - paid) == pytest.approx(a["part"] * 3e12, abs=TOL * 3e12 * sum_)


def test_the_split_by_hand():
    """One group by hand on a real run: supply's part is half of what its removal adds after money
    and power, and half of what it adds after time and operator, from the other end."""
    sc = load("seven-trillion")
    r = simulate(sc, gap.cases(8), **SLIM)
    by = {g["key"]: g for g in gap.split(
        sc, r, (pledged(r, "gap none") - absorbed(r, "gap none")).mean(), [])["parts"]}
    assert gap.ORDER == ("money", "power", "supply", "operator", "time")
    money, power, supply, operator, time = (GROUPS[k].mechanisms for k in gap.ORDER)
    again = simulate(sc, [Case("a", 8, off=money + power), Case("b", 8, off=money + power + supply),
                          Case("c", 8, off=time + operator),
                          Case("d", 8, off=time + operator + supply)], **SLIM)
    up = (absorbed(again, "b") - absorbed(again, "a")).mean()
    down = (absorbed(again, "d") - absorbed(again, "c")).mean()
    assert by["supply"]["orders"] == pytest.approx([up, down], rel=1e-9)


def all_off(name, sets=()):
    """Each future's absorbed money over its pledge with every group of limits removed."""
    r = simulate(load(name, sets), [Case("x", 6, off=gap.ALL_OFF)], **SLIM)
    assert (pledged(r, "x") > 0).all()
    return absorbed(r, "x") / pledged(r, "x")


@pytest.mark.parametrize("name", PLEDGED)
def test_with_every_limit_removed_the_pledge_is_spent_to_the_dollar(name):
    assert all_off(name) == pytest.approx(np.ones(6), rel=TOL)


@pytest.mark.parametrize("name", ["seven-trillion", "seven-trillion-fabs"])
@pytest.mark.parametrize("change", [
    "programme.pledge=1e9 USD", "programme.pledge=1e15 USD", "programme.ahead=0 quarters",
    "programme.term=1 years", "programme.indexed=false", "programme.pacing=[1, 2, 3, 4]",
    "programme.pacing=[5, 1]", "programme.pacing=[0, 1]"])
def test_so_it_is_in_odd_plans(name, change):
    assert all_off(name, (change,)) == pytest.approx(np.ones(6), rel=TOL)


def test_pacing_is_a_list_of_parts_of_the_term():
    """Pacing 1, 3 over ten years: a quarter of the pledge in the first five, the rest after."""
    sc = load("seven-trillion", ("programme.pacing=[1, 3]",))
    r = simulate(sc, [Case("x", 1)], **SLIM)
    rate = r.case("x", "money_rate")[:, 0]
    first = r.chain.start
    assert rate.sum() == pytest.approx(7e12)
    assert rate[first:first + 20].sum() == pytest.approx(1.75e12)
    assert not rate[:first].any() and not rate[r.chain.end:].any()


def test_a_pledge_in_dollars_of_its_day_is_worth_less_each_year():
    sc = load("seven-trillion", ("programme.indexed=false", "deflator=2 %/year"))
    r = simulate(sc, [Case("x", 1)], **SLIM)
    rate = r.case("x", "money_rate")[r.chain.start:r.chain.end, 0]
    assert rate[4:] / rate[:-4] == pytest.approx(np.full(36, 1 / 1.02))
    assert rate.sum() < 7e12


@pytest.mark.parametrize("name", ["seven-trillion", "seven-trillion-fabs", "stargate"])
def test_a_group_removed_alone_never_absorbs_less(name):
    n = 48
    r = simulate(load(name), [Case("all", n), *(Case(k, n, off=g.mechanisms)
                                                for k, g in GROUPS.items())], **SLIM)
    worse = {}
    for k in GROUPS:
        d = absorbed(r, k) - absorbed(r, "all")
        if d.mean() < -2 * d.std(ddof=1) / np.sqrt(n):
            worse[k] = (d.mean() / absorbed(r, "all").mean(), d.std(ddof=1) / np.sqrt(n))
    assert not worse, worse


def test_every_limit_of_the_calendar_is_in_a_group():
    """Names of what was shortest go to a group of the gap; the plan's own pace to none."""
    sc = load("seven-trillion")
    ch = index(sc)
    to = {k: gap.group_of(sc, k) for k in ("money", "power", *ch.commodities, "operator",
                                           *ch.pools)}
    assert set(to.values()) <= set(GROUPS)
    assert (to["euv"], to["wfe"], to["hbm"], to["turbines"]) == ("supply", "supply", "supply",
                                                                "power")
    assert gap.group_of(sc, "pledge") not in GROUPS


def test_a_strip_adds_the_shares_of_its_limits():
    sc = load("seven-trillion")
    binds = [{"year": 2027, "limits": [{"key": "hbm", "share": 0.5}, {"key": "euv", "share": 0.125},
                                       {"key": "power", "share": 0.25},
                                       {"key": "pledge", "share": 0.125}]}]
    r = simulate(sc, gap.cases(1), **SLIM)
    strip = {g["key"]: g["strip"] for g in gap.split(sc, r, 1.0, binds)["parts"]}
    assert strip["supply"] == [0.625] and strip["power"] == [0.25] and strip["money"] == [0.0]


# Cases that change numbers.


moments = np.arange(-4, 60) + 0.5


@pytest.fixture(scope="module")
def scenario():
    return load("seven-trillion")


def values(sc, **changes):
    whole = stack([Case("x", 5, **changes)])
    return Values(sc, 3, whole.path, scale=whole.scale, at=whole.at)


def changed(sc, **changes):
    """Keys of numbers that a case changes, each with its series before and after."""
    old, new, out = values(sc), values(sc, **changes), {}
    for k, n in sc.numbers.items():
        a, b = old.series(n, moments), new.series(n, moments)
        if not np.array_equal(np.broadcast_to(a, (len(moments), 5)),
                              np.broadcast_to(b, (len(moments), 5))):
            out[k] = (a, b)
    return out


@pytest.mark.parametrize("key", ["finance.leverage", "tax.rate", "newcomer.share",
                                 "programme.pledge", "finance.funders.grants.flow"])
def test_a_scaled_number_is_multiplied_at_once(scenario, key):
    assert scenario.numbers[key].points is None
    (k, (old, new)), = changed(scenario, scale=((key, 4.0),)).items()
    assert k == key
    assert new == pytest.approx(4.0 * old * np.ones(5))


@pytest.mark.parametrize("key", ["market.users", "pools.euv.supply", "demand.capex"])
def test_a_scaled_series_opens_over_two_years_after_the_base_date(scenario, key):
    """Nothing until the base date, a factor of 4^.5 after one year, of 4 after two and later."""
    (k, (old, new)), = changed(scenario, scale=((key, 4.0),)).items()
    assert k == key
    base = index(scenario).base
    years = (moments - base) / 4.0
    factor = (new / old)[:, 0]
    assert np.array_equal(new[years <= 0], old[years <= 0])
    assert factor == pytest.approx(4.0 ** np.clip(years / 2, 0.0, 1.0))
    assert factor[years > 2].min() == pytest.approx(4.0)


@pytest.mark.parametrize("key", ["finance.leverage", "market.elasticity", "newcomer.share"])
@pytest.mark.parametrize(("u", "end"), [(0.05, "low"), (0.5, "value"), (0.95, "high")])
def test_a_number_taken_at_a_probability_has_that_value(scenario, key, u, end):
    n = scenario.numbers[key]
    (k, (old, new)), = changed(scenario, at=((key, u),)).items()
    assert k == key and n.shape in ("lognormal", "normal")
    assert new == pytest.approx(np.full(new.shape, getattr(n, end)), rel=1e-6)
    assert np.ptp(old[0]) > 0


def test_a_series_taken_at_a_probability_opens_after_the_base_date(scenario):
    n = scenario.numbers["market.users"]
    (k, (old, new)), = changed(scenario, at=(("market.users", 0.95),)).items()
    assert k == "market.users"
    base = index(scenario).base
    assert np.array_equal(new[moments <= base], old[moments <= base])
    median = Values(scenario, 3, np.arange(5), median=True).series(n, moments)
    then = values(scenario).scalar(n.then)  # growth keeps its own draw
    flat = values(scenario).series(n, moments)
    late = moments > base + 8
    spread = (new / flat)[late]
    assert np.ptp(spread, axis=0) == pytest.approx(np.zeros(5), abs=1e-9)
    inside = late & (moments < n.points[-1][0])  # before growth at a drawn rate begins
    assert (new / median)[inside] == pytest.approx(np.full((inside.sum(), 5), n.high), rel=1e-6)
    assert np.ptp(then) > 0


@pytest.mark.parametrize(("change", "fields"), [
    ({"scale": (("finance.reinvest", 0.5),)}, {"reinvest"}),
    ({"scale": (("finance.cover", 2.0),)}, {"cover"}),
    ({"at": (("tax.rate", 0.9),)}, {"tax"}),
    ({"at": (("operations.fab_cost", 0.9),)}, {"fab_cost"}),
])
def test_of_the_arrays_only_those_that_read_it_change(scenario, change, fields):
    ch = index(scenario)
    old, new = (compile_params(scenario, ch, stack([Case("x", 3, **c)]), 3) for c in ({}, change))
    for name in old._fields:
        if name != "money":
            assert np.array_equal(getattr(old, name), getattr(new, name)), name
    assert {n for n in old.money._fields
            if not np.array_equal(getattr(old.money, n), getattr(new.money, n))} == fields


def test_a_case_of_its_own_leaves_its_neighbours_alone(scenario):
    """Side by side with cases that scale and fix numbers, a case has the bits it has alone."""
    alone = simulate(scenario, [Case("x", 4)], **SLIM)
    beside = simulate(scenario, [Case("s", 4, scale=(("market.users", 3.0),)), Case("x", 4),
                                 Case("a", 4, at=(("market.users", 0.9), ("tax.rate", 0.1))),
                                 Case("p", 4, pledge=0.5)], **SLIM)
    np.testing.assert_allclose(beside.case("x", "outside"), alone.case("x", "outside"), rtol=1e-12)
    for other in ("s", "a", "p"):
        assert not np.allclose(beside.case(other, "outside"), alone.case("x", "outside"), rtol=1e-6)


def test_a_multiple_of_the_pledge_is_that_pledge():
    a = simulate(load("seven-trillion"), [Case("x", 4, pledge=1 / 7)], **SLIM)
    b = simulate(load("seven-trillion", ("programme.pledge=1 trillion USD",)), [Case("x", 4)],
                 **SLIM)
    np.testing.assert_allclose(a.case("x", "outside"), b.case("x", "outside"), rtol=1e-9)


# What is run beside the main futures.


@pytest.mark.parametrize("name", names())
def test_bundled_levers_and_side_cases_name_numbers_that_exist(name):
    sc = load(name)
    for lever in sc.report.levers.values():
        for pattern in (*lever.times, *lever.over, *lever.shown):
            assert any(fnmatchcase(k, pattern) for k in sc.numbers), pattern
    keys = [k for c in (*levers.cases(sc, 1), *fits.promise_cases(sc)) for k, _ in c.scale]
    assert keys and set(keys) <= set(sc.numbers)


def test_levers_multiply_and_divide(scenario):
    """Memory: output times 4 and, of the wafers that a stack takes, a fourth; in pairs both."""
    by = {c.name: dict(c.scale) for c in levers.cases(scenario, 2)}
    times, over = "stages.hbm.output", "stages.hbm.inputs.dram_wafer.amount"
    assert by["lever memory 4"] == {times: 4.0, over: 0.25}
    assert by["lever newcomer+memory 16"] == {"newcomer.share": 16.0, times: 16.0, over: 1 / 16}
    n = len(scenario.report.levers)
    assert len(by) == 4 * n + 2 * (n * (n - 1) // 2) + 2


def test_pledges_tried_are_trillions_whatever_the_plan_has(scenario):
    for sc in (scenario, load("stargate")):
        r = simulate(sc, fits.cases(sc, 1), **SLIM)
        for x in sc.report.pledges:
            assert pledged(r, f"pledge {x:g}") == pytest.approx([1e12 * x])


@pytest.fixture(scope="module")
def promises(scenario):
    return simulate(scenario, fits.promise_cases(scenario), median=True,
                    keep=("spent", "outside", "delivered"), beside=("money_rate",))


def test_a_promise_spends_its_pledge_and_its_gigawatts_go_with_it(scenario, promises):
    """Nothing is in the way, so that the gigawatts of a pledge are in proportion to it, to the own
    fabs' part."""
    r = promises
    gw = {x: r.case(f"promise pledge {x:g}", "delivered")[: r.chain.end, 1].sum() / x
          for x in scenario.report.pledges}
    for case in r.slices:
        assert absorbed(r, case) == pytest.approx(pledged(r, case), rel=TOL)
    assert min(gw.values()) > 0.95 * max(gw.values()) > 0
    assert r.case("promise", "delivered") == pytest.approx(
        r.case("promise pledge 7", "delivered"), rel=1e-6)


def test_a_promise_is_made_of_outside_money_alone(promises):
    """As `promise_cases` says: no cash of its own goes into capital in the term."""
    r = promises
    for case in r.slices:
        assert r.case(case, "spent")[: r.chain.end].sum(0) == pytest.approx(pledged(r, case))


def test_candidates_are_the_numbers_that_go_with_an_outcome(scenario):
    """Outcomes made of two numbers' own draws have these first, even where one falls with it."""
    v = Values(scenario, 1, np.arange(64))
    a = v.scalar(scenario.numbers["finance.leverage"])
    b = -v.scalar(scenario.numbers["newcomer.share"]) ** 3
    keys = drivers.candidates(scenario, 1, [a, b])
    assert keys[0] == "finance.leverage" and keys[drivers.TRIED // 2] == "newcomer.share"
    assert len(keys) == len(set(keys)) <= drivers.TRIED
    assert drivers.candidates(scenario, 1, [np.ones(64)]) == []
