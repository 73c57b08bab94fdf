"""The report: pictures and tables of an answer in one HTML file."""

from .page import render

__all__ = ["render"]
