"""Multiple imputation: missing cells drawn from what the other indicators say of them.

A Gaussian copula joins the indicators: each is brought to normal scores by its ranks, so
that skewed counts need no model of their own and no drawn value leaves the observed range
(Hoff 2007). Correlations are shrunk, as indicators may be as many as units (Schaefer and
Strimmer 2005). Rows are resampled before each draw, so that what is not known of the
correlations shows (Honaker and King 2010).
"""

from __future__ import annotations

import numpy as np

from parity.index import register
from parity.index.core import Normal
from parity.stats import BoolArray, FloatArray

METHOD = "drawn"
"""Name under which a spec can ask for it: ``impute.method = "custom:drawn"``."""

_SMALLEST_EIGENVALUE = 1e-3
_STREAM = 0x1A9


@register("impute", METHOD)
def drawn(values: FloatArray, reference: FloatArray, draw: int = 0, seed: int = 0) -> FloatArray:
    """Return values with missing cells drawn once.

    ``values``: shape (n, k); NaN is missing. ``reference``: rows to learn from, shape (m, k). Returns:
    shape (n, k); columns with fewer than two known values, or with one value only, stay as they are.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM, draw)))
    usable = np.flatnonzero(_distinct(reference))
    if not len(usable):
        return values
    known = [np.sort(column[~np.isnan(column)]) for column in reference[:, usable].T]
    sample = reference[rng.integers(len(reference), size=len(reference))][:, usable]
    correlation = shrunk_correlation(_normal_scores(sample, known))
    k = len(usable)
    model = Normal(np.zeros(k), np.ones(k), np.zeros(k), correlation, 0)
    scores = model.fill(_normal_scores(values[:, usable], known), rng)
    filled = values.copy()
    for place, column in enumerate(usable):
        gaps = np.isnan(values[:, column])
        filled[gaps, column] = _back(scores[gaps, place], known[place])
    return filled


def _distinct(values: FloatArray) -> BoolArray:
    return np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in values.T], dtype=bool)


def _normal_scores(values: FloatArray, known: list[FloatArray]) -> FloatArray:
    """Return the standard normal quantile of each value's place; ties share the middle."""
    from scipy.special import ndtri

    scores = np.full(values.shape, np.nan)
    for column, ordered in enumerate(known):
        below = np.searchsorted(ordered, values[:, column], side="left")
        upto = np.searchsorted(ordered, values[:, column], side="right")
        place = np.clip((below + upto + 1) / 2, 1, len(ordered)) / (len(ordered) + 1)
        scores[:, column] = np.where(np.isnan(values[:, column]), np.nan, ndtri(place))
    return scores


def _back(scores: FloatArray, ordered: FloatArray) -> FloatArray:
    """Return the observed quantiles that normal scores stand for."""
    from scipy.special import ndtr

    places = np.arange(1, len(ordered) + 1) / (len(ordered) + 1)
    values: FloatArray = np.interp(ndtr(scores), places, ordered)
    return values


def shrunk_correlation(scores: FloatArray) -> FloatArray:
    """Return correlations over the rows that both columns have, shrunk towards none.

    ``scores``: shape (n, k); NaN is missing. Returns: shape (k, k); positive definite, with a unit
    diagonal.
    """
    present = (~np.isnan(scores)).astype(float)
    filled = np.nan_to_num(scores)
    shared = present.T @ present
    square = (filled**2).T @ present
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = filled.T @ filled / np.sqrt(square * square.T)
        error = (1 - raw**2) ** 2 / np.maximum(shared - 1, 1)
    raw = np.clip(np.nan_to_num(raw), -1, 1)
    off = ~np.eye(len(raw), dtype=bool)
    size = (raw[off] ** 2).sum()
    shrinkage = min(1.0, float(np.nan_to_num(error[off]).sum() / size)) if size > 0 else 1.0
    target = (1 - shrinkage) * raw
    np.fill_diagonal(target, 1.0)
    values, vectors = np.linalg.eigh(target)
    fixed = (vectors * np.maximum(values, _SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    result: FloatArray = fixed / np.outer(scale, scale)
    return result
