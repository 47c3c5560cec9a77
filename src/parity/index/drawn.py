"""What figures of an index show, and how units of a panel changed, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import NoAnswerError
from parity.index.index import Index
from parity.stats import FloatArray


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a figure shows.

    Attributes
    ----------
    index
        Id of the index.
    kind
        ``framework``, ``distribution``, ``dot`` or ``scatter``.
    of, against
        Titles of the elements drawn; empty where there is none.
    correlation
        Of the two elements of a scatter; null elsewhere.
    rows
        framework: ``code``, ``title``, ``group``, ``share`` of the index. distribution: ``low``, ``high``,
        ``units``. dot: ``id``, ``name``, ``value``. scatter: ``id``, ``name``, ``x``, ``y``.
    """

    index: str
    kind: str
    of: str
    against: str
    correlation: float | None
    rows: pl.DataFrame


def drawn(index: Index, kind: str, of: str | None, against: str | None, titles: Mapping[str, str]) -> Drawn:
    """Return what a figure of an index shows.

    ``of, against``: codes of elements; the index itself by default. ``titles``: titles of the elements by
    code. Raises ParityError if there is no such element. Raises NoAnswerError if no unit has a value.
    """
    tree = index.tree
    first = tree.codes[index.node(of)]
    if kind == "framework":
        shares = tree.effective_weights(index.weights)[: tree.n_indicators]
        groups = [tree.codes[tree.parents[node]] for node in range(tree.n_indicators)]
        order = sorted(range(tree.n_indicators), key=lambda node: (groups[node], -shares[node]))
        rows = [(tree.codes[n], titles[tree.codes[n]], titles[groups[n]], float(shares[n])) for n in order]
        frame = pl.DataFrame(rows, ("code", "title", "group", "share"), orient="row")
        return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)
    names = {"id": list(map(str, index.units)), "name": list(map(str, index.names))}
    x = _values(index, first)
    if np.isnan(x).all():
        raise NoAnswerError(f"no unit has a value of '{first}'")
    if kind == "scatter":
        second = tree.codes[index.node(against)]
        y = _values(index, second)
        both = ~np.isnan(x) & ~np.isnan(y)
        if not both.any():
            raise NoAnswerError(f"no unit has values of both '{first}' and '{second}'")
        varied = both.sum() > 1 and x[both].std() > 0 and y[both].std() > 0
        r = float(np.corrcoef(x[both], y[both])[0, 1]) if varied else None
        frame = pl.DataFrame(names | {"x": x, "y": y}).filter(pl.Series(both))
        return Drawn(index.spec.index.id, kind, titles[first], titles[second], r, frame)
    if kind == "dot":
        frame = (
            pl.DataFrame(names | {"value": x}).filter(pl.Series(~np.isnan(x))).sort("value", descending=True)
        )
        return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)
    counts, edges = np.histogram(x[~np.isnan(x)], bins="auto")
    frame = pl.DataFrame({"low": edges[:-1], "high": edges[1:], "units": counts.astype(np.int64)})
    return Drawn(index.spec.index.id, kind, titles[first], "", None, frame)


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
    known = frame.filter(pl.col("score").is_not_null()).sort("id", "year")
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
