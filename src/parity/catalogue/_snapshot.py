"""The tables: those that ship with Parity, with a user's newer copies laid over them."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from parity.catalogue._seal import SNAPSHOT, sealed
from parity.catalogue._store import edition_table, own_derived, stored
from parity.errors import DamageError, ParityError, did_you_mean, one_of

# A reader may find that an edition has just made way for a newer one: it looks at the record again.
ATTEMPTS = 3


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
        If there is no such table, or a file is not what was written.
    """
    table = snapshot_table(name)
    if "source" not in table.columns:
        return table
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _overlaid(name, table)
        except (OSError, ValueError) as problem:
            if attempt == ATTEMPTS:
                raise DamageError(
                    f"{name}: an update cannot be read ({problem}); see 'parity data verify'"
                ) from None
    raise AssertionError  # the last attempt returns or raises


def _overlaid(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with the rows of the user's updates in place of the snapshot's."""
    for source, record in stored().records.items():
        if name in record.tables:
            newer = edition_table(source, record, name)
            # A row that has come to another source keeps its key to itself.
            kept = table.filter(pl.col("source") != source).join(newer, on=_key(name), how="anti")
            table = pl.concat([kept, newer])
    return table


def snapshot_table(name: str) -> pl.DataFrame:
    """Return a table as it ships, whatever the user has updated.

    ``name``: one of ``tables()``.
    """
    return pl.read_parquet(io.BytesIO(sound(name)))


def sound(name: str) -> bytes:
    """Return a table's file as it ships, after comparing its checksum.

    ``name``: one of ``tables()``.
    """
    if name not in tables():
        raise ParityError(
            f"the catalogue has no table '{name}'.{did_you_mean(name, tables())} "
            f"Allowed are {one_of(tables())}"
        )
    return sealed(f"{name}.parquet", _checksum(name))


def derived_table(name: str) -> pl.DataFrame:
    """Return a table of stored results: those that ship, then those made for the user's updates.

    Parameters
    ----------
    name
        File name without its ending, in the snapshot's folder ``derived``.
    """
    ships = pl.read_parquet(io.BytesIO(sealed(f"derived/{name}.parquet")))
    own = own_derived(name)
    return ships if own is None or own.schema != ships.schema else pl.concat([ships, own])


def snapshot_checksum(*names: str) -> str:
    """Return one checksum for some tables as they are in use, the user's updates of them included.

    Parameters
    ----------
    names
        Tables.
    """
    parts = [resource["hash"] for resource in datapackage()["resources"] if resource["name"] in names]
    parts += [
        record.model_dump_json()
        for record in stored().records.values()
        if not set(names).isdisjoint(record.tables)
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
    records, faults = stored()
    newer = ", ".join(f"{source} of {record.retrieved}" for source, record in records.items())
    unused = ", ".join(faults)
    return (
        line
        + (f", updated: {newer}" if newer else "")
        + (f"; damaged and not used: {unused}" if unused else "")
    )


def snapshot_date() -> date:
    """Return the day of the data that ship."""
    return date.fromisoformat(datapackage()["version"])


@cache
def datapackage() -> dict[str, Any]:
    """Return the snapshot's Frictionless descriptor: sources, licences, checksums, schemas."""
    descriptor: dict[str, Any] = json.loads(sealed("datapackage.json"))
    return descriptor


def verify() -> list[tuple[str, str]]:
    """Compare every file that Parity reads with the checksum it was written with.

    Returns
    -------
    list of tuple
        File of the snapshot, or source that was updated, and what is wrong with it; empty if it is sound.
    """
    derived = sorted(f"derived/{path.name}" for path in (SNAPSHOT / "derived").glob("*.parquet"))
    found = [("datapackage.json", _fault("datapackage.json"))]
    if not found[0][1]:
        found += [(f"{name}.parquet", _fault(f"{name}.parquet", _checksum(name))) for name in tables()]
    found += [(name, _fault(name)) for name in derived]
    records, faults = stored()
    return found + [(source, faults.get(source, "")) for source in sorted({*records, *faults})]


def _fault(name: str, checksum: str | None = None) -> str:
    try:
        sealed(name, checksum)
    except DamageError as problem:
        return str(problem)
    return ""


def _entry(name: str) -> dict[str, Any]:
    entry: dict[str, Any] = next(entry for entry in datapackage()["resources"] if entry["name"] == name)
    return entry


def _checksum(name: str) -> str:
    return str(_entry(name)["hash"]).removeprefix("sha256:")


def _key(name: str) -> list[str]:
    key: list[str] = _entry(name)["schema"]["primaryKey"]
    return key
