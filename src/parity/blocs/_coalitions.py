"""Sums and weighted means over coalitions of countries, as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


def totals(coalitions: BoolArray, values: FloatArray) -> FloatArray:
    """Return the sums over the members that have a value; NaN where none has one.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Quantities that add up, shape (n, k); NaN is missing.

    Returns
    -------
    numpy.ndarray
        Shape (m, k).
    """
    # Numbers, not truth values: numpy multiplies only those by its fast routines.
    known, inside = ~np.isnan(values), coalitions.astype(float)
    sums = inside @ np.where(known, values, 0.0)
    return np.where(inside @ known.astype(float) > 0, sums, np.nan)


def means(coalitions: BoolArray, values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return weighted means over the members that have a value and a weight; NaN where none has.

    The value of the only member that has one counts whatever its weight.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Ratios, shape (n, k); NaN is missing.
    weights
        What the ratios are multiplied by to add up, shape (n, k); NaN is missing.
    """
    usable = ~np.isnan(values) & (weights > 0)
    held = np.where(usable, weights, 0.0)
    inside = coalitions.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: FloatArray = (inside @ (held * np.where(usable, values, 0.0))) / (inside @ held)
    # The only value there is needs no weight; nor should it be multiplied by one and divided again.
    known = ~np.isnan(values)
    return np.where(inside @ known.astype(float) == 1, inside @ np.where(known, values, 0.0), found)


def stretched(coalitions: BoolArray, quantities: FloatArray, denominators: FloatArray) -> FloatArray:
    """Return totals that give the ratio of the members with data when divided by everybody's denominator.

    A member without the quantity would count as zero if its denominator alone were summed: the total
    of the others is stretched to the whole, which leaves their ratio as it is.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    quantities
        Quantities, shape (n, k); NaN is missing.
    denominators
        What each is divided by, shape (n, k); NaN is missing.
    """
    both = ~np.isnan(quantities) & ~np.isnan(denominators)
    known = np.where(both, denominators, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = totals(coalitions, denominators) / totals(coalitions, known)
    return totals(coalitions, np.where(both, quantities, np.nan)) * factor


def covered(coalitions: BoolArray, values: FloatArray, size: FloatArray) -> FloatArray:
    """Return the share of each coalition's size that lies in members with a value, shape (m, k).

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Shape (n, k); NaN is missing.
    size
        Size of each member, shape (n,), for example its population.
    """
    inside = coalitions * size
    whole = inside.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((inside @ ~np.isnan(values)) / whole)
