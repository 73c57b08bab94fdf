"""What investors get: net present value, rate of return, payback and multiple of many paths.

A cash flow has shape (T, P): quarter, path. Positive is cash back to investors, negative is cash
paid in, all in nominal (calendar) dollars. Quarter t lies t/4 years after quarter 0; rates are per
year, as ratios (0.1 is 10 %). With the quarterly discount factor v = (1 + rate)^(-1/4) the value of
a path is the polynomial sum flow_t v^t, and a rate of return is a positive zero of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LOWEST, HIGHEST = -0.99, 10.0  # yearly rates between which a rate of return is looked for
NEAR, FAR = (1 + HIGHEST) ** -0.25, (1 + LOWEST) ** -0.25  # the same as discount factors
ROUNDING = 1e-12  # a sum smaller than this part of the sum of its absolute terms is zero


def npv(flow: Array, rate: ArrayLike, first: int = 0) -> Array:
    """Net present value (P,), in dollars, at quarter `first`, of `flow` (T, P).

    npv = sum_t flow_t / (1 + rate)^((t - first) / 4)

    `rate` is one yearly rate or one per path (P,). ValueError where a rate is not above -1 (NaN is
    not), or where `flow` is no finite table.

    >>> npv(np.array([[-100.0], [0.0], [0.0], [0.0], [121.0]]), 0.1)
    array([10.])
    """
    flow, rate = _table(flow), np.asarray(rate, float)
    if not (rate > -1).all():
        raise ValueError("a rate must be above -1 (-100 % a year)")
    years = (np.arange(len(flow)) - first) / 4
    return (flow / (1 + rate) ** years[:, None]).sum(axis=0)


def irr(flow: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Internal rate of return (P,), per year, of `flow` (T, P), and whether it is unique (P,).

    npv(flow, irr) = 0, with -0.99 < irr < 10

    `unique` says that exactly one such rate exists; elsewhere (none, several, or no flow at all)
    the rate is NaN. A rate where npv touches zero without crossing it counts once, as do rates so
    close that npv between them stays below 1e-12 of the gross flow. ValueError where `flow` is no
    finite table.

    One sign change of the flow makes the rate unique among all above -1 (Descartes). One sign
    change of the cumulative flow, with a last value that is not zero, makes it unique among the
    positive ones only (Norstrom 1972, "A sufficient condition for a unique nonnegative internal
    rate of return", Journal of Financial and Quantitative Analysis 7(3), 1835-1839,
    doi:10.2307/2329806): -100, 300, -150, a year apart, meets it and has the rates 137 % and
    -37 %. So all zeros are looked for.

    >>> year = np.zeros((3, 3))
    >>> flow = np.array([[-100.0, -100, -100], *year, [121, 230, -5], *year, [0, -132, -5]])
    >>> rate, unique = irr(flow)  # 21 %; both 10 % and 20 %; none
    >>> rate.round(9), unique
    (array([0.21,  nan,  nan]), array([ True, False, False]))
    """
    flow = _table(flow)
    largest = np.abs(flow).max(axis=0)
    zeros = _zeros(flow / np.where(largest > 0, largest, 1))  # no flow is too small or too large
    unique = (zeros < FAR).sum(axis=0) == 1
    rate = np.full(unique.shape, np.nan)
    rate[unique] = zeros.min(axis=0, initial=FAR)[unique] ** -4 - 1
    return rate, unique


def payback(flow: Array) -> Array:
    """Years (P,) from the first flow that is not zero until what was paid in is back for good.

    payback = min {t : sum_(s <= u) flow_s >= 0 for all u >= t} / 4 - first quarter / 4

    Undiscounted, of `flow` (T, P). inf where the sum ends below zero, NaN where nothing flows;
    ValueError where `flow` is no finite table.

    >>> payback(np.array([[0.0, -4], [-8, 5], [5, -3], [3, 1]]))
    array([0.5, inf])
    """
    flow = _table(flow)
    owed = flow.cumsum(axis=0) < -ROUNDING * np.abs(flow).cumsum(axis=0)
    begin = (flow != 0).argmax(axis=0)
    end = np.where(owed.any(axis=0), len(flow) - owed[::-1].argmax(axis=0), begin)
    years = np.where(end < len(flow), (end - begin) / 4, np.inf)
    return np.where(flow.any(axis=0), years, np.nan)


