"""What a scenario's parts say of one another: names that must exist, dates that must follow."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from ..chain.mechanisms import MECHANISMS
from ..dates import quarter_index, quarter_name
from ..errors import Problem, did_you_mean
from .document import Node


def references(root: Node, sc: dict[str, Any], problems: list[Problem], facts: Iterable[str],
               numbers: Iterable[str]) -> None:
    """Add to `problems` every name without a referent and every order that cannot be.

    facts, numbers: ids and keys that may be named.
    """

    def at(key: str) -> Node:
        node = root
        for part in key.split("."):
            child = node.value.get(part) if isinstance(node.value, dict) else None
            if child is None:
                break
            node = child
        return node

    # What could not be read is named once, where it stands, and not again for what rests on it.
    unread = [p.key for p in problems if p.key]

    def problem(key: str, message: str) -> None:
        if not any(f"{key}.".startswith(f"{k}.") for k in unread):
            node = at(key)
            problems.append(Problem(node.file, node.line, key, message))

    def called(key: str, pattern: str) -> None:
        if not (any(fnmatchcase(k, pattern) for k in numbers)
                or any(f"{pattern}.".startswith(f"{k}.") for k in unread)):
            problem(key, f"no number is called {pattern!r}{did_you_mean(pattern, numbers)}")

    def known(key: str, word: str, options: Iterable[str], what: str) -> bool:
        options = list(options)
        if word in options:
            return True
        problem(key, f"no {what} {word!r}; known: {', '.join(options)}"
                     f"{did_you_mean(word, options)}")
        return False

    def spared() -> Any:
        """Beside other problems, what cannot be compared because a value is missing is left out."""
        return contextlib.suppress(*((AttributeError, TypeError, KeyError, ValueError)
                                     if problems else ()))

    with spared():
        _dates(sc, problem)
    with spared():
        _names(sc, at, problem, known, called)
    with spared():
        _funders(sc, at, problem)
    with spared():
        _report(sc, facts, problem, called)


def _names(sc: dict[str, Any], at: Any, problem: Any, known: Any, called: Any) -> None:
    """Names of regions, pools, products, commodities and mechanisms; what needs another thing."""
    stages, products = sc["stages"], sc["products"]
    made = {s["makes"]: name for name, s in stages.items() if s.get("makes")}
    taken = {c for s in stages.values() for c in s.get("inputs", {})}
    for name, s in stages.items():
        key = f"stages.{name}"
        for region in s["rows"]:
            known(f"{key}.rows.{region}", region, sc["regions"], "region")
        for pool, use in s.get("uses", {}).items():
            if known(f"{key}.uses.{pool}", pool, sc["pools"], "pool") and len(use) != 1:
                problem(f"{key}.uses.{pool}", "give one of amount and share_of_capex")
        if s["kind"] == "fab":
            for field in ("makes", "output", "price"):
                if s.get(field) is None:
                    problem(f"{key}.{field}", "missing; a fab makes something at a price")
        if not any(r["share"].at(0.0) > 0 for r in s["rows"].values()):
            problem(f"{key}.rows", "no region has a share above zero")
    for kind in ("hall", "power"):
        if not any(s["kind"] == kind for s in stages.values()):
            problem("stages", f"no stage of kind {kind}; accelerators need halls and firm power")
    for name, p in sc["pools"].items():
        if p.get("region"):
            known(f"pools.{name}.region", p["region"], sc["regions"], "region")
        if p.get("mechanism"):
            known(f"pools.{name}.mechanism", p["mechanism"], MECHANISMS, "mechanism")
    earlier: list[str] = []
    for name, p in products.items():
        key = f"products.{name}"
        if p.get("logic"):
            known(f"{key}.logic.stage", p["logic"]["stage"], stages, "stage")
        if p.get("like"):
            known(f"{key}.like", p["like"], earlier, "earlier product")
        else:
            for field in ("logic", "power", "bf16", "fp8", "other", "margin", "own_margin",
                          "system"):
                if p.get(field) is None:
                    problem(f"{key}.{field}", "missing; only a product 'like' another inherits it")
        both = sorted(set(p.get("needs", {})) & taken)
        if both:
            problem(f"{key}.needs.{both[0]}", "another stage takes this commodity as it is made; a "
                    "product cannot need it too")
        earlier.append(name)
    for owner, mix in sc["mix"].items():
        for product in mix:
            known(f"mix.{owner}.{product}", product, products, "product")
        dates = [t / 2 for t in range(160)]
        if not mix or any(sum(n.at(t) for n in mix.values()) <= 0 for t in dates):
            problem(f"mix.{owner}", "at some date no product has a share above zero")
    prog = sc["programme"]
    if prog.get("pacing") is not None and not sum(prog["pacing"]) > 0:
        problem("programme.pacing", "the yearly shares add up to nothing; give one above zero")
    for field, options, what in (("hands", stages, "stage"), ("split", stages, "stage"),
                                 ("modules", stages, "stage"),
                                 ("regions", sc["regions"], "region")):
        for name in prog.get(field, {}):
            known(f"programme.{field}.{name}", name, options, what)
    if prog["aim"] == "fabs" and not prog.get("split"):
        problem("programme.split", "missing; an aim of fabs says how the money is split")
    if prog["aim"] == "fabs" and prog.get("brings"):
        problem("programme.brings", "only a plan that aims at compute brings orders: they are of "
                "chips, sites and power")
    for name in sc.get("without", []):
        known("without", name, MECHANISMS, "mechanism")
    for field in ("moves", "builds"):
        for pattern in (sc.get("common") or {}).get(field, []):
            called(f"common.{field}", pattern)
    _circles(stages, made, problem)


def _funders(sc: dict[str, Any], at: Any, problem: Any) -> None:
    """Every funder has money; somebody brings equity; a grant says how much of capital it pays."""
    begin = quarter_index(sc["programme"]["start"])
    equity = False
    for name, f in sc["finance"]["funders"].items():
        key = f"finance.funders.{name}"
        if not f["flow"].at(begin) * f["share"].at(begin) > 0:
            problem(f"{key}.flow", f"this funder has no money in {sc['programme']['start']}: flow "
                    "times share is nothing; give it some, or remove it with null")
        given = "share_of_capex" in at(key).value
        if f["kind"] == "grant" and not given:
            problem(f"{key}.share_of_capex", "missing; a grant pays a share of capital, 100 % at "
                    "most")
        if f["kind"] != "grant" and given:
            problem(f"{key}.share_of_capex", f"only a grant is bound to capital; this is "
                    f"{f['kind']}")
        equity = equity or f["kind"] == "equity"
    if not equity:
        problem("finance.funders", "none brings equity; running losses would have no one to pay")


def _report(sc: dict[str, Any], facts: Iterable[str], problem: Any, called: Any) -> None:
    facts = list(facts)
    pledges = sc["report"]["pledges"]
    if not pledges or any(not b > a for a, b in zip([0.0, *pledges], pledges, strict=False)):
        problem("report.pledges", f"found {pledges}; expected trillions above zero, ascending")
    named = [("market.precedent", f) for f in sc["market"]["precedent"]]
    for name, lever in sc["report"]["levers"].items():
        key = f"report.levers.{name}"
        if lever.get("most"):
            named.append((f"{key}.most", lever["most"]))
        for field in ("times", "over", "shown"):
            for pattern in lever.get(field, []):
                called(f"{key}.{field}", pattern)
        try:
            quarter_index(lever["at"])
        except ValueError as error:
            problem(f"{key}.at", str(error))
    for key, fact in named:
        if fact not in facts:
            problem(key, f"no fact {fact!r}{did_you_mean(fact, facts)}")


def _circles(stages: dict[str, Any], made: dict[str, str], problem: Any) -> None:
    """A commodity that needs itself, over however many stages, can never be made."""
    left = {c: {i for i in stages[s].get("inputs", {}) if i in made} for c, s in made.items()}
    while ready := [c for c, needs in left.items() if not needs & left.keys()]:
        for c in ready:
            del left[c]
    if left:
        first = made[min(left)]
        problem(f"stages.{first}.inputs", f"commodities need one another in a circle: "
                                          f"{', '.join(sorted(left))}")


def _dates(sc: dict[str, Any], problem: Any) -> None:
    index = {}
    for key in ("start", "base", "end", "programme.start", "demand.follows"):
        section, _, name = key.rpartition(".")
        holder = sc.get(section) if section else sc
        text = (holder or {}).get(name)
        if text is None:  # its absence is reported where it is read
            continue
        try:
            index[key] = quarter_index(text)
        except ValueError as error:
            problem(key, str(error))
    first = index.get("start", 0.0)
    if "start" in index and "Q" not in sc["start"]:
        problem("start", f"found {sc['start']}; expected a quarter, the first simulated, such as "
                         "2023Q1")
    elif index.get("end", 0.0) >= first + 120.0:
        problem("end", "at most thirty years are simulated: end before "
                       f"{quarter_name(int(first) + 120)}")
    if len(index) < 5:
        return
    if not index["start"] <= index["base"] < index["end"]:
        problem("end", f"expected start <= base < end; found {sc['start']}, {sc['base']}, "
                       f"{sc['end']}")
    if not index["start"] <= index["programme.start"] < index["end"]:
        problem("programme.start", f"found {sc['programme']['start']}; expected a date from "
                                   f"{sc['start']} to {sc['end']}")
    term, pledge = sc["programme"].get("term"), sc["programme"].get("pledge")
    if term and pledge and pledge.at(0.0) > 0 and (
            index["programme.start"] + round(4 * term.value) > index["end"] + 1):
        problem("programme.term", "the term ends after the last quarter simulated, "
                f"{sc['end']}; shorten it or set end")
