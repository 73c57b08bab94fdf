"""How far what came lay from what was expected: errors that forecasters share.

e = ln(actual / consensus at the end of the year before)

Their root mean square about zero is the spread of a year's error: with a few errors a bias is not
told from chance. 90 % of a normal lie within 1.645 of it. By hand: consensus 100 then 200, actual
90 then 260: e = -.105 and .262, rms .200, so 90 % within a factor of exp(.329) = 1.39.
"""

from __future__ import annotations

import numpy as np

from oblea.evidence import Evidence
from oblea.uncertainty.distributions import Z95
from oblea.units import convert

from ._known import Point, by, known_on
from ._types import Estimate, TooFewRows

CAPEX = (  # consensus at the end of the year before, what came: same firms, same definition
    ("vintage_hyper5_capex_2023_dec2022", "hyper5_capex_2023"),
    ("vintage_hyper5_capex_2024_dec2023", "hyper5_capex_2024"),
    ("vintage_hyper4_capex_2025_nov2024", "hyper4_capex_2025"),
)

# AI hardware: the last forecast of the year before, and what came, as first told and then as known.
# Every quantity of the tables that was foreseen so and has an actual is here; of parts their sum.
# NVIDIA's sales before fiscal 2024 were mostly games' and are not.
AI = (
    ("vintage_nvda_rev_fy2024_dec2022", "vintage_nvda_rev_fy2024_told_nov2023", "nvda_rev_fy2024"),
    ("vintage_nvda_rev_fy2025_nov2023", "vintage_nvda_rev_fy2025_told_nov2024", "nvda_rev_fy2025"),
    ("vintage_nvda_rev_fy2026_dec2024", "nvda_rev_fy2026"),
    ("vintage_hyper5_capex_2023_dec2022", "hyper5_capex_2023"),
    ("vintage_hyper4_capex_2024_dec2023", "vintage_hyper4_capex_2024_nov2024",
     "hyper4_capex_2024"),
    ("vintage_hyper4_capex_2025_nov2024", "hyper4_capex_2025"),
    ("vintage_cowos_wpm_end2023_dec2022", "vintage_cowos_wpm_nov2023", "cowos_wpm_end2023"),
    ("vintage_cowos_wpm_end2024_nov2023", "cowos_wpm_end2024"),
    ("vintage_cowos_wpm_end2025_nov2024", "cowos_supply_q4_2025"),
    ("hbm_wpm_2025_forecast2024", "hbm_wpm_2025"),
    ("vintage_hbm_tam_2025_dec2024", "hbm_market_2025"),
)


def spread(consensus: list[float], actual: list[float]) -> float:
    """Factor within which 90 % of what comes lies of a consensus.

    >>> round(spread([100.0, 200.0], [90.0, 260.0]), 2)
    1.39
    """
    e = np.log(np.array(actual) / np.array(consensus))
    return float(np.exp(Z95 * np.sqrt(np.mean(e**2))))


def capex_consensus_error(evidence: Evidence, known_by: str | None = None) -> Estimate:
    """Actual over consensus a year ahead, capex of the large clouds: 1 with its 90 % interval.

    >>> from oblea.evidence import load
    >>> e = capex_consensus_error(load())
    >>> e.value, e.n, e.low < 1 < e.high
    (1.0, 3, True)
    """
    name = "capex_consensus_error"
    pairs = [(evidence.fact(a), evidence.fact(b)) for a, b in CAPEX]
    points = by([Point((a.id, b.id), float(k), b.value / a.value, known_on(b))
                 for k, (a, b) in enumerate(pairs)], known_by)
    said = ", ".join(f"{p.value:.2f}" for p in points)
    return _about_one(
        name, points, known_by, f"rms of ln(actual / consensus a year ahead), about zero: {said}",
        "Two of three consensus figures are recalled, and that of 2025 may leave out "
        "leases that its actual counts. All but the first were too low.")


def ai_forecast_error(evidence: Evidence, known_by: str | None = None) -> Estimate:
    """What came of AI hardware over what had been expected a year ahead, the vendor's sales,
    clouds' capex, packaging and memory together: 1 with its 90 % interval. On a day it stands
    on what had come by then, preliminary figures included.

    >>> from oblea.evidence import load
    >>> [ai_forecast_error(load(), day).n for day in ("2023-12-31", "2024-12-31", None)]
    [2, 6, 11]
    """
    day = known_by or "9999-12-31"
    points = []
    for k, (foreseen, *told) in enumerate(AI):
        a, came = evidence.fact(foreseen), [b for b in map(evidence.fact, told)
                                            if known_on(b) <= day]
        if came:
            b = came[-1]
            points.append(Point((a.id, b.id), float(k), convert(b.value, b.unit, a.unit) / a.value,
                                known_on(b)))
    said = ", ".join(f"{p.value:.2f}" for p in by(points, known_by))
    return _about_one(
        "ai_forecast_error", by(points, known_by), known_by,
        f"rms of ln(what came / forecast of the year before), about zero: {said}",
        "Not independent: the same boom moved them. Some forecasts are recalled; the packaging of "
        "2025 is the mean of a quarter, beside the end of it.")


def _about_one(name: str, points: list[Point], known_by: str | None, method: str, caveat: str
               ) -> Estimate:
    """One, with the factor that the points show about it."""
    if len(points) < 2:
        raise TooFewRows(name, len(points), 2, known_by)
    factor = spread([1.0] * len(points), [p.value for p in points])
    return Estimate(name, 1.0, 1.0 / factor, factor, "ratio", method,
                    tuple(i for p in points for i in p.ids), len(points),
                    max(p.known for p in points), None, caveat)
