"""A text held against the evidence, as a question."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from parity.ask.answer import Answer, Page, pages
from parity.ask.question import Day, Local, Place, Question
from parity.claims.correction import MOST_CHANGES, changes
from parity.claims.model import Uncheckable
from parity.claims.verdict import Finding
from parity.errors import InvalidError, ParityError

if TYPE_CHECKING:
    from parity.claims import Checked

Family = Literal[
    "rank", "lag", "quantity", "controls", "trade", "deadline", "membership", "model behaviour", "chronology"
]
MOST_TEXT = 100_000
"""Characters of the longest text that is given as it is: some fifteen thousand words; files may be longer."""
_ENDING = re.compile(r"\.[a-zA-Z]{2,5}$")
FIRST_DAY = dt.date(1950, 1, 1)
"""No text on AI is older."""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """A claim with its verdict.

    Attributes
    ----------
    span
        Characters of the text: from, and up to but without.
    text
        The text at the span.
    sentence
        The whole sentence that it is part of: without it a claim may say more than its author did.
    family
        Family of the claim.
    claim
        The claim, typed; see `parity.claims.model`.
    verdict
        supported, contradicted, partly, depends, cannot be checked with this data.
    confidence
        high, medium or low: how sure the reading is.
    why
        The rule that gave the verdict.
    evidence
        What the claim was held against.
    would_change
        What would change the verdict.
    reproduce
        Command that shows the evidence.
    """

    span: tuple[int, int]
    text: str
    sentence: str
    family: str
    claim: Mapping[str, Any]
    verdict: str
    confidence: str
    why: str
    evidence: tuple[Finding, ...]
    would_change: str
    reproduce: str


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text's claims with their verdicts.

    Attributes
    ----------
    date
        Date that the text was read as of.
    date_assumed
        Whether the text does not tell its day closely: by it alone no claim is contradicted.
    notes
        What became of a language model's answer, and what language the text is in.
    claims
        By their place in the text.
    uncheckable
        The other sentences.
    name
        File of the text; empty where it was given as it is.
    problem
        Why the file could not be read.
    report, whole
        The report, and the text itself.
    """

    json_keys: ClassVar[dict[str, str | None]] = {"report": None, "whole": None}

    date: dt.date | None
    date_assumed: bool
    notes: tuple[str, ...]
    claims: tuple[ClaimVerdict, ...]
    uncheckable: tuple[Uncheckable, ...]
    name: str = ""
    problem: str = ""
    report: Any = None
    whole: str = ""


@dataclass(frozen=True, slots=True)
class CheckedTexts:
    """Several texts.

    Attributes
    ----------
    texts
        In the order given.
    """

    texts: tuple[CheckedText, ...]


def _families(given: Any) -> Any:
    return [given] if isinstance(given, str) else given


