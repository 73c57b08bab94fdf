"""The ledger of claims: what was said, with the verdict of then and of now, computed."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from ..evidence import Evidence, load
from ..evidence._known import last_day
from .check import as_dict, lacking
from .quantities import points, quantities
from .verdict import judge


@lru_cache(maxsize=1)
def entries() -> dict[str, dict[str, Any]]:
    """The claims as written, by id, not to be written to.

    >>> entries()["a2"]["quantity"]
    'us_outlays'
    """
    text = resources.files("oblea.data").joinpath("claims.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def ledger(evidence: Evidence | None = None) -> list[dict[str, Any]]:
    """A row a claim: id, by, said, statement (en, es), quantity, value, then, now.

    then and now are verdicts as of :func:`~oblea.claims.check_text`; a claim that no number
    decides has `none` instead, the reason in both tongues, and facts that bear on it.

    >>> row = next(r for r in ledger() if r["id"] == "a2")
    >>> row["then"]["code"], row["now"]["known"]["facts"]
    ('holds', ['a2_us_outlays_fy2023'])
    """
    evidence = evidence or load()
    return [_row(id, c, evidence) for id, c in entries().items()]


def _row(id: str, c: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    said = str(c["said"])
    row = {"id": id, "by": c["by"], "said": said, "statement": {"en": c["en"], "es": c["es"]}}
    if "none" in c:
        return row | {"none": c["none"], "facts": [evidence.fact(f).id for f in c["facts"]]}
    q = quantities()[c["quantity"]]
    years = [c["year"]] if "year" in c else []
    lacks = lacking(q, c["en"])

    def verdict(on: str | None) -> dict[str, Any]:
        return as_dict(judge(q, points(q, evidence, on, years), float(c["value"]), None,
                             c["comparator"], lacks))

    return row | {"quantity": q.id, "kind": q.kind, "comparator": c["comparator"],
                  "value": float(c["value"]), "then": verdict(last_day(said)),
                  "now": verdict(None)}
