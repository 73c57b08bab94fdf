"""Forecasts of others, and the picture of what intervals held, by hand and in two languages."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblea import scenario
from oblea.analysis.backtest import Series, _score, curve, held, together
from oblea.analysis.foreseen import NAMED, foreseen
from oblea.analysis.revision import revisions
from oblea.estimates import TooFewRows, estimate
from oblea.evidence import load
from oblea.report.backtest import forecasts_markdown, revisions_markdown
from oblea.report.reliability import LEFT, SIZE, TOP, picture
from oblea.service import backtests

ROOT = Path(__file__).parents[1]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def done():
    return backtests()


def ran(*args, cwd):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", "backtest", *args], text=True,
                          capture_output=True, timeout=120, cwd=cwd,
                          env=os.environ | {"PYTHONPATH": str(ROOT / "src")})


# What others foresaw.


def test_forecasts_are_parted_by_the_day_and_the_end_of_what_they_speak_of():
    """AI 2027 had 18 million H100e at the end of 2025, Patel and Dean 21.9 in September 2025; Epoch
    AI's medians of 2024 give 2.2 + 1.85 x (2.448^.5 + 2.448^1.5) = 12.2."""
    e = load()
    s = Series("stock", "H100e", 1, {7: 20e6}, np.full((9, 4), 19e6))
    s.published.update(foreseen(e, "stock", s.actual))
    (row,) = _score(s, e, "2024-12-31")
    (epoch,) = row["published"]
    assert epoch["error"] == pytest.approx(12.19 / 20 - 1, abs=2e-3)
    assert [round(p["error"], 3) for p in row["later"]] == [-0.1, 0.095]
    (row,) = _score(s, e, "2025-06-30")
    assert len(row["published"]) == 2 and len(row["later"]) == 1


def test_every_named_forecast_has_an_outcome_in_its_unit():
    e = load()
    for series in {s for s, _, _ in NAMED}:
        points = foreseen(e, series, {3: 1.0, 7: 1.0})
        assert points and all(f.came > 0 and f.value > 0 for some in points.values() for f in some)
    (cowos,) = [f for f in foreseen(e, "cowos", {})[3]]
    assert (cowos.value, cowos.came) == (35.0, 37.5)


def test_the_page_holds_the_forecasts(done):
    page = (ROOT / "docs" / "backtest.md").read_text("utf-8")
    for a in done:
        assert forecasts_markdown(a) in page


# What intervals held.


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40))
def test_the_curve_rises_and_is_what_intervals_held(ranks):
    rows = [{"rank": r} for r in ranks]
    shares = [y for _, y in curve(rows)]
    assert shares == sorted(shares) and all(0.0 <= y <= 1.0 for y in shares)
    assert all(y == held(rows, x) for x, y in curve(rows))


def test_all_days_are_the_outcomes_of_all(done):
    n = sum(a["summary"]["points"] for a in done)
    eighty = sum(a["summary"]["points"] * dict(map(tuple, a["summary"]["curve"]))[0.8]
                 for a in done) / n
    assert dict(map(tuple, together(done)))[0.8] == pytest.approx(eighty)
    assert 0.6 <= eighty <= 0.95
    page = " ".join((ROOT / "docs" / "backtest.md").read_text("utf-8").split())
    shares = dict(map(tuple, together(done)))
    said = [f"{100 * shares[x]:.0f}" for x in (0.5, 0.8, 0.95)]
    assert f"{said[0]}, {said[1]} and {said[2]} % of all {n}" in page


@pytest.mark.parametrize("lang", ["en", "es"])
def test_points_stand_where_their_numbers_are_and_words_say_them(done, lang):
    root = ET.fromstring(picture(done, together(done), lang))
    dots = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    want = [p for a in done for p in a["summary"]["curve"]] + together(done)
    assert len(dots) == len(want)
    for (x, y), (level, share) in zip(dots, want, strict=True):
        assert (x - LEFT) / SIZE == pytest.approx(level, abs=1e-3)
        assert 1 - (y - TOP) / SIZE == pytest.approx(share, abs=1e-3)
    assert root.get("role") == "img" and root.get("lang") == lang
    said = root.find(f"{SVG}desc").text
    assert root.find(f"{SVG}title").text
    for a in done:
        assert a["day"] in said and str(a["summary"]["points"]) in said
    width = float(root.get("width"))
    for text in root.iter(f"{SVG}text"):
        if text.get("x") == "16":  # what runs from the left edge stays on the page
            assert 16 + 6.8 * len(text.text) < width


