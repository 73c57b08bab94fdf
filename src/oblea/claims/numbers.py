"""Numbers in a sentence: value, kind, comparator, and what makes a reading unsafe."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS = ("GW", "TWh", "FLOP", "times", "MW")  # these may stand right behind the digits
# A billón is 1e12; a billion is 1e9. The words of one tongue are not read in the other.
SCALES = {
    "en": {"thousand": 1e3, "million": 1e6, "millions": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9,
           "billions": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "trillions": 1e12, "tn": 1e12,
           "k": 1e3, "t": 1e12},
    "es": {"mil millones": 1e9, "millardos": 1e9, "mil": 1e3, "millón": 1e6, "millones": 1e6,
           "billón": 1e12, "billones": 1e12, "trillón": 1e18, "trillones": 1e18},
}
FOREIGN = {"en": r"\b(billones|billón|trillones|millones|mil)\b",
           "es": r"\b(billions?|trillions?|millions?)\b"}
WORDS = {
    "en": {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10, "twelve": 12, "twenty": 20, "fifty": 50, "hundred": 100},
    "es": {"un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
           "nueve": 9, "diez": 10, "doce": 12, "veinte": 20, "cincuenta": 50, "cien": 100},
}
_ADJ = (r"(?:(?!(?:nm|nanomet\w+|to|for|of|in|and|on|or|by|the|a|de|para|en|y|los|las|la|el|que|"
        r"from)\b)[\w-]+ ){0,2}")
NOUNS = {
    "fabs": _ADJ + r"(?:fabs?\b|plants?\b|factories\b|fábricas?\b|plantas?\b)",
    "people": _ADJ + r"(?:people|workers?|jobs|positions|posts|employees|professionals|personas|"
              r"trabajadores|puestos|empleos|profesionales)\b",
    "tools": _ADJ + r"(?:tools?|machines?|scanners?|systems?|máquinas?|escáneres)\b",
    "GW": r"(?:gw|gigawatts?|gigavatios?)\b",
    "TWh": r"(?:twh|terawatt[- ]hours?|teravatios?[- ]hora)\b",
    "FLOP": r"(?:flops?)\b",
    "times": r"(?:times|x|veces|fold)\b",
    "MW": r"(?:mw|megawatts?|megavatios?)\b",
}
_DIGITS = r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_FREE = r"(?<![\w./:+\-–,])"  # not a part of a name, a date, a version or another number
YEAR = re.compile(r"(?<![\d.,$€£])(?:19|20)\d\d(?![\d%]|[.,]\d)")
MONEY = r"(?:us\$|usd|u\$s|\$|dollars?|dólares?)"
OTHER_MONEY = re.compile(r"(?:€|£|¥|₩|\beuros?\b|\byuan\b|\byen\b|\bwon\b|\brmb\b|\bpounds?\b|"
                         r"\blibras?\b|\bpesos?\b|\brupees?\b|\bEUR\b|\bGBP\b|\bCNY\b|\bJPY\b|"
                         r"\bNT\$|\bS\$|\bHK\$|\bA\$|\bC\$)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A number in a text.

    value: in the unit of its kind, plain dollars, per cent, GW; high: the upper end of a range;
    comparator: about, at least, at most; start, end: in the sentence; per: year, hour, GW or None;
    trouble: a key of the reason why it is not read with confidence, or None; slip: trillones that
    can only be billones.
    """

    text: str
    value: float
    high: float | None
    kind: str
    comparator: str
    start: int
    end: int
    per: str | None = None
    trouble: str | None = None
    slip: bool = False


def number(text: str, lang: str) -> float | None:
    """A written number; None where its marks can be read in two ways.

    >>> number("67,000", "es"), number("6,7", "es"), number("3.320", "es"), number("1,250.5", "en")
    (67000.0, 6.7, 3320.0, 1250.5)
    >>> number("1.250", "en") is None
    True
    """
    text = re.sub(r"(?<=\d)[\u00a0\u202f ](?=\d{3})", "", text)
    marks = [c for c in text if c in ".,"]
    if not marks:
        return float(text)
    if len(set(marks)) == 2:
        last = marks[-1]
        if marks.count(last) > 1:
            return None
        other = "," if last == "." else "."
        return float(text.replace(other, "").replace(last, "."))
    mark = marks[0]
    head, _, tail = text.partition(mark)
    if len(marks) > 1:
        return float(text.replace(mark, ""))
    if len(tail) == 3 and head != "0":
        # 1,250 is a thousand in either tongue; 1.250 only in Spanish.
        if mark == "," or lang == "es":
            return float(head + tail)
        return None
    return float(text.replace(",", "."))


