"""Imputation along each unit's series of years."""

from __future__ import annotations

import numpy as np

from parity.index._options import ImputeOptions
from parity.index._table import Block
from parity.index._tree import FloatArray, IntArray


def linear(years: FloatArray, values: FloatArray, wanted: FloatArray, extrapolate: bool = True) -> FloatArray:
    """Interpolate one series; outside the known years the nearest value, or NaN.

    Parameters
    ----------
    years, values
        The known points, rising in years, shape (m,) with m of at least 1.
    wanted
        Years to return values for, shape (n,).
    extrapolate
        Whether the first and last known value are carried outwards.
    """
    outside = np.nan if not extrapolate else None
    return np.interp(wanted, years, values, left=outside, right=outside)


def carried(years: FloatArray, values: FloatArray, wanted: FloatArray, backwards: bool) -> FloatArray:
    """Return the latest known value at or before each wanted year.

    Parameters
    ----------
    years, values
        The known points, rising in years, shape (m,) with m of at least 1.
    wanted
        Years to return values for, shape (n,).
    backwards
        Whether years before the first known one take its value; else they are NaN.
    """
    before = np.searchsorted(years, wanted, side="right") - 1
    found = values[np.maximum(before, 0)]
    return found if backwards else np.where(before < 0, np.nan, found)


def fill_series(
    new: FloatArray, block: Block, learned: FloatArray, known: Block, options: ImputeOptions
) -> FloatArray:
    """Fill each unit's missing cells from its own other years.

    Parameters
    ----------
    new, block
        Values to fill, shape (n, k), and their units and years.
    learned, known
        Values that the index was built from, shape (m, k), and their units and years:
        a later replay knows a unit's past.
    options
        Method, ``look_back`` and ``extrapolate``.

    Returns
    -------
    numpy.ndarray
        Shape (n, k).
    """
    if block.years is None or known.years is None:
        return new
    filled = new.copy()
    times = np.unique(np.concatenate([known.years, block.years]))
    past = _rows_by_unit(known) if block is not known else {}
    for unit, rows in _rows_by_unit(block).items():
        gaps = np.isnan(new[rows])
        if not gaps.any():
            continue
        others = past.get(unit, np.empty(0, dtype=np.intp))
        others = others[~np.isin(known.years[others], block.years[rows])]
        years = np.concatenate([known.years[others], block.years[rows]])
        values = np.concatenate([learned[others], new[rows]])
        order = np.argsort(years)
        for column in np.flatnonzero(gaps.any(axis=0)):
            missing = rows[gaps[:, column]]
            filled[missing, column] = _one(
                years[order], values[order, column], block.years[missing], times, options
            )
    return filled


def _one(
    years: IntArray, values: FloatArray, wanted: IntArray, times: IntArray, options: ImputeOptions
) -> FloatArray:
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(wanted), np.nan)
    at, having = years[known].astype(float), values[known]
    if options.method == "linear":
        return linear(at, having, wanted.astype(float), options.extrapolate)
    found = carried(at, having, wanted.astype(float), backwards=options.method == "constant")
    if options.method == "latest" and options.look_back is not None:
        source = carried(at, np.searchsorted(times, at).astype(float), wanted.astype(float), backwards=False)
        found = np.where(np.searchsorted(times, wanted) - source > options.look_back, np.nan, found)
    return found


def _rows_by_unit(block: Block) -> dict[str, IntArray]:
    units, which = np.unique(block.ids.astype(str), return_inverse=True)
    order = np.argsort(which, kind="stable")
    ends = np.cumsum(np.bincount(which, minlength=len(units)))[:-1]
    return dict(zip(units, np.split(order, ends), strict=True))
