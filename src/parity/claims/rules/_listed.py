"""Figures set beside a first one: lists, and sentences that go on from the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches
from parity.claims.model import QuantityClaim
from parity.claims.rules._context import WE, Context
from parity.claims.rules._counting import factor, is_year, measure_of, numbers

# A second figure of the same kind: "compared with 15 from China", "81 percent in China".
_OTHER = (
    "<QVP:n> .. in|from|for|by [the] <C:who>",
    "in|for [the] <C:who> .. figure|share|rate|number|total .. <QVP:n>",
    "compared|against|versus|vs|than [with|to] [the] <C:who> ['s] <QVP:n>",
)

# "Italy 14 and the Netherlands ten", after a first figure.
_BESIDE = re.compile(
    r"(?:(?<=, )|(?<=; )|(?<=and )|(?<=: ))(?:and )?(?:the )?(?P<who>@C\d+) (?:(?:had|has|with|at|counts|"
    r"counted|runs|on|:) )?(?P<n>@[QVP]\d+) (?=,|and|\.|;|systems|in |while|models|from|$)|(?<= "
    r")(?P<n2>@[QVP]\d+) (?:(?:were|are|come|came) )?(?:from|in|for|by) (?:the )?(?P<who2>@C\d+) "
)

_ENDED = (
    r"(?:of them |of it |systems |machines |models |entries )?(?=[.,;)]|and |in |while |last |this |"
    r"respectively |(?:by|on) (?:the |that )(?:same )?(?:count|measure|tally|list) |$)"
)

_NOUN = "(?:total|figure|share|number|count|sum|ratio|rate|proportion)"
_WAS = r"(?:was|is|were|are|came|stood|stands|amounted|totalled|reached) (?:to |at )?(?:just |only )?"
_HAS = (
    r"(?:had|has|got|held|holds|counted|counts|attracted|drew|managed|made|produced|raised|took|remained at|"
    r"stayed at|"
    r"(?:slipped|fell|dropped|slid|sank|rose|climbed|jumped|grew) (?:from @[QVP]\d+ )?to|"
    r"accounted for|followed with|follows with|at|with|came to|amounted to|stood at|reached|"
    r"(?:is|was|came|comes|ranks|ranked) (?:next|second|third|fourth|fifth|last|@N\d+) ,? ?(?:at|with)|"
    r"(?:is|was) (?:(?:up|down|back|now) )?(?:from @Q\d+ )?(?:to|at|on|with)) (?:just |only )?"
)
# "French AI firms raised 4.4 billion, German ones 3.9."
_ONES = r"(?:(?:ai )?(?:firms|companies|ones|start-ups|startups) )?"
# "China's total was $9.3 billion", "that of France came to 2.6", "and in Japan 26.7 percent".
_CARRIED = tuple(
    re.compile(text)
    for text in (
        rf"(?P<who>@[CB]\d+) 's {_NOUN} {_WAS}(?P<n>@[QVP]\d+) ",
        rf"(?P<who>@C\d+) {_ONES}(?:, )?{_HAS}(?P<n>@[QVP]\d+) {_ENDED}",
        rf"(?:^|(?<=, )|(?<=; )|(?<=and ))(?:the )?(?P<who>@C\d+) {_ONES}(?P<n>@[QVP]\d+) {_ENDED}",
        rf"(?:that|those|{_NOUN}) (?:for|of|in|from) (?:the )?(?P<who>@C\d+) {_WAS}(?P<n>@[QVP]\d+) {_ENDED}",
        rf"(?:^|and |but )in (?:the )?(?P<who>@C\d+) (?:(?:it|the {_NOUN}) {_WAS})?(?P<n>@[QVP]\d+) {_ENDED}",
        r"(?P<who>@C\d+) (?:\S+ ){1,6}: (?P<n>@P\d+) of (?:\S+ ){1,5}uses? it ",
        rf"and (?P<who>@C\d+) (?:for|with) (?P<n>@[QVP]\d+) {_ENDED}",
        r"^(?:it|the report) (?:counts|counted|lists|finds|has|had) (?P<n>@[QVP]\d+) (?:from|in|for) "
        r"(?P<who>@C\d+) ",
        rf"^it (?:gives|credits|puts|has) (?P<who>@C\d+) (?:with |at )?(?P<n>@[QVP]\d+) {_ENDED}",
        r"^(?P<n>@[QVP]\d+) (?:were|are|came|come) (?:from|in) (?P<who>@C\d+) ",
        rf"^(?P<who>@C\d+) (?:\S+ ){{1,5}}, with (?P<n>@[QVP]\d+) {_ENDED}",
        r"^(?P<who>@C\d+) : (?P<n>@[QVP]\d+) ",
    )
)
# "In June it had 80": the same country at another time.
_THEN = re.compile(rf"(?:it|the {_NOUN}) (?:{_WAS}|{_HAS})(?P<n>@[QVP]\d+) {_ENDED}")
# "This is nearly twelve times China's 9.3 billion", "America has five times as much as China".
_TIMES = (
    re.compile(r"^(?:this|that|it|which) (?:is|was) (?:\S+ )?(?P<n>@F\d+) (?:that of |as much as |what "
               r")?(?:the )?(?P<others>@C\d+) "),
    re.compile(r"(?P<who>@C\d+) (?:\S+ )?(?:has|had|spent|holds|attracted|have) (?P<n>@F\d+) (?:as (?:much|"
               r"many) as|more than|what) (?:the )?(?P<others>@C\d+) "),
    re.compile(r"(?P<who>@C\d+) (?:\S+ ){0,4}?(?P<n>@F\d+) as (?:high|large|big|great|much|many) as (?:that "
               r"of )?(?:the )?(?P<others>@C\d+) "),
)  # fmt: skip

_FOLLOWED = re.compile(
    r"(?P<who>@C\d+) (?:followed|follow|had|have|came next) (?:with |at )?"
    r"(?P<n>@[QVP]\d+(?: (?:,|and) @[QVP]\d+)+) "
)


# "A year earlier" is counted from the figure before it.
_EARLIER = re.compile(r"(?P<then>@W\d+) (?:it|the) ")
# Letters of a currency, and the least sum of money that may go without one.
_CODE, _LARGE = 3, 1e6


def carried(context: Context) -> Iterator[QuantityClaim]:
    """Yield "China's total was 9.3 billion dollars" after a sentence that tells what is counted, and when."""
    first = context.earlier.counted
    if first is None:
        return
    for found in _FOLLOWED.finditer(context.stream):
        countries, keys = context.countries(found.group("who")), re.findall(r"@\w+", found.group("n"))
        for iso3, key in zip(countries, keys, strict=False) if len(countries) == len(keys) else ():
            yield from _beside(context, first, found, (iso3,), key)
        return
    for text in _CARRIED:
        for found in text.finditer(context.stream):
            yield from _beside(context, first, found, context.countries(found.group("who")), found.group("n"))
    for text in _TIMES:
        if (times := text.search(context.stream)) is not None:
            yield from _times(context, first, times)
            return
    then = _THEN.search(context.stream)
    same = context.subject in (None, *first.countries)
    if then and not context.reading.of_kind("C") and same and not WE.search(context.stream):
        yield from _beside(context, first, then, first.countries, then.group("n"))


def _times(context: Context, first: QuantityClaim, found: re.Match[str]) -> Iterator[QuantityClaim]:
    """Yield how many times another country's figure the one of the sentence before is."""
    who = context.countries(found.groupdict().get("who")) or first.countries
    others = context.countries(found.group("others"))
    if set(who) & set(others):
        return
    common = context.common(found.start(), found.end()) | factor(context, found.group("n"))
    yield first.model_copy(
        update=common
        | {"as_of": first.as_of, "stated_date": first.stated_date, "form": "compare", "direction": "up"}
        | {"countries": who, "others": others, "open": (*first.open, "reading")}
    )


