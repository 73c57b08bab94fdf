"""The blind test: the reference world as it would have been built on a day, against what happened.

A vintage is a chain file with `known_by`: the loader refuses whatever became public later. Each
series is compared where an actual is on record after that day:

    error = ours / actual - 1        CRPS = mean |x - y| - mean |x - x'| / 2

over the ensemble x and the actual y (Gneiting and Raftery 2007, doi:10.1198/016214506000001437);
inside says whether the actual lies in the 80 % interval, rank is the share of futures below it.
Beside ours: the growth of the last year carried on, a line through the logarithms of the last eight
quarters (three years where only years are known), and published forecasts of the time. Baselines
see actuals that were public on the day, a quarter's a quarter later, though on the record of today.
The world of today is scored on the same rows (hindsight), from its own first quarter on: what is
left of an error with today's facts is no lack of knowledge, it is in the chain or in the actuals.

A record bears the date of production, sale, service, spending or a quote (`Series.basis`). Our
quarter is that of the sale: an accelerator is counted, paid and put to use in the quarter in which
its vendor sells it. Parts are on record when they are used in production, so that ours of a quarter
stand in what is sold `parts_lead` later:

    ours(t) = (1 - f) used(t + k) + f used(t + k + 1),  k + f = parts_lead

The record of the stock counts chips sold from 2022 on; a world that begins within two years of that
has mostly older ones. Its stock is the record's own count on the day and what ours sells after.
Part of the outcome is then in ours: such rows are `rebased` and in no share, win or curve of the
summary.

A forecast that was published but is remembered, with no page of it, is `recalled`: it is shown and
kept out of the errors of what was published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.cases import Case, stack
from ..chain.index import WORLD, index
from ..chain.money import price_index
from ..chain.params import compile_params
from ..chain.products import owning, recipes
from ..chain.values import Values
from ..dates import ORIGIN, quarter_index, quarter_name
from ..estimates import estimate
from ..evidence._known import last_day
from ..scenario import load
from ..scenario.load import vintages
from ..simulate.run import simulate
from .foreseen import Forecast, foreseen
from .rents import published, quarter_ended, year_level
from .revision import revisions

if TYPE_CHECKING:
    from ..evidence import Evidence, Fact
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

TO_FACILITY = 1.65  # facility over chip power: 1.5 to 1.8 (note of ai_chip_power_end2025)
LEVELS = (0.5, 0.8, 0.95)  # of the intervals whose reliability is shown
CURVE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # drawn in the picture
HORIZON = 6  # quarters after the day that are scored
COUNTED = -8  # 2022Q1: the record of the stock holds what was sold from then on


@dataclass(frozen=True)
class Series:
    """One thing that can be scored: its actuals by quarter index, and ours (T, P) from `first`."""

    key: str
    unit: str
    step: int  # quarters between points: 1, or 4 for years
    actual: dict[int, float]
    ours: Array
    published: dict[int, list[Forecast]] = field(default_factory=dict)
    """What others foresaw of a point, by its quarter index."""
    late: int = 1
    """Quarters from the end of a point to the day on which it is public."""
    basis: str = "sale"
    """What a quarter of the record dates: production, sale, stock, spending, shipment or quote."""
    first: int = 0
    """Quarter index of the first of ours."""
    given: bool = False
    """Whether the world of today takes the actual as its input: hindsight would say nothing."""
    rebased: bool = False
    """Whether ours starts from the record's own count on the day: it is in no share."""


