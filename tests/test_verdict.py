"""The three tests and the verdict, value, funders, needed revenue, what fits; and the hindcast."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy_financial as npf
import pytest

from oblea.analysis import fits, gap, money, outcome, rents
from oblea.analysis.returns import npv
from oblea.chain.cases import Case
from oblea.chain.index import PROGRAMME, index
from oblea.chain.money import RUNOFF, price_index
from oblea.scenario import load
from oblea.simulate.run import Trajectories, simulate
from oblea.simulate.state import Outputs

FLAT = ("deflator=0 %/year", "finance.hurdle=10 %/year", "report.absorbed=90 %",
        "report.delivered=80 %", "report.paid_in=50 %")


# Words.


@pytest.mark.parametrize(("joint", "word"), [
    (0.0, "fantasy"), (0.0499, "fantasy"), (0.05, "strained"), (0.2499, "strained"),
    (0.25, "plausible"), (0.5999, "plausible"), (0.6, "likely"), (1.0, "likely")])
def test_a_chance_has_one_word(joint, word):
    assert outcome.word(joint) == word


# Made by hand.


START, END, QUARTERS = 2, 6, 8


def made(sc, paths, *, aim="compute", **tables):
    """Trajectories of eight quarters with a term from the third to the sixth; nothing flows but
    what is given as {quarter: values over paths} or, for owners, of the programme. A pledge of
    100, 25 a quarter."""
    ch = replace(index(sc), quarters=QUARTERS, start=START, end=END, aim=aim)
    shape = {"delivered": (2, paths), "leading": (2, paths), "earned": (2, paths),
             "gw": (2, paths), "called": (len(ch.funders), paths)}
    arrays = {k: np.zeros((QUARTERS, *shape.get(k, (paths,)))) for k in Outputs._fields}
    for k, by_quarter in tables.items():
        for t, values in by_quarter.items():
            if k in ("delivered", "leading", "earned", "gw"):
                arrays[k][t, PROGRAMME] = values
            else:
                arrays[k][t] = values
    rate = np.zeros((QUARTERS, paths))
    rate[START:END] = 25.0
    return Trajectories(ch, Outputs(**arrays), {"money_rate": rate,
                                                "runoff": np.zeros((3, RUNOFF, paths))},
                        {"x": slice(0, paths)})


@pytest.fixture(scope="module")
def flat():
    return load("seven-trillion", FLAT)


def test_three_tests_by_hand(flat):
    """Of a pledge of 100 and a promise of 10 GW: 90 and 8 pass, 89.9 and 7.9 do not; what is paid
    or filled before or after the term counts for nothing; -100 and 110.1 a year later pass at 10 %
    a year, 109.9 do not; with 49.9 paid in nothing was returned."""
    #            all   short  dark  loss   small  late  late GW
    r = made(flat, 7,
             outside={2: [50, 50, 50, 50, 20, 50, 50], 5: [40, 39.9, 40, 40, 29.9, 20, 40],
                      6: [0, 0, 0, 0, 0, 20, 0]},
             delivered={3: [5, 5, 5, 5, 5, 5, 5], 5: [3, 3, 2.9, 3, 3, 3, 2], 6: [0] * 6 + [1]},
             spent={2: [100.0] * 7},
             free={2: [-100.0] * 7, 6: [110.1, 110.1, 110.1, 109.9, 200, 110.1, 110.1]})
    t = outcome.tests(flat, r, "x", 10.0)
    yes, no = True, False
    assert t.absorbed.tolist() == [yes, no, yes, yes, no, no, yes]
    assert t.delivered.tolist() == [yes, yes, no, yes, yes, yes, no]
    assert t.returned.tolist() == [yes, yes, yes, no, no, yes, yes]
    assert t.joint.tolist() == [yes, no, no, no, no, no, no]
    assert t.chances() == pytest.approx({"absorbed": 4 / 7, "delivered": 5 / 7, "returned": 5 / 7,
                                         "joint": 1 / 7})


def test_fabs_are_counted_as_they_stand_at_the_end(flat):
    """Wafer starts a month in the last quarter of the term, not the sum over quarters."""
    r = made(flat, 2, aim="fabs", leading={4: [9.0, 9.0], 5: [8.0, 7.0], 6: [0.0, 99.0]},
             delivered={3: [50.0, 50.0]})
    assert outcome.delivered(r, "x").tolist() == [8.0, 7.0]
    assert outcome.tests(flat, r, "x", 10.0).delivered.tolist() == [True, False]


def test_value_by_hand(flat):
    """100 spent at once and 60 a year later, worth 60 / 1.1: capital 154.545. Back 132 after a
    year and, of what runs off, 121 two years after the start (the third quarter beyond the
    horizon): -154.545 + 120 + 100 = 65.455; a dollar is worth 1.42353. Nothing spent: 1."""
    r = made(flat, 2, spent={2: [100, 0], 6: [60, 0]}, free={2: [-100, 0], 6: [132 - 60, 0]})
    r.params["runoff"][0, 2] = [121, 0]  # quarter 10 = 2 + 8
    net, worth = outcome.value(flat, r, "x")
    assert net == pytest.approx([-100 - 60 / 1.1 + 120 + 100, 0])
    assert worth == pytest.approx([1.4235294, 1.0])


def test_value_is_in_dollars_of_each_day():
    """Prices rise 10 % a year and so does the hurdle: a constant dollar keeps its worth, that of
    the programme's first quarter."""
    sc = load("seven-trillion", (*FLAT[1:], "deflator=10 %/year"))
    r = made(sc, 1, spent={2: [100]}, free={2: [-100], 7: [150]})
    first = price_index(sc, np.array([START]))[0]
    net, worth = outcome.value(sc, r, "x")
    assert net == pytest.approx([50 * first]) and worth == pytest.approx([1.5])


