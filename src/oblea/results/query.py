"""SQL over run folders: one view a table, with a column that names the run. Read only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from ..errors import InputErrors, Problem
from .folders import runs

if TYPE_CHECKING:
    import pandas as pd

VIEWS = ("paths", "series", "trajectories", "cash", "capacity")


def query(sql: str, root: Path = Path("runs")) -> pd.DataFrame:
    """The answer of one statement over the tables paths, series, trajectories, cash and capacity.

    The statement sees nothing but these: files and settings are shut off before it is read.
    Raises InputErrors for SQL that cannot be answered, or where there is no run.
    """
    found = [r for r in runs(root) if r.problem is None]
    if not found:
        raise InputErrors([Problem(str(root), None, "", "no run here; oblea run writes one")])
    with duckdb.connect() as db:
        for view in VIEWS:
            files = [(r.folder, r.folder / f"{view}.parquet") for r in found
                     if (r.folder / f"{view}.parquet").is_file()]
            if files:
                parts = [f"select {_quoted(folder.name)} as run, * from "
                         f"read_parquet({_quoted(str(file))})" for folder, file in files]
                db.execute(f"create table {view} as {' union all by name '.join(parts)}")
        db.execute("set enable_external_access=false")
        db.execute("set lock_configuration=true")
        try:
            return db.execute(sql).df()
        except (duckdb.Error, RuntimeError) as error:
            raise InputErrors([Problem("query", None, "", f"{str(error).splitlines()[0]}; tables: "
                                       f"{', '.join(VIEWS)}")]) from None


def _quoted(text: str) -> str:
    """A text as an SQL literal.

    >>> _quoted("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
