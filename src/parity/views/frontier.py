"""Capability and lag in words, tables and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.dates import day_of, number_of
from parity.estimate import Estimate, rounded
from parity.show import marks
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import document, frame, spread
from parity.views.names import called, in_sentence, upper_first, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.frontier import Frontier, Lag, LagReport, Lags, Measure, ParameterLag, Projection, Scenario

_SHOWN_FROM, _LATEST_START = dt.date(2022, 6, 1), dt.date(2024, 1, 1)
_BEFORE_FIRST, _MONTH = dt.timedelta(days=550), dt.timedelta(days=365.25 / 12)
_LEVEL = 0.5
_MOST_OPEN = 5
_MONTHS = estimate("months", "Months", digits=1)
_MONTHS_OR_WHY = (*_MONTHS, Column("months_reason", role="reason"))
_CAPABILITY = estimate("capability", "Capability", digits=2)
_RECORD = (
    Column("side", "Side", role="key"),
    Column("date", "Released", role="time"),
    Column("model", "Record set by"),
    *_CAPABILITY,
)
_INTERVALS = (
    "Months; below 0 where the first leads. In brackets 90 % intervals, over draws of all capabilities; in "
    "simulations 91 to 99 % of them held the truth."
)


def lag(answer: Answer[LagReport | Lags]) -> Document:
    """Return how far one trails another, or how far each country trails one."""
    result = answer.result
    return _one(answer, result) if hasattr(result, "lag") else _all(answer, result)  # type: ignore[arg-type]


def _one(answer: Answer[Any], result: LagReport) -> Document:
    found = result.lag
    title = _title(found)
    blocks: list[Block | None] = [
        Text(_explained(found)),
        Table(frame(_measures(found), "measure", "months", "what"), _MEASURES, "The lag in numbers"),
        Note(_INTERVALS),
        Note(_known(found)),
    ]
    if result.parameters is not None:
        blocks.append(Group("By parameter", _parameters(found, result.parameters)))
    if result.benchmarks is not None:
        table = Table(_rows(result.benchmarks), _PARAMETERS, "Lag by benchmark")
        blocks.append(Group("By benchmark", (table,)))
    if result.scenario is not None:
        blocks.append(Group("What its accelerators could train", _scenario(result.scenario)))
    if result.projection is not None:
        blocks.append(Group("Where its trend leads", _projection(result.projection, found)))
    # What was asked for besides the lag has its figure before it.
    blocks.append(lag_chart(found))
    return document(answer, title, _finding(found, result.measure), [*blocks, *_left_out(result.notes)])


_TITLES = {
    "standing": "Standing lag",
    "mean": "Mean standing lag",
    "release": "Lag at release",
    "level": "Lag by level",
}
_MEASURED = {
    "mean": "on average over the days",
    "release": "at the release of its records",
    "level": "averaged over levels",
}
_MEASURES = (
    Column("measure", "Measure", role="key"),
    *_MONTHS_OR_WHY,
    Column("what", "What it rests on"),
)


def _measures(found: Lag) -> Iterable[tuple[Any, ...]]:
    window, release = found.window, found.release
    at_least = "At least: " if found.lower_bound else ""
    yield _TITLES["standing"], found.standing, f"{at_least}{found.of_model} against {found.behind_model}"
    days = f"every day from {window.since} to {window.until}: {window.least:.1f} to {window.most:.1f}"
    yield _TITLES["mean"], window.mean, days
    records = "" if release.least is None or release.most is None else _records(release.n, release)
    yield _TITLES["release"], release.mean, records
    yield _TITLES["level"], found.levels_apart, "averaged over the levels that both have reached"
    for hinge in found.hinges:
        without = Estimate(hinge.without, reason="" if hinge.without is not None else "nothing is left")
        yield "Standing lag without", without, f"{hinge.model}, which rests on {hinge.n_scores} scores"
    for level in found.censored[:_MOST_OPEN]:
        waited = Estimate(level.months_at_least)
        yield "Not reached yet, at least", waited, f"{level.model}, released {level.date}"


def _known(found: Lag) -> str:
    """Return until when the evidence of either side goes."""
    sides = "; ".join(f"{called(side)} {written(day)}" for side, day in found.known_to.items())
    return f"Models known to: {sides}. What came out later is unknown, not absent."


def _records(n: int, release: Any) -> str:
    return f"{n} record{'' if n == 1 else 's'}: {release.least:.1f} to {release.most:.1f}"


def _left_out(notes: Iterable[str]) -> Iterable[Note]:
    return (Note(f"{upper_first(note)}.") for note in notes)


def _finding(found: Lag, measure: Measure = "standing") -> str:
    """Return the lag as a headline, with the ends of its interval."""
    if measure != "standing":
        return _averaged(found, measure)
    months = found.standing.value or 0.0
    of, behind = in_sentence(found.of), in_sentence(found.behind)
    verb = "are" if _plural(of) else "is"
    ends: tuple[float | None, float | None] = (found.standing.low, found.standing.high)
    if found.standing.level and ends == (None, None):
        return upper_first(f"who of {of} and {behind} leads{_domain(found)} is not told")
    if abs(months) < _LEVEL and found.lower_bound and found.standing.level and None in ends:
        side = "ahead of" if ends[0] is None else "behind"
        return upper_first(f"{of} {verb} {side} {behind}{_domain(found)}; by how many months is not told")
    if abs(months) < _LEVEL:
        text = f"{of} and {behind} are level"
    else:
        bound = "at least " if found.lower_bound else ""
        size = f"{abs(months):.0f} month" + ("" if round(abs(months)) == 1 else "s")
        text = f"{of} {verb} {bound}{size} {'behind' if months > 0 else 'ahead of'} {behind}"
        ends = _lengths(found.standing)
    told = (
        "" if found.standing.level is None else f" (90 % interval {_end(ends[0], 0)} to {_end(ends[1], 0)})"
    )
    return upper_first(text) + _domain(found) + told


def _plural(side: str) -> bool:
    return " and " in side or side.endswith("weights") or side == "the United States"


def _averaged(found: Lag, measure: Measure) -> str:
    """Return the lag by a measure other than that of the day."""
    months, of, behind = found.by(measure), in_sentence(found.of), in_sentence(found.behind)
    if months.value is None:
        return upper_first(f"{of} and {behind}: {months.reason}")
    verb = ("trail" if months.value >= 0 else "lead") + ("" if _plural(of) else "s")
    return upper_first(f"{of} {verb} {behind}{_domain(found)} by {length(months)} {_MEASURED[measure]}")


def _explained(found: Lag) -> str:
    """Return a sentence that says what the standing lag rests on."""
    sides = (found.of, found.of_model), (found.behind, found.behind_model)
    months = found.standing.value or 0.0
    open_below = found.standing.level is not None and found.standing.low is None
    ahead = months < 0 or (found.lower_bound and open_below and months < _LEVEL)
    (now, its), (then, earlier) = sides[::-1] if ahead else sides
    how_long = f"at least {abs(months):.1f} months" if found.lower_bound else length(found.standing)
    return (
        f"On {written(found.on)} the best model of {in_sentence(now)}, {its}, stands at a level that "
        f"{in_sentence(then)} first had with {earlier}: {how_long} earlier."
    )


def _title(found: Lag) -> str:
    sides = f"{in_sentence(found.of)} and {in_sentence(found.behind)}"
    return upper_first(f"{sides} on {written(found.on)}") + _domain(found)


def _domain(found: Lag) -> str:
    return "" if found.domain == "overall" else f" in {found.domain}"


def length(found: Estimate) -> str:
    """Return a lag's length with its interval, "10.2 months (9.4 to 19.0)"; the sign is in the words."""
    size = f"{abs(found.value or 0.0):.1f}"
    if found.level is None:
        return f"{size} months"
    low, high = (_end(end, 1) for end in _lengths(found))
    return f"{size} months" if low == high == size else f"{size} months ({low} to {high})"


