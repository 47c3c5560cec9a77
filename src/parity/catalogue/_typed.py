"""From rows of cells to typed columns, and how that is to be done where a file leaves it open."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from parity import numbers
from parity.catalogue._layout import Headings, data_rows
from parity.errors import ParityError, one_of

MARK = "::"
_NAMES = ("sheet", "encoding", "header", "decimal", "thousands", "missing", "footnotes", "percent")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table file is read."""

    sheet: str | None = None  # name of the sheet of a workbook; the first that holds a table by default
    encoding: str | None = None  # encoding of a CSV or TSV file; UTF-8 by default
    # Rows of the file with the headings, from 1; several are joined. Found by default.
    header: tuple[int, ...] = ()
    rules: numbers.Rules = field(default_factory=numbers.Rules)  # how numbers are read
    spec: str = ""  # name of the spec that says so; empty where the file's own name does

    def add(self, lines: dict[str, str], path: str) -> str:
        """Return in words where these settings, as TOML, are to be added."""
        if self.spec:
            return f"add to [index] in {self.spec}: " + "; ".join(f"{k} = {v}" for k, v in lines.items())
        plain = (f"{MARK}{name}={_bare(value)}" for name, value in lines.items())
        return f"say so after the file's name: '{path}{''.join(plain)}'"


def _bare(toml: str) -> str:
    return ",".join(part.strip().strip('"') for part in toml.strip("[]").split(", "))


def named(given: str | os.PathLike[str], dialect: Dialect) -> tuple[Path, Dialect]:
    """Return file and how it is read; settings may follow its name: ``own.xlsx::sheet=Data::header=2``."""
    text = os.fspath(given)
    if MARK not in text or Path(text).exists():
        return Path(text), dialect
    path, *settings = text.split(MARK)
    fields: dict[str, Any] = {}
    for setting in settings:
        name, is_, value = setting.partition("=")
        if name not in _NAMES or not is_:
            raise ParityError(
                f"'{setting}' after {path}: settings are {one_of(_NAMES)}, as in {path}{MARK}header=2"
            )
        fields[name] = value
    return Path(path), replace(
        dialect,
        sheet=fields.get("sheet", dialect.sheet),
        encoding=fields.get("encoding", dialect.encoding),
        header=_rows(fields["header"]) if "header" in fields else dialect.header,
        rules=_rules(dialect.rules, fields),
    )


def _rows(text: str) -> tuple[int, ...]:
    rows = text.split(",")
    if not all(row.isdecimal() and int(row) > 0 for row in rows):
        raise ParityError(
            f"header={text}: give the rows of the headings, from 1, as in header=2 or header=2,3"
        )
    return tuple(int(row) for row in rows)


def _rules(rules: numbers.Rules, fields: dict[str, Any]) -> numbers.Rules:
    if (decimal := fields.get("decimal", rules.decimal)) not in (".", ",", None):
        raise ParityError(f"decimal={decimal}: allowed are . and ,")
    for name in ("footnotes", "percent"):
        if fields.get(name, "drop") != "drop":
            raise ParityError(f"{name}={fields[name]}: allowed is drop")
    return replace(
        rules,
        decimal=decimal,
        thousands=fields.get("thousands", rules.thousands),
        missing=(*rules.missing, *(fields["missing"].split(",") if "missing" in fields else ())),
        footnotes=rules.footnotes or "footnotes" in fields,
        percent=rules.percent or "percent" in fields,
    )


