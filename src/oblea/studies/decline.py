"""V7, cost. The yearly fall of the cost of a fixed capability, and the rise of the frontier run.

Two legs of decline multiply: fall = 1 - (1 - hardware)(1 - algorithms); an algorithm that needs f
times less compute a year falls by 1 - 1 / f. The frontier run is another cost, and it rises.
"""

from __future__ import annotations

import math
from typing import Any


def both(hardware: float, algorithms: float) -> float:
    """Per cent a year of two falls, each a ratio a year.

    >>> round(both(0.53, 0.47), 2)
    75.09
    """
    return 100.0 * (1.0 - (1.0 - hardware) * (1.0 - algorithms))


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """Falls in per cent a year; the billion-dollar run as a decimal year."""
    first, last = given["gpt3_cost"].items()
    return {
        "ark": both(given["ark_hardware"], given["ark_algorithms"]),
        "independent": both(given["hardware"] / 100.0, 1.0 - 1.0 / given["algorithms"]),
        "gpt3": 100.0 * (1.0 - (last[1] / first[1]) ** (1.0 / (last[0] - first[0]))),
        "billion": given["gpt4_year"]
        + math.log(1e9 / given["gpt4_cost"]) / math.log(given["frontier"]),
    }
