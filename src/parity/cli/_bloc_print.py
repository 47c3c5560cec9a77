"""``parity bloc`` on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parity.estimate import Estimate

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from parity.answers.bloc import PoolAnswer
    from parity.answers.bloc_compare import CompareAnswer, ReachAnswer
    from parity.answers.bloc_members import MemberRow, MembersAnswer
    from parity.cli.answers import EstimateModel


_WEAK = 5


def _interval(
    value: float | None, low: float | None, high: float | None, digits: int = 1, sign: bool = False
) -> str:
    return "-" if value is None else Estimate(value, low, high).text(digits, sign=sign)


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


def print_pool(answer: PoolAnswer, node: str | None = None, before: str = "") -> None:
    """Print a bloc's standing and what each member brings (to a node); with what it was before a what-if."""
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    as_of = f", members as of {answer.on}" if answer.on else ""
    console.print(f"[bold]{escape(answer.bloc)}[/bold] as one unit{as_of}", highlight=False)
    count = f"{len(answer.members)} members" if len(answer.members) != 1 else "1 member"
    console.print(f"{count}: {', '.join(answer.members)}", highlight=False, soft_wrap=True)
    if answer.suspended:
        console.print(f"suspended, pooled all the same: {', '.join(answer.suspended)}", style="yellow")
    if answer.without_data:
        console.print(f"without data: {', '.join(answer.without_data)}", style="yellow", highlight=False)
    _standing(console, answer)
    _change(console, answer, before)
    if len(answer.members) > 1:
        _parts(console, answer, node)
    _outside(console, answer)
    _foot(answer.level, answer.draws, answer.data)