# Against an oracle, on real runs.


def test_value_is_that_of_numpy_financial():
    sc = load("stargate")
    r = simulate(sc, [Case("x", 5)])
    i = price_index(sc, np.arange(r.chain.quarters + RUNOFF))[:, None]
    flow = np.concatenate([r.case("x", "free"), r.case("x", "runoff")[0]]) * i
    capital = r.case("x", "spent") * i[: r.chain.quarters]
    first, q = r.chain.start, (1 + sc.finance.hurdle.value) ** 0.25 - 1
    assert first > 0 and not flow[:first].any()  # so that both begin to discount where it starts
    net, worth = outcome.value(sc, r, "x")
    for k in range(5):
        theirs, paid = npf.npv(q, flow[first:, k]), npf.npv(q, capital[first:, k])
        assert net[k] == pytest.approx(theirs, rel=1e-9, abs=1e-9 * paid)
        assert worth[k] == pytest.approx(1 + theirs / paid, rel=1e-9)


def needed_of(r, sc, k):
    """The needed revenue of one future alone."""
    return money.needed(sc, replace(r, slices={"x": slice(k, k + 1)}), "x")


@pytest.mark.parametrize("name", ["seven-trillion", "stargate"])
def test_a_programme_that_earns_what_it_needs_has_a_value_of_zero(name):
    """Without tax: compute's revenue of every quarter, to the end of its life, times needed over
    earned makes the net present value nothing."""
    sc = load(name, ("tax.rate=0 %",))
    r = simulate(sc, [Case("x", 4)])
    i = price_index(sc, np.arange(r.chain.quarters + RUNOFF))[:, None]
    hurdle = sc.finance.hurdle.value
    for k in range(4):
        n = needed_of(r, sc, k)
        more = n["needed"]["median"] / n["earned"]["median"] - 1.0
        revenue = np.concatenate([r.case("x", "earned")[:, PROGRAMME], r.case("x", "runoff")[1]])
        flow = np.concatenate([r.case("x", "free"), r.case("x", "runoff")[0]])
        now = npv(flow * i, hurdle)[k]
        then = npv((flow + more * revenue) * i, hurdle)[k]
        gross = npv(np.abs(flow) * i, hurdle)[k]
        assert abs(now) > 1e-3 * gross and abs(then) < 1e-9 * gross


@pytest.mark.parametrize("rate", [0, 10])
def test_needed_revenue_by_hand(rate):
    """One GW earns 10 a quarter for a year: 40 a GW and year. The net value is -40 + 32 = -8, which
    takes 10 more before a tax of a fifth: 50. So it is in constant dollars where prices rise as
    fast as the hurdle."""
    sc = load("seven-trillion", (f"deflator={rate} %/year", f"finance.hurdle={rate} %/year",
                                 "tax.rate=20 %"))
    on = {t: [1.0] for t in range(2, 6)}
    r = made(sc, 1, gw=on, earned={t: [10.0] for t in on}, free={2: [-40.0], 5: [32.0]},
             spent={2: [40.0]})
    n = money.needed(sc, r, "x")
    assert n["earned"]["median"] == pytest.approx(40.0)
    assert n["needed"]["median"] == pytest.approx(50.0)
    assert [c["fact"] for c in n["contracts"]] == sc.market.precedent
    assert money.needed(sc, made(sc, 1), "x") is None  # nothing ever ran


