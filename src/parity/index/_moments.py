"""Sample moments, and the outlier test that rests on them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from parity.index._tree import FloatArray


class Check(NamedTuple):
    """Outcome of the outlier test of a column.

    Attributes
    ----------
    passed
        ``None`` where the test has no answer: too few values, or one value repeated.
    skewness, kurtosis
        NaN where they are not defined.
    """

    passed: bool | None
    skewness: float
    kurtosis: float


def moments(values: FloatArray) -> tuple[float, float]:
    r"""Return skewness and excess kurtosis, both adjusted for sample size.

    .. math:: G_1 = \frac{\sqrt{n(n-1)}}{n-2}\,
              \frac{\sqrt n\,\sum (x-\bar x)^3}{(\sum (x-\bar x)^2)^{3/2}}
    .. math:: G_2 = \frac{(n-1)\,((n+1)(r-3)+6)}{(n-2)(n-3)},\qquad
              r = \frac{n\sum (x-\bar x)^4}{(\sum (x-\bar x)^2)^2}

    Joanes and Gill (1998), type 2; the definition of COINr, SAS and spreadsheets.

    Parameters
    ----------
    values
        Shape (n,); NaN is missing.

    Returns
    -------
    tuple of float
        NaN with one value repeated, or with fewer than three (skewness) or four
        (kurtosis) values.
    """
    x = values[~np.isnan(values)]
    n = len(x)
    if n < 3:
        return math.nan, math.nan
    low, high, mean = float(x.min()), float(x.max()), float(x.mean())
    # Compared as they are: the rounding error of the mean must not pass for spread.
    if low == high:
        return math.nan, math.nan
    # Both moments are free of scale; brought to at most 1, powers neither overflow nor vanish.
    deviations = (x - mean) / max(high - mean, mean - low)
    squares = deviations * deviations
    # Sums of products, not dot products: those differ with the number of threads.
    second, third = float(squares.sum()), float((squares * deviations).sum())
    skewness = math.sqrt(n) * third / second**1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    if n < 4:
        return skewness, math.nan
    r = n * float((squares * squares).sum()) / second**2
    return skewness, ((n + 1) * (r - 3) + 6) * (n - 1) / ((n - 2) * (n - 3))


def check(values: FloatArray, max_skewness: float = 2.0, max_kurtosis: float = 3.5) -> Check:
    """Test a column for outliers: it passes with a small skewness or a small kurtosis.

    Parameters
    ----------
    values
        Shape (n,); NaN is missing.
    max_skewness, max_kurtosis
        Limits of the absolute skewness and of the excess kurtosis; either below its limit passes.
    """
    skewness, kurtosis = moments(values)
    passed = abs(skewness) < max_skewness or kurtosis < max_kurtosis
    unknown = not passed and (math.isnan(skewness) or math.isnan(kurtosis))
    return Check(None if unknown else passed, skewness, kurtosis)
