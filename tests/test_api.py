"""Python, exports and run folders: real files, read back by other programs."""

import doctest
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

import oblea
from oblea.chain.values import Values
from oblea.cost.gigawatt import _quantities
from oblea.cost.steps import steps
from oblea.errors import InputErrors
from oblea.results.excel import filled, gigawatt_to_excel
from oblea.results.store import write
from oblea.simulate.variables import VARIABLES

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def run():
    return oblea.run("seven-trillion", paths=40, workers=1)


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    return write(run, tmp_path_factory.mktemp("runs") / "one")


def cli(*args, cwd):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *args], cwd=cwd, text=True,
                          capture_output=True, timeout=120)


def test_the_page_on_python_runs():
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert failed == 0 and tried > 10


def test_importing_loads_nothing_heavy():
    heavy = "numpy", "pandas", "xarray", "pydantic", "matplotlib"
    code = f"import oblea, sys; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        oblea.rum  # noqa: B018


def test_arrays_are_labelled_and_agree_with_the_answer(run):
    d = run.data
    assert d.attrs["Conventions"].startswith("CF-")
    for name in d.data_vars:
        assert d[name].attrs["units"] and d[name].attrs["long_name"], name
        if name in VARIABLES and name != "capacity":
            assert d[name].attrs["units"] == VARIABLES[name].unit
    assert float(d["absorbed_usd"].median()) == pytest.approx(run.answer["absorbed"]["median"])
    end = d.sel(quarter="2036Q4", case="with", owner="programme")["gw"].mean()
    row = next(r for r in run.answer["in_service"]["rows"] if r["key"] == "gw")
    assert float(end) == pytest.approx(row["programme"])
    spent = d["outside"].sel(quarter=slice("2027Q1", "2036Q4")).sum("quarter")
    assert np.allclose(spent, d["absorbed_usd"])
    assert d.nbytes < 60e6 / 25  # as much for 1,000 paths
    assert np.isnan(d["gw"].sel(case="without", owner="programme")).all()


def test_capacity_by_stage_and_region(run):
    x = run.data["capacity"]
    assert set(x.dims) == {"owner", "stage", "region", "quarter"} and x.attrs["units"]
    halls = x.sel(stage="halls", owner="programme", quarter="2036Q4")
    ours = {r["key"]: r["gw"] for r in run.answer["regions"]["rows"]}
    for region in ("us", "gulf"):
        assert float(halls.sel(region=region)) == pytest.approx(ours[region])


def test_the_gap_and_why_as_tables(run):
    assert run.gap["part"].sum() == pytest.approx(run.answer["gap"]["gap"])
    inputs = run.why("absorbed")
    assert set(inputs["kind"]) == {"input"} and set(inputs["name"]) <= set(
        run.scenario.numbers)
    each = oblea.run("seven-trillion", paths=24, each=True, quick=True, workers=2)
    table = each.why("returned")
    assert set(table["kind"]) == {"mechanism"} and "elasticity" in set(table["name"])
    with pytest.raises(InputErrors, match="did you mean absorbed"):
        run.why("absorbd")
    assert oblea.why("newcomer.share")[0]["key"] == "newcomer.share"


def test_a_notebook_shows_the_sentence_and_escapes(run):
    html = run._repr_html_()
    assert "seven" not in html and "trillion dollars" in html and "<table>" in html
    a = json.loads(json.dumps(run.answer))
    a["verdict"]["word"] = "fantasy"
    shown = oblea.Run(run.scenario, a | {"off": ["<b>"]}, run.tables, run.manifest,
                      folder=Path("<x>"))
    assert "<x>" not in shown._repr_html_() and "&lt;x&gt;" in shown._repr_html_()
    assert repr(run).startswith("Oblea ")


