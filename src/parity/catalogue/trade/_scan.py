"""Flows for a question: the rows that it needs, from a table or from a file larger than the memory."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from parity.catalogue import files
from parity.catalogue._snapshot import load_table
from parity.catalogue.trade import _layouts
from parity.catalogue.trade._layouts import ALL_GOODS
from parity.errors import NoAnswerError, ParityError

Given = pl.DataFrame | str | os.PathLike[str]
"""A table, or the path of its file."""
WORLD = "WLD"
REPORT = ["reporter", "flow", "length", "year"]
# Of the 96 chapters. Who reports fewer gives some goods only, such as chips, and their sum is not all goods.
MIN_CHAPTERS = 50
# Rows of a file of BACI that tell whether it holds all goods, before all of them are looked at.
FIRST_ROWS = 1_000_000


def load_flows(
    path: Given | None = None,
    *,
    codes: Sequence[str] | None = None,
    countries: Collection[str] | None = None,
    reporters: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return the flows that a question needs.

    A Parquet file is scanned, not loaded: only rows that pass come into memory.

    Parameters
    ----------
    path
        Table of flows or of BACI's layout, or its file; the snapshot's table by default.
    codes
        Codes, of which longer ones are taken along; ``TOTAL`` for all goods; all codes by default.
    countries
        Countries that must be at one end of a flow; all by default.
    reporters
        Countries that must report; all by default.

    Returns
    -------
    polars.DataFrame
        ``reporter, partner, flow, hs, period, value`` (US dollars) and ``source``.

    Raises
    ------
    ParityError
        If the file is absent, damaged or in no known layout.
    NoAnswerError
        If no row passes.
    """
    rows, source, added = _scan(path, codes)
    if countries is not None:
        ends = list(countries)
        rows = rows.filter(pl.col("reporter").is_in(ends) | pl.col("partner").is_in(ends))
    if reporters is not None:
        rows = rows.filter(pl.col("reporter").is_in(list(reporters)))
    if codes is not None:
        rows = rows if added else _of_codes(rows, codes)
    try:
        found = rows.collect(engine="streaming")
    except pl.exceptions.PolarsError as problem:
        raise ParityError(f"{_called(path)}: cannot be read: {str(problem).splitlines()[0]}") from None
    if found.is_empty():
        raise NoAnswerError(_nothing(path, codes))
    # Beside its countries the world would count everything twice; alone it is all that is known.
    of_countries = found.filter(pl.col("partner").ne_missing(WORLD))
    kept = found if of_countries.is_empty() else of_countries
    return kept if "source" in kept.columns else kept.with_columns(source=pl.lit(source))


def _called(path: Given | None) -> str:
    return "your table" if isinstance(path, pl.DataFrame) else str(path or "the snapshot")


def _nothing(path: Given | None, codes: Sequence[str] | None) -> str:
    """Return why no row passes, and which codes there are instead."""
    asked = ", ".join(codes or ["any code"])[:80]
    said = f"{_called(path)}: holds no flows of {asked} for this question"
    if path is None or codes is None or ALL_GOODS not in codes:
        return said
    rows = _scan(path, None).rows
    held = rows.select(pl.col("hs").drop_nulls().unique().sort()).collect(engine="streaming")["hs"].to_list()
    shown = f"{', '.join(held[:8])}{' ...' if len(held) > 8 else ''}"
    return (
        f"{said}: its codes ({shown}) are not all goods, and it has no rows of {ALL_GOODS}; ask for these "
        f"with --codes {','.join(held[:3])}{',...' if len(held) > 3 else ''}"
    )


class _Scan(NamedTuple):
    """Rows as flows, the name of their source, and whether they are all goods, added up already."""

    rows: pl.LazyFrame
    source: str
    added: bool = False


def _scan(path: Given | None, codes: Sequence[str] | None) -> _Scan:
    if path is None:
        return _Scan(load_table("flows").lazy(), "")
    if isinstance(path, pl.DataFrame):
        rows, name = path.lazy(), "your table"
    else:
        rows, name = _opened(Path(path)), Path(path).stem
    columns = rows.collect_schema().names()
    if set(_layouts.BACI) <= set(columns):
        total = codes is not None and ALL_GOODS in codes
        if total:
            # Some goods of BACI, such as chips alone, have no total.
            found = _layouts.baci_total(rows) if _all_goods(rows) else _layouts.baci(rows.head(0))
        else:
            found = _layouts.baci(_narrowed(rows, codes))
        # Places that are no country of today, such as Belgium with Luxembourg until 1998.
        return _Scan(found.drop_nulls(["reporter", "partner"]), name, total)
    if absent := [column for column in _layouts.FLOWS if column not in columns]:
        raise ParityError(
            f"{_called(path)}: is no table of flows (nor of BACI: t, i, j, k, v), and has no column "
            f"{', '.join(map(repr, absent))} (found: {', '.join(columns[:12])}); files as downloaded are "
            "read by parity trade import"
        )
    text = [column for column in _layouts.FLOWS if column != "value"]
    return _Scan(rows.with_columns(pl.col(text).cast(pl.String), pl.col("value").cast(pl.Float64)), name)


