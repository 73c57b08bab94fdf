"""The bundled evidence is sound, and a folder that is not is told so line by line."""

from __future__ import annotations

import csv
import dataclasses
import json
import pickle
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from oblea import evidence
from oblea.errors import InputErrors, NotFound, Problem, closest, did_you_mean
from oblea.evidence import Evidence, known_by, lint, load
from oblea.evidence._known import last_day
from oblea.evidence._load import BUNDLED

FACT_HEADER = "id,value,unit,low,high,date,basis,scope,grade,source,note,known"


@pytest.fixture(scope="module")
def bundled() -> Evidence:
    return load()


# --- a small sound folder to break -------------------------------------------------------------

FACTS = """\
id,value,unit,low,high,date,basis,scope,grade,source,note
one,1,month,,2,2026,,,primary,report,
two,2.5e3,USD,2e3,3e3,2026Q2,list,rack,second-hand,report,"a note, with a comma"
three,3,ratio,,,2026-03-31,,,derived,report,one and two
"""
MORE = """\
id,value,unit,low,high,date,basis,scope,grade,source,note
four,4,GW,3,5,2040,facility,,recalled,memory,
"""
SOURCES = """\
id,title,publisher,url,accessed
report,A report,Someone,https://example.org/report,2026-11-24
memory,Recalled,,,2026-11-24
"""
SITES = """\
id,start,open,capacity,source
north,2020-01,true,10,report
south,2021,false,,memory
"""


