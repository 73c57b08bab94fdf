"""What would have to be true: the least change, alone or in pairs, at which odds are even.

A lever multiplies numbers of the scenario: a dated series opens over the two years after the base
date as its range does, a single value holds at once. Multiples are tried on the same futures; the
least one that brings even odds is reported with today's value, the value needed, and the most that
was ever seen.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ..chain.cases import Case
from ..dates import quarter_index
from .outcome import tests

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..scenario.schema import Lever
    from ..simulate.run import Trajectories

ALONE, PAIRED = (2.0, 4.0, 8.0, 16.0), (4.0, 16.0)


def _keys(sc: Scenario, patterns: list[str]) -> list[str]:
    return [k for p in patterns for k in sc.numbers if fnmatchcase(k, p)]


def _scale(sc: Scenario, lever: Lever, factor: float) -> tuple[tuple[str, float], ...]:
    return (*((k, factor) for k in _keys(sc, lever.times)),
            *((k, 1.0 / factor) for k in _keys(sc, lever.over)))


def _sets(sc: Scenario) -> list[tuple[tuple[str, ...], float]]:
    names = list(sc.report.levers)
    return ([((a,), f) for a in names for f in ALONE]
            + [(pair, f) for pair in combinations(names, 2) for f in PAIRED]
            + [(tuple(names), f) for f in PAIRED])


def _name(names: tuple[str, ...], factor: float) -> str:
    return f"lever {'+'.join(names)} {factor:g}"


def cases(sc: Scenario, paths: int) -> list[Case]:
    """What has to be run."""
    return [Case(_name(names, f), paths, scale=tuple(
        pair for n in names for pair in _scale(sc, sc.report.levers[n], f)))
        for names, f in _sets(sc)]


def levers(sc: Scenario, r: Trajectories, promise: float) -> dict[str, Any]:
    """Each set that brings even odds of absorbing all, least multiple first; and how far the best
    of the others comes."""
    even = float(sc.report.even.value or 0.5)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    best: dict[int, dict[str, Any]] = {}
    for names, f in _sets(sc):
        chance = tests(sc, r, _name(names, f), promise).chances()
        row = {"levers": list(names), "times": f, "chances": chance}
        size = len(names)
        if size not in best or chance["absorbed"] > best[size]["chances"]["absorbed"]:
            best[size] = row
        if chance["absorbed"] >= even and names not in found and not any(
                set(other) < set(names) for other in found):
            found[names] = row
    return {"enough": sorted(found.values(), key=lambda x: (len(x["levers"]), x["times"])),
            "best": [best[k] for k in sorted(best)],
            "levers": {n: _about(sc, lever) for n, lever in sc.report.levers.items()}}


def _about(sc: Scenario, lever: Lever) -> dict[str, Any]:
    """Today's value of a lever, its unit, and the most ever seen."""
    t = quarter_index(lever.at)
    keys = _keys(sc, lever.shown)
    total = 0.0
    for k in keys:
        stem = k.rpartition(".")[0]
        part = sc.numbers.get(f"{stem}.share") if k.endswith(".flow") else None
        rest = sc.numbers.get(f"{stem}.elsewhere") if k.endswith(".supply") else None
        total += (sc.numbers[k].at(t) * (part.at(t) if part else 1.0)
                  * (1.0 - rest.at(t) if rest else 1.0))
    most = sc.evidence.fact(lever.most) if lever.most else None
    return {"title": {"en": lever.title.en, "es": lever.title.es}, "value": total,
            "unit": sc.numbers[keys[0]].unit if keys else "", "at": lever.at,
            "most": None if most is None else {
                "fact": most.id, "value": most.value, "unit": most.unit, "date": most.date,
                "basis": most.basis}}
