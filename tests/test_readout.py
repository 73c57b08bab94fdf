"""The read-out of real answers, in both languages: width, cells, sums, and the catalogue."""

import ast
import json
import re
from itertools import chain
from pathlib import Path

import pytest

from oblea.analysis.outcome import WORDS
from oblea.claims.check import REASONS
from oblea.cost.steps import steps
from oblea.evidence import GRADES
from oblea.report import each, readout, words
from oblea.report.gap import gap
from oblea.report.text import WIDTH
from oblea.report.words import LANGUAGES, Words, catalogue
from oblea.results.excel import FLOWS
from oblea.service import open_scenario, run

REFERENCE = open_scenario("reference")
SHEET = {x.key for x in chain(*steps(REFERENCE, "rubin", "facility"))
         if re.fullmatch(r"[a-z_]+", x.key)} | {"total"}
SOURCE = Path(words.__file__).parents[1]
PLANS = ("seven-trillion", "stargate", "seven-trillion-fabs", "naive-arithmetic", "reference")


@pytest.fixture(scope="module")
def answers():
    """Small runs of every kind of plan, one of them quick and one with a mechanism off."""
    found = {name: run(name, paths=24, workers=2).answer for name in PLANS}
    found["quick"] = run("seven-trillion", paths=24, workers=2, quick=True,
                         without=("power",)).answer
    for name in ("seven-trillion", "seven-trillion-fabs"):
        found[f"{name} each"] = run(name, paths=24, workers=2, quick=True, each=True).answer
    return found


def text_of(answer, lang, blocks=True):
    shown = readout.render(answer, lang, blocks)
    return shown if answer["without"] is None else f"{shown}\n\n{each.render(answer, lang)}"


@pytest.fixture(scope="module")
def texts(answers):
    """(name, language) -> text, and the keys of the catalogue that were looked up."""
    used = set()
    look_up = Words.__call__

    def noted(self, key, **values):
        used.add(key)
        return look_up(self, key, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Words, "__call__", noted)
        shown = {(name, lang): text_of(a, lang) for name, a in answers.items()
                 for lang in LANGUAGES}
    return shown, used


def test_eighty_columns(texts):
    for (name, lang), text in texts[0].items():
        wide = [line for line in text.splitlines() if len(line) > WIDTH]
        assert not wide, (name, lang, wide)


def test_no_cell_is_a_dash_or_no_number(texts):
    bad = re.compile(r"(?<!\S)(-|nan|inf|None|-0([.,]0+)?)(?!\S)|\bnan\b|\{|\}|\bNone\b")
    for (name, lang), text in texts[0].items():
        assert not bad.search(text), (name, lang, bad.search(text))
        assert not re.search(r"(?<![\d.,])0 %", _without_rates(text)), (name, lang)
        assert "\n\n\n" not in text and not re.search(r" $", text, re.M)


def _without_rates(text):
    """The text less the lines of funders and of `--without each`, where nought is nought."""
    return "\n".join(line for line in text.splitlines() if "$" not in line)


def test_rare_is_not_never(answers):
    shown = readout.render_head(answers["seven-trillion"])
    assert "< 1 %" in shown and not re.search(r"\b0 %", shown)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["seven-trillion", "stargate", "seven-trillion-fabs"])
def test_the_printed_parts_add_up_to_the_printed_gap(answers, name, lang):
    a = answers[name]
    lines = gap(a, Words(lang))
    number = re.compile(r"(\d[\d.,]*) (?:T|bn|B|mM)\b")
    # The first number of the title and of each row; a row's second is what it frees alone.
    tails = tuple(Words(lang)(k) for k in ("named", "unnamed", "named_supply", "named_operator"))
    rows = [lines[0], *(x for x in lines[1:] if x.rstrip().endswith(tails))]
    values = [float(_english(number.search(line)[1], lang)) for line in rows
              if "< " not in line[:46]]
    total, parts = values[0], values[1:]
    places = 0.01 if a["gap"]["gap"] >= 1e12 else 1.0
    assert len(parts) >= 3
    assert parts == sorted(parts, reverse=True)
    assert abs(sum(parts) - total) <= places * (len(lines) + 1) / 2


def _english(number, lang):
    return number.replace(".", "").replace(",", ".") if lang == "es" else number.replace(",", "")


def test_a_group_that_is_not_modelled_is_a_note_and_no_row(answers):
    lines = gap(answers["seven-trillion"], Words("en"))
    assert not any(line.startswith("  people") and line.endswith("named") for line in lines)
    assert "Not modelled: people (named: 67,000)" in " ".join(" ".join(lines).split())


