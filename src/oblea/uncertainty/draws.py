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

_REVERSED = np.array([int(f"{byte:08b}"[::-1], 2) for byte in range(256)], dtype=np.uint8)


def _reverse_bits(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Bits within bytes by a table, then the bytes."""
    return np.take(_REVERSED, x.view(np.uint8)).view(np.uint32).byteswap()


def _scramble(x: NDArray[np.uint32], seed: int) -> NDArray[np.uint32]:
    """Nested uniform scrambling of reversed words: a bit is flipped by a hash of those below it."""
    s = np.uint32(seed & 0xFFFFFFFF)
    x = x ^ (x * np.uint32(0x3D20ADEA))
    x = (x + s) * ((s >> np.uint32(16)) | np.uint32(1))
    x = x ^ (x * np.uint32(0x05526C56))
    return x ^ (x * np.uint32(0x53A22864))


def uniforms(seed: int, key: str, n: int, start: int = 0) -> NDArray[np.float64]:
    """Draws `start` to `start + n - 1` of the column of `key`: shape (n,), in (0, 1).

    >>> a = uniforms(1, "newcomer.share", 8)
    >>> bool((uniforms(1, "newcomer.share", 4) == a[:4]).all())
    True
    >>> sorted(int(v * 8) for v in a)
    [0, 1, 2, 3, 4, 5, 6, 7]
    """
    return uniforms_of(seed, key, np.arange(start, start + n))


def uniforms_of(seed: int, key: str, paths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Draws of the column of `key` for path numbers `paths`, and for no others: in (0, 1)."""
    digest = hashlib.blake2b(f"{seed}\x00{key}".encode(), digest_size=8).digest()
    shuffle, scramble = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")
    with np.errstate(over="ignore"):  # arithmetic modulo 2**32 is the point of the hash
        index = _reverse_bits(np.ascontiguousarray(paths, dtype=np.uint32))
        # Scrambling the path number permutes aligned blocks of 2**k paths as wholes.
        index = _reverse_bits(_scramble(index, shuffle))
        # The van der Corput point of a number is its word reversed: reversed again, itself.
        points = _reverse_bits(_scramble(index, scramble))
    return (points.astype(np.float64) + 0.5) / 2.0**32
