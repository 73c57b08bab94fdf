"""Who pays in, who earns, what the programme would have to earn; and the accounts that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..chain.index import PROGRAMME
from ..chain.money import RUNOFF, price_index
from ..chain.params import RECEIVERS
from .outcome import last, value
from .returns import irr, npv

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array


def funders(sc: Scenario, r: Trajectories, case: str) -> list[dict[str, Any]]:
    """For each funder what it paid in by the end of the term, what it gets back over what it paid,
    and the yearly return of the mean future (calendar dollars, debt and taxes paid).

    Equity shares distributions as it paid in. At the horizon, cash and what runs off (at the
    hurdle) go to lenders and to customers who paid ahead first, as far as they are owed.
    """
    g = lambda name: r.case(case, name)  # noqa: E731
    t_ = r.chain.quarters
    index = price_index(sc, r.chain.calendar(t_ + RUNOFF))[:, None]
    hurdle = sc.finance.hurdle.value or 0.0
    called = g("called") * index[:t_, None]
    owed = g("debt")[-1] * index[t_ - 1]
    estate = g("held")[-1] * index[t_ - 1] + np.maximum(
        npv(r.case(case, "runoff")[0] * index[t_:], hurdle, -1), 0.0)
    ahead = np.minimum(_prepaid(r, case, index[:t_]), np.maximum(estate - owed, 0.0))
    last_of = {"debt": np.minimum(owed, estate), "prepayment": ahead, "grant": 0.0 * owed,
               "equity": np.maximum(estate - owed - ahead, 0.0)}
    flows = {"debt": g("interest") + g("repaid"), "prepayment": g("ahead"),
             "grant": 0.0 * g("held"), "equity": g("distributed")}
    kinds = r.chain.funder_kinds
    so_far = called.cumsum(0)
    begin = r.chain.first + r.chain.start + 0.5
    out = []
    for f, name in enumerate(r.chain.funders):
        kind = kinds[f]
        peers = sum(so_far[:, i] for i, k in enumerate(kinds) if k == kind)
        share = so_far[:, f] / np.maximum(peers, 1.0)
        back = flows[kind] * index[:t_] * share
        back[-1] += last_of[kind] * share[-1]
        rate, unique = irr((back - called[:, f]).mean(1)[:, None])
        paid = g("called")[: r.chain.end, f].sum(0)
        spec = sc.finance.funders[name]
        total = called[:, f].sum()
        out.append({
            "key": name, "title": {"en": spec.title.en, "es": spec.title.es}, "kind": kind,
            "paid": float(paid.mean()),
            "multiple": float(back.sum() / total) if total > 0 else None,
            "irr": float(rate[0]) if unique[0] else None,
            "required": None if spec.required is None else spec.required.value,
            "could": float(sc.numbers[f"finance.funders.{name}.flow"].at(begin)
                            * spec.share.at(begin))})
    return out


def _prepaid(r: Trajectories, case: str, index: Array) -> Array:
    """What customers who paid ahead are still owed at the horizon, calendar dollars."""
    paid = sum((r.case(case, "called")[:, f] for f, k in enumerate(r.chain.funder_kinds)
                if k == "prepayment"), 0.0 * r.case(case, "held"))
    return np.maximum(((paid - r.case(case, "ahead")) * index).sum(0), 0.0)


def receivers(sc: Scenario, r: Trajectories, case: str) -> list[dict[str, Any]]:
    """Who is paid for the programme's capital by the end of the term: means, largest first."""
    end = r.chain.end
    x = r.case(case, "deployed")[:end, PROGRAMME]
    parts = r.case(case, "parts")[:end]
    names = [*r.chain.commodities, *RECEIVERS]
    titles = {s.makes: s.title for s in sc.stages.values() if s.makes}
    sums = {n: float((x * parts[:, j]).sum(0).mean()) for j, n in enumerate(names)}
    plants = float(r.case(case, "plants")[:end].sum(0).mean())
    whole = float(r.case(case, "spent")[:end].sum(0).mean())
    sums |= {"plants": plants, "sites": max(whole - plants - sum(sums.values()), 0.0)}
    return [{"key": k, "usd": v, "title": None if k not in titles else
             {"en": titles[k].en, "es": titles[k].es}}
            for k, v in sorted(sums.items(), key=lambda i: -i[1]) if v > 0]


