"""From files to a checked scenario, with every problem reported at once."""

from __future__ import annotations

import contextlib
import hashlib
import types
import typing
from pathlib import Path
from typing import Any, get_args, get_origin

from ..dates import quarter_index
from ..errors import InputErrors, Problem, did_you_mean
from ..evidence import Evidence
from ..evidence import known_by as was_known
from ..evidence import load as load_evidence
from . import check
from .document import Node, assign, merge, parse, paths, read
from .number import Reader
from .schema import In, Part, Scenario

BUNDLED = Path(__file__).parent.parent / "data"
FOLDERS = ("scenarios", "chains")


def names() -> list[str]:
    """Names of the bundled scenarios."""
    return sorted(p.stem for p in (BUNDLED / "scenarios").glob("*.yaml"))


def vintages(day: str | None = None) -> Any:
    """Days for which there is a world as known then, with the names of their chains; for one `day`
    its name, or InputErrors that say which there are."""
    found = {}
    for path in sorted((BUNDLED / "chains").glob("*.yaml")):
        root, _ = read(path, [])
        if isinstance(root.value, dict) and "known_by" in root.value:
            found[str(root.value["known_by"].value)] = path.stem
    if day is None:
        return found
    if day not in found:
        raise InputErrors([Problem("--from", None, "", f"found {day!r}; worlds were built as of "
                                   f"{', '.join(found)}{did_you_mean(day, found)}")])
    return found[day]


def _find(name: str, beside: Path | None) -> Path | None:
    """A path as given, one beside the file that names it, or a bundled name."""
    looks_like_path = "/" in name or name.endswith((".yaml", ".yml"))
    if looks_like_path:
        for folder in filter(None, (beside, Path())):
            path = folder / name
            if path.is_file():
                return path
        return None
    for folder in FOLDERS:
        path = BUNDLED / folder / f"{name}.yaml"
        if path.is_file():
            return path
    return None


def _chain_of_files(name: str, problems: list[Problem]) -> tuple[Node, dict[str, str], bool]:
    """The merged tree of a file and all that it extends, the files' digests, and whether one of
    them is missing or has nothing that can be read."""
    files: dict[str, str] = {}
    trees: list[Node] = []
    seen: list[Path] = []
    beside: Path | None = None
    at: tuple[str, int | None] = (name, None)
    partial = False
    while True:
        path = _find(name, beside)
        if path is None:
            known = names()
            message = f"no scenario {name!r}; give a file or one of: {', '.join(known)}"
            problems.append(Problem(at[0], at[1], "extends" if at[1] else "",
                                    message + did_you_mean(name, known)))
            partial = True
            break
        if path.resolve() in seen:
            circle = " -> ".join([p.stem for p in seen] + [path.stem])
            problems.append(Problem(at[0], at[1], "extends", f"goes in a circle: {circle}"))
            partial = True
            break
        seen.append(path.resolve())
        shown = path if not path.is_relative_to(BUNDLED) else path.relative_to(BUNDLED.parent)
        before = len(problems)
        tree, data = read(path, problems)
        partial = partial or not tree.value
        for p in range(before, len(problems)):  # show the short name of bundled files
            problems[p] = Problem(str(shown), *_rest(problems[p]))
        _rename(tree, str(shown))
        files[str(shown)] = hashlib.sha256(data).hexdigest()
        trees.append(tree)
        parent = tree.value.pop("extends", None) if isinstance(tree.value, dict) else None
        if parent is None or parent.value is None:
            break
        name, beside, at = str(parent.value), path.parent, (str(shown), parent.line)
    merged = trees[-1] if trees else Node({}, name, 1)
    for tree in reversed(trees[:-1]):
        merged = merge(merged, tree)
    return merged, dict(reversed(files.items())), partial


def tree(name: str) -> Node:
    """The text of a scenario with all that it extends, unchecked: for names, in a moment.

    >>> "hurdle" in tree("reference").value["finance"].value
    True
    """
    return _chain_of_files(name, [])[0]


def _rest(p: Problem) -> tuple[int | None, str, str]:
    return p.line, p.key, p.message


def _rename(node: Node, file: str) -> None:
    node.file = file
    children = node.value.values() if isinstance(node.value, dict) else node.value
    if isinstance(node.value, (dict, list)):
        for child in children:
            _rename(child, file)


