"""``parity robustness swap``: what weights would make two countries change places."""

from __future__ import annotations

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json


class WeightRow(BaseModel):
    """One weight."""

    node: str = Field(description="Indicator or group")
    share: float = Field(description="Its share in its group as it is, 0 to 1")
    needed: float | None = Field(description="Share at which the two are level; null where none does it")
    change: float | None = Field(description="needed less share")


class JointRow(BaseModel):
    """One indicator in the smallest joint move."""

    indicator: str = Field(description="Code")
    share: float = Field(description="Share of the index as it is, 0 to 1")
    needed: float = Field(description="Share in the smallest joint move")
    change: float = Field(description="needed less share")


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
    move of the indicators' shares in the index.

    \b
    Examples:
      parity robustness swap RUS BRA
      parity robustness swap CHN DEU --variant intensity --json
    """
    from parity.brief.standing import standing
    from parity.robustness.swap import swap as find

    found = standing(index_name, variant, data)
    answer = find(found.index, found.unit(a), found.unit(b))
    if as_json:
        print_json(
            SwapAnswer(
                data=found.vintage,
                index=found.index.spec.index.id,
                variant=found.variant,
                ahead=answer.a,
                behind=answer.b,
                gap=answer.gap,
                weights=[WeightRow(**row) for row in answer.table().iter_rows(named=True)],
                moved=answer.moved,
                joint=[JointRow(**row) for row in answer.joint_table().iter_rows(named=True)],
            )
        )
        return
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(
        f"{found.name(answer.a)} is {answer.gap:.2f} points ahead of {found.name(answer.b)}.",
        style="bold",
        highlight=False,
    )
    for heading, frame in (
        ("One weight alone (share in its group)", answer.table().drop_nulls()),
        (f"All together: {answer.moved:.1%} of the weight moves (share of the index)", answer.joint_table()),
    ):
        table = Table(title=heading, title_justify="left", box=None, pad_edge=False, header_style="dim")
        for column in ("now", "needed", "change"):
            table.add_column(column, justify="right")
        table.add_column("weight")
        for code, share, needed, change in frame.head(top).iter_rows():
            title = found.title(found.index.node(code))
            table.add_row(f"{share:.2%}", f"{needed:.2%}", f"{change:+.2%}", title)
        console.print(table)
    console.print(f"\nData: {found.vintage}.", highlight=False)
