"""Read tables by their description: the part of Frictionless Data Package that is used here.

``datapackage.json`` names every CSV file, its columns with type and constraints, its primary key
and its foreign keys (https://datapackage.org/standard/table-schema/). Whatever a row says otherwise
becomes a :class:`~oblea.errors.Problem`. Only what the bundled description uses is understood:
types string, number, integer and boolean; constraints required, enum, pattern, minimum, maximum;
foreign keys of one field. ``oblea:kind`` says whether a table holds facts, sources or a register.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oblea.errors import Problem, did_you_mean

DESCRIPTION = "datapackage.json"
KINDS = ("facts", "register", "sources")
TYPES = ("string", "number", "integer", "boolean")

# Stricter than float(), which also takes nan, inf and 1_000.
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z")
_INTEGER = re.compile(r"[+-]?\d+\Z")
_BOOLEAN = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its first line in the file and its typed cells (empty ones None); the file where
    it is not the table's own."""

    line: int
    cells: dict[str, Any]
    path: Path | None = None


@dataclass(slots=True)
class Table:
    """One resource of the package as read: ``kind`` is one of :data:`KINDS`."""

    name: str
    path: Path
    kind: str
    fields: list[dict[str, Any]]
    primary_key: list[str]
    foreign_keys: list[dict[str, Any]]
    rows: list[Row]

    def problem(self, line: int | None, key: str, message: str) -> Problem:
        return Problem(str(self.path), line, key, message)


def read(folder: Path, problems: list[Problem]) -> list[Table]:
    """Every table of the folder, typed; what is wrong is appended to ``problems``."""
    description = folder / DESCRIPTION
    try:
        package = json.loads(description.read_text(encoding="utf-8"))
        resources = [_resource(folder, entry) for entry in package["resources"]]
    except OSError as error:
        reason = error.strerror or "cannot be read"
        message = f"{reason}; expected an evidence folder with a {DESCRIPTION}"
        problems.append(Problem(str(description), None, "", message))
        return []
    except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        message = f"not a data package that can be read: {type(error).__name__}: {error}"
        problems.append(Problem(str(description), line, "resources", message))
        return []
    listed = {table.path.name for table in resources}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in listed:
            problems.append(Problem(str(path), None, "", f"not listed in {DESCRIPTION}"))
    for table in resources:
        fill(table, problems)
    check_keys(resources, problems)
    return resources


def _resource(folder: Path, entry: dict[str, Any]) -> Table:
    name, path, kind, schema = entry["name"], entry["path"], entry["oblea:kind"], entry["schema"]
    if Path(path).name != path:
        raise ValueError(f"path {path!r} of {name} leaves the folder")
    if kind not in KINDS:
        raise ValueError(f"oblea:kind {kind!r} of {name}; expected one of {', '.join(KINDS)}")
    fields = [{"constraints": {}, **item} for item in schema["fields"]]
    for item in fields:
        if item["type"] not in TYPES:
            raise ValueError(f"type {item['type']!r} of {name}; expected one of {', '.join(TYPES)}")
        re.compile(item["constraints"].get("pattern", ""))
    return Table(
        name=name,
        path=folder / path,
        kind=kind,
        fields=fields,
        primary_key=list(schema["primaryKey"]),
        foreign_keys=list(schema.get("foreignKeys", [])),
        rows=[],
    )


def fill(table: Table, problems: list[Problem]) -> None:
    try:
        text = table.path.read_text(encoding="utf-8-sig")
    except OSError as error:
        problems.append(table.problem(None, "", f"{error.strerror}; {DESCRIPTION} lists it"))
        return
    except UnicodeDecodeError as error:
        problems.append(table.problem(None, "", f"not UTF-8 at byte {error.start}"))
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _check_header(table, header, problems):
            return
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                _read_row(table, line, header, cells, problems)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(table.problem(reader.line_num, "", f"not CSV: {error}"))


