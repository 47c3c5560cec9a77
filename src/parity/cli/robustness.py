"""``parity robustness``: what a ranking rests on."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parity.cli._options import index_options
from parity.cli._robustness_answers import (
    AssumptionUse,
    CountryIntervals,
    Interaction,
    RobustnessAnswer,
    SensitivityRow,
)
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from parity.ask.standing import Standing
    from parity.robustness import Options, Robustness

_KINDS = ("ranks", "sobol", "above")
_SUBCOMMANDS = {"swap": "parity.cli._robustness_swap", "draw": "parity.cli._robustness_draw"}


class _Lazy(click.Group):
    """A group whose subcommands are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the subcommands."""
        return list(_SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a subcommand."""
        if cmd_name not in _SUBCOMMANDS:
            return None
        found: click.Command = importlib.import_module(_SUBCOMMANDS[cmd_name]).command
        return found


def _run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the options that say how a run is made."""
    for option in (
        click.option(
            "--journal",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Keep finished work in FILE; the same command goes on from it after a stop.",
        ),
        click.option(
            "--cluster", metavar="ADDRESS", help="Dask scheduler that does the work: tls://10.0.0.1:8786."
        ),
        click.option(
            "--insecure-cluster",
            is_flag=True,
            help="Use a scheduler without TLS on another machine: whoever reaches it can run code.",
        ),
        click.option(
            "--backend",
            type=click.Choice(("threads", "processes")),
            default="threads",
            show_default=True,
            help="Processes help where a spec aggregates by a method that is not a mean.",
        ),
        click.option("--workers", type=click.IntRange(min=1), help="Workers; one per processor by default."),
        click.option("--pairs", is_flag=True, help="Estimate interactions of pairs of assumptions too."),
        click.option(
            "--base",
            type=click.IntRange(min=0),
            help="Base points for Sobol indices, rounded up to a power of two; 0 leaves them out.",
        ),
        click.option(
            "--until",
            type=click.FloatRange(min=0, min_open=True),
            metavar="RANKS",
            help="Draw until the error of every interval end is below this many ranks.",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), help="Seed of the draws; that of the spec by default."
        ),
        click.option(
            "-n",
            "--draws",
            type=click.IntRange(min=1),
            help="Draws; by default those of the spec, or 100000.",
        ),
    ):
        command = option(command)
    return command


def _ending(_: click.Context, option: click.Parameter, path: str | None) -> str | None:
    """Refuse a file that could not be written before the work is done, not after."""
    from parity.catalogue.files import WRITABLE
    from parity.cli._figures import figure_kind
    from parity.errors import ParityError, one_of

    if path is not None and option.name == "figure":
        figure_kind(path)
    elif path is not None and Path(path).suffix.lower() not in WRITABLE:
        raise ParityError(f"{path}: cannot write '{Path(path).suffix}'; allowed are {one_of(WRITABLE)}")
    return path


@click.group(name="robustness", cls=_Lazy, invoke_without_command=True)
@index_options
@_run_options
@click.option("--country", "countries", multiple=True, help="Code or name; give it again for more.")
@click.option(
    "--top",
    "tops",
    type=click.IntRange(min=1),
    multiple=True,
    help="Show the probability of rank K or better.",
)
@click.option(
    "--given",
    nargs=2,
    type=(str, click.IntRange(min=1)),
    metavar="COUNTRY RANK",
    help="Sobol indices over the draws alone in which COUNTRY ranks RANK or better.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False),
    callback=_ending,
    help="Write the intervals: CSV, Excel, JSON or Parquet.",
)
@click.option(
    "--figure",
    type=click.Path(dir_okay=False),
    callback=_ending,
    help="Draw to a file: .png, .svg or .pdf.",
)
@click.option(
    "--kind",
    type=click.Choice(_KINDS),
    default="ranks",
    show_default=True,
    help="Figure: rank intervals, Sobol bars, or heat map of P(A above B).",
)
@json_option
@click.pass_context
def command(
    context: click.Context,
    /,
    index_name: str,
    variant: str,
    data: str | None,
    countries: tuple[str, ...],
    tops: tuple[int, ...],
    given: tuple[str, int] | None,
    out: str | None,
    figure: str | None,
    kind: str,
    as_json: bool,
    **run: Any,
) -> None:
    """Rebuild an index many times, each time with other choices: rank intervals and what drives them.

    The table [robustness] of a spec names the choices. Ranks come with 50, 90 and 95 % intervals; Sobol
    indices say what share of a rank's variance each assumption explains, alone (first) and with all
    others (total).

    \b
    Examples:
      parity robustness --country RUS --country CHN
      parity robustness --until 0.5 --top 10 --out intervals.csv
      parity robustness --index my-index.toml -n 1000000 --seed 7 --json
      parity robustness --figure ranks.png --base 0
      parity robustness --country RUS --given RUS 30
      parity robustness -n 10000000 --journal run.journal --cluster tls://10.0.0.1:8786
    """
    if context.invoked_subcommand is not None:
        return
    from parity.ask.standing import standing
    from parity.catalogue.files import write_table

    found = standing(index_name, variant, data)
    shown = tuple(dict.fromkeys(found.unit(text) for text in countries))
    condition = None if given is None else (found.unit(given[0]), given[1])
    result = _analysed(found, Path(index_name).parent, shown, run | {"given": condition})
    if out is not None:
        write_table(out, result.table())
    if figure is not None:
        from parity.cli._figures import save_figure

        save_figure(result.figure(kind, shown), figure)  # type: ignore[arg-type]
    if as_json:
        print_json(_answer(found, result, shown, tops))
        return
    from parity.cli._robustness_print import print_run

    print_run(found, result, shown, tops)
    if out is not None:
        click.echo(f"wrote {out}", err=True)


def _analysed(found: Standing, folder: Path, units: tuple[str, ...], given: dict[str, Any]) -> Robustness:
    from parity.ask.editions import editions
    from parity.errors import NoAnswerError
    from parity.robustness import Assumptions, analyse

    spec = found.index.spec
    if Assumptions.of(spec).empty:
        raise NoAnswerError(
            f"'{spec.index.id}' names no assumption to vary, so every rebuild is the same; add a table "
            "[robustness] to its spec (docs/spec.md lists what it may hold)"
        )
    with _progress() as progress:
        return analyse(
            spec,
            found.index.stages["raw"].table,
            _options(units, given, progress),
            seed=given["seed"],
            vintages=editions(found, folder),
            vintage=found.vintage,
        )


def _options(units: tuple[str, ...], given: dict[str, Any], progress: Callable[[int, int], None]) -> Options:
    from parity.robustness import Options, Workers

    named = {} if given["base"] is None else {"base": given["base"]}
    return Options(
        draws=given["draws"],
        until=given["until"],
        pairs=given["pairs"],
        units=units,
        given=given["given"],
        workers=Workers(given["workers"], given["backend"], given["cluster"], given["insecure_cluster"]),
        journal=given["journal"],
        progress=progress,
        **named,
    )


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how far a run is on a terminal; nothing when piped."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Building the variants", total=None)
        yield lambda done, of: bars.update(task, description="Rebuilding", completed=done, total=of)


def _answer(
    found: Standing, result: Robustness, shown: tuple[str, ...], tops: tuple[int, ...]
) -> RobustnessAnswer:
    from parity.robustness.results import largest_error

    sensitivity = result.sensitivity
    return RobustnessAnswer(
        data=result.vintage,
        index=result.spec.index.id,
        variant=found.variant,
        draws=result.draws,
        seed=result.seed,
        seconds=result.seconds,
        monte_carlo_error=largest_error(result.counts, result.bins),
        assumptions=[
            AssumptionUse(
                name=use.name, kind=use.kind, alternatives=list(use.alternatives), draws=list(use.draws)
            )
            for use in result.uses
        ],
        countries=_countries(result, shown, tops),
        base_points=0 if sensitivity is None else sensitivity.base,
        rebuilds=0 if sensitivity is None else sensitivity.rebuilds,
        condition="" if sensitivity is None else sensitivity.condition,
        sensitivity=[]
        if sensitivity is None
        else [SensitivityRow(**row) for row in sensitivity.table().iter_rows(named=True)],
        interactions=[]
        if sensitivity is None
        else [Interaction(**row) for row in sensitivity.pairs().iter_rows(named=True)],
    )


def _countries(result: Robustness, shown: tuple[str, ...], tops: tuple[int, ...]) -> list[CountryIntervals]:
    probabilities = {str(k): result.top(k) for k in tops}
    pairs = result.above() if shown and result.counts.above.size else None
    found = []
    for place, row in enumerate(result.table().iter_rows(named=True)):
        code = row.pop("id")
        if shown and code not in shown:
            continue
        more: dict[str, Any] = {"top": {k: float(each[place]) for k, each in probabilities.items()}}
        if pairs is not None:
            others = zip(result.units, pairs[place].tolist(), strict=True)
            more["above"] = {other: share for other, share in others if other != code}
            more["not_apart"] = list(result.not_apart(code))
        found.append(CountryIntervals(iso3=code, **row, **more))
    return found
