"""``parity bloc``: alliances as one unit, and what each member brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from parity import dates
from parity.answers.bloc import pool_answer
from parity.answers.bloc_compare import CompareAnswer, ReachAnswer, compared_rows, year_fields
from parity.answers.bloc_members import list_answer, members_answer
from parity.cli._options import index_options
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from parity.ask.standing import Standing
    from parity.blocs import Bloc

Command = TypeVar("Command", bound=Callable[..., object])

_DRAWS = 200


def bloc_options(command: Command) -> Command:
    """Give a command ``--on``, ``--partners`` and ``--blocs``."""
    for option in (
        click.option(
            "--blocs",
            "own",
            type=click.Path(),
            help="Table of your own blocs: bloc, iso3, date_from, date_to.",
        ),
        click.option("--partners", is_flag=True, help="Count partner countries as members."),
        click.option("--on", metavar="DATE", help="Membership on this date: 2024-01-31, or a year."),
    ):
        command = option(command)
    return command


def draw_options(command: Command) -> Command:
    """Give a command ``--draws`` and ``--figure``."""
    for option in (
        click.option("--figure", type=click.Path(), help="Write a figure (.png, .svg, .pdf)."),
        click.option(
            "--draws",
            type=click.IntRange(min=0),
            default=_DRAWS,
            show_default=True,
            help="Rebuilds of the index behind the intervals; 0 for none.",
        ),
    ):
        command = option(command)
    return command


@click.group(name="bloc")
def command() -> None:
    """Score alliances as one unit; split the score over their members.

    \b
    Examples:
      parity bloc list
      parity bloc show BRICS --variant scale
      parity bloc pool BRICS --with SAU --without ETH
      parity bloc pool "RUS,CHN" --json
      parity bloc compare BRICS G7 USA --years
      parity bloc reach BRICS --behind G7
    """


@command.command(name="list")
@click.option("--on", metavar="DATE", help="As of this date: 2024-01-31, or a year.")
@json_option
def list_(on: str | None, as_json: bool) -> None:
    """List the blocs that are known, with their size.

    \b
    Examples:
      parity bloc list
      parity bloc list --on 2010
    """
    from parity.catalogue import blocs
    from parity.cli._tables import print_table

    if as_json:
        print_json(list_answer(on))
    else:
        print_table(blocs(dates.read_if(on)))


@command.command(name="members")
@click.argument("bloc")
@click.option("--on", metavar="DATE", help="As of this date: 2024-01-31, or a year.")
@json_option
def members_(bloc: str, on: str | None, as_json: bool) -> None:
    """Show who belongs to BLOC, since when, and by what source.

    Suspended members stay members. A date goes as far as its source does; ~ marks what is approximate.

    \b
    Examples:
      parity bloc members BRICS
      parity bloc members BRICS --on 2023-12-31
      parity bloc members GPAI --json
    """
    from parity.cli._bloc_print import print_members

    answer = members_answer(bloc, on)
    if as_json:
        print_json(answer)
    else:
        print_members(answer)


def _pooling(function: Command) -> Command:
    node = click.option("--node", help="Pillar or sub-pillar to split over the members, not the index.")
    profile = click.option(
        "--profile", "picture", type=click.Path(), help="Write a figure of the bloc's profile."
    )
    function = node(profile(function))
    for decorate in (json_option, draw_options, index_options, bloc_options):
        function = decorate(function)
    for name, text in (("--without", "Take this country out."), ("--with", "Add this country.")):
        function = click.option(name, name.lstrip("-") + "_", multiple=True, metavar="ISO3", help=text)(
            function
        )
    return function


@command.command(name="pool")
@click.argument("bloc")
@_pooling
def pool_(bloc: str, **options: object) -> None:
    """Score BLOC as one unit: a name, or countries separated by commas.

    Quantities are summed and ratios re-derived from sums; the bounds are those that single countries set,
    so no country's score moves. Ranks are among the countries outside the bloc.

    \b
    Examples:
      parity bloc pool "RUS,CHN" --variant scale
      parity bloc pool BRICS --with IDN --without BRA --on 2024-06-30
      parity bloc pool Baltics --blocs my-blocs.csv --json
    """
    _answer(bloc, **options)  # type: ignore[arg-type]


@command.command(name="show")
@click.argument("bloc")
@_pooling
def show_(bloc: str, **options: object) -> None:
    """Show BLOC: its standing, and what each member brings.

    \b
    Examples:
      parity bloc show BRICS
      parity bloc show BRICS --on 2023-12-31 --variant scale
      parity bloc show EU --node talent --figure talent.png
      parity bloc show G7 --json
    """
    _answer(bloc, **options)  # type: ignore[arg-type]


def _answer(
    bloc: str,
    on: str | None,
    partners: bool,
    own: str | None,
    with_: tuple[str, ...],
    without_: tuple[str, ...],
    index_name: str,
    variant: str,
    data: str | None,
    draws: int,
    figure: str | None,
    picture: str | None,
    node: str | None,
    as_json: bool,
) -> None:
    from parity.ask.standing import standing
    from parity.cli._bloc_print import print_pool
    from parity.cli._progress import progress_bar

    day = dates.read_if(on)
    chosen = _resolve(bloc, own, on=day, joining=with_, leaving=without_, partners=partners)
    before = _resolve(bloc, own, on=day, partners=partners) if with_ or without_ else None
    found = standing(index_name, variant, data)
    _known_node(found, node)
    with progress_bar(2 * draws, "Rebuilding the index") as advance:
        answer, profile = pool_answer(
            found, bloc, chosen, on=on, before=before, draws=draws, progress=advance
        )
    pool, drawn = profile.pool, profile.drawn
    if figure is not None:
        _save(profile.parts.figure(node, drawn), figure)
    if picture is not None:
        _save(pool.figure(drawn), picture)
    if as_json:
        print_json(answer)
    else:
        print_pool(answer, node, before.name if before else "")


def _known_node(found: Standing, node: str | None) -> None:
    """Refuse what is no group of the index, before the rebuilds."""
    tree = found.index.tree
    groups = [tree.codes[one] for one in tree.groups]
    if node is not None and node not in groups:
        raise click.BadParameter(
            f"'{node}' is no group of the index; there are {', '.join(groups)}", param_hint="--node"
        )


def _resolve(text: str, own: str | None, **options: object) -> Bloc:
    from parity.blocs import own_blocs, resolve

    table = None
    if own is not None:
        import polars as pl

        from parity.catalogue import files, load_table

        table = pl.concat([own_blocs(files.read_table(own), own), load_table("memberships")])
    return resolve(text, table=table, **options)  # type: ignore[arg-type]


@command.command(name="compare")
@click.argument("names", nargs=-1, required=True, metavar="BLOC BLOC...")
@bloc_options
@index_options
@draw_options
@click.option(
    "--years",
    is_flag=True,
    help="Show the years as well, on a constant set of indicators; --figure draws them.",
)
@json_option
def compare_(
    names: tuple[str, ...],
    on: str | None,
    partners: bool,
    own: str | None,
    index_name: str,
    variant: str,
    data: str | None,
    draws: int,
    figure: str | None,
    years: bool,
    as_json: bool,
) -> None:
    """Put blocs (or countries) side by side, pillar by pillar.

    Gaps are those of the first to each of the others, with intervals over the same rebuilds of the index.

    \b
    Examples:
      parity bloc compare BRICS G7 USA
      parity bloc compare BRICS G7 USA --variant scale --years --figure years.png
      parity bloc compare "RUS,CHN" EU --json
    """
    from parity.ask.standing import standing
    from parity.brief.blocs import by_year, compared
    from parity.cli._bloc_print import print_comparison
    from parity.cli._progress import progress_bar

    chosen = [_resolve(name, own, on=dates.read_if(on), partners=partners) for name in names]
    found = standing(index_name, variant, data)
    with progress_bar((2 if years else 1) * draws, "Rebuilding the index") as advance:
        result = compared(found, chosen, draws)
        advance(draws)
        past = by_year(found, chosen, draws) if years else None
        advance(draws)
    rows, gaps = compared_rows(result)
    answer = CompareAnswer(
        data=found.vintage,
        index=found.index.spec.index.id,
        variant=found.variant,
        level=result.intervals[0].level if result.intervals else None,
        draws=result.intervals[0].draws if result.intervals else 0,
        blocs={pool.name: list(pool.members) for pool in result.pools},
        rows=rows,
        gaps=gaps,
        **(year_fields(past) if years else {"years": [], "year_gaps": [], "year_note": ""}),
    )
    if figure is not None:
        _save(result.figure() if past is None else past.figure(), figure)
    if as_json:
        print_json(answer)
    else:
        print_comparison(answer)


@command.command(name="reach")
@click.argument("bloc")
@click.option("--behind", default="USA", show_default=True, help="Bloc or country to hold it against.")
@click.option("--figure", type=click.Path(), help="Write a figure of compute and access (.png, .svg, .pdf).")
@bloc_options
@json_option
def reach_(
    bloc: str,
    behind: str,
    figure: str | None,
    on: str | None,
    partners: bool,
    own: str | None,
    as_json: bool,
) -> None:
    """Show what BLOC's members have between them: best model, compute, access to accelerators.

    Compute adds up. The right to buy does not: what one member may buy is not thereby another's. So access
    is shown for the freest member, the least free one and the mean weighted by GDP.

    \b
    Examples:
      parity bloc reach BRICS
      parity bloc reach BRICS --behind G7 --json
      parity bloc reach EU --figure reach.png
    """
    from parity.brief.bloc_reach import bloc_reach
    from parity.catalogue import vintage
    from parity.chips import pooled_figure
    from parity.cli._bloc_print import print_reach
    from parity.cli._progress import progress_bar
    from parity.frontier import BootstrapOptions

    one = _resolve(bloc, own, on=dates.read_if(on), partners=partners)
    other = _resolve(behind, own, on=dates.read_if(on))
    if one.members == other.members:
        raise click.UsageError(f"{one.name} cannot trail itself; name another bloc in --behind")
    with progress_bar(2 * BootstrapOptions().draws) as advance:
        section, access, compute = bloc_reach(one.name, one.members, other.name, other.members, advance)
    answer = ReachAnswer(data=vintage(), on=on, **section.model_dump())
    if figure is not None:
        _save(pooled_figure(access, compute, f"{one.name}: compute, and access to accelerators"), figure)
    if as_json:
        print_json(answer)
    else:
        print_reach(answer)


def _save(figure: Figure, path: str) -> None:
    from parity.cli._figures import save_figure

    save_figure(figure, path)
