"""Claims: numbers read from text, judged from facts; the ledger, the page, the command line."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from math import isclose, prod
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from oblea.claims import check_text, ledger
from oblea.claims.check import REASONS
from oblea.claims.figure import reconcile
from oblea.claims.ledger import entries
from oblea.claims.numbers import find, number
from oblea.claims.quantities import Point, points, quantities
from oblea.claims.verdict import factor, judge
from oblea.evidence import known_by, load
from oblea.report.check import render, render_figure, render_ledger
from oblea.report.check_html import page
from oblea.report.words import Words

TEXTS = Path(__file__).parent / "texts"
CODES = {"holds", "partly", "factor", "scale", "outdated", "unknown"}

# Numbers and verdicts of a post of February 2024 on the plan, in sentences of our own.
POST = (TEXTS / "post.txt").read_text("utf-8")
WANTED = [("7 billones", "sum_sought", "holds", "outdated"),
          ("7 billones", "sum_sought", "holds", "outdated"),
          ("7 trillones", "us_outlays", "holds", "holds"),
          ("7 trillones", "four_caps", "holds", "holds"),
          ("100 millones", "gpt4_cost", "partly", "partly"),
          ("75 %", "cost_fall", "partly", "partly"),
          ("300 mil millones", "china_invest", "partly", "partly"),
          ("67.000", "unfilled", "partly", "partly"),
          ("100 veces", "chips_times", "holds", "holds")]


def cli(*args, **more):
    return subprocess.run([sys.executable, "-m", "oblea.cli.main", *map(str, args)],
                          capture_output=True, text=True, check=False, **more)


def test_a_post_of_the_day_then_and_now():
    done = check_text(POST, on="2024-02-29")
    judged = [x for x in done["items"] if "quantity" in x]
    assert [(x["quantity"], x["then"]["code"], x["now"]["code"]) for x in judged] \
        == [w[1:] for w in WANTED]
    for x, (text, *_) in zip(judged, WANTED, strict=True):
        assert x["text"].lstrip("$").startswith(text)
        assert POST[x["start"]:x["end"]].strip() == x["text"]
    others = [x for x in done["items"] if "why" in x]
    assert [x["text"] for x in others] == ["3,5 millones"] and others[0]["why"] == "subject"
    assert judged[0]["now"]["since"] == "2025-01-21"
    assert [x["slip"] for x in judged].count(True) == 2  # trillones, said for billones


def test_a_planted_fault_of_a_thousand_is_named():
    wrong = POST.replace("300 mil millones", "300 billones")
    faults = [x for x in check_text(wrong)["items"] if x.get("now", {}).get("code") == "scale"]
    assert [x["quantity"] for x in faults] == ["china_invest"]
    assert 700 < faults[0]["now"]["factor"] < 1300
    assert "fallo de escala, x 1.000" in render(check_text(wrong), "es")
    small = check_text("The head of OpenAI seeks 7 billion dollars for chips.", on="2024-02-29")
    assert small["items"][0]["then"]["code"] == "scale"
    assert "scale fault, x 1/1,000" in render(small, "en")


def score(file):
    """Right, judged, wanted: over the numbers of texts with labels by hand."""
    right = judged = wanted = 0
    for doc in yaml.safe_load((TEXTS / file).read_text("utf-8")):
        labels = doc["labels"]
        wanted += sum(len(v) for v in labels.values() if v != "none")
        for x in check_text(doc["text"])["items"]:
            if "quantity" not in x:
                continue
            judged += 1
            said = x["text"].lstrip("$")
            label = next((v for k, v in labels.items() if said.startswith(k)), "none")
            right += label != "none" and [x["quantity"], x["now"]["code"]] in label
    return right, judged, wanted


# The first ten were used to mend the reading; the six of the second file were not, but for a month.
# All were written by the authors of the words: a stranger's prose is harder.
@pytest.mark.parametrize(("file", "numbers", "least"), [("check.yaml", 42, 0.9),
                                                        ("holdout.yaml", 26, 0.8)])
def test_precision_and_recall_over_labelled_texts(file, numbers, least):
    right, judged, wanted = score(file)
    precision, recall = right / judged, right / wanted
    print(f"\n{file}: precision {precision:.3f} ({right}/{judged}), "
          f"recall {recall:.3f} ({right}/{wanted})")
    assert wanted == numbers
    assert precision >= 0.97 and recall >= least


@pytest.mark.parametrize("trap", yaml.safe_load((TEXTS / "traps.yaml").read_text("utf-8")),
                         ids=lambda t: t["name"])
def test_no_confident_verdict_on_a_trap(trap):
    for x in check_text(trap["text"])["items"]:
        assert x.get("why") in REASONS or x["now"]["code"] in trap["fine"], x


@pytest.mark.parametrize("text", yaml.safe_load((TEXTS / "chance.yaml").read_text("utf-8")))
def test_a_number_that_agrees_by_chance_is_not_judged_for_sure(text):
    done = check_text(text)
    assert all(x.get("why") in REASONS or x["unread"] for x in done["items"])
    shown = render(done, done["lang"])
    for x in done["items"]:
        assert all(w in shown for w in x.get("unread", []))


@pytest.mark.parametrize("text", [
    "7 trillion dollars is 6 % of world GDP.", "6 % of world GDP is 7 trillion dollars.",
    "7 billones de dólares son un 6 % del PIB mundial.",
    "28 billion dollars is 5 % of Stargate.",
    "50 billion dollars is 7 % of hyperscaler capex in 2026."])
def test_what_a_number_is_a_share_of_is_not_the_number(text):
    assert [x.get("why") for x in check_text(text)["items"] if x["kind"] == "USD"] == ["part"]


def test_what_is_said_of_a_year_is_judged_by_that_year():
    sought = "OpenAI sought 7 trillion dollars for chips"
    for text, code in ((f"In February 2024 {sought}.", "holds"), (f"{sought}.", "outdated"),
                       (f"In 2026 {sought}.", "outdated")):
        assert [x["now"]["code"] for x in check_text(text)["items"]] == [code], text


def test_what_is_wholly_read_is_judged_for_sure():
    done = check_text("Taiwan makes 92 % of the world's advanced chips.")
    assert done["items"][0]["unread"] == []
    assert "1 of them with every word read" in render(done, "en")


@pytest.mark.parametrize(("text", "lang", "value", "kind"), [
    ("7 billones de dólares", "es", 7e12, "USD"), ("$7 billion", "en", 7e9, "USD"),
    ("7 mil millones de dólares", "es", 7e9, "USD"), ("US$1.4 trillion", "en", 1.4e12, "USD"),
    ("6,7 billones de dólares", "es", 6.7e12, "USD"), ("$40B", "en", 4e10, "USD"),
    ("67,000 workers", "en", 67000, "people"), ("67.000 trabajadores", "es", 67000, "people"),
    ("67 000 trabajadores", "es", 67000, "people"), ("92 percent", "en", 92, "%"),
    ("92 por ciento", "es", 92, "%"), ("10 GW", "en", 10, "GW"), ("10GW", "en", 10, "GW"),
    ("seven trillion dollars", "en", 7e12, "USD"), ("siete billones de dólares", "es", 7e12, "USD"),
    ("36 new fabs", "en", 36, "fabs"), ("4.6x", "en", 4.6, "times"),
    ("7 trillones de dólares", "es", 7e12, "USD"),
])
def test_numbers_are_read_in_their_tongue(text, lang, value, kind):
    found = find(f"x {text}.", lang)
    assert [(f.value, f.kind, f.trouble) for f in found] == [(value, kind, None)]


@given(st.integers(1, 999), st.sampled_from(["million", "billion", "trillion"]))
@settings(deadline=None)
def test_english_and_spanish_say_the_same_number(n, word):
    spanish = {"million": "millones", "billion": "mil millones", "trillion": "billones"}[word]
    en, es = find(f"${n} {word}.", "en"), find(f"${n} {spanish}.", "es")
    assert [f.value for f in en] == [f.value for f in es] != []


@given(st.integers(1000, 10**9))
def test_thousands_marks_do_not_change_a_number(n):
    assert number(f"{n:,}", "en") == n == number(f"{n:,}".replace(",", "."), "es")


@given(st.floats(1, 1e15), st.floats(1.0, 3.0), st.floats(0.001, 1000))
def test_a_factor_is_one_within_the_range_and_scales_outside_it(x, width, by):
    p = Point(x, x / width, x * width, "2024", "2024", ())
    f = factor(x * by, None, "about", p)
    assert (f == 1.0) == (x / width <= x * by <= x * width)
    assert factor(x * by, None, "at least", p) >= 1.0
    assert factor(x * by, None, "at most", p) <= 1.0


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_without_a_fall(text):
    done = check_text(text)
    for x in done["items"]:
        assert 0 <= x["start"] < x["end"] <= len(text)
        assert x.get("why") in REASONS or x["now"]["code"] in CODES


def test_a_verdict_of_then_uses_what_was_public_then():
    e = load()
    for r in ledger():
        if r.get("then") and r["then"]["known"] and "year" not in r:
            for id in r["then"]["known"]["facts"]:
                if id in e.facts:
                    day = f"{r['said']}-01"[:10] if len(r["said"]) < 10 else r["said"]
                    assert e.fact(id).known[:4] <= day[:4], (r["id"], id)
    q = quantities()["sum_sought"]
    for p in points(q, e, on="2024-02-29"):
        assert all(known_by(e.fact(f), "2024-02-29") for f in p.facts)


def test_the_ledger_has_every_claim_of_the_post_and_computes_its_verdicts():
    rows = {r["id"]: r for r in ledger()}
    post = {id for id, c in entries().items() if c["by"] == "post"}
    families = {id.split("_")[0] for id in load().facts if id.split("_")[0] in
                {f"{a}{n}" for a in "abcdefg" for n in range(1, 9)} and
                load().fact(id).file == "claims.csv"}
    assert families <= post | {"a1"}, families - post
    assert len(rows) - len(post) >= 20
    assert {"e2": "outdated", "taiwan92": "outdated", "fabs175": "factor", "h100made": "holds",
            "tenmillion": "factor", "fabs36": "holds", "a2": "holds", "e4": "partly",
            "commit14": "outdated"}.items() <= {
        i: r["now"]["code"] for i, r in rows.items() if "now" in r}.items()
    for r in rows.values():
        assert ("none" in r) or {r["then"]["code"], r["now"]["code"]} <= CODES


def test_a_changed_fact_changes_the_verdict(tmp_path):
    import shutil

    from oblea.evidence._load import BUNDLED

    folder = tmp_path / "evidence"
    shutil.copytree(BUNDLED, folder)
    table = folder / "claims.csv"
    table.write_text(table.read_text("utf-8").replace(
        "a2_us_outlays_fy2023,6.16e12,USD/year,6.1e12,6.2e12",
        "a2_us_outlays_fy2023,8.16e12,USD/year,8.1e12,8.2e12"), "utf-8")
    row = next(r for r in ledger(load(folder)) if r["id"] == "a2")
    assert row["now"]["code"] == "partly" or row["now"]["code"] == "factor"


def test_quantities_are_whole():
    for q in quantities().values():
        assert points(q, load()), q.id
        assert q.tolerance > 0
        for text in (q.spec["title"], q.spec["why"]):
            assert text["en"] and text["es"]
    assert {c["quantity"] for c in entries().values() if "quantity" in c} <= set(quantities())


def test_one_of_three_sums_of_the_act_is_enough():
    q = quantities()["chips_act"]
    found = points(q, load())
    assert [judge(q, found, v).code for v in (3.9e10, 5.27e10, 2.8e11, 1e11)] \
        == ["holds", "holds", "holds", "factor"]


def test_a_price_of_a_gigawatt_is_factored_without_a_rest_unsaid():
    done = reconcile(4e10)
    assert isclose(done["ratio"], 4e10 / done["ours"][1])
    for r in done["rows"]:
        assert isclose(prod(x for _, x in r["steps"]), r["over_ours"], rel_tol=1e-9)
        assert isclose(r["ratio"] * r["over_ours"], done["ratio"], rel_tol=1e-9)
    it = next(r for r in done["rows"] if r["basis"] == "IT")
    assert dict(it["steps"])["basis"] > 1.1  # a GW of IT is more than a GW of facility
    assert 0.9 < done["yield"] < 1.0


@pytest.mark.parametrize("lang", ["en", "es"])
def test_lines_are_eighty_columns_wide(lang):
    shown = [render(check_text(POST, on="2024-02-29"), lang), render_ledger(ledger(), lang),
             render_figure(reconcile(4e10), lang)]
    assert max(len(line) for text in shown for line in text.splitlines()) <= 80
    assert all(Words(lang)(f"chk_no_{k}") for k in REASONS)


class Seen(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.marks, self.text, self._in = [], 0, "", []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._in.append(tag)
        self.marks += tag == "mark"

    def handle_endtag(self, tag):
        while self._in and self._in.pop() != tag:
            pass

    def handle_data(self, data):
        if "main" in self._in and "aside" not in self._in and "sup" not in self._in:
            self.text += data


def test_the_page_gives_the_article_back_escaped_and_alone(tmp_path):
    text = POST + "\n<script>alert(1)</script> & 7 billones de dólares para \"chips\" de OpenAI.\n"
    html = page(text, check_text(text, on="2024-02-29"), "es", "<b>")
    seen = Seen()
    seen.feed(html)
    assert seen.text == text
    assert not {"script", "img", "link"} & set(seen.tags) and "&lt;b&gt;" in html
    assert "http:" not in html and "https:" not in html and "prefers-color-scheme:dark" in html
    assert seen.marks == len({x["start"] for x in check_text(text)["items"]})


def test_the_command_line(tmp_path):
    file = tmp_path / "post.txt"
    file.write_text(POST, "utf-8")
    to = tmp_path / "post.html"
    done = cli("check", file, "--on", "2024-02-29", "--html", to, "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["items"]) == 10 and to.read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []
    assert "out of date since 2024-05-08" in cli(
        "check", "Taiwan makes 92 % of advanced chips").stdout
    assert "No number of a kind that it knows" in cli("check", "Nothing to count here.").stdout
    assert "40 mM" in cli("check", "40 mil millones por GW", "--lang", "es").stdout
    rows = json.loads(cli("check", "--json").stdout)
    assert {r["id"] for r in rows} == set(entries())


def bad_files(folder):
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_text(" \n\n")
    (folder / "binary.txt").write_bytes(b"7 trillion\0\1\2")
    (folder / "latin.txt").write_bytes("año".encode("latin-1"))
    with (folder / "big.txt").open("wb") as f:
        f.truncate(50_000_000)
    return [(folder / "empty.txt", "empty"), (folder / "blank.txt", "blanks"),
            (folder / "binary.txt", "zero bytes"), (folder / "latin.txt", "UTF-8"),
            (folder / "big.txt", "at most"), (folder / "blanc.txt", "did you mean blank.txt"),
            (folder, "not a file")]


def test_bad_input_is_refused_in_one_line(tmp_path):
    for file, words in bad_files(tmp_path):
        done = cli("check", file)
        assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
        assert done.stderr.count("\n") == 1 and done.stdout == ""
    for args, words in ((("check", "x", "--on", "2024-13-01"), "whole day"),
                        (("check", "x", "--lang", "fr"), "allowed: en, es"),
                        (("check", "x", "--html", "/nowhere/x.html"), "no folder")):
        done = cli(*args)
        assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