def describe() -> dict:
    bundled = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    resources = {entry["name"]: entry for entry in bundled["resources"]}
    facts = resources["euv"]
    # The small folder's tables do without the optional column; with_known() adds it.
    facts["schema"]["fields"] = [f for f in facts["schema"]["fields"] if f["name"] != "known"]
    sites = {
        "name": "sites",
        "path": "sites.csv",
        "oblea:kind": "register",
        "schema": {
            "fields": [
                {"name": "id", "type": "string", "constraints": {"required": True}},
                {"name": "start", "type": "string"},
                {"name": "open", "type": "boolean", "constraints": {"required": True}},
                {"name": "capacity", "type": "integer", "constraints": {"minimum": 1}},
                {"name": "source", "type": "string", "constraints": {"required": True}},
            ],
            "primaryKey": ["id"],
            "foreignKeys": facts["schema"]["foreignKeys"],
        },
    }
    more = {**facts, "name": "more", "path": "more.csv"}
    return {
        "name": "small",
        "resources": [
            {**facts, "name": "facts", "path": "facts.csv"},
            more,
            sites,
            resources["sources"],
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "evidence"
    place.mkdir()
    tables = {"facts": FACTS, "more": MORE, "sources": SOURCES, "sites": SITES}
    for name, text in tables.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    (place / "datapackage.json").write_text(json.dumps(describe()), encoding="utf-8")
    return place


def replace(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must occur once in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def with_known(folder: Path, known: str) -> None:
    """Gives the table of one fact, more.csv, the column of the day it became known."""
    bundled = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    column = bundled["resources"][0]["schema"]["fields"][-1]
    description = describe()
    (more,) = [entry for entry in description["resources"] if entry["name"] == "more"]
    more["schema"] = {**more["schema"], "fields": [*more["schema"]["fields"], column]}
    (folder / "datapackage.json").write_text(json.dumps(description), encoding="utf-8")
    header, row = MORE.splitlines()
    (folder / "more.csv").write_text(f"{header},known\n{row},{known}\n", encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(InputErrors) as caught:
        load(folder)
    prefix = f"{folder}/"
    return [line.removeprefix(prefix) for line in str(caught.value).splitlines()]


def test_a_sound_folder_loads(folder: Path) -> None:
    small = load(folder)
    assert list(small.facts) == ["one", "two", "three", "four"]
    two = small.fact("two")
    assert (two.value, two.low, two.high, two.unit) == (2500.0, 2000.0, 3000.0, "USD")
    assert (two.basis, two.scope, two.note) == ("list", "rack", "a note, with a comma")
    assert (two.source.title, two.file, two.line) == ("A report", "facts.csv", 3)
    assert small.fact("one").low is None
    assert small.fact("one").basis == ""
    assert small.table("sites") == [
        {"id": "north", "start": "2020-01", "open": True, "capacity": 10, "source": "report"},
        {"id": "south", "start": "2021", "open": False, "capacity": None, "source": "memory"},
    ]
    assert small.count_by_grade() == {
        "primary": 1,
        "second-hand": 1,
        "derived": 1,
        "recalled": 1,
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("facts.csv", "unit,low", "low", "facts.csv:1: unit: column missing"),
        (
            "facts.csv",
            "basis,scope",
            "basis,scopes",
            "facts.csv:1: scopes: unknown column (did you mean scope?)",
        ),
        ("facts.csv", "id,value", "value,id", "facts.csv:1: columns repeated or out of order"),
        ("facts.csv", "two,2.5e3", "one,2.5e3", "facts.csv:3: one: duplicate of line 2"),
        ("more.csv", "four,", "two,", "more.csv:2: two: also in facts.csv"),
        ("facts.csv", "one,1,", "one,much,", "facts.csv:2: one.value: found 'much'; expected a"),
        ("facts.csv", "one,1,", "one,nan,", "facts.csv:2: one.value: found 'nan'; expected a fin"),
        ("facts.csv", "one,1,", "one,inf,", "facts.csv:2: one.value: found 'inf'; expected a fin"),
        ("facts.csv", "one,1,", "one,1e999,", "facts.csv:2: one.value: found '1e999'; expected"),
        ("facts.csv", "one,1,", "one,1_0,", "facts.csv:2: one.value: found '1_0'; expected a fin"),
        ("facts.csv", "one,1,", "one,,", "facts.csv:2: one.value: empty; expected a number"),
        ("facts.csv", "2e3,3e3", "2e3,x", "facts.csv:3: two.high: found 'x'; expected a finite"),
        ("facts.csv", "2e3,3e3", "2.6e3,3e3", "facts.csv:3: two.low: low 2600 above value 2500"),
        ("facts.csv", "2e3,3e3", "2e3,2.4e3", "facts.csv:3: two.high: high 2400 below value 2500"),
        (
            "facts.csv",
            "second-hand",
            "second hand",
            "facts.csv:3: two.grade: found 'second hand'; expected one of primary, second-hand, "
            "derived, recalled (did you mean second-hand?)",
        ),
        (
            "more.csv",
            "memory",
            "memry",
            "more.csv:2: four.source: 'memry' is not in sources.csv (did you mean memory?)",
        ),
        ("facts.csv", "1,month", "1,", "facts.csv:2: one.unit: empty; expected a string"),
        ("facts.csv", "1,month", "1,  ", "facts.csv:2: one.unit: empty; expected a string"),
        ("facts.csv", "2026Q2", "2026Q5", "facts.csv:3: two.date: found '2026Q5'; expected text"),
        ("facts.csv", "2026-03-31", "2026-13", "facts.csv:4: three.date: found '2026-13'; expec"),
        ("facts.csv", "one,1,", "One,1,", "facts.csv:2: One.id: found 'One'; expected text like"),
        ("facts.csv", "three,3", "three,3,3", "facts.csv:4: three: found 12 cells; expected 11"),
        ("facts.csv", '"a note', 'x"a note"', "facts.csv:3: two: found 12 cells; expected 11"),
        ("facts.csv", 'comma"', "comma", "facts.csv:4: not CSV: unexpected end of data"),
        ("sites.csv", "false", "no", "sites.csv:3: south.open: found 'no'; expected true or false"),
        ("sites.csv", "true,10", "true,1.5", "sites.csv:2: north.capacity: found '1.5'; expected"),
        ("sites.csv", "true,10", "true,0", "sites.csv:2: north.capacity: found 0; expected at le"),
        ("sites.csv", "south", "north", "sites.csv:3: north: duplicate of line 2; id must be uni"),
        ("sources.csv", "https://", "www.", "sources.csv:2: report.url: found 'www.example.org"),
        ("datapackage.json", '"oblea:kind": "register"', '"oblea:kind": "list"', "datapackage.js"),
        ("datapackage.json", '"sites.csv"', '"../sites.csv"', "datapackage.json: resources: not"),
    ],
)
def test_each_fault_is_named_with_its_line(
    folder: Path, name: str, old: str, new: str, expected: str
) -> None:
    replace(folder, name, old, new)
    found = faults(folder)
    assert any(line.startswith(expected) for line in found), found


def test_all_faults_are_told_at_once(folder: Path) -> None:
    replace(folder, "facts.csv", "one,1,", "one,nan,")
    replace(folder, "facts.csv", "2e3,3e3", "2e3,2.4e3")
    replace(folder, "more.csv", "recalled", "guessed")
    replace(folder, "sites.csv", "false", "no")
    found = faults(folder)
    assert [line.split(": ")[0] for line in found] == [
        "facts.csv:2",
        "more.csv:2",
        "sites.csv:3",
        "facts.csv:3",
    ]


def test_lines_are_those_of_the_file_even_after_a_cell_of_two_lines(folder: Path) -> None:
    replace(folder, "facts.csv", "a note, with", "a note\nwith")
    replace(folder, "facts.csv", "three,3,", "three,x,")
    assert faults(folder)[0].startswith("facts.csv:5: three.value")


def test_a_table_nobody_listed_is_not_passed_over(folder: Path) -> None:
    (folder / "extra.csv").write_text(FACTS, encoding="utf-8")
    assert faults(folder) == ["extra.csv: not listed in datapackage.json"]


def test_a_listed_table_that_is_not_there(folder: Path) -> None:
    (folder / "more.csv").unlink()
    assert faults(folder)[0].startswith("more.csv: No such file or directory; datapackage.json")


def test_a_folder_without_description(tmp_path: Path) -> None:
    with pytest.raises(InputErrors, match=r"expected an evidence folder with a datapackage\.json"):
        load(tmp_path / "nowhere")


def test_a_description_that_is_not_json(folder: Path) -> None:
    (folder / "datapackage.json").write_text('{"resources":\n oops}', encoding="utf-8")
    assert faults(folder)[0].startswith("datapackage.json:2: resources: not a data package")


def test_a_table_that_is_not_utf8(folder: Path) -> None:
    (folder / "more.csv").write_bytes(MORE.encode() + b"five\xff")
    assert faults(folder)[0].startswith("more.csv: not UTF-8 at byte")


# --- when it became known ----------------------------------------------------------------------


def test_a_fact_became_known_when_its_figure_is_told_or_at_the_reading(folder: Path) -> None:
    known = {fact.id: fact.known for fact in load(folder).facts.values()}
    assert known == {
        "one": "2026-11-24",  # 2026 was not over when the report was read
        "two": "2026-08-09",  # 40 days after the second quarter
        "three": "2026-03-31",
        "four": "2026-11-24",  # about 2040
    }


@pytest.mark.parametrize(
    ("stated", "known"), [("2024-08-20", "2024-08-20"), ("2025", "2025"), ("", "2026-11-24")]
)
def test_a_stated_day_goes_before_the_rule(folder: Path, stated: str, known: str) -> None:
    with_known(folder, stated)
    assert load(folder).fact("four").known == known


@pytest.mark.parametrize(
    ("known", "last"),
    [
        ("2023", "2023-12-31"),
        ("2023Q2", "2023-06-30"),
        ("2024-02", "2024-02-29"),
        ("2023-02", "2023-02-28"),
        ("2023-10-18", "2023-10-18"),
    ],
)
def test_of_a_longer_time_only_the_end_is_sure(folder: Path, known: str, last: str) -> None:
    with_known(folder, known)
    fact = load(folder).fact("four")
    year, month, day = map(int, last.split("-"))
    before = f"{year}-{month:02d}-{day - 1:02d}"
    assert (known_by(fact, before), known_by(fact, last)) == (False, True)
    assert known_by(fact, "2026-12-31")
    assert not known_by(fact, "2022-12-31")


@pytest.mark.parametrize("day", ["2024", "2024Q4", "2024-12", "2023-02-29", "31.12.2024", ""])
def test_known_by_asks_for_a_whole_day(bundled: Evidence, day: str) -> None:
    with pytest.raises(ValueError, match="expected a whole day such as 2023-12-31"):
        known_by(bundled.fact("euv_lead_time"), day)


@pytest.mark.parametrize("known", ["2024-13", "2024-8-20", "Aug 2024", "2024Q5"])
def test_a_day_that_cannot_be_read_is_a_fault(folder: Path, known: str) -> None:
    with_known(folder, known)
    assert faults(folder)[0].startswith(f"more.csv:2: four.known: found {known!r}; expected text")


def test_lint_finds_what_was_read_before_it_was_known(folder: Path) -> None:
    with_known(folder, "2026")  # over on 31 December, read in November
    (problem,) = lint(load(folder))
    assert (problem.file, problem.line, problem.key) == ("more.csv", 2, "four.known")
    with_known(folder, "2026-11-24")
    assert lint(load(folder)) == []


# --- identity ----------------------------------------------------------------------------------


def test_the_digest_follows_the_content(folder: Path) -> None:
    before = load(folder).digest
    assert re.fullmatch("[0-9a-f]{64}", before)
    replace(folder, "more.csv", "four,4,", "four,4.5,")
    assert load(folder).digest != before


def test_the_digest_follows_the_description(folder: Path) -> None:
    before = load(folder).digest
    replace(folder, "datapackage.json", '"small"', '"other"')
    assert load(folder).digest != before


def test_the_digest_ignores_where_the_folder_is_and_how_lines_end(folder: Path) -> None:
    before = load(folder).digest
    moved = shutil.copytree(folder, folder.parent / "elsewhere" / "of another name")
    assert load(moved).digest == before
    path = moved / "more.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(moved).digest == before


def test_contents_cannot_run_together_into_the_same_digest(folder: Path) -> None:
    before = load(folder).digest
    moved = FACTS.splitlines(keepends=True)[3]
    (folder / "facts.csv").write_text(FACTS.replace(moved, ""), encoding="utf-8")
    (folder / "more.csv").write_text(MORE + moved, encoding="utf-8")
    assert load(folder).digest != before


def test_the_newest_date_is_not_a_forecast(folder: Path) -> None:
    assert load(folder).newest == "2026Q2"  # 2040 lies after the day of reading, 2026-11-24
    replace(folder, "more.csv", "2040", "2026-12")
    assert load(folder).newest == "2026Q2"
    replace(folder, "more.csv", "2026-12", "2026-07")
    assert load(folder).newest == "2026-07"


def test_evidence_cannot_be_changed(bundled: Evidence) -> None:
    fact = bundled.fact("euv_lead_time")
    with pytest.raises(dataclasses.FrozenInstanceError):
        fact.value = 1.0  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        bundled.digest = ""  # type: ignore[misc]
    with pytest.raises(TypeError):
        bundled.facts["euv_lead_time"] = fact  # type: ignore[index]
    bundled.table("fab_projects")[0]["status"] = "sold"
    assert bundled.table("fab_projects")[0]["status"] != "sold"


def test_the_bundled_evidence_is_read_once() -> None:
    assert load() is load()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda e: e.fact("euv_led_time"), "no fact 'euv_led_time' (did you mean euv_lead_time?)"),
        (lambda e: e.table("fab_project"), "no table 'fab_project' (did you mean fab_projects?)"),
        (lambda e: e.source("recaled"), "no source 'recaled' (did you mean recalled?)"),
        (lambda e: e.fact("qqqqqqqq"), "no fact 'qqqqqqqq'"),
    ],
)
def test_an_unknown_name_is_a_key_error_with_a_suggestion(bundled, ask, message) -> None:
    with pytest.raises(KeyError) as caught:
        ask(bundled)
    assert isinstance(caught.value, NotFound)
    assert str(caught.value) == message


