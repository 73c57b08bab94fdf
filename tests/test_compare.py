"""Scenarios compared on the same futures: differences, what makes them, and bad input."""

import itertools
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import oblea
from oblea.analysis.compare import PARTED, groups, paired
from oblea.errors import InputErrors
from oblea.report.compare import render, said
from oblea.report.words import LANGUAGES, Words
from oblea.scenario.diff import between, changed

CHANGES = {"newcomer.share": "25 %", "pue": "1.2", "fleet.life": "7 years",
           "market.users.times": "2", "programme.pledge": "1 trillion USD",
           "finance.hurdle": "8 %/year", "resale.share": "0 %/year", "demand.response": "30 %/year"}


@pytest.fixture(scope="module")
def done():
    changes = ";".join(f"{k}={CHANGES[k]}" for k in ("newcomer.share", "pue", "market.users.times"))
    return oblea.compare("seven-trillion", f"seven-trillion:{changes}", "stargate",
                         "seven-trillion-fabs", "seven-trillion-2024", paths=16, workers=1)


def test_parts_add_up_to_the_difference(done):
    for pair in done.answer["pairs"]:
        # A world of another day is one change: its numbers make no scenario beside later facts.
        assert len(pair["parts"]) >= (1 if pair["scenario"] == "seven-trillion-2024" else 2)
        keys = [k for r in pair["parts"] for k in r["keys"]]
        assert sorted(keys) == sorted(x["key"] for x in pair["inputs"])
        steps = pair["picture"]["steps"]
        assert steps[-1]["to"] == pytest.approx(pair["picture"]["second"], rel=1e-9)
        assert all(a["to"] == b["from"] for a, b in itertools.pairwise(steps))
        for k in PARTED:
            if k not in pair["outcomes"]:
                continue
            whole = pair["outcomes"][k]["diff"]
            for pick in (lambda r, k=k: r[k]["part"], lambda r, k=k: r[k]["orders"][0],
                         lambda r, k=k: r[k]["orders"][1]):
                total = sum(pick(r) for r in pair["parts"])
                assert total == pytest.approx(whole, rel=1e-9, abs=1e-9 * abs(
                    pair["outcomes"][k]["first"])), k


def test_the_second_scenario_is_what_it_is_alone(done):
    alone = oblea.run("stargate", paths=16, quick=True, workers=2)
    x = done.answer["pairs"][1]["outcomes"]
    assert x["absorbed"]["second"] == pytest.approx(alone.answer["absorbed"]["mean"], rel=1e-12)
    assert x["absorbed"]["diff"] == pytest.approx(x["absorbed"]["second"] - x["absorbed"]["first"])


def test_a_larger_share_gives_more_and_is_named_as_the_cause(done):
    pair = done.answer["pairs"][0]
    assert pair["outcomes"]["absorbed"]["diff"] > 3 * pair["outcomes"]["absorbed"]["se"] > 0
    assert pair["parts"][0]["group"] == "newcomer.share"
    assert [x["key"] for x in pair["inputs"]] == changed(
        oblea.load("seven-trillion"), oblea.load("seven-trillion", tuple(
            f"{k}={CHANGES[k]}" for k in ("newcomer.share", "pue", "market.users.times"))))
    assert done.parts["absorbed"].abs().max() > 0 and len(done.inputs) > 3
    for first in (x["first"] for x in pair["limits"]):
        assert 0 <= first <= 1
    for side in ("first", "second"):
        assert sum(x[side] for x in pair["limits"]) == pytest.approx(1.0)


def test_plans_of_another_kind_say_so(done):
    fabs, then = done.answer["pairs"][2:]
    assert fabs["differ"] == ["aim"] and "delivered" not in fabs["outcomes"]
    assert {"programme.aim", "programme.split"} <= set(next(
        r["keys"] for r in fabs["parts"] if "aim" in r["group"])), "no scenario without each other"
    block = render(done.answer).split("SEVEN-TRILLION-FABS AGAINST")[1].split("AGAINST")[0]
    assert "aim at different things" in block and not re.search(r"^  delivered ", block, re.M)
    assert then["differ"] == ["base_year", "base", "term"]
    assert then["terms"] == [["2027Q1", "2036Q4"], ["2024Q3", "2034Q2"]]


def test_money_of_another_year_is_turned_into_that_of_the_base(done):
    """By hand: 2.0 % a year, the Congressional Budget Office's growth of the deflator, from the
    dollars of 2024 to those of 2027."""
    pair, base = done.answer["pairs"][3], oblea.load("seven-trillion")
    assert pair["dollars"] == pytest.approx((1 + base.deflator.value) ** 3)
    alone = oblea.run("seven-trillion-2024", paths=16, quick=True, workers=2).answer
    assert pair["outcomes"]["absorbed"]["second"] == pytest.approx(
        alone["absorbed"]["mean"] * pair["dollars"], rel=1e-12)
    assert pair["outcomes"]["returned"]["second"] == pytest.approx(
        alone["returned"]["mean"], rel=1e-12)


def test_a_world_without_a_plan_beside_one_with():
    c = oblea.compare("reference", "seven-trillion", paths=8, workers=1)
    pair = c.answer["pairs"][0]
    assert pair["differ"] == ["plan"] and list(pair["outcomes"]) == ["world_h100e", "price"]
    assert pair["outcomes"]["world_h100e"]["diff"] == 0 > pair["outcomes"]["price"]["diff"]
    assert "One has no plan" in render(c.answer) and "absorbed" not in render(c.answer)


