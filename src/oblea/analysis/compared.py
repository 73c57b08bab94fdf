"""Scenarios against the first of several, simulated and compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import __version__
from ..chain.values import in_base_dollars
from ..simulate.run import HEADLINES, KEPT, KEPT_SIDE, SIDES, simulate
from . import compare as c
from . import fits, gap
from . import headline as h
from .answer import main_cases
from .outcome import pledged

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array


class _Bench:
    """Runs scenarios on the same futures and says how far it has come."""

    def __init__(self, paths: int, few: int, seed: int, workers: int,
                 say: Callable[[str, float], None]) -> None:
        self.paths, self.few, self.seed, self.workers, self.say = paths, few, seed, workers, say
        self.done = 0

    def measure(self, base: Scenario, sc: Scenario) -> tuple[Trajectories, dict[str, Array]]:
        """Money in dollars of the base's year."""
        r = simulate(sc, main_cases(self.paths), self.seed, workers=self.workers, keep=HEADLINES,
                     beside=KEPT)
        promises = simulate(sc, fits.promise_cases(sc)[:1], self.seed, keep=SIDES,
                            beside=KEPT_SIDE, median=True)
        self.done += 1
        self.say("compare", self.done / (self.done + 5))  # how many come is not known beforehand
        return r, c.outcomes(sc, r, promises, in_base_dollars(base, sc.base_year))

    def gap(self, base: Scenario, sc: Scenario, r: Trajectories) -> dict[str, float]:
        some = simulate(sc, gap.cases(self.few), self.seed, workers=self.workers, keep=SIDES,
                        beside=KEPT_SIDE)
        return c.gap_parts(sc, r, some, in_base_dollars(base, sc.base_year))


def compared(scenarios: list[Scenario], names: list[str], *, paths: int, few: int, seed: int,
             workers: int, quick: bool, say: Callable[[str, float], None]) -> dict[str, Any]:
    """Plain values: for each scenario after the first what differs, what it does, through what."""
    bench, base = _Bench(paths, few, seed, workers, say), scenarios[0]
    r0, x0 = bench.measure(base, base)
    gap0 = None
    pairs = []
    for name, sc in zip(names[1:], scenarios[1:], strict=True):
        changes = c.inputs(base, sc)
        r1, x1 = bench.measure(base, sc) if changes else (r0, x0)
        differ = c.obstacles(base, sc)
        both = "plan" not in differ and bool(base.programme.pledge.value)
        pair: dict[str, Any] = {
            "scenario": name, "title": {"en": sc.title.en, "es": sc.title.es}, "differ": differ,
            "terms": [c.term(r0), c.term(r1)],
            "dollars": in_base_dollars(base, sc.base_year), "inputs": changes,
            "outcomes": {k: c.paired(x0[k], x1[k]) for k in c.comparable(differ, x0)},
            "delivered_units": ["wspm" if s.programme.aim == "fabs" else "GW" for s in (base, sc)],
            "parts": [], "limits": [], "gap": None, "industry": None}
        if both:
            pair["limits"] = c.limits(h.calendar(base, r0, "with"), h.calendar(sc, r1, "with"))
            pair["industry"] = c.industry(*(h.industry_year(r, "without", float(np.mean(pledged(
                r, "with")))) for r in (r0, r1)))
        if both and changes and not quick:
            pair["parts"] = c.attribute(base, sc, (x0, x1), lambda s: bench.measure(base, s)[1])
            gap0 = gap0 or bench.gap(base, base, r0)
            pair["gap"] = {"first": gap0, "second": bench.gap(base, sc, r1)}
        pairs.append(pair | {"picture": c.picture(pair)})
    say("compare", 1.0)
    return {"version": __version__, "base": names[0],
            "title": {"en": base.title.en, "es": base.title.es}, "base_year": base.base_year,
            "futures": paths, "few": few, "seed": seed, "pairs": pairs}
