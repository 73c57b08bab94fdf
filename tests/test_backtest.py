"""The blind test: scores by hand, no fact of later, the page and the command."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from oblea.analysis.backtest import (
    Series,
    _score,
    _series,
    crps,
    held,
    last_growth,
    log_linear,
)
from oblea.chain.cases import Case
from oblea.estimates import estimate
from oblea.evidence import known_by
from oblea.report.backtest import as_markdown
from oblea.scenario import load
from oblea.service import backtests
from oblea.simulate.run import simulate

DAYS = ("2022-12-31", "2023-12-31", "2024-12-31")


@pytest.fixture(scope="module")
def done():
    return {a["day"]: a for a in backtests()}


def ran(*args):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", "backtest", *args], text=True,
                          capture_output=True, timeout=120)


# Scores.


def test_crps_of_one_future_is_its_distance_and_of_many_the_integral():
    assert crps(np.array([3.0]), 5.0) == 2.0
    x = np.random.default_rng(1).lognormal(0.0, 0.5, 400)
    grid = np.linspace(0.0, 20.0, 200_001)
    below = np.searchsorted(np.sort(x), grid, side="right") / len(x)
    integral = np.sum((below - (grid >= 1.3)) ** 2) * (grid[1] - grid[0])
    assert crps(x, 1.3) == pytest.approx(integral, rel=1e-3)


def test_baselines_by_hand():
    past = {t: 100.0 * 2.0 ** (t / 4) for t in range(-8, 0)}  # doubles each year
    for rule in (last_growth, log_linear):
        assert rule(past, 3, 1) == pytest.approx(100.0 * 2.0 ** 0.75)
    assert last_growth({}, 3, 1) is None and last_growth({0: 5.0}, 3, 1) is None
    assert log_linear({0: 1.0, 4: 2.0}, 8, 4) is None


def test_a_baseline_sees_no_quarter_that_was_not_public_yet():
    """A quarter that ends on the day is told later: 8, 4, 2, .. before it, and a wild last one."""
    e = load("reference").evidence
    actual = {t: 2.0 ** t for t in range(-8, 0)}
    wild = actual | {-1: 1e9, 0: 1.0}
    one, other = (_score(Series("x", "GW", 1, a, np.ones((4, 3))), e, "2023-12-31")[0]
                  for a in (actual | {0: 1.0}, wild))
    assert one["last_growth"] == other["last_growth"] == pytest.approx(0.0)


def test_intervals_that_are_right_hold_their_share():
    ranks = [{"rank": r} for r in (np.arange(1000) + 0.5) / 1000]
    assert [held(ranks, x) for x in (0.5, 0.8, 0.95)] == pytest.approx([0.5, 0.8, 0.95])
    assert held([], 0.8) is None


# Worlds.


@pytest.mark.parametrize("day", DAYS)
def test_no_fact_of_a_world_is_later_than_its_day(day, done):
    sc = load(done[day]["vintage"])
    used = {f for n in sc.numbers.values() for f in n.facts}
    assert used and all(known_by(sc.evidence.facts[f], day) for f in used)
    assert done[day]["newest"] <= day and done[day]["epoch_rows"] == 0


@pytest.mark.parametrize("day", DAYS)
def test_rows_agree_with_each_other(day, done):
    a = done[day]
    for row in a["rows"]:
        assert row["p10"] <= row["ours"] <= row["p90"] and row["crps"] >= 0
        assert row["error"] == pytest.approx(row["ours"] / row["actual"] - 1)
        assert row["inside"] == (row["p10"] <= row["actual"] <= row["p90"])
    assert a["summary"]["coverage"] == pytest.approx(a["summary"]["reliability"]["0.8"], abs=0.03)
    errors = [s["error"] for s in a["summary"]["series"]]
    assert errors == sorted(errors, reverse=True)  # the poor ones first
    assert {s["series"] for s in a["summary"]["series"]} >= {
        "nvidia", "amd", "google", "amazon", "stock", "cowos", "logic", "hbm", "revenue", "capex",
        "gigawatts", "rent", "euv"}


def test_a_world_of_2022_is_scored_from_2023q1_on(done):
    """Ours of 2023Q1 is the first quarter simulated, against NVIDIA's 4.28 billion of the
    quarter to April; parts are on record from a year later."""
    rows = {(r["series"], r["at"]): r for r in done["2022-12-31"]["rows"]}
    assert {at for s, at in rows if s == "revenue"} == {
        "2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1", "2024Q2"}
    assert {at for s, at in rows if s == "cowos"} == {"2024Q1", "2024Q2"}
    assert rows["revenue", "2023Q1"]["actual"] == 4.28e9
    sc = load("world-2022")
    r = simulate(sc, [Case("x", 256)], 1)
    (s,) = [s for s in _series(sc, load("reference"), r, 1, 256) if s.key == "revenue"]
    assert s.first == r.chain.first == -4
    assert rows["revenue", "2023Q1"]["ours"] == pytest.approx(np.median(s.ours[0]))


def test_the_stock_of_2022_is_compared_as_the_record_counts_it(done):
    """The record holds 0.29 million H100e at the end of 2022, all sold in that year, where ours has
    0.58 of older chips too; what is compared is the record's and what ours sells after."""
    sc = load("world-2022")
    r = simulate(sc, [Case("x", 8)], 1)
    series = {s.key: s for s in _series(sc, load("reference"), r, 1, 8)}
    stock = series["stock"]
    sold = sum(series[k].ours for k in ("nvidia", "google", "amd", "amazon"))
    assert stock.actual[-5] == 289671
    np.testing.assert_allclose(stock.ours[:8], 289671 + np.cumsum(sold, 0)[:8])
    power = series["gigawatts"].ours[0] - r.case("x", "deployed")[0, 0]
    assert power == pytest.approx(np.full(8, 1.65 * 345 / 1e3))
    sc = load("world-2023")
    r = simulate(sc, [Case("x", 8)], 1)
    (later,) = [s for s in _series(sc, load("reference"), r, 1, 8) if s.key == "stock"]
    np.testing.assert_array_equal(later.ours, r.case("x", "h100e")[:, 0])


