"""From a text to its claims."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parity.claims._assertion import asserted
from parity.claims._dates import Period
from parity.claims._grammar import Reading, read
from parity.claims._layout import plain
from parity.claims._names import styles
from parity.claims._text import sentences
from parity.claims.model import (
    AnyClaim,
    DeadlineClaim,
    LagClaim,
    MembershipClaim,
    QuantityClaim,
    RankClaim,
    Uncheckable,
)
from parity.claims.rules import carry
from parity.claims.rules._context import Before, Context
from parity.claims.rules._ranking import named_ranking
from parity.claims.rules._tight import (
    is_of_a_body,
    is_of_another_field,
    is_of_another_time,
    is_tight,
    narrows,
)
from parity.claims.rules.behaviour import behaviour_claims
from parity.claims.rules.chronology import chronology_claims
from parity.claims.rules.controls import controls_claims
from parity.claims.rules.deadline import deadline_claims
from parity.claims.rules.lag import lag_claims
from parity.claims.rules.membership import membership_claims
from parity.claims.rules.quantity import quantity_claims
from parity.claims.rules.rank import rank_claims
from parity.claims.rules.table import table_claims
from parity.claims.rules.trade import trade_claims

_RULES: tuple[Callable[[Context], Iterator[AnyClaim]], ...] = (
    rank_claims,
    lag_claims,
    membership_claims,
    controls_claims,
    trade_claims,
    quantity_claims,
    behaviour_claims,
    chronology_claims,
    deadline_claims,
)
_AI = re.compile(
    r"\b(?:AI|A\.I\.|artificial intelligence|language models?|machine learning|chatbots?|LLMs?|GPUs?|neural "
    r"networks?|ChatGPT|supercomput\w+|AI-\w+)\b|\bmodels\b"
)
_OPINION = re.compile(
    r"\b(?:should|best|worst|great|impressive|disappointing|important|dangerous|exciting|hope|believe|think|"
    r"crucial|promising|vital|remarkable|worrying|troubling|unfortunate\w*|must not)\b",
    re.I,
)
_PLAN = re.compile(
    r"\b(?:will|would|could|might|may|plans?|planned|aims?|aimed|hopes?|wants?|expects?|intends?|focus\w*|"
    r"instead of|seeks?|ambition\w*|strategy|likely)\b",
    re.I,
)
_DIGIT = re.compile(r"\d|%")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in a text.

    Attributes
    ----------
    claims
        Typed claims, by their place in the text.
    uncheckable
        The other sentences, each with the reason.
    date
        Date that the text was read as of.
    """

    claims: tuple[AnyClaim, ...]
    uncheckable: tuple[Uncheckable, ...]
    date: dt.date


def extract(text: str, date: dt.date, *, sure: bool = True) -> Extraction:
    """Find the claims of a text.

    Parameters
    ----------
    text
        The text.
    date
        Its own date; relative dates are counted from it.
    sure
        Whether that date is known, not taken for want of one.

    Returns
    -------
    Extraction
        Claims, and the sentences without one.
    """
    claims: list[AnyClaim] = []
    rest: list[Uncheckable] = []
    bare = plain(text)
    pasted, bare = table_claims(bare, text, date)
    readings = [read(sentence, date) for sentence in sentences(bare)]
    counts = carry.countries(readings)
    about = styles(counts)
    if about:
        readings = [
            read(reading.sentence, date, about) if any(name in reading.stream for name in about) else reading
            for reading in readings
        ]
    days = carry.days(readings)
    speaker, certain = carry.speaker(readings, counts)
    earlier = Before(speaker=speaker, spoken=certain)
    about_ai = bool(pasted)
    soon = _near_ai(readings)
    for at, reading in enumerate(readings):
        about_ai = about_ai or at in soon
        context = Context(reading, date, earlier, text, about_ai, days)
        rejected = at + 1 < len(readings) and _REJECTS.match(readings[at + 1].stream)
        found = [
            _opened(context, claim)
            for claim in (() if rejected or _TITLED.match(reading.stream) else _claims_of(context))
            if _is_asserted(context, claim)
        ]
        claims += found
        if not found:
            sentence = reading.sentence
            rest.append(
                Uncheckable(
                    span=(sentence.start, sentence.end),
                    text=text[sentence.start : sentence.end],
                    reason=_reason(context),
                )
            )
        earlier = carry.after(reading, found, earlier)
    claims += pasted
    if not sure:
        claims = [claim if claim.stated_date else _undated(claim) for claim in claims]
    claims.sort(key=lambda claim: claim.span)
    return Extraction(tuple(claims), tuple(rest), date)


