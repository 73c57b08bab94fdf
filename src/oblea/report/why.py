"""`oblea why` on a terminal: value, method, facts with their origin, who else uses them, effect."""

from __future__ import annotations

from typing import Any

from .numbers import error
from .text import WIDTH, wrap
from .words import Words, catalogue

MANY, USERS, ROWS = 3, 8, 12


def render(entries: list[dict[str, Any]], lang: str = "en") -> str:
    """All there is of a few numbers; a line each where there are many."""
    w = Words(lang)
    if len(entries) > MANY:
        return "\n".join(line for e in entries for line in _short(e, w))
    return "\n\n".join("\n".join(_one(e, w)) for e in entries)


def _short(e: dict[str, Any], w: Words) -> list[str]:
    """A number on a line, or on two where it is long."""
    value, kind = _value(e, w), w("why_" + e["kind"])
    line = f"{e['key']:<40} {value:<22} {kind}"
    return [line] if len(line) <= WIDTH else [e["key"], *wrap(f"{value}, {kind}", "    ")]


def _value(e: dict[str, Any], w: Words) -> str:
    if e["series"] is not None:
        points = tuple(e["series"].items())
        (from_, first), (to, last) = points[0], points[-1]
        text = w("why_series", first=f"{first:g}", from_=from_, last=f"{last:g}", to=to)
        times = ("" if e["low"] == e["high"] else
                 w("why_times", low=f"{e['low']:g}", high=f"{e['high']:g}"))
        return f"{text} {e['unit']}{times}"
    spread = (f" ({e['low']:g} {w('to')} {e['high']:g})"
              if e["low"] not in (None, e["high"]) else "")
    return f"{e['value']:g}{spread} {e['unit']}"


def _one(e: dict[str, Any], w: Words) -> list[str]:
    lines: list[str] = []
    if not e.get("fact_only"):
        lines += wrap(f"{e['key']} = {_value(e, w)}", "", "  ")
        lines += wrap(f"{w('why_' + e['kind'])}, {e['place']}")
        if f"through_{e['section']}" in catalogue():
            lines += wrap(w("why_through", what=w(f"through_{e['section']}")), "  ", "    ")
        for word in ("how", "why"):
            if e[word]:
                lines += wrap(w("why_how" if word == "how" else "why_reason", text=e[word]), "  ",
                              "    ")
    lines += _fit(e, w)
    if not e.get("fact_only"):
        lines += _effect(e, w)
    for f in e["facts"]:
        lines += _fact(f, w)
    return lines


def _fit(e: dict[str, Any], w: Words) -> list[str]:
    x = e["estimate"]
    if x is None:
        return []
    text = w("why_estimate", name=x["name"], method=x["method"], value=f"{x['value']:.3g}",
             low=f"{x['low']:.3g}", high=f"{x['high']:.3g}", unit=x["unit"], rows=x["rows"],
             newest=x["newest"], n=x["rows"])
    lines = wrap(f"{text}. {x['caveat']}".rstrip(". ") + ".", "  ", "    ")
    rows = [f for f in x["facts"] if ":" in f]  # facts have lines of their own
    if rows:
        more = f" … (+{len(rows) - ROWS})" if len(rows) > ROWS else ""
        lines += wrap(w("why_rows", rows=", ".join(rows[:ROWS]) + more), "    ", "      ")
    return lines


def _effect(e: dict[str, Any], w: Words) -> list[str]:
    x = e["effect"]
    if x is None:
        return wrap(w("why_certain")) if e["certain"] else []
    cell = lambda k, scale, places: error(  # noqa: E731
        x[k]["diff"] / scale, x[k]["se"] / scale, w.lang, places, signed=True)
    return wrap(w("why_effect", n=x["futures"], absorbed=cell("absorbed", 1e9, 0),
                  delivered=f"{cell('delivered', 1.0, 1)} {x['unit']}",
                  returned=cell("returned", 0.01, 1)), "  ", "    ")


def _fact(f: dict[str, Any], w: Words) -> list[str]:
    spread = (f" ({f['low']:g} {w('to')} {f['high']:g})" if None not in (f["low"], f["high"])
              else "")
    about = "; ".join(x for x in (f["basis"], f["scope"]) if x)
    lines = wrap(f"{f['id']}: {f['value']:g}{spread} {f['unit']}, {f['date']}, "
                 f"{w('grade_' + f['grade'])}" + (f" [{about}]" if about else ""), "  ", "    ")
    if f["url"]:
        who = ("" if f["measured_by"] == f["read_in"] else
               w("why_measured", who=f["measured_by"], where=f["read_in"]) + ": ")
        lines += wrap(f"{who}{f['title']} ({f['publisher']}), {w('why_read', day=f['accessed'])}",
                      "    ")
        lines.append(f"    {f['url']}")
    if "/" in f["place"]:  # laid over ours
        lines.append(f"    {w('why_own', place=f['place'])}")
    if f["note"]:
        lines += wrap(f["note"], "    ")
    if f["users"]:
        shown = ", ".join(f["users"][:USERS]) + (" …" if len(f["users"]) > USERS else "")
        lines += wrap(w("why_users", keys=shown), "    ", "      ")
    return lines
