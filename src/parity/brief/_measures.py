"""Sections that other measures give: the lag of a country's models, and its access to accelerators."""

from __future__ import annotations

from datetime import date

from parity import chips as chip_rules
from parity.ask import frontier as shared
from parity.ask.audit import own_governments, read_labels
from parity.ask.lag import Lag
from parity.audit import control_section
from parity.brief.model import (
    ChipsSection,
    ComputeEvent,
    ControlSection,
    FrontierSection,
    LagThen,
    Missing,
    ParameterLine,
)
from parity.catalogue import find_country, load_table, vintage
from parity.errors import NoAnswerError
from parity.estimate import Estimate
from parity.frontier import LagReport
from parity.frontier import lag as frontier_lag


def lag(unit: str, earlier: date) -> FrontierSection:
    """Return how far the country's best models trail the frontier.

    Parameters
    ----------
    unit
        The country.
    earlier
        Day of the lag that it is compared with.
    """
    behind = "USA"
    if unit == behind:
        # The reference's own brief is held against the strongest other country.
        behind = next(group for group in shared.board().leading(2) if group != unit)
    try:
        found = Lag(of=unit, behind=behind, parameters=True).answer().result
    except NoAnswerError as problem:
        unknown = Estimate(None, unit="months", reason=str(problem))
        return FrontierSection(
            behind=behind,
            on=None,
            standing=unknown,
            mean=None,
            since=None,
            of_model=None,
            behind_model=None,
            parameters=[],
            earlier=None,
        )
    assert isinstance(found, LagReport)
    own = found.lag
    lines = [
        ParameterLine(name=row.name, lag=row.lag, lower_bound=row.lower_bound, detail=row.detail)
        for row in found.parameters or ()
    ]
    return FrontierSection(
        behind=behind,
        on=own.on,
        standing=own.standing,
        mean=own.window.mean,
        since=own.window.since,
        of_model=own.of_model,
        behind_model=own.behind_model,
        parameters=lines,
        earlier=LagThen(on=earlier, standing=lag_on(unit, behind, earlier)),
    )


def lag_on(unit: str, behind: str, day: date) -> Estimate:
    """Return the standing lag on a day, or why there is none."""
    try:
        return frontier_lag(shared.board(), unit, behind, on=day).standing
    except NoAnswerError as problem:
        return Estimate(None, unit="months", reason=str(problem))


def chips(unit: str) -> ChipsSection:
    """Return what accelerators the country can lawfully reach, and what it has."""
    found = chip_rules.section(
        chip_rules.rulebook(),
        chip_rules.accelerators(),
        load_table("clusters"),
        load_table("compute_published"),
        unit,
    )
    return ChipsSection(
        on=found.on,
        groups=list(found.groups),
        best=found.best,
        world=found.world,
        lag=found.lag,
        h100e=found.h100e,
        share=found.share,
        compute_on=found.compute_on,
        compute_note=found.compute_note,
        events=[ComputeEvent.model_validate(event) for event in found.events],
    )


def control(unit: str) -> ControlSection | Missing:
    """Return how the models of the country's developers treat its own government."""
    labels, models, _ = read_labels()
    try:
        found = control_section(
            labels, models, find_country(unit).iso2, own=own_governments(), data=vintage()
        )
    except NoAnswerError as problem:
        return Missing(reason=str(problem))
    return ControlSection(
        government=found.government,
        sentence=found.sentence,
        rate=found.rate,
        selective=found.selective,
        clear=found.clear,
        undecided=found.undecided,
        basis=found.basis,
    )
