"""A built index beside a published one: where they differ, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from parity.errors import NoAnswerError, ParityError, one_of
from parity.index._balance import mean_ranks
from parity.index._table import number_column
from parity.index.index import Index, rank
from parity.stats import FloatArray

TOP, LEAST = 40, 7
"""Published first places looked at by themselves, and units below which a correlation says nothing."""

# Units per fitted coefficient below which implied weights would be noise.
_UNITS_PER_WEIGHT = 3


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """An index and a published one, over the units that both have.

    Attributes
    ----------
    units, names
        The n units, highest published rank first.
    scores, published
        Scores, shape (n,); ``published`` is NaN where only ranks are published.
    ranks, published_ranks
        Ranks among the n units, shape (n,).
    spearman, pearson
        Rank correlation, and correlation of the scores (NaN without published scores).
    rescaling, weights, data
        Parts of published minus own score, shape (n,), which add up to it: what the best
        straight line explains; what other weights of the members explain beyond; and the
        rest, which only other data or another method can. NaN where it cannot be told.
    line
        Intercept and slope of the straight line from own to published scores.
    implied_weights
        One row per member of the index: own share, and the share that fits the published
        scores best. ``None`` where there are too few units to tell.
    only_here, only_published
        Units that the other side lacks.
    """

    json_keys: ClassVar[dict[str, str | None]] = {
        **dict.fromkeys(("units", "names", "scores", "published", "ranks", "published_ranks")),
        **dict.fromkeys(("rescaling", "weights", "data", "line")),
        "n": "n",
        "spearman_top": "spearman_top",
        "max_abs_difference": "max_abs_difference",
        "reasons": "reasons",
        "table": "rows",
    }

    units: tuple[str, ...]
    names: tuple[str, ...]
    scores: FloatArray
    published: FloatArray
    ranks: FloatArray
    published_ranks: FloatArray
    spearman: float
    pearson: float
    rescaling: FloatArray
    weights: FloatArray
    data: FloatArray
    line: tuple[float, float]
    implied_weights: pl.DataFrame | None
    only_here: tuple[str, ...]
    only_published: tuple[str, ...]

    @property
    def n(self) -> int:
        """Units on both sides."""
        return len(self.units)

    @property
    def spearman_top(self) -> float | None:
        """Rank correlation over the units among the published first ``TOP``; null where these are too few."""
        first = self.published_ranks <= TOP
        if first.sum() < LEAST:
            return None
        return _correlation(mean_ranks(self.ranks[first]), mean_ranks(self.published_ranks[first]))

    @property
    def max_abs_difference(self) -> float:
        """Greatest absolute difference between published and own score; NaN without published scores."""
        return float(np.abs(self.published - self.scores).max())

    def table(self) -> pl.DataFrame:
        """Return one row per unit: scores, ranks, differences and their parts."""
        return pl.DataFrame(
            {
                "id": self.units,
                "name": self.names,
                "score": self.scores,
                "published": self.published,
                "difference": self.published - self.scores,
                "rank": self.ranks.astype(int),
                "published_rank": self.published_ranks.astype(int),
                "rank_difference": (self.published_ranks - self.ranks).astype(int),
                "rescaling": self.rescaling,
                "weights": self.weights,
                "data": self.data,
            }
        ).with_columns(pl.col(pl.Float64).fill_nan(None))

    def reasons(self) -> tuple[str, ...]:
        """Say in sentences what the differences come from."""
        gap = self.published - self.scores
        if np.isnan(gap).any():
            return ("only ranks are published, so differences in score cannot be split",)
        total = float((gap**2).sum())
        if total == 0:
            return ("the scores are the same",)
        parts = {
            "rescaling": self.rescaling,
            "other weights of the members": self.weights,
            "other data or another method": self.data,
        }
        # Each part is uncorrelated with the next by construction, so that squares add up.
        told = [
            f"{label}: typically {np.sqrt((part**2).mean()):.3g} points"
            for label, part in parts.items()
            if not np.isnan(part).any()
        ]
        line = f"published = {self.line[0]:.4g} + {self.line[1]:.4g} x own score, as near as a line comes"
        return (f"typical difference {np.sqrt(total / len(gap)):.3g} points", *told, line)


def compare(
    index: Index,
    published: pl.DataFrame,
    node: str | None = None,
    id_column: str | None = None,
    score_column: str | None = None,
    rank_column: str | None = None,
    year: int | None = None,
    year_column: str | None = None,
) -> Comparison:
    """Compare an index with published scores or ranks.

    Parameters
    ----------
    index
        A built index.
    published
        One row per unit, or per unit and year.
    node
        Group to compare; the index by default.
    id_column
        Column that identifies a unit; by default the index's own, or ``id``, or the first
        text column that holds most of the units.
    score_column, rank_column
        Published score and rank; by default columns of these names (or of the node's
        code), or the only column of numbers.
    year
        Year to compare; by default the last of the index, if it is a panel, and otherwise the last of the
        published table.
    year_column
        Column of the published table that holds the year; by default the index's own, or ``year``, where
        units stand there more than once.

    Raises
    ------
    ParityError
        If the columns cannot be found, or a unit stands twice.
    NoAnswerError
        If the published table has no rows of the year, or fewer than three units are on both sides.
    """
    top = index.node(node)
    key = _key_column(index, published, id_column)
    rows = _rows_of_year(index, year)
    if (years := _year_column(index, published, key, year_column)) is not None:
        shown = year if index.years is None else int(index.years[rows[0]]) if rows else year
        published = _published_in(published, years, shown).drop(years)
    score, given_rank = _value_columns(index.tree.codes[top], published, key, score_column, rank_column)
    ids = [None if value is None else str(value).strip() for value in published[key]]
    if len(set(ids)) < len(ids):
        twice = next(value for value in ids if ids.count(value) > 1)
        raise ParityError(
            f"the published table has '{twice}' more than once in column '{key}'; if it holds several "
            "years, name the column of the year (year_column)"
        )
    place = {unit: row for row, unit in enumerate(ids)}
    both = [row for row in rows if index.units[row] in place and not np.isnan(index.scores[row, top])]
    there = np.array([place[index.units[row]] for row in both], dtype=np.intp)
    found = np.full(len(both), np.nan) if score is None else number_column(published, score)[there]
    ranks = None if given_rank is None else number_column(published, given_rank)[there]
    usable = ~np.isnan(found if score is not None or ranks is None else ranks)
    both_rows = np.array(both, dtype=np.intp)[usable]
    if len(both_rows) < 3:
        raise NoAnswerError(
            f"only {len(both_rows)} units are both in the index and in the published table (column '{key}')"
        )
    return _compared(
        index,
        top,
        both_rows,
        found[usable],
        None if ranks is None else ranks[usable],
        only_here=tuple(sorted({index.units[row] for row in rows} - set(ids))),
        only_published=tuple(sorted({unit for unit in ids if unit} - {index.units[row] for row in rows})),
    )


def _rows_of_year(index: Index, year: int | None) -> list[int]:
    if index.years is None:
        return list(range(len(index.units)))
    wanted = int(index.years.max()) if year is None else year
    return [int(row) for row in np.flatnonzero(index.years == wanted)]


def _column(published: pl.DataFrame, name: str) -> str:
    if name not in published.columns:
        raise ParityError(f"the published table has no column '{name}'; it has {one_of(published.columns)}")
    return name


def _year_column(index: Index, published: pl.DataFrame, key: str, given: str | None) -> str | None:
    """Return the column that holds the year in a published panel; ``None`` for a table of one year."""
    if given is not None:
        return _column(published, given)
    if not published[key].is_duplicated().any():
        return None
    wanted = {(index.spec.index.year_column or "year").casefold(), "year"}
    return next((column for column in published.columns if column.casefold() in wanted), None)


def _published_in(published: pl.DataFrame, column: str, year: int | None) -> pl.DataFrame:
    """Return the rows of one year, the last by default."""
    years = number_column(published, column)
    known = np.unique(years[~np.isnan(years)])
    if not known.size:
        raise ParityError(f"column '{column}' of the published table holds no years")
    wanted = float(known[-1]) if year is None else float(year)
    if wanted not in known:
        told = f"{known[0]:.0f} to {known[-1]:.0f}" if known.size > 1 else f"{known[0]:.0f}"
        raise NoAnswerError(
            f"the published table has no rows for {wanted:.0f} (column '{column}' holds {told}); "
            "name another year"
        )
    return published.filter(pl.Series(years == wanted))


def _key_column(index: Index, published: pl.DataFrame, given: str | None) -> str:
    if given is not None:
        return _column(published, given)
    units = set(index.units)
    overlap = {
        column: len(units & set(published[column].cast(pl.String, strict=False).str.strip_chars()))
        for column in published.columns
        if published[column].dtype == pl.String or column in (index.spec.index.id_column, "id")
    }
    best = max(overlap, key=lambda column: overlap[column], default=None)
    if best is None or overlap[best] == 0:
        raise ParityError("no column of the published table holds the index's units; name it with id_column")
    return best


def _value_columns(
    node: str, published: pl.DataFrame, key: str, score: str | None, ranking: str | None
) -> tuple[str | None, str | None]:
    """Return the columns of scores and of ranks."""
    for name in (score, ranking):
        if name is not None:
            _column(published, name)
    lower = {column.lower(): column for column in published.columns if column != key}
    ranking = ranking or lower.get("rank")
    score = score or next((lower[n] for n in (node.lower(), "score", "total", "index") if n in lower), None)
    if score is None and ranking is None:
        numbers = [c for c in published.columns if published[c].dtype.is_numeric() and c.lower() != "year"]
        if len(numbers) != 1:
            raise ParityError(
                "which column of the published table is the score? Name it with score_column"
                + (f": {one_of(numbers)}" if numbers else "; none holds numbers")
            )
        score = numbers[0]
    return score, ranking


def _compared(
    index: Index,
    top: int,
    rows: np.ndarray,
    published: FloatArray,
    published_ranks: FloatArray | None,
    only_here: tuple[str, ...],
    only_published: tuple[str, ...],
) -> Comparison:
    own = index.scores[rows, top]
    have_scores = not np.isnan(published).any()
    theirs = rank(published[:, np.newaxis])[:, 0] if have_scores else published_ranks
    if theirs is None:
        raise ParityError("the published table holds neither scores nor ranks")
    ranks = rank(own[:, np.newaxis])[:, 0]
    # Ranks are published among more units; among those on both sides they start at 1.
    theirs = rank(-theirs[:, np.newaxis])[:, 0]
    rescaling, weights, data, line, implied = _parts(index, top, rows, own, published)
    order = np.argsort(theirs, kind="stable")
    pearson = _correlation(own, published) if have_scores else np.nan
    return Comparison(
        units=tuple(str(unit) for unit in index.units[rows][order]),
        names=tuple(str(name) for name in index.names[rows][order]),
        scores=own[order],
        published=published[order],
        ranks=ranks[order],
        published_ranks=theirs[order],
        spearman=_correlation(mean_ranks(own), mean_ranks(published if have_scores else -theirs)),
        pearson=pearson,
        rescaling=rescaling[order],
        weights=weights[order],
        data=data[order],
        line=line,
        implied_weights=implied,
        only_here=only_here,
        only_published=only_published,
    )


def _correlation(x: FloatArray, y: FloatArray) -> float:
    return float(np.corrcoef(x, y)[0, 1]) if x.min() < x.max() and y.min() < y.max() else np.nan


def _parts(
    index: Index, top: int, rows: np.ndarray, own: FloatArray, published: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[float, float], pl.DataFrame | None]:
    """Split published minus own score into rescaling, weights and data; they add up for every unit."""
    unknown = np.full(len(own), np.nan)
    if np.isnan(published).any() or own.min() == own.max():
        return unknown, unknown, unknown, (np.nan, np.nan), None
    slope, intercept = np.polyfit(own, published, 1)
    straight = intercept + slope * own
    rescaling = straight - own
    line = (float(intercept), float(slope))
    if top < index.tree.n_indicators:
        return rescaling, np.zeros(len(own)), published - straight, line, None
    members = index.tree.children(top)
    scores = index.scores[np.ix_(rows, members)]
    whole = ~np.isnan(scores).any(axis=1)
    if whole.sum() < _UNITS_PER_WEIGHT * (len(members) + 1) or not whole.all():
        return rescaling, unknown, unknown, line, None
    reweighted, found = _implied(scores, published)
    # A straight line in the own score is one choice of weights where the index is a mean, but
    # not with other aggregations: then the nearer of the two fits counts.
    if ((published - reweighted) ** 2).sum() > ((published - straight) ** 2).sum():
        reweighted = straight
    shares = index.weights[members] / index.weights[members].sum()
    implied = pl.DataFrame(
        {
            "node": [index.tree.codes[member] for member in members],
            "own_weight": shares,
            "implied_weight": found / found.sum() if found.sum() > 0 else np.full(len(found), np.nan),
        }
    )
    return rescaling, reweighted - straight, published - reweighted, line, implied


def _implied(scores: FloatArray, published: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return fitted scores, shape (n,), and the weights of 0 or more that fit best, shape (k,)."""
    from scipy.optimize import lsq_linear

    design = np.column_stack([np.ones(len(scores)), scores])
    low = np.concatenate([[-np.inf], np.zeros(scores.shape[1])])
    found = lsq_linear(design, published, bounds=(low, np.inf), tol=1e-12)
    return design @ found.x, found.x[1:]
