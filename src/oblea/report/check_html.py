"""An article with its numbers marked and judged in the margin: one file, escaped, no scripts."""

from __future__ import annotations

from html import escape
from typing import Any

from .check import both, reading, render, unread, why_not
from .words import Words

STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fdfdfb;--line:#bbb;--good:#17613a;
--mid:#7a5200;--bad:#9c1c1c;--none:#595959}
@media(prefers-color-scheme:dark){:root{--ink:#e8e6e1;--paper:#16171a;--line:#555;--good:#7fd1a0;
--mid:#e2b45a;--bad:#ff9a8f;--none:#a8a8a8}}
body{background:var(--paper);color:var(--ink);font:17px/1.55 Georgia,serif;margin:0 auto;
max-width:1000px;padding:2rem 1rem}
.s{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:0 2rem}
.t{white-space:pre-wrap;overflow-wrap:anywhere}
aside{font:13px/1.4 system-ui,sans-serif;overflow-wrap:anywhere}
aside p{margin:0 0 .6em;padding-left:.6em;border-left:3px solid var(--line)}
mark{background:none;color:inherit;border-bottom:3px solid var(--line)}
.holds{border-color:var(--good)!important}.partly,.outdated{border-color:var(--mid)!important}
.factor,.scale{border-color:var(--bad)!important}
.none,.unknown{border-color:var(--none)!important}
aside .unread{border-left-style:dashed}mark.unread{border-bottom-style:dashed}
footer{margin-top:2rem;font:13px system-ui,sans-serif;white-space:pre-wrap}
@media(max-width:640px){.s{display:block}aside{margin:.4em 0 1em}}
"""


def page(text: str, done: dict[str, Any], lang: str, title: str) -> str:
    """The article as a whole HTML page; each number is marked and explained beside its block."""
    words = Words(lang)
    rows, at = [], 0
    numbered = list(enumerate(done["items"], 1))
    for end in _blocks(text):
        inside = [(i, x) for i, x in numbered if at <= x["start"] < end]
        rows.append(f'<div class="s"><div class="t">{_marked(text, at, end, inside)}</div>'
                    f'<aside>{"".join(_note(i, x, lang) for i, x in inside)}</aside></div>')
        at = end
    summary = " ".join(render(done, lang).rsplit("\n\n", 1)[-1].split())
    return (f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            f"style-src 'unsafe-inline'\">"
            f"<title>{escape(words('chk_html_title'))}</title><style>{STYLE}</style></head>"
            f"<body><h1>{escape(words('chk_html_title'))}</h1><p>{escape(title)}</p><main>"
            f'{"".join(rows)}</main><footer>{escape(summary)}\n'
            f"{escape(words('chk_html_foot'))}</footer></body></html>\n")


def _blocks(text: str) -> list[int]:
    """Ends of the lines of a text: every one ends after its newline."""
    ends, at = [], 0
    for line in text.splitlines(keepends=True):
        at += len(line)
        ends.append(at)
    return ends or [0]


def _code(x: dict[str, Any]) -> str:
    """Style classes of a number; dashed where words beside it were not understood."""
    return "none" if "why" in x else x["now"]["code"] + " unread" * bool(x["unread"])


def _marked(text: str, start: int, end: int, items: list[tuple[int, dict[str, Any]]]) -> str:
    out, at = [], start
    for i, x in items:
        if x["start"] < at:  # a number judged against several quantities is marked once
            continue
        stop = min(x["end"], end)
        out.append(f'{escape(text[at:x["start"]])}<mark class="{_code(x)}">'
                   f'{escape(text[x["start"]:stop])}<sup>{i}</sup></mark>')
        at = stop
    return "".join(out) + escape(text[at:end])


def _note(i: int, x: dict[str, Any], lang: str) -> str:
    if "why" in x:
        lines = [why_not(x["why"], lang)]
    else:
        lines = [both(x, lang), *unread(x, lang), *reading(x["now"], x["quantity"], lang)]
        if x["slip"]:
            lines.append(Words(lang)("chk_slip"))
    return f'<p class="{_code(x)}"><b>{i}</b> {"<br>".join(map(escape, lines))}</p>'
