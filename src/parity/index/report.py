"""A built, audited or compared index in the form that is written as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index._step import Record
from parity.index.audit import Audit
from parity.index.compare import Comparison
from parity.index.drawn import trends
from parity.index.index import Index
from parity.stats import BoolArray, FloatArray

KINDS = ("observed", "imputed", "zero", "missing")
"""Kinds of cells that a score rests on."""


@dataclass(frozen=True, slots=True)
class UnitScores:
    """Scores and ranks of one unit (in one year, in a panel).

    Attributes
    ----------
    id
        Code of the unit.
    name
        Its name; the code where the data have none.
    year
        Year, in a panel.
    observed
        Share of the index's weight on cells with a value, 0 to 1.
    imputed, zero, missing
        Share on cells that were filled, that are zero because absence means none, and that are left out.
    scores
        Score of every indicator and group; null for none.
    ranks
        Rank, 1 is best; ties share the smallest.
    """

    id: str
    name: str
    year: int | None
    observed: float
    imputed: float
    zero: float
    missing: float
    scores: dict[str, float | None]
    ranks: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A built index.

    Attributes
    ----------
    built
        The index.
    zeros
        Cells that are zero because absence means none, shape (n, k).
    index
        Its id.
    steps
        Every step, taken or skipped.
    units
        In order of rank.
    stage
        Stage that was asked for.
    values
        Table of that stage, one row per unit; one row per unit and node, with score, rank and what share of
        the node's weight is observed, imputed, zero and missing, by default.
    trends
        In a panel, each unit's change from its first to its last year: see `parity.index.trends`.
    intervals
        Makes the rank intervals, for a workbook; ``None`` where the spec names nothing to vary.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"built": None, "zeros": None, "intervals": None}

    built: Index
    zeros: BoolArray
    index: str
    steps: tuple[Record, ...]
    units: tuple[UnitScores, ...]
    stage: str | None = None
    values: pl.DataFrame | None = None
    trends: pl.DataFrame | None = None
    intervals: Callable[[], pl.DataFrame | None] = lambda: None


@dataclass(frozen=True, slots=True)
class NodeWeight:
    """Weight of one group or indicator.

    Attributes
    ----------
    code, title
        What it is.
    group
        Code of the group that it belongs to.
    depth
        1 for a pillar, one more for what is in it.
    weight
        As the spec or the reader has set it, relative to those of its siblings.
    share
        Of its group, 0 to 1.
    share_of_index
        Of the whole index, 0 to 1.
    """

    code: str
    title: str
    group: str
    depth: int
    weight: float
    share: float
    share_of_index: float


@dataclass(frozen=True, slots=True)
class WeightsReport:
    """Weights of an index.

    Attributes
    ----------
    index, title
        Its id and title.
    weights
        Each group before its members.
    """

    index: str
    title: str
    weights: tuple[NodeWeight, ...]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """An audited index.

    Attributes
    ----------
    index
        Id of the index.
    steps
        Every step, taken or skipped.
    treatment
        Outlier test and treatment of each indicator.
    audit
        Tables of the audit.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"audit": ""}

    index: str
    steps: tuple[Record, ...]
    treatment: pl.DataFrame
    audit: Audit


@dataclass(frozen=True, slots=True)
class Agreement:
    """Rank correlation of a form of the index with a published ranking.

    Attributes
    ----------
    form
        ``scale`` (by size), ``intensity`` (per person) or ``mixed``.
    spearman, spearman_top
        Over all units that both rank, and over those among the published first `parity.index.compare.TOP`;
        null where these are fewer than `parity.index.compare.LEAST`.
    """

    form: str
    spearman: float
    spearman_top: float | None


def agreements(forms: Mapping[str, Comparison]) -> tuple[Agreement, ...]:
    """Return the rank correlation of every form, overall and among the published first."""
    return tuple(Agreement(form, each.spearman, each.spearman_top) for form, each in forms.items())


@dataclass(frozen=True, slots=True)
class Several:
    """An index beside several others.

    Attributes
    ----------
    agreement
        One row per other: its name, units on both sides, rank correlation, correlation of scores, mean and
        greatest change of rank.
    ranks
        One row per unit: own rank, its rank in each other among the units on both sides, greatest difference.
    """

    agreement: pl.DataFrame
    ranks: pl.DataFrame


def side_by_side(others: Mapping[str, Comparison]) -> Several:
    """Return an index beside several others, by name."""
    agreement, ranks = [], None
    for name, each in others.items():
        table = each.table()
        moves = table["rank_difference"].abs()
        agreement.append(
            {
                "other": name,
                "units": each.n,
                "spearman": each.spearman,
                "pearson": None if np.isnan(each.pearson) else each.pearson,
                "mean_change": moves.mean(),
                "greatest_change": moves.max(),
            }
        )
        own = table.select("id", "name", "rank", pl.col("published_rank").alias(name))
        if ranks is None:
            ranks = own
        else:
            ranks = ranks.join(
                own.select("id", "name", "rank", name), on="id", how="full", coalesce=True, suffix="_"
            )
            ranks = ranks.with_columns(
                pl.coalesce("name", "name_").alias("name"), pl.coalesce("rank", "rank_").alias("rank")
            ).drop("name_", "rank_")
    assert ranks is not None  # there is at least one
    span = pl.max_horizontal(*others) - pl.min_horizontal(*others)
    types = {"pearson": pl.Float64, "mean_change": pl.Float64}
    return Several(
        pl.DataFrame(agreement, schema_overrides=types),
        ranks.with_columns(span.alias("span")).sort("rank", "id", nulls_last=True),
    )


