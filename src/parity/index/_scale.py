"""Normalisation: scales learned from data whose direction was applied, and what they make of other data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Protocol

import numpy as np

from parity.errors import ParityError
from parity.index._options import NormaliseOptions
from parity.index.register import custom, is_custom
from parity.stats import BoolArray, FloatArray


class Scale(Protocol):
    """A learned scale: a function of values, shape (n, k), to scores of the same shape."""

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the scores of values."""


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Scores that are a straight line in the values, cut at ``low`` and ``high``.

    Score = (value - centre) / spread x stretch + offset.
    """

    # Learned from the data or given, shape (k,). A spread of 0 gives NaN or infinity.
    centre: FloatArray
    spread: FloatArray
    # Width and origin of the scores.
    stretch: float = 1.0
    offset: float = 0.0
    # Bounds of the scores.
    low: float = -np.inf
    high: float = np.inf

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the scores of values, shape (n, k)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            scores = (values - self.centre) / self.spread * self.stretch + self.offset
        if self.low == -np.inf and self.high == np.inf:
            return scores
        return np.clip(scores, self.low, self.high)


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Scores that count the learned values below a value; ties share the smallest rank."""

    known: tuple[FloatArray, ...]  # the learned values of each column in rising order, k arrays without NaN
    # ``rank``: 1 for the lowest; ``borda``: 0 for the lowest; ``percentile_rank``: from 0 to 1.
    kind: Literal["rank", "borda", "percentile_rank"]

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the scores of values, shape (n, k)."""
        scores = np.full(values.shape, np.nan)
        for column, known in enumerate(self.known):
            below = np.searchsorted(known, values[:, column], side="left").astype(float)
            if self.kind == "rank":
                below += 1
            elif self.kind == "percentile_rank":
                below = below / (len(known) - 1) if len(known) > 1 else np.full(len(below), np.nan)
            scores[:, column] = np.where(np.isnan(values[:, column]), np.nan, below)
        return scores


def lowest(values: FloatArray) -> FloatArray:
    """Return the smallest value of each column, shape (k,); NaN where there is none."""
    low: FloatArray = np.fmin.reduce(values, axis=0, initial=np.nan)
    return low


def highest(values: FloatArray) -> FloatArray:
    """Return the greatest value of each column, shape (k,); NaN where there is none."""
    high: FloatArray = np.fmax.reduce(values, axis=0, initial=np.nan)
    return high


def constant(values: FloatArray) -> BoolArray:
    """Tell which columns hold one value only, shape (k,)."""
    same: BoolArray = lowest(values) == highest(values)
    return same


def centre_and_spread(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and standard deviation (n - 1) of each column, each of shape (k,)."""
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(present, values, 0.0).sum(axis=0) / n
        deviations = np.where(present, values - mean, 0.0)
        # Brought to at most 1, squares neither overflow nor vanish.
        size = np.abs(deviations).max(axis=0, initial=np.finfo(float).tiny)
        sd = size * np.sqrt(((deviations / size) ** 2).sum(axis=0) / (n - 1))
    return mean, np.where(constant(values), 0.0, sd)


def minmax(values: FloatArray, lower: float = 0.0, upper: float = 100.0) -> Linear:
    """Return the scale that takes each column's least value to lower and its greatest to upper."""
    low = lowest(values)
    return Linear(low, _or_none(highest(values) - low), upper - lower, lower)


def zscore(values: FloatArray, mean: float = 0.0, sd: float = 1.0) -> Linear:
    """Return the scale that gives each column this mean and standard deviation."""
    centre, spread = centre_and_spread(values)
    return Linear(centre, _or_none(spread), sd, mean)


def _or_none(spread: FloatArray) -> FloatArray:
    """Return NaN for a spread of 0: a column with one value has no scale, for new values either."""
    return np.where(spread == 0, np.nan, spread)


def between(
    low: FloatArray, high: FloatArray, lower: float = 0.0, upper: float = 100.0, clip: bool = True
) -> Linear:
    """Return the scale that takes the goalposts, each of shape (k,), to lower and upper."""
    cut = (lower, upper) if clip else (-np.inf, np.inf)
    return Linear(low, high - low, upper - lower, lower, *cut)


