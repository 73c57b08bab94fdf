"""The report of a run: one HTML file that needs nothing else, written from the answer alone."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ..glossary import definition
from ..ledger import asked
from ..levers import figures, range_text
from ..numbers import ENDLESS, big, billion, chance, percent, plain, pledge, trillion, usd_beside
from ..readout import rests
from ..sentence import industry, venture
from ..words import Words
from . import compute, drivers, fits, gap, ledger, levers, second
from .tables import compute_csv, tables

WIDE, NARROW = 860, 348


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=PackageLoader("oblea.report", "html"), autoescape=True,
                       trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)


def render(a: dict[str, Any], manifest: dict[str, Any], lang: str = "en",
           explore: dict[str, Any] | None = None) -> str:
    """The page. a: the answer of a run; manifest: what it was made from; explore: a grid of other
    plans for the sliders."""
    w = Words(lang)
    read = lambda name: resources.files("oblea.report.html").joinpath(name).read_text(  # noqa: E731
        "utf-8")
    return _environment().get_template("page.html").render(
        a=a, w=w, lang=lang, css=Markup(read("page.css")), manifest=manifest,
        title=a["title"][lang], sentence=venture(a, w), industry=industry(a, w),
        pictures=_pictures(a, w), gap=gap.rows(a, w), gap_title=_gap_title(a, w),
        fits_lead=_fits_lead(a, w), levers_lead=_levers_lead(a, w),
        compute_title=_compute_title(a, w), drivers=drivers.rows(a, w), since=_since(a, w),
        value=lambda n: value(n, w), tables=tables(a, w), compute_csv=compute_csv(a),
        tests_note=f"{asked(a, w)}. {w('bounds')}" if "absorbed" in a else "",
        rests=" ".join(rests(a, w)), command=command(a, manifest), plain=plain,
        definition=definition,
        digest=manifest["evidence_sha256"], ledger_title=_ledger_title(a, w),
        explore=explore, grid=explore and explore | {"words": _scripted(w)},
        script=Markup(read("explore.js")) if explore else "")


def _scripted(w: Words) -> dict[str, str]:
    """The words that the sliders' script puts beside its numbers."""
    return {"trillion": trillion(w.lang), "billion": billion(w.lang), "year": f" {w('a_year')}",
            "dollars": w("dollars", x="{x}"), "to": f" {w('to')} "}


def charts(a: dict[str, Any]) -> list[tuple[str, Any, int, bool]]:
    """Every chart: name, what draws it, width, and whether this answer has it."""
    pledged = "absorbed" in a
    return [
        ("ledger", ledger.ledger, 500, pledged), ("tests", ledger.tests, 330, pledged),
        ("fits", fits.fits, WIDE, "fits" in a), ("world", compute.world, 430 if pledged else WIDE,
                                                 True),
        ("added", compute.added, 420, pledged), ("levers", levers.levers, WIDE, pledged),
        ("calendar", second.calendar, WIDE, pledged), ("flow", second.flow, WIDE, pledged),
        ("worth", second.worth, 420, pledged), ("price", second.price, 420, True),
        ("books", second.books, 420, pledged), ("regions", second.regions, 420, pledged),
        ("needed", second.revenue_needed, WIDE, pledged)]


def _pictures(a: dict[str, Any], w: Words) -> dict[str, Markup | None]:
    """Each chart for either width of page, by name; None where there is nothing to show."""
    return {name: _both(draw, a, w, wide, name) if wanted else None
            for name, draw, wide, wanted in charts(a)}


def chart(a: dict[str, Any], name: str, lang: str = "en") -> str | None:
    """One chart as an SVG file of its own, with its colours; None where there is nothing to show.

    Raises KeyError for a name that is no chart.
    """
    drawn = {n: (draw, wide, wanted) for n, draw, wide, wanted in charts(a)}
    draw, wide, wanted = drawn[name]
    shown = draw(a, Words(lang), wide, name) if wanted else None
    if shown is None:
        return None
    css = resources.files("oblea.report.html").joinpath("page.css").read_text("utf-8")
    return str(shown).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1).replace(
        "<title", f"<style>{css.replace('body{', '.body{')}</style><title", 1)