@pytest.mark.parametrize("name", ["seven-trillion", "stargate"])
def test_one_equity_funder_gets_all_that_is_distributed_and_left(name):
    """Without debt, grants, prepayments and tax, its multiple is what was paid out and, at the
    horizon, cash and what runs off at the hurdle, over what was called: calendar dollars."""
    gone = [k for k in load("reference").finance.funders if k != "gulf"]
    sc = load(name, (*(f"finance.funders.{k}=null" for k in gone), "tax.rate=0 %"))
    r = simulate(sc, [Case("x", 6)])
    i = price_index(sc, np.arange(r.chain.quarters + RUNOFF))[:, None]
    t_ = r.chain.quarters
    g = lambda k: r.case("x", k)  # noqa: E731
    assert not g("debt").any() and not g("tax").any() and not g("ahead").any()
    called = (g("called").sum(1) * i[:t_]).sum()
    rest = np.maximum(npv(g("runoff")[0] * i[t_:], sc.finance.hurdle.value, -1),
                      0.0).sum()
    back = (g("distributed") * i[:t_]).sum() + (g("held")[-1] * i[t_ - 1]).sum() + rest
    (f,) = money.funders(sc, r, "x")
    assert f["kind"] == "equity" and called > 0
    assert f["multiple"] == pytest.approx(back / called, rel=1e-9)
    assert f["paid"] == pytest.approx(g("called")[: r.chain.end].sum(0).sum(0).mean(), rel=1e-9)


def test_funders_share_by_what_they_paid_and_lenders_come_first():
    """By hand, hurdle and inflation nothing: equity of 60 and 30, and 40 of debt. Paid out 9, of
    which the first gets two thirds; interest 4 and 5 repaid to the lender. At the horizon 50 are
    held and 10 run off: 35 of debt first, then 25 for equity. Multiples 22.667 / 60 = .3778, 11.333
    / 30 the same, and 44 / 40 = 1.1."""
    gone = [k for k in load("reference").finance.funders if k not in ("gulf", "state", "lenders")]
    sc = load("seven-trillion", (*(f"finance.funders.{k}=null" for k in gone),
                                 "deflator=0 %/year", "finance.hurdle=0 %/year"))
    r = made(sc, 1, called={2: np.array([[60.0], [30.0], [40.0]])}, distributed={4: [9.0]},
             interest={5: [4.0]}, repaid={5: [5.0]}, debt={7: [35.0]}, held={7: [50.0]})
    assert r.chain.funders == ("gulf", "state", "lenders")
    r.params["runoff"][0, 0] = 10.0
    rows = {f["key"]: f for f in money.funders(sc, r, "x")}
    assert rows["gulf"]["multiple"] == pytest.approx((6 + 25 * 2 / 3) / 60)
    assert rows["state"]["multiple"] == pytest.approx((3 + 25 / 3) / 30)
    assert rows["lenders"]["multiple"] == pytest.approx(44 / 40)
    assert rows["gulf"]["paid"] == 60.0


def test_the_accounts_of_each_future_close():
    sc = load("seven-trillion")
    a = money.accounts(sc, simulate(sc, [Case("x", 8)]), "x")
    out = np.array(a["spent"]) + a["held"] + a["returned"]
    assert out == pytest.approx(np.array(a["money_in"]), rel=1e-9)


# How much fits.


def rows(chances):
    return [{"pledge": float(i), "chances": {"joint": c}, "limits": {"joint": f"limit {i}"}}
            for i, c in enumerate(chances)]


@pytest.mark.parametrize(("chances", "low", "high", "limit"), [
    ((0.9, 0.2, 0.6, 0.5, 0.7, 0.1), 2.0, 4.0, "limit 5"),
    ((0.9, 0.8, 0.1), 0.0, 1.0, "limit 2"),
    ((0.1, 0.5), 1.0, 1.0, None),  # nothing larger was tried
    ((0.6, 0.6, 0.1, 0.6, 0.6), 0.0, 1.0, "limit 2"),  # of equal runs the smaller pledges
    ((0.9, 0.9, 0.9), 0.0, 2.0, None)])
