"""Cells of trade files as publishers write them: numbers, periods, codes, flows, and places with ISO3."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from parity.catalogue._countries import find_country, plain
from parity.catalogue._snapshot import load_table
from parity.catalogue.build._flow_names import listed
from parity.errors import ParityError
from parity.numbers import Decimal, number

WORDS = tomllib.loads(Path(__file__).with_name("cells.toml").read_text(encoding="utf-8"))
Calendar = Literal["western", "minguo"]
# Exports hold re-exports, as UN Comtrade defines them; domestic exports are those without.
Exports = Literal["all", "domestic", "re-exports"]

# Which kind of row counts as exports, and what the others are then.
EXPORTS: dict[Exports, str] = {"all": "export", "domestic": "domestic export", "re-exports": "re-export"}
MISSING = r"^(|[:.\-–—*]+ ?[a-z]{0,2}|NA|N/A|n/?a|n\.a\.|NaN|nan|null|NULL|None)$"
# What a period may look like -> how to take year and month from it.
PERIODS = (
    (r"(\d{4})[-/.]?(0[1-9]|1[0-2])(?:[-/.]\d{2}.*)?", "{}-{}"),
    (r"(\d{4})(0[1-9]|1[0-2])\d{2}", "{}-{}"),
    (r"(\d{4})[-/]([1-9])", "{}-0{}"),
    (r"(\d{4})[-]?[Mm](0[1-9]|1[0-2])", "{}-{}"),
    (r"(\d{4})52", "{}"),
    (r"[Yy]?(\d{4})(?:\.0)?", "{}"),
    (r"(\d{4})-?Q([1-4])", "{}-Q{}"),
    (r"[Qq]([1-4])[ /-]?(\d{4})", "{1}-Q{0}"),
    (r"(\d{4})年", "{}"),
    (r"(\d{4})年(1[0-2]|0?[1-9])月", "{}-{:0>2}"),
)
YEARS = ("1900", "2100")
# Years of the Republic of China: 1912 is the first.
MINGUO = r"(?:民國)?\s*(\d{2,3})(?:年|\.0)?(?:[-/.]?(1[0-2]|0?[1-9])月?)?"
MINGUO_START = 1911


def decimal_mark(text: pl.LazyFrame, separator: str, name: str) -> Decimal:
    """Return the decimal mark of a column of numbers; in files without commas between cells it may be one."""
    if separator == ",":
        return "."
    as_comma, as_point = number(pl.first(), ","), number(pl.first(), ".")
    told = text.select(
        comma=(as_comma.is_not_null() & as_point.is_null()).any(),
        point=(as_point.is_not_null() & as_comma.is_null()).any(),
        either=(as_comma != as_point).any(),
    ).collect(engine="streaming")
    comma, point, either = told.row(0)
    if comma != point:
        return "," if comma else "."
    if comma or either:
        raise ParityError(
            f"{name}: numbers such as 1,234 may have a decimal comma or thousands; say --decimal , "
            "or --decimal ."
        )
    return "."


def period(text: str, calendar: Calendar) -> str | None:
    """Return a year (``2022``), a month (``2022-03``) or a quarter (``2022-Q1``); ``None`` for anything else.

    A year of Taiwan's calendar is one only where it says so (112年), or where the calendar is given.
    """
    for pattern, form in PERIODS:
        found = (match := re.fullmatch(pattern, text)) and form.format(*match.groups())
        if found and YEARS[0] <= found[:4] <= YEARS[1]:
            return found
    match = re.fullmatch(MINGUO, text)
    if match and (calendar == "minguo" or "年" in text or "民國" in text):
        year = str(int(match[1]) + MINGUO_START)
        return f"{year}-{int(match[2]):02d}" if match[2] else year
    return None


def looks_minguo(text: str) -> bool:
    """Return whether a period would be one of Taiwan's calendar."""
    return bool(re.fullmatch(MINGUO, text))


def code(text: str) -> str | None:
    """Return a code of two, four or six digits or ``TOTAL``; longer ones are cut to six."""
    if text.lower() in ("total", "all", "all commodities", "all products", "total trade"):
        return "TOTAL"
    whole = text.removesuffix(".0")
    digits = whole.replace(".", "").replace(" ", "")
    # 8471.3 is a number that was 8471.30.
    if not digits.isdecimal() or len(digits) > 12 or ("." in whole and len(digits) % 2 and len(digits) < 10):
        return None
    # A number that lost its leading zero has an odd count of digits; Taiwan's codes have eleven.
    return digits.zfill(len(digits) + len(digits) % 2 * (len(digits) < 10))[:6]


def flow(text: str) -> str | None:
    """Return what kind of flow a text names, one of those of ``cells.toml``."""
    plain = text.lower().replace("（", "(").replace("）", ")").replace(" (", "(")
    words = {word.replace(" (", "("): kind for kind, some in WORDS["flows"].items() for word in some}
    return words.get(plain)


WORLD = "WLD"
THE_WORLD, SUM = "the world", "a sum of countries"
UNSPECIFIED, HISTORIC = "an area not specified", "an area that is no more"
UNKNOWN = "no country of the catalogue"

# United Nations trade statistics number some customs territories otherwise than ISO 3166 does: France with
# Monaco, Norway with Svalbard, Switzerland with Liechtenstein, the United States with Puerto Rico, India, and
# "Other Asia, not elsewhere specified", which stands for Taiwan.
COMTRADE = {251: "FRA", 490: "TWN", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA"}
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
    letters = {**{iso3: iso3 for iso3 in known.values()}, **WORDS["letters"]}
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
    if upper in WORDS["letters"]:
        return Place(WORDS["letters"][upper], "", label)
    for why, codes in WORDS["no_country"].items():
        if re.fullmatch("|".join(codes["letters"]), upper):
            return Place(WORLD if why == THE_WORLD else None, why, label)
    return _by_name(text, label)


def _by_number(number: int, label: str) -> Place:
    for why, codes in WORDS["no_country"].items():
        if number in codes["numbers"]:
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
    never = {number for codes in WORDS["no_country"].values() for number in codes["numbers"]}
    return {number: iso3 for number, iso3 in listed.rows() if number not in never} | COMTRADE


@cache
def by_number() -> pl.DataFrame:
    """Return columns ``number`` and ``iso3`` of UN Comtrade and BACI."""
    known = numbers_of()
    return pl.DataFrame(
        {"number": list(known), "iso3": list(known.values())}, schema={"number": pl.Int32, "iso3": pl.String}
    )
