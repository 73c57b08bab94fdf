"""The first page on a terminal: eighty columns, plain, every number with its unit."""

from __future__ import annotations

from typing import Any

from .numbers import big, chance, plain, usd
from .words import Words

BARS = 20


def render(a: dict[str, Any], lang: str = "en") -> str:
    """The read-out of an answer."""
    return f"{render_head(a, lang)}\n\n{render_rest(a, lang)}"


def render_rest(a: dict[str, Any], lang: str = "en") -> str:
    """All that follows the verdict."""
    w = Words(lang)
    blocks = [_service(a, w), _binds(a, w), _newcomer(a, w), _others(a, w), _foot(a, w)]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def render_head(a: dict[str, Any], lang: str = "en") -> str:
    """The header and the verdict alone."""
    w = Words(lang)
    return "\n\n".join("\n".join(lines) for lines in (_head(a, w), _verdict(a, w)) if lines)


def _head(a: dict[str, Any], w: Words) -> list[str]:
    lines = [w("header", version=a["version"], scenario=a["scenario"],
               futures=plain(a["futures"], w.lang, 9), seed=a["seed"],
               newest=a["evidence_newest"])]
    if a["off"]:
        lines += _wrap(w("switched_off", names=", ".join(a["off"])))
    return lines


def _verdict(a: dict[str, Any], w: Words) -> list[str]:
    if "spendable" not in a:
        return [w("reference")]
    lang, s, d = w.lang, a["spendable"], a["delivered"]
    lines = [w("title_venture", pledge=usd(a["pledge"], lang))]
    if a["industry"]:
        lines.append("  " + w("industry", **a["industry"]["year"]))
    head = w("term", first=a["first_year"], last=a["last_year"], base=a["base_year"])
    lines += ["", f"{head:<42}{w('median'):>9}  {w('interval'):>16}  {w('chance'):>8}"]
    lines.append(f"  {w('spendable'):<40}{usd(s['median'], lang):>9}  "
                 f"{usd(s['p5'], lang) + ' - ' + usd(s['p95'], lang):>16}  "
                 f"{chance(s['chance']):>8}")
    if a["aim"] == "compute":
        label = w("delivered", promise=plain(d["promise"], lang))
        lines.append(f"  {label:<40}{plain(d['median'], lang) + ' GW':>9}  "
                     f"{plain(d['p5'], lang) + ' - ' + plain(d['p95'], lang) + ' GW':>16}  "
                     f"{chance(d['chance']):>8}")
    if a["bound"]["all_tools"]:
        lines.append("  " + w("bound", all=usd(a["bound"]["all_tools"], lang)))
    lines.append("  " + w("chance_of", absorbed=90, filled=80))
    if "press" in a:
        lines.append("  " + w("press", fabs=plain(a["press"]["fabs"], lang)))
    return lines


def _service(a: dict[str, Any], w: Words) -> list[str]:
    s, lang = a["in_service"], w.lang
    pledged = "spendable" in a
    head = w("service", date=s["date"])
    lines = [f"{head:<29}" + (f"{w('programme'):>12}{w('additional'):>21}" if pledged else "")
             + f"{w('without'):>18}"]
    for r in s["rows"]:
        if pledged and r["key"] == "run" and not r["programme"]:
            r = r | {"programme": None}
        cells = [("" if r[k] is None else big(_clean(r[k], r["without"]), lang))
                 for k in (("programme", "additional") if pledged else ())]
        widths = (12, 21)
        lines.append(f"  {w('row_' + r['key']):<27}"
                     + "".join(f"{c:>{n}}" for c, n in zip(cells, widths, strict=False))
                     + f"{big(r['without'], lang):>18}")
    lines.append("  " + w("mean"))
    if pledged and a["additional_share"] is not None and a["aim"] == "compute":
        share = a["additional_share"]
        lines += _wrap(w("additional_share", share=plain(100 * share, lang, 2)))
        if share < 0.5:
            lines.append(w("bought"))
    return lines


def _clean(x: float, beside: float) -> float:
    """Zero for what is only the rounding of a difference."""
    return 0.0 if abs(x) < 1e-9 * abs(beside) else x


def _binds(a: dict[str, Any], w: Words) -> list[str]:
    if not a.get("binds"):
        return []
    keys: dict[str, float] = {}
    for y in a["binds"]:
        for x in y["limits"]:
            keys[x["key"]] = keys.get(x["key"], 0.0) + x["share"]
    shown = [k for k in sorted(keys, key=lambda k: -keys[k]) if keys[k] / len(a["binds"]) > 0.005]
    titles = {x["key"]: x["title"][w.lang] for y in a["binds"] for x in y["limits"]}
    years = [str(y["year"])[2:] for y in a["binds"]]
    lines = [f"{(w('binds') + ', %')[:39]:<40}" + "".join(f"{y:>4}" for y in years[:10])]
    for k in shown[:6]:
        cells = []
        for y in a["binds"][:10]:
            share = next((x["share"] for x in y["limits"] if x["key"] == k), 0.0)
            cells.append("" if share == 0 else "<1" if share < 0.01 else f"{100 * share:.0f}")
        lines.append((f"  {titles[k][:37]:<38}" + "".join(f"{c:>4}" for c in cells)).rstrip())
    return lines


def _newcomer(a: dict[str, Any], w: Words) -> list[str]:
    if not a["newcomer"]:
        return []
    cells = " · ".join(f"{plain(100 * n['share'], w.lang, 2)} %: {usd(n['spendable'], w.lang)}"
                       f" ± {usd(n['se'], w.lang)}" for n in a["newcomer"])
    lines = [w("newcomer", pledge=usd(a["pledge"], w.lang)), *_wrap(cells)]
    taken = {k: v for k, v in a["shares_taken"].items() if v >= 0.001}
    if taken:
        cells = " · ".join(f"{k} {plain(100 * v, w.lang, 2)} %" for k, v in taken.items())
        lines += [w("taken"), *_wrap(cells)]
    return lines


def _others(a: dict[str, Any], w: Words) -> list[str]:
    if not a["others"]:
        return []
    lines = [f"{w('others'):<46}{w('spendable').split()[0]:>10}"]
    for o in a["others"]:
        more = ("  " + w("all_tools", all=usd(o["bound"], w.lang))
                if o["aim"] == "fabs" and o["bound"] else "")
        lines.append(f"  {o['title'][w.lang][:42]:<44}{usd(o['spendable'], w.lang):>10}{more}")
    return lines


def _foot(a: dict[str, Any], w: Words) -> list[str]:
    g = a["grades"]
    return [w("rests", n=sum(g.values()) - g["ranged"], primary=g["primary"],
              second=g["second-hand"], derived=g["derived"]),
            "  " + w("rests2", recalled=g["recalled"], assumed=g["assumption"],
                     ranged=g["ranged"], bare=g["bare"]),
            *_wrap(w("limits"), indent=""), w("next"), w("disclaimer")]


def _wrap(text: str, indent: str = "  ") -> list[str]:
    import textwrap

    return textwrap.wrap(text, 79, initial_indent=indent, subsequent_indent=indent)
