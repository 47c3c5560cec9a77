"""A compliance desk's table, read column by column: what is asked, and which rows cannot be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from parity import dates
from parity.chips._lookup import SPARSITY, Names
from parity.errors import ParityError, one_of

# Column -> other headings that mean it.
HEADINGS = {
    "device": ("accelerator", "chip", "product", "item"),
    "to": ("destination", "country", "dest"),
    "on": ("date", "day"),
    "headquarters": ("hq", "parent", "headquarter"),
    "data_center": ("datacenter", "data_centre", "datacentre"),
    "tops": ("dense_tops",),
    "bits": ("bit_length",),
    "die_area": ("die", "die_area_mm2"),
    "memory_bandwidth": ("dram_bandwidth", "memory_bandwidth_gbs", "dram_bandwidth_gbs"),
    "io_bandwidth": ("io", "io_bandwidth_gbs"),
    "process_nm": ("process",),
    "maker": ("manufacturer",),
    "sparse": ("sparsity",),
}
FIGURES = ("tops", "bits", "die_area", "memory_bandwidth", "io_bandwidth", "process_nm")
DESCRIPTION = ("device", *FIGURES, "data_center", "maker", "sparse")
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")


@dataclass(frozen=True, slots=True)
class Requests:
    """What a table asks.

    Attributes
    ----------
    rows
        One row per row of the table, in its order: ``device_id``, ``to``, ``headquarters``, ``seat_open``
        (whether no seat was given: it is then the destination), ``on`` and ``error``.
    devices
        One row per different device, with columns of the table ``accelerators``; its position is
        ``device_id``.
    """

    rows: pl.DataFrame
    devices: pl.DataFrame


def read_requests(
    table: pl.DataFrame, accelerators: pl.DataFrame, country: Callable[[str], str], today: date
) -> Requests:
    """Read a table of devices and destinations.

    Parameters
    ----------
    table
        Columns ``device`` (a name) or ``tops`` and ``bits`` (figures), and ``to``; optionally ``on``,
        ``headquarters``, ``data_center``, ``die_area``, ``memory_bandwidth``, ``io_bandwidth``,
        ``process_nm``, ``maker`` and ``sparse``. Headings may be the usual others (``destination``, ``hq``).
    accelerators
        The table ``accelerators``.
    country
        Country name or code -> ISO3; raises ``ParityError`` for an unknown one.
    today
        Day for rows without one.

    Raises
    ------
    ParityError
        If a needed column is absent.
    """
    asked = _headings(table)
    described = asked.select(DESCRIPTION).unique(maintain_order=True).with_row_index("device_id")
    devices, wrong = _devices(described, accelerators)
    keyed = asked.join(described, on=list(DESCRIPTION), how="left", nulls_equal=True, maintain_order="left")
    keyed = keyed.join(wrong, on="device_id", how="left", maintain_order="left")
    to, to_error = _looked_up(keyed["to"], country, "no destination is given")
    seat, seat_error = _looked_up(keyed["headquarters"], country, None)
    on, on_error = _looked_up(keyed["on"], dates.read, None)
    rows = pl.DataFrame(
        {
            "device_id": keyed["device_id"],
            "to": to,
            "headquarters": seat.fill_null(to),
            "seat_open": keyed["headquarters"].is_null(),
            "on": on.cast(pl.Date).fill_null(today),
            "error": pl.select(
                pl.concat_str(
                    [keyed["error"], to_error, seat_error, on_error], separator="; ", ignore_nulls=True
                )
            )
            .to_series()
            .replace("", None),
        }
    )
    return Requests(rows, devices)


def _headings(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with our headings, every cell as trimmed text, absent columns as null."""
    given = {column.strip().lower().replace(" ", "_"): column for column in table.columns}
    found = {
        name: next((given[heading] for heading in (name, *others) if heading in given), None)
        for name, others in HEADINGS.items()
    }
    if found["to"] is None or (found["device"] is None and found["tops"] is None):
        raise ParityError(
            f"the table has the columns {one_of(table.columns)}; needed are 'device' (or 'tops' and 'bits') "
            f"and 'to', optional {one_of(name for name in HEADINGS if name not in ('device', 'to'))}"
        )
    # A moment of a spreadsheet stands for its day.
    plain = table.with_columns(pl.selectors.datetime().dt.date())
    text = {
        name: pl.col(column).cast(pl.String).str.strip_chars().replace("", None)
        if column
        else pl.lit(None, pl.String)
        for name, column in found.items()
    }
    return plain.select(**text)


def _looked_up(
    column: pl.Series, find: Callable[[str], Any], absent: str | None
) -> tuple[pl.Series, pl.Series]:
    """Return what each cell means and what is wrong with it; each different cell is looked up once."""
    meaning: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for cell in column.drop_nulls().unique():
        try:
            meaning[cell] = find(cell)
        except ParityError as problem:
            wrong[cell] = str(problem)
    errors = column.replace_strict(wrong, default=None, return_dtype=pl.String)
    kind = pl.Date if any(isinstance(value, date) for value in meaning.values()) else pl.String
    found = column.replace_strict(meaning, default=None, return_dtype=kind)
    return found, errors if absent is None else errors.fill_null(_where_null(column, absent))


