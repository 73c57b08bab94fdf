"""What one gigawatt of accelerators takes, from wafers to dollars, beside what others published.

For a product of k kW (IT; times PUE for the facility), a GW holds n = 1e6 / k accelerators.
    wafers of logic   n x dies x companion / (gross dies x yield)
    DRAM wafers       n x (HBM GB x wafers a GB + server GB x wafers a GB / intensity)
    EUV passes        sum over wafers of wafers x layers
    tool-years        sum over wafers of wafers / 12 x tools per (wafer a month)
    dollars           n x ((sum of parts) / (1 - margin) + system) + hall + firm power
The difference from a published chain of wafers x passes x speed is a product of five ratios, each
taken with the others held: wafers, passes a wafer, speed of a tool, basis, scope.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..chain.products import owning, recipes
from ..chain.values import Array, Values
from ..errors import InputErrors, Problem, did_you_mean

if TYPE_CHECKING:
    from ..scenario import Scenario

Basis = Literal["IT", "facility"]
HOURS = 8766.0  # a year


@dataclass(frozen=True)
class Line:
    """A quantity a GW: median with 5th and 95th percentile, and published figures beside it."""

    key: str
    unit: str
    median: float
    p5: float
    p95: float
    published: tuple[Published, ...] = ()


@dataclass(frozen=True)
class Published:
    fact: str
    value: float
    basis: str
    scope: str
    source: str
    date: str


@dataclass(frozen=True)
class Gigawatt:
    """Lines of quantities and of dollars for one GW; factors between ours and published tools."""

    product: str
    title: str
    node: str
    basis: Basis
    year: int
    dollars_of: int
    lines: tuple[Line, ...]
    dollars: tuple[Line, ...]
    factors: tuple[tuple[str, float], ...]
    ours: float
    theirs: float
    checks: tuple[tuple[str, float, float, float], ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def _line(sc: Scenario, key: str, unit: str, x: Array, facts: tuple[str, ...] = ()) -> Line:
    p5, p50, p95 = np.quantile(x, [0.05, 0.5, 0.95])
    return Line(key, unit, float(p50), float(p5), float(p95),
                tuple(_published(sc, f) for f in facts if f in sc.evidence.facts))


def _published(sc: Scenario, name: str) -> Published:
    f = sc.evidence.fact(name)
    return Published(f.id, f.value, f.basis or "basis not stated", f.scope, f.source.publisher,
                     f.date)


def gigawatt(sc: Scenario, product: str, basis: str, *, paths: int = 1024, seed: int = 1
             ) -> Gigawatt:
    """One GW of `product` on `basis`, at the product's own date. Raises InputErrors."""
    problems = []
    if product not in sc.products:
        problems.append(Problem("cost gigawatt", None, "PRODUCT", f"no product {product!r}; known: "
                        f"{', '.join(sc.products)}{did_you_mean(product, sc.products)}"))
    if basis not in ("IT", "facility"):
        problems.append(Problem("cost gigawatt", None, "--basis", f"found {basis!r}; allowed: IT, "
                        f"facility{did_you_mean(basis, ['IT', 'facility'])}"))
    InputErrors.raise_if(problems)
    drawn = _quantities(sc, product, basis, Values(sc, seed, np.arange(paths)))
    middle = _quantities(sc, product, basis, Values(sc, seed, np.arange(1), median=True))
    return _report(sc, product, basis, drawn, middle)  # type: ignore[arg-type]


def _quantities(sc: Scenario, product: str, basis: str, v: Values) -> dict[str, Any]:
    n_paths = len(v.paths)
    at = np.array([np.floor(v.base) + 0.5])
    book = recipes(sc, v, at, perfect=np.zeros(n_paths, bool))
    r = book[product]
    pue = v.scalar(sc.pue)
    kw = r.kw if basis == "facility" else r.kw / pue
    n = 1e6 / kw
    full = np.ones(n_paths)
    wafers: dict[str, Array] = {}
    parts: dict[str, Array] = {}
    passes, tools, layers = {}, {}, {}
    stage_of = {s.makes: s for s in sc.stages.values() if s.makes}
    p = owning(sc, product, "logic")
    out: dict[str, Any] = {"n": n * full, "pue": pue * full, "bf16": n * r.bf16 * full,
                           "fp8": n * r.fp8 * full}
    gb = 0.0 * full
    for c, amount in r.needs.items():
        stage, a = stage_of[c], amount[0]
        label = ("logic" if stage.defects is not None else
                 {"memory": "hbm", "package": "packaging"}.get(stage.role or "", c))
        parts[label] = parts.get(label, 0.0) + n * a * v.series(stage.price, at)[0] * full
        if label == "logic":
            wafers[c] = n * a * full
        elif label == "packaging":
            out["cowos"] = n * a * full
        elif label == "hbm":
            gb = n * a * full
            for used, spec in stage.inputs.items():
                rate = v.scalar(spec.amount)
                wafers[used] = gb * rate
                memory = sc.products[product].server_memory or p.server_memory
                server = n * v.scalar(memory) if memory is not None else 0.0
                out["server_wafers"] = server * rate / v.scalar(sc.ddr_intensity) * full
    out["hbm"] = gb
    total = dict(wafers)
    for used in list(total):
        if stage_of[used].defects is None and "server_wafers" in out:
            total[used] = total[used] + out["server_wafers"]
            out["dram"] = total[used]
    for c, w in total.items():
        stage = stage_of[c]
        if stage.euv_layers is not None:
            layers[c] = v.scalar(stage.euv_layers) * full
            passes[c] = w * layers[c]
        use = stage.uses.get("euv")
        if use is not None and use.amount is not None:
            tools[c] = w / 12.0 * v.scalar(use.amount)
    out |= {"logic": sum(w for c, w in wafers.items() if stage_of[c].defects is not None),
            "wafers": total, "layers": layers, "passes": sum(passes.values()),
            "tools": sum(tools.values())}
    parts["other"] = n * r.other * full
    vendor = sum(parts.values())
    parts["margin"] = vendor * (1.0 / (1.0 - r.margin) - 1.0)
    parts["system"] = n * r.system * full
    per_facility = 1.0 if basis == "facility" else pue
    for kind in ("hall", "power"):
        rows = [(s, row) for s in sc.stages.values() if s.kind == kind for row in s.rows.items()]
        weight = sum(row.share.at(0.0) for _, (_, row) in rows)
        parts[kind] = full * per_facility * sum(
            v.series(s.capex, at)[0] * v.scalar(sc.regions[region].cost) * row.share.at(0.0)
            for s, (region, row) in rows) / weight
    out["parts"] = {k: x for k, x in parts.items() if np.any(x)}
    return out


