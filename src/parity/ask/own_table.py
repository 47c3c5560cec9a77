"""A user's table for an index: read as its spec says, brought into shape, its countries matched."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl

from parity import numbers
from parity.catalogue import files, find_country
from parity.errors import ParityError
from parity.index import IndexSpec, Record, numeric_columns, shaped

# From this share of units on that are countries, the others are looked at.
_COUNTRIES = 0.6
_NAMED = 8


def own_table(
    spec: IndexSpec, data: str | Path | pl.DataFrame, name: str = ""
) -> tuple[IndexSpec, pl.DataFrame, Record]:
    """Return the table of an index, the spec that fits it, and the record of how it was read.

    Parameters
    ----------
    spec
        The spec.
    data
        A file, or a frame.
    name
        Of the spec's file, for messages.

    Raises
    ------
    ParityError
        If the file cannot be read without a guess, or does not fit the spec; the message says what to add.
    """
    told: tuple[str, ...] = ()
    if isinstance(data, pl.DataFrame):
        table, what = data, "a table of your own"
    else:
        found = files.read(data, dialect(spec, name), wanted=partial(numeric_columns, spec))
        table, told, what = found.frame, found.told, Path(data).name
    spec, table, reshaped = shaped(spec, table)
    table, matched = _countries(spec, table)
    message = f"{what}: {table.height:,} rows, {len(spec.codes)} indicators"
    return spec, table, Record("read", "done", message, (*told, *reshaped, *matched))


def dialect(spec: IndexSpec, name: str) -> files.Dialect:
    """Return how the spec wants its file read."""
    index = spec.index
    rules = numbers.Rules(
        decimal=index.decimal,
        thousands=index.thousands,
        missing=index.missing,
        footnotes=index.footnotes is not None,
        percent=index.percent is not None,
    )
    return files.Dialect(
        sheet=index.sheet, encoding=index.encoding, header=index.header, rules=rules, spec=name or "the spec"
    )


def _countries(spec: IndexSpec, table: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the table without lines that are no unit, and which countries its units are, where most are."""
    column = spec.index.id_column
    if column not in table.columns or table.height == 0:
        return table, ()
    # A code beside the name tells the country; where it does not, the name may.
    units = [str(unit) for unit in table[column].drop_nulls().cast(pl.String).unique(maintain_order=True)]
    known = {unit: country for unit in units if (country := _country(unit)) is not None}
    if len(known) < _COUNTRIES * len(units) or len(units) < 3:
        return table, ()
    others = [unit for unit in units if unit not in known]
    values = [code for code in spec.codes if code in table.columns]
    blank = (
        table.select(pl.all_horizontal(pl.col(values).is_null())).to_series()
        if values
        else pl.Series([False])
    )
    empty = set(table.filter(blank)[column].cast(pl.String)) - set(
        table.filter(~blank)[column].cast(pl.String)
    )
    lines = [unit for unit in others if unit in empty]
    told = []
    if lines:
        table = table.filter(~pl.col(column).cast(pl.String).is_in(lines))
        told.append(f"left out, without a value and no country: {_listed(lines)}")
    told.append(f"{len(known)} of {len(units) - len(lines)} units are countries")
    read = [f"{unit} = {iso3}" for unit, (iso3, usual) in known.items() if unit not in (iso3, usual)]
    if read:
        told.append(f"names matched: {_listed(read)}")
    if rest := [unit for unit in others if unit not in lines]:
        told.append(
            f"no country: {_listed(rest)}; if one is a total, leave it out with exclude in [steps.screen]"
        )
    twice: dict[str, list[str]] = {}
    for unit, (iso3, _) in known.items():
        twice.setdefault(iso3, []).append(unit)
    if double := [f"{' and '.join(some)} ({iso3})" for iso3, some in twice.items() if len(some) > 1]:
        told.append(f"one country under two names: {_listed(double)}")
    return table, tuple(told)


def _country(text: str) -> tuple[str, str] | None:
    try:
        found = find_country(text)
    except ParityError:
        return None
    return found.iso3, found.name


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more
