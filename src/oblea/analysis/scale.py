"""A sum beside what the world earns, owns and builds, in the dollars of the sum's own day.

ratio = sum / (value (1 + g)^(years from the value's day to the sum's))

with g the one deflator of the project: a yardstick of another year is brought to the dollars of the
day on which the sum was said. As of a day only facts that were public then count, the newest first.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from ..dates import month_text, quarter_index
from ..evidence import known_by

if TYPE_CHECKING:
    from ..evidence import Evidence, Fact


@lru_cache(maxsize=1)
def yardsticks() -> dict[str, dict[str, Any]]:
    """`data/scale.yaml`."""
    return yaml.safe_load(resources.files("oblea.data").joinpath("scale.yaml").read_text("utf-8"))


def scale(e: Evidence, dollars: float, said: str, today: str) -> list[dict[str, Any]]:
    """For each yardstick the ratio as of the day `said` and as of `today`, each with its fact.

    dollars: of the day `said`; both days whole days. A yardstick unknown on a day has None there.

    >>> from oblea.evidence import load
    >>> rows = scale(load(), 7e12, "2024-02-12", "2026-11-24")
    >>> row = next(r for r in rows if r["key"] == "four_firms")
    >>> round(row["then"]["ratio"], 2), row["kind"]
    (1.28, 'stock')
    """
    return [{"key": key, "title": y["title"], "kind": y["kind"],
             "then": _beside(e, y["facts"], dollars, said, said),
             "now": _beside(e, y["facts"], dollars, said, today)}
            for key, y in yardsticks().items()]


def _beside(e: Evidence, names: list[str], dollars: float, said: str, day: str
            ) -> dict[str, Any] | None:
    known = [f for f in map(e.fact, names)
             if known_by(f, day) and month_text(f.date)[:4] <= day[:4]]
    if not known:
        return None
    f = max(known, key=lambda f: month_text(f.date))
    growth = e.fact("deflator_growth").value / 100.0
    factor = (1 + growth) ** (_year(day) - _year(said))
    value = f.value * (1 + growth) ** (_year(day) - _of(f))
    return {"ratio": dollars * factor / value, "value": f.value, "unit": f.unit, "date": f.date,
            "fact": f.id, "grade": f.grade, "publisher": f.source.publisher, "url": f.source.url}


def _of(f: Fact) -> float:
    """The middle of the time that a fact speaks of, as a decimal year."""
    return 2024 + quarter_index(f.date) / 4


def _year(day: str) -> float:
    return 2024 + quarter_index(day) / 4