# --- errors ------------------------------------------------------------------------------------


def test_input_errors_survive_a_process_boundary() -> None:
    error = InputErrors([Problem("a.csv", 2, "x", "wrong"), Problem("b.csv", None, "", "gone")])
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == "a.csv:2: x: wrong\nb.csv: gone"
    assert copy.problems == error.problems
    missing = pickle.loads(pickle.dumps(NotFound("fact", "on", ["one"])))
    assert str(missing) == "no fact 'on' (did you mean one?)"


def test_input_errors_need_a_problem() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InputErrors([])
    InputErrors.raise_if([])
    with pytest.raises(InputErrors):
        InputErrors.raise_if([Problem("a", 1, "", "b")])


def test_suggestions_ignore_case_and_stay_silent_when_nothing_is_near() -> None:
    assert closest("PUE", ["pue", "pools"]) == "pue"
    assert closest("euv", ["H100E", "gw"]) is None
    assert did_you_mean("anything", []) == ""


# --- the bundled package -----------------------------------------------------------------------


def test_the_description_lists_every_table_and_its_columns() -> None:
    package = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    listed = {entry["path"]: entry for entry in package["resources"]}
    assert set(listed) == {path.name for path in BUNDLED.glob("*.csv")}
    for name, entry in listed.items():
        with (BUNDLED / name).open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        schema = entry["schema"]
        columns = [item["name"] for item in schema["fields"]]
        assert columns == header, name
        assert set(schema["primaryKey"]) <= set(columns)
        if entry["oblea:kind"] == "facts":
            assert ",".join(columns) == FACT_HEADER
        if entry["oblea:kind"] != "sources":
            (key,) = schema["foreignKeys"]
            assert key == {
                "fields": ["source"],
                "reference": {"resource": "sources", "fields": ["id"]},
            }