def _report(sc: Scenario, product: str, basis: Basis, d: dict[str, Any], m: dict[str, Any]
            ) -> Gigawatt:
    node = next(c for c in d["wafers"] if sc.stages[next(
        s for s in sc.stages if sc.stages[s].makes == c)].defects is not None)
    same = ("sa_gw_n3_wafers",) if node == "wafer_n3" else ()
    lines = [
        _line(sc, "accelerators", "accelerator", d["n"]),
        _line(sc, "logic", "wafer", d["logic"], same),
        _line(sc, "hbm", "PB", d["hbm"] / 1e6),
        _line(sc, "dram", "wafer", d["dram"], ("sa_gw_dram_wafers",)),
        _line(sc, "server", "wafer", d["server_wafers"]),
        _line(sc, "cowos", "wafer", d["cowos"]),
        _line(sc, "passes", "wafer*layer", d["passes"], ("sa_gw_euv_passes",)),
        _line(sc, "tools", "tool*year", d["tools"], ("sa_gw_euv_tools",)),
        _line(sc, "bf16", "H100e", d["bf16"], (f"{product}_h100e_per_gw",)),
        _line(sc, "fp8", "H100e", d["fp8"]),
    ]
    dollars = [_line(sc, k, "USD", x) for k, x in d["parts"].items()]
    dollars.append(_line(sc, "total", "USD", sum(d["parts"].values()), (
        "capex_per_gw_epoch", "capex_per_gw_all_in_bernstein", "capex_per_gw_nvidia",
        "capex_per_gw_rubin_huang")))
    factors, ours, theirs = _factors(sc, basis, m)
    gb = next(v.at(0.0) for p in (product,) for v in [_hbm(sc, p)])
    checks = (
        ("tools", 1.5, float(np.median(d["tools"])), 5.0),
        ("bf16", 0.9e6, float(np.median(
            d["bf16"] / (1.0 if basis == "facility" else d["pue"]))), 1.35e6),
        ("hbm", 0.0, float(np.median(d["hbm"])),
         float(np.median(d["n"])) * max(gb, 288.0) * (1 + 1e-9)),
    )
    return Gigawatt(product, sc.products[product].title.en, node, basis, 2026, sc.base_year,
                    tuple(lines),
                    tuple(dollars), factors, ours, theirs, checks)


def _hbm(sc: Scenario, product: str) -> Any:
    p = sc.products[product]
    while True:
        for c, n in p.needs.items():
            if any(s.makes == c and s.role == "memory" for s in sc.stages.values()):
                return n
        p = sc.products[p.like]  # type: ignore[index]


def _factors(sc: Scenario, basis: Basis, m: dict[str, Any]
             ) -> tuple[tuple[tuple[str, float], ...], float, float]:
    """Ours over published tool-years, as five ratios in a row, on medians.

    Published: wafers w' with passes l' at v' passes a tool-year. The passes of a DRAM wafer are not
    published: they are what is left of the total. Its basis is not stated and is taken to be IT.
    Order: scope (what one counts and the other does not), basis, wafers, passes, speed.
    """
    fact = lambda name: sc.evidence.fact(name).value  # noqa: E731
    ours = float(np.mean(m["tools"]))
    w = {c: float(np.mean(x)) for c, x in m["wafers"].items()}
    layer = {c: float(np.mean(x)) for c, x in m["layers"].items()}
    kind = {c: "dram" if next(s for s in sc.stages.values() if s.makes == c).defects is None
            else "logic" for c in w}
    n5_layers = sc.evidence.fact("euv_layers_n5").value
    theirs_w = {"logic": fact("sa_gw_n3_wafers"), "dram": fact("sa_gw_dram_wafers")}
    other = fact("sa_gw_n5_wafers") * n5_layers
    logic_l = fact("sa_n3_euv_passes")
    dram_l = ((fact("sa_gw_euv_passes") - theirs_w["logic"] * logic_l - other)
              / theirs_w["dram"])
    theirs_l = {"logic": logic_l, "dram": dram_l}
    common = sum(theirs_w[k] * theirs_l[k] for k in theirs_w)
    speed_theirs = fact("sa_euv_wph") * fact("sa_euv_uptime") * HOURS
    published = fact("sa_gw_euv_tools")
    whole = (common + other) / speed_theirs
    to_basis = 1.0 if basis == "IT" else float(1.0 / np.mean(m["pue"]))
    ours_at_theirs = sum(x * theirs_l[kind[c]] for c, x in w.items())
    passes = sum(x * layer[c] for c, x in w.items())
    steps = (
        ("wafers", ours_at_theirs / to_basis / common),
        ("passes", passes / ours_at_theirs),
        ("speed", (passes / ours) ** -1 * speed_theirs),
        ("basis", to_basis),
        ("scope", common / (common + other) * (whole / published)),
    )
    return steps, ours, published
