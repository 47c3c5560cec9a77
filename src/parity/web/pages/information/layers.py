"""The stack of layers: where answers end."""

from __future__ import annotations

from typing import Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.information.model import called, sentence
from parity.web.pages.information.tables import SOURCE, Shown, model_axis
from parity.web.palette import GROUND, SERIES

_ROW = 21
LAYERS = {
    "complete": ("Answered", SERIES[5], ""),
    "partial": ("In part", SERIES[4], ""),
    "denial": ("Refused by the model", SERIES[1], "/"),
    "provider_filter": ("Stopped by a filter", SERIES[3], "x"),
    "truncation": ("Cut off", SERIES[6], ""),
    "incoherent": ("Incoherent", SERIES[6], "\\"),
    "judge_error": ("Judge failed", SERIES[6], "."),
    "route_error": ("Route failed", SERIES[6], "-"),
}
COLUMNS = (
    Column("model", "Model"),
    Column("language", "Language"),
    Column("ended", "How it ended"),
    Column("n", "Answers"),
    Column("percent", "Share, %"),
)


def layers_figure(shown: Shown) -> Figure:
    """Draw where each model's answers about the protected government end."""
    result, options = shown.result, shown.result.options
    language = shown.language or options.base_language
    rows = shown.of_home(shown.sensitive(result.layers).join(result.models, on="model"))
    rows = rows.filter(pl.col("language") == language)
    known = {code: name for code, (name, _, _) in LAYERS.items()}
    rows = rows.with_columns(
        percent=100 * pl.col("share"),
        ended=pl.col("outcome").replace(known),
        language=pl.lit(called(language)),
    )
    complete = pl.col("percent").filter(pl.col("outcome") == "complete").sum()
    order = rows.group_by("model").agg(done=complete).sort("done", "model")["model"].to_list()
    data = [_stack(rows, code) for code in LAYERS if code in rows["outcome"]]
    layout: dict[str, Any] = {
        "barmode": "stack",
        "bargap": 0.2,
        "xaxis": {"title": {"text": "Share of prompts, %"}, "range": [0, 100], "nticks": 6},
        "yaxis": model_axis(order),
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    }
    return Figure(
        name="layers",
        title=f"Where answers about {sentence(str(options.protected))} end, in {called(language)}",
        data=data,
        layout=layout,
        table=Table(COLUMNS, rows.sort("model", "outcome")),
        source=SOURCE,
        vintage=result.data,
        command=shown.command,
        note="Counts of the answers at hand. A filter of the provider is an answer and is counted.",
        height=150 + _ROW * max(len(order), 4),
    )


def _stack(rows: pl.DataFrame, outcome: str) -> dict[str, Any]:
    name, colour, shape = LAYERS[outcome]
    mine = rows.filter(pl.col("outcome") == outcome)
    told = [
        f"<b>{row['model']}</b><br>{name}: {row['n']} answers, {row['percent']:.0f} %<br>{SOURCE}"
        for row in mine.iter_rows(named=True)
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": mine["model"].to_list(),
        "x": mine["percent"].to_list(),
        "marker": {
            "color": colour,
            "pattern": {
                "shape": shape,
                "bgcolor": colour,
                "fgcolor": GROUND,
                "size": 5,
                "solidity": 0.25,
            },
        },
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
        "textposition": "none",
    }
