"""``parity ties``: how closely countries work together, and since when more or less so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel, Field

from parity.cli.answers import Answer, EstimateModel, json_option, print_json

if TYPE_CHECKING:
    import polars as pl

    from parity.blocs import Network, Tie


class PeriodRow(BaseModel):
    """One quarter of a pair."""

    period: str = Field(description="Quarter")
    weight: float | None = Field(description="Events, both directions; null where nothing is published")
    affinity: float | None = Field(description="Observed over expected from both countries' totals")
    low: float | None = Field(description="Lower end of the affinity's interval")
    high: float | None = Field(description="Upper end of the affinity's interval")


class BreakRow(BaseModel):
    """A dated change in level."""

    period: str = Field(description="First quarter of the new level")
    earliest: str = Field(description="Lower end of the interval of the date")
    latest: str = Field(description="Upper end of the interval of the date")
    change: EstimateModel = Field(description="Change of affinity: what both do with everybody taken out")
    raw_change: EstimateModel = Field(description="Change of collaboration itself")
    p: float = Field(description="Probability of a break this clear, at any date, without one")


class PairAnswer(Answer):
    """Answer of ``parity ties A B``."""

    a: str = Field(description="First country")
    b: str = Field(description="Second country")
    series: list[PeriodRow] = Field(description="By quarter")
    breaks: list[BreakRow] = Field(description="In time order; empty where none is clear")
    reason: str | None = Field(description="Why no break was looked for; null where one was")
    span: list[str] = Field(description="The two spans that the changes compare")
    change: EstimateModel = Field(description="Change of affinity between the spans")
    raw_change: EstimateModel = Field(description="Change of collaboration between the spans")
    gravity: EstimateModel = Field(description="Observed over expected from totals, distance and language")
    one_sided: list[str] = Field(description="Quarters in which one direction alone is published")
    limits: list[str] = Field(description="What the data cannot show")


class PartnerRow(BaseModel):
    """One partner of a country."""

    iso3: str = Field(description="Partner")
    weight: float = Field(description="Events per quarter, mean of the latest four")
    affinity: float | None = Field(description="Observed over expected, latest four quarters")
    low: float | None = Field(description="Lower end of the 90 % interval of the affinity")
    high: float | None = Field(description="Upper end of the 90 % interval of the affinity")
    earlier: float | None = Field(description="Affinity in the first four quarters")
    published: int = Field(description="Quarters in which the pair is published")
    period: str | None = Field(description="Quarter of the clearest break; null where it cannot be tested")
    change: float | None = Field(description="Change of affinity there, in per cent")
    change_low: float | None = Field(description="Lower end of its 90 % interval")
    change_high: float | None = Field(description="Upper end of its 90 % interval")
    p: float | None = Field(description="Of the break, its date being unknown")
    p_holm: float | None = Field(description="Adjusted for all partners: chance of any false break")
    q: float | None = Field(description="False discovery rate among all partners")


class PartnersAnswer(Answer):
    """Answer of ``parity ties A``."""

    country: str = Field(description="Country")
    partners: list[PartnerRow] = Field(description="The largest first")
    limits: list[str] = Field(description="What the data cannot show")


class MeasureRow(BaseModel):
    """A bloc's network against random groups."""

    measure: str = Field(description="density, inside or affinity")
    against: str = Field(description="Random groups: any countries, or countries as large as the members")
    value: float | None = Field(description="Of the bloc")
    low: float | None = Field(description="5 % quantile of random groups")
    median: float | None = Field(description="Median of random groups")
    high: float | None = Field(description="95 % quantile of random groups")
    p: float = Field(description="Share of random groups at least as high")


class TieRow(BaseModel):
    """Affinity of two members."""

    a: str
    b: str
    weight: float = Field(description="Events per quarter, mean of the latest four")
    affinity: float = Field(description="Observed over expected")


