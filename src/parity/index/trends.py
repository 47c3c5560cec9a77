"""How scores of a panel change over its years."""

from __future__ import annotations

import numpy as np
import polars as pl

from parity.index.index import Index


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
