"""What differs between two scenarios, and those in between: one with some of another's values."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .load import load
from .number import _MAIN

try:
    from yaml import CSafeDumper as _Dumper
except ImportError:  # a PyYAML built without libyaml writes the same documents, more slowly
    from yaml import SafeDumper as _Dumper  # type: ignore[assignment]

if TYPE_CHECKING:
    from .schema import Scenario

NAMES = ("name", "title", "about", "extends")  # what a scenario is called changes nothing
ABSENT = object()


def changed(a: Scenario, b: Scenario) -> list[str]:
    """Dotted keys whose text differs, the largest parts that are one thing (a number, a list).

    >>> from oblea.scenario import load
    >>> plan = load("seven-trillion")
    >>> changed(plan, plan.replace(**{"newcomer.share": "25 %"}))
    ['newcomer.share']
    """
    found: list[str] = []
    _walk(_content(a), _content(b), "", found)
    return found


def _content(sc: Scenario) -> dict[str, Any]:
    out = {k: v for k, v in sc.document.items() if k not in NAMES}
    return out | {"without": list(sc.without)}


def _walk(a: Any, b: Any, key: str, found: list[str]) -> None:
    if a == b:
        return
    parts = isinstance(a, dict) and isinstance(b, dict) and not (_is_number(a) or _is_number(b))
    if not parts:
        found.append(key)
        return
    for k in dict.fromkeys((*a, *b)):
        _walk(a.get(k, ABSENT), b.get(k, ABSENT), f"{key}.{k}" if key else str(k), found)


def _is_number(x: dict[str, Any]) -> bool:
    return any(k in x for k in _MAIN)


def text_at(sc: Scenario, key: str) -> Any:
    """What stands at a key in the scenario's text; None where nothing does."""
    at: Any = _content(sc)
    for k in _split(at, key):
        at = at.get(k) if isinstance(at, dict) else None
    return at


def _split(document: dict[str, Any], key: str) -> list[Any]:
    """The parts of a dotted key as they stand in the document: years are numbers there."""
    parts, at = [], document
    for k in key.split("."):
        real = next((x for x in at if str(x) == k), k) if isinstance(at, dict) else k
        parts.append(real)
        at = at.get(real, {}) if isinstance(at, dict) else {}
    return parts


def between(a: Scenario, b: Scenario, keys: list[str]) -> Scenario:
    """Scenario `a` with what `b` says at `keys`. Raises InputErrors where that is none.

    >>> from oblea.scenario import load
    >>> plan = load("seven-trillion")
    >>> other = plan.replace(**{"newcomer.share": "25 %", "pue": "1.2"})
    >>> between(plan, other, ["pue"]).newcomer.share.value
    0.09
    """
    document, other = copy.deepcopy(_content(a)), _content(b)
    for key in keys:
        _lay(document, other, key)
    document |= {k: a.document[k] for k in NAMES if k in a.document and k != "extends"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "between.yaml"
        file.write_text(yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False),
                        "utf-8")
        return load(file, evidence=a.evidence)


def _lay(document: dict[str, Any], other: dict[str, Any], key: str) -> None:
    value: Any = other
    for k in _split(other, key):
        value = value.get(k, ABSENT) if isinstance(value, dict) else ABSENT
    *path, last = _split(document, key) if value is ABSENT else _split(other, key)
    at = document
    for k in path:
        at = at.setdefault(k, {})
    if value is ABSENT:
        at.pop(last, None)
    else:
        at[last] = copy.deepcopy(value)
