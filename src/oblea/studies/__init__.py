"""Published results, computed again from their own inputs.

One module a study, one file of `oblea/data/studies` for each: `inputs` (a value, a range or a
series with its source, or the id of a fact), `sources`, and `rows` (what was published, in which
unit, and in one sentence why ours differs). A module's `ours(inputs)` sees the inputs alone, so
that no published result can be copied into ours.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from .. import evidence


@lru_cache(maxsize=16)
def document(name: str) -> dict[str, Any]:
    """The file of a study, not to be written to.

    >>> document("patel")["study"]
    'V5'
    """
    text = resources.files("oblea.data").joinpath(f"studies/{name}.yaml").read_text("utf-8")
    return yaml.safe_load(text)


def inputs(doc: dict[str, Any]) -> dict[str, Any]:
    """Name -> value, (10 %, median, 90 %) or series of each input; facts come from the evidence.

    >>> inputs(document("arithmetic"))["capex_n2"]  # a fact
    560000000.0
    """
    known = evidence.load()
    out: dict[str, Any] = {}
    for name, entry in doc["inputs"].items():
        if "fact" in entry:
            out[name] = known.fact(entry["fact"]).value
        else:
            out[name] = (tuple(entry["range"]) if "range" in entry
                         else entry["value"] if "value" in entry else entry["series"])
    return out
