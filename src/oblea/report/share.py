"""The picture to share: 1,200 x 630 pixels, the sentence and where the money stops.

Drawn with the fonts that come with matplotlib, for a bare machine has none.
"""

from __future__ import annotations

import textwrap
from io import BytesIO
from typing import Any

from .numbers import ENDLESS, plain, pledge, usd_beside, usd_span
from .sentence import industry, venture
from .words import Words

WIDE, HIGH, DOTS, LEFT = 1200, 630, 100, 290
INK, SOFT, ACCENT, GREY = "#1b1b1b", "#595959", "#0072b2", "#c9c9c9"
ROWS = ("pledge", "raisable", "spendable", "absorbed")


def picture(a: dict[str, Any], lang: str = "en") -> bytes:
    """PNG of a run's answer; its description holds the sentence."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    w = Words(lang)
    figure = Figure(figsize=(WIDE / DOTS, HIGH / DOTS), dpi=DOTS, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set_xlim(0, WIDE)
    page.set_ylim(HIGH, 0)
    page.axis("off")
    write = lambda x, y, text, size, **how: page.text(  # noqa: E731
        x, y, _plain(text), fontsize=size * 72 / DOTS, va="top", **({"color": INK} | how))
    head = textwrap.wrap(venture(a, w) or w("reference"), 66)
    for i, line in enumerate(head):
        write(60, 48 + 40 * i, line, 29, weight="bold")
    top = 48 + 40 * len(head) + 12
    for i, line in enumerate(textwrap.wrap(industry(a, w), 84)):
        write(60, top + 32 * i, line, 23, color=SOFT)
    if "absorbed" in a:
        _bars(a, w, page, write, top + 64)
    made = w("made_with", version=a["version"], futures=plain(a["futures"], w.lang, 9),
             seed=a["seed"])
    write(60, HIGH - 40, made, 17, color=SOFT)
    write(WIDE - 60, HIGH - 40, w("disclaimer"), 17, color=SOFT, ha="right")
    out = BytesIO()
    canvas.print_png(out, metadata={"Software": None, "Description": venture(a, w)})
    return out.getvalue()


def _bars(a: dict[str, Any], w: Words, page: Any, write: Any, top: float) -> None:
    sums = [{"median": a["pledge"]}, *(a[k] for k in ROWS[1:])]
    most = max([a["pledge"], *(s["p95"] for s in sums[1:] if s["p95"] < ENDLESS)])
    step = min((HIGH - 60 - top) / len(ROWS), 62.0)
    at = lambda x: LEFT + (WIDE - 470 - LEFT) * min(x / most, 1.0)  # noqa: E731
    for i, (name, s) in enumerate(zip(ROWS, sums, strict=True)):
        y = top + step * i
        endless = s["median"] > ENDLESS
        write(60, y + 6, w(name), 22, weight="bold")
        page.barh(y + 18, at(s["median"]) - LEFT, left=LEFT, height=26,
                  color=GREY if name == "pledge" else ACCENT)
        if "p5" in s and not endless:
            page.plot([at(s["p5"]), at(s["p95"])], [y + 18, y + 18], color=INK, lw=1.6)
        value = (w("endless") if endless else pledge(s["median"], w.lang) if name == "pledge" else
                 f"{usd_beside(s['median'], s['p5'], s['p95'], w.lang)} "
                 f"({usd_span(s['p5'], s['p95'], w.lang)})")
        write(WIDE - 60, y + 6, value, 22, ha="right")


def _plain(text: str) -> str:
    """Dollars that are dollars and not the sign of a formula."""
    return text.replace("$", r"\$")
