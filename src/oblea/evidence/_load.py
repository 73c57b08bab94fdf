"""From a folder of tables to :class:`~oblea.evidence.Evidence`, or to all that is wrong with it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from oblea.dates import month_text
from oblea.errors import InputErrors, Problem
from oblea.evidence._known import became_known
from oblea.evidence._overlay import overlaid
from oblea.evidence._package import DESCRIPTION, Row, Table, read
from oblea.evidence._types import Evidence, Fact, Source

BUNDLED = Path(__file__).resolve().parents[1] / "data" / "evidence"


def load(folder: Path | str | None = None) -> Evidence:
    """Read and check a folder of evidence.

    Args:
        folder: a folder with a ``datapackage.json`` and the tables it lists, which then is all the
            evidence there is; a folder without one, whose tables are laid over the bundled ones row
            by row; None for the bundled evidence, which is read once and then kept.

    Raises:
        InputErrors: with every problem found, each as ``file:line: row.column: what is wrong``.

    >>> load().fact("h100_tdp").value
    700.0
    """
    return _bundled() if folder is None else _load(Path(folder))


@lru_cache(maxsize=1)
def _bundled() -> Evidence:
    return _load(BUNDLED)


def is_overlay(folder: Path) -> bool:
    """Whether a folder is laid over the bundled evidence: it has tables and does not describe them.

    >>> is_overlay(BUNDLED), is_overlay(BUNDLED / "no such folder")
    (False, False)
    """
    return folder.is_dir() and not (folder / DESCRIPTION).exists() and any(folder.glob("*.csv"))


def _load(folder: Path) -> Evidence:
    problems: list[Problem] = []
    laid_over = is_overlay(folder)
    tables = overlaid(BUNDLED, folder, problems) if laid_over else read(folder, problems)
    for table in tables:
        if table.kind == "facts":
            _check_ranges(table, problems)
    _check_unique_facts(tables, problems)
    InputErrors.raise_if(problems)
    sources = {
        row.cells["id"]: _source(table, row)
        for table in tables
        if table.kind == "sources"
        for row in table.rows
    }
    facts = {
        row.cells["id"]: _fact(table, row, sources)
        for table in tables
        if table.kind == "facts"
        for row in table.rows
    }
    registers = {
        table.name: tuple(MappingProxyType(row.cells) for row in table.rows)
        for table in tables
        if table.kind == "register"
    }
    return Evidence(
        facts=MappingProxyType(facts),
        sources=MappingProxyType(sources),
        digest=_digest(BUNDLED, tables, folder) if laid_over else _digest(folder, tables),
        overlay=str(folder) if laid_over else "",
        newest=_newest(facts, sources),
        _tables=MappingProxyType(registers),
    )


def _check_ranges(table: Table, problems: list[Problem]) -> None:
    for row in table.rows:
        file = str(row.path or table.path)
        value, low, high = (row.cells[name] for name in ("value", "low", "high"))
        label = row.cells["id"]
        if None not in (low, value) and low > value:
            message = f"low {low:g} above value {value:g}; expected low <= value <= high"
            problems.append(Problem(file, row.line, f"{label}.low", message))
        if None not in (high, value) and high < value:
            message = f"high {high:g} below value {value:g}; expected low <= value <= high"
            problems.append(Problem(file, row.line, f"{label}.high", message))


def _check_unique_facts(tables: list[Table], problems: list[Problem]) -> None:
    seen: dict[str, Table] = {}
    for table in tables:
        if table.kind != "facts":
            continue
        for row in table.rows:
            label = row.cells["id"]
            first = seen.setdefault(label, table)
            # Within one table the primary key has already reported it.
            if first is not table:
                message = f"also in {first.path.name}; a fact's id must be unique over all tables"
                problems.append(table.problem(row.line, label, message))


def _source(table: Table, row: Row) -> Source:
    return Source(**{name: text or "" for name, text in row.cells.items()},
                  file=_file(table, row), line=row.line)


def _file(table: Table, row: Row) -> str:
    """Our tables by their names, a user's own with their folder."""
    return table.path.name if row.path is None else str(row.path)


def _fact(table: Table, row: Row, sources: dict[str, Source]) -> Fact:
    cells: dict[str, Any] = dict(row.cells)
    for name in ("basis", "scope", "note"):
        cells[name] = cells[name] or ""
    source = cells["source"] = sources[cells["source"]]
    # A table may do without the column.
    cells["known"] = became_known(cells["date"], cells.get("known"), source.accessed)
    return Fact(**cells, file=_file(table, row), line=row.line)


def _digest(folder: Path, tables: list[Table], over: Path | None = None) -> str:
    """sha256 over names and contents in order of name, line ends as ``\\n`` on every system; then
    over the tables that are laid over them."""
    total = hashlib.sha256()
    files = [folder / n for n in sorted({DESCRIPTION, *(table.path.name for table in tables)})]
    for file in [*files, *(sorted(over.glob("*.csv")) if over else ())]:
        name, content = file.name, file.read_bytes().replace(b"\r\n", b"\n")
        # Lengths before contents: no two folders can run together into the same bytes.
        total.update(f"{name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _newest(facts: dict[str, Fact], sources: dict[str, Source]) -> str:
    read_on = max((source.accessed for source in sources.values()), default="")
    # Dates of mixed precision compare by their text: '2026' < '2026-07' < '2026-07-01'; quarters
    # are rewritten as their last month. A date after the last reading is a forecast.
    dates = {fact.date: month_text(fact.date) for fact in facts.values()}
    known = [(month, date) for date, month in dates.items() if month <= read_on]
    return max(known, default=("", ""))[1]