def backtests(days: Sequence[str], evidence: Evidence, *, paths: int = 256, seed: int = 1,
              workers: int = 1) -> list[dict[str, Any]]:
    """Scores of the vintage of each day, poor ones first. Raises InputErrors for a day without
    one."""
    names = [vintages(day) for day in days]
    now = load("reference", (), evidence)

    def series(sc: Scenario) -> list[Series]:
        r = simulate(sc, [Case("x", paths)], seed, workers=workers)
        return _series(sc, now, r, seed, paths)

    today = series(now)
    scored, out = _scored(evidence), []
    for day, name in zip(days, names, strict=True):
        sc = load(name, (), evidence)
        rows, hind = ([row for s in some for row in _score(s, evidence, day)]
                      for some in (series(sc), today))
        same = {(row["series"], row["at"]): row["error"] for row in hind if not row["given"]}
        for row in rows:
            row["hindsight"] = same.get((row["series"], row["at"]))
        facts = sorted({f for n in sc.numbers.values() for f in n.facts})
        newest = max((evidence.facts[f].known for f in facts), default="")
        out.append({"day": day, "vintage": name, "futures": paths, "rows": rows,
                    "summary": _summary(rows), "facts": len(facts), "newest": newest,
                    "recalled": sum(_recalled(evidence.facts[f]) for f in facts),
                    "revisions": revisions(sc, now, quarter_index(day) + 4.0),
                    "parts_lead": estimate("parts_lead", evidence).value,
                    "epoch_rows": sum(evidence.facts[f].source.id in scored for f in facts)})
    return out


def _scored(e: Evidence) -> set[str]:
    """Sources of the tables that the test is scored on: a fact from one of them would be seen."""
    return {str(row["source"]) for name in ("installed_compute", "epoch_components")
            for row in e.table(name)}


def _series(sc: Scenario, now: Scenario, r: Trajectories, seed: int, paths: int) -> list[Series]:
    """Everything with an actual. Sums of a quarter, stocks at its end, dollars of the day."""
    e, dates = sc.evidence, r.chain.calendar()
    v = Values(sc, seed, np.arange(paths))
    times = dates + 0.5
    money = price_index(sc, dates)[:, None]
    x = r.case("x", "deployed")[:, WORLD]
    parts = _by_product(sc, v, times)
    vendor = lambda who, what: sum(  # noqa: E731
        (p[what] for g, p in parts.items() if _vendor(sc, g) in who), 0.0 * x) * x
    everyone = {_vendor(sc, g) for g in parts}
    used = r.case("x", "used")[:, WORLD]
    at = r.chain.commodities.index
    hbm_price = next(v.series(s.price, times) for s in sc.stages.values() if s.makes == "hbm")
    base = {k: _differences(e, k) for k in ("nvidia_h100e", "tpu_h100e", "amd_h100e",
                                            "trainium_h100e")}
    supply = v.series(sc.pools["euv"].supply, times) / 4.0 * np.ones_like(x)
    capex = v.series(sc.demand.capex, times) / 4.0 * money * np.ones_like(x)
    m = compile_params(sc, index(sc), stack([Case("x", 1)]), 1, median=True).money
    rent = r.case("x", "spot") * year_level(sc, m) * money
    contracts = {t: f.value for t, f in published(e).items()}
    sales, sold = _revenue(e), vendor({"nvidia"}, "price") * money
    stock = _stock(e, "total_h100e")
    power = {t: TO_FACILITY * mw / 1e3 for t, mw in _stock(e, "chip_tdp_mw").items()}
    made, yearly = _facts_by_year(e, "euv_units_"), _of_years(sales)
    older = r.chain.first < COUNTED + 8

    def level(name: str, sold: Array, record: dict[int, float]) -> Array:
        return counted(sold, record, r.chain.first) if older else r.case("x", name)[:, WORLD]

    lead = estimate("parts_lead", e).value
    part = lambda key, unit, column, ours: Series(  # noqa: E731
        key, unit, 1, _components(e, column), ahead(ours, lead), basis="production")
    found = [
        Series("nvidia", "H100e", 1, base["nvidia_h100e"], vendor({"nvidia"}, "bf16")),
        Series("google", "H100e", 1, base["tpu_h100e"], vendor({"google"}, "bf16")),
        Series("amd", "H100e", 1, base["amd_h100e"], vendor({"amd"}, "bf16")),
        Series("amazon", "H100e", 1, base["trainium_h100e"], vendor({"amazon"}, "bf16")),
        Series("stock", "H100e", 1, stock, level("h100e", vendor(everyone, "bf16"), stock),
               basis="stock", rebased=older),
        Series("gigawatts", "GW", 1, power, level("gw", x, power), basis="stock", rebased=older),
        part("cowos", "wafer", "cowos_wafers", used[:, at("cowos")]),
        part("logic", "wafer", "logic_wafers", vendor(everyone, "logic")),
        part("hbm", "USD", "hbm_cost_usd", used[:, at("hbm")] * hbm_price * money),
        Series("revenue", "USD", 1, sales, sold),
        Series("rent", "USD/hour", 1, contracts, rent, late=0, basis="quote"),
        Series("capex", "USD/year", 4, _years(now, now.demand.capex), _yearly(capex),
               basis="spending", given=True),
        Series("euv", "tool/year", 4, made, _yearly(supply), basis="shipment", given=True),
        Series("revenue_year", "USD/year", 4, yearly, _yearly(sold)),
    ]
    return [replace(s, first=r.chain.first, published=foreseen(e, s.key, s.actual))
            for s in found]


