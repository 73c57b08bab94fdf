"""The world as known at the end of 2022: what its numbers rest on, by hand."""

import numpy as np
import pytest

from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.params import compile_params
from oblea.chain.products import recipes
from oblea.chain.values import Values
from oblea.dates import quarter_index
from oblea.estimates.forecasts import spread
from oblea.evidence import known_by
from oblea.scenario import load
from oblea.simulate.run import simulate

DAY = "2022-12-31"


@pytest.fixture(scope="module")
def sc():
    return load("world-2022")


@pytest.fixture(scope="module")
def world(sc):
    return simulate(sc, [Case("x", 32)])


def test_every_fact_was_known_and_every_number_has_a_reason_from_before_the_day(sc):
    assert sc.known_by == DAY and sc.start == sc.base == "2023Q1"
    used = {f for n in sc.numbers.values() for f in n.facts}
    used |= {lever.most for lever in sc.report.levers.values() if lever.most}
    assert len(used) > 70
    assert not [f for f in used if not known_by(sc.evidence.fact(f), DAY)]
    assert not [k for k, n in sc.numbers.items() if n.kind == "bare"]
    for key, n in sc.numbers.items():
        words = f"{n.why} {n.how}"
        for later in ("Blackwell", "B100", "H200", "GPT-4", "ChatGPT Plus", "Trillium", "v5p",
                      "Menlo", "sold out", "quotes of 2023", "October 2023", "told in 2023"):
            assert later not in words, (key, words)
    assert not [k for k, n in sc.numbers.items() if n.points and n.file.endswith("ai.yaml")]


def test_products_are_those_of_then(sc):
    own = {g for g, p in sc.products.items() if p.vendor}
    assert {"a100", "h100", "tpu_v4", "trn1", "mi250x"} <= own
    assert not {"h200", "b100", "b300", "tpu_v5p", "mi300x", "trn2"} & set(sc.products)


def test_prices_are_near_those_told(sc):
    """An A100 at 10,000 to 15,000 dollars, an H100 at 20,000 to 36,000."""
    v = Values(sc, 1, np.arange(1), median=True)
    t = np.array([quarter_index("2023Q1") + 0.5])
    book = recipes(sc, v, t, perfect=np.zeros(1, bool))
    price = {s.makes: v.series(s.price, t) for s in sc.stages.values() if s.makes}
    for g, low, high in (("a100", 1e4, 1.5e4), ("h100", 2e4, 3.6e4)):
        r = book[g]
        parts = r.other + sum(a * price[c] for c, a in r.needs.items())
        assert low < (parts / (1.0 - r.margin)).item() < high


def test_spending_is_the_vendors_consensus_a_sixth_more_and_half_as_much_again(sc):
    consensus = sc.evidence.fact("vintage_nvda_dc_rev_fy2024_dec2022").value
    assert sc.demand.capex.at(quarter_index("2023")) == pytest.approx(consensus * 7 / 6 * 1.5)


def test_the_common_error_is_what_forecasts_of_the_vendors_sales_had_missed(sc):
    """16.675 of 12.86, 26.914 of 19.71, 26.92 of 29.13 billion."""
    v = [sc.evidence.fact(f).value for f in sc.common.error.facts]
    assert sc.common.error.high == pytest.approx(spread(v[::2], v[1::2]), abs=0.005)
    assert sc.common.error.low == pytest.approx(1 / sc.common.error.high, abs=0.005)


def test_nothing_but_demand_limits_the_first_year(sc, world):
    """No shortage was told at the end of 2022: what is wanted is deployed, at the median."""
    p = compile_params(sc, index(sc), stack([Case("x", 1)]), 1, median=True)
    got = np.median(world.case("x", "deployed")[:4, 0], -1)
    assert got == pytest.approx(p.demand[:4, 0], rel=0.1)
    assert np.isfinite(world.case("x", "h100e")).all()
