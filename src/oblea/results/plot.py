"""A run's charts one by one: `run.plot.ledger()`, `run.plot.fits("es")`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputErrors, Problem, did_you_mean

NAMES = ("ledger", "tests", "fits", "world", "added", "levers", "calendar", "flow", "worth",
         "price", "books", "regions", "needed")


@dataclass(frozen=True)
class Picture:
    """An SVG that a notebook shows and `save` writes."""

    svg: str

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, file: str | Path) -> Path:
        """Write it to a new file. Raises InputErrors where that exists or cannot be written."""
        file = Path(file)
        try:
            with file.open("x", encoding="utf-8") as place:
                place.write(self.svg)
        except FileExistsError:
            raise InputErrors([Problem(str(file), None, "", "exists already; nothing was changed")
                               ]) from None
        except OSError as error:
            raise InputErrors([Problem(str(file), None, "", f"cannot be written: {error.strerror}")
                               ]) from None
        return file


@dataclass(frozen=True)
class Plot:
    """The charts of an answer, each a method that takes the language."""

    answer: dict[str, Any]

    def __getattr__(self, name: str) -> Callable[..., Picture]:
        if name not in NAMES:
            raise AttributeError(f"no chart {name!r}; there are {', '.join(NAMES)}"
                                 f"{did_you_mean(name, NAMES)}")

        def draw(lang: str = "en") -> Picture:
            from ..report.html.page import chart

            svg = chart(self.answer, name, lang)
            if svg is None:
                raise InputErrors([Problem("plot", None, name, "this run has nothing to show "
                                           "there; it was quick, or has no plan")])
            return Picture(svg)

        return draw

    def __dir__(self) -> list[str]:
        return list(NAMES)
