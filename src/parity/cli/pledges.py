"""``parity pledges``: governments' dated commitments, and how they stand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parity import dates
from parity.answers.pledges import binding, pledge_answer, pledges_answer
from parity.cli.answers import json_option, print_json
from parity.errors import NoAnswerError, ParityError

if TYPE_CHECKING:
    from parity.pledges import Pledge


def shared_options(command: Any) -> Any:
    """Give a command the options that every form of the list has."""
    for option in (
        json_option,
        click.option("--ics", type=click.Path(), help="Write the due dates to a calendar file (.ics)."),
        click.option(
            "--file", "own", type=click.Path(), help="Your own pledges (TOML), added to the carried ones."
        ),
        click.option("--on", metavar="DATE", help="Day of the status; today by default."),
        click.option("--country", help="Country or bloc: ISO code, usual English name, EU."),
    ):
        command = option(command)
    return command


@click.group(name="pledges")
def command() -> None:
    """Governments' dated commitments on AI: who, what, due when, kept or not.

    \b
    Examples:
      parity pledges list --country RUS
      parity pledges due --before 2027-01-01 --ics pledges.ics
      parity pledges show kor-gpus-10000-2025
    """


@command.command(name="list")
@shared_options
def list_(country: str | None, on: str | None, own: str | None, ics: str | None, as_json: bool) -> None:
    """List pledges with their status, by due date.

    \b
    Examples:
      parity pledges list
      parity pledges list --country KOR --json
    """
    _show(_found(country, own), on, ics, as_json)


@command.command()
@click.option("--before", required=True, metavar="DATE", help="Last due date to list.")
@shared_options
def due(
    before: str, country: str | None, on: str | None, own: str | None, ics: str | None, as_json: bool
) -> None:
    """List what falls due from the day of the status up to a date.

    \b
    Examples:
      parity pledges due --before 2027-01-01 --country EU
    """
    start, end = _status_day(on), dates.read(before, ahead=True)
    found = [pledge for pledge in _found(country, own) if start <= pledge.due <= end]
    if not found:
        raise NoAnswerError(f"nothing on record falls due from {start} to {end}")
    _show(found, on, ics, as_json)


@command.command()
@click.argument("name")
@click.option("--on", metavar="DATE", help="Day of the status; today by default.")
@click.option("--file", "own", type=click.Path(), help="Your own pledges (TOML).")
@json_option
def show(name: str, on: str | None, own: str | None, as_json: bool) -> None:
    """Show one pledge with its evidence and source.

    \b
    Examples:
      parity pledges show rus-china-ai-cooperation
    """
    from parity.ask.years import rank_ranges
    from parity.pledges import assess, find

    pledge = find(name, _found(None, own))
    status = assess(pledge, _status_day(on), rank_ranges)
    if as_json:
        print_json(pledges_answer([pledge], status.on))
        return
    rows = pledge_answer(pledge, status).model_dump(exclude={"measured", "made_precision"}, exclude_none=True)
    for key, value in (rows | {"made": pledge.made_text}).items():
        click.echo(f"{key.replace('_', ' '):>16}  {value}")


@command.command()
@click.option("--file", "own", type=click.Path(), required=True, help="Your file (TOML); made if absent.")
@click.option("--id", "name", required=True, help="Short name: small letters, digits, hyphens.")
@click.option("--country", required=True, help="Country or bloc that it binds.")
@click.option("--who", required=True, help="Who has to act.")
@click.option("--what", required=True, help="What is to be done.")
@click.option("--made", required=True, metavar="DATE", help="Day on which it was made.")
@click.option("--due", "due_", required=True, metavar="DATE", help="Last day.")
@click.option("--source", required=True, help="Page that states it.")
@click.option("--target", type=float, help="Number to be reached.")
@click.option("--unit", help="Unit of the target.")
@click.option("--measure", help="Indicator of Parity that measures it, or open-ai-index for a rank.")
def add(own: str, name: str, country: str, made: str, due_: str, **fields: Any) -> None:
    """Add a pledge to your own file.

    \b
    Examples:
      parity pledges add --file mine.toml --id lux-report --country LUX --who Government --what Report --made 2025-05-01 --due 2030-12-31 --source https://example.org
    """  # noqa: E501 an example is one line
    import tomli_w

    from parity.catalogue import files
    from parity.pledges import read_pledges

    text = files.read_text(own) if Path(own).exists() else ""
    if any(pledge.id == name for pledge in read_pledges(text, own)):
        raise ParityError(f"{own} has a pledge '{name}' already; give another --id")
    row = {key: value for key, value in fields.items() if value is not None}
    named = {4: "year", 7: "month"}.get(len(made.strip()), "day")
    row |= {"country": binding(country), "made": dates.read(made, first=True), "made_precision": named}
    row |= {"due": dates.read(due_, ahead=True)}
    added = f"{text.rstrip()}\n\n" * bool(text.strip()) + tomli_w.dumps({name: row})
    read_pledges(added, own)
    files.write_text(own, added)
    click.echo(f"{name} added to {own}; `parity pledges list --file {own}` shows it", err=True)


def _found(country: str | None, own: str | None) -> list[Pledge]:
    from parity.catalogue import files
    from parity.pledges import pledges, read_pledges

    mine = read_pledges(files.read_text(own), own) if own else ()
    code = binding(country) if country else None
    found = pledges(code, mine)
    if not found:
        raise NoAnswerError(f"no pledge of {country} is on record; `parity pledges list` shows all")
    return found


def _status_day(on: str | None) -> dt.date:
    return dates.read_if(on) or dates.today()


def _show(found: list[Pledge], on: str | None, ics: str | None, as_json: bool) -> None:
    from parity.ask.years import rank_ranges
    from parity.catalogue import files
    from parity.pledges import calendar, status_table

    day = _status_day(on)
    if ics:
        files.write_bytes(ics, calendar(found, dt.datetime.now(tz=dt.UTC)).encode())
        click.echo(f"{len(found)} due dates written to {ics}", err=True)
    if as_json:
        print_json(pledges_answer(found, day))
    elif not ics:
        from parity.cli._tables import print_table

        table = status_table(found, day, rank_ranges)
        print_table(table.select("due", "country", "status", "what", "id"), f"Pledges as of {day}")