# What a sentence says that the next one takes back: "This is false." And what is only quoted to be checked.
_REJECTS = re.compile(
    r"(?:[\"”'] )?(?:but )?(?:(?:this|that|it|which) (?:is|was|'s) (?:simply |just |also |mostly )?)?"
    r"(?:(?:not|n't) (?:true|so|correct|right)|false|wrong|untrue|incorrect|misleading|a lie|nonsense|"
    r"a myth) (?:\.|!|$|,)"
)
_TITLED = re.compile(r"(?:claim|myth|rumou?r|falsehood|the claim|false)(?: @Q\d+| \d+)? : ")
# A text that names AI is about it a few sentences before.
_AHEAD_OF_AI = 10


def _near_ai(readings: Sequence[Reading]) -> set[int]:
    """Return the sentences that name AI, or stand so few before one that does."""
    named = [n for n, one in enumerate(readings) if _AI.search(one.sentence.text) or _names_ai(one)]
    return {n for at in named for n in range(at - _AHEAD_OF_AI, at + 1)}


def _undated(claim: AnyClaim) -> AnyClaim:
    """Return a claim of a text whose day is not known; an edition that is named needs none."""
    if getattr(claim, "edition", None) or getattr(claim, "report", None) or claim.family == "chronology":
        return claim
    return claim.model_copy(update={"open": (*claim.open, "day of the text")})


# Families that say something of the world: what is only hoped or feared says nothing.
_FACTS = frozenset(("rank", "lag", "quantity", "trade", "membership", "controls", "model behaviour"))
# Families in which "may" and "can" say what is lawful, or what a model is able to.
_LAWFUL = frozenset(("controls", "model behaviour"))


def _is_asserted(context: Context, claim: AnyClaim) -> bool:
    """Return whether the sentence states a claim as a fact."""
    if claim.family not in _FACTS or (isinstance(claim, MembershipClaim) and claim.status == "invited"):
        return True
    sentence = context.reading.sentence
    start, end = claim.span[0] - sentence.start, claim.span[1] - sentence.start
    return asserted(sentence.text, start, end, modal=claim.family not in _LAWFUL)


# Measures that add up over a year: half a year's figure is another one.
_YEARLY = frozenset(("ai_investment", "genai_investment", "notable_models", "funded_companies"))
_LEAST_YEAR = 300
# What surveys ask: two of them differ more than any margin, so a text that names none is not contradicted.
_SURVEYED = frozenset(("enterprise_ai", "genai_diffusion"))
_SURVEYORS = re.compile(r"\b(?:eurostat|microsoft|oecd)\b|@I")


def _is_part_of_year(context: Context, claim: QuantityClaim) -> bool:
    """Return whether the text dates a claim to a part of a year: "in the first half of 2024"."""
    days = [m for _, m in context.reading.of_kind("W") if isinstance(m, Period) and m.end == claim.as_of]
    return claim.stated_date and any((day.end - day.start).days < _LEAST_YEAR for day in days)


