"""Growth rates: which rows are one series on one definition, and the line through them.

ln value(t) = a + g t + e, t in years; the estimate is exp(g) - 1 in percent a year. Source: the
rows that each estimate names. A series never crosses a change of definition.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oblea.evidence import Evidence
from oblea.evidence._known import last_day

from ._known import Point, by, known_on, of_facts, of_rows
from ._regress import by_time, percent
from ._types import Estimate, TooFewRows

FIRMS = ("amzn", "msft", "goog", "meta")


@dataclass(frozen=True, slots=True)
class Series:
    """Points of one definition and what to know about them."""

    points: Callable[[Evidence], list[Point]]
    what: str
    caveat: str = ""
    scatter: bool = False
    """Points are different things, not one thing over time: no interval of one year."""


def _range(stem: str, first: int, last: int) -> list[str]:
    return [f"{stem}_{year}" for year in range(first, last + 1)]


def _facts(*ids: str, end: bool = False) -> Callable[[Evidence], list[Point]]:
    return lambda ev: of_facts(ev, ids, end=end)


def _installed(column: str, since: str) -> Callable[[Evidence], list[Point]]:
    """Complete rows of one edition from a day on: a count that begins at zero grows too fast."""
    return lambda ev: of_rows(
        ev, "installed_compute", "date",
        lambda r: r[column] if r["complete"] and r["date"] >= since else None)


def _components(column: str, *, named: bool) -> Callable[[Evidence], list[Point]]:
    """Sums by quarter over all designers (the source's supply) or over the four that it names."""
    def points(ev: Evidence) -> list[Point]:
        rows = of_rows(
            ev, "epoch_components", "quarter",
            lambda r: r[column] if not (named and r["residual"]) else None,
            label=lambda r: f"{r['quarter']}/{r['designer']}")
        sums = []
        for when in sorted({p.when for p in rows}):
            part = [p for p in rows if p.when == when]
            ids = tuple(i for p in part for i in p.ids)
            sums.append(Point(ids, when, sum(p.value for p in part), max(p.known for p in part)))
        return sums
    return points


def _firms(ev: Evidence) -> list[Point]:
    """Company-wide rows of four firms; those with finance leases or guidance are others."""
    ids = {firm: [i for i in _range(f"capex_{firm}", 2023, 2025)
                  if ev.fact(i).basis == "company-wide"] for firm in FIRMS}
    return [p for firm, own in ids.items() for p in of_facts(ev, own, owner=firm)]


_COMPUTED = "Computed by its source from other rows (sales x parts a chip), not measured."

SERIES: dict[str, Series] = {
    "euv_units_growth": Series(
        _facts(*_range("euv_units", 2019, 2025)), "EUV tools shipped, since volume production"),
    "euv_units_growth_from_pilot": Series(
        _facts(*_range("euv_units", 2016, 2025)), "EUV tools shipped, pilot tools included",
        "The line does not fit: growth fell from 80 % to nothing. Not a rate to go on with."),
    "equipment_growth": Series(
        _facts(*_range("semieq", 2017, 2025)), "all semiconductor equipment, sold in the year",
        "The long series; wafer-fab equipment alone has two years of the past."),
    "wfe_growth": Series(
        _facts(*_range("wfe", 2024, 2028)), "wafer-fab equipment, 2024, 2025 and three years ahead",
        "Mostly an opinion's slope, not a measurement."),
    "capex_growth_jpm": Series(
        _facts(*(f"{i}_jpm" for i in _range("hyper5_capex", 2020, 2024))),
        "AI capex of five firms, JPMorgan's definition", "Ends in 2024, a preliminary figure."),
    "capex_growth_by_firm": Series(
        _firms, "company-wide capex without leases, one growth and a level for each of four firms"),
    "capex_growth_four_firms": Series(
        _facts("hyper4_capex_2024", "hyper4_capex_2025", "hyper4_capex_2026"),
        "capex of four firms with leases, two actual years and guidance for 2026",
        "Three points, one of them guidance; whether guidance counts leases is not said."),
    "nvidia_installed_growth": Series(
        _installed("nvidia_h100e", "2022-12-31"), "NVIDIA's H100e sold since 2022",
        "A cumulative count, none retired; from its fourth quarter on, since it begins at zero."),
    "installed_growth": Series(
        _installed("total_h100e", "2024-12-31"), "H100e of four vendors",
        "From a year after the last vendor was counted in; five quarters of a cumulative count."),
    "hbm_dollars_growth": Series(
        _components("hbm_cost_usd", named=False), "HBM dollars, all buyers", _COMPUTED),
    "hbm_dollars_growth_ai": Series(
        _components("hbm_cost_usd", named=True), "HBM dollars of four designers", _COMPUTED),
    "cowos_wafers_growth": Series(
        _components("cowos_wafers", named=False), "CoWoS wafers, all buyers", _COMPUTED),
    "cowos_wafers_growth_ai": Series(
        _components("cowos_wafers", named=True), "CoWoS wafers of four designers", _COMPUTED),
    "logic_wafers_growth": Series(
        _components("logic_wafers", named=False), "leading-edge logic wafers, all buyers",
        _COMPUTED),
    "logic_wafers_growth_ai": Series(
        _components("logic_wafers", named=True), "leading-edge logic wafers of four designers",
        _COMPUTED),
    "ai_revenue_growth": Series(
        _facts(*_range("ai_user_rev", 2023, 2025)), "what end customers pay for AI",
        "Three points put together from three counts; 2026 is left out, half of it is forecast."),
    "openai_revenue_growth": Series(
        _facts("openai_rev_2023_rr", "openai_rev_2024_rr", "openai_rr_2025end",
               "openai_rr_2026apr", "openai_rr_2026may", end=True), "OpenAI's run-rate",
        "Run-rates as told to the press."),
    "anthropic_revenue_growth": Series(
        _facts("anthropic_rr_2024jan", "anthropic_rr_2024", "anthropic_rr_2025mid",
               "anthropic_rr_2025", "anthropic_rr_2026feb", "anthropic_rr_2026mar",
               "anthropic_rr_2026may", end=True), "Anthropic's run-rate",
        "Run-rates as told to the press; April 2026 is left out, it is on another basis."),
    "labs_revenue_growth": Series(
        _facts("openai_rev_2024_rr + anthropic_rr_2024", "openai_rr_2025end + anthropic_rr_2025",
               "openai_rr_2026may + anthropic_rr_2026may", end=True),
        "run-rate of OpenAI and Anthropic together", "Three points."),
}


def fit(name: str, series: Series, evidence: Evidence, known_by: str | None) -> Estimate:
    """exp(g) - 1 of ln value = a + g t, %/year, with a 90 % t interval.

    >>> from oblea.evidence import load
    >>> e = fit("euv_units_growth", SERIES["euv_units_growth"], load(), None)
    >>> e.unit, e.n, e.low < e.value < e.high
    ('%/year', 7, True)
    """
    points = by(series.points(evidence), known_by)
    owner = [p.owner for p in points]
    need = len(set(owner)) + 2
    # A level for each owner and the slope must leave a residual to judge them by.
    if len(points) < max(need, 3):
        raise TooFewRows(name, len(points), max(need, 3), known_by)
    line = by_time([p.when for p in points], [p.value for p in points], owner)
    low, high = map(percent, line.interval(0))
    ids = [i for p in points for i in p.ids]
    facts = [evidence.fact(i) for i in ids if i in evidence.facts]
    recalled = sum(f.grade == "recalled" for f in facts)
    early = sum(known_on(f) < last_day(f.date) for f in facts)
    caveat = f"{recalled} of {len(ids)} rows recalled, not seen. " if recalled else ""
    caveat += f"{early} of {len(ids)} told before their time was over. " if early else ""
    return Estimate(
        name, percent(line.coef[0]), low, high, "%/year",
        f"slope of ln on years: {series.what}",
        tuple(ids), len(points), max(p.known for p in points),
        None if series.scatter else tuple(map(percent, line.one_step(0))),
        (caveat + series.caveat).strip())
