"""A gigawatt as steps that a spreadsheet can follow: inputs with their sources, then formulas.

Inputs are medians at the product's date. A formula names inputs and earlier steps in braces and is
written in the words that spreadsheets share with arithmetic (PI(), SQRT()). What comes out is the
same as the deterministic run of `cost.gigawatt`: a test recalculates it in another program.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.products import owning, recipes
from ..chain.values import Values

if TYPE_CHECKING:
    from ..scenario import Scenario

LOGIC = (
    ("gross", "die/wafer", "PI()*({wafer}-2*{edge})^2/(4*{area})"
                           "-PI()*({wafer}-2*{edge})/SQRT(2*{area})"),
    ("faults", "fault/die", "{area}/100*{critical}*{defects}"),
    ("yield", "ratio", "(1+{faults}/{alpha})^(-{alpha})"),
    ("logic_each", "wafer/accelerator", "{dies}*{companion}/({gross}*{yield})"),
)


@dataclass(frozen=True)
class Input:
    """key: name in formulas; source: a scenario key, empty where several were averaged."""

    key: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Step:
    key: str
    unit: str
    formula: str


def steps(sc: Scenario, product: str, basis: str) -> tuple[list[Input], list[Step]]:
    """Inputs and formulas of one GW of `product` on `basis` (IT or facility)."""
    v = Values(sc, 1, np.arange(1), median=True)
    at = np.array([np.floor(v.base) + 0.5])
    r = recipes(sc, v, at, perfect=np.zeros(1, bool))[product]
    own = sc.products[product]
    one = lambda x: float(np.asarray(x).reshape(-1)[0])  # noqa: E731
    stage = {s.makes: (k, s) for k, s in sc.stages.items() if s.makes}
    inputs = [Input("kw", one(r.kw), "kW facility/accelerator", f"products.{product}.power"),
              Input("pue", one(v.scalar(sc.pue)), "ratio", "pue")]
    out = [Step("accelerators", "accelerator", "1e6/{kw}" if basis == "facility"
                else "1e6/({kw}/{pue})")]
    parts, tools, passes = [], [], []
    for c, amount in r.needs.items():
        key, s = stage[c]
        price = one(v.series(s.price, at)[0])
        role = ("logic" if s.defects is not None else
                {"memory": "hbm", "package": "cowos"}.get(s.role or "", c))
        inputs.append(Input(f"price_{role}", price, f"USD/{role}", f"stages.{key}.price"))
        if role == "logic" and own.logic is not None:
            inputs += _die(sc, v, at, product, key)
            out += [Step(*x) for x in LOGIC]
        elif role == "hbm":
            inputs.append(Input("hbm_each", one(amount[0]), "GB/accelerator",
                                f"products.{product}.needs.{c}"))
        else:
            inputs.append(Input(f"{role}_each", one(amount[0]), f"{role}/accelerator",
                                f"products.{product}.needs.{c}"))
        out.append(Step(role, "GB" if role == "hbm" else "wafer" if role in ("logic", "cowos")
                        else c, f"{{accelerators}}*{{{role}_each}}"))
        out.append(Step(f"usd_{role}", "USD", f"{{{role}}}*{{price_{role}}}"))
        parts.append(f"usd_{role}")
        if role == "logic":
            _exposures(sc, v, key, role, inputs, out, tools, passes)
        if role == "hbm":
            _dram(sc, v, product, key, inputs, out, tools, passes)
    out += [Step("passes", "wafer*layer", "+".join(f"{{{k}}}" for k in passes)),
            Step("tools", "tool*year", "+".join(f"{{{k}}}" for k in tools))]
    inputs += [Input("other", one(r.other), "USD/accelerator", f"products.{product}.other"),
               Input("margin", one(r.margin), "ratio", f"products.{product}.margin"),
               Input("system", one(r.system), "USD/accelerator", f"products.{product}.system"),
               *_site(sc, v, at)]
    per = "" if basis == "facility" else "*{pue}"
    out += [Step("usd_other", "USD", "{accelerators}*{other}"),
            Step("usd_margin", "USD", "(" + "+".join(f"{{{k}}}" for k in (*parts, "usd_other"))
                 + ")*(1/(1-{margin})-1)"),
            Step("usd_system", "USD", "{accelerators}*{system}"),
            Step("usd_hall", "USD", f"{{hall}}{per}"), Step("usd_power", "USD", f"{{power}}{per}")]
    money = [*parts, "usd_other", "usd_margin", "usd_system", "usd_hall", "usd_power"]
    out.append(Step("usd_total", "USD", "+".join(f"{{{k}}}" for k in money)))
    return inputs, out


def _die(sc: Scenario, v: Values, at: Any, product: str, stage: str) -> list[Input]:
    logic, one = sc.products[product].logic, lambda x: float(np.asarray(x).reshape(-1)[0])
    assert logic is not None
    key = f"products.{product}.logic"
    defects = v.series(sc.stages[stage].defects, at)[0]
    return [Input("dies", one(v.scalar(logic.dies)), "die/accelerator", f"{key}.dies"),
            Input("area", one(v.scalar(logic.area)), "mm2", f"{key}.area"),
            Input("companion", one(v.scalar(logic.companion)), "ratio", f"{key}.companion"),
            Input("wafer", one(v.scalar(sc.yields.wafer)), "mm", "yields.wafer"),
            Input("edge", one(v.scalar(sc.yields.edge)), "mm", "yields.edge"),
            Input("critical", one(v.scalar(sc.yields.critical)), "ratio", "yields.critical"),
            Input("defects", one(defects), "defect/cm2", f"stages.{stage}.defects"),
            Input("alpha", one(v.scalar(sc.yields.alpha)), "ratio", "yields.alpha")]


def _exposures(sc: Scenario, v: Values, stage: str, wafers: str, inputs: list[Input],
               out: list[Step], tools: list[str], passes: list[str]) -> None:
    """EUV layers and tools of a stage's wafers."""
    s, one = sc.stages[stage], lambda x: float(np.asarray(x).reshape(-1)[0])
    if s.euv_layers is not None:
        inputs.append(Input(f"layers_{wafers}", one(v.scalar(s.euv_layers)), "layer",
                            f"stages.{stage}.euv_layers"))
        out.append(Step(f"passes_{wafers}", "wafer*layer", f"{{{wafers}}}*{{layers_{wafers}}}"))
        passes.append(f"passes_{wafers}")
    use = s.uses.get("euv")
    if use is not None and use.amount is not None:
        inputs.append(Input(f"tools_each_{wafers}", one(v.scalar(use.amount)), "tool/wspm",
                            f"stages.{stage}.uses.euv.amount"))
        out.append(Step(f"tools_{wafers}", "tool*year",
                        f"{{{wafers}}}/12*{{tools_each_{wafers}}}"))
        tools.append(f"tools_{wafers}")


