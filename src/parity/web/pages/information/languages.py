"""The dumbbell of languages: what each model withholds on the same prompts in each."""

from __future__ import annotations

from typing import Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.information.model import called, sentence
from parity.web.pages.information.tables import SOURCE, Shown, model_axis
from parity.web.palette import LINE, SERIES

_ROW = 21
_LOOKS = ("circle-open", "diamond", "square", "triangle-up")
COLUMNS = (
    Column("model", "Model"),
    Column("language", "Language"),
    Column("rate", "Withheld, %"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("prompts", "Prompts"),
)


def languages_figure(shown: Shown) -> Figure | None:
    """Draw each model's rate in every language, joined; nothing where there is one language only."""
    result, options = shown.result, shown.result.options
    rows = shown.of_home(shown.sensitive(result.rates)).filter(pl.col("rate").is_not_null())
    spoken = sorted(rows["language"].unique(), key=lambda code: (code != options.base_language, code))
    if len(spoken) < 2:
        return None
    rows = rows.with_columns(pl.col("rate", "low", "high") * 100)
    order = rows.group_by("model").agg(pl.col("rate").max()).sort("rate", "model", descending=True)["model"]
    data = [*_joins(rows), *(_marks(rows, code, place) for place, code in enumerate(spoken))]
    named = rows.with_columns(pl.col("language").replace({code: called(code) for code in spoken}))
    layout: dict[str, Any] = {
        "xaxis": {"title": {"text": "Withheld, %"}, "range": [-2, 102], "nticks": 6},
        "yaxis": model_axis(order.to_list()),
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    }
    return Figure(
        name="languages",
        title=f"The same prompts about {sentence(str(options.protected))}, by language",
        data=data,
        layout=layout,
        table=Table(COLUMNS, named.sort("model", "language")),
        source=SOURCE,
        vintage=result.data,
        command=shown.command,
        note=f"Intervals ({100 * options.level:.0f} %) are in the table and on hover. Without controls in a "
        "language, a gap may also be command of the language.",
        height=130 + _ROW * max(len(order), 4),
    )


def _joins(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one trace of grey lines from the least to the most of each model."""
    ends = rows.group_by("model").agg(least=pl.col("rate").min(), most=pl.col("rate").max())
    x: list[float | None] = []
    y: list[str | None] = []
    for model, least, most in ends.iter_rows():
        x += [least, most, None]
        y += [model, model, None]
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip", "showlegend": False}
        | {"line": {"color": LINE, "width": 4}}
    ]


def _marks(rows: pl.DataFrame, language: str, place: int) -> dict[str, Any]:
    mine = rows.filter(pl.col("language") == language)
    name = called(language)
    told = [
        f"<b>{row['model']}</b><br>{name}: {row['rate']:.0f} % withheld "
        f"({row['low']:.0f} to {row['high']:.0f})<br>{row['prompts']} prompts<br>{SOURCE}"
        for row in mine.iter_rows(named=True)
    ]
    # The base is a wide ring, so that no other mark can hide it.
    marker = {"symbol": _LOOKS[place % len(_LOOKS)], "color": SERIES[place], "size": 8 if place else 12}
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": mine["rate"].to_list(),
        "y": mine["model"].to_list(),
        "marker": marker | {"line": {"width": 2 if not place else 0}},
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }
