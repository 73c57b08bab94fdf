"""Numbers that have data, fitted from the tables with an interval; this package knows no model.

>>> from oblea.evidence import load
>>> e = estimate("euv_units_growth", load())
>>> e.low < e.value < e.high, e.unit
(True, '%/year')
"""

from __future__ import annotations

from ._types import Estimate, TooFewRows
from .page import as_markdown
from .registry import estimate, names

__all__ = ["Estimate", "TooFewRows", "as_markdown", "estimate", "names"]
