"""What stands in a folder of runs: each run's headline, or what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputErrors, Problem
from .store import read


@dataclass(frozen=True)
class Listed:
    """A run folder: what it holds, or the problem with it. Empty where it does not apply."""

    folder: Path
    written: float
    scenario: str = ""
    futures: int = 0
    seed: int = 0
    word: str = ""
    absorbed: float | None = None
    problem: str | None = None


def runs(root: Path = Path("runs")) -> list[Listed]:
    """Every folder under `root`, oldest first; left-overs of a killed run have a leading dot and
    are named as such. Raises InputErrors where there is no such folder."""
    if not root.is_dir():
        raise InputErrors([Problem(str(root), None, "", "no such folder; oblea run writes one")])
    found = [_listed(p) for p in root.iterdir() if p.is_dir()]
    return sorted(found, key=lambda r: (r.written, r.folder.name))


def _listed(folder: Path) -> Listed:
    written = folder.stat().st_mtime
    if folder.name.startswith("."):
        return Listed(folder, written, problem="left over from a run that was killed; it can be "
                                               "deleted")
    try:
        read(folder)
        a = json.loads((folder / "answer.json").read_text("utf-8"))
        return Listed(folder, written, a["scenario"], a["futures"], a["seed"],
                      a.get("verdict", {}).get("word", ""),
                      a.get("absorbed", {}).get("median"))
    except InputErrors as error:
        return Listed(folder, written, problem=error.problems[0].message)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Listed(folder, written, problem=f"cannot be read: {error}")
