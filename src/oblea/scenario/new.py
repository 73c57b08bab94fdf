"""A scenario file to go on with: a few lines, and in comments what stands now, ready to be changed.

A commented line is valid as it is once its mark is taken off: it says what the reference says.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..dates import quarter_index, quarter_name
from ..errors import InputErrors, Problem
from .diff import text_at
from .load import load
from .said import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from .schema import Scenario

SCHEMA = "oblea-schema.json"  # written by `oblea scenario schema --out`
PLAIN = Said(1e12)
# What moves the answer most, by section; series are changed by a factor.
KEYS = {"newcomer": ("share", "half_time"), "operator": ("partner",), "fleet": ("life",),
        "finance": ("hurdle", "leverage"), "resale": ("share",), "": ("pue", "delay_spread")}
SERIES = ("market.users", "demand.capex")
SPLIT = {"logic_n2": 0.7, "dram": 0.2, "hbm": 0.04, "packaging": 0.06}


def new(base: Scenario, name: str, plan: Said | None, say: Callable[..., str]) -> str:
    """The text of a scenario that extends `base` with what was said, checked by the loader.

    say: words of the interface by key, for comments and reasons. Raises InputErrors for a plan that
    cannot be, such as halls where none stand.
    """
    text = "\n".join([*_head(base, name, say), *_programme(base, plan, say),
                      *_more(base, plan or PLAIN, say)]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.yaml"
        file.write_text(text, "utf-8")
        try:
            load(file, evidence=base.evidence)
        except InputErrors as error:
            raise InputErrors([Problem("--from", None, p.key, p.message) for p in error.problems]
                              ) from None
    return text


def _head(base: Scenario, name: str, say: Callable[..., str]) -> list[str]:
    title = _quoted(name.replace("-", " ").capitalize())
    return [f"# yaml-language-server: $schema={SCHEMA}", f"# {say('new_schema', file=SCHEMA)}",
            f"# {say('new_marks')}", f"extends: {base.name}", f"name: {_quoted(name)}",
            f"title: {{en: {title}, es: {title}}}", f"about: {_quoted(say('new_about'))}"]


def _programme(base: Scenario, plan: Said | None, say: Callable[..., str]) -> list[str]:
    said, as_said = plan or PLAIN, _quoted(say("new_as_said"))
    why = as_said if plan else _quoted(say("new_round"))
    lines = []
    if said.rate:
        lines = [f"currencies: {{{said.currency}: {{value: \"{said.rate:g} USD\", "
                 f"why: {as_said}}}}}"]
    lines += [*_end(base, said), "", "programme:",
              f"  pledge: {{value: \"{_sum(said.pledge, said.currency)}\", why: {why}}}",
              f"  start: {said.start}" if said.start else
              f"  # start: {base.programme.start}  # {say('new_start')}",
              f"  term: {{value: \"{said.years:g} years\", why: {as_said}}}" if said.years else
              f"  # term: {_stands(base, 'programme.term', say)}"]
    fabs = said.aims == ("fabs",)
    _halls(base, said, fabs)
    lines.append(f"  aim: {'fabs' if fabs else 'compute'}  # {say('new_aim')}")
    if said.aims == ("compute",):
        lines += [f"  hands:  # {say('new_hands')}"]
        lines += [f"    {k}: {{own: {{value: \"0 %\", why: {_quoted(say('new_no_fabs'))}}}}}"
                  for k in base.programme.hands]
    if fabs:
        lines += [f"  split:  # {say('new_split')}"]
        lines += [f"    {k}: {{value: {x:g}, why: {_quoted(say('new_round'))}}}"
                  for k, x in SPLIT.items()]
    return lines + _regions(base, said, say)


def _regions(base: Scenario, said: Said, say: Callable[..., str]) -> list[str]:
    if not said.regions:
        return [f"  # regions:  # {say('new_regions')}",
                *(f"  #   {k}: {_stands(base, f'programme.regions.{k}', say)}"
                  for k in base.programme.regions)]
    part, lines = 1 / len(said.regions), [f"  regions:  # {say('new_regions')}"]
    for k in dict.fromkeys((*base.programme.regions, *said.regions)):
        value, why = (part, "new_as_said") if k in said.regions else (0.0, "new_not_said")
        lines.append(f"    {k}: {{value: {value:.4g}, why: {_quoted(say(why))}}}")
    return lines


def _more(base: Scenario, said: Said, say: Callable[..., str]) -> list[str]:
    lines = ["", f"# {say('new_more')}"]
    for section, names in KEYS.items():
        rows = []
        for name in names:
            key = f"{section}.{name}" if section else name
            if key == "newcomer.share" and said.share:
                lines += ["newcomer:", f"  share: {{value: \"{100 * said.share:.6g} %\", "
                          f"why: {_quoted(say('new_as_said'))}}}"]
            elif key in base.numbers:
                rows.append(f"{'  ' if section else ''}{name}: {_stands(base, key, say)}")
        if section and rows and not (section == "newcomer" and said.share):
            lines.append(f"# {section}:")
        # Under a section that stands, a comment is set in, so that its mark alone need go.
        lines += [f"  # {r.strip()}" if section == "newcomer" and said.share else f"# {r}"
                  for r in rows]
    lines += ["", f"# {say('new_series')}"]
    for key in SERIES:
        n = base.numbers[key]
        t, x = n.points[-1]  # type: ignore[index]
        lines.append(f"#   --set {key}.times=1.2  # {_sum(float(f'{x:.3g}'), n.unit)}, "
                     f"{quarter_name(int(t))}; x {n.low:g} - {n.high:g}; oblea why {key}")
    return lines


def _stands(base: Scenario, key: str, say: Callable[..., str]) -> str:
    """What the scenario says at a number's key, in its own words, and how to ask for more."""
    text, n, named = text_at(base, key), base.numbers[key], ""
    if isinstance(text, dict):
        keep = {k: text[k] for k in ("value", "fact", "estimate", "times", "low", "high")
                if k in text}
        body = ", ".join(f"{k}: {_quoted(v) if isinstance(v, str) else v}"
                         for k, v in keep.items())
        why = f", why: {_quoted(say('new_as_in', base=base.name))}" if "value" in keep else ""
        named = "" if "value" in keep else f"{n.value:g} ({n.low:g} - {n.high:g}) "
        text = f"{{{body}{why}}}"
    elif isinstance(text, str):
        text = _quoted(text)
    return f"{text}  # {named}{n.unit}; oblea why {key}"