def _table(*headings: str) -> Table:
    """Return a plain table: the first column words, the others numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    return table


def _standing(console: Console, answer: PoolAnswer) -> None:
    table = _table("", "rank", "score", "covered")
    for code, place in answer.pillars.items():
        table.add_row(
            code,
            _interval(place.rank, place.rank_low, place.rank_high, 0),
            _interval(place.score, place.score_low, place.score_high),
            f"{place.covered:.0%}",
        )
    console.print(table)


def _change(console: Console, answer: PoolAnswer, before: str) -> None:
    if not answer.change:
        return
    console.print(f"\nAgainst {before}", style="bold", highlight=False)
    table = _table("", "points", "rank before", "rank")
    for row in answer.change:
        ranks = ("-" if rank is None else str(rank) for rank in (row.rank_before, row.rank))
        table.add_row(row.node, _interval(row.change, row.low, row.high, 2, sign=True), *ranks)
    console.print(table)


def _parts(console: Console, answer: PoolAnswer, node: str | None) -> None:
    where = "" if node is None or node not in answer.shapley[0].pillars else f" to {node}"
    console.print(f"\nWhat each member brings{where}", style="bold")
    table = _table("", "points") if where else _table("", "points", "if it left", "alone")
    rows = [(row, row.pillars[node] if where and node else row) for row in answer.shapley]
    for row, part in sorted(rows, key=lambda both: -both[1].value):
        cells = [row.iso3, _interval(part.value, part.low, part.high, 2)]
        if not where:
            cells += [
                _interval(row.leaving, row.leaving_low, row.leaving_high, 2, sign=True),
                "-" if row.alone is None else f"{row.alone:.1f}",
            ]
        table.add_row(*cells)
    console.print(table)
    _weak(console, answer)


def _weak(console: Console, answer: PoolAnswer) -> None:
    if answer.weaknesses:
        console.print("\nWeakest places, and who lifts or drags them (points if it left)", style="bold")
    table = _table("", "rank", "lifted by", "dragged by")
    for weak in answer.weaknesses[:_WEAK]:
        loss = _interval(_minus(weak.loss), _minus(weak.loss_high), _minus(weak.loss_low), sign=True)
        gain = _interval(weak.gain, weak.gain_low, weak.gain_high, sign=True)
        table.add_row(
            weak.node,
            "-" if weak.rank is None else str(weak.rank),
            f"{weak.lifter} {loss}" if weak.lifter else "-",
            f"{weak.drag} {gain}" if weak.drag else "-",
        )
    if answer.weaknesses:
        console.print(table)


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _outside(console: Console, answer: PoolAnswer) -> None:
    if answer.joining:
        console.print("\nWho would add most", style="bold")
        table = _table("", "points", "rank then", "best in")
        for row in answer.joining:
            table.add_row(
                row.iso3,
                _interval(row.gain, row.low, row.high, 2, sign=True),
                "-" if row.rank is None else str(row.rank),
                "-" if row.best is None else f"{row.best:.0%}",
            )
        console.print(table)
    if answer.beyond:
        console.print(
            f"\nBeyond every single country in {len(answer.beyond)} indicators: there the scale of countries "
            "may hide how far.",
            highlight=False,
            soft_wrap=True,
        )


def print_comparison(answer: CompareAnswer) -> None:
    """Print blocs side by side."""
    from rich.console import Console

    console = Console()
    names = list(answer.blocs)
    console.print("Score, and rank with its interval", style="bold")
    table = _table("", *names)
    for node in dict.fromkeys(row.node for row in answer.rows):
        cells = []
        for row in (row for row in answer.rows if row.node == node):
            sure = "" if row.rank_low is None else f" ({row.rank_low}-{row.rank_high})"
            cells.append("-" if row.score is None else f"{row.score:.1f}, {row.rank}{sure}")
        table.add_row(node, *cells)
    console.print(table)
    for gap in (gap for gap in answer.gaps if gap.node == answer.rows[0].node):
        sure = "" if gap.ahead is None else f"; ahead in {gap.ahead:.0%} of rebuilds"
        text = f"{gap.a} less {gap.b}: {_interval(gap.gap, gap.low, gap.high)} points{sure}"
        console.print(text, highlight=False)
    if answer.year_note:
        _years(console, answer)
    _foot(answer.level, answer.draws, answer.data)


def _years(console: Console, answer: CompareAnswer) -> None:
    """Print the index by year, and how the gaps changed in every group."""
    if answer.years:
        top, names = answer.rows[0].node, list(answer.blocs)
        console.print(f"\n{top}: score by year", style="bold", highlight=False)
        table = _table("year", *names)
        for year in dict.fromkeys(row.year for row in answer.years):
            rows = [row for row in answer.years if (row.year, row.node) == (year, top)]
            table.add_row(str(year), *(_interval(row.score, row.score_low, row.score_high) for row in rows))
        console.print(table)
        first, last = answer.years[0].year, answer.years[-1].year
        for other in dict.fromkeys(gap.b for gap in answer.year_gaps):
            console.print(f"\n{names[0]} less {other}, points", style="bold", highlight=False)
            table = _table("", str(first), str(last), "change")
            found = {(gap.node, gap.year): gap for gap in answer.year_gaps if gap.b == other}
            for node in dict.fromkeys(row.node for row in answer.rows):
                cells = (found[node, year] for year in (last, None))
                start = _interval(found[node, first].gap, None, None, sign=True)
                table.add_row(node, start, *(_interval(g.gap, g.low, g.high, sign=True) for g in cells))
            console.print(table)
    console.print(f"\n{answer.year_note}", highlight=False, soft_wrap=True)


def print_reach(answer: ReachAnswer) -> None:
    """Print a bloc's frontier, compute and access to accelerators."""
    from rich.console import Console

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
    console.print("\nCompute of all members, H100 equivalents", style="bold")
    table = _table("", "known clusters", "share of the world")
    for day in answer.compute:
        table.add_row(day.on, _estimate(day.h100e, 0), _share(day.share))
    console.print(table)
    console.print(answer.compute_note, highlight=False, soft_wrap=True)
    console.print("\nMonths behind the world's best accelerator, without a licence", style="bold")
    table = _table("", "freest member", "GDP as free", "mean by GDP", "least free member")
    for month in answer.access:
        if month.month.endswith(("-06", "-12")) or month is answer.access[-1]:
            table.add_row(
                month.month,
                _estimate(month.freest),
                f"{month.even:.0%}",
                _estimate(month.mean),
                f"{_estimate(month.least)} {month.last}",
            )
    console.print(table)
    console.print(
        f"\nMembers: compute on {answer.compute[-1].on}, access in {answer.access[-1].month}", style="bold"
    )
    table = _table("", "compute", "best accelerator without a licence", "months behind")
    for row in answer.members:
        table.add_row(row.iso3, _estimate(row.compute, 0), row.best_free or "-", _estimate(row.lag))
    console.print(table)
    console.print(
        "\nWhat one member may buy is not thereby another's. Low ends of lags: if all that is open falls the "
        f"members' way. Rules looked for up to {answer.checked_to}. Data: {answer.data}.",
        highlight=False,
        soft_wrap=True,
    )


def _share(given: EstimateModel) -> str:
    if given.value is None or given.low is None or given.high is None:
        return "-"
    return f"{given.value:.1%} ({given.low:.1%} to {given.high:.1%})"


def _estimate(given: EstimateModel, digits: int = 1) -> str:
    known = given.value is not None or given.low is not None
    return Estimate(given.value, given.low, given.high).text(digits) if known else "-"


def _foot(level: float | None, draws: int, vintage: str) -> None:
    from rich.console import Console

    sure = f"Brackets: {level:.0%} intervals over {draws} rebuilds of the index. " if level else ""
    Console().print(
        f"\nRanks are among the countries outside the bloc. {sure}Data: {vintage}.",
        highlight=False,
        soft_wrap=True,
    )
