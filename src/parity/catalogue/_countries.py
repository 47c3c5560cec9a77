"""Countries by any usual name, and groups of them: income groups, regions, blocs as of any date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache
from typing import NamedTuple

import polars as pl

from parity.catalogue._snapshot import load_table, snapshot_table
from parity.errors import ParityError, did_you_mean, one_of

# What long names add to a country's own words: form of state, manner of speaking, former belonging.
_FORMS = frozenset({
    "republic", "state", "states", "kingdom", "federation", "federal", "federated", "democratic", "people",
    "socialist", "islamic", "arab", "plurinational", "bolivarian", "cooperative", "commonwealth",
    "principality", "sultanate", "emirate", "grand", "duchy", "union", "united", "independent", "sar",
    "special", "administrative", "region", "province", "mainland", "island", "islands", "territory", "former",
    "formerly", "yugoslav", "china",
})  # fmt: skip
_SHORT = {
    "rep": "republic", "dem": "democratic", "fed": "federated", "isl": "islands", "is": "islands",
    "st": "saint", "peoples": "people", "fmr": "former",
}  # fmt: skip
_LINKS = frozenset({"and", "of", "the"})


class Country(NamedTuple):
    """A country or economy with an ISO 3166 code (or Kosovo's XKX).

    Attributes
    ----------
    iso3, iso2
        ISO 3166 alpha-3 and alpha-2 codes.
    name
        Usual English name.
    """

    iso3: str
    iso2: str
    name: str


def find_country(text: str) -> Country:
    """Return the country that a code or name means.

    Case, accents, punctuation and a leading "the" do not matter, nor do forms of state ("Republic of").

    Parameters
    ----------
    text
        ISO2, ISO3 or any usual name: ``"RUS"``, ``"uk"``, ``"Korea (Republic of)"``, ``"Brasil"``.

    Returns
    -------
    Country
        Codes and name.

    Raises
    ------
    ParityError
        If no country or several have that name; the message suggests the nearest ones.
    """
    key = plain(text)
    iso3 = _aliases().get(key) or _by_words(key) or _foreign().get(key)
    if iso3 is None:
        names = [country.name for country in _by_code().values()]
        raise ParityError(
            f"no country is known as '{text}'.{did_you_mean(text, names)} "
            "Give an ISO code (RUS, RU) or a usual English name"
        )
    return _by_code()[iso3]


def plain(text: str) -> str:
    """Reduce a name to what tells it from others: letters and digits, no accents, no case.

    Returns: words separated by single spaces, without a leading or trailing "the".
    """
    letters = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", kept.replace("'", "").replace("’", ""))
    if len(words) > 1:
        words = words[words[0] == "the" : len(words) - (words[-1] == "the")]
    return " ".join(words)


@cache
def _by_code() -> dict[str, Country]:
    rows = snapshot_table("countries").select("iso3", "iso2", "name").rows()
    return {row[0]: Country(*row) for row in rows}


@cache
def _aliases() -> dict[str, str]:
    return dict(snapshot_table("country_names").select("alias", "iso3").rows())


@cache
def _foreign() -> dict[str, str]:
    return dict(snapshot_table("foreign_names").select("alias", "iso3").rows())


def _by_words(key: str) -> str | None:
    """Return the only country with a name of the same words, then the only one but for forms of state.

    Order and abbreviations do not matter: "Korea, Dem. People's Rep. of" has the words of one name.
    Every other word has to be there, and no further one: "Guinea Bisau" is not Guinea.
    """
    whole, core = _words_of(key)
    named, bare = _by_word_set()
    # "Korea" is left of both republics: then only the whole name tells them apart.
    found = named.get(whole) or (bare.get(core, frozenset()) if core else frozenset())
    return next(iter(found)) if len(found) == 1 else None


def _words_of(key: str) -> tuple[frozenset[str], frozenset[str]]:
    words = frozenset(_SHORT.get(word, word) for word in key.split()) - _LINKS
    return words, words - _FORMS


@cache
def _by_word_set() -> tuple[dict[frozenset[str], frozenset[str]], dict[frozenset[str], frozenset[str]]]:
    """Return sets of words -> countries: of whole names, and without forms of state."""
    named: dict[frozenset[str], frozenset[str]] = {}
    bare: dict[frozenset[str], frozenset[str]] = {}
    for alias, iso3 in _aliases().items():
        if len(alias) <= 3:  # a code, not words: AND is Andorra
            continue
        whole, core = _words_of(alias)
        named[whole] = named.get(whole, frozenset()) | {iso3}
        bare[core] = bare.get(core, frozenset()) | {iso3}
    return named, bare


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
