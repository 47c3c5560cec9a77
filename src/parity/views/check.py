"""A checked text in words and tables.

Claims stand above views: their results (`parity.claims.question`) are known here by their attributes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.show.document import (
    Block,
    Column,
    Commands,
    Document,
    Fact,
    Facts,
    Group,
    Note,
    Table,
    Text,
)
from parity.views.common import document, frame
from parity.views.names import upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer

_CLAIMS = (
    Column("number", "", role="key"),
    Column("verdict", "Verdict"),
    Column("family", "Kind"),
    Column("sentence", "Sentence", role="key"),
    Column("claim", "Claim", hidden=True),
    Column("said_by", "Said by", spare=True),
    Column("as_of", "As of", role="time", spare=True),
    Column("confidence", "Reading", spare=True),
    Column("why", "Why", hidden=True),
    Column("evidence", "Evidence", hidden=True),
    Column("sources", "Sources", hidden=True),
    Column("reproduce", "Command", hidden=True),
)


def checked(answer: Answer[Any]) -> Document:
    """Return the claims of a text, or of several, with verdicts and evidence."""
    result = answer.result
    if hasattr(result, "texts"):
        return _several(answer, result)
    return document(answer, "Claims checked", _headline(result.claims), list(_one(result)))


def _several(answer: Answer[Any], result: Any) -> Document:
    claims = [claim for one in result.texts for claim in one.claims]
    failed = [one for one in result.texts if one.problem]
    rows = [
        (one.name, *(Counter(claim.verdict for claim in one.claims)[name] for name in _VERDICTS), one.problem)
        for one in result.texts
    ]
    columns = (
        Column("name", "Text", role="key"),
        *(Column(name, upper_first(name.split()[0])) for name in _VERDICTS),
        *((Column("problem", "Not read, because"),) if failed else ()),
    )
    table = frame([row[: len(columns)] for row in rows], *(column.name for column in columns))
    every = [
        _table(one.claims).with_columns(pl.lit(one.name).alias("text")) for one in result.texts if one.claims
    ]
    blocks: list[Block] = []
    if every:
        blocks.append(Table(pl.concat(every), (Column("text", "Text", role="key"), *_CLAIMS), "Claims"))
    blocks.append(Table(table, columns, "Texts and their claims"))
    blocks += [Group(one.name, tuple(_one(one))) for one in result.texts if not one.problem]
    headline = f"{len(result.texts) - len(failed)} of {len(result.texts)} texts read. {_headline(claims)}"
    return document(answer, "Claims checked", headline, blocks)


_VERDICTS = ("supported", "contradicted", "partly", "depends", "cannot be checked with this data")


def _headline(claims: Iterable[Any]) -> str:
    counts = Counter(claim.verdict for claim in claims)
    if not counts:
        return "No claim about nations and AI that Parity could check."
    told = ", ".join(f"{counts[name]} {name}" for name in _VERDICTS if counts[name])
    count = counts.total()
    return f"{count} claim{'' if count == 1 else 's'}: {told}."


def _one(found: Any) -> Iterator[Block]:
    dated = found.report.dated
    note = f" (from {dated}; --date sets it)" if dated and dated != "as given" else ""
    yield Note(f"Read as of {found.date}{note}.")
    for line in found.notes:
        yield Note(f"{upper_first(line)}.")
    if found.claims:
        yield Table(_table(found.claims), _CLAIMS, "Claims")
    for number, (claim, sentence) in enumerate(_quoted(found.claims), 1):
        yield Group(f"{number}. {claim.verdict.capitalize()}: “{sentence}”", tuple(_claim(claim)))
    if found.uncheckable:
        rows = tuple(Fact(f"“{_line(one.text)}”", one.reason) for one in found.uncheckable)
        yield Group("Not checkable", (Facts(rows),))


def _quoted(claims: tuple[Any, ...]) -> Iterator[tuple[Any, str]]:
    """Yield each claim with its sentence, its own words marked where the sentence makes several claims."""
    counts = Counter(claim.sentence for claim in claims)
    for claim in claims:
        one, line = _line(claim.text), _line(claim.sentence)
        yield claim, line.replace(one, f"«{one}»", 1) if counts[claim.sentence] > 1 and one != line else line


def _table(claims: Iterable[Any]) -> pl.DataFrame:
    rows = (
        (
            number,
            claim.verdict,
            claim.family,
            sentence,
            _line(claim.text),
            claim.claim.get("attribution"),
            claim.claim.get("as_of"),
            claim.confidence,
            claim.why,
            "; ".join(f"{item.what}: {item.finding}" for item in claim.evidence),
            "; ".join(item.source for item in claim.evidence),
            claim.reproduce,
        )
        for number, (claim, sentence) in enumerate(_quoted(tuple(claims)), 1)
    )
    return frame(rows, *(column.name for column in _CLAIMS), said_by=pl.String)


_READERS = {"rules": "rules", "model": "a language model", "both": "rules and a language model"}


def _claim(claim: Any) -> Iterator[Block]:
    said = f"Said by {claim.claim['attribution']}; as" if claim.claim.get("attribution") else "As"
    by = claim.claim.get("read_by", "rules")
    how = (
        "as it was set by a person"
        if by == "person"
        else f"by {_READERS[by]} with {claim.confidence} confidence"
    )
    yield Note(f"{said} of {claim.claim['as_of']}; read {how}.")
    yield Text(f"{upper_first(claim.why)}.")
    if claim.evidence:
        yield Facts(tuple(Fact(item.what, f"{item.finding} [{item.source}]") for item in claim.evidence))
    yield Note(f"Would change it: {claim.would_change}.")
    yield Commands((claim.reproduce,))


def _line(text: str) -> str:
    return " ".join(text.split())
