"""Step screen: units with too little data are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.index._log import Record, named
from parity.index._options import ScreenOptions
from parity.index._table import Block
from parity.index._tree import BoolArray, FloatArray


def availability(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return each unit's share of available cells, and the share of those that are not zero.

    Parameters
    ----------
    values
        Shape (n, k).

    Returns
    -------
    tuple of numpy.ndarray
        Two arrays of shape (n,); the second is NaN for a unit without any cell.
    """
    absent = np.isnan(values).sum(axis=1)
    width = values.shape[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return 1 - absent / width, 1 - (values == 0).sum(axis=1) / (width - absent)


def keep_units(values: FloatArray, options: ScreenOptions) -> BoolArray:
    """Tell which units have enough data, shape (n,)."""
    available, nonzero = availability(values)
    low = available < options.min_available
    zeros = nonzero < options.min_nonzero
    wrong = {"missing": low, "zeros": zeros, "both": low | zeros}[options.by]
    kept: BoolArray = ~wrong
    return kept


@dataclass(frozen=True, slots=True)
class Screening:
    """The step; it judges every unit by its own data."""

    options: ScreenOptions

    def kept(self, block: Block) -> BoolArray:
        """Tell which rows of a block stay, shape (n,)."""
        keep = keep_units(block.values, self.options)
        keep[np.isin(block.ids, self.options.include)] = True
        keep[np.isin(block.ids, self.options.exclude)] = False
        return keep

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block without the units that are screened out, and notes."""
        keep = self.kept(block)
        notes = () if keep.all() else (f"screened out {named(_names(block, ~keep))}",)
        return block.take(np.flatnonzero(keep)), notes


def fit_screen(block: Block, options: ScreenOptions) -> tuple[Screening, Block, Record]:
    """Screen a block, and keep how.

    Raises
    ------
    ParityError
        If a unit to include or exclude is not in the data, or no unit is left.
    """
    ids = set(block.ids)
    for unit in (*options.include, *options.exclude):
        if unit not in ids:
            raise ParityError(
                f"screen names the unit '{unit}', which is not in the data.{did_you_mean(unit, ids)}"
            )
    fitted = Screening(options)
    keep = fitted.kept(block)
    if not keep.any():
        raise ParityError("screen leaves no unit; lower min_available or min_nonzero")
    message = f"kept {keep.sum()} of {len(keep)} units"
    message += f"; left out {named(_names(block, ~keep))}" if not keep.all() else ""
    record = Record("screen", "done", message, details=_details(block, keep, options))
    return fitted, block.take(np.flatnonzero(keep)), record


def _names(block: Block, rows: BoolArray) -> list[str]:
    return [block.row_name(int(row)) for row in np.flatnonzero(rows)]


def _details(block: Block, keep: BoolArray, options: ScreenOptions) -> pl.DataFrame:
    available, nonzero = availability(block.values)
    forced = np.isin(block.ids, [*options.include, *options.exclude])
    body: dict[str, object] = {"id": list(block.ids)}
    if block.years is not None:
        body["year"] = block.years
    return pl.DataFrame(
        body | {"available": available, "nonzero": nonzero, "kept": keep, "forced": forced}
    ).with_columns(pl.col("nonzero").fill_nan(None))
