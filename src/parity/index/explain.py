"""Why one unit scores above another: the gap split over the indicators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError
from parity.index._scale import Linear
from parity.index._scores import RELATIVE, Scoring, combine
from parity.index.index import Index
from parity.stats import BoolArray, FloatArray, IntArray, drawn_shapley, every_coalition, shapley, worths_of

# With up to this many differing indicators all coalitions are visited; above, orders are drawn.
_MOST_EXACT = 14
# Rows of hybrid units scored when orders are drawn: cheap means, pairwise methods, one programme a row.
_ROWS = {"benefit_of_the_doubt": 2_000, "copeland": 20_000, "outranking": 20_000}
_ROWS_OF_MEANS = 100_000
_SEED = 1953
SMOOTH = ("arithmetic", "geometric", "harmonic", "power", "mazziotta_pareto")
"""Aggregations whose score changes smoothly with every member."""
# Means for which leaving a member out is the same as putting the mean in its place.
_FILLABLE = ("arithmetic", "geometric", "harmonic", "power")
_SAME = 1e-9
# Gauss-Legendre nodes on the way from one unit to the other, and the step of derivatives there, as a share
# of the score: means are smooth along it.
_NODES = 16
_STEP = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """The gap between two units, split over indicators.

    Attributes
    ----------
    a, b
        The units (with their years, in a panel).
    node
        Indicator or group whose score is explained; the index by default.
    score_a, score_b
        Its scores; the gap is their difference.
    codes
        Codes of the k indicators below the node.
    contributions
        What each adds to the gap, shape (k,), in score points; they add up to it.
    errors
        Standard error of each contribution, shape (k,): 0 where it is exact.
    values_a, values_b
        Normalised values, shape (k,); NaN is missing.
    method
        ``exact`` (arithmetic), ``shapley``, or ``shapley, sampled``.
    """

    a: str
    b: str
    node: str
    score_a: float
    score_b: float
    codes: tuple[str, ...]
    contributions: FloatArray
    errors: FloatArray
    values_a: FloatArray
    values_b: FloatArray
    method: str

    @property
    def gap(self) -> float:
        """Score of a minus score of b."""
        return self.score_a - self.score_b

    def table(self) -> pl.DataFrame:
        """Return one row per indicator, the greatest contribution first."""
        return (
            pl.DataFrame(
                {
                    "indicator": self.codes,
                    "contribution": self.contributions,
                    "standard_error": self.errors,
                    "value_a": self.values_a,
                    "value_b": self.values_b,
                }
            )
            .with_columns(pl.col("value_a", "value_b").fill_nan(None))
            .sort(pl.col("contribution").abs(), descending=True, maintain_order=True)
        )


def explain(
    index: Index,
    a: str,
    b: str,
    node: str | None = None,
    year_a: int | None = None,
    year_b: int | None = None,
) -> Explanation:
    """Split the score gap between two units over the indicators.

    Where every aggregation on the way is arithmetic, a contribution is the indicator's
    share of the index times the difference in its normalised value. A value that one unit
    lacks counts as the mean of its group, which is what leaving it out amounts to. For other
    aggregations the contribution is the Shapley value: the average effect of changing
    the indicator from b's value to a's, over all orders in which that can be done
    (Shapley 1953). Either way the parts add up to the gap.

    Parameters
    ----------
    index
        A built index.
    a, b
        Units; the gap is the score of a minus that of b.
    node
        Group to explain; the index by default.
    year_a, year_b
        Years, in a panel; the last of each unit by default. With the same unit twice,
        its change over time is explained.

    Raises
    ------
    ParityError
        If a unit, year or node is unknown, or a method that compares units within a year
        is asked about two years.
    NoAnswerError
        If either unit has no score.
    """
    rows = index.row(a, year_a), index.row(b, year_b)
    top = index.node(node)
    block = index.stages["normalised"]
    score_a, score_b = (float(index.scores[row, top]) for row in rows)
    for row, score in zip(rows, (score_a, score_b), strict=True):
        if np.isnan(score):
            raise NoAnswerError(f"{block.row_name(row)} has no score in '{index.tree.codes[top]}' to explain")
    below = _below(index, top)
    if index.years is not None and index.years[rows[0]] != index.years[rows[1]]:
        _refuse_across_years(index.scoring, below)
    year = None if index.years is None else index.years[rows[:1]]
    parts, errors, method = _split(index.scoring, index.scores[list(rows)], top, below, year)
    leaves = index.tree.leaves(top)
    shown = index.scores[list(rows)][:, leaves]
    return Explanation(
        a=block.row_name(rows[0]),
        b=block.row_name(rows[1]),
        node=index.tree.codes[top],
        score_a=score_a,
        score_b=score_b,
        codes=tuple(index.tree.codes[leaf] for leaf in leaves),
        contributions=parts[leaves],
        errors=errors[leaves],
        values_a=shown[0],
        values_b=shown[1],
        method=method,
    )


def along_the_line(scoring: Scoring, ends: FloatArray) -> FloatArray:
    r"""Split the gap between two units along the straight line from the second to the first.

    :math:`\phi_i = (a_i - b_i) \int_0^1 \partial_i f(b + t (a - b))\,dt` (Aumann and Shapley 1974): the same
    as `explain` for arithmetic means, and for others the limit of the Shapley value for many small parts,
    at a fraction of its cost.

    ``scoring``: how indicators become scores, by smooth methods alone (see ``SMOOTH``). ``ends``:
    normalised values of both units, shape (2, k); NaN is missing. Returns: what each indicator adds to
    the gap, shape (k,).
    """
    top, below = scoring.tree.n_nodes - 1, [int(group) for group in reversed(scoring.tree.groups)]
    scores = scoring.scores(ends)
    lacking = np.isnan(scores[0]) & np.isnan(scores[1])
    a, b = (_filled(scoring, _used(scoring, row), below, lacking) for row in scores)
    gap = np.nan_to_num(a - b)
    slopes = _slopes(scoring, top, below, lacking)
    if slopes is not None:
        return np.asarray(slopes * gap)
    places, shares = np.polynomial.legendre.leggauss(_NODES)
    gradients = _gradients(_without_thresholds(scoring), b + np.outer((places + 1) / 2, gap), below)
    return np.asarray(gap * (shares / 2 @ gradients))


def _gradients(scoring: Scoring, points: FloatArray, below: list[int]) -> FloatArray:
    """Return how much the index grows with each indicator at some points, shape (n, n_indicators).

    Derivatives are taken group by group, from the index down, and multiplied along the way.
    """
    tree = scoring.tree
    scores = scoring.scores(points)
    gradients = np.zeros_like(scores)
    gradients[:, -1] = 1.0
    for group in below:
        members, number = tree.children(group), group - tree.n_indicators
        count = len(members)
        step = _STEP * np.maximum(np.abs(np.nan_to_num(scores[:, members])), 1.0)
        rows = np.repeat(scores[:, np.newaxis, members], 2 * count, axis=1)
        aside = step[:, :, np.newaxis] * np.eye(count)
        rows += np.concatenate([aside, -aside], axis=1)
        rule, scale = scoring.rules[number], scoring.scales[number]
        made = combine(rows.reshape(-1, count), scoring.weights[members], rule.aggregate)
        if scale is not None:
            made = scale(made[:, np.newaxis])[:, 0]
        up, down = np.split(made.reshape(len(points), -1), 2, axis=1)
        gradients[:, members] = gradients[:, [group]] * np.nan_to_num((up - down) / (2 * step))
    return gradients[:, : tree.n_indicators]


def _below(index: Index, top: int) -> list[int]:
    """Return the groups at and below a node, the node first."""
    if top < index.tree.n_indicators:
        return []
    return [top] + [group for child in index.tree.children(top) for group in _below(index, int(child))]


def _refuse_across_years(scoring: Scoring, below: list[int]) -> None:
    for group in below:
        method = scoring.rules[group - scoring.tree.n_indicators].aggregate.method
        if method in RELATIVE:
            raise ParityError(f"{method} compares units within one year; explain two units of the same year")


def _used(scoring: Scoring, scores: FloatArray) -> FloatArray:
    """Return a unit's indicators without those below a group that has too few to get a score."""
    tree = scoring.tree
    x = scores[: tree.n_indicators].copy()
    for group in tree.groups:
        if np.isnan(scores[group]):
            x[tree.leaves(group)] = np.nan
    return x


