"""Which rows were known by a day, and rows as dated points."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from oblea.dates import quarter_index
from oblea.evidence import Evidence
from oblea.evidence._known import last_day


def known_on(fact: Any) -> str:
    """The day by which a fact or row was known: its ``known`` where it has one, else its date.

    A year is known at its end, a quarter and a month on their last day: late, never early.
    """
    if isinstance(fact, dict):
        return last_day(fact.get("known") or fact["date"])
    return last_day(getattr(fact, "known", None) or fact.date)


def years(date: str, *, end: bool = False) -> float:
    """Years since the start of 2024; a year or month at its middle, or at its end where asked.

    >>> years("2025"), years("2023", end=True)
    (1.5, 0.0)
    """
    return quarter_index(last_day(date) if end else date) / 4.0


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a time, the rows behind it, the day it was known, and whose it is."""

    ids: tuple[str, ...]
    when: float
    value: float
    known: str
    owner: str = ""


def whole_day(known_by: str | None) -> str | None:
    """The day itself; anything that is no whole day would be a guess and is refused.

    >>> whole_day("2025-12-31")
    '2025-12-31'
    """
    if known_by is not None and (len(known_by) != 10 or last_day(known_by) != known_by):
        raise ValueError(f"found {known_by!r}; expected a whole day such as 2023-12-31")
    return known_by


def by(points: Iterable[Point], known_by: str | None) -> list[Point]:
    """The points known by that day, all where it is None, oldest first."""
    day = whole_day(known_by)
    return sorted((p for p in points if day is None or p.known <= day), key=lambda p: p.when)


def of_facts(evidence: Evidence, ids: Iterable[str], *, owner: str = "",
             end: bool = False) -> list[Point]:
    """One point a fact; ``a + b`` is the sum of two, known when both are, dated as the later."""
    points = []
    for label in ids:
        facts = [evidence.fact(part) for part in label.split(" + ")]
        points.append(Point(
            tuple(f.id for f in facts), max(years(f.date, end=end) for f in facts),
            sum(f.value for f in facts), max(map(known_on, facts)), owner))
    return points


def of_rows(evidence: Evidence, table: str, date: str, value: Callable[[dict], float | None], *,
            owner: Callable[[dict], str] = lambda row: "",
            label: Callable[[dict], str] | None = None) -> list[Point]:
    """One point a row of a register or series; rows whose value is None are left out."""
    points = []
    for row in evidence.table(table):
        x = value(row)
        if x is None:
            continue
        known = last_day(row.get("known") or row[date])
        name = label(row) if label else str(row[date])
        points.append(Point((f"{table}:{name}",), years(row[date]), x, known, owner(row)))
    return points