def test_inputs_have_units_and_sources(done):
    stargate = {x["key"]: x for x in done.answer["pairs"][1]["inputs"]}
    first, second = stargate["newcomer.share"]["numbers"]
    assert (first["value"], first["unit"], first["kind"]) == (0.09, "ratio", "derived")
    assert second["facts"] == ["most_newcomer_share"] and second["place"].startswith("data/")
    fact = oblea.load("stargate").evidence.fact("most_newcomer_share")
    assert f"most_newcomer_share = {fact.value:.4g}" in " ".join(render(done.answer).split())


def test_calendars_differenced_by_year(done):
    for pair in done.answer["pairs"]:
        first, last = (max(t[0] for t in pair["terms"])[:4], min(t[1] for t in pair["terms"])[:4])
        for x in pair["limits"]:
            assert list(x["years"]) == list(range(int(first), int(last) + 1))
        for year in pair["limits"][0]["years"]:
            assert sum(x["years"][year] for x in pair["limits"]) == pytest.approx(0, abs=1e-12)
    own = done.answer["pairs"][0]  # of one term: the years' mean is the difference of the shares
    for x in own["limits"]:
        assert np.mean(list(x["years"].values())) == pytest.approx(x["second"] - x["first"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_text_fits_and_says_every_number(done, lang):
    text = render(done.answer, lang)
    assert max(map(len, text.splitlines())) <= 80
    assert not re.search(r"\b(None|nan|inf)\b|\{|\}", text)
    pair = done.answer["pairs"][0]
    diff, se = (pair["outcomes"]["absorbed"][k] / 1e9 for k in ("diff", "se"))
    p5, p95 = (f"{pair['outcomes']['absorbed'][k] / 1e9:+,.0f}" for k in ("p5", "p95"))
    shown = text.replace(".", ",") if lang == "es" else text
    assert f"{diff:+.0f} ± {se:.0f}" in shown
    assert f"{p5} {'a' if lang == 'es' else 'to'} {p95}" in shown


def test_what_stands_at_a_key_is_said_short():
    w = Words("en")
    assert said({"series": {2027: "1 USD", 2030: {"fact": "x"}}, "times": 2}, w) == (
        "2027: 1 USD … 2030: x times 2")
    assert said({"series": {2027: "1 USD"}}, w).startswith("2027: 1 USD")
    assert said({"a": 1, "b": 2}, w) == "a part with 2 keys"


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=1, max_size=5, unique=True),
       st.randoms(use_true_random=False))
def test_scenarios_in_between(keys, dice):
    """All changes laid on make the second, none the first, some have just those."""
    a = oblea.load("seven-trillion")
    b = a.replace(**{k: CHANGES[k] for k in keys})
    found = changed(a, b)
    some = dice.sample(found, dice.randint(0, len(found)))
    middle = between(a, b, some)
    assert set(changed(a, middle)) == set(some)
    assert set(changed(middle, b)) == set(found) - set(some)
    assert changed(between(a, b, found), b) == []


def test_keys_that_only_one_has():
    a, b = oblea.load("seven-trillion"), oblea.load("seven-trillion-fabs")
    assert changed(between(a, b, changed(a, b)), b) == []
    assert changed(between(b, a, changed(b, a)), a) == []


def test_many_changes_are_told_by_section():
    keys = [f"{s}.{i}" for s in "abcdefgh" for i in range(ord(s) - 96)]
    made = groups(keys)
    assert len(made) == 6 and sorted(k for v in made.values() for k in v) == sorted(keys)


def test_paired_by_hand():
    got = paired(np.array([1.0, 2.0, 3.0]), np.array([2.0, 2.0, 5.0]))
    assert got["diff"] == 1.0 and got["higher"] == pytest.approx(2 / 3)
    assert got["se"] == pytest.approx(np.std([1, 0, 2], ddof=1) / 3**0.5)


@pytest.mark.parametrize(("sources", "words"), [
    (("seven-trillion",), "two scenarios or more"),
    (("seven-trillion", "stargat"), "did you mean stargate"),
    (("seven-trillion", "stargate:newcomer.shar=3 %"), "did you mean"),
    (("nothing-1", "nothing-2"), "nothing-2"),
])
def test_bad_input(sources, words):
    with pytest.raises(InputErrors, match=words):
        oblea.compare(*sources, paths=8)


def test_on_the_command_line(tmp_path):
    done = subprocess.run([sys.executable, "-m", "oblea.cli.main", "compare", "seven-trillion",
                           "seven-trillion:pue=1.2", "--paths", "16", "--quick", "--json",
                           "--out", "c.json"],
                          cwd=tmp_path, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pairs"][0]["inputs"][0]["key"] == "pue"
    assert (tmp_path / "c.json").read_text("utf-8") == done.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["c.json"]
    again = subprocess.run([sys.executable, "-m", "oblea.cli.main", "compare", "stargate",
                            "stargate", "--out", "c.json"], cwd=tmp_path, text=True,
                           capture_output=True, timeout=120)
    assert again.returncode == 2 and "exists already" in again.stderr and again.stdout == ""
