"""What a sentence leaves to the next: who is meant, the index, the measure, the figure, the speaker."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence

from parity.claims._dates import Period
from parity.claims._grammar import Reading
from parity.claims._names import Name, developer_country
from parity.claims.model import AnyClaim, LagClaim, QuantityClaim, RankClaim
from parity.claims.rules._context import OBLIQUE, WE, Before, attribution, pointer, stems
from parity.claims.rules._ranking import named_ranking
from parity.claims.rules._tight import is_heading, is_introduction


def speaker(readings: Sequence[Reading], counts: Counter[str]) -> tuple[str | None, bool]:
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
    beside = set(countries(ours))
    others = [iso3 for iso3, _ in counts.most_common() if iso3 not in beside]
    if ours and beside and others:
        # Certain only where no other country may be meant.
        return others[0], len(others) == 1 and counts[others[0]] >= max(counts.values())
    most = counts.most_common(2)
    mainly = bool(ours and most) and most[0][1] > 1 and (len(most) == 1 or most[0][1] >= 2 * most[1][1])
    return (most[0][0], False) if mainly else (None, False)


def days(readings: Sequence[Reading]) -> tuple[tuple[dt.date, frozenset[str]], ...]:
    """Return the days that sentences name, with the words that tell the event."""
    # Of a sentence that counts a stretch of time itself, the day is not the event's.
    return tuple(
        (day, stems(reading.sentence.text.casefold()))
        for reading in readings
        if not reading.of_kind("T")
        for day in _days(reading)
    )


def _days(reading: Reading) -> list[dt.date]:
    """Return the single days that a sentence names."""
    return [m.start for _, m in reading.of_kind("W") if isinstance(m, Period) and m.start == m.end]


def countries(readings: Sequence[Reading]) -> Counter[str]:
    """Return how often a text names each country, in the order of their first mention."""
    counts: Counter[str] = Counter()
    for reading in readings:
        for name in reading.names("C"):
            counts.update(name.value.split("+"))
    return counts


def after(reading: Reading, found: Sequence[AnyClaim], earlier: Before) -> Before:
    """Return what the next sentence may point back to."""
    index = [name.value for name in reading.names("I") if name.value]
    lags = [claim for claim in found if isinstance(claim, LagClaim) and claim.country and claim.others]
    pair = earlier.pair
    for claim in lags:
        both = (claim.country or "", claim.others[0])
        pair = (both[1], both[0]) if claim.relation == "ahead" else both
    measures = [
        claim.measure for claim in found if isinstance(claim, QuantityClaim | RankClaim) and claim.measure
    ]
    subject, sides, sure = _subject(reading, earlier)
    ranks = [claim for claim in found if isinstance(claim, RankClaim) and claim.index]
    fresh = named_ranking(reading) or _still_fresh(reading, ranks, earlier)
    return Before(
        subject=subject,
        index=index[-1] if index else earlier.index,
        measure=measures[-1] if measures and not index else None,
        bloc=blocs[-1].value if (blocs := reading.names("B")) else earlier.bloc,
        speaker=earlier.speaker,
        spoken=earlier.spoken,
        pair=pair,
        sides=sides,
        sure=sure,
        fresh=fresh,
        stale=(named_ranking(reading) is None or not is_introduction(reading))
        and len(reading.sentence.tokens) > _FRAGMENT,
        adrift=not ranks and named_ranking(reading) is None and len(reading.sentence.tokens) > _FRAGMENT,
        counted=_counted(found) or (earlier.counted if _only_compares(found) else None),
        device=devices[-1].value if (devices := reading.names("D")) else earlier.device,
        topic=_topic(reading),
        heading=_headed(reading, earlier),
        day=named[0] if len(named := _days(reading)) == 1 else None,
        framed=(not found and is_heading(reading))
        or (earlier.framed and _FACT.match(reading.stream) is not None),
        said=attribution(reading.sentence.text) or earlier.said,
    )


def _topic(reading: Reading) -> str | None:
    """Return the country that a sentence of a word or two asks about."""
    named = [name for name in reading.names("C") if "+" not in name.value]
    asked = reading.sentence.text.rstrip().endswith("?") and len(reading.sentence.tokens) <= _FRAGMENT
    return named[0].value if asked and len(named) == 1 else None


_FACT = re.compile(r"^[-•*] |^[^.:]+ (?:\([^)]*\) )?: (?:\S+ ){1,6}$")


# "US export rules for chips to Russia" is a heading on Russia.
_BOUND = re.compile(r"(?:to|into|for) (?:the )?@(C\d+) (?:, @W\d+ |: )?$")


def _headed(reading: Reading, earlier: Before) -> str | None:
    """Return the country that a heading names, through the lines of a fact box below it."""
    named = [name for name in reading.names("C") if "+" not in name.value]
    if (
        len(named) > 1
        and (bound := _BOUND.search(reading.stream))
        and len(reading.sentence.tokens) <= 3 * _FRAGMENT
    ):
        mention = reading.mentions[bound.group(1)]
        return mention.value if isinstance(mention, Name) and "+" not in mention.value else None
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
    named = reading.names("C")
    every = list(dict.fromkeys(iso3 for mention in named for iso3 in mention.value.split("+")))
    firms = reading.names("O")
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
        models = reading.names("L")
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
