"""The one door for faces: run a scenario and say what came out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__
from .analysis import answer as answers
from .analysis import explore as grids
from .analysis import fits, regions
from .analysis import headline as h
from .analysis.outcome import absorbed, delivered, last, value
from .analysis.outcome import pledged as sums
from .analysis.paired import difference, ratio_difference
from .analysis.pictures import pictures
from .analysis.tables import middle, tables
from .chain.cases import Case
from .chain.mechanisms import MECHANISMS
from .dates import quarter_index
from .errors import InputErrors, Problem, did_you_mean
from .evidence import load as load_evidence
from .results.comparison import Comparison
from .results.run import Run
from .scenario import Scenario, load
from .simulate.run import HEADLINES, KEPT, KEPT_SIDE, SIDES, Trajectories, simulate

SIDE, FEW = 256, 96  # futures of a side ensemble, and of the many that levers need
CLAIM, FEW_KEYS = 10.0, 3


def open_scenario(source: str, sets: tuple[str, ...] = (), evidence: Path | None = None,
                  known_by: str | None = None) -> Scenario:
    """A checked scenario, with every problem in it as InputErrors."""
    return load(source, sets, load_evidence(evidence), known_by)


def run(source: str | Scenario = "seven-trillion", *, sets: tuple[str, ...] = (),
        evidence: Path | None = None, known_by: str | None = None, paths: int = 1000,
        seed: int = 1, workers: int | None = None,
        without: tuple[str, ...] = (), each: bool = False, quick: bool = False,
        explore: bool = False,
        progress: Callable[[str, float], None] | None = None,
        on_main: Callable[[dict[str, Any]], None] | None = None) -> Run:
    """Simulate `paths` futures of a scenario and of the world without its programme.

    source: a bundled name, a file, or a scenario that is open already, with its own evidence;
    known_by: a day; facts that became public later are refused; without: mechanisms to switch off;
    each: also switch off every one in turn, on paired futures; quick: no side ensembles; explore:
    also a grid of other plans for the report's sliders; on_main: called with the answer before side
    ensembles run.
    Raises InputErrors for anything the user can mend.
    """
    _check(paths, seed, workers, without)
    sc = (source.replace(**dict(s.split("=", 1) for s in sets)) if isinstance(source, Scenario)
          else open_scenario(source, sets, evidence, known_by))
    if without:
        sc = sc.model_copy(update={"without": [*sc.without, *without]})
    workers = workers or os.cpu_count() or 1
    say = progress or (lambda what, part: None)
    clock: dict[str, float] = {}

    def simulated(what: str, scenario: Scenario, cases: list[Case], keep: tuple[str, ...] = SIDES,
                  beside: tuple[str, ...] = KEPT_SIDE) -> Trajectories:
        began = time.perf_counter()
        r = simulate(scenario, cases, seed, workers=workers, keep=keep, beside=beside,
                     progress=lambda part: say(what, part))
        clock[what] = clock.get(what, 0.0) + time.perf_counter() - began
        return r

    r = simulated("futures", sc, answers.main_cases(paths), HEADLINES, KEPT)
    answer = answers.about(sc, r, seed)
    pledged = answer["pledge"] > 0
    if pledged:
        promises = simulate(sc, fits.promise_cases(sc), seed, keep=SIDES, beside=KEPT_SIDE,
                            median=True)
        answer |= answers.outcomes(sc, r, promises)
    answer["pictures"] = pictures(sc, r, value(sc, r, "with")[1] if pledged else None)
    if on_main is not None:
        on_main(answer)
    side, few = min(SIDE, paths), min(FEW, paths)
    capacity: dict[str, Any] = {}
    if pledged and not quick:
        cases, keys = answers.side_cases(sc, r, seed, side, few)
        s = simulated("side ensembles", sc, cases)
        answer |= answers.sides(sc, s, promises, keys, answer)
        where = simulated("regions", sc, regions.cases(side), regions.KEEP)
        answer["regions"] = regions.regions(sc, where)
        capacity = {"capacity": regions.table(where)}
        answer["others"] = [o for name in sc.report.compare if name != sc.name
                            for o in [_other(name, few, evidence, simulated)]]
    if pledged and each:
        answer["without"], answer["claim"] = _each(sc, side, simulated)
    grid = None
    if pledged and explore:
        some = simulated("other plans", sc, grids.cases(sc))
        aims = simulate(sc, grids.promises(sc), seed, keep=SIDES, beside=KEPT_SIDE, median=True)
        grid = grids.grid(sc, some, aims)
    made = tables(sc, r, pledged) | capacity
    if pledged:
        answer["cash_path"] = middle(r)
    answer |= {"side_futures": side, "few_futures": few, "timings": clock}
    return Run(sc, answer, made, _manifest(sc, answer, seed, paths), grid)


def compare(*sources: str | Scenario, paths: int = 256, seed: int = 1, workers: int | None = None,
            quick: bool = False, evidence: Path | None = None,
            progress: Callable[[str, float], None] | None = None) -> Comparison:
    """Scenarios against the first of them, on the same futures.

    A source is a name, a file, an open scenario, or a name with changes laid over it, as in
    "stargate:newcomer.share=25 %;pue=1.2". quick: not which change does how much, nor the gap.
    Raises InputErrors for anything the user can mend.

    >>> c = compare("stargate", "stargate:newcomer.share=50 %", paths=16, quick=True, workers=1)
    >>> bool(c.outcomes.loc[("stargate:newcomer.share=50 %", "absorbed"), "diff"] > 0)
    True
    """
    from .analysis.compared import compared

    _check(paths, seed, workers, ())
    if len(sources) < 2:
        raise InputErrors([Problem("compare", None, "", "expected two scenarios or more")])
    opened, problems = [], []
    for source in sources:
        try:
            opened.append(source if isinstance(source, Scenario) else _variant(source, evidence))
        except InputErrors as error:
            problems += error.problems
    InputErrors.raise_if(problems)
    names = [s.name if isinstance(s, Scenario) else s for s in sources]
    return Comparison(compared(
        opened, names, paths=paths, few=min(FEW, paths), seed=seed, quick=quick,
        workers=workers or os.cpu_count() or 1, say=progress or (lambda what, part: None)))


def _variant(source: str, evidence: Path | None) -> Scenario:
    """A scenario by name or file, with changes after a colon."""
    name, colon, rest = source.partition(":")
    if not colon or "=" not in rest:
        return open_scenario(source, (), evidence)
    return open_scenario(name, tuple(x.strip() for x in rest.split(";") if x.strip()), evidence)


def why(key: str, scenario: str | Scenario = "seven-trillion", *, sets: tuple[str, ...] = (),
        evidence: Path | None = None, effect: bool = False, paths: int = 128, seed: int = 1,
        ) -> list[dict[str, Any]]:
    """Where a number of a scenario comes from, or all that rests on a fact; with `effect`, what the
    first few numbers move across their range, on `paths` futures.

    Raises InputErrors for a key that is none of these.

    >>> why("newcomer.share")[0]["unit"]
    'ratio'
    """
    from .analysis import drivers
    from .analysis import why as trail

    sc = scenario if isinstance(scenario, Scenario) else open_scenario(scenario, sets, evidence)
    entries = trail.why(sc, key)
    moved = trail.movable(sc, entries[:FEW_KEYS])
    if effect and moved and sc.programme.pledge.value:
        r = simulate(sc, drivers.cases(moved, paths), seed, workers=os.cpu_count() or 1,
                     keep=SIDES, beside=KEPT_SIDE)
        trail.effects(sc, entries[:FEW_KEYS], r, paths)
    return entries


def scale(text: str, said: str | None = None, *, evidence: Path | None = None) -> dict[str, Any]:
    """A sum of money beside the world's, as of the day it was said and as of the newest reading.

    Raises InputErrors for no sum, another currency, or a day before or after what is known.

    >>> scale("7 trillion USD", "2024-02-12")["usd"]
    7000000000000.0
    """
    from .analysis.scale import scale as beside
    from .claims.sums import read_sum

    e = load_evidence(evidence)
    today = max(s.accessed for s in e.sources.values())
    first = min(f.known for f in e.facts.values())
    dollars, day = read_sum(text), said or today
    try:
        if quarter_index(day) and (len(day) != 10 or not first <= day <= today):
            raise ValueError(f"found {day!r}; expected a whole day from {first} to {today}")
        rows = beside(e, dollars, day, today)
    except ValueError as error:
        raise InputErrors([Problem("--on", None, "", str(error))]) from None
    return {"usd": dollars, "said": day, "today": today, "rows": rows}


def _with_stand_ins(scenario: str, evidence: Path | None) -> Scenario:
    """The scenario with a range for each bare number that has none; no further than the value
    itself at an end that the number may not reach."""
    from .analysis.shares import stand_in

    sc = open_scenario(scenario, (), evidence)
    texts = stand_in(sc)
    for ends in ((0.5, 1.0), (1.0, 2.0), (1.0, 1.0)):
        try:
            return open_scenario(scenario, _sets(texts), evidence) if texts else sc
        except InputErrors as refused:
            texts |= stand_in(sc, ends, {p.key for p in refused.problems})
    return open_scenario(scenario, _sets(texts), evidence)


def _sets(texts: dict[str, str]) -> tuple[str, ...]:
    return tuple(f"{k}={x}" for k, x in texts.items())


def evidence_shares(scenario: str = "seven-trillion", *, evidence: Path | None = None,
                    paths: int = 4096, seed: int = 1) -> dict[str, Any]:
    """Share of the spread of each verdict number by how its inputs are known; bare numbers without
    a range have one from half to twice themselves."""
    from .analysis.shares import LEAST, shares

    _check(paths, seed, None, ())
    sc = _with_stand_ins(scenario, evidence)
    if not sc.programme.pledge.value:
        raise InputErrors([Problem("evidence share", None, "--scenario", f"{sc.name} has no plan, "
                                   "hence no verdict")])
    least = LEAST * sum(n.shape != "fixed" for n in sc.numbers.values())
    if paths < least:
        raise InputErrors([Problem("--paths", None, "", f"found {paths}; at least {least}, {LEAST} "
                                   "times the numbers that have a range")])
    r = simulate(sc, [Case("with", paths)], seed, workers=os.cpu_count() or 1,
                 keep=HEADLINES, beside=KEPT)
    return {"scenario": sc.name} | shares(sc, seed, {
        "absorbed": absorbed(r, "with"), "delivered": delivered(r, "with"),
        "returned": value(sc, r, "with")[1], "price": r.case("with", "price")[last(r)]})


def check(text: str | None = None, *, on: str | None = None, evidence: Path | None = None
          ) -> dict[str, Any] | list[dict[str, Any]]:
    """The numbers of a text with their verdicts, or the ledger of claims where there is no text.

    on: a whole day; verdicts of that day beside today's. See :func:`oblea.claims.check_text` and
    :func:`oblea.claims.ledger` for what comes back. Raises InputErrors for a day that is none.

    >>> check("A 2 nm fab costs 28 billion dollars.")["items"][0]["now"]["code"]
    'holds'
    """
    from .claims import check_text, ledger
    from .claims.sums import check_day

    if on is not None:
        check_day(on, "check")
    known = load_evidence(evidence)
    return ledger(known) if text is None else check_text(text, on=on, evidence=known)


def backtests(day: str | None = None, *, evidence: Path | None = None, paths: int = 256,
              seed: int = 1) -> list[dict[str, Any]]:
    """The blind test from `day`, or from every day for which a world was built.

    Raises InputErrors for a day without one.
    """
    from .analysis.backtest import backtests as scores
    from .scenario.load import vintages

    _check(paths, seed, None, ())
    return scores([day] if day else sorted(vintages()), load_evidence(evidence), paths=paths,
                  seed=seed, workers=os.cpu_count() or 1)


def reproductions(lang: str = "en") -> str:
    """Published results from their own inputs, as a table."""
    from .report.words import Words
    from .studies.table import as_markdown

    Words(lang)
    return as_markdown(lang)


def _check(paths: int, seed: int, workers: int | None, without: tuple[str, ...]) -> None:
    problems = []
    for key, found, least in (("--paths", paths, 1), ("--seed", seed, 0),
                              ("--workers", 1 if workers is None else workers, 1)):
        if found < least:
            problems.append(Problem(key, None, "", f"found {found}; expected {least} or more"))
    if paths > 1_000_000:
        problems.append(Problem("--paths", None, "", f"found {paths}; at most 1000000"))
    problems += [Problem("--without", None, "", f"no mechanism {m!r}; known: each, "
                         f"{', '.join(MECHANISMS)}{did_you_mean(m, MECHANISMS)}")
                 for m in without if m not in MECHANISMS]
    InputErrors.raise_if(problems)


def _other(name: str, side: int, evidence: Path | None, simulated: Any) -> dict[str, Any]:
    sc = open_scenario(name, (), evidence)
    r = simulated("other plans", sc, [Case("with", side), Case("certain", side,
                                                               off=answers.MONEY)])
    return {"name": name, "title": {"en": sc.title.en, "es": sc.title.es},
            "absorbed": float(np.median(absorbed(r, "with"))),
            "pledge": float(np.mean(sums(r, "with"))),
            "spendable": float(np.median(absorbed(r, "certain"))), "aim": sc.programme.aim,
            "bound": h.all_tools(sc, r)}


def _each(sc: Scenario, side: int, simulated: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each mechanism off in turn, against the same futures with all of them on."""
    cases = [Case("with", side), Case("without", side, pledge=0.0),
             Case("claim", side, claim=CLAIM)]
    for m in MECHANISMS:
        cases += [Case(f"with {m}", side, off=(m,)), Case(f"without {m}", side, off=(m,),
                                                          pledge=0.0)]
    s = simulated("without each", sc, cases, (*SIDES, "gw", "h100e", "price"))
    at = s.chain.base + 8
    base = h.additional(s, "with", "without")
    end, term = last(s), slice(s.chain.start, last(s) + 1)
    rows = []
    for m, what in MECHANISMS.items():
        on = lambda f, m=m: difference(f(s, f"with {m}"), f(s, "with"))  # noqa: E731
        rows.append({
            "mechanism": m, "title": what, "absorbed": on(absorbed), "delivered": on(delivered),
            "additional": ratio_difference(h.additional(s, f"with {m}", f"without {m}"), base),
            "price": on(lambda r, c: (r.case(c, "price") / r.case("with", "price"))[term].mean(0)),
            "returned": on(lambda r, c: value(sc, r, c)[1]),
            "world_gw": difference(s.case(f"without {m}", "gw")[end].sum(0),
                                   s.case("without", "gw")[end].sum(0)),
            "h100e_cost": difference(s.case(f"with {m}", "h100e_cost")[at],
                                     s.case("with", "h100e_cost")[at]),
        })
    moved = np.abs(absorbed(s, "claim") - absorbed(s, "with")).max()
    return rows, {"times": CLAIM, "difference": float(moved)}


def _manifest(sc: Scenario, answer: dict[str, Any], seed: int, paths: int) -> dict[str, Any]:
    return {"oblea": __version__, "scenario": sc.name, "scenario_sha256": sc.digest,
            "files": sc.files, "sets": list(sc._sets), "without": list(sc.without),
            "evidence_sha256": sc.evidence.digest, "evidence_newest": answer["evidence_newest"],
            "seed": seed, "paths": paths, "numpy": np.__version__}
