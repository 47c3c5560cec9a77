"""A mapping from the columns of any table to those of flows."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import polars as pl

from parity.catalogue._countries import find_country
from parity.catalogue.build._flow_names import dollars_per_euro
from parity.catalogue.trade._layouts import FLOWS
from parity.errors import ParityError, one_of

Unit = Literal["one", "thousand", "million"]
Currency = Literal["USD", "EUR"]
UNITS: dict[Unit, float] = {"one": 1.0, "thousand": 1e3, "million": 1e6}
# Partners that are the whole world, as sources write it.
WORLD = {"world", "w00", "wld", "all countries", "0"}
FLOW_WORDS = {
    "export": ("export", "exports", "x", "2", "exportation"),
    "import": ("import", "imports", "m", "1", "importation"),
}
# A number with its thousands set apart.
GROUPED = r"^-?\d{1,3}([ ,]\d{3})+(\.\d+)?$"
# What a period may look like -> how to take year and month from it.
PERIODS = (
    (r"^(\d{4})-?(0[1-9]|1[0-2])(?:-\d{2}.*)?$", "{1}-{2}"),
    (r"^(\d{4})[Mm](0[1-9]|1[0-2])$", "{1}-{2}"),
    (r"^[Yy]?(\d{4})(?:\.0)?$", "{1}"),
)


class Mapping(NamedTuple):
    """Where each column of flows comes from.

    Attributes
    ----------
    columns
        Column of flows -> column of the table.
    constants
        Column of flows -> one text for all rows.
    unit
        What values are counted in.
    currency
        Currency of the values; euros are converted at the average rate of the year.
    """

    columns: dict[str, str]
    constants: dict[str, str]
    unit: Unit = "one"
    currency: Currency = "USD"


def parse_mapping(pairs: tuple[str, ...], unit: str = "one", currency: str = "USD") -> Mapping:
    """Return the mapping that a user wrote.

    Parameters
    ----------
    pairs
        ``reporter=COLUMN`` or ``reporter==TEXT`` (the same for all rows), several of them.
    unit, currency
        See `Mapping`.

    Raises
    ------
    ParityError
        If a column of flows is unknown or missing, or the unit or currency is not allowed.
    """
    columns, constants = {}, {}
    for pair in pairs:
        target, _, given = pair.partition("=")
        if target.strip() not in FLOWS or not given:
            raise ParityError(
                f"'{pair}' maps no column; write NAME=COLUMN or NAME==TEXT with {one_of(FLOWS)}"
            )
        if given.startswith("="):
            constants[target.strip()] = given[1:].strip()
        else:
            columns[target.strip()] = given.strip()
    absent = [name for name in FLOWS if name not in columns and name not in constants]
    if absent:
        raise ParityError(
            f"nothing is mapped to {one_of(absent)}; write NAME=COLUMN, or NAME==TEXT for all rows"
        )
    if unit not in UNITS:
        raise ParityError(f"unit '{unit}' is unknown; allowed are {one_of(UNITS)}")
    if currency not in get_args(Currency):
        raise ParityError(f"currency '{currency}' is unknown; allowed are {one_of(get_args(Currency))}")
    return Mapping(columns, constants, unit, currency)  # type: ignore[arg-type]


def mapped(table: pl.DataFrame, mapping: Mapping, name: str) -> pl.DataFrame:
    """Return a table as flows.

    Parameters
    ----------
    table
        Table of the user.
    mapping
        Where each column comes from.
    name
        What to call the table in messages.

    Raises
    ------
    ParityError
        If a mapped column is absent, or a period, flow, code or country cannot be read.
    """
    absent = [column for column in mapping.columns.values() if column not in table.columns]
    if absent:
        raise ParityError(
            f"{name}: column {one_of(absent)} is absent; found are {one_of(table.columns[:20])}"
        )
    code = mapping.columns.get("hs", "")
    if code and table.schema[code].is_float():
        raise ParityError(
            f"{name}: the codes in '{code}' are numbers with a point and may have lost zeros; make them text"
        )
    text = table.select(
        *(pl.col(column).cast(pl.String).alias(target) for target, column in mapping.columns.items()),
        *(pl.lit(value).alias(target) for target, value in mapping.constants.items()),
    )
    rows = text.select(
        _each(text["reporter"], _country, name),
        _each(text["partner"], _country, name),
        _each(text["flow"], _flow, name),
        _each(text["hs"], _code, name),
        _each(text["period"], _period, name),
        value=_number(pl.col("value")),
    )
    unread = rows.filter(pl.col("value").is_null())
    if unread.height:
        raise ParityError(f"{name}: {unread.height} rows have no number in '{mapping.columns.get('value')}'")
    return _in_dollars(rows, mapping, name)


def _in_dollars(rows: pl.DataFrame, mapping: Mapping, name: str) -> pl.DataFrame:
    scaled = rows.with_columns(pl.col("value") * UNITS[mapping.unit])
    if mapping.currency == "USD":
        return scaled
    year = pl.col("period").str.slice(0, 4)
    rated = scaled.with_columns(year=year).join(dollars_per_euro(), on="year", how="left")
    without = rated.filter(pl.col("rate").is_null())["year"].unique().sort()
    if len(without):
        raise ParityError(f"{name}: no euro rate for {', '.join(without)}; convert to US dollars first")
    return rated.with_columns(pl.col("value") * pl.col("rate")).drop("year", "rate")


def _each(column: pl.Series, read: object, name: str) -> pl.Series:
    """Return a column with every distinct text read once."""
    known = {}
    for given in column.unique().sort():
        value = read(str(given).strip()) if given is not None else None  # type: ignore[operator]
        if value is None:
            raise ParityError(f"{name}: '{given}' cannot be read as {column.name}")
        known[given] = value
    return column.replace_strict(known, return_dtype=pl.String)


def _number(text: pl.Expr) -> pl.Expr:
    """Return texts as numbers: ``1,234.5`` and ``1 234.5`` are read, ``1,5`` could be either and is not."""
    bare = text.str.strip_chars()
    grouped = bare.str.contains(GROUPED)
    return (
        pl.when(grouped)
        .then(bare.str.replace_all(r"[ ,]", ""))
        .otherwise(bare)
        .cast(pl.Float64, strict=False)
    )


def _country(text: str) -> str:
    return "WLD" if text.lower() in WORLD else find_country(text).iso3


def _flow(text: str) -> str | None:
    return next((flow for flow, words in FLOW_WORDS.items() if text.lower() in words), None)


def _code(text: str) -> str | None:
    if text.lower() in ("total", "all"):
        return "TOTAL"
    digits = text.replace(".", "")
    if not digits.isdecimal():
        return None
    # A number that lost its leading zero has an odd count of digits.
    return digits.zfill(len(digits) + len(digits) % 2)[:6]


def _period(text: str) -> str | None:
    import re

    for pattern, form in PERIODS:
        if match := re.match(pattern, text):
            return form.format(None, *match.groups())
    return None
