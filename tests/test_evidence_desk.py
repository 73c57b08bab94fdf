"""Facts searched, laid over, doubted; the spread of the verdict by how its inputs are known."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oblea
from oblea import units
from oblea.analysis.shares import GRADES, shares
from oblea.analysis.why import origin
from oblea.errors import InputErrors
from oblea.estimates.outlook import outlook
from oblea.evidence import find, lint, load
from oblea.evidence._load import BUNDLED
from oblea.report import evidence as shown
from oblea.report import why as trail
from oblea.report.words import LANGUAGES, Words

SOURCE = {"id": "mine", "title": "My title", "publisher": "Me",
          "url": "https://example.org/x", "accessed": "2026-11-25"}
FACT = {"id": "euv_units_2027_plan", "value": "120", "unit": "tool/year", "low": "", "high": "",
        "date": "2027", "basis": "low-NA, plan", "scope": "", "grade": "second-hand",
        "source": "mine", "note": "Mine.", "known": ""}


def cli(*args, cwd):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *args], cwd=cwd, text=True,
                          capture_output=True, timeout=120)


def write(folder, name, *rows):
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


# Search

def test_find_ranks_and_filters():
    e = load()
    assert find(e, "euv units 2025")[0].id == "euv_units_2025"
    for f in find(e, "hbm", unit="USD/GB", since="2025"):
        assert f.unit == "USD/GB" and f.date >= "2025"
    assert find(e, "no such thing at all") == []
    assert {f.grade for f in find(e, "", grade="recalled")} == {"recalled"}
    assert len(find(e)) == len(e.facts)
    everywhere = find(e, "epoch")
    assert everywhere and all("epoch" in f"{f.id} {f.note} {f.source.title} {f.source.publisher} "
                                         f"{f.basis} {f.scope}".lower() for f in everywhere)


def test_find_on_the_command_line(tmp_path):
    done = cli("evidence", "find", "hbm", "--as", "json", "--most", "3", cwd=tmp_path)
    rows = json.loads(done.stdout)
    assert len(rows) == 3 and {"id", "value", "unit", "date", "url"} <= set(rows[0])
    as_csv = cli("evidence", "find", "hbm", "--as", "csv", "--most", "3", cwd=tmp_path).stdout
    assert [r["id"] for r in csv.DictReader(as_csv.splitlines())] == [r["id"] for r in rows]
    text = cli("evidence", "find", "capex", "--lang", "es", cwd=tmp_path).stdout
    assert max(len(x) for x in text.splitlines() if "http" not in x) <= 80
    bad = cli("evidence", "find", "--table", "capitl", "--grade", "primry", "--unit", "USD/GV",
              cwd=tmp_path)
    assert bad.returncode == 2 and bad.stderr.count("did you mean") == 3
    assert cli("evidence", "find", "x", "--as", "xml", cwd=tmp_path).returncode == 2


# A folder of one's own

def test_rows_of_ones_own_replace_ours(tmp_path):
    mine = tmp_path / "mine"
    write(mine, "euv.csv", FACT, FACT | {"id": "my_new_fact", "value": "3"})
    write(mine, "sources.csv", SOURCE)
    e = load(mine)
    base = load()
    assert e.fact("euv_units_2027_plan").value == 120 and e.fact("my_new_fact").value == 3
    assert len(e.facts) == len(base.facts) + 1 and len(e.sources) == len(base.sources) + 1
    assert e.overlay == str(mine) and base.overlay == "" and e.digest != base.digest
    assert e.fact("euv_units_2027_plan").file == str(mine / "euv.csv")
    a = oblea.run("seven-trillion", paths=8, quick=True, workers=1, evidence=mine).answer
    assert a["overlay"] == str(mine)
    assert str(mine) in oblea.Run(None, a, {}, {}).__repr__()
    entries = oblea.why("pools.euv.supply", evidence=mine)
    text = " ".join(trail.render(entries).split())
    assert f"your own: {mine / 'euv.csv'}:2" in text
    assert "your own" not in trail.render(oblea.why("pools.euv.supply"))


def test_a_fact_may_move_to_another_table(tmp_path):
    mine = tmp_path / "mine"
    write(mine, "capital.csv", FACT)
    write(mine, "sources.csv", SOURCE)
    assert load(mine).fact("euv_units_2027_plan").value == 120


@pytest.mark.parametrize(("name", "row", "words"), [
    ("euw.csv", FACT, "did you mean euv.csv"),
    ("euv.csv", FACT | {"source": "mime"}, r"euv.csv:2: .*'mime' is not in sources.csv"),
    ("euv.csv", FACT | {"value": "many"}, r"euv.csv:2: .*expected a finite plain number"),
    ("euv.csv", FACT | {"low": "130"}, "low 130 above value 120"),
])
def test_faults_of_ones_own_folder_are_named_there(tmp_path, name, row, words):
    mine = tmp_path / "mine"
    write(mine, name, row)
    write(mine, "sources.csv", SOURCE)
    with pytest.raises(InputErrors, match=words) as caught:
        load(mine)
    assert all(str(mine) in p.file for p in caught.value.problems), caught.value


# Doubts

def planted(tmp_path, table, change):
    """The bundled evidence with one row changed: objections by key."""
    folder = tmp_path / "copy"
    shutil.copytree(BUNDLED, folder)
    with (folder / table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    change(rows)
    write(folder, table, *rows)
    return {p.key: p.message for p in lint(load(folder))}


def by_id(rows, name):
    return next(r for r in rows if r["id"] == name)


@pytest.mark.parametrize(("table", "change", "key", "words"), [
    ("fab_cost.csv", lambda r: r[0].update(unit="furlong"), None, "unknown unit"),
    ("datacenter_power.csv", lambda r: next(x for x in r if x["unit"].startswith(
        "USD/GW")).update(basis=""), None, "without a basis"),
    ("claims.csv", lambda r: by_id(r, "a3_mktcap_alphabet").update(value="1.85e12"),
     "a3_mktcap_alphabet.value", "said to be the same"),
    ("claims.csv", lambda r: by_id(r, "a3_mktcap_amazon").update(note="Same fact as nothing."),
     "a3_mktcap_amazon.note", "no fact 'nothing'"),
    ("euv.csv", lambda r: r.append(by_id(r, "euv_units_2025") | {"id": "euv_units_9"}),
     "euv_units_9.id", "the same number as"),
    ("capital.csv", lambda r: by_id(r, "dc_debt_tenor").update(grade="primary"),
     "dc_debt_tenor.grade", "second-hand"),
    ("euv.csv", lambda r: by_id(r, "euv_units_2025").update(grade="recalled"),
     "euv_units_2025.grade", "it was seen"),
    ("euv.csv", lambda r: by_id(r, "euv_units_2024").update(grade="primary"),
     "euv_units_2024.grade", "no page"),
    ("sources.csv", lambda r: r.append(SOURCE), "mine", "no row uses this source"),
    ("packaging_hbm.csv", lambda r: r.append(by_id(r, "hbm_usd_per_gb_2025") | {
        "id": "hbm_price_then", "date": "2019", "known": ""}), "hbm_price_then.date",
     "months old"),
    ("ai_demand.csv", lambda r: by_id(r, "share_openai_2025").update(note="A guess."),
     "share_openai_2025.note", "names in its note"),
])
def test_lint_finds_each_kind_of_fault(tmp_path, table, change, key, words):
    found = planted(tmp_path, table, change)
    hits = {k: m for k, m in found.items() if words in m}
    assert hits and (key is None or key in hits), found
    assert len(found) <= 2, found


def test_the_bundled_evidence_is_clean(tmp_path):
    assert lint(load()) == []
    done = cli("evidence", "lint", cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("0 objections")


def test_nothing_is_used_that_is_not_there():
    """Every id that a scenario, study or report names is a fact or an estimate."""
    e = load()
    for name in ("reference", "seven-trillion", "stargate", "seven-trillion-2024"):
        for n in oblea.load(name).numbers.values():
            for f in n.facts:
                assert f in e.facts, (name, n.key, f)


# Shares

@pytest.fixture(scope="module")
def spread():
    from oblea.service import evidence_shares

    return evidence_shares(paths=512)


def test_shares_of_a_known_case():
    """Of an outcome that is one number's draw that number has all, of noise it has nothing."""
    from oblea.uncertainty.draws import uniforms

    sc = oblea.load("seven-trillion")
    x = uniforms(1, "newcomer.share", 1024)
    noise = np.random.default_rng(0).random(1024)
    got = shares(sc, 1, {"own": x, "both": x + uniforms(1, "resale.share", 1024), "noise": noise})
    assert got["first"][0]["key"] == "newcomer.share"
    assert got["outcomes"]["own"]["grades"]["derived"] == pytest.approx(1.0, abs=0.05)
    both = got["outcomes"]["both"]["grades"]
    assert both["derived"] == pytest.approx(0.5, abs=0.1)
    assert both["assumption"] == pytest.approx(0.5, abs=0.1)
    for g in GRADES:
        x = got["outcomes"]["noise"]
        assert abs(x["grades"][g]) <= 4 * x["se"][g] + 1e-9


