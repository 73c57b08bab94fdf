"""The world as seen on 31 December 2024: nothing in it was known later, and it runs."""

import re

import numpy as np
import pytest

from oblea.chain.cases import Case
from oblea.evidence import known_by
from oblea.scenario import load
from oblea.simulate.run import simulate

DAY = "2024-12-31"
# Published by then or counted over chips sold by then, all vendors: the stock of the end of 2024.
STOCK = 5e6, 8e6


@pytest.fixture(scope="module")
def world():
    return load("world-2024")


@pytest.fixture(scope="module")
def run(world):
    return simulate(world, [Case("x", 32)])


def median(run, name, *at):
    return np.median(run.case("x", name)[at], axis=-1)


def test_it_says_what_it_is(world):
    assert (world.name, world.known_by, world.base) == ("world-2024", DAY, "2024Q4")


def test_every_fact_was_known(world):
    facts = world.evidence.facts
    named = {f for n in world.numbers.values() for f in n.facts}
    named |= set(world.market.precedent)
    named |= {lever.most for lever in world.report.levers.values() if lever.most}
    late = sorted(f for f in named if not known_by(facts[f], DAY))
    assert not late
    assert len(named) > 100


def test_no_reason_names_what_came_later(world):
    later = re.compile(r"B300|GB300|TPU v7|Ironwood|Stargate|Feynman|MI355X|MI400|R1\b|in 2025 grew"
                       r"|since 2025|of 2026\b(?!-)|Hyperion")
    spoken = {k: (n.why or "") + (n.how or "") for k, n in world.numbers.items()}
    named = {k: found[0] for k, text in spoken.items() if (found := later.search(text))}
    assert set(named) <= {"demand.capex.then"}  # a bank's forecast of November 2024 for 2026


def test_what_is_inherited_names_no_later_year(world):
    base = load("ai").numbers
    same = {k: n for k, n in world.numbers.items() if base.get(k) == n}
    year = re.compile(r"20(2[5-9]|3\d)")
    assert not {k: n.why for k, n in same.items() if year.search((n.why or "") + (n.how or ""))}
    dated = {k for k, n in same.items() if n.points and n.points[-1][0] > 4.0}
    assert dated <= {"stages.servers.rows.rest.capacity"}  # ample by definition


def test_what_is_dated_after_2024_has_a_reason(world):
    late = {k: n for k, n in world.numbers.items() if n.points and n.points[-1][0] > 4.0}
    assert late
    assert not [k for k, n in late.items() if not (n.why or n.how or n.kind == "fact")]
    assert not [k for k, n in world.numbers.items() if n.kind == "bare"]


def test_capex_is_the_consensus(world):
    facts = world.evidence.facts
    firms = facts["vintage_hyper4_capex_2025_nov2024"].value
    assert world.demand.capex.at(6.0) == pytest.approx(firms, rel=0.1)
    with_oracle = firms + facts["vintage_capex_orcl_fy2025_dec2024"].value
    assert world.demand.capex.at(6.0) == pytest.approx(with_oracle, rel=0.1)
    assert world.demand.capex.at(10.0) == pytest.approx(
        facts["vintage_hyper4_capex_2026_nov2024"].value, rel=0.12)


def test_no_product_of_later_is_left(world):
    assert not {"b300", "rubin", "tpu_v7", "trainium3", "mi355x"} & set(world.products)
    vendors = {p.vendor for p in world.products.values() if p.vendor}
    assert vendors == {"nvidia", "google", "amazon", "amd"}
    in_2026 = [g for g, n in world.mix.world.items() if n.at(10.0) > 0]
    assert all(world.products[g].vendor for g in in_2026)


def test_stock_of_the_end_of_2024(run):
    low, high = STOCK
    stock = run.case("x", "h100e")[3, 0]
    assert low < np.median(stock) < high
    assert np.quantile(stock, 0.9) < 1.15 * high


def test_growth_is_what_was_expected(run, world):
    """Within what forecasters published by August 2024: Epoch's growth of chips and of their
    speed, 1.3 to 2.0 and 1.31 to 1.59 a year, on the rate of the end of 2023."""
    facts = world.evidence.facts
    rate = facts["vintage_epoch_rate_2023"]
    chips, speed = (facts[f"vintage_epoch_{n}_growth"] for n in ("production", "performance"))
    low, high = ((getattr(chips, e) * getattr(speed, e)) ** 2 * getattr(rate, e)
                 for e in ("low", "high"))
    stock = median(run, "h100e", slice(None), 0)
    assert low < stock[7] - stock[3] < high
    assert 1.3 < stock[11] / stock[7] < 3.5
    assert np.isfinite(run.case("x", "price")).all()


def test_no_more_is_used_than_was_planned(run, world):
    c = run.chain.commodities.index
    used = median(run, "used", slice(4, 8), 0)
    lines = world.stages["packaging"].rows["taiwan"].capacity
    assert used[:, c("cowos")].sum() < 12 * (lines.at(4.0) + lines.at(8.0)) / 2
    facts = world.evidence.facts
    market = facts["vintage_hbm_tam_2025_dec2024"].value / world.stages["hbm"].price.value
    assert 0.3 * market < used[:, c("hbm")].sum() < 1.5 * market
