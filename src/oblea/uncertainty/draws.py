"""One column of uniform draws for each uncertain number.

Each column is the one-dimensional Sobol sequence (van der Corput, base 2), its
points shuffled and scrambled by nested uniform (Owen) scrambling, with bits taken from a hash of
the seed and of the number's key. Hence

- a column depends on (seed, key) alone: two scenarios that share an input share its draws, path
  by path, and adding an input moves no other;
- the first n paths of a longer run are the same paths, so that side ensembles can be paired with
  the main one;
- every aligned block of 2**k paths is stratified in each input.

A joint Sobol matrix would be a little more even over pairs of inputs, but its columns belong to
positions and not to names. Method: Burley, "Practical Hash-based Owen Scrambling", JCGT 9(4),
2020; the bit hash is of the Laine-Karras
form (each bit is changed by lower bits only, applied to reversed words).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def _reverse_bits(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF)):
        m = np.uint32(mask)
        x = ((x >> np.uint32(shift)) & m) | ((x & m) << np.uint32(shift))
    return (x >> np.uint32(16)) | (x << np.uint32(16))


def _owen(x: NDArray[np.uint32], seed: int) -> NDArray[np.uint32]:
    """Nested uniform scrambling: each bit is flipped by a hash of the bits above it."""
    x = _reverse_bits(x)
    s = np.uint32(seed & 0xFFFFFFFF)
    x = x ^ (x * np.uint32(0x3D20ADEA))
    x = (x + s) * ((s >> np.uint32(16)) | np.uint32(1))
    x = x ^ (x * np.uint32(0x05526C56))
    x = x ^ (x * np.uint32(0x53A22864))
    return _reverse_bits(x)


def uniforms(seed: int, key: str, n: int, start: int = 0) -> NDArray[np.float64]:
    """Draws `start` to `start + n - 1` of the column of `key`: shape (n,), in (0, 1).

    >>> a = uniforms(1, "newcomer.share", 8)
    >>> bool((uniforms(1, "newcomer.share", 4) == a[:4]).all())
    True
    >>> sorted(int(v * 8) for v in a)
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    digest = hashlib.blake2b(f"{seed}\x00{key}".encode(), digest_size=8).digest()
    shuffle, scramble = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")
    with np.errstate(over="ignore"):  # arithmetic modulo 2**32 is the point of the hash
        index = np.arange(start, start + n, dtype=np.uint32)
        # Scrambling the path number permutes aligned blocks of 2**k paths as wholes.
        index = _owen(index, shuffle)
        points = _owen(_reverse_bits(index), scramble)
    return (points.astype(np.float64) + 0.5) / 2.0**32
