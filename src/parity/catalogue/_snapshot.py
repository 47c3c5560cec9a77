"""The tables: those that ship with Parity, with a user's newer copies laid over them."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from parity.errors import ParityError, did_you_mean, one_of

SNAPSHOT = Path(__file__).parent / "snapshot"
# Environment variable that names another folder for updated data.
DATA_VARIABLE = "PARITY_DATA"


def load_table(name: str) -> pl.DataFrame:
    """Return a table of the catalogue.

    Where ``parity data update`` has fetched a newer copy of a source, its rows stand in for
    the snapshot's rows of that source.

    Parameters
    ----------
    name
        One of ``tables()``.

    Returns
    -------
    polars.DataFrame
        The whole table; its columns are described in the data package and in ``docs/data-model.md``.

    Raises
    ------
    ParityError
        If there is no such table, or an updated copy was written by another version of Parity.
    """
    table = snapshot_table(name)
    if "source" not in table.columns:
        return table
    for source, update in updates().items():
        if name in update["tables"]:
            newer = _updated(source, update, name, table)
            # A row that has come to another source keeps its key to itself.
            kept = table.filter(pl.col("source") != source).join(newer, on=_key(name), how="anti")
            table = pl.concat([kept, newer])
    return table


def snapshot_table(name: str) -> pl.DataFrame:
    """Return a table as it ships, whatever the user has updated.

    Parameters
    ----------
    name
        One of ``tables()``.

    Raises
    ------
    ParityError
        If there is no such table.
    """
    if name not in tables():
        raise ParityError(
            f"the catalogue has no table '{name}'.{did_you_mean(name, tables())} "
            f"Allowed are {one_of(tables())}"
        )
    return pl.read_parquet(SNAPSHOT / f"{name}.parquet")


def derived_table(name: str) -> pl.DataFrame:
    """Return a table that measures made from the snapshot and that ships with it.

    Parameters
    ----------
    name
        File name without its ending, in the snapshot's folder ``derived``.
    """
    return pl.read_parquet(SNAPSHOT / "derived" / f"{name}.parquet")


def snapshot_checksum(*names: str) -> str:
    """Return one checksum for some tables as they are in use, the user's updates of them included.

    Parameters
    ----------
    names
        Tables.
    """
    parts = [resource["hash"] for resource in datapackage()["resources"] if resource["name"] in names]
    parts += [
        json.dumps(update, sort_keys=True)
        for update in updates().values()
        if not set(names).isdisjoint(update["tables"])
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def tables() -> tuple[str, ...]:
    """Return the names of the tables, in the order of the data package."""
    return tuple(resource["name"] for resource in datapackage()["resources"])


def vintage() -> str:
    """Return one line that says which data an answer rests on.

    Returns
    -------
    str
        ``"snapshot 2026-11-23"``, followed by the sources that the user has updated, with dates.
    """
    line = f"snapshot {datapackage()['version']}"
    newer = ", ".join(f"{source} of {update['retrieved']}" for source, update in updates().items())
    return f"{line}, updated: {newer}" if newer else line


def snapshot_date() -> date:
    """Return the day of the data that ship."""
    return date.fromisoformat(datapackage()["version"])


@cache
def datapackage() -> dict[str, Any]:
    """Return the snapshot's Frictionless descriptor: sources, licences, checksums, schemas."""
    descriptor: dict[str, Any] = json.loads((SNAPSHOT / "datapackage.json").read_text(encoding="utf-8"))
    return descriptor


def data_folder() -> Path:
    """Return the folder of updated tables, in ``$PARITY_DATA`` or the platform's own place for data."""
    if given := os.environ.get(DATA_VARIABLE):
        return Path(given).expanduser() / "updates"
    import platformdirs

    return platformdirs.user_data_path("parity", appauthor=False) / "updates"


def updates() -> dict[str, dict[str, Any]]:
    """Return what the user has updated: source -> its record, by source name.

    Raises
    ------
    ParityError
        If a record is damaged.
    """
    records = {}
    for path in sorted(data_folder().glob("*.json")):
        try:
            records[path.stem] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise ParityError(f"{path}: damaged record of an update ({problem}); delete it") from None
    return records


def _key(name: str) -> list[str]:
    entry = next(entry for entry in datapackage()["resources"] if entry["name"] == name)
    key: list[str] = entry["schema"]["primaryKey"]
    return key


def _updated(source: str, update: dict[str, Any], name: str, table: pl.DataFrame) -> pl.DataFrame:
    path = data_folder() / source / update["folder"] / f"{name}.parquet"
    try:
        newer = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise ParityError(f"{path}: cannot be read ({problem}); run 'parity data update {source}'") from None
    if newer.schema != table.schema:
        raise ParityError(
            f"{path}: made by another version of Parity; run 'parity data update {source}' again"
        )
    return newer