def load(
    source: str | Path, sets: tuple[str, ...] | list[str] = (), evidence: Evidence | None = None,
    known_by: str | None = None,
) -> Scenario:
    """Read a scenario: a bundled name or a file, with `sets` ("key=value") laid over it. With
    `known_by`, or where the file says so, a fact that became public after that day is a problem.

    Raises InputErrors with every problem found, each as `file:line: key: message`.
    """
    problems: list[Problem] = []
    # With a file missing from the chain, what it would have held is not worth a line each.
    root, files, partial = _chain_of_files(str(source), problems)
    _apply_sets(root, sets, problems)
    facts = evidence or load_evidence()
    reader = Reader(facts, problems)
    reader.known_by = _day(root, known_by, facts, problems)
    reader.base = _base(root)
    reader.read_rates(root.value.get("currencies"))
    values = _Builder(reader, problems).model(Scenario, root, "", {})
    if partial:
        problems[:] = [p for p in problems if p.message != "missing"]
    if values is not None:
        check.references(root, values, problems, facts.facts, reader.used)
    InputErrors.raise_if(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0)))
    scenario = Scenario.model_validate(values)
    scenario._numbers = reader.used
    scenario._files = files
    scenario._document = root.plain
    scenario._sets = tuple(sets)
    scenario._source = str(source)
    scenario._evidence = facts
    return scenario


def _base(root: Node) -> float:
    """The scenario's base date as a quarter index; what is no date is reported where it is read."""
    node = root.value.get("base") if isinstance(root.value, dict) else None
    with contextlib.suppress(ValueError):
        return quarter_index(str(node.value)) if node is not None else 0.0
    return 0.0


def _day(root: Node, given: str | None, facts: Evidence, problems: list[Problem]) -> str | None:
    """The day of knowledge, checked: a whole day on which something was known."""
    node = root.value.get("known_by") if isinstance(root.value, dict) else None
    if given is None and (node is None or node.value is None):
        return None
    text = given if given is not None else str(node.value)
    place = (("--known-by", None, "") if given is not None else (node.file, node.line, "known_by"))
    read_on = max((s.accessed for s in facts.sources.values()), default="")
    try:
        first = min((f for f in facts.facts.values() if was_known(f, text)), default=None,
                    key=lambda f: f.known)
        if text > read_on:
            raise ValueError(f"found {text}; sources were read on {read_on}, and nothing later is "
                             "known")
        if first is None:
            earliest = min(f.known for f in facts.facts.values())
            raise ValueError(f"found {text}; the first fact became known on {earliest}")
    except ValueError as error:
        problems.append(Problem(*place, str(error)))
        return None
    return text


def _apply_sets(root: Node, sets: tuple[str, ...] | list[str], problems: list[Problem]) -> None:
    known = paths(root)
    for i, text in enumerate(sets, start=1):
        key, eq, value = text.partition("=")
        key = key.strip()
        if not eq or not key:
            problems.append(Problem("--set", i, key, f"found {text!r}; expected key=value"))
            continue
        node = parse(value, "--set", problems)
        if not value.strip():
            problems.append(Problem("--set", i, key, "found nothing after '='; expected a value"))
            continue
        _relabel(node, i)
        # A key that may be given but is not yet is known to its parent's schema, checked later.
        if (key.rpartition(".")[0] or key) not in known or not assign(root, key, node):
            problems.append(Problem("--set", i, key, f"unknown key{did_you_mean(key, known)}"))


def _relabel(node: Node, line: int) -> None:
    node.line = line
    if isinstance(node.value, dict):
        for child in node.value.values():
            _relabel(child, line)
    elif isinstance(node.value, list):
        for child in node.value:
            _relabel(child, line)


