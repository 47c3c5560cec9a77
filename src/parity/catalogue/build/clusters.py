"""Clusters of accelerators: where, how large, since when."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_origin import country_list
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import Table
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


TABLE = Table(
    name="clusters",
    title="One cluster of accelerators per row",
    schema={
        "cluster": pl.String,
        "number": pl.Int32,
        "country": pl.String,
        "owner": pl.String,
        "sector": pl.String,
        "status": pl.String,
        "certainty": pl.String,
        "single": pl.Boolean,
        "h100_equivalents": pl.Float64,
        "chip": pl.String,
        "operational": pl.Date,
        "until": pl.Date,
        "duplicate": pl.Boolean,
        "source": pl.String,
    },
    fields={
        "cluster": "Name",
        "number": "Tells clusters of one name apart",
        "country": "ISO3 code of the country where it stands; null where it is not known",
        "owner": "Owner",
        "sector": "Public, private or both",
        "status": "existing, planned or decommissioned",
        "certainty": "confirmed, likely or unlikely",
        "single": "One machine rather than the sum of an owner's machines",
        "h100_equivalents": "Capacity in H100 equivalents",
        "chip": "Main accelerator",
        "operational": "Date of first operation",
        "until": "Day from which it no longer counts: switched off, or part of a later phase in another row",
        "duplicate": "May repeat another row",
        "source": "Source, described in the table sources",
    },
    key=("cluster", "number"),
    build=_build,
    renew={SOURCE: _build},
)
