"""What a country can have of accelerators, since when, and how much is installed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, estimate
from parity.views.chips import TERMS, in_sentence
from parity.views.common import document, frame, spread
from parity.views.names import called, upper_first, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.chips import Compute, Events, Installed, Reach, Reaches
    from parity.estimate import Estimate

_MONTH = dt.timedelta(days=365.25 / 12)
_TERMS = ("free", "exception", "approval", "case_by_case", "domestic")
WORLD, PERHAPS = "World's best", "If what is open fell its way"
_MONTHS = (
    Column("month", "Month", role="key"),
    *estimate("lag", "Lag", "months", digits=1),
    Column("lag_reason", role="reason"),
    Column("best_free", "No licence"),
    Column("best_exception", "Exception"),
    Column("best_approval", "Licence, approval presumed", spare=True),
    Column("best_case_by_case", "Licence, case by case"),
    Column("best_domestic", "Made at home"),
    Column("world", WORLD),
    Column("at_least", "Lag at least", hidden=True),
    Column("level", "Level that can be had", hidden=True),
    Column("world_level", "Level of the world's best", hidden=True),
)


def reach(answer: Answer[Reaches]) -> Document:
    """Return what a country can have month by month, and how far behind that leaves it."""
    result = answer.result
    first = result.every[0]
    place = in_sentence(first.country)
    blocks: list[Block] = []
    for found in result.every:
        blocks += [_months(found), best_chart(found, result.at), lag_chart(found, result.at)]
    notes = (
        "The lag: how long ago the world first had what can be had without anyone's decision on an "
        "application, or under the terms counted too. A part counts from its first delivery in volume, or "
        "its launch where that is not known. The range is of what is not settled or read, no probability.",
        result.disclaimer,
    )
    title = f"The best accelerator that {place} can lawfully have"
    return document(answer, title, headline(first, result.at), [*blocks, *(Note(text) for text in notes)])


def headline(found: Reach, at: int) -> str:
    """Return the lag of a month in a sentence."""
    lag, month = found.lags[at], found.months["month"][at]
    place = upper_first(in_sentence(found.country))
    best = "the world's best accelerator"
    if lag.value is not None:
        says = f"can have {best}" if lag.value == 0 == lag.low else f"is {words(lag)} behind {best}"
    elif lag.low is None:
        says = f"cannot be placed: {lag.reason}"
    elif round(lag.low):
        says = f"has nothing for certain: it is {words(lag)} behind {best}"
    else:
        says = "has nothing for certain, and how far behind that leaves it is not settled"
    return f"{place}, at the end of {month:%B %Y}, {says} ({_what(found)})."


def _what(found: Reach) -> str:
    from parity.chips import METRICS

    return f"by {METRICS[found.metric]}"


def words(lag: Estimate) -> str:
    """Return a hardware lag with its range."""
    if lag.value is None:
        return f"at least {lag.low:.0f} months" if lag.low is not None else lag.reason
    return f"{interval(lag.value, lag.low, lag.high, 0)} months"


def _months(found: Reach) -> Table:
    rows = [
        {
            **row,
            "month": f"{row['month']:%Y-%m}",
            **(
                spread("lag", lag) if lag.value is not None else dict.fromkeys(("lag", "lag_low", "lag_high"))
            ),
            "lag_reason": None if lag.value is not None else words(lag),
            "at_least": lag.low,
        }
        for row, lag in zip(found.months.iter_rows(named=True), found.lags, strict=True)
    ]
    names = [column.name for column in _MONTHS]
    # The newest month first: it is what most ask for.
    table = pl.DataFrame(rows, infer_schema_length=None).select(names).reverse()
    return Table(table, _MONTHS, f"Best accelerators by month, {_what(found)}")


def best_chart(found: Reach, at: int) -> Chart:
    """Return the best accelerator on each terms against the world's, and the lag of a month as a bar."""
    from parity.chips import METRICS

    rows = []
    for row in found.months.iter_rows(named=True):
        month = {"month": row["month"]}
        rows.append(month | {"series": WORLD, "name": row["world"], "level": row["world_level"]})
        rows += [
            {
                "series": TERMS[name],
                "name": row[f"best_{name}"],
                "level": row[f"level_{name}"],
                "month": row["month"],
            }
            for name in _TERMS
        ]
        if row["level_high"] is not None and row["level_high"] != row["level"]:
            rows.append({"series": PERHAPS, "name": None, "level": row["level_high"], "month": row["month"]})
    table = pl.DataFrame(
        rows, schema_overrides={"name": pl.String, "level": pl.Float64}, infer_schema_length=None
    )
    drawn = table.filter(pl.col("level").is_not_null())
    columns = (
        Column("month", "Month", role="time"),
        Column("series", "Terms", role="key"),
        Column("name", "Accelerator"),
        Column("level", upper_first(METRICS[found.metric]), role="value"),
    )
    title = METRICS[found.metric]
    spec = marks.spec(
        marks.lines(drawn, "month", "level", by="series", step=True, tip=columns),
        *_arrow(found, at),
        x=marks.Axis(""),
        y=marks.Axis(upper_first(title), log=True),
        height=420,
    )
    return Chart(
        f"reach-{found.metric.replace('_', '-')}",
        f"Best accelerators that {in_sentence(found.country)} can lawfully have",
        drawn,
        spec,
        columns,
        caption="By the rules in force at each month's end. The bar: how long ago the world first had what "
        "can be had. Peak figures of parts; they say nothing of how many there are.",
        alt=f"{upper_first(title)} of the best accelerator on each terms by month, against the world's best.",
    )