class _Builder:
    """Walks the schema and the tree together."""

    def __init__(self, reader: Reader, problems: list[Problem]) -> None:
        self.reader, self.problems = reader, problems
        self.commodity_units: dict[str, str] = {}
        self.pool_units: dict[str, str] = {}

    def _problem(self, node: Node, key: str, message: str) -> None:
        self.problems.append(Problem(node.file, node.line, key, message))

    def model(self, kind: type[Part], node: Node, key: str, context: dict[str, str]) -> Any:
        if not isinstance(node.value, dict):
            self._problem(node, key, f"found {node.plain!r}; expected keys: "
                          f"{', '.join(kind.model_fields)}")
            return None
        context = self._context(kind, node, key, context)
        fields = kind.model_fields
        for name, child in node.value.items():
            if name not in fields:
                self._problem(child, _join(key, name),
                              f"unknown key{_meant(name, fields, node) or _allowed(fields)}")
        hints = typing.get_type_hints(kind, include_extras=True)
        out: dict[str, Any] = {}
        for name, info in fields.items():
            child = node.value.get(name)
            if child is None or child.value is None:
                if info.is_required():
                    file, line = node.removed.get(name, (node.file, node.line))
                    self.problems.append(Problem(
                        file, line, _join(key, name), "missing; it cannot be removed with null"
                        if name in node.removed else "missing"))
                continue
            out[name] = self.value(hints[name], child, _join(key, name), context)
        return out

    def _context(self, kind: type[Part], node: Node, key: str, context: dict[str, str]) -> Any:
        """Units that numbers inside this mapping are stated in."""
        context = dict(context)
        if kind is Scenario:
            stages = node.value.get("stages")
            pools = node.value.get("pools")
            for s in (stages.value.values() if stages and isinstance(stages.value, dict) else ()):
                made = s.value.get("makes") if isinstance(s.value, dict) else None
                unit = s.value.get("commodity_unit") if made else None
                if made is not None:
                    self.commodity_units[str(made.value)] = (
                        str(unit.value) if unit is not None else "ratio")
            self.pool_units = {
                k: str(p.value["unit"].value)
                for k, p in (pools.value.items() if pools and isinstance(pools.value, dict) else ())
                if isinstance(p.value, dict) and "unit" in p.value
            }
        if "unit" in node.value and not isinstance(node.value["unit"].value, dict):
            context["unit"] = str(node.value["unit"].value)
        if "commodity_unit" in node.value:
            context["made"] = str(node.value["commodity_unit"].value)
        return context

    def value(self, hint: Any, node: Node, key: str, context: dict[str, str]) -> Any:
        origin = get_origin(hint)
        if origin is typing.Annotated:
            return self.number(get_args(hint)[1], node, key, context)
        if origin in (typing.Union, types.UnionType):
            inner = next(a for a in get_args(hint) if a is not type(None))
            return self.value(inner, node, key, context)
        if origin is dict:
            return self.mapping(get_args(hint)[1], node, key, context)
        if origin is list:
            return self.items(get_args(hint)[0], node, key)
        if origin is typing.Literal:
            allowed = get_args(hint)
            if node.value not in allowed:
                self._problem(node, key, f"found {node.plain!r}; allowed: {', '.join(allowed)}"
                              f"{did_you_mean(str(node.value), allowed)}")
            return node.value
        if isinstance(hint, type) and issubclass(hint, Part):
            return self.model(hint, node, key, context)
        if hint is bool or hint is int:
            if type(node.value) is not hint:
                self._problem(node, key, f"found {node.plain!r}; expected "
                              f"{'true or false' if hint is bool else 'a whole number'}")
            return node.value
        if isinstance(node.value, (dict, list)):
            self._problem(node, key, "expected a word")
            return None
        return str(node.value)

    def mapping(self, hint: Any, node: Node, key: str, context: dict[str, str]) -> Any:
        if not isinstance(node.value, dict):
            self._problem(node, key, f"found {node.plain!r}; expected names with values")
            return {}
        out = {}
        made = key.rpartition(".")[2] in ("needs", "inputs")
        uses = key.rpartition(".")[2] == "uses"
        for name, child in node.value.items():
            if made and name not in self.commodity_units:
                self._problem(child, _join(key, name), f"no stage makes {name!r}; add a stage with "
                              f"'makes: {name}'{did_you_mean(name, self.commodity_units)}")
                continue
            if uses and name not in self.pool_units:
                self._problem(child, _join(key, name), f"no pool {name!r}; known: "
                              f"{', '.join(self.pool_units)}{did_you_mean(name, self.pool_units)}")
                continue
            inner = dict(context)
            inner["commodity"] = self.commodity_units.get(name, "ratio")
            inner["pool"] = self.pool_units.get(name, "ratio")
            out[name] = self.value(hint, child, _join(key, name), inner)
        return out

    def items(self, hint: Any, node: Node, key: str) -> list[Any]:
        if not isinstance(node.value, list):
            self._problem(node, key, f"found {node.plain!r}; expected a list")
            return []
        out = []
        for i, child in enumerate(node.value):
            if hint is float:
                n = self.reader.read(child, f"{key}[{i}]", "ratio", 0.0)
                self.reader.used.pop(f"{key}[{i}]", None)
                out.append(n.value if n is not None else 0.0)
            else:
                out.append(str(child.value))
        return out

    def number(self, field: In, node: Node, key: str, context: dict[str, str]) -> Any:
        unit = field.unit
        for name, text in context.items():
            compound = "/" in text and field.unit != f"{{{name}}}"
            unit = unit.replace(f"{{{name}}}", f"({text})" if compound else text)
        return self.reader.read(node, key, unit.replace("{made}", "ratio"), field.low, field.high,
                                dated=field.dated)


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _meant(name: str, fields: Any, node: Node) -> str:
    """A key of the same level that is near, or one of that name further in."""
    inside = next((p for p in paths(node) if p.endswith(f".{name}")), None)
    return did_you_mean(name, fields) or (f" (did you mean {inside}?)" if inside else "")


def _allowed(fields: Any) -> str:
    return f"; allowed: {', '.join(fields)}"


def date_problem(text: str) -> str | None:
    """What is wrong with a date, or None."""
    try:
        quarter_index(text)
    except ValueError as error:
        return str(error)
    return None
