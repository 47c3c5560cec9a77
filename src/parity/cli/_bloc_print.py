"""``parity bloc`` on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.cli._bloc_answers import CompareAnswer, MemberRow, MembersAnswer, PoolAnswer, ReachAnswer
    from parity.cli.answers import EstimateModel


def _interval(value: float | None, low: float | None, high: float | None, digits: int = 1) -> str:
    if value is None:
        return "-"
    if low is None or high is None:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def print_members(answer: MembersAnswer) -> None:
    """Print who belongs to a bloc, with one line below for each source."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    console.print(f"[bold]{escape(answer.bloc)}[/bold]: {escape(answer.title)}", highlight=False)
    sources: dict[tuple[str, str], int] = {}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "country", "since", "status", "source"):
        table.add_column(heading, justify="right" if heading == "source" else "left")
    for row in answer.countries:
        number = sources.setdefault((row.source, row.note), len(sources) + 1)
        table.add_row(row.iso3, row.name, _since(row), _status(row), str(number))
    console.print(table)
    console.print("\nSources", style="bold")
    for (source, note), number in sources.items():
        text = f"{number:>3}  {source}" + (f" ({note})" if note else "")
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    if any(row.certainty == "approximate" for row in answer.countries):
        console.print("\n~ approximate: the day is in no source, or the source is a secondary one on its own")
    console.print(f"\nData: {answer.data}.", highlight=False, soft_wrap=True)


def _since(row: MemberRow) -> str:
    """Return the first day as far as it is sure."""
    shown = {"day": 10, "month": 7, "year": 4}[row.precision]
    return ("~" if row.certainty == "approximate" else "") + row.date_from[:shown]


def _status(row: MemberRow) -> str:
    kind = ("suspended", row.suspended), ("disputed", row.disputed)
    return ", ".join([row.status, *(word for word, holds in kind if holds)])


def print_pool(answer: PoolAnswer) -> None:
    """Print a bloc's standing and what each member brings."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    as_of = f", members as of {answer.on}" if answer.on else ""
    console.print(f"[bold]{escape(answer.bloc)}[/bold] as one unit{as_of}", highlight=False)
    console.print(
        f"{len(answer.members)} members: {', '.join(answer.members)}", highlight=False, soft_wrap=True
    )
    if answer.without_data:
        console.print(f"without data: {', '.join(answer.without_data)}", style="yellow", highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "rank", "score", "covered"):
        table.add_column(heading, justify="left" if not heading else "right")
    for code, place in answer.pillars.items():
        table.add_row(
            code,
            _interval(place.rank, place.rank_low, place.rank_high, 0),
            _interval(place.score, place.score_low, place.score_high),
            f"{place.covered:.0%}",
        )
    console.print(table)
    console.print("\nWhat each member brings", style="bold")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "points", "if it left", "alone"):
        table.add_column(heading, justify="left" if not heading else "right")
    for row in answer.shapley:
        leaving = "-" if row.leaving is None else f"{row.leaving:+.2f}"
        alone = "-" if row.alone is None else f"{row.alone:.1f}"
        table.add_row(row.iso3, _interval(row.value, row.low, row.high, 2), leaving, alone)
    console.print(table)
    for weak in answer.weaknesses[:3]:
        if weak.lifter is not None and weak.loss is not None:
            text = (
                f"weakest: {weak.node} (rank {weak.rank}), held up by {weak.lifter} ({weak.loss:.1f} points)"
            )
            console.print(text, highlight=False)
    if answer.joining:
        best = ", ".join(f"{row.iso3} {row.gain:+.2f}" for row in answer.joining if row.gain is not None)
        console.print(f"would add most: {best}", highlight=False, soft_wrap=True)
    if answer.beyond:
        console.print(
            f"beyond every single country in {len(answer.beyond)} indicators: there the scale of countries "
            "may hide how far",
            highlight=False,
            soft_wrap=True,
        )
    _foot(answer.level, answer.draws, answer.data)


def print_comparison(answer: CompareAnswer) -> None:
    """Print blocs side by side."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    names = list(answer.blocs)
    table = Table(box=None, pad_edge=False, header_style="bold", title="score, rank", title_justify="left")
    table.add_column("")
    for name in names:
        table.add_column(name, justify="right")
    for node in dict.fromkeys(row.node for row in answer.rows):
        cells = []
        for row in (row for row in answer.rows if row.node == node):
            rank = _interval(row.rank, row.rank_low, row.rank_high, 0)
            cells.append(f"{'-' if row.score is None else format(row.score, '.1f')}, {rank}")
        table.add_row(node, *cells)
    console.print(table)
    for gap in (gap for gap in answer.gaps if gap.node == answer.rows[0].node):
        sure = "" if gap.ahead is None else f"; ahead in {gap.ahead:.0%} of rebuilds"
        text = f"{gap.a} less {gap.b}: {_interval(gap.gap, gap.low, gap.high)} points{sure}"
        console.print(text, highlight=False)
    if answer.years:
        table = Table(
            box=None, pad_edge=False, header_style="bold", title="\nscore by year", title_justify="left"
        )
        table.add_column("year")
        for name in names:
            table.add_column(name, justify="right")
        top = answer.years[-1].node if not answer.rows else answer.rows[0].node
        for year in dict.fromkeys(row.year for row in answer.years):
            rows = [row for row in answer.years if row.year == year and row.node == top]
            table.add_row(str(year), *(_interval(row.score, row.score_low, row.score_high) for row in rows))
        console.print(table)
    _foot(answer.level, answer.draws, answer.data)


def print_reach(answer: ReachAnswer) -> None:
    """Print a bloc's frontier, compute and access to accelerators."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    lag = answer.frontier
    if lag is None:
        console.print(f"frontier: {answer.frontier_reason}", highlight=False)
    else:
        console.print(
            f"Frontier of {answer.bloc}: {lag.model}, {_estimate(lag.standing)} months behind {lag.behind} "
            f"on {lag.on}; mean since 2023 {_estimate(lag.mean)}",
            highlight=False,
            soft_wrap=True,
        )
    console.print(
        f"Compute: {_estimate(answer.compute, 0)} H100 equivalents on {answer.compute_on}. "
        f"{answer.compute_note}",
        highlight=False,
        soft_wrap=True,
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "compute", "best accelerator without a licence", "months behind the world's best"):
        table.add_column(heading, justify="right" if heading == "compute" else "left")
    for row in answer.members:
        table.add_row(row.iso3, _estimate(row.compute, 0), row.best_free or "-", _estimate(row.lag))
    console.print(table)
    console.print(
        f"\nAccess in {answer.month}: what one member may buy is not thereby another's. Data: {answer.data}.",
        highlight=False,
        soft_wrap=True,
    )


def _estimate(given: EstimateModel, digits: int = 1) -> str:
    if given.value is None and given.low is not None:
        return f"at least {given.low:.{digits}f}"
    return _interval(given.value, given.low, given.high, digits)


def _foot(level: float | None, draws: int, vintage: str) -> None:
    from rich.console import Console

    sure = f"Brackets: {level:.0%} intervals over {draws} rebuilds of the index. " if level else ""
    Console().print(
        f"\nRanks are among the countries outside the bloc. {sure}Data: {vintage}.",
        highlight=False,
        soft_wrap=True,
    )
