"""The mechanisms that can be switched off, one at a time or together, and the groups of the gap.

Switching one off changes parameters only (a supply without end, a share of one, a delay of one):
the engine runs the same code, so that any two variants of a future are comparable path by path.
Titles, equations and what off means are data: `data/mechanisms.yaml`.
"""

from __future__ import annotations

from importlib import resources
from typing import Any, NamedTuple

import yaml

ABOUT: dict[str, dict[str, Any]] = yaml.safe_load(
    resources.files("oblea.data").joinpath("mechanisms.yaml").read_text("utf-8"))
MECHANISMS: dict[str, str] = {name: about["title"]["en"] for name, about in ABOUT.items()}


class Group(NamedTuple):
    """Limits that are removed together when the gap is split; `named`: whether the founding post
    of 2024 named them."""

    mechanisms: tuple[str, ...]
    named: bool


# With all of them removed a programme spends its pledge at its own pace, to the dollar.
GROUPS: dict[str, Group] = {
    "money": Group(("funders", "tranches", "sponsor"), True),
    "power": Group(("power",), False),
    "supply": Group(("tools", "equipment", "memory", "packaging", "foundry"), True),
    "operator": Group(("operator",), True),
    "people": Group((), True),
    "time": Group(("delays", "time"), True),
}
