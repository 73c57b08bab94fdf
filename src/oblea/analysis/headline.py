"""From trajectories to the numbers of the read-out. Quantiles and shares over futures, no model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.index import PROGRAMME, WORLD
from ..dates import month_text
from .outcome import last

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array


def spread(x: Array) -> dict[str, float]:
    """Median, 5th and 95th percentile, mean."""
    p5, p50, p95 = np.quantile(x, [0.05, 0.5, 0.95])
    return {"median": float(p50), "p5": float(p5), "p95": float(p95), "mean": float(np.mean(x))}


def additional(r: Trajectories, case: str, without: str, variable: str = "h100e"
               ) -> tuple[Array, Array]:
    """World with the programme less the world without it, and the programme's own: (P,) each."""
    t = last(r)
    with_, base = r.case(case, variable)[t], r.case(without, variable)[t]
    return with_.sum(0) - base.sum(0), with_[PROGRAMME]


def share_of(a: Array, b: Array) -> float | None:
    """Ratio of means: paths on which next to nothing was built count for next to nothing."""
    total = float(np.mean(b))
    return float(np.mean(a)) / total if total > 0 else None


def calendar(sc: Scenario, r: Trajectories, case: str) -> list[dict[str, Any]]:
    """What was shortest for the programme, by year: shares of futures and quarters."""
    ch = r.chain
    titles = [("money", {"en": "money", "es": "dinero"}),
              ("power", {"en": "power and sites", "es": "potencia y terrenos"})]
    for c in ch.commodities:
        stage = next(s for s in sc.stages.values() if s.makes == c)
        titles.append((c, {"en": stage.title.en, "es": stage.title.es}))
    titles.append(("operator", {"en": "operator and licence", "es": "operador y licencia"}))
    titles += [(e, {"en": sc.pools[e].title.en, "es": sc.pools[e].title.es}) for e in ch.pools]
    titles.append(("pledge", {"en": "the plan's own pace", "es": "el propio ritmo del plan"}))
    binds, out = r.case(case, "binds"), []
    term = range(ch.start, last(r) + 1)
    for year in range(ch.year(ch.start), ch.year(last(r)) + 1):
        q = [t for t in term if ch.year(t) == year]
        codes, counts = np.unique(binds[q], return_counts=True)
        total = counts.sum()
        limits = [{"key": titles[int(k)][0], "title": titles[int(k)][1],
                   "share": float(n / total)} for k, n in zip(codes, counts, strict=True)]
        out.append({"year": year,
                    "limits": sorted(limits, key=lambda x: (-x["share"], x["key"]))})
    return out


def in_service(sc: Scenario, r: Trajectories, case: str, without: str) -> dict[str, Any]:
    """Fleet, power, wafers and the largest run at the end of the term, means over futures."""
    t, rows = last(r), []
    for key, unit in (("h100e", "H100e"), ("h100e_8bit", "H100e"), ("gw", "GW")):
        more, own = additional(r, case, without, key)
        rows.append({"key": key, "unit": unit, "programme": float(own.mean()),
                     "additional": float(more.mean()),
                     "without": float(r.case(without, key)[t].sum(0).mean())})
    with_, base = r.case(case, "leading")[t], r.case(without, "leading")[t].sum(0)
    rows.append({"key": "wafers", "unit": "wspm", "programme": float(with_[1].mean()),
                 "additional": float((with_.sum(0) - base).mean()),
                 "without": float(base.mean())})
    own = r.case(case, "h100e")[t, PROGRAMME] * r.case(case, "run")
    base_run = r.case(without, "h100e")[t].sum(0) * r.case(without, "run")
    rows.append({"key": "run", "unit": "FLOP", "programme": float(np.median(own)),
                 "additional": None, "without": float(np.median(base_run))})
    return {"date": r.chain.name(t), "rows": rows}


def shares_taken(r: Trajectories, case: str) -> dict[str, float]:
    """The programme's highest yearly share of the world's deliveries of each pool: mean path."""
    out = {}
    years = last(r) // 4 + 1
    for e, name in enumerate(r.chain.pools):
        got = r.case(case, "delivered_slots")[: 4 * years, PROGRAMME, e]
        all_ = r.case(case, "supply")[: 4 * years, e]
        ratio = (got.reshape(years, 4, -1).sum(1) / np.maximum(
            all_.reshape(years, 4, -1).sum(1), 1e-30)).mean(1)
        out[name] = float(ratio.max())
    return out


def industry_year(r: Trajectories, without: str, pledge: float) -> Array:
    """Year in which the world without the plan has spent the same sum from the same start: (P,),
    NaN where it has not by the end."""
    x = r.case(without, "deployed")[:, WORLD]
    new = np.maximum(2.0 * r.case(without, "delivered")[:, WORLD] - x, 0.0)
    chips = r.case(without, "chip_cost")
    site = r.case(without, "unit_cost") - chips[:, PROGRAMME]
    spent = np.cumsum((x * chips[:, WORLD] + new * site)[r.chain.start:], 0)
    reached = spent >= pledge
    first = reached.argmax(0) + r.chain.start
    return np.where(reached.any(0), r.chain.year(first), np.nan)


def industry(r: Trajectories, without: str, pledge: float) -> dict[str, Any] | None:
    """Its 5th, 50th and 95th percentile; None where too many futures do not reach the sum."""
    year = industry_year(r, without, pledge)
    if not np.mean(~np.isnan(year)) > 0.95:
        return None
    never = r.chain.year(r.chain.quarters)  # a year after the last: above all that are reached
    p5, p50, p95 = np.quantile(np.where(np.isnan(year), never, year), [0.05, 0.5, 0.95],
                               method="nearest")
    return {"year": {"p5": int(p5), "p50": int(p50), "p95": int(p95)}}


def all_tools(sc: Scenario, r: Trajectories) -> float | None:
    """USD of fabs that all equipment of the term would fit out: sum of supply / share of capex."""
    for e in r.chain.pools:
        shares = [s.uses[e].share_of_capex for s in sc.stages.values()
                  if e in s.uses and s.uses[e].share_of_capex is not None]
        if shares:
            total = sum(sc.pools[e].supply.at(t + 0.5) / 4.0
                        for t in r.chain.calendar()[r.chain.start: last(r) + 1])
            return total / max(n.value or 0.0 for n in shares)
    return None


def grades(sc: Scenario) -> dict[str, int]:
    """How a scenario's numbers are known, each once; `ranged`: assumptions with a range."""
    out = dict.fromkeys(("primary", "second-hand", "derived", "recalled", "assumption", "bare"), 0)
    facts = sc.evidence.facts
    for n in sc.numbers.values():
        out[facts[n.facts[0]].grade if n.kind == "fact" else n.kind] += 1
    out["ranged"] = sum(n.kind == "assumption" and not n.certain
                        for n in sc.numbers.values())
    return out


def newest(sc: Scenario) -> str:
    """The newest date of a fact in use that is no forecast: one that was known when it had come."""
    used = {f for n in sc.numbers.values() for f in n.facts}
    dates = [f.date for f in map(sc.evidence.fact, used)
             if month_text(f.date) <= month_text(f.known)]
    limit = month_text(sc.evidence.newest)
    return max((d for d in dates if month_text(d) <= limit), default=sc.evidence.newest,
               key=month_text)
