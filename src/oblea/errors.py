"""What is wrong with an input, said once, for every reader of files in the package.

A reader collects every :class:`Problem` it finds and raises them together, so that a user mends a
file in one pass instead of one error at a time.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place.

    Attributes:
        file: the file as the user named it, or ``--set`` for the command line.
        line: the line from 1, or None where the matter is the whole file.
        key: the dotted key, or the row and column (``euv_lead_time.value``); may be empty.
        message: what is wrong and what is allowed, in one sentence without a full stop.

    >>> str(Problem("euv.csv", 3, "euv_lead_time.value", "found 'x'; expected a number"))
    "euv.csv:3: euv_lead_time.value: found 'x'; expected a number"
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.message) if part)


class InputErrors(Exception):
    """All problems of an input together; ``str()`` prints one per line.

    >>> print(InputErrors([Problem("a.yaml", 1, "x", "empty"), Problem("a.yaml", 2, "y", "empty")]))
    a.yaml:1: x: empty
    a.yaml:2: y: empty
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        if not self.problems:
            raise ValueError("InputErrors needs at least one Problem")
        # The list is the only argument, so that the error survives a process boundary.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    @classmethod
    def raise_if(cls, problems: Iterable[Problem]) -> None:
        """Raise when there is anything to report, else do nothing."""
        found = list(problems)
        if found:
            raise cls(found)


class NotFound(KeyError):
    """A name that is not among those known; a ``KeyError`` whose text can be read.

    >>> raise NotFound("fact", "euv_leed_time", ["euv_lead_time"])
    Traceback (most recent call last):
    ...
    oblea.errors.NotFound: no fact 'euv_leed_time' (did you mean euv_lead_time?)
    """

    def __init__(self, kind: str, word: str, options: Iterable[str]) -> None:
        self.kind = kind
        self.word = word
        self.options = list(options)
        super().__init__(kind, word, self.options)

    def __str__(self) -> str:
        return f"no {self.kind} {self.word!r}{did_you_mean(self.word, self.options)}"


def closest(word: str, options: Iterable[str]) -> str | None:
    """The option nearest in spelling to ``word``, or None where none is near.

    >>> closest("wfe_2062", ["wfe_2026", "cowos"])
    'wfe_2026'
    """
    known = list(options)
    # Case is the commonest slip and difflib counts it as a different letter.
    lowered = {option.lower(): option for option in known}
    near = difflib.get_close_matches(word.lower(), lowered, n=1, cutoff=0.6)
    return lowered[near[0]] if near else None


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """The end of an error message: `` (did you mean x?)``, or nothing where no option is near.

    >>> "unknown key 'pledg'" + did_you_mean("pledg", ["pledge", "start"])
    "unknown key 'pledg' (did you mean pledge?)"
    >>> did_you_mean("zzz", ["pledge", "start"])
    ''
    """
    near = closest(word, options)
    return "" if near is None else f" (did you mean {near}?)"
