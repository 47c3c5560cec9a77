"""The build: every registered table, checked, written as Parquet with its descriptor."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from parity.catalogue import files
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._registry import TABLES
from parity.catalogue.build._table import TYPES, Table, finish
from parity.errors import ParityError

# The whole snapshot ships inside the package.
MAX_SNAPSHOT_BYTES = 8_000_000


def build(raw: Path) -> dict[str, bytes]:
    """Return the snapshot's files: name -> bytes, the same for the same raw files."""
    opened = Raw(raw)
    built: dict[str, pl.DataFrame] = {}
    for table in TABLES:
        built[table.name] = finish(table, table.build(opened, built))
    written = [(table, to_parquet(built[table.name])) for table in TABLES]
    result = {f"{table.name}.parquet": content for table, content in written}
    result["datapackage.json"] = describe(written, built["sources"], built["source_files"]).encode()
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

    ``target``: folder to write to; files of tables that are no more are removed. Returns: file -> bytes.
    """
    content = build(raw)
    target.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        files.write_bytes(target / name, data)
    for stale in set(target.glob("*.parquet")) - {target / name for name in content}:
        stale.unlink()
    return {name: len(data) for name, data in content.items()}


def describe(tables: Iterable[tuple[Table, bytes]], sources: pl.DataFrame, files: pl.DataFrame) -> str:
    """Return the text of ``datapackage.json``.

    ``sources, files``: the tables ``sources`` and ``source_files``.
    """
    checksums = {
        source: [f"{file} sha256:{checksum}" for file, checksum in rows.select("file", "sha256").rows()]
        for (source,), rows in files.partition_by("source", as_dict=True, maintain_order=True).items()
    }
    licences = sources.select("licence", "licence_url").unique().sort("licence")
    package = {
        "name": "parity-snapshot",
        "title": "Parity snapshot: nations and artificial intelligence",
        "version": sources["retrieved"].max(),
        "licenses": [{"name": name, "path": path} for name, path in licences.rows()],
        "sources": [
            {**_source(row), "files": checksums[row["source"]]} for row in sources.iter_rows(named=True)
        ],
        "resources": [_resource(table, content) for table, content in tables],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _source(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": row["source"],
        "title": row["title"],
        "path": row["url"],
        "licence": row["licence"],
        "citation": row["citation"],
        "vintage": row["vintage"],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    names = {dtype: name for name, dtype in TYPES.items()}
    fields = [
        {"name": column, "type": names[dtype], "description": table.fields[column]}
        for column, dtype in table.schema.items()
    ]
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.parquet",
        "format": "parquet",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "primaryKey": list(table.key)},
    }
