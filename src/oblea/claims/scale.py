"""Any sum beside what it could be measured by, in the same dollars of the same day."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from ..errors import InputErrors, Problem
from ..evidence import Evidence, Fact, known_by, load
from ..evidence._known import last_day
from .numbers import find

LARGEST = 1e18  # dollars; beyond it a slip is likelier than a sum


@lru_cache(maxsize=1)
def measures() -> list[dict[str, Any]]:
    """What a sum is set beside: `data/scale.yaml`."""
    text = resources.files("oblea.data").joinpath("scale.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def read_sum(text: str) -> float:
    """A sum of money in dollars from what people write.

    >>> read_sum("7e12"), read_sum("7 trillion USD"), read_sum("7 billones"), read_sum("$500bn")
    (7000000000000.0, 7000000000000.0, 7000000000000.0, 500000000000.0)

    Raises InputErrors for what is no sum.
    """
    try:
        plain: float | None = float(re.sub(r"(?i)\s*(?:usd|\$)\s*", "", text).replace("_", ""))
    except ValueError:
        spanish = re.search(r"(?i)mil|bill[oó]n|trill[oó]n|dólares", text) and not re.search(
            r"(?i)billions?\b|trillions?\b|millions?\b", text)
        text = text.strip()
        found = find(text, "es" if spanish else "en")
        whole = len(found) == 1 and not re.search(
            r"[^\s.]", (text[:found[0].start] + text[found[0].end:]).lower().replace("usd", ""))
        plain = found[0].value if whole and found[0].kind == "USD" and not found[0].trouble \
            and found[0].high is None and not found[0].slip else None
    if plain is None or not 0 < plain < LARGEST:
        raise InputErrors([Problem("scale", None, "SUM", f"found {text[:60]!r}; expected a sum in "
                                   "dollars above 0, such as 7e12, '7 trillion USD' or "
                                   "'7 billones'")])
    return plain


def scale(total: float, on: str | None = None, *, evidence: Evidence | None = None
          ) -> list[dict[str, Any]]:
    """Rows of a sum over each measure, with facts public on a day alone.

    total: dollars of the year of the day `on` (None: the day sources were last read). The sum
    is taken into the dollars of a measure's own year by the project's one deflator, which is a
    forecast and is used for past years too (`deflator_growth`).
    A row: key, title, then fact, value, unit, date, known, source, url, grade, sum (in the
    measure's dollars) and ratio, or None for all where nothing was public by then.

    >>> row = next(r for r in scale(7e12, "2026-03-31") if r["key"] == "wfe")
    >>> row["fact"], row["ratio"]
    ('wfe_2025', 59.3)

    Raises InputErrors for a day that is none.
    """
    e = evidence or load()
    growth = e.fact("deflator_growth").value / 100.0
    day = on or max(s.accessed for s in e.sources.values())
    check_day(day, "scale")
    out = []
    for m in measures():
        row = {"key": m["key"], "title": m["title"]}
        fact = _latest([e.fact(f) for f in m["facts"]], day)
        if fact is None:
            out.append(row | dict.fromkeys(("fact", "value", "unit", "date", "known", "source",
                                            "url", "grade", "sum", "ratio")))
            continue
        there = total * (1.0 + growth) ** (int(fact.date[:4]) - int(day[:4]))
        out.append(row | {"fact": fact.id, "value": fact.value, "unit": fact.unit,
                          "date": fact.date, "known": fact.known,
                          "source": fact.source.publisher, "url": fact.source.url,
                          "grade": fact.grade, "sum": there,
                          "ratio": float(f"{there / fact.value:.3g}")})
    return out


def check_day(day: str, where: str) -> None:
    """Nothing for a whole day such as 2024-02-29, else InputErrors."""
    try:
        date.fromisoformat(day)
        fine = len(day) == 10
    except ValueError:
        fine = False
    if not fine:
        raise InputErrors([Problem(where, None, "--on", f"found {day!r}; expected a whole day "
                                   "such as 2024-02-29")])


def _latest(facts: list[Fact], on: str) -> Fact | None:
    """The newest that was public and was over on the day; else the newest public one."""
    public = [f for f in facts if known_by(f, on)]
    over = [f for f in public if last_day(f.date) <= on]
    return max(over or public, key=lambda f: last_day(f.date), default=None)
