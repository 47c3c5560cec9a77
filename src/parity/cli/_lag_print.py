"""How lags are printed for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import polars as pl

from parity.cli._tables import print_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parity.estimate import Estimate
    from parity.frontier import Lag, ParameterLags, Projection, Scenario

_CENSORED_SHOWN = 3


def print_lag(lag: Lag, data: str) -> None:
    """Print one lag in a few lines."""
    at_least = "at least " if lag.lower_bound else ""
    click.echo(f"{lag.of} behind {lag.behind}, {lag.domain}, on {lag.on} (months, 90 % intervals)\n")
    click.echo(f"  standing        {at_least}{_text(lag.standing)}")
    click.echo(f"                  {lag.of_model} against {lag.behind_model}")
    window = lag.window
    click.echo(
        f"  mean standing   {_text(window.mean)}, from {window.least:.1f} to {window.most:.1f}, "
        f"over {window.since} to {window.until}"
    )
    if lag.release.n and lag.release.least is not None and lag.release.most is not None:
        click.echo(
            f"  at release      {_text(lag.release.mean)}, from {lag.release.least:.1f} to "
            f"{lag.release.most:.1f}, {lag.release.n} records"
        )
    else:
        click.echo(f"  at release      {lag.release.mean.reason}")
    if lag.levels_apart.value is not None:
        click.echo(f"  over levels     {_text(lag.levels_apart)}")
    for level in lag.censored[:_CENSORED_SHOWN]:
        click.echo(f"  not reached yet {level.model} ({level.date}), at least {level.months_at_least:.1f}")
    known = ", ".join(f"{group} {day}" for group, day in lag.known_to.items())
    click.echo(f"\nModels known to: {known}. Data: {data}")


def print_lags(lags: Sequence[Lag], untold: Mapping[str, str], data: str) -> None:
    """Print one line per country, and why some have none."""
    print_table(
        pl.DataFrame(
            [
                (
                    lag.of,
                    _text(lag.standing),
                    _text(lag.window.mean),
                    str(lag.known_to[lag.of]),
                    lag.of_model,
                    lag.behind_model,
                )
                for lag in lags
            ],
            schema=[
                "country",
                "standing",
                "mean standing",
                "known to",
                "its model",
                f"first {lags[0].behind} model there",
            ],
            orient="row",
        ),
        title=f"Months behind {lags[0].behind}, {lags[0].domain}, on {lags[0].on} (90 % intervals)",
    )
    for reason in untold.values():
        click.echo(f"  {reason}")
    click.echo(f"\nData: {data}")


def print_parameters(lags: ParameterLags, title: str) -> None:
    """Print a table of parameters."""
    rows = [
        (
            row.name,
            f"{'at least ' if row.lower_bound else ''}{_text(row.lag)}" if row.lag.value is not None else "-",
            row.detail or row.lag.reason,
        )
        for row in lags.rows
    ]
    click.echo()
    print_table(
        pl.DataFrame(rows, schema=["parameter", "months", "what against what"], orient="row"), title=title
    )


def print_scenario(scenario: Scenario) -> None:
    """Print a scenario with its assumptions."""
    model, date = scenario.first_run
    click.echo("\nScenario: what the country's accelerators could train\n")
    click.echo(f"  capability lag        {_text(scenario.capability_lag.standing)} months")
    click.echo(f"  compute-implied lag   {_text(scenario.implied)} months: {model}, {date}")
    click.echo(f"  feasible run          {scenario.flop:.2g} FLOP")
    click.echo(f"  its capability        {scenario.run_capability.text(2)}")
    click.echo(f"  its lag               {_text(scenario.run_lag)} months\n")
    for assumption in scenario.assumptions():
        click.echo(f"  assumed: {assumption}")


def print_projection(projection: Projection) -> None:
    """Print a projection with its backtest."""
    click.echo(f"\nProjection of {projection.group}: {projection.per_year.text(2)} capability per year")
    if projection.break_date is None:
        click.echo("  too few records to test for a break in the trend")
    else:
        click.echo(f"  strongest break on {projection.break_date}, p = {projection.break_p:.3f}")
    covered, count = projection.coverage, projection.backtest["records"].sum()
    told = "no later records" if covered is None else f"{covered:.0%} of {count} later records inside"
    click.echo(f"  backtest: {told} (nominal 90 %)")
    if not projection.reliable:
        why = "nothing says how good" if covered is None else "too often wrong are"
        click.echo(
            f"  no path is shown: {why} such projections of this frontier (--json has it all the same)"
        )
        return
    print_table(projection.table()[2::3].with_columns(pl.col(pl.Float64).round(2)))


def _text(estimate: Estimate) -> str:
    return estimate.text(1)