def _by_product(sc: Scenario, v: Values, times: Array) -> dict[str, dict[str, Array]]:
    """What a GW that the world deploys holds of each product: H100e, logic wafers without companion
    silicon, and the price of accelerators with their systems."""
    book = recipes(sc, v, times, perfect=np.zeros(len(v.paths), bool))
    weights = {g: v.series(n, times) for g, n in sc.mix.world.items()}
    total = sum(weights.values())
    price = {s.makes: v.series(s.price, times) for s in sc.stages.values() if s.makes}
    logic = {s.makes for s in sc.stages.values() if s.defects is not None}
    out = {}
    for g, w in weights.items():
        rec = book[g]
        n = w / total * 1e6 / rec.kw
        cost = rec.other + sum(a * price[c] for c, a in rec.needs.items())
        out[g] = {"bf16": n * rec.bf16, "price": n * (cost / (1.0 - rec.margin) + rec.system),
                  "logic": n * sum(a for c, a in rec.needs.items() if c in logic)
                  / v.scalar(owning(sc, g, "logic").logic.companion)}
    return out


def _vendor(sc: Scenario, product: str) -> str | None:
    return owning(sc, product, "vendor").vendor


def _stock(e: Evidence, column: str) -> dict[int, float]:
    return {quarter_ended(row["date"]): float(row[column]) for row in e.table("installed_compute")
            if row[column] is not None}


def _differences(e: Evidence, column: str) -> dict[int, float]:
    s = _stock(e, column)
    return {t: s[t] - s[t - 1] for t in s if t - 1 in s and s[t] > s[t - 1]}


def _components(e: Evidence, column: str) -> dict[int, float]:
    """Sum over designers, the residual left out: it is what others' estimates do not explain."""
    out: dict[int, float] = {}
    for row in e.table("epoch_components"):
        if not row["residual"] and row[column] is not None:
            t = int(quarter_index(row["quarter"]))
            out[t] = out.get(t, 0.0) + float(row[column])
    return out


def _revenue(e: Evidence) -> dict[int, float]:
    """Data-centre revenue by the calendar quarter that a fiscal quarter covers most of: it ends
    a month after."""
    return {quarter_ended(row["end"]): float(row["dc_revenue_usd"])
            for row in e.table("nvidia_dc_revenue")
            if row["end"] and row["dc_revenue_usd"] is not None and not row["guidance"]}


def _facts_by_year(e: Evidence, stem: str) -> dict[int, float]:
    """Actuals by year, at its last quarter: `stem`2024 and its like, plans left out."""
    return {4 * (int(k[len(stem):]) - 2024) + 3: f.value for k, f in e.facts.items()
            if k.startswith(stem) and k[len(stem):].isdigit() and f.known >= f.date}


def _years(sc: Scenario, number: Any) -> dict[int, float]:
    """A dated series of the scenario of today, years to 2025, in dollars of the day."""
    v = Values(sc, 1, np.arange(1), median=True)
    years = range(2023, 2026)
    at = np.array([4.0 * (y - 2024) + 2.0 for y in years])
    values = v.series(number, at)[:, 0] * price_index(sc, at)
    return {4 * (y - 2024) + 3: float(x) for y, x in zip(years, values, strict=True)}


