"""``parity robustness swap``: what weights would make two countries change places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.robustness._swap_spread import SwapSpread
    from parity.robustness.swap import Swap


class WeightRow(BaseModel):
    """One weight."""

    node: str = Field(description="Indicator or group")
    share: float = Field(description="Its share in its group as it is, 0 to 1")
    needed: float | None = Field(description="Share at which the two are level; null where none does it")
    change: float | None = Field(description="needed less share")
    low: float | None = Field(default=None, description="Lower end of the interval of needed over rebuilds")
    high: float | None = Field(default=None, description="Upper end; only the first weights are looked at")
    found: float | None = Field(default=None, description="Share of the rebuilds in which some share does it")


class JointRow(BaseModel):
    """One indicator in the smallest joint move."""

    indicator: str = Field(description="Code")
    share: float = Field(description="Share of the index as it is, 0 to 1")
    needed: float = Field(description="Share in the smallest joint move")
    change: float = Field(description="needed less share")
    low: float | None = Field(default=None, description="Lower end of the interval of needed over rebuilds")
    high: float | None = Field(default=None, description="Upper end")


class RebuildsAnswer(BaseModel):
    """The same question in rebuilds with other step choices, the weights being those of the spec."""

    builds: int = Field(description="Rebuilds")
    level: float = Field(description="Probability that intervals cover")
    ahead: float = Field(description="Share of the rebuilds in which the same country is ahead, 0 to 1")
    gap_low: float = Field(description="Lower end of the interval of the gap, points of the base build")
    gap_high: float = Field(description="Upper end")
    moved_low: float | None = Field(
        description="Lower end of the interval of moved; null where none is needed"
    )
    moved_high: float | None = Field(description="Upper end")


class SwapAnswer(Answer):
    """Answer of ``parity robustness swap``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    ahead: str = Field(description="The country that is ahead")
    behind: str = Field(description="The other one")
    gap: float = Field(description="Points between them")
    weights: list[WeightRow] = Field(description="Each weight alone, the smallest change first")
    moved: float = Field(description="Share of the whole weight that the smallest joint move moves, 0 to 1")
    joint: list[JointRow] = Field(description="The smallest joint move, the largest change first")
    rebuilds: RebuildsAnswer | None = Field(description="Null where the spec names nothing to vary")


@click.command(name="swap")
@click.argument("a")
@click.argument("b")
@index_options
@click.option(
    "--top", type=click.IntRange(min=1), default=10, show_default=True, help="Print the N first weights."
)
@json_option
def command(a: str, b: str, index_name: str, variant: str, data: str | None, top: int, as_json: bool) -> None:
    """How far weights must move before countries A and B change places.

    Each weight alone, the others of its group keeping their proportions; and all together, by the smallest
    move of the indicators' shares in the index. Intervals: the same with every combination of the step
    choices of the spec's robustness table.

    \b
    Examples:
      parity robustness swap RUS BRA
      parity robustness swap CHN DEU --variant intensity --json
    """
    from parity.ask.standing import standing
    from parity.robustness.swap import swap as find

    found = standing(index_name, variant, data)
    answer = find(found.index, found.unit(a), found.unit(b))
    spread = _spread(found, answer)
    weights, joint = _tables(answer, spread)
    if as_json:
        print_json(
            SwapAnswer(
                data=found.vintage,
                index=found.index.spec.index.id,
                variant=found.variant,
                ahead=answer.a,
                behind=answer.b,
                gap=answer.gap,
                weights=[WeightRow(**row) for row in weights.iter_rows(named=True)],
                moved=answer.moved,
                joint=[JointRow(**row) for row in joint.iter_rows(named=True)],
                rebuilds=None if spread is None else _rebuilds(spread),
            )
        )
        return
    _print(found, answer, spread, weights.drop_nulls("needed").head(top), joint.head(top))


def _spread(found: Standing, answer: Swap) -> SwapSpread | None:
    """Return the swap in rebuilds; ``None`` where the spec names nothing to vary."""
    from parity.errors import NoAnswerError
    from parity.robustness._swap_spread import swap_spread

    try:
        return swap_spread(found.index, answer)
    except NoAnswerError:
        return None


def _tables(answer: Swap, spread: SwapSpread | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return weights alone and in the joint move, with their intervals."""
    import polars as pl

    weights, joint = answer.table(), answer.joint_table()
    if spread is None:
        return weights, joint
    told = spread.table().rename({"needed_low": "low", "needed_high": "high"})
    weights = weights.join(told, on="node", how="left", maintain_order="left")
    if (ends := spread.joint_ends()) is not None:
        codes = answer.codes[: len(answer.effective)]
        columns = {"indicator": codes, "low": ends[0], "high": ends[1]}
        joint = joint.join(pl.DataFrame(columns), on="indicator", how="left", maintain_order="left")
    return weights, joint


def _rebuilds(spread: SwapSpread) -> RebuildsAnswer:
    moved = spread.moved or (None, None)
    return RebuildsAnswer(
        builds=spread.builds,
        level=spread.level,
        ahead=spread.ahead,
        gap_low=spread.gap[0],
        gap_high=spread.gap[1],
        moved_low=moved[0],
        moved_high=moved[1],
    )


def _print(
    found: Standing, answer: Swap, spread: SwapSpread | None, weights: pl.DataFrame, joint: pl.DataFrame
) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(
        f"{found.name(answer.a)} is {answer.gap:.2f} points ahead of {found.name(answer.b)}.",
        style="bold",
        highlight=False,
    )
    moved = f"{answer.moved:.1%}"
    if spread is not None:
        console.print(
            f"Built with every combination of the step choices ({spread.builds}), it is ahead in "
            f"{spread.ahead:.0%}; gap {spread.gap[0]:+.2f} to {spread.gap[1]:+.2f} "
            f"({spread.level:.0%} interval).",
            highlight=False,
        )
        if spread.moved is not None:
            moved += f" ({spread.moved[0]:.1%} to {spread.moved[1]:.1%})"
    for heading, frame in (
        ("One weight alone (share in its group)", weights),
        (f"All together: {moved} of the weight moves (share of the index)", joint),
    ):
        table = Table(title=heading, title_justify="left", box=None, pad_edge=False, header_style="dim")
        columns = ("now", "needed", *(("interval",) if "low" in frame.columns else ()), "change")
        for column in columns:
            table.add_column(column, justify="right", no_wrap=True)
        table.add_column("weight")
        for row in frame.iter_rows(named=True):
            title = found.title(found.index.node(row.get("node") or row["indicator"]))
            cells = {"now": f"{row['share']:.2%}", "needed": f"{row['needed']:.2%}"}
            cells |= {"interval": _interval(row), "change": f"{row['change']:+.2%}"}
            table.add_row(*(cells[column] for column in columns), title)
        console.print(table)
    console.print(f"\nData: {found.vintage}.", highlight=False)


def _interval(row: dict[str, Any]) -> str:
    """Return an interval as text, with how often some share does it at all, where that is not always."""
    if row.get("low") is None:
        return "-"
    found = row.get("found")
    return f"{row['low']:.2%} to {row['high']:.2%}" + (
        f", in {found:.0%}" if found is not None and found < 1 else ""
    )
