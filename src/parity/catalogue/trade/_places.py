"""Places as trade statistics write them -> ISO3, or why they are no country: one rule for all readers."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import polars as pl

from parity.catalogue._countries import find_country, plain
from parity.catalogue._snapshot import load_table
from parity.catalogue.build._flow_names import listed
from parity.errors import ParityError

WORLD = "WLD"
THE_WORLD, SUM = "the world", "a sum of countries"
UNSPECIFIED, HISTORIC = "an area not specified", "an area that is no more"
UNKNOWN = "no country of the catalogue"

# United Nations trade statistics number some customs territories otherwise than ISO 3166 does: France with
# Monaco, Norway with Svalbard, Switzerland with Liechtenstein, the United States with Puerto Rico, India, and
# "Other Asia, not elsewhere specified", which stands for Taiwan.
COMTRADE = {251: "FRA", 490: "TWN", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA"}
# Areas that UN Comtrade and BACI number beside the countries of today.
NO_COUNTRY = {
    THE_WORLD: (0,),
    SUM: (97, 471, 472, 473, 492, 697, 711, 975),
    UNSPECIFIED: (129, 221, 290, 295, 527, 536, 568, 577, 636, 637, 837, 838, 839, 849, 879, 899),
    # Some numbers changed with the borders, as that of Sudan in 2012.
    HISTORIC: (
        *(58, 200, 230, 278, 280, 457, 459, 461, 530, 532, 582, 588, 590, 592, 647, 717, 720),
        *(736, 810, 835, 836, 866, 868, 886, 890, 891),
    ),
}
# Letters that are not ISO 3166's: UN Comtrade, WITS (the World Bank's older codes), Eurostat.
LETTERS = {
    "S19": "TWN",
    "OAS": "TWN",
    "ROM": "ROU",
    "SER": "SRB",
    "ZAR": "COD",
    "TMP": "TLS",
    "MNT": "MNE",
    "KSV": "XKX",
    "WBG": "PSE",
    "ADO": "AND",
    "IMY": "IMN",
    "EL": "GRC",
    "UK": "GBR",
    "XI": "GBR",
    "XS": "SRB",
    "XK": "XKX",
}
NO_COUNTRY_LETTERS = {
    THE_WORLD: ("W00", "WLD", "WORLD"),
    SUM: ("EUN", "EU", "EUR"),
    UNSPECIFIED: ("UNS", "SPE", "FRE", "BUN", "NZE", "USP", "_X", "XX", "XB", "XF", "XC", "XL", "Q[P-Z]"),
    HISTORIC: ("BLX", "BAT", "CSK", "DDR", "SVU", "YUG", "YDR", "PCZ", "SUD", "SCG", "ANT", "ETF", "VDR"),
}
WORLD_WORDS = r"(world|all|all countries|all partners|total|全球|全世界|世界|全部國家|合計|總計|總額)"
HISTORIC_WORDS = (
    r"^(fmr|former|fm)\b|\((before|until|bef\b|\.\.\.|-|–)|belgium-luxembourg|czechoslovakia|ussr"
    r"|soviet union"
    r"|yugoslavia(?!,? rep)|serbia and montenegro|neth(\.|erlands) antilles|democratic yemen|\bfr\(serbia"
)
UNSPECIFIED_WORDS = (
    r"\bnes\b|n\.e\.s|not elsewhere|not specified|unspecified|undefined|special categor|free zone|bunker"
    r"|stores and|neutral zone|secret|confidential|unknown|not determined|^others?\b|其他|其它|不明|未列"
)
SUM_WORDS = r"^(eu-?\d*|ea\d*|ext(ra)?|int(ra)?)([ _-]|\d|$)|^asean$|\b(union|euro area|oecd)\b"
# The Union of 27 may report as one; as a partner it is a sum.
UNION = ("EU27_2020", "EU27")


class Place(NamedTuple):
    """What a place is."""

    iso3: str | None  # the country (`WORLD` for all of them); ``None`` where it is none
    why: str  # why it is none, empty for a country
    label: str  # what to call it


def place(*texts: str, reporter: bool = False) -> Place | None:
    """Return what a source means by a place.

    ``texts``: what it writes: number, letters, name, as many as there are; the first that tells something
    counts. ``reporter``: whether it reports: the European Union of 27 may do so as one. Returns: ``None``
    for a name that nobody knows: it may be a slip, and is for the user to mend.
    """
    given = [text.strip() for text in texts if text and text.strip()]
    label = given[-1] if given else "(empty)"
    if reporter and UNION[0] in given:
        return Place(UNION[1], "", label)
    unknown = None
    for text in given:
        found = _one(text, label)
        if found is not None and found.why != UNKNOWN:
            return found
        unknown = unknown or found
    return unknown if given else Place(None, UNSPECIFIED, label)


def countries_of(*texts: str) -> set[str]:
    """Return the countries that a place's number and letters mean; several if they contradict each other."""
    known = numbers_of()
    letters = {**{iso3: iso3 for iso3 in known.values()}, **LETTERS}
    given = [text.strip().removesuffix(".0") for text in texts]
    found = (known.get(int(text)) if text.isdecimal() else letters.get(text) for text in given)
    return {iso3 for iso3 in found if iso3}


