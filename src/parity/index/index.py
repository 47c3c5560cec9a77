"""A built index: scores, ranks, every stage, what was learned, and its replay on other data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean, one_of
from parity.index._scores import Scoring
from parity.index._step import Record
from parity.index._table import Block, TextArray, read_block
from parity.index._tree import Tree
from parity.index.spec import IndexSpec
from parity.stats import BoolArray, FloatArray, IntArray


class Fitted(Protocol):
    """A step with what it learned."""

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block after the step, and notes."""


STAGES = {
    "denominate": "denominated",
    "screen": "screened",
    "impute": "imputed",
    "treat": "treated",
    "normalise": "normalised",
}


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """An index with everything that made it.

    Attributes
    ----------
    spec, tree
        What was asked for: the spec, and its structure as arrays.
    vintage
        Of the data that it was built from.
    stages
        Units and indicators after each step taken, by the stage's name: ``raw``,
        ``denominated``, ``screened``, ``imputed``, ``treated``, ``normalised``. Screening
        shortens the later ones to n rows.
    scores
        Scores of all nodes, shape (n, n_nodes), in the order of ``tree.codes``; NaN where
        there is none. An indicator's score is its normalised value.
    ranks
        1 for the highest score, ties share the smallest rank; within a year in a panel.
        Shape (n, n_nodes); NaN where there is no score.
    steps
        Learned state: each step's name and what it learned, in the order of the run.
    scoring
        Learned state of weight and aggregate.
    log
        What each step did or that it was skipped.
    """

    spec: IndexSpec
    tree: Tree
    vintage: str
    stages: Mapping[str, Block]
    scores: FloatArray
    ranks: FloatArray
    steps: tuple[tuple[str, Fitted], ...]
    scoring: Scoring
    log: tuple[Record, ...]

    @property
    def units(self) -> TextArray:
        """Code of the unit of each row, shape (n,)."""
        return self.stages["normalised"].ids

    @property
    def names(self) -> TextArray:
        """Name of the unit of each row, shape (n,)."""
        return self.stages["normalised"].names

    @property
    def years(self) -> IntArray | None:
        """Year of each row, shape (n,); ``None`` without a year column."""
        return self.stages["normalised"].years

    @property
    def weights(self) -> FloatArray:
        """Weights used, shape (n_nodes,), relative within a group."""
        return self.scoring.weights

    @property
    def scored(self) -> bool:
        """Whether any row has a score in the index itself."""
        return bool(np.isfinite(self.scores[:, -1]).any())

    def ranks_under(self, weights: Mapping[str, float]) -> FloatArray:
        """Return the ranks under other weights; a build without all that a ranking does not need.

        Parameters
        ----------
        weights
            Weights by code, relative within a group; the others stay.

        Returns
        -------
        numpy.ndarray
            Shape (n,); NaN where there is no score.

        Raises
        ------
        ParityError
            If the members of a group are left without any weight, or weights come from the data.
        """
        if any(rule.weight.method != "given" or rule.normalise for rule in self.scoring.rules):
            raise ParityError("this index learns weights or scales: build it anew with other weights")
        given = self.weights.copy()
        for code, weight in weights.items():
            given[self.node(code)] = weight
        for group in self.tree.groups:
            if not given[self.tree.children(group)].any():
                raise ParityError(f"all weights within '{self.tree.codes[group]}' are 0")
        block = self.stages["normalised"]
        scores = self.scoring.with_weights(given).scores(finite(block).values, block.years)
        return rank(scores[:, -1:], block.years)[:, 0]

    def row(self, unit: str, year: int | None = None) -> int:
        """Return the row of a unit; in a panel of the given year, or else of its last.

        Raises
        ------
        ParityError
            If there is no such unit (or year).
        """
        rows = np.flatnonzero(self.units == unit)
        if not len(rows):
            raise ParityError(f"no unit '{unit}' in the index.{did_you_mean(unit, set(self.units))}")
        if self.years is None:
            return int(rows[0])
        if year is None:
            return int(rows[np.argmax(self.years[rows])])
        rows = rows[self.years[rows] == year]
        if not len(rows):
            raise ParityError(f"'{unit}' has no row for {year}")
        return int(rows[0])

    def name(self, unit: str) -> str:
        """Return the name of a unit."""
        return str(self.names[self.row(unit)])

    def node(self, code: str | None = None) -> int:
        """Return the position of a node; of the index itself without a code.

        Raises
        ------
        ParityError
            If there is no such node.
        """
        if code is None:
            return self.tree.n_nodes - 1
        if code not in self.tree.codes:
            raise ParityError(
                f"no indicator or group '{code}'.{did_you_mean(code, self.tree.codes)}"
                f" Groups: {one_of(self.tree.codes[self.tree.n_indicators :])}"
            )
        return self.tree.position(code)

    def score(self, unit: str, node: str | None = None, year: int | None = None) -> float:
        """Return a unit's score in a node (the index by default); NaN where there is none."""
        return float(self.scores[self.row(unit, year), self.node(node)])

    def rank(self, unit: str, node: str | None = None, year: int | None = None) -> int | None:
        """Return a unit's rank in a node (the index by default); ``None`` where there is none."""
        rank = self.ranks[self.row(unit, year), self.node(node)]
        return None if np.isnan(rank) else int(rank)

    @property
    def imputed(self) -> BoolArray:
        """Which indicators of which rows were filled by step impute, shape (n, k)."""
        order = list(self.stages)
        if "imputed" not in order:
            return np.zeros(self.stages["normalised"].values.shape, dtype=bool)
        before = self.stages[order[order.index("imputed") - 1]]
        filled = np.isnan(before.values) & ~np.isnan(self.stages["imputed"].values)
        return filled[self._rows_kept("imputed")]

    def _rows_kept(self, stage: str) -> IntArray:
        """Return which rows of a stage are in the index, in its order."""
        block = self.stages[stage]
        if len(block.ids) == len(self.units):
            return np.arange(len(self.units))
        kept = {self._key(self.stages["normalised"], row) for row in range(len(self.units))}
        return np.array(
            [row for row in range(len(block.ids)) if self._key(block, row) in kept], dtype=np.intp
        )

    @staticmethod
    def _key(block: Block, row: int) -> tuple[str, int | None]:
        return block.ids[row], None if block.years is None else int(block.years[row])

    def _labels(self, block: Block) -> dict[str, pl.Series]:
        body = {"id": pl.Series(list(block.ids), dtype=pl.String)}
        if block.years is not None:
            body["year"] = pl.Series(block.years, dtype=pl.Int64)
        return body

    def stage(self, name: str) -> pl.DataFrame:
        """Return a stage as a wide table: id, (year,) one column per indicator (or node).

        Parameters
        ----------
        name
            A key of ``stages``, or ``aggregated`` for the scores of all nodes.

        Raises
        ------
        ParityError
            If the run has no such stage.
        """
        if name == "aggregated":
            return self._wide(self.stages["normalised"], self.tree.codes, self.scores)
        if name not in self.stages:
            raise ParityError(f"the run has no stage '{name}'; it has {one_of([*self.stages, 'aggregated'])}")
        return self._wide(self.stages[name], self.spec.codes, self.stages[name].values)

    def _wide(self, block: Block, codes: tuple[str, ...], values: FloatArray) -> pl.DataFrame:
        body = self._labels(block)
        taken = {
            f"{code}_" if code in body else code: column for code, column in zip(codes, values.T, strict=True)
        }
        return pl.DataFrame(body | {code: pl.Series(v, nan_to_null=True) for code, v in taken.items()})

    def ranks_table(self) -> pl.DataFrame:
        """Return ranks as a wide table: id, (year,) one column per node."""
        table = self._wide(self.stages["normalised"], self.tree.codes, self.ranks)
        return table.with_columns(pl.col(pl.Float64).cast(pl.Int64))

    def table(self) -> pl.DataFrame:
        """Return the result in long form: id, (year,) node, level, score, rank."""
        n, nodes = self.scores.shape
        labels = pl.DataFrame(self._labels(self.stages["normalised"]))
        repeated = labels[np.repeat(np.arange(n), nodes)]
        return repeated.with_columns(
            pl.Series("node", list(self.tree.codes) * n, dtype=pl.String),
            pl.Series("level", np.tile(self.tree.levels, n)),
            pl.Series("score", self.scores.ravel(), nan_to_null=True),
            pl.Series("rank", self.ranks.ravel(), nan_to_null=True).cast(pl.Int64),
        )

    def of_year(self, year: int | None = None) -> Index:
        """Return one year of a panel, the last by default: its scores and ranks as they are in the panel.

        Raises
        ------
        ParityError
            If the panel lacks the year.
        """
        if self.years is None:
            return self
        wanted = int(self.years.max()) if year is None else year
        rows = np.flatnonzero(self.years == wanted)
        if not len(rows):
            known = ", ".join(map(str, np.unique(self.years)[-8:]))
            raise ParityError(f"no data of {wanted}; the last years are {known}")
        stages = {}
        for name, block in self.stages.items():
            assert block.years is not None  # as in the last stage
            stages[name] = replace(block.take(np.flatnonzero(block.years == wanted)), years=None)
        references = tuple(
            one if one is None or one[1] is None else (one[0][one[1] == wanted], None)
            for one in self.scoring.references
        )
        return replace(
            self,
            stages=stages,
            scores=self.scores[rows],
            ranks=self.ranks[rows],
            scoring=replace(self.scoring, references=references),
        )

    def apply(self, data: pl.DataFrame, vintage: str = "") -> Index:
        """Replay what was learned on other rows: new units, new years, or the same ones changed.

        Bounds, imputed values, treatments, weights and rivals of relative methods stay as
        they were learned, so a row that was there before keeps its score whatever is added.

        Parameters
        ----------
        data
            Table with the same columns.
        vintage
            Of the data.

        Returns
        -------
        Index
            Scores of these rows, and their ranks among each other.

        Raises
        ------
        ParityError
            As for `build`.
        """
        block = read_block(self.spec, data)
        stages, log = {"raw": block}, []
        for name, fitted in self.steps:
            before = len(block.ids)
            block, notes = fitted.replay(block)
            stages[STAGES[name]] = block
            block = finite(block)
            log.append(Record(name, "done", f"replayed as learned on {before:,} rows", notes))
        if not len(block.ids):
            raise ParityError("screen leaves no unit of these data")
        scores = self.scoring.scores(block.values, block.years)
        log.append(Record("aggregate", "done", "replayed as learned", missing_note(self.tree, scores)))
        ranks = rank(scores, block.years)
        return replace(
            self, vintage=vintage or self.vintage, stages=stages, scores=scores, ranks=ranks, log=tuple(log)
        )


