"""Run folders: Parquet tables, the answer, the scenario's text, a manifest with digests.

A folder appears whole or not at all: it is written beside its final place and renamed. Nothing is
overwritten: a second run of the same name gets -2, -3, ...
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import yaml

from ..errors import InputErrors, Problem

if TYPE_CHECKING:
    from .run import Run

FORMAT = 2


def write(run: Run, out: Path | None = None, root: Path = Path("runs"), lang: str = "en") -> Path:
    """Write a run with its report in `lang`; returns the folder. Raises InputErrors where it cannot
    be written."""
    target = out or root / f"{run.scenario.name}-{run.answer['seed']}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputErrors([Problem(str(target), None, "", "cannot be written: "
                                   f"{error.strerror}; choose a folder with --out")]) from None
    try:
        _fill(work, run)
        _report(work, run, lang)
        os.chmod(work, 0o755)
        return _place(work, target, free=out is None)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise


def _place(work: Path, target: Path, free: bool) -> Path:
    place, n = target, 1
    while True:
        if not place.exists():
            os.rename(work, place)
            return place
        if not free:
            raise InputErrors([Problem(str(target), None, "", "exists already; nothing was "
                                       "changed; choose another folder with --out")])
        n += 1
        place = target.with_name(f"{target.name}-{n}")


def _fill(folder: Path, run: Run) -> None:
    digests = {}
    with duckdb.connect() as db:
        for name, columns in run.tables.items():
            path = folder / f"{name}.parquet"
            held = {k: v for k, v in columns.items()}
            db.register("held", held)
            db.execute(f"copy (select * from held) to '{str(path).replace(chr(39), chr(39) * 2)}'"
                       " (format parquet)")
            db.unregister("held")
            digests[path.name] = _digest(path)
    (folder / "answer.json").write_text(json.dumps(run.answer, indent=1, ensure_ascii=False),
                                        "utf-8")
    (folder / "scenario.yaml").write_text(
        yaml.safe_dump(run.scenario.document, allow_unicode=True, sort_keys=False), "utf-8")
    for name in ("answer.json", "scenario.yaml"):
        digests[name] = _digest(folder / name)
    _manifest(folder, {"format": FORMAT, **run.manifest, "contents": digests})


def _report(folder: Path, run: Run, lang: str) -> None:
    """The page and the picture to share, for people."""
    from ..report.html import render
    from ..report.share import picture

    page = render(run.answer, run.manifest, lang, run.explore)
    (folder / "report.html").write_text(page, "utf-8")
    (folder / "share.png").write_bytes(picture(run.answer, lang))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in ("report.html", "share.png"):
        manifest["contents"][name] = _digest(folder / name)
    _manifest(folder, manifest)


def _manifest(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False),
                                          "utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder, its contents checked; InputErrors where it is no run."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        contents = manifest["contents"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputErrors([Problem(str(folder), None, "", "no run folder: expected a "
                                   "manifest.json written by oblea run")]) from None
    if manifest.get("format") != FORMAT:
        raise InputErrors([Problem(str(folder), None, "", f"written in format "
                                   f"{manifest.get('format')!r}; this version reads {FORMAT}; run "
                                   "the scenario again")])
    bad = [n for n, d in contents.items()
           if not (folder / n).is_file() or _digest(folder / n) != d]
    InputErrors.raise_if([Problem(str(folder / n), None, "", "missing or changed since it was "
                                  "written") for n in bad])
    return manifest


def open(folder: str | Path) -> Run:
    """A run from its folder: answer and tables as they were written, the scenario read again.

    Raises InputErrors where it is no run, was changed, or was written by another format.
    """
    from ..scenario import load
    from .run import Run

    folder = Path(folder)
    manifest = read(folder)
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    tables = {name.removesuffix(".parquet"): _table(folder / name)
              for name in manifest["contents"] if name.endswith(".parquet")}
    return Run(load(str(folder / "scenario.yaml")), answer, tables, manifest, folder=folder)


def _table(path: Path) -> dict[str, Any]:
    with duckdb.connect() as db:
        return dict(db.execute("select * from read_parquet(?)", [str(path)]).fetchnumpy())
