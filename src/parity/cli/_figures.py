"""Figures that a command writes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parity.catalogue import files
from parity.errors import ParityError, one_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("png", "svg", "pdf")
DOTS_PER_INCH = 150


def figure_kind(path: str) -> str:
    """Return the format that a path's ending names; asked before any work is done for the figure.

    Raises
    ------
    ParityError
        If the ending is not one of ``KINDS``, or the folder is absent or not writable.
    """
    kind = Path(path).suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise ParityError(f"{path}: cannot draw '{kind}'; allowed endings are {one_of(KINDS)}")
    files.check_place(path)
    return kind


def save_figure(figure: Figure, path: str) -> None:
    """Write a figure, whole or not at all, and say so on standard error.

    Parameters
    ----------
    figure
        What to write.
    path
        File to make or replace; its ending names the format.

    Raises
    ------
    ParityError
        If the ending is not one of ``KINDS``, or the folder is absent or not writable.
    """
    import matplotlib

    kind = figure_kind(path)
    buffer = io.BytesIO()
    # Without a date and with fixed names inside, the same figure is the same file.
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
    with matplotlib.rc_context({"svg.hashsalt": "parity"}):
        figure.savefig(buffer, format=kind, dpi=DOTS_PER_INCH, metadata=metadata)
    files.write_bytes(path, buffer.getvalue())
    click.echo(f"wrote {path}", err=True)