class NetworkAnswer(Answer):
    """Answer of ``parity ties --bloc``."""

    bloc: str = Field(description="Bloc")
    members: list[str] = Field(description="Members with published ties")
    without_data: list[str] = Field(description="Members without")
    measures: list[MeasureRow]
    hub: str = Field(description="Member with the largest share of the ties inside")
    hub_share: float = Field(description="That share")
    ties: list[TieRow] = Field(description="Pairs of members, the largest first")
    limits: list[str] = Field(description="What the data cannot show")


@click.command(name="ties")
@click.argument("a", required=False)
@click.argument("b", required=False)
@click.option("--bloc", help="A bloc's ties among its members, against random groups.")
@click.option("--on", metavar="DATE", help="Membership of the bloc on this date.")
@click.option("--from", "first", help="First span of the change: a year or a quarter (2021, 2021Q3).")
@click.option("--to", "last", help="Last span of the change.")
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
    top: int,
    figure: str | None,
    chart: str | None,
    as_json: bool,
) -> None:
    """Show how closely country A works with B, with all its partners, or a bloc within itself.

    From collaboration on GitHub by quarter. Affinity is observed over expected from both countries' totals;
    breaks in it are found by a test over all dates.

    \b
    Examples:
      parity ties RUS CHN
      parity ties RUS CHN --from 2021 --to 2025 --figure tie.png
      parity ties Russia --top 10
      parity ties --bloc BRICS --json
    """
    if (a is None) == (bloc is None):
        raise click.UsageError("give a country (or two), or --bloc")
    for given, wanted, message in (
        (first or last, b, "--from and --to compare two spans of one pair: give two countries"),
        (on, bloc, "--on is the date of a bloc's membership: give --bloc"),
        (chart, bloc, "--map draws a bloc's ties: give --bloc"),
    ):
        if given and not wanted:
            raise click.UsageError(message)
    if bloc is not None:
        _network(bloc, on, figure, chart, as_json)
    elif b is None:
        _partners(str(a), top, figure, as_json)
    else:
        _pair(str(a), b, first, last, figure, as_json)


def _pair(a: str, b: str, first: str | None, last: str | None, figure: str | None, as_json: bool) -> None:
    from parity.blocs import LIMITS, tie
    from parity.brief.blocs import gravity_affinity, panel
    from parity.catalogue import find_country

    ties = panel()
    found = tie(ties, find_country(a).iso3, find_country(b).iso3)
    span = [first or ties.periods[0][:4], last or ties.periods[-1][:4]]
    answer = PairAnswer(
        data=ties.vintage,
        a=found.a,
        b=found.b,
        series=[PeriodRow(**row) for row in found.table().iter_rows(named=True)],
        breaks=[_break(one) for one in found.breaks],
        reason=found.reason or None,
        span=span,
        change=EstimateModel.of(found.change(span[0], span[1])),
        raw_change=EstimateModel.of(found.change(span[0], span[1], adjusted=False)),
        gravity=EstimateModel.of(gravity_affinity(found.a, found.b)),
        one_sided=list(found.one_sided),
        limits=list(LIMITS),
    )
    _save(found.figure, figure)
    if as_json:
        print_json(answer)
    else:
        _print_pair(answer, found)


def _break(one: Any) -> BreakRow:
    return BreakRow(
        period=one.period,
        earliest=one.earliest,
        latest=one.latest,
        change=EstimateModel.of(one.change),
        raw_change=EstimateModel.of(one.raw_change),
        p=one.p,
    )


