"""A brief as a document: a page of findings, then sections of notes and tables; the same for every form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A number on a scale with its interval; ``None`` where it is unknown, or where an end is open."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """Marks beside the rows of a table, all on one scale.

    Attributes
    ----------
    title
        What the scale is.
    low, high
        Numbers at its left and right end.
    marks
        For every row, one mark of each series.
    series
        Names of the series; one is not named.
    """

    title: str
    low: float
    high: float
    marks: tuple[tuple[Mark, ...], ...]
    series: tuple[str, ...] = ()

    def share(self, number: float) -> float:
        """Return where a number lies between the ends, 0 to 1; beyond them, the end."""
        if self.high == self.low:
            return 0.5
        return min(1.0, max(0.0, (number - self.low) / (self.high - self.low)))


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes
    ----------
    columns
        Headings.
    rows
        Cells. One that is an address as a whole is printed as a link.
    numbers
        Columns set to the right.
    spare
        Columns left out where the page is narrow.
    plot
        Marks in one more column.
    caption
        What the table is of.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    spare: frozenset[int] = frozenset()
    plot: Plot | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document: notes, then tables, and the commands that reproduce its numbers."""

    title: str
    commands: tuple[str, ...]
    notes: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding on the first page, with the command that reproduces it."""

    topic: str
    text: str
    command: str


@dataclass(frozen=True, slots=True)
class Document:
    """A brief, ready to print.

    Attributes
    ----------
    title, subtitle
        The country and what it belongs to.
    headline
        What matters most, in one sentence.
    facts
        The page for a decision maker.
    parts
        The detail.
    data
        Vintage of the data.
    """

    title: str
    subtitle: str
    headline: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    data: str


def link(cell: str) -> str | None:
    """Return what to show of a cell that is an address: its host; ``None`` for any other cell."""
    if not cell.startswith(("https://", "http://")) or " " in cell:
        return None
    host = cell.split("/")[2].removeprefix("www.")
    return host or None
