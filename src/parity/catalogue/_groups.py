"""Groups of countries: income groups and regions as they are, blocs as of any date."""

from __future__ import annotations

import datetime as dt

import polars as pl

from parity.catalogue._snapshot import load_table
from parity.errors import ParityError, did_you_mean, one_of

STATUSES = ("member", "partner", "observer", "invited")
"""What a country may be to a bloc."""


def members(group: str, on: dt.date | None = None) -> list[str]:
    """Return the members of a group.

    Parameters
    ----------
    group
        Name of a bloc, an income group or a region, in any case: ``"BRICS"``, ``"High income"``.
    on
        Date, for a bloc; by default the members whose membership has not ended.

    Returns
    -------
    list of str
        ISO3 codes, sorted; of a bloc its full members alone, not its partners or invited countries.

    Raises
    ------
    ParityError
        If there is no such group (the message lists the groups), or the bloc had no member yet.
    """
    table = load_table("groups")
    found = table.filter(pl.col("group").str.to_lowercase() == group.strip().lower())
    if found.is_empty():
        return membership(group, on, ("member",))["iso3"].to_list()
    return found["iso3"].sort().to_list()


def membership(
    bloc: str,
    on: dt.date | None = None,
    statuses: tuple[str, ...] = STATUSES,
    table: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return who belongs to a bloc, with dates, status and source.

    Parameters
    ----------
    bloc
        Name of a bloc, in any case.
    on
        Date; by default what has not ended.
    statuses
        Statuses to keep: ``member``, ``partner``, ``observer``, ``invited``.
    table
        Table of memberships to look in; by default that of the catalogue.

    Returns
    -------
    polars.DataFrame
        Rows of the table ``memberships``, one per country, sorted by code.

    Raises
    ------
    ParityError
        If there is no such bloc, or it had no member yet on the date, or none any more; the message
        says since when, or until when, it has.
    """
    known = load_table("memberships") if table is None else table
    rows = known.filter(pl.col("bloc").str.to_lowercase() == bloc.strip().lower())
    if rows.is_empty():
        names = known["bloc"].unique().sort().to_list()
        groups = load_table("groups")["group"].unique().sort().to_list()
        raise ParityError(
            f"no group '{bloc}'.{did_you_mean(bloc, [*names, *groups])} Blocs: {one_of(names)}; "
            f"income groups and regions: {one_of(groups)}"
        )
    kept = rows.filter(pl.col("status").is_in(statuses), _in_force(on)).sort("iso3")
    if not kept.is_empty():
        return kept
    full = rows.filter(pl.col("status").is_in(statuses))
    first = full["date_from"].min()
    if on is not None and isinstance(first, dt.date) and on < first:
        raise ParityError(f"{rows['bloc'][0]} did not exist on {on}: its first members joined on {first}")
    when = "today" if on is None else f"on {on}"
    last = full["date_to"].max()
    if (
        full.height
        and not full["date_to"].has_nulls()
        and isinstance(last, dt.date)
        and (on is None or on >= last)
    ):
        raise ParityError(
            f"{rows['bloc'][0]} does not exist {when}: its last membership ended on {last}; ask for a day "
            f"before, such as {last - dt.timedelta(days=1)}"
        )
    raise ParityError(f"{rows['bloc'][0]} has no country of status {one_of(statuses)} {when}")


def _in_force(on: dt.date | None) -> pl.Expr:
    if on is None:
        return pl.col("date_to").is_null()
    return (pl.col("date_from") <= on) & (pl.col("date_to").is_null() | (pl.col("date_to") > on))


def blocs(on: dt.date | None = None) -> pl.DataFrame:
    """Return the blocs with their size.

    Parameters
    ----------
    on
        Date; by default what has not ended.

    Returns
    -------
    polars.DataFrame
        ``bloc``, ``title``, ``since`` (first member joined), ``members`` (of whom ``suspended``),
        ``partners``, ``observers``, ``invited``, ``disputed`` (countries whose status is),
        ``approximate`` (rows without a sure date or source); blocs that did not exist yet, or do no
        longer, are left out.
    """
    table = load_table("memberships")
    now = _in_force(on)
    counts = {
        name: ((pl.col("status") == status) & now).sum().cast(pl.Int64)
        for name, status in zip(("members", "partners", "observers", "invited"), STATUSES, strict=True)
    }
    found = table.group_by("bloc", "title").agg(
        since=pl.col("date_from").filter(pl.col("status") == "member").min(),
        suspended=(pl.col("suspended") & now).sum().cast(pl.Int64),
        disputed=(pl.col("disputed") & now).sum().cast(pl.Int64),
        approximate=((pl.col("certainty") == "approximate") & now).sum().cast(pl.Int64),
        **counts,
    )
    order = ["bloc", "title", "since", *("members", "suspended", "partners", "observers", "invited")]
    order += ["disputed", "approximate"]
    return found.filter(pl.col("members") > 0).select(order).sort("bloc")
