"""Two scenarios on the same futures: what differs in them, what it does, and through what.

Inputs that two scenarios share have the same draws in both, so that outcomes are compared path by
path. The difference of a mean is shared out over what changed (each key, or each section where many
changed) by laying the changes over the first scenario in one order and in its reverse: a change's
part is the mean of what it adds in the two, and the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.index import PROGRAMME
from ..scenario.diff import between, changed, text_at
from . import gap
from . import headline as h
from .outcome import absorbed, delivered, last, pledged, raisable, tests, value
from .paired import Array, standard_error

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories

MOST = 6  # changes that are told apart
PARTED = ("absorbed", "delivered", "returned")
Simulate = Callable[..., "Trajectories"]


def outcomes(sc: Scenario, r: Trajectories, promises: Trajectories) -> dict[str, Array]:
    """By path: what the verdict rests on, (P,) each; tests as 0 or 1."""
    t, start = last(r), r.chain.start
    paid = absorbed(r, "with")
    promise = float(delivered(promises, "promise")[0])
    passed = tests(sc, r, "with", promise)
    more, own = h.additional(r, "with", "without")
    return {
        "raisable": raisable(r, "with"), "spendable": absorbed(r, "certain"), "absorbed": paid,
        "delivered": delivered(r, "with"), "gw": r.case("with", "gw")[t, PROGRAMME],
        "h100e": own, "additional": more, "world_h100e": r.case("without", "h100e")[t].sum(0),
        "price": r.case("with", "price")[start: t + 1].mean(0), "returned": value(sc, r, "with")[1],
        "test_absorbed": passed.absorbed.astype(float),
        "test_delivered": passed.delivered.astype(float),
        "test_returned": passed.returned.astype(float), "test_joint": passed.joint.astype(float)}


def paired(a: Array, b: Array) -> dict[str, float]:
    """b - a, path by path: means, difference with standard error and 90 % of futures, and the
    share of futures in which b is higher.

    >>> paired(np.array([1.0, 2.0]), np.array([2.0, 2.0]))["higher"]
    0.5
    """
    d = b - a
    p5, p95 = np.quantile(d, [0.05, 0.95])
    return {"first": float(a.mean()), "second": float(b.mean()), "diff": float(d.mean()),
            "se": standard_error(d), "p5": float(p5), "p95": float(p95),
            "higher": float(np.mean(d > 0))}


def obstacles(a: Scenario, b: Scenario) -> list[str]:
    """What cannot be compared: names of fields in which two scenarios differ in kind."""
    kinds = {"aim": (a.programme.aim, b.programme.aim), "base_year": (a.base_year, b.base_year),
             "base": (a.base, b.base), "plan": (bool(a.programme.pledge.value),
                                                bool(b.programme.pledge.value))}
    return [k for k, (x, y) in kinds.items() if x != y]


def inputs(a: Scenario, b: Scenario) -> list[dict[str, Any]]:
    """Each changed key with what stood there before and after, in the scenarios' own words."""
    return [{"key": k, "section": k.split(".")[0], "first": text_at(a, k), "second": text_at(b, k)}
            for k in changed(a, b)]


def groups(keys: list[str]) -> dict[str, list[str]]:
    """Changes that are laid on together: each key alone, or sections where there are too many.

    >>> groups(["pue", "newcomer.share"]), len(groups([f"s{i}.x" for i in range(9)]))
    ({'pue': ['pue'], 'newcomer.share': ['newcomer.share']}, 6)
    """
    if len(keys) <= MOST:
        return {k: [k] for k in keys}
    out: dict[str, list[str]] = {}
    for k in keys:
        out.setdefault(k.split(".")[0], []).append(k)
    while len(out) > MOST:  # the smallest sections share a name
        name, some = min(((k, v) for k, v in out.items() if k != "other"), key=lambda x: len(x[1]))
        del out[name]
        out["other"] = out.get("other", []) + some
    return out


def attribute(a: Scenario, b: Scenario, ends: tuple[dict[str, Array], dict[str, Array]],
              measure: Callable[[Scenario], dict[str, Array]]) -> list[dict[str, Any]]:
    """The parts of each difference of means, one row a group; they add up to the whole.

    ends: outcomes of `a` and of `b`; measure: outcomes of a scenario in between.
    """
    parts = groups(changed(a, b))
    names = list(parts)
    if len(names) == 1:
        up = down = [ends[0], ends[1]]
    else:
        up = _ladder(a, b, names, parts, ends, measure)
        down = _ladder(a, b, names[::-1], parts, ends, measure)
    out = []
    for i, name in enumerate(names):
        j = len(names) - 1 - i
        row: dict[str, Any] = {"group": name, "keys": parts[name]}
        for k in PARTED:
            one, two = up[i + 1][k] - up[i][k], down[j + 1][k] - down[j][k]
            row[k] = {"part": float(0.5 * (one + two).mean()),
                      "se": standard_error(0.5 * (one + two)),
                      "orders": [float(one.mean()), float(two.mean())]}
        out.append(row)
    return sorted(out, key=lambda r: -abs(r["absorbed"]["part"]))


def _ladder(a: Scenario, b: Scenario, names: list[str], parts: dict[str, list[str]],
            ends: tuple[dict[str, Array], dict[str, Array]],
            measure: Callable[[Scenario], dict[str, Array]]) -> list[dict[str, Array]]:
    """Outcomes as one change after the other is laid on, from `a` to `b`."""
    rungs = [ends[0]]
    for i in range(1, len(names)):
        keys = [k for name in names[:i] for k in parts[name]]
        rungs.append(measure(between(a, b, keys)))
    return [*rungs, ends[1]]


def limits(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How much more or less often each limit was the shortest, over the term: the two calendars'
    mean shares."""
    titles: dict[str, Any] = {}
    shares = []
    for calendar in (a, b):
        total: dict[str, float] = {}
        for y in calendar:
            for x in y["limits"]:
                titles[x["key"]] = x["title"]
                total[x["key"]] = total.get(x["key"], 0.0) + x["share"] / len(calendar)
        shares.append(total)
    rows = [{"key": k, "title": t, "first": shares[0].get(k, 0.0), "second": shares[1].get(k, 0.0)}
            for k, t in titles.items()]
    return sorted(rows, key=lambda r: -abs(r["second"] - r["first"]))


def gap_parts(sc: Scenario, r: Trajectories, cases: Trajectories) -> dict[str, float]:
    """The gap of a scenario by group of limits, USD."""
    left = float(pledged(r, "with").mean() - absorbed(r, "with").mean())
    split = gap.split(sc, cases, left, [])
    return {p["key"]: p["part"] for p in split["parts"] if p["modelled"]}
