"""The command line as people use it: real processes, real files."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from PIL import Image

from oblea.report.words import catalogue
from oblea.results.store import read

ROOT = Path(__file__).parents[1]


def oblea(*args, cwd, **kwargs):
    return subprocess.run([sys.executable, "-m", "oblea", *args], cwd=cwd, text=True,
                          capture_output=True, timeout=120, **kwargs)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return folder, oblea("run", "--paths", "64", "--workers", "2", cwd=folder)


def test_the_answer_fits_a_terminal_and_says_what_it_is(ran):
    _, done = ran
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    for words in ("spendable", "What stops the other", "world without it", "Who pays in",
                  "if a newcomer gets", "Rests on", "not investment advice", "Not modelled"):
        assert words in done.stdout, words


def test_a_run_folder_is_whole_and_readable(ran):
    folder, _ = ran
    run = folder / "runs" / "seven-trillion-1"
    manifest = read(run)
    assert {"paths.parquet", "series.parquet", "answer.json"} <= set(manifest["contents"])
    rows = duckdb.sql(
        f"select count(*), median(spendable_usd) from '{run}/paths.parquet'").fetchall()[0]
    answer = json.loads((run / "answer.json").read_text("utf-8"))
    assert rows[0] == 64 and rows[1] == pytest.approx(answer["spendable"]["median"])
    (run / "answer.json").write_text("{}")
    again = oblea("run", "--paths", "8", "--quick", "--out", str(run), cwd=folder)
    assert again.returncode == 2 and "exists already" in again.stderr


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """What a stranger types first: the folder and what was printed."""
    folder = tmp_path_factory.mktemp("first")
    return folder, oblea("run", cwd=folder, env={**os.environ, "PYTHONIOENCODING": "utf-8"})


def test_the_transcript_is_what_a_stranger_sees(first):
    done = first[1]
    assert done.returncode == 0 and done.stderr == ""
    page = (ROOT / "docs" / "first-run.md").read_text("utf-8")
    assert page.split("```text\n")[1].removesuffix("```\n") == done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_picture_of_the_readme_is_of_this_answer(first):
    """Its description is the sentence that the run's report says."""
    made = first[0] / "runs" / "seven-trillion-1" / "share.png"
    said = [Image.open(file).info["Description"] for file in (ROOT / "docs" / "answer.png", made)]
    assert said[0] == said[1] and "trillion dollars" in said[0]
    assert "docs/answer.png" in (ROOT / "README.md").read_text("utf-8")


def test_the_readmes_answer_is_the_answer(first):
    from oblea.report.numbers import usd

    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    a = json.loads((first[0] / "runs" / "seven-trillion-1" / "answer.json").read_text("utf-8"))
    s = a["absorbed"]
    assert f"find {usd(a['raisable']['median'])[:-2]} trillion of money" in readme
    assert f"is worth {a['returned']['median']:.2f} now" in readme
    assert f"without it by {a['industry']['year']['p50']}." in readme
    assert (f"spend {usd(s['median'])[:-2]} of the {usd(a['pledge'])[:-2]} trillion by "
            f"{a['last_year']}, in {a['base_year']} dollars ({usd(s['p5'])} to {usd(s['p95'])} in "
            "90 % of futures)") in readme
    first = [y["limits"][0]["key"] for y in a["binds"]]
    assert first[:2] == ["power", "power"] and set(first[3:]) == {"hbm"}


def test_json_and_text_hold_the_same_number(tmp_path):
    text = oblea("run", "--paths", "32", "--quick", cwd=tmp_path).stdout
    answer = json.loads(oblea("run", "--paths", "32", "--quick", "--json", cwd=tmp_path).stdout)
    spanish = oblea("run", "--paths", "32", "--quick", "--lang", "es", cwd=tmp_path).stdout
    trillions = f"{answer['raisable']['median'] / 1e12:.1f}"
    assert f"{trillions} T" in text and f"{trillions.replace('.', ',')} B" in spanish
    assert "En servicio" in spanish and max(map(len, spanish.splitlines())) <= 80


@pytest.mark.parametrize(("args", "words"), [
    (["run", "seven-trilion"], "did you mean seven-trillion?"),
    (["run", "--set", "newcomer.share=3 tools"], "expected ratio"),
    (["run", "--paths", "0"], "expected 1 or more"),
    (["run", "--without", "powr"], "did you mean power?"),
    (["run", "--lang", "fr"], "allowed: en, es"),
    (["run", "--evidence", "nowhere"], "nowhere"),
    (["why", "newcomer.shar"], "did you mean newcomer.share"),
    (["cost", "gigawatt", "rubbin"], "did you mean rubin?"),
    (["scenario", "validate", "nothing.yaml"], "no scenario"),
    (["run", "--bogus"], "bogus"),
])
def test_bad_input_ends_with_2_and_leaves_nothing(tmp_path, args, words):
    done = oblea(*args, cwd=tmp_path)
    assert done.returncode == 2, done
    assert words in done.stderr and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupted_run_leaves_no_folder(tmp_path, workers):
    p = subprocess.Popen([sys.executable, "-m", "oblea.cli.main", "run", "--paths", "20000",
                          "--workers", workers], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
                         stdout=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
                         start_new_session=True)
    time.sleep(1.5)
    os.killpg(p.pid, signal.SIGINT)  # as a terminal does: to the whole group
    _, err = p.communicate(timeout=60)
    assert p.returncode == 130 and err == "interrupted; nothing is left half-written\n"
    assert list(Path(tmp_path).rglob("*")) == []


def test_why_names_the_source(tmp_path):
    done = oblea("why", "pools.euv.lead", cwd=tmp_path)
    assert done.returncode == 0
    for words in ("20", "euv_lead_time", "http", "acts through", "data/chains/ai.yaml:"):
        assert words in done.stdout, done.stdout


def test_scenarios_as_text(tmp_path):
    assert "stargate" in oblea("scenario", "list", cwd=tmp_path).stdout
    shown = oblea("scenario", "show", "stargate", cwd=tmp_path).stdout
    (tmp_path / "copy.yaml").write_text(shown, "utf-8")
    assert "fine" in oblea("scenario", "validate", "copy.yaml", cwd=tmp_path).stdout
    assert json.loads(oblea("scenario", "schema", cwd=tmp_path).stdout)["$defs"]["number"]
    assert "nations" in oblea("scenario", "show", "--limits", cwd=tmp_path).stdout


def test_without_each_ends_with_the_claim(tmp_path):
    done = oblea("run", "--without", "each", "--paths", "32", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    end = " ".join(done.stdout.split())
    assert end.endswith("with the same cash changes what is absorbed by 0 dollars.")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_both_languages_say_everything():
    from string import Formatter

    for key, texts in catalogue().items():
        assert set(texts) == {"en", "es"}, key
        fields = [{f for _, f, _, _ in Formatter().parse(t) if f} for t in texts.values()]
        assert fields[0] == fields[1], key
