"""What a table of the snapshot is, and the checks that every one passes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

DataType = type[pl.DataType]
# By their names in a data package.
TYPES: dict[str, DataType] = {
    "string": pl.String,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "date": pl.Date,
    "integer": pl.Int32,
}
# Of every hand-written table: how each row is known.
PROVENANCE: dict[str, Any] = {
    "source": "Address of the page or file that states it; null: none was read",
    "checked": ["date", "Day on which the row was last held against its source; null: never"],
    "basis": "file (copied by script), read (read in a page), background (unverified: decides nothing)",
    "note": "What to know before use",
}
Build = Callable[[Raw, Mapping[str, pl.DataFrame]], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the snapshot."""

    name: str  # name of the table and of its file
    title: str  # what its rows are, in one line
    schema: Mapping[str, DataType]  # column -> polars type, in order
    fields: Mapping[str, str]  # column -> what it holds, for the data package and the documentation
    key: tuple[str, ...]  # columns that tell rows apart; the rows are sorted by them
    build: Build  # makes the table from the raw files and from the tables registered before it
    # Source -> what makes that source's rows from its fresh files alone (the raw folders hold nothing else)
    # and the tables in use. ``parity data update`` calls it.
    renew: Mapping[str, Build] = field(default_factory=dict)


_made: dict[str, Table] = {}


@cache
def _declared() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("tables.toml").read_text(encoding="utf-8"))


def table(name: str, build: Build, renew: Mapping[str, Build] | None = None) -> Table:
    """Return a table as ``tables.toml`` declares it."""
    declared = _declared()[name]
    columns = declared["columns"] | (PROVENANCE if declared.get("provenance") else {})
    typed = {column: ("string", told) if isinstance(told, str) else told for column, told in columns.items()}
    schema = {column: TYPES[kind] for column, (kind, _) in typed.items()}
    fields = {column: told for column, (_, told) in typed.items()}
    _made[name] = Table(name, declared["title"], schema, fields, tuple(declared["key"]), build, renew or {})
    return _made[name]


def every() -> tuple[Table, ...]:
    """Return the tables that modules have made, in the order in which ``tables.toml`` declares them."""
    return tuple(_made[name] for name in _declared())


def finish(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the table's columns, types and order, or say what is wrong.

    ``frame``: what its ``build`` returned.
    """
    if set(frame.columns) != set(table.schema) or set(table.fields) != set(table.schema):
        odd = sorted(set(frame.columns) ^ set(table.schema) | set(table.fields) ^ set(table.schema))
        raise ParityError(f"table {table.name}: columns do not agree with its schema: {odd}")
    frame = frame.select(pl.col(column).cast(dtype) for column, dtype in table.schema.items())
    no_key = frame.filter(pl.any_horizontal(pl.col(column).is_null() for column in table.key))
    if no_key.height:
        raise ParityError(f"table {table.name}: {no_key.height} rows lack a key: {no_key.row(0)}")
    twice = frame.filter(frame.select(table.key).is_duplicated())
    if twice.height:
        raise ParityError(f"table {table.name}: {twice.height} rows share a key: {twice.row(0)}")
    floats = pl.selectors.float()
    if not frame.select(floats.is_finite().all()).select(pl.all_horizontal(pl.all().fill_null(True))).item():
        raise ParityError(f"table {table.name}: holds a number that is not finite")
    return frame.sort(table.key)