# Published outcomes: what a world known then may be held to.


def test_stock_and_power_from_the_end_of_2024(done):
    """Epoch AI (2026): 17 to 22.7 million H100e at the end of 2025; the median is below, as
    spending was expected to be, the range reaches in."""
    rows = {(r["series"], r["at"]): r for r in done["2024-12-31"]["rows"]}
    stock = rows["stock", "2025Q4"]
    assert stock["p10"] < 17e6 < stock["p90"] and abs(stock["error"]) < 0.2
    assert all(abs(r["error"]) < 0.1 for k, r in rows.items() if k[0] == "gigawatts")


def test_with_todays_facts_the_stock_is_nearer(done):
    for a in done.values():
        for r in a["rows"]:  # what today's world takes as input has no hindsight, nor has 2023
            assert (r["hindsight"] is None) == (r["series"] in ("capex", "euv") or
                                                r["at"].startswith("2023"))
            if r["series"] == "stock" and r["hindsight"] is not None:
                assert abs(r["hindsight"]) < abs(r["error"])


def test_parts_are_compared_where_they_were_used(done):
    """Ours of a quarter are in what is sold a lead later; the record is not moved."""
    sc = load("reference")
    r = simulate(sc, [Case("x", 8)], 1)
    used = r.case("x", "used")[:, 0, r.chain.commodities.index("cowos")]
    lead = estimate("parts_lead", sc.evidence).value
    assert 0.0 < lead < 1.0  # between a quarter and the next
    series = {s.key: s for s in _series(sc, sc, r, 1, 8)}
    assert series["cowos"].ours[4] == pytest.approx((1 - lead) * used[4] + lead * used[5])
    assert series["cowos"].actual[4] == sum(
        row["cowos_wafers"] for row in sc.evidence.table("epoch_components")
        if row["quarter"] == "2025Q1" and not row["residual"])
    assert {k for k, s in series.items() if s.basis == "production"} == {"cowos", "logic", "hbm"}


