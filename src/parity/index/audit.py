"""Audit of an index: what a careful builder looks at before trusting it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import ParityError
from parity.index._balance import importance
from parity.index._options import WeightOptions
from parity.index._statistics import (
    correlations,
    cronbach_alpha,
    far_out,
    principal_components,
    statistics,
)
from parity.index._table import Block, number_column
from parity.index._weights import pairwise_correlation
from parity.index.index import Index, rank
from parity.stats import FloatArray, IntArray

# Correlations within a group above the first are near double counting, below the second conflict.
_REDUNDANT, _CONFLICT = 0.9, -0.4
_WITH_DENOMINATOR = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Audit:
    """Tables of an audit.

    Attributes
    ----------
    statistics
        One row per indicator, of the raw data: moments, availability and flags.
    correlations
        Of the normalised indicators, pair by pair within each group, with p-values and flags.
    across
        Elements that go better with another group of their parents' level than with their own.
    groups
        One row per group: Cronbach's alpha, share of variance on the first principal component.
    components
        One row per group, component and member: eigenvalue, share of variance, loading.
    weights
        One row per indicator and group: nominal share of the index, and importance by
        correlation and by share of variance.
    removal
        One row per indicator and group: mean absolute rank change of the index without it.
    outliers
        Cells of the raw data far outside the quartiles.
    denominators
        Raw indicators that go with a denominator.
    index
        The index audited.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"index": None}

    statistics: pl.DataFrame
    correlations: pl.DataFrame
    across: pl.DataFrame
    groups: pl.DataFrame
    components: pl.DataFrame
    weights: pl.DataFrame
    removal: pl.DataFrame
    outliers: pl.DataFrame
    denominators: pl.DataFrame
    index: Index

    def table(self) -> pl.DataFrame:
        """Return the statistics of the indicators."""
        return self.statistics


def indicator_correlations(index: Index) -> FloatArray:
    """Return the correlations of the normalised indicators, pair by pair, shape (k, k)."""
    values = index.stages["normalised"].values
    return pairwise_correlation(np.where(np.isfinite(values), values, np.nan))


def audit(index: Index) -> Audit:
    """Audit an index.

    Parameters
    ----------
    index
        A built index; in a panel its last year is audited.
    """
    raw = index.stages["raw"]
    if raw.years is not None:
        raw = raw.take(np.flatnonzero(raw.years == raw.years.max()))
    codes = index.spec.codes
    return Audit(
        statistics=statistics(raw.values, codes),
        correlations=within_groups(index),
        across=across_groups(index),
        groups=coherence(index),
        components=components(index),
        weights=effective_weights(index),
        removal=removal_effects(index),
        outliers=far_out(raw, codes),
        denominators=with_denominators(index, raw),
        index=index,
    )


def _rows(index: Index) -> IntArray:
    """Return the rows of the last year."""
    if index.years is None:
        return np.arange(len(index.units))
    return np.flatnonzero(index.years == index.years.max())


def within_groups(index: Index) -> pl.DataFrame:
    """Return correlations between the members of each group and with the group, flagged."""
    tree, rows = index.tree, _rows(index)
    found = []
    for group in tree.groups:
        nodes = [int(member) for member in tree.children(group)] + [group]
        codes = tuple(tree.codes[node] for node in nodes)
        table = correlations(index.scores[rows][:, nodes], codes)
        order = {code: number for number, code in enumerate(codes)}
        pairs = table.filter(pl.col("first").replace_strict(order) < pl.col("second").replace_strict(order))
        found.append(pairs.select(pl.lit(codes[-1]).alias("group"), pl.all()))
    between_members = pl.col("second") != pl.col("group")
    redundant = between_members & (pl.col("correlation") > _REDUNDANT)
    conflict = pl.col("correlation") < pl.when(between_members).then(_CONFLICT).otherwise(0.0)
    flag = pl.when(redundant).then(pl.lit("redundant")).when(conflict).then(pl.lit("conflict"))
    return pl.concat(found).with_columns(flag=flag.otherwise(pl.lit("")))


