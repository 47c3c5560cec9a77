"""Diversion: the finding, the ranking of third countries, and each country's path."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.errors import ParityError
from parity.web.figure import Column, Figure, Table
from parity.web.pages.trade import model
from parity.web.pages.trade.paths import Path, paths_figure
from parity.web.pages.trade.state import TradeState
from parity.web.pages.trade.words import called, in_names, joined, source_of, spelt_out, verdict
from parity.web.palette import INK, SERIES, sheer

if TYPE_CHECKING:
    from parity.trade import Diversion, Judged

MILLION = 1e6
GOODS = {"total": "all goods", "chips": "integrated circuits"}
_LOOKS = {
    "clear": (SERIES[1], "diamond"),
    "likely": (SERIES[4], "diamond-open"),
    "none": (INK, "circle-open"),
}
# Room to the right of a bar for its p-value, of all that is drawn.
_ROOM = 0.42


def diversion_part(state: TradeState) -> Mapping[str, Any]:
    """Return which third countries exports rose to, beyond what was to be expected."""
    with in_names():
        found = model.diversion_of(state.sanctioned, state.start, state.reporter, state.third)
    answer, command = found.answer, command_of(state)
    return {
        "finding": finding(answer),
        "answer": answer,
        "called": called,
        "verdict": verdict(answer),
        "note": spelt_out(found.note),
        "ranking": ranking_figure(answer, command),
        "paths": paths_figure(paths_of(answer, state.by), answer, state.by, command),
        "dropped": _dropped(answer),
    }


def _dropped(answer: Diversion) -> dict[str, str]:
    """Return why countries were not judged, and which."""
    why: dict[str, list[str]] = {}
    for iso3, reason in answer.dropped.items():
        if iso3 in answer.spec.candidates:
            why.setdefault(reason, []).append(called(iso3))
    return {reason: joined(names) for reason, names in why.items()}


def finding(answer: Diversion) -> str:
    """Return the answer as a headline."""
    spec = answer.spec
    when, who = f"{spec.start:%B %Y}", spelt_out(spec.reporter)
    rose = answer.found("clear")
    if not rose:
        return f"No clear rise of exports of {who} to third countries since {when}"
    named = joined(called(iso3) for iso3 in rose)
    return f"Exports of {who} to {named} rose beyond expectation since {when}"


def command_of(state: TradeState) -> str:
    """Return the command that gives the same answer."""
    words = ["parity", "trade", "diversion", "--sanctioned", state.sanctioned, "--date", str(state.start)]
    words += ["--reporter", state.reporter]
    return shlex.join(words + (["--candidates", state.third] if state.third else []))


def everybody(answer: Diversion) -> tuple[Judged, ...]:
    """Return those that are judged, the sanctioned country last."""
    return (*answer.partners, *((answer.direct,) if answer.direct else ()))


def ranking_figure(answer: Diversion, command: str) -> Figure:
    """Draw the excess of each third country with its interval and adjusted p-value."""
    spec, partners = answer.spec, answer.partners
    rows = _ranking_rows(answer)
    shown = rows.head(len(partners))
    names = shown["country"].to_list()
    bars = {
        "type": "bar",
        "orientation": "h",
        "y": names,
        "base": shown["low"].to_list(),
        "x": (shown["high"] - shown["low"]).to_list(),
        "marker": {"color": [sheer(_LOOKS[one.verdict][0], 0.35) for one in partners]},
        "hoverinfo": "skip",
    }
    source = source_of(answer.sources)
    points = {
        "type": "scatter",
        "mode": "markers",
        "y": names,
        "x": shown["excess"].to_list(),
        "marker": {
            "color": [_LOOKS[one.verdict][0] for one in partners],
            "symbol": [_LOOKS[one.verdict][1] for one in partners],
            "size": 11,
            "line": {"width": 2, "color": [_LOOKS[one.verdict][0] for one in partners]},
        },
        "hovertext": [_hover(row, spec.level, source) for row in shown.iter_rows(named=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
    ends = [max(high, excess) for high, excess in shown.select("high", "excess").iter_rows()]
    told = {
        "type": "scatter",
        "mode": "text",
        "y": names,
        "x": ends,
        "text": [f"\u00a0\u00a0 p {p:.3f}" for p in shown["p_adjusted"]],
        "textposition": "middle right",
        "hoverinfo": "skip",
    }
    layout: dict[str, Any] = {
        "showlegend": False,
        "bargap": 0.55,
        "xaxis": {
            "title": {"text": "Million USD a month"},
            "zeroline": True,
            "nticks": 6,
            "range": _range([*shown["low"], *shown["excess"], 0.0], [*ends, 0.0]),
        },
        "yaxis": {"autorange": "reversed", "showgrid": False, "type": "category"},
    }
    return Figure(
        name="diversion-ranking",
        title=f"Exports of {spelt_out(spec.reporter)} above expectation, {answer.after[0]} to "
        f"{answer.after[-1]} ({GOODS.get(answer.codes.name, answer.codes.name)})",
        data=[bars, points, told],
        layout=layout,
        table=Table(RANKING_COLUMNS, rows),
        source=source,
        vintage=answer.vintage,
        command=command,
        note=f"Bars: {100 * spec.level:.0f} % intervals. Filled diamond: a clear rise (adjusted p below "
        "0.05); open diamond: likely; circle: not beyond chance.",
        height=110 + 44 * max(len(partners), 2),
    )


RANKING_COLUMNS = (
    Column("country", "Country"),
    Column("excess", "Million USD a month above expectation"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("rise", "Rise, %", 0),
    Column("rise_low", "Low", 0),
    Column("rise_high", "High", 0),
    Column("p_adjusted", "Adjusted p", 3),
    Column("p_placebo", "p among donors", 3),
    Column("p_time", "p among false dates", 3),
    Column("verdict", "Verdict"),
)


def _ranking_rows(answer: Diversion) -> pl.DataFrame:
    rows = []
    for one in everybody(answer):
        excess, rise = one.excess, one.rise
        ends = [None if end is None else end / MILLION for end in (excess.value, excess.low, excess.high)]
        word = one.verdict if one.p_adjusted is not None else "itself under controls: p of a fall"
        row = [called(one.iso3), *ends, rise.value, rise.low, rise.high]
        rows.append([*row, one.p_adjusted, one.p_placebo, one.p_time, word])
    names = [column.name for column in RANKING_COLUMNS]
    schema = dict.fromkeys(names, pl.Float64) | {"country": pl.String, "verdict": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _hover(row: dict[str, Any], level: float, source: str) -> str:
    return (
        f"<b>{row['country']}</b><br>{row['excess']:,.1f} million USD a month<br>"
        f"{row['low']:,.1f} to {row['high']:,.1f} ({100 * level:.0f} % interval)<br>{row['rise']:+.0f} %, "
        f"adjusted p {row['p_adjusted']:.3f}: {row['verdict']}<br>{source}"
    )


def _range(lows: Sequence[float], highs: Sequence[float]) -> list[float]:
    low, high = min(lows), max(highs)
    return [low - 0.04 * (high - low), high + _ROOM * (high - low)]


def paths_of(answer: Diversion, by: str) -> list[Path]:
    """Return what was reported and what was to be expected of each country, the sanctioned one first.

    Raises
    ------
    ParityError
        If months are asked for and none are known.
    """
    judged = {one.iso3: one for one in everybody(answer)}
    if by == "month" and answer.frequency == "year":
        if not answer.monthly:
            raise ParityError("no months are at hand for these exports; show them by year")
        return [
            Path.of(one.iso3, one.periods, one, f"beyond since {one.since}" if one.since else "not beyond")
            for one in answer.monthly
        ]
    periods = (*answer.before, *answer.after)
    order = [*([answer.direct] if answer.direct else []), *answer.partners]
    return [Path.of(one.iso3, periods, judged[one.iso3], _short(one)) for one in order]


def _short(one: Judged) -> str:
    p = one.p_placebo if one.p_adjusted is None else one.p_adjusted
    return f"{one.rise.value:+.0f} %, p {p:.3f}"