def test_the_description_names_licences_and_who_must_be_credited() -> None:
    package = json.loads((BUNDLED / "datapackage.json").read_text(encoding="utf-8"))
    assert {entry["name"] for entry in package["licenses"]} == {"Apache-2.0", "CC-BY-4.0"}
    by_name = {entry["name"]: entry for entry in package["resources"]}
    for name in ("installed_compute", "epoch_components", "training_runs", "accelerator_specs"):
        (licence,) = by_name[name]["licenses"]
        assert licence["name"] == "CC-BY-4.0"
        assert "Epoch AI" in licence["title"]


def test_nothing_is_left_for_a_careful_reader_to_object_to(bundled: Evidence) -> None:
    assert lint(bundled) == []


def test_lint_finds_what_the_loader_lets_pass(folder: Path) -> None:
    replace(folder, "facts.csv", "1,month", "1,moonth")
    replace(folder, "facts.csv", "one and two", "from the report")
    replace(folder, "sites.csv", "memory", "report")
    replace(folder, "more.csv", "memory", "report")
    found = {(p.file, p.line, p.key) for p in lint(load(folder))}
    assert found == {
        ("facts.csv", 2, "one.unit"),
        ("facts.csv", 4, "three.note"),
        ("sources.csv", 3, "memory"),
        ("more.csv", 2, "four.grade"),  # said to be primary, and no page
    }


