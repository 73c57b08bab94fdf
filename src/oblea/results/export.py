"""A run as CSV files: every table, the ledger, the gap and the drivers."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputErrors, Problem

if TYPE_CHECKING:
    from .run import Run


def to_file(text: str, file: Path) -> Path:
    """A new text file, whole or not at all. Raises InputErrors where it exists or cannot be made.

    >>> to_file("x", Path("no") / "such" / "folder.csv")
    Traceback (most recent call last):
    ...
    oblea.errors.InputErrors: no/such/folder.csv: cannot be written: No such file or directory
    """
    if file.exists():
        raise InputErrors([Problem(str(file), None, "", "exists already; nothing was changed")])
    work = file.with_name(f".{file.name}.part")
    try:
        work.write_text(text, "utf-8")
        return work.rename(file)
    except OSError as error:
        raise InputErrors([Problem(str(file), None, "", f"cannot be written: {error.strerror}")
                           ]) from None
    finally:
        work.unlink(missing_ok=True)


def to_csv(run: Run, folder: Path) -> Path:
    """A new folder, whole or not at all. Raises InputErrors where it exists or cannot be made."""
    import pandas as pd

    if folder.exists():
        raise InputErrors([Problem(str(folder), None, "", "exists already; nothing was changed")])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputErrors([Problem(str(folder), None, "", f"cannot be written: {error.strerror}")
                           ]) from None
    try:
        for name, columns in run.tables.items():
            pd.DataFrame(columns).to_csv(work / f"{name}.csv", index=False)
        run.ledger.to_csv(work / "ledger.csv")
        if len(run.gap):
            run.gap.to_csv(work / "gap.csv")
        if run.answer.get("drivers"):
            pd.DataFrame(run.answer["drivers"]).drop(columns="source").to_csv(
                work / "drivers.csv", index=False)
        work.chmod(0o755)
        return work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
