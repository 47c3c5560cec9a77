"""What the members have between them: the best model, compute, and what each may lawfully buy."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask import frontier as shared
from parity.errors import NoAnswerError
from parity.show.document import Document
from parity.views.frontier import lag_chart, length
from parity.views.names import countries
from parity.web import shown
from parity.web.figure import Column, Figure, Table
from parity.web.pages.blocs import model
from parity.web.pages.blocs.names import in_sentence
from parity.web.pages.blocs.profile import errors, span
from parity.web.palette import SERIES, sheer

if TYPE_CHECKING:
    from parity.blocs import Bloc
    from parity.chips import Installed, PooledReach
    from parity.estimate import Estimate
    from parity.frontier import Lag
    from parity.web.pages.blocs.state import BlocsState

COMPUTE_SOURCE = "Epoch AI, GPU clusters (CC BY 4.0)"
ACCESS_SOURCE = (
    "Epoch AI, Machine learning hardware (CC BY 4.0); export-control rules as cited on the page “Chips”"
)
_LINES = (
    ("freest", "Freest member", SERIES[0], "solid"),
    ("mean", "Mean, by GDP", SERIES[2], "dash"),
    ("least", "Least free member", SERIES[1], "dot"),
)


def between_part(state: BlocsState) -> Mapping[str, Any]:
    """Return the frontier of all members, their compute, and their access to accelerators."""
    from parity.catalogue import vintage
    from parity.chips import NOTE

    found = model.chosen(state)
    if found.bloc is None:
        return {"lag": None, "lag_told": "", "figures": []}
    compute, access = _hardware(found.bloc.members)
    command = _command(state)
    values: dict[str, Any] = {
        "lag": None,
        "lag_told": "",
        "figures": [
            compute_figure(found.bloc.name, compute, vintage(), command, NOTE),
            access_figure(found.bloc.name, access, vintage(), command),
        ],
    }
    other = found.beside[0] if found.beside else _world_leader(found.bloc)
    if other is None:
        return values
    try:
        lag = _lag(found.bloc, other)
    except NoAnswerError as problem:
        return values | {"lag_told": f"No lag in capability can be told: {problem}."}
    chart = lag_chart(lag)
    data, command = shared.capability().data, _lag_command(found.bloc, other)
    document = Document(chart.title, (chart,), data=data, command=command)
    return values | {"lag": shown.figure(document, chart), "lag_told": told(lag)}


def _world_leader(bloc: Bloc) -> Bloc | None:
    """Return the country that all are held against where no other is chosen."""
    from parity.blocs import Bloc

    return None if bloc.members == ("USA",) else Bloc(countries()["USA"], ("USA",))


def told(lag: Lag) -> str:
    """Return the lag as a sentence."""
    months = lag.standing.value or 0.0
    verb = "trails" if months > 0 else "leads"
    bound = "at least " if lag.lower_bound else ""
    return (
        f"The best model of any member, {lag.of_model}, {verb} that of "
        f"{in_sentence(lag.behind)}, {lag.behind_model}, by {bound}{length(lag.standing)}, "
        f"on {lag.on:%-d %B %Y}."
    )


@lru_cache(maxsize=64)
def _hardware(members: tuple[str, ...]) -> tuple[list[Installed], PooledReach]:
    from parity.brief.bloc_reach import hardware

    return hardware(members)


@lru_cache(maxsize=64)
def _lag(bloc: Bloc, other: Bloc) -> Lag:
    from parity.frontier import lag

    members = tuple((each.name, tuple(each.members)) for each in (bloc, other))
    return lag(shared.board("bloc", blocs=members), bloc.name, other.name)


def _lag_command(bloc: Bloc, other: Bloc) -> str:
    return f"parity lag {'+'.join(bloc.members)} {'+'.join(other.members)}"


def _command(state: BlocsState) -> str:
    return shlex.join(["parity", "bloc", "reach", *model.as_side(state)])


def compute_figure(name: str, compute: Sequence[Installed], vintage: str, command: str, note: str) -> Figure:
    """Draw the known compute of all members at year ends."""
    frame = pl.DataFrame(
        [
            {"on": str(one.on), **_ends("h100e", one.h100e), **_ends("share", one.share, 100.0)}
            for one in compute
        ],
        infer_schema_length=None,
    )
    told = [
        f"<b>{row['on']}</b><br>{span(row['h100e'], row['h100e_low'], row['h100e_high'], 0, ',')} H100 "
        f"equivalents<br>{span(row['share'], row['share_low'], row['share_high'])} % of the world's"
        f"<br>{COMPUTE_SOURCE}"
        for row in frame.iter_rows(named=True)
    ]
    values = frame["h100e"].to_list()
    bars = {
        "type": "bar",
        "x": [day[:4] if day.endswith("12-31") else day[:7] for day in frame["on"]],
        "y": values,
        "error_y": errors(values, frame["h100e_low"].to_list(), frame["h100e_high"].to_list()),
        "marker": {"color": SERIES[0], "opacity": 0.8},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    columns = (
        Column("on", "On"),
        Column("h100e", "H100 equivalents", 0),
        Column("h100e_low", "Low", 0),
        Column("h100e_high", "High", 0),
        Column("share", "Share of the world, %"),
        Column("share_low", "Low"),
        Column("share_high", "High"),
    )
    return Figure(
        name="compute",
        title=f"Compute that is known in {name}",
        data=[bars],
        layout={
            "bargap": 0.5,
            "xaxis": {"type": "category", "showgrid": False},
            "yaxis": {"title": {"text": "H100 equivalents"}, "rangemode": "tozero", "nticks": 5},
        },
        table=Table(columns, frame),
        source=COMPUTE_SOURCE,
        vintage=vintage,
        command=command,
        note=note,
        height=340,
    )


def access_figure(name: str, access: PooledReach, vintage: str, command: str) -> Figure:
    """Draw how far the members' lawful access lags the world's best accelerator: no right is pooled."""
    rows = access.table()
    x = [month.isoformat() for month in rows["month"]]
    data = [trace for each in _LINES for trace in _access_traces(rows, x, *each)]
    names = countries()
    frame = rows.with_columns(
        pl.col("month").dt.strftime("%Y-%m"),
        pl.col("last").replace(names),
        even=100 * pl.col("even"),
    )
    columns = (
        Column("month", "Month"),
        *_with_ends("freest", "Lag of the freest, months"),
        Column("even", "As free, % of GDP", 0),
        *_with_ends("mean", "Mean lag"),
        Column("last", "Least free"),
        *_with_ends("least", "Its lag"),
    )
    last = frame.row(-1, named=True)
    return Figure(
        name="access",
        title=f"How far the members of {name} lag in what they may buy without a licence",
        data=data,
        layout={
            "xaxis": {"type": "date", "nticks": 6, "showgrid": False},
            "yaxis": {"title": {"text": "Months behind the world’s best"}, "range": _months_shown(rows)},
            "legend": {"orientation": "h", "y": -0.14, "yanchor": "top", "x": 0},
            "margin": {"l": 8, "r": 12, "t": 16, "b": 80},
        },
        table=Table(columns, frame),
        source=ACCESS_SOURCE,
        vintage=vintage,
        command=command,
        note="What one member may buy is not thereby another's. Thin: at least so much. Pale: what is "
        f"open. In {last['month']} members with {last['even']:.0f} % of the GDP were as "
        f"free as the freest. Rules looked for up to {access.checked_to}.",
        height=400,
    )


def _months_shown(rows: pl.DataFrame) -> list[float]:
    """Return the range of the axis: a year at least, so that a lag of nothing looks like nothing."""
    ends = rows.select(pl.max_horizontal("least", "least_low", "least_high").max()).item()
    return [-0.5, max(12.0, 1.08 * (ends or 0.0))]


def _access_traces(
    rows: pl.DataFrame, x: list[str], key: str, label: str, colour: str, dash: str
) -> list[dict[str, Any]]:
    values, low, high = (rows[key + end] for end in ("", "_low", "_high"))
    told = [_lag_told(label, *each) for each in zip(values, low, high, strict=True)]
    step = {"type": "scatter", "mode": "lines", "x": x}
    hidden = {"hoverinfo": "skip", "line": {"width": 0, "shape": "hv"}, "showlegend": False}
    line = {"color": colour, "dash": dash, "width": 2.4, "shape": "hv"}
    # Where nothing is certain the lag is open upwards: the line goes on at what it is at least.
    at_least = [a if v is None else None for v, a in zip(values, low, strict=True)]
    return [
        step | hidden | {"y": low.to_list()},
        step | hidden | {"y": pl.select(pl.coalesce(high, values, low)).to_series().to_list()}
        | {"fill": "tonexty", "fillcolor": sheer(colour, 0.14)},
        step | {"y": values.to_list(), "line": line, "name": label}
        | {"hovertext": told, "hovertemplate": "%{x|%B %Y}<br>%{hovertext}<extra></extra>"},
        step | {"y": at_least, "line": line | {"width": 1.2}, "showlegend": False}
        | {"hovertext": told, "hovertemplate": "%{x|%B %Y}<br>%{hovertext}<extra></extra>"},
    ]  # fmt: skip


def _lag_told(label: str, value: float | None, low: float | None, high: float | None) -> str:
    size = (
        f"at least {low:.1f} months"
        if value is None and low is not None
        else f"{span(value, low, high)} months"
    )
    return f"<b>{label}</b><br>{size}<br>{ACCESS_SOURCE.split(';')[0]}"


def _ends(name: str, found: Estimate, times: float = 1.0) -> dict[str, float | None]:
    ends = {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return {key: None if end is None else times * end for key, end in ends.items()}


def _with_ends(name: str, label: str) -> tuple[Column, Column, Column]:
    return Column(name, label), Column(f"{name}_low", "At least"), Column(f"{name}_high", "At most")
