"""A scenario from a sentence, the glossary, completion, help, and ten faults in one file."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.main import get_command

from oblea.cli import complete, main
from oblea.errors import InputErrors
from oblea.report import glossary
from oblea.report.html import render
from oblea.report.words import Words
from oblea.scenario import load
from oblea.scenario.new import new
from oblea.scenario.said import SCALES, read
from oblea.service import run

ROOT = Path(__file__).parents[1]


def cli(*args, cwd):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *args], cwd=cwd, text=True,
                          capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def base():
    return load("reference")


@pytest.mark.parametrize(("text", "wanted", "rest"), [
    ("500 billion USD, 4 years, data centres, US",
     (5e11, 4.0, ("compute",), ("us",), None, None), ()),
    ("$1.5 trillion over 10 years for chip factories in Korea and Taiwan from 2028Q3",
     (1.5e12, 10.0, ("fabs",), ("taiwan", "korea"), "2028Q3", None), ()),
    ("500.000 millones de dólares en centros de datos y fábricas",
     (5e11, None, ("compute", "fabs"), (), None, None), ()),
    ("7 billones de dólares, 10 años, Golfo, desde 2029, 25 % de los pedidos, con dragones",
     (7e12, 10.0, (), ("gulf",), "2029Q1", 0.25), ("dragones",)),
    ("US$300bn, share of 9 %, Moon", (3e11, None, (), (), None, 0.09), ("Moon",)),
    ("2,5 mil millones de dólares en Europa", (2.5e9, None, (), ("europe",), None, None), ()),
    ("medio billón de dólares, EE. UU.", (5e11, None, (), ("us",), None, None), ()),
    ("a trillion dollars, 2028-2037, both", (1e12, 10.0, ("compute", "fabs"), (), "2028Q1", None),
     ()),
    ("the Gulf gives us 1 trillion USD in 2030", (1e12, None, (), ("gulf",), "2030Q1", None),
     ("gives", "us")),
])
def test_a_sentence_in_either_language(text, wanted, rest):
    got = read(text)
    assert (got.pledge, got.years, got.aims, got.regions, got.start, got.share) == wanted
    assert got.rest == rest


def test_another_currency_needs_its_rate_and_none_is_told():
    got = read("500.000 millones de euros a 1,1 dólares por euro")
    assert (got.pledge, got.currency, got.rate) == (5e11, "EUR", 1.1)
    assert not read("500 billion").named and read("$500 billion").named


@pytest.mark.parametrize(("text", "words"), [
    ("", "found no sum"), ("a lot of money", "found no sum"), ("50 GW", "found no sum"),
    ("1 billion USD or 2 billion USD", "found 2 sums"),
    ("1 billion USD in the US, 2 billion USD elsewhere", "found 2 sums"),
    ("between 500 and 700 billion USD", "found a range"),
    ("-500 billion USD", "above zero"), ("0 USD", "above zero"),
    ("500 billion EUR", "say the rate too"), ("3 dollars", "expected a million"),
    ("1,5 billion dollars", "write 1.5 or 1,500"),
    ("1 trillion USD, 90 years", "expected 0.25 to 40"),
    ("1 trillion USD, 4 years, 6 years", "term of years: 4, 6"),
    ("1 trillion USD, 4 years, 2027-2036", "term of years: 4, 10"),
    ("1 trillion USD from 2027, starting 2029", "start: 2027Q1, 2029Q1"),
    ("1 trillion USD, share 9 %, 12 % of orders", "per cent: 9, 12"),
    ("1 trillion USD, share of 0 %", "expected 0.001 to 100"),
])
def test_what_cannot_be_is_refused(text, words):
    with pytest.raises(InputErrors, match=words):
        read(text)


@pytest.mark.parametrize(("text", "lines"), [
    ("500 billion EUR, 4 years, 6 years, share of 200 %", 3),
    ("1 trillion USD, data centres in Taiwan", 1), ("1 trillion USD, starting 2070", 1)])
def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(tmp_path, text, lines):
    done = cli("scenario", "new", "mine", "--from", text, cwd=tmp_path)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == lines, done.stderr
    assert all(line.startswith("--from: ") for line in done.stderr.splitlines())
    assert list(tmp_path.iterdir()) == []


def test_a_schema_that_cannot_be_written(tmp_path):
    done = cli("scenario", "schema", "--out", "no/such", cwd=tmp_path)
    assert done.returncode == 2 and done.stderr == (
        "--out: cannot write 'no/such': No such file or directory\n")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 999), st.sampled_from(sorted(SCALES)), st.booleans())
def test_sums_round_trip(n, scale, es):
    factor = SCALES[scale][int(es)]
    if factor is None or not 1e6 <= n * factor <= 1e15:
        return
    assert read(f"{n} {scale} {'dólares' if es else 'dollars'}").pledge == n * factor


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*"0.,-%$€ ", "7", "billion", "billones", "USD", "EUR", "years",
                                 "from", "2027", "US", "fabs", "share", "at", "mil"]), max_size=9))
def test_any_sentence_is_read_or_refused(words):
    try:
        got = read(" ".join(words))
    except InputErrors:
        return
    assert 1e6 <= got.pledge * (got.rate or 1) <= 1e15


@pytest.mark.parametrize("text", [None, "500 billion USD, 4 years, data centres, US",
                                  "2 trillion USD, fabs, Korea, from 2028, share of 25 %",
                                  "a trillion dollars in China, 2029-2048"])
def test_a_new_file_is_valid_runs_and_says_what_was_said(tmp_path, base, text):
    file = tmp_path / "mine.yaml"
    file.write_text(new(base, "mine", text and read(text), Words("en")), "utf-8")
    sc = load(str(file))
    if text:
        said = read(text)
        assert sc.programme.pledge.value == said.pledge
        assert sc.programme.aim == ("fabs" if said.aims == ("fabs",) else "compute")
        assert {k for k, n in sc.programme.regions.items() if n.value} == set(said.regions)
        assert said.years is None or sc.programme.term.value == said.years
        assert said.share is None or sc.newcomer.share.value == said.share
    for key in re.findall(r"oblea why ([\w.]+)$", file.read_text("utf-8"), re.M):
        assert key in sc.numbers or key == "KEY", key
    assert run(sc, paths=8, quick=True, workers=1).answer["pledge"] == sc.programme.pledge.value


def test_a_new_file_is_written_once(tmp_path):
    args = ["scenario", "new", "mine", "--from", "7 billones de dólares, dragones", "--lang", "es"]
    done = cli(*args, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Entendido: 7 B USD" in done.stdout and "Sin entender: dragones" in done.stdout
    before = (tmp_path / "mine.yaml").read_text("utf-8")
    again = cli(*args, cwd=tmp_path)
    assert again.returncode == 2 and "exists already" in again.stderr
    assert (tmp_path / "mine.yaml").read_text("utf-8") == before
    assert cli("scenario", "new", "stargate", cwd=tmp_path).returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_comments_say_what_stands_now(tmp_path, base, lang):
    """Every commented line, its mark taken off, gives the number that the reference has."""
    text = new(base, "mine", None, Words(lang))
    opened = re.sub(r"^(\s*)# ( *[\w]+:( [\w{\"].*)?(  #.*)?)$", r"\1\2", text, flags=re.M)
    marks = [x for x in text.splitlines() if "oblea why " in x and "--set" not in x and ": " in x
             and x.lstrip().startswith("#") and "KEY" not in x and "CLAVE" not in x]
    file = tmp_path / "mine.yaml"
    file.write_text(opened, "utf-8")
    sc = load(str(file))
    here = {k: n for k, n in sc.numbers.items() if n.file.endswith("mine.yaml")}
    assert len(here) == len(marks) + 1 >= 15  # and the pledge
    for k, n in here.items():
        if k != "programme.pledge":
            b = base.numbers[k]
            assert (n.value, n.low, n.high, n.unit) == (b.value, b.low, b.high, b.unit), k


def test_the_schema_that_the_file_points_at(tmp_path):
    import jsonschema
    import yaml

    cli("scenario", "new", "mine", "--from", "1 trillion USD, US", cwd=tmp_path)
    cli("scenario", "schema", "--out", "oblea-schema.json", cwd=tmp_path)
    text = (tmp_path / "mine.yaml").read_text("utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=oblea-schema.json"
    jsonschema.validate(yaml.safe_load(text),
                        json.loads((tmp_path / "oblea-schema.json").read_text("utf-8")))


def test_the_page_of_the_glossary_is_that_of_the_file():
    assert (ROOT / "docs" / "glossary.md").read_text("utf-8") == glossary.as_markdown()
    for t in glossary.glossary().values():
        page, _, anchor = t.where.partition("#")
        text = (ROOT / "docs" / page).read_text("utf-8")
        heads = [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-")
                 for h in re.findall(r"^#+ (.*)$", text, re.M)]
        assert not anchor or anchor in heads, t.where
        for lang in ("en", "es"):
            assert t.meaning[lang].endswith(".") and len(t.meaning[lang]) < 160, t.key
    for word in ("pledge", "order book", "Facility GW", "IT GW", "wspm", "HBM", "CoWoS", "EUV",
                 "WFE", "IRR", "NPV", "tasa exigida", "capex", "H100e", "covenant", "tranche"):
        assert glossary.find(word).meaning["en"], word
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
    sc = load("reference")
    assert {*complete.why("")} >= {*sc.evidence.facts, *(k for k in sc.numbers
                                                        if not k.endswith(".then"))}
    assert set(complete.products("")) == set(sc.products)
    monkeypatch.setattr(sys.modules["oblea.scenario.load"], "tree", lambda *a: 1 / 0)
    assert complete.products("r") == complete.why("p") == []
    done = subprocess.run(
        [sys.executable, "-m", "oblea.cli.main"], cwd=tmp_path, text=True, capture_output=True,
        env={"_OBLEA_COMPLETE": "complete_bash", "COMP_WORDS": "oblea run sev", "COMP_CWORD": "2",
             "PATH": ""}, timeout=60)
    assert "Traceback" not in done.stderr


def test_a_terminal_without_the_marks(tmp_path):
    done = subprocess.run([sys.executable, "-m", "oblea.cli.main", "glossary", "reunible", "--lang",
                           "es"], cwd=tmp_path, capture_output=True, timeout=60,
                          env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and done.stdout.startswith(b"reunible [USD]: Lo que")
    assert b"M?s: docs/verdict.md" in done.stdout and done.stderr == b""


def test_help_has_panels_in_order_and_an_example_each(tmp_path):
    top = cli("--help", cwd=tmp_path).stdout
    assert top.index("Ask") < top.index("Doubt") < top.index("Calculate") < top.index("Manage")
    commands = dict(_commands(get_command(main.app), ()))
    assert {("run",), ("scenario", "new"), ("cost", "gigawatt"), ("runs", "query")} <= {*commands}
    for path, command in commands.items():
        assert f"Example: oblea {' '.join(path)}" in " ".join((command.help or "").split()), path


def _commands(command, path):
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands(child, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


# A file, and for each line at fault its key and what has to be said of it.
TEN = ("""\
extends: seven-trillion
name: ten
programe: {term: 5 years}
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
  hurdle: 10 %/year
  hurdle: 12 %/year
