"""The arithmetic that notes hold: a note's first words may be a formula over ids of facts, and what
follows low, high or a single letter and is may be one too. Each is worked out again."""

from __future__ import annotations

import ast
import operator
import re
import statistics
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from oblea.errors import Problem
from oblea.evidence._types import Evidence, Fact

WITHIN, ROUNDED = 0.02, 0.05  # of the value, and at most where its last digit is rounded
_MARKS = (("×", "*"), (" x ", " * "), ("^", "**"))
_LITERAL = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(bn| %| [A-Za-z]\w*)(?!\w)")
_SCALES = {"bn": "e9", " %": " / 100"}
LONGEST = 2000  # letters of a formula: what is longer may be nested too deep to be walked
_LED = re.compile(r"(low|high|[a-z] is) (.+)", re.IGNORECASE | re.DOTALL)
_PERIOD = re.compile(r"/(year|quarter)\b")
_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow}


def formulas(fact: Fact, evidence: Evidence) -> dict[str, ast.expr]:
    """What the note says of ``value``, ``low`` and ``high`` in formulas, and of single letters.

    >>> from oblea.evidence import load
    >>> list(formulas(load().fact("b200_rent_ratio"), load()))
    ['value', 'low', 'high']
    >>> formulas(load().fact("nv_rev_fy23"), load())
    {}
    """
    first, *others = _clauses(fact.note)
    found: dict[str, ast.expr] = {}
    for clause in others:
        if led := _LED.fullmatch(clause):
            tree = _parsed(led[2], evidence, set())
            if tree is not None:
                found.setdefault(led[1].lower().removesuffix(" is"), tree)
    tree = _parsed(first, evidence, set(found) - {"low", "high"})
    return found if tree is None else {"value": tree, **found}


def wrong(evidence: Evidence) -> Iterator[Problem]:
    """A derived number is what the formula in its note gives."""
    for fact in evidence.facts.values():
        if fact.grade != "derived":
            continue
        found = formulas(fact, evidence)
        if evidence.overlay and not fact.file.startswith(evidence.overlay) and any(
                f.file.startswith(evidence.overlay) for f in _named(found.values(), evidence)):
            continue  # ours, on a row that is laid over ours: no fault of the folder
        for at in ("value", "low", "high"):
            stored = getattr(fact, at)
            if at not in found:
                continue
            try:
                if stored is None:
                    raise ValueError(f"the note says how to work it out, but there is no {at}")
                worked = _worked(found[at], fact, found, evidence)
            except (ValueError, ArithmeticError, RecursionError) as error:
                yield Problem(fact.file, fact.line, f"{fact.id}.{at}", f"{error}")
                continue
            if not _near(stored, worked):
                yield Problem(fact.file, fact.line, f"{fact.id}.{at}",
                              f"{stored:g} {fact.unit}, but the formula in its note gives "
                              f"{worked:.4g}")


def _clauses(note: str) -> list[str]:
    """The note cut at its stops, save those in brackets and within numbers."""
    depth, cut = 0, [0]
    for i, mark in enumerate(note):
        depth += (mark == "(") - (mark == ")")
        if depth <= 0 and mark in ".,;:" and (i + 1 == len(note) or note[i + 1].isspace()):
            cut.append(i + 1)
    ends = [*cut[1:], len(note) + 1]
    return [note[a:b - 1].strip() for a, b in zip(cut, ends, strict=True)] or [""]


def _parsed(text: str, evidence: Evidence, letters: set[str]) -> ast.expr | None:
    """A formula over facts and numbers, or None for words."""
    for mark, meant in _MARKS:
        text = text.replace(mark, meant)
    text = _LITERAL.sub(lambda m: f"({m[1]}{_SCALES.get(m[2]) or f' * {m[2].strip()!r}'})", text)
    if len(text) > LONGEST:
        return None
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    said = any(isinstance(n, ast.Name | ast.BinOp) for n in ast.walk(tree))
    return tree if said and _allowed(tree, evidence, letters) else None


