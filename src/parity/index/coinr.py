"""From COINr's two tables, iData and iMeta, or a workbook of the COIN Tool, to a spec and its data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


# The sheet "Database": where what stands, rows and columns from 0. Units begin below the codes.
_WEIGHT, _DIRECTION, _LOWER, _UPPER = 6, 7, 8, 9
_PARENTS = (13, 12, 11, 10)  # sub-pillar, pillar, sub-index, index
_TITLE, _CODE = 14, 15
_UNIT_NAME, _UNIT_CODE, _FIRST = 1, 2, 4
_ABSENT = ("", "n/a", "NA")
# The sheet "Framework": code, weight and name of each group, below a row of headings.
_GROUP_CODE, _GROUP_WEIGHT, _GROUP_NAME = 2, 4, 7

Grid = Sequence[Sequence[Any]]


def coin_tool_sheets(sheets: Mapping[str, Grid]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return iData and iMeta of a workbook of the COIN Tool.

    Levels of the tool that are not used (all indicators in one group of the level) are left out.

    Parameters
    ----------
    sheets
        Cells of the sheets ``Database`` and ``Framework``.

    Raises
    ------
    ParityError
        If a sheet is absent, or holds no unit or indicator where the tool has them.
    """
    for name in ("Database", "Framework"):
        if name not in sheets:
            raise ParityError(
                f"a workbook of the COIN Tool has a sheet '{name}'; this one has {one_of(sheets)}"
            )
    cells = sheets["Database"]
    rows = [row for row in range(_CODE + 1, len(cells)) if _at(cells, row, _UNIT_CODE)]
    width = max((len(row) for row in cells), default=0)
    columns = [
        column
        for column in range(_FIRST, width)
        if _at(cells, _CODE, column) and any(_at(cells, row, column) is not None for row in rows)
    ]
    if not rows or not columns:
        raise ParityError(
            "sheet 'Database': no units below C16 with indicators from E16 on, as in the COIN Tool"
        )
    data = {
        "uCode": pl.Series([str(_at(cells, row, _UNIT_CODE)) for row in rows]),
        "uName": pl.Series([str(_at(cells, row, _UNIT_NAME) or _at(cells, row, _UNIT_CODE)) for row in rows]),
    }
    for column in columns:
        code = str(_at(cells, _CODE, column))
        data[code] = pl.Series([_number_of(cells, row, column) for row in rows], dtype=pl.Float64)
    lines = {column: [str(_at(cells, row, column) or "") for row in _PARENTS] for column in columns}
    # The last is the index itself.
    used = [depth for depth in range(3) if len({line[depth] for line in lines.values()}) > 1] + [3]
    meta = [_one_indicator(cells, column, lines[column][used[0]]) for column in columns]
    meta += _groups(sheets["Framework"], [[line[depth] for depth in used] for line in lines.values()])
    return pl.DataFrame(data), pl.DataFrame(meta, infer_schema_length=None)


def _at(cells: Grid, row: int, column: int) -> Any:
    cell = cells[row][column] if row < len(cells) and column < len(cells[row]) else ""
    plain = cell.strip() if isinstance(cell, str) else cell
    return None if plain in _ABSENT else plain


def _number_of(cells: Grid, row: int, column: int) -> float | None:
    cell = _at(cells, row, column)
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    raise ParityError(f"sheet 'Database', row {row + 1}, column {column + 1}: '{cell}' is not a number")


def _one_indicator(cells: Grid, column: int, parent: str) -> dict[str, Any]:
    weight, direction, lower, upper = (
        _number_of(cells, row, column) for row in (_WEIGHT, _DIRECTION, _LOWER, _UPPER)
    )
    code = str(_at(cells, _CODE, column))
    return {
        "iCode": code,
        "iName": str(_at(cells, _TITLE, column) or code),
        "Type": "Indicator",
        "Level": 1,
        "Parent": parent,
        "Direction": direction,
        "Weight": weight,
        "goalpost_lower": lower,
        "goalpost_upper": upper,
    }


def _groups(framework: Grid, lines: list[list[str]]) -> list[dict[str, Any]]:
    """Return the groups that indicators name, each with its parent, from the lowest level up."""
    known: dict[str, tuple[str, float | None]] = {}
    for row in range(len(framework)):
        if code := _at(framework, row, _GROUP_CODE):
            weight = _at(framework, row, _GROUP_WEIGHT)
            name = _at(framework, row, _GROUP_NAME)
            known[str(code)] = (str(name or code), weight if isinstance(weight, int | float) else None)
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        for depth, code in enumerate(line):
            name, weight = known.get(code, (code, None))
            found[code] = {
                "iCode": code,
                "iName": name,
                "Type": "Aggregate",
                "Level": depth + 2,
                "Parent": line[depth + 1] if depth + 1 < len(line) else None,
                "Direction": 1,
                "Weight": weight,
            }
    return sorted(found.values(), key=lambda group: group["Level"])
