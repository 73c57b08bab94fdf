"""Oblea: an open, sourced model of what it takes to build AI compute."""

__version__ = "0.1.0"
