"""The JSON Schema of scenario files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from .number import SHAPES
from .schema import Scenario

_TEXT = {"type": ["string", "number"], "description": "a number with its unit: 48 months"}
_BASE = {
    "facts": {"type": "array", "items": {"type": "string"}},
    "why": {"type": "string", "description": "the reason for an assumption"},
    "how": {"type": "string", "description": "how the value follows from the facts"},
    "low": _TEXT, "high": _TEXT, "shape": {"enum": list(SHAPES)},
}


def _form(main: str, spec: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": [main], "additionalProperties": False,
            "properties": {main: spec, **_BASE, **more}}


def _numbers(node: Any) -> None:
    """Give every number field the common form of a number."""
    if isinstance(node, dict):
        if node.pop("x-number", None):
            node["$ref"] = "#/$defs/number"
        for child in node.values():
            _numbers(child)
    elif isinstance(node, list):
        for child in node:
            _numbers(child)


def _removable(node: Any) -> None:
    """A key set to null removes what is inherited, at any depth."""
    if not isinstance(node, dict):
        return
    for child in (*node.get("properties", {}).values(), node.get("additionalProperties")):
        _removable(child)
    for key in node.get("properties", {}):
        node["properties"][key] = {"anyOf": [node["properties"][key], {"type": "null"}]}
    if isinstance(node.get("additionalProperties"), dict):
        node["additionalProperties"] = {"anyOf": [node["additionalProperties"],
                                                  {"type": "null"}]}


def json_schema() -> dict[str, Any]:
    """Schema of a scenario file. Every key is optional in a file, since it may be inherited."""
    from ..estimates import names  # fitting is slow to load

    schema = Scenario.model_json_schema()
    fact = {"type": "string", "description": "id of a fact in the evidence"}
    point = {"anyOf": [_TEXT, {"type": "object", "required": ["fact"],
                               "properties": {"fact": fact, "times": _TEXT}}]}
    schema["$defs"]["number"] = {"anyOf": [
        _TEXT,
        _form("value", _TEXT, {"times": _TEXT}),
        _form("fact", fact, {"times": _TEXT}),
        _form("estimate", {"enum": list(names()),
                           "description": "fitted from the tables: docs/estimates.md"},
              {"times": _TEXT}),
        _form("series", {"type": "object", "additionalProperties": point},
              {"then": {"$ref": "#/$defs/number"}, "steps": {"type": "boolean"}, "times": _TEXT}),
    ]}
    _numbers(schema["properties"])
    for name, part in schema["$defs"].items():
        if name != "number":
            _numbers(part)
    for name, part in [("", schema), *schema["$defs"].items()]:
        if name != "number":
            _removable(part)
    for part in [schema, *schema["$defs"].values()]:
        part.pop("required", None) if part is not schema["$defs"]["number"] else None
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["extends"] = {"type": "string", "description": "scenario to start from"}
    return schema
