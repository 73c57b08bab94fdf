"""When a fact became known: what stood in the open on a given day, and what came after it."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date as Day
from datetime import timedelta

from oblea.evidence._types import Fact

_DATE = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?\Z")

# Days after a year and after a quarter by which a large company must have told its figures: forms
# 10-K and 10-Q of the SEC (17 CFR 249.310 and 249.308a). Others tell theirs as late or later.
AFTER = {"year": 60, "quarter": 40}


def known_by(fact: Fact, day: str) -> bool:
    """Whether a fact was public on a day, which counts as over.

    Of the time that :attr:`Fact.known` names only the end is sure: a year counts as known on
    31 December, a quarter and a month on their last day.

    Args:
        fact: any fact of the evidence.
        day: a whole day, such as ``2023-12-31``.

    Raises:
        ValueError: ``day`` is no whole day, for which the answer would be a guess.

    >>> from oblea.evidence import load
    >>> forecast = load().fact("lbl_us_2028")
    >>> forecast.date, forecast.known
    ('2028', '2024-12-20')
    >>> known_by(forecast, "2024-12-31"), known_by(forecast, "2023-12-31")
    (True, False)
    """
    match = _DATE.match(day)
    if not match or not match[4] or last_day(day) != day:
        raise ValueError(f"found {day!r}; expected a whole day such as 2023-12-31")
    return last_day(fact.known) <= day


def last_day(date: str) -> str:
    """The last day of a date of any precision, as ISO text, which sorts by time.

    A day that its month does not have becomes the month's last.

    >>> [last_day(date) for date in ("2024", "2024Q1", "2024-02", "2024-02-07", "2023-02-31")]
    ['2024-12-31', '2024-03-31', '2024-02-29', '2024-02-07', '2023-02-28']
    """
    match = _DATE.match(date)
    if not match:
        raise ValueError(f"found {date!r}; expected a date such as 2027, 2027Q1 or 2027-03-31")
    year, quarter, month, day = match.groups()
    month_number = 3 * int(quarter) if quarter else int(month or 12)
    last = monthrange(int(year), month_number)[1]
    return f"{year}-{month_number:02d}-{min(int(day or last), last):02d}"


def became_known(date: str, known: str | None, accessed: str) -> str:
    """The day a fact became known: as stated, else on its own date, else when its source was read.

    Args:
        date: what the number speaks of.
        known: the day of publication where it is stated.
        accessed: the day on which the source was read.

    A number about a month or a day that was over when the source was read counts as known then; one
    about a year or a quarter when figures of such a time are told, `AFTER` its end. All else,
    forecasts and the current year, was known by the reading at the latest, and without a stated
    day nothing earlier is sure.

    >>> became_known("2025", None, "2026-11-24"), became_known("2030", None, "2026-11-24")
    ('2026-03-01', '2026-11-24')
    >>> became_known("2025Q3", None, "2026-11-24"), became_known("2025-09", None, "2026-11-24")
    ('2025-11-09', '2025-09')
    >>> became_known("2030", "2024-08-20", "2026-11-24")
    '2024-08-20'
    """
    if known:
        return known
    end = last_day(date)
    if end > accessed:
        return accessed
    whole = "quarter" if "Q" in date else "year" if len(date) == 4 else None
    if whole is None:
        return date
    return min((Day.fromisoformat(end) + timedelta(AFTER[whole])).isoformat(), accessed)
