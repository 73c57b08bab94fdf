"""Estimates give known answers back, never see later rows or the company left out, and the page is
what they say."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from scipy.special import ndtr

from oblea.dates import quarter_index
from oblea.errors import NotFound
from oblea.estimates import (
    Estimate,
    TooFewRows,
    as_markdown,
    delays,
    estimate,
    forecasts,
    growth,
    names,
    newcomer,
    prices,
    score,
    sponsor,
)
from oblea.estimates._known import Point, known_on
from oblea.estimates._regress import by_time, least_squares
from oblea.estimates.causes import CAUSE_OF_REASON, DISPUTED, PROMISED_ON, REASONS, region_of
from oblea.evidence import Evidence, load
from oblea.evidence._known import last_day
from oblea.scenario import load as load_scenario
from oblea.units import convert

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load()


@pytest.fixture(scope="module")
def every(evidence) -> dict[str, Estimate]:
    return {name: estimate(name, evidence) for name in names()}


# --- known answers: lines -----------------------------------------------------------------------


def test_nine_intervals_in_ten_hold_the_true_growth():
    rng = np.random.default_rng(1)
    t, g = np.arange(8) / 4, 0.6
    hits = 0
    for _ in range(1000):
        line = by_time(t, np.exp(2 + g * t + 0.1 * rng.standard_normal(8)))
        low, high = line.coef[0] + np.array([-1, 1]) * 1.943180 * line.se[0]  # t, 6 d.f., 95 %
        hits += low <= g <= high
        wide = line.interval(0)
        assert wide[0] <= low + 1e-6 and wide[1] >= high - 1e-6
    assert 0.87 < hits / 1000 < 0.93


def test_residuals_that_hang_together_widen_the_interval():
    t = np.arange(12.0)
    wave = 0.1 * np.sin(t / 2)
    smooth = by_time(t, np.exp(0.3 * t + wave))
    low, high = smooth.interval(0)
    plain = 2 * 1.812461 * smooth.se[0]  # t, 10 d.f., 95 %
    assert smooth.serial > 0.3
    assert high - low == pytest.approx(
        plain * np.sqrt((1 + smooth.serial) / (1 - smooth.serial)), rel=1e-5)
    rough = by_time(t, np.exp(0.3 * t + 0.1 * (-1.0) ** t))
    assert rough.serial == 0.0


def test_one_growth_and_a_level_for_each_owner():
    t = np.array([0, 1, 2, 0, 1, 0, 1, 2.0])
    owner = list("aaabbccc")
    level = {"a": 1.0, "b": 50.0, "c": 7.0}
    line = by_time(t, [level[o] * np.exp(0.4 * x) for o, x in zip(owner, t, strict=True)], owner)
    assert line.coef[0] == pytest.approx(0.4, abs=1e-9) and line.df == 4


def test_a_line_through_as_many_points_as_it_has_coefficients_is_refused():
    with pytest.raises(ValueError, match="do not fix"):
        least_squares([[1, 0], [1, 1]], [1, 2])
    with pytest.raises(ValueError, match="do not fix"):
        least_squares([[1, 2], [1, 2], [1, 2]], [1, 2, 3])


# --- known answers: the newcomer's curve --------------------------------------------------------


def on_a_curve(noise: float, seed: int) -> list[Point]:
    """Two owners' shares on t50 = 3, tau = 0.8, s_max 0.2 and 0.05."""
    t, rng = np.linspace(0.5, 6, 12), np.random.default_rng(seed)
    return [Point((owner,), x, s / (1 + np.exp(-(x - 3.0) / 0.8)) * np.exp(noise * e),
                  "2025-12-31", owner)
            for owner, s in (("a", 0.2), ("b", 0.05))
            for x, e in zip(t, rng.standard_normal(12), strict=True)]


def test_the_curve_gives_its_parameters_back():
    c = newcomer.curve(on_a_curve(0.001, 3), 0.001)
    i, j = c.best
    assert newcomer.T50[i] == pytest.approx(3.0, abs=0.03)
    assert newcomer.TAU[j] == pytest.approx(0.8, rel=0.03)
    assert np.exp(c.ln_max["a"][i, j]) == pytest.approx(0.2, rel=0.02)
    assert np.exp(c.ln_max["b"][i, j]) == pytest.approx(0.05, rel=0.02)
    assert c.df == 20


