"""What ``parity capability`` and ``parity lag`` share: options of the fit, and the fit with its progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from parity import dates
from parity.cli._progress import progress_bar

if TYPE_CHECKING:
    from parity.frontier import Capability, Evidence, FitOptions

Command = TypeVar("Command", bound=Callable[..., object])
DRAWS = 100


def fit_options(command: Command) -> Command:
    """Give a command ``--draws``, ``--seed`` and ``--workers``."""
    for option in (
        click.option("--workers", type=click.IntRange(min=1), help="Threads; all cores by default."),
        click.option("--seed", type=int, default=0, show_default=True, help="Seed of the resampling."),
        click.option(
            "--draws",
            type=click.IntRange(min=20),
            default=DRAWS,
            show_default=True,
            help="Refits per kind of resampling.",
        ),
    ):
        command = option(command)
    return command


def fitted(
    evidence: Evidence, draws: int, seed: int, workers: int | None, options: FitOptions | None = None
) -> Capability:
    """Fit capability, with a progress bar on a terminal."""
    from parity.frontier import BootstrapOptions, fit_evidence

    resampling = BootstrapOptions(draws=draws, seed=seed, workers=workers)
    with progress_bar(2 * draws) as advance:
        return fit_evidence(evidence, options=options, resampling=resampling, progress=advance)


def own_scores(path: str, *, dated: bool, add: bool) -> Evidence:
    """Read a user's scores; with ``add``, beside the carried ones."""
    from parity.catalogue import files
    from parity.frontier import carried, own, together

    evidence = own(files.read_table(path), path, today=dates.today(), dated=dated)
    return together(evidence, carried()) if add else evidence


def say(notes: tuple[str, ...]) -> None:
    """Print notes on standard error, where they do not mix with the answer."""
    for note in notes:
        click.echo(f"note: {note}", err=True)
