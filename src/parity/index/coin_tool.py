"""From a workbook of the COIN Tool, the European Commission's, to COINr's two tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from parity.errors import ParityError, one_of

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
        data[code] = pl.Series([_number(cells, row, column) for row in rows], dtype=pl.Float64)
    lines = {column: [str(_at(cells, row, column) or "") for row in _PARENTS] for column in columns}
    # The last is the index itself.
    used = [depth for depth in range(3) if len({line[depth] for line in lines.values()}) > 1] + [3]
    meta = [_indicator(cells, column, lines[column][used[0]]) for column in columns]
    meta += _groups(sheets["Framework"], [[line[depth] for depth in used] for line in lines.values()])
    return pl.DataFrame(data), pl.DataFrame(meta, infer_schema_length=None)


def _at(cells: Grid, row: int, column: int) -> Any:
    cell = cells[row][column] if row < len(cells) and column < len(cells[row]) else ""
    plain = cell.strip() if isinstance(cell, str) else cell
    return None if plain in _ABSENT else plain


def _number(cells: Grid, row: int, column: int) -> float | None:
    cell = _at(cells, row, column)
    if cell is None or (isinstance(cell, int | float) and not isinstance(cell, bool)):
        return cell
    raise ParityError(f"sheet 'Database', row {row + 1}, column {column + 1}: '{cell}' is not a number")


def _indicator(cells: Grid, column: int, parent: str) -> dict[str, Any]:
    weight, direction, lower, upper = (
        _number(cells, row, column) for row in (_WEIGHT, _DIRECTION, _LOWER, _UPPER)
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