def _end(base: Scenario, said: Said) -> list[str]:
    """The last quarter to simulate, where the plan's term goes beyond that of the base."""
    start = quarter_index(said.start or base.programme.start)
    last = round(start + 4 * (said.years or base.programme.term.value or 0.0)) - 1
    return [f"end: {quarter_name(last)}"] if last > quarter_index(base.end) else []


def _halls(base: Scenario, said: Said, fabs: bool) -> None:
    """Chips need halls: InputErrors for a plan of compute where none stand."""
    halls = {r for s in base.stages.values() if s.kind == "hall" for r in s.rows}
    if not fabs and said.regions and not halls & set(said.regions):
        raise InputErrors([Problem("--from", None, "", f"found {', '.join(said.regions)}; halls "
                                   f"for compute stand in {', '.join(sorted(halls))}")])


def _sum(x: float, currency: str) -> str:
    """A sum in words that the reader of scenarios knows.

    >>> _sum(5e11, "USD"), _sum(7e12, "USD"), _sum(1.25e12, "EUR")
    ('500 billion USD', '7 trillion USD', '1.25 trillion EUR')
    """
    scale, word = (1e12, "trillion") if x >= 1e12 else (1e9, "billion") if x >= 1e9 else (
        1e6, "million")
    return f"{x / scale:.12g} {word} {currency}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def name_of(file: str) -> str:
    """A scenario's name from that of its file.

    >>> name_of("My plan (2).yaml")
    'my-plan-2'
    """
    stem = re.sub(r"\.ya?ml$", "", file.rsplit("/", 1)[-1])
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-") or "mine"
