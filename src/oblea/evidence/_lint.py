"""Checks beyond the form of the tables: units that can be read, derivations that can be traced."""

from __future__ import annotations

import re

from oblea.errors import Problem
from oblea.evidence._doubts import doubts
from oblea.evidence._formula import wrong
from oblea.evidence._known import last_day
from oblea.evidence._types import Evidence

_WORD = re.compile(r"[A-Za-z0-9_]+")


def lint(evidence: Evidence) -> list[Problem]:
    """What a careful reader would object to in well-formed evidence; an empty list is the aim.

    Every unit must be in the unit language, a derived fact must name in its note a row that it
    derives from and have the value of the formula there, a source must be used, and no fact is read
    before it became known; and what :func:`~oblea.evidence._doubts.doubts` finds.

    >>> from oblea.evidence import load
    >>> lint(load())
    []
    """
    return [*_units(evidence), *_derivations(evidence), *wrong(evidence), *_unused(evidence),
            *_published(evidence), *doubts(evidence)]


def _units(evidence: Evidence) -> list[Problem]:
    # Units are read only here: loading evidence must not pay for them.
    from oblea.units import UnitError, known

    found = []
    for fact in evidence.facts.values():
        try:
            known(fact.unit)
        except UnitError as error:
            found.append(Problem(fact.file, fact.line, f"{fact.id}.unit", str(error)))
    return found


def _derivations(evidence: Evidence) -> list[Problem]:
    registered = {str(row.get("id")) for name in evidence.tables for row in evidence.table(name)}
    known = registered | set(evidence.facts) | set(evidence.tables)
    message = "a derived row names in its note the rows it derives from"
    return [
        Problem(fact.file, fact.line, f"{fact.id}.note", message)
        for fact in evidence.facts.values()
        if fact.grade == "derived" and not (set(_WORD.findall(fact.note)) & (known - {fact.id}))
    ]


def _unused(evidence: Evidence) -> list[Problem]:
    used = {fact.source.id for fact in evidence.facts.values()}
    for name in evidence.tables:
        used |= {str(row.get("source")) for row in evidence.table(name)}
    return [
        Problem(source.file, source.line, source.id, "no row uses this source")
        for source in evidence.sources.values()
        # What is laid over ours may leave a source of ours without a row: no fault of the folder.
        if source.id not in used and source.file.startswith(evidence.overlay)
    ]


def _published(evidence: Evidence) -> list[Problem]:
    return [
        Problem(
            fact.file,
            fact.line,
            f"{fact.id}.known",
            f"{fact.known} is not over on {fact.source.accessed}, when the source was read",
        )
        for fact in evidence.facts.values()
        if last_day(fact.known) > fact.source.accessed
    ]
