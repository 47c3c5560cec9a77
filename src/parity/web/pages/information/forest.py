"""The forest plot: what each model withholds on one government minus on others, with its interval."""

from __future__ import annotations

from typing import Any

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.information.model import called, sentence
from parity.web.pages.information.tables import SOURCE, Shown, model_axis
from parity.web.palette import LINE, SERIES, sheer

_ROW = 21
_LOOKS = {"home": (SERIES[1], "diamond"), "other": (SERIES[0], "circle"), "unknown": (SERIES[6], "square")}
COLUMNS = (
    Column("model", "Model"),
    Column("developer", "Developer"),
    Column("from", "From"),
    Column("difference", "Points of 100"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("p_holm", "p, Holm", 4),
    Column("p_bh", "p, Benjamini-Hochberg", 4),
    Column("verdict", "Verdict"),
    Column("pairs", "Pairs"),
    Column("missing", "Missing"),
    Column("other_judge", "By the other judge"),
)


def forest_figure(shown: Shown) -> Figure:
    """Draw each model's selectivity, the most selective on top."""
    result, options = shown.result, shown.result.options
    rows = _rows(shown)
    about = called(str(options.protected))
    data = [
        _points(rows.filter(pl.col("kind") == kind), name, *_LOOKS[kind], options.level)
        for kind, name in (
            ("home", f"Developer from {about}"),
            ("other", "From elsewhere"),
            ("unknown", "Developer not known"),
        )
        if kind in rows["kind"]
    ]
    margin = 100 * options.margin
    band = {"type": "rect", "xref": "x", "yref": "paper", "x0": -margin, "x1": margin, "y0": 0, "y1": 1}
    layout: dict[str, Any] = {
        "shapes": [band | {"fillcolor": sheer(LINE, 0.5), "line": {"width": 0}, "layer": "below"}],
        "xaxis": {"title": {"text": "Points of 100 prompts"}, "zeroline": True, "nticks": 7},
        "yaxis": model_axis(rows["model"].to_list()),
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    }
    return Figure(
        name="forest",
        title=f"Withheld on {sentence(str(options.protected))} minus {sentence(options.against)}, same tasks",
        data=data,
        layout=layout,
        table=Table(COLUMNS, rows),
        source=SOURCE,
        vintage=result.data,
        command=shown.command,
        note=f"{100 * options.level:.0f} % intervals. Filled: significant after Holm's correction over all "
        f"models of the labels. Grey band: under {margin:g} points.{shown.whose()}",
        height=130 + _ROW * max(rows.height, 4),
    )


def _rows(shown: Shown) -> pl.DataFrame:
    result = shown.result
    protected, judge = result.options.protected, result.options.judge
    other = (
        result.by_judge.filter(pl.col("judge") != judge)
        .group_by("model", "language")
        .agg(other_judge=100 * pl.col("difference").first())
    )
    home = (
        pl.when(pl.col("country").is_null())
        .then(pl.lit("unknown"))
        .when(pl.col("country") == protected)
        .then(pl.lit("home"))
    )
    return (
        shown.of_home(result.table())
        .join(other, on=["model", "language"], how="left", maintain_order="left")
        .with_columns(
            pl.col("difference", "low", "high") * 100,
            pl.col("country").fill_null("").map_elements(called, return_dtype=pl.String).alias("from"),
            kind=home.otherwise(pl.lit("other")),
            developer=pl.col("developer").fill_null("not known"),
        )
    )


def _points(rows: pl.DataFrame, name: str, colour: str, symbol: str, level: float) -> dict[str, Any]:
    told = [_hover(row, level) for row in rows.iter_rows(named=True)]
    found = rows["verdict"].str.starts_with("withholds")
    error = {
        "type": "data",
        "symmetric": False,
        "array": (rows["high"] - rows["difference"]).to_list(),
        "arrayminus": (rows["difference"] - rows["low"]).to_list(),
        "color": colour,
        "thickness": 1.6,
        "width": 0,
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "y": rows["model"].to_list(),
        "x": rows["difference"].to_list(),
        "error_x": error,
        "marker": {
            "color": colour,
            "size": 9,
            "symbol": [symbol if one else f"{symbol}-open" for one in found],
            "line": {"width": 1.6, "color": colour},
        },
        "hovertext": told,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _hover(row: dict[str, Any], level: float) -> str:
    return (
        f"<b>{row['model']}</b><br>{row['developer']}, {row['from']}<br>{row['difference']:+.1f} points "
        f"({row['low']:.1f} to {row['high']:.1f}, {100 * level:.0f} % interval)<br>p after Holm "
        f"{row['p_holm']:.2g}: {row['verdict']}<br>{row['pairs']} matched prompts<br>{SOURCE}"
    )
