"""Oblea: an open, sourced model of what it takes to build AI compute.

    >>> import oblea
    >>> run = oblea.run("stargate", paths=16, quick=True, workers=1)
    >>> run.answer["scenario"]
    'stargate'

Verbs as on the command line: `run`, `compare`, `why`, `check`, `load` (a scenario), `open` (a
folder). What is heavy is loaded when it is first asked for.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_WHERE = {"run": "service", "compare": "service", "why": "service", "check": "service",
          "load": "scenario", "open": "results.store", "Run": "results.run", "Scenario": "scenario",
          "InputErrors": "errors"}
__all__ = ["InputErrors", "Run", "Scenario", "__version__", "check", "compare", "load", "open",
           "run", "why"]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
