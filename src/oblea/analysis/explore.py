"""A grid of other plans: pledge x newcomer's share x users' money, for sliders that answer offline.

Every point runs the same futures, so that neighbours differ by what was changed and not by chance.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case
from ..dates import quarter_index
from .gap import ALL_OFF
from .outcome import absorbed, delivered, tests, value

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

PLEDGES = (0.02, 0.05, 1 / 7, 3 / 7, 1.0, 2.0)  # multiples of the scenario's own
SHARES = (0.03, 0.09, 0.25, 0.5)
USERS = (0.5, 1.0, 2.0, 4.0)  # multiples of users' money, which open over two years
FUTURES = 64
QUANTILES = (0.05, 0.5, 0.95)


def axes(sc: Scenario) -> list[dict[str, Any]]:
    """The three axes: what to set, points, and the point where the scenario itself stands.

    A share of the scenario's own joins the grid in place of the nearest.
    """
    own = float(sc.newcomer.share.value or 0.0)
    shares = list(SHARES)
    shares[int(np.argmin(np.abs(np.array(shares) - own)))] = own
    pledge = float(sc.programme.pledge.value or 0.0)
    money = sc.market.users.at(quarter_index("2030"))
    return [{"key": "programme.pledge", "unit": "USD", "points": [pledge * x for x in PLEDGES],
             "start": PLEDGES.index(1.0)},
            {"key": "newcomer.share", "unit": "ratio", "points": sorted(shares),
             "start": sorted(shares).index(own)},
            {"key": "market.users.times", "unit": "USD/year", "factors": list(USERS),
             "points": [money * x for x in USERS], "start": USERS.index(1.0)}]


def _points(sc: Scenario) -> list[tuple[float, float, float]]:
    return list(product(PLEDGES, axes(sc)[1]["points"], USERS))


def cases(sc: Scenario, paths: int = FUTURES) -> list[Case]:
    """One case a point, the last axis fastest."""
    return [Case(f"grid {i}", paths, pledge=p, newcomer=s, scale=(("market.users", u),))
            for i, (p, s, u) in enumerate(_points(sc))]


def promises(sc: Scenario) -> list[Case]:
    """What each pledge would buy with nothing in the way."""
    alone = (("finance.reinvest", 0.0),)
    return [replace(Case(f"promise {p}", 1), off=ALL_OFF, scale=alone, pledge=p) for p in PLEDGES]


def grid(sc: Scenario, r: Trajectories, aims: Trajectories) -> dict[str, Any]:
    """For each point absorbed (USD), delivered, value per dollar, each at three quantiles, then the
    chances of the three tests and of all."""
    cells = []
    for i, (p, _, _) in enumerate(_points(sc)):
        case = f"grid {i}"
        promise = float(delivered(aims, f"promise {p}")[0])
        passed = tests(sc, r, case, promise).chances()
        cells.append([*_three(absorbed(r, case)), *_three(delivered(r, case)),
                      *_three(value(sc, r, case)[1]),
                      *(round(passed[k], 4) for k in ("absorbed", "delivered", "returned",
                                                      "joint"))])
    return {"scenario": sc.name, "axes": axes(sc), "cells": cells, "futures": FUTURES,
            "aim": sc.programme.aim}


def _three(x: Array) -> list[float]:
    return [float(f"{v:.4g}") for v in np.quantile(x, QUANTILES)]
