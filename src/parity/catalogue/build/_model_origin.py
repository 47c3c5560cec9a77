"""What each source says about a model: developer, countries, release date, compute, weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_facts import NEAR, ModelNames, dates, loose, snapshot_of
from parity.catalogue.build._raw import Raw
from parity.catalogue.build.score_sources import (
    COMPILED,
    HUB,
    PUBLISHED,
    RECENT,
    hub_files,
    published_versions,
)

VERSIONS = "epoch-benchmarks"
MODELS = "epoch"
# The list of notable models is the newest; the others add models and fill gaps.
MODEL_FILES = ("notable_ai_models.csv", "large_scale_ai_models.csv", "frontier_ai_models.csv")
# Half-width in days of a release date. A full date from outside the hub is an announcement or an upload,
# often from a compiler's memory: its source calls most of them approximate.
EXACT, ANNOUNCED, MONTH, YEAR = 0, 7, 15, 183
# What a date is the date of; of several a release counts before an upload, an upload before an announcement.
KINDS = ("release", "repository upload", "announcement")
DATED = ("date", "date_error", "date_kind")
RELEASED = {"date_error": pl.lit(EXACT), "date_kind": pl.lit(KINDS[0])}


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
            **RELEASED,
            training_compute=pl.col("Training compute (FLOP)").cast(pl.Float64, strict=False),
        )
        .group_by("model")
        .agg(
            pl.col("developer", "countries").drop_nulls().first(),
            pl.col(DATED).min(),
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
            **RELEASED,
        )
        .group_by("model")
        .agg(pl.col(DATED).min())
    )


def published(raw: Raw, names: ModelNames) -> pl.DataFrame:
    """Return developer, country, date and its error of the models with published scores."""
    rows = raw.folder(PUBLISHED).csv(
        *("scores.csv", "model", "developer", "country_iso3", "release_date", "source_title")
    )
    dated = rows.select(
        "developer",
        model=_one(published_versions(rows), names),
        countries=pl.concat_list("country_iso3"),
        **_day(pl.col("release_date")),
        date_kind=pl.when(pl.col("source_title").str.starts_with("Open LLM"))
        .then(pl.lit(KINDS[1]))
        .otherwise(pl.lit(KINDS[2])),
    )
    # The most exact date of a model, the earliest of several.
    return (
        dated.sort("model", "date_error", "date", nulls_last=True, maintain_order=True)
        .group_by("model", maintain_order=True)
        .agg(pl.col("developer", "countries", "date", "date_error", "date_kind").first())
    )


def _day(given: pl.Expr) -> dict[str, pl.Expr]:
    """Return the date of a text of day, month or year, and its error: the middle where no day is told."""
    middle = (
        pl.when(given.str.len_chars() == 10)
        .then(given)
        .when(given.str.len_chars() == 7)
        .then(given + "-15")
        .when(given.str.len_chars() == 4)
        .then(given + "-07-02")
    )
    error = given.str.len_chars().replace_strict({10: ANNOUNCED, 7: MONTH, 4: YEAR}, default=None)
    return {"date": middle.str.to_date("%Y-%m-%d"), "date_error": error}


def recent(raw: Raw, names: ModelNames, countries: Mapping[str, list[str]]) -> pl.DataFrame:
    """Return developer, countries and date of the versions in the hub's copy of October 2026.

    A version that is dated long before the day in its own name carries the date of another.
    """
    rows = raw.folder(RECENT).csv("scores.csv", "model_version", "release_date", "organization")
    developer = pl.col("organization").str.split(",").list.first()
    named = pl.col("model_version").map_elements(snapshot_of, return_dtype=pl.Date)
    date = pl.col("release_date").str.to_date("%Y-%m-%d")
    return (
        rows.select(
            model=_one(rows["model_version"], names),
            developer=developer,
            countries=developer.replace_strict(
                dict(countries), default=None, return_dtype=pl.List(pl.String)
            ),
            date=pl.when(date < named - NEAR).then(named).otherwise(date),
            **RELEASED,
        )
        .group_by("model")
        .agg(
            pl.col("developer", "countries").drop_nulls().first(),
            pl.col(DATED).min(),
        )
    )


def compiled(raw: Raw, names: ModelNames) -> pl.DataFrame:
    """Return what the compilation of 2026 says of models, under every name it lists.

    Lines from memory decide nothing and are left out.
    """
    columns = ("model", "aliases", "developer", "developer_country", "release_date", "date_kind")
    rows = raw.folder(COMPILED).csv(
        *("models.csv", *columns, "open_weights", "base_model", "base_model_country", "basis")
    )
    named = (
        rows.filter(pl.col("basis") != "background")
        .with_columns(name=pl.concat_list("model", pl.col("aliases").str.split("|").fill_null([])))
        .explode("name")
    )
    return (
        named.select(
            "developer",
            "base_model",
            "base_model_country",
            model=_one(named["name"], names),
            countries=pl.concat_list("developer_country").list.drop_nulls(),
            **_day(pl.col("release_date")),
            date_kind=pl.col("date_kind").replace("hosting listing", KINDS[1]),
            open_weights=pl.col("open_weights").replace_strict({"yes": True, "no": False}, default=None),
        )
        .sort("model", "date", maintain_order=True)
        .group_by("model", maintain_order=True)
        .first()
    )


def by_hand(names: ModelNames) -> pl.DataFrame:
    """Return the dates that other sources have wrong, as ``model_facts.toml`` corrects them."""
    rows = [(names.one(model), day, EXACT, KINDS[0]) for model, day in dates().items()]
    schema = {"model": pl.String, "date": pl.Date, "date_error": pl.Int32, "date_kind": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def dates_of_families(models: pl.Series, sources: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return the date of every model: its family's, from the first source that has the best kind of date.

    ``sources``: ``model``, ``date``, ``date_error`` and ``date_kind`` each, the most trusted first.
    """
    known = pl.concat(
        source.select("model", *DATED, rank=pl.lit(rank)).cast({"date_error": pl.Int32})
        for rank, source in enumerate(sources)
    ).drop_nulls(["date", "date_kind"])
    kind = pl.col("date_kind").replace_strict({kind: k for k, kind in enumerate(KINDS)}, return_dtype=pl.Int8)
    best = (
        known.with_columns(family=pl.col("model").map_elements(loose, return_dtype=pl.String))
        .sort("family", kind, "rank", "date")
        .group_by("family", maintain_order=True)
        .agg(pl.col(DATED).first())
    )
    family = models.map_elements(loose, return_dtype=pl.String)
    return (
        pl.DataFrame({"model": models, "family": family}).join(best, on="family", how="left").drop("family")
    )


