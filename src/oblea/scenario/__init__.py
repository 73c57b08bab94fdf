"""Scenarios: small files that extend one another, read with places, checked whole."""

from .load import load, names
from .number import Number
from .schema import Scenario
from .schema_json import json_schema

__all__ = ["Number", "Scenario", "json_schema", "load", "names"]
