"""Step impute: missing cells filled, with what was learned kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from parity.errors import ParityError
from parity.index._fillers import (
    Filler,
    as_they_are,
    by_column,
    by_function,
    by_group,
    by_model,
    by_neighbours,
    by_row,
    by_series,
    column_means,
    column_medians,
    fit_normal,
    one_after_the_other,
)
from parity.index._options import ImputeOptions
from parity.index._scale import highest, lowest
from parity.index._step import ByYear, Changes, Record, assign, named, plan
from parity.index._table import Block, labels
from parity.index.register import custom, is_custom
from parity.index.spec import IndexSpec
from parity.stats import FloatArray, IntArray

SERIES = ("linear", "latest", "constant")


def learn_filler(block: Block, columns: IntArray, options: ImputeOptions, spec: IndexSpec) -> Filler:
    """Return the filler for some columns, learned from a block, with its fallback."""
    values = block.values[:, columns]
    first = _learn(block, values, columns, options, spec)
    if options.fallback == "none":
        return first
    average = column_medians if options.fallback == "median" else column_means
    return partial(one_after_the_other, first=first, second=partial(by_column, averages=average(values)))


def _learn(
    block: Block, values: FloatArray, columns: IntArray, options: ImputeOptions, spec: IndexSpec
) -> Filler:
    average = column_medians if options.method.endswith("median") else column_means
    if is_custom(options.method):
        return partial(
            by_function,
            function=custom("impute", options.method),
            reference=values,
            options=options.options,
        )
    match options.method:
        case "mean" | "median":
            return partial(by_column, averages=average(values))
        case "group_mean" | "group_median":
            column = options.by or ""
            groups = labels(block, column)
            averages = {name: average(values[groups == name]) for name in {*groups} - {None}}
            return partial(by_group, column=column, averages=averages)
        case "row_mean" | "row_median":
            directions = np.array([spec.indicators[column].direction for column in columns], dtype=float)
            directed = values * directions
            families = _families(spec, columns, options.level)
            return partial(
                by_row,
                families=families,
                directions=directions,
                low=lowest(directed),
                high=highest(directed),
                average=average,
            )
        case "neighbours":
            return partial(by_neighbours, reference=values, count=options.neighbours)
        case "em":
            usable = np.flatnonzero((~np.isnan(values)).sum(axis=0) >= 2)
            if not len(usable):
                return as_they_are
            return partial(by_model, model=fit_normal(values[:, usable]), usable=usable)
        case "linear" | "latest" | "constant":
            return partial(by_series, learned=values, known=block, options=options)
        case _:
            return as_they_are


def _families(spec: IndexSpec, columns: IntArray, level: int | None) -> tuple[IntArray, ...]:
    """Return which of the columns share a group at a level; all of them without a level."""
    if level is None:
        return (np.arange(len(columns)),)
    tree = spec.tree()
    tops = []
    for column in columns:
        node = int(column)
        while tree.parents[node] >= 0 and tree.levels[tree.parents[node]] <= level:
            node = int(tree.parents[node])
        tops.append(node)
    return tuple(np.flatnonzero(np.array(tops) == top) for top in sorted(set(tops)))


@dataclass(frozen=True, slots=True, eq=False)
class Imputation:
    """The step with what it learned."""

    # Columns treated alike, their options, and a filler for every year (or for all).
    parts: tuple[tuple[IntArray, ImputeOptions, ByYear[Filler]], ...]

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block with missing cells filled by what was learned, and notes."""
        values = block.values.copy()
        for columns, _, fillers in self.parts:
            assign(values, columns, fillers, block)
        return block.with_values(values), ()


def fit_impute(
    block: Block, spec: IndexSpec, options: ImputeOptions | None
) -> tuple[Imputation, Block, Record]:
    """Impute a block, and keep how."""
    parts = []
    for chosen, columns in plan(options or ImputeOptions(), [each.impute for each in spec.indicators]):
        if chosen.method in SERIES and block.years is None:
            raise ParityError(f"impute by '{chosen.method}' needs years: name the column in year_column")
        scope = "all" if chosen.method in SERIES else chosen.scope
        learn = partial(learn_filler, columns=columns, options=chosen, spec=spec)
        parts.append((columns, chosen, ByYear.learn(block, scope, learn)))
    fitted = Imputation(tuple(parts))
    after, _ = fitted.replay(block)
    return fitted, after, _record(block, after, spec, fitted)


def _record(block: Block, after: Block, spec: IndexSpec, fitted: Imputation) -> Record:
    left = np.isnan(after.values)
    gaps = np.isnan(block.values)
    filled = gaps & ~left
    how = [""] * len(spec.indicators)
    for columns, options, _ in fitted.parts:
        for column in columns:
            how[column] = _told(options)
    used = sorted({how[column] for column in np.flatnonzero(filled.any(axis=0))})
    message = f"filled {filled.sum():,} of {gaps.sum():,} missing cells"
    message += f" ({'; '.join(used)})" if used else ""
    short = [spec.codes[column] for column in np.flatnonzero(left.any(axis=0))]
    notes = (f"{left.sum():,} cells stay missing, in {named(short)}",) if short else ()
    changes = Changes(block, spec.codes, filled, after.values, tuple(how))
    return Record("impute", "done", message, notes, changes=changes)


def _told(options: ImputeOptions) -> str:
    told = options.method + (f" by {options.by}" if options.by else "")
    return told + (f", else {options.fallback}" if options.fallback != "none" else "")
