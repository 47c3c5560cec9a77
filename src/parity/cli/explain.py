"""``parity explain``: what makes the gap between two countries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from parity.cli._options import index_options
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from parity.answers.explain import ExplainAnswer

_INTERVALS = (
    "Intervals: rebuilds with the alternatives of the robustness table, on the scale of these scores."
)


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
    from parity.ask.standing import standing

    found = standing(index_name, variant, data)
    answer = explain_answer(found, a, b)
    if as_json:
        print_json(answer)
    else:
        _print(answer, found.name(answer.a), found.name(answer.b), top)


def _print(whole: ExplainAnswer, a: str, b: str, top: int) -> None:
    from rich.console import Console
    from rich.table import Table

    from parity.answers.explain import Range

    console = Console()
    gap = f"{whole.gap:+.2f} points"
    if whole.gap_range is not None:
        gap += f" ({whole.level:.0%} interval {whole.gap_range.low:+.2f} to {whole.gap_range.high:+.2f})"
    console.print(f"{a} less {b}: {gap}", style="bold", highlight=False)
    pillars = [(title, points, whole.pillar_ranges.get(title)) for title, points in whole.pillars.items()]
    shown = [
        (
            part.title,
            part.contribution,
            None if part.low is None or part.high is None else Range(low=part.low, high=part.high),
        )
        for part in whole.parts[:top]
    ]
    for heading, rows in (("by pillar", pillars), (f"largest {top} indicators", shown)):
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("points", justify="right", no_wrap=True)
        if whole.gap_range is not None:
            table.add_column("interval", justify="right", no_wrap=True)
        table.add_column(heading)
        for title, points, ends in rows:
            interval = [] if ends is None else [f"{ends.low:+.2f} to {ends.high:+.2f}"]
            table.add_row(f"{points:+.2f}", *interval, title)
        console.print(table)
    rest = sum(part.contribution for part in whole.parts[top:])
    console.print(f"{rest:+.2f} in the other {max(len(whole.parts) - top, 0)}.", highlight=False)
    told = f"No intervals: {whole.reason}." if whole.reason else _INTERVALS
    console.print(f"{told} Data: {whole.data}.", highlight=False, style="dim")
