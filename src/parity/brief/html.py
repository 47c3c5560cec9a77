"""A brief as one HTML file: no network, no scripts, prints well."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from parity.brief._page import PAGE, STYLE
from parity.brief.document import Document, Mark, Plot, link

if TYPE_CHECKING:
    from jinja2 import Template

# Height of the track of one mark, in the units of the drawing.
TRACK = 12
# Series are told apart by shape first, then by lightness: colour alone says nothing.
SHAPES = ("circle", "square", "diamond", "triangle")


def html(document: Document) -> str:
    """Return a document as one self-contained HTML page.

    Parameters
    ----------
    document
        What to print.

    Returns
    -------
    str
        The page; everything in it that comes from data is escaped.
    """
    return _template().render(document=document, style=STYLE)


def marks_svg(plot: Plot, row: int) -> str:
    """Return the marks of a row as a drawing, one track for each series.

    Parameters
    ----------
    plot
        The plot.
    row
        Row of the table.
    """
    marks = plot.marks[row]
    height = TRACK * len(marks)
    drawn = "".join(_track(plot, mark, number) for number, mark in enumerate(marks))
    return f'<svg class="plot" height="{height}" aria-hidden="true" focusable="false">{drawn}</svg>'


def _track(plot: Plot, mark: Mark, number: int) -> str:
    """Return a line for the scale, a bar for the interval and a shape for the value."""
    y = TRACK * number + TRACK / 2
    line = f'<line class="axis" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    if mark.value is None and mark.low is None:
        return line
    low, high = (mark.value if end is None else end for end in (mark.low, mark.high))
    bar = ""
    if low is not None:
        # An open upper end runs to the end of the scale.
        right = plot.high if high is None or (mark.value is None and mark.high is None) else high
        start, width = 100 * plot.share(low), 100 * (plot.share(right) - plot.share(low))
        bar = f'<rect class="range" x="{start:.2f}%" width="{width:.2f}%" y="{y - 2.5}" height="5" rx="2"/>'
    if mark.value is None:
        return line + bar
    return line + bar + _shape(100 * plot.share(mark.value), y, number)


def _shape(x: float, y: float, number: int) -> str:
    """Return the shape of a series at a place: nested drawings take places in per cent."""
    shape = SHAPES[number % len(SHAPES)]
    inside = {
        "circle": '<circle r="4"/>',
        "square": '<rect x="-3.6" y="-3.6" width="7.2" height="7.2"/>',
        "diamond": '<path d="M0-5 5 0 0 5-5 0Z"/>',
        "triangle": '<path d="M0-4.6 4.8 4-4.8 4Z"/>',
    }[shape]
    return f'<svg class="mark s{number % len(SHAPES)}" x="{x:.2f}%" y="{y}" overflow="visible">{inside}</svg>'


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["marks"] = lambda plot, row: Markup(marks_svg(plot, row))
    environment.globals["shape"] = lambda number: Markup(
        f'<svg class="key" width="12" height="12" aria-hidden="true">{_shape(50, 6, number)}</svg>'
    )
    environment.globals["link"] = link
    return environment.from_string(PAGE)