def _partners(country: str, top: int, figure: str | None, as_json: bool) -> None:
    from parity.blocs import LIMITS, scan
    from parity.brief.blocs import panel
    from parity.catalogue import find_country
    from parity.cli._tables import print_table

    ties, known = panel(), find_country(country)
    table = scan(ties, known.iso3)
    if figure is not None:
        from parity.blocs import draw_partners

        _save(lambda: draw_partners(table, known.name), figure)
    if as_json:
        rows = table.rename({"b": "iso3"}).drop("a").iter_rows(named=True)
        print_json(
            PartnersAnswer(
                data=ties.vintage,
                country=known.iso3,
                partners=[PartnerRow(**row) for row in rows],
                limits=list(LIMITS),
            )
        )
        return
    shown = table.drop("a", "p_holm").rename({"b": "partner"})
    print_table(_rounded(shown.head(top)), title=f"{known.name}: partners in collaboration on GitHub")
    click.echo(
        "\nweight: events per quarter; affinity: observed over expected, latest and first (earlier) four "
        "quarters; period, change (%): clearest break; low, high: 90 % intervals; q: false discovery rate "
        "among all partners."
    )
    _foot(ties.vintage)


def _rounded(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return table.with_columns(
        pl.col("weight", "change", "change_low", "change_high").round(0),
        pl.col("affinity", "low", "high", "earlier").round(2),
        pl.col("p", "q").round_sig_figs(2),
    )


def _network(bloc: str, on: str | None, figure: str | None, chart: str | None, as_json: bool) -> None:
    from parity.blocs import LIMITS, network, resolve
    from parity.brief.blocs import panel, parse_date
    from parity.catalogue import load_table
    from parity.cli._tables import print_table

    ties, chosen = panel(), resolve(bloc, parse_date(on))
    found = network(ties, chosen.members)
    _save(found.figure, figure)
    _save(lambda: found.map(load_table("capitals")), chart)
    if as_json:
        print_json(_network_answer(chosen.name, found, list(LIMITS)))
        return
    print_table(
        found.table(),
        title=f"{chosen.name}: ties among {len(found.members)} members, "
        f"{found.periods[0]} to {found.periods[-1]}",
    )
    click.echo(
        f"\nhub: {found.hub[0]}, with {found.hub[1]:.0%} of the ties inside. "
        "density: share of pairs published; inside: share of the members' ties that stay inside; "
        "affinity: ties inside over those expected; low, median, high, p: of random groups of the same size."
    )
    if found.without_data:
        click.echo(f"nothing published: {', '.join(found.without_data)}")
    _foot(ties.vintage)


def _network_answer(name: str, found: Network, limits: list[str]) -> NetworkAnswer:
    n = len(found.members)
    pairs = [
        TieRow(
            a=found.members[i],
            b=found.members[j],
            weight=float(found.weights[i, j]),
            affinity=float(found.affinity[i, j]),
        )
        for i in range(n)
        for j in range(i + 1, n)
        if found.weights[i, j] > 0
    ]
    return NetworkAnswer(
        data=found.vintage,
        bloc=name,
        members=list(found.members),
        without_data=list(found.without_data),
        measures=[MeasureRow(**row) for row in found.table().iter_rows(named=True)],
        hub=found.hub[0],
        hub_share=found.hub[1],
        ties=sorted(pairs, key=lambda row: -row.weight),
        limits=limits,
    )


def _print_pair(answer: PairAnswer, found: Tie) -> None:
    from parity.catalogue import find_country
    from parity.cli._tables import print_table

    names = " and ".join(find_country(code).name for code in (answer.a, answer.b))
    print_table(found.table().with_columns(_two_digits()), title=f"{names}: collaboration on GitHub")
    for one in found.breaks:
        click.echo(
            f"\nbreak in {one.period} ({one.earliest} to {one.latest}): affinity {one.change.text(0)} %, "
            f"collaboration {one.raw_change.text(0)} %, p = {one.p:.2g}"
        )
    if not found.breaks:
        click.echo(f"\nno break: {found.reason or f'the clearest has p = {found.p:.2g}'}")
    first, last = answer.span
    if answer.change.value is not None:
        click.echo(
            f"{first} to {last}: collaboration "
            f"{found.change(first, last, adjusted=False).text(0)} %, "
            f"affinity {found.change(first, last).text(0)} %"
        )
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
