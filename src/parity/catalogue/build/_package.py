"""The Frictionless descriptor of the snapshot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from parity.catalogue.build._table import DataType, Table

TYPES: dict[DataType, str] = {
    pl.String: "string",
    pl.Float64: "number",
    pl.Boolean: "boolean",
    pl.Date: "date",
    pl.Int32: "integer",
    pl.Int64: "integer",
}


def describe(tables: Iterable[tuple[Table, bytes]], sources: pl.DataFrame, files: pl.DataFrame) -> str:
    """Return the text of ``datapackage.json``.

    Parameters
    ----------
    tables
        Tables with the bytes of their files.
    sources, files
        The tables ``sources`` and ``source_files``.
    """
    checksums = {
        source: [f"{file} sha256:{checksum}" for file, checksum in rows.select("file", "sha256").rows()]
        for (source,), rows in files.partition_by("source", as_dict=True, maintain_order=True).items()
    }
    package = {
        "name": "parity-snapshot",
        "title": "Parity snapshot: nations and artificial intelligence",
        "version": sources["retrieved"].max(),
        "licenses": _licences(sources),
        "sources": [
            {**_source(row), "files": checksums[row["source"]]} for row in sources.iter_rows(named=True)
        ],
        "resources": [_resource(table, content) for table, content in tables],
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _licences(sources: pl.DataFrame) -> list[dict[str, str]]:
    unique = sources.select("licence", "licence_url").unique().sort("licence")
    return [{"name": name, "path": path} for name, path in unique.rows()]


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
    fields = [
        {"name": column, "type": TYPES[dtype], "description": table.fields[column]}
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
