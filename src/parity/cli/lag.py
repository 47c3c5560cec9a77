"""``parity lag``: how many months a country trails another."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from parity.answers.lag import (
    lag_answer,
    lags_answer,
    parameter_rows,
    projection_fields,
    scenario_fields,
)
from parity.cli._figures import figure_kind, save_figure
from parity.cli._lag_fit import day, fit_options, fitted, own_scores, say
from parity.cli._lag_print import print_lag, print_lags, print_parameters, print_projection, print_scenario
from parity.cli.answers import json_option, print_json
from parity.cli.capability import DOMAINS

if TYPE_CHECKING:
    from parity.frontier import Capability, Frontier, ScenarioOptions, Sides


@click.command(name="lag")
@click.argument("country", required=False)
@click.argument("reference", required=False)
@click.option(
    "--behind", help="Country, several joined by +, or a bloc; another way to give REFERENCE.  [default: USA]"
)
@click.option(
    "--on",
    callback=day,
    metavar="DATE",
    help="Day to look at; by default the last of the evidence, the same for all.",
)
@click.option(
    "--since",
    callback=day,
    metavar="DATE",
    default="2023-01-01",
    show_default=True,
    help="First day of the window.",
)
@click.option("--domain", type=click.Choice(DOMAINS), help="Lag in one domain.")
@click.option("--weights", type=click.Choice(["open", "closed"]), help="Models with such weights alone.")
@click.option("--parameters", is_flag=True, help="Lag by parameter: domains, compute, hardware ...")
@click.option("--benchmarks", is_flag=True, help="Lag on every benchmark by itself.")
@click.option("--scenario", is_flag=True, help="Compare with the lag that the country's compute implies.")
@click.option("--days", type=click.FloatRange(1, 730), help="Scenario: length of the training run.")
@click.option("--utilisation", type=click.FloatRange(0, 1, min_open=True), help="Scenario: share of peak.")
@click.option("--accelerators", type=click.FloatRange(0, min_open=True), help="Scenario: H100 equivalents.")
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), help="Scenario: share of them used.")
@click.option("--projection", is_flag=True, help="Carry the country's trend forward and backtest it.")
@click.option("--include-derived", is_flag=True, help="Count models that started from foreign weights.")
@click.option("--scores", type=click.Path(), help="Your scores: model, benchmark, score, date, country.")
@click.option("--add", is_flag=True, help="Add --scores to those that Parity carries.")
@click.option("--figure", type=click.Path(), help="Draw the lag (or the parameters): .png, .svg or .pdf.")
@fit_options
@json_option
def command(country: str | None, reference: str | None, **given: Any) -> None:
    """How many months COUNTRY trails REFERENCE (the USA by default); negative when it leads.

    Either is a code or name, several joined by +, a bloc (BRICS, EU), open or closed (weights).
    Without COUNTRY, every country is listed.

    \b
    Examples:
      parity lag RUS
      parity lag RUS CHN
      parity lag China --behind USA --on 2026-01-15 --figure lag.png
      parity lag RUS --parameters
      parity lag RUS --scenario --accelerators 20000
      parity lag open --behind closed
      parity lag --scores mine.csv KAZ
    """
    # Whoever sets an assumption of the scenario wants the scenario.
    assumed = ("days", "utilisation", "accelerators", "share")
    given["scenario"] = given["scenario"] or any(given[name] is not None for name in assumed)
    from parity.frontier import carried, sides

    if given["figure"]:
        figure_kind(given["figure"])
    compared = sides(country or "", _reference(reference, given["behind"]))
    _check(compared, given)
    path = given["scores"]
    evidence = carried() if path is None else own_scores(path, dated=True, add=given["add"])
    capability = fitted(evidence, given["draws"], given["seed"], given["workers"])
    if path is not None and not given["as_json"]:
        say(capability.notes)
    frontier = _frontier(capability, compared, given)
    if country is None:
        _all(capability, frontier, compared[3], given)
    else:
        _one(capability, frontier, compared, given)


def _reference(reference: str | None, behind: str | None) -> str:
    """Return whom the country is compared with."""
    from parity.errors import ParityError

    if reference and behind and reference != behind:
        raise ParityError(f"both '{reference}' and --behind '{behind}' are given; compare with one of them")
    return reference or behind or "USA"


def _check(compared: Sides, given: dict[str, Any]) -> None:
    """Refuse what cannot be answered before the fit, which may take a while."""
    from parity.errors import ParityError

    if compared.of == compared.behind:
        raise ParityError(
            f"{compared.of} cannot trail itself; name another to compare with: "
            f"parity lag {compared.of} {'CHN' if compared.of == 'USA' else 'USA'}"
        )
    asked = click.get_current_context().get_parameter_source("since")
    if asked is ParameterSource.COMMANDLINE and given["on"] and given["since"] > given["on"]:
        raise ParityError(
            f"the window is empty: it begins on {given['since']} (--since) and ends on {given['on']} (--on)"
        )
    for option in ("parameters", "benchmarks", "scenario"):
        if given[option] and compared.by != "country":
            raise ParityError(f"--{option} compares countries; name countries, several joined by +")


def _all(capability: Capability, frontier: Frontier, behind: str, given: dict[str, Any]) -> None:
    """Print the lag of every country behind one."""
    from parity.errors import NoAnswerError
    from parity.frontier import lags

    found, untold = lags(frontier, behind, on=given["on"], since=given["since"])
    if not found:
        reasons = "; ".join(untold.values())
        raise NoAnswerError(f"no country besides {behind} can be told by {given['on']}: {reasons}")
    if given["figure"]:
        save_figure(frontier.figure(), given["figure"])
    if given["as_json"]:
        print_json(lags_answer(found, capability.data))
    else:
        print_lags(found, untold, capability.data)


def _one(capability: Capability, frontier: Frontier, compared: Sides, given: dict[str, Any]) -> None:
    """Print the lag of one country, with what else was asked for."""
    from parity.frontier import lag, per_benchmark, project, scenario

    _, _, of, behind = compared
    found = lag(frontier, of, behind, on=given["on"], since=given["since"])
    answer = lag_answer(found, capability.data, capability.notes)
    if not given["as_json"]:
        print_lag(found, capability.data)
    drawn = found.figure
    if given["parameters"]:
        lags = _parameters(capability, of, behind, given, found.on)
        answer.parameters = parameter_rows(lags)
        drawn = lags.figure
        if not given["as_json"]:
            print_parameters(lags, "By parameter")
    if given["benchmarks"]:
        lags = per_benchmark(capability, of, behind, on=found.on, include_derived=given["include_derived"])
        answer.benchmarks = parameter_rows(lags)
        if not given["as_json"]:
            print_parameters(lags, "By benchmark")
    if given["scenario"]:
        tables = _tables()
        run = scenario(frontier, *tables, of, behind, on=given["on"], options=_assumptions(given))
        answer.scenario = scenario_fields(run)
        if not given["as_json"]:
            print_scenario(run)
    if given["projection"]:
        path = project(frontier, of)
        answer.projection = projection_fields(path)
        if not given["as_json"]:
            print_projection(path)
    if given["figure"]:
        save_figure(drawn(), given["figure"])
    if given["as_json"]:
        print_json(answer)


def _parameters(capability: Capability, of: str, behind: str, given: dict[str, Any], on: dt.date) -> Any:
    from parity.frontier import parameters

    return parameters(
        capability,
        *_tables(),
        of,
        behind,
        on=on,
        include_derived=given["include_derived"],
        seed=given["seed"],
    )


def _tables() -> tuple[Any, Any]:
    from parity.catalogue import load_table

    return load_table("notable_models"), load_table("clusters")


def _assumptions(given: dict[str, Any]) -> ScenarioOptions:
    from parity.frontier import ScenarioOptions

    names = ("days", "utilisation", "accelerators", "share")
    return ScenarioOptions(**{name: given[name] for name in names if given[name] is not None})


def _frontier(capability: Capability, compared: Sides, given: dict[str, Any]) -> Frontier:
    """Return the frontier that both sides are groups of."""
    from parity.frontier import frontier

    abilities = capability.abilities if given["domain"] is None else capability.in_domain(given["domain"])
    by, blocs, _, _ = compared
    return frontier(
        abilities,
        by,
        include_derived=given["include_derived"],
        weights=given["weights"],
        blocs=blocs,
        seed=given["seed"],
    )
