"""Model versions: who made them, where, when, on what weights."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build import _model_origin as origin
from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_facts import (
    ModelNames,
    base_country,
    base_of,
    family_of,
    lead_country,
    open_weights,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._read_scores import HUB, PUBLISHED, model_names
from parity.catalogue.build._table import Table


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = model_names(raw)
    models = built["model_scores"].select(pl.col("model").unique().sort())
    hub = origin.hub(raw, names, Names.of(built["country_names"]))
    sources = [
        hub,
        origin.listed_dates(raw, names),
        origin.published(raw, names),
        origin.by_prefix(raw, models["model"]),
    ]
    # Each source fills what those before it left open; a date brings its own error.
    frame = models.join(origin.weights(raw, names), on="model", how="left")
    for number, source in enumerate(sources):
        frame = frame.join(source, on="model", how="left", suffix=f"_{number}")
    columns = ("developer", "countries", "date", "date_error")
    filled = {column: pl.coalesce(pl.selectors.matches(rf"^{column}(_\d+)?$")) for column in columns}
    in_hub = pl.col("model").is_in(hub["model"].to_list())
    return _derive(
        frame.select(
            "model",
            "open_weights",
            "training_compute",
            source=pl.when(in_hub).then(pl.lit(HUB)).otherwise(pl.lit(PUBLISHED)),
            **filled,
        )
    )


def _renew(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the hub's models from its fresh files; what only other sources know is kept."""
    models = built["model_scores"]["model"].unique()
    hub = origin.hub(raw, ModelNames(models, ()), Names.of(built["country_names"]))
    listed = hub.filter(pl.col("model").is_in(models.to_list())).with_columns(source=pl.lit(HUB))
    before = built["models"].with_columns(pl.col("countries").replace("", None).str.split(";"))
    kept = ("open_weights", "developer", "countries", "date", "date_error")
    joined = listed.join(before.select("model", *kept), on="model", how="left", suffix="_before")
    joined = joined.with_columns(date_error=pl.when(pl.col("date").is_not_null()).then(pl.col("date_error")))
    joined = joined.with_columns(pl.coalesce(column, f"{column}_before") for column in kept[1:])
    return _derive(joined)


def _derive(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what follows from the name and the countries, in the table's columns."""
    model = pl.col("model")
    base = frame["model"].map_elements(base_of, return_dtype=pl.String)
    made_in = base.map_elements(base_country, return_dtype=pl.String)
    known = frame["model"].map_elements(open_weights, return_dtype=pl.Boolean)
    lead = model.map_elements(lead_country, return_dtype=pl.String)
    return frame.with_columns(
        family=model.map_elements(family_of, return_dtype=pl.String),
        country=pl.coalesce(lead, pl.col("countries").list.first()),
        joint=pl.col("countries").list.len() > 1,
        open_weights=pl.coalesce("open_weights", pl.lit(known)),
        base=pl.lit(base),
        date_error=pl.when(pl.col("date").is_not_null()).then(pl.col("date_error")),
    ).select(
        "model",
        "family",
        "developer",
        "country",
        pl.col("joint").fill_null(False),
        pl.col("countries").list.join(";").fill_null(""),
        "date",
        "date_error",
        "open_weights",
        "base",
        "training_compute",
        "source",
        # Work on one's own country's weights is not derived: Qwen distilled in China is domestic.
        derived=(pl.lit(made_in) != pl.col("country")).fill_null(False),
    )


TABLE = Table(
    name="models",
    title="One model version per row: developer, country, release, weights",
    schema={
        "model": pl.String,
        "family": pl.String,
        "developer": pl.String,
        "country": pl.String,
        "joint": pl.Boolean,
        "countries": pl.String,
        "date": pl.Date,
        "date_error": pl.Int32,
        "open_weights": pl.Boolean,
        "base": pl.String,
        "derived": pl.Boolean,
        "training_compute": pl.Float64,
        "source": pl.String,
    },
    fields={
        "model": "Model version; the reasoning effort is part of it",
        "family": "The version without its effort: versions of a family share their weights",
        "developer": "Lead developer",
        "country": "ISO3 code of the lead developer's country",
        "joint": "Made by developers of several countries",
        "countries": "ISO3 codes of all developers' countries, separated by semicolons",
        "date": "Release date; the middle of the month or year where no more is known",
        "date_error": "Half-width of the release date in days: 0 exact, 7 approximate, 15 month, 183 year",
        "open_weights": "Weights can be downloaded; null if unknown",
        "base": "Family of weights that an adapted model started from; null for a model of its own",
        "derived": "Started from the weights of another country's developer",
        "training_compute": "Training compute in FLOP",
        "source": "Source, described in the table sources",
    },
    key=("model",),
    build=_build,
    renew={HUB: _renew},
)