def test_nothing_to_say_is_absent(answers, texts):
    shown = texts[0]
    assert "What stops" not in shown["naive-arithmetic", "en"]
    assert "would need" not in shown["naive-arithmetic", "en"]
    assert "no limit" in shown["naive-arithmetic", "en"]
    for block in ("As one venture", "Who pays in", "Absorbed of", "additional"):
        assert block not in shown["reference", "en"], block
    for block in ("What stops", "would work", "Absorbed of", "Other plans", "Even odds", "moves"):
        assert block not in shown["quick", "en"], block
    assert "What is shortest" in shown["quick", "en"]
    assert "Switched off: power" in shown["quick", "en"]


def test_the_ledger_stands_in_order_and_holds_the_answer(answers):
    a = answers["seven-trillion"]
    head = readout.render_head(a, "en")
    rows = [line.split()[0] for line in head.splitlines() if line.startswith("  ")]
    names = ["raisable", "spendable", "absorbed", "delivered", "returned"]
    assert [r for r in rows if r in names] == names
    assert f"{a['raisable']['median'] / 1e12:.1f} T" in head
    assert f"$ {a['returned']['median']:.2f}" in head
    assert a["verdict"]["word"].upper() in head
    assert "wafers a month" in readout.render_head(answers["seven-trillion-fabs"], "en")


def test_the_bounds_that_are_printed_are_those_of_the_verdict():
    for lang in LANGUAGES:
        printed = [int(x) for x in re.findall(r"(\d+) %", catalogue()["bounds"][lang])]
        assert printed == [round(100 * top) for top, _ in WORDS[:-1]]


def test_a_terminal_without_blocks_gets_digits(answers):
    plain = readout.render_rest(answers["seven-trillion"], "en", blocks=False)
    assert not set(plain) & set("░▒▓█") and "tenths of futures" in plain
    assert set(readout.render_rest(answers["seven-trillion"], "en")) & set("░▒▓█")


def test_levers_in_every_case(answers):
    """One change that is enough, two, all, and none: made from a real answer."""
    a = json.loads(json.dumps(answers["seven-trillion"]))
    names = list(a["levers"]["levers"])
    chances = {"absorbed": 0.61, "delivered": 0.3, "returned": 0.5, "joint": 0.2}
    for size, said in ((1, "would need"), (2, "both of these"), (len(names), "any two changes")):
        a["levers"]["enough"] = [{"levers": names[:size], "times": 4.0, "chances": chances}]
        for lang in LANGUAGES:
            shown = readout.render_rest(a, lang)
            assert max(map(len, shown.splitlines())) <= WIDTH
            assert lang == "es" or said in shown
            assert "->" in shown
    a["levers"]["enough"] = []
    assert "no change tried is enough" in readout.render_rest(a, "en")
    a["absorbed"]["chance"] = 0.7
    assert "no change tried" not in readout.render_rest(a, "en")


def test_every_verdict_has_its_word_and_line(answers):
    a = json.loads(json.dumps(answers["seven-trillion"]))
    for _, word in WORDS:
        for pledge in (1e12, 1.5e12, 5e11):
            a["verdict"] |= {"word": word, "joint": 0.7 if word == "likely" else 0.1}
            a["pledge"] = pledge
            for lang in LANGUAGES:
                shown = readout.render_head(a, lang)
                assert max(map(len, shown.splitlines())) <= WIDTH
                assert catalogue()[f"word_{word}"][lang].upper() in shown


