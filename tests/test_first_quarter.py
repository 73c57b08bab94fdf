"""The first quarter simulated is the chain's own: dates follow it, arrays are counted from it."""

import copy
import dataclasses

import numpy as np
import openpyxl
import pytest

from oblea.analysis.answer import about, main_cases
from oblea.chain.cases import Case, stack
from oblea.chain.index import index
from oblea.chain.money import price_index
from oblea.chain.params import compile_params
from oblea.errors import InputErrors
from oblea.results.excel import to_excel
from oblea.scenario import load
from oblea.service import run
from oblea.simulate.run import simulate

PATHS = 6


def earlier(sc, years):
    """The same world with every date so many years before: series, dollars, base, term."""
    sc = copy.deepcopy(sc, {id(sc.evidence): sc.evidence})
    back = lambda text: f"{int(text[:4]) - years}{text[4:]}"  # noqa: E731
    for n in sc.numbers.values():
        less = {"base": n.base - 4 * years, "usd_year": n.usd_year and n.usd_year - years,
                "usd_years": tuple(y and y - years for y in n.usd_years)}
        if n.points is not None:
            less["points"] = tuple((t - 4 * years, x) for t, x in n.points)
        for name, value in less.items():
            object.__setattr__(n, name, value)
    for holder, names in ((sc, ("start", "base", "end")), (sc.programme, ("start",)),
                          (sc.demand, ("follows",))):
        for name in names:
            object.__setattr__(holder, name, back(getattr(holder, name)))
    object.__setattr__(sc, "base_year", sc.base_year - years)
    if sc.known_by:
        object.__setattr__(sc, "known_by", back(sc.known_by))
    return sc


@pytest.mark.parametrize("name", ["seven-trillion", "world-2024"])
def test_a_world_moved_by_two_years_is_the_same_world(name):
    now = load(name)
    then = earlier(now, 2)
    a, b = (simulate(sc, [Case("x", PATHS)], 1) for sc in (now, then))
    assert (a.chain.first, b.chain.first) == (0, -8)
    assert dataclasses.replace(b.chain, first=0) == a.chain
    for key, x in a.outputs._asdict().items():
        np.testing.assert_allclose(getattr(b.outputs, key), x, rtol=1e-9,
                                   atol=1e-9 * np.abs(x).max(), err_msg=key)
    for key, x in a.params.items():
        np.testing.assert_allclose(b.params[key], x, rtol=1e-9, err_msg=key)
    one, other = (about(sc, simulate(sc, main_cases(PATHS), 1), 1) for sc in (now, then))
    assert other["market"]["quarter"][0] == "2022Q1" and one["market"]["quarter"][0] == "2024Q1"
    assert other["price_index"] == pytest.approx(one["price_index"])
    assert other["last_year"] == one["last_year"] - 2
    assert list(other["solvent"].values()) == pytest.approx(list(one["solvent"].values()))
    assert [int(y) + 2 for y in other["solvent"]] == [int(y) for y in one["solvent"]]


@pytest.mark.parametrize("name", ["seven-trillion", "world-2023"])
def test_where_nothing_else_is_said_the_first_is_2024q1(name):
    """To the last bit what a chain gives that says so."""
    plain, said = (simulate(load(name, sets), [Case("x", 12)], 1)
                   for sets in ((), ("start=2024Q1",)))
    assert plain.chain.first == 0 and plain.chain.name(0) == "2024Q1"
    for key, x in plain.outputs._asdict().items():
        np.testing.assert_array_equal(getattr(said.outputs, key), x, err_msg=key)


def test_a_value_dated_2023q1_lands_on_index_0():
    """Supply of 40 a year on the first day of 2023Q1, 80 from the first of 2023Q2: at the middle of
    the first quarter 60, a quarter's 15; in the second 20."""
    tools = '{series: {2023Q1: "40 tool/year", 2023Q2: "80 tool/year"}, why: by hand}'
    sc = load("reference", ("start=2023Q1", f"pools.euv.supply={tools}"))
    ch = index(sc)
    p = compile_params(sc, ch, stack([Case("x", 1)]), 1, median=True)
    e = ch.pools.index("euv")
    assert (ch.first, ch.name(0), ch.name(4), ch.year(3)) == (-4, "2023Q1", "2024Q1", 2023)
    assert p.supply[:3, e, 0].tolist() == [15.0, 20.0, 20.0]
    later = compile_params(load("reference", (f"pools.euv.supply={tools}",)), index(
        load("reference")), stack([Case("x", 1)]), 1, median=True)
    assert later.supply[0, e, 0] == 20.0


def test_dates_and_dollars_follow_the_first_quarter():
    sc = load("seven-trillion", ("start=2023Q1",))
    ch, now = index(sc), index(load("seven-trillion"))
    assert ch.quarters == now.quarters + 4 and ch.start == now.start + 4
    assert [ch.name(t) for t in (ch.start, ch.base)] == [now.name(t) for t in (now.start, now.base)]
    g = sc.deflator.value
    assert price_index(sc, ch.calendar())[0] == pytest.approx(
        (1 + g) ** (2023 + 0.125 - sc.base_year - 0.5))
    done = run(sc, paths=PATHS, quick=True, workers=1)
    quarters = sorted(set(done.tables["series"]["quarter"]))
    assert quarters[0] == "2023Q1" and quarters[-1] == sc.end
    assert min(done.answer["solvent"]) == "2023"


@pytest.mark.parametrize(("text", "where", "what"), [
    ("2023", "mine.yaml:3: start: ", "expected a quarter"),
    ("2023-02-03", "mine.yaml:3: start: ", "expected a quarter"),
    ("soon", "mine.yaml:3: start: ", "2027Q1"),
    ("1995Q1", "ai.yaml:9: end: ", "before 2025Q1"),
    ("2030Q1", "ai.yaml:9: end: ", "start <= base")])
def test_a_first_quarter_that_cannot_be_is_one_clear_line(tmp_path, text, where, what):
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: reference\nname: mine\nstart: {text}\n")
    with pytest.raises(InputErrors) as raised:
        load(file)
    said = str(raised.value).splitlines()[0]
    assert where in said and what in said


def test_a_plan_that_begins_before_the_first_quarter_is_refused():
    with pytest.raises(InputErrors, match="found 2026Q1; expected a date from 2026Q2"):
        load("seven-trillion", ("start=2026Q2", "programme.start=2026Q1"))


def test_the_workbook_discounts_to_the_plans_first_quarter(tmp_path):
    """A plan from 2028Q4 in a run from 2028Q3: its own row is not discounted, and a quarter's
    index counts from the middle of the base year, 2027."""
    sets = ("start=2028Q3", "base=2028Q4", "programme.start=2028Q4", "programme.term=8 years")
    done = run("seven-trillion", sets=sets, paths=4, quick=True, workers=1)
    sheet = openpyxl.load_workbook(to_excel(done, tmp_path / "x.xlsx"))["Cash"]
    rows = {row[0].value: [c.value for c in row] for row in sheet.iter_rows() if row[0].value}
    power = lambda q, stem: next(eval(x.split("^")[1]) for x in rows[q]  # noqa: E731
                                 if isinstance(x, str) and x.startswith(stem))
    assert power("2028Q4", "=(1+$D$2)") == 0 and power("2029Q4", "=(1+$D$2)") == -1
    assert power("2028Q3", "=(1+$D$1)") == 2028.625 - 2027.5
