"""A scenario from a sentence, the glossary, completion, help, and ten faults in one file."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblea.cli import complete
from oblea.errors import InputErrors
from oblea.report import glossary
from oblea.report.html import render
from oblea.scenario import load
from oblea.scenario.new import new
from oblea.scenario.said import SCALES, read
from oblea.service import run

ROOT = Path(__file__).parents[1]


def cli(*args, cwd):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *args], cwd=cwd, text=True,
                          capture_output=True, timeout=120)


@pytest.mark.parametrize(("text", "pledge", "rest"), [
    ("500 billion USD, 4 years, data centres, US",
     (5e11, 4.0, ("compute",), ("us",), None, None), ()),
    ("$1.5 trillion over 10 years for chip factories in Korea and Taiwan from 2028Q3",
     (1.5e12, 10.0, ("fabs",), ("taiwan", "korea"), "2028Q3", None), ()),
    ("500.000 millones de dólares en centros de datos y fábricas",
     (5e11, None, ("compute", "fabs"), (), None, None), ()),
    ("7 billones de dólares, 10 años, Golfo, desde 2029, 25 % de los pedidos, con dragones",
     (7e12, 10.0, (), ("gulf",), "2029Q1", 0.25), ("dragones",)),
    ("US$300bn, share of 9 %, Moon", (3e11, None, (), (), None, 0.09), ("Moon",)),
    ("1,5 billones de euros de dólares"[:0] + "2,5 mil millones de dólares en Europa",
     (2.5e9, None, (), ("europe",), None, None), ()),
])
def test_a_sentence_in_either_language(text, pledge, rest):
    got = read(text)
    assert (got.pledge, got.years, got.aims, got.regions, got.start, got.share) == pledge
    assert got.rest == rest


@pytest.mark.parametrize(("text", "words"), [
    ("", "found 0 sums"), ("a lot of money", "found 0 sums"), ("1 billion USD or 2 billion USD",
                                                               "found 2 sums"),
    ("500 billion EUR", "in USD"), ("3 dollars", "expected a million"),
    ("1 trillion USD, 90 years", "expected .25 to 40"),
    ("1 trillion USD, share of 0 %", "above 0 to 100"),
    ("7 millions de dólares millones", ""),
])
def test_what_cannot_be_is_refused(text, words):
    if not words:
        read("7 millones de dólares")
        return
    with pytest.raises(InputErrors, match=words):
        read(text)
    with pytest.raises(InputErrors, match="halls for compute stand in"):
        new(load("reference"), "x", read("1 trillion USD, data centres in Taiwan"))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 999), st.sampled_from(sorted(SCALES)), st.booleans())
def test_sums_round_trip(n, scale, es):
    factor = SCALES[scale][int(es)]
    if factor is None or not 1e6 <= n * factor <= 1e15:
        return
    assert read(f"{n} {scale} {'dólares' if es else 'dollars'}").pledge == n * factor


@pytest.mark.parametrize("text", [None, "500 billion USD, 4 years, data centres, US",
                                  "2 trillion USD, fabs, Korea, from 2028, share of 25 %"])
def test_a_new_file_is_valid_runs_and_says_what_was_said(tmp_path, text):
    args = ["scenario", "new", "mine"] + (["--from", text] if text else [])
    done = cli(*args, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    file = tmp_path / "mine.yaml"
    sc = load(str(file))
    if text:
        said = read(text)
        assert sc.programme.pledge.value == said.pledge
        assert sc.programme.aim == ("fabs" if said.aims == ("fabs",) else "compute")
        assert {k for k, n in sc.programme.regions.items() if n.value} == set(said.regions)
    a = run(str(file), paths=8, quick=True, workers=1).answer
    assert a["pledge"] == sc.programme.pledge.value
    for key in re.findall(r"^# ([\w.]+): ", file.read_text("utf-8"), re.M):
        assert key in sc.numbers or key in ("newcomer", "Completion"), key
    before = file.read_text("utf-8")
    again = cli(*args, cwd=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr
    assert file.read_text("utf-8") == before
    assert cli("scenario", "new", "stargate", cwd=tmp_path).returncode == 2


def test_the_schema_that_the_file_points_at(tmp_path):
    import jsonschema
    import yaml

    cli("scenario", "new", "mine", "--from", "1 trillion USD, US", cwd=tmp_path)
    cli("scenario", "schema", "--out", "oblea-schema.json", cwd=tmp_path)
    text = (tmp_path / "mine.yaml").read_text("utf-8")
    assert "$schema=oblea-schema.json" in text.splitlines()[0]
    jsonschema.validate(yaml.safe_load(text),
                        json.loads((tmp_path / "oblea-schema.json").read_text("utf-8")))


def test_the_page_of_the_glossary_is_that_of_the_file():
    assert (ROOT / "docs" / "glossary.md").read_text("utf-8") == glossary.as_markdown()
    for t in glossary.glossary().values():
        assert (ROOT / "docs" / t.where).is_file(), t.key
        for lang in ("en", "es"):
            assert t.meaning[lang].endswith(".") and len(t.meaning[lang]) < 160, t.key
    text = glossary.render("es")
    assert max(map(len, text.splitlines())) <= 80 and "cartera de pedidos" in text
    with pytest.raises(InputErrors, match="did you mean absorbed"):
        glossary.find("absorbd")


def test_tooltips_come_from_the_glossary():
    r = run("stargate", paths=8, quick=True, workers=1)
    for lang in ("en", "es"):
        page = render(r.answer, r.manifest, lang)
        for key in ("raisable", "absorbed", "returned"):
            assert f'title="{glossary.definition(key, lang)}"' in page, key


def test_completion_knows_names_and_never_raises(monkeypatch, tmp_path):
    assert "seven-trillion" in complete.scenarios("seven")
    assert complete.mechanisms("po") == ["power"]
    assert "rubin" in complete.products("r") and "newcomer.share=" in complete.keys("newcomer.s")
    assert "euv_lead_time" in complete.why("euv_lead") and "absorbed" in complete.words("abs")
    monkeypatch.setattr("oblea.scenario.load", lambda *a: 1 / 0)
    assert complete.products("r") == []
    done = subprocess.run(
        [sys.executable, "-m", "oblea.cli.main"], cwd=tmp_path, text=True, capture_output=True,
        env={"_OBLEA_COMPLETE": "complete_bash", "COMP_WORDS": "oblea run sev", "COMP_CWORD": "2",
             "PATH": ""}, timeout=60)
    assert "Traceback" not in done.stderr


def test_help_has_panels_in_order_and_an_example_each(tmp_path):
    top = cli("--help", cwd=tmp_path).stdout
    assert top.index("Ask") < top.index("Doubt") < top.index("Calculate") < top.index("Manage")
    commands = [["run"], ["compare"], ["why"], ["backtest"], ["glossary"], ["scale"],
                ["cost", "gigawatt"], ["cost", "decline"], ["check"],
                *(["scenario", x] for x in ("list", "show", "new", "validate", "schema")),
                *(["runs", x] for x in ("list", "open", "export", "query")),
                *(["evidence", x] for x in ("find", "projects", "share", "lint"))]
    for command in commands:
        shown = cli(*command, "--help", cwd=tmp_path).stdout
        assert f"Example: oblea {' '.join(command)}" in " ".join(shown.split()), command


TEN = """\
extends: seven-trillion
name: ten
programe: {pledge: 1 trillion USD}
pue: 1.2 GW
programme:
  pledge: -1 trillion USD
  start: 2027Q5
  regions:
    mars: {value: 1, why: why not}
fleet:
  life: {value: 6 years, low: 9 years, high: 4 years}
newcomer:
  width: {fact: euv_leed_time}
market:
  elasticity: many
finance:
  hurdle: -150 %/year
without: [gravity]
"""


def test_ten_planted_faults_give_ten_lines(tmp_path):
    (tmp_path / "ten.yaml").write_text(TEN)
    done = cli("run", "ten.yaml", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 2 and done.stdout == ""
    wanted = {3: "programe", 4: "pue", 6: "programme.pledge", 7: "programme.start",
              9: "programme.regions.mars", 11: "fleet.life", 13: "newcomer.width",
              15: "market.elasticity", 17: "finance.hurdle", 18: "without"}
    found = {int(m[1]): m[2] for line in lines
             if (m := re.match(r"ten\.yaml:(\d+): ([\w.]+)", line))}
    assert len(lines) == 10, done.stderr
    assert found.keys() == wanted.keys(), done.stderr
    for line, key in wanted.items():
        assert found[line].startswith(key), (line, found[line])
    assert "did you mean programme" in lines[0] and "did you mean euv_lead_time" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["ten.yaml"]
