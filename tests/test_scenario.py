"""Scenario files: forms of a number, merging, and every fault with its place."""

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oblea.chain.values import Values
from oblea.dates import quarter_index
from oblea.errors import InputErrors
from oblea.scenario import json_schema, load, names

FAULTS = """\
extends: seven-trillion
name: faulty
programe:
  pledge: 1 trillion USD
pue: 1.2 GW
fleet:
  gw: -3 GW
  life: {value: 6 years, low: 9 years, high: 4 years}
demand:
  capex: {series: {2028: "1 trillion USD/year", 2027: "2 trillion USD/year"}}
newcomer:
  share: .nan
  width: {fact: euv_leed_time}
stages:
  hbm:
    inputs:
      dram_wafr: {amount: 0.001 wafer/GB, at_most: 40 %}
    rows:
      atlantis: {capacity: 1 kwspm, share: 1}
    phases: {permit: 2 tools}
operator:
  growth: fast
"""


def problems(text, tmp_path, name="faulty.yaml"):
    file = tmp_path / name
    file.write_text(text, "utf-8")
    with pytest.raises(InputErrors) as caught:
        load(file)
    return caught.value.problems, file


def test_all_faults_at_once_with_file_line_and_key(tmp_path):
    found, file = problems(FAULTS, tmp_path)
    by_key = {p.key: p for p in found}
    lines = {
        "programe": (3, "did you mean programme?"), "pue": (5, "expected ratio"),
        "fleet.gw": (7, "at least 0"), "fleet.life": (8, "low 9 is above high 4"),
        "demand.capex.series.2027": (10, "dates must ascend"),
        "newcomer.share": (12, "finite"),
        "newcomer.width.fact": (13, "did you mean euv_lead_time?"),
        "stages.hbm.phases.permit": (20, "expected quarter"), "operator.growth": (22, "expected"),
    }
    for key, (line, words) in lines.items():
        assert key in by_key, (key, sorted(by_key))
        assert by_key[key].line == line, by_key[key]
        assert words in str(by_key[key]), by_key[key]
        assert str(by_key[key]).startswith(f"{file}:{line}: {key}: ")


def test_names_without_a_referent(tmp_path):
    found, _ = problems("""\
extends: seven-trillion
stages:
  hbm:
    inputs:
      dram_wafr: {amount: 0.001 wafer/GB, at_most: 40 %}
    rows:
      atlantis: {capacity: 1 kwspm, share: 1}
mix: {world: {h100s: 1}}
without: [newcomers]
""", tmp_path)
    text = "\n".join(map(str, found))
    for words in ("stages.hbm.inputs.dram_wafr", "did you mean dram_wafer?", "no stage makes",
                  "no region 'atlantis'", "did you mean h100?", "did you mean newcomer?"):
        assert words in text, text


def test_a_stage_without_a_producer_of_its_input(tmp_path):
    text = "extends: reference\nproducts:\n  rubin:\n    needs:\n      optical: 1 link\n"
    found, _ = problems(text, tmp_path)
    assert any("add a stage with 'makes: optical'" in p.message for p in found)


def test_circles(tmp_path):
    (tmp_path / "a.yaml").write_text("extends: b.yaml\nname: a\n")
    found, _ = problems("extends: a.yaml\nname: b\n", tmp_path, "b.yaml")
    assert len(found) == 1 and "circle: b -> a -> b" in found[0].message


def test_commodities_in_a_circle(tmp_path):
    found, _ = problems("""\
extends: reference
stages:
  dram:
    inputs:
      hbm: {amount: 1 GB/wafer, at_most: 10 %}
""", tmp_path)
    assert any("circle" in p.message for p in found)


def test_reversed_dates_of_a_scenario(tmp_path):
    found, _ = problems("extends: reference\nbase: 2041Q1\nprogramme: {start: 2050Q1}\n", tmp_path)
    assert {p.key for p in found} == {"end", "programme.start"}


def test_set_and_replace():
    sc = load("seven-trillion", ("programme.pledge=1 trillion USD", "newcomer.share=12 %"))
    assert sc.programme.pledge.value == 1e12 and sc.newcomer.share.value == pytest.approx(0.12)
    again = sc.replace(**{"programme.pledge": "2 trillion USD"})
    assert again.programme.pledge.value == 2e12
    assert again.newcomer.share.value == sc.newcomer.share.value
    assert load("seven-trillion").digest != sc.digest
    with pytest.raises(InputErrors, match=r"--set:1: newcomer.shar: .*did you mean share"):
        load("seven-trillion", ("newcomer.shar=3 %",))
    with pytest.raises(InputErrors, match="did you mean newcomer"):
        load("seven-trillion", ("newcomr.share=3 %",))
    with pytest.raises(InputErrors, match="no pool 'euv'"):
        load("seven-trillion", ("pools.euv=null",))
    with pytest.raises(InputErrors, match="no stage of kind hall"):
        load("seven-trillion", ("stages.halls=null",))
    with pytest.raises(InputErrors, match="add up to nothing"):
        load("seven-trillion", ("programme.pacing=[0, 0]",))
    with pytest.raises(InputErrors, match="expected key=value"):
        load("seven-trillion", ("newcomer.share",))


