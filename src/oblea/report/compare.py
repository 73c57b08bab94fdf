"""Scenarios compared on a terminal: what differs, what it does, which change, through what."""

from __future__ import annotations

from typing import Any

from .numbers import big, chance, decimals, error, fixed, plain, usd
from .text import WIDTH, row, wrap
from .words import Words

LABEL, CELLS = 28, (11, 11, 21, 9)
PART, PART_CELLS = 32, (16, 16, 16)
SHOWN = 12
MONEY = ("raisable", "spendable", "absorbed")
COMPUTE = ("h100e", "additional", "world_h100e")


def render(a: dict[str, Any], lang: str = "en") -> str:
    """Each scenario against the first."""
    w = Words(lang)
    head = w("cmp_head", version=a["version"], base=a["base"], n=plain(a["futures"], lang, 9),
             seed=a["seed"])
    return "\n\n".join(["\n".join(wrap(head, "", "  ")), *(_pair(a, p, w) for p in a["pairs"])])


def _pair(a: dict[str, Any], p: dict[str, Any], w: Words) -> str:
    blocks = [wrap(w("cmp_against", scenario=p["scenario"], base=a["base"]).upper()
                   if len(p["scenario"]) < 30 else
                   w("cmp_against", scenario=p["scenario"], base=a["base"]), "", "  ")]
    if p["differ"]:
        blocks[0] += wrap(w("cmp_differ", what=", ".join(w(f"cmp_{k}") for k in p["differ"])))
    if not p["inputs"]:
        return "\n".join([*blocks[0], *wrap(w("cmp_same"))])
    blocks += [_inputs(p, w), _outcomes(p, w), _parts(a, p, w), _limits(p, w), _gap(p, w)]
    return "\n\n".join("\n".join(b) for b in blocks if b)


def _inputs(p: dict[str, Any], w: Words) -> list[str]:
    lines = [w("cmp_inputs")]
    for x in p["inputs"][:SHOWN]:
        lines += wrap(f"{x['key']}: {said(x['first'], w)} -> {said(x['second'], w)}", "  ", "    ")
    more = len(p["inputs"]) - SHOWN
    return lines + (wrap(w("cmp_more", n=more)) if more > 0 else [])


def said(x: Any, w: Words) -> str:
    """What stands at a key, short: a value with its range, a series by its ends, a fact's name.

    >>> said({"value": "9 %", "low": "3 %", "high": "25 %"}, Words("en")), said(None, Words("en"))
    ('9 % (3 % to 25 %)', 'nothing')
    """
    if x is None:
        return w("cmp_nothing")
    if not isinstance(x, dict):
        return ", ".join(map(str, x)) if isinstance(x, list) else str(x)
    times = f" {w('times', n=x['times'])}" if "times" in x else ""
    if "value" in x:
        ends = [str(x[k]) for k in ("low", "high") if k in x]
        between = f" {w('to')} "
        return f"{x['value']}{times}" + (f" ({between.join(ends)})" if ends else "")
    if "series" in x:
        first, *_, last = [*x["series"].items()] * (1 if len(x["series"]) > 1 else 2)
        return f"{first[0]}: {said(first[1], w)} … {last[0]}: {said(last[1], w)}{times}"
    name = x.get("fact") or x.get("estimate")
    return f"{name}{times}" if name else w("cmp_part", n=len(x))


def _outcomes(p: dict[str, Any], w: Words) -> list[str]:
    heads = [w("cmp_first"), w("cmp_second"), w("cmp_diff"), w("cmp_higher")]
    lines = row(w("cmp_what"), heads, LABEL, CELLS)
    same_unit = p["delivered_units"][0] == p["delivered_units"][1]
    for k, x in p["outcomes"].items():
        if k == "delivered" and not same_unit:
            continue
        if "plan" in p["differ"] and k not in ("world_h100e", "price"):
            continue
        cells = _cells(k, x, p["delivered_units"][0], w)
        lines += row(f"  {w(f'cmp_{k}')}", cells, LABEL, CELLS)
    years = [str(i["year"]["p50"]) if i else w("cmp_later") for i in p["industry"]]
    if "plan" not in p["differ"]:
        lines += row(f"  {w('cmp_industry')}", [*years, "", ""], LABEL, CELLS)
    return lines + wrap(w("cmp_note"))


def _cells(k: str, x: dict[str, float], unit: str, w: Words) -> list[str]:
    if k.startswith("test_"):
        points = error(100 * x["diff"], 100 * x["se"], w.lang, 0, signed=True)
        return [chance(x["first"]), chance(x["second"]), points, ""]
    if k in MONEY:
        scale, show = 1e9, lambda v: usd(v, w.lang)
    elif k in COMPUTE:
        scale, show = 1e6, lambda v: big(v, w.lang)
    elif k == "delivered" and unit == "wspm":
        scale, show = 1.0, lambda v: big(v, w.lang)
    elif k in ("delivered", "gw"):
        scale, show = 1.0, lambda v: f"{fixed(v, 1, w.lang)} GW"
    elif k == "returned":
        scale, show = 0.01, lambda v: w("dollars", x=fixed(v, 2, w.lang))
    else:
        scale, show = 1.0, lambda v: fixed(v, 2, w.lang)
    places = decimals(x["se"] / scale)
    return [show(x["first"]), show(x["second"]),
            error(x["diff"] / scale, x["se"] / scale, w.lang, places, signed=True),
            chance(x["higher"]) if x["diff"] or x["se"] else ""]


def _parts(a: dict[str, Any], p: dict[str, Any], w: Words) -> list[str]:
    """Which change does how much; one change is the whole of it."""
    if len(p["parts"]) < 2:
        return []
    unit = "GW" if p["delivered_units"][0] == "GW" else w("cmp_wafers")
    lines = row(w("cmp_parts"), [w("driver_absorbed"), f"{w('delivered')}, {unit}",
                                 w("driver_returned")], PART, PART_CELLS)
    for r in p["parts"]:
        cells = [error(r[k]["part"] / s, r[k]["se"] / s, w.lang, places, signed=True)
                 for k, s, places in (("absorbed", 1e9, 0), ("delivered", 1.0, 1),
                                      ("returned", 0.01, 1))]
        lines += row(f"  {r['group']}", cells, PART, PART_CELLS)
    spread = sum(abs(r["absorbed"]["orders"][0] - r["absorbed"]["orders"][1])
                 for r in p["parts"]) / 2
    return lines + wrap(w("cmp_parts_note", moved=usd(spread, w.lang)))


def _limits(p: dict[str, Any], w: Words) -> list[str]:
    moved = [x for x in p["limits"] if abs(x["second"] - x["first"]) >= 0.01][:5]
    if not moved:
        return []
    lines = row(w("cmp_limits"), [w("cmp_first"), w("cmp_second")], WIDTH - 22, (11, 11))
    for x in moved:
        lines += row(f"  {x['title'][w.lang]}", [chance(x["first"]), chance(x["second"])],
                     WIDTH - 22, (11, 11))
    return lines


def _gap(p: dict[str, Any], w: Words) -> list[str]:
    if p["gap"] is None:
        return []
    one, two = p["gap"]["first"], p["gap"]["second"]
    lines = row(w("cmp_gap"), [w("cmp_first"), w("cmp_second")], WIDTH - 26, (13, 13))
    for k in sorted(one, key=lambda k: -abs(two.get(k, 0.0) - one[k])):
        lines += row(f"  {w('group_' + k)}", [usd(one[k], w.lang), usd(two.get(k, 0.0), w.lang)],
                     WIDTH - 26, (13, 13))
    return lines


