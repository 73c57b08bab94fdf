"""How long parts are held before the accelerator that they are in is sold.

    lead = inventory at the end of a quarter / cost of what was sold in it

in quarters: dies, memory and packages that the vendor has bought and not sold yet, over what it
sells in a quarter (Little 1961, doi:10.1287/opre.9.3.383). Sales that grow make it a little too
long, what still lies at the foundry is not in it.
"""

from __future__ import annotations

from oblea.evidence import Evidence

from ._further import further
from ._known import Point, by, known_on, years
from ._types import Estimate, TooFewRows

QUARTERS = ("fy24q4", "fy25q1", "fy25q2", "fy25q3", "fy25q4")


def parts_lead(evidence: Evidence, known_by: str | None = None) -> Estimate:
    """Quarters from the use of a part to the sale of its accelerator, NVIDIA's books: the mean, and
    90 % for one further quarter (t).

    >>> from oblea.evidence import load
    >>> e = parts_lead(load())
    >>> e.n, e.unit, round(e.value, 2)
    (5, 'quarter', 0.95)
    """
    name = "parts_lead"
    points = []
    for q in QUARTERS:
        held, cost = evidence.fact(f"nvda_inventory_{q}"), evidence.fact(f"nvda_cost_{q}")
        points.append(Point((held.id, cost.id), years(held.date), held.value / cost.value,
                            max(known_on(held), known_on(cost))))
    points = by(points, known_by)
    n = len(points)
    if n < 3:
        raise TooFewRows(name, n, 3, known_by)
    return Estimate(
        name, *further([p.value for p in points]), "quarter",
        "mean of inventory over the quarter's cost of revenue, NVIDIA; 90 % for one more quarter",
        tuple(i for p in points for i in p.ids), n, max(p.known for p in points), None,
        "One vendor, all its products; growth makes it a little too long, time at the foundry is "
        "not in it. The quarter of the H20 charge (April 2025) is left out.")
