"""Scenarios compared, as plain values and as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """answer: what `oblea compare --json` prints; the first scenario is the base of all others."""

    answer: dict[str, Any] = field(repr=False)

    @property
    def outcomes(self) -> pd.DataFrame:
        """A row an outcome and scenario: first, second, difference, error, 90 % of futures."""
        import pandas as pd

        rows = [{"scenario": p["scenario"], "outcome": k, **x} for p in self.answer["pairs"]
                for k, x in p["outcomes"].items()]
        return pd.DataFrame(rows).set_index(["scenario", "outcome"])

    @property
    def inputs(self) -> pd.DataFrame:
        """A row a changed key: what stood there first and second."""
        import pandas as pd

        return pd.DataFrame([{"scenario": p["scenario"], **x} for p in self.answer["pairs"]
                             for x in p["inputs"]],
                            columns=["scenario", "key", "section", "first", "second"])

    @property
    def parts(self) -> pd.DataFrame:
        """A row a change: its part of the difference in absorbed, delivered, returned."""
        import pandas as pd

        return pd.DataFrame([{"scenario": p["scenario"], "change": r["group"],
                              **{k: r[k]["part"] for k in ("absorbed", "delivered", "returned")}}
                             for p in self.answer["pairs"] for r in p["parts"]])

    def __repr__(self) -> str:
        from ..report.compare import render

        return render(self.answer)
