"""Step normalise: indicators (and scores of groups) brought to a common scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.index._options import NormaliseOptions
from parity.index._scale import Centred, Linear, Scale, constant, flat_columns, learn_scale, settled
from parity.index._step import ByYear, Record, Status, assign, named, plan
from parity.index._table import Block
from parity.index._transform import LOGARITHMS
from parity.index.spec import IndexSpec
from parity.stats import BoolArray, FloatArray, IntArray


def learn_columns(
    block: Block, columns: IntArray, options: NormaliseOptions, spec: IndexSpec, logs: Mapping[int, str]
) -> Scale:
    """Learn the scale of some indicators of a block whose direction has been applied.

    Goalposts and targets of a column whose logarithm was taken (``logs``) are in the unit before it.
    """
    values = block.values[:, columns]
    scale = learn_scale(
        values,
        options,
        _goalposts(columns, options, spec, logs),
        _targets(columns, options, spec, logs),
        _reference(block, columns, options),
    )
    return settled(
        values, scale, options, named([spec.codes[column] for column in columns[flat_columns(values)]])
    )


def _directions(columns: IntArray, spec: IndexSpec) -> FloatArray:
    return np.array([spec.indicators[column].direction for column in columns], dtype=float)


def _through(column: int, given: FloatArray, logs: Mapping[int, str], spec: IndexSpec) -> FloatArray:
    """Take goalposts or a target through the logarithm that was taken of the column."""
    if column not in logs:
        return given
    if not (given > 0).all():
        raise ParityError(
            f"'{spec.codes[column]}': goalposts and targets are in the unit before {logs[column]} is taken, "
            f"so above 0, not {given.min():g}"
        )
    return LOGARITHMS[logs[column]](given)


def _goalposts(
    columns: IntArray, options: NormaliseOptions, spec: IndexSpec, logs: Mapping[int, str]
) -> FloatArray | None:
    """Return the goalposts after direction, shape (2, k); scaled takes them as they are written."""
    if options.method not in ("goalposts", "scaled"):
        return None
    default = options.goalposts or ((0.0, 100.0) if options.method == "scaled" else None)
    posts = [spec.indicators[column].goalposts or default for column in columns]
    if lacking := [spec.codes[c] for c, pair in zip(columns, posts, strict=True) if pair is None]:
        raise ParityError(
            f"normalise by goalposts: {named(lacking)} lack them; set goalposts = [lower, upper] there"
        )
    known = (np.array(pair, dtype=float) for pair in posts if pair is not None)
    pairs = np.array([_through(int(c), pair, logs, spec) for c, pair in zip(columns, known, strict=True)]).T
    if options.method == "scaled":
        return pairs
    directed = pairs * _directions(columns, spec)
    return np.sort(directed, axis=0)


def _targets(
    columns: IntArray, options: NormaliseOptions, spec: IndexSpec, logs: Mapping[int, str]
) -> FloatArray | None:
    if options.method != "distance_to_target":
        return None
    targets = [spec.indicators[column].target for column in columns]
    targets = [options.target if target is None else target for target in targets]
    if lacking := [spec.codes[c] for c, target in zip(columns, targets, strict=True) if target is None]:
        raise ParityError(f"normalise by distance_to_target: {named(lacking)} lack one; set target = there")
    known = np.array(targets, dtype=float)[:, np.newaxis]
    pairs = [_through(int(c), target, logs, spec) for c, target in zip(columns, known, strict=True)]
    return np.array(pairs)[:, 0] * _directions(columns, spec)


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
    """The step with what it learned."""

    directions: FloatArray  # 1 or -1 for each indicator, shape (k,); applied first
    # Columns on one kind of scale, and the scale for every year (or for all).
    parts: tuple[tuple[IntArray, ByYear[OfBlock]], ...]

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block on the learned scales, and notes."""
        directed = block.with_values(block.values * self.directions)
        values = directed.values.copy()
        for columns, scales in self.parts:
            assign(values, columns, scales, directed)
        return block.with_values(values), ()


def fit_normalise(
    block: Block, spec: IndexSpec, options: NormaliseOptions | None, logs: Mapping[int, str] | None = None
) -> tuple[Normalising, Block, Record]:
    """Normalise a block, and keep how; ``logs`` are the columns whose logarithm was taken before."""
    every = np.arange(len(spec.indicators))
    directions = _directions(every, spec)
    directed = block.with_values(block.values * directions)
    base = options or NormaliseOptions(method="none")
    planned = plan(base, [indicator.normalise for indicator in spec.indicators])
    parts = []
    for chosen, columns in planned:
        learn = partial(_learn, columns=columns, options=chosen, spec=spec, logs=logs or {})
        parts.append((columns, ByYear.learn(directed, chosen.scope, learn)))
    fitted = Normalising(directions, tuple(parts))
    after, _ = fitted.replay(block)
    asked = options is not None or any(indicator.normalise for indicator in spec.indicators)
    return fitted, after, _record(block, after, spec, planned, fitted, asked)


def _learn(
    block: Block, columns: IntArray, options: NormaliseOptions, spec: IndexSpec, logs: Mapping[int, str]
) -> OfBlock:
    return OfBlock(learn_columns(block, columns, options, spec, logs))


def _record(
    block: Block,
    after: Block,
    spec: IndexSpec,
    planned: list[tuple[NormaliseOptions, IntArray]],
    fitted: Normalising,
    asked: bool,
) -> Record:
    told = [f"{options.method} ({len(columns)})" for options, columns in planned]
    turned = sum(indicator.direction == -1 for indicator in spec.indicators)
    message = f"normalised {len(spec.indicators)} indicators by {', '.join(told)}"
    message = message if asked else "skipped, not in the spec"
    message += f"; {turned} turned round first, for less is better" if turned else ""
    status: Status = "done" if asked else "skipped"
    details = _learned(planned, fitted, spec)
    return Record("normalise", status, message, _notes(block, after, spec, planned), details)


def _learned(
    planned: list[tuple[NormaliseOptions, IntArray]], fitted: Normalising, spec: IndexSpec
) -> pl.DataFrame:
    """Return the learned scales: one row per indicator (and year), after direction."""
    rows = []
    for (options, _), (columns, scales) in zip(planned, fitted.parts, strict=True):
        for year, state in zip(scales.years or (None,), scales.states, strict=True):
            scale = state.scale.scale if isinstance(state.scale, Centred) else state.scale
            linear = scale if isinstance(scale, Linear) else None
            for place, column in enumerate(columns.tolist()):
                centre = None if linear is None else float(linear.centre[place])
                spread = None if linear is None else float(linear.spread[place])
                rows.append((year, spec.codes[column], options.method, centre, spread))
    schema = {
        "year": pl.Int64, "indicator": pl.String, "method": pl.String,
        "centre": pl.Float64, "spread": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.col("centre", "spread").fill_nan(None)
    )


def _notes(
    block: Block, after: Block, spec: IndexSpec, planned: list[tuple[NormaliseOptions, IntArray]]
) -> tuple[str, ...]:
    remarks = (
        (np.isnan(block.values).all(axis=0), "no value at all; left out of every score"),
        (constant(block.values), "the same value everywhere, which does not tell units apart"),
        (np.isinf(after.values).any(axis=0), "infinite scores, counted as missing; choose another method"),
        (_lost(block, after), "no score in a year in which all units have the same value"),
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


def _lost(block: Block, after: Block) -> BoolArray:
    """Tell which indicators have values in a year without a score, though they vary over all years."""
    gone = (np.isnan(after.values) & ~np.isnan(block.values)).any(axis=0)
    return np.asarray(gone & ~constant(block.values) & (block.years is not None))
