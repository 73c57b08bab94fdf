"""Text to number and back: the only place where units are read.

Inside the model every number is a plain float in the unit that its field declares. The unit
language is in `data/units.txt`; dollars may carry the year whose dollars they are (USD2024).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from importlib import resources

from .errors import did_you_mean

SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "M": 1e6,
    "billion": 1e9, "trillion": 1e12,
}
_NUMBER = re.compile(
    r"^\s*([-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:nan|inf))\s*(.*)$", re.IGNORECASE)
_DOLLARS = re.compile(r"\bUSD(20[0-4]\d)\b")
_CURRENCY = re.compile(r"\b(AED|AUD|CAD|CHF|CNY|EUR|GBP|INR|JPY|KRW|KWD|NOK|QAR|SAR|SEK|SGD|TWD)\b")
_EXAMPLES = {
    "[time]": "48 months", "[money]": "7 trillion USD", "": "9 %", "[money] / [time]": "5 USD/year",
}


class UnitError(ValueError):
    """A text that is no number with the expected unit; the message says both sides."""


@lru_cache(maxsize=1)
def _registry():
    import pint

    registry = pint.UnitRegistry(None, cache_folder=None)
    registry.load_definitions(
        [
            line
            for line in resources.files("oblea.data").joinpath("units.txt").read_text().splitlines()
            if line.strip() and not line.startswith("#")
        ]
    )
    return registry


@lru_cache(maxsize=4096)
def _unit(text: str):
    """Factor to root units and dimensionality of a unit expression."""
    rooted = quantity(1.0, text).to_root_units()
    return float(rooted.magnitude), rooted.dimensionality


def quantity(value: float, unit: str):
    """`value` in `unit` as a quantity of pint, with which one can calculate.

    >>> (quantity(3.0, "USD/year") / quantity(2.0, "USD/year")).to("percent").magnitude
    150.0
    """
    ureg = _registry()
    plain = _DOLLARS.sub("USD", unit).strip().replace("%", "percent") or "ratio"
    plain = re.sub(r"\b(\w+?)s\b(?<!defects)", _singular, plain)
    try:
        return ureg.Quantity(value, ureg.parse_units(plain))
    except Exception:
        words = re.findall(r"[A-Za-z]\w*", plain)
        bad = next((w for w in words if w not in ureg), unit)
        raise UnitError(
            f"unknown unit {bad!r}"
            f"{did_you_mean(bad, [u for u in (*SCALES, *dir(ureg)) if u[0] != '_' and u != 'k'])}"
        ) from None


def _singular(match: re.Match[str]) -> str:
    """'months' is 'month' where the shorter word is a unit."""
    word = match.group(1)
    return word if word in _registry() else match.group(0)


def convert(value: float, unit: str, expect: str) -> float:
    """`value` in `unit` as a number in `expect`.

    Raises UnitError, naming both units, where they measure different things.

    >>> convert(48.0, "month", "quarter")
    16.0
    >>> convert(9.0, "%", "ratio")
    0.09
    """
    if _DOLLARS.sub("USD", unit) == expect:
        return float(value)
    factor, dims = _unit(unit)
    target, wanted = _unit(expect)
    if dims != wanted:
        raise UnitError(f"found {value:g} {unit}; expected {expect}{_example(wanted)}")
    # Fifteen digits hide the rounding of factors that are ratios of whole numbers.
    return float(f"{value * (factor / target):.14g}")


def known(unit: str) -> None:
    """Nothing where `unit` can be read; UnitError with a suggestion where it cannot."""
    _unit(unit)


def _example(dims) -> str:
    text = _EXAMPLES.get("" if not dims else str(dims))
    return f", such as {text!r}" if text else ""


@lru_cache(maxsize=8192)
def parse(text: str, expect: str) -> float:
    """A number with its unit, in the expected unit.

    >>> parse("7 trillion USD", "USD")
    7000000000000.0
    >>> parse("145 kwspm", "wspm")
    145000.0
    >>> parse("48 USD", "month")
    Traceback (most recent call last):
    ...
    oblea.units.UnitError: found 48 USD; expected month, such as '48 months'
    """
    match = _NUMBER.match(text)
    if not match:
        raise UnitError(f"found {text!r}; expected a number in {expect}")
    value, rest = float(match.group(1).replace("_", "")), match.group(2).strip()
    if not math.isfinite(value):
        raise UnitError(f"found {text.strip()!r}; expected a finite number in {expect}")
    word, _, after = rest.partition(" ")
    if word in SCALES and (word not in ("k", "M") or after):
        value, rest = value * SCALES[word], after.strip()
    return convert(value, rest or "ratio", expect)


def currency(text: str) -> str | None:
    """The currency other than the dollar that a text speaks of, or None.

    >>> currency("500 billion EUR"), currency("500 billion USD")
    ('EUR', None)
    """
    found = _CURRENCY.search(text)
    return found.group(1) if found else None


def times(text: str, factor: float) -> str:
    """A number's text with its number multiplied.

    >>> times("500 billion USD", 1.1)
    '550.0 billion USD'
    """
    match = _NUMBER.match(text)
    if not match:
        return text
    return f"{float(match.group(1).replace('_', '')) * factor!r} {match.group(2)}"


def usd_year(text: str) -> int | None:
    """The year whose dollars a text speaks of, or None.

    >>> usd_year("40 billion USD2024"), usd_year("40 billion USD")
    (2024, None)
    """
    found = _DOLLARS.search(text)
    return int(found.group(1)) if found else None
