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

KINDS = (".png", ".svg", ".pdf")
DOTS_PER_INCH = 150


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
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        raise ParityError(f"{path}: cannot draw '{kind}'; allowed are {one_of(KINDS)}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind.removeprefix("."), dpi=DOTS_PER_INCH)
    files.write_bytes(path, buffer.getvalue())
    click.echo(f"wrote {path}", err=True)
