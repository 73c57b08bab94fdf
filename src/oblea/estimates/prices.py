"""What a dollar, a kilowatt and a wafer buy, by year; defects by quarters of production.

Price-performance: ln(H100e / x) = a + g t over accelerators by release date, dense BF16 over the
H100's. Wafers: ln price = a + g t, a + b log2(1 / node), or both. Defects: ln D0 = a + b q, with q
quarters since volume production. Sources: accelerator_specs, fab_cost, yield_die, fab_projects.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from oblea.evidence import Evidence
from oblea.evidence._known import last_day

from ._known import Point, by, known_on, of_facts, of_rows, years
from ._regress import Line, least_squares, percent
from ._types import Estimate, TooFewRows
from .growth import Series

EXPORT_LIMITED = frozenset({"h20", "ascend_910b", "ascend_910c"})
"""Chips shaped by export rules, either cut down or made without the best process."""

NODES = {"wafer_price_n28": 28.0, "wafer_price_n10": 10.0, "wafer_price_n7": 7.0,
         "wafer_price_n5": 5.0, "wafer_price_n3": 3.0, "wafer_price_n2": 2.0}
"""Node names as numbers; A16 is left out, its price is a rumour."""

VOLUME: dict[str, str | tuple[float, str]] = {
    "d0_n7": (3.0, "Three quarters after volume production began"),
    "d0_n5": "tsmc_f18p1",
    "d0_n4": "tsmc_f18p1",
    "d0_n2": "tsmc_f20p1",
}
"""Where volume production of a node began: a row of the register, or the quarters and the words of
the fact's own note. N4 is a mature N5. N3 has no start in the tables."""


def _per(divisor: Callable[[dict], float | None], basis: str | None):
    def points(ev: Evidence) -> list[Point]:
        h100 = next(r["bf16_flop_s"] for r in ev.table("accelerator_specs") if r["id"] == "h100")

        def value(row: dict) -> float | None:
            over = divisor(row)
            skip = row["id"] in EXPORT_LIMITED or (basis and row["price_basis"] != basis)
            return None if skip or not row["bf16_flop_s"] or not over else (
                row["bf16_flop_s"] / h100 / over)
        return of_rows(ev, "accelerator_specs", "release_date", value, label=lambda r: r["id"])
    return points


def _price(row: dict) -> float | None:
    """Geometric middle of the price range, USD."""
    low, high = row["price_low_usd"], row["price_high_usd"]
    return None if low is None or high is None else float(np.sqrt(low * high))


SERIES: dict[str, Series] = {
    "accelerator_per_kw": Series(
        _per(lambda r: r["tdp_w"] and r["tdp_w"] / 1e3, None),
        "H100e per kW of chip TDP by release date", "Chip power, not facility power; dense BF16.",
        scatter=True),
    "accelerator_per_dollar": Series(
        _per(_price, "chip price"), "H100e per dollar by release date, chips sold",
        "Prices of different times, not deflated; what buyers pay, with the vendor's margin.",
        scatter=True),
    "accelerator_per_dollar_own": Series(
        _per(_price, "own cost"), "H100e per dollar by release date, own chips at cost",
        "Seven chips of two firms; cost as estimated by the source.", scatter=True),
}


def _wafers(evidence: Evidence, name: str, known_by: str | None, need: int) -> list[Point]:
    points = by(of_facts(evidence, NODES), known_by)
    if len(points) < need:
        raise TooFewRows(name, len(points), need, known_by)
    return points


def _halvings(points: list[Point]) -> np.ndarray:
    """How often the node's name has halved since 28."""
    return np.array([np.log2(28.0 / NODES[p.ids[0]]) for p in points])


def _estimate(name: str, line: Line, points: list[Point], unit: str, method: str,
              caveat: str) -> Estimate:
    low, high = map(percent, line.interval(0))
    return Estimate(name, percent(line.coef[0]), low, high, unit, method,
                    tuple(i for p in points for i in p.ids), len(points),
                    max(p.known for p in points), None, caveat)


