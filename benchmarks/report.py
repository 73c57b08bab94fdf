"""Time and size of what a person sees, by phase: `python benchmarks/report.py`.

Each time stands beside the main futures of the same run, which is the yardstick; the targets are
2 s for the report, .3 s for the help, 20 s and 400 kB for a run with sliders on two cores.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from oblea.report.html import render
from oblea.report.share import picture
from oblea.results.store import write
from oblea.service import run


def timed(call):
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def main() -> None:
    whole, done = timed(lambda: run("seven-trillion", explore=True))
    yard = done.answer["timings"]["futures"]
    page_time, page = timed(lambda: render(done.answer, done.manifest, "en", done.explore))
    share, _ = timed(lambda: picture(done.answer))
    with tempfile.TemporaryDirectory() as folder:
        writing, _ = timed(lambda: write(done, Path(folder) / "run"))
    helped, _ = timed(lambda: subprocess.run([sys.executable, "-m", "oblea.cli.main", "--help"],
                                             check=True, capture_output=True))
    assert "grid" in page and len(done.explore["cells"]) > 50  # that what was timed was done
    print(f"{'phase':<34}{'s':>8}{'of futures':>12}")
    for name, seconds in (("1,000 futures", yard), ("whole run with sliders", whole),
                          ("report, rendered", page_time), ("picture to share", share),
                          ("whole folder, written", writing), ("oblea --help", helped)):
        print(f"{name:<34}{seconds:>8.2f}{seconds / yard:>12.2f}")
    print(f"report with sliders: {len(page.encode()) / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
