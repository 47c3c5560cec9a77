"""A user's table for an index: read as its spec says, brought into shape, its countries matched."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl

from parity import numbers
from parity.catalogue import files, find_country, load_table
from parity.errors import ParityError
from parity.index import IndexSpec, Indicator, Record, assemble, numeric_columns, shaped

# From this share of units on that are countries, the others are looked at.
_COUNTRIES = 0.6
_NAMED = 8
_NAMES = "name of the country"


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
    # What the catalogue gives is no column of the reader's table.
    others = tuple(each for each in spec.indicators if each.source)
    if others:
        own = tuple(each for each in spec.indicators if not each.source)
        if not own:
            raise ParityError(
                f"{what}: every indicator has a source; without one of your own, leave out data"
            )
        part, table, reshaped = shaped(spec.model_copy(update={"indicators": own}), table)
        spec = spec.model_copy(update={"index": part.index})
    else:
        spec, table, reshaped = shaped(spec, table)
    spec, table, matched = _countries(spec, table)
    if others:
        table, taken = _from_catalogue(spec, table, others)
        matched = (*matched, *taken)
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


def _countries(spec: IndexSpec, table: pl.DataFrame) -> tuple[IndexSpec, pl.DataFrame, tuple[str, ...]]:
    """Return the table without lines that are no unit, and which countries its units are, where most are.

    Codes of countries without a column of names get one.
    """
    column = spec.index.id_column
    if column not in table.columns or table.height == 0:
        return spec, table, ()
    # A code beside the name tells the country; where it does not, the name may.
    units = [str(unit) for unit in table[column].drop_nulls().cast(pl.String).unique(maintain_order=True)]
    known = {unit: country for unit in units if (country := _country(unit)) is not None}
    if len(known) < _COUNTRIES * len(units) or len(units) < 3:
        return spec, table, ()
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
    if spec.index.name_column is None and all(unit == iso3 for unit, (iso3, _) in known.items()):
        names = {unit: usual for unit, (_, usual) in known.items()}
        table = table.with_columns(pl.col(column).cast(pl.String).replace(names).alias(_NAMES))
        spec = spec.model_copy(update={"index": spec.index.model_copy(update={"name_column": _NAMES})})
    return spec, table, tuple(told)


def _from_catalogue(
    spec: IndexSpec, table: pl.DataFrame, others: tuple[Indicator, ...]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the table with the indicators that the catalogue gives, and what was taken, in words."""
    named, year = spec.index.id_column, spec.index.year_column
    if taken := [each.code for each in others if each.code in table.columns]:
        raise ParityError(f"'{taken[0]}' has a source, and is a column of your table too; keep one")
    units = table[named].cast(pl.String)
    codes = {unit: known[0] for unit in units.unique() if unit and (known := _country(unit))}
    if not codes:
        raise ParityError(f"the catalogue is by country, and no row of '{named}' names one")
    alone = IndexSpec.model_validate(
        {"index": {"id": spec.index.id}, "indicator": [_alone(each) for each in others]}
    )
    observations, countries = load_table("observations"), load_table("countries")
    years = [None] if year is None else sorted(set(table[year].cast(pl.Int64).drop_nulls()))
    kept = ["iso3", *alone.codes]
    made = [(at, assemble(alone, observations, countries, at)) for at in years]
    rows = pl.concat(one.table.select(kept).with_columns(_year=pl.lit(at, pl.Int64)) for at, one in made)
    keyed = table.with_columns(
        _iso3=units.replace_strict(codes, default=None, return_dtype=pl.String),
        _year=pl.lit(None, pl.Int64) if year is None else pl.col(year).cast(pl.Int64),
    )
    joined = keyed.join(
        rows, left_on=["_iso3", "_year"], right_on=["iso3", "_year"], how="left", nulls_equal=True,
        maintain_order="left",
    )  # fmt: skip
    cells = pl.concat(one.cells for _, one in made).filter(pl.col("iso3").is_in(list(codes.values())))
    told = []
    for each in others:
        seen = cells.filter(pl.col("code") == each.code).drop_nulls(["value", "year"])
        to = f", to {seen['year'].max()!s}" if seen.height else ""
        sources = ", ".join(sorted(set(seen["source"].drop_nulls()))) or "no source"
        series = each.select.indicator if each.select else each.code
        told.append(
            f"{each.code}: {series} of the catalogue ({sources}{to}), {seen['iso3'].n_unique()} countries"
        )
    return joined.drop("_iso3", "_year"), tuple(told)


def _alone(each: Indicator) -> dict[str, object]:
    return {"code": each.code, "select": each.select and each.select.model_dump(exclude_unset=True)}


def _country(text: str) -> tuple[str, str] | None:
    try:
        found = find_country(text)
    except ParityError:
        return None
    return found.iso3, found.name


def _listed(texts: list[str]) -> str:
    more = f" and {len(texts) - _NAMED} more" if len(texts) > _NAMED else ""
    return ", ".join(texts[:_NAMED]) + more
