"""``parity goal``: what it would take to reach a rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from parity.cli._options import index_options
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from parity.ask.standing import Standing
    from parity.robustness._goal_spread import GoalSpread
    from parity.robustness.goal import Change, Goal


@click.command(name="goal")
@click.argument("country")
@click.option("--rank", "rank", type=click.IntRange(min=1), required=True, help="Rank to reach.")
@index_options
@click.option(
    "--draws", type=click.IntRange(min=1), default=120, show_default=True, help="Rebuilds to test in."
)
@click.option(
    "--top", type=click.IntRange(min=1), default=12, show_default=True, help="Print the N longest moves."
)
@json_option
def command(
    country: str,
    rank: int,
    index_name: str,
    variant: str,
    data: str | None,
    draws: int,
    top: int,
    as_json: bool,
) -> None:
    """Find the smallest change of indicators that brings COUNTRY to a rank.

    Changes are measured in each indicator's own yearly spread; only actionable indicators that are observed
    move, and none beyond the best value of any country. Intervals: the smallest change sought anew in
    rebuilds of the index. It is arithmetic on the index, not advice.

    \b
    Examples:
      parity goal RUS --rank 25
      parity goal Brazil --rank 28 --variant scale --json
    """
    from parity.answers.goal import goal_answer, seek
    from parity.ask.standing import standing
    from parity.robustness.rebuilds import rebuilds

    found = standing(index_name, variant, data)
    answer, spread = seek(found, found.unit(country), rank, list(rebuilds(found.index, draws)))
    if as_json:
        print_json(goal_answer(found, answer, spread))
    else:
        _print(found, answer, spread, top)


def _print(found: Standing, answer: Goal, spread: GoalSpread | None, top: int) -> None:
    from rich.console import Console

    console = Console()
    ranks = f"from rank {answer.rank_now} to {answer.rank} of {len(found.index.units)}"
    console.print(
        f"{found.name(answer.unit)}: {ranks}",
        style="bold",
        highlight=False,
    )
    _print_change(console, "In the base build", answer.base, top, spread)
    if spread is not None:
        told = f"Intervals: the smallest change in each of {spread.builds} rebuilds"
        if spread.out_of_reach > 0:
            told += f"; in {spread.out_of_reach:.0%} of them the rank is out of reach"
        console.print(f"{told}.", highlight=False, style="dim")
    if answer.robust is None:
        console.print(f"\nIn half of the rebuilds: not found, {answer.reason}.", highlight=False)
    elif answer.robust is answer.base:
        console.print("\nThe same change is enough in at least half of the rebuilds.", highlight=False)
    else:
        _print_change(console, "In half of the rebuilds", answer.robust, top)
    console.print(f"\nData: {found.vintage}.", highlight=False)


def _print_change(
    console: Console, heading: str, change: Change, top: int, spread: GoalSpread | None = None
) -> None:
    from rich.table import Table

    share = "" if change.share != change.share else f", reached in {change.share:.0%} of the rebuilds"
    size = None if spread is None else spread.size()
    around = (
        ""
        if spread is None or size is None
        else f" ({spread.level:.0%} interval {size[0]:.2f} to {size[1]:.2f})"
    )
    console.print(
        f"\n{heading}: a distance of {change.size:.2f}{around} yearly spreads (what the series usually "
        "change in a year; root of the sum of squares); the longest move takes "
        f"{change.years:,.0f} such years{share}",
        style="underline",
        highlight=False,
    )
    moves = change.table()
    if spread is not None and size is not None:
        moves = moves.join(spread.table(), on="series", how="left", maintain_order="left")
    table = Table(box=None, pad_edge=False, header_style="dim")
    columns = ("spreads", "from", "to", *(("interval of to",) if "to_low" in moves.columns else ()))
    for column in columns:
        table.add_column(column, justify="right")
    table.add_column("series")
    table.add_column("unit")
    for row in moves.head(top).iter_rows(named=True):
        values = [f"{row['steps']:.2f}", f"{row['from']:,.4g}", f"{row['to']:,.4g}"]
        if "to_low" in row:
            values.append(f"{row['to_low']:,.4g} to {row['to_high']:,.4g}")
        table.add_row(*values, row["title"], row["unit"])
    console.print(table)
