"""A workbook that a spreadsheet person can follow: inputs as values with their source, all else as
formulas. No result of a formula is stored with it, so that a broken one cannot hide."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..chain.index import index
from ..cost.steps import Input, Step, steps
from ..dates import quarter_index
from ..errors import InputErrors, Problem
from ..report.words import Words, catalogue

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .run import Run

FLOWS = ("called", "revenue", "ahead", "spent", "running", "tax", "interest", "repaid",
         "distributed")
SIGNS = dict(zip(FLOWS, "++-------", strict=True))


def to_excel(run: Run, file: Path, lang: str = "en", product: str | None = None,
             basis: str = "facility") -> Path:
    """The workbook of a run, with the gigawatt of `product`, or of the one that the programme is
    to be sold most of. Raises InputErrors where the file exists or cannot be written."""
    w = Words(lang)
    product = product or most_sold(run.scenario)
    pledged = "absorbed" in run.answer
    with _Book(file, w) as book:
        book.about([w("about_gigawatt", product=run.scenario.products[product].title.en,
                      basis=basis, year=run.answer["base_year"])]
                   + ([w("about_cash", path=run.answer["cash_path"])] if pledged else []))
        if pledged:
            _answer(book, run.answer)
        gigawatt(book, run.scenario, product, basis)
        if pledged:
            _cash(book, run)
    return file


def most_sold(sc: Scenario) -> str:
    """The product with a die of its own that has most of the programme's mix a year after the base
    date.

    >>> from oblea.scenario import load
    >>> most_sold(load("seven-trillion")), most_sold(load("seven-trillion-2024"))
    ('rubin', 'h100')
    """
    a_year_on = quarter_index(sc.base) + 4.0
    return max((g for g in sc.products if sc.products[g].logic is not None),
               key=lambda g: sc.mix.programme[g].at(a_year_on) if g in sc.mix.programme else 0.0)


def gigawatt_to_excel(sc: Scenario, product: str, basis: str, file: Path, lang: str = "en") -> Path:
    """The gigawatt alone."""
    w = Words(lang)
    with _Book(file, w) as book:
        book.about([w("about_gigawatt", product=sc.products[product].title.en, basis=basis,
                      year=sc.base_year)])
        gigawatt(book, sc, product, basis)
    return file


class _Book:
    """A workbook under construction, written whole or not at all."""

    def __init__(self, file: Path, w: Words) -> None:
        import xlsxwriter

        if file.exists():
            raise InputErrors([Problem(str(file), None, "", "exists already; nothing was changed")])
        self.file, self.w = file, w
        self.work = file.with_name(f".{file.name}.part")
        self.book = xlsxwriter.Workbook(str(self.work), {"nan_inf_to_errors": False})
        form = self.book.add_format
        self.bold = form({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.input = form({"font_color": "#0b5394", "num_format": "#,##0.######"})
        self.number = form({"num_format": "#,##0.00####"})
        self.money = form({"num_format": "#,##0"})
        self.soft = form({"font_color": "#595959"})
        self.wrap = form({"text_wrap": True, "valign": "top"})

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is not None:
            self.work.unlink(missing_ok=True)
            return
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.book.close()
            self.work.rename(self.file)
        except (FileCreateError, OSError) as problem:
            raise InputErrors([Problem(str(self.file), None, "", f"cannot be written: {problem}")
                               ]) from None

    def sheet(self, key: str, widths: list[int]) -> Any:
        sheet = self.book.add_worksheet(self.w(key))
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        return sheet

    def about(self, lines: list[str]) -> None:
        sheet = self.sheet("sheet_about", [100])
        w = self.w
        for i, line in enumerate([*lines, w("about_inputs"), w("about_check"),
                                  f"{w('limits')} {w('disclaimer')}"]):
            sheet.write_string(i, 0, line, self.wrap)


def _answer(book: _Book, a: dict[str, Any]) -> None:
    w, sheet = book.w, book.sheet("sheet_answer", [30, 12, 18, 18, 18, 18, 10])
    heads = ["", w("head_unit"), "5 %", w("median"), "95 %", w("mean_head"), w("chance")]
    sheet.freeze_panes(1, 1)
    for j, head in enumerate(heads):
        sheet.write_string(0, j, head, book.bold)
    units = {"delivered": a["delivered"]["unit"], "returned": "USD/USD"}
    for i, k in enumerate(("raisable", "spendable", "absorbed", "delivered", "returned"), start=1):
        sheet.write_string(i, 0, w(k))
        sheet.write_string(i, 1, units.get(k, "USD"))
        for j, q in enumerate(("p5", "median", "p95", "mean"), start=2):
            sheet.write_number(i, j, a[k][q], book.number)
        if "chance" in a[k]:
            sheet.write_number(i, 6, a[k]["chance"], book.number)


def gigawatt(book: _Book, sc: Scenario, product: str, basis: str) -> dict[str, str]:
    """The sheet of the gigawatt; returns the cell of each input and step."""
    w, (inputs, out) = book.w, steps(sc, product, basis)
    sheet = book.sheet("sheet_gigawatt", [46, 20, 24, 60, 40])
    heads = (w("head_input"), w("head_value"), w("head_unit"), w("head_source"), w("head_key"))
    for j, head in enumerate(heads):
        sheet.write_string(0, j, head, book.bold)
    sheet.freeze_panes(1, 1)
    cell: dict[str, str] = {}
    for i, x in enumerate(inputs, start=1):
        cell[x.key] = f"$B${i + 1}"
        sheet.write_string(i, 0, label(x.key, sc, w))
        sheet.write_number(i, 1, x.value, book.input)
        sheet.write_string(i, 2, x.unit)
        sheet.write_string(i, 3, _source(sc, x, w), book.soft)
        sheet.write_string(i, 4, x.source, book.soft)
    top = len(inputs) + 2
    sheet.write_string(top, 0, w("head_step"), book.bold)
    for i, s in enumerate(out, start=top + 1):
        cell[s.key] = f"$B${i + 1}"
        sheet.write_string(i, 0, label(s.key, sc, w))
        sheet.write_formula(i, 1, "=" + filled(s, cell),
                            book.money if s.unit == "USD" else book.number, "")
        sheet.write_string(i, 2, s.unit)
    return cell


def filled(s: Step, cell: dict[str, str]) -> str:
    """A formula with cells for names.

    >>> filled(Step("n", "", "1e6/{kw}"), {"kw": "$B$2"})
    '1e6/$B$2'
    """
    return re.sub(r"\{(\w+)\}", lambda m: cell[m[1]], s.formula)


def label(key: str, sc: Scenario, w: Words) -> str:
    """What an input or step is, in the reader's words."""
    if f"step_{key}" in catalogue():
        return w(f"step_{key}")
    for form, pattern in (("price_of", r"price_(.+)"), ("usd_of", r"usd_(.+)"),
                          ("layers_of", r"layers_(.+)"), ("tools_each_of", r"tools_each_(.+)"),
                          ("tools_of", r"tools_(.+)"), ("passes_of", r"passes_(.+)"),
                          ("each_of", r"(.+)_each")):
        found = re.fullmatch(pattern, key)
        if found:
            return w(f"step_{form}", what=_what(found[1], sc, w))
    return _what(key, sc, w)


