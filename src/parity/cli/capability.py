"""``parity capability``: how capable models are, from their benchmark scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parity.answers.capability import (
    BenchmarksAnswer,
    FitAnswer,
    ShowAnswer,
    capability_answer,
    listed,
    model_rows,
)
from parity.cli._figures import figure_kind, save_figure
from parity.cli._lag_fit import fit_options, fitted, own_scores, say
from parity.cli._tables import print_table
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.frontier import Capability, FitOptions

DOMAINS = ("mathematics", "coding", "reasoning and knowledge", "agentic", "language")
_SHOWN = ("model", "country", "developer", "date", "capability", "low", "high", "n_scores", "derived")


@click.group()
def command() -> None:
    """How capable models are, from their benchmark scores.

    \b
    Examples:
      parity capability list --top 20
      parity capability show gpt-4-0314
      parity capability fit scores.csv --out capabilities.csv
    """


def scale_options(subcommand: Any) -> Any:
    """Give a command ``--scale`` and ``--domain``."""
    for option in (
        click.option("--domain", type=click.Choice(DOMAINS), help="Capability in one domain."),
        click.option(
            "--scale",
            multiple=True,
            metavar="MODEL=NUMBER",
            help="Hang the scale on two models; give it twice.",
        ),
    ):
        subcommand = option(subcommand)
    return subcommand


@command.command(name="list")
@click.option("--country", help="Models of one country: code or name.")
@click.option("--top", type=click.IntRange(min=1), help="The N most capable.")
@click.option(
    "--least",
    type=click.IntRange(min=1),
    help="Models with so many scores or more.  [default: what a frontier needs, three; two in a domain]",
)
@scale_options
@fit_options
@json_option
def list_(
    country: str | None,
    top: int | None,
    least: int | None,
    scale: tuple[str, ...],
    domain: str | None,
    draws: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """List models by capability, with intervals.

    Models with few scores are left out unless asked for: one lucky score says little, and such models
    would lead the list.

    \b
    Examples:
      parity capability list --country Russia
      parity capability list --domain coding --top 10 --least 3
      parity capability list --scale "gpt-4-0314=100" --scale "o3-2025-04-16_high=140"
    """
    import polars as pl

    from parity.catalogue import find_country
    from parity.frontier import carried

    code = find_country(country).iso3 if country else None
    found = fitted(carried(), draws, seed, workers, _options(scale=scale))
    models = listed(found, domain, code, top=top, least=least)
    if as_json:
        print_json(capability_answer(models, domain, found.data))
        return
    _print_models(models.table.with_columns(few=pl.col("n_scores") < models.needed))
    click.echo(f"\nCapability {domain or 'overall'}, 90 % intervals. Data: {found.data}")
    if models.left_out:
        click.echo(f"{models.left_out} models with fewer scores are not shown (--least 1 shows all).")


@command.command()
@click.argument("model")
@scale_options
@fit_options
@json_option
def show(
    model: str,
    scale: tuple[str, ...],
    domain: str | None,
    draws: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Show one model: capability, and every score against its curve.

    \b
    Examples:
      parity capability show "GigaChat 2 Max"
    """
    from parity.errors import ParityError, did_you_mean
    from parity.frontier import carried

    found = fitted(carried(), draws, seed, workers, _options(scale=scale))
    row = _table(found, domain).filter(model=model)
    if row.is_empty():
        names = found.models["model"].to_list()
        raise ParityError(f"no scored model '{model}'.{did_you_mean(model, names)}")
    scores = found.outliers(len(found.problem.y)).filter(model=model).drop("model").sort("test")
    if as_json:
        print_json(ShowAnswer(data=found.data, model=model_rows(row)[0], scores=scores.to_dicts()))
        return
    _print_models(row)
    print_table(scores, title="Scores, fitted scores, and deviations in standard deviations")
    click.echo(f"\nData: {found.data}")


