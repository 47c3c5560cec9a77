"""Questions in SQL over the tables, answered by DuckDB with every way out shut."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from parity.catalogue._snapshot import SNAPSHOT, load_table, tables, updates
from parity.errors import ParityError

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "4GB"
# A query is one of these statements; DESCRIBE, SHOW and SUMMARIZE count as SELECT.
READING = ("SELECT", "EXPLAIN")


def query(sql: str) -> pl.DataFrame:
    """Answer one SQL query over the catalogue's tables.

    The connection reads nothing but the tables: no other file, no network, no extension, no
    setting can be changed.

    Parameters
    ----------
    sql
        One statement that reads, in DuckDB's dialect.

    Returns
    -------
    polars.DataFrame
        The rows of the answer.

    Raises
    ------
    ParityError
        If the text is not one reading statement, or DuckDB refuses it; in its own words.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        _fill(connection)
        try:
            statements = connection.extract_statements(sql)
            kinds = [statement.type.name for statement in statements]
            if len(kinds) != 1 or kinds[0] not in READING:
                given = ", ".join(kinds) or "nothing"
                raise ParityError(f"one reading statement is allowed ({', '.join(READING)}), not {given}")
            answer = connection.execute(statements[0])
            columns = [column[0] for column in answer.description or []]
            rows = answer.fetchall()
        except duckdb.Error as problem:
            raise ParityError(f"the query failed: {_first_words(problem)}") from None
    return pl.DataFrame(rows, schema=_distinct(columns), orient="row", infer_schema_length=None)


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the tables in, then shut the door and throw away the key."""
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    with tempfile.TemporaryDirectory() as scratch:
        changed = {table for update in updates().values() for table in update["tables"]}
        for name in tables():
            path = SNAPSHOT / f"{name}.parquet"
            if name in changed:
                path = Path(scratch) / path.name
                load_table(name).write_parquet(path)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM read_parquet(?)', [str(path)])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _first_words(problem: Exception) -> str:
    """Return DuckDB's message on one line, without the drawing of the query below it."""
    lines = [line.strip() for line in str(problem).splitlines()]
    return " ".join(line for line in lines if line and not line.startswith(("LINE ", "^")))


def _distinct(columns: list[str]) -> list[str]:
    """Return the names with those that come again numbered."""
    seen: dict[str, int] = {}
    result = []
    for column in columns:
        seen[column] = seen.get(column, 0) + 1
        result.append(column if seen[column] == 1 else f"{column}_{seen[column]}")
    return result
