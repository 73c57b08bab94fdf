"""Years between the generations of accelerators.

    gap = release of a vendor's next generation - release of this one       ln gap = m + e

exp(m) over all vendors, with the interval of the mean: the generation of a scenario stands for all
vendors' chips. A generation is what its vendor calls a new architecture, dated by its first chip
for training; memory refreshes and parts for one market are none. Source: the table
`accelerator_specs`.

By hand: gaps of 1 and 4 years: 2 years.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from oblea.evidence import Evidence

from ._further import further
from ._known import by, of_rows
from ._types import Estimate, TooFewRows

GENERATIONS: dict[str, tuple[str, ...]] = {
    "NVIDIA": ("p100", "v100", "a100_40", "h100", "b200", "rubin"),
    "Google": ("tpu_v2", "tpu_v3", "tpu_v4", "tpu_v5p", "tpu_v7"),
    "AMD": ("mi250x", "mi300x", "mi355x"),
    "Amazon": ("trainium1", "trainium2", "trainium3"),
}


def generation_gap(evidence: Evidence, known_by: str | None = None) -> Estimate:
    """Years from a generation to the next, over all vendors.

    >>> from oblea.evidence import load
    >>> e = generation_gap(load())
    >>> e.n, e.unit, 1.5 < e.low < e.value < e.high < 2.5
    (13, 'year', True)
    """
    name = "generation_gap"
    points = by(of_rows(evidence, "accelerator_specs", "release_date", lambda r: 1.0,
                        label=lambda r: r["id"]), known_by)
    when = {p.ids[0].partition(":")[2]: p for p in points}
    pairs = [(when[a], when[b]) for chips in GENERATIONS.values() for a, b in pairwise(chips)
             if a in when and b in when]
    if len(pairs) < 3:
        raise TooFewRows(name, len(pairs), 3, known_by)
    value, low, high = np.exp(further([np.log(b.when - a.when) for a, b in pairs], 0.0))
    return Estimate(
        name, float(value), float(low), float(high), "year",
        "geometric mean of years between a vendor's generations of chips for training, the "
        "interval of the mean", tuple(i for ab in pairs for p in ab for i in p.ids), len(pairs),
        max(b.known for _, b in pairs), None, "Gaps run from one to three years.")
