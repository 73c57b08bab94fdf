"""Where a number comes from: scenario value, reason, facts, sources, and what it acts through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import InputErrors, Problem, did_you_mean

if TYPE_CHECKING:
    from ..scenario import Number, Scenario

# The first word of a key says which part of the quarter reads it.
THROUGH = {
    "pools": "order books: slots delivered and sold (ration), then construction (build)",
    "stages": "construction (build), production (make) and the cost of a gigawatt",
    "products": "the bill of materials and cost of a gigawatt (make, deploy)",
    "mix": "the bill of materials and cost of a gigawatt (make, deploy)",
    "trends": "successors' bill of materials (make, deploy)",
    "yields": "wafers an accelerator takes (make)",
    "demand": "what the reference world wants to deploy, hence what is left (decide, clear)",
    "fleet": "retirement and refresh (deploy)", "newcomer": "share of order books (ration)",
    "operator": "starts of leading-edge fabs (decide)", "resale": "order books (ration)",
    "response": "suppliers' investment (decide)", "payments": "when capital falls due (build)",
    "programme": "the programme's money and wishes (decide)",
    "regions": "cost and delay of building (build)", "delay_spread": "delay (build)",
    "pue": "facility power of an accelerator (deploy)", "deposit": "orders (ration)",
    "largest_run": "the largest run, in the read-out", "report": "thresholds of the read-out",
    "own_silicon": "the world's cost of a gigawatt, hence full cost (clear) and capex (decide)",
    "market": "the price of compute and who pays it (clear)",
    "operations": "running costs, hence cash and full cost (pay, clear)",
    "tax": "tax paid (pay)", "finance": "who pays in, on which terms (finance, pay)",
    "common": "the dated numbers that it names, all at once",
    "currencies": "sums in other currencies",
    "deflator": "dollars of other years", "ddr_intensity": "cost gigawatt",
}


def why(sc: Scenario, key: str) -> list[dict[str, Any]]:
    """Entries for a number, for all below a key, or for every number that rests on a fact.

    Raises InputErrors for a key that is none of these.
    """
    if key in sc.numbers:
        keys = [key, *(k for k in sc.numbers if k == f"{key}.then")]
    elif key in sc.evidence.facts:
        keys = [k for k, n in sc.numbers.items() if key in n.facts]
        if not keys:
            return [{"key": "", "fact_only": True, "facts": [_fact(sc, key)]}]
    else:
        keys = [k for k in sc.numbers if k.startswith(f"{key}.")]
    if not keys:
        known = [*sc.numbers, *sc.evidence.facts, *{k.split(".")[0] for k in sc.numbers}]
        raise InputErrors([Problem("why", None, key, "no number and no fact of that name"
                                   f"{did_you_mean(key, known)}")])
    return [_entry(sc, sc.numbers[k]) for k in keys]


def _entry(sc: Scenario, n: Number) -> dict[str, Any]:
    from ..dates import quarter_name

    return {
        "key": n.key, "value": n.value, "low": n.low, "high": n.high, "unit": n.unit,
        "shape": n.shape, "kind": n.kind, "why": n.why, "how": n.how,
        "series": None if n.points is None else {quarter_name(int(t)): x for t, x in n.points},
        "place": f"{n.file}:{n.line}", "through": THROUGH.get(n.key.split(".")[0], ""),
        "facts": [_fact(sc, f) for f in n.facts],
    }


def _fact(sc: Scenario, name: str) -> dict[str, Any]:
    f = sc.evidence.fact(name)
    return {"id": f.id, "value": f.value, "unit": f.unit, "low": f.low, "high": f.high,
            "date": f.date, "basis": f.basis, "scope": f.scope, "grade": f.grade, "note": f.note,
            "title": f.source.title, "publisher": f.source.publisher, "url": f.source.url,
            "accessed": f.source.accessed, "place": f"{f.file}:{f.line}"}
