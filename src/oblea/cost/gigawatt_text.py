"""A gigawatt on a terminal: quantities, dollars, published figures, and what explains them."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ..report.numbers import plain

if TYPE_CHECKING:
    from .gigawatt import Gigawatt, Line

WHY = {
    "wafers": "wafers a GW, at the published passes a wafer",
    "passes": "EUV passes a wafer",
    "speed": "passes a tool makes in a year, published over ours",
    "basis": "facility or IT; the published basis is taken as IT",
    "scope": "N5 wafers counted there only, and its rounding up",
}
PARTS = {
    "logic": ("logic wafers", "obleas de lógica"), "hbm": ("HBM", "HBM"),
    "packaging": ("packaging", "encapsulado"), "other": ("board, test, other", "placa y prueba"),
    "margin": ("vendor's margin", "margen del vendedor"),
    "system": ("rest of rack, network", "resto del bastidor"),
    "hall": ("hall", "sala"), "power": ("firm power", "potencia firme"),
    "total": ("total", "total"),
}


def render(g: Gigawatt, lang: str = "en") -> str:
    """At most eighty columns; figures are medians with 90 % of draws."""
    out = [f"{g.title}, 1 GW ({g.basis}) added in a year, end {g.year}", ""]
    for x in g.lines:
        out += _row(x, x.key, lang, 1.0, x.unit)
    out += ["", "Dollars of 2027 a GW, billions, from the parts"]
    for x in g.dollars:
        out += _row(x, PARTS.get(x.key, (x.key, x.key))[lang == "es"], lang, 1e9, "bn")
    ratio = g.ours / g.theirs
    out += ["", f"EUV tool-years, all at medians: ours {plain(g.ours)} over {plain(g.theirs)} "
            f"published (Rubin) is {ratio:.3f} ="]
    out += [f"  {k:<8}{f:>7.3f}   {WHY[k]}" for k, f in g.factors]
    out.append(f"  {'product':<8}{prod(f for _, f in g.factors):>7.3f}")
    out += ["", "Checks"]
    out += [f"  {name}: {plain(x)} {'holds' if lo <= x <= hi else 'FAILS'}"
            for name, lo, x, hi in g.checks]
    return "\n".join(out)


def _row(x: Line, name: str, lang: str, scale: float, unit: str) -> list[str]:
    low, high = plain(x.p5 / scale, lang), plain(x.p95 / scale, lang)
    out = [f"  {name:<32}{plain(x.median / scale, lang):>11} {low + ' - ' + high:>22} {unit}"[:80]]
    for p in x.published:
        about = f"{p.source.split('(')[-1].rstrip(')')[:14]} {p.date[:4]}, {p.basis[:16]}"
        out.append(f"      {'published':<28}{plain(p.value / scale, lang):>11}   {about}"[:80])
    return out
