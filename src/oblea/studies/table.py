"""All studies as one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from . import (
    arithmetic,
    decline,
    document,
    forecast2027,
    inputs,
    installed,
    patel,
    policy,
    scaling2030,
    workforce,
)

STUDIES = {
    "scaling2030": scaling2030, "installed": installed, "forecast2027": forecast2027,
    "patel": patel, "arithmetic": arithmetic, "workforce": workforce, "policy": policy,
    "decline": decline,
}
COLUMNS = ("quantity", "unit", "published", "ours", "difference", "remark")


def rows(lang: str = "en") -> list[dict[str, Any]]:
    """One row a figure: study, quantity, unit, published, ours, difference, remark and more.

    published: a number or None; difference: ours / published - 1, or None; key and label name the
    figure whatever the language; source: title, publisher, url and date.
    """
    return [row for name in STUDIES for row in study(name, lang)]


@lru_cache(maxsize=16)
def _computed(name: str) -> dict[str, Any]:
    return STUDIES[name].ours(inputs(document(name)))


def study(name: str, lang: str = "en") -> list[dict[str, Any]]:
    """The rows of one study.

    >>> row = study("decline")[0]
    >>> row["published"], round(row["ours"], 2), row["unit"]
    (75.0, 75.09, '% a year')
    """
    doc, words = document(name), document("words")
    found = _computed(name)
    out = []
    for group in doc["rows"]:
        mine, theirs = found[group["key"]], group["published"]
        labels = list(mine) if isinstance(mine, Mapping) else [None]
        for label in labels:
            value = float(mine if label is None else mine[label])
            known = theirs if label is None or theirs is None else theirs[label]
            shown = words[label][lang] if label in ("low", "fit", "high") else label
            title = group["title"][lang]
            out.append({
                "study": doc["study"], "name": name, "key": group["key"], "label": label,
                "quantity": title if label is None else f"{title}, {shown}",
                "unit": group["unit"] if lang == "en" else words["units"][group["unit"]],
                "published": None if known is None else float(known), "ours": value,
                "difference": None if known is None else value / float(known) - 1.0,
                "remark": group["remark"][lang], "source": dict(doc["sources"][group["source"]]),
            })
    return out


def number(x: float | None, unit: str, lang: str = "en") -> str:
    """Four significant digits at most, and years as years.

    >>> number(106.34, "GW"), number(9.79e29, "FLOP"), number(2031.18, "year"), number(None, "GW")
    ('106.3', '9.8e29', '2031.2', '–')
    """
    if x is None:
        return "–"
    if unit == "year":
        text = f"{x:.1f}".removesuffix(".0")
    elif x >= 1e15:
        mantissa, exponent = f"{x:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    elif x >= 1000.0:
        text = f"{x:,.0f}"
    else:
        text = f"{x:.4g}"
    return text.replace(",", " ").replace(".", ",") if lang == "es" else text


def _difference(x: float | None, unit: str, lang: str) -> str:
    if x is None:
        return "–"
    if unit == "year":  # a share of a date means nothing
        return ""
    text = f"{100.0 * x:+.1f}".replace("-", "−") if abs(x) >= 5e-4 else "0"
    return (text.replace(".", ",") if lang == "es" else text) + " %"


def as_markdown(lang: str = "en") -> str:
    """The text of docs/reproductions.md."""
    words = document("words")
    out = [f"# {words['heading'][lang]}", "", words["intro"][lang]]
    for name in STUDIES:
        doc = document(name)
        out += ["", f"## {doc['study']}. {doc['title'][lang]}", ""]
        used = dict.fromkeys(group["source"] for group in doc["rows"])
        for key in used:
            s = doc["sources"][key]
            out.append(f"- [{s['title']}]({s['url']}), {s['publisher']}, {s['date']}")
        out += ["", "| " + " | ".join(words[c][lang] for c in COLUMNS) + " |",
                "|---|---|--:|--:|--:|---|"]
        before = None
        for row, plain in zip(study(name, lang), study(name), strict=True):
            unit = plain["unit"]
            # A remark is said once for the figures that it is about.
            remark = row["remark"] if row["key"] != before else ""
            before = row["key"]
            cells = (row["quantity"], row["unit"], number(row["published"], unit, lang),
                     number(row["ours"], unit, lang), _difference(row["difference"], unit, lang),
                     remark)
            out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"
