"""Sentences, their language, and what in them makes a number no plain statement."""

from __future__ import annotations

import re

_EN = re.compile(r"\b(the|of|and|is|are|to|in|that|for|with|was|has|have|it|than|per)\b", re.I)
_ES = re.compile(r"\b(el|la|los|las|de|del|que|en|es|son|una|un|por|para|con|se|y|más|su)\b", re.I)
_SPANISH = re.compile(r"[¿¡ñ]|[áéíóú]\w|\b(?:mil|millones|billones|trillones)\b", re.I)
_ABBREVIATED = re.compile(r"\b(U\.S|EE|UU|Mr|Ms|Dr|Inc|Corp|approx|aprox|Sra?|vs|e\.g|i\.e|No)\.$")

DENIAL = re.compile(
    r"\b(false|falsely|myth|wrong|wrongly|denie[sd]|deny|denying|debunk\w*|hoax|incorrect\w*|"
    r"untrue|rumou?r\w*|fals[oa]s?|mito|desmint\w*|desmient\w*|neg(?:ó|aron|ado)|erróne\w+|"
    r"incorrect[oa]s?|bulo|rumor\w*|joke\w*|fiction\w*|novel|ficción|novela|broma|"
    r"hardly|scarcely|few|doubt\w*|pocos|dud[ao]\w*|difícilmente)\b", re.I)
HYPOTHESIS = re.compile(
    r"\b(if|suppose|supposing|imagine|hypothetical\w*|assum\w+|were to|would have|unless|"
    r"pretend|whether|si|supong\w*|supon\w*|imagin\w*|hipotétic\w*|hipótesis|asum\w+|"
    r"a menos que|en caso de)\b", re.I)
# May is a month where it is written so.
MAYBE = re.compile(r"\b((?-i:may)|could|might|should|would|podría\w*|puede que|quizá\w*|tal vez|"
                   r"debería\w*|costaría\w*|sería\w*)\b", re.I)
NEGATION = re.compile(
    r"\b(not|never|no longer|neither|nor|cannot|none|rather than|instead of|far from|nowhere near|"
    r"without|nunca|jamás|tampoco|ni|lejos de|en lugar de|en vez de|no|sin)\b|n['’]t\b", re.I)
# What follows a number and turns it into a rise, not a level.
RISE = re.compile(
    r"\b(rose|rise[sn]?|grew|gr[oe]wn?|fell|increas\w+|cut|cuts|added?|gained|jumped|dropped|lost|"
    r"aument\w+|subi\w+|creci\w+|cay\w+|baj\w+|recort\w+|perdi\w+|ganó|sumó)\b", re.I)
_CLAUSE = re.compile(r"[;:—(),]|\b(?:but|while|whereas|pero|mientras|sino|aunque|and|y)\b", re.I)


def language(text: str, default: str = "en") -> str:
    """'en' or 'es', by the commonest small words; `default` where one word decides.

    >>> language("The cost of a fab is high"), language("El coste de la fábrica es alto")
    ('en', 'es')
    """
    en, es = len(_EN.findall(text)), len(_ES.findall(text))
    es += 2 * len(_SPANISH.findall(text))
    return default if abs(es - en) < 2 else "es" if es > en else "en"


def sentences(text: str) -> list[tuple[int, str]]:
    """(offset, sentence) in order; lines that stand alone are sentences of their own.

    >>> [s for _, s in sentences("U.S. outlays rose. They were 6.1 trillion.")]
    ['U.S. outlays rose.', 'They were 6.1 trillion.']
    """
    out = []
    for block in re.finditer(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*", text):
        start = block.start()
        for m in re.finditer(r"[.!?…]+[\"'»”)]*(?=\s+[\"'«“(¿¡]*[A-ZÁÉÍÓÚÑ0-9$€]|\s*$)",
                             block.group()):
            end = block.start() + m.end()
            piece = text[start:end]
            if _ABBREVIATED.search(piece.rstrip()) and m.end() < len(block.group()):
                continue
            _add(out, start, piece)
            start = end
        _add(out, start, text[start:block.end()])
    return out


LONGEST = 1500  # letters: what is longer is no sentence, and is cut between words


def _add(out: list[tuple[int, str]], start: int, piece: str) -> None:
    while len(piece) > LONGEST:
        cut = max(piece.rfind(" ", 0, LONGEST), 0) or LONGEST
        _add(out, start, piece[:cut])
        start, piece = start + cut, piece[cut:]
    lead = len(piece) - len(piece.lstrip())
    if piece.strip():
        out.append((start + lead, piece.strip()))


def clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """The piece between commas and conjunctions that holds [start, end)."""
    left, right = 0, len(sentence)
    for m in _CLAUSE.finditer(sentence):
        inside_number = (m.group() == "," and sentence[m.start() - 1:m.start()].isdigit()
                         and sentence[m.end():m.end() + 1].isdigit())
        if inside_number:
            continue
        if m.end() <= start:
            left = m.end()
        elif m.start() >= end:
            right = m.start()
            break
    return left, right


def asked(sentence: str, start: int) -> bool:
    """Whether the place lies in a question."""
    opened = sentence.rfind("¿", 0, start)
    if "¿" in sentence:
        return opened >= 0 and "?" in sentence[start:] and "?" not in sentence[opened:start]
    return sentence.rstrip("\"'»”) ").endswith("?")
