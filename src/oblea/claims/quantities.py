"""The quantities that claims are checked against, and what they were known to be on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from ..errors import InputErrors, Problem, did_you_mean
from ..evidence import Evidence, Fact, known_by
from ..evidence._known import last_day
from ..units import convert

KINDS = {"USD": "USD", "%": "%", "times": "ratio", "GW": "GW", "TWh": "TWh", "fabs": "module",
         "tools": "tool", "people": "people", "FLOP": "FLOP", "year": "year", "day": "day"}
KEYS = {"title", "kind", "facts", "sum", "over", "gigawatt", "span", "nearest", "words", "not",
        "yearly", "needs_year", "needs_per", "needs_one_gw", "per", "change", "context",
        "tolerance", "why", "caveat"}


@dataclass(frozen=True)
class Point:
    """What a quantity was: value, range, the date it speaks of, when it became known, fact ids."""

    value: float
    low: float
    high: float
    date: str
    known: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Quantity:
    """An entry of `data/quantities.yaml`; the file says what each key means."""

    id: str
    spec: dict[str, Any]
    words: tuple[re.Pattern[str], ...]
    refuses: re.Pattern[str] | None

    @property
    def kind(self) -> str:
        return self.spec["kind"]

    @property
    def tolerance(self) -> float:
        return float(self.spec["tolerance"])

    def title(self, lang: str) -> str:
        return self.spec["title"][lang]


@lru_cache(maxsize=1)
def quantities() -> dict[str, Quantity]:
    """All quantities by id.

    >>> quantities()["us_outlays"].kind
    'USD'

    Raises InputErrors with every entry that is not well formed.
    """
    text = resources.files("oblea.data").joinpath("quantities.yaml").read_text("utf-8")
    out, problems = {}, []
    for id, spec in yaml.safe_load(text).items():
        for key in set(spec) - KEYS:
            problems.append(Problem("quantities.yaml", None, f"{id}.{key}",
                                    f"unknown key{did_you_mean(key, KEYS)}"))
        if spec["kind"] not in KINDS:
            problems.append(Problem("quantities.yaml", None, f"{id}.kind",
                                    f"found {spec['kind']!r}; allowed: {', '.join(KINDS)}"))
        out[id] = Quantity(id, spec, tuple(re.compile(w) for w in spec["words"]),
                           re.compile(spec["not"]) if "not" in spec else None)
    InputErrors.raise_if(problems)
    return out


def points(q: Quantity, evidence: Evidence, on: str | None = None,
           years: Iterable[int] = ()) -> list[Point]:
    """What the quantity is, in the order of its facts; only what was public on the day `on`.

    years: only what speaks of one of them.

    >>> from oblea.evidence import load
    >>> [p.value for p in points(quantities()["taiwan_share"], load())]
    [92.0, 69.0]
    >>> points(quantities()["stargate"], load(), on="2024-02-29")
    []
    """
    spec, unit = q.spec, KINDS[q.kind]

    def one(id: str) -> Point | None:
        f = evidence.fact(id)
        if on is not None and not known_by(f, on):
            return None
        return Point(*(_in(x, f.unit, unit) for x in (
            f.value, f.value if f.low is None else f.low, f.value if f.high is None else f.high)),
            f.date, f.known, (f.id,))

    if "gigawatt" in spec:
        found = [_model(*spec["gigawatt"])] if on is None else []
    elif "sum" in spec:
        parts = [one(f) for f in spec["sum"]]
        found = [_sum(parts)] if all(parts) else []
    elif "over" in spec:
        found = [_over(*(evidence.fact(f) for f in pair), unit) for pair in spec["over"]
                 if on is None or all(known_by(evidence.fact(f), on) for f in pair)]
    else:
        found = [p for f in spec["facts"] for p in [one(f)] if p is not None]
    if years:
        found = [p for p in found if int(p.date[:4]) in set(years)]
    if spec.get("span") and not spec.get("nearest") and len(found) > 1:
        found = [_span(found)]
    return found


def _in(value: float, unit: str, target: str) -> float:
    """The value in a kind's unit; a rate a year is read as the year's amount."""
    bare = re.sub(r"(\*year)?/(year|GW|accelerator/hour|wafer)$", "", unit)
    return convert(value, bare, target)


def _sum(parts: list[Any]) -> Point:
    return Point(sum(p.value for p in parts), sum(p.low for p in parts),
                 sum(p.high for p in parts), max(p.date for p in parts),
                 max((p.known for p in parts), key=last_day),
                 tuple(f for p in parts for f in p.facts))


def _over(a: Fact, b: Fact, unit: str) -> Point:
    counted = "ratio" if unit in ("module", "tool") else unit  # so many of what b is the price of
    x = convert(a.value / b.value, f"{a.unit}/({b.unit})", counted)
    return Point(x, x, x, max(a.date, b.date), max(a.known, b.known, key=last_day),
                 (a.id, b.id))


def _span(found: list[Point]) -> Point:
    mid = sorted(p.value for p in found)[len(found) // 2]
    # The range becomes known with its first member: later ones widen it.
    return Point(mid, min(p.low for p in found), max(p.high for p in found),
                 max(p.date for p in found), min((p.known for p in found), key=last_day),
                 tuple(dict.fromkeys(f for p in found for f in p.facts)))


@lru_cache(maxsize=8)
def _model(product: str, what: str) -> Point:
    """From the bill of a gigawatt: parts of an accelerator, USD; facility GW of ten million."""
    from ..cost.gigawatt import gigawatt
    from ..service import open_scenario

    g = gigawatt(open_scenario("reference"), product, "facility", paths=256)
    n = g.lines[0].median
    if what == "million10":
        x = 1e7 / n
        return Point(x, x, x, str(g.year), f"{g.year}", (f"cost gigawatt {product}",))
    parts = [line for line in g.dollars if line.key in ("logic", "hbm", "packaging", "other")]
    mid, low, high = (sum(getattr(p, k) for p in parts) / n for k in ("median", "p5", "p95"))
    return Point(mid, low, high, str(g.year), str(g.year), (f"cost gigawatt {product}",))
