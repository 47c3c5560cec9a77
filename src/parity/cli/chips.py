"""``parity chips``: accelerators, rulings, reach, installed compute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from parity import dates
from parity.cli._chips_ask import rule, screen
from parity.cli._tables import print_table
from parity.cli.answers import EstimateModel, json_option, print_json

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from parity.chips import RuleBook

LIST_COLUMNS = ("name", "maker_country", "released_by", "data_center", "tpp", "density", "memory_bandwidth")
FIRST_YEAR = 2019


@click.group()
def command() -> None:
    """Accelerators: what a rule controls, for whom, since when, and how far behind that leaves a country.

    An analysis of published rules, not legal advice.

    \b
    Examples:
      parity chips rule H20 --to CHN --on 2026-08-01
      parity chips reach RUS
      parity chips timeline CHN
    """


command.add_command(rule)
command.add_command(screen)


@command.command(name="list")
@click.option("--to", help="Show the verdict for this destination.")
@click.option("--on", help="Day of the verdicts, YYYY-MM-DD.")
@click.option(
    "--what-if", multiple=True, help="Another threshold: show the devices that move ('3A090.a.1:tpp=4000')."
)
@click.option(
    "--figure",
    type=click.Path(),
    help="Draw TPP against performance density to this file (.png, .svg, .pdf).",
)
@json_option
def list_(
    to: str | None, on: str | None, what_if: tuple[str, ...], figure: str | None, as_json: bool
) -> None:
    """List the accelerators; with --to the verdict on each, with --what-if those that would move.

    \b
    Examples:
      parity chips list
      parity chips list --to CHN --on 2024-01-31
      parity chips list --to CHN --what-if "3A090.b.1:tpp>=2000"
      parity chips list --figure landscape.png
    """
    import polars as pl

    from parity import chips
    from parity.answers.chips import ListAnswer
    from parity.catalogue import find_country
    from parity.errors import ParityError

    if what_if and not to:
        raise ParityError("--what-if compares verdicts; say for which destination with --to")
    book = chips.rulebook()
    day = dates.read_if(on) or book.checked_to
    devices = chips.accelerators().with_columns(density=pl.col("tpp") / pl.col("die_area"))
    shown = devices.select(LIST_COLUMNS).sort("released_by", "name", nulls_last=True)
    country = find_country(to).iso3 if to else None
    if country:
        shown = _verdicts(shown, book, country, day, "verdict")
    if what_if:
        shown = _verdicts(shown, book.what_if(*what_if), country, day, "what_if").filter(
            pl.col("verdict") != pl.col("what_if")
        )
    if figure:
        from parity.cli._figures import save_figure

        save_figure(chips.landscape(book.what_if(*what_if) if what_if else book, devices, day), figure)
    if as_json:
        rows = shown.to_dicts()
        print_json(ListAnswer(data=book.vintage, on=day, to=country, what_if=list(what_if), devices=rows))
        return
    print_table(shown, max_rows=shown.height)
    moved = f" would move with {'; '.join(what_if)}" if what_if else ""
    click.echo(f"{shown.height} accelerators{moved}. {chips.DISCLAIMER} Data: {book.vintage}.")


def _verdicts(
    shown: pl.DataFrame, book: RuleBook, country: str | None, day: date, column: str
) -> pl.DataFrame:
    import polars as pl

    from parity import chips

    asked = shown.select(device="name").with_columns(to=pl.lit(country), on=pl.lit(day.isoformat()))
    return shown.with_columns(chips.screen_table(asked, book)["verdict"].alias(column))


@command.command()
@click.argument("device")
@json_option
def show(device: str, as_json: bool) -> None:
    """Show every figure of DEVICE with its source, and which of two that disagree is used.

    \b
    Examples:
      parity chips show MI250X
      parity chips show "RTX A6000" --json
    """
    import polars as pl

    from parity import chips
    from parity.answers.chips import ShowAnswer
    from parity.catalogue import load_table

    found = chips.find_device(device, chips.accelerators())
    figures = load_table("accelerator_figures").filter(pl.col("accelerator") == found.name)
    facts = {name: value for name, value in found.facts.items() if value is not None}
    if as_json:
        plain = {name: str(value) if hasattr(value, "isoformat") else value for name, value in facts.items()}
        rows = figures.drop("accelerator", "position").to_dicts()
        answer = ShowAnswer(
            data=chips.rulebook().vintage,
            device=found.name,
            facts=plain,
            figures=rows,
            remarks=list(found.remarks),
        )
        print_json(answer)
        return
    for remark in found.remarks:
        click.echo(remark)
    click.echo(
        f"{found.name}: " + ", ".join(f"{name} {value}" for name, value in facts.items() if name != "name")
    )
    print_table(figures.select("quantity", "value", "unit", "used", "source", "reason", "basis"))
    click.echo(f"Data: {chips.rulebook().vintage}.")


@command.command()
@click.argument("country")
@click.option(
    "--from", "start", default=f"{FIRST_YEAR}-01-01", show_default=True, help="First month, YYYY-MM-DD."
)
@click.option("--until", help="Last month; by default the last to which rules were looked for.")
@click.option(
    "--metric",
    type=click.Choice(["tpp", "memory_bandwidth", "price_performance"]),
    multiple=True,
    default=("tpp",),
    show_default=True,
    help="Figure compared: the best is the best by it. Repeat for several, each ranked by itself.",
)
@click.option(
    "--with",
    "extra",
    multiple=True,
    type=click.Choice(["approval", "case_by_case"]),
    help="Count parts that need a licence of this kind too.",
)
@click.option("--without", multiple=True, help="Leave a device out: what does the answer rest on?")
@click.option("--codified", is_flag=True, help="Count text that is codified and not enforced.")
@click.option("--figure", type=click.Path(), help="Draw it to this file (.png, .svg, .pdf).")
@json_option
def reach(
    country: str,
    start: str,
    until: str | None,
    metric: tuple[str, ...],
    extra: tuple[str, ...],
    without: tuple[str, ...],
    codified: bool,
    figure: str | None,
    as_json: bool,
) -> None:
    """Show the best accelerator that COUNTRY can lawfully have, month by month, and the hardware lag.

    The lag says how long ago the world first had what the country can have without anyone's decision on an
    application: no licence, a licence exception, or made at home. What is not settled widens it to a range.

    \b
    Examples:
      parity chips reach CHN
      parity chips reach RUS --figure reach.png
      parity chips reach ARE --with approval --json
    """
    import polars as pl

    from parity import chips
    from parity.catalogue import find_country

    book = chips.rulebook()
    devices = chips.accelerators()
    left_out = [chips.find_device(name, devices).name for name in without]
    every = [
        chips.reach(
            book,
            devices.filter(~pl.col("name").is_in(left_out)),
            find_country(country).iso3,
            dates.read(start, first=True),
            dates.read_if(until) or chips.last_month(book),
            one,
            ("free", "exception", "domestic", *extra),
            codified,
        )
        for one in dict.fromkeys(metric)
    ]
    if figure:
        from parity.cli._figures import save_figure

        save_figure(chips.reach_figure(every[0]), figure)
    if as_json:
        from parity.answers.chips import reach_answer

        print_json(reach_answer(*every))
        return
    columns = ["month", "best_free", "best_exception", "best_approval", "best_case_by_case", "best_domestic"]
    for found in every:
        table = found.table().with_columns(
            lag=pl.Series(found.words()), month=pl.col("month").dt.strftime("%Y-%m")
        )
        print_table(table.select(*columns, "world", "lag"))
        click.echo(
            f"lag in months behind the world's best, by {chips.METRICS[found.metric]}; a part counts from "
            f"its first delivery in volume, or its launch where no such day is known. Data: {found.vintage}."
        )


@command.command()
@click.argument("country", required=False)
@click.option(
    "--effect", is_flag=True, help="Show which share was open to COUNTRY before and after each rule."
)
@click.option("--figure", type=click.Path(), help="Draw it to this file (.png, .svg, .pdf).")
@json_option
def timeline(country: str | None, effect: bool, figure: str | None, as_json: bool) -> None:
    """List the rules, letters and events by date, all or those of COUNTRY.

    \b
    Examples:
      parity chips timeline
      parity chips timeline RUS --effect
      parity chips timeline CHN --figure timeline.png
    """
    from parity import chips
    from parity.answers.chips import TimelineAnswer
    from parity.catalogue import find_country
    from parity.errors import ParityError

    if effect and not country:
        raise ParityError("--effect compares shares open to a country; name one")
    book = chips.rulebook()
    iso3 = find_country(country).iso3 if country else None
    events = chips.timeline(book, iso3)
    if figure:
        from parity.cli._figures import save_figure

        save_figure(
            chips.timeline_figure(events, f"Export-control events{f' of {iso3}' if iso3 else ''}"), figure
        )
    effects = _effects(book, iso3) if effect and iso3 else {}
    if as_json:
        rows = [{**row, "effect": effects.get(row["id"])} for row in events.to_dicts()]
        print_json(TimelineAnswer(data=book.vintage, country=iso3, events=rows))
        return
    print_table(events.select("day", "jurisdiction", "instrument", "citation", "status", "verification"))
    for rule_id, shares in effects.items():
        click.echo(f"{shares['day']}  {rule_id}: {shares['words']}")
    click.echo(f"{chips.DISCLAIMER} Rules after {book.checked_to} were not looked for. Data: {book.vintage}.")


def _effects(book: RuleBook, country: str) -> dict[str, dict[str, Any]]:
    from parity import chips
    from parity.catalogue import load_table

    found = {}
    for one in chips.effects(book, chips.accelerators(), load_table("chip_supply"), country):
        shares = {
            name: getattr(one, name).as_dict()
            for name in ("models_before", "models_after", "supply_before", "supply_after")
        }
        words = (
            f"open models {one.models_before.text(2)} -> {one.models_after.text(2)}; "
            f"open supply {one.supply_before.text(2)} -> {one.supply_after.text(2)}"
        )
        found[one.rule_id] = {"day": one.day.isoformat(), "words": words, **shares}
    return found


@command.command()
@click.argument("country")
@click.option("--from", "first", type=int, default=FIRST_YEAR, show_default=True, help="First year.")
@json_option
def compute(country: str, first: int, as_json: bool) -> None:
    """Show the compute that is known to be installed in COUNTRY: a lower bound, by certainty.

    \b
    Examples:
      parity chips compute RUS
      parity chips compute China --json
    """
    import polars as pl

    from parity import chips
    from parity.answers.chips import ComputeAnswer, YearRow
    from parity.catalogue import find_country, load_table

    iso3 = find_country(country).iso3
    clusters = load_table("clusters")
    series = chips.installed(
        clusters, iso3, chips.year_ends(clusters, first), load_table("compute_published")
    )
    bought = chips.purchases(load_table("chip_supply"), iso3)
    told = chips.published_of(load_table("compute_published"), iso3)
    vintage = chips.rulebook().vintage
    if as_json:
        rows = [
            YearRow(
                on=one.on,
                h100e=EstimateModel.of(one.h100e),
                share=EstimateModel.of(one.share),
                growth=EstimateModel.of(one.growth),
            )
            for one in series
        ]
        answer = ComputeAnswer(
            data=vintage,
            country=iso3,
            note=chips.NOTE,
            series=rows,
            purchases=bought.to_dicts(),
            published=told.to_dicts(),
        )
        print_json(answer)
        return
    table = pl.DataFrame(
        [(one.on, one.h100e.text(0), one.share.text(4), one.growth.text(2)) for one in series],
        schema=["on", "H100 equivalents", "known of the world's total", "growth over a year"],
        orient="row",
    )
    print_table(table, title=f"Known clusters in {iso3}")
    if bought.height:
        print_table(
            bought, title="Estimated purchases by quarter, H100 equivalents (5th to 95th percentiles)"
        )
    if told.height:
        print_table(
            told.select("as_of", "measure", "value", "unit", "by", "basis"),
            title=f"Published about {iso3}: other measures, to be read beside the known ones",
        )
    click.echo(f"{chips.NOTE} Data: {vintage}.")
