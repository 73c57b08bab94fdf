"""A scenario file to go on with: a few lines, each with its default, range and reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import InputErrors, Problem
from .said import Said

if TYPE_CHECKING:
    from .schema import Scenario

SCHEMA = "# yaml-language-server: $schema=oblea-schema.json"
ALSO = ("newcomer.half_time", "finance.hurdle", "finance.leverage", "market.users",
        "demand.capex", "resale.share", "delay_spread")


def new(base: Scenario, name: str, plan: Said | None) -> str:
    """The text of a scenario that extends `base` with what was said.

    The schema it points at is written by `oblea scenario schema --out oblea-schema.json`.
    """
    said = plan or Said(1e12)
    why = "why: as said" if plan else "why: a round sum to start from"
    head = [SCHEMA, "# Completion and checks in an editor: oblea scenario schema --out "
            "oblea-schema.json", f"extends: {base.name}", f"name: {name}",
            f"title: {{en: {_quoted(_title(name))}, es: {_quoted(_title(name))}}}",
            "about: Say in a line what this plan is and who says so.", "",
            "programme:", f"  pledge: {{value: \"{_sum(said.pledge)}\", {why}}}"]
    number = base.numbers
    if said.start:
        head.append(f"  start: {said.start}")
    else:
        head.append(f"  # start: {base.programme.start}  the first quarter of the term")
    head.append(f"  term: {{value: \"{said.years:g} years\", why: as said}}" if said.years else
                f"  # term: {_about(base, 'programme.term')}")
    aim = "fabs" if said.aims == ("fabs",) else "compute"
    _stands(base, said, aim)
    head.append(f"  aim: {aim}  # compute: chips in halls, own fabs beside; fabs: nothing else")
    if said.aims == ("compute",):
        head += ["  hands:  # what it makes itself; the rest is bought"]
        head += [f"    {k}: {{own: {{value: \"0 %\", why: no fabs were said}}}}"
                 for k in base.programme.hands]
    if aim == "fabs":
        head += ["  split:", "    logic_n2: {value: 0.7, why: leading-edge logic first}",
                 "    dram: {value: 0.2, why: the memory that goes with it}",
                 "    hbm: {value: 0.04, why: stacking lines for it}",
                 "    packaging: {value: 0.06, why: packaging for it}"]
    if said.regions:
        part = round(1 / len(said.regions), 4)
        head.append("  regions:")
        for k in base.programme.regions:
            value, reason = (part, "as said") if k in said.regions else (0, "not said")
            head.append(f"    {k}: {{value: {value:g}, why: {reason}}}")
    else:
        head.append("  # regions: " + ", ".join(
            f"{k} {n.value:g}" for k, n in base.programme.regions.items()))
    head += ["", *(["newcomer:", f"  share: {{value: \"{100 * said.share:g} %\", why: as said}}"]
                   if said.share else
                   ["# newcomer:", f"#   share: {_about(base, 'newcomer.share')}"])]
    head += ["", "# More that matters, with what stands now; where it comes from: oblea why KEY"]
    head += [f"# {key}: {_about(base, key)}" for key in ALSO if key in number]
    return "\n".join(head) + "\n"


def _stands(base: Scenario, said: Said, aim: str) -> None:
    """Chips need halls: InputErrors for a plan of compute where none stand."""
    halls = {r for s in base.stages.values() if s.kind == "hall" for r in s.rows}
    if aim == "compute" and said.regions and not halls & set(said.regions):
        raise InputErrors([Problem("--from", None, "", f"found {', '.join(said.regions)}; halls "
                                   f"for compute stand in {', '.join(sorted(halls))}")])


def _about(base: Scenario, key: str) -> str:
    """Value, unit and range of a number, for a comment."""
    n = base.numbers[key]
    if n.points is not None:
        _, x = n.points[-1]
        span = "" if n.certain else f"; {n.low:g} to {n.high:g} times"
        return f"a series, {x:g} {n.unit} at its end{span}"
    span = "" if n.low == n.high or n.low is None else f"; {n.low:g} to {n.high:g}"
    return f"{n.value:g} {n.unit}{span}"


def _sum(x: float) -> str:
    """Dollars in words that the reader of scenarios knows.

    >>> _sum(5e11), _sum(7e12), _sum(1.25e12)
    ('500 billion USD', '7 trillion USD', '1.25 trillion USD')
    """
    scale, word = (1e12, "trillion") if x >= 1e12 else (1e9, "billion") if x >= 1e9 else (
        1e6, "million")
    return f"{x / scale:.12g} {word} USD"


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def name_of(file: str) -> str:
    """A scenario's name from that of its file.

    >>> name_of("My plan (2).yaml")
    'my-plan-2'
    """
    stem = re.sub(r"\.ya?ml$", "", file.rsplit("/", 1)[-1])
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "mine"
