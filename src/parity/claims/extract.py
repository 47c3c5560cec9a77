"""From a text to its claims."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from parity.claims._assertion import asserted
from parity.claims._dates import Period
from parity.claims._grammar import Reading, read
from parity.claims._layout import plain
from parity.claims._names import Name, developer_country, styles
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
from parity.claims.rules._context import OBLIQUE, WE, Before, Context, attribution, stems
from parity.claims.rules._pointing import pointer
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
    r"\b(?:AI|A\.I\.|artificial intelligence|language models?|machine learning|chatbots?|"
    r"LLMs?|GPUs?|"
    r"neural networks?|ChatGPT|supercomput\w+|AI-\w+)\b|\bmodels\b"
)
_OPINION = re.compile(
    r"\b(?:should|best|worst|great|impressive|disappointing|important|dangerous|"
    r"exciting|hope|believe|think|"
    r"crucial|promising|vital|remarkable|worrying|troubling|unfortunate\w*|must not)\b",
    re.I,
)
_PLAN = re.compile(
    r"\b(?:will|would|could|might|may|plans?|planned|aims?|aimed|hopes?|wants?|expects?|"
    r"intends?|focus\w*|"
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
    counts = _countries(readings)
    about = styles(counts)
    if about:
        readings = [
            read(reading.sentence, date, about) if any(name in reading.stream for name in about) else reading
            for reading in readings
        ]
    days = _days(readings)
    speaker, certain = _speaker(readings, counts)
    earlier = Before(speaker=speaker, spoken=certain)
    about_ai = bool(pasted)
    soon = _near_ai(readings)
    for at, reading in enumerate(readings):
        about_ai = about_ai or at in soon
        context = Context(reading, date, earlier, text, about_ai, days)
        found = [_opened(context, claim) for claim in _claims_of(context) if _is_asserted(context, claim)]
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
        earlier = _after(reading, found, earlier)
    claims += pasted
    if not sure:
        claims = [claim if claim.stated_date else _undated(claim) for claim in claims]
    claims.sort(key=lambda claim: claim.span)
    return Extraction(tuple(claims), tuple(rest), date)


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


def _speaker(readings: Sequence[Reading], counts: Counter[str]) -> tuple[str | None, bool]:
    """Return the country of whoever says "we", and whether that is certain.

    Certain is "our country, ...", and one never named beside "we"; else it is the one that most of the text's
    mentions of countries are of.
    """
    ours = [reading for reading in readings if WE.search(reading.stream)]
    for reading in ours:
        named = re.search(
            r"our (?:country|nation|republic|kingdom) , @(C\d+) |"
            r"(?:^| )we (?:the )?@(C\d+) (?:are|have|must|,) ",
            reading.stream,
        )
        mention = reading.mentions.get(named.group(1) or named.group(2)) if named else None
        if isinstance(mention, Name):
            return mention.value.split("+")[0], True
    beside = {
        iso3
        for reading in ours
        for _, mention in reading.of_kind("C")
        if isinstance(mention, Name)
        for iso3 in mention.value.split("+")
    }
    others = [iso3 for iso3, _ in counts.most_common() if iso3 not in beside]
    if ours and beside and others:
        # Certain only where no other country may be meant.
        return others[0], len(others) == 1 and counts[others[0]] >= max(counts.values())
    most = counts.most_common(2)
    mainly = bool(ours and most) and most[0][1] > 1 and (len(most) == 1 or most[0][1] >= 2 * most[1][1])
    return (most[0][0], False) if mainly else (None, False)


def _days(readings: Sequence[Reading]) -> tuple[tuple[dt.date, frozenset[str]], ...]:
    """Return the days that sentences name, with the words that tell the event."""
    return tuple(
        (mention.start, stems(reading.sentence.text.casefold()))
        for reading in readings
        for _, mention in reading.of_kind("W")
        if isinstance(mention, Period) and mention.start == mention.end and not _has_event(reading)
    )


def _has_event(reading: Reading) -> bool:
    """Return whether a sentence counts a stretch of time itself: its day is not the event's."""
    return bool(reading.of_kind("T"))


def _countries(readings: Sequence[Reading]) -> Counter[str]:
    """Return how often a text names each country, in the order of their first mention."""
    counts: Counter[str] = Counter()
    for reading in readings:
        for _, mention in reading.of_kind("C"):
            if isinstance(mention, Name):
                counts.update(mention.value.split("+"))
    return counts


def _after(reading: Reading, found: Sequence[AnyClaim], earlier: Before) -> Before:
    """Return what the next sentence may point back to."""
    index = [
        mention.value for _, mention in reading.of_kind("I") if isinstance(mention, Name) and mention.value
    ]
    lags = [claim for claim in found if isinstance(claim, LagClaim) and claim.country and claim.others]
    pair = earlier.pair
    for claim in lags:
        both = (claim.country or "", claim.others[0])
        pair = (both[1], both[0]) if claim.relation == "ahead" else both
    blocs = [mention.value for _, mention in reading.of_kind("B") if isinstance(mention, Name)]
    measures = [
        claim.measure for claim in found if isinstance(claim, QuantityClaim | RankClaim) and claim.measure
    ]
    devices = [mention.value for _, mention in reading.of_kind("D") if isinstance(mention, Name)]
    subject, sides, sure = _subject(reading, earlier)
    ranks = [claim for claim in found if isinstance(claim, RankClaim) and claim.index]
    fresh = named_ranking(reading) or _still_fresh(reading, ranks, earlier)
    return Before(
        subject=subject,
        index=index[-1] if index else earlier.index,
        measure=measures[-1] if measures and not index else None,
        bloc=blocs[-1] if blocs else earlier.bloc,
        speaker=earlier.speaker,
        spoken=earlier.spoken,
        pair=pair,
        sides=sides,
        sure=sure,
        fresh=fresh,
        stale=named_ranking(reading) is None and len(reading.sentence.tokens) > _FRAGMENT,
        adrift=not ranks and named_ranking(reading) is None and len(reading.sentence.tokens) > _FRAGMENT,
        counted=_counted(found) or (earlier.counted if _only_compares(found) else None),
        device=devices[-1] if devices else earlier.device,
        topic=_topic(reading),
        heading=_headed(reading, earlier),
        day=_only_day(reading),
        said=attribution(reading.sentence.text) or earlier.said,
    )


