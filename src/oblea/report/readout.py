"""The first page on a terminal: eighty columns, plain, every number with its unit."""

from __future__ import annotations

from typing import Any

from .fits import newcomers, others, works
from .gap import calendar, gap
from .inservice import in_service
from .ledger import header, ledger, verdict
from .levers import drivers, levers
from .money import capital, payers, price, receivers
from .text import wrap
from .words import Words


def render(a: dict[str, Any], lang: str = "en", blocks: bool = True) -> str:
    """The read-out of an answer."""
    return f"{render_head(a, lang)}\n\n{render_rest(a, lang, blocks)}"


def render_head(a: dict[str, Any], lang: str = "en") -> str:
    """What the main futures say of the question: verdict and ledger."""
    w = Words(lang)
    return _page([header(a, w), verdict(a, w), ledger(a, w)])


def render_rest(a: dict[str, Any], lang: str = "en", blocks: bool = True) -> str:
    """All that follows; blocks: whether the terminal can show block characters."""
    w = Words(lang)
    return _page([gap(a, w, blocks), calendar(a, w), in_service(a, w), price(a, w), payers(a, w),
                  receivers(a, w) + capital(a, w), works(a, w), newcomers(a, w), others(a, w),
                  levers(a, w), rests(a, w) + drivers(a, w), foot(a, w)])


def rests(a: dict[str, Any], w: Words) -> list[str]:
    """How well the numbers are known."""
    g = a["grades"]
    return wrap(w("rests", n=sum(g.values()) - g["ranged"], primary=g["primary"],
                  second=g["second-hand"], derived=g["derived"], recalled=g["recalled"],
                  assumed=g["assumption"], ranged=g["ranged"], bare=g["bare"]), "", "  ")


def foot(a: dict[str, Any], w: Words) -> list[str]:
    """How many futures stand behind ±, what is not modelled, what to ask next."""
    few = (wrap(w("futures", side=a["side_futures"], few=a["few_futures"]), "", "  ")
           if "gap" in a else [])
    return [*few, w("next"), *wrap(f"{w('disclaimer')} {w('limits')}", "", "  ")]


def _page(blocks: list[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)
