"""What an estimate is, and the error of one that has too little to stand on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number fitted from the tables, with its interval and what it rests on.

    Attributes:
        name: the name in the registry.
        value, low, high: best value and 90 % interval, in ``unit``.
        unit: in the unit language of :mod:`oblea.units`.
        method: how it was fitted, in one line.
        facts: ids of facts, or ``table:row`` for a row of a register or series.
        n: how many rows or sums of rows were fitted.
        newest: the day on which the last of the rows used was known (ISO).
        one_year: for a growth rate, 90 % interval of the change that one further year shows: the
            line's uncertainty and the residual of one point. ``low`` and ``high`` are for a growth
            that lasts.
        caveat: what is weak about it, or empty.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    method: str
    facts: tuple[str, ...]
    n: int
    newest: str
    one_year: tuple[float, float] | None = None
    caveat: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", tuple(dict.fromkeys(self.facts)))
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: {self.value} is outside {self.low} to {self.high}")


class TooFewRows(ValueError):
    """An estimate has fewer rows than its fit needs.

    >>> raise TooFewRows("wfe_growth", 2, 3, "2025-12-31")
    Traceback (most recent call last):
    ...
    oblea.estimates._types.TooFewRows: wfe_growth: 2 rows known by 2025-12-31, at least 3 needed; \
choose a later day or add rows to the table
    """

    def __init__(self, name: str, found: int, needed: int, known_by: str | None) -> None:
        self.name, self.found, self.needed, self.known_by = name, found, needed, known_by
        when = f" known by {known_by}" if known_by else ""
        super().__init__(name, found, needed, known_by)
        self._text = (f"{name}: {found} rows{when}, at least {needed} needed; "
                      "choose a later day or add rows to the table")

    def __str__(self) -> str:
        return self._text
