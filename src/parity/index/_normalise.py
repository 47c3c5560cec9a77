"""Step normalise: indicators (and scores of groups) brought to a common scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from parity.errors import ParityError, did_you_mean
from parity.index._learned import ByYear, assign, plan
from parity.index._log import Record, Status, named
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
from parity.index._table import Block
from parity.index._tree import BoolArray, FloatArray, IntArray
from parity.index.register import custom, is_custom
from parity.index.spec import IndexSpec


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


# Methods whose scores lie on a fixed range; the middle of it is where a constant indicator can be put.
def _middle(options: NormaliseOptions) -> float:
    match options.method:
        case "minmax" | "goalposts":
            return (options.lower + options.upper) / 2
        case "zscore":
            return options.mean
        case _:
            return 0.5


def learn_columns(block: Block, columns: IntArray, options: NormaliseOptions, spec: IndexSpec) -> Scale:
    """Learn the scale of some indicators of a block whose direction has been applied."""
    values = block.values[:, columns]
    scale = learn_scale(
        values,
        options,
        _goalposts(columns, options, spec),
        _targets(columns, options, spec),
        _reference(block, columns, options),
    )
    return settled(values, scale, options, named([spec.codes[column] for column in columns[_flat(values)]]))


def _flat(values: FloatArray) -> BoolArray:
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
    flat = _flat(values)
    if options.constant == "error" and flat.any():
        raise ParityError(f"{flat_names}: one value only, or none, which the spec makes an error (constant)")
    if options.constant == "middle" and flat.any():
        return Centred(scale, constant(values), _middle(options))
    return scale


def _directions(columns: IntArray, spec: IndexSpec) -> FloatArray:
    return np.array([spec.indicators[column].direction for column in columns], dtype=float)


def _goalposts(columns: IntArray, options: NormaliseOptions, spec: IndexSpec) -> FloatArray | None:
    """Return the goalposts after direction, shape (2, k); scaled takes them as they are written."""
    if options.method not in ("goalposts", "scaled"):
        return None
    default = options.goalposts or ((0.0, 100.0) if options.method == "scaled" else None)
    posts = [spec.indicators[column].goalposts or default for column in columns]
    if lacking := [spec.codes[c] for c, pair in zip(columns, posts, strict=True) if pair is None]:
        raise ParityError(
            f"normalise by goalposts: {named(lacking)} lack them; set goalposts = [lower, upper] there"
        )
    pairs = np.array(posts, dtype=float).T
    if options.method == "scaled":
        return pairs
    directed = pairs * _directions(columns, spec)
    return np.sort(directed, axis=0)


def _targets(columns: IntArray, options: NormaliseOptions, spec: IndexSpec) -> FloatArray | None:
    if options.method != "distance_to_target":
        return None
    targets = [spec.indicators[column].target for column in columns]
    targets = [options.target if target is None else target for target in targets]
    if lacking := [spec.codes[c] for c, target in zip(columns, targets, strict=True) if target is None]:
        raise ParityError(f"normalise by distance_to_target: {named(lacking)} lack one; set target = there")
    return np.array(targets, dtype=float) * _directions(columns, spec)


def _reference(block: Block, columns: IntArray, options: NormaliseOptions) -> FloatArray | None:
    if options.method != "distance_to_reference":
        return None
    rows = np.flatnonzero(block.ids == options.reference)
    if options.reference is None:
        raise ParityError("normalise by distance_to_reference needs reference = the code of a unit")
    if not len(rows):
        near = did_you_mean(options.reference, set(block.ids))
        raise ParityError(
            f"normalise names the reference '{options.reference}', which is not in the data.{near}"
        )
    if len(rows) > 1:
        raise ParityError('normalise by distance_to_reference in a panel needs scope = "year"')
    known: FloatArray = block.values[rows[0], columns]
    return known


@dataclass(frozen=True, slots=True, eq=False)
class OfBlock:
    """A scale as a function of values and their block."""

    scale: Scale

    def __call__(self, values: FloatArray, block: Block, /) -> FloatArray:
        """Return the scores of values, shape (n, k)."""
        return self.scale(values)


@dataclass(frozen=True, slots=True, eq=False)
class Normalising:
    """The step with what it learned.

    Attributes
    ----------
    directions
        1 or -1 for each indicator, shape (k,); applied first.
    parts
        Columns on one kind of scale, and the scale for every year (or for all).
    """

    directions: FloatArray
    parts: tuple[tuple[IntArray, ByYear[OfBlock]], ...]

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block on the learned scales, and notes."""
        directed = block.with_values(block.values * self.directions)
        values = directed.values.copy()
        for columns, scales in self.parts:
            assign(values, columns, scales, directed)
        return block.with_values(values), ()


def fit_normalise(
    block: Block, spec: IndexSpec, options: NormaliseOptions | None
) -> tuple[Normalising, Block, Record]:
    """Normalise a block, and keep how.

    Raises
    ------
    ParityError
        If a goalpost, target or reference is wanting, or an indicator is constant where
        the spec makes that an error.
    """
    every = np.arange(len(spec.indicators))
    directions = _directions(every, spec)
    directed = block.with_values(block.values * directions)
    base = options or NormaliseOptions(method="none")
    planned = plan(base, [indicator.normalise for indicator in spec.indicators])
    parts = []
    for chosen, columns in planned:
        learn = partial(_learn, columns=columns, options=chosen, spec=spec)
        parts.append((columns, ByYear.learn(directed, chosen.scope, learn)))
    fitted = Normalising(directions, tuple(parts))
    after, _ = fitted.replay(block)
    return fitted, after, _record(block, after, spec, planned, given=options is not None)


def _learn(block: Block, columns: IntArray, options: NormaliseOptions, spec: IndexSpec) -> OfBlock:
    return OfBlock(learn_columns(block, columns, options, spec))


def _record(
    block: Block,
    after: Block,
    spec: IndexSpec,
    planned: list[tuple[NormaliseOptions, IntArray]],
    given: bool,
) -> Record:
    told = [f"{options.method} ({len(columns)})" for options, columns in planned]
    turned = sum(indicator.direction == -1 for indicator in spec.indicators)
    message = f"normalised {len(spec.indicators)} indicators by {', '.join(told)}"
    if not given and len(planned) == 1:
        message = "skipped, not in the spec"
    message += f"; {turned} turned round first, for less is better" if turned else ""
    status: Status = "done" if given or len(planned) > 1 else "skipped"
    return Record("normalise", status, message, _notes(block, after, spec, planned))


def _notes(
    block: Block, after: Block, spec: IndexSpec, planned: list[tuple[NormaliseOptions, IntArray]]
) -> tuple[str, ...]:
    remarks = (
        (np.isnan(block.values).all(axis=0), "no value at all; left out of every score"),
        (constant(block.values), "the same value everywhere, which does not tell units apart"),
        (np.isinf(after.values).any(axis=0), "infinite scores, counted as missing; choose another method"),
    )
    notes = [
        f"{named([spec.codes[column] for column in np.flatnonzero(which)])}: {remark}"
        for which, remark in remarks
        if np.any(which)
    ]
    for options, columns in planned:
        backwards = [spec.codes[c] for c in columns if spec.indicators[c].direction == -1]
        if options.method == "fraction_of_maximum" and backwards:
            notes.append(
                f"{named(backwards)}: fraction_of_maximum turns the order of a negative direction round"
            )
    return tuple(notes)
