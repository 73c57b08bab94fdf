"""The one door for faces: run a scenario and say what came out."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import __version__
from .analysis import headline as h
from .analysis.paired import difference, ratio_difference
from .chain.cases import Case
from .chain.index import PROGRAMME
from .chain.mechanisms import MECHANISMS
from .errors import InputErrors, Problem, did_you_mean
from .evidence import load as load_evidence
from .scenario import Scenario, load
from .simulate.run import HEADLINES, Trajectories, simulate

SIDE = 256  # futures of a side ensemble
CLAIM = 10.0


@dataclass(frozen=True)
class Run:
    """A scenario, its answer (plain values, JSON-able), tables for the run folder, a manifest."""

    scenario: Scenario
    answer: dict[str, Any]
    tables: dict[str, dict[str, np.ndarray]]
    manifest: dict[str, Any]


def open_scenario(source: str, sets: tuple[str, ...] = (), evidence: Path | None = None
                  ) -> Scenario:
    """A checked scenario, with every problem in it as InputErrors."""
    return load(source, sets, load_evidence(evidence))


def run(source: str, *, sets: tuple[str, ...] = (), evidence: Path | None = None,
        paths: int = 1000, seed: int = 1, workers: int | None = None,
        without: tuple[str, ...] = (), each: bool = False, quick: bool = False,
        progress: Callable[[str, float], None] | None = None,
        on_main: Callable[[dict[str, Any]], None] | None = None) -> Run:
    """Simulate `paths` futures of a scenario and of the world without its programme.

    without: mechanisms to switch off; each: also switch off every one in turn, on paired futures;
    quick: no side ensembles; on_main: called with the answer before side ensembles run.
    Raises InputErrors for anything the user can mend.
    """
    _check(paths, seed, workers, without)
    sc = open_scenario(source, sets, evidence)
    if without:
        sc = sc.model_copy(update={"without": [*sc.without, *without]})
    workers = workers or os.cpu_count() or 1
    say = progress or (lambda what, part: None)
    clock: dict[str, float] = {}

    def simulated(what: str, scenario: Scenario, cases: list[Case]) -> Trajectories:
        began = time.perf_counter()
        r = simulate(scenario, cases, seed, workers=workers, keep=HEADLINES,
                     progress=lambda part: say(what, part))
        clock[what] = clock.get(what, 0.0) + time.perf_counter() - began
        return r

    r = simulated("futures", sc, [Case("with", paths), Case("without", paths, pledge=0.0)])
    answer = _main(sc, r, paths, seed)
    if on_main is not None:
        on_main(answer)
    pledged = answer["pledge"] > 0
    side = min(SIDE, paths)
    if pledged and not quick:
        shares = sc.report.newcomer_shares
        side_run = simulated("newcomer", sc, [Case(f"{x}", side, newcomer=x) for x in shares])
        answer["newcomer"] = [_mean(x, h.spendable(side_run, f"{x}")) for x in shares]
        answer["others"] = [o for name in sc.report.compare if name != sc.name
                            for o in [_other(name, side, evidence, simulated)]]
    if pledged and each:
        answer["without"], answer["claim"] = _each(sc, r, side, simulated)
    answer |= {"side_futures": side, "timings": clock}
    return Run(sc, answer, _tables(r), _manifest(sc, answer, seed, paths))


def _check(paths: int, seed: int, workers: int | None, without: tuple[str, ...]) -> None:
    problems = []
    for key, value, least in (("--paths", paths, 1), ("--seed", seed, 0),
                              ("--workers", 1 if workers is None else workers, 1)):
        if value < least:
            problems.append(Problem(key, None, "", f"found {value}; expected {least} or more"))
    if paths > 1_000_000:
        problems.append(Problem("--paths", None, "", f"found {paths}; at most 1000000"))
    problems += [Problem("--without", None, "", f"no mechanism {m!r}; known: each, "
                         f"{', '.join(MECHANISMS)}{did_you_mean(m, MECHANISMS)}")
                 for m in without if m not in MECHANISMS]
    InputErrors.raise_if(problems)


def _mean(x: float, spent: np.ndarray) -> dict[str, float]:
    return {"share": x, "spendable": float(spent.mean()),
            "se": float(spent.std(ddof=1) / np.sqrt(spent.size)) if spent.size > 1 else 0.0}


def _main(sc: Scenario, r: Trajectories, paths: int, seed: int) -> dict[str, Any]:
    pledge = float(sc.programme.pledge.value or 0.0)
    first = r.chain.start // 4 + 2024
    answer: dict[str, Any] = {
        "version": __version__, "scenario": sc.name,
        "title": {"en": sc.title.en, "es": sc.title.es}, "futures": paths, "seed": seed,
        "evidence_newest": h.newest(sc), "pledge": pledge, "first_year": first,
        "last_year": h.last(r) // 4 + 2024, "base_year": sc.base_year, "grades": h.grades(sc),
        "off": list(sc.without), "newcomer": [], "others": [], "without": None, "claim": None,
        "aim": sc.programme.aim, "in_service": h.in_service(sc, r, "with", "without"),
    }
    if sc.programme.priced is not None and sc.programme.priced.value:
        answer["press"] = {"fabs": pledge / sc.programme.priced.value}
    if not pledge > 0:
        return answer
    spent, gw, promised = h.spendable(r, "with"), h.delivered(r, "with"), h.promise(r, "with")
    absorbed, filled = sc.report.absorbed.value or 0.0, sc.report.delivered.value or 0.0
    more, own = h.additional(r, "with", "without")
    answer |= {
        "spendable": h.spread(spent) | {"chance": float(np.mean(spent >= absorbed * pledge))},
        "bound": {"all_tools": h.all_tools(sc, r)},
        "delivered": h.spread(gw) | {"promise": float(np.median(promised)),
                                     "chance": float(np.mean(gw >= filled * promised))},
        "additional_share": h.share_of(more, own),
        "binds": h.calendar(sc, r, "with"), "shares_taken": h.shares_taken(r, "with"),
        "industry": h.industry(r, "without", pledge),
    }
    return answer


def _other(name: str, side: int, evidence: Path | None, simulated: Any) -> dict[str, Any]:
    sc = open_scenario(name, (), evidence)
    r = simulated("other plans", sc, [Case("with", side)])
    return {"name": name, "title": {"en": sc.title.en, "es": sc.title.es},
            "spendable": float(np.mean(h.spendable(r, "with"))), "aim": sc.programme.aim,
            "bound": h.all_tools(sc, r)}


def _each(sc: Scenario, r: Trajectories, side: int, simulated: Any
          ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Each mechanism off in turn, against the same futures with all of them on."""
    cases = [Case("with", side), Case("without", side, pledge=0.0),
             Case("claim", side, claim=CLAIM)]
    for m in MECHANISMS:
        cases += [Case(f"with {m}", side, off=(m,)), Case(f"without {m}", side, off=(m,),
                                                          pledge=0.0)]
    s = simulated("without each", sc, cases)
    at = s.chain.base + 8
    base = h.additional(s, "with", "without")
    rows = []
    for m, what in MECHANISMS.items():
        rows.append({
            "mechanism": m, "title": what,
            "spendable": difference(h.spendable(s, f"with {m}"), h.spendable(s, "with")),
            "delivered": difference(h.delivered(s, f"with {m}"), h.delivered(s, "with")),
            "additional": ratio_difference(h.additional(s, f"with {m}", f"without {m}"), base),
            "world_gw": difference(s.case(f"without {m}", "gw")[h.last(s)].sum(0),
                                   s.case("without", "gw")[h.last(s)].sum(0)),
            "h100e_cost": difference(s.case(f"with {m}", "h100e_cost")[at],
                                     s.case("with", "h100e_cost")[at]),
        })
    gap = np.abs(h.spendable(s, "claim") - h.spendable(s, "with")).max()
    return rows, {"times": CLAIM, "difference": float(gap)}


