"""What figures of an index show, and how units of a panel changed, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index.index import Index
from parity.stats import FloatArray

# Most strengths, and most weaknesses, of a unit.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a figure shows.

    Attributes
    ----------
    index
        Id of the index.
    kind
        ``framework``, ``distribution``, ``dot``, ``scatter``, ``profile`` or ``trend``.
    of, against
        Titles of the elements drawn, the name of the unit of a profile; empty where there is none.
    correlation
        Of the two elements of a scatter; null elsewhere.
    rows
        framework: ``code``, ``title``, ``group``, ``share`` of the index. distribution: ``low``, ``high``,
        ``units``. dot: ``id``, ``name``, ``value``. scatter: ``id``, ``name``, ``x``, ``y``. profile and
        trend: see `profile` and `changes`.
    """

    index: str
    kind: str
    of: str
    against: str
    correlation: float | None
    rows: pl.DataFrame


def drawn(
    index: Index,
    kind: str,
    of: str | None,
    against: str | None,
    titles: Mapping[str, str],
    units: tuple[str, ...] = (),
) -> Drawn:
    """Return what a figure of an index shows.

    ``of, against``: codes of elements; the index itself by default. ``titles``: titles of the elements by
    code. ``units``: the unit of a profile, those of a trend (all by default). Raises ParityError if there
    is no such element. Raises NoAnswerError if no unit has a value, or a trend is asked of one year.
    """
    first = index.tree.codes[index.node(of)]
    r, title, second = None, titles[first], ""
    if kind == "framework":
        rows = _framework(index, titles)
    elif kind == "trend":
        rows = changes(index, first)
        rows = rows.filter(pl.col("id").is_in(units)) if units else rows
        if rows.height <= rows["id"].n_unique():
            raise NoAnswerError(f"'{index.spec.index.id}' has no unit with scores of two years or more")
    elif kind == "profile":
        rows, title = profile(index, units[0], titles), index.name(units[0])
    else:
        x = _values(index, first)
        if np.isnan(x).all():
            raise NoAnswerError(f"no unit has a value of '{first}'")
        names = pl.DataFrame({"id": list(map(str, index.units)), "name": list(map(str, index.names))})
        if kind == "scatter":
            code = index.tree.codes[index.node(against)]
            second, y = titles[code], _values(index, code)
            both = ~np.isnan(x) & ~np.isnan(y)
            if not both.any():
                raise NoAnswerError(f"no unit has values of both '{first}' and '{code}'")
            varied = both.sum() > 1 and x[both].std() > 0 and y[both].std() > 0
            r = float(np.corrcoef(x[both], y[both])[0, 1]) if varied else None
            rows = names.with_columns(x=x, y=y).filter(pl.Series(both))
        elif kind == "dot":
            rows = names.with_columns(value=x).filter(~np.isnan(x)).sort("value", descending=True)
        else:
            counts, edges = np.histogram(x[~np.isnan(x)], bins="auto")
            rows = pl.DataFrame({"low": edges[:-1], "high": edges[1:], "units": counts.astype(np.int64)})
    return Drawn(index.spec.index.id, kind, title, second, r, rows)


def _framework(index: Index, titles: Mapping[str, str]) -> pl.DataFrame:
    tree = index.tree
    shares = tree.effective_weights(index.weights)[: tree.n_indicators]
    groups = [tree.codes[tree.parents[node]] for node in range(tree.n_indicators)]
    order = sorted(range(tree.n_indicators), key=lambda node: (groups[node], -shares[node]))
    rows = [(tree.codes[n], titles[tree.codes[n]], titles[groups[n]], float(shares[n])) for n in order]
    return pl.DataFrame(rows, ("code", "title", "group", "share"), orient="row")


