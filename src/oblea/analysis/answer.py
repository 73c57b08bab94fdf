"""The answer of a run as plain values: what every face shows, each number once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import __version__
from ..chain.cases import Case
from ..chain.mechanisms import GROUPS
from ..chain.money import price_index
from ..dates import ORIGIN
from . import drivers, fits, gap, levers, money
from . import headline as h
from .outcome import absorbed, delivered, pledged, raisable, tests, value, word
from .paired import standard_error
from .pictures import source_of

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories

MONEY = GROUPS["money"].mechanisms


def main_cases(paths: int) -> list[Case]:
    """The plan, the plan with its money certain, and the world without it."""
    return [Case("with", paths), Case("certain", paths, off=MONEY),
            Case("without", paths, pledge=0.0)]


def about(sc: Scenario, r: Trajectories, seed: int) -> dict[str, Any]:
    """What was run, and the world in service with and without the plan."""
    pledge = float(sc.programme.pledge.value or 0.0)
    paths = r.slices["with"].stop - r.slices["with"].start
    answer: dict[str, Any] = {
        "version": __version__, "scenario": sc.name,
        "title": {"en": sc.title.en, "es": sc.title.es}, "futures": paths, "seed": seed,
        "evidence_newest": h.newest(sc), "overlay": sc.evidence.overlay, "pledge": pledge,
        "first_year": r.chain.year(r.chain.start),
        "last_year": r.chain.year(h.last(r)), "base_year": sc.base_year, "grades": h.grades(sc),
        "off": list(sc.without), "aim": sc.programme.aim,
        "in_service": h.in_service(sc, r, "with", "without"),
        "market": money.market(sc, r, "with"), "solvent": _solvent(sc, r),
        "price_index": price_index(sc, r.chain.calendar()).tolist(),
        "newcomer": [], "others": [], "without": None, "claim": None}
    if sc.programme.priced is not None and sc.programme.priced.value:
        answer["press"] = {"fabs": pledge / sc.programme.priced.value}
    return answer


def _solvent(sc: Scenario, r: Trajectories) -> dict[str, float]:
    """Price over full cost in the reference world, median, by year to the end of the base year."""
    ch, ratio = r.chain, r.case("without", "price") / r.case("without", "full")
    years = ch.calendar() // 4
    return {str(ORIGIN + y): float(np.median(ratio[years == y]))
            for y in range(years[0], years[ch.base] + 1)}


def outcomes(sc: Scenario, r: Trajectories, promises: Trajectories) -> dict[str, Any]:
    """The ledger, the three tests and the verdict, with the money behind them."""
    promise = float(delivered(promises, "promise")[0])
    paid, gw = absorbed(r, "with"), delivered(r, "with")
    certain = absorbed(r, "certain")
    net, worth = value(sc, r, "with")
    chance = tests(sc, r, "with", promise).chances()
    sums = pledged(r, "with")
    sure = float(np.mean(certain >= (1 - 1e-9) * (sc.report.absorbed.value or 0.0) * sums))
    more, own = h.additional(r, "with", "without")
    used = paid > 1e6
    ask = sc.report
    # Where tests are passed equally seldom, the weakest is the one whose median is farthest off.
    near = {"absorbed": float(np.median(paid / np.maximum(sums, 1.0))) / (ask.absorbed.value or 1),
            "delivered": float(np.median(gw)) / max(promise * (ask.delivered.value or 1), 1e-9),
            "returned": min(float(np.median(worth)), float(np.median(paid / np.maximum(sums, 1.0)))
                            / (ask.paid_in.value or 1))}
    return {
        "raisable": h.spread(raisable(r, "with")),
        "spendable": h.spread(certain) | {"chance": sure},
        "absorbed": h.spread(paid) | {"chance": chance["absorbed"]},
        "net_absorbed": h.spread(paid - money.displaced(r, "with", "without")),
        "delivered": h.spread(gw) | {"promise": promise, "chance": chance["delivered"],
                                     "unit": "wspm" if sc.programme.aim == "fabs" else "GW"},
        "returned": (h.spread(worth[used]) if used.any() else h.spread(worth)) | {
            "chance": chance["returned"], "npv": float(net.mean()),
            "hurdle": sc.finance.hurdle.value, "profit": float(np.mean(net >= 0.0))},
        "verdict": {"word": word(chance["joint"]), "joint": chance["joint"],
                    "weakest": min(near, key=lambda k: (chance[k], near[k]))},
        "thresholds": {k: getattr(sc.report, k).value
                       for k in ("absorbed", "delivered", "paid_in")},
        "bound": {"all_tools": h.all_tools(sc, r)}, "additional_share": h.share_of(more, own),
        "binds": h.calendar(sc, r, "with"), "shares_taken": h.shares_taken(r, "with"),
        "pool_titles": {k: {"en": p.title.en, "es": p.title.es} for k, p in sc.pools.items()},
        "industry": h.industry(r, "without", float(np.mean(sums))),
        "capital": money.summary(r, "with"), "funders": money.funders(sc, r, "with"),
        "receivers": money.receivers(sc, r, "with"), "needed": money.needed(sc, r, "with"),
        "accounts": money.accounts(sc, r, "with")}


def side_cases(sc: Scenario, r: Trajectories, seed: int, paths: int, few: int
               ) -> tuple[list[Case], list[str]]:
    """All side ensembles, to be run in one call; and the numbers whose effect they measure."""
    net = value(sc, r, "with")[1]
    keys = drivers.candidates(sc, seed, [absorbed(r, "with"), net])
    return [*gap.cases(paths), *fits.cases(sc, paths), *drivers.cases(keys, paths),
            *(Case(f"newcomer {x}", paths, newcomer=x) for x in sc.report.newcomer_shares),
            *levers.cases(sc, few)], keys


def sides(sc: Scenario, r: Trajectories, promises: Trajectories, keys: list[str],
          answer: dict[str, Any]) -> dict[str, Any]:
    """What the side ensembles say; `answer` is that of the main futures."""
    rows = []
    for x in sc.report.newcomer_shares:
        paid = absorbed(r, f"newcomer {x}")
        rows.append({"share": x, "absorbed": float(paid.mean()), "se": standard_error(paid)})
    left = float(pledged(r, "gap none").mean()) - answer["absorbed"]["mean"]
    return {"gap": gap.split(sc, r, left, answer["binds"]), "newcomer": rows,
            "fits": fits.fits(sc, r, promises),
            "drivers": [d | {"source": source_of(sc, d["key"])["source"]}
                        for d in drivers.drivers(sc, r, keys)],
            "levers": levers.levers(sc, r, answer["delivered"]["promise"])}