def _opened(context: Context, claim: AnyClaim) -> AnyClaim:
    """Return a claim with what its sentence leaves open: a subject that is carried without certainty."""
    here = {
        iso3
        for kind in "CBOL"
        for key, _ in context.reading.of_kind(kind)
        for iso3 in context.countries(f"@{key}")
    }
    if (
        isinstance(claim, QuantityClaim)
        and claim.measure in _YEARLY
        and (
            _is_part_of_year(context, claim) or (claim.form == "level" and is_of_another_time(context, claim))
        )
    ):
        claim = claim.model_copy(update={"open": (*claim.open, "date")})
    if isinstance(claim, LagClaim) and is_of_another_field(context):
        claim = claim.model_copy(update={"open": (*claim.open, "measure")})
    if getattr(claim, "measure", None) in _SURVEYED and not _SURVEYORS.search(context.stream):
        claim = claim.model_copy(update={"open": (*claim.open, "reading")})
    if narrows(context, claim) or is_of_a_body(context, claim):
        claim = claim.model_copy(update={"open": (*claim.open, "scope")})
    if claim.family in _FACTS and not is_tight(context, claim):
        claim = claim.model_copy(update={"open": (*claim.open, "reading")})
    claim = claim.model_copy(update={"open": tuple(dict.fromkeys(claim.open))})
    own = getattr(claim, "country", None) or next(
        iter(getattr(claim, "countries", ()) or getattr(claim, "to", ())), None
    )
    if own is None or own in here or context.carried or "subject" in claim.open:
        return claim
    return claim.model_copy(update={"open": (*claim.open, "subject")})


def _names_ai(reading: Reading) -> bool:
    """Return whether a sentence names a language model, an accelerator or an index of AI."""
    return any(reading.of_kind(kind) for kind in "LDIM") or named_ranking(reading) is not None


def _claims_of(context: Context) -> list[AnyClaim]:
    if context.reading.sentence.text.rstrip('”" ').endswith("?"):
        return []
    found = [claim for rules in _RULES for claim in rules(context)]
    trade = [claim for claim in found if claim.family == "trade"]
    # "Imports of chips fell" is trade; that shipments fell says nothing of a control.
    if trade:
        found = [claim for claim in found if claim.family not in ("controls", "quantity")]
    # A gap in months is no order besides.
    lags = [claim.span for claim in found if claim.family == "lag"]
    found = [
        claim
        for claim in found
        if not (isinstance(claim, RankClaim) and claim.others and _touches(claim, lags))
    ]
    # "Outpaced China 12 times over", "27 percent, below the 81 of China" are figures, and no order besides.
    ratios = [c.span for c in found if isinstance(c, QuantityClaim)]
    found = [
        claim
        for claim in found
        if not (isinstance(claim, RankClaim) and claim.measure and claim.others and _touches(claim, ratios))
    ]
    duty = _duty(context, found)
    if duty is not None:
        # What is to be reached is no claim about today; what stands before the duty may be one.
        found = [c for c in found if c.family not in ("rank", "quantity", "lag") or c.span[1] <= duty]
    return found


def _duty(context: Context, found: list[AnyClaim]) -> int | None:
    """Return where the duty of a deadline begins in the text; ``None`` without a deadline."""
    for claim in found:
        if isinstance(claim, DeadlineClaim):
            return context.text.index(claim.what, claim.span[0]) if claim.what else claim.span[0]
    return None


def _touches(claim: RankClaim, spans: list[tuple[int, int]]) -> bool:
    return any(start < claim.span[1] and claim.span[0] < end for start, end in spans)


def _reason(context: Context) -> str:
    """Return why a sentence holds no claim that can be checked."""
    text = context.reading.sentence.text
    kinds = {key[0] for key in context.reading.mentions}
    if text.rstrip('”" ').endswith("?"):
        return "a question"
    if not re.search(r"[.!…]", text[-2:]) and len(context.reading.sentence.tokens) < 14:
        return "a heading"
    if _PLAN.search(text) and not kinds & {"P", "F", "N"}:
        return "a plan, forecast or possibility without a day by which it is due"
    if _OPINION.search(text):
        return "a judgement of value"
    if not kinds & {"C", "B", "O", "I", "M", "D", "G", "L"}:
        return "names no country, bloc, index, indicator, chip or model that Parity knows"
    if _DIGIT.search(text) or kinds & {"P", "F", "V", "Q", "N"}:
        if kinds & {"M", "I", "D", "G"}:
            return "on something that Parity measures, but said in a way that it does not read"
        return "its figures are of something that Parity does not measure, or said in a way it does not read"
    return "an event or a statement without a figure, an order or a rule to hold it against"
