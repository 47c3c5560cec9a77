"""A checked text for others: with its claims marked, as a report, and as ClaimReview for search engines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from parity.claims._text import sentences
from parity.claims.check import Checked, Report
from parity.claims.verdict import Verdict

MARKS = {
    Verdict.SUPPORTED: ("supported", "✓"),
    Verdict.CONTRADICTED: ("contradicted", "✗"),
    Verdict.PARTLY: ("partly", "±"),
    Verdict.DEPENDS: ("depends", "≈"),
    Verdict.CANNOT: ("cannot", "?"),
}
"""Class in a style sheet, and sign."""
READERS = {
    "rules": "rules",
    "model": "a language model",
    "both": "rules and a language model",
    "person": "a person",
}
# Stars of a ClaimReview: only what is decided has any.
_RATINGS = {Verdict.SUPPORTED: 5, Verdict.PARTLY: 3, Verdict.CONTRADICTED: 1}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text under the same claims.

    Attributes
    ----------
    text
        As it was given.
    claims
        Numbers of the claims that it belongs to, the closest first, from 1.
    kind
        Verdict of the closest, as a class of the style sheet; empty outside of claims.
    ends
        Numbers and kinds of the claims that end here.
    """

    text: str
    claims: tuple[int, ...]
    kind: str
    ends: tuple[tuple[int, str], ...]


def pieces(text: str, checked: Sequence[Checked]) -> list[Piece]:
    """Cut a text where claims begin and end; claims may overlap.

    Parameters
    ----------
    text
        The text.
    checked
        Claims with their verdicts; numbered from 1 in this order.
    """
    spans = [one.claim.span for one in checked]
    cuts = sorted({0, len(text), *(place for span in spans for place in span)})
    starting: dict[int, list[int]] = {}
    for number, (start, _) in enumerate(spans):
        starting.setdefault(start, []).append(number)
    found, over = [], list[int]()
    for start, end in pairwise(cuts):
        over = [n for n in (*over, *starting.get(start, ())) if spans[n][1] > start]
        over.sort(key=lambda n: spans[n][1] - spans[n][0])
        ends = sorted(n for n in over if spans[n][1] == end)
        kind = MARKS[checked[over[0]].judgement.verdict][0] if over else ""
        told = tuple((n + 1, MARKS[checked[n].judgement.verdict][0]) for n in ends)
        found.append(Piece(text[start:end], tuple(n + 1 for n in over), kind, told))
    return found


def quotes(text: str, checked: Sequence[Checked]) -> list[tuple[str, str, str]]:
    """Return each claim with the rest of its sentence: what stands before it, the claim, what follows.

    A claim without its sentence may say more than its author did.
    """
    whole = [(one.start, one.end) for one in sentences(text)]
    found = []
    for one in checked:
        start, end = one.claim.span
        around = [span for span in whole if span[0] < end and span[1] > start]
        first = min((span[0] for span in around), default=start)
        last = max((span[1] for span in around), default=end)
        found.append((text[min(first, start) : start], text[start:end], text[end : max(last, end)]))
    return found


def claim_reviews(
    report: Report, text: str, *, address: str = "", author: str = "Parity"
) -> list[dict[str, Any]]:
    """Return the verdicts as ClaimReview in JSON-LD (schema.org), for a person to check and to publish.

    Parameters
    ----------
    report, text
        A checked text.
    address
        Where the text stands; left out where there is none.
    author
        Who answers for the reviews.

    Returns
    -------
    list of dict
        One for each claim with a verdict, in the order of the text. A rating of 5 is supported, 3 partly,
        1 contradicted; where it depends there is its name alone. What cannot be checked is left out.
    """
    return [
        _claim_review(one, line, report, address, author)
        for one, line in zip(report.checked, _lines(text, report.checked), strict=True)
        if one.judgement.verdict is not Verdict.CANNOT
    ]


def _lines(text: str, checked: Sequence[Checked]) -> list[str]:
    """Return the sentence of each claim, with the claim's own words marked where it makes several."""
    found = quotes(text, checked)
    counts = Counter("".join(quote) for quote in found)
    return [
        _line(f"{a}«{b}»{c}" if counts[a + b + c] > 1 and (a.strip() or c.strip()) else a + b + c)
        for a, b, c in found
    ]


