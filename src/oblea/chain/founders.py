"""What founders had ordered before their programme: their share h of the world's orders, sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .values import Values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..scenario.schema import Scenario
    from .index import Chain
    from .values import Array


def share(sc: Scenario, v: Values, off: NDArray[np.bool_], pledge: Array, capex: Array) -> Array:
    """Share h of the world's orders that the founders bring in, no more than the pledge would pay
    for of the world's capex over the term: (P,)

        h = min(brings, pledge / capex)
    """
    if sc.programme.brings is None:
        return np.zeros(pledge.shape)
    h = np.minimum(v.scalar(sc.programme.brings), pledge / np.maximum(capex, 1.0))
    return np.where(off, 0.0, h)


def chips(ch: Chain, committed: Array, h: Array) -> Array:
    """Share of the world's output of each commodity that was sold to the founders, (T, C, P):

        h x committed, or h where there is no order book

    It is theirs also where a run asks what would be were nothing sold to others.
    """
    if not h.any():
        return np.zeros((*committed.shape[:2], 1))
    return h * np.where(np.array(ch.booked)[:, None], committed, 1.0)


def fewer(held: Array) -> Array:
    """Share of its chips that the world wants less, as the founders' take its place: (T, P), the
    least of what they hold of the parts.

    By hand: h = .1, memory sold to 60 %, packaging to 90: 6 %.
    """
    return held.min(1)


def sites(ch: Chain, given: Array, region: Array, h: Array) -> Array:
    """Of the world's dated halls and power, what comes to the programme by quarter (H, R, P): h of
    what all regions add in the term, in those where the programme builds. Of what a row adds there

        min(1, h x all regions' capacity at the last date / these regions')

    By hand: h = .1; 60 of 100 GW in the programme's one region: a sixth of what is added there.
    """
    if not h.any():
        return np.zeros((*given.shape[:2], 1))
    part = np.zeros(region.shape)
    for rows, kind in zip(map(list, ch.stage_rows), ch.kinds, strict=True):
        if kind != "fab":
            mine, stands = region[rows] > 0, given[-1, rows]
            here = np.maximum((stands * mine).sum(0), 1e-30)
            part[rows] = mine * np.minimum(1.0, h * stands.sum(0) / here)
    added = np.maximum(np.diff(given, axis=0, prepend=given[:1]), 0.0)
    added[: ch.start] = added[ch.end :] = 0.0
    return part * added


def books(ch: Chain, h: Array) -> Array:
    """Share of a pool's sold slots that the founders hold: of firm power h, of fab tools none."""
    out = np.zeros((len(ch.pools), h.size))
    out[[e for e, _ in ch.power_pools]] = h
    return out
