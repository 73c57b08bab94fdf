"""Two scenarios on the same futures: what differs in them, what it does, and through what.

Inputs that two scenarios share have the same draws in both, so that outcomes are compared path by
path. The difference of a mean is shared out over what changed (each key, or each section where many
changed) by laying the changes over the first scenario in one order and in its reverse: a change's
part is the mean of what it adds in the two, and the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.index import PROGRAMME
from ..errors import InputErrors
from ..scenario.diff import between, changed, text_at
from . import gap
from . import headline as h
from .outcome import absorbed, delivered, last, pledged, raisable, tests, value
from .paired import Array, standard_error

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories

MOST = 6  # changes that are told apart
PLAN = ("programme", "finance", "newcomer", "operator", "resale", "report", "without")
PARTED = ("absorbed", "delivered", "returned")
Simulate = Callable[..., "Trajectories"]


def outcomes(sc: Scenario, r: Trajectories, promises: Trajectories, dollars: float = 1.0
             ) -> dict[str, Array]:
    """By path: what the verdict rests on, (P,) each; tests as 0 or 1; money times `dollars`."""
    t, start = last(r), r.chain.start
    promise = float(delivered(promises, "promise")[0])
    passed = tests(sc, r, "with", promise)
    more, own = h.additional(r, "with", "without")
    return {
        "raisable": raisable(r, "with") * dollars, "spendable": absorbed(r, "certain") * dollars,
        "absorbed": absorbed(r, "with") * dollars,
        "delivered": delivered(r, "with"), "gw": r.case("with", "gw")[t, PROGRAMME],
        "h100e": own, "additional": more, "world_h100e": r.case("without", "h100e")[t].sum(0),
        "price": r.case("with", "price")[start: t + 1].mean(0) * dollars,
        "returned": value(sc, r, "with")[1],
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
    """In what two scenarios differ in kind, so that some of it cannot be compared as it stands."""
    kinds = {"aim": (a.programme.aim, b.programme.aim), "base_year": (a.base_year, b.base_year),
             "base": (a.base, b.base), "plan": (bool(a.programme.pledge.value),
                                                bool(b.programme.pledge.value)),
             "term": (_term(a), _term(b))}
    return [k for k, (x, y) in kinds.items() if x != y]


def _term(sc: Scenario) -> tuple[str, float | None]:
    return sc.programme.start, sc.programme.term.value


def term(r: Trajectories) -> list[str]:
    """First and last quarter of a plan's term."""
    return [r.chain.name(r.chain.start), r.chain.name(last(r))]


def comparable(differ: list[str], names: Iterable[str]) -> list[str]:
    """Outcomes that can be set beside each other: gigawatts are no wafers, and where one has no
    plan there is only what becomes of the world.

    >>> comparable(["aim"], ["absorbed", "delivered"]), comparable(["plan"], ["absorbed", "price"])
    (['absorbed'], ['price'])
    """
    if "plan" in differ:
        return [k for k in names if k in ("world_h100e", "price")]
    return [k for k in names if k != "delivered" or "aim" not in differ]


def inputs(a: Scenario, b: Scenario) -> list[dict[str, Any]]:
    """Each changed key with what stood there before and after: the scenarios' own words, and the
    number with its unit, range, kind and facts where it is one."""
    return [{"key": k, "section": k.split(".")[0], "first": text_at(a, k), "second": text_at(b, k),
             "numbers": [_number(sc, k) for sc in (a, b)]}
            for k in changed(a, b)]


def _number(sc: Scenario, key: str) -> dict[str, Any] | None:
    n = sc.numbers.get(key)
    if n is None:
        return None
    return {"value": n.value, "low": n.low, "high": n.high, "unit": n.unit, "kind": n.kind,
            "facts": list(n.facts), "reason": n.why or n.how, "place": f"{n.file}:{n.line}"}


def groups(keys: list[str], worlds: bool = False) -> dict[str, list[str]]:
    """Changes that are laid on together: each key alone, or sections where there are too many;
    `worlds`: the scenarios stand in two worlds, each of which only makes sense whole.

    >>> groups(["pue", "newcomer.share"]), len(groups([f"s{i}.x" for i in range(9)]))
    ({'pue': ['pue'], 'newcomer.share': ['newcomer.share']}, 6)
    >>> groups(["products.a", "mix.world.a", "programme.pledge"], worlds=True)
    {'world': ['products.a', 'mix.world.a'], 'programme': ['programme.pledge']}
    """
    if len(keys) <= MOST and not worlds:
        return {k: [k] for k in keys}
    out: dict[str, list[str]] = {}
    for k in keys:
        section = k.split(".")[0]
        out.setdefault("world" if worlds and section not in PLAN else section, []).append(k)
    while len(out) > MOST:  # the smallest sections share a name
        name, some = min(((k, v) for k, v in out.items() if k != "other"), key=lambda x: len(x[1]))
        del out[name]
        out["other"] = out.get("other", []) + some
    return out


