"""Sums beside their measures, and the fall of cost at fixed capability."""

import json
import subprocess
import sys
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblea.claims.scale import measures, read_sum, scale
from oblea.cost.decline import decline
from oblea.errors import InputErrors
from oblea.evidence import known_by, load
from oblea.evidence._known import last_day
from oblea.report.scale import render, render_decline


def cli(*args):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *args], capture_output=True,
                          text=True, check=False)


@pytest.mark.parametrize("text", ["7e12", "7 trillion USD", "7 trillion", "$7 trillion",
                                  "7 billones", "7 billones de dólares", "US$7tn", "$7T"])
def test_one_sum_said_in_many_ways(text):
    assert read_sum(text) == 7e12


@pytest.mark.parametrize("text", ["", "seven", "7 trillones", "-7e12", "0", "nan", "inf", "1e19",
                                  "7 trillion EUR", "5-7 trillion", "7 GW", "7 trillion wafers",
                                  "7 trillion and 2 billion"])
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(InputErrors):
        read_sum(text)


@given(st.floats(1e6, 1e15), st.sampled_from(["2024-02-29", "2025-06-30", "2026-11-25"]))
def test_rows_are_public_dated_and_in_proportion(total, day):
    e = load()
    for r, one in zip(scale(total, day), scale(1e12, day), strict=True):
        if r["fact"] is None:
            continue
        f = e.fact(r["fact"])
        assert known_by(f, day) and r["source"] == f.source.publisher
        assert isclose(r["sum"] / total, one["sum"] / 1e12)
        years = int(f.date[:4]) - int(day[:4])
        assert isclose(r["sum"], total * 1.02 ** years)
        assert isclose(r["ratio"], r["sum"] / f.value, rel_tol=6e-3)


def test_seven_trillion_then_and_now():
    then = {r["key"]: r for r in scale(7e12, "2024-02-29")}
    now = {r["key"]: r for r in scale(7e12)}
    assert then["sales"]["fact"] == "semi_rev_2023" and now["sales"]["fact"] == "semi_rev_2025"
    assert then["gulf"]["fact"] is None and 55 < now["gulf"]["ratio"] < 59
    assert 1.1 < then["outlays"]["ratio"] < 1.15
    assert 230 < now["fabs2"]["ratio"] < 251  # the arithmetic of the press, at IBS's price
    assert {m["key"] for m in measures()} == set(now)
    for r in then.values():
        assert r["fact"] is None or last_day(r["known"]) <= "2024-02-29"


def test_legs_multiply_and_each_published_total_is_met():
    done = decline()
    for r in done["rows"]:
        legs = [r[k] for k in ("hardware", "utilisation", "algorithms", "price")]
        product = 1.0
        for leg in legs:
            product *= 1.0 if leg is None else leg
        assert isclose(product, r["left"])
    ark, epoch, ours = done["rows"]
    assert abs(100 * (1 - ark["left"]) - 75) < 0.5  # ARK Invest, Big Ideas 2024
    assert abs(100 * (1 - epoch["left"]) - 77) < 0.5  # hardware -30 %, algorithms 3x a year
    assert done["frontier"]["growth"] == 2.4 and 2026 < done["frontier"]["billion"] < 2028
    m = done["model"]
    assert isclose(ours["hardware"] ** m["years"], m["made"][1] / m["made"][0])
    assert isclose((ours["hardware"] * ours["price"]) ** m["years"], m["paid"][1] / m["paid"][0])


@pytest.mark.parametrize("lang", ["en", "es"])
def test_eighty_columns(lang):
    shown = [render(7e12, scale(7e12, "2024-02-29"), "2024-02-29", 2.0, lang),
             render_decline(decline(), lang)]
    assert max(len(line) for text in shown for line in text.splitlines()) <= 80


def test_the_command_line():
    done = cli("scale", "7 billones", "--on", "2024-02-29", "--json")
    found = json.loads(done.stdout)
    assert found["sum"] == 7e12 and len(found["days"]) == 2
    assert "ARK" in cli("cost", "decline", "--lang", "es").stdout
    for args in (("scale", "seven"), ("scale", "7e12", "--on", "soon"), ("scale", "7 trillion GW")):
        bad = cli(*args)
        assert bad.returncode == 2 and bad.stderr.count("\n") == 1
        assert "Traceback" not in bad.stderr and not bad.stdout