def test_no_amount_hides_a_scale_in_its_unit(bundled: Evidence) -> None:
    scales = re.compile("thousand|million|billion|trillion|percent|EUR|JPY|CNY", re.IGNORECASE)
    assert [fact.id for fact in bundled.facts.values() if scales.search(fact.unit)] == []


def test_spending_per_gigawatt_says_on_which_basis_and_what_is_inside(bundled: Evidence) -> None:
    rows = [fact for fact in bundled.facts.values() if fact.unit == "USD/GW"]
    assert len(rows) >= 8
    bare = {fact.id for fact in rows if not fact.scope} | {
        fact.id for fact in rows if not fact.basis and fact.scope != "EUV tools"
    }
    assert bare <= {"ai_dc_construction_premium"}
    assert {bundled.fact("capex_per_gw_nvidia").scope} == {"rack+network+building+power"}


def test_only_shell_and_tools_enter_capex_per_wafer_start(bundled: Evidence) -> None:
    projects = {row["id"]: row for row in bundled.table("fab_projects")}
    for row in projects.values():
        if row["capex_per_kwspm_usd"] is not None:
            assert row["capex_scope"] == "shell and tools", row["id"]
            assert 1e7 < row["capex_per_kwspm_usd"] < 1e9, row["id"]
    scopes = {name: projects[name]["capex_scope"] for name in projects}
    assert scopes["samsung_taylor"] == scopes["rapidus_iim1"] == scopes["tsmc_az_p2"] == "programme"
    assert scopes["skh_yongin1"] == "shell"


# id, value, low, high, and why it is not what an earlier collection said
CORRECTED = [
    ("wfe_2026", 140e9, 126e9, 148e9, "145 was all semiconductor equipment, a wider measure"),
    ("wfe_2027", 165e9, 135e9, 175e9, "raised in 2026"),
    ("wfe_2028", 185e9, 150e9, 198e9, "raised in 2026"),
    ("semieq_2026", 145e9, None, None, "the wider measure keeps its own row"),
    ("hbm_wpm_2025", 380, 350, 420, "540 was a forecast of 2024 that was not reached"),
    ("pkg_per_cowos_wafer_b200", 12.5, 10, 15, "16 is geometry with every site good"),
    ("capex_msft_2025", 118e9, 95e9, None, "leases count, as in the other firms' rows"),
    ("capex_amzn_2025", 134.7e9, 125e9, None, "leases count, as in the other firms' rows"),
    # 155 until its parts were summed: 149 of four firms and Oracle's 6.87.
    ("hyper5_capex_2023", 155.87e9, None, None, "126 is on a narrower definition than 2024's 261"),
    ("rubin_tdp", 1800, 1800, 2300, "two power profiles"),
    ("rubin_tdp_max", 2300, None, None, "two power profiles"),
    ("die_b200_total", 1600, 1500, 1716, "two dies near the reticle limit"),
    ("tw_leading_edge_2022", 69, None, None, "92 % is a share of 2019"),
]


