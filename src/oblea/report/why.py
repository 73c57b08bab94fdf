"""`oblea why` on a terminal."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

LABELS = {"fact": "a fact", "derived": "derived from facts", "assumption": "an assumption",
          "bare": "bare: no source and no reason"}


def render(entries: list[dict[str, Any]]) -> str:
    """Value, reason, facts and sources; a line each where there are many."""
    if len(entries) > 3:
        return "\n".join(f"{e['key']:<44} {_value(e):<32} {e['kind']}" for e in entries)
    return "\n\n".join(_one(e) for e in entries)


def _value(e: dict[str, Any]) -> str:
    if e["series"] is not None:
        points = tuple(e["series"].items())
        first, last = points[0], points[-1]
        text = f"{first[1]:g} ({first[0]}) to {last[1]:g} ({last[0]})"
        times = f", times {e['low']:g} to {e['high']:g}" if e["low"] != e["high"] else ""
        return f"{text} {e['unit']}{times}"
    spread = f" ({e['low']:g} to {e['high']:g})" if e["low"] not in (None, e["high"]) else ""
    return f"{e['value']:g}{spread} {e['unit']}"


def _one(e: dict[str, Any]) -> str:
    lines = []
    if not e.get("fact_only"):
        lines += [f"{e['key']} = {_value(e)}", f"  {LABELS[e['kind']]}, {e['place']}",
                  f"  acts through {e['through']}"]
        for word in ("how", "why"):
            if e[word]:
                lines += wrap(f"{word}: {e[word]}", 78, initial_indent="  ",
                              subsequent_indent="       ")
    for f in e["facts"]:
        spread = f" ({f['low']:g} to {f['high']:g})" if None not in (f["low"], f["high"]) else ""
        about = "; ".join(x for x in (f["basis"], f["scope"]) if x)
        lines.append(f"  {f['id']}: {f['value']:g}{spread} {f['unit']}, {f['date']}, {f['grade']}"
                     + (f" [{about}]" if about else ""))
        lines.append(f"    {f['title']} ({f['publisher']}), read {f['accessed']}")
        if f["url"]:
            lines.append(f"    {f['url']}")
        if f["note"]:
            lines += wrap(f["note"], 76, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)
