"""Questions in SQL over the tables, answered by DuckDB with every way out shut."""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import polars as pl

from parity.catalogue._seal import SNAPSHOT
from parity.catalogue._snapshot import load_table, sound, tables
from parity.catalogue._store import stored
from parity.errors import ParityError

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "4GB"
MOST_ROWS = 1_000_000
SECONDS = 60.0
# A query is one of these statements; DESCRIBE, SHOW and SUMMARIZE count as SELECT. MULTI is a PIVOT without
# named columns: DuckDB looks for their names first. What it may make on the way dies with the connection.
READING = ("SELECT", "EXPLAIN", "MULTI")
INT64 = range(-(2**63), 2**63)


def query(sql: str, *, rows: int = MOST_ROWS, seconds: float = SECONDS) -> pl.DataFrame:
    """Answer one SQL query over the catalogue's tables.

    The connection reads nothing but the tables: no other file, no network, no extension, no
    setting can be changed.

    Parameters
    ----------
    sql
        One statement that reads, in DuckDB's dialect.
    rows
        Most rows of an answer.
    seconds
        Longest time to think.

    Returns
    -------
    polars.DataFrame
        The rows of the answer. What a table file has no type for comes as text: maps as JSON, UUIDs,
        intervals, bits and integers beyond 64 bits.

    Raises
    ------
    ParityError
        If the text is not one reading statement, DuckDB refuses it (in its own words), it takes
        too long or has too many rows.
    """
    import duckdb

    with duckdb.connect(":memory:") as connection:
        _fill(connection)
        try:
            statements = connection.extract_statements(sql)
            kinds = [statement.type.name for statement in statements]
            if len(kinds) != 1 or kinds[0] not in READING:
                given = ", ".join(kinds) or "nothing"
                raise ParityError(f"one reading statement is allowed (SELECT, EXPLAIN, PIVOT), not {given}")
            columns, found = _within(connection, statements[0], rows + 1, seconds)
        except duckdb.Error as problem:
            raise ParityError(f"the query failed: {_first_words(problem)}") from None
    if len(found) > rows:
        raise ParityError(f"the answer has more than {rows:,} rows; ask for fewer (limit), or allow more")
    cells = [[_cell(value) for value in row] for row in found]
    return pl.DataFrame(cells, schema=_distinct(columns), orient="row", infer_schema_length=None)


def _within(connection: Any, statement: Any, rows: int, seconds: float) -> tuple[list[str], list[Any]]:
    """Run a statement beside this thread, which can so be interrupted or run out of patience."""
    import duckdb

    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            answer = connection.execute(statement)
            outcome["columns"] = [column[0] for column in answer.description or []]
            outcome["rows"] = answer.fetchmany(rows)
        except BaseException as problem:
            outcome["problem"] = problem

    worker = threading.Thread(target=run, daemon=True)
    worker.start()
    try:
        worker.join(seconds)
    finally:
        late = worker.is_alive()
        if late:
            connection.interrupt()
            worker.join()
    problem = outcome.get("problem")
    if late and isinstance(problem, duckdb.InterruptException):
        raise ParityError(f"the query takes longer than {seconds:g} seconds; ask for less, or allow more")
    if problem is not None:
        raise problem
    return outcome["columns"], outcome["rows"]


def _cell(value: Any) -> Any:
    """Return a value that a table file can hold."""
    import datetime as dt

    if isinstance(value, dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    if isinstance(value, list):
        return [_cell(part) for part in value]
    if isinstance(value, (UUID, dt.timedelta)) or (isinstance(value, int) and value not in INT64):
        return str(value)
    return value


def _fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the tables in, then shut the door and throw away the key."""
    connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    with tempfile.TemporaryDirectory() as scratch:
        changed = {table for record in stored().records.values() for table in record.tables}
        for name in tables():
            path = SNAPSHOT / f"{name}.parquet"
            if name in changed:
                path = Path(scratch) / path.name
                load_table(name).write_parquet(path)
            else:
                sound(name)
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
