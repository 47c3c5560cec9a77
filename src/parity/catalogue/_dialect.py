"""How a table file is to be read where it leaves it open: said in a spec, or after the file's name."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from parity import numbers
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
