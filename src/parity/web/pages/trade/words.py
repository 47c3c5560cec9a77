"""Names and sentences of the trade page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from parity.errors import ParityError
from parity.web.pages.trade.model import names

if TYPE_CHECKING:
    from parity.trade import Dependence, Diversion, Mirror, Substitution

_CODE = re.compile(r"\b(?:EU(?:27)?|[A-Z]{3})\b")
_OPTION = re.compile(r"with --candidates \S+")
_UNION = {"EU": "the European Union", "EU27": "the European Union"}
GROUPS = {
    "coalition": "Coalition",
    "hubs": "Hubs",
    "neighbours": "Neighbours",
    "other": "Other",
}


class Verdict(NamedTuple):
    """A verdict: what was found, and what the data cannot show."""

    found: tuple[str, ...]
    caveats: tuple[str, ...]


def called(code: str) -> str:
    """Return the name of a country, a union or a group of origins."""
    if code in _UNION:
        return "European Union"
    return GROUPS.get(code) or names().get(code, code)


def spelt_out(text: str) -> str:
    """Return a text with names in the place of codes of countries."""
    return _CODE.sub(lambda code: _UNION.get(code[0]) or names().get(code[0], code[0]), text)


def verdict(answer: Dependence | Diversion | Mirror | Substitution) -> Verdict:
    """Return a verdict in plain language, its caveats apart."""
    from parity.trade import CAVEATS
    from parity.trade import verdict as in_words

    lines = [line for line in in_words(answer).splitlines() if line not in CAVEATS]
    found = (spelt_out(line) for line in lines)
    return Verdict(tuple(line[:1].upper() + line[1:] for line in found), CAVEATS)


@contextmanager
def in_names() -> Iterator[None]:
    """Raise what is wrong with a question with names in the place of codes."""
    try:
        yield
    except ParityError as problem:
        told = spelt_out(_OPTION.sub("under “Third countries”", str(problem)))
        raise type(problem)(told[:1].upper() + told[1:]) from None


def joined(parts: Iterable[str]) -> str:
    """Return words with commas, and "and" before the last."""
    words = list(parts)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@cache
def source_of(keys: tuple[str, ...]) -> str:
    """Return who published the flows, and their licences."""
    import polars as pl

    from parity.catalogue import load_table

    rows = load_table("sources").filter(pl.col("source").is_in(keys)).sort("source")
    return "; ".join(
        f"{publisher} ({licence})" for publisher, licence in rows.select("publisher", "licence").iter_rows()
    )