def test_every_number_of_the_bundled_scenarios_has_a_source_or_a_reason():
    for name in names():
        bare = [k for k, n in load(name).numbers.items() if n.kind == "bare"]
        # A growth rate inherits the reason of its series only if it says so itself.
        assert not bare, (name, bare[:5])


def test_numbers_by_hand():
    sc = load("reference")
    wfe = sc.pools["wfe"].supply
    assert wfe.at(14.0) == pytest.approx(1.65e11)  # mid 2027
    assert wfe.at(18.0 + 4.0) == pytest.approx(1.85e11 * 1.08)
    assert sc.pools["turbines"].supply.at(18.0) == pytest.approx(65 + 30 * 0.5)  # half way to 2030


def test_schema_takes_the_bundled_files_and_refuses_a_stranger():
    from oblea.scenario.load import BUNDLED, FOLDERS

    schema = json_schema()
    check = jsonschema.Draft202012Validator(schema)
    for folder in FOLDERS:
        for file in (BUNDLED / folder).glob("*.yaml"):
            text = yaml.safe_load(file.read_text("utf-8"))
            errors = [e.message for e in check.iter_errors(_words(text))]
            assert not errors, (file.name, errors[:3])
    assert list(check.iter_errors({"programe": {}}))


def _words(x):
    """Keys as text, as the loader reads them (a year is a word there)."""
    if isinstance(x, dict):
        return {str(k): _words(v) for k, v in x.items()}
    return [_words(v) for v in x] if isinstance(x, list) else x


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda s: s.encode())))
def test_any_bytes_give_problems_and_nothing_else(tmp_path, data):
    file = tmp_path / "x.yaml"
    file.write_bytes(data)
    try:
        load(file)
    except InputErrors as error:
        assert error.problems


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(["pue", "pools", "stages", "fleet", "mix", "programme",
                                        "regions", "end"]),
                       st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=8),
                                    lambda c: st.lists(c, max_size=3)
                                    | st.dictionaries(st.text(min_size=1, max_size=8), c,
                                                      max_size=3), max_leaves=6), max_size=3))
def test_any_tree_gives_problems_and_nothing_else(tmp_path, tree):
    file = tmp_path / "x.yaml"
    file.write_text(yaml.safe_dump({"extends": "reference", **tree}, allow_unicode=True), "utf-8")
    try:
        load(file)
    except InputErrors as error:
        assert error.problems


@pytest.mark.parametrize(("key", "text", "words"), [
    ("finance.funders.gulf.flow", "0 USD/year", "has no money in 2027Q1"),
    ("finance.funders.grants.share_of_capex", "150 %", "allowed is from 0 to 1"),
    ("finance.funders.lenders.share_of_capex", "20 %", "only a grant is bound to capital"),
    ("finance.funders.gulf.kind", "equty", "did you mean equity?"),
    ("finance.hurdle", "-120 %/year", "allowed is at least -0.99"),
    ("programme.pledge", "500 billion EUR", "no rate for EUR; give one, such as currencies.EUR"),
    ("tax.rate", "{series: {2027: 20 %, 2030: 30 %}}", "a dated series is not read here"),
    ("demand.follows", "soon", "expected a date"),
    ("report.pledges", "[3, 1]", "ascending"),
    ("market.precedent", "[contract_orcle_openai]", "did you mean contract_oracle_openai?"),
    ("report.levers.power.times", "[pools.turbine.supply]", "did you mean pools.turbines.supply?"),
])
def test_bad_money_is_said_clearly(key, text, words):
    with pytest.raises(InputErrors) as caught:
        load("seven-trillion", (f"{key}={text}",))
    (problem,) = caught.value.problems
    assert problem.key == key and words in problem.message, problem


def test_without_equity_no_one_pays_losses():
    gone = [k for k, f in load("reference").finance.funders.items() if f.kind == "equity"]
    with pytest.raises(InputErrors, match="none brings equity"):
        load("seven-trillion", tuple(f"finance.funders.{k}=null" for k in gone))