def _scales(lang: str) -> str:
    return "|".join(sorted(map(re.escape, SCALES[lang]), key=len, reverse=True))


def _pattern(lang: str) -> re.Pattern[str]:
    words = "|".join(sorted(WORDS[lang], key=len, reverse=True))
    between = r"(?:\s*[-–]\s*|\s+(?:to|a)\s+)"
    nouns = "|".join(f"(?P<n_{k}>{p})" for k, p in NOUNS.items() if k not in UNITS)
    units = "|".join(f"(?P<n_{k}>{NOUNS[k]})" for k in UNITS)
    return re.compile(
        rf"(?P<cur>(?:us\$|u\$s|usd|\$)\s?)?{_FREE}(?P<a>{_DIGITS}|\b(?:{words})\b)"
        rf"(?:(?P<gap>\s?)(?P<scale1>{_scales(lang)})(?![\w-]))?"
        rf"(?:{between}(?P<cur2>(?:us)?\$)?(?P<b>{_DIGITS})(?![\w/])"
        rf"(?:\s?(?P<scale>{_scales(lang)})(?![\w-]))?)?"
        rf"(?:\s*(?P<pct>%|per ?cent\b|por ciento\b)(?P<points>[\s-]*(?:age )?points?\b|"
        rf"\s+puntos)?|\s+(?:de\s+)?(?P<usd>{MONEY}\b)|[\s-]*(?:de\s+)?(?:{units})|"
        rf"[\s-]+(?:de\s+)?(?:{nouns})|(?P<x>[x×])(?!\w))?",
        re.IGNORECASE)


_CACHE: dict[str, re.Pattern[str]] = {}
_BEFORE = {
    "at least": r"(?:more than|over|above|at least|exceed\w*|upwards of|más de|superior(?:es)? a|"
                r"al menos|supera\w*|por encima de)",
    "at most": r"(?:less than|under|below|fewer than|at most|menos de|inferior(?:es)? a|"
               r"por debajo de|como máximo)",
}
_PER = {
    "year": r"(?:a year|per year|/ ?year|/ ?yr|annually|yearly|each year|every year|per annum|"
            r"al año|anual(?:es|mente)?|por año|cada año)",
    "hour": r"(?:an hour|per hour|/ ?h(?:ou)?r?\b|per gpu.?hour|hourly|por hora|la hora)",
    "GW": r"(?:per gw|a gw|/ ?gw|per gigawatt|a gigawatt|each gigawatt|por gw|por gigavatio|"
          r"cada gigavatio|el gigavatio)",
    "other": r"(?:(?:per|/)\s?\w+|por (?!cien|el|la|los|las|su)\w+|a share|an? \w+ share|"
             r"cada \w+|an? (?:month|week|day|quarter)|al (?:mes|día|trimestre)|mensual\w*|"
             r"diari\w+|trimestral\w*)",
}
# After a scaled number without a currency: words that show that nothing else is counted.
_ALONE = re.compile(
    r"\s*(?:$|[.,;:?!)\]\"'”»]|(?:for|in|to|by|on|from|into|a year|per|annually|will|would|plan|"
    r"is|was|and|at|as|over|this|last|para|en|por|al|hasta|desde|a|y|que|será|fue|era|es|"
    r"according|según|investment|bet|deal|project)\b)", re.IGNORECASE)
_PART = re.compile(r"(?:%|percent|per cent|por ciento|half|third|quarter|fraction|part|mitad|"
                   r"tercio|cuarto|parte)\s+(?:of|de|del)\s+"
                   r"(?:the |its |that |los |las |sus |esos )?(?:us)?\$?\s*$", re.IGNORECASE)


def find(sentence: str, lang: str) -> list[Found]:
    """Every number of a sentence that is a quantity: no years, ordinals, names, dates or phones.

    >>> [(f.value, f.kind, f.comparator) for f in find("It cost more than $100 million.", "en")]
    [(100000000.0, 'USD', 'at least')]
    >>> [f.value for f in find("GPT-4 of 2023 and the 3rd H100, call +1 650 555 0100", "en")]
    []
    >>> [f.value for f in find("Buscan 7 billones de dólares", "es")]
    [7000000000000.0]
    """
    pattern = _CACHE.setdefault(lang, _pattern(lang))
    out = []
    phones = [m.span() for m in re.finditer(
        r"\+?\d[\d\s().-]{7,18}\d(?!\s*(?:%|[a-zA-Z]))|\(\d{3}\)\s*\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b",
        sentence)]
    for m in pattern.finditer(sentence):
        start = m.start("a")
        if any(a <= start < b for a, b in phones) and not m["scale"] and not m["usd"]:
            continue
        found = _read(m, sentence, lang)
        if found is not None:
            out.append(found)
    return out