# A cell above this is a mistake or an attack (an unclosed quote swallows the rest of a file).
MAX_CELL_CHARACTERS = 1_000_000
# 007 is a code, not seven.
_CODE = r"^0\d+$"
Wanted = Callable[[Sequence[str]], Collection[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A table as read."""

    frame: pl.DataFrame  # columns of integers, floats or text
    told: tuple[str, ...]  # what was understood where a file leaves it open, in words
    percent: tuple[str, ...] = ()  # columns whose cells all were marked as per cent (45% is 45)


def typed(
    body: pl.DataFrame,
    heads: Headings,
    name: str,
    dialect: Dialect,
    *,
    usual: numbers.Decimal | None,
    known: dict[str, pl.Series] | None = None,
    wanted: Wanted | None = None,
) -> Reading:
    """Return the table that rows of text cells hold.

    ``wanted``: tells of the columns' names those that have to be numbers; by default none has to, and one
    that is not all numbers stays text.
    """
    kept, lines = data_rows(body)
    body = body.filter(kept)
    known = {column: cells.filter(kept) for column, cells in (known or {}).items() if cells.count()}
    _check_cells(body, name)
    looks = {column.name: numbers.look(column, dialect.rules, known.get(column.name)) for column in body}
    needed = None if wanted is None else wanted(body.columns)
    numeric = [each for each in looks.values() if _is_numeric(each, body[each.name], needed)]
    marks: dict[str, numbers.Decimal | None] = {each.name: dialect.rules.mark for each in numeric}
    if dialect.rules.mark is None:
        marks = numbers.agreed(numeric, usual)
    undecided = [each for each in numeric if marks[each.name] is None]
    if needed is not None and (asked := [each for each in undecided if each.name in needed]):
        raise ParityError(_undecided(asked, name, dialect))
    # What nobody asked for as numbers stays text; whoever takes it for numbers is refused there.
    numeric = [each for each in numeric if each not in undecided]
    values: dict[str, pl.Series] = {}
    wrong: list[tuple[numbers.Cells, pl.Series]] = []
    for each in numeric:
        mark = marks[each.name] or "."
        found = each.values(mark)
        unread = each.text.is_not_null() & found.is_null()
        if not unread.any():
            values[each.name] = found
        elif needed is not None and each.name in needed:
            wrong.append((each, unread))
    if wrong:
        faults = numbers.unread(wrong)
        hint = f"; {dialect.add(faults.lines, name)}" if faults.lines else ""
        mend = "; mend what is no number" if "no numbers" in faults.told else ""
        raise ParityError(f"{name}: {faults.told}{hint}{mend}")
    columns = [values.get(column.name, _text(column)) for column in body]
    told = [*heads.told, *_told(numeric, values, marks, usual)]
    if undecided:
        told.append(f"left as text: {_undecided(undecided, name, dialect).removeprefix(f'{name}: ')}")
    if lines:
        told.append(
            f"{len(lines)} line{'s' * (len(lines) > 1)} below the table left out: {'; '.join(lines[:4])}"
        )
    percent = tuple(each.name for each in numeric if each.name in values and numbers.PER_CENT in each.told)
    return Reading(pl.DataFrame(columns), tuple(told), percent)


def _is_numeric(cells: numbers.Cells, raw: pl.Series, needed: Collection[str] | None) -> bool:
    if needed is not None and cells.name in needed:
        return True
    return cells.are_numbers() and not raw.str.strip_chars().str.contains(_CODE).any()


def _text(column: pl.Series) -> pl.Series:
    cells = column.str.strip_chars()
    return cells.set(cells == "", None)


def _undecided(columns: list[numbers.Cells], name: str, dialect: Dialect) -> str:
    cells = [each.text.filter(each.either())[0] for each in columns if each.either().any()]
    named = ", ".join(f"'{each.name}'" for each in columns[:6])
    both = f"such as {cells[0]} " if cells else ""
    line = dialect.add({"decimal": '","'}, name)
    return (
        f"{name}: numbers {both}in {named} may have a decimal mark or thousands set apart, and nothing tells "
        f"which; {line} (or '.')"
    )


def _told(
    numeric: list[numbers.Cells],
    values: dict[str, pl.Series],
    marks: dict[str, numbers.Decimal | None],
    usual: numbers.Decimal | None,
) -> list[str]:
    """Return what was understood of the columns that became numbers."""
    told = []
    for mark, word, group in ((",", "comma", "."), (".", "point", ",")):
        read = [each for each in numeric if each.name in values and marks[each.name] == mark]
        used = [each for each in read if (each.point != each.comma).fill_null(value=True).any()]
        grouped = [each.name for each in used if each.text.str.contains(group, literal=True).any()]
        if grouped or (used and mark != "."):
            apart = f" and '{group}' between thousands (in {_names(grouped)})" if grouped else ""
            told.append(f"decimal {word}{apart}")
    kinds: dict[str, list[str]] = {}
    for each in numeric:
        for said in each.told if each.name in values else ():
            kinds.setdefault(said, []).append(each.name)
    return [*told, *(f"{said}: {_names(names)}" for said, names in kinds.items())]


def _names(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names[:6]) + (
        f" and {len(names) - 6} more" if len(names) > 6 else ""
    )


def _check_cells(frame: pl.DataFrame, name: str) -> None:
    for column in frame.iter_columns():
        longest = column.str.len_chars().max()
        if isinstance(longest, int) and longest > MAX_CELL_CHARACTERS:
            raise ParityError(
                f"{name}: a cell of column '{column.name}' has {longest:,} characters, above the limit of "
                f"{MAX_CELL_CHARACTERS:,}; is a quote left open?"
            )
