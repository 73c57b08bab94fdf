"""What a hostile reader would find in well-formed rows: missing bases, twins, contradictions,
grades that their source does not bear, figures that have grown old. Each check is one function."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from oblea.dates import month_text
from oblea.errors import Problem, did_you_mean
from oblea.evidence._types import Evidence, Fact

SAME = re.compile(r"Same fact as (\w+)")
DIFFERS = re.compile(r"Differs from (\w+): \S")  # the exceptions, each with its reason, in the rows
TOLD = re.compile(r"forecast|plan|guidance|consensus|expected")  # opinions, of which there are many
NEEDS_BASIS = re.compile(r"USD/GW(?:/|$)")
NEEDS_SCOPE = re.compile(r"USD/(?:GW|wspm|kwspm)$")  # capex; a rate is of what the basis says
NAMED = re.compile(r"\b[a-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+\b")
MOVES = re.compile(r"^USD/(?:GB|H100e/hour|accelerator/hour|H100e)$")
OLD = 48  # months after which a price that moves has no more to say of today


def doubts(evidence: Evidence) -> list[Problem]:
    """Every doubt, in the order of files and lines."""
    found = [p for check in (_bases, _same, _names, _twins, _contradictions, _grades, _pages,
                               _stale)
             for p in check(evidence)]
    return sorted(found, key=lambda p: (p.file, p.line or 0, p.key))


def _problem(f: Fact, field: str, message: str) -> Problem:
    return Problem(f.file, f.line, f"{f.id}.{field}", message)


def _bases(e: Evidence) -> Iterator[Problem]:
    """Dollars for a gigawatt say of which gigawatt, and capex what is inside it."""
    for f in e.facts.values():
        if NEEDS_BASIS.match(f.unit) and not f.basis:
            yield _problem(f, "basis", "dollars for a gigawatt without a basis (chip TDP, IT, "
                                       "facility or: basis not stated)")
        if NEEDS_SCOPE.match(f.unit) and not f.scope:
            yield _problem(f, "scope", "capex without a scope, such as rack+network or shell and "
                                       "tools")


def _same(e: Evidence) -> Iterator[Problem]:
    """A row that says it is the same fact as another has its value and unit."""
    for f in e.facts.values():
        for name in SAME.findall(f.note):
            other = e.facts.get(name)
            if other is None:
                yield _problem(f, "note", f"no fact {name!r}, which this is said to be")
            elif (other.value, other.unit) != (f.value, f.unit):
                yield _problem(f, "value", f"{f.value:g} {f.unit}, but {name}, said to be the "
                                           f"same, has {other.value:g} {other.unit}")


def _names(e: Evidence) -> Iterator[Problem]:
    """What a note names with underscores is there: a fact, a row of a register, a table, a source,
    or the beginning of several."""
    rows = {str(r.get("id")) for t in e.tables for r in e.table(t)}
    known = sorted({*e.facts, *rows, *e.tables, *e.sources})
    for f in e.facts.values():
        for name in NAMED.findall(f.note):
            if not any(k == name or k.startswith(f"{name}_") for k in known):
                yield _problem(f, "note", f"names {name!r}, which is not there"
                                          f"{did_you_mean(name, known)}")


def _contradictions(e: Evidence) -> Iterator[Problem]:
    """Ranges of one quantity, date, basis and scope meet, unless they are forecasts, of which there
    may be many, or one row says that it differs and why."""
    alike: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for f in e.facts.values():
        alike[(_stem(f.id), f.unit, f.date, f.basis, f.scope)].append(f)
    for same in alike.values():
        for i, f in enumerate(same):
            for g in same[:i]:
                (a, b), (c, d) = _range(f), _range(g)
                said = f.id in DIFFERS.findall(g.note) or g.id in DIFFERS.findall(f.note)
                if (a > d or b < c) and not TOLD.search(f.basis) and not said:
                    yield _problem(f, "value", f"{a:g} to {b:g} {f.unit}, but {g.id}, the same "
                                               f"quantity of the same date, {c:g} to {d:g}; give a "
                                               "basis, or say in the note: Differs from ID: why")


def _range(f: Fact) -> tuple[float, float]:
    return (f.value if f.low is None else f.low, f.value if f.high is None else f.high)


def _twins(e: Evidence) -> Iterator[Problem]:
    """Two rows of one source with the same number say which is which."""
    alike: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for f in e.facts.values():
        alike[(f.value, f.unit, f.date, f.source.id, f.basis, f.scope)].append(f)
    for same in alike.values():
        first, *others = same
        for f in others:
            linked = any(a.id in SAME.findall(b.note) for a in same for b in same)
            if f.value != 0 and f.source.id != "recalled" and not linked and _stem(
                    f.id) == _stem(first.id):
                yield _problem(f, "id", f"the same number as {first.id}, of the same source, date, "
                                        "basis and scope; say in the note that it is the same fact")


def _stem(name: str) -> str:
    """What a fact is about: its name without years and numbers."""
    return re.sub(r"_?(?:19|20)\d\d\w*|_\d+$", "", name)


def _grades(e: Evidence) -> Iterator[Problem]:
    """What was recalled names no page; what is primary does. A copy of a data set in a repository
    (owner/name) is the data set; a page that reports one is not."""
    for f in e.facts.values():
        if f.grade == "recalled" and f.source.url:
            yield _problem(f, "grade", "recalled, but its source has a page: it was seen")
        if f.grade in ("primary", "second-hand") and not f.source.url:
            yield _problem(f, "grade", f"{f.grade}, but its source has no page")
        if f.grade == "primary" and re.search(r"(?: via | quoting |\(via | citing )[^/]+$",
                                              f.source.publisher):
            yield _problem(f, "grade", f"primary, but read in {f.source.publisher}: second-hand")
        if f.grade == "primary" and re.search(r"/search\b.*\?", f.source.url):
            yield _problem(f, "grade", "primary, but read on a page of search results: second-hand")


def _pages(e: Evidence) -> Iterator[Problem]:
    """What a source without a page says, in registers too, is recalled or derived."""
    for name in e.tables:
        for row in e.table(name):
            source = e.sources.get(str(row.get("source")))
            if source and not source.url and row.get("grade") in ("primary", "second-hand"):
                yield Problem(source.file, source.line, f"{source.id}.url",
                              f"no page, but {name} has a {row['grade']} row of it: "
                              f"{next(iter(row.values()))}")


def _stale(e: Evidence) -> Iterator[Problem]:
    """A price that moves and is old is history: its date or basis says so."""
    newest = max((month_text(s.accessed)[:7] for s in e.sources.values()), default="")
    for f in e.facts.values():
        if MOVES.match(f.unit) and not re.search(r"20\d\d", f.id) and _months(newest) - _months(
                month_text(f.date)[:7]) > OLD:
            yield _problem(f, "date", f"a price of {f.date}, more than {OLD} months old, whose "
                                      "name has no year")


def _months(text: str) -> int:
    year, _, month = text.partition("-")
    return 12 * int(year or 0) + int(month[:2] or 12)
