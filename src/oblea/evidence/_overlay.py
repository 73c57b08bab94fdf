"""Evidence of one's own, laid over the bundled: any of its tables, rows with the same id in place
of ours, others added. Each row keeps the file it stands in, so that errors and trails name it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oblea.errors import Problem, did_you_mean
from oblea.evidence._package import Row, Table, check_keys, fill, read


def overlaid(base: Path, folder: Path, problems: list[Problem]) -> list[Table]:
    """The tables of `base` with those of `folder` over them; what is wrong is appended."""
    tables = read(base, problems)
    by_file = {t.path.name: t for t in tables}
    laid: list[Table] = []
    for path in sorted(folder.glob("*.csv")):
        table = by_file.get(path.name)
        if table is None:
            problems.append(Problem(str(path), None, "", "no table of that name; known: "
                                    f"{', '.join(by_file)}{did_you_mean(path.name, by_file)}"))
            continue
        own = replace(table, path=path, rows=[])
        fill(own, problems)
        _check_own(own, problems)
        laid.append(own)
    moved = {r.cells["id"] for t in laid if t.kind == "facts" for r in t.rows}
    for t in tables:  # a fact may stand in another table than ours did
        if t.kind == "facts":
            t.rows = [r for r in t.rows if r.cells["id"] not in moved]
    for own in laid:
        table = by_file[own.path.name]
        new = [Row(r.line, r.cells, own.path) for r in own.rows]
        key = lambda r, names=tuple(table.primary_key): tuple(r.cells[n] for n in names)  # noqa: E731
        mine = {key(r) for r in new} if table.primary_key else set()
        table.rows = [r for r in table.rows if not mine or key(r) not in mine] + new
    before = len(problems)
    check_keys(tables, problems)
    # A row of theirs that lacks its source is named in their file.
    own_rows = {(r.line, str(next(iter(r.cells.values())))): r.path
                for t in tables for r in t.rows if r.path}
    for i, p in enumerate(problems[before:], before):
        path = own_rows.get((p.line or 0, p.key.split(".")[0]))
        if path is not None:
            problems[i] = replace(p, file=str(path))
    return tables


def _check_own(table: Table, problems: list[Problem]) -> None:
    """The same id twice in one's own table."""
    seen: dict[tuple[object, ...], int] = {}
    for r in table.rows:
        key = tuple(r.cells[n] for n in table.primary_key)
        if table.primary_key and seen.setdefault(key, r.line) != r.line:
            problems.append(table.problem(r.line, ", ".join(map(str, key)),
                                          f"duplicate of line {seen[key]}"))
