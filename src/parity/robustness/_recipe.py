"""The finite data variants of a run: which spec and which data stand behind each.

In multiple imputation a Gaussian copula joins the indicators: each is brought to normal scores by its
ranks, so that skewed counts need no model of their own and no drawn value leaves the observed range (Hoff
2007). Correlations are shrunk, as indicators may be as many as units (Schaefer and Strimmer 2005). Rows are
resampled before each draw, so that what is not known of the correlations shows (Honaker and King 2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.errors import ParityError
from parity.index import Index, IndexSpec, build, register
from parity.index.core import STEPS, Normal, Rule, numbers, read_block, rules
from parity.robustness._draws import Factor
from parity.robustness.assumptions import Assumptions, Kind, Measurement, with_value
from parity.stats import BoolArray, FloatArray, IntArray

_STREAM_MEASURED, _STREAM_UP, _STREAM_IMPUTED = 0x3EA5, 0x3EA6, 0x1A9
OWN_DATA = ""
"""Name of the data that are not a vintage."""


@dataclass(frozen=True, slots=True, eq=False)
class Recipe:
    """Everything that the draws of a run are made from; small enough to send to a worker."""

    spec: IndexSpec  # the spec, its ``[robustness]`` table left out
    assumptions: Assumptions  # that table
    factors: tuple[Factor, ...]  # assumptions that change the steps or the data, in order
    data: Mapping[str, pl.DataFrame]  # tables by vintage; one without a name where there are no vintages
    seed: int  # seed of the run

    @property
    def size(self) -> int:
        """Number of variants: the product of the alternatives."""
        return int(np.prod([len(factor.labels) for factor in self.factors], dtype=np.int64))

    @property
    def strides(self) -> NDArray[np.int64]:
        """What one step in each factor adds to the number of a variant, shape (factors,)."""
        sizes = [len(factor.labels) for factor in self.factors]
        return np.array([int(np.prod(sizes[place + 1 :])) for place in range(len(sizes))], dtype=np.int64)

    def alternatives(self, variant: int) -> tuple[int, ...]:
        """Return the alternative of each factor in a variant."""
        return tuple(
            variant // int(stride) % len(factor.labels)
            for factor, stride in zip(self.factors, self.strides, strict=True)
        )

    def spec_key(self, variant: int) -> tuple[int, ...]:
        """Return the alternatives that change the spec; variants with the same ones share it."""
        return self._key(variant, ("choice", "multiple_imputation"))

    def data_key(self, variant: int) -> tuple[int, ...]:
        """Return the alternatives that change the data; variants with the same ones share them."""
        return self._key(variant, ("vintages", "measurement"))

    def _key(self, variant: int, kinds: tuple[Kind, ...]) -> tuple[int, ...]:
        alternatives = zip(self.factors, self.alternatives(variant), strict=True)
        return tuple(chosen for factor, chosen in alternatives if factor.kind in kinds)

    def spec_of(self, variant: int) -> IndexSpec:
        """Return the spec of a variant."""
        spec = self.spec
        for factor, chosen in zip(self.factors, self.alternatives(variant), strict=True):
            if factor.kind == "choice":
                spec = with_value(spec, factor.field, factor.values[chosen])
            elif factor.kind == "multiple_imputation":
                drawn = {
                    "method": f"custom:{IMPUTED}",
                    "options": {"draw": chosen, "seed": self.seed},
                }
                spec = with_value(spec, "impute", drawn)
        return spec

    def data_of(self, variant: int) -> pl.DataFrame:
        """Return the data of a variant."""
        chosen = {f.kind: k for f, k in zip(self.factors, self.alternatives(variant), strict=True)}
        names = list(self.data)
        table = self.data[names[chosen.get("vintages", 0)]]
        measured = self.assumptions.measurement
        if measured is None:
            return table
        return perturbed(self.spec, table, measured, chosen["measurement"], self.seed)

    def build(
        self,
        variant: int,
        spec: IndexSpec | None = None,
        data: pl.DataFrame | None = None,
        like: Index | None = None,
    ) -> Index:
        """Build a variant."""
        spec = self.spec_of(variant) if spec is None else spec
        data = self.data_of(variant) if data is None else data
        try:
            return build(spec, data, like=like)
        except ParityError as problem:
            chosen = ", ".join(
                f"{factor.name} = {factor.labels[place]}"
                for factor, place in zip(self.factors, self.alternatives(variant), strict=True)
            )
            raise ParityError(
                f"[robustness] these alternatives do not go together: {chosen}. {problem}. Leaving such "
                "draws out would bias every figure, so nothing was run; change the alternatives"
            ) from problem


def standard_errors(spec: IndexSpec, table: pl.DataFrame, measured: Measurement) -> FloatArray:
    """Return the standard error of every cell, 0 where none is known, shape (n, k)."""
    named = {*measured.errors, *measured.relative}
    if unknown := sorted(named - set(spec.codes)):
        raise ParityError(
            f"[robustness.measurement] gives an error to '{unknown[0]}', which is not an indicator"
        )
    block = read_block(spec, table)
    errors = np.zeros_like(block.values)
    for place, code in enumerate(spec.codes):
        column = code + measured.suffix
        if column in table.columns:
            errors[:, place] = np.abs(np.nan_to_num(numbers(block, column, spec.index.missing)))
        if code in measured.relative:
            errors[:, place] = np.abs(np.nan_to_num(block.values[:, place])) * measured.relative[code]
        if code in measured.errors:
            errors[:, place] = measured.errors[code]
    if not errors.any() and not any(code + measured.suffix_up in table.columns for code in spec.codes):
        raise ParityError(
            "[robustness.measurement] finds no standard error: name columns CODE"
            f"{measured.suffix}, or set errors or relative"
        )
    return errors


def perturbed(
    spec: IndexSpec, table: pl.DataFrame, measured: Measurement, replicate: int, seed: int
) -> pl.DataFrame:
    """Return the data with the errors of one replicate, within the indicators' bounds.

    Standard errors give normal noise. Lower bounds are multiplied by a power of their greatest factor, the
    same power in all of a unit's cells, for what hides one hides the others; over the replicates it goes in
    even steps from 0 (the bound is the value) to 1, in an order of its own for every unit.
    """
    errors = standard_errors(spec, table, measured)
    block = read_block(spec, table)
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM_MEASURED, replicate)))
    noisy = block.values + errors * rng.standard_normal(block.values.shape)
    # One stream for all replicates, so that each unit takes every step once.
    orders = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM_UP,)))
    steps = np.tile(np.arange(measured.replicates), (len(block.ids), 1))
    power = orders.permuted(steps, axis=1)[:, replicate] / (measured.replicates - 1)
    wrong: BoolArray = np.atleast_1d(errors.any(axis=0))
    for place, code in enumerate(spec.codes):
        if (name := code + measured.suffix_up) in table.columns:
            most = np.nan_to_num(numbers(block, name, spec.index.missing), nan=1.0)
            noisy[:, place] *= np.fmax(most, 1.0) ** power
            wrong[place] = True
    columns = []
    for place, indicator in enumerate(spec.indicators):
        if wrong[place]:
            low, high = indicator.bounds or (-np.inf, np.inf)
            column = np.clip(noisy[:, place], low, high)
            columns.append(pl.Series(indicator.code, column, nan_to_null=True))
    return table.with_columns(columns)


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """What a draw needs of a build."""

    units: tuple[str, ...]  # codes of the units that have a score, m of them
    scores: FloatArray  # their scores in some nodes, shape (nodes, m)
    weights: FloatArray  # weights of all nodes, shape (n_nodes,)


def extract(index: Index, nodes: IntArray, year: int | None) -> Built:
    """Keep the scores of some nodes; in a panel those of one year."""
    in_year = np.ones(len(index.units), dtype=bool) if index.years is None else index.years == year
    rows = np.flatnonzero(in_year & ~np.isnan(index.scores[:, -1]))
    units = tuple(str(index.units[row]) for row in rows)
    return Built(units, index.scores[np.ix_(rows, nodes)].T.copy(), index.weights)


def specs_of(recipe: Recipe) -> dict[tuple[int, ...], IndexSpec]:
    """Return the specs of all variants by the alternatives that change the spec, the others 0."""
    specs: dict[tuple[int, ...], IndexSpec] = {}
    for variant in range(recipe.size):
        key = recipe.spec_key(variant)
        if key not in specs:
            specs[key] = recipe.spec_of(variant)
    return specs


def rules_of(recipe: Recipe, specs: dict[tuple[int, ...], IndexSpec]) -> list[tuple[Rule, ...]]:
    """Return how each variant makes its groups, in the order of their numbers."""
    made = {key: rules(spec, spec.tree()) for key, spec in specs.items()}
    return [made[recipe.spec_key(variant)] for variant in range(recipe.size)]


def build_all(
    recipe: Recipe, specs: dict[tuple[int, ...], IndexSpec], nodes: IntArray, year: int | None
) -> list[Built]:
    """Build every variant; return them in the order of their numbers."""
    found: dict[int, Built] = {}
    last: Index | None = None
    data, key = pl.DataFrame(), None
    for variant in sharing_order(recipe):
        if recipe.data_key(variant) != key:
            data, key = recipe.data_of(variant), recipe.data_key(variant)
        last = recipe.build(variant, specs[recipe.spec_key(variant)], data, last)
        found[variant] = extract(last, nodes, year)
    return [found[variant] for variant in range(recipe.size)]


def sharing_order(recipe: Recipe) -> Iterator[int]:
    """Yield the variants such that what changes the earliest step changes least often."""
    places = sorted(range(len(recipe.factors)), key=lambda place: _first_step(recipe.factors[place], recipe))
    sizes = [len(recipe.factors[place].labels) for place in places]
    strides = recipe.strides
    for number in np.ndindex(*sizes):
        yield int(sum(strides[place] * chosen for place, chosen in zip(places, number, strict=True)))


def _first_step(factor: Factor, recipe: Recipe) -> int:
    """Return the first step that a factor changes, -1 for the data or an indicator."""
    order: Sequence[str] = recipe.spec.steps.before_scores
    step = "impute" if factor.kind == "multiple_imputation" else factor.field.partition(".")[0]
    if step not in STEPS:
        return -1
    return order.index(step) if step in order else len(order)


IMPUTED = "drawn"
"""Name under which a spec can ask for it: ``impute.method = "custom:drawn"``."""

_SMALLEST_EIGENVALUE = 1e-3


@register("impute", IMPUTED)
def drawn(values: FloatArray, reference: FloatArray, draw: int = 0, seed: int = 0) -> FloatArray:
    """Return values with missing cells drawn once.

    ``values``: shape (n, k); NaN is missing. ``reference``: rows to learn from, shape (m, k). Returns:
    shape (n, k); columns with fewer than two known values, or with one value only, stay as they are.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM_IMPUTED, draw)))
    usable = np.flatnonzero(_distinct(reference))
    if not len(usable):
        return values
    known = [np.sort(column[~np.isnan(column)]) for column in reference[:, usable].T]
    sample = reference[rng.integers(len(reference), size=len(reference))][:, usable]
    correlation = shrunk_correlation(_normal_scores(sample, known))
    k = len(usable)
    model = Normal(np.zeros(k), np.ones(k), np.zeros(k), correlation, 0)
    scores = model.fill(_normal_scores(values[:, usable], known), rng)
    filled = values.copy()
    for place, column in enumerate(usable):
        gaps = np.isnan(values[:, column])
        filled[gaps, column] = _back(scores[gaps, place], known[place])
    return filled


