"""Where capacity stands at the end of the term: halls and leading-edge fabs by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case
from ..chain.index import PROGRAMME, WORLD
from .outcome import last

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

KEEP = ("capacity",)


def cases(paths: int) -> list[Case]:
    """What has to be run, keeping capacity by row."""
    return [Case("regions", paths)]


def table(r: Trajectories) -> dict[str, Array]:
    """Finished capacity by quarter, owner, stage and region: mean, 5th and 95th percentile."""
    ch, x = r.chain, r.case("regions", "capacity")  # (T, O, R, P)
    t_, owners, rows = x.shape[:3]
    at = np.indices((t_, owners, rows)).reshape(3, -1)
    p5, p95 = np.quantile(x, [0.05, 0.95], axis=-1)
    fabs = set(ch.fab_rows)
    return {"quarter": np.array([ch.name(t) for t in range(t_)])[at[0]],
            "owner": np.array(["world", "programme"])[at[1]],
            "stage": np.array([row.stage for row in ch.rows])[at[2]],
            "region": np.array([row.region for row in ch.rows])[at[2]],
            "unit": np.array(["wspm" if i in fabs else "GW" for i in range(rows)])[at[2]],
            "mean": x.mean(-1).ravel(), "p5": p5.ravel(), "p95": p95.ravel()}


def regions(sc: Scenario, r: Trajectories) -> dict[str, Any]:
    """By region, means over futures: GW of halls and leading-edge wafer starts a month of the
    programme and of everyone; regions with neither are left out."""
    ch, t = r.chain, last(r)
    capacity = r.case("regions", "capacity")[t].mean(-1)  # (O, R)
    fabs = tuple(i for i in ch.fab_rows if ch.needs_operator[ch.stage_of[i]])
    rows = []
    for key, region in sc.regions.items():
        sums = {}
        for name, wanted in (("gw", ch.hall_rows), ("wafers", fabs)):
            mine = [i for i in wanted if ch.rows[i].region == key]
            own = float(capacity[PROGRAMME, mine].sum())
            sums |= {name: own, f"{name}_all": own + float(capacity[WORLD, mine].sum())}
        if any(sums.values()):
            rows.append({"key": key, "title": {"en": region.title.en, "es": region.title.es},
                         **sums})
    return {"date": ch.name(t), "rows": rows}
