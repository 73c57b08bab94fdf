"""Costs that fall, and one that rises, on a terminal."""

from __future__ import annotations

from typing import Any

from .numbers import fixed, percent, plain
from .text import row, wrap
from .words import Words


def render(done: dict[str, Any], lang: str) -> str:
    """Legs of a fall of cost, each what is left after a year; the frontier run beside them."""
    words, names = Words(lang), ("hardware", "utilisation", "algorithms", "price")
    who = {"ark": words("dec_ark"), "epoch": words("dec_epoch"), "model": words("dec_model")}
    widths = (10, 10, 10, 10, 8, 13)
    heads = [words("dec_hardware"), words("dec_utilisation"), words("dec_algorithms"),
             words("dec_price"), words("dec_left"), words("dec_fall")]
    out = [*wrap(words("dec_title"), ""), "", *row(words("dec_who"), heads, 19, widths)]
    for r in done["rows"]:
        out += row(who[r["who"]], [*("" if r[n] is None else fixed(r[n], 2, lang) for n in names),
                                   fixed(r["left"], 2, lang), percent(1 - r["left"], lang)],
                   19, widths)
    f, m = done["frontier"], done["model"]
    out += ["", *wrap(words("dec_frontier", growth=plain(f["growth"], lang), fact=f["fact"],
                            cost=f"{plain(f['gpt4_cost'] / 1e6, lang)} M USD",
                            year=f"{f['billion']:.0f}"), ""),
            *wrap(words("dec_gpt3", fall=percent(done["gpt3"] / 100, lang)), ""),
            *wrap(words("dec_note", first=m["first"], last=m["last"], fact=m["fact"],
                        years=fixed(m["years"], 1, lang)), "")]
    return "\n".join(out)
