"""What each source says about a model: developer, countries, release date, compute, weights."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_facts import ModelNames
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._read_scores import HUB, PUBLISHED
from parity.catalogue.build._score_rules import hub_files

VERSIONS = "epoch-benchmarks"
MODELS = "epoch"
MODEL_FILES = ("notable_ai_models.csv", "large_scale_ai_models.csv", "frontier_ai_models.csv")
# Half-width in days of a release date. A full date from outside the hub is an announcement or an upload,
# often from a compiler's memory: its source calls most of them approximate.
EXACT, ANNOUNCED, MONTH, YEAR = 0, 7, 15, 183


def hub(raw: Raw, names: ModelNames, iso3: Names) -> pl.DataFrame:
    """Return developer, countries (list), date, its error and compute of the hub's models."""
    columns = ("Model version", "Release date", "Organization", "Country", "Training compute (FLOP)")
    files = [raw.folder(HUB).csv(entry.file, *columns).select(columns) for entry in hub_files()]
    rows = pl.concat(files).drop_nulls("Model version")
    return (
        rows.select(
            model=_one(rows["Model version"], names),
            developer="Organization",
            countries=country_list(rows["Country"], iso3),
            date=pl.col("Release date").str.to_date("%Y-%m-%d"),
            date_error=pl.lit(EXACT),
            training_compute=pl.col("Training compute (FLOP)").cast(pl.Float64, strict=False),
        )
        .group_by("model")
        .agg(
            pl.col("developer", "countries").drop_nulls().first(),
            pl.col("date", "date_error").min(),
            pl.col("training_compute").max(),
        )
    )


def listed_dates(raw: Raw, names: ModelNames) -> pl.DataFrame:
    """Return release dates from the hub's older list of model versions."""
    rows = (
        raw.folder(VERSIONS)
        .csv("model_versions.csv", "id", "Version release date")
        .drop_nulls(["id", "Version release date"])
    )
    return (
        rows.select(
            model=_one(rows["id"], names),
            date=pl.col("Version release date").str.to_date("%Y-%m-%d"),
            date_error=pl.lit(EXACT),
        )
        .group_by("model")
        .agg(pl.col("date", "date_error").min())
    )


def published(raw: Raw, names: ModelNames) -> pl.DataFrame:
    """Return developer, country, date and its error of the models with published scores."""
    rows = raw.folder(PUBLISHED).csv("scores.csv", "model", "developer", "country_iso3", "release_date")
    given = pl.col("release_date")
    middle = (
        pl.when(given.str.len_chars() == 10)
        .then(given)
        .when(given.str.len_chars() == 7)
        .then(given + "-15")
        .when(given.str.len_chars() == 4)
        .then(given + "-07-02")
    )
    error = given.str.len_chars().replace_strict({10: ANNOUNCED, 7: MONTH, 4: YEAR}, default=None)
    dated = rows.select(
        "developer",
        model=_one(rows["model"], names),
        countries=pl.concat_list("country_iso3"),
        date=middle.str.to_date("%Y-%m-%d"),
        date_error=error,
    )
    # The most exact date of a model, the earliest of several.
    return (
        dated.sort("model", "date_error", "date", nulls_last=True, maintain_order=True)
        .group_by("model", maintain_order=True)
        .agg(pl.col("developer", "countries", "date", "date_error").first())
    )


def by_prefix(raw: Raw, models: Iterable[str]) -> pl.DataFrame:
    """Return developer and country from the list of name prefixes; the longest that fits decides."""
    rows = raw.folder(PUBLISHED).csv("developers.csv", "developer", "country_iso3", "aliases")
    prefixes = [
        (alias.lower(), developer, country)
        for developer, country, aliases in rows.select("developer", "country_iso3", "aliases").iter_rows()
        for alias in aliases.split("|")
    ]
    found = []
    for model in models:
        fits = [entry for entry in prefixes if model.lower().startswith(entry[0])]
        if fits:
            _, developer, country = max(fits, key=lambda entry: len(entry[0]))
            found.append((model, developer, [country]))
    return pl.DataFrame(found, schema=["model", "developer", "countries"], orient="row")


def weights(raw: Raw, names: ModelNames) -> pl.DataFrame:
    """Return whether weights are open, for hub versions that the lists of models know."""
    versions = raw.folder(VERSIONS).csv("model_versions.csv", "id", "Model").drop_nulls(["id", "Model"])
    access = pl.concat(
        [
            raw.folder(MODELS)
            .csv(file, "Model", "Model accessibility")
            .select("Model", "Model accessibility")
            for file in MODEL_FILES
        ]
    ).drop_nulls()
    stated = access.group_by("Model").agg(
        open_weights=pl.col("Model accessibility").str.starts_with("Open weights").any()
    )
    return (
        versions.select("Model", model=_one(versions["id"], names))
        .join(stated, on="Model")
        .group_by("model")
        .agg(pl.col("open_weights").any())
    )


def country_list(column: pl.Series, iso3: Names) -> pl.Series:
    """Return the ISO3 codes in comma lists of country names, in order, each once."""
    parts = column.str.split(",")
    given = parts.explode().drop_nulls().unique()
    codes = dict(zip(given, iso3.iso3(given, also={"Multinational": None, "": None}), strict=True))
    return parts.list.eval(
        pl.element().replace_strict(codes, default=None, return_dtype=pl.String).drop_nulls()
    ).list.unique(maintain_order=True)


def _one(column: pl.Series, names: ModelNames) -> pl.Series:
    one = {version: names.one(version) for version in column.unique(maintain_order=True)}
    return column.replace_strict(one, return_dtype=pl.String)
