"""The reliability of intervals as a picture: the level they state against the share they held.

A small SVG of its own, since a face needs no more: it follows the reader's light or dark scheme and
says in words what it shows.
"""

from __future__ import annotations

from html import escape
from typing import Any

from .numbers import percent
from .words import Words

SIZE, LEFT, TOP = 360, 72, 72  # of the square plot, and what lies before it
WIDTH, BELOW = LEFT + SIZE + 28, 74  # and after it, the legend
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
STYLE = """
.page{fill:#fff}.ink{fill:#1d2430}.soft{fill:#5a6473}.grid{stroke:#e3e7ec}
.ideal{stroke:#8a94a3;stroke-width:1.5;stroke-dasharray:2 4}
.d0{stroke:#1f6fb2;fill:#1f6fb2}.d1{stroke:#b4541a;fill:#b4541a}.d2{stroke:#3b7d3a;fill:#3b7d3a}
.all{stroke:#1d2430;fill:#1d2430}
@media (prefers-color-scheme:dark){
.page{fill:#12161c}.ink{fill:#e8ebef}.soft{fill:#a3adba}.grid{stroke:#2a313b}.ideal{stroke:#7d8896}
.d0{stroke:#6cb2ec;fill:#6cb2ec}.d1{stroke:#f0975a;fill:#f0975a}.d2{stroke:#86c784;fill:#86c784}
.all{stroke:#e8ebef;fill:#e8ebef}}
text{font:13px system-ui,sans-serif;stroke:none}.t{font-size:15px;font-weight:600}
.line{fill:none;stroke-width:2}.line.all{stroke-width:3;stroke-dasharray:7 4}
"""


def picture(done: list[dict[str, Any]], all_days: list[list[float]], lang: str = "en") -> str:
    """SVG of the curve of each day and, with more than one, of all days together.

    done: answers of `backtests`; all_days: (level, share held) over all of them.
    """
    w = Words(lang)
    pc = lambda x: percent(x, w.lang)  # noqa: E731
    lines = [(f"d{i % 3}", a["day"], a["summary"]["points"], a["summary"]["curve"])
             for i, a in enumerate(done)]
    if len(done) > 1:
        lines.append(("all", w("rel_all"), sum(n for _, _, n, _ in lines), all_days))
    said = [w("rel_line", name=name, n=n, held=", ".join(
        w("back_held", level=pc(x), share=pc(y)) for x, y in curve if x in (0.5, 0.8, 0.95)))
        for _, name, n, curve in lines]
    body = [_axes(w), *(_curve(cls, curve) for cls, _, _, curve in lines)]
    for i, (cls, name, n, _) in enumerate(lines):
        y = TOP + SIZE + BELOW + 20 * i
        body.append(f'<path class="line {cls}" d="M{LEFT} {y}h32"/>'
                    f'<text class="ink" x="{LEFT + 42}" y="{y + 4}">'
                    f'{escape(w("rel_legend", name=name, n=n))}</text>')
    height = TOP + SIZE + BELOW + 20 * len(lines)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="t d" '
            f'lang="{w.lang}">\n<title id="t">{escape(w("rel_title"))}</title>\n'
            f'<desc id="d">{escape(" ".join([*said, w("rel_read")]))}</desc>\n'
            f"<style>{STYLE}</style>\n"
            f'<rect class="page" width="{WIDTH}" height="{height}"/>\n'
            f'<text class="ink t" x="16" y="28">{escape(w("rel_title"))}</text>\n'
            f'<text class="soft" x="16" y="50">{escape(w("rel_read"))}</text>\n'
            + "\n".join(body) + "\n</svg>\n")


def _at(level: float, share: float) -> str:
    return f"{LEFT + SIZE * level:.1f} {TOP + SIZE * (1.0 - share):.1f}"


def _axes(w: Words) -> str:
    out = []
    for x in TICKS:
        label = percent(x, w.lang)
        out += [f'<path class="grid" d="M{_at(x, 0)}V{TOP}M{_at(0, x)}H{LEFT + SIZE}"/>',
                f'<text class="soft" text-anchor="middle" x="{LEFT + SIZE * x:.0f}" '
                f'y="{TOP + SIZE + 20}">{label}</text>',
                f'<text class="soft" text-anchor="end" x="{LEFT - 8}" '
                f'y="{TOP + SIZE * (1 - x) + 4:.0f}">{label}</text>']
    out += [f'<path class="ideal" d="M{_at(0, 0)}L{_at(1, 1)}"/>',
            f'<text class="ink" text-anchor="middle" x="{LEFT + SIZE // 2}" '
            f'y="{TOP + SIZE + 46}">{escape(w("rel_x"))}</text>',
            f'<text class="ink" text-anchor="middle" '
            f'transform="translate(20 {TOP + SIZE // 2}) rotate(-90)">{escape(w("rel_y"))}</text>']
    return "\n".join(out)


def _curve(cls: str, curve: list[list[float]]) -> str:
    path = "L".join(_at(x, y) for x, y in curve)
    dots = "".join('<circle class="{}" r="3" cx="{}" cy="{}"/>'.format(cls, *_at(x, y).split())
                   for x, y in curve)
    return f'<path class="line {cls}" d="M{path}"/>{dots}'
