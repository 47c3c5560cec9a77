"""A brief on a terminal."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from parity.brief.document import Document, Fact, Grid, Mark, Part, Plot, link

# Below this many columns the spare ones are left out, and plots are short.
WIDE = 100
SIGNS = ("●", "■", "◆", "▲")


def render(document: Document, console: Console) -> None:
    """Print a document.

    Parameters
    ----------
    document
        What to print.
    console
        Where to; its width and colours are respected.
    """
    wide = console.width >= WIDE
    parts: list[RenderableType] = [
        Text(document.title, style="bold"),
        Text(document.subtitle, style="dim"),
        Text(f"\n{document.headline}\n", style="bold"),
        _facts(document.facts),
    ]
    for part in document.parts:
        parts += _part(part, wide)
    parts.append(Text(f"\nData: {document.data}.", style="dim"))
    console.print(Group(*parts), highlight=False)


def _facts(facts: tuple[Fact, ...]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    for fact in facts:
        words = Text(fact.text)
        words.append(f"\n$ {fact.command}", style="dim")
        table.add_row(fact.topic, words)
    return table


def _part(part: Part, wide: bool) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(f"\n{part.title}", style="bold underline")]
    lines += [Text(note) for note in part.notes]
    for grid in part.grids:
        if grid.rows:
            lines += [Padding(_grid(grid, wide), (1, 0, 0, 0))]
    lines += [Text(f"$ {command}", style="dim") for command in part.commands]
    return lines


def _grid(grid: Grid, wide: bool) -> Table:
    kept = [place for place in range(len(grid.columns)) if wide or place not in grid.spare]
    table = Table(
        box=None,
        pad_edge=False,
        header_style="dim",
        caption=_key(grid.plot) or None,
        title=grid.caption or None,
        title_justify="left",
        caption_justify="left",
    )
    for place in kept:
        right, short = place in grid.numbers, _widest(grid, place) <= 12
        table.add_column(
            Text(grid.columns[place]), justify="right" if right else "left", no_wrap=short, vertical="top"
        )
    if grid.plot is not None:
        table.add_column(Text(grid.plot.title), no_wrap=True)
    for number, row in enumerate(grid.rows):
        cells = [_cell(row[place]) for place in kept]
        if grid.plot is not None:
            cells.append(Text(track(grid.plot, grid.plot.marks[number], 30 if wide else 18)))
        table.add_row(*cells)
    return table


def _widest(grid: Grid, place: int) -> int:
    return max(len(row[place]) for row in grid.rows)


def _cell(cell: str) -> Text:
    host = link(cell)
    return Text(host, style=f"link {cell}") if host else Text(cell)


def _key(plot: Plot | None) -> str:
    if plot is None or not plot.series:
        return ""
    return "   ".join(f"{SIGNS[number % len(SIGNS)]} {name}" for number, name in enumerate(plot.series))


def track(plot: Plot, marks: tuple[Mark, ...], width: int) -> str:
    """Return marks on a line of characters: the interval of a lone one heavy, the value a sign.

    Parameters
    ----------
    plot
        The scale.
    marks
        One of each series.
    width
        Characters.
    """
    line = ["·"] * width

    def at(value: float) -> int:
        return round(plot.share(value) * (width - 1))

    for number, mark in enumerate(marks):
        if mark.low is not None and len(marks) == 1:
            right = plot.high if mark.high is None else mark.high
            line[at(mark.low) : at(right) + 1] = "━" * (at(right) - at(mark.low) + 1)
        if mark.value is not None:
            line[at(mark.value)] = SIGNS[number % len(SIGNS)]
    return "".join(line)
