"""The fall of cost at fixed capability, and the frontier that rises."""

import subprocess
import sys
from math import isclose

import pytest

from oblea.claims.sums import read_sum
from oblea.cost.decline import decline
from oblea.errors import InputErrors
from oblea.report.decline import render
from oblea.report.words import LANGUAGES


def test_legs_multiply_and_each_published_total_is_met():
    done = decline()
    for r in done["rows"]:
        product = 1.0
        for leg in (r[k] for k in ("hardware", "utilisation", "algorithms", "price")):
            product *= 1.0 if leg is None else leg
        assert isclose(product, r["left"])
    ark, epoch, ours = done["rows"]
    assert abs(100 * (1 - ark["left"]) - 75) < 0.5  # ARK Invest, Big Ideas 2024
    assert abs(100 * (1 - epoch["left"]) - 77) < 0.5  # hardware -30 %, algorithms 3x a year
    assert done["frontier"]["growth"] == 2.4 and 2026 < done["frontier"]["billion"] < 2028
    m = done["model"]
    assert isclose(ours["hardware"] ** m["years"], m["made"][1] / m["made"][0])
    assert isclose((ours["hardware"] * ours["price"]) ** m["years"], m["paid"][1] / m["paid"][0])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_eighty_columns(lang):
    assert max(map(len, render(decline(), lang).splitlines())) <= 80


def test_on_the_command_line(tmp_path):
    done = subprocess.run([sys.executable, "-m", "oblea.cli.main", "cost", "decline", "--lang",
                           "es"], cwd=tmp_path, text=True, capture_output=True, timeout=60)
    assert done.returncode == 0 and "ARK" in done.stdout


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
