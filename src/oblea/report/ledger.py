"""The question, the verdict and the ledger: from what can be raised to what comes back."""

from __future__ import annotations

from typing import Any

from .numbers import (
    ENDLESS,
    big,
    chance,
    fixed,
    percent,
    plain,
    pledge,
    span,
    usd,
    usd_beside,
    usd_span,
)
from .text import row, wrap
from .words import Words

LABEL, CELLS = 43, (10, 18, 8)


def header(a: dict[str, Any], w: Words) -> list[str]:
    """What was run."""
    lines = [w("header", version=a["version"], scenario=a["scenario"],
               futures=plain(a["futures"], w.lang, 9), seed=a["seed"],
               newest=a["evidence_newest"])]
    if a.get("overlay"):
        lines += wrap(w("overlaid", folder=a["overlay"]))
    return lines + (wrap(w("switched_off", names=", ".join(a["off"]))) if a["off"] else [])


def verdict(a: dict[str, Any], w: Words) -> list[str]:
    """The question in capitals, and the answer for one venture and for the industry."""
    if "verdict" not in a:
        return [w("reference")]
    v = a["verdict"]
    lines = wrap(w(f"question_{a['aim']}", sum=_spelled(a["pledge"], w)), "")
    lines += [w("venture", word=w(f"word_{v['word']}").upper(), chance=chance(v["joint"])),
              " " * 19 + w("fails" if v["joint"] < 0.5 else "hardest", test=w(v["weakest"]))]
    if a["industry"]:
        y = a["industry"]["year"]
        sure = y["p5"] == y["p95"]
        lines += wrap(w("industry", p50=y["p50"], p90="" if sure else f" ({y['p5']}-{y['p95']})"))
    if "press" in a:
        lines += wrap(w("press", fabs=plain(a["press"]["fabs"], w.lang)))
    return lines


def _spelled(x: float, w: Words) -> str:
    """A sum in words, for a title."""
    if x == 1e12:
        return w("one_trillion")
    key, scale = ("trillions", 1e12) if x > 1e12 else ("billions", 1e9)
    return w(key, n=plain(x / scale, w.lang))


def ledger(a: dict[str, Any], w: Words) -> list[str]:
    """Median, 90 % of futures and the chance of passing, one line a stage of the money."""
    if "absorbed" not in a:
        return []
    head = [w("median"), w("interval"), w("chance")]
    lines = row(w("term", first=a["first_year"], last=a["last_year"], base=a["base_year"]), head,
                LABEL, CELLS)
    for label, cells in (
            (w("row_raisable"), _dollars(a["raisable"], w)),
            (w("row_spendable"), _dollars(a["spendable"], w)),
            (w("row_absorbed", pledge=pledge(a["pledge"], w.lang)), _dollars(a["absorbed"], w)),
            _delivered(a["delivered"], w),
            (w("row_returned"), _returned(a["returned"], w))):
        lines += row(f"  {label}", cells, LABEL, CELLS)
    return lines + _tests(a, w)


def _chance(s: dict[str, Any]) -> str:
    return chance(s["chance"]) if "chance" in s else ""


def _dollars(s: dict[str, Any], w: Words) -> list[str]:
    if s["median"] > ENDLESS:
        return [w("endless"), "", _chance(s)]
    return [usd_beside(s["median"], s["p5"], s["p95"], w.lang),
            usd_span(s["p5"], s["p95"], w.lang), _chance(s)]


def _delivered(s: dict[str, Any], w: Words) -> tuple[str, list[str]]:
    if s["unit"] == "wspm":
        label = w("row_delivered_wafers", promise=big(s["promise"], w.lang))
        low, mid, high = (big(s[k], w.lang) for k in ("p5", "median", "p95"))
    else:
        label = w("row_delivered_gw", promise=plain(s["promise"], w.lang))
        places = 1 if s["p95"] < 100 else 0
        low, mid, high = (f"{fixed(s[k], places, w.lang)} GW" for k in ("p5", "median", "p95"))
    return label, [mid, span(low, high, w.lang), _chance(s)]


def _returned(s: dict[str, Any], w: Words) -> list[str]:
    low, mid, high = (fixed(s[k], 2, w.lang) for k in ("p5", "median", "p95"))
    return [w("dollars", x=mid), w("dollars", x=span(low, high, w.lang)), _chance(s)]


def asked(a: dict[str, Any], w: Words) -> str:
    """What each test asks."""
    t = a["thresholds"]
    unit = "wafers" if a["delivered"]["unit"] == "wspm" else "gw"
    return w(f"tests_{unit}", absorbed=percent(t["absorbed"]), delivered=percent(t["delivered"]),
             hurdle=percent(a["returned"]["hurdle"], w.lang), paid=percent(t["paid_in"]))


def _tests(a: dict[str, Any], w: Words) -> list[str]:
    lines = wrap(asked(a, w)) + wrap(w("bounds"))
    if a["aim"] == "fabs" and a["bound"]["all_tools"]:
        lines += wrap(w("bound", all=usd(a["bound"]["all_tools"], w.lang)))
    return lines
