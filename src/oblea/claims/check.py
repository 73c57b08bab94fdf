"""A text against the evidence: each number with its verdict, then and now, or "not understood"."""

from __future__ import annotations

import re
from math import inf
from typing import Any

from ..evidence import Evidence, load
from . import match
from .numbers import Found, find
from .quantities import Quantity, points
from .sentences import language, sentences
from .verdict import Verdict, judge

# Why a number is not understood: each has its words in the catalogue.
REASONS = ("subject", "ambiguous", "rate", "change", "year", "question", "denial", "hypothesis",
           "negation", "marks", "range", "tongues", "money", "points", "part", "far",
           "doubt")
FAR = 30.0  # off by more, and by no round thousand: likelier another quantity than an error


def check_text(text: str, *, on: str | None = None, evidence: Evidence | None = None
               ) -> dict[str, Any]:
    """Every number of a text: what it speaks of, the verdict now and on the day `on`.

    Returns lang, on, and items in the order of the text: start, end, text, sentence, value, kind;
    then either `why` (a key: not understood) or quantity, now, then (None without `on`) and
    `unread`: words beside the number that are not understood, so that the verdict stands only if
    they change nothing.
    `rest` counts sentences without a number: they are not checked.

    >>> done = check_text("Taiwan makes 92 % of the world's advanced chips.")
    >>> done["items"][0]["now"]["code"], done["items"][0]["now"]["since"] is None
    ('outdated', False)
    >>> check_text("92 % of Taiwan's engineers make advanced chips.")["items"][0]["unread"]
    ['engineers']
    """
    evidence = evidence or load()
    items: list[dict[str, Any]] = []
    said = sentences(text)
    rest, before = 0, ""
    whole = language(text)
    for offset, sentence in said:
        lang = language(sentence, whole)
        numbers = find(sentence, lang)
        rest += not numbers
        for n in numbers:
            alone = sum(m.kind == n.kind for m in numbers) == 1
            items += [_placed(x, offset, n)
                      for x in _item(sentence, before, n, alone, on, evidence)]
        before = sentence
    return {"lang": whole, "on": on, "items": items, "sentences": len(said), "rest": rest}


def _placed(item: dict[str, Any], offset: int, n: Found) -> dict[str, Any]:
    return {"start": offset + n.start, "end": offset + n.end, "text": n.text, "value": n.value,
            "high": n.high, "kind": n.kind, "comparator": n.comparator, "slip": n.slip, **item}


def _item(sentence: str, before: str, n: Found, alone: bool, on: str | None, evidence: Evidence
          ) -> list[dict[str, Any]]:
    no = match.refused(sentence, n)
    if no is not None:
        return [{"sentence": sentence, "why": no}]
    measures = match.compared(sentence, n)
    if measures:
        return [_judged(sentence, n, alone, q, "at most", on, evidence) for q in measures]
    q = match.of(sentence, n, before, alone, evidence)
    if isinstance(q, str):
        return [{"sentence": sentence, "why": q}]
    return [_judged(sentence, n, alone, q, n.comparator, on, evidence)]


def _judged(sentence: str, n: Found, alone: bool, q: Quantity, comparator: str, on: str | None,
            evidence: Evidence) -> dict[str, Any]:
    said, yearly = match.years_near(sentence, n, alone), q.spec.get("yearly")
    years = said & match.years_of(q, evidence) if yearly else set()
    found = points(q, evidence, None, years)
    then = None if on is None else points(q, evidence, on, years)
    lacks = lacking(q, sentence)
    now = judge(q, found, n.value, n.high, comparator, lacks)
    if now.code == "outdated" and said and not yearly:
        # What the sentence says of a year is judged by what was known at its end.
        of_it = judge(q, points(q, evidence, f"{max(said)}-12-31"), n.value, n.high, comparator,
                      lacks)
        now = of_it if of_it.code in ("holds", "partly") else now
    if now.code == "factor" and not 1 / FAR < (now.factor or 0.0) < FAR:
        return {"sentence": sentence, "why": "far"}
    # A number that agrees, or did once, speaks for the reading, though it may do so by chance; one
    # that differs, or a bound that much would meet, does not.
    unread = match.unread(sentence, n, q, alone)
    weak = now.code == "factor" or (now.code == "partly" and not lacks) or n.comparator != "about"
    if weak and unread:
        return {"sentence": sentence, "why": "doubt"}
    return {"sentence": sentence, "quantity": q.id, "comparator": comparator,
            "caveat": lacks, "unread": unread,
            "now": as_dict(now),
            "then": None if then is None
            else as_dict(judge(q, then, n.value, n.high, comparator, lacks))}


def lacking(q: Quantity, sentence: str) -> bool:
    """Whether the words are missing without which a right number misleads."""
    caveat = q.spec.get("caveat")
    return caveat is not None and not re.search(caveat["without"], sentence, re.IGNORECASE)


def as_dict(v: Verdict) -> dict[str, Any]:
    """A verdict for programs; a factor that is endless (of a known zero) is None."""
    return {"code": v.code, "factor": v.factor if v.factor != inf else None,
            "since": v.since, "caveat": v.caveat,
            "known": None if (p := v.point) is None else {
                "value": p.value, "low": p.low, "high": p.high, "date": p.date,
                "known": p.known, "facts": list(p.facts)}}
