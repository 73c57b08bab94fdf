"""Text to number and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblea.units import UnitError, convert, parse, usd_year

PAIRS = [("month", "quarter"), ("kwspm", "wspm"), ("GW", "MW"), ("%", "ratio"), ("PB", "GB"),
         ("year", "month"), ("USD/kwspm", "USD/wspm"), ("tool/kwspm", "tool/wspm"), ("GB", "Gb")]


@given(st.sampled_from(PAIRS), st.floats(1e-9, 1e12))
def test_there_and_back(pair, x):
    a, b = pair
    assert convert(convert(x, a, b), b, a) == pytest.approx(x, rel=1e-12)


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("7 trillion USD", "USD", 7e12), ("9 %", "ratio", 0.09), ("48 months", "quarter", 16.0),
    ("1.85e11 USD/year", "USD/year", 1.85e11), ("145 kwspm", "wspm", 145e3),
    ("30 million accelerators", "accelerator", 3e7), ("0.5 tool/kwspm", "tool/wspm", 5e-4)])
def test_texts(text, unit, value):
    assert parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(("text", "unit"), [
    ("48 USD", "month"), ("5", "month"), ("seven", "USD"), ("nan USD", "USD"), ("inf %", "ratio"),
    ("3 wafer", "die"), ("3 moonths", "month"), ("1 tool", "module")])
def test_what_is_refused(text, unit):
    with pytest.raises(UnitError):
        parse(text, unit)


def test_the_year_of_dollars():
    assert usd_year("4 USD2024/year") == 2024 and usd_year("4 USD/year") is None
