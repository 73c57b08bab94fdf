"""V7, grants. How long CHIPS Act money took (awards by date; GAO, July 2025)."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import Any

from .. import evidence


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Medians in days, counted from dates; shares in per cent."""
    table = evidence.load().table("chips_awards")
    enacted = given["enacted"]
    first = [_days(enacted, r["pmt_date"]) for r in table]
    final = [_days(r["pmt_date"], r["final_date"]) for r in table if r["final_date"]]
    others = [_days(enacted, day) for day in given["not_in_table"].values()]
    return {
        "first_table": median(first),
        "first_all": median(first + others),
        "awards": len(first + others),
        "final": median(final),
        "disbursed": 100.0 * given["disbursed"] / given["awarded"],
        "months": _days(enacted, given["counted"]) / 30.4375,
    }
