"""From a uniform draw to a value: the shapes in which a range may be stated.

Unless said otherwise, low and high are the 5th and 95th percentiles and the value is the median.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Z95 = 1.6448536269514722  # standard normal quantile at 95 %
_CLIP = 2.3263478740408408  # draws beyond the 1st and 99th percentile are held there


def quantile(
    u: NDArray[np.float64], value: float, low: float, high: float, shape: str
) -> NDArray[np.float64]:
    """Value at probability `u` (same shape as `u`).

    lognormal: two half-lognormals that meet at the median, z = ndtri(u):
        x = value * (high / value) ** (z / 1.645) for z > 0, value * (value / low) ** (z / 1.645)
    normal: the same with differences instead of ratios;
    triangular: mode `value`, ends `low` and `high` (hard bounds);
    uniform: between `low` and `high` (hard bounds); fixed: `value`.

    Both bell shapes are held at their 1st and 99th percentiles, so that no path rests on a tail
    that nobody has stated.

    >>> import numpy as np
    >>> [round(float(v), 6) for v in quantile(np.array([0.05, 0.5, 0.95]), 9, 3, 25, "lognormal")]
    [3.0, 9.0, 25.0]
    >>> [float(v) for v in quantile(np.array([0.0, 0.5, 1.0]), 2, 1, 5, "uniform")]
    [1.0, 3.0, 5.0]
    """
    if shape == "fixed":
        return np.full_like(u, value)
    if shape == "uniform":
        return low + (high - low) * u
    if shape == "triangular":
        if high == low:
            return np.full_like(u, value)
        knee = (value - low) / (high - low)
        left = low + np.sqrt(np.maximum(u * (high - low) * (value - low), 0.0))
        right = high - np.sqrt(np.maximum((1.0 - u) * (high - low) * (high - value), 0.0))
        return np.where(u < knee, left, right)
    z = np.clip(ndtri(u), -_CLIP, _CLIP) / Z95
    if shape == "lognormal":
        return value * np.where(z > 0, high / value, value / low) ** z
    if shape == "normal":
        return value + np.where(z > 0, (high - value) * z, (value - low) * z)
    raise ValueError(f"unknown shape {shape!r}")
