"""Benefit of the doubt: each unit is scored with the weights that suit it best."""

from __future__ import annotations

import numpy as np

from parity.errors import ParityError
from parity.stats import FloatArray


def benefit_of_the_doubt(
    values: FloatArray, reference: FloatArray, share: tuple[float, float] | None = None
) -> tuple[FloatArray, FloatArray]:
    r"""Score units by data envelopment without inputs.

    .. math:: \max_{w \ge 0} \sum_i w_i x_i \quad\text{subject to}\quad
              \sum_i w_i x_{ji} \le 1 \text{ for every unit } j \text{ of the reference}

    Cherchye, Moesen, Rogge and Van Puyenbroeck (2007). A member that the unit lacks gets
    no weight; one that a reference unit lacks does not constrain.

    ``values``: units to score, shape (n, k); not negative. ``reference``: units that set the frontier,
    shape (m, k); not negative. A unit better than all of them scores above 1. ``share``: least and
    greatest share of each member in the unit's score. Returns: Scores, shape (n,), NaN for a unit without
    members, or with too few for the shares; and weights, shape (n, k).
    """
    from scipy.optimize import linprog

    if (values < 0).any() or (reference < 0).any():
        raise ParityError("benefit_of_the_doubt needs scores of 0 or more; normalise with lower = 0")
    members = values.shape[1]
    if share is not None and not share[0] * members <= 1 <= share[1] * members:
        raise ParityError(
            f"benefit_of_the_doubt: shares from {share[0]:g} to {share[1]:g} of {members} members "
            "cannot add up to 1; widen share = [least, greatest]"
        )
    frontier = np.nan_to_num(np.unique(reference, axis=0), nan=0.0)
    scores, weights = np.full(len(values), np.nan), np.zeros(values.shape)
    for row, unit in enumerate(values):
        there = ~np.isnan(unit)
        if share is not None and not share[0] * there.sum() <= 1 <= share[1] * there.sum():
            continue
        # Without a positive value there is nothing to weigh: the score is 0.
        if not (unit[there] > 0).any():
            scores[row] = 0.0 if there.any() else np.nan
            continue
        bounds, limits = _constraints(unit[there], frontier[:, there], share)
        found = linprog(-unit[there], A_ub=bounds, b_ub=limits, bounds=(0, None), method="highs")
        if found.success:
            scores[row], weights[row, there] = -found.fun, found.x
    return scores, weights


def _constraints(
    unit: FloatArray, frontier: FloatArray, share: tuple[float, float] | None
) -> tuple[FloatArray, FloatArray]:
    if share is None:
        return frontier, np.ones(len(frontier))
    own = np.diag(unit)
    least = share[0] * np.tile(unit, (len(unit), 1)) - own
    most = own - share[1] * np.tile(unit, (len(unit), 1))
    return np.vstack([frontier, least, most]), np.concatenate(
        [np.ones(len(frontier)), np.zeros(2 * len(unit))]
    )


def against_rivals(
    values: FloatArray, reference: FloatArray, rivals: int, draws: int = 100, seed: int = 0
) -> FloatArray:
    """Return the mean score against so many units of the reference drawn with replacement, shape (n,).

    One far unit no longer sets the frontier for all; a score may be above 1. Cazals, Florens and Simar
    (2002); Vidoli, Fusco and Mazziotta (2015), robust benefit of the doubt.
    """
    generator = np.random.default_rng(seed)
    chosen = generator.integers(len(reference), size=(draws, rivals))
    scores = [benefit_of_the_doubt(values, reference[rows])[0] for rows in chosen]
    mean: FloatArray = np.mean(scores, axis=0)
    return mean


def directional(values: FloatArray, reference: FloatArray, towards: FloatArray) -> FloatArray:
    r"""Return :math:`1/(1 + \beta)`, where :math:`\beta` steps in a direction reach the frontier, shape (n,).

    .. math:: \max \beta \quad\text{subject to}\quad x + \beta g \le \sum_j \lambda_j x_j,\;
              \sum_j \lambda_j \le 1,\; \lambda \ge 0

    Fusco (2015). With the unit's own values as direction it is the benefit of the doubt.

    ``towards``: direction g, in the unit of the scores, shape (k,).
    """
    from scipy.optimize import linprog

    if (values < 0).any() or (reference < 0).any():
        raise ParityError("benefit_of_the_doubt needs scores of 0 or more; normalise with lower = 0")
    if not towards.sum() > 0:
        raise ParityError("towards: at least one member needs a number above 0")
    frontier = np.nan_to_num(np.unique(reference, axis=0), nan=0.0)
    scores = np.full(len(values), np.nan)
    aim = np.concatenate([[-1.0], np.zeros(len(frontier))])
    for row, unit in enumerate(values):
        if np.isnan(unit).any():
            continue
        bounds = np.vstack([np.column_stack([towards, -frontier.T]), np.append(0.0, np.ones(len(frontier)))])
        free = [(None, None), *[(0, None)] * len(frontier)]
        found = linprog(aim, A_ub=bounds, b_ub=np.append(-unit, 1.0), bounds=free, method="highs")
        if found.success and found.x[0] > -1:
            scores[row] = 1 / (1 + found.x[0])
    return scores
