"""What moves a verdict number: mechanisms switched off, inputs moved across their range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputErrors, Problem, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from .run import Run

KEYS = {"absorbed": ("absorbed", "USD"), "returned": ("worth", "USD/USD")}


def moves(run: Run, key: str) -> pd.DataFrame:
    """Rows by size within mechanisms and inputs; the difference of the mean and its error."""
    import pandas as pd

    if key not in KEYS:
        raise InputErrors([Problem("why", None, key, "a run explains absorbed and returned; a "
                                   f"number is explained by oblea.why{did_you_mean(key, KEYS)}")])
    name, unit = KEYS[key]
    rows: list[dict[str, Any]] = []
    for m in run.answer.get("without") or ():
        d = m[key]
        if d is not None:
            rows.append({"kind": "mechanism", "name": m["mechanism"], "change": "switched off",
                         "difference": d["diff"], "se": d["se"], "unit": unit})
    for d in run.answer.get("drivers", ()):
        rows.append({"kind": "input", "name": d["key"],
                     "change": f"{d['low']:g} to {d['high']:g}"
                               + (" times" if d["series"] else f" {d['unit']}"),
                     "difference": d[name], "se": d[f"{name}_se"], "unit": unit})
    rows.sort(key=lambda r: (r["kind"] != "mechanism", -abs(r["difference"])))
    return pd.DataFrame(rows, columns=["kind", "name", "change", "difference", "se", "unit"])
