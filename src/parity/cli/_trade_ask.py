"""What a question about trade is asked of: flows, codes, blocs, dates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from parity.errors import ParityError

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure
    from pydantic import BaseModel

    from parity.trade import CodeList
    from parity.trade.defaults import Blocs

Command = TypeVar("Command", bound=Callable[..., object])

START = "2022-02-24"
side_option = click.option(
    "--side",
    type=click.Choice(["auto", "import", "export"]),
    default="auto",
    show_default=True,
    help="Whose reports to use: the country's own imports, or its suppliers' exports.",
)


class Asked(NamedTuple):
    """What every question needs."""

    flows: pl.DataFrame
    codes: CodeList
    blocs: Blocs
    vintage: str


def question_options(command: Command) -> Command:
    """Give a command ``--codes``, ``--concord``, ``--data`` and ``--figure``."""
    for option in (
        click.option("--figure", type=click.Path(), help="Write a figure (.png, .svg, .pdf)."),
        click.option(
            "--data",
            type=click.Path(),
            help="Your own table of flows, or files of BACI as Parquet; the snapshot by default.",
        ),
        click.option(
            "--concord",
            is_flag=True,
            help="Join codes that were renumbered in 2022 with the older ones.",
        ),
        click.option(
            "--codes",
            default=None,
            help="chpl (priority list), chpl1 ... chpl4.B, chips (8542), total, or HS codes with commas.",
        ),
    ):
        command = option(command)
    return command


def ask(
    codes: str | None,
    concord: bool,
    data: str | None,
    *,
    reporters: Callable[[Blocs], Collection[str]] | None = None,
    fallback: str = "total",
) -> Asked:
    """Return what a question needs.

    Parameters
    ----------
    codes
        Goods as the user wrote them; ``fallback`` where none are.
    concord
        Whether to join renumbered codes.
    data
        The user's table; the snapshot by default.
    reporters
        From the blocs to the countries that must report.
    fallback
        Goods that are meant where the user names none.
    """
    from parity.catalogue import load_table, members, vintage
    from parity.catalogue.trade import load_flows
    from parity.trade import check_flows, code_list
    from parity.trade.defaults import Blocs

    blocs = Blocs.of(members)
    goods = code_list(codes or fallback, load_table("hs_codes"), concord=concord)
    flows = load_flows(
        data,
        codes=goods.codes,
        reporters=None if reporters is None else reporters(blocs),
    )
    line = f"{data}; {vintage()}" if data else vintage()
    return Asked(check_flows(flows, data or "flows"), goods, blocs, line)


def more(asked: Asked, country: str, data: str | None, why: str) -> tuple[str, ...]:
    """Return what the catalogue knows about a country's supply, and how to know more.

    Parameters
    ----------
    asked
        The question.
    country
        ISO3.
    data
        The user's table; of that nothing is said.
    why
        Why shares are not known; empty where they are.
    """
    from parity.catalogue import load_table
    from parity.trade import at_hand

    if data or not why:
        return ()
    groups = asked.blocs.groups(country)
    others = (*groups["China"], *groups["hubs"], *groups["neighbours"])
    return at_hand(load_table("flows"), country, others, asked.blocs.union)


def fallback_codes(reporter: str) -> str:
    """Return the goods that the snapshot has of a reporter: chips of Taiwan, all goods of others."""
    return "chips" if reporter == "TWN" else "total"


def day(text: str) -> date:
    """Return a date.

    Raises
    ------
    ParityError
        If the text is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParityError(f"'{text}' is no date; write it as {START}") from None


def countries(text: str | None) -> tuple[str, ...]:
    """Return the ISO3 codes of countries separated by commas."""
    from parity.catalogue import find_country

    return tuple(find_country(name).iso3 for name in (text or "").split(",") if name.strip())


def reporter_of(text: str) -> str:
    """Return a reporter: a union by its name, or ISO3."""
    from parity.catalogue import find_country
    from parity.trade import UNIONS

    return text.upper() if text.upper() in UNIONS else find_country(text).iso3


def save(draw: Callable[[], Figure], path: str | None) -> None:
    """Write a figure where a path is given."""
    if path is not None:
        from parity.cli._figures import save_figure

        save_figure(draw(), path)


def tell(
    asked: Asked,
    answer: Any,
    as_json: bool,
    model: Callable[[dict[str, Any]], BaseModel],
    tables: Iterable[tuple[pl.DataFrame, str]],
    notes: Iterable[str] = (),
) -> None:
    """Print an answer.

    Parameters
    ----------
    asked
        The question.
    answer
        Its result.
    as_json
        Whether to print JSON.
    model
        From the keys that every answer about trade has to the answer.
    tables
        Tables and their titles, printed otherwise.
    notes
        What to know beside what the codes say.
    """
    said = [note for note in (*asked.codes.notes, *notes) if note]
    if as_json:
        from parity.cli.answers import print_json

        keys = {"codes": asked.codes.name, "hs": list(asked.codes.codes), "notes": said}
        keys |= {"data": asked.vintage, "sources": list(answer.sources), "verdict": answer.verdict()}
        print_json(model(keys))
        return
    from parity.cli._tables import print_table

    for table, title in tables:
        print_table(table, title=title)
    click.echo(f"\n{answer.verdict()}")
    for note in said:
        click.echo(f"Note: {note}.")
    click.echo(f"Sources: {', '.join(answer.sources) or 'your table'}. Data: {asked.vintage}.")
