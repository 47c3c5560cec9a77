"""Options of a question about trade, and how its answer is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from parity.answers.base import Answer
    from parity.answers.trade import Asked

Command = TypeVar("Command", bound=Callable[..., object])

side_option = click.option(
    "--side",
    type=click.Choice(["auto", "import", "export"]),
    default="auto",
    show_default=True,
    help="Whose reports to use: the country's own imports, or its suppliers' exports.",
)


def question_options(command: Command) -> Command:
    """Give a command ``--codes``, ``--concord``, ``--data`` and ``--figure``."""
    for option in (
        click.option("--figure", type=click.Path(), help="Write a figure (.png, .svg, .pdf)."),
        click.option(
            "--data",
            type=click.Path(),
            help="Your own table of flows, or files of BACI as Parquet; the snapshot by default.",
        ),
        click.option(
            "--concord",
            is_flag=True,
            help="Join codes that were renumbered in 2022 with the older ones.",
        ),
        click.option(
            "--codes",
            default=None,
            help="chpl (priority list), chpl1 ... chpl4.B, chips (8542), total, or HS codes with commas.",
        ),
    ):
        command = option(command)
    return command


def save(draw: Callable[[], Figure], path: str | None) -> None:
    """Write a figure where a path is given."""
    if path is not None:
        from parity.cli._figures import save_figure

        save_figure(draw(), path)


def tell(
    asked: Asked,
    answer: Any,
    as_json: bool,
    model: Callable[[dict[str, Any]], Answer],
    tables: Iterable[tuple[pl.DataFrame, str]],
    notes: Iterable[str] = (),
) -> None:
    """Print an answer.

    Parameters
    ----------
    asked
        The question.
    answer
        Its result.
    as_json
        Whether to print JSON.
    model
        From the keys that every answer about trade has to the answer.
    tables
        Tables and their titles, printed otherwise.
    notes
        What to know beside what the codes say.
    """
    from parity.trade import verdict

    said = [note for note in (*asked.codes.notes, *notes) if note]
    if as_json:
        from parity.cli.answers import print_json

        keys = {"codes": asked.codes.name, "hs": list(asked.codes.codes), "notes": said}
        keys |= {"data": asked.vintage, "sources": list(answer.sources), "verdict": verdict(answer)}
        print_json(model(keys))
        return
    from parity.cli._tables import print_table

    for table, title in tables:
        print_table(table, title=title)
    click.echo(f"\n{verdict(answer)}")
    for note in said:
        click.echo(f"Note: {note}.")
    click.echo(f"Sources: {', '.join(answer.sources) or 'your table'}. Data: {asked.vintage}.")
