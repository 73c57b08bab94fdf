"""A finished run: scenario, answer and tables, and the forms in which people take them along."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..scenario import Scenario
    from .plot import Plot


@dataclass(frozen=True)
class Verdict:
    """The word, the joint chance, the weakest test, and the chance of each test."""

    word: str
    joint: float
    weakest: str
    chances: dict[str, float]


@dataclass(frozen=True)
class Run:
    """A scenario, its answer (plain values, JSON-able), tables for the run folder, a manifest.

    answer: what every face shows; tables: columns by name, as in the folder's Parquet files;
    explore: a grid of other plans where it was asked for; folder: where the run is kept, or None.

    >>> import oblea
    >>> run = oblea.run("stargate", paths=16, quick=True, workers=1)
    >>> run.verdict.weakest in ("absorbed", "delivered", "returned")
    True
    >>> dict(run.data.sizes)["path"]
    16
    """

    scenario: Scenario
    answer: dict[str, Any]
    tables: dict[str, dict[str, np.ndarray]] = field(repr=False)
    manifest: dict[str, Any] = field(repr=False)
    explore: dict[str, Any] | None = field(default=None, repr=False)
    folder: Path | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict; None for a world without a plan."""
        v = self.answer.get("verdict")
        if v is None:
            return None
        return Verdict(v["word"], v["joint"], v["weakest"],
                       {k: self.answer[k]["chance"] for k in ("absorbed", "delivered", "returned")})

    @cached_property
    def data(self) -> xr.Dataset:
        """Labelled arrays: quarter, path, owner and case, with units and meanings (CF)."""
        from .dataset import dataset

        return dataset(self)

    @property
    def ledger(self) -> pd.DataFrame:
        """Raisable, spendable, absorbed, delivered, returned: 5 %, median, 95 %, mean, chance."""
        import pandas as pd

        keys = [k for k in ("raisable", "spendable", "absorbed", "net_absorbed", "delivered",
                            "returned") if k in self.answer]
        columns = ["p5", "median", "p95", "mean", "chance"]
        return pd.DataFrame([[self.answer[k].get(c, np.nan) for c in columns] for k in keys],
                            index=pd.Index(keys, name="quantity"), columns=columns)

    @property
    def gap(self) -> pd.DataFrame:
        """What stops the rest, USD by group of limits; empty where it was not split."""
        import pandas as pd

        parts = self.answer.get("gap", {"parts": []})["parts"]
        columns = ["part", "se", "alone", "named"]
        return pd.DataFrame([[p[c] for c in columns] for p in parts],
                            index=pd.Index([p["key"] for p in parts], name="group"),
                            columns=columns).sort_values("part", ascending=False)

    @property
    def plot(self) -> Plot:
        """The report's charts, one by one: `run.plot.ledger()`."""
        from .plot import Plot

        return Plot(self.answer)

    def why(self, key: str) -> pd.DataFrame:
        """Mechanisms, then inputs, that move `absorbed` or `returned`: difference and error.

        Mechanisms are there after `each=True`, inputs unless the run was quick. Any other key is
        explained by `oblea.why`. Raises InputErrors for a key that is neither.
        """
        from .moves import moves

        return moves(self, key)

    def to_csv(self, folder: str | Path) -> Path:
        """Every table as a CSV file in a new folder; returns it."""
        from .export import to_csv

        return to_csv(self, Path(folder))

    def to_iamc(self, file: str | Path | None = None) -> pd.DataFrame:
        """The long table of the IAMC: model, scenario, region, variable, unit, year, value.

        Raises InputErrors where `file` exists or cannot be written.
        """
        from .export import to_file
        from .iamc import to_iamc

        table = to_iamc(self)
        if file is not None:
            to_file(table.to_csv(index=False), Path(file))
        return table

    def to_excel(self, file: str | Path, lang: str = "en") -> Path:
        """A workbook with live formulas: the gigawatt chain and one path's cash flows."""
        from .excel import to_excel

        return to_excel(self, Path(file), lang)

    def to_html(self, lang: str = "en") -> str:
        """The report as one page."""
        from ..report.html import render

        return render(self.answer, self.manifest, lang, self.explore)

    def __repr__(self) -> str:
        from ..report.notebook import plain

        return plain(self.answer)

    def _repr_html_(self) -> str:
        from ..report.notebook import rich

        return rich(self.answer, self.folder)
