"""Estimated shipments of data-centre accelerators by quarter, for the world and for China."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._accelerator_figures import reading
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
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
