"""Rankings pasted into a text as a table."""

from __future__ import annotations

import datetime as dt
import re

from parity.claims._layout import tables
from parity.claims._names import COUNTRY, INDEX, names
from parity.claims._text import tokens
from parity.claims.model import RankClaim

_YEAR = re.compile(r"\b(20[12]\d)\b")


def ranked_tables(bare: str, text: str, date: dt.date) -> tuple[list[RankClaim], str]:
    """Return the places of tables under the name of an index, and the text without their rows.

    Parameters
    ----------
    bare
        The text without its layout.
    text
        The text, for quotes.
    date
        Its date.
    """
    claims: list[RankClaim] = []
    kept, place = [], 0
    for rows in tables(bare):
        named = [name.value for name in names(tokens(rows[0].heading)) if name.kind == INDEX and name.value]
        found = [(row, _country(row.name)) for row in rows]
        if not named or any(country is None for _, country in found):
            continue
        year = _YEAR.search(rows[0].heading)
        for row, country in found:
            claims.append(
                RankClaim(
                    span=(row.start, row.end),
                    text=text[row.start : row.end],
                    as_of=date,
                    country=country or "",
                    relation="at",
                    rank=max(row.rank, 1),
                    index=named[0],
                    edition=year.group(1) if year else None,
                )
            )
            kept += [bare[place : row.start], " " * (row.end - row.start)]
            place = row.end
    return claims, "".join((*kept, bare[place:]))


def _country(name: str) -> str | None:
    """Return the country that a whole cell names."""
    words = tokens(name)
    found = names(words)
    whole = len(found) == 1 and found[0].kind == COUNTRY and (found[0].first, found[0].last) in (
        (0, len(words) - 1), (1, len(words) - 1))  # fmt: skip
    return found[0].value if whole and "+" not in found[0].value else None