def _distinct(values: FloatArray) -> BoolArray:
    return np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in values.T], dtype=bool)


def _normal_scores(values: FloatArray, known: list[FloatArray]) -> FloatArray:
    """Return the standard normal quantile of each value's place; ties share the middle."""
    from scipy.special import ndtri

    scores = np.full(values.shape, np.nan)
    for column, ordered in enumerate(known):
        below = np.searchsorted(ordered, values[:, column], side="left")
        upto = np.searchsorted(ordered, values[:, column], side="right")
        place = np.clip((below + upto + 1) / 2, 1, len(ordered)) / (len(ordered) + 1)
        scores[:, column] = np.where(np.isnan(values[:, column]), np.nan, ndtri(place))
    return scores


def _back(scores: FloatArray, ordered: FloatArray) -> FloatArray:
    """Return the observed quantiles that normal scores stand for."""
    from scipy.special import ndtr

    places = np.arange(1, len(ordered) + 1) / (len(ordered) + 1)
    values: FloatArray = np.interp(ndtr(scores), places, ordered)
    return values


def shrunk_correlation(scores: FloatArray) -> FloatArray:
    """Return correlations over the rows that both columns have, shrunk towards none.

    ``scores``: shape (n, k); NaN is missing. Returns: shape (k, k); positive definite, with a unit
    diagonal.
    """
    present = (~np.isnan(scores)).astype(float)
    filled = np.nan_to_num(scores)
    shared = present.T @ present
    square = (filled**2).T @ present
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = filled.T @ filled / np.sqrt(square * square.T)
        error = (1 - raw**2) ** 2 / np.maximum(shared - 1, 1)
    raw = np.clip(np.nan_to_num(raw), -1, 1)
    off = ~np.eye(len(raw), dtype=bool)
    size = (raw[off] ** 2).sum()
    shrinkage = min(1.0, float(np.nan_to_num(error[off]).sum() / size)) if size > 0 else 1.0
    target = (1 - shrinkage) * raw
    np.fill_diagonal(target, 1.0)
    values, vectors = np.linalg.eigh(target)
    fixed = (vectors * np.maximum(values, _SMALLEST_EIGENVALUE)) @ vectors.T
    scale = np.sqrt(np.diag(fixed))
    result: FloatArray = fixed / np.outer(scale, scale)
    return result