def test_every_word_is_used_and_every_used_word_exists(texts):
    used = set(texts[1])
    code = "\n".join(p.read_text("utf-8") for end in ("*.py", "*.html")
                     for p in SOURCE.rglob(end))
    literal = set(re.findall(r"""["'](\w+)["']""", code))
    families = {"unit ": {f"unit {u}" for u in (
                    "GW/year", "tool/year", "quarter", "year", "wafer")},
                "word_": {f"word_{w}" for _, w in WORDS},
                "kind_": {f"kind_{k}" for k in ("fact", "derived", "assumption", "bare")},
                "group_": {f"group_{g}" for g in
                           ("money", "power", "supply", "operator", "people", "time")},
                "step_": {f"step_{k}" for k in (*SHEET, *(f"{k}_of" for k in (
                    "price", "each", "usd", "layers", "passes", "tools_each", "tools")))},
                "what_": {f"what_{k}" for k in ("logic", "hbm", "cowos", "dram")},
                "cash_": {f"cash_{k}" for k in (
                    "quarter", "index", *FLOWS, "held", "engine_held", "outside", "free", "factor",
                    "pv_free", "pv_spent", "deflator", "hurdle", "npv", "capital", "worth",
                    "absorbed")},
                "cmp_": {f"cmp_{k}" for k in (
                    "raisable", "spendable", "absorbed", "delivered", "gw", "h100e", "additional",
                    "world_h100e", "price", "returned", "test_absorbed", "test_delivered",
                    "test_returned", "test_joint", "aim", "base_year", "base", "plan",
                    "term", "world", "other")},
                "why_": {f"why_{k}" for k in ("fact", "derived", "assumption", "bare")},
                "through_": {f"through_{k}" for k in {x.split(".")[0] for x in REFERENCE.numbers}
                             | {"currencies"}},
                "gw_": {f"gw_{k}" for k in ("wafers", "passes", "speed", "basis", "scope")}
                | {f"gw_factor_{k}" for k in ("wafers", "passes", "speed", "basis", "scope")}
                | {f"gw_line_{k}" for k in ("accelerators", "logic", "hbm", "dram", "server",
                                            "cowos", "passes", "tools", "bf16", "fp8")}
                | {f"gw_part_{k}" for k in ("logic", "hbm", "packaging", "other", "margin",
                                            "system", "hall", "power", "total")}
                | {f"gw_check_{k}" for k in ("tools", "bf16", "hbm")},
                "share_": {f"share_{k}" for k in ("absorbed", "delivered", "returned", "price",
                                                  "fact", "estimate", "cited", "judgement")},
                "chk_no_": {f"chk_no_{k}" for k in REASONS},
                "grade_": {f"grade_{g}" for g in GRADES},
                "_lead": {f"{k}_lead" for k in ("worth", "price", "regions", "books")},
                "levers_lead_": {f"levers_lead_{k}" for k in ("1", "2", "all")},
                "new_": {"new_compute", "new_fabs"},
                "sentence_": {"sentence_gw", "sentence_wafers"},
                "series_": {f"series_{s}" for s in (
                    "nvidia", "google", "amd", "amazon", "stock", "gigawatts", "cowos", "logic",
                    "hbm", "revenue", "revenue_year", "rent", "capex", "euv")},
                "basis_": {f"basis_{b}" for b in (
                    "production", "sale", "stock", "spending", "shipment", "quote")}}
    known = used | literal.union(*families.values())
    assert set(catalogue()) - known == set(), "words that nothing uses"
    assert used <= set(catalogue())
    for name, family in families.items():
        if name != "step_":  # a step that has no words of its own is put together from parts
            assert family <= set(catalogue())


def test_spanish_has_no_english_words(texts):
    english, spanish = (set(re.findall(r"[a-záéíóúñ]{4,}", " ".join(
        re.sub(r"\{\w+\}", " ", t[lang]) for t in catalogue().values()).lower()))
        for lang in ("en", "es"))
    foreign = english - spanish
    for (name, lang), text in texts[0].items():
        if lang == "es":
            assert not foreign & _prose(text), (name, foreign & _prose(text))


def _prose(text):
    """Words of a Spanish text, less what is typed as it is: keys, files, names of mechanisms."""
    text = text.split("\n\n", 1)[1]  # the header names the scenario and what is switched off
    text = re.sub(r"No mueven nada.*?(?=Sin defectos)", "", text, flags=re.S)
    text = re.sub(r"^[a-z]+(-[a-z]+)? .*±.*$|\S*[./_-]\S*", "", text, flags=re.M)
    return set(re.findall(r"[a-záéíóúñ]{4,}", text.lower()))


SPOKEN = re.compile(r"[a-záéíóúñ]{2,} [a-záéíóúñ]{2,}|^[a-z]{4,}: ")
MARKUP = re.compile(r"[<>{}=]|^(?:(?:bar|dot|span|note|tiny|label|fan|median|band|second|grey|plan|"
                    r"stop|open|thin|halo|strong|on-cell|out|pledge) ?)+$")
ERRORS = {"Problem", "no", "Typer", "Option", "Argument", "AttributeError", "ValueError",
          "InputErrors"}


def spoken(path):
    """Texts for people that stand in code: not docstrings, help or error messages, and not pages
    of the docs (`as_markdown`)."""
    tree, left_out = ast.parse(path.read_text("utf-8")), set()
    for n in ast.walk(tree):
        if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant):
            left_out.add(id(n.value))
        named = getattr(getattr(n, "func", None), "id", "") or getattr(
            getattr(n, "func", None), "attr", "")
        said = getattr(getattr(getattr(n, "func", None), "value", None), "id", "") == "problems"
        if isinstance(n, ast.Compare):  # a key of the data, not a word that is shown
            left_out |= {id(m) for m in ast.walk(n)}
        if isinstance(n, ast.Dict):
            left_out |= {id(k) for k in n.keys}
        page = isinstance(n, ast.FunctionDef) and ("markdown" in n.name or "page" in n.name)
        if page or said or (isinstance(n, ast.Call) and named in ERRORS):
            left_out |= {id(m) for m in ast.walk(n)}
    return [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)
            and isinstance(n.value, str) and id(n) not in left_out and SPOKEN.search(n.value)
            and not MARKUP.search(n.value)]


def test_no_face_has_words_outside_the_catalogue():
    faces = [*SOURCE.glob("report/**/*.py"), *SOURCE.glob("cli/*.py")]
    assert len(faces) > 30
    for face in faces:
        assert not spoken(face), (face.name, spoken(face))
    assert spoken(Path(__file__)), "the test finds what is there"