def _read(m: re.Match[str], s: str, lang: str) -> Found | None:
    raw, end = m["a"], m.end()
    before, after = s[:m.start()], s[end:]
    word = raw.lower() in WORDS[lang]
    scale_word = (m["scale"] or m["scale1"] or "").lower()
    money = bool((m["cur"] or "").strip() or m["usd"] or m["cur2"])
    # Letters right behind a number make it a name or an ordinal: 3rd, 2nm, 10-K.
    kind = _kind(m, money)
    if kind is None and not scale_word and re.match(r"[\w°º]|-\w", after):
        return None
    if (len(scale_word) == 1 and m["gap"]) or re.match(r"\w", after):
        return None
    if raw.lower() in ("one", "un") and not scale_word:
        return None
    if re.match(r"\s?(?:[/:]\s?\d|[ªº°])", after) or re.search(r"\d[/:.]$|[#№]$", before):
        return None
    if word and not scale_word and kind is None:
        return None
    value = float(WORDS[lang][raw.lower()]) if word else number(raw, lang)
    if kind is None and not scale_word:
        if value is not None and re.fullmatch(r"(?:19|20)\d\d", raw):
            return None
        if not re.search(r"[.,]\d{3}", raw) and not re.fullmatch(r"\d{5,}", raw):
            return None  # a bare small number: a list, a chapter, an age
    trouble = None
    if value is None or (scale_word and re.fullmatch(r"\d{1,3}[.,]\d{3}", raw)):
        trouble, value = "marks", value or 0.0
    if re.search(FOREIGN[lang], after[:24] if not scale_word else s[m.start():end + 2],
                 re.IGNORECASE):
        trouble = "tongues"
    factor = SCALES[lang].get(scale_word, 1.0)
    high = None
    if m["b"]:
        high = number(m["b"], lang)
        if high is None or high <= value or (kind is None and not scale_word):
            trouble = trouble or "range"
            high = None
    first = SCALES[lang].get((m["scale1"] or "").lower(), factor)
    comparator = "about"
    head = before[-40:]
    if re.search(r"\b(?:between|entre|from|desde)\s+(?:\S+\s+){0,4}?$", head, re.IGNORECASE) and (
            re.search(r"\d\S*(?:\s\w+)?\s+(?:and|y|to|a)\s+(?:us)?$|(?:between|entre)\s+$", head,
                      re.IGNORECASE)):
        trouble = trouble or "range"
    for name, words in _BEFORE.items():
        if re.search(rf"\b{words}\s+(?:the |los |las |some |unos |un )*$", head, re.IGNORECASE):
            comparator = name
    near = s[max(0, m.start() - 8):end + 12]
    if re.search(r"\b[bt]rillion\b", s, re.IGNORECASE) and re.search(
            r"\b(?:billón|billones|mil millones|trillones)\b", s, re.IGNORECASE):
        trouble = "tongues"
    if OTHER_MONEY.search(near):
        kind, trouble = "other money", "money"
    if m["points"]:
        trouble = "points"
    if _PART.search(s[:m.start("a")]):
        trouble = trouble or "part"
    per = next((name for name, words in _PER.items()
                if re.match(rf"[\s,]*(?:(?:of )?{MONEY}|usd|de dólares)?\s*{words}", after,
                            re.IGNORECASE)), None)
    value = value * first
    slip = False
    if lang == "es" and factor == 1e18 and kind in ("USD", None):
        slip, value = True, value / 1e6
    if kind is None:
        kind = "USD" if scale_word and _ALONE.match(after) else "plain"
    return Found(s[m.start():end].strip(), value, None if high is None else high * factor,
                 kind, comparator, m.start(), end, per,
                 trouble, slip)


def _kind(m: re.Match[str], money: bool) -> str | None:
    if money:
        return "USD"
    if m["pct"]:
        return "%"
    if m["x"]:
        return "times"
    return next((k for k in NOUNS if m[f"n_{k}"]), None)
