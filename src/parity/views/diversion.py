"""Diversion in words, tables and figures: where exports went after a control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from parity.estimate import Estimate
from parity.show import marks
from parity.show.document import Chart, Column, Document, Group, Note, Table, estimate
from parity.views.common import document, frame
from parity.views.names import joined
from parity.views.trade import (
    MILLION,
    called,
    closing,
    ends_of,
    goods_of,
    in_millions,
    spelt_out,
    told_of,
)

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.trade import Diversion, Judged, Monthly


def diversion(answer: Answer[Diversion]) -> Document:
    """Return which third countries exports rose to, beyond what was to be expected."""
    found, spec = answer.result, answer.result.spec
    who, when = spelt_out(spec.reporter), f"{spec.start:%B %Y}"
    rose = joined(called(iso3) for iso3 in found.found("clear"))
    headline = (
        f"Exports of {who} to {rose} rose beyond expectation since {when}."
        if rose
        else f"No clear rise of exports of {who} to third countries since {when}."
    )
    months = found.monthly if found.frequency == "year" else ()
    everybody = (*([found.direct] if found.direct else []), *found.partners)
    ranking = _ranking(found, _judged(found))
    paths = [_path(one, found, f"path-{one.iso3}", _short(one)) for one in everybody]
    by_month = [_path(one, found, f"months-{one.iso3}", _since(one)) for one in months]
    kind = answer.question.kind  # type: ignore[attr-defined]
    first = {"ranking": [], "paths": paths, "months": by_month or paths}[kind]
    charts = [*first, ranking, *(one for one in (*paths, *by_month) if one not in first)]
    return document(
        answer,
        f"Exports of {who} since the control on {called(spec.sanctioned)} of {spec.start}",
        headline,
        [
            Table(_judged(found), _PARTNERS, f"Beyond expectation, {found.after[0]} to {found.after[-1]}"),
            Note(f"In brackets {100 * spec.level:.0f} % intervals."),
            told_of(found, besides=["Exports of "]),
            *_dropped(found),
            *_checks(found),
            *charts,
            *closing(found),
        ],
    )


# Room for words, of all that is drawn.
_ROOM = 0.35
_PARTNERS = (
    Column("country", "Country", role="key"),
    *estimate("excess", "Above expectation", "million USD a month"),
    *estimate("rise", "Rise", "%", digits=0),
    Column("p_adjusted", "Adjusted p", role="value", digits=3),
    Column("p_placebo", "p among donors", role="value", digits=3, spare=True),
    Column("p_time", "p among false dates", role="value", digits=3, spare=True),
    Column("verdict", "Verdict"),
)
_PATHS = (
    Column("period", "Period", role="time"),
    Column("actual", "Reported", MILLION, "value"),
    *estimate("expected", "Expected", MILLION),
)
_CHECKS = (
    Column("country", "Country", role="key"),
    Column("variant", "Choice"),
    *estimate("excess", "Above expectation", "million USD a month"),
    Column("p_adjusted", "Adjusted p", role="value", digits=3),
    Column("verdict", "Verdict"),
)


def _judged(found: Diversion) -> pl.DataFrame:
    everybody = (*found.partners, *([found.direct] if found.direct else []))
    rows = (
        (
            called(one.iso3), in_millions(one.excess), one.rise, one.p_adjusted, one.p_placebo, one.p_time,
            one.verdict if one.p_adjusted is not None else "p of a fall",
        )
        for one in everybody
    )  # fmt: skip
    names = ("country", "excess", "rise", "p_adjusted", "p_placebo", "p_time", "verdict")
    return frame(rows, *names, p_adjusted=pl.Float64)


def _ranking(found: Diversion, rows: pl.DataFrame) -> Chart:
    spec = found.spec
    drawn = rows.head(len(found.partners)).with_columns(
        told=pl.format("p {}, {}", pl.col("p_adjusted").round(3), "verdict"),
        end=pl.max_horizontal("excess", "excess_high"),
    )
    ends = [0.0, *drawn["excess_low"].drop_nulls(), *drawn["end"].drop_nulls()]
    low, high = min(ends), max(ends)
    title = f"Exports of {spelt_out(spec.reporter)} above expectation, {found.after[0]} to {found.after[-1]}"
    return Chart(
        "diversion-ranking",
        f"{title} ({goods_of(found)})",
        rows,
        marks.spec(
            marks.dots(drawn, "excess", "country", low="excess_low", high="excess_high", tip=_PARTNERS),
            marks.labels(drawn, "end", "country", "told"),
            # Words stand to the right of the largest.
            x=marks.Axis("Million USD a month", (low, high + _ROOM * (high - low))),
            at={"x": 0},
        ),
        _PARTNERS,
        f"Bars: {100 * spec.level:.0f} % intervals; p is adjusted for all countries that are judged. "
        "A rise is clear where p is below 0.05, likely below 0.10.",
        "Exports to third countries above what was to be expected.",
    )


def _path(one: Judged | Monthly, found: Diversion, name: str, told: str) -> Chart:
    """Draw what was reported of a country and what was to be expected."""
    money = pl.col("actual", "expected", "low", "high") / 1e6
    rows = one.path.with_columns(money).rename({"low": "expected_low", "high": "expected_high"})
    monthly = len(one.periods[0]) > 4
    days = (pl.col("period") + ("-15" if monthly else "-07-01")).str.to_date()
    dated = rows.with_columns(day=days)
    series = {"actual": "Reported", "expected": "Expected"}
    long = {
        column: dated.select(
            "day", "period", "expected_low", "expected_high", value=column, what=pl.lit(title)
        )
        for column, title in series.items()
    }
    tip = (Column("what", role="key"), _PATHS[0], Column("value", "Exports", MILLION, "value"))
    start = pl.DataFrame({"day": [found.spec.start] * 2, "value": [0.0, float(rows["actual"].max() or 0)]})  # type: ignore[arg-type]
    expected = marks.lines(
        long["expected"].drop_nulls("value"), "day", "value", low="expected_low", high="expected_high",
        by="what", tip=tip,
    )  # fmt: skip
    reported = marks.lines(long["actual"], "day", "value", by="what", points=not monthly, tip=tip)
    step = "month" if monthly else "year"
    return Chart(
        f"diversion-{name}",
        f"Exports of {spelt_out(found.spec.reporter)} to {called(one.iso3)} by {step}: {told}",
        rows,
        marks.spec(
            reported,
            expected,
            marks.lines(start, "day", "value"),
            x=marks.Axis("", format="%Y"),
            y=marks.Axis("Million USD", zero=True),
            height=220,
        ),
        _PATHS,
        "Expected: a weighted mean of countries left alone (synthetic control), with its "
        f"{100 * found.spec.level:.0f} % interval. The upright line is {found.spec.start}.",
        f"Exports to {called(one.iso3)}, reported and expected.",
    )


def _short(one: Judged) -> str:
    p = one.p_placebo if one.p_adjusted is None else one.p_adjusted
    return f"{one.rise.value:+.0f} %, p {p:.3f}"


def _since(one: Monthly) -> str:
    return f"beyond the interval since {one.since}" if one.since else "not beyond the interval"


def _dropped(found: Diversion) -> Iterator[Note]:
    why: dict[str, list[str]] = {}
    for iso3, reason in found.not_judged.items():
        why.setdefault(reason, []).append(called(iso3))
    for reason, names in why.items():
        yield Note(f"Not judged: {joined(names)} ({reason}).")


def _checks(found: Diversion) -> Iterator[Group]:
    rows = []
    for one in found.partners:
        for each in one.checks:
            excess = in_millions(Estimate(each.excess, each.low, each.high))
            rows.append((called(one.iso3), spelt_out(each.variant), excess, each.p_adjusted, each.verdict))
        if one.p_false_date is not None:
            early = Estimate(None, reason="nothing has happened yet")
            rows.append((called(one.iso3), "false date, a year too early", early, one.p_false_date, ""))
    if rows:
        names = ("country", "variant", "excess", "p_adjusted", "verdict")
        table = frame(rows, *names, **dict.fromkeys(("p_adjusted", *ends_of("excess")), pl.Float64))
        notes = (Note(f"Not judged {name}: {why}.") for name, why in found.skipped.items())
        yield Group("Under other choices", (Table(table, _CHECKS, "The same under other choices"), *notes))
