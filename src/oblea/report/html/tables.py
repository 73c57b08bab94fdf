"""Tables of the second page, each with its CSV inside the page: a link that needs no server."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import dataclass
from typing import Any

from ..numbers import ENDLESS, big, billions, chance, fixed, percent, pledge, usd
from ..words import Words

Row = list[Any]


@dataclass(frozen=True)
class Table:
    """key: file name; head and rows as shown; data: full precision, with units in its head."""

    key: str
    title: str
    head: list[str]
    rows: list[list[str]]
    data: list[Row]
    terms: tuple[str, ...] = ()
    """Keys of the glossary, one a row, where rows are words that need a meaning."""

    @property
    def href(self) -> str:
        return as_csv(self.data)


def as_csv(data: list[Row]) -> str:
    """Rows as a link to a file of their own.

    >>> as_csv([["a", "b"], [1, 2.5]])
    'data:text/csv;charset=utf-8;base64,YSxiDQoxLDIuNQ0K'
    """
    text = io.StringIO()
    csv.writer(text).writerows(data)
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(
        text.getvalue().encode("utf-8")).decode("ascii")


def tables(a: dict[str, Any], w: Words) -> list[Table]:
    """What the run has, in the order of the read-out."""
    made = [ledger(a, w), _gap(a, w), _service(a, w), _funders(a, w), _receivers(a, w),
            _fits(a, w), _regions(a, w), _drivers(a, w)]
    return [t for t in made if t is not None]


def ledger(a: dict[str, Any], w: Words) -> Table | None:
    """The stages of the money, 5 % to 95 %, with the chance of each test."""
    if "absorbed" not in a:
        return None
    rows, data = [], [["quantity", "unit", "p5", "median", "p95", "mean", "chance"]]
    units = {"delivered": a["delivered"]["unit"], "returned": "USD/USD"}
    for k in ("raisable", "spendable", "absorbed", "net_absorbed", "delivered", "returned"):
        s, unit = a[k], units.get(k, "USD")
        rows.append([w(k), *(_shown(s[q], unit, w) for q in ("p5", "median", "p95")),
                     chance(s["chance"]) if "chance" in s else ""])
        data.append([k, unit, s["p5"], s["median"], s["p95"], s["mean"], s.get("chance", "")])
    return Table("ledger", w("ledger_title"), ["", "5 %", w("median"), "95 %", w("chance")], rows,
                 data, tuple(r[0] for r in data[1:]))


def _shown(x: float, unit: str, w: Words) -> str:
    if unit == "USD":
        return w("endless") if x > ENDLESS else usd(x, w.lang)
    return (w("dollars", x=fixed(x, 2, w.lang)) if unit == "USD/USD" else
            f"{fixed(x, 1, w.lang)} GW" if unit == "GW" else big(x, w.lang))


def _gap(a: dict[str, Any], w: Words) -> Table | None:
    if "gap" not in a:
        return None
    parts = sorted(a["gap"]["parts"], key=lambda p: -p["part"])
    return Table("gap", w("gap_name"), ["", w("part"), "±", w("by_itself")],
                 [[w("group_" + p["key"]), billions(p["part"], w.lang), billions(p["se"], w.lang),
                   billions(p["alone"], w.lang)] for p in parts if p["modelled"]],
                 [["group", "part_usd", "standard_error_usd", "alone_usd", "named_in_2024"],
                  *([p["key"], p["part"], p["se"], p["alone"], p["named"]] for p in parts)])


def _service(a: dict[str, Any], w: Words) -> Table:
    s = a["in_service"]
    keys = ("programme", "additional", "without")
    return Table("in-service", w("service", date=s["date"]), ["", *(w(k) for k in keys)],
                 [[w("row_" + r["key"]), *("" if r[k] is None else big(r[k], w.lang)
                                           for k in keys)] for r in s["rows"]],
                 [["quantity", "unit", *keys], *([r["key"], r["unit"], *(r[k] for k in keys)]
                                                 for r in s["rows"])])


def _funders(a: dict[str, Any], w: Words) -> Table | None:
    found = [f for f in a.get("funders", ()) if f["paid"] > 0 or f["could"] > 0]
    if not found:
        return None
    found.sort(key=lambda f: -f["paid"])
    return Table("funders", w("payers"), ["", *(w(k) for k in ("paid", "could", "multiple", "rate",
                                                               "asks"))],
                 [[f["title"][w.lang], billions(f["paid"], w.lang), billions(f["could"], w.lang),
                   "" if f["multiple"] is None else fixed(f["multiple"], 2, w.lang),
                   "" if f["irr"] is None else percent(f["irr"], w.lang),
                   "" if f["required"] is None else percent(f["required"], w.lang)]
                  for f in found],
                 [["funder", "paid_usd", "could_usd_a_year", "back_per_usd", "irr_a_year",
                   "asks_a_year"],
                  *([f["key"], f["paid"], f["could"], f["multiple"], f["irr"], f["required"]]
                    for f in found)])


def _receivers(a: dict[str, Any], w: Words) -> Table | None:
    found = a.get("receivers")
    if not found:
        return None
    return Table("receivers", w("receivers", last=a["last_year"]), ["", w("paid_to")],
                 [[r["title"][w.lang] if r["title"] else w("receiver_" + r["key"]),
                   billions(r["usd"], w.lang)] for r in found],
                 [["receiver", "usd"], *([r["key"], r["usd"]] for r in found)])


def _fits(a: dict[str, Any], w: Words) -> Table | None:
    if "fits" not in a:
        return None
    tests = ("absorbed", "delivered", "returned", "joint")
    rows = a["fits"]["rows"]
    return Table("how-much-fits", w("fits_title"),
                 [w("fits_x"), w("fits_y"), *(w(t) for t in tests)],
                 [[pledge(r["pledge"], w.lang), usd(r["absorbed"]["median"], w.lang),
                   *(chance(r["chances"][t]) for t in tests)] for r in rows],
                 [["pledge_usd", "absorbed_p5_usd", "absorbed_median_usd", "absorbed_p95_usd",
                   "absorbed_mean_usd", *(f"chance_{t}" for t in tests)],
                  *([r["pledge"], *(r["absorbed"][k] for k in ("p5", "median", "p95", "mean")),
                     *(r["chances"][t] for t in tests)] for r in rows)])


def _regions(a: dict[str, Any], w: Words) -> Table | None:
    if "regions" not in a:
        return None
    keys = ("gw", "gw_all", "wafers", "wafers_all")
    rows = a["regions"]["rows"]
    return Table("regions", w("regions_title"),
                 ["", w("regions_gw"), w("regions_all"), w("row_wafers"), w("regions_all")],
                 [[r["title"][w.lang], *(big(r[k], w.lang) for k in keys)] for r in rows],
                 [["region", "programme_gw", "everyone_gw", "programme_wspm", "everyone_wspm"],
                  *([r["key"], *(r[k] for k in keys)] for r in rows)])


def _drivers(a: dict[str, Any], w: Words) -> Table | None:
    found = a.get("drivers")
    if not found:
        return None
    return Table("drivers", w("drivers"), ["", w("driver_absorbed"), w("driver_returned")],
                 [[d["key"], fixed(d["absorbed"] / 1e9, 0, w.lang),
                   fixed(100 * d["worth"], 1, w.lang)] for d in found],
                 [["key", "unit", "low", "high", "kind", "absorbed_usd", "absorbed_se_usd",
                   "worth_usd_per_usd", "worth_se"],
                  *([d["key"], d["unit"], d["low"], d["high"], d["kind"], d["absorbed"],
                     d["absorbed_se"], d["worth"], d["worth_se"]] for d in found)])


def compute_csv(a: dict[str, Any]) -> str:
    """The fans of compute in service, H100e, by the date of a quarter's end."""
    p = a["pictures"]
    names = [(k, i) for k in p["compute"] for i in range(len(p["levels"]))]
    head = ["date", *(f"{k}_p{100 * p['levels'][i]:g}_h100e" for k, i in names)]
    return as_csv([head, *([d, *(p["compute"][k][i][t] for k, i in names)]
                           for t, d in enumerate(p["date"]))])
