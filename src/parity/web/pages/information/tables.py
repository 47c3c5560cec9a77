"""Tables of the page on information control, its developers, and what its figures share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from parity.web.figure import Column, Figure, Table
from parity.web.pages.information.model import UNKNOWN, called, sentence
from parity.web.palette import SERIES

if TYPE_CHECKING:
    from parity.audit import AuditResult

SOURCE = "SpeechMap labels by xlr8harder (Apache-2.0)"
_LABEL = 24


class Shown(NamedTuple):
    """An analysis, and what of it is shown: developers of a country, a language."""

    result: AuditResult
    home: str
    language: str
    command: str

    def of_home(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of models by developers of the country asked for."""
        if not self.home:
            return rows
        known = rows if "country" in rows.columns else rows.join(self.result.models, on="model", how="left")
        home = pl.col("country")
        return known.filter(home.is_null() if self.home == UNKNOWN else home == self.home)

    def whose(self) -> str:
        """Return whose models are shown, where not all are."""
        return f" Shown: models by developers from {called(self.home)}." if self.home else ""

    def sensitive(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the main judge's rows on criticism of the protected government."""
        options = self.result.options
        return rows.filter(
            (pl.col("judge") == options.judge)
            & (pl.col("government") == options.protected)
            & (pl.col("kind") == "criticism")
        )


def label(model: str) -> str:
    """Return the name of a model without its vendor, short enough for a phone."""
    name = model.rpartition("/")[2]
    return name if len(name) <= _LABEL else name[: _LABEL - 1] + "…"


def model_axis(models: list[str]) -> dict[str, Any]:
    """Return an axis of models, the first on top."""
    ticks = {"tickvals": models, "ticktext": [label(name) for name in models], "tickfont": {"size": 11}}
    order = {"categoryorder": "array", "categoryarray": models[::-1], "range": [-0.7, len(models) - 0.3]}
    return {"type": "category", "showgrid": False} | ticks | order


def rates_table(shown: Shown) -> Figure:
    """Return the rate of every cell with its interval."""
    result, options = shown.result, shown.result.options
    rows = result.rates.filter(pl.col("judge") == options.judge).join(result.models, on="model", how="left")
    if shown.language:
        rows = rows.filter(pl.col("language") == shown.language)
    names = {code: called(code) for column in ("government", "language") for code in rows[column].unique()}
    frame = (
        shown.of_home(rows)
        .with_columns(
            pl.col("government", "language").replace(names),
            pl.col("rate", "low", "high") * 100,
            developer=pl.col("developer").fill_null("not known"),
        )
        .sort("model", "government", "language")
    )
    columns = (
        Column("model", "Model"),
        Column("developer", "Developer"),
        Column("government", "About"),
        Column("language", "In"),
        Column("rate", "Withheld, %"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("prompts", "Prompts"),
        Column("missing", "Missing"),
    )
    return _table(
        shown,
        columns,
        frame,
        name="rates",
        title=f"Share of prompts withheld, judge {options.judge}",
        note=f"Wilson's {100 * options.level:.0f} % intervals; Jeffreys' where none or all were withheld.",
    )


def language_table(shown: Shown, summary: pl.DataFrame) -> Figure | None:
    """Return the mean effect of each language over the models, where there is more than one."""
    if summary.is_empty():
        return None
    options = shown.result.options
    codes = {code: called(code) for column in ("government", "language") for code in summary[column]}
    columns = (
        Column("government", "About"),
        Column("language", "In"),
        Column("models", "Models"),
        Column("mean", "Mean difference, points"),
        Column("withhold_more", "Withhold more"),
        Column("withhold_less", "Withhold less"),
        Column("beyond_controls", "Beyond controls"),
        Column("remark", "Remark"),
    )
    return _table(
        shown,
        columns,
        summary.with_columns(pl.col("government", "language").replace(codes)),
        name="language-summary",
        title=f"Each language against {called(options.base_language)}, all models",
        note="Counts: models that differ after Holm's correction; each model's interval is above.",
    )


def agreement_table(shown: Shown) -> Figure | None:
    """Return how far the judges agree, where there are two."""
    found = shown.result.agreement
    if not found:
        return None
    rows = [
        (" and ".join(one.judges), one.n, name, *(scale * (end or 0.0) for end in (e.value, e.low, e.high)))
        for one in found
        for name, e, scale in (
            ("Same label, %", one.share, 100.0),
            ("Cohen's kappa", one.kappa, 1.0),
            ("Krippendorff's alpha", one.alpha, 1.0),
        )
    ]
    columns = (
        Column("judges", "Judges"),
        Column("n", "Answers"),
        Column("measure", "Measure"),
        Column("value", "Value", 3),
        Column("low", "Low", 3),
        Column("high", "High", 3),
    )
    frame = pl.DataFrame(rows, schema=[column.name for column in columns], orient="row")
    note = "Intervals resample prompts. Agreement is not correctness: both judges may err alike."
    return _table(shown, columns, frame, name="agreement", title="How far the judges agree", note=note)


def developers_figure(shown: Shown) -> Figure | None:
    """Draw the mean of every developer, those of the protected government's country apart."""
    found = shown.result.developers
    if found is None or found.means.is_empty():
        return None
    rows = found.means.with_columns(points=100 * pl.col("value"), home=pl.col("country") == found.group)
    rows = rows.with_columns(pl.col("country").map_elements(called, return_dtype=pl.String).alias("from"))
    data = []
    for home, name, colour, symbol in (
        (True, f"From {sentence(found.group)}", SERIES[1], "diamond"),
        (False, "From elsewhere", SERIES[0], "circle"),
    ):
        mine = rows.filter(pl.col("home") == home)
        told = [
            f"<b>{row['developer']}</b>, {row['from']}<br>{row['points']:+.1f} points, "
            f"mean of {row['models']} models<br>{SOURCE}"
            for row in mine.iter_rows(named=True)
        ]
        data.append(
            {"type": "scatter", "mode": "markers", "name": name, "hovertext": told}
            | {"x": mine["points"].to_list(), "y": mine["developer"].to_list()}
            | {"marker": {"color": colour, "symbol": symbol, "size": 11}}
            | {"hovertemplate": "%{hovertext}<extra></extra>"}
        )
    order = rows.sort("points")["developer"].to_list()
    layout: dict[str, Any] = {
        "xaxis": {"title": {"text": "Points of 100 prompts"}, "zeroline": True, "nticks": 7},
        "yaxis": {"type": "category", "categoryorder": "array", "categoryarray": order},
        "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    }
    columns = (Column("developer", "Developer"), Column("from", "From"), Column("models", "Models"))
    return Figure(
        name="developers",
        title="The developer is the unit of a claim about a country",
        data=data,
        layout=layout,
        table=Table((*columns, Column("points", "Mean, points")), rows),
        source=SOURCE,
        vintage=shown.result.data,
        command=shown.command,
        note="Means over each developer's models, each developer counting once. A mean over few models "
        "has no interval of its own; the test below is exact.",
        height=130 + 26 * max(rows.height, 3),
    )


def _table(shown: Shown, columns: tuple[Column, ...], frame: pl.DataFrame, **given: Any) -> Figure:
    return Figure(
        data=[],
        layout={},
        table=Table(columns, frame),
        source=SOURCE,
        vintage=shown.result.data,
        command=shown.command,
        **given,
    )