def dated_names(raw: Raw) -> pl.DataFrame:
    """Return every name with a date in a source: name, source, date, its kind and the day in the name."""
    release = pl.lit(KINDS[0])
    parts = [
        raw.folder(HUB)
        .csv(entry.file, "Model version", "Release date")
        .select(name="Model version", given="Release date", date_kind=release, source=pl.lit(HUB))
        for entry in hub_files()
    ]
    parts += [
        raw.folder(source)
        .csv(file, name, date)
        .select(name=name, given=date, date_kind=kind, source=pl.lit(source))
        for source, file, name, date, kind in (
            (RECENT, "scores.csv", "model_version", "release_date", release),
            (VERSIONS, "model_versions.csv", "id", "Version release date", release),
            (PUBLISHED, "scores.csv", "model", "release_date", pl.lit(KINDS[2])),
            (COMPILED, "models.csv", "model", "release_date", pl.col("date_kind")),
        )
    ]
    return (
        pl.concat(parts)
        .drop_nulls(["name", "given"])
        .select(
            "name",
            "source",
            "date_kind",
            date=_day(pl.col("given"))["date"],
            day=pl.col("name").map_elements(snapshot_of, return_dtype=pl.Date),
        )
        .drop_nulls("date")
        .unique()
    )


def developers(raw: Raw, hub: pl.DataFrame) -> dict[str, list[str]]:
    """Return the countries of developers: as the hub lists them, else as the compilations do."""
    found: dict[str, list[str]] = {}
    for source, file, country in (
        (COMPILED, "models.csv", "developer_country"),
        (PUBLISHED, "developers.csv", "country_iso3"),
    ):
        rows = raw.folder(source).csv(file, "developer", country).drop_nulls([country])
        found |= {developer: [iso3] for developer, iso3 in rows.select("developer", country).iter_rows()}
    listed = hub.drop_nulls(["developer", "countries"]).sort("model")
    return found | {
        developer: countries
        for developer, countries in listed.select("developer", "countries").iter_rows()
        if countries and "," not in developer
    }


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
