"""Three-valued logic over arrays: -1 false, 0 unknown, 1 true.

With these numbers *and* is the minimum, *or* the maximum and *not* the sign: Kleene's strong logic.
A figure is an interval; a figure that nobody published is the whole axis, so a test on it is true or
false only where every possible value agrees.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Truth = NDArray[np.int8]
Numbers = NDArray[np.float64]
FALSE, UNKNOWN, TRUE = -1, 0, 1
# Operator -> the operator that is true exactly where it is false.
OPPOSITE = {"<": ">=", "<=": ">"}
OPERATORS = (">=", ">", "<=", "<", "==")


def compare(low: Numbers, high: Numbers, operator: str, value: float) -> Truth:
    """Compare intervals with a number.

    Parameters
    ----------
    low, high
        Ends of the intervals, both possible values; shape (n,).
    operator
        One of ``OPERATORS``.
    value
        Number to compare with.

    Returns
    -------
    ndarray of int8
        Shape (n,): true where every value of the interval passes, false where none does.

    Raises
    ------
    ValueError
        If there is no such operator.
    """
    if operator in OPPOSITE:
        return -compare(low, high, OPPOSITE[operator], value)
    if operator == ">=":
        return three(low >= value, high < value)
    if operator == ">":
        return three(low > value, high <= value)
    if operator == "==":
        return three((low == value) & (high == value), (low > value) | (high < value))
    raise ValueError(f"no operator '{operator}'; there are {', '.join(OPERATORS)}")


def three(true: NDArray[np.bool_], false: NDArray[np.bool_]) -> Truth:
    """Return truth from where it is certainly true and where it is certainly false; shape (n,)."""
    return true.astype(np.int8) - false.astype(np.int8)


def all_of(truths: Iterable[Truth], size: int) -> Truth:
    """Return the conjunction of truths, true for none; shape (size,)."""
    result: Truth = np.minimum.reduce([np.full(size, TRUE, np.int8), *truths])
    return result


def any_of(truths: Iterable[Truth], size: int) -> Truth:
    """Return the disjunction of truths, false for none; shape (size,)."""
    result: Truth = np.maximum.reduce([np.full(size, FALSE, np.int8), *truths])
    return result
