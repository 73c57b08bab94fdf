"""What has become of single ranges: of the numbers of a world as known then, how many hold what the
world of today says of the same thing.

A range of 90 % should hold nine in ten. Counted are numbers that the world of then states itself,
with a range, and that differ today; a dated series is compared at `at`, with the range that it
states for two years on and the common error, where there is one, of the year ahead. Both worlds are
by the same authors, so that agreement proves little and disagreement much.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario import Number, Scenario

GROUPS = {
    "content": ("products.*", "stages.*.output", "stages.*.amount", "stages.*.defects",
                "stages.*.euv_layers"),
    "ai_share": ("stages.*.ai_share",),
    "prices": ("stages.*.price", "stages.*.capex"),
    "capacity": ("stages.*.capacity",),
    "books": ("stages.*.committed", "pools.*.committed"),
    "supply": ("pools.*.supply",),
    "spending": ("demand.capex",),
}


def revisions(then: Scenario, now: Scenario, at: float) -> list[dict[str, Any]]:
    """For each group: its numbers that were revised, how many lie inside the range of then, and the
    median of |ln(now / then)| as a factor.

    at: quarter index at which dated series are compared.

    >>> from oblea.scenario import load
    >>> now = load("reference")
    >>> sum(r["n"] for r in revisions(now, now, 8.0))
    0
    """
    out = []
    for group, patterns in GROUPS.items():
        found = [r for k, n in then.numbers.items()
                 if any(fnmatchcase(k, p) for p in patterns)
                 for r in [_revised(n, now.numbers.get(k), then, at)] if r is not None]
        factors = sorted(max(r, 1.0 / r) for r, _ in found)
        out.append({"group": group, "n": len(found), "inside": sum(i for _, i in found),
                    "factor": factors[len(factors) // 2] if factors else None})
    return out


def _revised(n: Number, m: Number | None, then: Scenario, at: float) -> tuple[float, bool] | None:
    """Today's over then's, and whether it is within the range; None where nothing was revised."""
    if m is None or n.file == m.file or n.low is None or n.high is None:
        return None
    x, y = n.at(at), m.at(at)
    if x <= 0.0 or y <= 0.0 or abs(y / x - 1.0) < 1e-6:
        return None
    low, high = (n.low, n.high) if n.points is None else (x * n.low, x * n.high)
    if then.common and any(fnmatchcase(n.key, p)
                           for p in (*then.common.moves, *then.common.builds)):
        e = then.common.error
        low, high = low * (e.low or 1.0), high * (e.high or 1.0)
    return y / x, low <= y <= high