def distance_to(aims: FloatArray, values: FloatArray, clip: bool = False) -> Linear:
    """Return the scale with 1 at each column's aim, shape (k,), less the distance to it as a share."""
    # Measured from the aim, so that the aim is 1 to the last digit.
    return Linear(aims, aims - lowest(values), offset=1.0, high=1.0 if clip else np.inf)


def share_of_target(targets: FloatArray, values: FloatArray, clip: bool = False) -> Linear:
    """Return the scale with 0 at each column's least value and 1 at its target, shape (k,)."""
    low = lowest(values)
    return Linear(low, targets - low, high=1.0 if clip else np.inf)


def fraction_of_maximum(values: FloatArray) -> Linear:
    """Return the scale that divides each column by its greatest value."""
    top = highest(values)
    return Linear(np.zeros_like(top), top)


def ranked(values: FloatArray, kind: Literal["rank", "borda", "percentile_rank"] = "rank") -> Ranked:
    """Return the scale by rank among each column's values."""
    return Ranked(tuple(np.sort(column[~np.isnan(column)]) for column in values.T), kind)


def unchanged(values: FloatArray, /) -> FloatArray:
    """Return values as their own scores."""
    return values


def by_function(
    values: FloatArray, /, *, function: Callable[..., Any], reference: FloatArray, options: Mapping[str, Any]
) -> FloatArray:
    """Return scores by a registered function, given what the index was built from, shape (m, k)."""
    columns = zip(values.T, reference.T, strict=True)
    return np.column_stack([function(x, known, **options) for x, known in columns])


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """A scale whose columns with one value only get a fixed score."""

    scale: Scale
    flat: BoolArray
    score: float

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the scores of values, shape (n, k)."""
        return np.where(self.flat & ~np.isnan(values), self.score, self.scale(values))


def learn_scale(
    values: FloatArray,
    options: NormaliseOptions,
    goalposts: FloatArray | None = None,
    targets: FloatArray | None = None,
    reference: FloatArray | None = None,
) -> Scale:
    """Learn a scale from values whose direction has been applied.

    ``values``: shape (n, k); NaN is missing. ``goalposts``: lower and upper goalposts after direction,
    shape (2, k). ``targets``: targets after direction, shape (k,). ``reference``: values of the reference
    unit after direction, shape (k,).
    """
    if is_custom(options.method):
        function = custom("normalise", options.method)
        return partial(by_function, function=function, reference=values, options=options.options)
    posts = np.empty((2, 0)) if goalposts is None else goalposts
    match options.method:
        case "none":
            return unchanged
        case "minmax":
            return minmax(values, options.lower, options.upper)
        case "zscore":
            return zscore(values, options.mean, options.sd)
        case "goalposts":
            return between(posts[0], posts[1], options.lower, options.upper, options.clip is not False)
        case "scaled":
            return between(posts[0], posts[1], 0.0, options.upper, clip=bool(options.clip))
        case "rank" | "borda" | "percentile_rank":
            return ranked(values, options.method)
        case "distance_to_maximum":
            return distance_to(highest(values), values)
        case "distance_to_target":
            return share_of_target(np.empty(0) if targets is None else targets, values, bool(options.clip))
        case "distance_to_reference":
            return distance_to(np.empty(0) if reference is None else reference, values, bool(options.clip))
        case _:
            return fraction_of_maximum(values)


def flat_columns(values: FloatArray) -> BoolArray:
    """Tell which columns have one value only, or none."""
    return constant(values) | np.isnan(values).all(axis=0)


def settled(values: FloatArray, scale: Scale, options: NormaliseOptions, flat_names: str) -> Scale:
    """Return the scale with what the options say of columns with one value only.

    ``values``: what the scale was learned from, shape (n, k). ``options``: ``constant`` says what is
    done.
    """
    flat = flat_columns(values)
    if options.constant == "error" and flat.any():
        raise ParityError(f"{flat_names}: one value only, or none, which the spec makes an error (constant)")
    middle = {
        "minmax": (options.lower + options.upper) / 2,
        "zscore": options.mean,
        "distance_to_maximum": 0.5,
        "distance_to_reference": 0.5,
    }
    # The other methods have a score for such a column as they are.
    if options.constant == "middle" and flat.any() and options.method in middle:
        return Centred(scale, constant(values), middle[options.method])
    return scale
