"""The measure on the catalogue's own tables: what the command line and a notebook call."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import polars as pl

from parity import dates
from parity.catalogue import find_country, load_table, vintage
from parity.chips._lookup import Device, find_device
from parity.chips._rulebook import TABLES, RuleBook
from parity.chips._ruling import Ruling, judge
from parity.chips._screen import screen

# Destinations that are no countries, and names that people type for destinations. A region's code is one that
# ISO 3166 leaves to users.
REGIONS = {"XCR": "Crimea region of Ukraine", "XDL": "Donetsk and Luhansk regions of Ukraine held by Russia"}
TYPED = {
    **dict.fromkeys(("xcr", "crimea", "crimea region", "sevastopol", "simferopol"), "XCR"),
    **dict.fromkeys(("xdl", "donetsk", "luhansk", "lugansk", "dnr", "lnr", "dpr", "lpr", "donbas"), "XDL"),
    **dict.fromkeys(("donetsk region", "luhansk region", "donbass"), "XDL"),
    **dict.fromkeys(("ksa", "saudi", "riyadh"), "SAU"),
    **dict.fromkeys(("dubai", "abu dhabi", "uae dubai", "sharjah"), "ARE"),
    **dict.fromkeys(("s korea", "korea south", "seoul"), "KOR"),
    **dict.fromkeys(("republic of china", "republic of china taiwan", "roc"), "TWN"),
    **dict.fromkeys(("gaza", "west bank", "gaza strip"), "PSE"),
    **dict.fromkeys(("beijing", "shanghai", "shenzhen", "mainland"), "CHN"),
}


def destination(text: str) -> str:
    """Return the code of a destination as people type it: a country, or a region that the rules name.

    Raises
    ------
    ParityError
        If no destination is known by that name.
    """
    plain = " ".join(re.findall(r"\w+", text.casefold()))
    return TYPED.get(plain) or find_country(text).iso3


@cache
def rulebook() -> RuleBook:
    """Return the rules of the catalogue."""
    return RuleBook.of({name: load_table(name) for name in TABLES}, vintage())


@cache
def accelerators() -> pl.DataFrame:
    """Return the accelerators of the catalogue."""
    return load_table("accelerators")


def rule(
    device: str | Device,
    *,
    to: str,
    on: date | str | None = None,
    headquarters: str | None = None,
    data_center: bool | None = None,
    book: RuleBook | None = None,
    exported_from: str | None = None,
) -> Ruling:
    """Rule on a device, a destination and a day.

    Parameters
    ----------
    device
        Name of an accelerator, or a device from ``describe_device``.
    to
        Destination: ISO code or usual English name.
    on
        Day, or ``"YYYY-MM-DD"``; the last day to which rules were looked for by default.
    headquarters
        Seat of the parties or their ultimate parent; without it the ruling is for parties of the
        destination, and names the seats for which it is another.
    data_center
        Whether the device is designed or marketed for data centres; the catalogue's answer by default.
    book
        Rules; the catalogue's by default.
    exported_from
        Where it is exported from; the United States by default.

    Returns
    -------
    Ruling
        Rule text, letters, and what neither settles, each step cited.

    Raises
    ------
    ParityError
        If the device or the country is unknown, or the day is no day.

    Examples
    --------
    >>> rule("H20", to="China", on="2025-01-31").status
    'not_controlled'
    """
    book = book or rulebook()
    found = find_device(device, accelerators()) if isinstance(device, str) else device
    seat, origin = (destination(text) if text else None for text in (headquarters, exported_from))
    day = dates.read_if(on) or book.checked_to
    return judge(found, book, destination(to), day, seat, data_center, origin)


def screen_table(table: pl.DataFrame, book: RuleBook | None = None) -> pl.DataFrame:
    """Rule on every row of a table with the catalogue's accelerators and country names.

    Parameters
    ----------
    table
        Columns ``device`` (or ``tops`` and ``bits``) and ``to``; optionally ``on``, ``headquarters`` and
        figures.
    book
        Rules; the catalogue's by default.

    Returns
    -------
    polars.DataFrame
        One row per row, in its order: see ``screen``.

    Raises
    ------
    ParityError
        If a needed column is absent.
    """
    return screen(table, book or rulebook(), accelerators(), destination)
