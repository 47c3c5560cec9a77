"""Places in rankings, and who is ahead of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._dates import Period
from parity.claims._grammar import matches, rule
from parity.claims.model import RankClaim
from parity.claims.rules._context import Context, widest
from parity.claims.rules._scope import scope

_VERB = "rank*|placed|places|came|comes|come|stands|stood|sits|sat|finish*|listed|position*|rated|puts"
_AT = (
    "number|no|no. [.] <Q:rank> .... is|was|are|were|remains [now] <C:subject>",
    "rank*|place*|put* <C:subject> .. <N:rank>",
    "rank*|place*|put* <C:subject> [at] [in] [number|no|no.] <Q:rank>",
    "<C:subject> .. [is] [was] [at] [in] <N:rank> place|position|spot|rank",
    "<C:subject> [is|was|are|came|come|ranked|ranks|at|,|takes|took] [in|at|,|placed|the] <N:rank>",
    f"{_VERB} .. <N:rank>",
    f"{_VERB} [only|just] [at] [number|no|no.|#] [.] <Q:rank>",
    "<N:rank> place|position|spot|rank",
    "<N:rank> [out] of|among <Q>",
    "<N:rank> worldwide|globally|overall",
    "<N:rank> .. <I>",
    "number|no|no.|position|place|rank [.] <Q:rank>",
    ", [ranked|ranking|placed] at|in [number] <N:rank>",
    "<N:rank> only to",
)
_TOP = (
    "rank*|place*|put* <C:subject> .. top [-] <Q:rank>",
    "top [-] <Q:rank>",
    "first <Q:rank> places|positions|spots|ranks",
    "of|among the [world's|world] <Q:rank> leading|best|top|strongest|most|first|highest",
)
# "Slipped out of the top five" denies the place.
_OUTSIDE = re.compile(
    r"(?:out of|outside|left|missed|not in|not among|beyond) (?:of )?(?:the )?(?:\S+ )?top "
    r"(?:- )?@Q\d+ $"
)
_FIRST = (
    "<C:subject> .. lead*|led|top*|head* the|every|all|an|this .. world|index|ranking|rankings|table|"
    "list|league|field|pack|race|<I>",
    "<C:subject> lead*|led|top*|head* .. <I>",
    "<C:subject> .. lead*|led the world",
    "<C:subject> is|remain*|was|stays .. leader",
    "<C:subject> is|remain*|was|has .. most <M>",
)
_OF = ("of|among [the] <Q:of> countries|nations|economies|states|governments|territories|surveyed|ranked",
"<N> [out] of <Q:of>",
       "<Q> [out] of <Q:of>", "<Q:of> - country|nation")  # fmt: skip
_BEHIND = (
    "second only to <C:others> , <C:subject>",
    "behind only <C:others> , <C:subject>",
    "behind not only|just|merely [the] <C:others> [,] but|and ... <C:more>",
    "behind both <C:others>",
    "behind|below|trail*|under .. <C:others>",
    "lag*|trail* [far|well|way] [behind] <C:others>",
    "worse than .. <C:others>",
    "second only to <C:others>",
    "only behind <C:others>",
    "outranked|overtaken|outpaced|beaten|surpassed|outperformed|eclipsed by .. <C:others>",
)
_AHEAD = (
    "ahead of not only|just|merely [the] <C:others> [,] but|and ... <C:more>",
    "outrank*|overt*|outpac*|beat*|surpass*|outperform*|above|eclips*|leapfrog* .. <C:others>",
    "better than .. <C:others>",
    "ahead of .. <C:others>",
)
_OTHER_FIELDS = re.compile(
    r"\b(population|gdp|economy|economies|oil|gas|football|soccer|olympic|medal|military|army|corruption|tourism|"
    r"wheat|steel|cars?|nuclear|happiness|press freedom|debt|exporter|importer|inflation)\b"
)
_CUES = (
    "<I>",
    "rank*|ranking|rankings|index|league|table|place|position|placed|spot|list",
    "of|among <Q> countries|nations",
    "of|among the [world's|world] <Q>",
    "number|no|no. [.] <Q>",
    "<N> only to",
)


def rank_claims(context: Context) -> Iterator[RankClaim]:
    """Yield the rank claims of a sentence."""
    if not context.about_ai or (_OTHER_FIELDS.search(context.stream) and not context.reading.of_kind("I")):
        return
    yield from _places(context)
    yield from _orders(context)


def _places(context: Context) -> Iterator[RankClaim]:
    seen: set[str] = set()
    cued = context.has(*_CUES)
    for found in matches(context.reading, _AT):
        key = found.group("rank")
        if key in seen or not cued or _is_other_number(context, found) or _is_left(context, found):
            continue
        subject, subject_key = _subject(context, found)
        if len(subject) == 1:
            seen |= {key, subject_key or ""}
            yield _claim(context, found, subject[0], subject_key, "at", int(context.quantity(key).low))
    for found in matches(context.reading, _TOP):
        key = found.group("rank")
        subject, subject_key = _subject(context, found)
        if key in seen or not subject or re.match(r" ?@[MDG]", context.stream[found.end() - 1 :]):
            continue
        seen.add(key)
        outside = bool(_OUTSIDE.search(context.stream[: found.end()]))
        for country in subject:
            claim = _claim(context, found, country, subject_key, "top", int(context.quantity(key).low))
            yield claim.model_copy(update={"negated": True}) if outside else claim
    for found in matches(context.reading, _FIRST):
        key = found.group("subject")
        if key not in seen and "first" not in seen:
            for country in context.countries(key):
                yield _claim(context, found, country, key, "at", 1)
        seen.add("first")


def _dated(context: Context, found: re.Match[str]) -> Period | None:
    """Return the date that follows a rank at once: "sixth place in 2021"."""
    if "rank" not in found.groupdict():
        return None
    at = context.stream.index(f"{found.group('rank')} ")
    after = rule("<NQ> [place|position|spot|rank|worldwide|globally] in|for|of|as_of [the] <W:when>")
    date = after.match(context.stream, at)
    return context.period(date.group("when")) if date else None


def _is_left(context: Context, found: re.Match[str]) -> bool:
    """Return whether a rank is the one that was left, and no date says when it held."""
    at = context.stream.index(f"{found.group('rank')} ")
    left = re.search(
        r"(?:from|previously|formerly|once|up|down|than) (?:in |at )?(?:the )?$", context.stream[:at]
    )
    return left is not None and _dated(context, found) is None


def _is_other_number(context: Context, found: re.Match[str]) -> bool:
    """Return whether a number is no rank: a year count, "first model", "ranked 31 models"."""
    after = context.stream[found.end("rank") + 1 :].split(" ", 1)[0]
    number = context.quantity(found.group("rank"))
    if number.low != number.high or number.low < 1 or number.low != int(number.low) or number.low > 250:
        return True
    return bool(
        re.fullmatch(
            r"time|times|model|models|year|to|quarter|countries|nations|@M\d+|country|nation|generation",
            after,
        )
    )


def _subject(context: Context, found: re.Match[str]) -> tuple[tuple[str, ...], str | None]:
    key = found.groupdict().get("subject")
    if key:
        return context.countries(key), key
    near = context.before(found.start())
    subject = context.subject_of(found.start())
    return subject, near if near and context.countries(near) == subject else None


def _claim(
    context: Context, found: re.Match[str], country: str, key: str | None, relation: str, rank: int
) -> RankClaim:
    index = context.reading.of_kind("I")
    named, ranked = _ranking(context, "")
    of, of_key = _of(context, f"{found.group('rank')} " if "rank" in found.groupdict() else "")
    where = f"@{index[0][0]}" if index else None
    within, within_key = _within(context, found, key)
    start, end = widest(found, context, key, of_key, where, within_key)
    return RankClaim(
        **context.common(start, end, _dated(context, found)),
        country=country,
        relation=relation,
        rank=rank,
        of=of,
        within=within,
        index=named,
        measure=ranked,
    )


def _within(context: Context, found: re.Match[str], subject: str | None) -> tuple[str | None, str | None]:
    """Return what a rank is told within: looked for around the number, or after who is said to lead."""
    key = found.group("rank") if "rank" in found.groupdict() else subject
    if key is None:
        return None, None
    at = context.stream.index(f"{key} ")
    return scope(context, at, at + len(key))


def _ranking(context: Context, unnamed: str | None) -> tuple[str | None, str | None]:
    """Return the index and the indicator that a sentence ranks by, at most one of them.

    "The index" means the one named before; a ranking that nobody names is ``unnamed``.
    """
    index = [name.value for key, _ in context.reading.of_kind("I") if (name := context.name(key))]
    measure = [name.value for key, _ in context.reading.of_kind("M") if (name := context.name(key))]
    if any(index):
        return next(value for value in index if value), None
    if measure and not index:
        return None, measure[0]
    if index or context.has("the|this|its|same index|ranking|rankings|table|list|edition"):
        return context.earlier.index or unnamed, None
    if unnamed is not None and context.earlier.measure:
        # A place in what the sentence before counted.
        return None, context.earlier.measure
    return unnamed, None


def _of(context: Context, rank: str) -> tuple[int | None, str | None]:
    for found in matches(context.reading, _OF):
        key = found.group("of")
        if f"{key} " != rank:
            return int(context.quantity(key).low), key
    return None, None


def _orders(context: Context) -> Iterator[RankClaim]:
    """Yield order claims, unless a stretch of time makes a lag of them."""
    if context.has(
        "<T> .. behind|ahead|lag*|trail*",
        "behind|lag*|trail*|ahead|lead* .... by .. <T>",
        "catch|caught|catching up",
    ):
        return
    seen: set[str] = set()
    for relation, rules in (("behind", _BEHIND), ("ahead", _AHEAD)):
        for found in matches(context.reading, rules):
            keys = [key for key in (found.group("others"), found.groupdict().get("more")) if key]
            named = context.countries(found.groupdict().get("subject"))
            subject = named or context.subject_of(found.start())
            # What stands between a country and itself is no order: "behind Russia's push".
            others = tuple(c for key in keys for c in context.countries(key) if c not in subject)
            if not subject or not others or set(keys) & seen:
                continue
            seen |= set(keys)
            for country in subject:
                yield _order(context, found, country, relation, others)


def _order(
    context: Context, found: re.Match[str], country: str, relation: str, others: tuple[str, ...]
) -> RankClaim:
    named, ranked = _ranking(context, None)
    near = context.before(found.start())
    start, end = widest(found, context, near if near and country in context.countries(near) else None)
    return RankClaim(
        **context.common(start, end),
        country=country,
        relation=relation,
        others=others,
        index=named,
        measure=ranked,
    )
