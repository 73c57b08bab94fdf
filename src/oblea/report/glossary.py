"""One meaning for each word: for tooltips, the page of the glossary and the command."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

from ..errors import InputErrors, Problem, did_you_mean
from .text import wrap
from .words import Words


@dataclass(frozen=True)
class Term:
    """A word in two languages, what it means, its unit (or empty) and the page that says more."""

    key: str
    term: dict[str, str]
    meaning: dict[str, str]
    unit: str
    where: str


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """Every term by its key."""
    text = resources.files("oblea.data").joinpath("glossary.yaml").read_text("utf-8")
    return {key: Term(key, x["term"], {"en": x["en"], "es": x["es"]}, x.get("unit", ""), x["where"])
            for key, x in yaml.safe_load(text).items()}


def definition(key: str, lang: str) -> str:
    """What a key of the glossary means; empty where it has no such key.

    >>> definition("pue", "en")
    'Power usage effectiveness: facility power over IT power.'
    """
    found = glossary().get(key)
    return found.meaning[lang] if found else ""


def find(word: str) -> Term:
    """A term by its key or by its name in either language. Raises InputErrors.

    >>> find("reunible").key, find("Order Book").key
    ('raisable', 'order-book')
    """
    names = {name.lower(): t for t in glossary().values()
             for name in (t.key, t.key.replace("-", " "), *t.term.values())}
    if word.lower() not in names:
        raise InputErrors([Problem("glossary", None, word, "no such word"
                                   f"{did_you_mean(word.lower(), names)}")])
    return names[word.lower()]


def render(lang: str = "en", word: str | None = None) -> str:
    """One term, or all in the order of the alphabet."""
    w = Words(lang)
    terms = [find(word)] if word else sorted(glossary().values(), key=lambda t: t.term[w.lang])
    lines = []
    for t in terms:
        unit = f" [{t.unit}]" if t.unit else ""
        lines += wrap(f"{t.term[w.lang]}{unit}: {t.meaning[w.lang]}", "", "  ")
        if word:
            lines += wrap(w("glossary_more", page=f"docs/{t.where}"))
    return "\n".join(lines)


def as_markdown() -> str:
    """The page docs/glossary.md."""
    rows = ["# Glossary", "", "One meaning for each word; the same file feeds tooltips of the "
            "report and `oblea glossary`.", "",
            "| word | Spanish | unit | meaning | more |", "|---|---|---|---|---|"]
    rows += [f"| {t.term['en']} | {t.term['es']} | {t.unit} | {t.meaning['en']} | "
             f"[{t.where}]({t.where}) |"
             for t in sorted(glossary().values(), key=lambda t: t.term["en"].lower())]
    return "\n".join(rows) + "\n"