def test_the_page_says_how_much_of_the_parts_error_is_the_lead(done):
    """With today's facts, medians of 2025 without a lead and with it."""
    sc = load("reference")
    r = simulate(sc, [Case("x", 64)], 1)
    lead = estimate("parts_lead", sc.evidence).value
    page = " ".join((Path(__file__).parents[1] / "docs" / "backtest.md").read_text().split())
    assert f"{lead:.2f} quarters" in page
    for s in _series(sc, sc, r, 1, 64):
        if s.basis == "production":
            error = lambda x, s=s: np.median(  # noqa: E731
                [abs(np.median(x[t]) / s.actual[t] - 1.0) for t in range(4, 8)])
            today = next(x["hindsight"] for x in done["2024-12-31"]["summary"]["series"]
                         if x["series"] == s.key)
            assert error(s.ours) == pytest.approx(today, abs=0.03), s.key


def test_forecasts_of_then_stand_beside_ours(done):
    """Consensus of four firms' capex for 2025, 301 of 416 billion; of NVIDIA's fiscal 2026, 178 of
    193.7; of EUV tools, 48 of 48. None was public after the day."""
    rows = {(r["series"], r["at"]): r["published"] for r in done["2024-12-31"]["rows"]}
    for series, error in (("capex", 301.2 / 416 - 1), ("revenue_year", 178 / 193.7 - 1),
                          ("euv", 0.0)):
        (one,) = rows[series, "2025"]
        assert one["error"] == pytest.approx(error, abs=1e-3)
    sc = load("reference")
    for a in done.values():
        assert all(known_by(sc.evidence.facts[p["fact"]], a["day"])
                   for r in a["rows"] for p in r["published"])


def test_the_page_and_the_readme_say_what_the_intervals_held(done):
    root = Path(__file__).parents[1]
    held = {a["day"]: f"{100 * a['summary']['reliability']['0.8']:.0f} %" for a in done.values()}
    flat = lambda name: " ".join((root / name).read_text().split())  # noqa: E731
    late, early, first = (held[f"{year}-12-31"] for year in (2024, 2023, 2022))
    assert f"an 80 % range holds {late} of what happened" in flat("README.md")
    stock = next(r for r in done["2024-12-31"]["rows"]
                 if (r["series"], r["at"]) == ("stock", "2025Q4"))
    assert f"stock a year later is {-100 * stock['error']:.0f} % low" in flat("README.md")
    for day, a in done.items():
        numbers = load(a["vintage"]).numbers.values()
        old = sum(n.file.endswith("ai.yaml") for n in numbers)
        assert f"{old} of {len(numbers)}" in flat("docs/backtest.md"), day
    assert (f"intervals of 80 % held {late} of what happened from the end of 2024 and {early} "
            "from the end of 2023") in flat("docs/limits.md")
    for name in ("README.md", "docs/limits.md"):
        assert f"{first} from the end of 2022" in flat(name)


# Faces.


def test_the_page_holds_the_tables(done):
    page = (Path(__file__).parents[1] / "docs" / "backtest.md").read_text()
    for a in done.values():
        assert as_markdown(a) in page


def test_the_command_prints_each_series_and_ends_with_the_facts(done):
    for lang, words in (("en", "facts used"), ("es", "datos usados")):
        out = ran("--from", "2024-12-31", "--lang", lang)
        assert out.returncode == 0 and max(map(len, out.stdout.splitlines())) <= 80
        last = out.stdout.rstrip().splitlines()[-1]
        assert last.startswith(words) and "2024-12-" in last and last.endswith(" 0")
    a = json.loads(ran("--from", "2024-12-31", "--json").stdout)
    a = a[0] if isinstance(a, list) else a
    assert a["rows"] == json.loads(json.dumps(done["2024-12-31"]["rows"]))


@pytest.mark.parametrize("day", ["2019-01-01", "2031-01-01", "2021-12-31", "soon"])
def test_a_day_without_a_world_is_said_clearly(day):
    out = ran("--from", day)
    assert out.returncode == 2 and out.stdout == ""
    assert day in out.stderr and "2024-12-31" in out.stderr and "Traceback" not in out.stderr