def _lengths(found: Estimate) -> tuple[float | None, float | None]:
    """Return both ends of a lag as lengths, negative where the sign would turn; ``None`` for an open one."""
    if (found.value or 0.0) >= 0:
        return found.low, found.high
    return (None if found.high is None else -found.high, None if found.low is None else -found.low)


def _end(end: float | None, digits: int) -> str:
    return "open" if end is None else f"{end:z.{digits}f}"


def lag_chart(found: Lag) -> Chart:
    """Draw both frontiers with their bands, and the lag as a line from one to the other."""
    board, sides = found.frontier, (found.of, found.behind)
    youngest = max(day_of(float(board.steps(side).date[0])) for side in sides)
    start = max(_SHOWN_FROM, min(youngest, _LATEST_START) - _BEFORE_FIRST)
    steps = pl.concat(_steps(board, side, start, found.on) for side in sides)
    shown = records(board, sides, found.on)
    level = steps.filter(date=found.on)["level"].min()
    ends = dict.fromkeys(("low", "high"), found.standing.value or 0.0)
    if found.standing.level is not None:
        low, high = _lengths(found.standing)
        ends |= {name: end for name, end in (("low", low), ("high", high)) if end is not None}
    back = {name: found.on - abs(months) * _MONTH for name, months in ends.items()}
    then = found.on - abs(found.standing.value or 0.0) * _MONTH
    text = ("at least " if found.lower_bound else "") + length(found.standing)
    arrow = pl.DataFrame({"date": [then, found.on], "level": [level] * 2}, schema_overrides={"date": pl.Date})
    point = pl.DataFrame({"date": [then], "level": [level], "low": [back["high"]], "high": [back["low"]]})
    words = pl.DataFrame({"date": [found.on], "level": [level], "text": [text]})
    spec = marks.spec(
        marks.lines(steps, "date", "level", low="low", high="high", by="side", step=True),
        marks.dots(shown.filter(pl.col("date") >= start), "date", "capability", by="side", tip=_RECORD),
        marks.lines(arrow, "date", "level"),
        marks.dots(point, "date", "level", low="low", high="high"),
        marks.labels(words, "date", "level", "text", align="right", above=-14),
        y=marks.Axis("Capability"),
    )
    caption = (
        "Each step is a model that beat all before it; bands and the pale bar are 90 % intervals. The "
        "line between the frontiers is the standing lag."
    )
    return Chart("lag", _title(found), shown, spec, _RECORD, caption, f"{_finding(found)}.")


