"""Dates as quarter indices: 0.0 is the first day of 2024, 1.0 the first day of its second quarter.
"""

from __future__ import annotations

import re

ORIGIN = 2024
_QUARTER = re.compile(r"^(\d{4})\s*-?Q([1-4])$")
_ISO = re.compile(r"^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


def quarter_index(text: str | int) -> float:
    """Quarter index of a date: a quarter is its first day, a year or month its middle, a day its
    end.

    >>> quarter_index("2027Q1"), quarter_index(2027), quarter_index("2025-12-31")
    (12.0, 14.0, 8.0)

    Raises ValueError for anything else, saying what is allowed.
    """
    s = str(text).strip()
    if m := _QUARTER.match(s):
        year, quarter = int(m.group(1)), int(m.group(2))
        return float(4 * (year - ORIGIN) + quarter - 1)
    m = _ISO.match(s)
    if m and 1990 <= int(m.group(1)) <= 2100:
        year = 4.0 * (int(m.group(1)) - ORIGIN)
        if m.group(2) is None:
            return year + 2.0
        month = int(m.group(2))
        if 1 <= month <= 12:
            if m.group(3) is None:
                return year + (month - 0.5) / 3.0
            if 1 <= int(m.group(3)) <= 31:
                return year + (month - 1 + int(m.group(3)) / 31.0) / 3.0
    raise ValueError(f"found {s!r}; expected a date such as 2027, 2027Q1, 2027-03 or 2027-03-31")


def month_text(date: str) -> str:
    """A date as text that sorts by time: a quarter is its last month, others are as they are.

    >>> sorted(["2026Q1", "2026-02", "2026", "2026-04-01"], key=month_text)
    ['2026', '2026-02', '2026Q1', '2026-04-01']
    """
    year, mark, quarter = date.partition("Q")
    return f"{year}-{3 * int(quarter):02d}" if mark else date


def quarter_name(index: int) -> str:
    """Name of a quarter.

    >>> quarter_name(12)
    '2027Q1'
    """
    return f"{ORIGIN + index // 4}Q{index % 4 + 1}"
