"""A sum beside the world's: by hand, then and now, and sums as people write them."""

import json
import subprocess
import sys

import pytest

from oblea.claims.sums import read_sum as money
from oblea.errors import InputErrors
from oblea.evidence import known_by, load
from oblea.report.scale import render
from oblea.report.words import LANGUAGES, Words
from oblea.service import scale


@pytest.fixture(scope="module")
def seven():
    return scale("7 trillion USD", "2024-02-12")


def row(a, key):
    return next(r for r in a["rows"] if r["key"] == key)


def test_the_founding_comparisons_by_hand(seven):
    """Seven trillion against 6.16 of outlays (of mid 2023, at 2 % a year to February 2024) and 5.47
    of four firms on the day."""
    outlays = row(seven, "us_outlays")["then"]
    grown = 6.16e12 * 1.02 ** (2024.117 - 2023.5)
    assert outlays["ratio"] == pytest.approx(7e12 / grown, rel=2e-3)
    assert row(seven, "four_firms")["then"]["ratio"] == pytest.approx(7 / 5.47, rel=2e-3)
    fabs = row(seven, "fab")["then"]["ratio"]
    assert 230 < fabs < 255  # 28 billion each: the press's 175 to 300
    wfe = row(seven, "wfe")
    assert wfe["then"]["date"] < wfe["now"]["date"] and wfe["then"]["ratio"] > wfe["now"]["ratio"]


def test_nothing_was_known_before_it_was_public(seven):
    e = load()
    for r in seven["rows"]:
        if r["then"]:
            assert known_by(e.fact(r["then"]["fact"]), "2024-02-12"), r["key"]
        assert r["now"] is not None
    assert row(seven, "gulf_deals")["then"] is None


@pytest.mark.parametrize(("text", "usd"), [
    ("7e12", 7e12), ("7000000000000", 7e12), ("7 billones", 7e12), ("7 billion dollars", 7e9),
    ("7 billones de dólares", 7e12), ("300 mil millones de dólares", 3e11), ("$0.5tn", 5e11)])
def test_sums_as_people_write_them(text, usd):
    assert money(text) == usd


@pytest.mark.parametrize("text", ["", "much", "-3", "0", "7 billion EUR", "1e30", "nan"])
def test_what_is_no_sum(text):
    with pytest.raises(InputErrors):
        money(text)


@pytest.mark.parametrize("day", ["1900-01-01", "2099-01-01", "2024-02", "soon"])
def test_a_day_that_cannot_be(day):
    with pytest.raises(InputErrors, match="--on"):
        scale("7e12", day)


def test_a_larger_sum_is_so_many_times_more(seven):
    double = scale("14e12", "2024-02-12")
    for a, b in zip(seven["rows"], double["rows"], strict=True):
        for k in ("then", "now"):
            if a[k]:
                assert b[k]["ratio"] == pytest.approx(2 * a[k]["ratio"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text(seven, lang, tmp_path):
    text = render(seven["usd"], seven["said"], seven["today"], seven["rows"], Words(lang))
    assert max(map(len, text.splitlines())) <= 80
    done = subprocess.run([sys.executable, "-m", "oblea.cli.main", "scale", "7", "trillion", "USD",
                           "--on", "2024-02-12", "--json"], cwd=tmp_path, text=True,
                          capture_output=True, timeout=60)
    assert json.loads(done.stdout)["rows"] == json.loads(json.dumps(seven["rows"]))