def _claim_review(one: Checked, sentence: str, report: Report, address: str, author: str) -> dict[str, Any]:
    claim, judgement = one.claim, one.judgement
    said: dict[str, Any] = {"@type": "Claim", "datePublished": report.date.isoformat()}
    if claim.attribution:
        # Whether a person or an organisation, the text does not say: the property for either is a text.
        said["creditText"] = claim.attribution
    if address:
        said["appearance"] = {"@type": "CreativeWork", "url": address}
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": judgement.verdict.value.capitalize()}
    if (stars := _RATINGS.get(judgement.verdict)) is not None:
        rating |= {"ratingValue": stars, "bestRating": 5, "worstRating": 1}
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "datePublished": dt.date.today().isoformat(),
        "claimReviewed": sentence,
        "itemReviewed": said,
        "reviewRating": rating,
        "author": {"@type": "Organization", "name": author},
        "reviewBody": judgement.why,
    }
    if claim.read_by == "person":
        review["reviewBody"] += "; judged as a person corrected its reading, not as the rules read the quote"
    cited = [item.address for item in judgement.evidence if item.address.startswith("http")]
    if cited:
        review["citation"] = list(dict.fromkeys(cited))
    return review


def counts(report: Report) -> list[tuple[str, str, str, int]]:
    """Return class, sign, name and number of claims, for each verdict that was given."""
    found = Counter(one.judgement.verdict for one in report.checked)
    return [(*MARKS[verdict], verdict.value, found[verdict]) for verdict in Verdict if found[verdict]]


def markdown(report: Report, text: str, title: str = "Claims checked") -> str:
    """Return a report in Markdown: claims by their worth, then the text with each in bold and numbered."""
    lines = [f"# {title}", "", f"Read as of {report.date} ({report.dated}). Data: {report.data}.", ""]
    lines += [f"*{note}*\n" for note in report.notes]
    quoted = _lines(text, report.checked)
    for number, one in _numbered(report):
        verdict, judgement = one.judgement.verdict, one.judgement
        lines += [
            f"## {number}. {MARKS[verdict][1]} {verdict.value.capitalize()}: “{quoted[number - 1]}”",
            "",
            f"{_said(one)}. {judgement.why}.",
            "",
            *(f"- {_line(item.what)}: {_line(item.finding)} ({item.source})" for item in judgement.evidence),
            f"- Would change it: {judgement.would_change}",
            f"- `{judgement.reproduce}`",
            "",
        ]
    marked = "".join(
        (f"**{piece.text}**" if piece.kind and piece.text.strip() else piece.text)
        + "".join(f"[{number}]" for number, _ in piece.ends)
        for piece in pieces(text, report.checked)
    )
    return "\n".join([*lines, "## The text", "", marked, ""])


def page(report: Report, text: str, title: str = "Claims checked") -> str:
    """Return a report as a page by itself: the text with its claims marked, then each with its verdict."""
    from jinja2 import Environment

    source = (Path(__file__).parent / "report.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(source).render(
        report=report, title=title, counts=counts(report), pieces=pieces(text, report.checked),
        cards=_numbered(report), marks=MARKS, said=_said, quotes=quotes(text, report.checked),
    )  # fmt: skip


def _numbered(report: Report) -> list[tuple[int, Checked]]:
    """Return the claims by their worth, each with its number in the text."""
    numbers = {id(one): number for number, one in enumerate(report.checked, 1)}
    return [(numbers[id(one)], one) for one in report.by_worth()]


def _said(one: Checked) -> str:
    claim = one.claim
    who = f"said by {claim.attribution}, " if claim.attribution else ""
    how = f"by {READERS[claim.read_by]} with {one.confidence} confidence"
    told = f"{who}as of {claim.as_of}, read {'as a person set it' if claim.read_by == 'person' else how}"
    return told[0].upper() + told[1:]


def _line(text: str) -> str:
    return " ".join(text.split())