def multiple(paid: Array, back: Array) -> Array:
    """Dollars back per dollar paid in (P,), undiscounted, of two tables (T, P).

    multiple = sum_t back_t / sum_t paid_t

    Both are amounts, so cash paid in is positive here. NaN where nothing was paid; ValueError where
    a payment is negative or a table is not finite.

    >>> multiple(np.array([[4.0, 0], [6, 0]]), np.array([[5.0, 1], [20, 1]]))
    array([2.5, nan])
    """
    paid, back = _table(paid), _table(back)
    if (paid < 0).any():
        raise ValueError("what was paid is an amount: it must not be negative")
    total = paid.sum(axis=0)
    return back.sum(axis=0) / np.where(total > 0, total, np.nan)


def _table(flow: ArrayLike) -> Array:
    """`flow` as numbers; ValueError where it is no finite table of at least one quarter."""
    flow = np.asarray(flow, float)
    if flow.ndim != 2 or not len(flow) or not np.isfinite(flow).all():
        raise ValueError(f"expected finite numbers of shape (quarters, paths), found {flow.shape}")
    return flow


def _zeros(flow: Array) -> Array:
    """Distinct v of (NEAR, FAR) with sum flow_t v^t = 0: rising, (K, P), filled up with FAR.

    This is the proof of Descartes' rule of signs, carried out. For any m

        d/dv (v^-m sum flow_t v^t) = v^(-m-1) sum (t - m) flow_t v^t,

    and with m at the first sign change of the flow the new sum has one sign change less. Between
    its zeros v^-m sum flow_t v^t is monotone, so each sign change there is one zero, and none is
    missed. A zero without a sign change is one of these turning points.
    """
    sign, t = np.sign(flow), np.arange(len(flow))[:, None]
    turned = sign * np.take_along_axis(sign, (sign != 0).argmax(axis=0)[None], axis=0) < 0
    if not turned.any():
        return np.empty((0, flow.shape[1]))
    m = turned.argmax(axis=0) - 0.5  # below all t where the sign never changes
    edge = np.ones((1, flow.shape[1]))
    at = np.concatenate([NEAR * edge, _zeros((t - m) / len(t) * flow), FAR * edge])

    value = _sum(flow, at)
    sign = np.where(np.abs(value) > ROUNDING * _sum(np.abs(flow), at), np.sign(value), 0)
    left = (sign[:-1] != 0) & (sign[1:] != sign[:-1])
    piece, path = left.nonzero()
    high = at[piece + 1, path]
    low = np.where(sign[piece + 1, path] == 0, high, at[piece, path])  # already there: stay
    zeros = np.full((left.sum(axis=0).max(), flow.shape[1]), FAR)
    rank = left.cumsum(axis=0)[piece, path] - 1
    zeros[rank, path] = _bisect(flow[:, path], low, high, sign[piece, path])
    return zeros


def _bisect(flow: Array, low: Array, high: Array, sign: Array) -> Array:
    """Where sum flow_t v^t, which has `sign` at `low`, loses it on the way to `high`."""
    for _ in range(54):  # 54 halvings of less than 4 end below the rounding of v
        middle = (low + high) / 2
        kept = np.sign(_sum(flow, middle)) == sign
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    return high


def _sum(flow: Array, v: Array) -> Array:
    """sum flow_t v^t by Horner's rule; v has shape (P,) or (N, P)."""
    total = np.zeros_like(v)
    for cash in flow[::-1]:
        total = total * v + cash
    return total