def _split(
    scoring: Scoring, scores: FloatArray, top: int, below: list[int], year: IntArray | None
) -> tuple[FloatArray, FloatArray, str]:
    """Return contributions and their errors, each of shape (n_indicators,), and the method.

    ``scores`` are those of all nodes for the two units, shape (2, n_nodes).
    """
    x = np.stack([_used(scoring, row) for row in scores])
    ends = float(scores[0, top]), float(scores[1, top])
    exact = np.zeros(x.shape[1])
    if not below:
        exact[top] = ends[0] - ends[1]
        return exact, np.zeros_like(exact), "exact"
    # What both lack plays no part; what one lacks counts as the mean of its group.
    lacking = np.isnan(scores[0]) & np.isnan(scores[1])
    filled = np.stack([_filled(scoring, row, below, lacking) for row in x])
    slopes = _slopes(scoring, top, below, lacking)
    if slopes is not None:
        return slopes * np.nan_to_num(filled[0] - filled[1]), np.zeros_like(exact), "exact"
    free = _without_thresholds(scoring)

    def value(units: FloatArray) -> FloatArray:
        years = None if year is None else np.repeat(year, len(units))
        return free.scores(units, years)[:, top]

    # Where filling changes nothing it is used: mixed units then never lack a whole group.
    same = np.allclose(value(filled), ends, rtol=_SAME, atol=_SAME, equal_nan=False)
    methods = [scoring.rules[group - scoring.tree.n_indicators].aggregate.method for group in below]
    budget = min([_ROWS.get(method, _ROWS_OF_MEANS) for method in methods])
    return _shapley(value, filled if same else x, ends, budget)


