"""Claims in words against the evidence and the model: find a number, match it, judge it.

Text goes numbers -> quantities -> verdicts; what is not surely understood is said not to be.
"""

from __future__ import annotations

from .check import check_text
from .ledger import ledger

__all__ = ["check_text", "ledger"]