def across_groups(index: Index) -> pl.DataFrame:
    """Return elements whose correlation with another group exceeds that with their own.

    The groups compared are those at the level of the element's own; in its own group the
    element counts itself, which favours the own group.
    """
    tree, rows = index.tree, _rows(index)
    body = []
    for node in range(tree.n_nodes - 1):
        own = int(tree.parents[node])
        groups = [group for group in tree.groups if tree.levels[group] == tree.levels[own]]
        matrix = pairwise_correlation(index.scores[rows][:, [node, *groups]])[0, 1:]
        found = dict(zip(groups, matrix.tolist(), strict=True))
        for group, value in found.items():
            if group != own and value > found[own]:
                body.append((tree.codes[node], tree.codes[own], found[own], tree.codes[group], value))
    schema = {
        "node": pl.String, "own_group": pl.String, "own_correlation": pl.Float64,
        "other_group": pl.String, "other_correlation": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(body, schema=schema, orient="row")


def coherence(index: Index) -> pl.DataFrame:
    """Return Cronbach's alpha and the first component's share of variance for the members of each group."""
    tree, rows = index.tree, _rows(index)
    body = []
    for group in tree.groups:
        values = index.scores[np.ix_(rows, tree.children(group))]
        try:
            first = float(principal_components(values)[0][0])
        except ParityError:
            first = None
        alpha = cronbach_alpha(values)
        body.append(
            {
                "group": tree.codes[group],
                "level": int(tree.levels[group]),
                "members": values.shape[1],
                "alpha": None if np.isnan(alpha) else alpha,
                "first_component": first,
            }
        )
    return pl.DataFrame(body, schema_overrides={"alpha": pl.Float64, "first_component": pl.Float64})


def components(index: Index) -> pl.DataFrame:
    """Return the principal components of each group's members: eigenvalue, share of variance, loadings.

    One row per group, component and member; of the correlations over units that lack none. A loading is the
    entry of the eigenvector of length 1, signed so that a component's loadings add up to 0 or more.
    """
    tree, rows = index.tree, _rows(index)
    body: list[tuple[str, int, float, float, str, float]] = []
    for group in tree.groups:
        members = tree.children(group)
        try:
            shares, loadings = principal_components(index.scores[np.ix_(rows, members)])
        except ParityError:
            continue
        for place, (share, loading) in enumerate(zip(shares, loadings.T, strict=True), start=1):
            signed = loading if loading.sum() >= 0 else -loading
            body += [
                (
                    tree.codes[group],
                    place,
                    float(share * len(members)),
                    float(share),
                    tree.codes[node],
                    float(one),
                )
                for node, one in zip(members, signed, strict=True)
            ]
    schema = {
        "group": pl.String, "component": pl.Int64, "eigenvalue": pl.Float64, "share_of_variance": pl.Float64,
        "member": pl.String, "loading": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(body, schema=schema, orient="row")


def effective_weights(index: Index) -> pl.DataFrame:
    """Return each element's nominal share of the index beside its importance.

    Importance is measured among the elements of a level, and adds up to 1 there: by
    correlation with the index, and by the share of the index's variance that it brings.
    """
    tree, rows = index.tree, _rows(index)
    shares = tree.effective_weights(index.weights)
    body = []
    for level in range(1, int(tree.levels.max())):
        nodes = np.flatnonzero(tree.levels == level)
        scores, top = index.scores[np.ix_(rows, nodes)], index.scores[rows, -1]
        by = {
            kind: importance(scores, top, WeightOptions(importance=kind), shares[nodes])
            for kind in ("correlation", "variance_share")
        }
        for place, node in enumerate(nodes):
            body.append(
                {
                    "node": tree.codes[node],
                    "level": level,
                    "weight": float(index.weights[node]),
                    "nominal_share": float(shares[node]),
                    "by_correlation": float(by["correlation"][place]),
                    "by_variance": float(by["variance_share"][place]),
                }
            )
    return pl.DataFrame(body)


def removal_effects(index: Index, level: int | None = None) -> pl.DataFrame:
    """Return how ranks of the index change when one element gets weight 0.

    ``level``: level of the elements to remove in turn; all below the index by default. Returns: one row
    per element: mean and greatest absolute rank change over the units that have a rank with and without
    it; null where its group has no other member.
    """
    tree, rows = index.tree, _rows(index)
    years = None if index.years is None else index.years[rows]
    indicators = index.stages["normalised"].values[rows]
    base = index.ranks[rows, -1]
    body = []
    for node in range(tree.n_nodes - 1):
        if level is not None and tree.levels[node] != level:
            continue
        weights = index.weights.copy()
        weights[node] = 0.0
        alone = not weights[tree.children(int(tree.parents[node]))].any()
        shift = np.full(len(rows), np.nan)
        if not alone:
            scores = index.scoring.with_weights(weights).scores(indicators, years)[:, -1:]
            shift = np.abs(rank(scores, years)[:, 0] - base)
        known = shift[~np.isnan(shift)]
        body.append(
            {
                "node": tree.codes[node],
                "level": int(tree.levels[node]),
                "mean_rank_change": float(known.mean()) if len(known) else None,
                "greatest_rank_change": int(known.max()) if len(known) else None,
            }
        )
    return pl.DataFrame(
        body, schema_overrides={"mean_rank_change": pl.Float64, "greatest_rank_change": pl.Int64}
    )


def with_denominators(index: Index, raw: Block) -> pl.DataFrame:
    """Return raw indicators whose correlation with a denominator of the spec is beyond 0.6."""
    names = sorted({each.denominator for each in index.spec.indicators if each.denominator})
    body = []
    for name in names:
        by = number_column(raw.table, name, index.spec.index.missing)
        for code, column in zip(index.spec.codes, raw.values.T, strict=True):
            found = pairwise_correlation(np.column_stack([column, by]))[0, 1]
            if code != name and abs(found) > _WITH_DENOMINATOR:
                body.append({"indicator": code, "denominator": name, "correlation": float(found)})
    schema = {"indicator": pl.String, "denominator": pl.String, "correlation": pl.Float64}
    return pl.DataFrame(body, schema=schema)
