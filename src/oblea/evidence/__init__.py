"""Dated facts with their sources; this package knows no model.

A fact is one number with a unit, a range where one is known, a date, the basis and scope it is
stated on, a grade that says how it is known, and a source. The tables are bundled as a Frictionless
Data Package under ``oblea/data/evidence``; any folder of the same form may take their place.

>>> from oblea import evidence
>>> fact = evidence.load().fact("euv_lead_time")
>>> fact.value, fact.unit, fact.grade
(20.0, 'month', 'second-hand')
"""

from __future__ import annotations

from oblea.evidence._find import find
from oblea.evidence._known import known_by
from oblea.evidence._lint import lint
from oblea.evidence._load import is_overlay, load
from oblea.evidence._types import GRADES, Evidence, Fact, Source

__all__ = ["GRADES", "Evidence", "Fact", "Source", "find", "is_overlay",
           "known_by", "lint", "load"]
