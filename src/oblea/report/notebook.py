"""What a run says of itself in a console or a notebook: the sentence and the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from . import readout
from .html.tables import ledger
from .sentence import industry, venture
from .words import Words


def plain(a: dict[str, Any], lang: str = "en") -> str:
    """Verdict and ledger, as on a terminal."""
    return readout.render_head(a, lang)


def rich(a: dict[str, Any], folder: Path | None, lang: str = "en") -> str:
    """The sentence, the industry's, the ledger as a table, and where the report is."""
    w = Words(lang)
    parts = [Markup("<p><b>{}</b></p>").format(venture(a, w) or w("reference"))]
    if industry(a, w):
        parts.append(Markup("<p>{}</p>").format(industry(a, w)))
    table = ledger(a, w)
    if table is not None:
        head = Markup("").join(Markup("<th>{}</th>").format(h) for h in table.head)
        rows = Markup("").join(
            Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(c)
                                                         for c in r)) for r in table.rows)
        parts.append(Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
            head, rows))
    if folder is not None:
        parts.append(Markup("<p>{}</p>").format(w("report", file=folder / "report.html")))
    return str(Markup("\n").join(parts))
