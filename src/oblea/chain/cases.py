"""Which futures to run, and what is changed in each: variants stacked on the path axis.

A variant changes parameters only. A path number says which draws a future has; two futures with
the same number differ in nothing but what their case changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .mechanisms import MECHANISMS


@dataclass(frozen=True)
class Case:
    """One variant: `paths` futures from number 0.

    off: mechanisms switched off; newcomer: another share; claim: a multiple of what the programme
    asks of order books; pledge: a multiple of the pledge (0 is the world without it); scale:
    numbers by key and what they are multiplied by; at: numbers by key and the probability (0 to 1)
    of the value they take instead of their draw.
    """

    name: str
    paths: int
    off: tuple[str, ...] = ()
    newcomer: float | None = None
    claim: float | None = None
    pledge: float = 1.0
    scale: tuple[tuple[str, float], ...] = ()
    at: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Stack:
    """Cases side by side: arrays of shape (P,) over all their futures."""

    path: NDArray[np.int64]
    off: dict[str, NDArray[np.bool_]]
    newcomer: NDArray[np.float64]
    claim: NDArray[np.float64]
    pledge: NDArray[np.float64]
    scale: dict[str, NDArray[np.float64]]
    at: dict[str, NDArray[np.float64]]
    slices: dict[str, slice]

    @property
    def size(self) -> int:
        return len(self.path)

    def part(self, a: int, b: int) -> Stack:
        """Futures `a` to `b` of the stack."""
        cut = slice(a, b)
        part = lambda table: {k: v[cut] for k, v in table.items()}  # noqa: E731
        return Stack(self.path[cut], part(self.off), self.newcomer[cut], self.claim[cut],
                     self.pledge[cut], part(self.scale), part(self.at), {})


def stack(cases: list[Case], without: tuple[str, ...] = ()) -> Stack:
    """Lay cases side by side; `without` is off in every one of them."""
    def each(value) -> NDArray[np.float64]:
        return np.concatenate([np.full(c.paths, value(c), dtype=float) for c in cases])

    slices, at = {}, 0
    for c in cases:
        slices[c.name] = slice(at, at + c.paths)
        at += c.paths
    return Stack(
        path=np.concatenate([np.arange(c.paths) for c in cases]),
        off={m: each(lambda c, m=m: m in c.off or m in without) > 0 for m in MECHANISMS},
        newcomer=each(lambda c: np.nan if c.newcomer is None else c.newcomer),
        claim=each(lambda c: np.nan if c.claim is None else c.claim),
        pledge=each(lambda c: c.pledge),
        scale={k: each(lambda c, k=k: dict(c.scale).get(k, 1.0))
               for k in dict.fromkeys(k for c in cases for k, _ in c.scale)},
        at={k: each(lambda c, k=k: dict(c.at).get(k, np.nan))
            for k in dict.fromkeys(k for c in cases for k, _ in c.at)},
        slices=slices,
    )