def attribute(a: Scenario, b: Scenario, ends: tuple[dict[str, Array], dict[str, Array]],
              measure: Callable[[Scenario], dict[str, Array]]) -> list[dict[str, Any]]:
    """The parts of each difference of means, one row a group; they add up to the whole.

    ends: outcomes of `a` and of `b`; measure: outcomes of a scenario in between. Changes that make
    no scenario without each other are one group, whose name joins theirs.
    """
    parts = groups(changed(a, b), worlds=a.base != b.base)
    parts, up, down = _ladders(a, b, parts)
    first, second = ([ends[0], *map(measure, way), ends[1]] for way in (up, down))
    out = []
    for i, name in enumerate(parts):
        j = len(parts) - 1 - i
        row: dict[str, Any] = {"group": name, "keys": parts[name]}
        for k in PARTED:
            one, two = first[i + 1][k] - first[i][k], second[j + 1][k] - second[j][k]
            row[k] = {"part": float(0.5 * (one + two).mean()),
                      "se": standard_error(0.5 * (one + two)),
                      "orders": [float(one.mean()), float(two.mean())]}
        out.append(row)
    return sorted(out, key=lambda r: -abs(r["absorbed"]["part"]))


def _ladders(a: Scenario, b: Scenario, parts: dict[str, list[str]]
             ) -> tuple[dict[str, list[str]], list[Scenario], list[Scenario]]:
    """The scenarios between `a` and `b` as one group after the other is laid on, in the order of
    `parts` and in its reverse, with neighbours joined until every one of them is a scenario."""
    while True:
        names, ways = list(parts), []
        for way in (names, names[::-1]):
            rungs: list[Scenario] = []
            for i in range(1, len(way)):
                try:
                    rungs.append(between(a, b, [k for name in way[:i] for k in parts[name]]))
                except InputErrors:
                    parts = _joined(parts, {way[i - 1], way[i]})
                    break
            ways.append(rungs)
            if len(parts) < len(names):
                break
        else:
            return parts, ways[0], ways[1]


def _joined(parts: dict[str, list[str]], two: set[str]) -> dict[str, list[str]]:
    """Two neighbours as one group, in the place of the first.

    >>> _joined({"a": ["x"], "b": ["y"], "c": ["z"]}, {"b", "c"})
    {'a': ['x'], 'b + c': ['y', 'z']}
    """
    both = [k for k in parts if k in two]
    whole = {" + ".join(both): [x for k in both for x in parts[k]]}
    out: dict[str, list[str]] = {}
    for k, keys in parts.items():
        out |= whole if k in two else {k: keys}
    return out


def limits(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How much more or less often each limit was the shortest: over each plan's own term, and by
    year where both have that year."""
    titles = {x["key"]: x["title"] for y in (*a, *b) for x in y["limits"]}
    ours, theirs = _shares(a), _shares(b)
    years = [y for y in ours if y in theirs]
    rows = [{"key": k, "title": t, "first": _mean(ours, k), "second": _mean(theirs, k),
             "years": {y: theirs[y].get(k, 0.0) - ours[y].get(k, 0.0) for y in years}}
            for k, t in titles.items()]
    return sorted(rows, key=lambda r: -abs(r["second"] - r["first"]))


def _shares(calendar: list[dict[str, Any]]) -> dict[int, dict[str, float]]:
    return {y["year"]: {x["key"]: x["share"] for x in y["limits"]} for y in calendar}


def _mean(shares: dict[int, dict[str, float]], key: str) -> float:
    return sum(y.get(key, 0.0) for y in shares.values()) / len(shares)


def industry(a: Array, b: Array) -> dict[str, Any] | None:
    """Years in which the industry has spent each plan's sum, NaN where it has not by the end: means
    over the futures in which it has both, and their difference; None where those are too few."""
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.mean() < 0.95:
        return None
    return {**paired(a[both], b[both]), "futures": int(both.sum())}


def gap_parts(sc: Scenario, r: Trajectories, cases: Trajectories, dollars: float = 1.0
              ) -> dict[str, float]:
    """The gap of a scenario by group of limits, USD times `dollars`."""
    left = float(pledged(r, "with").mean() - absorbed(r, "with").mean())
    split = gap.split(sc, cases, left, [])
    return {p["key"]: dollars * p["part"] for p in split["parts"] if p["modelled"]}


def picture(pair: dict[str, Any]) -> dict[str, Any]:
    """A pair for drawing: a staircase of absorbed dollars from the first to the second, a step a
    change, and the calendar of limits differenced, a row a limit and a column a year."""
    x, at, steps = pair["outcomes"].get("absorbed"), 0.0, []
    if x is not None:
        at = x["first"]
        whole = {"group": "all", "absorbed": {"part": x["diff"], "se": x["se"]}}
        for p in pair["parts"] or [whole]:
            part = p["absorbed"]
            steps.append({"group": p["group"], "from": at, "to": at + part["part"],
                          "se": part["se"]})
            at = steps[-1]["to"]
    moved = [r for r in pair["limits"] if any(abs(v) >= 0.01 for v in r["years"].values())]
    return {"unit": "USD", "first": x and x["first"], "second": x and x["second"], "steps": steps,
            "years": list(moved[0]["years"]) if moved else [],
            "limits": [{"key": r["key"], "title": r["title"], "change": list(r["years"].values())}
                       for r in moved]}
