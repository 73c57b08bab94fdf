"""Many futures: a fixed grid of chunks, over as many processes as one likes, put back in order.

A chunk is always the same futures, and nothing is summed over futures before all are back in
order: the bits do not depend on the number of workers.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np

from ..chain.cases import Case, Stack, stack
from ..chain.index import PROGRAMME, Chain, index
from ..chain.params import Params, compile_params
from .finance import raisable
from .runoff import run_off
from .state import Outputs, start
from .step import step

if TYPE_CHECKING:
    from ..scenario import Scenario

CHUNK = 512  # futures computed together: overhead against the processor's cache


@dataclass(frozen=True)
class Trajectories:
    """Outputs over quarters, each (T, ..., P), and the arrays that they came from."""

    chain: Chain
    outputs: Outputs
    params: dict[str, np.ndarray]
    slices: dict[str, slice]

    def case(self, name: str, variable: str) -> np.ndarray:
        """A variable of one case: (T, ..., P of the case)."""
        source = getattr(self.outputs, variable, None)
        array = self.params[variable] if source is None else source
        return array[..., self.slices[name]]


# Arrays kept of what a run was made from: all, and what side ensembles need.
KEPT = ("unit_cost", "money_rate", "run", "supply", "chip_cost", "h100e_cost", "full", "parts",
        "raisable", "running_gw", "worth_gw", "runoff")
KEPT_SIDE = ("money_rate", "runoff", "h100e_cost")
HEADLINES = ("gw", "h100e", "h100e_8bit", "deployed", "delivered", "spent", "chips", "plants",
             "leading", "delivered_slots", "binds", "price", "spot", "trail", "paid_by", "earned",
             "revenue", "running", "tax", "interest", "repaid", "ahead", "outside", "support",
             "recycled", "distributed", "called", "free", "debt", "held")  # what the read-out needs
SIDES = ("delivered", "outside", "free", "binds", "leading", "spent")  # side ensembles


def trajectories(ch: Chain, p: Params, keep: tuple[str, ...] = Outputs._fields
                 ) -> dict[str, np.ndarray]:
    """Every quarter of the futures in `p`: outputs `keep` stacked on a leading axis of quarters,
    and what runs off after the horizon as `runoff`."""
    state = start(ch, p)
    kept: dict[str, np.ndarray] = {}
    prices = []
    for t in range(ch.quarters):
        state, out = step(np, ch, t, state, p)
        prices = [*prices[-3:], out.price]
        for name in keep:
            value = getattr(out, name)
            if t == 0:
                kept[name] = np.empty((ch.quarters, *value.shape))
            kept[name][t] = value
    kept["runoff"] = run_off(np, ch, p, state, sum(prices) / len(prices))
    return kept


def _beside(ch: Chain, p: Params) -> dict[str, np.ndarray]:
    """What a run was made from and a reader may want, by name, paths last."""
    m = p.money
    return {k: getattr(p, k) for k in KEPT if hasattr(p, k)} | {
        "full": m.full, "parts": m.parts, "raisable": raisable(np, ch, m),
        "running_gw": m.running,
        "worth_gw": (1.0 - m.worth) * p.h100e[:, PROGRAMME] + m.worth * p.h100e_8bit[:, PROGRAMME]}


def chunks(size: int) -> list[tuple[int, int]]:
    return [(a, min(a + CHUNK, size)) for a in range(0, size, CHUNK)]


def _work(job: tuple[Scenario, Stack, int, tuple[str, ...] | None, tuple[str, ...], bool]
          ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    sc, part, seed, keep, beside, median = job
    ch = index(sc)
    p = compile_params(sc, ch, part, seed, median=median)
    kept = trajectories(ch, p, keep or Outputs._fields)
    about = _beside(ch, p) | {"runoff": kept.pop("runoff")}
    return kept, {k: np.array(np.broadcast_to(about[k], (*about[k].shape[:-1], part.size)))
                  for k in beside}


def simulate(sc: Scenario, cases: list[Case], seed: int = 1, *, workers: int = 1,
             keep: tuple[str, ...] | None = None, beside: tuple[str, ...] = KEPT,
             median: bool = False,
             progress: Callable[[float], None] | None = None) -> Trajectories:
    """Run `cases` of a scenario, stacked on the path axis and paired by path number.

    keep: names of outputs to hold (all by default); beside: names of what they were made from;
    median: every number at its median.
    """
    whole = stack(cases, tuple(sc.without))
    jobs = [(sc, whole.part(a, b), seed, keep, beside, median) for a, b in chunks(whole.size)]
    results = []
    for done in _map(jobs, workers):
        results.append(done)
        if progress is not None:
            progress(len(results) / len(jobs))
    outputs = {k: np.concatenate([r[0][k] for r in results], -1) for k in results[0][0]}
    params = {k: np.concatenate([r[1][k] for r in results], -1) for k in results[0][1]}
    blank = dict.fromkeys(Outputs._fields)
    return Trajectories(index(sc), Outputs(**(blank | outputs)), params, whole.slices)


def _map(jobs: list, workers: int) -> Iterator:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(_work, jobs)
        return
    # Forked workers start at once; elsewhere than on Linux forking is not safe.
    how = get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(min(workers, len(jobs)), mp_context=how, initializer=_quiet)
    try:
        yield from pool.map(_work, jobs)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _quiet() -> None:
    """An interruption is the parent's to report."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
