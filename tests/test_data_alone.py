"""A stage and a region added by a scenario file alone; a fact changed in a copy of the evidence."""

import csv
import shutil

import numpy as np

from oblea.analysis.outcome import absorbed
from oblea.analysis.why import why
from oblea.chain.cases import Case
from oblea.evidence import load as load_evidence
from oblea.evidence._load import BUNDLED
from oblea.report.words import Words
from oblea.scenario import load
from oblea.simulate.run import simulate

OPTICS = """
extends: seven-trillion
name: optics
stages:
  optics:
    title: {en: Optical links, es: Enlaces ópticos}
    kind: fab
    unit: link/month
    makes: optical
    commodity_unit: link
    output: "3 link/(link/month)/quarter"
    price: "100 USD/link"
    capex: "200 USD/(link/month)"
    phases: {permit: 1 quarter, shell: 1 quarter, tools: 1 quarter, qualify: 1 quarter,
             ramp: 1 quarter}
    uptime: 90 %%
    ai_share: 100 %%
    rows:
      japan: {capacity: {series: {2024: "%s link/month", 2030: "%s link/month"}}, share: 1}
  servers:
    inputs:
      optical: {amount: 4 link/accelerator, at_most: 100 %%}
regions:
  japan:
    title: {en: Japan, es: Japón}
    cost: 1.1
    delay: 1.0
"""


def optics(tmp_path, capacity):
    file = tmp_path / f"optics-{capacity}.yaml"
    file.write_text(OPTICS % (capacity, capacity), "utf-8")
    return load(file)


def test_a_stage_and_a_region_of_a_file_work_and_bind(tmp_path):
    plenty, few = optics(tmp_path, "1000000000"), optics(tmp_path, "100000")
    a, b = (simulate(sc, [Case("x", 8)]) for sc in (plenty, few))
    base = simulate(load("seven-trillion"), [Case("x", 8)])
    assert ("optics", "japan") in [(r.stage, r.region) for r in a.chain.rows]
    np.testing.assert_allclose(a.case("x", "gw"), base.case("x", "gw"), rtol=1e-9)
    # 100,000 links a month make 25,000 accelerators: far below what 2025 needs.
    t = 11
    assert b.case("x", "gw")[t, 0].max() < 0.7 * base.case("x", "gw")[t, 0].min()
    made, used = b.case("x", "made"), b.case("x", "consumed")
    c = b.chain.commodities.index("optical")
    np.testing.assert_allclose(made[:, :, c].sum(1), used[:, c], rtol=1e-9, atol=1e-6)


def test_a_fact_changed_moves_the_answer_and_why_says_through_what(tmp_path):
    copy = tmp_path / "evidence"
    shutil.copytree(BUNDLED, copy)
    euv = copy / "euv.csv"
    rows = list(csv.reader(euv.open(encoding="utf-8", newline="")))
    at = rows[0].index("value")
    for row in rows:
        if row[0] == "euv_units_2027_plan":
            row[at] = str(float(row[at]) * 1.2)
    with euv.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    old, new = load("seven-trillion-fabs"), load("seven-trillion-fabs",
                                                 evidence=load_evidence(copy))
    a, b = (simulate(sc, [Case("x", 16)]) for sc in (old, new))
    # By little since slots change hands for as long as they are held: EUV is seldom what is short.
    assert absorbed(b, "x").mean() > 1.005 * absorbed(a, "x").mean()
    said = why(new, "euv_units_2027_plan")
    assert [e["key"] for e in said] == ["pools.euv.supply"]
    assert "order books" in Words("en")(f"through_{said[0]['section']}")
    fact = next(f for f in said[0]["facts"] if f["id"] == "euv_units_2027_plan")
    assert fact["value"] == 96.0
