"""The slower pieces of the frontier page: intervals, models, scenario, projection, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.web import frontiers as model
from parity.web.figure import Column, Figure, Table
from parity.web.pages.frontier.figures import SOURCE
from parity.web.pages.frontier.models import models_figure
from parity.web.pages.frontier.more_figures import ahead_figure, parameters_figure
from parity.web.pages.frontier.names import called, sentence
from parity.web.pages.frontier.state import FrontierState
from parity.web.pages.frontier.view import command_of, told

if TYPE_CHECKING:
    from parity.frontier import Scenario

_RESULTS = (
    Column("result", "Result"),
    Column("value", "Value"),
    Column("low", "Low"),
    Column("high", "High"),
    Column("unit", "Unit"),
    Column("what", "What it says"),
)


def lag_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the lag with its intervals, from every draw of capabilities and dates."""
    asked = model.pair(state.of, state.behind, state.domain, derived=state.derived)
    found = model.lag_of(asked, state.on)
    return told(state, asked, found) | {"told": "", "settled": True, "vintage": model.capability().data}


def models_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the figure of all models."""
    return {"figure": models_figure(state.by, state.domain, state.derived, model.capability().data)}


def parameters_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the lag by parameter, for countries."""
    asked = model.pair(state.of, state.behind, state.domain, derived=state.derived)
    model.refuse_groups(asked)
    on = model.point_lag(asked, state.on).on
    lags = model.parameters_of(asked.of, asked.behind, on, state.derived)
    command = command_of(state, "--parameters")
    return {"figure": parameters_figure(lags, model.capability().data, command)}


def scenario_part(state: FrontierState) -> Mapping[str, Any]:
    """Return what a country's accelerators could train, under the assumptions of the address."""
    from parity.frontier import ScenarioOptions

    asked = model.pair(state.of, state.behind, state.domain, derived=state.derived)
    model.refuse_groups(asked)
    options = ScenarioOptions(
        days=state.days,
        utilisation=state.utilisation / 100,
        share=state.share / 100,
        accelerators=state.accelerators,
        scope=state.scope,
    )
    found = model.scenario_of(asked, state.on, options)
    frame = found.table().with_columns(what=pl.Series(_meanings(found, asked)))
    table = Figure(
        name="scenario",
        title=f"What the accelerators of {called(asked.of)} could train",
        data=[],
        layout={},
        table=Table(_RESULTS, frame),
        source=f"{SOURCE}; Epoch AI, notable models and GPU clusters (CC BY 4.0)",
        vintage=model.capability().data,
        command=_scenario_command(state),
        note="Low and high: 90 % intervals.",
    )
    return {"table": table, "assumptions": found.assumptions()}


def _meanings(found: Scenario, asked: model.Pair) -> list[str]:
    """Return what each result of a scenario says, in their order."""
    name, when = found.first_run
    unseen = found.implied.high == 0 or when == found.on
    first = (
        "no run on record is so large"
        if unseen
        else f"since the world's first run of that size: {name}, {when}"
    )
    behind = sentence(asked.behind)
    return [
        f"behind {behind}",
        first,
        f"{found.flop:.2g} FLOP by {found.accelerators:,.0f} H100 equivalents",
        f"since {behind} first had that capability",
    ]


def _scenario_command(state: FrontierState) -> str:
    words = ["--scenario"]
    given = {"days": state.days, "utilisation": state.utilisation / 100, "share": state.share / 100}
    own = {"days": 90, "utilisation": 0.4, "share": 1.0}
    for name, value in given.items():
        words += [f"--{name}", f"{value:g}"] if value != own[name] else []
    words += ["--accelerators", f"{state.accelerators:g}"] if state.accelerators else []
    return command_of(state, *words)


def ahead_part(state: FrontierState) -> Mapping[str, Any]:
    """Return the trend carried forward with its backtest, where it is asked for."""
    if not state.ahead:
        return {"figure": None, "path": None}
    asked = model.pair(state.of, state.behind, state.domain, derived=state.derived)
    path = model.projection_of(asked)
    figure = None
    if path.reliable:
        command = command_of(state, "--projection")
        figure = ahead_figure(path, model.board_of(asked), asked.of, model.capability().data, command)
    return {
        "figure": figure,
        "path": path,
        "of": called(asked.of),
        "records": int(path.backtest["records"].sum()),
    }