def _beside(
    context: Context, first: QuantityClaim, found: re.Match[str], countries: tuple[str, ...], key: str
) -> Iterator[QuantityClaim]:
    """Yield the figure of another country, of the kind and the time of a first; not to be contradicted."""
    number = context.quantity(key)
    # "In France it was 4.4 billion", after dollars.
    bare = number.unit == "" and len(first.unit) == _CODE and number.low >= _LARGE
    if not (number.unit == first.unit or bare) or not countries:
        return
    common = context.common(found.start(), found.end())
    if not common["stated_date"]:
        common |= {"as_of": first.as_of, "stated_date": first.stated_date}
    elif (then := _EARLIER.search(context.stream)) is not None:
        common["as_of"] = first.as_of - (context.today - context.period(then.group("then")).end)
    if set(countries) == set(first.countries) and common["as_of"] == first.as_of:
        return
    told = {"countries": countries, "unit": first.unit, "open": (*first.open, "reading")}
    yield first.model_copy(update=common | numbers(context, key) | told)


_PAIRS = re.compile(r"(?P<who>@C\d+) (?:\( |: )?(?P<n>@[QVP]\d+) (?:\) )?(?=,|and|;|\.|$|\))")


def listed(context: Context) -> Iterator[QuantityClaim]:
    """Yield the figures of a list: "Norway (46.4%), Ireland (44.6%)", "systems: Britain 14, Italy 14"."""
    key = next((f"@{k}" for k, _ in context.reading.of_kind("M")), "")
    head = re.search(rf"{key} (?:\S+ ){{0,6}}?: ", context.stream)
    found = [
        m for m in _PAIRS.finditer(context.stream) if "(" in m.group() or (head and m.start() >= head.end())
    ]
    for match in found if len(found) > 1 else ():
        if not is_year(context, match):
            start, end = match.span()
            yield QuantityClaim(
                **context.common(start, end) | numbers(context, match.group("n")),
                countries=context.countries(match.group("who")),
                measure=measure_of(context, key),
                form="level",
            )


def others(context: Context, first: QuantityClaim) -> Iterator[QuantityClaim]:
    """Yield the figures of further countries that a sentence sets beside the first."""
    known = set(first.countries)
    for found in (*matches(context.reading, _OTHER), *_BESIDE.finditer(context.stream)):
        parts = {key.rstrip("2"): value for key, value in found.groupdict().items() if value}
        countries, number = context.countries(parts["who"]), context.quantity(parts["n"])
        if known & set(countries) or number.unit != first.unit or is_year(context, found):
            continue
        known |= set(countries)
        yield first.model_copy(
            update=context.common(found.start(), found.end())
            | numbers(context, parts["n"])
            | {"countries": countries}
        )
