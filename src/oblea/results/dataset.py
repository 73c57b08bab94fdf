"""A run as labelled arrays, with units and meanings from the one table of variables.

dims: case (with, without), owner (world, programme), quarter, path. Attributes follow the CF
conventions: `units` and `long_name` on each variable; `time` is the last day of a quarter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..dates import quarter_index
from ..simulate.variables import VARIABLES

if TYPE_CHECKING:
    import xarray as xr

    from .run import Run

OWNERS = ("world", "programme")
SCALARS = {
    "raisable_usd": ("USD", "what funders could pay in over the term"),
    "spendable_usd": ("USD", "outside money spent by the end of the term, were it certain"),
    "absorbed_usd": ("USD", "outside money spent by the end of the term"),
    "delivered": ("", "gigawatts filled, or wafer starts a month, by the end of the term"),
    "additional_h100e": ("H100e", "compute that the world would not have without the plan"),
    "programme_h100e": ("H100e", "compute of the programme in service at the end of the term"),
    "npv_usd": ("USD", "net present value at the hurdle, in the first quarter's dollars"),
    "worth": ("USD/USD", "value now of a dollar spent"),
}


def dataset(run: Run) -> xr.Dataset:
    """Headline variables by quarter and path, outcomes by path."""
    import xarray as xr

    t, scalars = run.tables["trajectories"], run.tables["paths"]
    quarters, paths = list(dict.fromkeys(t["quarter"].tolist())), scalars["path"]
    shape = (len(quarters), len(paths))
    fields: dict[str, list[tuple[str, str, np.ndarray]]] = {}
    for column, values in t.items():
        if column not in ("quarter", "path"):
            case, owner, name = column.split(".")
            fields.setdefault(name, []).append((case, owner, np.asarray(values).reshape(shape)))
    out: dict[str, Any] = {name: _variable(name, found) for name, found in fields.items()}
    for name, values in scalars.items():
        if name in SCALARS:
            unit, meaning = SCALARS[name]
            unit = unit or run.answer.get("delivered", {}).get("unit", "GW")
            out[name] = (("path",), np.asarray(values), {"units": unit, "long_name": meaning})
    if "capacity" in run.tables:
        out["capacity"] = _capacity(run.tables["capacity"], quarters)
    ends = np.array([_end(q) for q in quarters], "datetime64[ns]")
    return xr.Dataset(out, coords={
        "quarter": ("quarter", quarters, {"long_name": "calendar quarter"}),
        "time": ("quarter", ends, {"long_name": "end of the quarter", "standard_name": "time"}),
        "path": ("path", paths, {"long_name": "number of the future"}),
        "owner": ("owner", list(OWNERS)), "case": ("case", ["with", "without"])},
        attrs={"Conventions": "CF-1.11", "title": run.answer["title"]["en"],
               "source": f"Oblea {run.answer['version']}",
               "history": f"scenario {run.answer['scenario']}, seed {run.answer['seed']}",
               "comment": f"dollars of {run.answer['base_year']}"})


def _capacity(t: dict[str, np.ndarray], quarters: list[str]) -> Any:
    """Finished capacity, mean over futures; NaN where a stage has no row in a region."""
    import pandas as pd

    frame = pd.DataFrame(t)
    array = frame.set_index(["owner", "stage", "region", "quarter"])["mean"].to_xarray()
    array = array.reindex(owner=list(OWNERS), quarter=quarters)
    array.attrs = {"units": "wspm for fabs, GW for halls and power",
                   "long_name": f"{VARIABLES['capacity'].meaning}, mean over futures"}
    return array


def _variable(name: str, found: list[tuple[str, str, np.ndarray]]) -> Any:
    """Cases and owners as dimensions where there is more than one; what is not there is NaN."""
    about = VARIABLES[name]
    attributes = {"units": about.unit or "1", "long_name": about.meaning, "kind": about.kind}
    shape = found[0][2].shape
    owned, cased = "owner" in about.dimensions, len({c for c, _, _ in found}) > 1
    whole = np.full((2, 2, *shape), np.nan)
    for case, owner, values in found:
        whole[int(case == "without"), int(owner == "programme")] = values
    if not owned:
        whole = whole[:, :1] if np.isfinite(whole[0, 0]).any() else whole[:, 1:]
    dims = ["case", "owner", "quarter", "path"]
    if not owned:
        whole, dims = whole[:, 0], ["case", "quarter", "path"]
    if not cased:
        whole, dims = whole[0], dims[1:]
    return tuple(dims), whole, attributes


def _end(quarter: str) -> str:
    """The last day of a quarter.

    >>> _end("2027Q1"), _end("2027Q4")
    ('2027-03-31', '2027-12-31')
    """
    quarter_index(quarter)  # that it is one
    year, n = int(quarter[:4]), int(quarter[-1])
    return f"{year}-{('03-31', '06-30', '09-30', '12-31')[n - 1]}"
