"""Every name under which a source speaks of a model, with the date that it gives."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build import _model_origin as origin
from parity.catalogue.build._model_facts import NEAR, loose
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._read_scores import model_names
from parity.catalogue.build._table import Table

NEAR_NAMES = "near names"
TWO_DATES = "two dates"
EARLY = "dated before the day in a name"


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = model_names(raw)
    models = built["models"]["model"].to_list()
    rows = origin.dated_names(raw).with_columns(
        model=pl.col("name").map_elements(names.one, return_dtype=pl.String)
    )
    return rows.filter(pl.col("model").is_in(models)).unique(["name", "source", "date"])


def suspects(names: pl.DataFrame, models: pl.DataFrame) -> pl.DataFrame:
    """Return the names and dates that may make two models of one, or one of two.

    Parameters
    ----------
    names
        The table ``model_names``.
    models
        The table ``models``.

    Returns
    -------
    polars.DataFrame
        Columns ``why``, ``name`` (without effort and day) and ``found``, what stands against what:
        versions of several days beside one that says none (*near names*), sources whose dates of
        one version lie more than a month apart (*two dates*), and models dated more than a month
        before the day in a name of theirs (later scores on an earlier date).
    """
    dated = models.with_columns(
        key=pl.col("model").map_elements(loose, return_dtype=pl.String),
        name=pl.col("model").map_elements(lambda model: loose(model, dated=False), return_dtype=pl.String),
    )
    undated = dated.filter(pl.col("key").n_unique().over("name") > 1, pl.col("key") == pl.col("name"))
    near = dated.filter(pl.col("name").is_in(undated["name"].to_list())).group_by("name")
    near_names = near.agg(found=pl.col("model").sort().str.join(" | ")).with_columns(why=pl.lit(NEAR_NAMES))
    known = names.join(dated.select("model", "key", chosen="date", word="name"), on="model")
    apart = known.filter((pl.col("date").max() - pl.col("date").min()).over("key") > NEAR)
    told = pl.format("{} {} ({})", "name", "date", "source")
    two = apart.group_by(name="word").agg(found=told.sort().str.join(" | "), why=pl.lit(TWO_DATES))
    early = known.filter(pl.col("day") > pl.col("chosen") + NEAR)
    late = early.group_by(name="word").agg(found=told.sort().str.join(" | "), why=pl.lit(EARLY))
    columns = ("why", "name", "found")
    return pl.concat([near_names.select(columns), two.select(columns), late.select(columns)]).sort(columns)


TABLE = Table(
    name="model_names",
    title="Names of models by source, with the date that the source gives",
    schema={
        "name": pl.String,
        "source": pl.String,
        "model": pl.String,
        "date": pl.Date,
        "day": pl.Date,
        "date_kind": pl.String,
    },
    fields={
        "name": "Name in the source",
        "source": "Source, described in the table sources",
        "model": "Model version, described in the table models",
        "date": "Date that the source gives; the middle of the month or year where no more is known",
        "day": "Day of the snapshot that the name states",
        "date_kind": "What happened on that date: release, repository upload or announcement",
    },
    key=("name", "source", "date"),
    build=_build,
)