def test_the_picture_of_the_page_is_todays(done):
    assert (ROOT / "docs" / "reliability.svg").read_text("utf-8") == picture(done, together(done))


def test_the_command_writes_a_picture_or_nothing(tmp_path):
    good = ran("--from", "2024-12-31", "--paths", "16", "--picture", "x.svg", cwd=tmp_path)
    assert good.returncode == 0 and [p.name for p in tmp_path.iterdir()] == ["x.svg"]
    text = (tmp_path / "x.svg").read_text("utf-8")
    assert len(re.findall("<path class=\"line", text)) == 2  # the day's curve, and its legend
    for name, words in (("x.gif", "ends in .svg"), ("no/x.svg", "there is no folder 'no'")):
        bad = ran("--picture", name, cwd=tmp_path)
        assert bad.returncode == 2 and bad.stdout == "" and words in bad.stderr
        assert "Traceback" not in bad.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["x.svg"]


# Single ranges.


def test_a_revised_number_is_inside_its_range_or_not():
    """What did not change is left out; a series is compared at the time asked for, within the
    common error."""
    now = scenario.load("reference")
    key = "stages.hbm.output"
    then = scenario.load("world-2024")
    n, m = then.numbers[key], now.numbers[key]
    assert n.low <= m.value <= n.high
    (row,) = [r for r in revisions(then, now, 8.0) if r["group"] == "spending"]
    x, y = then.demand.capex.at(8.0), now.demand.capex.at(8.0)
    assert row["factor"] == pytest.approx(y / x)
    assert row["inside"] == int(then.common.error.low <= y / x <= then.common.error.high)
    moved = then.replace(**{key: f"{{value: {m.value} GB/wspm/quarter, why: as now}}"})
    counts = [next(r["n"] for r in revisions(w, now, 8.0) if r["group"] == "content")
              for w in (then, moved)]
    assert counts[1] == counts[0] - 1


def test_the_page_holds_the_revisions_and_what_the_prose_says(done):
    page = (ROOT / "docs" / "backtest.md").read_text("utf-8")
    assert revisions_markdown(done) in page
    flat = " ".join(page.split())
    first, early, late = (a["summary"] for a in done)
    p = lambda x: f"{100 * x:.0f}"  # noqa: E731
    three = lambda s: ", ".join(p(s["reliability"][k]) for k in ("0.5", "0.8", "0.95"))  # noqa: E731
    assert f"held {three(late)} % of the outcomes from the end of 2024" in flat
    assert f"and {three(early)} % of the outcomes from the end of 2023" in flat
    assert f"and {three(first)} % of the outcomes from the end of 2022" in flat
    assert (f"in {late['nearer']} of {late['of']} series from 2024, in {early['nearer']} of "
            f"{early['of']} from 2023") in flat
    by = {s["series"]: s for s in late["series"]}
    cowos, logic, hbm = (p(by[k]["hindsight"]) for k in ("cowos", "logic", "hbm"))
    assert f"2025 are {cowos} % off, logic wafers {logic} %, HBM dollars {hbm} %" in flat
    aim = [p(by[k]["error"]) for k in ("nvidia", "cowos", "hbm")]
    assert f"is **not met**: {aim[0]}, {aim[1]} and {aim[2]} %" in flat
    factors = [estimate("ai_forecast_error", load(), a["day"]).high for a in done[1:]]
    with pytest.raises(TooFewRows):
        estimate("ai_forecast_error", load(), done[0]["day"])
    own = scenario.load(done[0]["vintage"]).common.error.high
    assert f"a factor of {own:.2f} either way" in flat
    assert f"a factor of {factors[0]:.1f} either way at the end of 2023" in flat
    assert f"of {factors[1]:.1f} at the end of 2024" in flat
