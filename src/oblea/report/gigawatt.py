"""A gigawatt on a terminal: quantities, dollars, published figures, and what explains them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from .numbers import billion, fixed, plain
from .text import wrap
from .words import Words

if TYPE_CHECKING:
    from ..cost.gigawatt import Gigawatt, Line


def render(g: Gigawatt, lang: str = "en") -> str:
    """At most eighty columns; figures are medians with 90 % of draws."""
    w = Words(lang)
    out = [w("gw_title", product=g.title, basis=g.basis, year=g.year), ""]
    for x in g.lines:
        out += _row(x, w(f"gw_line_{x.key}", node=g.node), w, 1.0, x.unit)
    out += ["", w("gw_dollars", year=g.dollars_of)]
    for x in g.dollars:
        out += _row(x, w(f"gw_part_{x.key}"), w, 1e9, billion(lang))
    ratio = fixed(g.ours / g.theirs, 3, lang)
    out += ["", *wrap(w("gw_ratio", ours=plain(g.ours, lang), theirs=plain(g.theirs, lang),
                        ratio=ratio), "", "  ")]
    out += [f"  {w(f'gw_{k}'):<10}{fixed(f, 3, lang):>7}   {w(f'gw_factor_{k}')}"
            for k, f in g.factors]
    out.append(f"  {w('gw_product'):<10}{fixed(prod(f for _, f in g.factors), 3, lang):>7}")
    out += ["", w("gw_checks")]
    out += [f"  {w(f'gw_check_{k}')}: {plain(x, lang)} "
            f"{w('gw_holds' if lo <= x <= hi else 'gw_fails')}" for k, lo, x, hi in g.checks]
    return "\n".join(out)


def _row(x: Line, name: str, w: Words, scale: float, unit: str) -> list[str]:
    low, high = plain(x.p5 / scale, w.lang), plain(x.p95 / scale, w.lang)
    middle = plain(x.median / scale, w.lang)
    out = [f"  {name:<32}{middle:>11} {low + ' - ' + high:>22} {unit}"[:80]]
    for p in x.published:
        about = f"{p.source.split('(')[-1].rstrip(')')[:14]} {p.date[:4]}, {p.basis[:16]}"
        theirs = plain(p.value / scale, w.lang)
        out.append(f"      {w('gw_published'):<28}{theirs:>11}   {about}"[:80])
    return out
