"""Time by phase, as ratios within one run: `python benchmarks/engine.py [paths]`.

The yardstick is the same step, run for one path at a time in a plain Python loop on one core.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.params import compile_params
from oblea.scenario import load
from oblea.service import run
from oblea.simulate.run import CHUNK, HEADLINES, simulate, trajectories


def timed(call):
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def main() -> None:
    paths = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    reading, sc = timed(lambda: load("seven-trillion"))
    ch = index(sc)
    block = stack([Case("x", CHUNK)])
    compile_params(sc, ch, block, 1)  # warm
    compiling, p = timed(lambda: compile_params(sc, ch, block, 1))
    stepping, kept = timed(lambda: trajectories(ch, p, HEADLINES))

    few = 8

    def loop():
        out = []
        for i in range(few):
            one = block.part(i, i + 1)
            out.append(trajectories(ch, compile_params(sc, ch, one, 1), HEADLINES))
        return out

    plain, alone = timed(loop)
    # The benchmark did the work it claims: the same futures, path by path.
    for i, future in enumerate(alone):
        np.testing.assert_allclose(future["spent"][..., 0], kept["spent"][..., i], rtol=1e-9)
    total, _ = timed(lambda: simulate(sc, [Case("x", paths)], keep=HEADLINES))
    one = total / paths
    answer, whole = timed(lambda: run("seven-trillion", workers=2).answer)
    assert abs(sum(g["part"] for g in whole["gap"]["parts"]) / whole["gap"]["gap"] - 1) < 1e-9
    parts = whole["timings"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"read and check the scenario     {1e3 * reading:8.1f} ms")
    print(f"compile                         {1e6 * compiling / CHUNK:8.0f} us a path")
    print(f"step, {ch.quarters} quarters               {1e6 * stepping / CHUNK:8.0f} us a path")
    print(f"whole, {paths} paths, one core   {1e6 * one:8.0f} us a path")
    print(f"plain loop over paths           {1e6 * plain / few:8.0f} us a path")
    print(f"ratio, plain loop over whole    {plain / few / one:8.0f}")
    print(f"read-out, two cores             {answer / one * 1e-3:8.1f} thousand paths' worth")
    for name, seconds in parts.items():
        print(f"  {name:<30}{100 * seconds / answer:8.0f} % of it")
    rest = 1 - sum(parts.values()) / answer
    print(f"  {'reading the files, the rest':<30}{100 * rest:8.0f} % of it")
    print(f"peak memory                     {peak:8.0f} MiB")


if __name__ == "__main__":
    main()