class Check(Question):
    """Check the claims of a text about nations and AI.

    Finds the sentences that say something checkable, holds each against Parity's measures as of the text's
    date, and answers with a verdict, the evidence and the command that reproduces it. An article is a file
    (text, web page, PDF, Word), a folder of them, or - for standard input. The text is not kept.
    """

    verb = "check"
    view = "check:checked"
    result = "parity.claims.question:CheckedText,CheckedTexts"
    examples = (
        'parity check "Russia is nine months behind the US in AI." --date 2025-01-01',
        "parity check article.txt --date 2025-01-01 --out claims.csv",
        "parity check article.pdf interview.docx --family lag --out claims.json",
        "parity check article.txt --marked article.html --claimreview reviews.json --out report.pdf",
    )

    article: Annotated[tuple[str, ...], Place(python=False), Local()] = Field(
        default=(),
        max_length=10_000,
        description="Files or folders, - for standard input, or a sentence in quotes.",
    )
    text: Annotated[str | None, Place(word=False)] = Field(
        default=None, max_length=MOST_TEXT, description="The text itself, in place of a file."
    )
    url: Annotated[str | None, Local()] = Field(
        default=None, max_length=2000, description="Read the page at this address (needs internet)."
    )
    date: Day | None = Field(
        default=None, ge=FIRST_DAY, description="Date of the text; by default that at its head."
    )
    family: Annotated[tuple[Family, ...], BeforeValidator(_families)] = Field(
        default=(), max_length=20, description="Keep this family of claims."
    )
    model: Annotated[str | None, Local()] = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Let this language model find, confirm or reject claims (--endpoint or OPENAI_BASE_URL).",
    )
    endpoint: Annotated[str | None, Local()] = Field(
        default=None, max_length=2000, description="Address of an OpenAI-compatible service, for the model."
    )
    reading: tuple[str, ...] = Field(
        default=(),
        max_length=MOST_CHANGES,
        description="Correct how a claim is read, by its number in the text: NUMBER.FIELD=VALUE (2.rank=30).",
    )
    marked: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write the text with its claims marked: .html or .md."
    )
    claimreview: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write the verdicts as ClaimReview (JSON-LD, schema.org)."
    )

    @model_validator(mode="before")
    @classmethod
    def _sentence(cls, given: Any) -> Any:
        """Take words that are no file for the text itself."""
        words = given.get("article", ())
        if isinstance(words, str) or not isinstance(words, tuple | list) or "text" in given or not words:
            return given
        if any(not isinstance(word, str) or os.path.lexists(word) for word in words):
            return given
        if len(words) == 1 and " " in words[0].strip() and not _ENDING.search(words[0]):
            return {name: value for name, value in given.items() if name != "article"} | {"text": words[0]}
        if len(words) > 2 and not any("." in word.rstrip(".") or "/" in word for word in words):
            raise ParityError(f'put a sentence in quotes: parity check "{" ".join(words)[:80]}"')
        return given

    @model_validator(mode="after")
    def _one_text(self) -> Self:
        given = [name for name in ("article", "text", "url") if getattr(self, name) not in (None, ())]
        if len(given) != 1:
            raise ParityError(
                "give a text file, - for standard input, --text TEXT or --url ADDRESS; one of them"
            )
        if self.reading and len(self.article) > 1:
            raise InvalidError("reading", "corrects the claims of one text; give one file")
        if self.text is not None and not self.text.strip():
            raise InvalidError("text", "holds nothing to read")
        if self.marked is not None and not self.marked.endswith((".html", ".md")):
            raise InvalidError("marked", f"'{self.marked}' must end in .html or .md")
        return self

    def answer(self) -> Answer[CheckedText] | Answer[CheckedTexts]:
        """Hold the text against the evidence."""
        from parity.catalogue import vintage

        found = tuple(self._checked())
        for path, make in ((self.marked, _marked), (self.claimreview, _reviews)):
            if path is not None:
                from parity.catalogue import files

                files.write_text(path, make(found, path))
        if len(found) > 1:
            return Answer(self, CheckedTexts(found), vintage(), _known_to(), _sources(found))
        if found[0].problem:
            raise ParityError(found[0].problem)
        return Answer(self, found[0], vintage(), _known_to(), _sources(found))

    def _checked(self) -> Iterator[CheckedText]:
        """Yield the texts, checked; one that cannot be read has its problem."""
        for name, text, day, problem in self._texts():
            if not problem:
                try:
                    yield self._check(name, text, day)
                    continue
                except ParityError as fault:
                    # The other files go on; what is asked of one alone is told at once.
                    if not self.article or self.reading:
                        raise
                    problem = str(fault)
            yield CheckedText(None, False, (), (), (), name, problem)

    def _texts(self) -> Iterator[tuple[str, str, dt.date | None, str]]:
        from parity.claims.reading import read, texts

        if self.text is not None:
            yield "", self.text, None, ""
        elif self.url is not None:
            from parity.catalogue.web import page

            found = read(self.url, page(self.url))
            yield found.name, found.text, found.day, ""
        else:
            for one in texts(self.article):
                yield one.name, one.text, one.day, one.problem

    def _check(self, name: str, text: str, day: dt.date | None) -> CheckedText:
        from parity.claims import check
        from parity.claims.review import quotes

        if not text.strip():
            raise ParityError(f"{name or 'the text'} holds no text")
        dated = "as given" if self.date else "the page's metadata"
        report = check(
            text, self.date or day, families=self.family, complete=self._complete(), dated=dated,
            readings=changes(self.reading),
        )  # fmt: skip
        return CheckedText(
            report.date,
            report.assumed,
            report.notes,
            tuple(
                _verdict(one, "".join(quote))
                for one, quote in zip(report.checked, quotes(text, report.checked), strict=True)
            ),
            report.uncheckable,
            name,
            "",
            report,
            text,
        )

    def _complete(self) -> Any:
        if self.model is None:
            return None
        from functools import partial

        from parity.catalogue.web import chat

        return partial(chat, model=self.model, endpoint=self.endpoint)