def test_charts_one_by_one(run, tmp_path):
    from xml.etree import ElementTree

    from oblea.report.html.page import charts
    from oblea.results.plot import NAMES

    assert [n for n, *_ in charts(run.answer)] == list(NAMES)
    assert dir(run.plot) == sorted(NAMES)
    for name in NAMES:
        picture = getattr(run.plot, name)("es")
        root = ElementTree.fromstring(picture._repr_svg_())
        assert root.tag.endswith("svg") and root.find("{*}style") is not None
    file = run.plot.ledger().save(tmp_path / "l.svg")
    with pytest.raises(InputErrors, match="exists already"):
        run.plot.ledger().save(file)
    with pytest.raises(AttributeError, match="did you mean ledger"):
        run.plot.leger()
    quick = oblea.run("stargate", paths=8, quick=True, workers=1)
    with pytest.raises(InputErrors, match="nothing to show"):
        quick.plot.fits()


def test_a_folder_gives_the_same_run(run, folder):
    again = oblea.open(folder)
    assert again.answer == json.loads(json.dumps(run.answer))
    assert again.data.equals(run.data)
    assert again.scenario.digest == run.scenario.digest
    assert again.to_html() == run.to_html()


def test_csv_round_trip(run, tmp_path):
    made = run.to_csv(tmp_path / "csv")
    back = pd.read_csv(made / "paths.csv")
    assert np.allclose(back["absorbed_usd"], run.tables["paths"]["absorbed_usd"], rtol=1e-15)
    with pytest.raises(InputErrors, match="exists already"):
        run.to_csv(made)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["csv"]


def test_pyam_reads_the_long_table(run, tmp_path):
    try:
        import pyam
    except Exception as error:  # it, or what it stands on, does not install everywhere
        pytest.skip(f"pyam does not load: {error}")
    file = tmp_path / "iamc.csv"
    table = run.to_iamc(file)
    frame = pyam.IamDataFrame(file)
    assert set(frame.scenario) == {"seven-trillion", "seven-trillion without the plan"}
    back = frame.filter(variable="Programme|Investment|Outside Money", year=range(2027, 2037))
    total = back.data["value"].sum() * 1e9
    assert total == pytest.approx(run.answer["absorbed"]["mean"], rel=1e-6)
    assert not table.duplicated(["model", "scenario", "region", "variable", "year"]).any()


# Spreadsheets

@pytest.fixture(scope="module")
def office():
    path = shutil.which("soffice")
    if path is None:
        if os.environ.get("OBLEA_REQUIRE_OFFICE") == "1":
            pytest.fail("no LibreOffice found, and OBLEA_REQUIRE_OFFICE=1")
        pytest.skip("no LibreOffice found: the workbook is not recalculated")

    def recalculated(file):
        out = file.parent / "again"
        subprocess.run([path, f"-env:UserInstallation=file://{file.parent}/profile", "--headless",
                        "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out),
                        str(file)], check=True, capture_output=True, timeout=120)
        return openpyxl.load_workbook(out / file.name, data_only=True)

    return recalculated


def by_label(sheet):
    return {r[0].value: r[1].value for r in sheet.iter_rows(min_row=2, max_col=2) if r[0].value}


@pytest.mark.parametrize(("product", "basis"), [("rubin", "facility"), ("tpu_v7", "IT"),
                                                ("feynman", "facility")])
def test_a_gigawatt_recalculated_elsewhere_is_ours(office, tmp_path, product, basis):
    sc = oblea.load("reference")
    file = gigawatt_to_excel(sc, product, basis, tmp_path / "g.xlsx")
    shown = by_label(office(file)["Gigawatt"])
    ours = _quantities(sc, product, basis, Values(sc, 1, np.arange(1), median=True))
    total = sum(float(np.asarray(x).reshape(-1)[0]) for x in ours["parts"].values())
    wanted = {"accelerators": ours["n"], "DRAM wafers in all": ours["dram"], "HBM": ours["hbm"],
              "CoWoS wafers": ours["cowos"], "EUV passes in all": ours["passes"],
              "EUV tool-years in all": ours["tools"], "dollars: total": total}
    for name, x in wanted.items():
        assert shown[name] == pytest.approx(float(np.asarray(x).reshape(-1)[0]), rel=1e-9), name