def _check_header(table: Table, header: list[str], problems: list[Problem]) -> bool:
    expected = [item["name"] for item in table.fields]
    if header == expected:
        return True
    before = len(problems)
    for name in expected:
        if name not in header:
            problems.append(table.problem(1, name, "column missing"))
    for name in header:
        if name not in expected:
            message = f"unknown column{did_you_mean(name, expected)}"
            problems.append(table.problem(1, name, message))
    if len(problems) == before:
        message = f"columns repeated or out of order; expected {','.join(expected)}"
        problems.append(table.problem(1, "", message))
    return False


def _read_row(
    table: Table, line: int, header: list[str], cells: list[str], problems: list[Problem]
) -> None:
    label = cells[0] or f"row {len(table.rows) + 1}"
    if len(cells) != len(header):
        message = f"found {len(cells)} cells; expected {len(header)}"
        problems.append(table.problem(line, label, message))
        return
    typed: dict[str, Any] = {}
    for item, text in zip(table.fields, cells, strict=True):
        value, wrong = _cell(item, text)
        typed[item["name"]] = value
        if wrong:
            problems.append(table.problem(line, f"{label}.{item['name']}", wrong))
    table.rows.append(Row(line, typed))


def _cell(item: dict[str, Any], text: str) -> tuple[Any, str]:
    """The typed value of a cell and what is wrong with it, if anything."""
    rules = item["constraints"]
    if text == "" or (text.isspace() and rules.get("required")):
        wrong = f"empty; expected {_wanted(item)}" if rules.get("required") else ""
        return None, wrong
    kind = item["type"]
    value: Any = text
    if kind == "number":
        if not _NUMBER.match(text):
            return None, f"found {text!r}; expected a finite plain number such as 7e12"
        value = float(text)
        if value in (float("inf"), float("-inf")):
            return None, f"found {text!r}; expected a finite number"
    elif kind == "integer":
        if not _INTEGER.match(text):
            return None, f"found {text!r}; expected a whole number"
        value = int(text)
    elif kind == "boolean":
        if text not in _BOOLEAN:
            return None, f"found {text!r}; expected true or false"
        value = _BOOLEAN[text]
    if "enum" in rules and value not in rules["enum"]:
        near = did_you_mean(text, map(str, rules["enum"]))
        return None, f"found {text!r}; expected {_wanted(item)}{near}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text):
        return None, f"found {text!r}; expected {_wanted(item)}"
    if "minimum" in rules and value < rules["minimum"]:
        return None, f"found {text}; expected at least {rules['minimum']}"
    if "maximum" in rules and value > rules["maximum"]:
        return None, f"found {text}; expected at most {rules['maximum']}"
    return value, ""


def _wanted(item: dict[str, Any]) -> str:
    rules = item["constraints"]
    if "enum" in rules:
        return "one of " + ", ".join(map(str, rules["enum"]))
    if "pattern" in rules:
        return f"text like {item.get('example', rules['pattern'])}"
    return f"a {item['type']}"


def check_keys(tables: list[Table], problems: list[Problem]) -> None:
    by_name = {table.name: table for table in tables}
    for table in tables:
        _check_primary(table, problems)
        for key in table.foreign_keys:
            _check_foreign(table, key, by_name, problems)


def _check_primary(table: Table, problems: list[Problem]) -> None:
    if not table.primary_key:
        return
    seen: dict[tuple[Any, ...], int] = {}
    for row in table.rows:
        key = tuple(row.cells[name] for name in table.primary_key)
        first = seen.setdefault(key, row.line)
        if first != row.line:
            label = ", ".join(map(str, key))
            name = "+".join(table.primary_key)
            message = f"duplicate of line {first}; {name} must be unique"
            problems.append(table.problem(row.line, label, message))


def _check_foreign(
    table: Table, key: dict[str, Any], by_name: dict[str, Table], problems: list[Problem]
) -> None:
    (own,), (theirs,) = key["fields"], key["reference"]["fields"]
    target = by_name[key["reference"]["resource"]]
    known = {row.cells[theirs] for row in target.rows}
    for row in table.rows:
        value = row.cells[own]
        if value is not None and value not in known:
            label = f"{next(iter(row.cells.values()))}.{own}"
            near = did_you_mean(value, map(str, known))
            message = f"{value!r} is not in {target.path.name}{near}"
            problems.append(table.problem(row.line, label, message))
