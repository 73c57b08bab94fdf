"""The frozen things that evidence is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oblea.errors import NotFound

GRADES: tuple[str, ...] = ("primary", "second-hand", "derived", "recalled")
"""How a fact is known, best first.

``primary``: the company, agency or data set that made the number. ``second-hand``: a report of it.
``derived``: arithmetic on other rows, which the note names. ``recalled``: from memory, not seen.
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: ``accessed`` is the day it was last looked at (ISO date); ``file`` and
    ``line`` are those of its row."""

    id: str
    title: str
    publisher: str
    url: str
    accessed: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """One number and everything needed to doubt it.

    Attributes:
        id: unique over all tables.
        value: in ``unit``; amounts of money are plain dollars, never thousands or billions.
        unit: in the unit language of :mod:`oblea.units`.
        low, high: the range that sources or judgement give; either may be None.
        date: ``2027``, ``2027Q1``, ``2027-03`` or ``2027-03-31``: what the number speaks of, which
            for a forecast lies ahead.
        basis: what the number is measured on (``chip TDP``, ``facility``, ``contract-1y``, ...).
        scope: what is inside it (``shell and tools``, ``rack+network``, ...).
        grade: one of :data:`GRADES`.
        source: the source itself, not its id.
        note: a short remark; for a derived row the ids it rests on.
        known: when the number became public, as precise as it can be told, never empty. Where no
            table states it, the fact's own date if that was over when the source was read (of a
            year 60 days after its end, of a quarter 40), else the day of that reading. See
            :func:`~oblea.evidence.known_by`.
        file, line: where the row stands in its folder.
    """

    id: str
    value: float
    unit: str
    low: float | None
    high: float | None
    date: str
    basis: str
    scope: str
    grade: str
    source: Source
    note: str
    known: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checked folder of facts, sources and registers; read only.

    >>> from oblea.evidence import load
    >>> load().fact("euv_leed_time")
    Traceback (most recent call last):
    ...
    oblea.errors.NotFound: no fact 'euv_leed_time' (did you mean euv_lead_time?)
    """

    facts: Mapping[str, Fact]
    sources: Mapping[str, Source]
    digest: str
    """sha256 of the folder's tables and their description, whatever the folder is called."""
    newest: str
    """The newest date of a fact that is not a forecast: at most the day sources were read."""
    _tables: Mapping[str, tuple[Mapping[str, Any], ...]] = field(repr=False)
    overlay: str = ""
    """The folder whose tables were laid over the bundled ones; empty for none."""

    def fact(self, id: str) -> Fact:
        """The fact of that id.

        Raises:
            NotFound: a ``KeyError`` that names the nearest id.
        """
        try:
            return self.facts[id]
        except KeyError:
            raise NotFound("fact", id, self.facts) from None

    def source(self, id: str) -> Source:
        """The source of that id; raises :class:`~oblea.errors.NotFound`."""
        try:
            return self.sources[id]
        except KeyError:
            raise NotFound("source", id, self.sources) from None

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the registers and series that :meth:`table` knows."""
        return tuple(self._tables)

    def table(self, name: str) -> list[dict[str, Any]]:
        """Rows of a register or series (``fab_projects``, ``installed_compute``, ...), typed.

        Empty cells are None. The rows are fresh copies: changing them changes nothing here.

        Raises:
            NotFound: a ``KeyError`` that names the nearest table.

        >>> from oblea.evidence import load
        >>> rows = load().table("fab_projects")
        >>> next(row["capex_scope"] for row in rows if row["id"] == "skh_yongin1")
        'shell'
        """
        try:
            rows = self._tables[name]
        except KeyError:
            raise NotFound("table", name, self._tables) from None
        return [dict(row) for row in rows]

    def count_by_grade(self) -> dict[str, int]:
        """How many facts stand on each grade, best first."""
        counted = Counter(fact.grade for fact in self.facts.values())
        return {grade: counted[grade] for grade in GRADES}
