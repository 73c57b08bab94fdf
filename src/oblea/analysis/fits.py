"""How much fits: the same plan at other pledges, on the same futures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case
from .gap import ALL_OFF, limiter
from .headline import spread
from .outcome import absorbed, delivered, pledged, tests
from .paired import standard_error

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories

TESTS = ("absorbed", "delivered", "returned", "joint")


def cases(sc: Scenario, paths: int) -> list[Case]:
    """One case a pledge, each a multiple of the scenario's own."""
    own = float(sc.programme.pledge.value or 1.0)
    return [Case(f"pledge {x:g}", paths, pledge=1e12 * x / own) for x in sc.report.pledges]


def promise_cases(sc: Scenario) -> list[Case]:
    """The deterministic run of the plan, and of each other pledge, with nothing in the way and on
    outside money alone."""
    alone = (("finance.reinvest", 0.0),)
    return [Case("promise", 1, off=ALL_OFF, scale=alone),
            *(replace(c, name=f"promise {c.name}", off=ALL_OFF, scale=alone)
              for c in cases(sc, 1))]


def fits(sc: Scenario, r: Trajectories, promises: Trajectories) -> dict[str, Any]:
    """Chances of each test by pledge, the span of pledges with even odds, and what ends it."""
    even = float(sc.report.even.value or 0.5)
    rows = []
    for x in sc.report.pledges:
        case = f"pledge {x:g}"
        promise = float(delivered(promises, f"promise {case}")[0])
        paid, passed = absorbed(r, case), tests(sc, r, case, promise)
        rows.append({
            "pledge": 1e12 * x, "absorbed": spread(paid), "promise": promise,
            "share": float(np.mean(paid / np.maximum(pledged(r, case), 1.0))),
            "se": standard_error(paid),
            "chances": passed.chances(),
            "limits": {k: limiter(sc, r, case, ~getattr(passed, k)) for k in TESTS}})
    return {"rows": rows, "even": {k: _span(rows, k, even) for k in TESTS}}


def _span(rows: list[dict[str, Any]], test: str, even: float) -> dict[str, Any] | None:
    """The longest run of neighbouring pledges with at least even odds, and what stops the next."""
    runs: list[list[int]] = [[]]
    for i, row in enumerate(rows):
        if row["chances"][test] >= even:
            runs[-1].append(i)
        elif runs[-1]:
            runs.append([])
    best = max(runs, key=len)
    if not best:
        return None
    after = best[-1] + 1
    return {"low": rows[best[0]]["pledge"], "high": rows[best[-1]]["pledge"],
            "limit": rows[after]["limits"][test] if after < len(rows) else None}
