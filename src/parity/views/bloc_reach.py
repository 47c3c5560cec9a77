"""What a bloc's members have between them, in words, tables and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Note, Table, estimate
from parity.views.blocs import bloc_in_sentence
from parity.views.common import document, frame
from parity.views.frontier import lag_chart, length
from parity.views.names import countries, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.ask.bloc_reach import ReachReport

_ACCESS = (
    Column("month", "Month", role="time"),
    *estimate("freest", "Freest member", "months", digits=1),
    Column("even", "As free, of GDP", role="value", format="percent", digits=0),
    *estimate("mean", "Mean by GDP", "months", digits=1),
    *estimate("least", "Least free member", "months", digits=1),
    Column("last_name", "Which"),
)
_COMPUTE = (
    Column("on", "On", role="time"),
    *estimate("h100e", "Known clusters", "H100 equivalents", digits=0),
    *estimate("share", "At least, of the published total of the world", format="percent", digits=1),
)


def reach(answer: Answer[ReachReport]) -> Document:
    """Return what a bloc's members have between them."""
    found = answer.result
    name = bloc_in_sentence(found.bloc)
    lag = found.frontier
    headline = f"No lag in capability can be told: {found.frontier_reason}."
    if lag is not None:
        verb = "trails" if (lag.standing.value or 0.0) > 0 else "leads"
        bound = "at least " if lag.lag.lower_bound else ""
        headline = (
            f"The best model of any member, {lag.model}, {verb} that of {bloc_in_sentence(lag.behind)}, "
            f"{lag.lag.behind_model}, by {bound}{length(lag.standing)} on {written(lag.on)}; mean since 2023 "
            f"{lag.mean.text(1)} months."
        )
    compute = frame(((one.on, one.h100e, one.share) for one in found.compute), "on", "h100e", "share")
    rows = (
        (m.month, m.freest, m.even, m.mean, m.least, countries().get(m.last, m.last)) for m in found.access
    )
    access = frame(rows, "month", "freest", "even", "mean", "least", "last_name")
    half = pl.col("month").str.contains("-06$|-12$") | (pl.col("month") == access["month"][-1])
    members = frame(
        ((countries().get(one.iso3, one.iso3), one.compute, one.best_free, one.lag) for one in found.members),
        *("country", "compute", "best_free", "lag"),
        best_free=pl.String,
    )
    columns = (
        Column("country", "Country", role="key"),
        *estimate("compute", "Known clusters", "H100 equivalents", digits=0),
        Column("best_free", "Best accelerator without a licence"),
        *estimate("lag", "Behind the world's best", "months", digits=1),
    )
    blocks: list[Block | None] = [
        Table(compute, _COMPUTE, f"Compute that is known in {name}"),
        Note(found.compute_note),
        Table(access.filter(half), _ACCESS, "Months behind the world's best accelerator, without a licence"),
        Table(
            members,
            columns,
            f"Members: compute on {found.compute[-1].on}, access in {found.access[-1].month}",
        ),
        Note(
            "What one member may buy is not thereby another's. Low ends of lags: if all that is open falls "
            f"the members' way. Rules looked for up to {written(found.checked_to)}."
        ),
        lag_chart(lag.lag) if lag else None,
        _compute_chart(found, compute),
        _access_chart(found, access),
    ]
    return document(answer, f"What the members of {name} have between them", headline, blocks)


def _compute_chart(found: ReachReport, compute: pl.DataFrame) -> Chart:
    rows = compute.with_columns(day=pl.col("on").cast(pl.String).str.strip_suffix("-12-31"))
    spec = marks.spec(
        marks.bars(rows, "day", "h100e", low="h100e_low", high="h100e_high", tip=_COMPUTE),
        y=marks.Axis("H100 equivalents", zero=True),
    )
    title = f"Compute that is known in {bloc_in_sentence(found.bloc)}"
    last = rows.row(-1, named=True)
    alt = (
        f"{interval(last['h100e'], last['h100e_low'], last['h100e_high'], 0)} H100 equivalents on "
        f"{last['on']}."
    )
    return Chart("compute", title, rows, spec, _COMPUTE, found.compute_note, alt)


def _access_chart(found: ReachReport, access: pl.DataFrame) -> Chart:
    """Draw how far the members' lawful access lags: no right is pooled."""
    names = {"freest": "Freest member", "mean": "Mean, by GDP", "least": "Least free member"}
    date = pl.col("month").str.to_date("%Y-%m")
    # Where nothing is certain the lag is open upwards: the line goes on at what it is at least.
    lines = pl.concat(
        access.select(
            date=date,
            who=pl.lit(label),
            months=pl.coalesce(name, f"{name}_low"),
            low=f"{name}_low",
            high=pl.coalesce(f"{name}_high", name, f"{name}_low"),
        )
        for name, label in names.items()
    )
    tip = (
        Column("who", ""),
        Column("date", "Month", role="time"),
        Column("months", "Months", role="value", digits=1),
    )
    spec = marks.spec(
        marks.lines(lines, "date", "months", low="low", high="high", by="who", step=True, tip=tip),
        y=marks.Axis("Months behind the world's best", zero=True),
    )
    title = (
        f"How far the members of {bloc_in_sentence(found.bloc)} lag in what they may buy without a licence"
    )
    last = access.row(-1, named=True)
    caption = (
        "What one member may buy is not thereby another's. Bands: what is open; a line without a certain "
        f"value is at least so high. In {last['month']} members with {last['even']:.0%} of the GDP were as "
        f"free as the freest. Rules looked for up to {written(found.checked_to)}."
    )
    return Chart("access", title, access, spec, _ACCESS, caption, title)