def test_the_curve_s_interval_holds_what_the_points_were_drawn_from():
    hits = 0
    for seed in range(40):
        c = newcomer.curve(on_a_curve(0.05, seed), 0.05)
        t50 = newcomer.T50[c.inside.any(1)]
        hits += t50.min() <= 3.0 <= t50.max()
        assert np.ptp(t50) < 1.0
    assert 32 <= hits <= 39  # nine in ten of forty, give or take two standard errors


def test_points_on_a_flat_line_do_not_bound_the_curve():
    made = [Point(("x",), x, 0.04, "2025-12-31", "x") for x in (3.0, 3.5, 4.0)]
    c = newcomer.curve(made, 0.2)
    assert c.df == 0 and c.inside[0].any() and c.inside[-1].any()


def test_three_points_for_three_parameters_is_said(every):
    for which in ("t50", "tau", "s_max"):
        alone = every[f"newcomer_openai_alone_{which}"]
        assert alone.n == 3 and "nothing is left" in alone.caveat
    assert "nothing is left" not in every["newcomer_t50"].caveat
    for which in ("t50", "tau"):
        e = every[f"newcomer_{which}"]
        grid = getattr(newcomer, which.upper())
        assert (e.low, e.high) == (grid[0], grid[-1]) and "do not bound it" in e.caveat


def test_shares_are_those_of_the_table(evidence):
    ours = newcomer.shares(evidence)
    for owner in ("openai", "anthropic"):
        last = [p for p in ours if p.owner == owner][-1]
        assert last.value == pytest.approx(evidence.fact(f"share_{owner}_2025").value, rel=2e-3)
    # What the page says of them.
    assert Counter(p.owner for p in ours) == {"openai": 3, "anthropic": 2, "coreweave": 5}
    first, second, third = (p.value for p in ours if p.owner == "openai")
    assert second < first < third
    flow = newcomer.flow("openai", evidence, None)
    assert flow.value == pytest.approx(evidence.fact("most_newcomer_share").value, rel=2e-3)


# --- known answers: delays ----------------------------------------------------------------------


