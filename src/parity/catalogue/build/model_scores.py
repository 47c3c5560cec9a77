"""Scores of models on benchmarks, each with its setting and the test that it counts for."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._model_facts import ModelNames
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._read_scores import HUB, all_scores, hub_scores, model_names
from parity.catalogue.build._table import table

KEY = ("model", "benchmark", "setting", "reported_by", "source")


def _build(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return _named(all_scores(raw), model_names(raw))


def _renew(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the hub's scores from its fresh files; a name in use stays as it is."""
    rows = hub_scores(raw)
    return _named(
        rows, ModelNames(rows["version"].unique(), (), known=built["model_scores"]["model"].unique())
    )


def _named(rows: pl.DataFrame, names: ModelNames) -> pl.DataFrame:
    one = {version: names.one(version) for version in rows["version"].unique()}
    # Rows that agree in everything but the score are repeated measurements: their median stands.
    return (
        rows.with_columns(model=pl.col("version").replace_strict(one))
        .group_by(*KEY, "test", "left_out")
        .agg(score=pl.col("score").median().round(6), n=pl.len().cast(pl.Int32))
        .with_columns(pl.col("test").fill_null(""), pl.col("left_out").fill_null(""))
    )


TABLE = table("model_scores", _build, renew={HUB: _renew})