def test_nothing_bare_carries_the_verdict(spread):
    for x in spread["outcomes"].values():
        assert x["bare"] <= shown.BARE
        assert sum(x["grades"].values()) + x["rest"] == pytest.approx(1.0)
    assert len(spread["first"]) == 10
    assert {f["range"] for f in spread["first"]} <= {"fact", "estimate", "judgement"}
    for f in spread["first"]:  # an assumption is not dressed as a source
        assert (f["grade"] == "assumption") <= (f["range"] in ("judgement", "fact"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_shares_fits(spread, lang):
    text = shown.shares(spread, Words(lang))
    assert max(map(len, text.splitlines())) <= 80 and "newcomer.share" in text


def test_a_bare_number_that_matters_fails(tmp_path):
    (tmp_path / "bare.yaml").write_text(
        "extends: seven-trillion\nname: bare\n"
        "newcomer: {share: {value: 9 %, low: 3 %, high: 25 %}}\n")
    done = cli("evidence", "share", "--scenario", "bare.yaml", "--paths", "256", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert cli("evidence", "share", "--scenario", "reference", cwd=tmp_path).returncode == 2


# Projects

def test_projects_against_their_promise(tmp_path):
    rows = outlook(load())
    done = [r for r in rows if r.held is not None]
    assert len(done) >= 10 and all(r.opened for r in done)
    for r in rows:
        assert r.p10 < r.median < r.p90
        if r.held is not None:
            assert r.held == (r.p10 <= r.now <= r.p90)
            assert r.error == pytest.approx(12 * (r.now - r.median))
    for lang in LANGUAGES:
        assert max(map(len, shown.projects(rows, Words(lang)).splitlines())) <= 80
    text = cli("evidence", "projects", "--as", "json", cwd=tmp_path).stdout
    assert len(json.loads(text)) == len(rows)


# The trail

def test_why_names_method_origin_users_and_effect():
    entries = oblea.why("pools.euv.supply", effect=True, paths=32)
    text = trail.render(entries)
    assert "estimate euv_units_growth" in text and "also behind" in text
    assert entries[0]["effect"]["absorbed"]["se"] > 0
    spanish = trail.render(entries, "es")
    assert "de su extremo bajo al alto" in spanish and "también tras" in spanish
    assert max(len(x) for x in spanish.splitlines() if "http" not in x) <= 80
    certain = oblea.why("yields.wafer", effect=True, paths=8)
    assert certain[0]["effect"] is None and "no range" in trail.render(certain)


def test_effect_is_what_the_driver_is():
    a = oblea.run("seven-trillion", paths=64, workers=2).answer
    d = next(d for d in a["drivers"] if d["key"] in oblea.load("seven-trillion").numbers)
    e = oblea.why(d["key"], effect=True, paths=64)[0]["effect"]
    assert e["absorbed"]["diff"] == pytest.approx(d["absorbed"], rel=1e-9)
    assert e["returned"]["diff"] == pytest.approx(d["worth"], rel=1e-9)


@pytest.mark.parametrize(("publisher", "who"), [
    ("lcbackerblog quoting Global SWF", "Global SWF"), ("Epoch AI (GitHub)", "Epoch AI (GitHub)"),
    ("Epoch AI via joshyou/clod", "Epoch AI"), ("SynapNews (Crunchbase)", "Crunchbase")])
def test_origin(publisher, who):
    assert origin(publisher)[0] == who


# Units

@settings(max_examples=60, deadline=None)
@given(st.floats(1e-3, 1e6), st.sampled_from([
    ("billion USD", "USD", 1e9), ("trillion USD", "USD", 1e12), ("million H100e", "H100e", 1e6),
    ("thousand wspm", "wspm", 1e3), ("%", "ratio", 1e-2), ("months", "quarter", 1 / 3)]))
def test_scales_round_trip(x, form):
    text, unit, factor = form
    got = units.parse(f"{x!r} {text}", unit)
    assert got == pytest.approx(x * factor, rel=1e-12)
    assert units.parse(f"{got!r} {unit}", unit) == pytest.approx(got, rel=1e-13)


@settings(max_examples=20, deadline=None)
@given(st.integers(2020, 2030), st.integers(2020, 2030), st.floats(1.0, 1e12))
def test_years_of_dollars_convert_and_come_back(a, b, x):
    from oblea.chain.money import price_index

    sc = oblea.load("reference")
    index = lambda y: float(price_index(sc, np.array([4.0 * (y - 2024) + 1.5]))[0])  # noqa: E731
    there = x * index(b) / index(a)
    assert there * index(a) / index(b) == pytest.approx(x, rel=1e-12)
    assert (there > x) == (b > a) or a == b


def test_no_fact_without_a_source():
    for f in load().facts.values():
        assert f.source.id in load().sources and f.source.title
        assert f.source.url or f.grade in ("recalled", "derived"), f.id


def test_no_file_of_evidence_is_left_out():
    listed = {r["path"] for r in json.loads(
        (Path(BUNDLED) / "datapackage.json").read_text("utf-8"))["resources"]}
    assert listed == {p.name for p in Path(BUNDLED).glob("*.csv")}
