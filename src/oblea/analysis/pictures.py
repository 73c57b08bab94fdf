"""What pictures need beyond the read-out: fans over time, history, others' forecasts, and what came
of the plan. Values are dated by decimal years: a quarter stands at its end, a fact's year too."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from ..chain.index import PROGRAMME
from ..dates import ORIGIN, quarter_index
from ..evidence import GRADES, known_by
from .outcome import last

if TYPE_CHECKING:
    from ..evidence import Evidence
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)  # of fans: 95, 80 and 50 % of futures, median


@lru_cache(maxsize=1)
def declared() -> dict[str, Any]:
    """`data/report.yaml`."""
    return yaml.safe_load(resources.files("oblea.data").joinpath("report.yaml").read_text("utf-8"))


def pictures(sc: Scenario, r: Trajectories, worth: Array | None) -> dict[str, Any]:
    """Compute in service by quarter, with history and forecasts; value per dollar by future (P,),
    None without a plan; what came of the plan by the scenario's day of knowledge."""
    e = sc.evidence
    with_, base = r.case("with", "h100e"), r.case("without", "h100e")
    end = last(r) + 1
    fans = {"without": base.sum(1)}
    if worth is not None:
        fans |= {"programme": with_[:, PROGRAMME], "additional": with_.sum(1) - base.sum(1)}
    return {
        "date": [ORIGIN + (t + 1) / 4 for t in r.chain.calendar(end).tolist()],
        "levels": list(LEVELS), "first": ORIGIN + (r.chain.first + r.chain.start) / 4,
        "compute": {k: _quantiles(x[:end]) for k, x in fans.items()},
        "history": _history(e, sc.known_by), "forecasts": _forecasts(e, sc.known_by),
        "worth": None if worth is None else _histogram(worth),
        "since": _since(e, sc.known_by), "inputs": _inputs(sc)}


def _quantiles(x: Array) -> list[list[float]]:
    """One list of quarters a level, to four figures: (L, T) from (T, P)."""
    return [[float(f"{v:.4g}") for v in row] for row in np.quantile(x, LEVELS, axis=-1)]


def _histogram(x: Array) -> dict[str, list[float]]:
    """Shares of futures between edges a tenth apart, the outermost open."""
    x = np.clip(x, -0.55, 3.05)
    low, high = np.floor(10 * x.min()) / 10, np.ceil(10 * x.max() + 1e-9) / 10
    edges = np.linspace(low, high, max(round(10 * (high - low)), 1) + 1)
    counts, _ = np.histogram(x, edges)
    return {"edges": [round(float(v), 3) for v in edges], "share": (counts / x.size).tolist()}


def _known(e: Evidence, fact: str, day: str | None) -> bool:
    return day is None or known_by(e.fact(fact), day)


def _history(e: Evidence, day: str | None) -> list[list[float]]:
    """Whole rows of the table only; for a world of a past day, none: editions are of today."""
    if day is not None:
        return []
    at = declared()["compute"]["history"]
    return [[_year(row["date"]), float(row[at["column"]])] for row in e.table(at["table"])
            if row[at["where"]] and row[at["column"]] is not None]


def _forecasts(e: Evidence, day: str | None) -> list[dict[str, Any]]:
    out = []
    for f in declared()["compute"]["forecasts"]:
        facts = [e.fact(k) for k in f["facts"] if _known(e, k, day)]
        if facts:
            out.append({"title": f["title"], "facts": [x.id for x in facts],
                        "points": [[_year(x.date), x.value] for x in facts]})
    return out


def _since(e: Evidence, day: str | None) -> list[dict[str, Any]]:
    out = []
    for row in declared()["since"]:
        f = e.fact(row["fact"])
        if _known(e, f.id, day):
            out.append({"fact": f.id, "value": f.value, "unit": f.unit, "date": f.date,
                        "text": row["text"], "publisher": f.source.publisher, "url": f.source.url})
    return out


def _year(date: str) -> float:
    """A date as a decimal year; a bare year is its end, as stocks are.

    >>> _year("2025"), _year("2025-12-31")
    (2026.0, 2026.0)
    """
    return ORIGIN + quarter_index(f"{date}-12-31" if len(date) == 4 else date) / 4


def _inputs(sc: Scenario) -> dict[str, list[dict[str, Any]]]:
    """By group of the gap: its first numbers, each with where they come from."""
    return {group: [source_of(sc, key) for key in keys if key in sc.numbers]
            for group, keys in declared()["groups"].items()}


def source_of(sc: Scenario, key: str) -> dict[str, Any]:
    """A number of a scenario as a picture shows it: value (today's, of a series), range, kind, and
    the source of its best fact."""
    n = sc.numbers[key]
    facts = [sc.evidence.fact(f) for f in n.facts]
    first = min(facts, key=lambda f: GRADES.index(f.grade), default=None)
    return {"key": key, "value": n.at(float(quarter_index(sc.base_year))) if n.points else n.value,
            "low": n.low, "high": n.high, "series": n.points is not None, "unit": n.unit,
            "kind": n.kind, "facts": len(facts),
            "source": None if first is None else {
                "publisher": first.source.publisher, "title": first.source.title,
                "url": first.source.url, "date": first.date, "grade": first.grade}}
