"""Scenarios compared on a terminal: what differs, what it does, which change, through what."""

from __future__ import annotations

from typing import Any

from .numbers import big, chance, decimals, error, fixed, plain, usd
from .text import WIDTH, inline, row, wrap
from .words import Words

LABEL, CELLS = 22, (9, 9, 16, 17, 7)
PART, PART_CELLS = 32, (16, 16, 16)
LIMIT, LIMIT_CELLS = WIDTH - 46, (13, 13, 20)
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
    title = w("cmp_against", scenario=p["scenario"], base=a["base"])
    head = wrap(title.upper() if len(p["scenario"]) < 30 else title, "", "  ")
    if not p["inputs"]:
        return "\n".join([*head, *wrap(w("cmp_same"))])
    blocks = [head + _differ(a, p, w), _inputs(p, w), _outcomes(a, p, w), _parts(p, w),
              _limits(p, w), _gap(a, p, w)]
    return "\n\n".join("\n".join(b) for b in blocks if b)


def _differ(a: dict[str, Any], p: dict[str, Any], w: Words) -> list[str]:
    """What is not alike in kind, a line each with what was done about it."""
    terms = {f"{end}{i}": q for i, t in enumerate(p["terms"]) for end, q in zip("ab", t,
                                                                              strict=True)}
    values = terms | {"year": a["base_year"], "factor": fixed(p["dollars"], 3, w.lang)}
    return [line for k in p["differ"] for line in wrap(w(f"cmp_{k}", **values), "  ", "    ")]


def _inputs(p: dict[str, Any], w: Words) -> list[str]:
    lines = [w("cmp_inputs")]
    for x in p["inputs"][:SHOWN]:
        sides = [said(x[k], w, n) for k, n in zip(("first", "second"), x["numbers"], strict=True)]
        kinds = [w(f"kind_{n['kind']}") if n else "" for n in x["numbers"]]
        known = kinds[0] if kinds[0] == kinds[1] else " -> ".join(k for k in kinds if k)
        lines += wrap(f"{x['key']}: {' -> '.join(sides)}" + (f" [{known}]" if known else ""), "  ",
                      "    ")
    more = len(p["inputs"]) - SHOWN
    return lines + (wrap(w("cmp_more", n=more)) if more > 0 else [])


def said(x: Any, w: Words, number: dict[str, Any] | None = None) -> str:
    """What stands at a key, short: a value with its range, a series by its ends, a fact with the
    value and unit of the `number` that it is.

    >>> said({"value": "9 %", "low": "3 %", "high": "25 %"}, Words("en")), said(None, Words("en"))
    ('9 % (3 % to 25 %)', 'nothing')
    >>> said({"fact": "x"}, Words("en"), {"value": 0.25, "low": 0.2, "high": 0.3, "unit": "ratio"})
    'x = 0.25 (0.2 to 0.3) ratio'
    """
    if x is None:
        return w("cmp_nothing")
    if not isinstance(x, dict):
        return ", ".join(map(str, x)) if isinstance(x, list) else str(x)
    times = f" {w('times', n=x['times'])}" if "times" in x else ""
    if "value" in x:
        return f"{x['value']}{times}{_between(x.get('low'), x.get('high'), w)}"
    if "series" in x:
        first, *_, last = [*x["series"].items()] * (1 if len(x["series"]) > 1 else 2)
        return f"{first[0]}: {said(first[1], w)} … {last[0]}: {said(last[1], w)}{times}"
    name = x.get("fact") or x.get("estimate")
    if not name:
        return w("cmp_part", n=len(x))
    if number is None or number["value"] is None:
        return f"{name}{times}"
    low, high = number["low"], number["high"]
    ends = (f"{low:.4g}", f"{high:.4g}") if low != high else (None, None)
    return f"{name}{times} = {number['value']:.4g}{_between(*ends, w)} {number['unit']}"


def _between(low: Any, high: Any, w: Words) -> str:
    to = f" {w('to')} "
    ends = to.join(str(x) for x in (low, high) if x is not None)
    return f" ({ends})" if ends else ""


def _outcomes(a: dict[str, Any], p: dict[str, Any], w: Words) -> list[str]:
    heads = [w("cmp_first"), w("cmp_second"), w("cmp_diff"), w("cmp_span"), w("cmp_higher")]
    lines = row(w("cmp_what"), heads, LABEL, CELLS)
    for k, x in p["outcomes"].items():
        lines += row(f"  {w(f'cmp_{k}')}", _cells(k, x, p["delivered_units"], w), LABEL, CELLS)
    if p["industry"]:
        x = p["industry"]
        years = [f"{x[k]:.0f}" for k in ("first", "second")]
        lines += row(f"  {w('cmp_industry')}", [*years, *_changed(x, 1.0, "", w)], LABEL, CELLS)
    elif "plan" not in p["differ"]:
        lines += wrap(w("cmp_later"))
    return lines + wrap(w("cmp_note"))