def _arrow(found: Reach, at: int) -> Iterator[Any]:
    """Yield the lag of a month as a bar from the day on which the world first had the level."""
    row, lag = found.months.row(at, named=True), found.lags[at]
    months, level = (lag.value, row["level"]) if lag.value is not None else (lag.low, row["level_high"])
    if not months or level is None:
        return
    end = row["month"]
    start = max(end - months * _MONTH, found.months["month"][0])
    ends = pl.DataFrame({"month": [start, end], "level": [level, level]})
    yield marks.lines(ends, "month", "level", points=True)
    told = pl.DataFrame({"month": [end], "level": [level], "text": [words(lag)]})
    yield marks.labels(told, "month", "level", "text", align="right", above=10)


def lag_chart(found: Reach, at: int) -> Chart:
    """Return the lag by month with its range; where nothing is certain, the least that it can be."""
    rows = [
        {"month": month, **spread("lag", lag), "series": "Lag"}
        if lag.value is not None
        else {"month": month, "lag": lag.low, "lag_low": None, "lag_high": None, "series": "At least"}
        for month, lag in zip(found.months["month"], found.lags, strict=True)
    ]
    table = pl.DataFrame(rows, infer_schema_length=None).filter(pl.col("lag").is_not_null())
    columns = (
        Column("month", "Month", role="time"),
        Column("series", "", role="key"),
        *estimate("lag", "Lag", "months", digits=1),
    )
    month = found.months["month"][at]
    spec = marks.spec(
        marks.lines(table, "month", "lag", low="lag_low", high="lag_high", by="series", tip=columns),
        x=marks.Axis(""),
        y=marks.Axis("Months behind the world's best", zero=True),
        height=260,
    )
    return Chart(
        f"lag-{found.metric.replace('_', '-')}",
        f"How far behind that leaves {in_sentence(found.country)}",
        table,
        spec,
        columns,
        caption=f"Months behind the world's best, {_what(found)}. Band: not settled. Told of: {month}.",
        alt="Months behind the world's best accelerator, month by month.",
    )


_EVENTS = (
    Column("day", "From", role="time"),
    Column("jurisdiction", "By"),
    Column("instrument", "Rule, letter or event", role="key"),
    Column("citation", "Citation"),
    Column("status", "Status", spare=True),
    Column("verification", "How it is known", spare=True),
    Column("source_url", "Source", role="link", hidden=True),
    Column("id", "Key", hidden=True),
)
_EFFECTS = (
    Column("day", "First day", role="time"),
    Column("rule", "Rule", role="key"),
    *estimate("models_before", "Models open before", format="percent", digits=0),
    *estimate("models_after", "after", format="percent", digits=0),
    *estimate("supply_before", "Supply open before", format="percent", digits=0),
    Column("supply_before_reason", role="reason"),
    *estimate("supply_after", "after", format="percent", digits=0),
    Column("supply_after_reason", role="reason"),
)


