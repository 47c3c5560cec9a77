"""Epoch AI: notable and large-scale models, GPU clusters."""

from __future__ import annotations

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import number, require, total, year

COUNTRY = "Country (of organization)"
DATE = "Publication date"
COMPUTE = "Training compute (FLOP)"
NOT_COUNTRIES = {"Multinational": None}
# Sectors of a cluster that a government owns, alone or with others.
PUBLIC = ("Public", "Public/Private")


def observations(folder: Folder, names: Names) -> pl.DataFrame:
    """Return models published per year, the largest training run, and cluster capacity at year's end."""
    notable = _by_country(folder.csv("notable_ai_models.csv", COUNTRY, DATE, COMPUTE), names)
    large = _by_country(folder.csv("large_scale_ai_models.csv", COUNTRY, DATE), names)
    return pl.concat(
        [
            _published(notable, "notable_models"),
            _published(large, "large_scale_models"),
            _shared(notable, "notable_models_fractional"),
            _shared(large, "large_scale_models_fractional"),
            _largest_run(notable),
            _capacity(folder, names),
            _capacity(folder, names, "public_ai_compute_h100e", PUBLIC),
        ],
        how="diagonal",
    )


def _by_country(models: pl.DataFrame, names: Names, column: str = COUNTRY) -> pl.DataFrame:
    """Return one row per model and country.

    The column lists a country once per organisation, so that a country may stand there twice.
    """
    rows = (
        models.with_row_index("row")
        .with_columns(pl.col(column).str.split(","))
        .explode(column)
        .with_columns(pl.col(column).str.strip_chars())
        .filter(pl.col(column) != "")
    )
    rows = rows.with_columns(iso3=names.iso3(rows[column], also=NOT_COUNTRIES))
    return rows.drop_nulls("iso3").unique(["row", "iso3"], maintain_order=True)


def _published(rows: pl.DataFrame, indicator: str) -> pl.DataFrame:
    dated = rows.with_columns(year=year(DATE)).drop_nulls("year")
    return dated.group_by("iso3", "year").agg(
        value=pl.len().cast(pl.Float64), indicator=pl.lit(indicator).first()
    )


def _shared(rows: pl.DataFrame, indicator: str) -> pl.DataFrame:
    """Count a model of n countries as 1/n in each: joint work is one piece of work."""
    dated = rows.with_columns(year=year(DATE), share=1 / pl.len().over("row")).drop_nulls("year")
    return dated.group_by("iso3", "year").agg(value=total("share"), indicator=pl.lit(indicator).first())


def _largest_run(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the largest known training compute of a year's notable models."""
    known = rows.select("iso3", year=year(DATE), value=number(COMPUTE)).drop_nulls()
    largest = known.group_by("iso3", "year").agg(pl.col("value").max())
    return largest.with_columns(indicator=pl.lit("largest_training_run"))


def _capacity(
    folder: Folder, names: Names, indicator: str = "gpu_cluster_h100e", sectors: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Return the H100 equivalents that stand at the end of each year, of all sectors or of some.

    Duplicates, unlikely and planned clusters are left out, as the publisher advises. A cluster
    counts from the year it first ran to the year before it was switched off or became part of a
    later phase; one without a date counts in the last year only.
    """
    raw = folder.csv(
        "gpu_clusters.csv", "Country", "Status", "Certainty", "Possible Duplicate",
        "H100 equivalents", "First Operational Date", "Decommissioned Date (if applicable)", "Name",
        "Superseded by", "Sector",
    )  # fmt: skip
    existing = raw.filter(
        pl.col("Status").is_in(["Existing", "Decommissioned"]),
        pl.col("Certainty") != "Unlikely",
        pl.col("Possible Duplicate").fill_null("") != "True",
    )
    require(existing.height > 0, "no cluster is marked as existing; the words of the status have changed")
    kept = existing.filter(pl.col("Sector").is_in(sectors)) if sectors else existing
    kept = kept.with_columns(until=cluster_until(kept))
    rows = _by_country(kept, names, "Country").select(
        "iso3",
        "Status",
        value=number("H100 equivalents"),
        first=year("First Operational Date"),
        until=pl.col("until").dt.year(),
    ).drop_nulls("value")  # fmt: skip
    # A cluster that is gone, nobody says since when, counts in no year.
    dated = rows.filter((pl.col("Status") == "Existing") | pl.col("until").is_not_null())
    years = rows.select(year=pl.int_ranges(pl.col("first").min(), pl.col("first").max() + 1, dtype=pl.Int32))
    last = pl.col("year").max()
    standing = dated.join(years.head(1).explode("year"), how="cross").filter(
        pl.col("first").fill_null(last) <= pl.col("year"),
        pl.col("until").fill_null(last + 1) > pl.col("year"),
    )
    capacity = standing.group_by("iso3", "year").agg(total("value"))
    return capacity.with_columns(indicator=pl.lit(indicator))


def cluster_until(clusters: pl.DataFrame) -> pl.Series:
    """Return the day from which each cluster no longer counts, null where it still does.

    A later phase holds the machines of the phase that it supersedes: counting both would count them twice.
    """
    later = clusters.select(phase="Name", started=day("First Operational Date")).unique("phase", keep="none")
    joined = clusters.join(
        later, left_on="Superseded by", right_on="phase", how="left", maintain_order="left"
    )
    return joined.select(pl.coalesce(day("Decommissioned Date (if applicable)"), "started")).to_series()


def day(column: str) -> pl.Expr:
    """Return a column as days; a month stands for its first day."""
    text = pl.col(column)
    return pl.coalesce(
        text.str.to_date("%Y-%m-%d", strict=False), (text + "-01").str.to_date("%Y-%m-%d", strict=False)
    )
