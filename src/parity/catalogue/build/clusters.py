"""Known compute: clusters of accelerators, and totals that are published of the world and of countries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_origin import country_list
from parity.catalogue.build._provenance import last_day
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table, table
from parity.catalogue.build.transforms.epoch import cluster_until, day

SOURCE = "epoch"


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = raw.folder(SOURCE).csv(
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
            source=pl.lit(SOURCE),
        )
        .filter(pl.col("h100_equivalents") > 0)
        .with_columns(number=pl.int_range(pl.len()).over("cluster").cast(pl.Int32) + 1)
    )


TABLE = table(
    name="clusters",
    title="One cluster of accelerators per row",
    columns={
        "cluster": "Name",
        "number": (pl.Int32, "Tells clusters of one name apart"),
        "country": "ISO3 code of the country where it stands; null where it is not known",
        "owner": "Owner",
        "sector": "Public, private or both",
        "status": "existing, planned or decommissioned",
        "certainty": "confirmed, likely or unlikely",
        "single": (pl.Boolean, "One machine rather than the sum of an owner's machines"),
        "h100_equivalents": (pl.Float64, "Capacity in H100 equivalents"),
        "chip": "Main accelerator",
        "operational": (pl.Date, "Date of first operation"),
        "until": (
            pl.Date,
            "Day from which it no longer counts: switched off, or part of a later phase in another row",
        ),
        "duplicate": (pl.Boolean, "May repeat another row"),
        "source": "Source, described in the table sources",
    },
    key=("cluster", "number"),
    build=_build,
    renew={SOURCE: _build},
)


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
    return pl.DataFrame(rows, schema=SCHEMA)


FIELDS = {
    "iso3": "Country; empty for the world",
    "measure": "What is counted; different measures are never added or divided",
    "as_of": "Last day of the period that it is for",
    "value": "Value",
    "low": "Lower end",
    "high": "Upper end",
    "unit": "Unit",
    "by": "Who publishes it",
    "published": "When it was published, as far as known",
    "coverage": "What it leaves out",
    "world": "Whether it is of the world",
    "total": "Whether it may be what a share of the world is a share of",
    "source_url": "Page",
    "basis": "file (by script), read, or background (unverified: the page is where to check it)",
    "checked": "Day on which it was read; null: it was not",
    "note": "What to know before use",
    "source": "Key of the source",
}
SCHEMA: dict[str, DataType] = dict.fromkeys(FIELDS, pl.String) | {
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    **dict.fromkeys(("as_of", "checked"), pl.Date),
    **dict.fromkeys(("world", "total"), pl.Boolean),
}
COMPUTE_PUBLISHED = Table(
    "compute_published",
    "Published totals of compute, of the world and of countries",
    SCHEMA,
    FIELDS,
    ("iso3", "measure", "as_of", "by"),
    _build_compute_published,
)
