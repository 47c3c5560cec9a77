"""Files in the publishers' layouts -> one Parquet table of flows, streamed, by one rule for all of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from parity.catalogue import files
from parity.catalogue.trade import _cells
from parity.catalogue.trade._layouts import Layout
from parity.catalogue.trade._open import regular, unpacked
from parity.catalogue.trade._rows import IDENTITY, JOINED, KEY, NAMED, RAW, Reading, raw, read
from parity.errors import ParityError

PathLike = str | os.PathLike[str]
# Rows up to which bulk files are searched for flows that are there twice.
SEARCHED = 20_000_000


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows that are not in the table.

    Attributes
    ----------
    why
        The reason.
    what
        Area, code or flow, as the source writes it.
    rows
        How many.
    value
        Their sum, US dollars.
    share
        Their sum over that of the table.
    """

    why: str
    what: str
    rows: int
    value: float
    share: float | None


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
    left_out
        What is not in it, the largest first.
    """

    path: Path
    rows: int
    value: float
    left_out: tuple[LeftOut, ...] = ()

    json_keys: ClassVar[dict[str, str | None]] = {
        "path": None,
        "file": "path",
        "dropped": "dropped",
        "dropped_value": "dropped_value",
    }

    @property
    def file(self) -> str:
        """Path of the table that was written."""
        return str(self.path)

    @property
    def dropped(self) -> int:
        """Rows that are left out."""
        return sum(one.rows for one in self.left_out)

    @property
    def dropped_value(self) -> float:
        """Sum of what is left out, US dollars."""
        return sum(one.value for one in self.left_out)


def import_files(
    paths: Sequence[PathLike], out: PathLike, layout: Layout, reading: Reading | None = None
) -> Imported:
    """Write files as one table of flows.

    Places that are no country (the world, sums, areas not specified, areas that are no more), rows without
    a value, parts of a total beside it and flows that were not asked for are left out, and listed.
    A table whose only partner is the world keeps it: alone it is all that is known.

    Parameters
    ----------
    paths
        CSV, TSV, Excel or Parquet files, or archives (.zip) of them.
    out
        Parquet file to make or replace.
    layout
        One of `PRESETS`, or a mapping by `parse_mapping`.
    reading
        How cells are read where the file leaves it open.

    Raises
    ------
    ParityError
        If a file is absent, cut short, in another layout or edition, a cell cannot be read, rows are there
        twice, or, where that is asked for, anything would be left out.
    """
    with regular(str(paths[0])), unpacked([Path(path) for path in paths], layout.fits) as plain:
        return _imported(plain, out, layout, reading or Reading(), str(paths[0]))


def _imported(paths: Sequence[Path], out: PathLike, layout: Layout, how: Reading, name: str) -> Imported:
    flows = read([raw(path, layout, how, number) for number, path in enumerate(paths)], layout, how, name)
    counts = flows.group_by("why", "what").agg(pl.len(), pl.col("value").sum()).collect(engine="streaming")
    world = pl.col("why") == _cells.THE_WORLD
    if counts.filter(pl.col("why").is_null()).is_empty() and counts.filter(world).height:
        flows = flows.with_columns(why=pl.when(~world).then("why"))
        counts = counts.with_columns(why=pl.when(~world).then("why"))
    table = counts.filter(pl.col("why").is_null())
    left_out = _left_out(counts, float(table["value"].sum()))
    if table.is_empty():
        raise ParityError(
            f"{name}: no row is a flow between two countries{_in_words(left_out)}; is this the right layout?"
        )
    if how.strict and left_out:
        raise ParityError(
            f"{name}: with --strict nothing may be left out, and this would be{_in_words(left_out)}"
        )
    kept = flows.filter(pl.col("why").is_null())
    _refuse_doubles(kept, layout, paths, int(table["len"].sum()), name)
    if layout.doubles != "trusted":
        kept = kept.group_by(KEY).agg(pl.col("value").sum())
    with files.replacing(out) as draft:
        kept.select(*KEY, "value").sink_parquet(draft)
        rows = pl.scan_parquet(draft).select(pl.len(), pl.col("value").sum())
        count, value = rows.collect(engine="streaming").row(0)
    return Imported(Path(out), count, float(value), left_out)


def _left_out(counts: pl.DataFrame, whole: float) -> tuple[LeftOut, ...]:
    rows = counts.filter(pl.col("why").is_not_null()).sort("value", "what", descending=[True, False])
    return tuple(
        LeftOut(why, what or "", count, value, value / whole if whole else None)
        for why, what, count, value in rows.select("why", "what", "len", "value").rows()
    )


def _in_words(left_out: tuple[LeftOut, ...]) -> str:
    said = "; ".join(
        f"{one.what} ({one.why}, {one.rows:,} rows, {one.value / 1e6:,.3g} million USD)"
        for one in left_out[:NAMED]
    )
    more = f" and {len(left_out) - NAMED} more" if len(left_out) > NAMED else ""
    return f": {said}{more}" if left_out else ""


def _refuse_doubles(kept: pl.LazyFrame, layout: Layout, paths: Sequence[Path], rows: int, name: str) -> None:
    """Refuse flows that are there twice, however they are written: adding them would count them again."""
    several = pl.col("file").n_unique() > 1
    if layout.doubles == "refused" or (layout.doubles == "trusted" and rows <= SEARCHED):
        by, twice = IDENTITY, pl.len() > 1
    elif len(paths) == 1:
        return
    else:
        # Parts of a flow stand in one file; of the largest files a year does.
        by, twice = (IDENTITY if layout.doubles == "added" else ["period_same"]), several
    groups = kept.group_by(by).agg(twice=twice, **{one: pl.col(one).first() for one in RAW.values()})
    found = groups.filter("twice").select(RAW[one] for one in KEY).collect(engine="streaming").sort(pl.all())
    if found.height:
        first = ", ".join(cell.split(JOINED)[0] for cell in found.row(0) if cell)
        raise ParityError(
            f"{name}: {found.height:,} flows are there twice; keep one of each (first: {first})"
        )
