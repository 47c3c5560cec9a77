"""Estimated shipments of data-centre accelerators by quarter, for the world and for China."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

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
# Kind of chip -> accelerator whose ruling stands for it.
ACCELERATOR_OF = {
    "A100": "NVIDIA A100 SXM4 80GB",
    "A800": "NVIDIA A800 SXM4 80GB",
    "H100": "NVIDIA H100 SXM5 80GB",
    "H100/H200": "NVIDIA H100 SXM5 80GB",
    "H800": "NVIDIA H800 SXM5",
    "H20": "NVIDIA H20 SXM 96GB",
    "B200": "NVIDIA B200",
    "B300": "NVIDIA B300",
    "TPU v4": "Google TPU v4",
    "TPU v4i": "Google TPU v4i",
    "TPU v5e": "Google TPU v5e",
    "TPU v5p": "Google TPU v5p",
    "TPU v6e": "Google TPU v6e (Trillium)",
    "TPU v7": "Google TPU v7 (Ironwood)",
    "Instinct MI250X": "AMD Instinct MI250X",
    "Instinct MI300A": "AMD Instinct MI300A",
    "Instinct MI300X": "AMD Instinct MI300X",
    "Instinct MI308X": "AMD Instinct MI308X",
    "Instinct MI325X": "AMD Instinct MI325X",
    "Instinct MI350X": "AMD Instinct MI350X",
    "Instinct MI355X": "AMD Instinct MI355X",
    "Trainium1": "AWS Trainium1",
    "Trainium2": "AWS Trainium2",
}
NUMBERS = {
    "h100e": "Compute estimate in H100e (median)",
    "h100e_low": "H100e (5th percentile)",
    "h100e_high": "H100e (95th percentile)",
}


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.concat([*_world(raw), *_owners(raw)])
    unknown = sorted(set(frame["chip"]) - set(ACCELERATOR_OF))
    lost = sorted(set(ACCELERATOR_OF.values()) - set(built["accelerators"]["name"]))
    if unknown or lost:
        raise ParityError(
            f"{SOURCE}: chips without an accelerator: {unknown}; accelerators not listed: {lost}"
        )
    return frame.with_columns(
        accelerator=pl.col("chip").replace_strict(ACCELERATOR_OF), source=pl.lit(SOURCE)
    )


def _world(raw: Raw) -> Iterator[pl.DataFrame]:
    for file in WORLD_FILES:
        yield _read(raw, file).with_columns(buyer=pl.lit("world")).select(list(READ))


def _owners(raw: Raw) -> Iterator[pl.DataFrame]:
    for file in OWNER_FILES:
        owned = _read(raw, file, "Owner").filter(pl.col("Owner").is_in(list(COUNTRY_OWNERS)))
        yield owned.with_columns(buyer=pl.col("Owner").replace_strict(COUNTRY_OWNERS)).select(list(READ))


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
