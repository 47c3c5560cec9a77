"""What there is to show, before it has a form: a document of blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import polars as pl

from parity import __version__

Role = Literal["text", "key", "value", "low", "high", "reason", "time", "link"]
Format = Literal["number", "percent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        Its name in the frame.
    label
        Heading for people; the name where it is empty.
    unit
        Stands in brackets after the heading.
    role
        ``value``: a number. Columns with the roles ``low``, ``high`` (ends of its interval) and ``reason``
        (why it is missing) that follow a value are shown in its cell: ``7.0 (4.1 to 13.9)``.
        ``key``: what the row is about. ``time``: a year or a date, printed without separators.
        ``link``: an address. ``text``: anything else, whole numbers and lists included.
    format
        ``percent`` prints a share of 1 as ``12 %``.
    digits
        After the decimal point; ``None`` lets them follow the spread of the column.
    mixed
        Whether each row has a unit of its own: its digits follow its own size.
    hidden
        In files of data alone: what a title says to people.
    spare
        Left out where the page is narrow.
    """

    name: str
    label: str = ""
    unit: str = ""
    role: Role = "text"
    format: Format = "number"
    digits: int | None = None
    spare: bool = False
    mixed: bool = False
    hidden: bool = False


def estimate(
    name: str, label: str = "", unit: str = "", *, digits: int | None = None, format: Format = "number"
) -> tuple[Column, Column, Column]:
    """Return the columns of a number and its interval: ``name``, ``name_low``, ``name_high``."""
    return (
        Column(name, label, unit, "value", format, digits),
        Column(f"{name}_low", f"{label or name}, low", unit, "low", format, digits),
        Column(f"{name}_high", f"{label or name}, high", unit, "high", format, digits),
    )


@dataclass(frozen=True, slots=True)
class Plot:
    """Marks beside the rows of a table, all on one scale.

    Attributes
    ----------
    title
        What the scale is.
    values
        Names of the value columns that are drawn, each with its interval; several are told apart by shape.
    low, high
        Numbers at the left and right end; ``None`` takes the smallest and largest of the table.
    """

    title: str
    values: tuple[str, ...]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table.

    Attributes
    ----------
    frame
        One row per line; columns that are not named below are left out.
    columns
        What is shown, in order; all of them, plainly and unrounded, in files of data.
    caption
        What the table is of.
    plot
        Marks in one more column.
    whole
        What files of data hold in place of the shown rows, where people are shown a part or another form.
    """

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    caption: str = ""
    plot: Plot | None = None
    whole: pl.DataFrame | None = None

    def data(self) -> pl.DataFrame:
        """Return the shown columns, unrounded, under their names in the frame."""
        if self.whole is not None:
            return self.whole
        return self.frame.select(column.name for column in self.columns)


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A figure, described once for every form, with its numbers.

    Attributes
    ----------
    name
        Letters, digits and hyphens; unique in its document; the name of a downloaded file.
    title
        What it shows.
    frame
        The rows that are drawn.
    spec
        Marks in the grammar of Vega-Lite, without data, sizes, fonts or colours of the page; made with
        `parity.show.marks`.
    columns
        Columns of the table that goes with the figure; those of the frame where it is empty.
    caption
        What has to be known to read it right.
    alt
        What a reader who cannot see it has to know, in a sentence.
    """

    name: str
    title: str
    frame: pl.DataFrame
    spec: Mapping[str, Any]
    columns: tuple[Column, ...] = ()
    caption: str = ""
    alt: str = ""

    def table(self) -> Table:
        """Return the numbers of the figure."""
        columns = self.columns or tuple(Column(name) for name in self.frame.columns)
        return Table(self.frame, columns, self.title)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 is the first below the title."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """A caveat: what limits the numbers above it."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A finding in a sentence, with the command that reproduces it."""

    topic: str
    text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Findings, one below the other."""

    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands that reproduce what stands above them."""

    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A section.

    Attributes
    ----------
    title
        Its heading; none where it is empty.
    blocks
        What is in it.
    folded
        Whether it opens on demand where the form can do that.
    columns
        Blocks beside each other, where there is room; in print their figures stand without tables, so the
        numbers belong into tables elsewhere.
    new_page
        Whether it begins on a new page in print.
    """

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False
    columns: int = 1
    new_page: bool = False


Block: TypeAlias = Heading | Text | Note | Facts | Commands | Table | Chart | Group


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from.

    Attributes
    ----------
    title, publisher
        What it is, and whose.
    address, licence
        Where it was found, and on what terms.
    key
        Its name in the catalogue.
    vintage
        Which edition or span.
    retrieved
        Day on which it was taken, ISO 8601.
    """

    title: str
    address: str = ""
    licence: str = ""
    key: str = ""
    publisher: str = ""
    vintage: str = ""
    retrieved: str = ""

    @property
    def short(self) -> str:
        """Return the title up to its first colon, comma or bracket."""
        return re.split(r"[:,(]", self.title)[0].strip()


MANY_SOURCES = 4
"""With more, their titles are shortened where room is scarce."""


@dataclass(frozen=True, slots=True)
class Document:
    """An answer, ready for any form: title and headline, blocks, sources, command.

    Attributes
    ----------
    title
        What was asked, as a noun phrase.
    blocks
        The detail, most important first.
    headline
        The answer in a sentence.
    data
        Vintage of the data.
    known_to
        Day until which the data are known, ISO 8601.
    command
        Reproduces the answer.
    sources
        Of all numbers.
    subtitle
        What the title needs to be understood.
    screen
        What a terminal shows in place of the blocks, where they are more than a screen.
    workbook
        Makes the sheets of a workbook, name and table of each, in place of the tables: the first number of
        the first is drawn.
    """

    title: str
    blocks: tuple[Block, ...]
    headline: str = ""
    data: str = ""
    known_to: str = ""
    command: str = ""
    sources: tuple[Source, ...] = ()
    subtitle: str = ""
    screen: tuple[Block, ...] = ()
    workbook: Callable[[], Sequence[tuple[str, pl.DataFrame]]] | None = None

    def tables(self) -> tuple[Table, ...]:
        """Return all tables, in order, those in groups included; those of figures are not among them."""
        return tuple(block for block in walk(self.blocks) if isinstance(block, Table))

    def charts(self) -> tuple[Chart, ...]:
        """Return all figures, in order, those in groups included."""
        return tuple(block for block in walk(self.blocks) if isinstance(block, Chart))

    def cited(self) -> str:
        """Return the titles of the sources, on one line; short ones where they are many."""
        many = len(self.sources) > MANY_SOURCES
        titles = (source.short if many else source.title for source in self.sources)
        return "; ".join(dict.fromkeys(titles))

    def citation(self, title: str = "", *, command: bool = True, address: str = "") -> str:
        """Return one line that a file carries and a reader can quote.

        Parameters
        ----------
        title
            Of the table or figure; that of the document where it is empty.
        command
            Whether it ends with what reproduces the answer.
        address
            Of the page that shows it.
        """
        known = f", data known to {self.known_to}" if self.known_to else ""
        name = f"Parity {__version__}"
        parts = [f"{name}, {self.data}{known}" if self.data else f"{name}{known}", title or self.title]
        if self.sources:
            parts.append(f"Source: {self.cited()}")
        if command and self.command:
            parts.append(f"Reproduce: {self.command}")
        if address:
            parts.append(f"Address: {address}")
        return ". ".join(part.removesuffix(".") for part in parts) + "."


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks and what is in groups, in order."""
    for block in blocks:
        yield block
        if isinstance(block, Group):
            yield from walk(block.blocks)
