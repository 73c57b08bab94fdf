"""Where a number comes from: scenario value, reason, facts, sources, and what it acts through."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from ..errors import InputErrors, Problem, did_you_mean
from ..estimates import TooFewRows, estimate, names
from ..scenario.diff import text_at
from . import drivers
from .outcome import absorbed, delivered, value
from .paired import difference

CARRIERS = r"EIN Presswire|GovDelivery|arXiv [\d.]+|summary"

if TYPE_CHECKING:
    from ..scenario import Number, Scenario
    from ..simulate.run import Trajectories


def why(sc: Scenario, key: str) -> list[dict[str, Any]]:
    """Entries for a number, for all below a key, or for every number that rests on a fact or an
    estimate.

    Raises InputErrors for a key that is none of these.

    >>> from oblea.scenario import load
    >>> [e["key"] for e in why(load("seven-trillion"), "euv_units_growth")]
    ['pools.euv.supply.then']
    """
    if key in sc.numbers:
        keys = [key, *(k for k in sc.numbers if k == f"{key}.then")]
    elif key in sc.evidence.facts:
        keys = [k for k, n in sc.numbers.items() if key in n.facts]
        if not keys:
            return [{"key": "", "fact_only": True, "estimate": None,
                     "facts": [_fact(sc, key, fits=_fits(sc))]}]
    elif key in names():
        keys = [k for k, n in sc.numbers.items() if _named(sc, n) == key]
        if not keys:
            e, fits = _about(sc, key), _fits(sc)
            return [{"key": "", "fact_only": True, "estimate": e,
                     "facts": [_fact(sc, f, fits=fits) for f in e["facts"]
                               if f in sc.evidence.facts]}]
    else:
        keys = [k for k in sc.numbers if k.startswith(f"{key}.")]
    if not keys:
        known = [*sc.numbers, *sc.evidence.facts, *names(), *{k.split(".")[0] for k in sc.numbers}]
        raise InputErrors([Problem("why", None, key, "no number, fact or estimate of that "
                                   f"name{did_you_mean(key, known)}")])
    fits = _fits(sc)
    return [_entry(sc, sc.numbers[k], fits) for k in keys]


def _fits(sc: Scenario) -> dict[str, list[str]]:
    """By fact the estimates that rest on it."""
    found: dict[str, list[str]] = {}
    for name in names():
        if name.startswith("delay_ratio_"):  # the fit of delay_ratio, read for one region
            continue
        try:
            rows = estimate(name, sc.evidence, sc.known_by).facts
        except TooFewRows:
            continue
        for f in rows:
            found.setdefault(f, []).append(name)
    return found


def _entry(sc: Scenario, n: Number, fits: dict[str, list[str]]) -> dict[str, Any]:
    from ..dates import quarter_name

    return {
        "key": n.key, "value": n.value, "low": n.low, "high": n.high, "unit": n.unit,
        "shape": n.shape, "kind": n.kind, "why": n.why, "how": n.how, "certain": n.certain,
        "series": None if n.points is None else {quarter_name(int(t)): x for t, x in n.points},
        "place": f"{n.file}:{n.line}", "section": n.key.split(".")[0],
        "estimate": _estimate(sc, n), "effect": None,
        "facts": [_fact(sc, f, n.key, fits) for f in n.facts],
    }


def _estimate(sc: Scenario, n: Number) -> dict[str, Any] | None:
    """The fit behind a number that is `{estimate: name}`."""
    name = _named(sc, n)
    return None if name is None else _about(sc, name)


def _named(sc: Scenario, n: Number) -> str | None:
    """The estimate that a number is; None where it is none."""
    text = text_at(sc, n.key.removesuffix(".then"))
    if n.key.endswith(".then") and isinstance(text, dict):
        text = text.get("then")
    return str(text["estimate"]) if isinstance(text, dict) and "estimate" in text else None


def _about(sc: Scenario, name: str) -> dict[str, Any]:
    """An estimate with the rows that it is fitted on."""
    e = estimate(name, sc.evidence, sc.known_by)
    return {"name": e.name, "method": e.method, "value": e.value, "low": e.low, "high": e.high,
            "unit": e.unit, "rows": e.n, "newest": e.newest, "caveat": e.caveat,
            "facts": list(e.facts)}


def _fact(sc: Scenario, name: str, key: str = "", fits: dict[str, list[str]] | None = None
          ) -> dict[str, Any]:
    f = sc.evidence.fact(name)
    who, where = origin(f.source.publisher)
    return {"id": f.id, "value": f.value, "unit": f.unit, "low": f.low, "high": f.high,
            "date": f.date, "basis": f.basis, "scope": f.scope, "grade": f.grade, "note": f.note,
            "measured_by": who, "read_in": where,
            "title": f.source.title, "publisher": f.source.publisher, "url": f.source.url,
            "accessed": f.source.accessed, "place": f"{f.file}:{f.line}",
            "users": [k for k, n in sc.numbers.items() if name in n.facts and k != key]
            + [f"estimate {e}" for e in (fits or {}).get(name, ())]
            + [f"fact {g.id}" for g in sc.evidence.facts.values() if g.grade == "derived"
               and g.id != name and re.search(rf"\b{re.escape(name)}\b", g.note)]
            + [f"study {s}" for s in _studies(name)]}


def origin(publisher: str) -> tuple[str, str]:
    """Who made a number, and where it was read, from how a publisher is written. A wire or an
    archive that carries a maker's own text made nothing.

    >>> origin("McKinsey (via vuink)"), origin("US Commerce (EIN Presswire)")
    (('McKinsey', 'vuink'), ('US Commerce', 'EIN Presswire'))
    >>> origin("cloudnews (TrendForce)"), origin("SemiWiki via vuink"), origin("SEMI")
    (('TrendForce', 'cloudnews'), ('SemiWiki', 'vuink'), ('SEMI', 'SEMI'))
    """
    for pattern, who, where in ((rf"(.+?) \((?:via )?({CARRIERS})\)", 1, 2),
                                (r"(.+?) \(via (.+)\)", 1, 2),
                                (r"(.+?) \((?!GitHub)(?:citing |quoting |summarising )?(.+)\)",
                                 2, 1),
                                (r"(.+?) (?:quoting|citing|summarising) (.+)", 2, 1),
                                (r"(.+?) via (.+)", 1, 2)):
        found = re.fullmatch(pattern, publisher)
        if found:
            return found[who], found[where]
    return publisher, publisher


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    folder = resources.files("oblea.data").joinpath("studies")
    return {f.name.removesuffix(".yaml"): f.read_text("utf-8") for f in folder.iterdir()
            if f.name.endswith(".yaml")}


def _studies(fact: str) -> list[str]:
    """Published results reproduced with this fact."""
    return sorted(k for k, text in _texts().items() if re.search(rf"\b{re.escape(fact)}\b", text))


def effects(sc: Scenario, entries: list[dict[str, Any]], r: Trajectories, paths: int) -> None:
    """Put into each entry what the number moves from its low to its high end; `r` holds
    `drivers.cases` of :func:`movable`."""
    for e in entries:
        if e["key"] in movable(sc, entries):
            low, high = (f"driver {e['key']} {u}" for u in (drivers.LOW, drivers.HIGH))
            e["effect"] = {"futures": paths, "unit": "wspm" if sc.programme.aim == "fabs" else "GW",
                           **{k: difference(f(high), f(low)) for k, f in (
                               ("absorbed", lambda c: absorbed(r, c)),
                               ("delivered", lambda c: delivered(r, c)),
                               ("returned", lambda c: value(sc, r, c)[1]))}}


def movable(sc: Scenario, entries: list[dict[str, Any]]) -> list[str]:
    """Keys of entries that have a range of their own."""
    return [e["key"] for e in entries if e["key"] in sc.numbers
            and sc.numbers[e["key"]].shape != "fixed"]
