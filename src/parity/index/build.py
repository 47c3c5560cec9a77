"""Building an index from its spec and data: the steps in their order, screening and ratios among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.index._balance import balance
from parity.index._impute import fit_impute
from parity.index._normalise import fit_normalise
from parity.index._options import DenominateOptions, ScreenOptions
from parity.index._scores import Scoring, fit_scoring
from parity.index._step import Record, named, skipped
from parity.index._table import Block, numbers, read_block
from parity.index._treat import Treating, fit_treat
from parity.index.index import STAGES, Fitted, Index, finite, missing_note, rank
from parity.index.spec import IndexSpec
from parity.stats import BoolArray, FloatArray


def build(spec: IndexSpec, data: pl.DataFrame, vintage: str = "", like: Index | None = None) -> Index:
    """Build an index.

    Parameters
    ----------
    spec
        What goes in and what is done with it.
    data
        One row per unit, or per unit and year: an identifier, the indicators, and the
        denominators and groups that the spec names.
    vintage
        Of the data, kept with the result.
    like
        An index built from the same table: the steps that both specs begin with are taken
        over from it, so that only what differs costs time. The result is the same.

    Returns
    -------
    Index
        Scores, ranks, every stage and what was learned.

    Raises
    ------
    ParityError
        If the data do not fit the spec, or a step cannot be taken; the message names the
        unit, the cell or the field.
    """
    shared = _shared_steps(spec, data, like)
    block = like.stages["raw"] if like is not None and shared is not None else read_block(spec, data)
    stages = {"raw": block}
    steps: list[tuple[str, Fitted]] = []
    log: list[Record] = []
    for place, name in enumerate(spec.steps.before_scores):
        over = like if place < (shared or 0) else None
        taken = _take(name, block, spec, dict(steps)) if over is None else _taken_over(name, over)
        if taken is None:
            log.append(skipped(name))
            continue
        fitted, block, record = taken
        steps.append((name, fitted))
        stages[STAGES[name]] = block
        block = finite(block)
        log.append(record)
    tree = spec.tree()
    rows = [block.row_name(row) for row in range(len(block.ids))]
    scoring = fit_scoring(block.values, block.years, spec, tree, rows)
    scoring, balanced = balance(scoring, block.values, block.years)
    scores = scoring.scores(block.values, block.years)
    log += [_weight_record(spec, scoring, balanced), _aggregate_record(spec, scoring, scores)]
    ranks = rank(scores, block.years)
    return Index(spec, tree, vintage, stages, scores, ranks, tuple(steps), scoring, tuple(log))


def _take(
    name: str, block: Block, spec: IndexSpec, before: Mapping[str, Fitted]
) -> tuple[Fitted, Block, Record] | None:
    """Take one step; ``None`` where neither the spec nor an indicator asks for it."""
    steps = spec.steps
    match name:
        case "denominate":
            return None if steps.denominate is None else fit_denominate(block, spec, steps.denominate)
        case "screen":
            return None if steps.screen is None else fit_screen(block, steps.screen)
        case "impute":
            by_hand = any(indicator.impute for indicator in spec.indicators)
            return fit_impute(block, spec, steps.impute) if steps.impute or by_hand else None
        case "treat":
            by_hand = any(indicator.treat for indicator in spec.indicators)
            return fit_treat(block, spec, steps.treat) if steps.treat or by_hand else None
        case _:
            # Direction counts whether or not the spec normalises.
            treated = before.get("treat")
            logs = treated.logarithms() if isinstance(treated, Treating) else {}
            return fit_normalise(block, spec, steps.normalise, logs)


def _shared_steps(spec: IndexSpec, data: pl.DataFrame, like: Index | None) -> int | None:
    """Return how many of the first steps another build took alike; ``None`` where it read other cells."""
    if like is None or like.stages["raw"].table is not data:
        return None
    ours, theirs = spec.steps, like.spec.steps
    if (spec.index, spec.indicators) != (like.spec.index, like.spec.indicators):
        return None
    # Imputation by row looks at which group holds what; nothing before the scores looks at weights.
    if _holders(spec) != _holders(like.spec):
        return 0
    for place, (name, other) in enumerate(zip(ours.before_scores, theirs.before_scores, strict=True)):
        if name != other or getattr(ours, name) != getattr(theirs, name):
            return place
    return len(ours.before_scores)


def _holders(spec: IndexSpec) -> list[tuple[str, str | None]]:
    return [(group.code, group.parent) for group in spec.groups]


def _taken_over(name: str, like: Index) -> tuple[Fitted, Block, Record] | None:
    """Return a step that another build took; ``None`` where it was skipped."""
    fitted = dict(like.steps).get(name)
    if fitted is None:
        return None
    return fitted, like.stages[STAGES[name]], next(record for record in like.log if record.step == name)


def _weight_record(spec: IndexSpec, scoring: Scoring, balanced: tuple[str, ...]) -> Record:
    tree = scoring.tree
    shares = tree.effective_weights(scoring.weights)
    details = pl.DataFrame(
        {
            "node": tree.codes,
            "level": tree.levels,
            "given": tree.weights,
            "weight": scoring.weights,
            "share_of_index": shares,
        }
    )
    methods = {
        tree.codes[node]: rule.weight.method for node, rule in zip(tree.groups, scoring.rules, strict=True)
    }
    others = [f"{code}: {method}" for code, method in methods.items() if method != "given"]
    if not others:
        return Record("weight", "default", "weights as given in the spec", details=details)
    message = f"weights of members set by the data: {named(others)}"
    return Record("weight", "done", message, balanced, details=details)


def _aggregate_record(spec: IndexSpec, scoring: Scoring, scores: FloatArray) -> Record:
    methods: dict[str, list[str]] = {}
    for node, rule in zip(scoring.tree.groups, scoring.rules, strict=True):
        again = f", then {rule.normalise.method}" if rule.normalise else ""
        methods.setdefault(rule.aggregate.method + again, []).append(scoring.tree.codes[node])
    told = "; ".join(f"{method} ({named(codes)})" for method, codes in methods.items())
    notes = missing_note(scoring.tree, scores)
    if spec.steps.aggregate is None:
        return Record("aggregate", "default", f"not in the spec; by default {told}", notes)
    return Record("aggregate", "done", told, notes)


def availability(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each unit's share of available cells, and the share of those that are not zero.

    Returns: two arrays of shape (n,); the second is NaN for a unit without any cell.
    """
    absent = np.isnan(values).sum(axis=1)
    width = values.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - absent / width, 1 - (values == 0).sum(axis=1) / (width - absent)