def test_every_formula_of_a_run_is_ours(office, run, tmp_path):
    """Every formula cell against values computed apart; no error, no result stored beforehand."""
    file = run.to_excel(tmp_path / "run.xlsx")
    raw = openpyxl.load_workbook(file, data_only=True)
    formulas = openpyxl.load_workbook(file)
    again = office(file)
    inputs, out = steps(run.scenario, "rubin", "facility")
    known = {x.key: x.value for x in inputs}
    for s in out:
        text = filled(s, {k: f"({v!r})" for k, v in known.items()})
        text = text.replace("^", "**").replace("PI()", repr(np.pi)).replace("SQRT", "np.sqrt")
        known[s.key] = float(eval(text))
    steps_found = 0
    t, hurdle = run.tables["cash"], run.scenario.finance.hurdle.value
    first = t["quarter"].tolist().index("2027Q1")
    quarters = np.arange(len(t["quarter"]))
    factor = (1 + hurdle) ** (-(quarters - first) / 4)
    nominal = {"index": t["index"], "held": t["held"] * t["index"], "factor": factor,
               "pv_free": t["free"] * t["index"] * factor,
               "pv_spent": t["spent"] * t["index"] * factor}
    path = run.answer["cash_path"]
    scale = np.abs(t["called"] * t["index"]).sum()
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                    continue
                assert raw[sheet.title][cell.coordinate].value in (None, ""), cell
                x = again[sheet.title][cell.coordinate].value
                assert isinstance(x, (int, float)), (sheet.title, cell.coordinate, x)
                if sheet.title == "Gigawatt":
                    key = out[steps_found].key
                    steps_found += 1
                    assert x == pytest.approx(known[key], rel=1e-9), key
                elif cell.row > 13:
                    name = {2: "index", 12: "held", 16: "factor", 17: "pv_free",
                            18: "pv_spent"}[cell.column]
                    want = nominal[name][cell.row - 14]
                    assert x == pytest.approx(want, rel=1e-9, abs=1e-9 * scale), cell.coordinate
    assert steps_found == len(out)
    totals = by_row(again["Cash"])
    assert totals["net present value"] == pytest.approx(run.tables["paths"]["npv_usd"][path],
                                                        rel=1e-9)
    assert totals["a dollar spent is worth"] == pytest.approx(run.tables["paths"]["worth"][path],
                                                              rel=1e-9)
    assert totals["absorbed by the end of the term"] == pytest.approx(
        run.tables["paths"]["absorbed_usd"][path], rel=1e-9)


def by_row(sheet):
    return {r[0].value: r[3].value for r in sheet.iter_rows(min_row=1, max_row=8, max_col=4)}


def test_a_workbook_in_spanish_and_files_that_exist(run, tmp_path):
    file = run.to_excel(tmp_path / "r.xlsx", "es")
    assert openpyxl.load_workbook(file).sheetnames == ["Léame", "Respuesta", "Gigavatio", "Caja"]
    with pytest.raises(InputErrors, match="exists already"):
        run.to_excel(file)
    with pytest.raises(InputErrors, match="cannot be written"):
        run.to_excel(tmp_path / "no" / "r.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["r.xlsx"]


def test_a_workbook_of_an_older_world_has_a_chip_of_its_own(tmp_path):
    old = oblea.run("seven-trillion-2024", paths=4, quick=True, workers=1)
    sheet = openpyxl.load_workbook(old.to_excel(tmp_path / "x.xlsx"))["Gigawatt"]
    named = " ".join(str(c.value) for row in sheet.iter_rows() for c in row)
    assert "products.h100.power" in named and "rubin" not in named


# Folders

def test_runs_on_the_command_line(folder, tmp_path):
    root = folder.parent
    shown = cli("runs", "list", "--root", str(root), cwd=tmp_path)
    assert shown.returncode == 0 and "fantasy" in shown.stdout and folder.name in shown.stdout
    opened = cli("runs", "open", str(folder), "--lang", "es", cwd=tmp_path)
    assert "Como empresa" in opened.stdout and max(map(len, opened.stdout.splitlines())) <= 80
    asked = cli("runs", "query", "select count(*) as n from paths", "--root", str(root), "--json",
                cwd=tmp_path)
    assert json.loads(asked.stdout) == [{"n": 40}]
    out = cli("runs", "export", str(folder), "--csv", "c", "--xlsx", "x.xlsx", "--iamc", "i.csv",
              "--html", "h.html", cwd=tmp_path)
    assert out.returncode == 0, out.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"c", "x.xlsx", "i.csv", "h.html"}
    again = cli("runs", "export", str(folder), "--csv", "c", "--xlsx", "x.xlsx", cwd=tmp_path)
    assert again.returncode == 2 and again.stderr.count("exists already") == 2
    for form in ("--iamc", "--html", "--xlsx"):
        bad = cli("runs", "export", str(folder), form, "no/such", cwd=tmp_path)
        assert bad.returncode == 2 and bad.stderr.startswith("no/such: cannot be written"), bad
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("sql", ["select * from read_csv('/etc/hostname')",
                                 "copy paths to 'out.csv'", "selct 1", "install httpfs",
                                 "attach 'x.db'", "set enable_external_access=true"])
