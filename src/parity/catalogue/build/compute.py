"""Compute: estimated shipments of accelerators by quarter, known clusters, and totals that are published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from parity.catalogue.build._accelerator_figures import reading
from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_origin import country_list
from parity.catalogue.build._provenance import last_day
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.transforms.epoch import cluster_until, day
from parity.errors import ParityError

SOURCE = "epoch-chip-counts"
# Shipments to everyone, in calendar quarters (the files by fiscal quarter hold the same chips again).
WORLD_FILES = (
    "csv_export__nvidia_calendar_quarter_chip_timelines.csv",
    "csv_export__tpu_calendar_quarter_chip_timelines.csv",
    "csv_export__amd_chip_timelines.csv",
    "csv_export__trainium_chip_timelines.csv",
)
OWNER_FILES = (
    "owners_csv_export__nvidia_owners_quarters_by_chip.csv",
    "owners_csv_export__amd_owners_quarters_by_chip.csv",
)
# The one owner that is a country.
COUNTRY_OWNERS = {"China": "CHN"}
NUMBERS = {
    "h100e": "Compute estimate in H100e (median)",
    "h100e_low": "H100e (5th percentile)",
    "h100e_high": "H100e (95th percentile)",
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    world = (_read(raw, file).with_columns(buyer=pl.lit("world")) for file in WORLD_FILES)
    owner = pl.col("Owner").replace_strict(COUNTRY_OWNERS, default=None, return_dtype=pl.String)
    owners = (_read(raw, file, "Owner").with_columns(buyer=owner).drop_nulls("buyer") for file in OWNER_FILES)
    frame = pl.concat(part.select(READ) for part in (*world, *owners))
    of = reading()["shipped"]
    unknown = sorted(set(frame["chip"]) - set(of))
    lost = sorted(set(of.values()) - set(built["accelerators"]["name"]))
    if unknown or lost:
        raise ParityError(
            f"{SOURCE}: chips without an accelerator: {unknown}; accelerators not listed: {lost}"
        )
    return frame.with_columns(accelerator=pl.col("chip").replace_strict(of), source=pl.lit(SOURCE))


def _read(raw: Raw, file: str, *required: str) -> pl.DataFrame:
    frame = raw.folder(SOURCE).csv(
        file, "Chip manufacturer", "Start date", "Chip type", *NUMBERS.values(), *required
    )
    return frame.with_columns(
        quarter=pl.col("Start date").str.to_date("%m/%d/%Y"),
        maker=pl.col("Chip manufacturer"),
        chip=pl.col("Chip type"),
        **{name: pl.col(column).cast(pl.Float64) for name, column in NUMBERS.items()},
    )


READ = ("quarter", "maker", "chip", "buyer", *NUMBERS)
TABLE = table("chip_supply", _build, renew={SOURCE: _build})


EPOCH = "epoch"


def _build_clusters(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = raw.folder(EPOCH).csv(
        "gpu_clusters.csv",
        *("Name", "Status", "Certainty", "H100 equivalents", "Country", "Owner", "First Operational Date"),
        *("Sector", "Possible Duplicate", "Single cluster?", "Chip type (primary)"),
        *("Superseded by", "Decommissioned Date (if applicable)"),
    )
    iso3 = Names.of(built["country_names"])
    rows = rows.with_columns(until=cluster_until(rows))
    return (
        rows.select(
            cluster=pl.col("Name").str.strip_chars(' "'),
            country=country_list(rows["Country"], iso3).list.first(),
            owner="Owner",
            sector="Sector",
            status=pl.col("Status").str.to_lowercase(),
            certainty=pl.col("Certainty").str.to_lowercase(),
            single=pl.col("Single cluster?") == "Yes",
            h100_equivalents=pl.col("H100 equivalents").cast(pl.Float64, strict=False),
            chip="Chip type (primary)",
            operational=day("First Operational Date"),
            until="until",
            duplicate=(pl.col("Possible Duplicate") == "True").fill_null(False),
            source=pl.lit(EPOCH),
        )
        .filter(pl.col("h100_equivalents") > 0)
        .with_columns(number=pl.int_range(pl.len()).over("cluster").cast(pl.Int32) + 1)
    )


CLUSTERS = table("clusters", _build_clusters, renew={EPOCH: _build_clusters})


COMPUTE_PUBLISHED_SOURCE = "chips-2026"
# Measures that are no amount of compute, or are made from the clusters that the table of clusters holds.
OTHERS = ("sites", "countries", "% of known clusters", "% of world, at least", "GW")


def _build_compute_published(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    folder = raw.folder(COMPUTE_PUBLISHED_SOURCE)
    given = folder.csv("compute_by_country.csv", "scope", "iso3", "measure", "value", "unit", "as_of")
    kept = given.filter(~pl.col("unit").is_in(OTHERS), ~pl.col("measure").str.contains("KNOWN existing"))
    checked = date.fromisoformat(str(folder.about["retrieved"]))
    rows = [
        {name: row[name] or "" for name in ("iso3", "measure", "unit", "published", "coverage", "source_url")}
        | {name: float(row[name]) if row[name] else None for name in ("value", "low", "high")}
        | {"by": row["source"], "as_of": last_day(row["as_of"])[0], "world": row["scope"] == "world"}
        | {
            "total": row["may_serve_as_world_total"] == "yes",
            "basis": row["basis"],
            "note": row["note"] or "",
        }
        | {"checked": None if row["basis"] == "background" else checked, "source": COMPUTE_PUBLISHED_SOURCE}
        for row in kept.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=COMPUTE_PUBLISHED.schema)


COMPUTE_PUBLISHED = table("compute_published", _build_compute_published)