def keep_units(values: FloatArray, options: ScreenOptions) -> BoolArray:
    """Tell which units have enough data, shape (n,)."""
    available, nonzero = availability(values)
    low = available < options.min_available
    zeros = nonzero < options.min_nonzero
    wrong = {"missing": low, "zeros": zeros, "both": low | zeros}[options.by]
    kept: BoolArray = ~wrong
    return kept


@dataclass(frozen=True, slots=True)
class Screening:
    """The step; it judges every unit by its own data."""

    options: ScreenOptions

    def kept(self, block: Block) -> BoolArray:
        """Tell which rows of a block stay, shape (n,)."""
        keep = keep_units(block.values, self.options)
        keep[np.isin(block.ids, self.options.include)] = True
        keep[np.isin(block.ids, self.options.exclude)] = False
        return keep

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block without the units that are screened out, and notes."""
        keep = self.kept(block)
        notes = () if keep.all() else (f"screened out {named(_names(block, ~keep))}",)
        return block.take(np.flatnonzero(keep)), notes


def fit_screen(block: Block, options: ScreenOptions) -> tuple[Screening, Block, Record]:
    """Screen a block, and keep how."""
    ids = set(block.ids)
    for unit in (*options.include, *options.exclude):
        if unit not in ids:
            raise ParityError(
                f"screen names the unit '{unit}', which is not in the data.{did_you_mean(unit, ids)}"
            )
    fitted = Screening(options)
    keep = fitted.kept(block)
    if not keep.any():
        raise ParityError("screen leaves no unit; lower min_available or min_nonzero")
    message = f"kept {keep.sum()} of {len(keep)} units"
    message += f"; left out {named(_names(block, ~keep))}" if not keep.all() else ""
    record = Record("screen", "done", message, details=_details(block, keep, options))
    return fitted, block.take(np.flatnonzero(keep)), record


def _names(block: Block, rows: BoolArray) -> list[str]:
    return [block.row_name(int(row)) for row in np.flatnonzero(rows)]


def _details(block: Block, keep: BoolArray, options: ScreenOptions) -> pl.DataFrame:
    available, nonzero = availability(block.values)
    forced = np.isin(block.ids, [*options.include, *options.exclude])
    body: dict[str, object] = {"id": list(block.ids)}
    if block.years is not None:
        body["year"] = block.years
    return pl.DataFrame(
        body | {"available": available, "nonzero": nonzero, "kept": keep, "forced": forced}
    ).with_columns(pl.col("nonzero").fill_nan(None))


def denominate(
    values: FloatArray, denominators: FloatArray, factor: float, multiply: bool = False
) -> FloatArray:
    """Return value / (denominator / factor), or value x denominator / factor; shapes (n,).

    Missing where either is missing, and where a division has no answer (0 / 0).
    """
    scaled = denominators / factor
    if multiply:
        return values * scaled
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / scaled


@dataclass(frozen=True, slots=True)
class Denomination:
    """The step; it learns nothing."""

    spec: IndexSpec  # names each indicator's denominator and factor
    options: DenominateOptions  # divide or multiply

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block with ratios, and notes."""
        values = block.values.copy()
        wanted = {indicator.denominator for indicator in self.spec.indicators if indicator.denominator}
        by = {name: numbers(block, name, self.spec.index.missing) for name in wanted}
        multiply = self.options.operation == "multiply"
        for column, indicator in enumerate(self.spec.indicators):
            if indicator.denominator is None:
                continue
            quantity = block.values[:, column]
            values[:, column] = denominate(quantity, by[indicator.denominator], indicator.factor, multiply)
            endless = np.flatnonzero(np.isinf(values[:, column]))
            if len(endless):
                raise ParityError(
                    f"{block.row_name(int(endless[0]))} has {indicator.denominator} 0, by which "
                    f"'{indicator.code}' is to be divided"
                )
        return block.with_values(values), ()


def fit_denominate(
    block: Block, spec: IndexSpec, options: DenominateOptions
) -> tuple[Denomination, Block, Record]:
    """Denominate a block, and keep how."""
    fitted = Denomination(spec, options)
    after, _ = fitted.replay(block)
    done = [f"{element.code} by {element.denominator}" for element in spec.indicators if element.denominator]
    verb = "divided" if options.operation == "divide" else "multiplied"
    message = f"{verb} {len(done)} of {len(spec.indicators)} indicators"
    message += f" ({named(done)})" if done else "; none names a denominator"
    return fitted, after, Record("denominate", "done", message)