def _all_goods(rows: pl.LazyFrame) -> bool:
    """Return whether rows of BACI span the chapters; the first exporters of a whole file do."""
    product = pl.col("k").cast(pl.String).str.strip_chars().str.zfill(6).str.slice(0, 2)
    for some in (rows.head(FIRST_ROWS), rows):
        if (
            some.select("k").unique().select(product.n_unique()).collect(engine="streaming").item()
            >= MIN_CHAPTERS
        ):
            return True
    return False


def _narrowed(rows: pl.LazyFrame, codes: Sequence[str] | None) -> pl.LazyFrame:
    """Keep the products of some codes while they are still numbers: the rest is never turned into text."""
    if codes is None or not rows.collect_schema()["k"].is_integer():
        return rows
    spans = ((int(code.ljust(6, "0")), int(code.ljust(6, "9"))) for code in codes)
    return rows.filter(pl.any_horizontal(pl.col("k").is_between(low, high) for low, high in spans))


def _opened(path: Path) -> pl.LazyFrame:
    if path.suffix.lower() != ".parquet":
        return files.read_table(path).lazy()
    return files.scanned(path)


def _of_codes(rows: pl.LazyFrame, codes: Sequence[str]) -> pl.LazyFrame:
    """Return the rows of some codes; all goods as their sum in years in which a reporter does not give it."""
    if ALL_GOODS not in codes:
        return rows.filter(pl.any_horizontal(pl.col("hs").str.starts_with(code) for code in codes))
    total = rows.filter(pl.col("hs") == ALL_GOODS)
    apart, chapters = _without_total(rows)
    # A table of every code, as BACI, has small reporters that trade in few chapters: their sums are whole.
    if not _holds_total(rows) and len(_chapters(rows)) >= MIN_CHAPTERS:
        return _summed(apart)
    broad = chapters.filter(pl.col("chapters") >= MIN_CHAPTERS)
    summed = _summed(apart.join(broad, on=REPORT, how="semi"))
    return pl.concat([total, summed], how="diagonal")


def left_out_of_total(path: Given) -> tuple[str, ...]:
    """Return the reporters of a table that a question on all goods leaves out in some year.

    They give no total, and so few chapters that the sum of their codes is not all goods.

    Parameters
    ----------
    path
        Table of flows, or a file in the layout of BACI.

    Raises
    ------
    ParityError
        If the file is absent, damaged or in no known layout.
    """
    rows, _, added = _scan(path, [ALL_GOODS])
    if added or (not _holds_total(rows) and len(_chapters(rows)) >= MIN_CHAPTERS):
        return ()
    narrow = _without_total(rows)[1].filter(pl.col("chapters") < MIN_CHAPTERS)
    return tuple(narrow.select(pl.col("reporter").unique().sort()).collect(engine="streaming")["reporter"])


def codes_held(path: Given, codes: Sequence[str]) -> tuple[str, ...]:
    """Return which of some six-digit codes a table holds, in order.

    Parameters
    ----------
    path
        Table of flows, or a file in the layout of BACI.
    codes
        The codes.

    Raises
    ------
    ParityError
        If the file is absent, damaged or in no known layout.
    """
    rows = _scan(path, codes).rows
    found = rows.filter(pl.col("hs").is_in(list(codes))).select(pl.col("hs").unique().sort())
    return tuple(found.collect(engine="streaming")["hs"])


def _holds_total(rows: pl.LazyFrame) -> bool:
    return bool(rows.select((pl.col("hs") == ALL_GOODS).any()).collect(engine="streaming").item())


def _chapters(rows: pl.LazyFrame) -> list[str]:
    """Return the chapters of a table's codes."""
    leaves = rows.filter(pl.col("hs").str.len_chars() == 6)
    found = leaves.select(pl.col("hs").str.slice(0, 2).unique()).collect(engine="streaming")
    return found["hs"].to_list()


def _without_total(rows: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return rows by code of reports that give no total, and how many chapters each of them has.

    A report is what a country says of one year in one direction, by years or by months.
    """
    period = pl.col("period").str
    dated = rows.with_columns(length=period.len_chars(), year=period.slice(0, 4))
    given = dated.filter(pl.col("hs") == ALL_GOODS).select(REPORT).unique()
    leaves = dated.filter(pl.col("hs").str.len_chars() == 6).join(given, on=REPORT, how="anti")
    return leaves, leaves.group_by(REPORT).agg(chapters=pl.col("hs").str.slice(0, 2).n_unique())


def _summed(leaves: pl.LazyFrame) -> pl.LazyFrame:
    columns = leaves.collect_schema().names()
    by = ["reporter", "partner", "flow", "period", *(name for name in ("source",) if name in columns)]
    return leaves.group_by(by).agg(pl.col("value").sum()).with_columns(hs=pl.lit(ALL_GOODS))
