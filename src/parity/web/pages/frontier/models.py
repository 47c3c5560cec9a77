"""The figure of all models over time, coloured by who made them, how they are shared or what they do."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from parity.ask.frontier import abilities, board
from parity.dates import day_of, number_of
from parity.views.names import called
from parity.web.figure import Column, Figure, Table
from parity.web.palette import GROUND, SERIES

DOMAINS = ("mathematics", "coding", "reasoning and knowledge", "agentic", "language")
BY = {"country": "Country", "developer": "Developer", "openness": "Openness of weights", "domain": "Domain"}
OTHER = "others"
SHOWN_FROM = date(2022, 6, 1)
SOURCE = "Epoch AI benchmarking hub (CC BY 4.0) and scores that developers publish"
_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "star", "triangle-down", "circle-open")
_DASHES = ("solid", "dash", "dashdot", "longdash", "dot", "longdashdot")
_MOST_GROUPS = 6
_FEWEST_SCORES = 3
_COLUMNS = (
    Column("group", "Group"),
    Column("model", "Model"),
    Column("developer", "Developer"),
    Column("country", "Country"),
    Column("date", "Released"),
    Column("capability", "Capability", 2),
    Column("low", "Low", 2),
    Column("high", "High", 2),
    Column("n_scores", "Scores", 0),
)


class Staircase(NamedTuple):
    """Records of a group: days (ISO) and levels."""

    x: list[str]
    y: list[float]


@lru_cache(maxsize=32)
def models_figure(by: str, domain: str, derived: bool, vintage: str) -> Figure:
    """Draw every model against its release, with the frontier of each group.

    Parameters
    ----------
    by
        What groups are: country, developer, openness, or the domain of the tests.
    domain
        Domain of the tests, where groups are something else; empty: all.
    derived
        Whether models on foreign weights set a frontier.
    vintage
        Of the data.
    """
    points, lines = _domains(derived) if by == "domain" else _groups(by, domain, derived)
    data = [_scatter(points.filter(group=group), group, place) for place, group in enumerate(lines)]
    rest = points.filter(group=OTHER)
    data += [_scatter(rest, OTHER, len(SERIES) - 1)] if rest.height else []
    data += [_stairs(line, group, place) for place, (group, line) in enumerate(lines.items())]
    layout: dict[str, Any] = {
        "xaxis": {"type": "date", "nticks": 6},
        "yaxis": {"title": {"text": "Capability"}, "zeroline": False, "nticks": 7},
        "legend": {"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0},
        "margin": {"l": 8, "r": 12, "t": 16, "b": 96},
    }
    subject = "" if by == "domain" or not domain else f" in {domain}"
    return Figure(
        name="models",
        title=f"Models{subject} by {BY[by].lower()}, and the frontier of each",
        data=data,
        layout=layout,
        table=Table(_COLUMNS, points.sort("capability", descending=True)),
        source=SOURCE,
        vintage=vintage,
        command="parity capability list --least 3" + (f" --domain '{domain}'" if domain else ""),
        note=f"Models with at least {_FEWEST_SCORES} scores. Lines: best so far of those that are measured "
        "closely enough"
        + ("." if derived else " and do not stand on foreign weights.")
        + " Point at a model for its interval.",
        height=520,
    )


def _shown(domain: str) -> pl.DataFrame:
    """Return the models that are drawn, with the ends of their intervals."""
    return (
        abilities(domain or None)
        .table()
        .filter(
            pl.col("capability").is_not_null(),
            pl.col("n_scores") >= _FEWEST_SCORES,
            pl.col("date") >= SHOWN_FROM,
        )
        .with_columns(
            openness=pl.col("open_weights").replace_strict({True: "open", False: "closed"}, default=None)
        )
    )


def _groups(by: str, domain: str, derived: bool) -> tuple[pl.DataFrame, dict[str, Staircase]]:
    """Return models with their group, and each leading group's records."""
    found = board(by, domain or None, derived)  # type: ignore[arg-type]
    leading = found.leading(_MOST_GROUPS)
    names = {group: called(group) for group in leading}
    group = pl.col(by).replace_strict(names, default=OTHER, return_dtype=pl.String)
    points = _shown(domain).with_columns(group=group)
    return points, {names[one]: _staircase(found, one) for one in leading}


def _domains(derived: bool) -> tuple[pl.DataFrame, dict[str, Staircase]]:
    """Return models once for each domain in which they have scores, and the world's records in each."""
    points = pl.concat([_shown(domain).with_columns(group=pl.lit(domain)) for domain in DOMAINS])
    return points, {domain: _staircase(board("country", domain, derived), "world") for domain in DOMAINS}


def _staircase(found: Any, group: str) -> Staircase:
    """Return a frontier from the first day shown to the last of the evidence."""
    records = found.steps(group)
    start = max(float(records.date[0]), float(number_of(SHOWN_FROM)))
    end = float(number_of(found.until))
    days = np.unique(np.concatenate([[start], records.date[records.date >= start], [max(end, start)]]))
    return Staircase([day_of(float(one)).isoformat() for one in days], records.at(days).tolist())


def _stairs(line: Staircase, group: str, place: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": line.x,
        "y": line.y,
        "line": {"shape": "hv", "color": SERIES[place], "width": 2.5, "dash": _DASHES[place]},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": group,
    }


def _scatter(points: pl.DataFrame, group: str, place: int) -> dict[str, Any]:
    faint = group == OTHER
    return {
        "type": "scatter",
        "mode": "markers",
        "name": group,
        "legendgroup": group,
        "x": [when.isoformat() for when in points["date"]],
        "y": points["capability"].to_list(),
        "marker": {
            "color": SERIES[place],
            "size": 5 if faint else 6,
            "symbol": _SYMBOLS[place],
            "opacity": 0.35 if faint else 0.6,
            "line": {"color": GROUND, "width": 0 if faint else 0.6},
        },
        "hovertext": [_hover(row) for row in points.iter_rows(named=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover(row: dict[str, Any]) -> str:
    return (
        f"<b>{row['model']}</b><br>{row['developer'] or 'developer unknown'}, {row['country'] or '–'}, "
        f"{row['date']}<br>capability {row['capability']:.2f} ({row['low']:.2f} to {row['high']:.2f}), "
        f"{row['n_scores']} scores<br>{SOURCE}"
    )
