"""The mean of some observations, and where one further would lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import stdtrit


def further(values: Sequence[float], ones: float = 1.0) -> tuple[float, float, float]:
    """Mean m and 90 % for one further observation: m -+ t s sqrt(ones + 1 / n), t on n - 1 degrees
    of freedom; with ones = 0 the interval of the mean.

    By hand: 1, 2, 3: s = 1, t = 2.920, so that 2 -+ 2.920 sqrt(4 / 3).

    >>> [round(x, 2) for x in further([1, 2, 3])], [round(x, 2) for x in further([1, 2, 3], 0)]
    ([2.0, -1.37, 5.37], [2.0, 0.31, 3.69])
    """
    x = np.asarray(values, dtype=float)
    reach = stdtrit(x.size - 1, 0.95) * x.std(ddof=1) * np.sqrt(ones + 1.0 / x.size)
    return float(x.mean()), float(x.mean() - reach), float(x.mean() + reach)
