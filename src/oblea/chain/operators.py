"""Who runs a leading-edge fab: a partner, a licence, or nobody.

One draw decides: partner with probability p, else licence with probability q, else none.

Partner: starts a year <= share x the operator's own starts (modules) x (1 + growth)^years.
Licence: the first module may be started so that its first wafer leaves `licence_lag` after the
deal; modules started then double every `licence_doubling` years: n(t) = 2^((t - t1) / doubling).
A licensee's output lags: utilisation climbs from `utilisation_start` to the incumbent's over
`utilisation_quarters`, and defects above the incumbent's halve every `licence_halving` quarters.

By hand: 5 modules a year x 20 % x 25,000 = 25,000 wafer starts a month each year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .products import die_yield

if TYPE_CHECKING:
    from ..scenario import Scenario
    from .index import Chain
    from .values import Array, Values

REFERENCE_AREA = 800.0  # mm2: yield penalties are stated for a die near the reticle limit


def operator_limits(sc: Scenario, ch: Chain, v: Values, off: NDArray[np.bool_]
                    ) -> tuple[Array, Array]:
    """Cumulative limit on starts in wspm, and relative output of own capacity: both (T, P)."""
    op = sc.operator
    u = v.uniform("operator.branch")
    partner, licence = v.scalar(op.partner), v.scalar(op.licence)
    quarters = np.arange(ch.quarters, dtype=float)
    since = np.maximum(quarters - ch.start + 1.0, 0.0)[:, None] / 4.0
    module = v.scalar(op.module)
    g = np.log1p(v.scalar(op.growth))
    # The integral of starts * exp(g * years); g near zero needs no special case here.
    years = np.expm1(g * since) / np.where(np.abs(g) > 1e-9, g, 1.0)
    years = np.where(np.abs(g) > 1e-9, years, since)
    by_partner = v.scalar(op.share_of_starts) * v.scalar(op.starts) * years * module
    fab = [r for r in ch.fab_rows if sc.stages[ch.rows[r].stage].operator]
    build = min((ch.row_lead[r] for r in fab), default=0)
    lag = np.maximum(v.scalar(op.licence_lag) - build, 0.0)
    age = (quarters - ch.start)[:, None] - lag
    doublings = np.minimum(np.maximum(age, 0.0) / (4.0 * v.scalar(op.licence_doubling)), 30.0)
    by_licence = np.where(age >= 0.0, 2.0**doublings * module, 0.0)
    has_partner = u < partner
    has_licence = ~has_partner & (u < partner + licence)
    limit = np.where(has_partner, by_partner, np.where(has_licence, by_licence, 0.0))
    limit = np.where(off, 1e12, limit)

    wafers = np.maximum(age - build, 0.0)  # quarters since a licensee's first wafer
    low = np.minimum(v.scalar(op.utilisation_start), 1.0)
    use = np.minimum(low + (1.0 - low) * wafers / v.scalar(op.utilisation_quarters), 1.0)
    base = min((sc.stages[ch.rows[r].stage].defects.at(ch.first + ch.base) for r in fab
                if sc.stages[ch.rows[r].stage].defects is not None), default=0.1)
    extra = v.scalar(op.licence_defects) * 0.5 ** (wafers / v.scalar(op.licence_halving))
    alpha, critical = v.scalar(sc.yields.alpha), v.scalar(sc.yields.critical)
    relative = (die_yield(REFERENCE_AREA, base + extra, critical, alpha)
                / die_yield(REFERENCE_AREA, base, critical, alpha))
    effect = np.where(has_licence & ~off, use * relative, 1.0)
    return limit, np.broadcast_to(effect, limit.shape)
