"""A plan said in a sentence, as what a scenario file needs: sum, years, aim, regions, start, share.

English and Spanish. What is not understood is given back, so that a reader can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..errors import InputErrors, Problem

SCALES = {  # a word for a scale: its factor in English and in Spanish; None where it has none
    "thousand": (1e3, None), "mil": (None, 1e3), "million": (1e6, None), "m": (1e6, None),
    "millones": (None, 1e6), "millón": (None, 1e6), "billion": (1e9, 1e9), "bn": (1e9, None),
    "b": (1e9, None), "trillion": (1e12, None), "tn": (1e12, None), "t": (1e12, None),
    "mil millones": (None, 1e9), "billones": (None, 1e12), "billón": (None, 1e12)}
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
SUM = re.compile(rf"(?P<sign>US\$|\$|€|£)?\s*(?P<n>\d[\d.,]*)\s*(?P<scale>{_SCALE})?\b\s*(?:de\s+)?"
                 r"(?P<unit>USD|EUR|GBP|CNY|JPY|US dollars?|dollars?|d[oó]lares|d[oó]lar|euros?|"
                 r"pounds?|libras|\$|€)?", re.IGNORECASE)
YEARS = re.compile(r"(?:over|in|en|durante|for)?\s*(\d+(?:[.,]\d+)?)\s*(?:years?|años?)\b", re.I)
START = re.compile(r"\b(?:from|starting(?: in)?|starts?(?: in)?|beginning(?: in)?|desde|"
                   r"a partir de|empieza en|empezando en)\s+(20\d\d)(?:\s*-?Q([1-4]))?\b", re.I)
SHARE = re.compile(r"(?:(\d+(?:[.,]\d+)?)\s*%\s*(?:of (?:the )?order books?|of orders|share|"
                   r"newcomer|de (?:los )?pedidos|de cuota)|(?:share|newcomer|cuota|parte)"
                   r"(?: of| de(?:l)?)?\s*(\d+(?:[.,]\d+)?)\s*%)", re.I)
AIMS = {"compute": r"data ?cent(?:er|re)s?|compute|gpus?|accelerators?|centros? de datos|"
                   r"c[oó]mputo|aceleradores",
        "fabs": r"(?:chip |wafer )?(?:fabs?|factories|foundr(?:y|ies))|f[aá]bricas?(?: de chips)?"}
REGIONS = {"us": r"US|USA|U\.S\.|United States|America|Texas|Arizona|EE\.? ?UU\.?|Estados Unidos",
           "europe": r"EU|UE|Europe|Europa|Germany|Alemania|France|Francia|Spain|España",
           "gulf": r"Gulf|Golfo|UAE|Emirates|EAU|Emiratos|Saudi Arabia|Arabia Saud[ií]|Qatar",
           "taiwan": r"Taiwan|Taiwán", "korea": r"South Korea|Korea|Corea(?: del Sur)?",
           "rest": r"Japan|Japón|India|Malaysia|Malasia|Brazil|Brasil|elsewhere|resto"}
IDLE = re.compile(r"\b(?:and|y|in|en|the|a|an|of|de|del|la|el|los|las|for|para|with|con|over|plan|"
                  r"un|una|both|ambos|to|build|spend|gastar|construir|por)\b|[\s,.;:]+", re.I)


@dataclass(frozen=True)
class Said:
    """What was understood; dollars, years, ratios; empty where nothing was said of it."""

    pledge: float
    years: float | None = None
    aims: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    start: str | None = None
    share: float | None = None
    rest: tuple[str, ...] = field(default=())


def spanish(text: str) -> bool:
    """Whether a text's numbers are to be read as Spanish.

    >>> spanish("7 billones de dólares"), spanish("7 billion dollars")
    (True, False)
    """
    return bool(re.search(r"\b(?:billones|billón|mill[oó]n|millones|mil|años|d[oó]lares|fábricas|"
                          r"centros|desde|durante)\b", text, re.IGNORECASE))


def figure(text: str, es: bool) -> float:
    """A figure with the marks of its language.

    >>> figure("1,5", True), figure("500.000", True), figure("1,500.5", False), figure("7.5", True)
    (1.5, 500000.0, 1500.5, 7.5)
    """
    text = text.strip(".,")
    thousands, point = (".", ",") if es else (",", ".")
    if es and re.fullmatch(r"\d{1,3}\.\d{1,2}", text):  # a decimal point after all
        thousands, point = ",", "."
    return float(text.replace(thousands, "").replace(point, "."))


def read(text: str) -> Said:
    """What a sentence says of a plan.

    >>> read("500 billion USD, 4 years, data centres, US")  # doctest: +ELLIPSIS
    Said(pledge=500000000000.0, years=4.0, aims=('compute',), regions=('us',), ...)
    >>> read("7 billones de dólares en fábricas de chips").pledge
    7000000000000.0

    Raises InputErrors where there is no sum, more than one, one in another currency, or none of it
    could be read.
    """
    es, problems = spanish(text), []
    rest = text
    years, rest = _take(YEARS, rest)
    start, rest = _take(START, rest)
    share, rest = _take(SHARE, rest)
    sums, wrong = _sums(rest, es)
    problems += wrong
    for _, m in reversed(sums):
        rest = rest[: m.start()] + " " + rest[m.end():]
    if not wrong and not 1e6 <= sums[0][0] <= 1e15:
        problems.append(f"found {sums[0][0]:g} USD; expected a million to a thousand trillion")
    if years and not 0.25 <= figure(years[1], es) <= 40:
        problems.append(f"found {years[1]} years; expected .25 to 40")
    aims, rest = _named(AIMS, rest)
    regions, rest = _named(REGIONS, rest)
    percent = next((g for g in share.groups() if g), None) if share else None
    if percent and not 0 < figure(percent, es) <= 100:
        problems.append(f"found a share of {percent} %; expected above 0 to 100")
    InputErrors.raise_if([Problem("--from", None, "", p) for p in problems])
    return Said(
        sums[0][0], figure(years[1], es) if years else None, aims, regions,
        f"{start[1]}Q{start[2] or 1}" if start else None,
        figure(percent, es) / 100 if percent else None,
        tuple(w for w in IDLE.split(rest) if w and w.strip("()[]\"'-")))


def _sums(text: str, es: bool) -> tuple[list[tuple[float, re.Match[str]]], list[str]]:
    """Every sum with where it stands, and what is wrong: none, several, no dollars, no scale."""
    sums, problems = [], []
    for m in SUM.finditer(text):
        if not (m["scale"] or m["unit"] or m["sign"]):
            continue
        name = (m["unit"] or m["sign"] or "USD").lower()
        if re.match(r"eur|€|gbp|£|pound|libra|cny|jpy", name):
            problems.append(f"found {m[0].strip()!r}; give the sum in USD")
        factor = SCALES[m["scale"].lower()][int(es)] if m["scale"] else 1.0
        if factor is None:
            problems.append(f"found {m['scale']!r} in a text in {'Spanish' if es else 'English'}")
        else:
            sums.append((figure(m["n"], es) * factor, m))
    if not problems and len({x for x, _ in sums}) != 1:
        problems.append(f"found {len(sums)} sums; expected one, such as \"500 billion USD\""
                        " or \"7 billones de dólares\"")
    return sums, problems


def _take(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """The first match, and the text without it."""
    found = pattern.search(text)
    return found, text if found is None else f"{text[: found.start()]} {text[found.end():]}"


def _named(names: dict[str, str], text: str) -> tuple[tuple[str, ...], str]:
    """Keys whose words stand in a text, in the order of the table, and the text without them."""
    found = []
    for key, words in names.items():
        pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE if key in AIMS else 0)
        if pattern.search(text):
            found.append(key)
            text = pattern.sub(" ", text)
    return tuple(found), text
