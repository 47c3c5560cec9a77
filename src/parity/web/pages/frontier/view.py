"""What the frontier page shows at once: the lag by the point estimates, both frontiers, the controls."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.dates import number_of
from parity.errors import ParityError
from parity.views.names import upper_first
from parity.web import frontiers as model
from parity.web.figure import Column, Figure, Table
from parity.web.pages.frontier.figures import SOURCE, lag_figure, months_text
from parity.web.pages.frontier.models import BY, DOMAINS
from parity.web.pages.frontier.names import choices, sentence
from parity.web.pages.frontier.state import FIRST_DAY, FrontierState
from parity.web.state import query_of

if TYPE_CHECKING:
    from parity.frontier import Lag

MOST_OPEN = 5
_EVEN = 0.5
_WHAT = ("by", "domain", "derived")
_WHO = ("of", "behind", "on", "derived")
_ASSUMED = (*_WHO, "domain", "days", "utilisation", "share", "accelerators", "scope")


def view(state: FrontierState) -> Mapping[str, Any]:
    """Return what is there at once."""
    common = {
        "sides": choices(derived=state.derived),
        "domains": {"": "All tests together"} | {name: name.capitalize() for name in DOMAINS},
        "by": BY,
        "first": number_of(FIRST_DAY),
        "last": number_of(last_day()),
        "at": number_of(state.on or last_day()),
        "part_address": {
            "models": query_of(only(state, *_WHAT)),
            "parameters": query_of(only(state, *_WHO)),
            "scenario": query_of(only(state, *_ASSUMED)),
            "ahead": query_of(only(state, "of", "behind", "derived", "domain", "ahead")),
        },
        "vintage": model.capability().data,
        "told": "",
        "settled": False,
    }
    try:
        asked = model.pair(state.of, state.behind, state.domain, derived=state.derived)
        found = model.point_lag(asked, state.on)
    except ParityError as problem:
        return common | {
            "told": str(problem),
            "finding": "No lag can be told",
            "lag": None,
            "compares": False,
        }
    return common | told(state, asked, found) | {"compares": asked.by == "country"}


def told(state: FrontierState, asked: model.Pair, found: Lag) -> dict[str, Any]:
    """Return the finding, its figure and its table."""
    vintage, command = model.capability().data, command_of(state)
    return {
        "finding": finding(found),
        "lag": found,
        "explained": explained(found),
        "lag_figure": lag_figure(found, model.board_of(asked), vintage, command),
        "measures": measures(found, vintage, command),
    }


def finding(found: Lag) -> str:
    """Return the lag as a headline."""
    months = found.standing.value or 0.0
    of, behind = sentence(found.of), sentence(found.behind)
    if abs(months) < _EVEN:
        text = f"{of} and {behind} are level"
    else:
        bound = "at least " if found.lower_bound else ""
        size = f"{abs(months):.0f} month" + ("" if round(abs(months)) == 1 else "s")
        verb = "are" if " and " in of or of.endswith("weights") or of == "the United States" else "is"
        text = f"{of} {verb} {bound}{size} {'behind' if months > 0 else 'ahead of'} {behind}"
    return upper_first(text) + ("" if found.domain == "overall" else f" in {found.domain}")


def explained(found: Lag) -> str:
    """Return a sentence that says what the standing lag rests on."""
    sides = (found.of, found.of_model), (found.behind, found.behind_model)
    (now, its), (then, earlier) = sides if (found.standing.value or 0.0) >= 0 else sides[::-1]
    bound = "at least " if found.lower_bound else ""
    return (
        f"On {found.on:%-d %B %Y} the best model of {sentence(now)}, {its}, stands at a level that "
        f"{sentence(then)} first had with {earlier}: {bound}{months_text(found.standing)} earlier."
    )


def measures(found: Lag, vintage: str, command: str) -> Figure:
    """Return the ways of telling the lag as a table."""
    window, release = found.window, found.release
    rows = [
        ("Standing lag", found.standing, f"{found.of_model} against {found.behind_model}"),
        (
            "Mean standing lag",
            window.mean,
            f"every day from {window.since} to {window.until}: {window.least:.1f} to {window.most:.1f}",
        ),
        (
            "Lag at release",
            release.mean,
            release.mean.reason
            or f"{release.n} records: {release.least or 0:.1f} to {release.most or 0:.1f}",
        ),
    ]
    lines = [(name, e.value, e.low, e.high, what) for name, e, what in rows]
    lines += [
        ("Not reached yet, at least", one.months_at_least, None, None, f"{one.model}, released {one.date}")
        for one in found.censored[:MOST_OPEN]
    ]
    columns = (
        Column("measure", "Measure"),
        Column("months", "Months"),
        Column("low", "Low"),
        Column("high", "High"),
        Column("what", "What it rests on"),
    )
    schema = {
        "measure": pl.String,
        "months": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "what": pl.String,
    }
    return Figure(
        name="measures",
        title="The lag in numbers",
        data=[],
        layout={},
        table=Table(columns, pl.DataFrame(lines, schema=schema, orient="row")),
        source=SOURCE,
        vintage=vintage,
        command=command,
        note="Months; below 0 where the first leads. Low and high: 90 % intervals, the wider of those from "
        "resampled scores and from resampled benchmarks.",
    )


def only(state: FrontierState, *fields: str) -> FrontierState:
    """Return a state with some fields alone: what a part depends on."""
    return FrontierState.model_construct(**{name: getattr(state, name) for name in fields})


def command_of(state: FrontierState, *more: str) -> str:
    """Return the command that tells the same lag; empty for developers, which no command compares."""
    if state.of in model.developers():
        return ""
    words = ["parity", "lag", state.of, state.behind]
    words += ["--on", str(state.on)] if state.on else []
    words += ["--domain", state.domain] if state.domain else []
    words += ["--include-derived"] if state.derived else []
    return shlex.join([*words, *more])


@cache
def last_day() -> date:
    """Return the last day of the evidence: what is looked at by default."""
    found = model.board("country", "", True)
    return found.until
