"""A figure with all that has to go with it: source, vintage, citation and the numbers as a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

FINE = 1e4
"""From here on, what stands after the decimal point tells nobody anything."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        Its name in the frame.
    label
        Heading for people.
    digits
        Digits after the decimal point.
    """

    name: str
    label: str
    digits: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table for people and for the CSV that they download.

    Attributes
    ----------
    columns
        What is shown, in order.
    frame
        One row per line; columns beside the shown ones are left out.
    """

    columns: Sequence[Column]
    frame: pl.DataFrame

    def numeric(self) -> list[bool]:
        """Tell which columns hold numbers."""
        schema = self.frame.schema
        return [schema[column.name].is_numeric() for column in self.columns]

    def rows(self) -> list[list[tuple[str, str]]]:
        """Return each row's cells: the text shown, and the value for a file."""
        picked = self.frame.select(column.name for column in self.columns)
        return [
            [cell(value, column.digits) for value, column in zip(row, self.columns, strict=True)]
            for row in picked.iter_rows()
        ]


def cell(value: Any, digits: int = 1) -> tuple[str, str]:
    """Return what a cell shows, and its value for a file."""
    if value is None:
        return "–", ""
    if isinstance(value, float):
        return f"{value:,.{digits if abs(value) < FINE else 0}f}", repr(value)
    return str(value), str(value)


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A figure card.

    Attributes
    ----------
    name
        Unique on the page; letters, digits and hyphens; the name of downloaded files.
    title
        What it shows, as a sentence or a noun phrase.
    data, layout
        Plotly traces and layout. Colours are those of `parity.web.palette`; fonts, grounds and margins
        come from the style sheet. Give every trace of an estimated number a ``hovertemplate`` with value,
        interval and source.
    table
        The numbers of the figure, intervals included: for screen readers, and for the CSV.
    source
        Where the numbers come from.
    vintage
        Of the data.
    command
        Command that reproduces the numbers.
    note
        What has to be known to read it right.
    height
        In pixels.
    """

    name: str
    title: str
    data: list[dict[str, Any]]
    layout: dict[str, Any]
    table: Table
    source: str
    vintage: str
    command: str = ""
    note: str = ""
    height: int = 420

    @property
    def plotly(self) -> str:
        """The figure as JSON that can stand inside a script element."""
        body = json.dumps({"data": self.data, "layout": self.layout | {"height": self.height}}, default=str)
        return body.replace("<", "\\u003c")

    @property
    def citation(self) -> str:
        """One line that a file carries and a reader can quote."""
        from parity import __version__

        made = f" Reproduce: {self.command}." if self.command else ""
        return f"Parity {__version__}, {self.vintage}. {self.title}. Source: {self.source}.{made}"
