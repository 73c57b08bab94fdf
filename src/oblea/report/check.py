"""Verdicts on a terminal: a text's numbers, the ledger of claims, a figure beside others."""

from __future__ import annotations

from typing import Any

from ..claims.ledger import entries
from ..claims.quantities import quantities
from .numbers import fixed, percent, plain, pledge, usd
from .text import row, wrap
from .words import Words

MOST = 8  # words not understood that are named


def amount(x: float, kind: str, lang: str) -> str:
    """A number of a kind as people read it.

    >>> amount(7e12, "USD", "en"), amount(5e11, "USD", "en"), amount(75.0, "%", "es")
    ('7 T USD', '500 bn USD', '75 %')
    """
    if kind == "USD":
        if abs(x) >= 1e9:
            return f"{pledge(x, lang)} USD"
        return f"{plain(x / 1e6, lang)} M USD" if abs(x) >= 1e6 else f"{plain(x, lang)} USD"
    if kind == "%":
        return f"{plain(x, lang)} %"
    return f"{plain(x, lang)} {kind}" if kind in ("GW", "TWh", "FLOP") else plain(x, lang)


def verdict(v: dict[str, Any], lang: str) -> str:
    """One verdict in words."""
    words, f = Words(lang), v["factor"]
    if v["code"] == "factor" and f is None:
        return words("chk_code_zero")
    shown = "" if f is None else plain(f if f >= 1 else 1 / f, lang, 2)
    if v["code"] == "scale" and f is not None:
        by = next(s for s in (1e3, 1e6) if max(f, 1 / f) < 30 * s)
        shown = f"{'' if f > 1 else '1/'}{plain(by, lang)}"
    if v["code"] == "partly" and not v["caveat"] and f is not None:
        return f"{words('chk_code_partly')} (x {plain(f, lang, 2)})"
    return {"holds": words("chk_code_holds"), "partly": words("chk_code_partly"),
            "factor": words("chk_code_factor", factor=shown),
            "scale": words("chk_code_scale", factor=shown),
            "outdated": words("chk_code_outdated", since=v["since"]),
            "unknown": words("chk_code_unknown")}[v["code"]]


def reading(v: dict[str, Any], quantity: str, lang: str) -> list[str]:
    """What would be true, with the facts that decide; empty where nothing is known."""
    known = v["known"]
    if known is None:
        return []
    words, q = Words(lang), quantities()[quantity]
    low, high = (amount(known[k], q.kind, lang) for k in ("low", "high"))
    value = amount(known["value"], q.kind, lang)
    if low != high:
        value += f" [{low} - {high}]"
    key = "chk_known" if v["code"] == "holds" else "chk_true"
    lines = [words(key, title=q.title(lang), value=value, date=known["date"]) + "; "
             + words("chk_facts", facts=", ".join(known["facts"])) + "."]
    if v["caveat"]:
        lines.append(words("chk_caveat", caveat=q.spec["caveat"]["say"][lang]))
    if v["code"] in ("partly", "factor") and not v["caveat"]:
        lines.append(words("chk_tolerance", tolerance=percent(q.tolerance, lang),
                           why=q.spec["why"][lang]))
    return lines


def why_not(key: str, lang: str) -> str:
    """The reason why a number was not understood."""
    return Words(lang)("chk_not_understood", why=Words(lang)(f"chk_no_{key}"))


def both(item: dict[str, Any], lang: str) -> str:
    """The verdicts of then and now on one line."""
    words = Words(lang)
    now = f"{words('chk_now')}: {verdict(item['now'], lang)}"
    if item["then"] is None:
        return now
    return f"{words('chk_then')}: {verdict(item['then'], lang)} · {now}"


def unread(item: dict[str, Any], lang: str) -> list[str]:
    """What the verdict leaves open: words beside the number that were not understood."""
    words = item["unread"]
    if not words:
        return []
    named = [*words[:MOST], "..."] if len(words) > MOST else words
    return [Words(lang)("chk_unread", words=", ".join(named))]


def render(done: dict[str, Any], lang: str) -> str:
    """A checked text, number by number."""
    words, items = Words(lang), done["items"]
    if not items:
        return words("chk_no_number")
    out: list[str] = []
    for x in items:
        said = " ".join(x["text"].split())
        if "why" in x:
            out += wrap(f"«{said}»  {why_not(x['why'], lang)}", "", "    ")
            out += wrap(_short(x["sentence"]), "    ")
            continue
        bound = {"at least": f" ({words('chk_at_least')})",
                 "at most": f" ({words('chk_at_most')})"}.get(x["comparator"], "")
        out += wrap(f"«{said}»{bound}  {both(x, lang)}", "", "    ")
        for line in [*unread(x, lang), *reading(x["now"], x["quantity"], lang)]:
            out += wrap(line, "    ")
        if x["slip"]:
            out += wrap(words("chk_slip"), "    ")
    judged = sum("quantity" in x for x in items)
    sure = sum("quantity" in x and not x["unread"] for x in items)
    out += ["", *wrap(words("chk_sum_line", n=len(items), judged=judged, sure=sure,
                            not_understood=len(items) - judged, rest=done["rest"],
                            sentences=done["sentences"]), "")]
    if done["on"] is None and judged:
        out += wrap(words("chk_on_hint"), "")
    return "\n".join(out)


def _short(sentence: str) -> str:
    flat = " ".join(sentence.split())
    return flat if len(flat) <= 110 else f"{flat[:107]}..."


def render_ledger(rows: list[dict[str, Any]], lang: str) -> str:
    """The ledger, a claim at a time."""
    words = Words(lang)
    out = wrap(words("chk_ledger_title", n=len(rows)), "")
    by = {"post": words("chk_by_post"), "press": words("chk_by_press")}
    for r in rows:
        out += ["", *wrap(f"{r['id']}  {r['statement'][lang]} ({by[r['by']]}, "
                          f"{words('chk_said', day=r['said'])})", "", "    ")]
        if "none" in r:
            out += wrap(f"{words('chk_none')}: {entries()[r['id']]['none'][lang]}; "
                        f"{words('chk_facts', facts=', '.join(r['facts']))}.", "    ")
            continue
        out += wrap(both(r, lang), "    ")
        for line in reading(r["now"], r["quantity"], lang):
            out += wrap(line, "    ")
    return "\n".join(out)


def render_figure(done: dict[str, Any], lang: str) -> str:
    """A price of a gigawatt beside ours and the published ones, factored."""
    words = Words(lang)
    low, ours, high = (usd(x, lang) for x in done["ours"])
    out = wrap(words("chk_figure", value=usd(done["value"], lang), ours=ours, low=low, high=high,
                     product=done["product"].upper(), ratio=plain(done["ratio"], lang)), "")
    widths = (9, 9, 8, 8, 8, 8)
    heads = [words("chk_figure_claim"), words("chk_figure_ours"), words("chk_step_date"),
             words("chk_step_basis"), words("chk_step_scope"), words("chk_step_rest")]
    out += ["", *row(words("chk_figure_head"), heads, 30, widths)]
    for r in done["rows"]:
        out += wrap(r["fact"], "")
        out += row(f"  {usd(r['value'], lang)} {r['date']} {r['basis']}",
                   [fixed(r["ratio"], 2, lang), fixed(r["over_ours"], 2, lang),
                    *(fixed(f, 2, lang) for _, f in r["steps"])], 30, widths)
    out += ["", *wrap(words("chk_figure_note", yield_=percent(done["yield"], lang, 3)), "")]
    return "\n".join(out)