@pytest.mark.parametrize(("id", "value", "low", "high", "why"), CORRECTED)
def test_corrections_are_in(bundled: Evidence, id, value, low, high, why) -> None:
    fact = bundled.fact(id)
    assert (fact.value, fact.low, fact.high) == (value, low, high), why


def test_euv_per_gigawatt_is_a_flow(bundled: Evidence) -> None:
    # 3.5 tools busy all year for each GW a year: read as a stock it would build a GW once.
    assert bundled.fact("euv_tools_per_gw_ai").unit == "tool*year/GW"
    hours = 365.25 * 24
    passes = bundled.fact("sa_gw_euv_passes").value
    tool_year = bundled.fact("sa_euv_wph").value * bundled.fact("sa_euv_uptime").value * hours
    tools = bundled.fact("sa_gw_euv_tools")
    assert tools.low == pytest.approx(passes / tool_year, rel=0.002)
    assert tools.low <= tools.value <= 1.05 * passes / tool_year


def test_rents_on_demand_and_on_contract_are_told_apart(bundled: Evidence) -> None:
    bases = {id: fact.basis for id, fact in bundled.facts.items() if id.startswith("h100_rent_")}
    contract = {id for id, basis in bases.items() if basis.startswith("contract-1y")}
    assert {"h100_rent_1y_2023", "h100_rent_2025oct", "h100_rent_2026mar"} <= contract
    assert all("_1y_" in id for id in contract - {"h100_rent_2025oct", "h100_rent_2026mar"})
    assert all(bases.values())


def test_rows_not_fit_for_defaults_say_so(bundled: Evidence) -> None:
    marked = {id for id, fact in bundled.facts.items() if "not for defaults" in fact.basis}
    goldman = {"goldman_dc_gw_2025", "goldman_dc_gw_2027", "goldman_us_gw_2027"}
    assert marked == {"microsoft_ai_rr", *goldman}


def test_the_capex_of_four_firms_adds_up(bundled: Evidence) -> None:
    firms = ("amzn", "msft", "goog", "meta")
    total = sum(bundled.fact(f"capex_{firm}_2025").value for firm in firms)
    assert total == pytest.approx(bundled.fact("hyper4_capex_2025").value, rel=0.005)


def test_fact_and_register_agree_on_accelerators(bundled: Evidence) -> None:
    compared = 0
    for row in bundled.table("accelerator_specs"):
        for column, suffix, one in (
            ("bf16_flop_s", "bf16", 989e12),
            ("fp8_flop_s", "fp8", 1979e12),
            ("memory_gb", "hbm", 1.0),
        ):
            fact = bundled.facts.get(f"{row['id']}_{suffix}")
            if fact is not None:
                assert fact.value == pytest.approx(row[column] / one, rel=1e-9), fact.id
                compared += 1
    assert compared > 45


def test_rubin_gains_little_per_watt_in_bf16(bundled: Evidence) -> None:
    b300, rubin = bundled.fact("b300_h100e_per_gw"), bundled.fact("rubin_h100e_per_gw")
    for fact, accelerator in ((b300, "b300"), (rubin, "rubin")):
        kilowatts = bundled.fact(f"{accelerator}_facility_kw").value
        each = bundled.fact(f"{accelerator}_bf16").value
        assert fact.value == pytest.approx(each / kilowatts * 1e6, rel=1e-9)
    assert 0.97 < rubin.value / b300.value < 1.1


def test_shares_of_a_newcomer_follow_from_their_rows(bundled: Evidence) -> None:
    world = max(row["total_h100e"] or 0 for row in bundled.table("installed_compute"))
    for lab, percent in (("openai", 8.8), ("anthropic", 6.0), ("xai", 3.2)):
        share = bundled.fact(f"share_{lab}_2025").value
        own = bundled.fact(f"lab_h100e_{lab}_2025").value
        assert share == pytest.approx(own / world, rel=0.002)
        assert round(100 * share, 1) == percent
    largest = bundled.fact("share_largest_buyer_2026").value
    spent = bundled.fact("capex_amzn_2026").value / bundled.fact("hyper5_capex_2026").value
    assert largest == pytest.approx(spent, abs=5e-4)


