"""The report: one file that needs nothing else, with the numbers of the answer."""

import base64
import csv
import io
import json
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from oblea.analysis import explore
from oblea.analysis.outcome import absorbed
from oblea.report import html, readout
from oblea.report.html import page
from oblea.report.sentence import venture
from oblea.report.share import picture
from oblea.report.words import LANGUAGES, Words, catalogue
from oblea.results.store import read, write
from oblea.service import open_scenario, run
from oblea.simulate.run import simulate

PLANS = ("seven-trillion", "seven-trillion-fabs", "naive-arithmetic", "reference")
VOID = {"meta", "input", "br", "line", "rect", "circle", "path"}


@pytest.fixture(scope="module")
def runs():
    found = {name: run(name, paths=24, workers=2, explore=name == "seven-trillion")
             for name in PLANS}
    found["quick"] = run("seven-trillion", paths=24, workers=2, quick=True, without=("power",))
    return found


@pytest.fixture(scope="module")
def pages(runs):
    return {(name, lang): html.render(r.answer, r.manifest, lang, r.explore)
            for name, r in runs.items() for lang in LANGUAGES}


class Outline(HTMLParser):
    """Open elements, ids, links, and the text that a reader sees."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.ids, self.links, self.said = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.ids += [about["id"]] if "id" in about else []
        self.links += [(tag, k, v) for k, v in attrs if k in ("src", "href", "action", "srcset")]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, (tag, self.getpos())

    def handle_data(self, data):
        if not {"style", "script", "code"} & set(self.stack):
            self.said.append(data)


def test_every_plan_has_a_sound_page(pages):
    for (name, lang), text in pages.items():
        seen = Outline(text)
        assert not seen.stack
        assert len(seen.ids) == len(set(seen.ids)), name
        assert len(text.encode()) < 400_000
        said = " ".join(seen.said)
        assert not re.search(r"\b(None|nan|inf|undefined)\b|\{\w*\}|\{\{", said), (name, lang)
        assert f'lang="{lang}"' in text


def test_the_page_needs_nothing_else(pages):
    for text in pages.values():
        for tag, key, link in Outline(text).links:
            assert tag == "a" and key == "href", (tag, link)
            assert link.startswith(("https://", "http://", "data:text/csv"))
        assert "@import" not in text and "url(" not in text


def numbers(text):
    return re.findall(r"\d[\d.,]*", text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["seven-trillion", "seven-trillion-fabs"])
def test_sentence_read_out_report_and_json_say_the_same_numbers(runs, pages, name, lang):
    a = json.loads(json.dumps(runs[name].answer))
    w = Words(lang)
    sentence = venture(a, w)
    assert f"<h1>{sentence}</h1>".replace("'", "&#39;") in pages[name, lang]
    shown = " ".join(readout.render(a, lang).split())
    dot = (lambda s: s.replace(".", "").replace(",", ".")) if lang == "es" else (
        lambda s: s.replace(",", ""))
    found = [float(dot(x.rstrip(".,"))) for x in numbers(sentence)]
    scale = {"B": 1e12, "T": 1e12, "mM": 1e9, "bn": 1e9}
    spent, d = a["absorbed"], a["delivered"]
    unit = 1e12 if spent["p95"] >= 5e11 and spent["p5"] >= 1e11 else 1e9
    assert found[0] == a["pledge"] / 1e12
    for shown_sum, key in ((found[1], "median"),):
        ok = [abs(shown_sum - spent[key] / s) <= 0.06 * max(spent[key] / s, 1) for s in
              set(scale.values())]
        assert any(ok), (shown_sum, spent, unit)
    assert a["last_year"] in found
    if d["unit"] == "GW":
        assert any(abs(x - d["median"]) < 0.051 for x in found)
        assert any(abs(x - d["promise"]) <= 0.005 * d["promise"] for x in found)
    assert any(abs(x - abs(a["returned"]["median"])) < 0.0051 for x in found)  # the sign is a word
    for x in numbers(sentence):  # every number of the sentence stands in the read-out too
        assert x.rstrip(".,") in shown, (x, lang)
    for x in ("raisable", "spendable", "absorbed"):  # and the ledger's in the picture
        value = readout.render_head(a, lang)
        row = next(line for line in value.splitlines() if line.startswith(f"  {w(x)}"))
        cells = re.split(r"\s{2,}", row.strip())
        assert any(cells[2].split(" ")[0] in t for t in re.findall(
            r'class="value"[^>]*>([^<]*)<', pages[name, lang])), (x, row)


def test_the_template_has_no_words_of_its_own():
    text = (Path(page.__file__).parent / "page.html").read_text("utf-8")
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<script.*?</script>", " ", text,
                  flags=re.S)
    words = set(re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", text)))
    assert words <= {"Oblea"}, words
    script = (Path(page.__file__).parent / "explore.js").read_text("utf-8")
    shown = re.findall(r'"([^"]*)"', script)
    assert not [s for s in shown if re.search(r"[a-z]{4,} [a-z]{3,}", s)
                and not s.startswith(("oblea run", " --set", ' --set'))]


def test_a_spanish_page_has_no_english_words(pages):
    english, spanish = (set(re.findall(r"[a-záéíóúñ]{4,}", " ".join(
        re.sub(r"\{\w+\}", " ", t[lang]) for t in catalogue().values()).lower()))
        for lang in ("en", "es"))
    for (name, lang), text in pages.items():
        if lang == "es":
            text = re.sub(r"<a [^>]*rel=.*?</a>|<code>.*?</code>", " ", text, flags=re.S)
            text = re.sub(r"<dt>\S+:", "<dt>", text)  # names of mechanisms are typed as they are
            text = re.sub(r'<p class="warning">.*?</p>', " ", text)
            said = " ".join(Outline(text).said).lower()
            said = re.sub(r"oblea run.*|\S*[./_-]\S*", " ", said)
            foreign = (english - spanish) & set(re.findall(r"[a-záéíóúñ]{4,}", said))
            assert not foreign - {"and", "seed", "oblea"}, (name, foreign)


def test_csv_in_the_page_is_the_answer(runs, pages):
    a = runs["seven-trillion"].answer
    tables = dict(re.findall(r'<a href="data:text/csv;charset=utf-8;base64,([^"]+)" '
                             r'download="([\w-]+)\.csv"', pages["seven-trillion", "en"]))
    tables = {k: list(csv.reader(io.StringIO(base64.b64decode(v).decode("utf-8"))))
              for v, k in tables.items()}
    assert {"ledger", "gap", "in-service", "funders", "receivers", "how-much-fits", "drivers",
            "compute"} <= set(tables)
    parts = {r[0]: float(r[1]) for r in tables["gap"][1:]}
    assert sum(parts.values()) == pytest.approx(a["gap"]["gap"], rel=1e-9)
    ledger = {r[0]: r for r in tables["ledger"][1:]}
    assert float(ledger["absorbed"][3]) == a["absorbed"]["median"]
    assert len(tables["compute"]) == 1 + len(a["pictures"]["date"])


def test_markup_in_a_scenario_stays_text(runs):
    r = runs["quick"]
    a = json.loads(json.dumps(r.answer))
    a["title"] = {"en": "<script>alert(1)</script>&", "es": "x"}
    text = html.render(a, r.manifest, "en")
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)" in text


def test_the_picture_to_share_is_of_its_size(runs):
    for name in ("seven-trillion", "reference"):
        for lang in LANGUAGES:
            png = picture(runs[name].answer, lang)
            assert png[:8] == b"\x89PNG\r\n\x1a\n"
            size = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
            assert size == (1200, 630)


def test_a_run_folder_holds_its_report(runs, tmp_path):
    folder = write(runs["quick"], tmp_path / "x", lang="es")
    manifest = read(folder)
    assert {"report.html", "share.png"} <= set(manifest["contents"])
    assert 'lang="es"' in (folder / "report.html").read_text("utf-8")
    (folder / "report.html").write_text("other", "utf-8")
    with pytest.raises(Exception, match="changed since"):
        read(folder)


def test_the_grid_of_sliders_is_the_engine(runs):
    """A point of the grid against the same plan simulated by itself."""
    g = runs["seven-trillion"].explore
    sc = open_scenario("seven-trillion")
    cases = explore.cases(sc)
    at = [len(cases) // 3, len(cases) - 1]
    r = simulate(sc, [cases[i] for i in at], 1)
    for i in at:
        low, mid, high = np.quantile(absorbed(r, cases[i].name), explore.QUANTILES)
        assert g["cells"][i][:3] == pytest.approx([low, mid, high], rel=1e-3)
    sizes = [len(x["points"]) for x in g["axes"]]
    assert len(g["cells"]) == np.prod(sizes) == len(cases)
    assert all(0 <= x["start"] < n for x, n in zip(g["axes"], sizes, strict=True))


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which(
        "google-chrome")
    if path is None:
        if os.environ.get("OBLEA_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium found, and OBLEA_REQUIRE_BROWSER=1")
        pytest.skip("no Chromium found: the report is not looked at in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        b = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield b
        b.close()


@pytest.fixture(scope="module")
def files(pages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    out = {}
    for (name, lang), text in pages.items():
        out[name, lang] = folder / f"{name}-{lang}.html"
        out[name, lang].write_text(text, "utf-8")
    return out


VIEWS = {"desk": (1000, "light"), "dark": (1000, "dark"), "phone": (390, "light")}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", ["seven-trillion", "reference"])
def test_a_browser_finds_nothing_serious_and_asks_for_nothing(browser, files, name, view):
    from axe_playwright_python.sync_playwright import Axe

    wide, scheme = VIEWS[view]
    for lang in LANGUAGES:
        context = browser.new_context(viewport={"width": wide, "height": 900}, color_scheme=scheme)
        tab = context.new_page()
        asked, faults = [], []
        tab.on("request", lambda r, asked=asked: asked.append(r.url))
        tab.on("pageerror", lambda e, faults=faults: faults.append(str(e)))
        tab.goto(files[name, lang].as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert tab.evaluate("document.documentElement.scrollWidth") <= wide, (lang, "overflows")
        found = Axe().run(tab)
        serious = [(v["id"], v["nodes"][0]["html"][:120]) for v in found.response["violations"]
                   if v["impact"] in ("serious", "critical")]
        assert not serious, (lang, serious)
        assert asked == [files[name, lang].as_uri()] and not faults
        context.close()


def test_sliders_answer_offline(browser, files, runs):
    """At a point of the grid the page shows that point; between points something between."""
    g = runs["seven-trillion"].explore
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto(files["seven-trillion", "en"].as_uri())
    shape = [len(a["points"]) for a in g["axes"]]

    def move(*places):
        for k, v in enumerate(places):
            tab.evaluate("([k, v]) => { const s = document.getElementById('s' + k); s.value = v;"
                         " s.dispatchEvent(new Event('input')); }", [k, v])
        return [tab.inner_text(f"#m-{key}") for key in ("absorbed", "delivered", "returned")]

    def cell(i, j, k):
        return g["cells"][(i * shape[1] + j) * shape[2] + k]

    for at in ((0, 0, 0), (3, 1, 2), tuple(n - 1 for n in shape)):
        money, gw, worth = move(*at)
        value, unit = money.split(" ")
        scale = {"T": 1e12, "bn": 1e9}[unit]
        assert abs(float(value) * scale - cell(*at)[1]) <= 0.051 * max(cell(*at)[1], scale)
        assert abs(float(gw.split(" ")[0].replace(",", "")) - cell(*at)[4]) <= 0.051
        assert abs(float(worth.split(" ")[1]) - cell(*at)[7]) <= 0.0051
    low, high = (float(move(2, 1, k)[2].split(" ")[1]) for k in (1, 2))
    between = float(move(2, 1, 1.5)[2].split(" ")[1])
    assert min(low, high) <= between <= max(low, high)
    assert tab.inner_text("#exact").startswith('oblea run seven-trillion --set "programme.pledge=')
    context.close()