def wafer_price_by_year(evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(g) - 1 of ln price = a + g t, each node at the date of its price, %/year.

    >>> from oblea.evidence import load
    >>> wafer_price_by_year(load(), None).n
    6
    """
    p = _wafers(evidence, "wafer_price_by_year", known_by, 3)
    line = least_squares([[q.when, 1.0] for q in p], np.log([q.value for q in p]))
    return _estimate("wafer_price_by_year", line, p, "%/year",
                     "slope of ln list price on years, one node a point",
                     "List prices by the press. Dearer nodes, not a dearer node.")


def wafer_price_by_node(evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(b) - 1 of ln price = a + b log2(28 / node), % for each halving of the node's name.

    >>> from oblea.evidence import load
    >>> wafer_price_by_node(load(), None).unit
    '%'
    """
    p = _wafers(evidence, "wafer_price_by_node", known_by, 3)
    columns = np.column_stack([_halvings(p), np.ones(len(p))])
    line = least_squares(columns, np.log([q.value for q in p]))
    return _estimate("wafer_price_by_node", line, p, "%",
                     "slope of ln list price on log2(28 / node): rise a halving of the node's name",
                     "List prices by the press.")


def wafer_price_year_given_node(evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(g) - 1 of ln price = a + g t + b log2(28 / node), %/year: the year's part beside it.

    >>> from oblea.evidence import load
    >>> e = wafer_price_year_given_node(load(), None)
    >>> e.low < 0 < e.high
    True
    """
    p = _wafers(evidence, "wafer_price_year_given_node", known_by, 4)
    columns = np.column_stack([[q.when for q in p], _halvings(p), np.ones(len(p))])
    line = least_squares(columns, np.log([q.value for q in p]))
    alike = float(np.corrcoef(columns[:, 0], columns[:, 1])[0, 1])
    return _estimate("wafer_price_year_given_node", line, p, "%/year",
                     "slope on years of ln list price, log2(28 / node) beside it",
                     f"Year and node go together (correlation {alike:.2f}): the tables cannot "
                     "part them.")


def quarters_in_volume(evidence: Evidence, label: str) -> tuple[float, tuple[str, ...], str]:
    """Quarters from volume production to the fact's date, the rows used, and when they were known.

    >>> from oblea.evidence import load
    >>> quarters_in_volume(load(), "d0_n7")[0]
    3.0
    """
    fact, start = evidence.fact(label), VOLUME[label]
    if not isinstance(start, str):
        return start[0], (label,), known_on(fact)
    row = next(r for r in evidence.table("fab_projects") if r["id"] == start)
    quarters = 4 * (years(fact.date) - years(row["production"]))
    known = max(known_on(fact), last_day(row["production"]))
    return quarters, (label, f"fab_projects:{start}"), known


def _defects(evidence: Evidence, name: str, known_by: str | None) -> tuple[Line, list[Point]]:
    points = []
    for label in VOLUME:
        quarters, ids, known = quarters_in_volume(evidence, label)
        points.append(Point(ids, quarters, evidence.fact(label).value, known))
    points = by(points, known_by)
    if len(points) < 3:
        raise TooFewRows(name, len(points), 3, known_by)
    line = least_squares([[p.when, 1.0] for p in points], np.log([p.value for p in points]))
    return line, points


_FOUR = ("Four nodes of one maker, one point each, the oldest at 17 quarters; two are recalled or "
         "estimated. It is a slope across nodes, not one node's learning.")


def defect_density_start(evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(a) of ln D0 = a + b q: D0 when volume production begins, defects/cm2.

    >>> from oblea.evidence import load
    >>> defect_density_start(load(), None).unit
    'defects/cm2'
    """
    line, points = _defects(evidence, "defect_density_start", known_by)
    low, high = np.exp(line.interval(1))
    return Estimate("defect_density_start", float(np.exp(line.coef[1])), float(low), float(high),
                    "defects/cm2", "level at quarter 0 of ln D0 on quarters in volume",
                    tuple(i for p in points for i in p.ids), len(points),
                    max(p.known for p in points), None, _FOUR)


def defect_density_change(evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(b) - 1 of ln D0 = a + b q, %/quarter.

    >>> from oblea.evidence import load
    >>> defect_density_change(load(), None).value < 0
    True
    """
    line, points = _defects(evidence, "defect_density_change", known_by)
    return _estimate("defect_density_change", line, points, "%/quarter",
                     "slope of ln D0 on quarters in volume", _FOUR)