def test_installed_compute_adds_up(bundled: Evidence) -> None:
    parts = ("nvidia_h100e", "tpu_h100e", "trainium_h100e", "amd_h100e")
    complete = [row for row in bundled.table("installed_compute") if row["complete"]]
    assert len(complete) == 16
    for row in complete:
        assert row["total_h100e"] == sum(row[part] for part in parts), row["date"]


def test_shares_of_supply_follow_from_components(bundled: Evidence) -> None:
    rows = [
        row
        for row in bundled.table("epoch_components")
        if row["quarter"] == "2025Q4" and not row["residual"]
    ]
    assert {row["designer"] for row in rows} == {"AMD", "Amazon", "Google", "NVIDIA"}
    for what, column, supply in (
        ("logic", "logic_wafers", "logic_adv_supply_q4_2025"),
        ("cowos", "cowos_wafers", "cowos_supply_q4_2025"),
        ("hbm", "hbm_cost_usd", "hbm_supply_q4_2025"),
    ):
        share = sum(row[column] for row in rows) / bundled.fact(supply).value
        assert bundled.fact(f"ai_share_{what}_q4_2025").value == pytest.approx(share, abs=1e-3)


def test_facts_restated_for_a_claim_equal_the_original(bundled: Evidence) -> None:
    restated = [f for f in bundled.facts.values() if f.note.startswith("Same fact as ")]
    assert len(restated) > 10
    for fact in restated:
        original = bundled.fact(re.findall(r"[A-Za-z0-9_]+", fact.note)[3])
        assert fact.value == original.value, fact.id


def test_sponsors_cause_most_of_the_delay(bundled: Evidence) -> None:
    # Counted by hand once from the register; a change here changes what delay means in the model.
    rows = [row for row in bundled.table("fab_projects") if row["use_in_delay"]]
    months = {"sponsor": [], "other": []}
    for row in rows:
        months["sponsor" if row["cause"] == "sponsor" else "other"].append(row["delay_months"])
    assert Counter({key: len(value) for key, value in months.items()}) == {
        "sponsor": 9,
        "other": 18,
    }
    assert sum(months["sponsor"]) / 9 == pytest.approx(34.9, abs=0.05)
    assert sum(months["other"]) / 18 == pytest.approx(1.5)