def _both(draw: Any, a: dict[str, Any], w: Words, wide: int, name: str) -> Markup | None:
    """A picture twice: the page shows one by its own width. Flows need room and are not drawn
    small; their table stands in."""
    large = draw(a, w, wide, f"{name}-w")
    if large is None:
        return None
    small = Markup("") if name == "flow" else draw(a, w, NARROW, f"{name}-n")
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(large, small)


def _ledger_title(a: dict[str, Any], w: Words) -> str:
    if "absorbed" not in a:
        return ""
    raised, spent = (usd_beside(s["median"], s["p5"], s["p95"], w.lang)
                     for s in (a["raisable"], a["absorbed"]))
    key = "ledger_found_endless" if a["raisable"]["median"] > ENDLESS else "ledger_found"
    return w(key, pledge=pledge(a["pledge"], w.lang), raisable=raised, absorbed=spent)


def _gap_title(a: dict[str, Any], w: Words) -> str:
    from ..gap import part_text

    return w("gap_title", sum=part_text(a, a["gap"]["gap"], w)) if "gap" in a else ""


def _fits_lead(a: dict[str, Any], w: Words) -> str:
    if "fits" not in a:
        return ""
    even = a["fits"]["even"]["absorbed"]
    if even is None:
        return w("fits_lead_none")
    high = pledge(even["high"], w.lang)
    return (w("fits_lead", high=high, limit=w("group_" + even["limit"])) if even["limit"]
            else w("fits_lead_all", high=high))


def _levers_lead(a: dict[str, Any], w: Words) -> str:
    x = a.get("levers")
    if not x or a["absorbed"]["chance"] >= 0.5:
        return ""
    if not x["enough"]:
        best = max(row["chances"]["absorbed"] for row in x["best"])
        return w("levers_lead_none", chance=chance(best))
    first = x["enough"][0]
    size = {1: "1", 2: "2"}.get(len(first["levers"]), "all")
    return w(f"levers_lead_{size}", times=plain(first["times"], w.lang),
             chance=chance(first["chances"]["absorbed"]))


def _compute_title(a: dict[str, Any], w: Words) -> str:
    if "absorbed" not in a or a["additional_share"] is None:
        return w("compute_title_plain")
    row = a["in_service"]["rows"][0]
    return w("compute_title", own=f"{big(row['programme'], w.lang)} H100e",
             date=a["in_service"]["date"], share=percent(a["additional_share"], w.lang))


def _since(a: dict[str, Any], w: Words) -> list[dict[str, Any]]:
    """What came of the plan, by date: text with its number, publisher, link."""
    out = []
    for f in sorted(a["pictures"]["since"], key=lambda f: f["date"]):
        shown = (pledge(f["value"], w.lang) if f["unit"].startswith("USD")
                 else f"{plain(f['value'], w.lang)} {f['unit']}")
        out.append({**f, "text": f["text"][w.lang].format(value=shown)})
    return out


def value(n: dict[str, Any], w: Words) -> str:
    """A number of a scenario: value and range in words a reader knows; a series as of the base
    year, its range as factors."""
    one = figures(n["value"], n["unit"], w)
    if n["low"] is None:
        return one
    return f"{one} ({range_text(n, w)})"


def command(a: dict[str, Any], manifest: dict[str, Any]) -> str:
    """What to type to get the same run."""
    import shlex

    words = ["oblea", "run", a["scenario"]]
    words += [x for s in manifest["sets"] for x in ("--set", s)]
    words += [x for m in a["off"] for x in ("--without", m)]
    words += ["--paths", str(a["futures"]), "--seed", str(a["seed"])]
    return shlex.join(words)
