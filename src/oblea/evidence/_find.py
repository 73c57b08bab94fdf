"""Search over facts: words anywhere, ranked; what a word means is left to the reader."""

from __future__ import annotations

import re

from oblea.dates import month_text
from oblea.evidence._types import Evidence, Fact

WEIGHT = {"id": 4, "basis": 2, "scope": 2, "note": 1, "title": 1, "publisher": 1, "unit": 2}


def find(evidence: Evidence, words: str = "", *, unit: str = "", table: str = "", since: str = "",
         grade: str = "") -> list[Fact]:
    """Facts that have all the words, the best match first, then the newest.

    unit: dimension as written in a fact; table: file without its ending; since: a date or later;
    grade: one of the four. A word counts where it begins a word of the fact.

    >>> from oblea.evidence import load
    >>> find(load(), "euv units 2025")[0].id
    'euv_units_2025'
    """
    wanted = [w for w in re.split(r"[^\w.]+", words.lower()) if w]
    scored = []
    for f in evidence.facts.values():
        if ((unit and f.unit != unit) or (table and f.file.split("/")[-1] != f"{table}.csv")
                or (grade and f.grade != grade)
                or (since and month_text(f.date) < month_text(since))):
            continue
        score = _score(f, wanted)
        if score is not None:
            scored.append((score, f))
    # Python's sort keeps order, so that equal facts stand as in their tables.
    scored.sort(key=lambda x: month_text(x[1].date), reverse=True)
    scored.sort(key=lambda x: -x[0])
    return [f for _, f in scored]


def _score(f: Fact, wanted: list[str]) -> int | None:
    """Sum over words of the weight of the best field that has it; None where one is in none."""
    texts = {"id": f.id.replace("_", " "), "basis": f.basis, "scope": f.scope, "note": f.note,
             "title": f.source.title, "publisher": f.source.publisher, "unit": f"{f.unit} {f.date}"}
    total = 0
    for word in wanted:
        start = re.compile(rf"(?<![a-z0-9]){re.escape(word)}", re.IGNORECASE)
        found = [WEIGHT[k] for k, text in texts.items() if start.search(text)]
        if not found:
            return None
        total += max(found)
    return total
