"""A number as it may be written in a scenario, and as the model reads it.

Five forms, in the order of how much they can be trusted: a fact, an estimate fitted from the
tables, something derived from facts, an assumption with its reason, and a bare value. A series of
dated values holds facts and any of the last three.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from .. import units
from ..dates import quarter_index
from ..errors import NotFound, Problem, did_you_mean
from ..evidence import Evidence, known_by
from ..evidence._known import last_day
from .document import Node

SHAPES = ("fixed", "lognormal", "normal", "triangular", "uniform")
OPENING = 8.0  # quarters after the base date over which a range, or a factor, opens
_MAIN = ("value", "fact", "estimate", "series")
_KEYS = {*_MAIN, "low", "high", "shape", "times", "then", "steps", "facts",
         "why", "how"}


@dataclass(frozen=True)
class Number:
    """A number in the unit that its field declares.

    value, low, high: median, 5th and 95th percentile (hard ends for triangular and uniform). For a
    series value is None and low and high multiply the whole of it. points: (quarter index, value).
    then: growth a year after the last point.
    usd_year, usd_years: the year whose dollars the value, or each point, is stated in; None for the
    base year. kind: fact, derived, assumption or bare. times: of a series, a factor that opens over
    two years after the date `base` (a quarter index): history stays as it was.
    """

    key: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    shape: str
    points: tuple[tuple[float, float], ...] | None
    steps: bool
    then: Number | None
    facts: tuple[str, ...]
    why: str | None
    how: str | None
    kind: str
    usd_year: int | None
    usd_years: tuple[int | None, ...]
    file: str = field(compare=False)
    line: int = field(compare=False)
    times: float = 1.0
    base: float = 0.0

    def at(self, t: float) -> float:
        """Median at quarter index `t`: linear between points, held before the first, grown after
        the last."""
        if self.points is None:
            return float(self.value)  # type: ignore[arg-type]
        return self._on_line(t) * self.times ** min(max((t - self.base) / OPENING, 0.0), 1.0)

    def _on_line(self, t: float) -> float:
        assert self.points is not None
        first, last = self.points[0], self.points[-1]
        if t <= first[0]:
            return first[1]
        if t >= last[0]:
            rate = self.then.value if self.then is not None else 0.0
            return last[1] * (1.0 + (rate or 0.0)) ** ((t - last[0]) / 4.0)
        for (t0, v0), (t1, v1) in zip(self.points, self.points[1:], strict=False):
            if t < t1:
                return v0 if self.steps else v0 + (v1 - v0) * (t - t0) / (t1 - t0)
        return last[1]

    @property
    def certain(self) -> bool:
        """Whether one value holds on every path."""
        return self.shape == "fixed" and (self.then is None or self.then.certain)


@dataclass
class Reader:
    """Builds numbers from nodes and collects what is wrong with them."""

    evidence: Evidence
    problems: list[Problem]
    used: dict[str, Number] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    known_by: str | None = None
    base: float = 0.0  # the scenario's base date, after which factors on series open

    def _dated(self, node: Node, key: str, name: str) -> None:
        """A fact that was not public yet is a problem where the scenario has a day of knowledge."""
        fact = self.evidence.facts.get(name)
        if self.known_by and fact is not None and not known_by(fact, self.known_by):
            self._problem(node, key, f"fact {name} became known on {fact.known}, after "
                                     f"{self.known_by}")

    def read_rates(self, node: Node | None) -> None:
        """Exchange rates, which must be known before any sum in another currency is read."""
        if node is not None and isinstance(node.value, dict):
            for name, child in node.value.items():
                number = self.read(child, f"currencies.{name}", "USD", 0.0)
                if number is not None:
                    self.rates[name] = number.at(0.0)

    def _in_dollars(self, text: str) -> str:
        """A sum in another currency as one in dollars; UnitError where no rate is given."""
        found = units.currency(text)
        if found is None:
            return text
        if found not in self.rates:
            raise units.UnitError(
                f"found {text.strip()!r}, but no rate for {found}; give one, such as "
                f"currencies.{found}: \"1.10 USD\", or the sum in USD")
        return units.times(text.replace(found, "USD"), self.rates[found])

    def _problem(self, node: Node, key: str, message: str) -> None:
        self.problems.append(Problem(node.file, node.line, key, message))

    def _text(self, node: Node, key: str, unit: str) -> tuple[float, int | None] | None:
        """A scalar node in `unit`, with the year of its dollars."""
        raw = node.value
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            self._problem(node, key, f"found {node.plain!r}; expected a number in {unit}")
            return None
        text = raw if isinstance(raw, str) else repr(raw)
        if not isinstance(raw, str) and unit != "ratio" and math.isfinite(raw):
            self._problem(node, key, f"found {text} without a unit; expected {unit}")
            return None
        try:
            text = self._in_dollars(text)
            return units.parse(text.lstrip("."), unit), units.usd_year(text)
        except units.UnitError as error:
            self._problem(node, key, str(error))
            return None

    def _fact(self, node: Node, key: str, unit: str) -> Any:
        if not isinstance(node.value, str):
            self._problem(node, key, "expected the id of a fact")
            return None
        fact = self.evidence.facts.get(str(node.value))
        if fact is None:
            self._problem(
                node, key,
                f"no fact {node.value!r}{did_you_mean(str(node.value), self.evidence.facts)}",
            )
            return None
        self._dated(node, key, fact.id)
        try:
            scaled = [None if x is None else units.convert(x, fact.unit, unit)
                      for x in (fact.value, fact.low, fact.high)]
        except units.UnitError:
            self._problem(node, key, f"fact {fact.id} is in {fact.unit}; expected {unit}")
            return None
        year = int(fact.date[:4]) if "USD" in fact.unit and fact.date[:4].isdigit() else None
        return scaled, year

    def _estimate(self, node: Node, key: str, unit: str) -> Any:
        """Value and range of an estimate from rows known by the scenario's day, the facts that it
        rests on, and how it was fitted; None where it is wrong."""
        from ..estimates import TooFewRows, estimate, names  # fitting is slow to load

        name = node.value
        if not isinstance(name, str):
            self._problem(node, key, "expected the name of an estimate, as in docs/estimates.md")
            return None
        try:
            e = estimate(name, self.evidence, self.known_by and last_day(self.known_by))
        except NotFound:
            self._problem(node, key, f"no estimate {name!r}{did_you_mean(name, names())}")
            return None
        except TooFewRows as error:
            self._problem(node, key, str(error))
            return None
        try:
            scaled = [units.convert(x, e.unit, unit) for x in (e.value, e.low, e.high)]
        except units.UnitError:
            self._problem(node, key, f"estimate {name} is in {e.unit}; expected {unit}")
            return None
        rows = [i for i in e.facts if i not in self.evidence.facts]
        if rows and self.known_by:
            self._problem(node, key, f"estimate {name} rests on rows that bear no day of their "
                                     f"own, such as {rows[0]}; not to be used with known_by")
            return None
        how = f"estimate {name}, n = {e.n}, to {e.newest}: {e.method}"
        return ((scaled, None), tuple(i for i in e.facts if i in self.evidence.facts),
                f"{how}. {e.caveat}".rstrip(". ") + ".")

    def read(
        self, node: Node, key: str, unit: str, low: float | None = None,
        high: float | None = None, *, dated: bool = False
    ) -> Number | None:
        """The number at `node`, in `unit`, within the field's bounds; None where it is wrong."""
        before = len(self.problems)
        number = self._read(node, key, unit)
        if number is None or len(self.problems) > before:
            return None
        if number.points is not None and not dated:
            self._problem(node, key, "a dated series is not read here; give one value")
            return None
        values = (
            [v for _, v in number.points] if number.points is not None
            else [v for v in (number.value, number.low, number.high) if v is not None]
        )
        for v in values:
            if (low is not None and v < low) or (high is not None and v > high):
                bounds = (f"from {low:g} to {high:g}" if low is not None and high is not None
                          else f"at least {low:g}" if low is not None else f"at most {high:g}")
                self._problem(node, key, f"found {v:g} {unit}; allowed is {bounds} {unit}")
                return None
        self.used[key] = number
        if number.then is not None:
            self.used[f"{key}.then"] = number.then
        return number

    def _read(self, node: Node, key: str, unit: str) -> Number | None:
        def make(**given: Any) -> Number:
            blank: dict[str, Any] = dict(
                key=key, unit=unit, value=None, low=None, high=None, shape="fixed", points=None,
                steps=False, then=None, facts=(), why=None, how=None, kind="bare", usd_year=None,
                usd_years=(),
                file=node.file, line=node.line,
            )
            return Number(**(blank | given))

        if not isinstance(node.value, dict):
            parsed = self._text(node, key, unit)
            return None if parsed is None else make(value=parsed[0], usd_year=parsed[1])
        form: dict[str, Node] = node.value
        for k in form:
            if k not in _KEYS:
                self._problem(form[k], f"{key}.{k}",
                              f"unknown key; a number has {', '.join(sorted(_KEYS))}"
                              f"{did_you_mean(k, _KEYS)}")
        main = [k for k in _MAIN if k in form]
        if len(main) != 1:
            self._problem(node, key, "expected one of value, fact, estimate or series"
                          + (f"; found {', '.join(main)}" if main else ""))
            return None
        for k in ("then", "steps"):
            if k in form and main != ["series"]:
                self._problem(form[k], f"{key}.{k}", "only a series has it")
        words = {k: str(form[k].value) for k in ("why", "how") if k in form}
        facts = self._facts(form, key)
        shape = form["shape"].value if "shape" in form else None
        if shape is not None and shape not in SHAPES:
            self._problem(form["shape"], f"{key}.shape",
                          f"found {shape!r}; allowed: {', '.join(SHAPES)}"
                          f"{did_you_mean(str(shape), SHAPES)}")
            return None
        if main == ["series"]:
            number = self._series(form, key, unit, make, facts, words, shape)
            factor = self._factor(form, key)
            return (None if number is None or factor is None else
                    replace(number, times=factor, base=self.base))
        year: int | None
        if main != ["value"]:
            if main == ["fact"]:
                got = self._fact(form["fact"], f"{key}.fact", unit)
                named, kind = (str(form["fact"].value),), "fact"
            else:
                fitted = self._estimate(form["estimate"], f"{key}.estimate", unit)
                got, named, kind = fitted and fitted[0], fitted[1] if fitted else (), "derived"
                words["how"] = " ".join([fitted[2] if fitted else "", words.get("how", "")]).strip()
            if got is None:
                return None
            (value, lo, hi), year = got
            facts = (*named, *facts)
            factor = self._factor(form, key)
            if factor is None:
                return None
            value, lo, hi = (None if x is None else x * factor for x in (value, lo, hi))
            kind = kind if factor == 1.0 else "derived"
            if main == ["estimate"] and factor != 1.0:
                words["how"] += f" Times {factor:g}."
        else:
            parsed = self._text(form["value"], f"{key}.value", unit)
            if parsed is None:
                return None
            (value, year), lo, hi = parsed, None, None
            kind = "derived" if facts else "assumption" if "why" in words else "bare"
        ends = {}
        for k in ("low", "high"):
            if k in form:
                parsed = self._text(form[k], f"{key}.{k}", unit)
                if parsed is None:
                    return None
                ends[k] = parsed[0]
        lo, hi = ends.get("low", lo), ends.get("high", hi)
        if not self._ordered(node, key, value, lo, hi, unit):
            return None
        lo, hi = (value if lo is None else lo), (value if hi is None else hi)
        if main == ["value"]:
            factor = self._factor(form, key)
            if factor is None:
                return None
            value, lo, hi = value * factor, lo * factor, hi * factor
        return make(value=value, low=lo, high=hi, shape=_shape(shape, value, lo, hi), facts=facts,
                    kind=kind, usd_year=year, **words)

    def _factor(self, form: dict[str, Node], key: str) -> float | None:
        """What a number is multiplied by; one where it says nothing."""
        if "times" not in form:
            return 1.0
        parsed = self._text(form["times"], f"{key}.times", "ratio")
        if parsed is None:
            return None
        if not parsed[0] > 0:
            self._problem(form["times"], f"{key}.times", f"found {parsed[0]:g}; expected more than "
                                                         "nought")
            return None
        return parsed[0]

    def _ordered(self, node: Node, key: str, value: float, lo: float | None, hi: float | None,
                 unit: str) -> bool:
        if lo is not None and hi is not None and lo > hi:
            self._problem(node, key, f"low {lo:g} is above high {hi:g} {unit}")
            return False
        if (lo is not None and lo > value) or (hi is not None and hi < value):
            self._problem(node, key, f"value {value:g} is outside low to high "
                          f"({lo if lo is not None else value:g} to "
                          f"{hi if hi is not None else value:g} {unit})")
            return False
        return True

    def _facts(self, form: dict[str, Node], key: str) -> tuple[str, ...]:
        if "facts" not in form:
            return ()
        node = form["facts"]
        if not isinstance(node.value, list):
            self._problem(node, f"{key}.facts", "expected a list of fact ids")
            return ()
        out = []
        for n in node.value:
            if str(n.value) not in self.evidence.facts:
                self._problem(
                    n, f"{key}.facts",
                    f"no fact {n.value!r}{did_you_mean(str(n.value), self.evidence.facts)}")
            self._dated(n, f"{key}.facts", str(n.value))
            out.append(str(n.value))
        return tuple(out)

    def _series(self, form: dict[str, Node], key: str, unit: str, make: Callable[..., Number],
                facts: tuple[str, ...], words: dict[str, str], shape: str | None) -> Number | None:
        node = form["series"]
        if not isinstance(node.value, dict) or not node.value:
            self._problem(node, f"{key}.series", "expected dates with values")
            return None
        points: list[tuple[float, float]] = []
        named: list[str] = []
        years: list[int | None] = []
        plain = False
        for date, n in node.value.items():
            place = f"{key}.series.{date}"
            try:
                t = quarter_index(date)
            except ValueError as error:
                self._problem(n, place, str(error))
                continue
            value: float
            if isinstance(n.value, dict):
                if set(n.value) - {"fact", "times"} or "fact" not in n.value:
                    self._problem(n, place, "expected a value, or fact with times")
                    continue
                got = self._fact(n.value["fact"], f"{place}.fact", unit)
                if got is None:
                    continue
                factor = (self._text(n.value["times"], f"{place}.times", "ratio")
                          if "times" in n.value else (1.0, None))
                if factor is None:
                    continue
                value, year = got[0][0] * factor[0], got[1]
                named.append(str(n.value["fact"].value))
            else:
                parsed = self._text(n, place, unit)
                if parsed is None:
                    continue
                value, year = parsed
                plain = True
            years.append(year)
            if points and t <= points[-1][0]:
                self._problem(n, place, "dates must ascend; this one is not after the one above")
            points.append((t, value))
        ends = []
        for k, default in (("low", 1.0), ("high", 1.0)):
            parsed = self._text(form[k], f"{key}.{k}", "ratio") if k in form else (default, None)
            if parsed is None:
                return None
            ends.append(parsed[0])
        if not self._ordered(node, key, 1.0, *ends, "(multipliers of the series)"):
            return None
        then = None
        if "then" in form:
            then = self._read(form["then"], f"{key}.then", "ratio/year")
        if not points:
            return None
        facts = tuple(dict.fromkeys((*named, *facts)))
        # Points written out beside named ones are judgement unless the series names their facts.
        kind = ("fact" if named and not plain else "derived" if facts
                else "assumption" if "why" in words else "bare")
        steps = bool(form["steps"].value) if "steps" in form else False
        return make(points=tuple(points), low=ends[0], high=ends[1], then=then, steps=steps,
                    shape=_shape(shape, 1.0, *ends), facts=facts, kind=kind,
                    usd_years=tuple(years), **words)


def _shape(given: str | None, value: float, low: float, high: float) -> str:
    if low == high:
        return "fixed"
    if given is not None:
        return given
    return "lognormal" if min(value, low, high) > 0 else "normal"
