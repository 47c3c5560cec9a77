"""The compiled loops of a sensitivity analysis: every output, summed on the spot."""

from __future__ import annotations

from typing import Any

import numpy as np

from parity.compiled import compiled

_compile = compiled()


@_compile
def outputs_of(scores: Any, ranks: Any, base_ranks: Any, chosen: Any) -> Any:
    """Return every output of every draw.

    Parameters
    ----------
    scores, ranks
        Scores and ranks, shape (units, draws).
    base_ranks
        Ranks of the base build, shape (units,); 0 where a unit has none.
    chosen
        Positions of the units whose rank and score are outputs, shape (k,).

    Returns
    -------
    ndarray, shape (2 k + 1, draws)
        Ranks, scores, and the mean absolute rank shift over the units ranked in both.
    """
    units, draws = scores.shape
    k = chosen.size
    out = np.empty((2 * k + 1, draws))
    for place in range(k):
        for t in range(draws):
            out[place, t] = ranks[chosen[place], t]
            out[k + place, t] = scores[chosen[place], t]
    for t in range(draws):
        shift, n = 0.0, 0
        for u in range(units):
            if base_ranks[u] > 0 and ranks[u, t] > 0:
                shift += abs(ranks[u, t] - base_ranks[u])
                n += 1
        out[2 * k, t] = shift / n
    return out


@_compile
def add_moments(
    values: Any,
    centre: Any,
    first: int,
    size: int,
    pairs: Any,
    output: Any,
    factor: Any,
    pair: Any,
    lowest: Any,
    highest: Any,
) -> None:
    """Add a block of base points to the sums that the estimators need (see ``_sobol.Moments``).

    Parameters
    ----------
    values
        Outputs at A, B, AB_1 ... AB_d and, with pairs, BA_1 ... BA_d, shape (matrices, outputs, n).
    centre
        Subtracted from every output, shape (outputs,).
    first
        Position of the block's first base point within its chunk.
    size
        Base points in a batch.
    pairs
        Pairs (i, j), shape (pairs, 2).
    output, factor, pair, lowest, highest
        Sums of ``Moments``, added to.
    """
    d = factor.shape[2]
    for o in range(centre.size):
        for t in range(values.shape[2]):
            batch = (first + t) // size
            lowest[o] = min(lowest[o], values[0, o, t], values[1, o, t])
            highest[o] = max(highest[o], values[0, o, t], values[1, o, t])
            a, b = values[0, o, t] - centre[o], values[1, o, t] - centre[o]
            sums = output[batch, o]
            sums[0] += a
            sums[1] += b
            sums[2] += a * a
            sums[3] += b * b
            for i in range(d):
                ab = values[2 + i, o, t] - centre[o]
                sums = factor[batch, o, i]
                sums[0] += ab
                sums[1] += b * (ab - a)
                sums[2] += (b - ab) ** 2
                sums[3] += (a - ab) ** 2
            for p in range(pairs.shape[0]):
                ba = values[2 + d + pairs[p, 0], o, t] - centre[o]
                ab = values[2 + pairs[p, 1], o, t] - centre[o]
                pair[batch, o, p] += ba * ab - a * b