def profile(index: Index, unit: str, titles: Mapping[str, str]) -> pl.DataFrame:
    """Return a unit's scores beside those of all units, with its strengths and weaknesses.

    Strengths are up to five observed indicators in which it stands best among all units (by its rank over
    their number), weaknesses those in which it stands worst; the upper and the lower half never mix.

    Parameters
    ----------
    index
        An index of one year.
    unit
        Code of the unit.
    titles
        Titles of all nodes by code.

    Returns
    -------
    polars.DataFrame
        One row per node that the unit has a score in, groups before their members: ``code``, ``title``,
        ``level``, ``score``, ``rank``, ``units`` (with a score), ``low``, ``median`` and ``high`` (tenth,
        fiftieth and ninetieth percentile of their scores), ``standing`` (strength, weakness or empty).
    """
    tree, row = index.tree, index.row(unit)

    def below(node: int) -> list[int]:
        inside = tree.children(node) if node >= tree.n_indicators else ()
        return [node, *(found for child in inside for found in below(int(child)))]

    nodes = [node for node in below(tree.n_nodes - 1) if not np.isnan(index.scores[row, node])]
    ends = np.nanquantile(index.scores[:, nodes], (0.1, 0.5, 0.9), axis=0)
    frame = pl.DataFrame(
        {
            "code": [tree.codes[node] for node in nodes],
            "title": [titles[tree.codes[node]] for node in nodes],
            "level": tree.levels[nodes],
            "score": index.scores[row, nodes],
            "rank": index.ranks[row, nodes].astype(np.int64),
            "units": (~np.isnan(index.scores[:, nodes])).sum(axis=0),
            "low": ends[0],
            "median": ends[1],
            "high": ends[2],
        }
    )
    seen = [node < tree.n_indicators and not index.imputed[row, node] for node in nodes]
    place = (pl.col("rank") - 0.5) / pl.col("units")
    order = frame.filter(pl.Series(seen)).select("code", place=place).sort("place", "code")
    strong = order.filter(pl.col("place") < 0.5)["code"].head(_NAMED)
    weak = order.filter(pl.col("place") > 0.5)["code"].tail(_NAMED)
    return frame.with_columns(
        standing=pl.when(pl.col("code").is_in(strong.implode()))
        .then(pl.lit("strength"))
        .when(pl.col("code").is_in(weak.implode()))
        .then(pl.lit("weakness"))
        .otherwise(pl.lit(""))
    )


def _values(index: Index, code: str) -> FloatArray:
    """Return an indicator as in the data, or the scores of a group, for the units of the index."""
    node = index.node(code)
    if node >= index.tree.n_indicators:
        return index.scores[:, node]
    raw = index.stages["raw"]
    place = {unit: row for row, unit in enumerate(raw.ids)}
    values: FloatArray = raw.values[[place[unit] for unit in index.units], node]
    return values


def trends(index: Index, node: str | None = None) -> pl.DataFrame:
    r"""Return each unit's change between its first and its last year with a score.

    Parameters
    ----------
    index
        An index on a panel.
    node
        Group or indicator; the index itself by default.

    Returns
    -------
    polars.DataFrame
        One row per unit with two years or more: ``id``, ``name``, ``first`` and ``last`` (years), ``from``
        and ``to``
        (scores), ``change``, ``per_year``, ``cagr`` (compound growth a year, :math:`(to/from)^{1/(last -
        first)} - 1`;
        null unless both scores are above 0), ``ranks_gained``. The greatest change first; empty without
        years.
    """
    known = changes(index, node)
    ends = known.group_by("id", maintain_order=True).agg(
        pl.col("name").last(),
        pl.col("year").first().alias("first"),
        pl.col("year").last().alias("last"),
        pl.col("score").first().alias("from"),
        pl.col("score").last().alias("to"),
        (pl.col("rank").first() - pl.col("rank").last()).alias("ranks_gained"),
    )
    span = pl.col("last") - pl.col("first")
    change = pl.col("to") - pl.col("from")
    positive = (pl.col("from") > 0) & (pl.col("to") > 0)
    return (
        ends.filter(span > 0)
        .with_columns(
            change=change,
            per_year=change / span,
            cagr=pl.when(positive).then((pl.col("to") / pl.col("from")) ** (1 / span) - 1),
        )
        .select("id", "name", "first", "last", "from", "to", "change", "per_year", "cagr", "ranks_gained")
        .sort("change", descending=True)
    )


def changes(index: Index, node: str | None = None) -> pl.DataFrame:
    """Return the scores of every unit and year, and how they changed from the year before.

    Parameters
    ----------
    index
        An index; on a panel, with its years.
    node
        Group or indicator; the index itself by default.

    Returns
    -------
    polars.DataFrame
        By unit and year, where there is a score: ``id``, ``name``, ``year`` (0 without years), ``score``,
        ``rank``, ``change`` and ``ranks_gained`` since the unit's year before; null in its first.
    """
    place = index.node(node)
    years = np.zeros(len(index.units)) if index.years is None else index.years
    frame = pl.DataFrame(
        {
            "id": pl.Series(list(index.units), dtype=pl.String),
            "name": pl.Series(list(index.names), dtype=pl.String),
            "year": pl.Series(years, dtype=pl.Int64),
            "score": pl.Series(index.scores[:, place], nan_to_null=True),
            "rank": pl.Series(index.ranks[:, place], nan_to_null=True).cast(pl.Int64),
        }
    )
    return (
        frame.drop_nulls("score")
        .sort("id", "year")
        .with_columns(
            change=pl.col("score").diff().over("id"), ranks_gained=-pl.col("rank").diff().over("id")
        )
    )
