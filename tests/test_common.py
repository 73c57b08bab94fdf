"""An error that many numbers share: what it moves, when it opens, what it leaves standing."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblea.chain.values import Values
from oblea.dates import quarter_index
from oblea.errors import InputErrors
from oblea.estimates import estimate
from oblea.scenario import load
from oblea.service import run

ROOT = Path(__file__).parents[1]

PATHS = np.arange(64)
OWN = ("demand.capex.low=1", "demand.capex.high=1")


def drawn(sc, number, t):
    return Values(sc, 1, PATHS).series(number, np.asarray(t, dtype=float))


@pytest.fixture(scope="module")
def doubled():
    return load("reference", (*OWN, "common.error=2"))


@pytest.fixture(scope="module")
def plain():
    return load("reference", OWN)


def test_the_year_after_the_day_has_the_error_on_its_mean(doubled, plain):
    t = quarter_index(doubled.base) + np.arange(4) + 0.5
    ratio = (drawn(doubled, doubled.demand.capex, t) / drawn(plain, plain.demand.capex, t))[:, 0]
    assert np.log(ratio).mean() == pytest.approx(np.log(2.0))
    assert (np.diff(ratio) > 0).all()


def test_history_is_certain_and_two_years_on_it_opens_no_more(doubled, plain):
    base = quarter_index(doubled.base)
    t = np.array([base - 8, base, base + 8, base + 30])
    ratio = (drawn(doubled, doubled.demand.capex, t) / drawn(plain, plain.demand.capex, t))[:, 0]
    assert ratio[0] == ratio[1] == 1.0 and ratio[2] == pytest.approx(ratio[3])


@settings(max_examples=12, deadline=None)
@given(st.floats(0.05, 1.0))
def test_what_stands_is_not_taken_down(error):
    sc = load("reference", (f"common.error={error:.4f}",))
    row = sc.stages["packaging"].rows["taiwan"].capacity
    day = quarter_index(sc.base)
    t = day + np.arange(0.5, 12.0)
    least = np.minimum(row.at(day), drawn(load("reference"), row, t))
    assert (drawn(sc, row, t) >= least - 1e-9).all()


def test_numbers_that_it_moves_go_together_and_others_stay():
    day = "2024-12-31"
    sc = load("world-2024")
    e = estimate("ai_forecast_error", sc.evidence, day)
    assert (sc.common.error.low, sc.common.error.high) == (e.low, e.high)
    assert all(sc.evidence.fact(f).known[:4] <= "2024" for f in sc.common.error.facts)
    t = [quarter_index(day) + 6.0]
    shared = Values(sc, 1, PATHS).scalar(sc.common.error)
    capex = drawn(sc, sc.demand.capex, t)[0]
    assert np.corrcoef(np.log(capex), np.log(shared))[0, 1] > 0.999
    halls = drawn(sc, sc.stages["halls"].rows["us"].capacity, t)[0]
    assert np.corrcoef(np.log(halls), np.log(shared))[0, 1] > 0.7
    tools = drawn(sc, sc.pools["euv"].supply, t)[0]
    assert abs(np.corrcoef(np.log(tools), np.log(shared))[0, 1]) < 0.3


def test_a_certain_error_of_one_changes_nothing(plain):
    sc = load("reference", (*OWN, "common.error=1"))
    t = np.arange(0.5, 40.0)
    assert (drawn(sc, sc.demand.capex, t) == drawn(plain, plain.demand.capex, t)).all()


def test_a_name_that_it_cannot_move_is_said_clearly(tmp_path):
    with pytest.raises(InputErrors, match=r"no number is called 'demand.kapex'.*demand.capex"):
        load("reference", ("common.moves=[demand.kapex]",))
    file = tmp_path / "mine.yaml"
    file.write_text("extends: reference\ncommon: {builds: [stages.hal.rows.*.capacity]}\n")
    done = subprocess.run(
        [sys.executable, "-m", "oblea.cli.main", "scenario", "validate", str(file)], text=True,
        capture_output=True, timeout=60)
    assert done.returncode == 2 and "common.builds: no number" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_says_what_a_common_error_does_to_the_answer():
    """The command of docs/backtest.md, without side ensembles."""
    page = " ".join((ROOT / "docs" / "backtest.md").read_text("utf-8").split())
    sets = ("common.error={estimate: ai_forecast_error}", *OWN)
    assert all(x in page for x in sets)
    before, a = (run("seven-trillion", sets=s, quick=True, workers=2).answer for s in ((), sets))
    t = lambda x: f"{x / 1e12:.2f}"  # noqa: E731
    s, b = a["absorbed"], before["absorbed"]
    assert (f"is {t(s['median'])} instead of {t(b['median'])} trillion absorbed (90 %: "
            f"{t(s['p5'])} to {t(s['p95'])} instead of {t(b['p5'])} to {t(b['p95'])})") in page
    assert a["industry"] is None and before["industry"] is not None
