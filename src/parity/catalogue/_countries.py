"""Countries by any usual name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import polars as pl

from parity.catalogue._snapshot import snapshot_table
from parity.errors import ParityError, did_you_mean

# What long names add to a country's own words: form of state, manner of speaking, former belonging.
_FORMS = frozenset({
    "and", "of", "the", "republic", "rep", "state", "states", "kingdom", "federation", "federal", "fed",
    "federated", "democratic", "dem", "people", "peoples", "socialist", "islamic", "arab",
    "plurinational", "bolivarian", "cooperative", "commonwealth", "principality", "sultanate", "emirate",
    "grand", "duchy", "union", "united", "independent", "sar", "special", "administrative", "region",
    "province", "mainland", "island", "islands", "isl", "is", "territory", "former", "fmr", "formerly",
    "yugoslav", "fyr", "tfyr", "dprk", "rok", "prc", "saint", "st",
})  # fmt: skip


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
        ISO2, ISO3 or any usual name: ``"RUS"``, ``"uk"``, ``"Korea (Republic of)"``.

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
    iso3 = _aliases().get(key) or _by_pattern(text)
    if iso3 is None:
        names = [country.name for country in _by_code().values()]
        raise ParityError(
            f"no country is known as '{text}'.{did_you_mean(text, names)} "
            "Give an ISO code (RUS, RU) or a usual English name"
        )
    return _by_code()[iso3]


def plain(text: str) -> str:
    """Reduce a name to what tells it from others: letters and digits, no accents, no case.

    Parameters
    ----------
    text
        Any name, in any script.

    Returns
    -------
    str
        Words separated by single spaces, without a leading or trailing "the".
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


def _by_pattern(text: str) -> str | None:
    """Return the only country whose country_converter pattern finds itself in the text.

    The patterns look for parts of words: "Guinea Bisau" has that of Guinea in it. A text counts
    only if it is the converter's own name of the country ("French Republic"), or every word of it stands
    in one of the country's names or is a form of state.
    """
    if (named := _converter_names().get(plain(text))) is not None:
        return named
    found = [iso3 for iso3, pattern in _patterns() if pattern.search(text)]
    if len(found) != 1 or not set(plain(text).split()) <= _words()[found[0]] | _FORMS:
        return None
    return found[0]


@cache
def _converter_names() -> dict[str, str]:
    """Return country_converter's short and official names, reduced."""
    known = converter_table().filter(pl.col("ISO3").is_in(list(_by_code())))
    rows = known.select("ISO3", "name_short", "name_official").rows()
    return {plain(name): iso3 for iso3, *names in rows for name in names if name}


@cache
def _words() -> dict[str, set[str]]:
    """Return all words of the names of each country."""
    words: dict[str, set[str]] = {code: set() for code in _by_code()}
    for alias, iso3 in _aliases().items():
        words.setdefault(iso3, set()).update(alias.split())
    return words


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    known = converter_table().filter(pl.col("ISO3").is_in(list(_by_code())))
    return [(iso3, re.compile(regex, re.IGNORECASE)) for iso3, regex in known.select("ISO3", "regex").rows()]


def converter_table() -> pl.DataFrame:
    """Return country_converter's table of the countries of today, every cell as text.

    Its own reader imports pandas (half a second) and, with version 3 of that, takes Namibia's
    code NA for a missing value; the table alone is what we need.

    Raises
    ------
    ParityError
        If the package is not installed.
    """
    spec = find_spec("country_converter")
    if spec is None or not spec.submodule_search_locations:
        raise ParityError("the package country_converter is not installed; install it with pip")
    path = Path(spec.submodule_search_locations[0]) / "country_data.tsv"
    table = pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)
    return table.filter(pl.col("obsolete").is_null())