def _allowed(node: ast.expr, evidence: Evidence, letters: set[str]) -> bool:
    match node:
        case ast.Constant():
            return type(node.value) in (int, float) or (
                isinstance(node.value, str) and node.value.isidentifier())  # a unit
        case ast.Name():
            return node.id in evidence.facts or node.id in letters
        case ast.UnaryOp(op=ast.USub()):
            return _allowed(node.operand, evidence, letters)
        case ast.BinOp():
            return type(node.op) in _OPERATORS and _allowed(
                node.left, evidence, letters) and _allowed(node.right, evidence, letters)
        case ast.Call(func=ast.Name(id="median"), keywords=[]):
            return bool(node.args) and all(_allowed(n, evidence, letters) for n in node.args)
    return False


def _named(trees: Iterable[ast.expr], evidence: Evidence) -> Iterator[Fact]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in evidence.facts:
                yield evidence.facts[node.id]


def _worked(tree: ast.expr, fact: Fact, letters: dict[str, ast.expr], evidence: Evidence) -> float:
    """The formula's number in the fact's unit.

    Amounts of years and of quarters are added and compared as amounts, and so is what gives no rate
    though the row is one, such as the growth over a year.
    """
    from oblea.units import UnitError, quantity

    units = [fact.unit, *(f.unit for f in _named((tree, *letters.values()), evidence))]
    periods = {m for unit in units for m in _PERIOD.findall(unit)}
    readings = (True,) if len(periods) > 1 else (False, True)
    for bare in readings:
        unit = (lambda u: _PERIOD.sub("", u)) if bare else (lambda u: u)
        try:
            got = _value(tree, lambda f, unit=unit: quantity(f.value, unit(f.unit)), letters,
                         evidence)
            if isinstance(got, float):  # numbers only: in the unit of the row
                return got
            wanted = quantity(1.0, unit(fact.unit))
            return float(got.to(wanted.units).magnitude)
        except UnitError as error:
            raise ValueError(str(error)) from None
        except TypeError:  # of pint: what measures different things
            continue
    raise ValueError(f"the formula in its note gives no {fact.unit}")


def _value(node: ast.expr, read: Callable[[Fact], Any], letters: dict[str, ast.expr],
           evidence: Evidence) -> Any:
    from oblea.units import quantity

    again = lambda n: _value(n, read, letters, evidence)  # noqa: E731
    match node:
        case ast.Constant():
            return (quantity(1.0, node.value) if isinstance(node.value, str)
                    else float(node.value))  # type: ignore[arg-type]
        case ast.Name():
            fact = evidence.facts.get(node.id)
            return read(fact) if fact else again(letters[node.id])
        case ast.UnaryOp():
            return -again(node.operand)
        case ast.Call():
            values = [again(n) for n in node.args]
            unit = next((v.units for v in values if not isinstance(v, float)), None)
            plain = [v if isinstance(v, float) else float(v.to(unit).magnitude) for v in values]
            return statistics.median(plain) if unit is None else (
                next(v for v in values if not isinstance(v, float)).__class__(
                    statistics.median(plain), unit))
        case ast.BinOp(op=ast.Pow()):
            power = again(node.right)
            power = power if isinstance(power, float) else float(power.to("").magnitude)
            raised = again(node.left) ** power
            if isinstance(getattr(raised, "magnitude", raised), complex):
                raise ArithmeticError("the formula in its note takes a root of less than nothing")
            return raised
        case ast.BinOp():
            left, right = again(node.left), again(node.right)
            if isinstance(node.op, ast.Add | ast.Sub):  # a bare number is in the other's unit
                left, right = _alike(left, right), _alike(right, left)
            return _OPERATORS[type(node.op)](left, right)
    raise ValueError("no formula")


def _alike(value: Any, other: Any) -> Any:
    if isinstance(value, float) and not isinstance(other, float) and (
            set(other.dimensionality) - {"[time]"}):
        return other.__class__(value, other.units)
    return value


def _near(stored: float, worked: float) -> bool:
    """Within 2 %, or 5 where the digits given say no more."""
    digit = 10.0 ** int(Decimal(repr(stored)).normalize().as_tuple().exponent)
    allowed = max(WITHIN * abs(stored), min(ROUNDED * abs(stored), digit / 2))
    return abs(stored - worked) <= allowed * (1 + 1e-9)