def _tables(r: Trajectories) -> dict[str, dict[str, np.ndarray]]:
    """Scalars by path, and quantiles of headline series by quarter."""
    paths = r.slices["with"].stop - r.slices["with"].start
    scalars = {"path": np.arange(paths), "spendable_usd": h.spendable(r, "with"),
               "delivered_gw": h.delivered(r, "with"), "promised_gw": h.promise(r, "with"),
               "additional_h100e": h.additional(r, "with", "without")[0],
               "programme_h100e": h.additional(r, "with", "without")[1]}
    rows: dict[str, list[Any]] = {k: [] for k in ("quarter", "case", "owner", "variable", "p5",
                                                  "p50", "p95", "mean")}
    from .dates import quarter_name
    for case in ("with", "without"):
        for name in ("gw", "h100e", "h100e_8bit", "deployed", "delivered"):
            x = r.case(case, name)
            for o, owner in ((0, "world"), (PROGRAMME, "programme")):
                q = np.quantile(x[:, o], [0.05, 0.5, 0.95], axis=-1)
                rows["quarter"] += [quarter_name(t) for t in range(r.chain.quarters)]
                for key, column in zip(("p5", "p50", "p95", "mean"),
                                       (*q, x[:, o].mean(-1)), strict=True):
                    rows[key] += column.tolist()
                for key, word in (("case", case), ("owner", owner), ("variable", name)):
                    rows[key] += [word] * r.chain.quarters
    return {"paths": scalars, "series": {k: np.array(v) for k, v in rows.items()}}


def _manifest(sc: Scenario, answer: dict[str, Any], seed: int, paths: int) -> dict[str, Any]:
    return {"oblea": __version__, "scenario": sc.name, "scenario_sha256": sc.digest,
            "files": sc.files, "sets": list(sc._sets), "without": list(sc.without),
            "evidence_sha256": sc.evidence.digest, "evidence_newest": answer["evidence_newest"],
            "seed": seed, "paths": paths, "numpy": np.__version__}
