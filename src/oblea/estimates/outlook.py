"""Each fab project of the register: what was promised, what is expected now, what the model of
delays gave on the day of the promise, and how that did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oblea.evidence import Evidence

from . import delays
from .causes import PROMISED_ON


@dataclass(frozen=True, slots=True)
class Outlook:
    """Dates as decimal years: promised, expected now or opened, 80 % of the model. late: months
    against the promise; error: against the model's median; held: whether the 80 % interval has the
    opening. An open project has no error and, until the interval is over, no `held`; once it is
    over without an opening, or the project is cancelled, the interval did not hold: leaving that
    out would count the punctual alone."""

    id: str
    company: str
    site: str
    country: str
    promised: float
    now: float | None
    opened: bool
    p10: float
    median: float
    p90: float
    late: float | None
    error: float | None
    held: bool | None
    cause: str


def outlook(evidence: Evidence) -> list[Outlook]:
    """Projects in the order of their promise. The model is fitted without the project's own firm.

    >>> from oblea.evidence import load
    >>> rows = outlook(load())
    >>> all(r.p10 < r.median < r.p90 for r in rows) and len(rows) > 20
    True
    """
    from .score import without

    rows, tau, out = delays.projects(evidence), delays.prior_sd(evidence), []
    fitted: dict[tuple[str, ...], delays.Execution] = {}
    for row in evidence.table("fab_projects"):
        made = PROMISED_ON.get(row["id"], (row["announced"],))[0]
        if not row["promised_production"]:
            continue
        start = delays.months(made)
        half = delays.HALF_WIDTH[row["promise_precision"]]
        if delays.months(row["promised_production"]) - start <= half:
            continue
        firm = delays.companies(row["company"])
        if firm not in fitted:
            fitted[firm] = delays.fit(without(rows, firm), tau)
        f = fitted[firm].predict(row["country"], row["kind"], made, row["promised_production"],
                                 row["promise_precision"])
        out.append(_one(row, start, f, delays.months(row["as_of"])))
    return sorted(out, key=lambda r: r.promised)


def _one(row: dict[str, Any], start: float, f: delays.Forecast, seen: float) -> Outlook:
    """`seen`: the month in which the register was last looked at."""
    p10, median, p90 = (f.quantile(p) for p in (0.1, 0.5, 0.9))
    promised = delays.months(row["promised_production"])
    now = delays.months(row["production"]) if row["production"] else None
    opened = bool(row["production"]) and bool(row["is_actual"])
    took = None if now is None or not opened else now - start
    over = seen - start > p90 or row["status"] == "cancelled"
    held = (False if over else None) if took is None else bool(p10 <= took <= p90)
    year = lambda m: m / 12  # noqa: E731
    return Outlook(
        row["id"], row["company"], row["site"], row["country"], year(promised),
        None if now is None else year(now), opened, year(start + p10), year(start + median),
        year(start + p90), None if now is None else now - promised,
        None if took is None else took - median, held, row["cause"])
