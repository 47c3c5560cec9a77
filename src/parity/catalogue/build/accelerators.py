"""Accelerators: what each can do, who makes it, since when, on whose word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from parity.catalogue.build._accelerator_figures import (
    BITS,
    EXAMPLES,
    HARDWARE,
    devices,
    matches,
    performance,
    reading,
    used,
)
from parity.catalogue.build._provenance import KIND, KIND_FIELDS, with_kind
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import DataType, Table

Row = dict[str, Any]
# Days at which the worked examples say whether a part had been released.
STATUS = "china_status_"


def _accelerators(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return pl.DataFrame([_row(device) for device in devices(raw)], schema=SCHEMA)


def _row(device: Row) -> Row:
    figures = used(device)
    maker, country, sale = _maker(device)
    first, by = _released(device)
    return {
        "name": device["name"],
        "aliases": ";".join(device["aliases"]) or None,
        "maker": maker,
        "maker_country": country,
        "sale": sale,
        "data_center": _data_center(device),
        "released_from": first,
        "released_by": by,
        **{quantity: figures.get(quantity) for quantity in FIGURES},
        **performance(device),
        "io_below": _io_below(device, figures),
        "foundry": device["hardware"].get("Foundry") or None,
        "source": EXAMPLES if device["example"] else HARDWARE,
    }


def _maker(device: Row) -> tuple[str, str, str]:
    known = reading()["makers"]
    given = device["hardware"].get("Manufacturer") or reading()["maker_of"].get(device["name"])
    maker = given or next(name for name in known if device["name"].startswith(name))
    return maker, known[maker][0], known[maker][1]


def _data_center(device: Row) -> bool | None:
    """Return whether the part is designed or marketed for data centres; null where that is open."""
    example = device["example"]
    if example and "ambiguous" not in example["use_as_test"]:
        return bool(example["datacentre_flag"] == "yes")
    said = next(
        (entry["data_center"] for entry in reading()["market"] if matches(entry["pattern"], device["name"])),
        "yes",
    )
    return {"yes": True, "no": False, "unknown": None}[said]


def _io_below(device: Row, figures: Mapping[str, float]) -> float | None:
    bridge = reading()["bridge_only"]
    known = "io_bandwidth" in figures or not matches(bridge["pattern"], device["name"])
    return None if known else float(bridge["below_gbs"])


def _released(device: Row) -> tuple[date | None, date | None]:
    """Return the first and the last day on which the release may have been.

    The hardware table gives a day; the first of January stands for a year of which no more is known (no
    device was out on that holiday). The worked examples say for four days whether the part was out; where
    they say that it was out before the hardware table's day, both are kept as a range.
    """
    mended: date | None = reading()["released"].get(device["name"])
    if mended is not None:
        return mended, mended
    stated = device["hardware"].get("Release date")
    day = date.fromisoformat(stated) if stated else None
    out, not_out = _status_days(device["example"])
    after = max(not_out) + timedelta(days=1) if not_out else None
    before = min(out) if out else None
    if day is None:
        return after, before
    if before and before < day:
        return after, day
    if (day.month, day.day) != (1, 1):
        return day, day
    year_end = date(day.year, 12, 31)
    return max(day, after or day), min(year_end, before or year_end)


def _status_days(example: Row) -> tuple[list[date], list[date]]:
    out: list[date] = []
    not_out: list[date] = []
    for column, status in example.items():
        if column.startswith(STATUS) and status not in ("not_sold", "unknown"):
            (not_out if status == "not_released" else out).append(
                date.fromisoformat(column.removeprefix(STATUS).replace("_", "-"))
            )
    return out, not_out


def _figures(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = [
        {"accelerator": device["name"], "position": position} | figure
        for device in devices(raw)
        for position, figure in enumerate(device["figures"])
    ]
    frame = pl.DataFrame(listed, schema=FIGURES_SCHEMA).with_columns(pl.col("reason").replace("", None))
    return with_kind(frame, date.fromisoformat(str(raw.folder(EXAMPLES).about["retrieved"])))


FIGURES = {
    **dict.fromkeys(BITS, "Dense operations a second at this precision, TOPS"),
    "die_area": "Area of all logic dies, mm2",
    "memory": "Memory, GB",
    "memory_bandwidth": "DRAM bandwidth, GB/s",
    "io_bandwidth": "Aggregate bidirectional bandwidth to other chips, GB/s",
    "tdp": "Thermal design power, W",
    "process_nm": "Process, nm",
    "transistors": "Transistors",
    "price": "Price at release, USD",
}
FIELDS = {
    "name": "Name",
    "aliases": "Other names in the sources, separated by semicolons",
    "maker": "Who designs it",
    "maker_country": "Country of the maker's headquarters (own classification)",
    "sale": "merchant (sold as hardware) or captive (kept for the maker's own services) (own classification)",
    "data_center": "Whether designed or marketed for data centres; null where open (own classification)",
    "released_from": "First day on which it may have been released",
    "released_by": "Last day on which it may have been released; null: no date known",
    **FIGURES,
    "tpp": "Total processing performance: dense TOPS x bit length, the largest over precisions",
    "tpp_at_least": "Lower bound of the TPP; the TPP itself where it is known",
    "tpp_tops": "Dense TOPS of the operation that gives the TPP",
    "tpp_bits": "Its bit length",
    "io_below": "Bound below which io_bandwidth lies where it is not known, GB/s",
    "foundry": "Who makes the dies",
    "source": "Key of the source that settles the figures",
}
SCHEMA: dict[str, DataType] = dict.fromkeys(FIELDS, pl.Float64) | {
    **dict.fromkeys(("name", "aliases", "maker", "maker_country", "sale", "foundry", "source"), pl.String),
    "data_center": pl.Boolean,
    "released_from": pl.Date,
    "released_by": pl.Date,
}
FIGURES_FIELDS = {
    "accelerator": "Name of the accelerator",
    "position": "Order within the accelerator",
    "quantity": "Figure",
    "value": "Value",
    "unit": "Unit",
    "basis": "How it is known",
    "used": "Whether rulings use it",
    "reason": "Why it is not used",
    "source": "Key of the source",
    **KIND_FIELDS,
}
FIGURES_SCHEMA: dict[str, DataType] = dict.fromkeys(FIGURES_FIELDS, pl.String) | {
    "position": pl.Int32,
    "value": pl.Float64,
    "used": pl.Boolean,
    **KIND,
}

ACCELERATORS = Table(
    "accelerators", "AI accelerators: performance, makers, releases", SCHEMA, FIELDS, ("name",), _accelerators
)
ACCELERATOR_FIGURES = Table(
    "accelerator_figures",
    "Figures of accelerators as each source gives them",
    FIGURES_SCHEMA,
    FIGURES_FIELDS,
    ("accelerator", "position"),
    _figures,
)
