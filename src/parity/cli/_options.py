"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from parity.ask.settings import Settings

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


def settings_options(command: Command) -> Command:
    """Give a command ``--weight``, ``--normalise`` and ``--aggregate``; `settings_of` reads them."""
    for option in (
        click.option(
            "--aggregate",
            type=click.Choice(("arithmetic", "geometric", "harmonic")),
            help="Mean that makes the index of its pillars; that of the spec by default.",
        ),
        click.option(
            "--normalise",
            type=click.Choice(("minmax", "zscore", "percentile_rank")),
            help="How indicators come to a common scale; that of the spec by default.",
        ),
        click.option(
            "--weight",
            "weights",
            multiple=True,
            metavar="CODE=NUMBER",
            help="Another weight for a pillar, sub-pillar or indicator. Repeat for more.",
        ),
    ):
        command = option(command)
    return command


def settings_of(options: dict[str, Any]) -> Settings:
    """Return the settings that the options of `settings_options` give."""
    from parity.ask.settings import Settings, weights_of

    return Settings(
        weights=weights_of(options["weights"]),
        normalise=options["normalise"],
        aggregate=options["aggregate"],
    )
