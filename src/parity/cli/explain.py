"""``parity explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import BaseModel, Field

from parity.cli._options import index_options
from parity.cli.answers import Answer, json_option, print_json

if TYPE_CHECKING:
    from parity.brief.model import Gap


class PartRow(BaseModel):
    """What one indicator adds to the gap."""

    indicator: str = Field(description="Code")
    title: str = Field(description="Title for people")
    contribution: float = Field(description="Points; all parts add up to the gap")


class ExplainAnswer(Answer):
    """Answer of ``parity explain``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    a: str = Field(description="First country")
    b: str = Field(description="Second country")
    gap: float = Field(description="Score of the first less score of the second")
    pillars: dict[str, float] = Field(description="Points by the group above the indicators")
    parts: list[PartRow] = Field(description="Every indicator, the largest part first")


@click.command(name="explain")
@click.argument("a")
@click.argument("b")
@index_options
@click.option(
    "--top", type=click.IntRange(min=1), default=15, show_default=True, help="Print the N largest parts."
)
@json_option
def command(a: str, b: str, index_name: str, variant: str, data: str | None, top: int, as_json: bool) -> None:
    """Split the gap between countries A and B over the indicators.

    The parts add up to the gap exactly: they are the differences in normalised value times the weight for
    arithmetic aggregation, Shapley values for the rest.

    \b
    Examples:
      parity explain USA RUS
      parity explain India Brazil --variant intensity --top 5
      parity explain CHN USA --json
    """
    from parity.brief._gap import gap
    from parity.brief.standing import standing

    found = standing(index_name, variant, data)
    first, second = found.unit(a), found.unit(b)
    whole = gap(found, first, second, role="", most=found.index.tree.n_indicators)
    if as_json:
        print_json(
            ExplainAnswer(
                data=found.vintage,
                index=found.index.spec.index.id,
                variant=found.variant,
                a=first,
                b=second,
                gap=whole.gap,
                pillars=whole.pillars,
                parts=[PartRow(**part.model_dump()) for part in whole.parts],
            )
        )
    else:
        _print(whole, found.name(first), found.name(second), top, found.vintage)


def _print(whole: Gap, a: str, b: str, top: int, vintage: str) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(f"{a} less {b}: {whole.gap:+.2f} points", style="bold", highlight=False)
    for heading, rows in (
        ("by pillar", list(whole.pillars.items())),
        (f"largest {top} indicators", [(part.title, part.contribution) for part in whole.parts[:top]]),
    ):
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("points", justify="right")
        table.add_column(heading)
        for title, points in rows:
            table.add_row(f"{points:+.2f}", title)
        console.print(table)
    rest = sum(part.contribution for part in whole.parts[top:])
    console.print(
        f"{rest:+.2f} in the other {max(len(whole.parts) - top, 0)}. Data: {vintage}.", highlight=False
    )
