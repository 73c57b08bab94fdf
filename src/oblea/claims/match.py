"""Which quantity a number of a sentence speaks of, or why that is not sure."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

import yaml

from ..evidence import Evidence
from .numbers import YEAR, Found, find
from .quantities import Quantity, points, quantities
from .sentences import DENIAL, HYPOTHESIS, MAYBE, NEGATION, RISE, asked, clause

EXCEEDS = re.compile(
    r"\b(exceed\w*|surpass\w*|dwarf\w*|eclips\w*|top(?:s|ped)|outstrip\w*|more than|larger than|"
    r"bigger than|greater than|supera\w*|excede\w*|más que|mayor que|empequeñece\w*)\b", re.I)


# A number that is so many per cent of something is not that something.
SHARE_OF = re.compile(r"(?:%|\bper ?cent|\bpor ciento)\s+(?:of|del?)\s", re.I)

# What turns a sum (a fab makes chips for so much), and what turns any other number.
COSTS = frozenset({"cost", "costs", "costing", "coste", "costo", "cuesta", "cuestan", "costó",
                   "costaron"})
MAKES = frozenset({"make", "makes", "made", "produces", "produced", "hace", "hacen", "fabrica",
                   "fabricó", "fabrican"})

# A sentence that begins so has its subject in the one before.
_PRONOUN = re.compile(r"(?:they|it|these|that)\b", re.I)


def years_near(sentence: str, n: Found, alone: bool) -> set[int]:
    """Years named in the sentence, or in the number's own clause where it is not alone."""
    left, right = (0, len(sentence)) if alone else clause(sentence, n.start, n.end)
    return {int(y) for y in YEAR.findall(sentence[left:right])}


def refused(sentence: str, n: Found) -> str | None:
    """Why a number is no plain statement: a key of the words, or None."""
    left, right = clause(sentence, n.start, n.end)
    piece = sentence[left:right]
    if n.trouble:
        return n.trouble
    if asked(sentence, n.start):
        return "question"
    if DENIAL.search(sentence):
        return "denial"
    if HYPOTHESIS.search(sentence):
        return "hypothesis"
    solo = re.sub(r"\b(?:not only|not just|no longer than|no solo|no sólo|no less than|"
                  r"no menos de|no more than|no más de)\b", " ", piece, flags=re.I)
    if NEGATION.search(solo) or re.search(r"\b(?:not|no)\s+\W*$", sentence[:n.start]):
        return "negation"
    return None


def of(sentence: str, n: Found, before: str, alone: bool, evidence: Evidence
       ) -> Quantity | str:
    """The one quantity, or a key of the words that says why none is sure.

    before: the sentence before, for what a sentence leaves unsaid; alone: whether no other
    number of that kind stands in the sentence, so that all of it may be the subject.
    """
    left, right = (0, len(sentence)) if alone else clause(sentence, n.start, n.end)
    text = sentence[left:right].lower()
    years = years_near(sentence, n, alone)
    near = sentence[max(0, n.start - 24):n.start].lower()
    more = re.match(r"\s*(?:of |en )?(?:more|less|fewer|extra|higher|lower|más|menos)\b",
                    sentence[n.end:].lower())
    rise = bool(RISE.search(near) or (more and n.kind != "times"))
    refers = alone and _PRONOUN.match(sentence) is not None
    best: list[tuple[int, Quantity]] = []
    for q in quantities().values():
        if q.kind != n.kind or not q.words:
            continue
        where = f"{before.lower()} {text}" if q.spec.get("context") or refers else text
        spots = [m.span() for w in q.words for m in [w.search(where)] if m]
        if len(spots) < len(q.words) or (q.refuses and q.refuses.search(where)):
            continue
        best.append((len(spots), q))
    if not best:
        return "subject"
    most = max(k for k, _ in best)
    top = [q for k, q in best if k == most]
    if len(top) > 1:
        return "ambiguous"
    q = top[0]
    if n.kind != "%" and _measured_by(text, n.start - left, q):
        return "part"
    per = q.spec.get("per", [])
    if n.per is not None and n.per not in per:
        return "rate"
    if q.spec.get("needs_per") and n.per is None:
        return "rate"
    if (rise or (n.kind == "%" and RISE.search(text))) and not q.spec.get("change"):
        return "change"
    if q.spec.get("needs_one_gw") and n.per != "GW" and not re.search(
            r"\b(?:a|one|per|un|cada|1|each|por)\s(?:gw|gigawatt|gigavatio)", text):
        return "subject"
    if q.spec.get("yearly"):
        known = years_of(q, evidence)
        if years and not years & known and not q.spec.get("change"):
            return "year"
        if len(years & known) > 1:
            return "year"
        if not years and q.spec.get("needs_year"):
            return "year"
    elif years and max(years) < first_year(q, evidence):
        return "year"
    left, right = clause(sentence, n.start, n.end)
    if MAYBE.search(sentence[left:right]) and n.comparator == "about" and not q.spec.get("change"):
        return "hypothesis"
    return q


