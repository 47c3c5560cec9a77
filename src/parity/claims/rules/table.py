"""Rankings and figures pasted into a text as a table."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from parity.claims._layout import Row, tables
from parity.claims._names import COUNTRY, INDEX, MEASURE, names
from parity.claims._text import tokens
from parity.claims.model import AnyClaim, QuantityClaim, RankClaim

_YEAR = re.compile(r"\b(20[12]\d)\b")
# A year that names a report dates no figure.
_REPORT = re.compile(r"AI Index(?: Report)?(?:,| of)? (20[12]\d)|(20[12]\d) AI Index")
_SCALES = {"billion": 1e9, "million": 1e6, "bn": 1e9, "m": 1e6}
_SCALE = re.compile(r"\b(billion|million|bn|m)\b", re.I)
_DOLLARS = re.compile(r"\bUS dollars?\b|\bdollars?\b|\bUSD\b|\$", re.I)
_PERCENT = re.compile(r"%|\bper ?cent\b|\bshare\b", re.I)


def table_claims(bare: str, text: str, date: dt.date) -> tuple[list[AnyClaim], str]:
    """Return the rows of tables under the name of an index or a measure, and the text without them."""
    claims: list[AnyClaim] = []
    for figures in (False, True):
        kept, place = [], 0
        for rows in tables(bare, lambda name: _country(name) is not None, figures=figures):
            every = names(tokens(rows[0].heading))
            named = [n.value for n in every if n.kind == (MEASURE if figures else INDEX)]
            if "TOP500" in [n.value for n in every]:
                # A list of machines ranks no country.
                named = [named[0] if named else "top500_systems"] if figures else []
            if not named or not named[0]:
                continue
            for row in rows:
                common: dict[str, Any] = {
                    "span": (row.start, row.end),
                    "text": text[row.start : row.end],
                    "as_of": date,
                }
                build = _figure if figures else _place
                claims.append(build(row, _country(row.name) or "", named[0], common))
                kept += [bare[place : row.start], " " * (row.end - row.start)]
                place = row.end
        bare = "".join((*kept, bare[place:]))
    return claims, bare


# Words of a heading that change nothing of its measure; any other may narrow it ("per head", "cumulative").
_PLAIN = re.compile(
    r"\W*|20[12]\d|in|the|of|by|country|countries|number|us|dollars?|usd|billion|million|bn|m|stanford|ai|index|report|"
    r"list|november|june|share|percent|per|cent|systems|selected|source|according|to|top500|edition|private|nominal"
)


def _is_plain(heading: str) -> bool:
    """Return whether a heading says nothing besides the measure, its year, unit and source."""
    words = tokens(heading)
    covered = {i for name in names(words) for i in range(name.first, name.last + 1)}
    return all(_PLAIN.fullmatch(word.lower) for i, word in enumerate(words) if i not in covered)


def _place(row: Row, country: str, index: str, common: dict[str, Any]) -> RankClaim:
    year = _YEAR.search(row.heading)
    return RankClaim(
        **common, country=country, relation="at", rank=max(int(row.number), 1), index=index,
        edition=year.group(1) if year else None,
    )  # fmt: skip


def _figure(row: Row, country: str, measure: str, common: dict[str, Any]) -> QuantityClaim:
    report = _REPORT.search(row.heading)
    year = _YEAR.search(_REPORT.sub(" ", row.heading))
    dollars, percent = _DOLLARS.search(row.heading), _PERCENT.search(row.heading)
    scale = _SCALE.search(row.heading)
    factor = _SCALES[scale.group(1).lower()] if scale else 1.0
    value = factor * float(row.number.replace(",", ""))
    places = len(row.number.partition(".")[2])
    if year:
        common = common | {
            "as_of": min(dt.date(int(year.group(1)), 12, 31), common["as_of"]),
            "stated_date": True,
        }
    return QuantityClaim(
        **common, countries=(country,), measure=measure, form="level", low=value, high=value,
        rounding=factor * 0.5 * 10.0**-places, unit="USD" if dollars else "percent" if percent else "",
        open=() if _is_plain(row.heading) else ("reading",),
        report=f"ai-index {report.group(1) or report.group(2)}" if report else None,
    )  # fmt: skip


@lru_cache(1024)
def _country(name: str) -> str | None:
    """Return the country that a whole cell names."""
    words = tokens(name)
    found = names(words)
    whole = len(found) == 1 and found[0].kind == COUNTRY and (found[0].first, found[0].last) in (
        (0, len(words) - 1), (1, len(words) - 1))  # fmt: skip
    return found[0].value if whole and "+" not in found[0].value else None
