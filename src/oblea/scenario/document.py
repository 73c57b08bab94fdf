"""YAML with line numbers: text to a tree of nodes, merging, and settings from the command line.

YAML 1.2 core rules for plain scalars (yes and no are words, not truth values); no tags, no
anchors, at most 1 MB and thirty levels.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Problem

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml reads the same documents, more slowly
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES, MAX_DEPTH = 1_000_000, 30
_INT = re.compile(r"^[-+]?\d+$")
_FLOAT = re.compile(r"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$")
_SPECIAL = {".nan": math.nan, ".inf": math.inf, "-.inf": -math.inf, "+.inf": math.inf}


@dataclass
class Node:
    """A value and where it stands: `value` is a dict of Nodes, a list of Nodes, or a scalar."""

    value: Any
    file: str
    line: int
    removed: dict[str, tuple[str, int]] = field(default_factory=dict)  # keys that null took away

    @property
    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {k: n.plain for k, n in self.value.items()}
        if isinstance(self.value, list):
            return [n.plain for n in self.value]
        return self.value


def _scalar(node: yaml.ScalarNode) -> Any:
    text = node.value
    if node.style:  # quoted or a block: always words; the C reader gives '' for plain scalars
        return text
    low = text.lower()
    if low in ("", "~", "null"):
        return None
    if low in ("true", "false"):
        return low == "true"
    if low in _SPECIAL:
        return _SPECIAL[low]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text


def _convert(node: yaml.Node, file: str, problems: list[Problem], key: str, depth: int) -> Node:
    line = node.start_mark.line + 1

    def problem(message: str) -> Node:
        problems.append(Problem(file, line, key, message))
        return Node(None, file, line)

    if depth > MAX_DEPTH:
        return problem(f"nested deeper than {MAX_DEPTH} levels")
    if node.tag and not node.tag.startswith("tag:yaml.org,2002:"):
        return problem(f"tag {node.tag!r} is not allowed; write plain values")
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Node] = {}
        for k, v in node.value:
            name = str(k.value) if isinstance(k, yaml.ScalarNode) else ""
            path = f"{key}.{name}" if key else name
            if not name:
                problems.append(Problem(file, k.start_mark.line + 1, key, "a key must be a word"))
            elif name in out:
                problems.append(
                    Problem(file, k.start_mark.line + 1, path,
                            f"key given twice, first on line {out[name].line}; keep one")
                )
            else:
                child = _convert(v, file, problems, path, depth + 1)
                # A key's own line says more than that of a block that begins below it.
                out[name] = Node(child.value, file, k.start_mark.line + 1)
        return Node(out, file, line)
    if isinstance(node, yaml.SequenceNode):
        return Node(
            [_convert(v, file, problems, f"{key}[{i}]", depth + 1)
             for i, v in enumerate(node.value)],
            file, line,
        )
    return Node(_scalar(node), file, line)


def parse(text: str, file: str, problems: list[Problem]) -> Node:
    """The tree of a YAML text; what is wrong with its form is added to `problems`."""
    empty = Node({}, file, 1)
    try:
        loader = _Loader(text)
        try:
            for event in yaml.parse(text, Loader=_Loader):
                if isinstance(event, yaml.AliasEvent):
                    problems.append(Problem(file, event.start_mark.line + 1, "",
                                            "anchors and aliases are not allowed; use extends"))
                    return empty
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.append(Problem(file, line, "", f"not YAML: {error.problem or error.context}"))
        return empty
    except (yaml.YAMLError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        problems.append(Problem(file, 1, "", f"not YAML text: {reason}"))
        return empty
    if root is None:
        problems.append(Problem(file, 1, "", "the file is empty; expected keys such as 'extends'"))
        return empty
    return _convert(root, file, problems, "", 0)


def read(path: Path, problems: list[Problem]) -> tuple[Node, bytes]:
    """Read a scenario file; a file that cannot be read is a problem, not an exception."""
    name = str(path)
    empty = Node({}, name, 1)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            problems.append(Problem(name, 1, "", f"{size} bytes; at most {MAX_BYTES} are read"))
            return empty, b""
        data = path.read_bytes()
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        problems.append(Problem(name, 1, "", "not text in UTF-8"))
        return empty, b""
    except OSError as error:
        problems.append(Problem(name, 1, "", f"cannot be read: {error.strerror}"))
        return empty, b""
    root = parse(text, name, problems)
    if not isinstance(root.value, dict):
        problems.append(Problem(name, root.line, "", "expected keys and values"))
        return empty, data
    return root, data


# Keys by which a mapping is known to be a number: a child's number replaces the parent's whole.
NUMBER_KEYS = {"value", "fact", "series"}


def merge(parent: Node, child: Node) -> Node:
    """Child over parent: mappings key by key, numbers, lists and scalars whole, null removes."""
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    if NUMBER_KEYS & (child.value.keys() | parent.value.keys()):
        return child
    out, removed = dict(parent.value), dict(parent.removed)
    for key, node in child.value.items():
        if node.value is None:
            out.pop(key, None)
            removed[key] = (node.file, node.line)
        else:
            out[key] = merge(out[key], node) if key in out else node
    return Node(out, child.file, child.line, removed)


def assign(root: Node, key: str, node: Node) -> bool:
    """Put `node` at dotted `key`; False where the mapping that should hold it does not exist."""
    at = root
    *parents, last = key.split(".")
    for part in parents:
        at = at.value.get(part) if isinstance(at.value, dict) else None  # type: ignore[assignment]
        if at is None:
            return False
    if not isinstance(at.value, dict):
        return False
    if node.value is None:
        at.value.pop(last, None)
    else:
        at.value[last] = merge(at.value[last], node) if last in at.value else node
    return True


def paths(root: Node, prefix: str = "") -> list[str]:
    """Every dotted key of a tree, for suggestions."""
    out: list[str] = []
    if isinstance(root.value, dict) and not NUMBER_KEYS & root.value.keys():
        for k, n in root.value.items():
            path = f"{prefix}.{k}" if prefix else k
            out += [path, *paths(n, path)]
    return out