def _where_null(column: pl.Series, message: str) -> pl.Series:
    frame = pl.DataFrame({"cell": column})
    return frame.select(pl.when(pl.col("cell").is_null()).then(pl.lit(message))).to_series()


def _devices(described: pl.DataFrame, accelerators: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the figures of each different device, and what is wrong with those that cannot be used."""
    named = _named(described["device"], accelerators)
    numbers = described.with_columns(pl.col(FIGURES).cast(pl.Float64, strict=False).name.suffix("_given"))
    joined = numbers.join(named, left_on="device", right_on="asked", how="left", maintain_order="left")
    by_figures = pl.col("tops").is_not_null()
    sparse = pl.when(_flag("sparse").fill_null(False)).then(1 / SPARSITY).otherwise(1.0)
    tpp = pl.col("tops_given") * pl.col("bits_given") * sparse
    own = {
        quantity: pl.coalesce(f"{quantity}_given", pl.when(~by_figures).then(pl.col(quantity + "_listed")))
        for quantity in FIGURES[2:]
    }
    devices = joined.select(
        name=pl.when(by_figures)
        .then(pl.coalesce("device", _title()))
        .otherwise(pl.coalesce("name", "device")),
        named=pl.col("device").is_not_null(),
        matched_by=pl.when(by_figures).then(pl.lit("figures")).otherwise(pl.col("how")),
        maker=pl.coalesce("maker", "maker_listed"),
        tpp=pl.when(by_figures).then(tpp).otherwise(pl.col("tpp_listed")),
        tpp_at_least=pl.when(~by_figures).then(pl.col("tpp_at_least")),
        data_center=pl.coalesce(
            _flag("data_center"), pl.when(~by_figures).then(pl.col("data_center_listed"))
        ),
        io_below=pl.when(~by_figures & pl.col("io_bandwidth_given").is_null()).then(pl.col("io_below")),
        **{name: pl.when(~by_figures).then(pl.col(name)) for name in LISTED_FACTS},
        **own,
    )
    return devices, _wrong(joined, by_figures)


LISTED_FACTS = (
    *("maker_country", "sale", "status", "basis", "kind", "market", "released_from", "released_by"),
    *("package_area", "density_above"),
)


def _named(asked: pl.Series, accelerators: pl.DataFrame) -> pl.DataFrame:
    """Return the accelerator that each different name means, and why none does."""
    names = Names.of(accelerators)
    found: list[Mapping[str, Any]] = []
    for text in asked.drop_nulls().unique(maintain_order=True):
        try:
            device = names.find(text)
            found.append({"asked": text, "name": device.name, "how": device.matched, "lost": None})
        except ParityError as problem:
            found.append({"asked": text, "name": None, "how": None, "lost": str(problem)})
    frame = pl.DataFrame(found, schema=dict.fromkeys(("asked", "name", "how", "lost"), pl.String))
    listed = accelerators.rename(
        {name: f"{name}_listed" for name in (*FIGURES[2:], "tpp", "data_center", "maker")}
    )
    return frame.join(listed, on="name", how="left", maintain_order="left")


def _positive(column: str) -> pl.Expr:
    # To polars NaN is above every number.
    return ((pl.col(column) > 0) & pl.col(column).is_finite()).fill_null(False)


def _flag(column: str) -> pl.Expr:
    text = pl.col(column).str.to_lowercase()
    return pl.when(text.is_in(YES)).then(True).when(text.is_in(NO)).then(False)


def _title() -> pl.Expr:
    return pl.format("device with {} TOPS at {} bit", "tops", pl.col("bits").fill_null("?"))


def _wrong(joined: pl.DataFrame, by_figures: pl.Expr) -> pl.DataFrame:
    """Return what is wrong with a device: device_id and error, for those with something."""
    below_zero = [
        pl.when(pl.col(name).is_not_null() & ~_positive(f"{name}_given"))
        .then(pl.format(f"{name} is {{}}; a figure of a device is a number above zero", pl.col(name)))
        for name in FIGURES
    ]  # fmt: skip
    odd_flags = [
        pl.when(pl.col(name).is_not_null() & _flag(name).is_null())
        .then(pl.format(f"{name} is '{{}}'; write yes or no", pl.col(name)))
        for name in ("data_center", "sparse")
    ]  # fmt: skip
    lacking = pl.when(by_figures & pl.col("bits").is_null()).then(
        pl.lit("tops without bits: give the bit length")
    )
    neither = pl.when(~by_figures & pl.col("device").is_null()).then(
        pl.lit("neither a device nor its figures are given")
    )
    unknown = pl.when(~by_figures).then(pl.col("lost"))
    messages = pl.concat_str(
        [unknown, neither, lacking, *below_zero, *odd_flags], separator="; ", ignore_nulls=True
    )
    return joined.select("device_id", error=messages).filter(pl.col("error") != "")