def test_a_query_sees_the_tables_and_nothing_else(folder, tmp_path, sql):
    done = cli("runs", "query", sql, "--root", str(folder.parent), cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done
    assert list(tmp_path.iterdir()) == []


def test_foreign_older_and_broken_folders_are_named_and_do_not_stop_a_list(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "good")
    for name in ("older", "newer", "torn", "changed"):
        shutil.copytree(folder, tmp_path / name)
    for name, form in (("older", 1), ("newer", 99)):
        file = tmp_path / name / "manifest.json"
        file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"format": form}))
    (tmp_path / "torn" / "manifest.json").write_text('{"format": 2, "cont')
    (tmp_path / "changed" / "answer.json").write_text("{}")
    (tmp_path / "foreign").mkdir()
    (tmp_path / ".seven-1-x").mkdir()
    shown = cli("runs", "list", "--root", str(tmp_path), cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    text = " ".join(shown.stdout.split())
    for words in ("older: written in format 1", "newer: written in format 99", "torn: no run",
                  "changed: missing or changed", "foreign: no run", ".seven-1-x: left over"):
        assert words in text, (words, text)
    for name in ("older", "torn", "changed", "foreign"):
        done = cli("runs", "open", str(tmp_path / name), cwd=tmp_path)
        assert done.returncode == 2 and "Traceback" not in done.stderr and name in done.stderr


def listens(p):
    """Wait until the process has its own way to be stopped, where the system tells."""
    status = Path(f"/proc/{p.pid}/status")
    for _ in range(3000 if status.exists() else 0):
        caught = re.search(r"SigCgt:\s*(\w+)", status.read_text())
        if caught is None or int(caught[1], 16) >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


def test_a_killed_run_leaves_a_whole_folder_or_none(tmp_path):
    """Real processes, killed at moments that are drawn: what has a name can be read."""
    dice = random.Random(3)
    for i, sig in enumerate([signal.SIGINT, signal.SIGTERM, signal.SIGKILL] * 2):
        place = tmp_path / f"r{i}"
        place.mkdir()
        p = subprocess.Popen([sys.executable, "-m", "oblea.cli.main", "run", "--paths", "64",
                              "--quick", "--workers", "1"], cwd=place, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        listens(p)
        time.sleep(dice.uniform(0, 2.2))
        p.send_signal(sig)
        _, err = p.communicate(timeout=60)
        assert "Traceback" not in err, err
        # Done before, tidied up, or stopped with all in place.
        assert p.returncode in (0, {signal.SIGINT: 130, signal.SIGTERM: 143}.get(sig), -sig), err
        for found in (place / "runs").glob("*") if (place / "runs").is_dir() else ():
            if found.name.startswith("."):
                assert sig == signal.SIGKILL, (sig, found)
            else:
                assert re.fullmatch(r"seven-trillion-1", found.name)
                assert oblea.open(found).answer["futures"] == 64