def invented(n: int, seed: int, sigma: float, d: dict[str, float], kinds: dict[str, float],
             half: float, longest: float = 140) -> list[delays.Project]:
    """Projects drawn from the model, watched for a random time, promises told to +- half months."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        country = ("US", "Taiwan", "Korea")[i % 3]
        kind = ("logic", "memory")[i // 3 % 2]
        promise = rng.uniform(24, 60)
        mean = 0.05 + d[region_of(country)] + kinds[kind]
        took = promise * np.exp(mean + sigma * rng.standard_normal())
        watched = rng.uniform(20, longest)
        made.append(delays.Project(
            str(i), ("X",), country, kind, "2020-01", promise + rng.uniform(-half, half), half,
            min(took, watched), took <= watched, "2024-01"))
    return made


def test_delays_drawn_from_the_model_give_it_back():
    d = {"US": 0.15, "Taiwan, China, Japan": -0.1, "other Asia": 0.0}
    kinds = {"logic": 0.0, "memory": 0.2}
    rows = invented(900, 5, 0.15, d, kinds, 6.0)
    assert 100 < sum(not p.finished for p in rows) < 600
    model = delays.fit(rows, 1.0)
    assert "memory" in model.names
    assert model.sigma == pytest.approx(0.15, rel=0.12)
    for region, own in d.items():
        for kind, extra in kinds.items():
            mean, se = model.log_ratio(region, kind)
            assert abs(mean - 0.05 - own - extra) < 3 * se < 0.06


def test_dropping_open_projects_would_look_punctual():
    """The bias that censoring is there to take away."""
    d = {"US": 0.3, "Taiwan, China, Japan": 0.3, "other Asia": 0.3}
    rows = invented(600, 6, 0.3, d, {"logic": 0.0, "memory": 0.0}, 0.5, longest=70)
    truth = 0.35
    with_open = delays.fit(rows, 0.1).log_ratio("US")[0]
    finished_only = delays.fit([p for p in rows if p.finished], 0.1).log_ratio("US")[0]
    assert abs(with_open - truth) < 0.06 < truth - finished_only


def test_regions_with_few_rows_are_drawn_to_the_mean():
    d = {"US": 0.4, "Taiwan, China, Japan": 0.0, "other Asia": 0.0}
    rows = invented(300, 7, 0.1, d, {"logic": 0.0, "memory": 0.0}, 0.5)
    few = [p for p in rows if p.country != "US"] + [p for p in rows if p.country == "US"][:2]
    loose, tight = (delays.fit(few, tau).log_ratio("US")[0] for tau in (1.0, 0.03))
    assert loose > 0.3 and tight < 0.5 * loose
    unseen = delays.fit(few, 0.1)
    assert unseen.log_ratio("Europe and Israel") == unseen.log_ratio(None)


def test_a_forecast_is_a_distribution_that_moves_with_its_inputs(evidence):
    model = delays.fit(delays.projects(evidence), delays.prior_sd(evidence))
    f = model.predict("US", "logic", "2026-01", "2029-12")
    assert f.cdf(f.quantile(0.3)) == pytest.approx(0.3, abs=1e-6)
    assert f.cdf(np.array([1e-6, 1e4])) == pytest.approx([0.0, 1.0], abs=1e-9)
    taiwan = model.predict("Taiwan", "logic", "2026-01", "2029-12")
    later = model.predict("US", "logic", "2026-01", "2030-12")
    vague = model.predict("US", "logic", "2026-01", "2029-12", "Y")
    def width(g): return g.quantile(0.95) - g.quantile(0.05)
    assert taiwan.quantile(0.5) < f.quantile(0.5) < later.quantile(0.5)
    assert width(taiwan) < width(f) < width(vague)


# --- known answers: the sponsor -----------------------------------------------------------------


def test_a_hazard_is_read_from_status_alone():
    rng = np.random.default_rng(8)
    t = rng.uniform(0.5, 8.0, 2000)
    rows = [sponsor.Status(str(i), "US" if i % 2 else "Taiwan", "X", x,
                           bool(rng.exponential(1 / (0.3 if i % 2 else 0.05)) < x))
            for i, x in enumerate(t)]
    whole, groups, p = sponsor.by_region(rows)
    for region, true in (("US", 0.3), ("Taiwan, China, Japan", 0.05)):
        h = groups[region]
        assert h.low < true < h.high and h.value == pytest.approx(true, rel=0.12)
    assert p < 1e-6 and 0.05 < whole.value < 0.3


def test_regions_that_do_not_differ_are_not_told_apart():
    rows = [sponsor.Status(f"{c}{i}", c, "X", 4.0, i < 3) for c in ("US", "Taiwan")
            for i in range(6)]
    _, groups, p = sponsor.by_region(rows)
    assert p == pytest.approx(1.0, abs=1e-6)
    assert groups["US"].value == pytest.approx(np.log(2) / 4, rel=1e-4)
    none = sponsor.fit([dataclasses.replace(r, struck=False) for r in rows])
    # 90 %: exp(-h sum T) = exp(-2.706 / 2)
    assert none.value == none.low == 0.0
    assert none.high == pytest.approx(2.705543 / 2 / 48, rel=1e-3)


# --- known answers: the score -------------------------------------------------------------------


@pytest.mark.parametrize("y", [-30.0, 17.0, 20.0, 26.5])
def test_crps_of_a_normal_is_its_closed_form(y):
    mean, sd = 20.0, 4.0
    x = np.linspace(-60, 100, 16001)
    z = (y - mean) / sd
    density = np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)
    exact = sd * (z * (2 * ndtr(z) - 1) + 2 * density - 1 / np.sqrt(np.pi))
    assert score.crps(ndtr((x - mean) / sd), x, y) == pytest.approx(exact, abs=1e-4)


def test_crps_of_a_single_figure_is_the_absolute_error():
    x = np.linspace(0, 100, 10001)
    assert score.crps((x >= 40).astype(float), x, 47.0) == pytest.approx(7.0, abs=0.02)


def test_weights_give_back_the_mean_that_censoring_hides():
    rng = np.random.default_rng(9)
    took, watched = rng.exponential(10, 20_000), rng.uniform(0, 60, 20_000)
    finished = took <= watched
    seen = np.minimum(took, watched)
    value = np.minimum(took, 30.0)[finished]  # a function that ends where watching still goes on
    w = 1 / score.still_watched(seen, finished)[finished]
    truth = 10 * (1 - np.exp(-3))
    # No opening after 60 months is ever seen, some 0.2 % of all.
    assert np.average(value, weights=w) == pytest.approx(truth, rel=0.02)
    assert value.mean() < 0.9 * truth


def test_the_company_left_out_is_never_seen(evidence, monkeypatch):
    seen = []

    def spy(rows, tau, name="", known_by=None):
        seen.append(frozenset(c for p in rows for c in p.companies))
        return delays.fit(rows, tau, name, known_by)
    judged = []

    def watch(model, train, p, weight):
        judged.append((p.companies, frozenset(c for q in train for c in q.companies)))
        return original(model, train, p, weight)
    original = score.judge
    monkeypatch.setattr(score, "fit", spy)
    monkeypatch.setattr(score, "judge", watch)
    result = score.leave_one_company_out(evidence)
    assert len(judged) == result.n == 11
    for own, trained_on in judged:
        assert not trained_on & set(own) and trained_on in seen
    assert any("TSMC" not in rows for rows in seen) and any("TSMC" in rows for rows in seen)


def test_the_time_split_learns_from_the_day_alone(evidence):
    before = score.time_split(evidence)
    train = delays.projects(evidence, "2021-12-31")
    assert all(last_day(p.made) <= "2021-12-31" for p in train)
    assert {p.id for p in train if p.finished} == {
        "tsmc_f16", "tsmc_f18p1", "tsmc_f18p2", "tsmc_f18p3"}
    assert (before.n, before.n_open, before.trained) == (7, 7, (9, 4))


def test_better_is_claimed_only_where_the_interval_says_so(evidence):
    s = score.leave_one_company_out(evidence)
    assert s.better == (s.high < 0 and s.n >= score.LEAST_SCORED)
    assert s.low <= s.difference <= s.high
    assert s.difference == pytest.approx(s.model - s.baseline)
    few = dataclasses.replace(s, n=2, high=-1.0)
    many = dataclasses.replace(s, n=9, high=-1.0)
    assert (few.better, many.better) == (False, True)


# --- the register -------------------------------------------------------------------------------


def test_counts_of_the_register(evidence):
    rows = evidence.table("fab_projects")
    assert Counter(r["cause"] for r in rows) == {"execution": 8, "sponsor": 18, "none": 17}
    assert Counter(r["cause"] for r in rows if r["use_in_delay"]) == {
        "execution": 6, "sponsor": 9, "none": 12}
    projects = delays.projects(evidence)
    assert (len(projects), sum(p.finished for p in projects)) == (18, 11)
    assert all(region_of(r["country"]) for r in rows)
    assert sum(p.finished for p in delays.projects(evidence, expected=True)) == 18


def test_reasons_stand_in_the_notes_and_agree_with_the_column(evidence):
    rows = {r["id"]: r for r in evidence.table("fab_projects")}
    for label, (reason, words) in REASONS.items():
        assert words in rows[label]["note"], label
        agrees = CAUSE_OF_REASON[reason] == rows[label]["cause"]
        assert agrees == (label not in DISPUTED), label
    for label, (_, words) in PROMISED_ON.items():
        assert words in rows[label]["note"]
    for label, start in prices.VOLUME.items():
        if not isinstance(start, str):
            assert start[1] in evidence.fact(label).note


def test_an_open_project_is_censored_and_its_expected_date_is_not_data(evidence):
    row = next(r for r in evidence.table("fab_projects") if r["id"] == "rapidus_iim1")
    p = delays.project(row)
    later = delays.project(row | {"production": "2031-01"})
    assert not p.finished and p == later
    assert p.elapsed == pytest.approx(delays.months(row["as_of"]) - delays.months("2023-02"))
    lfab2 = next(r for r in evidence.table("fab_projects") if r["id"] == "ti_lfab2")
    # Its expected date has passed without word: censored there, not at the register's day.
    assert delays.project(lfab2).elapsed == delays.months("2026-07") - delays.months("2023-02")


# --- the registry -------------------------------------------------------------------------------


def test_every_estimate_has_a_unit_rows_that_exist_and_a_line_of_method(evidence, every):
    label = {"fab_projects": lambda r: r["id"], "accelerator_specs": lambda r: r["id"],
             "installed_compute": lambda r: r["date"],
             "epoch_components": lambda r: f"{r['quarter']}/{r['designer']}"}
    known = set(evidence.facts) | {
        f"{table}:{name(row)}" for table, name in label.items() for row in evidence.table(table)}
    for name, e in every.items():
        assert e.name == name and e.method and "\n" not in e.method + e.caveat
        assert set(e.facts) <= known and len(set(e.facts)) == len(e.facts) >= e.n > 0
        assert convert(1.0, e.unit, e.unit) == 1.0
        assert e.low < e.high and last_day(e.newest) == e.newest


def test_a_value_outside_its_interval_is_refused():
    with pytest.raises(ValueError, match="outside"):
        Estimate("x", 3.0, 1.0, 2.0, "ratio", "m", (), 1, "2025-12-31")


def test_one_definition_at_a_time(evidence):
    for name in ("capex_growth_jpm", "capex_growth_by_firm", "equipment_growth",
                 "openai_revenue_growth", "anthropic_revenue_growth"):
        points = growth.SERIES[name].points(evidence)
        assert len({evidence.fact(i).basis for p in points for i in p.ids}) == 1, name
        assert len({evidence.fact(i).unit for p in points for i in p.ids}) == 1, name
    rows = growth.SERIES["nvidia_installed_growth"].points(evidence)
    assert len(rows) == 13 and max(p.known for p in rows) == "2025-12-31"


def test_series_computed_by_their_source_say_so(every):
    for name, e in every.items():
        if any(i.startswith("epoch_components:") for i in e.facts):
            assert e.caveat.startswith("Computed by its source"), name
    assert sum(i.startswith("epoch_components:") for i in every["logic_wafers_growth"].facts) == 40
    assert len(every["logic_wafers_growth_ai"].facts) == 32


def test_what_was_told_ahead_of_time_is_said(evidence, every):
    told = {}
    for name in growth.SERIES:
        facts = [evidence.fact(i) for i in every[name].facts if i in evidence.facts]
        told[name] = sum(known_on(f) < last_day(f.date) for f in facts)
        said = f"{told[name]} of {len(facts)} told before" in every[name].caveat
        assert said == (told[name] > 0), name
    assert told["wfe_growth"] >= 3 and told["capex_growth_four_firms"] >= 1
    assert told["openai_revenue_growth"] == 0


def shifted(evidence: Evidence, day: str) -> Evidence:
    """The evidence with everything that came after a day made absurd."""
    facts = {i: f if known_on(f) <= day else dataclasses.replace(
        f, value=f.value * 97, low=f.low and f.low * 97, high=f.high and f.high * 97)
        for i, f in evidence.facts.items()}
    tables = {}
    for name, rows in evidence._tables.items():
        date = {"fab_projects": "announced", "installed_compute": "date",
                "epoch_components": "quarter", "accelerator_specs": "release_date"}.get(name)
        changed = []
        for row in map(dict, rows):
            if date and last_day(row.get("known") or row[date]) > day:
                for column in ("total_h100e", "nvidia_h100e", "hbm_cost_usd", "cowos_wafers",
                               "logic_wafers", "tdp_w", "price_high_usd", "chip_tdp_mw"):
                    if row.get(column):
                        row[column] *= 97
                if name == "fab_projects":
                    row["promised_production"] = "2090-01"
            elif name == "fab_projects" and last_day(row["production"] or "1990") > day:
                row["production"] = "2080-01"
            changed.append(MappingProxyType(row))
        tables[name] = tuple(changed)
    return dataclasses.replace(evidence, facts=MappingProxyType(facts),
                               _tables=MappingProxyType(tables))


@pytest.mark.parametrize("day", ["2023-12-31", "2025-06-30"])
def test_nothing_after_the_day_is_seen(evidence, every, day):
    later = shifted(evidence, day)
    fitted, fewer = 0, 0
    for name in names():
        try:
            then = estimate(name, evidence, known_by=day)
        except TooFewRows as error:
            assert error.found < error.needed and name in str(error) and day in str(error)
            with pytest.raises(TooFewRows):
                estimate(name, later, known_by=day)
            continue
        assert then == estimate(name, later, known_by=day), name
        assert then.newest <= day and then.n <= every[name].n
        fitted, fewer = fitted + 1, fewer + (then.n < every[name].n)
    assert fitted >= 8 and fewer >= 5


def test_a_day_drops_the_rows_that_came_later(evidence):
    all_rows = estimate("euv_units_growth", evidence)
    then = estimate("euv_units_growth", evidence, known_by="2024-12-30")
    assert set(all_rows.facts) - set(then.facts) == {"euv_units_2024", "euv_units_2025"}
    with pytest.raises(TooFewRows, match="wfe_growth: 2 rows known by 2025-12-31, at least 3"):
        estimate("wfe_growth", evidence, known_by="2025-12-31")
    with pytest.raises(TooFewRows, match="sponsor_hazard"):
        estimate("sponsor_hazard", evidence, known_by="2025-12-31")


def test_a_name_or_a_day_that_is_none_is_refused(evidence):
    with pytest.raises(NotFound, match="did you mean euv_units_growth"):
        estimate("euv_unit_growth", evidence)
    for day in ("2025", "2025Q1", "2025-02-30"):
        with pytest.raises(ValueError, match="whole day"):
            estimate("equipment_growth", evidence, known_by=day)


def test_the_page_is_what_the_estimates_say(evidence):
    page = (ROOT / "docs" / "estimates.md").read_text("utf-8")
    assert page == as_markdown(evidence)
    assert all(f"| `{name}` |" in page for name in names())


# --- errors that forecasters share ----------------------------------------------------------------


def test_nine_in_ten_lie_within_the_factor_of_a_shared_error():
    rng = np.random.default_rng(2)
    actual = np.exp(0.25 * rng.standard_normal(20_000))
    factor = forecasts.spread([1.0] * len(actual), list(actual))
    assert np.mean(np.abs(np.log(actual)) <= np.log(factor)) == pytest.approx(0.9, abs=0.01)


def test_the_consensus_error_is_known_only_when_what_came_is(evidence):
    assert estimate("capex_consensus_error", evidence, "2025-12-31").n == 2
    with pytest.raises(TooFewRows):
        estimate("capex_consensus_error", evidence, "2024-12-31")


def test_ai_forecasts_are_held_against_what_had_come_by_the_day(evidence):
    """On 31 December 2023: NVIDIA's fiscal 2024, 29.5 expected and 58.8 told; CoWoS, 8 and 14. A
    later figure replaces the first one told, and no outcome of after the day is in."""
    e = estimate("ai_forecast_error", evidence, "2023-12-31")
    rms = np.sqrt((np.log(58.8 / 29.5) ** 2 + np.log(14 / 8) ** 2) / 2)
    assert e.n == 2 and e.high == pytest.approx(np.exp(1.645 * rms), rel=1e-3)
    assert e.low * e.high == pytest.approx(1.0)
    for day in ("2023-12-31", "2024-12-31"):
        assert all(last_day(evidence.fact(i).known) <= day
                   for i in estimate("ai_forecast_error", evidence, day).facts)
    now = estimate("ai_forecast_error", evidence)
    assert "nvda_rev_fy2024" in now.facts
    assert "vintage_nvda_rev_fy2024_told_nov2023" not in now.facts
    with pytest.raises(TooFewRows):
        estimate("ai_forecast_error", evidence, "2023-06-30")


def test_every_pair_of_ai_forecasts_is_of_one_quantity(evidence):
    for foreseen, *told in forecasts.AI:
        a = evidence.fact(foreseen)
        for b in map(evidence.fact, told):
            convert(b.value, b.unit, a.unit)
            assert a.date[:4] == b.date[:4], (a.id, b.id)
            assert last_day(a.known) < last_day(b.known)
    fy = {y: sum(r["total_revenue_usd"] for r in evidence.table("nvidia_dc_revenue")
                 if r["fiscal_quarter"].startswith(f"FY{y}")) for y in (24, 25, 26)}
    for y, total in fy.items():
        assert evidence.fact(f"nvda_rev_fy20{y}").value == pytest.approx(total, rel=2e-3)


def test_the_capex_of_the_coming_year_has_the_consensus_error(evidence):
    """The factor of the chain file, opened over 2027, is the estimate's, rounding apart."""
    e = estimate("capex_consensus_error", evidence)
    number = load_scenario("reference").demand.capex
    mid = np.arange(4) + quarter_index("2027Q1") + 0.5
    opened = np.sqrt((mid - quarter_index("2026Q4")) / 8.0).mean()
    assert number.low ** opened == pytest.approx(e.low, rel=0.01)
    assert number.high ** opened == pytest.approx(e.high, rel=0.01)


# --- the lead of parts ----------------------------------------------------------------------------


def test_the_lead_of_parts_is_inventory_over_cost(evidence):
    """NVIDIA's quarter to January 2025: 10,080 million held, 10,608 million sold at cost; its own
    days of inventory for January 2024 and 2025 are 90 or so, a quarter."""
    assert evidence.fact("nvda_inventory_fy25q4").value == 10_080e6
    assert evidence.fact("nvda_cost_fy25q4").value == 10_608e6
    e = estimate("parts_lead", evidence)
    each = [evidence.fact(a).value / evidence.fact(b).value
            for a, b in zip(e.facts[::2], e.facts[1::2], strict=True)]
    assert min(each) < e.value < max(each) and e.value == pytest.approx(np.mean(each))
    assert e.low < min(each) and max(each) < e.high
    assert estimate("parts_lead", evidence, "2024-12-31").n == 4
    with pytest.raises(TooFewRows):
        estimate("parts_lead", evidence, "2024-06-30")