def _measured_by(text: str, at: int, q: Quantity) -> bool:
    """Whether the quantity is only what the number, at a place of the text, is a share of.

    >>> from .quantities import quantities
    >>> _measured_by("7 trillion dollars is 6 % of world gdp", 0, quantities()["world_gdp"])
    True
    """
    share = SHARE_OF.search(text)
    if share is None:
        return False
    end = at if at > share.end() else len(text)
    rest = text[:share.start()] + text[end:]
    return not all(w.search(rest) for w in q.words)


def years_of(q: Quantity, evidence: Evidence) -> set[int]:
    """The years that the facts of a quantity speak of."""
    return {int(evidence.fact(f).date[:4]) for f in q.spec.get("facts", [])}


def first_year(q: Quantity, evidence: Evidence) -> int:
    """The year of the oldest of its facts: before it the quantity is not known."""
    return min(years_of(q, evidence), default=0) or min(
        (int(p.date[:4]) for p in points(q, evidence)), default=0)


@lru_cache(maxsize=1)
def neutral() -> frozenset[str]:
    """Words that neither narrow nor turn what is said: `data/neutral.yaml`."""
    text = resources.files("oblea.data").joinpath("neutral.yaml").read_text("utf-8")
    return frozenset(w for words in yaml.safe_load(text).values() for w in words.split())


def unread(sentence: str, n: Found, q: Quantity, alone: bool) -> list[str]:
    """Words beside the number that are neither of the subject nor neutral; what a thing makes is
    not what it costs, nor the other way round.

    Each may make it another quantity (a used tool, one firm's share, a grant), so that a
    contradiction is not sure.
    """
    left, right = (0, len(sentence)) if alone else clause(sentence, n.start, n.end)
    text = list(sentence.lower())
    text[n.start:n.end] = " " * (n.end - n.start)
    lower = sentence.lower()
    for w in q.words:
        for m in w.finditer(lower):
            text[m.start():m.end()] = "\0" * (m.end() - m.start())
    words = re.findall(r"[^\W\d_\0]*\0[\w\0]*|[^\W\d_]{2,}(?:['’]s)?", "".join(text[left:right]))
    neutral_here = neutral() - (MAKES if n.kind == "USD" else COSTS)
    title = set(re.findall(r"\w+", f"{q.title('en')} {q.title('es')}".lower()))
    return [w for w in words if "\0" not in w and w.removesuffix("'s").removesuffix("’s")
            not in neutral_here | title]


def compared(sentence: str, n: Found) -> list[Quantity]:
    """Quantities that the number is said to exceed: a sum before the verb, its measures after."""
    verb = EXCEEDS.search(sentence, n.end)
    if verb is None or n.kind != "USD":
        return []
    if any(m.kind == "USD" for m in find_after(sentence, verb.end())):
        return []
    after = sentence[verb.end():].lower()
    return [q for q in quantities().values() if q.kind == "USD" and q.words and
            all(w.search(after) for w in q.words) and not (q.refuses and q.refuses.search(after))]


def find_after(sentence: str, start: int) -> list[Found]:
    """Numbers after a place, in either tongue."""
    return [n for n in find(sentence[start:], "en") if n.kind == "USD"]
