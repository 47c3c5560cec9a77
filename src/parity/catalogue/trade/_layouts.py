"""Layouts of trade files as their publishers hand them out, each a declaration of headings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import TypeAdapter

from parity.catalogue.trade import _cells
from parity.catalogue.trade._cells import Calendar
from parity.errors import ParityError, one_of

FLOWS = ("reporter", "partner", "flow", "hs", "period", "value")
BACI = ("t", "i", "j", "k", "v")
ALL_GOODS = "TOTAL"
# BACI counts in thousands of dollars.
BACI_UNIT = 1000.0
# Headings that are told apart by their words: currency and unit of a column of values.
THOUSAND = r"千元|千美元|1,?000|thousand"
DOLLARS = r"美元|usd|us\$|u\.s\. dollar"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of flows comes from.

    Attributes
    ----------
    name
        What to call it.
    headings
        Column of flows -> headings that it may have, in order of preference, as `plain` writes them; of
        a place several columns are read (number, letters, name), of others the first that is there.
    constants
        Column of flows -> one text for all rows.
    totals
        Headings by which UN Comtrade breaks a flow down, with what marks the total.
    edition
        Headings of the classification.
    keep
        Headings, a pattern of the cells whose rows are read, and what to call them.
    unit, currency
        What values are counted in.
    doubles
        What to do where the same flow stands in several rows: they are ``refused``, ``added`` up, or, in bulk
        files too large to look, ``trusted`` not to.
    labelled
        Whether a cell may be ``DE:Germany``, of which the code counts.
    calendar
        ``minguo`` where bare years of two or three digits are Taiwan's.
    own
        Whether the user mapped the columns: codes that cannot be read are then slips, not residues.
    """

    name: str
    headings: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[tuple[tuple[str, ...], str], ...] = ()
    edition: tuple[str, ...] = ()
    keep: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    unit: float = 1.0
    currency: str = "USD"
    doubles: Literal["refused", "added", "trusted"] = "refused"
    labelled: bool = False
    calendar: Calendar = "western"
    own: bool = False

    def found(self, columns: list[str]) -> dict[str, list[str]]:
        """Return for every column of flows its columns in a file, fewest first; empty lists where absent."""
        return {target: list(columns_of(names, columns)) for target, names in self.headings.items()}

    def fits(self, columns: list[str]) -> bool:
        """Return whether headings are most likely this layout's."""
        return len(self.absent(columns)) < len(FLOWS) / 2

    def absent(self, columns: list[str]) -> list[str]:
        """Return the columns of flows that a file has no heading for."""
        found = self.found(columns)
        return [name for name in FLOWS if name not in self.constants and not found.get(name)]


def columns_of(names: tuple[str, ...], columns: list[str]) -> Iterator[str]:
    """Yield the columns that some headings mean, in the order of the headings."""
    by_plain = {plain(column): column for column in reversed(columns)}
    for name in names:
        if name in columns or name in by_plain:
            yield name if name in columns else by_plain[name]


def plain(heading: str) -> str:
    """Return a heading without case, blanks and marks; of ``freq:Time frequency`` the code."""
    return re.sub(r"[\W_]", "", heading.split(":", 1)[0].lower())


PRESETS = TypeAdapter(dict[str, Layout]).validate_python(
    tomllib.loads(Path(__file__).with_name("layouts.toml").read_text(encoding="utf-8"))
)
TAIWAN = PRESETS["taiwan"]


def of_taiwan(columns: list[str], name: str) -> Layout:
    """Return Taiwan's layout with the column of values that a file has, in dollars or thousands of them."""
    values = [column for column in columns if re.search(DOLLARS, column.lower())]
    if not values:
        raise ParityError(
            f"{name}: no column of US dollars (found: {', '.join(columns[:12])}); on the query page choose "
            "US dollars (美元), Taiwan's own are not converted"
        )
    value = values[0]
    unit = 1e3 if re.search(THOUSAND, value.lower()) else 1.0
    headings = dict(TAIWAN.headings) | {"value": (plain(value),)}
    constants = dict(TAIWAN.constants)
    if not TAIWAN.found(columns)["flow"] and (told := re.search("export|import", value.lower())):
        constants["flow"] = told[0]
    return replace(TAIWAN, headings=headings, constants=constants, unit=unit)


def baci_total(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return BACI rows as flows of all goods, added up while they are still numbers."""
    summed = rows.group_by("t", "i", "j").agg(pl.col("v").cast(pl.Float64).sum())
    return baci(summed.with_columns(k=pl.lit(""))).with_columns(hs=pl.lit(ALL_GOODS))


def baci(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return BACI rows as flows, exporter reporting.

    ``rows``: columns ``t`` (year), ``i`` (exporter), ``j`` (importer), ``k`` (product), ``v`` (thousand
    US dollars), any number types; ``k`` may have lost its leading zero.
    """
    numbers = _cells.by_number().lazy()
    return (
        rows.select(
            pl.col("i", "j").cast(pl.Int32),
            hs=pl.col("k").cast(pl.String).str.strip_chars().str.zfill(6),
            period=pl.col("t").cast(pl.String),
            value=pl.col("v").cast(pl.Float64) * BACI_UNIT,
        )
        .join(numbers.rename({"iso3": "reporter"}), left_on="i", right_on="number", how="left")
        .join(numbers.rename({"iso3": "partner"}), left_on="j", right_on="number", how="left")
        .select("reporter", "partner", pl.lit("export").alias("flow"), "hs", "period", "value")
    )


UNITS = {"one": 1.0, "thousand": 1e3, "million": 1e6}
CURRENCIES = ("USD", "EUR")


def parse_mapping(pairs: tuple[str, ...], unit: str = "one", currency: str = "USD") -> Layout:
    """Return the layout that a user wrote.

    Parameters
    ----------
    pairs
        ``reporter=COLUMN`` or ``reporter==TEXT`` (the same for all rows), several of them.
    unit
        What values are counted in: ``one``, ``thousand`` or ``million``.
    currency
        ``USD``, or ``EUR``, which is converted at the average rate of the year.

    Raises
    ------
    ParityError
        If a column of flows is unknown or missing, or the unit or currency is not allowed.
    """
    columns: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    for pair in pairs:
        target, _, given = pair.partition("=")
        if target.strip() not in FLOWS or not given:
            raise ParityError(
                f"'{pair}' maps no column; write NAME=COLUMN or NAME==TEXT with {one_of(FLOWS)}"
            )
        if given.startswith("="):
            constants[target.strip()] = given[1:].strip()
        else:
            columns[target.strip()] = (given.strip(),)
    absent = [name for name in FLOWS if name not in columns and name not in constants]
    if absent:
        raise ParityError(
            f"nothing is mapped to {one_of(absent)}; write NAME=COLUMN, or NAME==TEXT for all rows"
        )
    if unit not in UNITS:
        raise ParityError(f"unit '{unit}' is unknown; allowed are {one_of(UNITS)}")
    if currency not in CURRENCIES:
        raise ParityError(f"currency '{currency}' is unknown; allowed are {one_of(CURRENCIES)}")
    return Layout("your mapping", columns, constants, unit=UNITS[unit], currency=currency, own=True)
