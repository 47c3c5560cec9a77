"""Scales by the name of a method: what normalisation learns from values whose direction was applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from parity.errors import ParityError
from parity.index._options import NormaliseOptions
from parity.index._scale import (
    Scale,
    between,
    constant,
    distance_to,
    fraction_of_maximum,
    highest,
    minmax,
    ranked,
    share_of_target,
    zscore,
)
from parity.index._tree import BoolArray, FloatArray
from parity.index.register import custom, is_custom


@dataclass(frozen=True, slots=True, eq=False)
class Unchanged:
    """Scores that are the values."""

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the values."""
        return values


@dataclass(frozen=True, slots=True, eq=False)
class Registered:
    """A registered normalisation, with the columns that the index was built from, shape (m, k)."""

    function: Callable[..., Any]
    reference: FloatArray
    options: Mapping[str, Any]

    def __call__(self, values: FloatArray, /) -> FloatArray:
        """Return the scores of values, shape (n, k)."""
        columns = zip(values.T, self.reference.T, strict=True)
        return np.column_stack([self.function(x, known, **self.options) for x, known in columns])


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

    Parameters
    ----------
    values
        Shape (n, k); NaN is missing.
    options
        Method and its parameters.
    goalposts
        Lower and upper goalposts after direction, shape (2, k).
    targets
        Targets after direction, shape (k,).
    reference
        Values of the reference unit after direction, shape (k,).
    """
    if is_custom(options.method):
        return Registered(custom("normalise", options.method), values, options.options)
    posts = np.empty((2, 0)) if goalposts is None else goalposts
    match options.method:
        case "none":
            return Unchanged()
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

    Parameters
    ----------
    values
        What the scale was learned from, shape (n, k).
    scale
        The scale.
    options
        ``constant`` says what is done.
    flat_names
        What to call those columns in a message.

    Raises
    ------
    ParityError
        If the options make them an error.
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
