"""`oblea backtest` on a terminal: each series with its score, the poor ones first."""

from __future__ import annotations

from typing import Any

from .numbers import billion, percent, plain
from .text import wrap
from .words import Words

REBASED = "*"  # beside what starts from the record's own count


def render(a: dict[str, Any], lang: str = "en") -> str:
    """One line a series and year, then the summary."""
    w = Words(lang)
    lines = [w("back_title", day=a["day"], n=a["futures"]), "",
             f"{w('back_head'):<26}{w('back_actual'):>9}{w('back_ours'):>21}{w('back_error'):>9}"
             f"{w('back_last'):>8}  {w('back_nearer')}"]
    for s in a["summary"]["series"]:
        rows = [r for r in a["rows"] if r["series"] == s["series"]]
        lines += [_row(r, w) for r in rows]
        lines += [f"  {w('back_published', fact=p['fact']):<54}{_signed(p['error'], w):>9}"
                  f"{_recalled(p, w)}" for r in rows for p in r["published"]]
        lines += [f"  {w('back_later', fact=p['fact'], known=p['known']):<54}"
                  f"{_signed(p['error'], w):>9}{_recalled(p, w)}" for r in rows for p in r["later"]]
        base = "" if s["last_growth"] is None else percent(s['last_growth'], w.lang)
        nearer = (REBASED if s["rebased"] else "" if s["wins"] is None
                  else w("back_us") if s["wins"] else w("back_base"))
        median = w("back_median", n=s["n"])
        if s["hindsight"] is not None:
            median += w("back_hindsight", share=percent(s["hindsight"], w.lang))
        lines.append(f"  {median:<54}{percent(s['error'], w.lang):>9}{base:>8}  {nearer}".rstrip())
    t = a["summary"]
    lines += ["", *wrap(w("back_sum", nearer=t["nearer"], of=t["of"], best=t["nearer_all"],
                          of_all=t["of_all"],
                          points=t["points"], held=_held(t["reliability"], w)), indent="")]
    lines += wrap(w("back_note", lead=plain(a["parts_lead"], w.lang)), indent="")
    lines.append(w("back_facts", n=a["facts"], recalled=a["recalled"], newest=a["newest"],
                   epoch=a["epoch_rows"]))
    if t["rebased"]:
        lines += wrap(w("back_rebased", mark=REBASED, n=t["rebased"]), indent="")
    return "\n".join(lines)


def as_markdown(a: dict[str, Any]) -> str:
    """The scores of one day as a table, a line a series, the poor ones first."""
    w = Words("en")
    cell = lambda x: "" if x is None else percent(x, w.lang)  # noqa: E731
    head = ("series", "record dates the", "outcomes", "median absolute error", "with today's facts",
            "published then", "last year's growth", "log-linear", "CRPS", "inside 80 %")
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for s in a["summary"]["series"]:
        cells = [cell(s[k]) for k in ("error", "hindsight", "published", "last_growth",
                                      "log_linear", "crps", "inside")]
        if s["published"] is None and s["recalled"] is not None:
            cells[2] = f"{cell(s['recalled'])} (recalled)"
        name = w("series_" + s["series"]) + (", re-based" if s["rebased"] else "")
        named = name, w("basis_" + s["basis"]), str(s["n"])
        lines.append(f"| {' | '.join((*named, *cells))} |")
    return "\n".join(lines) + "\n"


def forecasts_markdown(a: dict[str, Any]) -> str:
    """Published forecasts of a day's outcomes beside ours; those of after the day and those that
    are recalled are marked."""
    w = Words("en")
    lines = ["| series, when | forecast | published | its error | ours, as of the day |",
             "|---|---|---|---|---|"]
    for r in a["rows"]:
        for kind in ("published", "later"):
            lines += [f"| {w('series_' + r['series'])}, {r['at']} | `{p['fact']}` | {p['known']}"
                      f"{'' if kind == 'published' else ', after the day'}"
                      f"{', recalled' if p['recalled'] else ''} | "
                      f"{_signed(p['error'], w)} | {_signed(r['error'], w)} |" for p in r[kind]]
    return "\n".join(lines) + "\n"


def revisions_markdown(done: list[dict[str, Any]]) -> str:
    """By kind of number: how many of those that were revised since lie in their range of then."""
    kinds = {"content": "what chips hold and wafers yield", "ai_share": "AI's share of logic",
             "prices": "prices and costs of lines", "capacity": "capacity a year on",
             "supply": "tools, turbines and power a year on", "books": "order books",
             "spending": "spending a year on"}
    head = ["numbers, their ranges of 90 %", *(f"from {a['day']}" for a in done)]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for rows in zip(*(a["revisions"] for a in done), strict=True):
        cells = [f"{r['inside']} of {r['n']}, by {r['factor']:.1f}" for r in rows]
        lines.append(f"| {kinds[rows[0]['group']]} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _recalled(p: dict[str, Any], w: Words) -> str:
    return f"  {w('back_recalled')}" if p["recalled"] else ""


def _held(levels: dict[str, float | None], w: Words) -> str:
    """Each interval with the share of the outcomes in it: '50 % held 20 %, 80 % held 36 %'."""
    return ", ".join(w("back_held", level=percent(float(k), w.lang), share=percent(x, w.lang))
                     for k, x in levels.items() if x is not None)


def _row(r: dict[str, Any], w: Words) -> str:
    scale, word = _scale(r["actual"], r["unit"], w)
    f = lambda x: plain(x / scale, w.lang)  # noqa: E731
    name = f"{w('series_' + r['series'])}, {r['at']}"
    ours = f"{f(r['ours'])} ({f(r['p10'])}-{f(r['p90'])})"
    last = "" if r["last_growth"] is None else _signed(r["last_growth"], w)
    nearer = (REBASED if r["rebased"] else "" if r["last_growth"] is None else
              w("back_us") if abs(r["error"]) < abs(r["last_growth"]) else w("back_base"))
    return (f"{name:<26}{f(r['actual']) + word:>9}{ours:>21}{_signed(r['error'], w):>9}"
            f"{last:>8}  {nearer}").rstrip()


def _signed(x: float, w: Words) -> str:
    return f"{'+' if x > 0 else ''}{percent(x, w.lang)}"


def _scale(x: float, unit: str, w: Words) -> tuple[float, str]:
    """Thousands, millions or billions of a unit, and the letter for it."""
    if unit.startswith("USD") and x >= 1e9:
        return 1e9, f" {billion(w.lang)}"
    if x >= 1e6:
        return 1e6, " M"
    if x >= 1e4:
        return 1e3, " k"
    return 1.0, ""
