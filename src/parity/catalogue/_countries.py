"""Countries by any usual name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from parity.catalogue._snapshot import snapshot_table
from parity.errors import ParityError, did_you_mean

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
