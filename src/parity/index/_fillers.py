"""What imputation learns: objects that fill missing cells of values, shape (n, k)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from parity.index._normal import Normal
from parity.index._options import ImputeOptions
from parity.index._scale import centre_and_spread
from parity.index._series import fill_series
from parity.index._table import Block, labels
from parity.index._tree import FloatArray, IntArray


class Filler(Protocol):
    """Fills the missing cells of some columns; sees the block for groups and years."""

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values, shape (n, k), with cells filled; the others stay as they are."""


def column_means(values: FloatArray) -> FloatArray:
    """Return the mean of each column, shape (k,); NaN for one without values."""
    return centre_and_spread(values)[0]


def column_medians(values: FloatArray) -> FloatArray:
    """Return the median of each column, shape (k,); NaN for one without values."""
    known = [column[~np.isnan(column)] for column in values.T]
    return np.array([np.median(column) if len(column) else np.nan for column in known])


def fill(values: FloatArray, fillers: FloatArray) -> FloatArray:
    """Return values, shape (n, k), with NaN replaced by what broadcasts with them."""
    return np.where(np.isnan(values), fillers, values)


@dataclass(frozen=True, slots=True, eq=False)
class Nothing:
    """Leaves missing cells missing."""

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return the values."""
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Constants:
    """One value per column, shape (k,)."""

    averages: FloatArray

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        return fill(values, self.averages)


@dataclass(frozen=True, slots=True, eq=False)
class ByGroup:
    """One value per group of units and column; a unit without a (known) group stays as it is.

    Attributes
    ----------
    column
        Column of the table that holds the groups.
    averages
        Values of each group, shape (k,).
    """

    column: str
    averages: Mapping[str, FloatArray]

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        unknown = np.full(values.shape[1], np.nan)
        own = [self.averages.get(name, unknown) for name in labels(block, self.column)]
        return fill(values, np.array(own).reshape(values.shape))


@dataclass(frozen=True, slots=True, eq=False)
class ByRow:
    """The unit's own other indicators, on the scale where each runs from 0 to 1.

    Attributes
    ----------
    families
        Columns that fill each other.
    directions, low, high
        Direction of each column and its bounds after direction, shape (k,).
    average
        Mean or median of each column of an array.
    """

    families: tuple[IntArray, ...]
    directions: FloatArray
    low: FloatArray
    high: FloatArray
    average: Callable[[FloatArray], FloatArray]

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        width = self.high - self.low
        with np.errstate(invalid="ignore", divide="ignore"):
            scaled = (values * self.directions - self.low) / width
        filled = values.copy()
        for family in self.families:
            own = self.average(scaled[:, family].T)[:, np.newaxis]
            back = (own * width[family] + self.low[family]) * self.directions[family]
            filled[:, family] = fill(values[:, family], back)
        return filled


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The mean over the nearest units that have the cell.

    Distance is the root mean square difference over the columns that both units have,
    in standard deviations of the reference.

    Attributes
    ----------
    reference
        Units to take from, shape (m, k). One without any column in common is never near.
    count
        Units averaged; fewer where fewer have the cell.
    """

    reference: FloatArray
    count: int

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        centre, spread = centre_and_spread(self.reference)
        spread = np.where(spread > 0, spread, 1.0)
        known = (self.reference - centre) / spread
        scaled = (values - centre) / spread
        filled = values.copy()
        for row in np.flatnonzero(np.isnan(values).any(axis=1)):
            order = _nearest_first(scaled[row], known)
            for column in np.flatnonzero(np.isnan(values[row])):
                near = order[~np.isnan(known[order, column])][: self.count]
                if len(near):
                    filled[row, column] = self.reference[near, column].mean()
        return filled


def _nearest_first(unit: FloatArray, known: FloatArray) -> IntArray:
    """Return the rows of known, shape (m, k), by distance to a unit; those that share nothing left out."""
    shared = ~np.isnan(known) & ~np.isnan(unit)
    squares = np.where(shared, known - unit, 0.0) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.sqrt(squares.sum(axis=1) / shared.sum(axis=1))
    order = np.argsort(distance, kind="stable")
    return order[: np.count_nonzero(~np.isnan(distance))]


@dataclass(frozen=True, slots=True, eq=False)
class ByModel:
    """A multivariate normal model of the columns that have values to fit it on.

    Attributes
    ----------
    model
        The fitted model.
    usable
        Which of the columns it covers.
    """

    model: Normal
    usable: IntArray

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        filled = values.copy()
        filled[:, self.usable] = self.model.fill(values[:, self.usable])
        return filled


@dataclass(frozen=True, slots=True, eq=False)
class BySeries:
    """The unit's own other years.

    Attributes
    ----------
    learned, known
        Values that the index was built from, shape (m, k), and their units and years.
    options
        Method, ``look_back`` and ``extrapolate``.
    """

    learned: FloatArray
    known: Block
    options: ImputeOptions

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        return fill_series(values, block, self.learned, self.known, self.options)


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A registered function, with the values that the index was built from, shape (m, k)."""

    function: Callable[..., Any]
    reference: FloatArray
    options: Mapping[str, Any]

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        return fill(values, np.asarray(self.function(values, self.reference, **self.options), dtype=float))


@dataclass(frozen=True, slots=True, eq=False)
class OneAfterTheOther:
    """A filler, and another for what it leaves missing."""

    first: Filler
    second: Filler

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return values with cells filled."""
        return self.second(self.first(values, block), block)
