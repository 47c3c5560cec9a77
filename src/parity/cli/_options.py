"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])


def index_options(command: Command) -> Command:
    """Give a command ``--index``, ``--variant`` and ``--data``."""
    for option in (
        click.option(
            "--data", type=click.Path(), help="Table for an index that does not ship with its data."
        ),
        click.option(
            "--variant",
            default="both",
            show_default=True,
            help="scale (absolute), intensity (per person or GDP) or both.",
        ),
        click.option(
            "--index",
            "index_name",
            default="open-ai-index",
            show_default=True,
            help="A built-in index, or the path of a spec.",
        ),
    ):
        command = option(command)
    return command