def needed(sc: Scenario, r: Trajectories, case: str) -> dict[str, Any] | None:
    """Revenue a gigawatt and year: what the programme earns on average over its life, and what it
    would have to earn for the hurdle, in constant dollars; beside contracts that were signed.

    earned = PV(revenue) / PV(gigawatt-years)
    needed = earned x (1 - npv / ((1 - tax) PV(revenue)))
    present values of calendar dollars at the hurdle, gigawatt-years weighed with the price index;
    the tax rate is the median one.
    """
    if r.chain.aim != "compute":
        return None
    t_, first = r.chain.quarters, r.chain.start
    index = price_index(sc, r.chain.calendar(t_ + RUNOFF))[:, None]
    hurdle = sc.finance.hurdle.value or 0.0
    revenue = np.concatenate([r.case(case, "earned")[:, PROGRAMME], r.case(case, "runoff")[1]])
    gw = np.concatenate([r.case(case, "gw")[:, PROGRAMME], r.case(case, "runoff")[2]]) / 4.0
    pv, years = npv(revenue * index, hurdle, first), npv(gw * index, hurdle, first)
    some = years > 1e-3
    if not some.any():
        return None
    earned = pv[some] / years[some]
    net = value(sc, r, case)[0][some]
    tax = 1.0 - (sc.tax.rate.value or 0.0)
    ask = earned - net / tax / years[some]
    q = lambda x: {k: float(v) for k, v in zip(  # noqa: E731
        ("p5", "median", "p95"), np.quantile(x, [0.05, 0.5, 0.95]), strict=True)}
    facts = [sc.evidence.fact(f) for f in sc.market.precedent]
    pue = sc.pue.value or 1.0
    return {"earned": q(earned), "needed": q(ask), "contracts": [
        {"fact": f.id, "value": f.value, "basis": f.basis, "date": f.date,
         # A gigawatt of IT takes more than one of facility.
         "facility": f.value / pue if f.basis.startswith("IT") else f.value} for f in facts]}


def displaced(r: Trajectories, case: str, without: str) -> Array:
    """USD that the reference world spends less, by the end of the term, than without the plan."""
    def spent(name: str) -> Array:
        x = r.case(name, "deployed")[:, 0]
        new = np.maximum(2.0 * r.case(name, "delivered")[:, 0] - x, 0.0)
        chips = r.case(name, "chip_cost")
        site = r.case(name, "unit_cost") - chips[:, PROGRAMME]
        return (x * chips[:, 0] + new * site)[r.chain.start: r.chain.end].sum(0)

    return spent(without) - spent(case)


def market(sc: Scenario, r: Trajectories, case: str) -> dict[str, Any]:
    """By quarter, means over futures: who pays for compute, who earns it, and the price."""
    paid, earned = r.case(case, "paid_by").mean(-1), r.case(case, "earned").mean(-1)
    ratio = r.case(case, "price") / r.case(case, "full")
    q5, q50, q95 = np.quantile(ratio, [0.05, 0.5, 0.95], axis=-1)
    return {
        "quarter": [r.chain.name(t) for t in range(r.chain.quarters)],
        "users": paid[:, 0].tolist(), "internal": paid[:, 1].tolist(),
        "investors": paid[:, 2].tolist(), "world": earned[:, 0].tolist(),
        "programme": earned[:, 1].tolist(), "price": r.case(case, "price").mean(-1).tolist(),
        "full_cost": r.case(case, "full").mean(-1).tolist(),
        "over_cost": {"p5": q5.tolist(), "median": q50.tolist(), "p95": q95.tolist()}}


def accounts(sc: Scenario, r: Trajectories, case: str) -> dict[str, list[float]]:
    """Calendar dollars of each future to the horizon: money in = spent + held + returned."""
    index = price_index(sc, r.chain.calendar())[:, None]
    total = lambda *names: sum((r.case(case, n) * index).sum(0) for n in names)  # noqa: E731
    called = (r.case(case, "called").sum(1) * index).sum(0)
    return {
        "money_in": (called + total("revenue")).tolist(),
        "spent": total("spent", "running", "tax").tolist(),
        "held": (r.case(case, "held")[-1] * index[-1]).tolist(),
        "returned": total("distributed", "interest", "repaid", "ahead").tolist()}


def summary(r: Trajectories, case: str) -> dict[str, float]:
    """Means by the end of the term: what capital was split over, what came from where, what was
    paid out again, and the most that funders together had in it at once."""
    end = last(r) + 1
    mean = lambda name: float(r.case(case, name)[:end].sum(0).mean())  # noqa: E731
    spent, chips, plants = mean("spent"), mean("chips"), mean("plants")
    out = sum(r.case(case, k)[:end] for k in ("distributed", "interest", "repaid", "ahead"))
    net = (r.case(case, "called")[:end].sum(1) - out).cumsum(0).max(0)
    return {"paid_out": float(out.sum(0).mean()), "net_peak": float(net.mean()),
            "spent": spent, "chips": chips, "plants": plants,
            "sites": spent - chips - plants, "recycled": mean("recycled"),
            "support": mean("support")}
