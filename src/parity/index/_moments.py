"""Sample moments of columns with missing cells."""

from __future__ import annotations

import numpy as np

from parity.index._tree import FloatArray, IntArray


def skewness(values: FloatArray) -> FloatArray:
    r"""Return the skewness of each column, adjusted for sample size.

    .. math:: G_1 = \frac{\sqrt{n(n-1)}}{n-2}\,
              \frac{\sqrt n\,\sum (x-\bar x)^3}{(\sum (x-\bar x)^2)^{3/2}}

    Joanes and Gill (1998), type 2; the definition of COINr, SAS and spreadsheets.

    Parameters
    ----------
    values
        Shape (n, k); NaN is missing.

    Returns
    -------
    numpy.ndarray
        Shape (k,); NaN for a column with fewer than three values, or with one value repeated.
    """
    centred, n = _centred(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        g = np.sqrt(n) * (centred**3).sum(axis=0) / (centred**2).sum(axis=0) ** 1.5
        return np.where(n >= 3, g * np.sqrt(n * (n - 1.0)) / (n - 2), np.nan)


def kurtosis(values: FloatArray) -> FloatArray:
    r"""Return the excess kurtosis of each column, adjusted for sample size.

    .. math:: G_2 = \frac{(n-1)\,((n+1)(r-3)+6)}{(n-2)(n-3)},\qquad
              r = \frac{n\sum (x-\bar x)^4}{(\sum (x-\bar x)^2)^2}

    Joanes and Gill (1998), type 2.

    Parameters
    ----------
    values
        Shape (n, k); NaN is missing.

    Returns
    -------
    numpy.ndarray
        Shape (k,); NaN for a column with fewer than four values, or with one value repeated.
    """
    centred, n = _centred(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = n * (centred**4).sum(axis=0) / (centred**2).sum(axis=0) ** 2
        return np.where(n >= 4, ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2.0) * (n - 3)), np.nan)


def _centred(values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return deviations from the mean, missing as 0, and the number of values.

    Both moments are free of scale, so the deviations are brought to at most 1: their
    powers then neither overflow nor vanish.
    """
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values / n, 0.0).sum(axis=0)
        deviations = np.where(present, values - mean, 0.0)
        constant = np.fmin.reduce(values, axis=0) == np.fmax.reduce(values, axis=0)
        # The rounding error of the mean must not pass for spread.
        deviations[:, constant] = 0.0
        return deviations / np.abs(deviations).max(axis=0, initial=np.finfo(float).tiny), n