def test_the_span_is_the_longest_run_with_even_odds(chances, low, high, limit):
    assert fits._span(rows(chances), "joint", 0.5) == {"low": low, "high": high, "limit": limit}


def test_without_even_odds_there_is_no_span():
    assert fits._span(rows((0.1, 0.49, 0.2)), "joint", 0.5) is None


def test_what_stops_a_pledge_is_what_was_short_where_it_failed(flat):
    """Power was short in the first future and money in the second, a quarter longer; the plan's own
    pace does not count, nor quarters outside the term; building time is what is left."""
    ch = index(flat)
    names = ["money", "power", *ch.commodities, "operator", *ch.pools, "pledge"]
    m, w, x = (names.index(k) for k in ("money", "power", "pledge"))
    r = made(flat, 3, binds={0: [m, m, m], 1: [m, m, m], 2: [w, m, x], 3: [w, m, x], 4: [x, m, x],
                             5: [x, x, x], 6: [m, w, w], 7: [m, w, w]})
    stops = lambda *failed: gap.limiter(flat, r, "x", np.array(failed))  # noqa: E731
    assert stops(True, False, False) == "power" and stops(False, True, False) == "money"
    assert stops(True, True, True) == "money" and stops(False, False, True) == "time"
    assert stops(False, False, False) is None


# Hindcast: an H100 on a one-year contract, nothing fitted to it.


@pytest.fixture(scope="module")
def series():
    return {r["quarter"]: r for r in rents.rents(load("reference"))}


def test_rents_are_given_for_each_quarter_to_the_newest(series):
    quarters = [f"{y}Q{q}" for y in range(2023, 2027) for q in range(1, 5)][1:15]
    assert list(series) == quarters
    assert sum(r["published"] is not None for r in series.values()) >= 10


def test_rents_of_2024_and_2025_are_within_a_fifth_of_the_published_ones(series):
    for r in series.values():
        if r["quarter"][:4] in ("2024", "2025") and r["published"] is not None:
            assert 0.8 < r["ours"] / r["published"] < 1.2, r


def test_the_trough_of_rents_is_met(series):
    """1.7 +- .3 dollars between 2025Q3 and 2026Q1: ours falls to 1.6."""
    for q in ("2025Q3", "2025Q4", "2026Q1"):
        assert 1.4 < series[q]["ours"] < 2.0
    assert min(series, key=lambda q: series[q]["ours"]) in ("2025Q3", "2025Q4", "2026Q1")


def test_rents_of_2023_are_missed_by_so_much(series):
    """Published: 3.05 in 2023Q2 and 2.98 in 2023Q4. Ours: 4.7 and 3.5, too high by a half and a
    sixth. The pool of money is 4.9 times what the installed base would cost at full cost in 2023Q2
    (3.2 times in 2023Q4), at the cost of 2024Q1: the pool is that of AI as a whole, while the base
    is of sales since 2022, TPUs since 2023: what was sold before is not in it."""
    assert 1.4 < series["2023Q2"]["ours"] / series["2023Q2"]["published"] < 1.7
    assert 1.1 < series["2023Q4"]["ours"] / series["2023Q4"]["published"] < 1.25


def test_the_rebound_of_2026_is_missed_by_so_much(series):
    """Published: 1.72 in 2025Q4 and 2.55 in 2026Q2, a rise of a half (asked: a quarter or more).
    Ours rises by a twelfth from its trough a quarter before and is a third too low: in that quarter
    the pool grows by 36 % and the base by 23 %, a ratio of 1.12, of which an elasticity of 1.3 lets
    1.09 through; for a rise of a half the pool would have had to outgrow the base by 1.5^1.3 = 1.7.
    """
    trough = min(series[q]["ours"] for q in ("2025Q3", "2025Q4", "2026Q1"))
    assert 1.04 < series["2026Q2"]["ours"] / trough < 1.13
    assert 0.6 < series["2026Q2"]["ours"] / series["2026Q2"]["published"] < 0.75


def test_the_docs_hold_the_hindcast_as_it_is():
    """The table of docs/verdict.md is what the code gives."""
    text = (Path(__file__).parents[1] / "docs" / "verdict.md").read_text("utf-8")
    for row in rents.rents(load("reference")):
        assert f"| {row['quarter']} | {row['ours']:.2f} |" in text, row
