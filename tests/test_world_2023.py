"""The world as known at the end of 2023, and the plan of February 2024 in it."""

import numpy as np
import pytest

from oblea.chain.cases import Case
from oblea.chain.products import recipes
from oblea.chain.values import Values
from oblea.dates import quarter_index
from oblea.evidence import known_by
from oblea.scenario import load
from oblea.service import run
from oblea.simulate.run import simulate

WORLD, PLAN = "world-2023", "seven-trillion-2024"
DAYS = {WORLD: "2023-12-31", PLAN: "2024-03-31"}


@pytest.fixture(scope="module")
def scenarios():
    return {name: load(name) for name in DAYS}


@pytest.fixture(scope="module")
def world(scenarios):
    return simulate(scenarios[WORLD], [Case("x", 32)])


@pytest.mark.parametrize("name", DAYS)
def test_every_fact_was_known(scenarios, name):
    sc = scenarios[name]
    assert sc.known_by == DAYS[name]
    used = {f for n in sc.numbers.values() for f in n.facts} | set(sc.market.precedent)
    used |= {lever.most for lever in sc.report.levers.values() if lever.most}
    late = [f for f in sorted(used) if not known_by(sc.evidence.fact(f), DAYS[name])]
    assert len(used) > 50
    assert not late


@pytest.mark.parametrize("name", DAYS)
def test_every_number_has_a_reason_from_before_its_day(scenarios, name):
    sc = scenarios[name]
    assert not [k for k, n in sc.numbers.items() if n.kind == "bare"]
    for key, n in sc.numbers.items():
        words = f"{n.why} {n.how}"
        for later in ("Rubin", "Blackwell", "B200", "GB200", "B300", "Stargate", "DeepSeek",
                      "quotes of 2026", "reported ends of", "as it came"):
            assert later not in words, (key, words)
    # Only numbers without a date, or a fact of then, are left of the base file.
    dated = [k for k, n in sc.numbers.items() if n.points and n.file.endswith("ai.yaml")]
    assert not dated, dated


def test_each_vendor_has_products(scenarios):
    vendors = {p.vendor for p in scenarios[WORLD].products.values()}
    assert vendors >= {"nvidia", "google", "amazon", "amd"}
    assert not {"b300", "rubin", "tpu_v7", "trainium3", "mi355x"} & set(scenarios[WORLD].products)


def test_capex_of_2024_is_the_consensus(scenarios):
    sc = scenarios[WORLD]
    e = sc.evidence
    consensus = e.fact("vintage_hyper5_capex_2024_dec2023").value
    point = sc.document["demand"]["capex"]["series"]["2024"]
    assert point["fact"] == "vintage_hyper5_capex_2024_dec2023"
    ai = sc.demand.capex.at(quarter_index("2024"))
    assert ai / point["times"] == pytest.approx(consensus, rel=0.1)
    # Built up from the vendor's consensus: a sixth more for others, times 1.5 for the rest.
    vendor = e.fact("vintage_nvda_dc_rev_fy2025_dec2023").value
    assert ai == pytest.approx(vendor * 7 / 6 * 1.5, rel=0.1)


def test_what_one_vendor_sells_in_2024_is_near_its_consensus(scenarios, world):
    """Deployed gigawatts times the bill of a gigawatt, against fiscal 2025's consensus."""
    sc = scenarios[WORLD]
    times = np.arange(4) + 0.5
    v = Values(sc, 1, np.arange(1), median=True)
    book = recipes(sc, v, times, perfect=np.zeros(1, bool))
    weight = {g: v.series(n, times) for g, n in sc.mix.world.items()}
    price = {s.makes: v.series(s.price, times) for s in sc.stages.values() if s.makes}
    gw = np.median(world.case("x", "deployed")[:4, 0], -1)
    sales = 0.0
    for g, p in sc.products.items():
        if p.vendor != "nvidia":
            continue
        r = book[g]
        parts = r.other + sum(a * price[c] for c, a in r.needs.items())
        unit = parts / (1.0 - r.margin) + r.system
        sales += (weight[g] / sum(weight.values()) * 1e6 / r.kw * unit)[:, 0] * gw
    consensus = sc.evidence.fact("vintage_nvda_dc_rev_fy2025_dec2023")
    assert 0.8 * consensus.value < sales.sum() < 1.2 * consensus.value


def test_installed_base_within_what_was_published(scenarios, world):
    """Low: H100 of 2023 with a quarter of the least planned for 2024. High: AMD's market of 2023
    with the vendor's data-centre sales of two years before, all at 25,000 dollars an H100e, with a
    quarter of the most planned for 2024."""
    e = scenarios[WORLD].evidence
    made, plan = (e.fact(f"vintage_h100_units_{year}_aug2023") for year in (2023, 2024))
    sold = sum(r["dc_revenue_usd"] for r in e.table("nvidia_dc_revenue")
               if r["fiscal_quarter"][:4] in ("FY22", "FY23"))
    market = e.fact("vintage_accelerator_market_2023_dec2023").value
    low = made.low + plan.low / 4
    high = (market + sold) / e.fact("vintage_h100_price_dec2022").low + plan.high / 4
    stock = world.case("x", "h100e")[0].sum(0)
    assert low < np.quantile(stock, 0.05) and np.quantile(stock, 0.95) < high
    assert 1.4 * low < np.median(stock) < 0.8 * high


def test_the_world_lies_among_forecasts_of_its_time(scenarios, world):
    """Gigawatts against Schneider Electric (autumn of 2023: 4.3 GW, up to 20 in 2028) as the low
    side and a tripling of that as the high; CoWoS within the plan; rents near three dollars."""
    gw = np.median(world.case("x", "gw").sum(1), -1)
    at = lambda text: int(quarter_index(text))  # noqa: E731
    assert 3.0 < gw[at("2024Q1")] < 4.8
    assert 10.0 < gw[at("2026Q4")] < 40.0
    assert 13.5 < gw[at("2028Q4")] < 60.0
    e = scenarios[WORLD].evidence
    cowos = world.chain.commodities.index("cowos")
    used = np.median(world.case("x", "used")[:4, :, cowos].sum((0, 1)), -1)
    plan = e.fact("vintage_cowos_wafers_2024_nov2023").value
    assert 0.35 * plan < used < plan
    rent = float(np.median(world.case("x", "spot")[0]))
    assert rent == pytest.approx(e.fact("h100_rent_1y_2023h2").value, rel=0.2)


def test_plan_simulates_and_has_a_verdict(scenarios):
    sc = scenarios[PLAN]
    assert sc.programme.start == "2024Q3" and sc.programme.term.value == 10
    assert sc.programme.pledge.value == sc.evidence.fact("a1_amount_sought").value
    assert set(sc.finance.funders) == {"gulf", "conglomerate", "partners", "customers", "lenders"}
    r = simulate(sc, [Case("x", 32)])
    assert np.isfinite(r.case("x", "spent")).all()
    assert r.case("x", "spent").sum() > 0
    answer = run(PLAN, paths=32, quick=True).answer
    assert answer["verdict"]["word"]
    assert 0.0 < answer["absorbed"]["median"] < 0.5 * answer["pledge"]
