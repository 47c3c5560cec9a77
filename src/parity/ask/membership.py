"""From what a user writes to countries: a bloc's name, codes or names of countries, changes to them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from parity.blocs import Bloc
from parity.catalogue import STATUSES, find_country, membership
from parity.errors import ParityError, one_of

_CHANGE = re.compile(r"\s*(\+)\s*|\s+(-)\s+")


def resolve(
    text: str,
    table: pl.DataFrame,
    on: dt.date | None = None,
    joining: Iterable[str] = (),
    leaving: Iterable[str] = (),
    partners: bool = False,
) -> Bloc:
    """Return the bloc that a text means.

    Parameters
    ----------
    text
        Blocs and countries (codes or names) separated by commas; one country is a bloc of one. After it
        may stand who joins and who leaves: ``BRICS + SAU - ETH``.
    table
        Table of memberships.
    on
        Date of the membership.
    joining, leaving
        Countries added, and taken out; a text may name several, separated by commas.
    partners
        Whether partner countries count as members.

    Raises
    ------
    ParityError
        If a part is neither a bloc nor a country, a country stands twice, one leaves that is not in or
        joins that is, nobody is left, or the bloc did not exist on the date.
    """
    if not text.strip(" ,+-"):
        raise ParityError(
            "an empty bloc: name one (parity bloc list shows them), or list countries: BRA,RUS,IND"
        )
    first, *rest = [part for part in _CHANGE.split(text.strip()) if part is not None]
    start = _union(first, table, on, partners)
    changes = [*zip(rest[::2], rest[1::2], strict=True)]
    changes += [("+", one) for one in joining] + [("-", one) for one in leaving]
    label, found = start.name, set(start.members)
    for sign, names in changes:
        for each in _listed(names, table, on, partners):
            codes = set(each.members)
            shown = each.name if len(codes) > 1 else each.members[0]
            if sign == "+" and codes <= found:
                raise ParityError(f"{shown} is in {label} already; leave it out of --with")
            if sign == "-" and not codes & found:
                raise ParityError(
                    f"{shown} is not in {label}, so it cannot leave; members are {', '.join(sorted(found))}"
                )
            found = found | codes if sign == "+" else found - codes
            label += f" {sign} {shown}"
    if not found:
        raise ParityError(f"{label} is empty: no country is left in it")
    members = tuple(sorted(found))
    suspended = tuple(code for code in start.suspended if code in found)
    return replace(start, name=label, members=members, suspended=suspended, before=start if changes else None)


def _union(text: str, table: pl.DataFrame, on: dt.date | None, partners: bool) -> Bloc:
    """Return blocs and countries as one."""
    parts = _listed(text, table, on, partners)
    if len(parts) == 1:
        return parts[0]
    found: set[str] = set()
    for each in parts:
        if len(each.members) == 1 and each.members[0] in found:
            raise ParityError(f"{each.members[0]} is listed twice ('{text}'); list each country once")
        found |= set(each.members)
    names = [each.members[0] if len(each.members) == 1 else each.name for each in parts]
    suspended = tuple(sorted(code for each in parts for code in each.suspended))
    read_in = tuple(row for each in parts for row in each.read_in)
    return Bloc(",".join(names), tuple(sorted(found)), on, suspended, read_in=read_in)


def _listed(text: str, table: pl.DataFrame, on: dt.date | None, partners: bool) -> list[Bloc]:
    """Return what is separated by commas; a name may hold one itself."""
    whole = _known(text, table, on, partners) if "," in text else None
    if whole is not None:
        return [whole]
    parts = [part.strip() for part in text.split(",") if part.strip()]
    found = []
    for part in parts:
        each = _known(part, table, on, partners)
        if each is None and len(parts) == 1:
            membership(part, on, table=table)  # says which blocs there are, and the nearest names
        found.append(each or _country(part))
    return found


def _known(text: str, table: pl.DataFrame, on: dt.date | None, partners: bool) -> Bloc | None:
    """Return a bloc of the table, or a country as a bloc of one; ``None`` where it is neither."""
    match = table.filter(pl.col("bloc").str.to_lowercase() == text.strip().lower())
    if match.is_empty():
        try:
            return _country(text.strip())
        except ParityError:
            return None
    rows = membership(text, on, ("member", "partner") if partners else ("member",), table)
    suspended = tuple(rows.filter("suspended")["iso3"])
    read_in = tuple(rows.select("source", "checked").rows())
    return Bloc(match["bloc"][0], tuple(rows["iso3"]), on, suspended, read_in=read_in)


def _country(text: str) -> Bloc:
    country = find_country(text)
    return Bloc(country.name, (country.iso3,))


def own_blocs(frame: pl.DataFrame, source: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table of memberships with a user's own, which have names of their own.

    Parameters
    ----------
    frame
        Columns ``bloc`` and ``iso3`` (code or name), and if wanted ``title``, ``date_from``, ``date_to``
        (ISO dates), ``status``, ``source``.
    source
        Name of the file, for messages and as the rows' source.
    table
        The table of memberships that they join.

    Raises
    ------
    ParityError
        If a column is absent or unknown, or a cell is not what it should be.
    """
    shape = table.schema
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
    if unnamed := text["bloc"].is_null().arg_true().to_list():
        raise ParityError(f"{source}: row {unnamed[0] + 1} names no bloc")
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
    own = dated.select(list(shape)).cast(dict(shape))  # type: ignore[arg-type]
    known = set(table["bloc"].str.to_lowercase())
    if taken := [name for name in own["bloc"].unique(maintain_order=True) if name.lower() in known]:
        raise ParityError(
            f"{source}: {taken[0]} is a bloc that is known, and answers would bear its title; "
            f"give yours a name of its own, such as 'my {taken[0]}'"
        )
    return pl.concat([own, table])


def _per_row(names: Sequence[str | None], source: str) -> list[str]:
    found = []
    for row, name in enumerate(names, 1):
        if not name:
            raise ParityError(f"{source}: row {row} names no country")
        found.append(find_country(name).iso3)
    return found
