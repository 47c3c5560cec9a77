"""``parity pledges add``: a file of pledges of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from parity import dates
from parity.ask.pledges import binding
from parity.errors import ParityError


@click.group(name="pledges")
def command() -> None:
    """Governments' dated commitments on AI: who, what, due when, kept or not.

    \b
    Examples:
      parity pledges list --country RUS
      parity pledges due --before 2027-01-01 --ics pledges.ics
      parity pledges show kor-gpus-10000-2025
    """


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
