"""Tables of other shapes than a column per indicator: long ones, years as columns, one year of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from parity.errors import ParityError
from parity.index.spec import IndexSpec

YEAR = "year"
# 2019, Y2019, X2019 (R), 2019 [YR2019] (World Bank).
_YEAR = re.compile(r"^(?:YR?|X)?\s?((?:19|20|21)\d\d)(?:\s*\[YR\d{4}\])?$")


def numeric_columns(spec: IndexSpec, names: Sequence[str]) -> set[str]:
    """Return the columns of a table that have to hold numbers.

    Parameters
    ----------
    spec
        The spec.
    names
        Columns of the table.
    """
    wanted = {*spec.codes, *(each.denominator for each in spec.indicators if each.denominator)}
    wanted |= {spec.index.value_column} if spec.index.value_column else set()
    wanted |= set(_years(names)) if spec.index.year_columns else set()
    return wanted & set(names)


def shaped(spec: IndexSpec, table: pl.DataFrame) -> tuple[IndexSpec, pl.DataFrame, tuple[str, ...]]:
    """Return a table with one column per indicator, the spec that fits it, and what was done, in words.

    Parameters
    ----------
    spec
        Its ``indicator_column``, ``value_column``, ``year_columns`` and ``year`` say of which shape the
        table is.
    table
        The table.

    Raises
    ------
    ParityError
        If the table has another shape than the spec says; the message names the setting.
    """
    told: list[str] = []
    rules = spec.index
    if rules.year_columns:
        spec, table = _melted(spec, table)
        told.append(f"years from columns ({_span(table[YEAR])})")
    if spec.index.indicator_column is not None:
        table = _pivoted(spec, table)
        told.append(f"indicators from rows (column '{rules.indicator_column}')")
    if rules.year is not None:
        spec, table, said = _one_year(spec, table, rules.year)
        told.append(said)
    if set(spec.codes) - set(table.columns):
        _suggest(spec, table)
    return spec, table, tuple(told)


def _years(names: Sequence[str]) -> dict[str, int]:
    return {name: int(found[1]) for name in names if (found := _YEAR.match(name.strip()))}


def _span(years: pl.Series) -> str:
    return f"{years.min()!s} to {years.max()!s}"


def _melted(spec: IndexSpec, table: pl.DataFrame) -> tuple[IndexSpec, pl.DataFrame]:
    years = _years(table.columns)
    if not years:
        raise ParityError(
            f"year_columns = true, but no column is a year; columns: {', '.join(table.columns[:12])}"
        )
    value = spec.index.value_column or "value"
    if spec.index.indicator_column is None:
        if len(spec.codes) > 1:
            rest = ", ".join(name for name in table.columns if name not in years)
            raise ParityError(
                "years are columns and the spec has several indicators: give indicator_column, the column in "
                f"which their codes stand; columns: {rest}"
            )
        value = spec.codes[0]
    others = [name for name in table.columns if name not in years and name not in (YEAR, value)]
    long = table.unpivot(on=list(years), index=others, variable_name=YEAR, value_name=value)
    long = long.with_columns(pl.col(YEAR).replace_strict(years, return_dtype=pl.Int64))
    index = spec.index.model_copy(update={"year_column": YEAR, "value_column": value})
    return spec.model_copy(update={"index": index}), long


def _pivoted(spec: IndexSpec, table: pl.DataFrame) -> pl.DataFrame:
    rules = spec.index
    column, value = rules.indicator_column or "", rules.value_column
    if value is None:
        raise ParityError(
            "indicator_column is given: say value_column, or year_columns = true where years are columns"
        )
    for name in (column, value, rules.id_column):
        if name not in table.columns:
            raise ParityError(f"the data lack the column '{name}'. Columns: {', '.join(table.columns[:20])}.")
    labels = [name for name in (rules.id_column, rules.year_column) if name]
    wanted = [*spec.codes, *(each.denominator for each in spec.indicators if each.denominator)]
    rows = table.filter(pl.col(column).cast(pl.String).is_in(wanted)).with_columns(
        pl.col(column).cast(pl.String)
    )
    twice = rows.filter(rows.select(*labels, column).is_duplicated())
    if not twice.is_empty():
        said = ", ".join(str(cell) for cell in twice.select(*labels, column).row(0))
        raise ParityError(f"two rows are for {said}; keep one, or name the column of years in year_column")
    wide = rows.pivot(on=column, index=labels, values=value, maintain_order=True)
    # What else is said of a unit, and the same in all its rows: its name, its region.
    others = [
        name for name in table.columns if name not in (*labels, column, value) and name not in wide.columns
    ]
    units = table.group_by(rules.id_column, maintain_order=True).agg(pl.col(others).n_unique())
    same = [name for name in others if units[name].max() == 1]
    firsts = table.group_by(rules.id_column, maintain_order=True).agg(pl.col(same).first())
    return wide.join(firsts, on=rules.id_column, how="left", maintain_order="left")


def _one_year(spec: IndexSpec, table: pl.DataFrame, year: int | str) -> tuple[IndexSpec, pl.DataFrame, str]:
    column, unit = spec.index.year_column, spec.index.id_column
    if column is None or column not in table.columns:
        raise ParityError(
            f"year = {year}: name the column of years in year_column, or say year_columns = true"
        )
    single = spec.model_copy(
        update={"index": spec.index.model_copy(update={"year_column": None, "year": None})}
    )
    years = table[column].cast(pl.Int64, strict=False)
    if year == "latest":
        codes = [code for code in spec.codes if code in table.columns]
        rest = [name for name in table.columns if name not in (*codes, unit, column)]
        ordered = table.with_columns(years.alias(column)).sort(column, maintain_order=True)
        last = ordered.group_by(unit, maintain_order=True).agg(
            *(pl.col(code).drop_nulls().last() for code in codes), pl.col(rest).last()
        )
        held = ordered.filter(pl.any_horizontal(pl.col(codes).is_not_null()))[column]
        said = f"each unit's latest value of each indicator ({_span(held)})"
        return single, last.sort(unit), said
    rows = table.filter(years == year)
    if rows.is_empty():
        known = ", ".join(str(one) for one in years.drop_nulls().unique().sort().to_list()[-8:])
        raise ParityError(f"year = {year}: no row is of that year; the last ones are {known}")
    return single, rows.drop(column), f"the year {year} alone"


def _suggest(spec: IndexSpec, table: pl.DataFrame) -> None:
    """Name the settings for a table whose indicators stand in rows, or whose columns are years."""
    years = list(_years(table.columns))
    wanted = list(spec.codes)
    texts = [name for name, dtype in table.schema.items() if dtype == pl.String]
    held = next(
        (name for name in texts if 2 * table[name].drop_nulls().unique().is_in(wanted).sum() >= len(wanted)),
        None,
    )
    if len(years) < 2 and held is None:
        return
    lines = ["year_columns = true"] if len(years) >= 2 else []
    if held is not None:
        lines.append(f'indicator_column = "{held}"')
        if not years:
            lines.append('value_column = "..." (the column of values)')
    elif len(wanted) > 1:
        lines.append('indicator_column = "..." (the column with the codes of the indicators)')
    shape = "years as columns" if years else "indicators in rows"
    raise ParityError(
        f"the data lack columns named {', '.join(repr(code) for code in wanted[:5])} and have {shape}; "
        f"add to [index]: {'; '.join(lines)}"
    )