def _only_day(reading: Reading) -> dt.date | None:
    """Return the one day that a sentence names."""
    days = [m.start for _, m in reading.of_kind("W") if isinstance(m, Period) and m.start == m.end]
    return days[0] if len(days) == 1 else None


def _topic(reading: Reading) -> str | None:
    """Return the country that a sentence of a word or two asks about."""
    named = [m for _, m in reading.of_kind("C") if isinstance(m, Name) and "+" not in m.value]
    asked = reading.sentence.text.rstrip().endswith("?") and len(reading.sentence.tokens) <= _FRAGMENT
    return named[0].value if asked and len(named) == 1 else None


_FACT = re.compile(r"^[^.:]+ (?:\([^)]*\) )?: (?:\S+ ){1,6}$")


def _headed(reading: Reading, earlier: Before) -> str | None:
    """Return the country that a heading names, through the lines of a fact box below it."""
    named = [m for _, m in reading.of_kind("C") if isinstance(m, Name) and "+" not in m.value]
    if named:
        alone = len(named) == 1 and len(reading.sentence.tokens) <= 2 * _FRAGMENT
        return named[0].value if alone and not re.search(r"[.!?,;]$", reading.sentence.text) else None
    return earlier.heading if _FACT.match(reading.stream) else None


# Words of a fragment that breaks no train of thought: "Japan?"
_FRAGMENT = 5


# What a ranking counts: its figures break no train of places.
_COUNTS = {"genai_diffusion": "AI diffusion (AI user share)"}


def _still_fresh(
    reading: Reading, ranks: list[RankClaim], earlier: Before
) -> tuple[str, str | None, int | None] | None:
    """Return the index that a bare place of the next sentence is one in, where this one names none."""
    if ranks:
        size = earlier.fresh[2] if earlier.fresh and earlier.fresh[0] == ranks[-1].index else None
        return ranks[-1].index or "", ranks[-1].edition, size
    if len(reading.sentence.tokens) <= _FRAGMENT:
        return earlier.fresh
    # One sentence on something else may stand between, but no other measure, index or firm.
    other = earlier.adrift or any(
        not isinstance(name, Name) or kind != "M" or (earlier.fresh or ("",))[0] != _COUNTS.get(name.value)
        for kind in "MIODGL"
        for _, name in reading.of_kind(kind)
    )
    return None if other else earlier.fresh


def _counted(found: Sequence[AnyClaim]) -> QuantityClaim | None:
    """Return the level that a sentence tells, where it tells of one thing."""
    counts = [claim for claim in found if isinstance(claim, QuantityClaim)]
    levels = [claim for claim in counts if claim.form in ("level", "share")]
    return levels[-1] if levels and len({claim.measure for claim in levels}) == 1 else None


def _only_compares(found: Sequence[AnyClaim]) -> bool:
    """Return whether a sentence sets a figure of the one before against others: the next may go on so."""
    return bool(found) and all(getattr(claim, "form", None) == "compare" for claim in found)


def _subject(reading: Reading, before: Before) -> tuple[str | None, tuple[str, ...], bool]:
    """Return the country that the next sentence's "it" means, the sides of a pair, and whether that is sure.

    A sentence without a country keeps what was meant before it; one with several is about the first that is
    no object, and sure only where no other could be meant.
    """
    named = [mention for _, mention in reading.of_kind("C") if isinstance(mention, Name)]
    every = list(dict.fromkeys(iso3 for mention in named for iso3 in mention.value.split("+")))
    firms = [m for _, m in reading.of_kind("O") if isinstance(m, Name)]
    free = [
        key for key, _ in reading.of_kind("C") if not OBLIQUE.search(reading.stream[: reading.position(key)])
    ]
    if every and not free:
        # "We came third, behind only the US and China", "Putin told Sberbank to work with China".
        if WE.search(reading.stream) and before.speaker:
            return before.speaker, (), before.spoken
        if pointer(reading.stream) == "certain":
            return before.subject, before.sides, before.sure
        first = {kind: reading.position(found[0][0]) for kind in "OC" if (found := reading.of_kind(kind))}
        if firms and first["O"] < first["C"]:
            return firms[0].value, (), len({m.value for m in firms}) == 1
    if not every:
        models = [m for _, m in reading.of_kind("L") if isinstance(m, Name)]
        if firms:
            return firms[0].value, (), len({m.value for m in firms}) == 1
        if models:
            return developer_country(models[0].value), (), True
        # What has been said since may be about somebody who is not known here.
        return before.subject, before.sides, before.sure and bool(pointer(reading.stream))
    if len(every) == 1:
        return every[0], (), True
    head = next((m for k, m in reading.of_kind("C") if k in free and isinstance(m, Name)), named[0])
    alone = len(free) == 1 and "+" not in head.value
    return head.value.split("+")[0], tuple(every) if len(every) == 2 else (), alone


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