def _steps(board: Frontier, side: str, start: dt.date, end: dt.date) -> pl.DataFrame:
    """Return the level of a side with its band, weekly and at each record."""
    known = board.steps(side)
    first, last = max(float(known.date[0]), number_of(start)), number_of(end)
    inside = known.date[(known.date >= first) & (known.date <= last)]
    days = np.unique(np.concatenate([inside, np.arange(first, last, 7), [last]]))
    low, high = board.band(side, days)
    return pl.DataFrame(
        {
            "side": [called(side)] * days.size,
            "date": [day_of(float(day)) for day in days],
            "level": known.at(days),
            "low": low,
            "high": high,
        }
    ).with_columns(pl.col(pl.Float64).replace([np.inf, -np.inf, np.nan], None))


def records(board: Frontier, sides: Iterable[str], until: dt.date) -> pl.DataFrame:
    """Return the records of some sides by a day, with the ends of their intervals.

    Parameters
    ----------
    board
        Frontiers of the sides.
    sides
        Names of groups.
    until
        Last day.
    """
    low, high = board.abilities.interval()
    names = board.abilities.models["model"]
    rows = [
        (called(side), day_of(float(when)), names[int(model)], level, low[model], high[model])
        for side in sides
        for when, level, model in zip(*board.steps(side), strict=True)
        if when <= number_of(until)
    ]
    return pl.DataFrame(rows, schema=[column.name for column in _RECORD], orient="row")


_PARAMETERS = (
    Column("parameter", "Parameter", role="key"),
    Column("bound", ""),
    *_MONTHS_OR_WHY,
    Column("detail", "What against what"),
)


def _rows(rows: Iterable[ParameterLag]) -> pl.DataFrame:
    cells = ((row.name, "at least" if row.lower_bound else "", row.lag, row.detail) for row in rows)
    return frame(cells, "parameter", "bound", "months", "detail")


def _parameters(found: Lag, rows: Iterable[ParameterLag]) -> tuple[Block, ...]:
    table = _rows(rows)
    bound = pl.when(pl.col("bound") == "").then(pl.lit("")).otherwise(pl.lit(", at least"))
    name = pl.col("parameter").str.strip_prefix("capability: ") + bound
    known = table.drop_nulls("months").with_columns(parameter=name)
    title = upper_first(f"{in_sentence(found.of)} behind {in_sentence(found.behind)}, parameter by parameter")
    spec = marks.spec(
        marks.dots(known, "months", "parameter", low="months_low", high="months_high", tip=_PARAMETERS),
        x=marks.Axis("Months behind"),
        at={"x": 0},
    )
    caption = "Below 0: ahead. Bars: 90 % intervals. A parameter whose data end earlier is looked at there."
    alt = "; ".join(
        f"{name} {months:.1f}" for name, months in known.select("parameter", "months").iter_rows()
    )
    chart = Chart("parameters", title, table, spec, _PARAMETERS, caption, f"Months behind: {alt}.")
    return Table(table, _PARAMETERS, title), chart


