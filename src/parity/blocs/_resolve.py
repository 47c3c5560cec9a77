"""From what a user writes to countries: a bloc's name, codes or names of countries, changes to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from parity.catalogue import STATUSES, find_country, load_table, membership
from parity.errors import ParityError, one_of


@dataclass(frozen=True, slots=True)
class Bloc:
    """A named set of countries.

    Attributes
    ----------
    name
        What to call it.
    members
        ISO3 codes, sorted.
    on
        Date of the membership; ``None`` for the present one, or a list by hand.
    """

    name: str
    members: tuple[str, ...]
    on: dt.date | None = None


def resolve(
    text: str,
    on: dt.date | None = None,
    joining: Iterable[str] = (),
    leaving: Iterable[str] = (),
    partners: bool = False,
    table: pl.DataFrame | None = None,
) -> Bloc:
    """Return the bloc that a text means.

    Parameters
    ----------
    text
        Name of a bloc, or countries separated by commas (codes or names); one country is a bloc of one.
    on
        Date of the membership.
    joining, leaving
        Countries added, and taken out.
    partners
        Whether partner countries count as members.
    table
        Table of memberships in place of the catalogue's.

    Raises
    ------
    ParityError
        If it is neither a bloc nor countries, a country stands twice, one leaves that is not in or
        joins that is, nobody is left, or the bloc did not exist on the date.
    """
    name, found = _named(text, on, partners, table)
    added, gone = _codes(joining), _codes(leaving)
    for code in added:
        if code in found:
            raise ParityError(f"{code} is in {name} already; leave it out of --with")
    for code in gone:
        if code not in found:
            raise ParityError(f"{code} is not in {name}, so it cannot leave; members are {', '.join(found)}")
    members = tuple(sorted({*found, *added} - set(gone)))
    if not members:
        raise ParityError(f"{name} is empty: no country is left in it")
    label = name + "".join(f" + {code}" for code in added) + "".join(f" - {code}" for code in gone)
    return Bloc(label, members, on)


def _named(
    text: str, on: dt.date | None, partners: bool, table: pl.DataFrame | None
) -> tuple[str, list[str]]:
    if not text.strip(" ,"):
        raise ParityError(
            "an empty bloc: name one (parity bloc list shows them), or list countries: BRA,RUS,IND"
        )
    known = load_table("memberships") if table is None else table
    match = known.filter(pl.col("bloc").str.to_lowercase() == text.strip().lower())
    if not match.is_empty():
        statuses = ("member", "partner") if partners else ("member",)
        return match["bloc"][0], membership(text, on, statuses, known)["iso3"].to_list()
    if "," not in text:
        try:
            country = find_country(text)
        except ParityError:
            membership(text, on, table=known)  # says which blocs there are, and the nearest names
            raise
        return country.name, [country.iso3]
    codes = _codes(text.split(","))
    return ",".join(codes), codes


def _codes(names: Iterable[str]) -> list[str]:
    """Return the codes of countries, in order.

    Raises
    ------
    ParityError
        If a name is unknown or a country stands twice.
    """
    found: list[str] = []
    for name in names:
        if not name.strip():
            continue
        code = find_country(name.strip()).iso3
        if code in found:
            raise ParityError(f"{code} is listed twice ('{name.strip()}'); list each country once")
        found.append(code)
    return found


def own_blocs(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Return a user's table of memberships in the form of the catalogue's.

    Parameters
    ----------
    frame
        Columns ``bloc`` and ``iso3`` (code or name), and if wanted ``title``, ``date_from``, ``date_to``
        (ISO dates), ``status``, ``source``.
    source
        Name of the file, for messages and as the rows' source.

    Raises
    ------
    ParityError
        If a column is absent or unknown, or a cell is not what it should be.
    """
    shape = load_table("memberships").schema
    absent = {"bloc", "iso3"} - set(frame.columns)
    if absent or (odd := set(frame.columns) - set(shape)):
        raise ParityError(
            f"{source}: a table of blocs has the columns bloc and iso3, and may have "
            f"{', '.join(name for name in shape if name not in ('bloc', 'iso3'))}; "
            f"it has {', '.join(frame.columns)}{'' if absent else f' (unknown: {sorted(odd)})'}"
        )
    text = frame.select(pl.all().cast(pl.String).str.strip_chars().replace("", None))
    defaults = {
        "title": "",
        "precision": "day",
        "status": "member",
        "suspended": "false",
        "disputed": "false",
        "certainty": "sourced",
        "source": source,
        "note": "",
    }
    for column in shape:
        if column not in text.columns:
            text = text.with_columns(pl.lit(defaults.get(column), dtype=pl.String).alias(column))
        elif column in defaults:
            text = text.with_columns(pl.col(column).fill_null(defaults[column]))
    odd_status = set(text["status"]) - set(STATUSES)
    if odd_status:
        raise ParityError(f"{source}: status {one_of(odd_status)} is none of {one_of(STATUSES)}")
    codes = _per_row(text["iso3"].to_list(), source)
    try:
        dated = text.with_columns(
            pl.Series("iso3", codes),
            pl.col("date_from").str.to_date("%Y-%m-%d").fill_null(dt.date(1, 1, 1)),
            pl.col("date_to").str.to_date("%Y-%m-%d"),
            suspended=pl.col("suspended").str.to_lowercase() == "true",
            disputed=pl.col("disputed").str.to_lowercase() == "true",
        )
    except pl.exceptions.PolarsError:
        raise ParityError(f"{source}: dates are written 2024-01-31") from None
    twice = dated.filter(dated.select("bloc", "iso3", "date_from").is_duplicated())
    if twice.height:
        raise ParityError(f"{source}: {twice['iso3'][0]} is listed twice in {twice['bloc'][0]}")
    backwards = dated.filter(pl.col("date_to") <= pl.col("date_from"))
    if backwards.height:
        row = backwards.row(0, named=True)
        raise ParityError(
            f"{source}: {row['iso3']} in {row['bloc']} belongs until {row['date_to']}, which is not after "
            f"{row['date_from']}; date_to is the first day on which it no longer does"
        )
    return dated.select(list(shape)).cast(dict(shape))  # type: ignore[arg-type]


def _per_row(names: Sequence[str | None], source: str) -> list[str]:
    found = []
    for row, name in enumerate(names, 1):
        if not name:
            raise ParityError(f"{source}: row {row} names no country")
        found.append(find_country(name).iso3)
    return found