def finite(block: Block) -> Block:
    """Return the block with infinite values, which a division can give, as missing for what follows."""
    endless = np.isinf(block.values)
    return block.with_values(np.where(endless, np.nan, block.values)) if endless.any() else block


def rank(scores: FloatArray, years: IntArray | None = None) -> FloatArray:
    """Return ranks: 1 for the highest, ties share the smallest, none (NaN) for none.

    ``scores``: shape (n, m); each column is ranked on its own. Unrounded. ``years``: year of each row,
    shape (n,): ranks are within the year. Returns: shape (n, m).
    """
    if years is not None:
        ranks = np.empty_like(scores)
        for year in np.unique(years):
            ranks[years == year] = rank(scores[years == year])
        return ranks
    # Row by row in memory: each column's scores side by side.
    columns = np.ascontiguousarray(scores.T)
    order = np.argsort(columns, axis=1)
    ordered = np.take_along_axis(columns, order, axis=1)
    # Ascending with NaN last: the rank counts from the last place of a run of equal scores.
    n = columns.shape[1]
    places = np.where(ordered[:, :-1] != ordered[:, 1:], np.arange(n - 1), n)
    places = np.concatenate([places, np.full((len(columns), 1), n - 1)], axis=1)
    last = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]
    known = (~np.isnan(ordered)).sum(axis=1, keepdims=True)
    ranks = np.empty_like(columns)
    np.put_along_axis(ranks, order, (known - last).astype(np.float64), axis=1)
    return np.where(np.isnan(scores), np.nan, ranks.T)


def missing_note(tree: Tree, scores: FloatArray) -> tuple[str, ...]:
    """Return how many rows have no score in the index, where any have none."""
    without = np.isnan(scores[:, -1]).sum()
    return (f"{without:,} of {len(scores):,} rows have no score in '{tree.codes[-1]}'",) if without else ()
