"""Where capacity stands at the end of the term: halls and leading-edge fabs by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..chain.cases import Case
from ..chain.index import PROGRAMME, WORLD
from ..dates import quarter_name
from .outcome import last

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories

KEEP = ("capacity",)


def cases(paths: int) -> list[Case]:
    """What has to be run, keeping capacity by row."""
    return [Case("regions", paths)]


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
    return {"date": quarter_name(t), "rows": rows}