@dataclass(frozen=True, slots=True)
class CompareReport:
    """An index and a published one.

    Attributes
    ----------
    compared
        The comparison.
    index
        Id of the index.
    node
        Group compared.
    forms
        Agreement of each form, of the open AI index.
    several
        Where it is held against several: see `side_by_side`.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"compared": ""}

    compared: Comparison
    index: str
    node: str
    forms: tuple[Agreement, ...] = ()
    several: Several | None = None


def evidence(index: Index, flags: Mapping[str, BoolArray], node: int) -> dict[str, FloatArray]:
    """Return what share of a node's weight rests on which kind of cell, each of shape (n,), 0 to 1.

    ``flags``: kinds of cells that are known besides, each of shape (n, k). Returns: ``imputed``,
    ``missing`` (nothing filled in: left out of the score), and the flags.
    """
    leaves = index.tree.leaves(node)
    weights = index.tree.effective_weights(index.weights)[leaves]
    weights = weights / weights.sum()
    lacking = np.isnan(index.scores[:, leaves])
    shares = {"imputed": index.imputed[:, leaves] @ weights, "missing": lacking @ weights}
    return shares | {flag: mask[:, leaves] @ weights for flag, mask in flags.items()}


def result_table(index: Index, zeros: BoolArray) -> pl.DataFrame:
    """Return the result in long form as `Index.table`, with names and shares of weight by kind of cell."""
    nodes = range(index.tree.n_nodes)
    found = [evidence(index, {"zero": zeros}, node) for node in nodes]
    shares = {kind: np.column_stack([of[kind] for of in found]).ravel() for kind in KINDS[1:]}
    names = np.repeat(index.names, index.tree.n_nodes)
    table = index.table().with_columns(pl.Series(kind, share) for kind, share in shares.items())
    observed = (1 - pl.sum_horizontal(KINDS[1:])).clip(0, 1).alias("observed")
    table.insert_column(1, pl.Series("name", names, dtype=pl.String))
    return table.select(pl.exclude(KINDS[1:]), observed, *KINDS[1:])


def weights_report(index: Index, titles: Mapping[str, str]) -> WeightsReport:
    """Return all weights of an index; titles by code."""
    tree, own = index.tree, index.weights
    whole = tree.effective_weights(own)
    rows: list[NodeWeight] = []

    def below(group: int, depth: int) -> None:
        members = tree.children(group)
        for node in map(int, members):
            code, share = tree.codes[node], float(own[node] / own[members].sum())
            rows.append(
                NodeWeight(
                    code,
                    titles[code],
                    tree.codes[group],
                    depth,
                    float(own[node]),
                    share,
                    float(whole[node]),
                )
            )
            if node >= tree.n_indicators:
                below(node, depth + 1)

    below(tree.n_nodes - 1, 1)
    return WeightsReport(index.spec.index.id, index.spec.index.title or index.spec.index.id, tuple(rows))


def build_report(index: Index, zeros: BoolArray, stage: str | None = None) -> BuildReport:
    """Return a built index; with a stage, the data after that step.

    ``zeros``: cells that are zero because absence means none, shape (n, k). Raises NoAnswerError if no
    unit gets a score, and no stage is asked for.
    """
    if stage is None:
        need_scores(index)
    values = None if stage is None else index.stage(stage)
    shares = evidence(index, {"zero": zeros}, index.tree.n_nodes - 1)
    units = tuple(_unit(index, row, shares) for row in _in_order(index))
    return BuildReport(
        index,
        zeros,
        index.spec.index.id,
        index.log,
        units,
        stage,
        values,
        None if index.years is None else trends(index),
    )


def audit_report(index: Index, found: Audit) -> AuditReport:
    """Return an audited index."""
    treatment = next((record.details for record in index.log if record.step == "treat"), None)
    return AuditReport(
        index.spec.index.id, index.log, pl.DataFrame() if treatment is None else treatment, found
    )


def need_scores(index: Index) -> None:
    """Refuse a ranking in which nobody has a place."""
    if index.scored:
        return
    rows, notes = len(index.units), "; ".join(note for record in index.log for note in record.notes)
    raise NoAnswerError(
        f"none of the {rows:,} row{'s' * (rows != 1)} gets a score in '{index.tree.codes[-1]}', so there is "
        f"nothing to rank ({notes}). An index compares units: give at least two, with values that differ"
    )


def _in_order(index: Index) -> list[int]:
    """Return the rows by year, then by rank; those without one last."""
    ranks = np.nan_to_num(index.ranks[:, -1], nan=np.inf)
    years = np.zeros(len(ranks)) if index.years is None else index.years
    return [int(row) for row in np.lexsort((ranks, years))]


def _unit(index: Index, row: int, shares: Mapping[str, FloatArray]) -> UnitScores:
    codes = index.tree.codes
    ranks = zip(codes, _nullable(index.ranks[row]), strict=True)
    imputed, zero, missing = (float(shares[kind][row]) for kind in KINDS[1:])
    return UnitScores(
        str(index.units[row]),
        str(index.names[row]),
        None if index.years is None else int(index.years[row]),
        min(max(1 - imputed - zero - missing, 0.0), 1.0),
        imputed,
        zero,
        missing,
        dict(zip(codes, _nullable(index.scores[row]), strict=True)),
        {code: None if rank is None else int(rank) for code, rank in ranks},
    )


def _nullable(values: FloatArray) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]