demand:
  capex: 400 bilion USD/year
""", {3: ("programe", "did you mean programme"), 4: ("pue", "found 1.2 GW; expected ratio"),
      6: ("programme.pledge", "at least 0"), 7: ("programme.start", "expected a date"),
      9: ("programme.regions.mars", "no region 'mars'"), 11: ("fleet.life", "low 9 is above high"),
      13: ("newcomer.width", "did you mean euv_lead_time"),
      15: ("market.elasticity", "expected a number"),
      18: ("finance.hurdle", "key given twice, first on line 17"),
      20: ("demand.capex", "did you mean billion")})
MORE = ("""\
extends: seven-trillion
name: more
indexed: maybe
base_year: soon
end: 2099Q1
programme:
  term: 90 years
  pacing: [1, x]
  hands: [a]
without: [gravity]
demand: 3
newcomer:
mix: {world: {abacus: 1}}
regions:
  us: {cost: [1, 2]}
finance:
  funders:
    gulf: {kind: loan}
    nobody: {kind: debt, flow: 1 USD/year, share: 0.5}
market:
  users: {series: {2024: 1 USD/year, 2023: 2 USD/year}}
fleet: {life: 6}
""", {3: ("indexed", "did you mean programme.indexed"), 4: ("base_year", "a whole number"),
      5: ("end", "end before 2054"), 7: ("programme.term", "0.25 to 40"),
      8: ("programme.pacing", "expected a number"), 9: ("programme.hands", "expected names"),
      10: ("without", "no mechanism 'gravity'"), 11: ("demand", "expected keys: capex"),
      12: ("newcomer", "cannot be removed with null"), 13: ("mix.world.abacus", "no product"),
      15: ("regions.us.cost", "found [1, 2]"),
      18: ("finance.funders.gulf.kind", "allowed: equity"),
      19: ("finance.funders.nobody.title", "missing"),
      21: ("market.users.series.2023", "must ascend"), 22: ("fleet.life", "without a unit")})


@pytest.mark.parametrize(("text", "wanted"), [TEN, MORE], ids=["ten", "more"])
def test_planted_faults_give_a_line_each_and_no_other(tmp_path, text, wanted):
    (tmp_path / "ten.yaml").write_text(text)
    done = cli("run", "ten.yaml", cwd=tmp_path)
    lines = done.stderr.splitlines()
    assert done.returncode == 2 and done.stdout == "" and len(wanted) >= 10
    found = {int(m[1]): (m[2], m[3]) for line in lines
             if (m := re.match(r"ten\.yaml:(\d+): ([\w.\[\]]+): (.*)", line))}
    assert len(lines) == len(wanted), done.stderr
    assert found.keys() == wanted.keys(), done.stderr
    for line, (key, words) in wanted.items():
        assert found[line][0].startswith(key) and words in found[line][1], (line, found[line])
    assert [p.name for p in tmp_path.iterdir()] == ["ten.yaml"]
