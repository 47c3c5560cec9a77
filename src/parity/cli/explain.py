"""``parity explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from parity.cli._options import index_options
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from parity.answers.explain import ExplainAnswer


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
    from parity.answers.explain import explain_answer
    from parity.brief.standing import standing

    found = standing(index_name, variant, data)
    answer = explain_answer(found, a, b)
    if as_json:
        print_json(answer)
    else:
        _print(answer, found.name(answer.a), found.name(answer.b), top)


def _print(whole: ExplainAnswer, a: str, b: str, top: int) -> None:
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
        f"{rest:+.2f} in the other {max(len(whole.parts) - top, 0)}. Data: {whole.data}.", highlight=False
    )
