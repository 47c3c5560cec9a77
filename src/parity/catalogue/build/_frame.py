"""The build: every registered table, checked, written as Parquet with its descriptor."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from parity.catalogue import files
from parity.catalogue.build import _package
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._registry import TABLES
from parity.catalogue.build._table import finish
from parity.errors import ParityError

# The whole snapshot ships inside the package.
MAX_SNAPSHOT_BYTES = 8_000_000


def build(raw: Path) -> dict[str, bytes]:
    """Return the snapshot's files: name -> bytes, the same for the same raw files.

    Parameters
    ----------
    raw
        Folder of raw folders.

    Raises
    ------
    ParityError
        If a raw file is absent or not what its record or its transform says, a table breaks
        its schema, or the whole is too large.
    """
    opened = Raw(raw)
    built: dict[str, pl.DataFrame] = {}
    for table in TABLES:
        built[table.name] = finish(table, table.build(opened, built))
    written = [(table, to_parquet(built[table.name])) for table in TABLES]
    result = {f"{table.name}.parquet": content for table, content in written}
    result["datapackage.json"] = _package.describe(written, built["sources"], built["source_files"]).encode()
    total = sum(map(len, result.values()))
    if total > MAX_SNAPSHOT_BYTES:
        raise ParityError(f"the snapshot has {total:,} bytes, above the limit of {MAX_SNAPSHOT_BYTES:,}")
    return result


def to_parquet(frame: pl.DataFrame) -> bytes:
    """Return a table as Parquet bytes, small and the same on every machine."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=19, row_group_size=1 << 20)
    return buffer.getvalue()


def write(raw: Path, target: Path) -> dict[str, int]:
    """Build the snapshot into a folder.

    Parameters
    ----------
    raw
        Folder of raw folders.
    target
        Folder to write to; files of tables that are no more are removed.

    Returns
    -------
    dict of str to int
        File -> bytes.
    """
    content = build(raw)
    target.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        files.write_bytes(target / name, data)
    for stale in set(target.glob("*.parquet")) - {target / name for name in content}:
        stale.unlink()
    return {name: len(data) for name, data in content.items()}