def test_a_sum_in_another_currency_has_its_rate():
    sc = load("seven-trillion", ("currencies.EUR=1.10 USD", "programme.pledge=500 billion EUR"))
    assert sc.programme.pledge.value == pytest.approx(550e9)


ESTIMATES = """
extends: reference
name: fitted
pools: {euv: {supply: {series: {2027: "80 tool/year"}, then: {estimate: NAME, times: 0.5}}}}
"""


def test_an_estimate_is_a_number_with_its_interval_its_facts_and_how(tmp_path):
    from oblea.estimates import estimate

    file = tmp_path / "fitted.yaml"
    file.write_text(ESTIMATES.replace("NAME", "euv_units_growth"), "utf-8")
    sc = load(file)
    e, n = estimate("euv_units_growth", sc.evidence), sc.pools["euv"].supply.then
    assert [n.value, n.low, n.high] == pytest.approx([x / 200 for x in (e.value, e.low, e.high)])
    assert n.kind == "derived" and n.facts == e.facts and "n = 7" in n.how


def test_an_estimate_sees_only_what_the_day_knew(tmp_path):
    from oblea.estimates import estimate

    file, values = tmp_path / "fitted.yaml", []
    for base, day in (("reference", None), ("world-2024", "2024-12-31")):
        file.write_text(ESTIMATES.replace("NAME", "euv_units_growth").replace("reference", base)
                        .replace("series: {2027", "series: {2026"), "utf-8")
        sc = load(file)
        values.append(sc.pools["euv"].supply.then.value)
        assert values[-1] == pytest.approx(
            estimate("euv_units_growth", sc.evidence, day).value / 200)
    assert values[0] != values[1]


def test_what_a_word_adds_does_not_hide_the_fit_and_series_keys_stay_with_series(tmp_path):
    text = ESTIMATES.replace("NAME", "euv_units_growth, how: as it went")
    file = tmp_path / "fitted.yaml"
    file.write_text(text, "utf-8")
    how = load(file).pools["euv"].supply.then.how
    assert how.startswith("estimate euv_units_growth") and "as it went" in how and "0.5" in how
    found, _ = problems(text.replace("as it went", "x, steps: true"), tmp_path)
    assert any(p.key.endswith("then.steps") and "only a series" in p.message for p in found)


def test_rows_without_a_day_are_no_estimate_of_a_day(tmp_path):
    text = ("extends: world-2024\nname: leak\ndemand: {capex: {series: {2025: \"300 billion "
            "USD2024/year\"}, then: {estimate: nvidia_installed_growth}}}\n")
    found, _ = problems(text, tmp_path)
    assert any("bear no day of their own" in p.message for p in found)


def test_a_value_replaces_an_estimate():
    then = load("reference", ("pools.euv.supply.then=5 %/year",)).pools["euv"].supply.then
    assert then.value == 0.05 and then.facts == ()


@pytest.mark.parametrize(("name", "said"), [
    ("euv_unit_growth", "did you mean euv_units_growth?"),
    ("delay_ratio_us", "is in ratio; expected ratio/year"),
    ("[a, b]", "expected the name of an estimate"), ("null", "expected the name of an estimate")])
def test_a_wrong_estimate_is_said_clearly(name, said, tmp_path):
    found, _ = problems(ESTIMATES.replace("NAME", name), tmp_path)
    assert any(p.key.endswith("then.estimate") and said in p.message for p in found)


def test_a_factor_scales_values_facts_and_what_comes_of_a_series():
    """History of a series stays; the factor opens over the two years after the base date."""
    sets = ("market.users.times=3", "fleet.refresh.times=2", "finance.leverage.times=0.5")
    plain, other = load("seven-trillion"), load("seven-trillion", sets)
    base = quarter_index(plain.base)
    ratio = [other.market.users.at(t) / plain.market.users.at(t)
             for t in (0.0, base, base + 4, base + 8, base + 30)]
    assert ratio == pytest.approx([1, 1, 3 ** 0.5, 3, 3])
    assert other.fleet.refresh.value == 2 * plain.fleet.refresh.value
    assert other.fleet.refresh.high == 2 * plain.fleet.refresh.high
    assert other.finance.leverage.value == 0.5 * plain.finance.leverage.value
    times = np.array([base - 3, base + 9])
    drawn = [Values(sc, 1, np.arange(5)).series(sc.market.users, times)
             for sc in (plain, other)]
    assert drawn[1] / drawn[0] == pytest.approx(np.array([[1.0] * 5, [3.0] * 5]))
    with pytest.raises(InputErrors, match=r"market\.users\.times.*more than nought"):
        load("seven-trillion", ("market.users.times=0",))
