"""Points of the unit cube that drive the draws: scrambled Sobol sequences in independent chunks.

The draws are cut into chunks of a fixed size. Every chunk is its own scrambled Sobol
net, seeded by its position alone, so that any worker can make any chunk and the result
does not depend on who does what. A union of independently scrambled nets is unbiased
(randomised quasi-Monte Carlo, Owen 1997), and every chunk keeps the even spread of a net.
"""

from __future__ import annotations

import numpy as np

from parity.stats import FloatArray, IntArray

UNCERTAINTY, SENSITIVITY, SUBSET, PILOT = range(4)
"""Streams: draws of different purposes never share points."""

MOST_DIMENSIONS = 21201
"""Dimensions for which direction numbers of a Sobol sequence are known (Joe and Kuo 2008)."""

_HALF_STEP = 2.0**-31
"""Half the distance of neighbouring points: moves the points off 0, where logarithms end."""


def chunk_seed(seed: int, stream: int, chunk: int) -> np.random.SeedSequence:
    """Return the seed of one chunk: the child that ``SeedSequence(seed).spawn`` would make.

    ``seed``: seed of the run; 0 is a seed like any other. ``chunk``: position of the chunk, from 0.
    """
    return np.random.SeedSequence(seed, spawn_key=(stream, chunk))


def sobol_points(n: int, dimensions: int, seed: np.random.SeedSequence) -> FloatArray:
    """Return the first points of a scrambled Sobol sequence.

    ``n``: number of points; a power of two keeps the net whole. ``dimensions``: dimensions of the cube;
    none is allowed. ``seed``: seed of the scrambling (linear matrix scramble and digital shift, Matousek
    1998). Returns: shape (n, dimensions); points strictly inside the unit cube.
    """
    if dimensions == 0 or n == 0:
        return np.empty((n, dimensions))
    from scipy.stats import qmc

    net = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    points: FloatArray = net.random_base2((n - 1).bit_length())[:n]
    points += _HALF_STEP
    return points


def latin_points(n: int, dimensions: int, seed: np.random.SeedSequence) -> FloatArray:
    """Return a Latin hypercube: in every dimension one point in each of n equal slices.

    Less even than a Sobol sequence, and there in no time: nothing has to be imported for it.

    Returns: shape (n, dimensions); points strictly inside the unit cube.
    """
    rng = np.random.default_rng(seed)
    slices = rng.permuted(np.tile(np.arange(n), (dimensions, 1)), axis=1).T
    points: FloatArray = (slices + rng.uniform(_HALF_STEP, 1 - _HALF_STEP, (n, dimensions))) / n
    return points


def sobol_pairs(n: int, dimensions: int, seed: np.random.SeedSequence) -> tuple[FloatArray, FloatArray]:
    """Return the two independent matrices A and B of a sensitivity design (Saltelli 2002).

    Returns: shape (n, dimensions).
    """
    points = sobol_points(n, 2 * dimensions, seed)
    return np.ascontiguousarray(points[:, :dimensions]), np.ascontiguousarray(points[:, dimensions:])


def exchange(a: FloatArray, b: FloatArray, columns: IntArray) -> FloatArray:
    """Return ``a`` with the columns of one assumption taken from ``b``.

    ``a, b``: points, shape (n, dimensions).
    """
    mixed = a.copy()
    mixed[:, columns] = b[:, columns]
    return mixed
