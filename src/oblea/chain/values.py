"""Numbers of a scenario, drawn: one array for each, paths last.

A fixed number has a last axis of length one and broadcasts; an uncertain one has one value a path.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..dates import quarter_index
from ..scenario.number import OPENING
from ..uncertainty.distributions import quantile
from ..uncertainty.draws import uniforms_of

if TYPE_CHECKING:
    from ..scenario import Number, Scenario

Array = NDArray[np.float64]

# Root of time, mean of the four quarters after a day, as part of what opens over two years.
AHEAD = float(np.sqrt((np.arange(4) + 0.5) / OPENING).mean())


def in_base_dollars(sc: Scenario, year: int | None) -> float:
    """Factor from dollars of `year`, the base year where it is None, to those of the base year."""
    return 1.0 if year is None else (1.0 + (sc.deflator.value or 0.0)) ** (sc.base_year - year)


class Values:
    """Draws for a set of paths.

    paths: path numbers, shape (P,); a number may repeat, so that variants of one future are paired.
    median: every number at its median instead (the deterministic run).
    scale, at: by key, a factor (P,) on a number, or the probability (P,) whose value it takes
    instead of its draw (NaN keeps the draw).
    """

    def __init__(
        self, sc: Scenario, seed: int, paths: NDArray[np.int64], *, median: bool = False,
        scale: dict[str, Array] | None = None, at: dict[str, Array] | None = None,
    ) -> None:
        self.sc, self.seed, self.paths, self.median = sc, seed, paths, median
        self.scale, self.fixed = scale or {}, at or {}
        self._columns: dict[str, Array] = {}
        self._scalars: dict[int, tuple[Number, Array]] = {}
        self.base, self._first = quarter_index(sc.base), quarter_index(sc.start)
        c = sc.common
        self._moves = (*c.moves, *c.builds) if c else ()
        self._builds = tuple(c.builds) if c else ()
        self._day = quarter_index(sc.known_by or sc.base)

    def uniform(self, key: str) -> Array:
        """The uniform column of `key`, shape (P,); 0.5 everywhere in a deterministic run."""
        if self.median:
            return np.full(self.paths.shape, 0.5)
        if key not in self._columns:
            column = uniforms_of(self.seed, key, self.paths)
            fixed = self.fixed.get(key)
            self._columns[key] = (column if fixed is None
                                  else np.where(np.isnan(fixed), column, fixed))
        return self._columns[key]

    def scalar(self, number: Number) -> Array:
        """Shape (P,), or (1,) where the number is certain; computed once, not to be written to."""
        if id(number) not in self._scalars:  # held beside its value: the id stays its own
            self._scalars[id(number)] = number, self._scalar(number)
        return self._scalars[id(number)][1]

    def _scalar(self, number: Number) -> Array:
        factor = in_base_dollars(self.sc, number.usd_year) * self.scale.get(number.key, 1.0)
        if number.points is not None:
            return self.series(number, np.array([self._first + 0.5]))[0]
        if number.shape == "fixed" or self.median:
            return np.atleast_1d(number.value * factor)
        return factor * quantile(
            self.uniform(number.key), number.value, number.low, number.high, number.shape
        )

    def series(self, number: Number, times: Array) -> Array:
        """Shape (T, P) or (T, 1) at quarter indices `times`.

        Between points linear in time (or held, with `steps`); before the first and, without
        `then`, after the last held; with `then` growing from the last point at a drawn rate a year;
        all times one drawn multiplier between `low` and `high`, which is one until the base date.
        """
        if number.points is None:
            return np.broadcast_to(self.scalar(number), (len(times), len(self.scalar(number))))
        at, values = (np.array(column, dtype=float) for column in zip(*number.points, strict=True))
        values = values * [in_base_dollars(self.sc, year) for year in number.usd_years]
        if number.steps:
            base = values[np.maximum(np.searchsorted(at, times, side="right") - 1, 0)]
        else:
            base = np.interp(times, at, values)
        path = base[:, None]
        if number.then is not None:
            years = np.maximum(times - at[-1], 0.0)[:, None] / 4.0
            path = path * _power(1.0 + self.scalar(number.then), years)
        # History is certain: a range, or a factor, opens over two years after the base date. Errors
        # of one quarter after another add up as those of a random walk do: with the root of time.
        open_ = np.clip((np.asarray(times) - self.base) / OPENING, 0.0, 1.0)[:, None]
        if number.shape != "fixed" and not self.median:
            spread = quantile(self.uniform(number.key), 1.0, number.low, number.high, number.shape)
            path = path * _power(spread, np.sqrt(open_))
        if number.key in self.scale or number.times != 1.0:
            factor = number.times * self.scale.get(number.key, np.ones(1))
            path = path * _power(factor, open_)
        return self._common(number, path, times)

    def _common(self, number: Number, path: Array, times: Array) -> Array:
        """With the error e that forecasters share: times e^(sqrt(t / 2 years) / AHEAD) from the day
        of knowledge on, so that the mean of the year after it has e; of a stock what stood on that
        day stays."""
        if self.median or not _any(number.key, self._moves):
            return path
        years = np.clip((np.asarray(times) - self._day) / OPENING, 0.0, 1.0)[:, None]
        moved = path * _power(self.scalar(self.sc.common.error), np.sqrt(years) / AHEAD)
        if _any(number.key, self._builds):
            moved = np.maximum(moved, np.minimum(path, number.at(self._day)))
        return moved


def _any(key: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(key, p) for p in patterns)


def _power(base: Array, exponent: Array) -> Array:
    """base (P,) to the powers (T, 1): a root is taken only where the exponent is not 0 or 1."""
    out = np.where(exponent == 0.0, 1.0, base)
    some = ((exponent != 0.0) & (exponent != 1.0))[:, 0]
    out[some] = base ** exponent[some]
    return out
