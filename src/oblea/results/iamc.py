"""The long table of the Integrated Assessment Modeling Consortium, by year: stocks at year's end,
flows summed, prices averaged; mean over futures, and the 5th and 95th percentile beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..simulate.variables import VARIABLES
from .dataset import OWNERS

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from .run import Run

NAMES = {  # variable -> name in the hierarchy of the IAMC, unit there, factor
    "gw": ("Compute|Facility Power", "GW", 1.0),
    "h100e": ("Compute|In Service", "million H100e", 1e-6),
    "price": ("Price|Compute", "USD/H100e/hour", 1.0),
    "spent": ("Programme|Investment|Capital", "billion USD/yr", 1e-9),
    "outside": ("Programme|Investment|Outside Money", "billion USD/yr", 1e-9),
    "revenue": ("Programme|Revenue", "billion USD/yr", 1e-9),
    "free": ("Programme|Cash Flow|Unlevered", "billion USD/yr", 1e-9),
}
SCENARIOS = {"with": "", "without": " without the plan"}


def to_iamc(run: Run) -> pd.DataFrame:
    """Columns model, scenario, region, variable, unit, year, value."""
    import pandas as pd

    data, rows = run.data, []
    for name, (label, unit, factor) in NAMES.items():
        x = data[name]
        for case in ("with", "without") if "case" in x.dims else ("with",):
            of_case = x.sel(case=case) if "case" in x.dims else x
            for owner in OWNERS if "owner" in of_case.dims else ("",):
                values = of_case.sel(owner=owner) if owner else of_case
                if not bool(np.isfinite(values).all()):
                    continue
                who = {"world": "World|", "programme": "Programme|", "": ""}[owner]
                by_year = _yearly(values, VARIABLES[name].kind) * factor
                for suffix, quantile in (("", None), ("|5th", 0.05), ("|95th", 0.95)):
                    shown = (by_year.mean("path") if quantile is None
                             else by_year.quantile(quantile, "path"))
                    rows += [(f"Oblea {run.answer['version']}",
                              run.answer["scenario"] + SCENARIOS[case], "World",
                              f"{who}{label}{suffix}", unit, int(y), float(v))
                             for y, v in zip(by_year["year"].values, shown.values, strict=True)]
    return pd.DataFrame(rows, columns=["model", "scenario", "region", "variable", "unit", "year",
                                       "value"])


def _yearly(x: xr.DataArray, kind: str) -> xr.DataArray:
    years = x.groupby(x["time"].dt.year)
    return (years.sum("quarter") if kind == "flow" else years.mean("quarter") if kind == "price"
            else years.last())
