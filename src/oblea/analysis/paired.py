"""Differences between variants on the same futures, with their standard errors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def standard_error(x: Array) -> float:
    """Of the mean of x (P,); 0 where one future says nothing of it.

    >>> standard_error(np.array([1.0, 3.0])), standard_error(np.array([7.0]))
    (1.0, 0.0)
    """
    return float(x.std(ddof=1) / np.sqrt(x.size)) if x.size > 1 else 0.0


def difference(a: Array, b: Array) -> dict[str, float]:
    """Mean of a - b and its standard error, path by path.

    >>> difference(np.array([3.0, 5.0]), np.array([1.0, 1.0]))
    {'diff': 3.0, 'se': 1.0}
    """
    d = a - b
    return {"diff": float(d.mean()), "se": standard_error(d)}


def ratio_difference(a: tuple[Array, Array], b: tuple[Array, Array]) -> dict[str, float] | None:
    """Difference of two ratios of means with its standard error (linearised, paired).

    r = mean(x) / mean(y); a path's influence on r is (x - r y) / mean(y).
    """
    if not (a[1].mean() > 0 and b[1].mean() > 0):
        return None
    r, s = a[0].mean() / a[1].mean(), b[0].mean() / b[1].mean()
    d = (a[0] - r * a[1]) / a[1].mean() - (b[0] - s * b[1]) / b[1].mean()
    return {"diff": float(r - s),
            "se": standard_error(d)}
