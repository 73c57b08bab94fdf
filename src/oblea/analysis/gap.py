"""What stops the rest: the pledge less what is absorbed, split over groups of limits.

Groups are removed one after the other on the same futures, in one order and in its reverse. A
group's part is the mean of what its removal adds in the two; with all of them removed the programme
absorbs its pledge, so that parts add up to the gap. `orders` holds what its removal adds in each
order, `alone` what it adds when nothing else is removed: they differ where limits hide one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case
from ..chain.mechanisms import GROUPS
from .outcome import absorbed, last, pledged
from .paired import standard_error

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

ORDER = tuple(k for k, g in GROUPS.items() if g.mechanisms)
ALL_OFF = tuple(m for g in GROUPS.values() for m in g.mechanisms)


def _off(groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(m for k in groups for m in GROUPS[k].mechanisms)


def _steps() -> list[tuple[str, tuple[str, ...]]]:
    """Names of cases and the groups that are off in each; none and all are shared."""
    n = len(ORDER)
    forward = [(f"gap fwd {k}", ORDER[:k]) for k in range(1, n)]
    backward = [(f"gap bwd {k}", ORDER[n - k:]) for k in range(1, n)]
    alone = [(f"gap one {k}", (k,)) for k in ORDER[1:-1]]
    return [("gap none", ()), *forward, *backward, ("gap all", ORDER), *alone]


def _alone(group: str) -> str:
    """The case in which a group alone is removed: the ends of the two orders are such cases."""
    if group == ORDER[0]:
        return "gap fwd 1"
    return "gap bwd 1" if group == ORDER[-1] else f"gap one {group}"


def cases(paths: int) -> list[Case]:
    """What has to be run."""
    return [Case(name, paths, off=_off(groups)) for name, groups in _steps()]


def split(sc: Scenario, r: Trajectories, gap: float, binds: list[dict[str, Any]]) -> dict[str, Any]:
    """Parts of `gap` (USD, mean of the main futures), in the proportions of these futures.

    binds: by year, the shares of futures in which each limit was shortest.
    """
    n = len(ORDER)
    a = {name: absorbed(r, name) for name, _ in _steps()}
    total = pledged(r, "gap none") - a["gap none"]

    def ladder(way: str) -> list[Any]:
        return [a["gap none"], *(a[f"gap {way} {k}"] for k in range(1, n)), a["gap all"]]

    forward, backward = ladder("fwd"), ladder("bwd")
    whole = float(total.mean())
    scale = gap / whole if whole > 0 else 0.0
    groups = []
    for k, group in GROUPS.items():
        if not group.mechanisms:
            groups.append({"key": k, "part": 0.0, "se": 0.0, "orders": [0.0, 0.0],
                           "alone": 0.0, "named": group.named, "modelled": False, "strip": []})
            continue
        i = ORDER.index(k)
        up = forward[i + 1] - forward[i]
        down = backward[n - i] - backward[n - 1 - i]
        part = 0.5 * (up + down)
        groups.append({
            "key": k, "part": scale * float(part.mean()),
            "se": scale * standard_error(part),
            "orders": [scale * float(up.mean()), scale * float(down.mean())],
            "alone": scale * float((a[_alone(k)] - a["gap none"]).mean()),
            "named": group.named, "modelled": True, "strip": _strip(sc, k, binds)})
    if not whole > 0 and gap > 0:  # side futures show none of it: only time is left
        groups[-1]["part"] = gap
    left = float((pledged(r, "gap all") - a["gap all"]).mean())
    return {"gap": gap, "parts": groups, "left": scale * left,
            "interaction": 0.5 * scale * float(sum(
                abs(g["orders"][0] - g["orders"][1]) for g in groups)),
            "futures": int(total.size)}


def group_of(sc: Scenario, limit: str) -> str:
    """The group that a name of the bottleneck calendar belongs to."""
    if limit in ("money", "power", "operator", "pledge"):
        return limit
    if limit in sc.pools and sc.pools[limit].mechanism == "power":
        return "power"
    return "supply"


def _strip(sc: Scenario, group: str, binds: list[dict[str, Any]]) -> list[float]:
    """Share of futures by year in which a limit of the group was shortest."""
    return [sum(x["share"] for x in y["limits"] if group_of(sc, x["key"]) == group) for y in binds]


def limiter(sc: Scenario, r: Trajectories, case: str, failed: Array) -> str | None:
    """The group whose limits were shortest most often in the futures that failed (P,), the plan's
    own pace left out; building time where nothing else was short."""
    if not failed.any():
        return None
    names = ["money", "power", *r.chain.commodities, "operator", *r.chain.pools, "pledge"]
    codes, counts = np.unique(r.case(case, "binds")[r.chain.start: last(r) + 1, failed],
                              return_counts=True)
    total: dict[str, int] = {}
    for code, count in zip(codes, counts, strict=True):
        if names[int(code)] != "pledge":
            key = group_of(sc, names[int(code)])
            total[key] = total.get(key, 0) + int(count)
    return max(total, key=lambda k: total[k]) if total else "time"
