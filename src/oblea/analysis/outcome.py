"""What each future came to: dollars absorbed, gigawatts filled, money returned; and the tests.

Constant dollars unless said. Absorbed is outside money paid in and spent on new capital assets by
the end of the term; running losses, taxes and distributions are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..chain.index import PROGRAMME
from ..chain.money import RUNOFF, price_index
from .returns import npv

if TYPE_CHECKING:
    from ..scenario import Scenario
    from ..simulate.run import Trajectories
    from .paired import Array

WORDS = ((0.05, "fantasy"), (0.25, "strained"), (0.60, "plausible"), (1.01, "likely"))


def last(r: Trajectories) -> int:
    """The last quarter of the term that is simulated."""
    return min(r.chain.end, r.chain.quarters) - 1


def pledged(r: Trajectories, case: str) -> Array:
    """The pledge in constant dollars: (P,)."""
    return r.case(case, "money_rate").sum(0)


def absorbed(r: Trajectories, case: str) -> Array:
    """USD of outside money put into capital by the end of the term: (P,)."""
    return r.case(case, "outside")[: r.chain.end].sum(0)


def delivered(r: Trajectories, case: str) -> Array:
    """GW commissioned by the end of the term, refresh at half; where the aim is fabs, wafer starts
    a month of leading-edge capacity that stand then: (P,)."""
    if r.chain.aim == "fabs":
        return r.case(case, "leading")[last(r), PROGRAMME]
    return r.case(case, "delivered")[: r.chain.end, PROGRAMME].sum(0)


def raisable(r: Trajectories, case: str) -> Array:
    """USD that funders could pay in over the term, every trigger met: (P,)."""
    return r.case(case, "raisable")[r.chain.start: r.chain.end].sum(0)


def value(sc: Scenario, r: Trajectories, case: str) -> tuple[Array, Array]:
    """Net present value at the hurdle, in dollars of the programme's first quarter, and what a
    dollar of capital paid in is worth now: (P,) each.

    All cash of the programme were there no debt, after tax, in calendar dollars, with what runs off
    after the horizon; worth = 1 + npv / present value of capital.
    """
    t_, first = r.chain.quarters, r.chain.start
    index = price_index(sc, r.chain.calendar(t_ + RUNOFF))[:, None]
    hurdle = sc.finance.hurdle.value or 0.0
    flow = np.concatenate([r.case(case, "free"), r.case(case, "runoff")[0]]) * index
    capital = npv(r.case(case, "spent") * index[:t_], hurdle, first)
    net = npv(flow, hurdle, first)
    return net, 1.0 + net / np.where(capital > 0, capital, np.inf)


@dataclass(frozen=True)
class Tests:
    """Which futures pass: (P,) booleans. `promise`: what the pledge would have bought."""

    absorbed: Array
    delivered: Array
    returned: Array

    @property
    def joint(self) -> Array:
        return self.absorbed & self.delivered & self.returned

    def chances(self) -> dict[str, float]:
        names = ("absorbed", "delivered", "returned", "joint")
        return {k: float(np.mean(getattr(self, k))) for k in names}


def tests(sc: Scenario, r: Trajectories, case: str, promise: float) -> Tests:
    """The three tests at the scenario's thresholds."""
    share = lambda n: float(n.value or 0.0)  # noqa: E731
    sum_ = pledged(r, case)
    paid = absorbed(r, case)
    worth = value(sc, r, case)[1]
    slack = 1.0 - 1e-9  # a pledge spent to the dollar passes whatever its digits
    return Tests(
        absorbed=paid >= slack * share(sc.report.absorbed) * sum_,
        delivered=delivered(r, case) >= slack * share(sc.report.delivered) * promise,
        returned=(worth >= slack) & (paid >= slack * share(sc.report.paid_in) * sum_))


def word(joint: float) -> str:
    """The word for a joint probability.

    >>> word(0.0), word(0.05), word(0.3), word(0.9)
    ('fantasy', 'strained', 'plausible', 'likely')
    """
    return next(w for top, w in WORDS if joint < top)
