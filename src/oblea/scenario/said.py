"""A plan said in a sentence, as what a scenario file needs: sum, years, aim, regions, start, share.

English and Spanish. What is not understood is given back, so that a reader can be told; what
contradicts itself is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import InputErrors, Problem

SCALES = {  # a word for a scale: its factor in English and in Spanish; None where it has none
    "thousand": (1e3, None), "mil": (None, 1e3), "million": (1e6, None), "m": (1e6, None),
    "millones": (None, 1e6), "millón": (None, 1e6), "billion": (1e9, 1e9), "bn": (1e9, None),
    "b": (1e9, None), "trillion": (1e12, None), "tn": (1e12, None), "t": (1e12, None),
    "mil millones": (None, 1e9), "billones": (None, 1e12), "billón": (None, 1e12)}
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
CURRENCIES = {"USD": r"USD|US dollars?|dollars?|d[oó]lar(?:es)?|US\$|\$",
              "EUR": r"EUR|euros?|€", "GBP": r"GBP|pounds?|libras?|£", "CNY": r"CNY|yuan(?:es)?",
              "JPY": r"JPY|yen(?:es)?|¥", "KRW": r"KRW|won", "TWD": r"TWD"}
_UNIT = "|".join(CURRENCIES.values())
_N = r"\d+(?:[.,]\d+)*"
HALF = re.compile(rf"\b(half an?|medio|an?|un)\s+(?={_SCALE})\b", re.IGNORECASE)
RATE = re.compile(rf"\b(?:at|a)\s+({_N})\s*(?:USD|d[oó]lares|dollars)\s*(?:/|per|por|an?)\s*"
                  r"(?:[A-Z]{3}|euros?|pounds?|libras?|yuan|yen|won)\b", re.IGNORECASE)
RANGE = re.compile(rf"{_N}\s*(?:{_SCALE})?\s*(?:to|and|or|a|y|o|hasta|[-–])\s*(?:US\$|\$|€|£)?"
                   rf"{_N}\s*(?:{_SCALE})\b", re.IGNORECASE)
SUM = re.compile(rf"(?P<minus>(?<!\w)[-−]\s*)?(?P<sign>US\$|[$€£¥])?\s*(?P<n>{_N})\s*"
                 rf"(?P<scale>(?:{_SCALE})\b)?\s*(?:de\s+|of\s+)?(?P<unit>(?:{_UNIT})(?!\w))?",
                 re.IGNORECASE)
YEARS = re.compile(rf"(?:over|in|en|durante|for)?\s*({_N})[\s-]*(?:years?|años?)\b", re.IGNORECASE)
SPAN = re.compile(r"\b(?:from|de(?:sde)?)?\s*(20\d\d)\s*(?:-|–|to|until|a|hasta)\s*(20\d\d)\b",
                  re.IGNORECASE)
START = re.compile(r"\b(?:from|in|starting(?: in)?|starts?(?: in)?|beginning(?: in)?|desde|en|"
                   r"a partir de|empieza en|empezando en)\s+(20\d\d)(?:\s*-?Q([1-4]))?\b", re.I)
SHARE = re.compile(rf"(?:({_N})\s*%\s*(?:of (?:the )?(?:order books?|(?:new )?orders)|share|"
                   r"newcomer(?:'s)?(?: share)?|de (?:los )?(?:nuevos )?pedidos|de cuota)|"
                   r"(?:(?:newcomer(?:'s)? )?share|newcomer|cuota|parte)(?: of| de(?:l)?)?\s*"
                   rf"({_N})\s*%)", re.IGNORECASE)
AIMS = {"compute": r"data ?cent(?:er|re)s?|compute|gpus?|accelerators?|centros? de datos|"
                   r"c[oó]mputo|aceleradores|both|ambos",
        "fabs": r"(?:chip |wafer )?(?:fabs?|factories|foundr(?:y|ies))|f[aá]bricas?(?: de chips)?|"
                r"both|ambos"}
# Short names are words of other meaning where they are small: "us", "eu".
REGIONS = {"us": r"US|USA|U\.S\.(?:A\.)?|EE\.? ?UU\.?|(?i:United States|America|Texas|Arizona|"
                 r"Estados Unidos)",
           "europe": r"EU|UE|UK|(?i:Europe|Europa|Germany|Alemania|France|Francia|Spain|España)",
           "gulf": r"UAE|EAU|(?i:Gulf|Golfo|Emirates|Emiratos|Saudi Arabia|Arabia Saud[ií]|Qatar)",
           "taiwan": r"(?i:Taiw[aá]n)", "korea": r"(?i:South Korea|Korea|Corea(?: del Sur)?)",
           "china": r"(?i:China)",
           "rest": r"(?i:Japan|Japón|India|Malaysia|Malasia|Brazil|Brasil|elsewhere|resto)"}
IDLE = re.compile(r"\b(?:and|y|in|en|the|a|an|of|de|del|la|el|los|las|for|para|with|con|over|plan|"
                  r"un|una|to|build|spend|gastar|construir|por)\b|[\s,.;:]+", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """What was understood: pledge in `currency`, years, share as a ratio; empty where nothing was
    said of it. rate: dollars for one of the currency; dollars: whether dollars were said; rest: the
    words that were not understood."""

    pledge: float
    years: float | None = None
    aims: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    start: str | None = None
    share: float | None = None
    rest: tuple[str, ...] = ()
    currency: str = "USD"
    rate: float | None = None
    named: bool = True


def spanish(text: str) -> bool:
    """Whether a text's numbers are to be read as Spanish.

    >>> spanish("7 billones de dólares"), spanish("7 billion dollars")
    (True, False)
    """
    return bool(re.search(r"\b(?:billones|billón|mill[oó]n|millones|mil|años?|d[oó]lar(?:es)?|"
                          r"f[aá]bricas?|centros?|desde|durante|cuota)\b", text, re.IGNORECASE))


def figure(text: str, es: bool) -> float:
    """A figure with the marks of its language. Raises ValueError for marks out of place.

    >>> figure("1,5", True), figure("500.000", True), figure("1,500.5", False), figure("7.5", True)
    (1.5, 500000.0, 1500.5, 7.5)
    >>> figure("1,5", False)
    Traceback (most recent call last):
    ...
    ValueError: found '1,5' in a text in English; write 1.5 or 1,500
    """
    thousands, point = (".", ",") if es else (",", ".")
    if es and re.fullmatch(r"\d{1,3}\.\d{1,2}", text):  # a decimal point after all
        return float(text)
    whole = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+"
    if not re.fullmatch(rf"(?:{whole})(?:{re.escape(point)}\d+)?", text):
        raise ValueError(f"found {text!r} in a text in {_language(es)}; write "
                         f"1{point}5 or 1{thousands}500")
    return float(text.replace(thousands, "").replace(point, "."))


def read(text: str) -> Said:
    """What a sentence says of a plan.

    >>> read("500 billion USD, 4 years, data centres, US")  # doctest: +ELLIPSIS
    Said(pledge=500000000000.0, years=4.0, aims=('compute',), regions=('us',), ...)
    >>> read("7 billones de dólares en fábricas de chips").pledge
    7000000000000.0

    Raises InputErrors with all that is wrong: no sum, several, a negative one, one in another
    currency without its rate; two terms, starts or shares; a figure out of bounds.
    """
    return _Sentence(text).said()


class _Sentence:
    """What is left of a sentence as one thing after the other is taken out of it."""

    def __init__(self, text: str) -> None:
        self.es, self.problems = spanish(text), list[str]()
        half = ",5 " if self.es else ".5 "
        self.rest = HALF.sub(lambda m: "0" + half if m[1].lower()[:1] in "hm" else "1 ", text)

    def said(self) -> Said:
        spans = self.take(SPAN, lambda m: (int(m[1]), int(m[2])))
        years = self.take(YEARS, lambda m: self.figure(m[1]))
        starts = self.take(START, lambda m: f"{m[1]}Q{m[2] or 1}")
        shares = self.take(SHARE, lambda m: self.figure(m[1] or m[2]))
        for first, last in spans:  # a span of years is a start and a term
            years, starts = {*years, float(last - first + 1)}, {*starts, f"{first}Q1"}
        pledge, currency, rate, named = self.dollars()
        term = self.one(years, "term of years", 0.25, 40.0)
        share = self.one(shares, "share in per cent", 1e-3, 100.0)
        start = self.one(starts, "start")
        if pledge and not 1e6 <= pledge * (rate or 1.0) <= 1e15:
            self.problems.append(f"found {pledge * (rate or 1.0):g} USD; expected a million to a "
                                 "thousand trillion")
        aims, regions = self.named(AIMS, re.IGNORECASE), self.named(REGIONS, 0)
        InputErrors.raise_if([Problem("--from", None, "", p) for p in self.problems])
        return Said(pledge, term, aims, regions, start, share / 100 if share else None,
                    tuple(w for w in IDLE.split(self.rest) if w and w.strip("()[]\"'-/")),
                    currency, rate, named)

    def dollars(self) -> tuple[float, str, float | None, bool]:
        """The sum, its currency, the rate where that is no dollar, and whether one was said."""
        rates = self.take(RATE, lambda m: self.figure(m[1]))
        pledge, currency, named = self.sum()
        rate = self.one(rates, "rate")
        if currency == "USD":
            return pledge, currency, None, named
        if rate is None:
            self.problems.append(f"found a sum in {currency}; say the rate too, such as "
                                 f"\"at 1.10 USD/{currency}\", or give it in USD")
        return pledge, currency, rate, named

    def figure(self, text: str) -> float:
        try:
            return figure(text, self.es)
        except ValueError as error:
            self.problems.append(str(error))
            return 0.0

    def take(self, pattern: re.Pattern[str], value: Callable[[re.Match[str]], Any]) -> set[Any]:
        """All that a pattern says, and it is out of the sentence."""
        found = {value(m) for m in pattern.finditer(self.rest)}
        self.rest = pattern.sub(" ", self.rest)
        return found

    def one(self, values: set[Any], what: str, low: float = -math.inf, high: float = math.inf
            ) -> Any:
        """The one value said, or None; two of them, or one out of bounds, are a problem."""
        if len(values) > 1:
            self.problems.append(f"found {len(values)} values for the {what}: "
                                 f"{', '.join(_shown(x) for x in sorted(values))}; say one")
        value = min(values, default=None)
        if isinstance(value, float) and not low <= value <= high:
            self.problems.append(f"found {value:g} for the {what}; expected {low:g} to {high:g}")
        return value

    def sum(self) -> tuple[float, str, bool]:
        """The one sum of the sentence with its currency, and whether a currency was said."""
        if m := RANGE.search(self.rest):
            self.problems.append(f"found a range, {m[0]!r}; give one sum")
            self.rest = RANGE.sub(" ", self.rest)
            return 0.0, "USD", True
        sums = {}
        for m in SUM.finditer(self.rest):
            if not (m["scale"] or m["unit"] or m["sign"]):
                continue
            said = m["unit"] or m["sign"] or ""
            if m["minus"]:
                self.problems.append(f"found {m[0].strip()!r}; expected a sum above zero")
            factor = SCALES[m["scale"].lower()][int(self.es)] if m["scale"] else 1.0
            if factor is None:
                self.problems.append(f"found {m['scale']!r} in a text in {_language(self.es)}")
                factor = 1.0
            sums[self.figure(m["n"]) * factor, _currency(said)] = bool(said)
        self.rest = SUM.sub(lambda m: " " if m["scale"] or m["unit"] or m["sign"] else m[0],
                            self.rest)
        if not sums and not self.problems:
            self.problems.append("found no sum; expected one, such as \"500 billion USD\" or \"7 "
                                 "billones de dólares\"")
        if len(sums) > 1:
            self.problems.append(f"found {len(sums)} sums; expected one: "
                                 f"{', '.join(f'{x:g} {c}' for x, c in sorted(sums))}")
        if not sums:
            return 0.0, "USD", True
        (value, currency), named = next(iter(sums.items()))
        if value == 0.0 and not self.problems:
            self.problems.append("found a sum of nothing; expected one above zero")
        return value, currency, named

    def named(self, names: dict[str, str], flags: int) -> tuple[str, ...]:
        """Keys whose words stand in the sentence, in the order of the table."""
        found, text = [], self.rest
        for key, words in names.items():
            pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", flags)
            if pattern.search(text):
                found.append(key)
            self.rest = pattern.sub(" ", self.rest)
        return tuple(found)


def _currency(said: str) -> str:
    return next((code for code, words in CURRENCIES.items()
                 if re.fullmatch(words, said, re.IGNORECASE)), "USD")


def _language(es: bool) -> str:
    return "Spanish" if es else "English"


def _shown(x: object) -> str:
    return x if isinstance(x, str) else f"{x:g}"
