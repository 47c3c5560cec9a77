"""Models of AI that organisations of several countries developed together: ties in AI itself."""

from __future__ import annotations

from itertools import combinations

import polars as pl

COLUMNS = {"a": pl.String, "b": pl.String, "date": pl.Date, "model": pl.String, "developer": pl.String}
_ONE_FIRM = ~pl.col("developer").str.contains(",")


def co_developed(models: pl.DataFrame) -> pl.DataFrame:
    """Return the notable models of organisations of two countries or more, once for each pair.

    Parameters
    ----------
    models
        Columns ``model, developer, date, notable`` and ``countries``, codes separated by semicolons.

    Returns
    -------
    polars.DataFrame
        ``a, b`` (codes in alphabetical order), ``date, model, developer``, ``one_firm``: whether it is of one
        organisation that the list places in both countries; the newest first.
    """
    rows = [
        (a, b, date, model, developer)
        for model, developer, date, countries in models.filter("notable")
        .select("model", "developer", "date", "countries")
        .iter_rows()
        for a, b in combinations(sorted(set(countries.split(";"))), 2)
    ]
    found = pl.DataFrame(rows, COLUMNS, orient="row").with_columns(one_firm=_ONE_FIRM)
    return found.sort("date", "model", descending=[True, False])


def counted(models: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with their numbers of models: ``a, b, models`` (of several organisations), ``one_firm``.

    Parameters
    ----------
    models
        From `co_developed`.
    """
    counts = {"models": (~pl.col("one_firm")).sum(), "one_firm": pl.col("one_firm").sum()}
    found = models.group_by("a", "b").agg(**counts)
    return found.cast({"models": pl.Int64, "one_firm": pl.Int64}).sort("a", "b")


def between(models: pl.DataFrame, *countries: str) -> pl.DataFrame:
    """Return the models of a pair, or of pairs among some countries.

    Parameters
    ----------
    models
        From `co_developed`, or `counted`.
    countries
        Codes.
    """
    return models.filter(pl.col("a").is_in(countries), pl.col("b").is_in(countries))
