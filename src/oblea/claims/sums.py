"""Sums of money and days as people write them."""

from __future__ import annotations

import re
from datetime import date

from ..errors import InputErrors, Problem
from .numbers import find

LARGEST = 1e18  # dollars; beyond it a slip is likelier than a sum


def read_sum(text: str) -> float:
    """A sum of money in dollars from what people write.

    >>> read_sum("7e12"), read_sum("7 trillion USD"), read_sum("7 billones"), read_sum("$500bn")
    (7000000000000.0, 7000000000000.0, 7000000000000.0, 500000000000.0)

    Raises InputErrors for what is no sum.
    """
    try:
        plain: float | None = float(re.sub(r"(?i)\s*(?:usd|\$)\s*", "", text).replace("_", ""))
    except ValueError:
        spanish = re.search(r"(?i)mil|bill[oó]n|trill[oó]n|dólares", text) and not re.search(
            r"(?i)billions?\b|trillions?\b|millions?\b", text)
        text = text.strip()
        found = find(text, "es" if spanish else "en")
        whole = len(found) == 1 and not re.search(
            r"[^\s.]", (text[:found[0].start] + text[found[0].end:]).lower().replace("usd", ""))
        plain = found[0].value if whole and found[0].kind == "USD" and not found[0].trouble \
            and found[0].high is None and not found[0].slip else None
    if plain is None or not 0 < plain < LARGEST:
        raise InputErrors([Problem("scale", None, "SUM", f"found {text[:60]!r}; expected a sum in "
                                   "dollars above 0, such as 7e12, '7 trillion USD' or "
                                   "'7 billones'")])
    return plain


def check_day(day: str, where: str) -> None:
    """Nothing for a whole day such as 2024-02-29, else InputErrors."""
    try:
        date.fromisoformat(day)
        fine = len(day) == 10
    except ValueError:
        fine = False
    if not fine:
        raise InputErrors([Problem(where, None, "--on", f"found {day!r}; expected a whole day "
                                   "such as 2024-02-29")])