def test_awards_under_the_chips_act(bundled: Evidence) -> None:
    rows = bundled.table("chips_awards")
    lags = sorted(row["days_enact_to_pmt"] for row in rows)
    assert (len(lags), lags[len(lags) // 2]) == (19, 728)
    finals = sorted(row["days_pmt_to_final"] for row in rows if row["final_date"])
    assert (len(finals), finals[len(finals) // 2]) == (13, 153)


# --- what was known and what came --------------------------------------------------------------

CUTS = ("2022-12-31", "2023-12-31", "2024-12-31")


def vintage(bundled: Evidence) -> list:
    return [fact for fact in bundled.facts.values() if fact.file == "vintage.csv"]


def test_each_plan_and_forecast_states_the_day_it_became_known(bundled: Evidence) -> None:
    with (BUNDLED / "vintage.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(vintage(bundled)) > 250
    for row in rows:
        assert row["id"].startswith("vintage_")
        assert row["known"], row["id"]
        # A slip of the year would make a forecast of a report, or a report of a forecast.
        ahead = re.search("forecast|plan|guidance|consensus", row["basis"])
        if last_day(row["known"])[:4] < row["date"][:4]:
            assert ahead, row["id"]


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize(
    ("topic", "least"),
    [
        ("capex", 3),
        ("hyper5_capex", 1),
        ("cowos_wpm", 1),
        ("euv_", 1),
        ("wfe_", 3),
        ("nvda_", 2),
        ("tsmc_n", 2),
        ("_dc_", 1),
        ("rent", 2),
        ("price", 2),
    ],
)
def test_the_world_of_each_day_can_be_built(
    bundled: Evidence, cut: str, topic: str, least: int
) -> None:
    found = [f.id for f in vintage(bundled) if topic in f.id and known_by(f, cut)]
    assert len(found) >= least


@pytest.mark.parametrize(
    ("id", "cut"),
    [
        ("wfe_2022", "2022-12-31"),
        ("euv_units_2022", "2022-12-31"),
        ("capex_amzn_2022", "2022-12-31"),
        ("capex_goog_2022q4", "2022-12-31"),
        ("semi_rev_2023", "2023-12-31"),
        ("euv_units_2023", "2023-12-31"),
        ("capex_meta_2023", "2023-12-31"),
        ("capex_msft_2023q4", "2023-12-31"),
        ("hbm_revenue_2023", "2023-12-31"),
        ("nvidia_cum_h100e_2023", "2023-12-31"),
        ("price_h100_2022", "2024-12-31"),
        ("capex_amzn_2024", "2024-12-31"),
        ("euv_units_2024", "2024-12-31"),
        ("cowos_supply_q1_2024", "2024-12-31"),
        ("vintage_epoch_h100e_2030", "2023-12-31"),
        ("vintage_ai2027_stock_2027", "2024-12-31"),
        ("vintage_patel_gw_2030", "2024-12-31"),
    ],
)
def test_what_came_after_a_day_is_not_known_on_it(bundled: Evidence, id: str, cut: str) -> None:
    assert not known_by(bundled.fact(id), cut)


def test_a_forecast_told_long_ago_is_known_before_its_year(bundled: Evidence) -> None:
    for id, cut in (
        ("vintage_wfe_2024_semi_dec2022", "2022-12-31"),
        ("euv_target_2025_26", "2022-12-31"),
        ("vintage_cowos_wpm_end2024_nov2023", "2023-12-31"),
        ("lbl_us_2028", "2024-12-31"),
    ):
        fact = bundled.fact(id)
        assert known_by(fact, cut), id
        assert last_day(fact.date) > cut, id


@pytest.mark.parametrize(
    ("forecast", "key", "first", "values"),
    [
        ("ai2027", "made", 2023, (2e6, 5e6, 11e6, 25e6, 60e6)),
        ("ai2027", "price", 2023, (50e3, 40e3, 25e3, 20e3, 15e3)),
        ("ai2027", "gw", 2023, (5, 9, 15, 29, 62)),
        ("patel", "stock", 2025, (21.9e6, 48.7e6, 106e6, 211e6, 375e6, 628e6)),
        ("patel", "capex", 2025, (288e9, 515e9, 867e9, 1276e9, 1608e9, 2002e9)),
        ("patel", "gw", 2025, (28.0, 48.8, 83.5, 133.7, 195.6, 270.5)),
    ],
)
def test_published_paths_are_carried_over(bundled, forecast, key, first, values) -> None:
    found = [
        bundled.fact(f"vintage_{forecast}_{key}_{first + i}").value for i in range(len(values))
    ]
    assert found == pytest.approx(values, rel=2e-3)


@pytest.mark.parametrize("firm", ["amzn", "msft", "goog", "meta"])
@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025])
def test_quarters_of_capex_add_up_to_the_year(bundled: Evidence, firm: str, year: int) -> None:
    if (firm, year) == ("amzn", 2023):
        pytest.skip("the yearly row is net of what was sold and of incentives")
    quarters = [bundled.fact(f"capex_{firm}_{year}q{i}") for i in (1, 2, 3, 4)]
    assert {fact.unit for fact in quarters} == {"USD/quarter"}
    whole = bundled.fact(f"capex_{firm}_{year}")
    # Half of Amazon's quarters of 2022 are cash, which is the low end of its year.
    expected = whole.low if (firm, year) == ("amzn", 2022) else whole.value
    assert sum(fact.value for fact in quarters) == pytest.approx(expected, rel=0.02)


def test_equipment_and_lithography_have_a_row_for_each_year(bundled: Evidence) -> None:
    for year in range(2015, 2026):
        assert bundled.fact(f"wfe_{year}").unit == "USD/year"
        assert bundled.fact(f"semi_rev_{year}").value > 3 * bundled.fact(f"wfe_{year}").value
    for year in range(2016, 2026):
        assert bundled.fact(f"euv_units_{year}").unit == "tool/year"


def test_every_grade_is_in_use_and_recalled_rows_cite_no_document(bundled: Evidence) -> None:
    assert min(bundled.count_by_grade().values()) > 20
    for fact in bundled.facts.values():
        if fact.grade == "recalled":
            assert fact.source.url == "", fact.id
        elif fact.grade != "derived":
            assert fact.source.url.startswith("http"), fact.id


def test_the_package_speaks_through_its_front_door() -> None:
    assert set(evidence.__all__) == {
        "GRADES",
        "Evidence",
        "Fact",
        "Source",
        "find",
        "is_overlay",
        "known_by",
        "lint",
        "load",
    }
