"""Small multiples: exports of each country against what was to be expected, with bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.trade.words import called, source_of, spelt_out
from parity.web.palette import INK, SERIES, SOFT, sheer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from parity.trade import Diversion

COLUMNS = 2
_GAP, _BETWEEN = 0.1, 0.34
_ROW_PIXELS = 200
_TOP_PIXELS, _FOOT_PIXELS = 90, 30


class _Series(Protocol):
    @property
    def actual(self) -> NDArray[np.float64]: ...
    @property
    def expected(self) -> NDArray[np.float64]: ...
    @property
    def low(self) -> NDArray[np.float64]: ...
    @property
    def high(self) -> NDArray[np.float64]: ...


@dataclass(frozen=True, slots=True)
class Path:
    """One country's exports and what was to be expected of them, US dollars a period."""

    iso3: str
    periods: tuple[str, ...]
    told: str
    actual: NDArray[np.float64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    @classmethod
    def of(cls, iso3: str, periods: tuple[str, ...], one: _Series, told: str) -> Self:
        """Return the path of a country that was judged, with a few words on the verdict."""
        return cls(iso3, periods, told, one.actual, one.expected, one.low, one.high)


PATH_COLUMNS = (
    Column("country", "Country"),
    Column("period", "Period"),
    Column("actual", "Reported, million USD"),
    Column("expected", "Expected"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("index", "Reported, mean before = 100", 0),
)


def paths_figure(paths: Sequence[Path], answer: Diversion, by: str, command: str) -> Figure:
    """Draw a panel for each country; the mean before the date is 100."""
    rows = ceil(len(paths) / COLUMNS)
    layout: dict[str, Any] = {
        "annotations": [],
        "shapes": [],
        "margin": {"l": 8, "r": 8, "t": _TOP_PIXELS, "b": _FOOT_PIXELS},
        "legend": {"orientation": "h", "y": 0.995, "yanchor": "top", "yref": "container", "x": 0},
    }
    data: list[dict[str, Any]] = []
    frames = []
    for number, path in enumerate(paths):
        base = _base(path, answer)
        data += _panel(path, base, number, answer)
        _place(layout, path, number, rows, answer)
        frames.append(_rows(path, base))
    spec = answer.spec
    step = "month" if len(paths[0].periods[0]) > 4 else "year"
    return Figure(
        name=f"diversion-paths-{by}",
        title=f"Exports of {spelt_out(spec.reporter)} by {step}: reported against expected",
        data=data,
        layout=layout,
        table=Table(PATH_COLUMNS, pl.concat(frames)),
        source=source_of(answer.sources),
        vintage=answer.vintage,
        command=command,
        note=f"Mean before {spec.start:%-d %B %Y} (dotted line) = 100. Dashed: a weighted mean of countries "
        f"left alone (synthetic control). Band: {100 * spec.level:.0f} % interval. Scales "
        "differ between panels.",
        height=_TOP_PIXELS + _FOOT_PIXELS + _ROW_PIXELS * rows,
    )


def _base(path: Path, answer: Diversion) -> float:
    """Return one hundredth of the mean before the date."""
    first = str(answer.spec.start)[: len(path.periods[0])]
    before = [value for period, value in zip(path.periods, path.actual, strict=True) if period < first]
    return float(np.mean(before)) / 100


def _when(period: str) -> str:
    """Return the middle of a period as a day."""
    return f"{period}-15" if len(period) > 4 else f"{period}-07-01"


def _panel(path: Path, base: float, number: int, answer: Diversion) -> list[dict[str, Any]]:
    axes = {"xaxis": f"x{_axis(number)}", "yaxis": f"y{_axis(number)}"}
    line: dict[str, Any] = axes | {"type": "scatter", "mode": "lines", "x": [_when(p) for p in path.periods]}
    first = number == 0
    quiet = {"hoverinfo": "skip", "showlegend": False}
    months = len(path.periods[0]) > 4
    return [
        line | quiet | {"y": _list(path.low / base), "line": {"width": 0}},
        line
        | {"y": _list(path.high / base), "line": {"width": 0}, "hoverinfo": "skip"}
        | {"fill": "tonexty", "fillcolor": sheer(SERIES[1], 0.22), "showlegend": first}
        | {"name": f"{100 * answer.spec.level:.0f} % interval", "legendgroup": "band"},
        line
        | {"y": _list(path.expected / base), "line": {"color": SERIES[1], "dash": "dash", "width": 1.5}}
        | {"hoverinfo": "skip", "showlegend": first, "name": "Expected", "legendgroup": "expected"},
        line
        | {"y": _list(path.actual / base), "line": {"color": SERIES[0], "width": 2}}
        | ({} if months else {"mode": "lines+markers", "marker": {"size": 5}})
        | {"showlegend": first, "name": "Reported", "legendgroup": "reported"}
        | {"hovertext": _hovers(path, base, answer), "hovertemplate": "%{hovertext}<extra></extra>"},
    ]


def _hovers(path: Path, base: float, answer: Diversion) -> list[str]:
    source = source_of(answer.sources)
    told = []
    for period, actual, expected, low, high in zip(
        path.periods, path.actual, path.expected, path.low, path.high, strict=True
    ):
        band = "" if np.isnan(low) else f" ({low / base:,.0f} to {high / base:,.0f})"
        would = "" if np.isnan(expected) else f"<br>expected {expected / base:,.0f}{band}"
        told.append(
            f"<b>{called(path.iso3)}, {period}</b><br>reported {actual / base:,.0f}: "
            f"{actual / 1e6:,.1f} million USD{would}<br>{source}"
        )
    return told


def _place(layout: dict[str, Any], path: Path, number: int, rows: int, answer: Diversion) -> None:
    """Put the axes, the title and the line of the date of one panel into the layout."""
    row, column = divmod(number, COLUMNS)
    left = column * (1 + _GAP) / COLUMNS
    wide = (1 - _GAP) / COLUMNS
    gap = _BETWEEN / rows
    tall = (1 - gap * (rows - 1)) / rows
    top = 1 - row * (tall + gap)
    axis = _axis(number)
    x, y = f"x{axis}", f"y{axis}"
    layout[f"xaxis{axis}"] = {
        "domain": [left, left + wide],
        "anchor": y,
        "type": "date",
        "nticks": 4,
        "showgrid": False,
        "tickformat": "%Y",
    }
    layout[f"yaxis{axis}"] = {
        "domain": [top - tall, top],
        "anchor": x,
        "rangemode": "tozero",
        "nticks": 4,
        "zeroline": False,
    }
    layout["annotations"].append(
        {"text": f"<b>{called(path.iso3)}</b><br>{path.told}", "font": {"color": INK, "size": 11}}
        | {"xref": "paper", "x": left, "xanchor": "left", "yref": "paper", "y": top, "yanchor": "bottom"}
        | {"align": "left", "showarrow": False}
    )
    line = {"type": "line", "xref": x, "yref": f"{y} domain", "y0": 0, "y1": 1}
    day = str(answer.spec.start)
    layout["shapes"].append(line | {"x0": day, "x1": day, "line": {"color": SOFT, "width": 1, "dash": "dot"}})


def _axis(number: int) -> str:
    """Return the number of a panel's axes; that of the first goes without saying."""
    return str(number + 1) if number else ""


def _rows(path: Path, base: float) -> pl.DataFrame:
    columns = {name: getattr(path, name) / 1e6 for name in ("actual", "expected", "low", "high")}
    frame = {"country": [called(path.iso3)] * len(path.periods), "period": path.periods} | columns
    return pl.DataFrame(frame | {"index": path.actual / base}).with_columns(
        pl.col("expected", "low", "high").fill_nan(None)
    )


def _list(values: NDArray[np.float64]) -> list[float | None]:
    return [float(value) if np.isfinite(value) else None for value in values]