def _what(name: str, sc: Scenario, w: Words) -> str:
    for family in ("what_", "step_"):
        if family + name in catalogue():
            return w(family + name)
    stage = next((s for s in sc.stages.values() if s.makes == name), None)
    return name if stage is None else getattr(stage.title, w.lang)


def _source(sc: Scenario, x: Input, w: Words) -> str:
    number = sc.numbers.get(x.source)
    if number is None:
        return w("averaged") if not x.source else ""
    if number.facts:
        f = sc.evidence.fact(number.facts[0])
        return f"{f.source.publisher or w('grade_' + f.grade)}, {f.date} ({f.id})"
    return w("assumed_because", why=number.why or number.how or "")


def _cash(book: _Book, run: Run) -> None:
    """One future: flows as values, the cash account and present values as formulas."""
    w, a, sc = book.w, run.answer, run.scenario
    t = {k: v.tolist() for k, v in run.tables["cash"].items()}
    names = ["quarter", "index", *FLOWS, "held", "engine_held", "outside", "free", "factor",
             "pv_free", "pv_spent"]
    sheet = book.sheet("sheet_cash", [12, 12, *[17] * (len(names) - 2)])
    col = {name: _letter(j) for j, name in enumerate(names)}
    n, head = len(t["quarter"]), 12
    ch = index(sc)
    first, last = (head + 1 + q for q in (ch.start, min(ch.end, ch.quarters) - 1))  # rows, from 0
    rows = [("deflator", sc.deflator.value, book.input), ("hurdle", sc.finance.hurdle.value,
                                                          book.input)]
    for i, (key, x, form) in enumerate(rows):
        sheet.write_string(i, 0, w(f"cash_{key}"))
        sheet.write_number(i, 3, x, form)
    span = lambda c, top=head + 2: f"{col[c]}{top}:{col[c]}{head + 1 + n}"  # noqa: E731
    path = int(a["cash_path"])
    scalars = run.tables["paths"]
    totals = [("npv", f"=SUM({span('pv_free')})", scalars["npv_usd"][path]),
              ("capital", f"=SUM({span('pv_spent')})", None),
              ("worth", "=1+$D$4/$D$5", scalars["worth"][path]),
              ("absorbed", f"=SUM({col['outside']}{first + 1}:{col['outside']}{last + 1})",
               scalars["absorbed_usd"][path])]
    for j, text in ((3, w("head_value")), (4, w("engine")), (5, w("difference"))):
        sheet.write_string(2, j, text, book.bold)
    for i, (key, formula, engine) in enumerate(totals, start=3):
        sheet.write_string(i, 0, w(f"cash_{key}"))
        sheet.write_formula(i, 3, formula, book.number, "")
        if engine is not None:
            sheet.write_number(i, 4, float(engine), book.number)
            sheet.write_formula(i, 5, f"=D{i + 1}-E{i + 1}", book.number, "")
    sheet.write_string(8, 0, w("cash_note", year=a["base_year"]))
    for j, name in enumerate(names):
        sheet.write_string(head, j, w(f"cash_{name}", year=a["base_year"])
                           if name == "index" else w(f"cash_{name}"), book.bold)
    sheet.freeze_panes(head + 1, 1)
    origin = head + 1 + int(quarter_index(f"{a['base_year']}Q1")) - ch.first
    for k in range(n):
        r = head + 1 + k
        _quarter(book, sheet, r, k, t, col, first, origin)