def _without_thresholds(scoring: Scoring) -> Scoring:
    """Return the scoring with groups scored however few members they have."""
    rules = [
        replace(rule, aggregate=rule.aggregate.model_copy(update={"min_available": 0.0}))
        for rule in scoring.rules
    ]
    return replace(scoring, rules=tuple(rules))


def _filled(scoring: Scoring, x: FloatArray, below: list[int], lacking: BoolArray) -> FloatArray:
    """Return a unit's indicators with missing ones at the score that their group has without them."""
    tree = scoring.tree
    scores = _without_thresholds(scoring).scores(x[np.newaxis])[0]
    for group in below:
        number = group - tree.n_indicators
        # A group that is the same everywhere has an infinite score: no mean of parts stands behind it.
        if scoring.rules[number].aggregate.method not in _FILLABLE or not np.isfinite(scores[group]):
            continue
        scale = scoring.scales[number]
        if scale is None:
            mean = scores[group]
        elif isinstance(scale, Linear):
            mean = float(((scores[group] - scale.offset) / scale.stretch * scale.spread + scale.centre)[0])
        else:
            continue
        members = tree.children(group)
        wanted = np.isnan(scores[members]) & ~lacking[members]
        scores[members] = np.where(wanted, mean, scores[members])
    filled: FloatArray = scores[: tree.n_indicators]
    return filled


def _slopes(scoring: Scoring, top: int, below: list[int], lacking: BoolArray) -> FloatArray | None:
    """Return how much the node's score grows with each indicator, shape (n_indicators,).

    ``None`` where it is not a straight line.
    """
    tree = scoring.tree
    slopes = np.zeros(tree.n_nodes)
    slopes[top] = 1.0
    for group in below:
        number = group - tree.n_indicators
        scale = scoring.scales[number]
        if scoring.rules[number].aggregate.method != "arithmetic":
            return None
        if lacking[group]:
            continue
        if scale is not None:
            if not isinstance(scale, Linear) or np.isfinite(scale.low) or np.isfinite(scale.high):
                return None
            if scale.spread[0] == 0:
                return None
            slopes[group] *= float((scale.stretch / scale.spread)[0])
        members = tree.children(group)
        weights = np.where(lacking[members], 0.0, scoring.weights[members])
        slopes[members] = slopes[group] * weights / weights.sum()
    found: FloatArray = slopes[: tree.n_indicators]
    return found


def _shapley(
    value: Callable[[FloatArray], FloatArray], ends: FloatArray, scores: tuple[float, float], budget: int
) -> tuple[FloatArray, FloatArray, str]:
    """Return Shapley values of the indicators that differ, shape (n_indicators,), and their errors."""
    same = (ends[0] == ends[1]) | np.isnan(ends).all(axis=0)
    players = np.flatnonzero(~same)
    parts, errors = np.zeros(ends.shape[1]), np.zeros(ends.shape[1])
    if not len(players):
        return parts, errors, "shapley"

    def worth(coalitions: BoolArray) -> FloatArray:
        units = np.repeat(ends[1:], len(coalitions), axis=0)
        units[:, players] = np.where(coalitions, ends[0, players], ends[1, players])
        found = value(units)
        # The ends are known; a mixed unit without a score stands half way, for want of better.
        found = np.where(np.isnan(found), sum(scores) / 2, found)
        found[coalitions.all(axis=1)] = scores[0]
        found[~coalitions.any(axis=1)] = scores[1]
        return found

    if len(players) <= _MOST_EXACT:
        parts[players] = shapley(worths_of(worth, every_coalition(len(players))))
        return parts, errors, "shapley"
    rng = np.random.default_rng(_SEED)
    parts[players], errors[players] = drawn_shapley(worth, len(players), budget, rng)
    return parts, errors, "shapley, sampled"
