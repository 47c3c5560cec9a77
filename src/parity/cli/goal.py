"""``parity goal``: what it would take to reach a rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json

if TYPE_CHECKING:
    from rich.console import Console

    from parity.brief.standing import Standing
    from parity.robustness._goal_spread import GoalSpread
    from parity.robustness.goal import Change, Goal


class MoveRow(BaseModel):
    """Move of one series."""

    series: str = Field(description="Series (or indicator)")
    title: str = Field(description="Title for people")
    unit: str = Field(description="Unit of from and to")
    from_: float = Field(alias="from", description="Value now")
    to: float = Field(description="Value to reach")
    steps: float = Field(description="Change, in the series' own yearly spread")
    to_low: float | None = Field(default=None, description="Lower end of the interval of to over rebuilds")
    to_high: float | None = Field(default=None, description="Upper end")


class ChangeAnswer(BaseModel):
    """A change of several series at once."""

    size: float = Field(description="Root of the sum of squared steps")
    score: float = Field(description="Score after the change, in the base build")
    share: float | None = Field(description="Share of rebuilds in which the rank is reached")
    moves: list[MoveRow] = Field(description="The longest first")
    size_low: float | None = Field(
        default=None, description="Lower end of the interval of size over rebuilds"
    )
    size_high: float | None = Field(default=None, description="Upper end")


class GoalAnswer(Answer):
    """Answer of ``parity goal``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    country: str = Field(description="Country")
    rank_now: int = Field(description="Its rank")
    rank: int = Field(description="Rank to reach")
    base: ChangeAnswer = Field(description="Smallest change that reaches it in the base build")
    robust: ChangeAnswer | None = Field(description="Smallest that reaches it in half of the rebuilds")
    reason: str | None = Field(description="Why there is no robust change")
    builds: int = Field(description="Rebuilds in which the smallest change was sought anew, for intervals")
    out_of_reach: float | None = Field(description="Share of those in which nothing reaches the rank, 0 to 1")


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
    from parity.brief.standing import standing
    from parity.catalogue import load_table
    from parity.robustness._goal_spread import goal_spread
    from parity.robustness.goal import goal, yearly_spreads
    from parity.robustness.rebuilds import rebuilds

    found = standing(index_name, variant, data)
    unit = found.unit(country)
    spreads = {} if found.cells is None else yearly_spreads(found.index, unit, load_table("observations"))
    made = list(rebuilds(found.index, draws))
    answer = goal(found.index, unit, rank, spreads, made)
    spread = goal_spread(answer, made) if made else None
    if as_json:
        print_json(_answer(found, answer, spread))
    else:
        _print(found, answer, spread, top)


def _answer(found: Standing, answer: Goal, spread: GoalSpread | None) -> GoalAnswer:
    return GoalAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        country=answer.unit,
        rank_now=answer.rank_now,
        rank=answer.rank,
        base=_with_intervals(_change(answer.base), spread),
        robust=answer.robust and _change(answer.robust),
        reason=answer.reason or None,
        builds=0 if spread is None else spread.builds,
        out_of_reach=None if spread is None else spread.out_of_reach,
    )


def _with_intervals(change: ChangeAnswer, spread: GoalSpread | None) -> ChangeAnswer:
    """Return the change with the intervals of its size and its moves."""
    if spread is None or (size := spread.size()) is None:
        return change
    ends = {series: (low, high) for series, low, high in spread.table().iter_rows()}
    moves = [
        move.model_copy(update={"to_low": ends[move.series][0], "to_high": ends[move.series][1]})
        for move in change.moves
    ]
    return change.model_copy(update={"size_low": size[0], "size_high": size[1], "moves": moves})


def _change(change: Change) -> ChangeAnswer:
    return ChangeAnswer(
        size=change.size,
        score=change.score,
        share=None if change.share != change.share else change.share,
        moves=[MoveRow.model_validate(row) for row in change.table().iter_rows(named=True)],
    )


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
        f"\n{heading}: a distance of {change.size:.2f}{around} yearly spreads (root of the sum of squares)"
        f"{share}",
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
