"""Least squares with t intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line: coefficients, their standard errors, residual spread, degrees of freedom."""

    coef: NDArray[np.float64]
    se: NDArray[np.float64]
    spread: float
    df: int
    serial: float
    """Autocorrelation of residuals at one step, none where it is negative or cannot be judged."""

    def interval(self, i: int, p: float = 0.9) -> tuple[float, float]:
        """Coefficient i +- t se sqrt((1 + r) / (1 - r)): residuals that hang together count less.

        r is :attr:`serial`; the factor is that of a first-order autoregression's effective n.
        """
        half = self._t(p) * self.se[i] * np.sqrt((1 + self.serial) / (1 - self.serial))
        return float(self.coef[i] - half), float(self.coef[i] + half)

    def one_step(self, i: int, p: float = 0.9) -> tuple[float, float]:
        """Coefficient i +- t sqrt(se^2 + s^2): with the residual that a further point has."""
        half = self._t(p) * np.hypot(self.se[i], self.spread)
        return float(self.coef[i] - half), float(self.coef[i] + half)

    def _t(self, p: float) -> float:
        return float(stdtrit(self.df, 0.5 + p / 2))


def least_squares(columns: ArrayLike, y: ArrayLike, *, serial: bool = False) -> Line:
    """y = X b + e by least squares; s^2 = e'e / (n - k), se^2 = s^2 diag((X'X)^-1).

    ``serial`` says that rows are in order of time, so that neighbouring residuals may be compared;
    below six rows they are not.

    >>> line = least_squares([[1, 0], [1, 1], [1, 2], [1, 3]], [1, 3, 5, 7])
    >>> [round(float(b), 9) for b in line.coef], line.df
    ([1.0, 2.0], 2)
    """
    x, y = np.asarray(columns, float), np.asarray(y, float)
    df = x.shape[0] - x.shape[1]
    if df < 1 or np.linalg.matrix_rank(x) < x.shape[1]:
        raise ValueError(f"{x.shape[0]} rows do not fix {x.shape[1]} coefficients and a spread")
    inverse = np.linalg.inv(x.T @ x)
    coef = inverse @ (x.T @ y)
    e = y - x @ coef
    s2 = float(e @ e) / df
    r = 0.0
    if serial and e.size >= 6 and e @ e > 0:
        r = float(np.clip(e[1:] @ e[:-1] / (e @ e), 0.0, 0.9))
    return Line(coef, np.sqrt(s2 * np.diag(inverse)), float(np.sqrt(s2)), df, r)


def by_time(when: ArrayLike, value: ArrayLike, owner: list[str] | None = None) -> Line:
    """ln value = a_owner + g when + e, with g first; each owner has a level of its own.

    >>> import numpy as np
    >>> g = by_time([0, 1, 2, 3], 5 * np.exp(0.3 * np.arange(4))).coef[0]
    >>> round(float(g), 9)
    0.3
    """
    owner = owner or [""] * np.size(when)
    level = [[float(o == name) for name in sorted(set(owner))] for o in owner]
    columns = np.column_stack([when, np.array(level)])
    return least_squares(columns, np.log(value), serial=len(set(owner)) == 1)


def percent(growth: float) -> float:
    """A logarithmic rate as a change in percent.

    >>> round(percent(0.6931471805599453), 9)
    100.0
    """
    return 100.0 * float(np.expm1(growth))