def _dram(sc: Scenario, v: Values, product: str, stage: str, inputs: list[Input], out: list[Step],
          tools: list[str], passes: list[str]) -> None:
    """DRAM wafers under HBM, and under server memory."""
    one = lambda x: float(np.asarray(x).reshape(-1)[0])  # noqa: E731
    makes = {s.makes: k for k, s in sc.stages.items() if s.makes}
    memory = sc.products[product].server_memory or owning(sc, product, "logic").server_memory
    for used, spec in sc.stages[stage].inputs.items():
        inputs += [Input("wafers_a_gb", one(v.scalar(spec.amount)), "wafer/GB",
                         f"stages.{stage}.inputs.{used}.amount"),
                   Input("server_gb", 0.0 if memory is None else one(v.scalar(memory)),
                         "GB/accelerator", f"products.{product}.server_memory"),
                   Input("intensity", one(v.scalar(sc.ddr_intensity)), "ratio", "ddr_intensity")]
        out += [Step("server_wafers", "wafer",
                     "{accelerators}*{server_gb}*{wafers_a_gb}/{intensity}"),
                Step("dram", "wafer", "{hbm}*{wafers_a_gb}+{server_wafers}")]
        _exposures(sc, v, makes[used], "dram", inputs, out, tools, passes)


def _site(sc: Scenario, v: Values, at: Any) -> list[Input]:
    """Hall and firm power of a facility GW, means over the world's regions and routes."""
    out = []
    for kind in ("hall", "power"):
        rows = [(s, row) for s in sc.stages.values() if s.kind == kind for row in s.rows.items()]
        weight = sum(row.share.at(0.0) for _, (_, row) in rows)
        cost = sum(float(v.series(s.capex, at)[0][0]) * float(v.scalar(sc.regions[region].cost)[0])
                   * row.share.at(0.0) for s, (region, row) in rows) / weight
        out.append(Input(kind, cost, "USD/GW", ""))
    return out