def ahead(x: Array, lead: float) -> Array:
    """What stands in the quarters `lead` later (T, P), between two of them in proportion; the last
    quarters repeat the last.

    >>> ahead(np.array([[0.0], [10.0], [20.0], [30.0]]), 1.5)[:, 0].tolist()
    [15.0, 25.0, 30.0, 30.0]
    """
    k, f = divmod(lead, 1.0)
    at = np.minimum(np.arange(len(x)) + int(k), len(x) - 1)
    after = np.minimum(at + 1, len(x) - 1)
    return (1.0 - f) * x[at] + f * x[after]


def counted(sold: Array, record: dict[int, float], first: int) -> Array:
    """A stock by quarter from `first` on (T, P), as its record counts it: what the record has on
    the day before, and what is sold after.

    >>> counted(np.full((2, 1), 2.0), {-5: 1.0}, -4)[:, 0].tolist()
    [3.0, 5.0]
    """
    return record[first - 1] + np.cumsum(sold, 0)


def _yearly(x: Array) -> Array:
    """Sum of the four quarters that end with each: (T, P)."""
    total = np.cumsum(x, 0)
    before = np.concatenate([np.zeros_like(total[:4]), total[:-4]])
    return total - before


def _score(s: Series, e: Evidence, day: str) -> list[dict[str, Any]]:
    """A row for each actual after the day."""
    first = quarter_ended(day) + 1
    past = {t: y for t, y in s.actual.items() if t + s.late < first}
    rows = []
    for t, y in sorted(s.actual.items()):
        k = t - s.first
        if not (first <= t < first + HORIZON and 0 <= k < len(s.ours)) or y <= 0:
            continue
        x = s.ours[k]
        p10, p50, p90 = np.quantile(x, [0.1, 0.5, 0.9])
        rows.append({
            "series": s.key, "unit": s.unit, "basis": s.basis,
            "at": quarter_name(t) if s.step == 1 else str(2024 + t // 4), "actual": y,
            "ours": float(p50), "p10": float(p10), "p90": float(p90),
            "error": float(p50 / y - 1.0), "inside": bool(p10 <= y <= p90),
            "given": s.given, "rebased": s.rebased,
            "rank": float(np.mean(x < y)), "crps": crps(x, y) / y,
            "last_growth": _relative(last_growth(past, t, s.step), y),
            "log_linear": _relative(log_linear(past, t, s.step), y),
            **_forecasts(s, e, t, day)})
    return rows


def _relative(x: float | None, y: float) -> float | None:
    return None if x is None else x / y - 1.0


def _forecasts(s: Series, e: Evidence, t: int, day: str) -> dict[str, list[dict[str, Any]]]:
    """Errors of published forecasts of a point: `published` by the day, `later` than it but before
    the point was over."""
    out: dict[str, list[dict[str, Any]]] = {"published": [], "later": []}
    over = last_day(f"{ORIGIN + t // 4}Q{t % 4 + 1}")
    for f in s.published.get(t, ()):
        known = last_day(f.known)
        if known <= over:
            fact = e.fact(f.fact)
            out["published" if known <= day else "later"].append(
                {"fact": f.fact, "error": f.value / f.came - 1.0, "known": f.known,
                 "recalled": _recalled(fact)})
    return out


def _recalled(fact: Fact) -> bool:
    """Whether no page of it was seen: its grade says so, or it is derived from such."""
    return fact.grade == "recalled" or not fact.source.url


def _of_years(quarters: dict[int, float]) -> dict[int, float]:
    """Sums of whole years, at their last quarter."""
    return {t: sum(quarters[t - k] for k in range(4)) for t in quarters
            if t % 4 == 3 and all(t - k in quarters for k in range(4))}


def crps(x: Array, y: float) -> float:
    """Continuous ranked probability score of an ensemble (P,): the mean distance to what happened
    less half the mean distance within.

    Two members at 0 and 2, actual 1: 1 - (0 + 2 + 2 + 0) / 4 / 2 = .5.

    >>> crps(np.array([0.0, 2.0]), 1.0)
    0.5
    """
    x = np.sort(x)
    n = len(x)
    within = 2.0 * np.sum((2.0 * np.arange(1, n + 1) - n - 1.0) * x) / n**2
    return float(np.abs(x - y).mean() - 0.5 * within)


def last_growth(past: dict[int, float], t: int, step: int) -> float | None:
    """The last year's growth carried on: y_n (y_n / y_(n - year))^(quarters ahead / 4).

    >>> last_growth({0: 100.0, 4: 200.0}, 8, 4)
    400.0
    """
    if not past:
        return None
    n = max(past)
    # Where a year ago is not on record, the longest part of the year that is.
    back = next((k for k in (4, 3, 2) if past.get(n - k, 0.0) > 0), None)
    return None if back is None else past[n] * (past[n] / past[n - back]) ** ((t - n) / back)


def log_linear(past: dict[int, float], t: int, step: int) -> float | None:
    """A line through the logarithms of the last eight quarters, or of the last three years.

    >>> round(log_linear({0: 100.0, 4: 200.0, 8: 400.0}, 12, 4), 6)
    800.0
    """
    keys = sorted(k for k in past if past[k] > 0)[-(8 if step == 1 else 3):]
    if len(keys) < 3:
        return None
    slope, level = np.polyfit(keys, [np.log(past[k]) for k in keys], 1)
    return float(np.exp(level + slope * t))


def together(done: list[dict[str, Any]]) -> list[list[float]]:
    """The curve of reliability over all days: nominal level against the share held."""
    return curve([row for a in done for row in a["rows"] if not row["rebased"]])


def curve(rows: list[dict[str, Any]]) -> list[list[float]]:
    """Shares of the outcomes that central intervals hold, by their level.

    >>> curve([{"rank": 0.5}, {"rank": 0.9}])[-2:]
    [[0.9, 1.0], [0.95, 1.0]]
    """
    return [[level, held(rows, level)] for level in CURVE] if rows else []


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """By series: median absolute errors, coverage, who is nearer; and over all that are not
    rebased."""
    keys = list(dict.fromkeys(r["series"] for r in rows))
    out = []
    for k in keys:
        mine = [r for r in rows if r["series"] == k]
        med: Callable[[str], float | None] = lambda name, mine=mine: (  # noqa: E731
            None if any(r[name] is None for r in mine)
            else float(np.median([abs(r[name]) for r in mine])))
        ours, last, line = med("error"), med("last_growth"), med("log_linear")
        baseline = [x for x in (last, line) if x is not None]
        out.append({"series": k, "unit": mine[0]["unit"], "basis": mine[0]["basis"],
                    "n": len(mine), "error": ours, "rebased": mine[0]["rebased"],
                    "hindsight": med("hindsight"), "published": _published(mine, recalled=False),
                    "recalled": _published(mine, recalled=True),
                    "last_growth": last, "log_linear": line,
                    "crps": float(np.mean([r["crps"] for r in mine])),
                    "inside": float(np.mean([r["inside"] for r in mine])),
                    "wins": None if last is None or mine[0]["rebased"] else bool(ours < last),
                    "wins_all": (None if not baseline or mine[0]["rebased"]
                                 else bool(ours < min(baseline)))})
    out.sort(key=lambda s: -s["error"])
    scored = [s for s in out if s["wins"] is not None]
    best = [s for s in out if s["wins_all"] is not None]
    again = [r for r in rows if r["rebased"]]
    rows = [r for r in rows if not r["rebased"]]
    return {"series": out, "nearer": sum(s["wins"] for s in scored), "of": len(scored),
            "nearer_all": sum(s["wins_all"] for s in best), "of_all": len(best),
            "coverage": float(np.mean([r["inside"] for r in rows])) if rows else None,
            "reliability": {f"{level:g}": held(rows, level) for level in LEVELS},
            "curve": curve(rows), "points": len(rows), "rebased": len(again)}


def _published(rows: list[dict[str, Any]], *, recalled: bool) -> float | None:
    errors = [abs(p["error"]) for r in rows for p in r["published"] if p["recalled"] == recalled]
    return float(np.median(errors)) if errors else None


def held(rows: list[dict[str, Any]], level: float) -> float | None:
    """Share of the outcomes that lie inside the central interval of a level.

    >>> held([{"rank": 0.5}, {"rank": 0.97}], 0.8)
    0.5
    """
    return float(np.mean([abs(r["rank"] - 0.5) <= level / 2.0 for r in rows])) if rows else None
