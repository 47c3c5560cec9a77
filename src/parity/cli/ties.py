"""``parity ties``: how closely countries work together, and since when more or less so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parity import dates
from parity.answers.ties import (
    PairAnswer,
    network_answer,
    pair_answer,
    partners_answer,
    ties_of,
    told_break,
    told_change,
)
from parity.cli.answers import json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Panel, Tie


@click.command(name="ties")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--bloc", help="A bloc's ties among its members, against random groups.")
@click.option("--on", metavar="DATE", help="Membership of the bloc on this date.")
@click.option("--from", "first", help="First span of the change: a year or a quarter (2021, 2021Q3).")
@click.option("--to", "last", help="Last span of the change.")
@click.option(
    "--merge", multiple=True, metavar="A+B", help="Count countries as one: CHN+HKG. May be given again."
)
@click.option("--without", multiple=True, metavar="C", help="Leave a country out of the panel.")
@click.option(
    "--top", type=click.IntRange(min=1), default=25, show_default=True, help="Print the N largest partners."
)
@click.option("--figure", type=click.Path(), help="Write a figure (.png, .svg, .pdf).")
@click.option("--map", "chart", type=click.Path(), help="With --bloc: write a small map of the ties.")
@json_option
def command(
    a: str | None,
    b: str | None,
    bloc: str | None,
    on: str | None,
    first: str | None,
    last: str | None,
    merge: tuple[str, ...],
    without: tuple[str, ...],
    top: int,
    figure: str | None,
    chart: str | None,
    as_json: bool,
) -> None:
    """Show how closely country A works with B, with all its partners, or a bloc within itself.

    From collaboration on GitHub by quarter. Affinity is observed over expected from both countries' totals;
    a step or a slope in it is found by a test over all dates.

    \b
    Examples:
      parity ties RUS CHN
      parity ties RUS CHN --from 2021 --to 2025 --figure tie.png
      parity ties CHN DEU --merge CHN+HKG
      parity ties RUS DEU --from 2021 --to 2025 --without USA
      parity ties Russia --top 10
      parity ties --bloc BRICS --json
    """
    if (a is None) == (bloc is None):
        raise click.UsageError("give a country (or two), or --bloc")
    for given, wanted, message in (
        (first or last, b, "--from and --to compare two spans of one pair: give two countries"),
        (on, bloc, "--on is the date of a bloc's membership: give --bloc"),
        (chart, bloc, "--map draws a bloc's ties: give --bloc"),
        (merge or without, a, "--merge and --without change the ties of a country or pair: give one"),
    ):
        if given and not wanted:
            raise click.UsageError(message)
    if bloc is not None:
        _network(bloc, on, figure, chart, as_json)
    elif b is None:
        _partners(ties_of(merge, without), str(a), top, figure, as_json)
    else:
        ties = ties_of(merge, without)
        from parity.blocs import tie
        from parity.catalogue import find_country

        found = tie(ties, find_country(a or "").iso3, find_country(b).iso3)
        answer = pair_answer(ties, found, first, last, merge, without)
        _save(found.figure, figure)
        if as_json:
            print_json(answer)
        else:
            _print_pair(answer, found)


def _partners(ties: Panel, country: str, top: int, figure: str | None, as_json: bool) -> None:
    from parity.blocs import artefacts, doubt, scan
    from parity.catalogue import find_country, load_table
    from parity.cli._tables import print_table

    known = find_country(country)
    table = scan(ties, known.iso3)
    if figure is not None:
        from parity.blocs import draw_partners

        _save(lambda: draw_partners(table, known.name), figure)
    if as_json:
        print_json(partners_answer(known.iso3, table, ties.vintage))
        return
    shown = table.drop("a", "p_holm", "p_step").rename({"b": "partner"})
    print_table(_rounded(shown.head(top)), title=f"{known.name}: partners in collaboration on GitHub")
    click.echo(
        "\nweight: events per quarter; affinity: observed over expected, latest and first (earlier) four "
        "quarters; kind, period, until, change (%): likeliest change, found where q is small; low, high: "
        "90 % intervals; q: false discovery rate among all partners."
    )
    disturbed = artefacts(load_table("tie_artefacts"), known.iso3)
    if disturbed:
        click.echo(f"Changes may be accounts that stand elsewhere: {doubt(disturbed)}.")
    _foot(ties.vintage)


def _rounded(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return table.with_columns(
        pl.col("weight", "change", "change_low", "change_high").round(0),
        pl.col("affinity", "low", "high", "earlier").round(2),
        pl.col("p", "q").round_sig_figs(2),
    )


def _network(bloc: str, on: str | None, figure: str | None, chart: str | None, as_json: bool) -> None:
    from parity.blocs import network, resolve
    from parity.brief.blocs import panel
    from parity.catalogue import load_table
    from parity.cli._tables import print_table

    ties, chosen = panel(), resolve(bloc, dates.read_if(on))
    found = network(ties, chosen.members)
    _save(found.figure, figure)
    _save(lambda: found.map(load_table("capitals")), chart)
    if as_json:
        print_json(network_answer(chosen.name, found))
        return
    print_table(
        found.table(),
        title=f"{chosen.name}: ties among {len(found.members)} members, "
        f"{found.periods[0]} to {found.periods[-1]}",
    )
    click.echo(
        f"\nhub: {found.hub[0]}, with {found.hub[1]:.0%} of the ties inside. "
        "density: share of pairs published; inside: share of the members' ties that stay inside; "
        "affinity: ties inside over those expected; low, median, high, p: of random groups of the same size; "
        "p_holm: p adjusted for all rows."
    )
    if found.without_data:
        click.echo(f"nothing published: {', '.join(found.without_data)}")
    _foot(ties.vintage)


def _print_pair(answer: PairAnswer, found: Tie) -> None:
    from parity.catalogue import find_country
    from parity.cli._tables import print_table

    names = " and ".join(find_country(code).name for code in (answer.a, answer.b))
    print_table(found.table().with_columns(_two_digits()), title=f"{names}: collaboration on GitHub")
    click.echo(f"\n{told_break(found)}")
    for line in told_change(answer):
        click.echo(line)
    if answer.gravity.value is not None:
        g = answer.gravity
        click.echo(
            f"against a gravity model (totals, distance, language): {g.value:.2f} times as much as expected "
            f"({g.low:.2f} to {g.high:.2f})"
        )
    click.echo(f"Intervals: {found.level:.0%}. Affinity: observed over expected from both countries' totals.")
    _foot(answer.data)


def _two_digits() -> pl.Expr:
    import polars as pl

    return pl.col("affinity", "low", "high").round(2)


def _foot(vintage: str) -> None:
    from parity.blocs import LIMITS

    click.echo("\nWhat the data cannot show:")
    for limit in LIMITS:
        click.echo(f"  - {limit}")
    click.echo(f"Data: {vintage}.")


def _save(draw: Any, path: str | None) -> None:
    if path is not None:
        from parity.cli._figures import save_figure

        save_figure(draw(), path)