@cache
def _one(text: str, label: str) -> Place | None:
    """Return what one text means; ``UNKNOWN`` for a code that is no country's, ``None`` for such a name."""
    digits = text.removesuffix(".0")
    if digits.isdecimal():
        return _by_number(int(digits), label)
    upper = text.upper()
    if upper in LETTERS:
        return Place(LETTERS[upper], "", label)
    for why, codes in NO_COUNTRY_LETTERS.items():
        if re.fullmatch("|".join(codes), upper):
            return Place(WORLD if why == THE_WORLD else None, why, label)
    return _by_name(text, label)


def _by_number(number: int, label: str) -> Place:
    for why, numbers in NO_COUNTRY.items():
        if number in numbers:
            return Place(WORLD if why == THE_WORLD else None, why, label)
    iso3 = numbers_of().get(number)
    return Place(iso3, "" if iso3 else UNKNOWN, label)


def _by_name(text: str, label: str) -> Place | None:
    lower = text.lower()
    if re.fullmatch(WORLD_WORDS, lower):
        return Place(WORLD, THE_WORLD, label)
    if "other asia" in lower:
        return Place("TWN", "", label)
    short = text.split("(", 1)[0].strip()
    named = listed()["names"]
    if short in named:
        return Place(named[short] or None, "" if named[short] else UNSPECIFIED, label)
    # Before names are searched: "Fmr Sudan" and "Areas, nes" hold the words of a country, or none.
    for why, words in ((HISTORIC, HISTORIC_WORDS), (UNSPECIFIED, UNSPECIFIED_WORDS), (SUM, SUM_WORDS)):
        if re.search(words, lower):
            return Place(None, why, label)
    for name in (text, short, text.replace("Isds", "Islands")):
        try:
            return Place(find_country(name).iso3, "", label)
        except ParityError:
            continue
    kinds = listed()["not_countries"]
    if text not in kinds["countries"] and plain(text).startswith(tuple(map(plain, kinds["starts"]))):
        return Place(None, SUM, label)
    # Two or three capitals, or a letter with figures, are a code of something; anything else may be a slip.
    return Place(None, UNKNOWN, label) if re.fullmatch(r"[A-Z0-9_]{2,3}|[A-Z]+_?\d+\w*", text) else None


@cache
def numbers_of() -> dict[int, str]:
    """Return ISO3 by the number of UN Comtrade and BACI."""
    listed = load_table("countries").select("number", "iso3").drop_nulls()
    never = {number for numbers in NO_COUNTRY.values() for number in numbers}
    return {number: iso3 for number, iso3 in listed.rows() if number not in never} | COMTRADE


@cache
def by_number() -> pl.DataFrame:
    """Return columns ``number`` and ``iso3`` of UN Comtrade and BACI."""
    known = numbers_of()
    return pl.DataFrame(
        {"number": list(known), "iso3": list(known.values())}, schema={"number": pl.Int32, "iso3": pl.String}
    )
