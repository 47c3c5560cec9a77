"""From COINr's two tables, iData and iMeta, to a spec and its data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from pydantic import ValidationError

from parity.errors import ParityError, one_of
from parity.index._spec_text import faults
from parity.index.spec import IndexSpec

_NEEDED = ("Level", "iCode", "Type", "Direction", "Weight", "Parent")
_TYPES = ("Indicator", "Aggregate", "Group", "Denominator", "Other")


def import_coinr(
    idata: pl.DataFrame, imeta: pl.DataFrame, name: str = "index", data: str | None = None
) -> tuple[IndexSpec, pl.DataFrame]:
    """Turn COINr's tables into a spec, and the data that go with it.

    The metadata carry structure, weights, directions, units, denominators, targets and
    goalposts. Steps are not in them: the spec divides by the denominators that are named,
    normalises by min-max from 0 to 100 and takes weighted arithmetic means, as COINr's
    Normalise and Aggregate do when told nothing else.

    Parameters
    ----------
    idata
        One row per unit (and ``Time``): ``uCode``, maybe ``uName`` and ``Time``, indicators,
        denominators, groups.
    imeta
        One row per element: ``iCode``, ``Type``, ``Level``, ``Parent``, ``Direction``, ``Weight``,
        maybe ``iName``, ``Unit``, ``Denominator``, ``Target``, ``goalpost_lower``, ``goalpost_upper``.
    name
        Id of the index.
    data
        Name of the data file, relative to the spec, for the spec to remember.

    Returns
    -------
    tuple of IndexSpec and polars.DataFrame
        The spec, and the columns of the data that it speaks of with the groups of units.

    Raises
    ------
    ParityError
        If a table lacks a column, an element has an unknown type, or the structure is unsound.
    """
    _require(imeta, _NEEDED, "iMeta")
    _require(idata, ("uCode",), "iData")
    rows = [_cleaned(row) for row in imeta.iter_rows(named=True)]
    if unknown := sorted({str(row["Type"]) for row in rows} - set(_TYPES)):
        raise ParityError(f"iMeta: unknown Type {one_of(unknown)}; allowed are {one_of(_TYPES)}")
    panel = "Time" in idata.columns and idata["uCode"].is_duplicated().any()
    index = {"id": name, "title": _title(rows, name), "id_column": "uCode"}
    index |= {"data": data} if data else {}
    index |= {"name_column": "uName"} if "uName" in idata.columns else {}
    index |= {"year_column": "Time"} if panel else {}
    body: dict[str, Any] = {
        "index": index,
        "steps": {"normalise": {"method": "minmax"}, "aggregate": {"method": "arithmetic"}},
        "indicator": [_indicator(row) for row in rows if row["Type"] == "Indicator"],
        "group": [_group(row) for row in rows if row["Type"] == "Aggregate"],
    }
    if any("denominator" in indicator for indicator in body["indicator"]):
        body["steps"] = {"denominate": {}, **body["steps"]}
    try:
        spec = IndexSpec.model_validate(body)
    except ValidationError as problem:
        raise ParityError(f"iMeta: {faults(problem)}") from problem
    wanted = [row["iCode"] for row in rows if row["Type"] in ("Indicator", "Group", "Denominator")]
    _require(idata, tuple(wanted), "iData")
    labels = [column for column in ("uCode", "uName", "Time") if column in idata.columns]
    return spec, idata.select([*labels, *(code for code in wanted if code not in labels)])


def coinr_sheets(sheets: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the two tables of a workbook in COINr's form; sheets of years (``iData_2020``) become a panel.

    Parameters
    ----------
    sheets
        Tables by the names of their sheets: one ``iMeta``, and ``iData`` or one ``iData_YEAR`` a year.

    Raises
    ------
    ParityError
        If there is no such sheet.
    """
    plain = {re.sub(r"[\s.-]", "_", name.strip()).lower(): table for name, table in sheets.items()}
    data = {name: table for name, table in plain.items() if name.startswith("idata")}
    if "imeta" not in plain or not data:
        raise ParityError(
            "a workbook of COINr has a sheet 'iMeta' and a sheet 'iData', or one for each year (iData_2020); "
            f"this one has {one_of(sheets)}"
        )
    if "idata" in data:
        return data["idata"], plain["imeta"]
    tables = []
    for name, table in sorted(data.items()):
        year = name.removeprefix("idata_")
        if not year.isdecimal():
            raise ParityError(f"sheet '{name}': after iData_ a year is due")
        tables.append(table.with_columns(Time=pl.lit(int(year), pl.Int64)))
    return pl.concat(tables, how="diagonal_relaxed"), plain["imeta"]


def _require(table: pl.DataFrame, columns: tuple[str, ...], what: str) -> None:
    if absent := [column for column in columns if column not in table.columns]:
        raise ParityError(f"{what} lacks the columns {one_of(absent)}; it has {one_of(table.columns[:12])}")


def _cleaned(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with R's NA as nothing."""
    return {
        key: None if isinstance(value, str) and value.strip() in ("", "NA") else value
        for key, value in row.items()
    }


def _title(rows: list[dict[str, Any]], name: str) -> str:
    tops = [row for row in rows if row["Type"] == "Aggregate" and row["Parent"] is None]
    return str(tops[0].get("iName") or name) if len(tops) == 1 else name


def _number(row: dict[str, Any], field: str) -> float | None:
    value = row.get(field)
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ParityError(f"iMeta: {field} of '{row['iCode']}' is {value!r}, not a number") from None
    return None if np.isnan(number) else number


def _element(row: dict[str, Any], parent: str) -> dict[str, Any]:
    """Return the fields that indicators and groups share."""
    if row["iCode"] is None:
        raise ParityError("iMeta: a row has no iCode")
    weight = _number(row, "Weight")
    fields = {"code": str(row["iCode"]), "title": row.get("iName"), parent: row["Parent"]}
    fields["weight"] = 1.0 if weight is None else weight
    return {key: value for key, value in fields.items() if value is not None}


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    fields = _element(row, "group")
    direction = _number(row, "Direction")
    fields["direction"] = (
        1 if direction is None else int(direction) if direction == int(direction) else direction
    )
    target, low, high = (_number(row, name) for name in ("Target", "goalpost_lower", "goalpost_upper"))
    optional = {
        "unit": row.get("Unit"),
        "denominator": row.get("Denominator"),
        "target": target,
        "goalposts": None if low is None or high is None else (low, high),
    }
    return fields | {key: value for key, value in optional.items() if value is not None}


def _group(row: dict[str, Any]) -> dict[str, Any]:
    return _element(row, "parent")
