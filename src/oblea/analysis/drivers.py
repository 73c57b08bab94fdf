"""The assumptions that matter most: ranked on the main futures, then moved across their range.

Rank correlation of each number's draws with an outcome picks the candidates; paired futures with
the number at its 5th and at its 95th percentile say what it moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case
from ..uncertainty.draws import uniforms
from .outcome import absorbed, value
from .paired import standard_error

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

TRIED, LOW, HIGH = 8, 0.05, 0.95


def _ranks(x: Array) -> Array:
    return np.argsort(np.argsort(x, axis=-1), axis=-1).astype(float)


def candidates(sc: Scenario, seed: int, outcomes: list[Array]) -> list[str]:
    """Keys of the uncertain numbers that go with the outcomes most, half of them for each."""
    keys = [k for k, n in sc.numbers.items() if n.shape != "fixed"]
    n = outcomes[0].size
    if n < 8 or not keys:
        return []
    draws = _ranks(np.stack([uniforms(seed, k, n) for k in keys]))
    draws = (draws - draws.mean(1, keepdims=True)) / draws.std(1, keepdims=True)
    out: list[str] = []
    for x in outcomes:
        if x.std() == 0:
            continue
        y = _ranks(x)
        y = (y - y.mean()) / y.std()
        order = np.argsort(-np.abs((draws * y).mean(1)), kind="stable")
        out += [keys[i] for i in order[: TRIED // len(outcomes)]]
    return list(dict.fromkeys(out))


def cases(keys: list[str], paths: int) -> list[Case]:
    """What has to be run."""
    return [Case(f"driver {k} {u}", paths, at=((k, u),)) for k in keys for u in (LOW, HIGH)]


def drivers(sc: Scenario, r: Trajectories, keys: list[str]) -> list[dict[str, Any]]:
    """What each number moves from its low to its high end, largest first."""
    out = []
    for k in keys:
        low, high = (f"driver {k} {u}" for u in (LOW, HIGH))
        money = absorbed(r, high) - absorbed(r, low)
        worth = value(sc, r, high)[1] - value(sc, r, low)[1]
        n = sc.numbers[k]
        out.append({"key": k, "low": n.low, "high": n.high, "value": n.value, "unit": n.unit,
                    "kind": n.kind, "facts": list(n.facts), "series": n.points is not None,
                    "absorbed": float(money.mean()), "worth": float(worth.mean()),
                    "absorbed_se": standard_error(money),
                    "worth_se": standard_error(worth)})
    most = {x: max((abs(d[x]) for d in out), default=1.0) or 1.0 for x in ("absorbed", "worth")}
    return sorted(out, key=lambda d: -max(abs(d[x]) / top for x, top in most.items()))
