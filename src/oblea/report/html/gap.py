"""The gap by cause: size, years, whether the post of 2024 named it, and what is behind."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ...chain.mechanisms import ABOUT, GROUPS
from ..gap import part_text
from ..words import Words
from .svg import Canvas, Linear

CELL = 15


def rows(a: dict[str, Any], w: Words) -> list[dict[str, Any]]:
    """One for each part of the gap that a reader should see, the largest first."""
    g = a.get("gap")
    if not g:
        return []
    parts = sorted((p for p in g["parts"] if p["modelled"] and p["part"] > 0),
                   key=lambda p: -p["part"])
    top = max((p["part"] for p in parts), default=1.0)
    return [{"key": p["key"], "name": w("group_" + p["key"]), "value": part_text(a, p["part"], w),
             "alone": part_text(a, p["alone"], w), "named": w("tag_named" if p["named"] else
                                                              "tag_unnamed"),
             "is_named": p["named"], "bar": _bar(p["part"] / top, p["key"], w),
             "strip": _strip(p["strip"], a["first_year"], p["key"], w),
             "mechanisms": [_mechanism(m, w) for m in GROUPS[p["key"]].mechanisms],
             "inputs": a["pictures"]["inputs"].get(p["key"], [])} for p in parts]


def _mechanism(name: str, w: Words) -> dict[str, str]:
    m = ABOUT[name]
    return {"name": name, "title": m["title"][w.lang], "equation": m["equation"],
            "without": m["without"][w.lang], "file": ", ".join(m["file"])}


def _bar(share: float, key: str, w: Words) -> Markup:
    c = Canvas(f"gap-{key}", 220, 18, w("group_" + key), w("gap_bar"))
    c.box(0, 2, max(Linear(0.0, 1.0, 0.0, 218.0)(share), 1.5), 14, "bar stop")
    return c.done("bar-only")


def _strip(shares: list[float], first: int, key: str, w: Words) -> Markup:
    """A cell a year, the darker the more futures in which it was shortest."""
    if not shares:
        return Markup("")
    c = Canvas(f"strip-{key}", CELL * len(shares) + 2, 30, w("group_" + key), w("gap_strip"))
    for i, s in enumerate(shares):
        c.box(CELL * i + 1, 2, CELL - 2, 14, "cell", 0.0 if s < 0.005 else 0.12 + 0.88 * s)
        c.box(CELL * i + 1, 2, CELL - 2, 14, "edge")
    c.text(1, 28, str(first), "tiny")
    c.text(CELL * len(shares), 28, str(first + len(shares) - 1), "tiny", "end")
    return c.done("strip")