def _scenario(found: Scenario) -> tuple[Block, ...]:
    name, when = found.first_run
    unseen = found.implied.high == 0 or when == found.on
    first = f"first run of that size: {name}" + ("" if unseen else f", {when}")
    behind = in_sentence(found.capability_lag.behind)
    run = f"{rounded(found.flop, 2)} FLOP by {found.accelerators:,.0f} H100 equivalents"
    rows = (
        ("Lag in capability", found.standing, f"months behind {behind}"),
        ("Lag that its compute implies", found.implied, f"months; {first}"),
        ("Capability of the feasible run", found.run_capability, run),
        ("Lag of the feasible run", found.run_lag, f"months since {behind} first had that capability"),
    )
    columns = (
        Column("result", "Result", role="key"),
        *estimate("value", "Value", digits=1),
        Column("what", "What it says"),
    )
    assumed = "Assumed: " + "; ".join(found.assumptions()) + "."
    return Table(frame(rows, "result", "value", "what"), columns, "Scenario"), Note(assumed)


def _projection(found: Projection, lag: Lag) -> tuple[Block, ...]:
    gain = found.per_year.text(2)
    trend = f"Capability of {in_sentence(found.group)} grows by {gain} per year"
    if found.break_date is None or found.break_p is None:
        trend += "; its records are too few to test for a break in the trend."
    else:
        trend += f"; the strongest break is on {written(found.break_date)}, p = {found.break_p:.3f}."
    count = int(found.backtest["records"].sum())
    if found.coverage is None:
        tested = "No record came later than a projection, so nothing says how good such projections are."
    else:
        tested = f"Of {count} later records {found.coverage:.0%} lay inside such intervals (nominal 90 %)."
    if not found.reliable:
        why = "nothing says how good" if found.coverage is None else "too often wrong were"
        held = f"No path is shown: {why} such projections of this frontier (--json has it all the same)."
        return Text(trend), Text(tested), Note(held)
    columns = (
        Column("date", "Month", role="time"),
        Column("level", "Capability", role="value", digits=2),
        Column("low", "Low", role="low", digits=2),
        Column("high", "High", role="high", digits=2),
    )
    title = f"{called(found.group)}: records, and where their trend leads"
    past = records(lag.frontier, (found.group,), lag.on).filter(pl.col("date") >= _SHOWN_FROM)
    spec = marks.spec(
        marks.dots(past, "date", "capability", tip=_RECORD),
        marks.lines(found.ahead, "date", "level", low="low", high="high", tip=columns),
        y=marks.Axis("Capability"),
    )
    caption = "Band: 90 % prediction interval of a straight line through the records."
    chart = Chart("ahead", title, found.ahead, spec, columns, caption, trend)
    return Text(trend), *_reached(found, lag), Text(tested), Table(found.ahead, columns, title), chart


def _reached(found: Projection, lag: Lag) -> Iterable[Text]:
    """Say when the trend reaches the level that the other has on the day."""
    if found.reaches is None or found.reaches.level is None:
        return
    level = f"the level that {in_sentence(lag.behind)} had on {written(lag.on)}"
    if found.reaches.value is None:
        yield Text(f"{upper_first(found.reaches.reason)}: {level}.")
    else:
        when = f"in {length(found.reaches)}, about {lag.on + found.reaches.value * _MONTH:%B %Y}"
        yield Text(
            f"On this trend {in_sentence(found.group)} reaches {level} {when}, unless the trend changes."
        )


def _all(answer: Answer[Any], result: Lags) -> Document:
    behind = result.lags[0].behind
    other: Measure = "mean" if result.measure == "standing" else "standing"
    rows = [
        {
            "country": called(one.of),
            **spread("lag", one.by(result.measure)),
            **spread("other", one.by(other)),
            "known_to": one.known_to[one.of],
            "of_model": one.of_model,
            "behind_model": one.behind_model,
        }
        for one in result.lags
    ]
    columns = (
        Column("country", "Country", role="key"),
        *estimate("lag", _TITLES[result.measure], "months", digits=1),
        *estimate("other", _TITLES[other], "months", digits=1),
        Column("known_to", "Models known to", role="time"),
        Column("of_model", "Its best model"),
        Column("behind_model", f"First at that level in {in_sentence(behind)}", spare=True),
    )
    table = pl.DataFrame(rows)
    title = f"Months behind {in_sentence(behind)} on {written(result.lags[0].on)}" + _domain(result.lags[0])
    untold = (Note(f"{upper_first(reason)}.") for reason in result.untold.values())
    spec = marks.spec(
        marks.dots(table, "lag", "country", low="lag_low", high="lag_high", tip=columns[:4]),
        x=marks.Axis("Months behind"),
        at={"x": 0},
    )
    first = result.lags[0]
    chart = Chart("lags", title, table, spec, columns, "Dots: the lag; bars: 90 % intervals.", title)
    blocks: list[Block] = [
        Table(table, columns, title),
        Note(_INTERVALS),
        *untold,
        *_left_out(result.notes),
        chart,
    ]
    headline = f"Closest to {in_sentence(behind)}: {_finding(first, result.measure)}"
    return document(answer, title, headline, blocks)
