"""How much of order books that run for years is given back in a year.

No register of memory, packaging, turbines or grid connections exists; of aircraft, ships and leased
halls what was cancelled is known. A rate that lasts is wanted, so that a book counts once, with the
mean of its years on record, bad ones included:

    b_i = mean over its years of cancelled / book        ln b_i = m + e

and the estimate is exp(m), with 90 % for one further book (t).

By hand: books of 2, 4 and 8 %: exp(m) = 4 %.
"""

from __future__ import annotations

import numpy as np

from oblea.evidence import Evidence

from ._further import further
from ._known import by, of_facts
from ._types import Estimate, TooFewRows

BOOKS: dict[str, tuple[str, ...]] = {
    "Airbus": tuple(f"book_cancelled_airbus_{y}" for y in (2021, 2022, 2023, 2024, 2025)),
    "Boeing": tuple(f"book_cancelled_boeing_{y}" for y in (2017, 2018, 2020)),
    "container ships": ("book_cancelled_ships",),
    "leased halls": ("book_cancelled_halls_2025",),
}


def book_cancelled(evidence: Evidence, known_by: str | None = None) -> Estimate:
    """Share of a full order book that buyers give back in a year: geometric mean over books.

    >>> from oblea.evidence import load
    >>> e = book_cancelled(load())
    >>> e.n, e.unit, e.low < 3 < e.value < 5 < e.high
    (4, '%/year', True)
    """
    name = "book_cancelled"
    books = [p for ids in BOOKS.values() if (p := by(of_facts(evidence, ids), known_by))]
    if len(books) < 3:
        raise TooFewRows(name, len(books), 3, known_by)
    means = [np.log(np.mean([p.value for p in b])) for b in books]
    value, low, high = np.exp(further(means))
    points = [p for b in books for p in b]
    return Estimate(
        name, float(value), float(low), float(high), "%/year",
        "geometric mean over order books of cancellations a year over the book, each the mean of "
        "its years; 90 % for one further book",
        tuple(i for p in points for i in p.ids), len(books), max(p.known for p in points), None,
        "Aircraft, ships and halls. Boeing's 2020 is a crisis and counts (without it 3.3, 1.6 to "
        "6.8); its 2019 and later years are not on record. Halls are one tenant's: a floor.")