def _quarter(book: _Book, sheet: Any, r: int, k: int, t: dict[str, list[Any]], col: dict[str, str],
             first: int, origin: int) -> None:
    at = {name: f"{letter}{r + 1}" for name, letter in col.items()}
    sheet.write_string(r, 0, t["quarter"][k])
    sheet.write_formula(r, 1, "=" + INDEX.format(r=r, origin=origin), book.number, "")
    for j, name in enumerate(FLOWS, start=2):
        sheet.write_number(r, j, t[name][k], book.input)
    flows = "".join(SIGNS[name] + at[name] for name in FLOWS)
    before = f"{col['held']}{r}" if k else "0"
    sheet.write_formula(r, 2 + len(FLOWS), f"={before}+({flows[1:]})*{at['index']}", book.money, "")
    sheet.write_number(r, 3 + len(FLOWS), t["held"][k] * t["index"][k], book.input)
    sheet.write_number(r, 4 + len(FLOWS), t["outside"][k], book.input)
    sheet.write_number(r, 5 + len(FLOWS), t["free"][k], book.input)
    sheet.write_formula(r, 6 + len(FLOWS), f"=(1+$D$2)^(-({r}-{first})/4)", book.number, "")
    for j, name in ((7, "free"), (8, "spent")):
        sheet.write_formula(r, j + len(FLOWS), f"={at[name]}*{at['index']}*{at['factor']}",
                            book.money, "")


INDEX = "(1+$D$1)^(({r}-{origin})/4-3/8)"  # from the middle of the base year


def _letter(j: int) -> str:
    """The letters of a column.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(j))