def _sources(found: tuple[CheckedText, ...]) -> tuple[str | Page, ...]:
    """Return what the claims were held against: sources by key, and the pages of single facts."""
    from parity.ask import chips, frontier
    from parity.ask.audit import SOURCE
    from parity.ask.standing import built
    from parity.catalogue import load_table

    every = load_table("sources")["source"].to_list()
    keys: dict[str, None] = {}
    read_in: list[tuple[str, None]] = []
    for claim in (claim for text in found for claim in text.claims if claim.evidence):
        told = " ".join(one.source for one in claim.evidence)
        keys |= dict.fromkeys(key for key in every if re.search(rf"\b{re.escape(key)}\b(?!-)", told))
        read_in += [(f"{one.source} {one.address}", None) for one in claim.evidence]
        match claim.family:
            case "behaviour":
                keys |= {SOURCE: None}
            case "lag":
                keys |= dict.fromkeys(frontier.SOURCES)
            case "controls":
                keys |= dict.fromkeys(chips.SOURCES)
            case "rank":
                own = any(one.what.startswith("open AI index") for one in claim.evidence)
                keys |= dict.fromkeys(("published-figures-2026", *(built().sources if own else ())))
    return *keys, *pages(read_in)


def _verdict(one: Checked, sentence: str) -> ClaimVerdict:
    claim, judgement = one.claim, one.judgement
    return ClaimVerdict(
        claim.span,
        claim.text,
        sentence,
        claim.family,
        claim.model_dump(mode="json", exclude={"span", "text", "family"}),
        judgement.verdict.value,
        one.confidence,
        judgement.why,
        judgement.evidence,
        judgement.would_change,
        judgement.reproduce,
    )


def _known_to() -> dict[str, Any]:
    """Return until when the evidence goes that claims are held against, by topic."""
    from parity.ask.chips import rulebook
    from parity.catalogue import known_to, load_table, looked_to

    return {
        "models": load_table("models")["date"].max(),
        "rules": rulebook().checked_to,
        "published places": known_to("published_ranks"),
        "published figures, a collection": looked_to("published_figures"),
    }


def _marked(found: tuple[CheckedText, ...], path: str) -> str:
    from parity.claims import markdown, page

    make = markdown if path.endswith(".md") else page
    told = [make(one.report, one.whole, one.name or "Claims checked") for one in found if one.report]
    return "\n\n".join(told)


def _reviews(found: tuple[CheckedText, ...], _: str) -> str:
    from parity.claims import claim_reviews

    reviews = [
        review
        for one in found
        if one.report is not None
        for review in claim_reviews(
            one.report, one.whole, address=one.name if one.name.startswith(("http://", "https://")) else ""
        )
    ]
    return json.dumps(reviews, indent=2, ensure_ascii=False) + "\n"
