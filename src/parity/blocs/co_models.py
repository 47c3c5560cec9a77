"""Models of AI that organisations of several countries developed together: ties in AI itself."""

from __future__ import annotations

from itertools import combinations

import polars as pl

COLUMNS = {"a": pl.String, "b": pl.String, "date": pl.Date, "model": pl.String, "developer": pl.String}


def co_developed(models: pl.DataFrame) -> pl.DataFrame:
    """Return the notable models of organisations of two countries or more, once for each pair.

    Parameters
    ----------
    models
        Columns ``model, developer, date, notable`` and ``countries``, codes separated by semicolons.

    Returns
    -------
    polars.DataFrame
        ``a, b`` (codes in alphabetical order), ``date, model, developer``; the newest first.
    """
    rows = [
        (a, b, date, model, developer)
        for model, developer, date, countries in models.filter("notable")
        .select("model", "developer", "date", "countries")
        .iter_rows()
        for a, b in combinations(sorted(set(countries.split(";"))), 2)
    ]
    return pl.DataFrame(rows, COLUMNS, orient="row").sort("date", "model", descending=[True, False])


def counted(models: pl.DataFrame) -> pl.DataFrame:
    """Return pairs with their number of models developed together: ``a, b, models, first, last`` (days).

    Parameters
    ----------
    models
        From `co_developed`.
    """
    days = {"first": pl.col("date").min(), "last": pl.col("date").max()}
    return (
        models.group_by("a", "b")
        .agg(models=pl.len(), **days)
        .sort("models", "a", "b", descending=[True, False, False])
    )


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
