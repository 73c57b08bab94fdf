"""The tables of a run folder: outcomes by path, headline series as quantiles and in full, and one
future's cash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.index import PROGRAMME, WORLD
from ..chain.money import RUNOFF, price_index
from . import headline as h
from .outcome import absorbed, delivered, raisable, value

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

OWNED = ("gw", "h100e")  # kept in full by owner
WHOLE = ("price", "outside", "spent", "revenue", "free")  # kept in full
CASH = ("revenue", "ahead", "spent", "running", "tax", "interest", "repaid", "distributed", "held",
        "outside", "free")


def tables(sc: Scenario, r: Trajectories, pledged: bool) -> dict[str, dict[str, Array]]:
    """paths: scalars by path; series: quantiles by quarter; trajectories: headline variables by
    quarter and path, columns `case.owner.variable`; cash: the flows of the middle path."""
    out = {"paths": _paths(sc, r, pledged), "series": _series(r), "trajectories": _full(r)}
    return out | ({"cash": _cash(sc, r)} if pledged else {})


def middle(r: Trajectories) -> int:
    """The path whose absorbed money is the median."""
    x = absorbed(r, "with")
    return int(np.argsort(x, kind="stable")[len(x) // 2])


def _full(r: Trajectories) -> dict[str, Array]:
    t_, paths = r.chain.quarters, r.slices["with"].stop - r.slices["with"].start
    out = {"quarter": np.repeat([r.chain.name(t) for t in range(t_)], paths),
           "path": np.tile(np.arange(paths), t_)}
    for name in OWNED:
        for case, owner, o in (("with", "programme", PROGRAMME), ("with", "world", WORLD),
                               ("without", "world", WORLD)):
            out[f"{case}.{owner}.{name}"] = r.case(case, name)[:, o].ravel()
    for case in ("with", "without"):
        out[f"{case}.world.price"] = r.case(case, "price").ravel()
    for name in WHOLE[1:]:
        out[f"with.programme.{name}"] = r.case("with", name).ravel()
    return out


def _cash(sc: Scenario, r: Trajectories) -> dict[str, Array]:
    """Constant dollars by quarter; after the horizon what runs off is all that flows."""
    k, t_ = middle(r), r.chain.quarters
    none = np.zeros(RUNOFF)
    index = price_index(sc, r.chain.calendar(t_ + RUNOFF))
    out: dict[str, Array] = {"quarter": np.array([r.chain.name(t) for t in range(t_ + RUNOFF)]),
                             "index": index}
    for name in CASH:
        out[name] = np.concatenate([r.case("with", name)[..., k], none])
    out["called"] = np.concatenate([r.case("with", "called")[..., k].sum(1), none])
    out["free"][t_:] = r.case("with", "runoff")[0, :, k]
    out["held"][t_:] = out["held"][t_ - 1] * index[t_ - 1] / index[t_:]  # stays as it is
    return out


def _paths(sc: Scenario, r: Trajectories, pledged: bool) -> dict[str, Array]:
    paths = r.slices["with"].stop - r.slices["with"].start
    more, own = h.additional(r, "with", "without")
    scalars = {"path": np.arange(paths), "additional_h100e": more, "programme_h100e": own,
               "raisable_usd": raisable(r, "with"), "spendable_usd": absorbed(r, "certain"),
               "absorbed_usd": absorbed(r, "with"), "delivered": delivered(r, "with")}
    if pledged:
        scalars["npv_usd"], scalars["worth"] = value(sc, r, "with")
    return scalars


def _series(r: Trajectories) -> dict[str, Array]:
    rows: dict[str, list[Any]] = {k: [] for k in ("quarter", "case", "owner", "variable", "p5",
                                                  "p50", "p95", "mean")}

    def add(case: str, owner: str, name: str, x: np.ndarray) -> None:
        rows["quarter"] += [r.chain.name(t) for t in range(r.chain.quarters)]
        for key, column in zip(("p5", "p50", "p95", "mean"), (
                *np.quantile(x, [0.05, 0.5, 0.95], axis=-1), x.mean(-1)), strict=True):
            rows[key] += column.tolist()
        for key, word in (("case", case), ("owner", owner), ("variable", name)):
            rows[key] += [word] * r.chain.quarters

    for case in ("with", "without"):
        for name in ("gw", "h100e", "h100e_8bit", "deployed", "delivered", "earned"):
            x = r.case(case, name)
            for o, owner in ((0, "world"), (PROGRAMME, "programme")):
                add(case, owner, name, x[:, o])
        for name in ("price", "trail"):
            add(case, "market", name, r.case(case, name))
    for name in ("spent", "outside", "revenue", "running", "tax", "distributed", "free", "debt",
                 "held"):
        add("with", "programme", name, r.case("with", name))
    for f, name in enumerate(r.chain.funders):
        add("with", name, "called", r.case("with", "called")[:, f])
    return {k: np.array(v) for k, v in rows.items()}
