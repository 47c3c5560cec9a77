"""Files in the publishers' layouts -> one Parquet table of flows, streamed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from parity.catalogue import files
from parity.catalogue._delimited import SEPARATORS
from parity.catalogue.build._flow_names import dollars_per_euro
from parity.catalogue.trade import _layouts
from parity.catalogue.trade._mapping import Mapping, mapped
from parity.errors import ParityError

Layout = Callable[[pl.LazyFrame], pl.LazyFrame]
PathLike = str | os.PathLike[str]
DELIMITED = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote.

    Attributes
    ----------
    path
        The table.
    rows
        Its rows.
    value
        Their sum, US dollars.
    dropped
        Rows whose reporter or partner is no country (the world, areas not specified), and so are left out.
    dropped_value
        Their sum, US dollars.
    """

    path: Path
    rows: int
    value: float
    dropped: int
    dropped_value: float


def import_baci(paths: Sequence[PathLike], out: PathLike) -> Imported:
    """Write BACI's yearly files as one table of flows.

    Parameters
    ----------
    paths
        CSV or Parquet files with the columns ``t, i, j, k, v``.
    out
        Parquet file to make or replace.

    Raises
    ------
    ParityError
        If a file is absent, cut short or in another layout.
    """
    return _written([_rows(path, _layouts.BACI, "BACI", {}) for path in paths], "v", _layouts.baci, out)


def import_comext(paths: Sequence[PathLike], out: PathLike) -> Imported:
    """Write bulk files of Eurostat's COMEXT as one table of flows by six-digit code.

    Parameters
    ----------
    paths
        Unpacked ``full*.dat`` files, of the present layout or of that before 2024.
    out
        Parquet file to make or replace.

    Raises
    ------
    ParityError
        If a file is absent, cut short or in another layout, or a year has no euro rate.
    """
    rows = [_rows(path, _layouts.COMEXT, "COMEXT", _layouts.COMEXT_OLD) for path in paths]
    _check_rates(rows)
    return _written(rows, "VALUE_EUR", _layouts.comext, out)


def _check_rates(parts: list[pl.LazyFrame]) -> None:
    """Refuse years without a euro rate: they would count as nothing."""
    years = pl.concat(parts).select(year=pl.col("PERIOD").str.slice(0, 4)).unique()
    known = dollars_per_euro()["year"].sort().to_list()
    without = years.filter(~pl.col("year").is_in(known)).sort("year").collect(engine="streaming")
    if without.height:
        raise ParityError(
            f"no euro rate for {', '.join(without['year'])}; rates are known for {known[0]} to {known[-1]}, "
            "leave other years out"
        )


def import_csv(path: PathLike, out: PathLike, mapping: Mapping) -> Imported:
    """Write any table as flows, by a mapping of its columns.

    Parameters
    ----------
    path
        CSV, TSV, Excel or Parquet file.
    out
        Parquet file to make or replace.
    mapping
        Where each column of flows comes from.

    Raises
    ------
    ParityError
        If the file cannot be read or a cell is not what the mapping says.
    """
    table = files.read_table(path)
    if Path(path).suffix.lower() in DELIMITED:
        table = _with_text(table, files.read_text(path), mapping.columns.get("hs"))
    rows = mapped(table, mapping, str(path))
    files.write_table(out, rows)
    return Imported(Path(out), rows.height, float(rows["value"].sum()), 0, 0.0)


def _with_text(table: pl.DataFrame, text: str, column: str | None) -> pl.DataFrame:
    """Return the table with one column as it stands in the file: 8471.30 is a code, 8471.3 a number."""
    if column is None or column not in table.columns:
        return table
    separator = max(SEPARATORS, key=text.lstrip().split("\n", 1)[0].count)
    cells = pl.read_csv(text.encode(), separator=separator, infer_schema=False)
    named = cells.rename({name: name.strip() for name in cells.columns})
    return table.with_columns(named[column])


def _rows(path: PathLike, needed: tuple[str, ...], layout: str, renamed: dict[str, str]) -> pl.LazyFrame:
    """Return a file's rows, every cell as text, checked for its columns."""
    path = Path(path)
    if not path.is_file():
        raise ParityError(f"{path}: no such file")
    try:
        rows = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)
        columns = rows.collect_schema().names()
    except pl.exceptions.PolarsError as problem:
        raise ParityError(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from None
    # The old files have REPORTER's letters beside a numeric DECLARANT and a numeric PARTNER.
    old = {old: new for old, new in renamed.items() if old in columns}
    rows = rows.drop([new for new in old.values() if new in columns]).rename(old)
    _layouts.require(rows.collect_schema().names(), needed, str(path), layout)
    return rows.select(pl.col(needed).cast(pl.String).str.strip_chars())


def _written(parts: list[pl.LazyFrame], value: str, layout: Layout, out: PathLike) -> Imported:
    raw = pl.concat(parts)
    cut = raw.select(pl.col(value).cast(pl.Float64, strict=False).is_null().sum()).collect(engine="streaming")
    if cut.item():
        raise ParityError(
            f"{cut.item()} rows have no value in '{value}': a file was cut short; download it again"
        )
    flows = layout(raw)
    placed = pl.all_horizontal(pl.col("reporter", "partner", "flow").is_not_null())
    counts = flows.group_by(placed.alias("placed")).agg(pl.len(), pl.col("value").sum())
    totals = {row[0]: row[1:] for row in counts.collect(engine="streaming").rows()}
    if True not in totals:
        raise ParityError("no row has a known reporter and partner; is this the right layout?")
    with files.replacing(out) as draft:
        flows.filter(placed).sink_parquet(draft)
    return Imported(Path(out), *totals[True], *totals.get(False, (0, 0.0)))
