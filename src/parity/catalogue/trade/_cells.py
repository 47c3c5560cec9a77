"""Cells of trade files: numbers, periods, codes and flows as publishers write them."""

from __future__ import annotations

import re
from typing import Literal

import polars as pl

from parity.errors import ParityError
from parity.numbers import Decimal, number

Calendar = Literal["western", "minguo"]
# Exports hold re-exports, as UN Comtrade defines them; domestic exports are those without.
Exports = Literal["all", "domestic", "re-exports"]

FLOW_WORDS = {
    "export": (
        *("export", "exports", "x", "2", "6", "exportation", "gross exp.", "gross export", "gross exports"),
        *(
            "出口總值(含復出口)",
            "total exports(including re-exports)",
            "total exports",
            "exports (incl. re-exports)",
        ),
    ),
    "import": (
        *("import", "imports", "m", "1", "5", "importation", "gross imp.", "gross import", "gross imports"),
        *(
            "進口總值(含復進口)",
            "total imports(including re-imports)",
            "total imports",
            "imports (incl. re-imports)",
        ),
    ),
    "domestic export": ("dx", "domestic export", "domestic exports", "出口"),
    "domestic import": ("fm", "foreign import", "foreign imports", "進口"),
    "re-export": ("rx", "re-export", "re-exports", "reexport", "3", "復出口"),
    # Parts of exports and imports that UN Comtrade tells apart.
    "processing": (
        *("mip", "mop", "xip", "xop"),
        "import of goods for inward processing",
        "import of goods after outward processing",
        "export of goods after inward processing",
        "export of goods for outward processing",
    ),
    "re-import": ("rm", "re-import", "re-imports", "reimport", "4", "復進口"),
}
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
    """Return what kind of flow a text names, a key of `FLOW_WORDS`."""
    plain = text.lower().replace("（", "(").replace("）", ")").replace(" (", "(")
    words = {word.replace(" (", "("): kind for kind, some in FLOW_WORDS.items() for word in some}
    return words.get(plain)