def _cells(k: str, x: dict[str, float], units: list[str], w: Words) -> list[str]:
    """First, second, difference with its error, 90 % of futures, share in which it is higher."""
    if k.startswith("test_"):
        points = error(100 * x["diff"], 100 * x["se"], w.lang, 0, signed=True)
        shown = points if points == "0" else f"{points} {w('cmp_points')}"
        return [chance(x["first"]), chance(x["second"]), shown, "", ""]
    scale, unit, show = 1.0, "", lambda v: fixed(v, 2, w.lang)
    if k in MONEY:
        large = abs(x["diff"]) >= 1e12
        scale, show = 1e12 if large else 1e9, lambda v: usd(v, w.lang)
        unit = usd(scale if large else 1e10, w.lang).split()[1]
    elif k in COMPUTE or (k == "delivered" and units[0] == "wspm"):
        large = max(abs(x[n]) for n in ("first", "second")) >= 1e6
        scale, unit, show = 1e6 if large else 1.0, "M" if large else "", lambda v: big(v, w.lang)
    elif k in ("delivered", "gw"):
        unit, show = "GW", lambda v: f"{plain(v, w.lang)} GW" if v >= 100 else (
            f"{fixed(v, 1, w.lang)} GW")
    elif k == "returned":
        show = lambda v: w("dollars", x=fixed(v, 2, w.lang))  # noqa: E731
    return [show(x["first"]), show(x["second"]), *_changed(x, scale, unit, w, k == "returned")]


def _changed(x: dict[str, float], scale: float, unit: str, w: Words, finer: bool = False
             ) -> list[str]:
    """Difference, 90 % of futures, share in which the second is higher; nothing where all agree."""
    places = decimals(x["se"] / scale) + finer
    change = error(x["diff"] / scale, x["se"] / scale, w.lang, places, signed=True)
    if x["diff"] == x["p5"] == x["p95"] == 0:
        return ["0", "", ""]
    ends = [fixed(x[k] / scale, places, w.lang) for k in ("p5", "p95")]
    span = f" {w('to')} ".join(f"+{e}" if x[k] > 0 and any(c in e for c in "123456789") else e
                               for e, k in zip(ends, ("p5", "p95"), strict=True))
    return [f"{change} {unit}".strip(), span, chance(x["higher"])]


def _parts(p: dict[str, Any], w: Words) -> list[str]:
    """Which change does how much; one change is the whole of it."""
    if len(p["parts"]) < 2:
        return []
    unit = "GW" if p["delivered_units"][0] == "GW" else w("cmp_wafers")
    kinds = [("absorbed", w("driver_absorbed"), 1e9, 0),
             ("delivered", f"{w('delivered')}, {unit}", 1.0, 1),
             ("returned", w("driver_returned"), 0.01, 1)]
    kinds = [k for k in kinds if k[0] in p["outcomes"]]
    widths = PART_CELLS[: len(kinds)]
    lines = row(w("cmp_parts"), [k[1] for k in kinds], PART, widths)
    for r in p["parts"]:
        cells = [error(r[k]["part"] / s, r[k]["se"] / s, w.lang, places, signed=True)
                 for k, _, s, places in kinds]
        name = " + ".join(w(f"cmp_{g}") if g in ("world", "other") else g
                          for g in r["group"].split(" + "))
        lines += row(f"  {name}", cells, PART, widths)
    spread = sum(abs(r["absorbed"]["orders"][0] - r["absorbed"]["orders"][1])
                 for r in p["parts"]) / 2
    return lines + wrap(w("cmp_parts_note", moved=usd(spread, w.lang)))


def _limits(p: dict[str, Any], w: Words) -> list[str]:
    """Limits that bind more or less often, with the year in which that changes most."""
    moved = [x for x in p["limits"] if max(map(abs, (
        x["second"] - x["first"], *x["years"].values()))) >= 0.01][:6]
    if not moved:
        return []
    lines = row(w("cmp_limits"), [w("cmp_first"), w("cmp_second"), w("cmp_most")], LIMIT,
                LIMIT_CELLS)
    for x in moved:
        year = max(x["years"], key=lambda y, x=x: abs(x["years"][y]), default=None)
        most = "" if year is None or abs(x["years"][year]) < 0.005 else (
            f"{year}: {100 * x['years'][year]:+.0f}")
        lines += row(f"  {inline(x['title'][w.lang])}",
                     [chance(x["first"]), chance(x["second"]), most], LIMIT, LIMIT_CELLS)
    return lines


def _gap(a: dict[str, Any], p: dict[str, Any], w: Words) -> list[str]:
    if p["gap"] is None:
        return []
    one, two = p["gap"]["first"], p["gap"]["second"]
    lines = row(w("cmp_gap"), [w("cmp_first"), w("cmp_second"), w("cmp_diff")], LIMIT, LIMIT_CELLS)
    for k in sorted(one, key=lambda k: -abs(two[k] - one[k])):
        lines += row(f"  {w('group_' + k)}", [_whole(one[k], w), _whole(two[k], w),
                                              _whole(two[k] - one[k], w, "+")], LIMIT, LIMIT_CELLS)
    return lines + wrap(w("cmp_gap_note", n=a["few"]))


def _whole(x: float, w: Words, sign: str = "") -> str:
    """Whole billions: a column that can be added up."""
    text = fixed(x / 1e9, 0, w.lang)
    return f"{sign if x > 0 and text != '0' else ''}{text} {usd(1e10, w.lang).split()[1]}"