def timeline(answer: Answer[Events]) -> Document:
    """Return rules, letters and events by date."""
    found = answer.result
    of = f" of {called(found.country)}" if found.country else ""
    names = [column.name for column in _EVENTS]
    rows = pl.DataFrame(
        [
            {name: event[name] for name in [*names, "source_class", "date_effective"]}
            for event in found.events
        ],
        infer_schema_length=None,
    )
    blocks: list[Block | None] = [Table(rows, _EVENTS, f"Events{of}")]
    changed = [event["effect"] | {"rule": event["instrument"]} for event in found.events if event["effect"]]
    if changed:
        blocks.append(
            Group("What each rule took away", (Table(_effects(changed), _EFFECTS, "Shares that were open"),))
        )
    blocks += [
        Note(found.disclaimer),
        Note(f"Rules after {answer.known_to} were not looked for."),
        _events(rows, of),
    ]
    last = rows.filter(pl.col("day").is_not_null()).tail(1).to_dicts()
    newest = f"; the last is of {last[0]['day']}: {last[0]['instrument']}" if last else ""
    return document(answer, f"Export controls{of} by date", f"{rows.height} events{of}{newest}.", blocks)


def _effects(changed: list[dict[str, Any]]) -> pl.DataFrame:
    shares = ("models_before", "models_after", "supply_before", "supply_after")
    rows = []
    for effect in changed:
        row = {"day": effect["day"], "rule": effect["rule"]}
        for name in shares:
            told = effect[name]
            row |= {name: told["value"], f"{name}_low": told["low"], f"{name}_high": told["high"]}
            row |= {f"{name}_reason": told.get("reason")}
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)


def _events(rows: pl.DataFrame, of: str) -> Chart | None:
    dated = rows.filter(pl.col("date_effective").is_not_null()).sort("date_effective")
    if not dated.height:
        return None
    drawn = dated.with_columns(
        label=pl.col("date_effective").cast(pl.String) + "  " + pl.col("instrument").str.slice(0, 60),
    )
    spec = marks.spec(marks.dots(drawn, "date_effective", "label", tip=_EVENTS[:5]), x=marks.Axis(""))
    return Chart(
        "timeline",
        f"Export-control events{of}",
        drawn,
        spec,
        _EVENTS[:5],
        caption="By the day from which each is effective.",
        alt=f"Rules, letters and events{of} by date.",
    )


_YEARS = (
    Column("on", "On", role="key"),
    *estimate("h100e", "H100 equivalents", digits=0),
    *estimate("share", "Of the world's published total", format="percent", digits=2),
    Column("share_reason", role="reason"),
    *estimate("growth", "Growth over a year", digits=2),
    Column("growth_reason", role="reason"),
)
_PUBLISHED = (
    Column("as_of", "As of", role="time"),
    Column("measure", "Measure", role="key"),
    Column("value", "Value", role="value", mixed=True),
    Column("unit", "Unit"),
    Column("by", "By"),
    Column("basis", "Basis"),
)


def compute(answer: Answer[Compute]) -> Document:
    """Return the compute that is known to be installed in a country, and what is published beside it."""
    found = answer.result
    place = in_sentence(found.country)
    blocks: list[Block | None] = [Table(_by_day(found.series), _YEARS, f"Known clusters in {place}")]
    if found.purchases.height:
        bought = tuple(Column(name, upper_first(name.replace("_", " "))) for name in found.purchases.columns)
        caption = "Estimated purchases by quarter, H100 equivalents (5th to 95th percentiles)"
        blocks.append(Table(found.purchases, bought, caption))
    if found.published.height:
        caption = f"Published about {place}: other measures, to be read beside the known ones"
        blocks.append(Table(found.published, _PUBLISHED, caption))
    last = found.series[-1]
    known = interval(last.h100e.value, last.h100e.low, last.h100e.high, 0)
    headline = f"Known in {place} on {written(last.on)}: at least {known} H100 equivalents."
    drawn = compute_chart(found.series, f"Compute known to be installed in {place}")
    blocks += [Note(found.note), Note(found.disclaimer), drawn]
    return document(answer, f"Compute in {place}", headline, blocks)


def _by_day(series: Iterable[Installed]) -> pl.DataFrame:
    rows = ((f"{one.on}", one.h100e, one.share, one.growth) for one in series)
    return frame(rows, "on", "h100e", "share", "growth")


def compute_chart(series: Iterable[Installed], title: str) -> Chart:
    """Draw the compute that is known to be installed, by day."""
    rows = _by_day(series)
    spec = marks.spec(
        marks.bars(rows, "on", "h100e", low="h100e_low", high="h100e_high", tip=_YEARS[:4]),
        x=marks.Axis(""),
        y=marks.Axis("H100 equivalents"),
    )
    return Chart(
        "compute",
        title,
        rows,
        spec,
        _YEARS,
        caption="Confirmed clusters (low end), with likely ones (bar), with unlikely ones and possible "
        "duplicates (high end): a lower bound of what exists.",
        alt=f"{title}, by year, H100 equivalents.",
    )