@command.command()
@click.argument("file", type=click.Path())
@click.option("--anchor", help="Benchmark with slope 1 and difficulty 0.")
@click.option(
    "--loss",
    type=click.Choice(["linear", "soft_l1", "huber"]),
    default="linear",
    show_default=True,
    help="A robust loss lets outliers pull less.",
)
@click.option("--guessing", is_flag=True, help="Let curves rise from each benchmark's chance level.")
@click.option("--add", is_flag=True, help="Add the scores to those that Parity carries.")
@click.option("--out", type=click.Path(), help="Write the capabilities: .csv, .parquet, .json or .xlsx.")
@click.option("--figure", type=click.Path(), help="Draw the difficulty of benchmarks: .png, .svg or .pdf.")
@scale_options
@fit_options
@json_option
def fit(
    file: str,
    anchor: str | None,
    loss: str,
    guessing: bool,
    add: bool,
    out: str | None,
    figure: str | None,
    scale: tuple[str, ...],
    domain: str | None,
    draws: int,
    seed: int,
    workers: int | None,
    as_json: bool,
) -> None:
    """Fit capability to scores of your own: columns model, benchmark, score (0 to 1).

    \b
    Examples:
      parity capability fit scores.csv
      parity capability fit scores.csv --anchor Winogrande --out capabilities.csv
      parity capability fit mine.csv --add --json
    """
    from parity.catalogue import files

    if figure:
        figure_kind(figure)
    options = _options(anchor=anchor, loss=loss, guessing=guessing, scale=scale)
    found = fitted(own_scores(file, dated=False, add=add), draws, seed, workers, options)
    table = _table(found, domain)
    if out is not None:
        files.write_table(out, table)
    if figure is not None:
        save_figure(found.figure(), figure)
    if as_json:
        print_json(_fit_answer(found, table, domain))
        return
    say(found.notes)
    print_table(table.select(column for column in _SHOWN if column in table.columns))
    print_table(_benchmarks(found), title="Benchmarks")
    print_table(found.outliers(10), title="Farthest from their curves, in standard deviations")
    click.echo(
        f"\nObjective {found.solution.objective:.6f} after {found.solution.steps} steps. Data: {found.data}"
    )


@command.command()
@click.option("--figure", type=click.Path(), help="Draw difficulty against release date.")
@fit_options
@json_option
def benchmarks(figure: str | None, draws: int, seed: int, workers: int | None, as_json: bool) -> None:
    """List benchmarks by difficulty, with slope and residual.

    \b
    Examples:
      parity capability benchmarks --figure difficulty.png
    """
    from parity.frontier import carried, fit_evidence

    found = fit_evidence(carried(), kinds=())
    if figure is not None:
        save_figure(found.figure(), figure)
    if as_json:
        print_json(BenchmarksAnswer(data=found.data, benchmarks=_plain(_benchmarks(found))))
        return
    print_table(_benchmarks(found))
    click.echo(f"\nData: {found.data}")


def _options(
    *, anchor: str | None = None, loss: str = "linear", guessing: bool = False, scale: tuple[str, ...] = ()
) -> FitOptions:
    from parity.errors import ParityError
    from parity.frontier import FitOptions

    pairs = []
    for given in scale:
        name, _, number = given.rpartition("=")
        try:
            pairs.append((name.strip(), float(number)))
        except ValueError:
            raise ParityError(f"--scale '{given}' is not MODEL=NUMBER, such as gpt-4-0314=100") from None
    if (
        len(pairs) not in (0, 2)
        or len({p[0] for p in pairs}) < len(pairs)
        or len({p[1] for p in pairs}) < len(pairs)
    ):
        raise ParityError("--scale needs two different models with two different numbers; give it twice")
    return FitOptions(
        anchor=anchor,
        loss=loss,
        guessing=guessing,
        ceiling=guessing,
        scale=(pairs[0], pairs[1]) if pairs else None,
    )


def _table(found: Capability, domain: str | None) -> pl.DataFrame:
    return found.table() if domain is None else found.in_domain(domain).table()


def _benchmarks(found: Capability) -> pl.DataFrame:
    shown = ("test", "domain", "released", "difficulty", "slope", "n_scores", "rmse")
    table = found.benchmarks()
    return table.select(column for column in shown if column in table.columns)


def _plain(table: pl.DataFrame) -> list[dict[str, Any]]:
    import polars as pl

    return table.with_columns(pl.selectors.date().cast(pl.String)).to_dicts()


def _print_models(table: pl.DataFrame) -> None:
    """Print models, capabilities to two decimals; those with few scores are marked, where there are any."""
    import polars as pl

    table = table.with_columns(pl.col("capability", "low", "high").round(2))
    if "few" in table.columns and table["few"].any():
        mark = pl.when("few").then(pl.lit("few scores: sets no frontier")).otherwise(pl.lit("")).alias("note")
        table = table.with_columns(mark)
    print_table(table.select(column for column in (*_SHOWN, "note") if column in table.columns))


def _fit_answer(found: Capability, table: pl.DataFrame, domain: str | None) -> FitAnswer:
    return FitAnswer(
        data=found.data,
        domain=domain or "overall",
        models=model_rows(table),
        objective=found.solution.objective,
        steps=found.solution.steps,
        anchor=found.tests["test"][found.problem.anchor],
        benchmarks=_plain(_benchmarks(found)),
        outliers=found.outliers().to_dicts(),
        notes=list(found.notes),
    )
