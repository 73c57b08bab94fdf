"""Facts, projects and shares on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .numbers import error, fixed, percent, plain
from .text import row, wrap
from .words import Words

if TYPE_CHECKING:
    from ..estimates.outlook import Outlook
    from ..evidence import Fact

BARE = 0.01  # of a verdict number's spread that a number without source or reason may carry
PROJECT, PROJECT_CELLS = 30, (10, 11, 15, 7, 7)
SHARE, SHARE_CELLS = 28, (13, 13, 13, 13)


COLUMNS = ("id", "value", "low", "high", "unit", "date", "known", "basis", "scope", "grade",
           "publisher", "url", "note", "place")


def as_row(f: Fact) -> dict[str, Any]:
    """A fact as a flat row."""
    there = {"publisher": f.source.publisher, "url": f.source.url, "place": f"{f.file}:{f.line}"}
    return {c: there[c] if c in there else getattr(f, c) for c in COLUMNS}


def found(facts: list[Fact], most: int, w: Words) -> str:
    """Facts with their units, dates and sources."""
    if not facts:
        return w("find_none")
    lines: list[str] = []
    for f in facts[:most]:
        spread = (f" ({f.low:g} {w('to')} {f.high:g})" if None not in (f.low, f.high) else "")
        about = "; ".join(x for x in (f.basis, f.scope) if x)
        lines += wrap(f"{f.id}: {f.value:g}{spread} {f.unit}, {f.date}"
                      + (f" [{about}]" if about else ""), "", "  ")
        who = f.source.publisher or ""
        lines += wrap(", ".join(x for x in (w("grade_" + f.grade), who) if x))
        if f.source.url:
            lines.append(f"  {f.source.url}")
    if len(facts) > most:
        lines += wrap(w("find_more", n=len(facts) - most), "")
    return "\n".join(lines)


def projects(rows: list[Outlook], w: Words) -> str:
    """A line a project; months against the promise and against the model's median."""
    year = lambda x: "" if x is None else f"{x:.1f}"  # noqa: E731
    lines = row(w("proj_head"), [w("proj_promised"), w("proj_now"), w("proj_model"),
                                 w("proj_late"), w("proj_error")], PROJECT, PROJECT_CELLS)
    for r in rows:
        now = year(r.now) + ("" if r.opened or r.now is None else "*")
        lines += row(f"{r.company} {r.site}, {r.country}",
                     [year(r.promised), now,
                      f"{r.p10:.1f}-{r.p90:.1f}{'!' if r.held is False else ' '}",
                      "" if r.late is None else f"{r.late:+.0f}",
                      "" if r.error is None else f"{r.error:+.0f}"], PROJECT, PROJECT_CELLS)
    done = [r for r in rows if r.held is not None]
    held = sum(bool(r.held) for r in done)
    apart = [r for r in done if r.cause != "sponsor"]
    opened = [r for r in done if r.opened]
    return "\n".join([*lines, *wrap(w("proj_note", n=len(done), opened=len(opened),
                                      past=len(done) - len(opened), open=len(rows) - len(done),
                                      held=held, apart=len(apart),
                                      held_apart=sum(bool(r.held) for r in apart)), "")])


def shares(a: dict[str, Any], w: Words) -> str:
    """Grades by outcome, and the numbers that matter most with where their range comes from."""
    names = list(a["outcomes"])
    lines = row(w("share_head"), [w(f"share_{n}") for n in names], SHARE, SHARE_CELLS)
    for g in next(iter(a["outcomes"].values()))["grades"]:
        cells = [_share(a["outcomes"][n]["grades"][g], a["outcomes"][n]["se"][g], w)
                 for n in names]
        lines += row(f"  {_known(g, w)}", cells, SHARE, SHARE_CELLS)
    lines += row(f"  {w('share_rest')}", [percent(a["outcomes"][n]["rest"], w.lang, 2)
                                          for n in names], SHARE, SHARE_CELLS)
    lines += ["", w("share_first")]
    for x in a["first"]:
        lines += row(f"  {x['key']}", [percent(x["share"], w.lang, 2), _known(x["grade"], w),
                                       w(f"share_{x['range']}")], 32, (8, 24, 16))
    return "\n".join([*lines, *wrap(w("share_note", n=plain(a["futures"], w.lang, 9)), "")])


def _known(grade: str, w: Words) -> str:
    kind = {"assumption": "share_assumed", "bare": "share_bare"}.get(grade)
    return w(kind) if kind else w(f"grade_{grade}")


def _share(x: float, se: float, w: Words) -> str:
    """A share in per cent with its error; one that noise could give is below twice that."""
    if x < max(2 * se, 5e-4):
        return fixed(0, 0, w.lang) + " %" if se == 0 else f"< {fixed(200 * se, 1, w.lang)} %"
    return f"{error(100 * x, 100 * se, w.lang, 0)} %"
