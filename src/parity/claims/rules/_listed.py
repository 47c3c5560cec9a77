"""Figures set beside a first one: lists, and sentences that go on from the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches
from parity.claims.model import QuantityClaim
from parity.claims.rules._context import Context
from parity.claims.rules._counting import is_year, measure_of, numbers

# A second figure of the same kind: "compared with 15 from China", "81 percent in China".
_OTHER = (
    "<QVP:n> .. in|from|for|by [the] <C:who>",
    "in|for [the] <C:who> .. figure|share|rate|number|total .. <QVP:n>",
)

# "Italy 14 and the Netherlands ten", after a first figure.
_BESIDE = re.compile(
    r"(?:, |; |and |: )(?:and )?(?:the )?(?P<who>@C\d+) (?:(?:had|has|with|at|counts|counted|runs|on|:) "
    r")?(?P<n>@[QVP]\d+) "
    r"(?=,|and|\.|;|systems|in |while|models|from|$)"
    r"|(?<= )(?P<n2>@[QVP]\d+) (?:(?:were|are|come|came) )?(?:from|in|for|by) (?:the )?(?P<who2>@C\d+) "
)

_ENDED = (
    r"(?:of them |systems |machines |models |entries )?(?=[.,;)]|and |in |while |last |this |respectively |$)"
)

_CARRIED = (
    re.compile(
        r"(?P<who>@C\d+) 's (?:total|figure|share|number|count|sum) (?:was|is|stood|came|reached) "
        r"(?:at |to )?(?:just |only )?(?P<n>@[QVP]\d+) "
    ),
    re.compile(
        r"(?P<who>@C\d+) (?:, )?(?:had|has|got|counted|counts|attracted|drew|managed|made|produced|raised|"
        r"took|reached|remained at|stayed at|accounted for|followed with|follows with|at|with) "
        rf"(?:just |only )?(?P<n>@[QVP]\d+) {_ENDED}"
    ),
    re.compile(
        r"(?:figure|number|total|share|sum) (?:for|of|in) (?:the )?(?P<who>@C\d+) "
        rf"(?:was|is|stood at|came to) (?P<n>@[QVP]\d+) {_ENDED}"
    ),
    re.compile(
        r"(?:^|and |but )in (?:the )?(?P<who>@C\d+) (?:it|the share|the figure) (?:is|was|stands at) "
        rf"(?P<n>@[QVP]\d+) {_ENDED}"
    ),
    re.compile(r"(?P<who>@C\d+) (?:\S+ ){1,6}: (?P<n>@P\d+) of (?:\S+ ){1,5}uses? it "),
    re.compile(rf"and (?P<who>@C\d+) (?:for|with) (?P<n>@[QVP]\d+) {_ENDED}"),
    re.compile(rf"^it (?:gives|credits|puts|has) (?P<who>@C\d+) (?:with |at )?(?P<n>@[QVP]\d+) {_ENDED}"),
    re.compile(r"^(?P<n>@[QVP]\d+) (?:were|are|came|come) (?:from|in) (?P<who>@C\d+) "),
    re.compile(r"^(?P<who>@C\d+) : (?P<n>@[QVP]\d+) "),
)

_FOLLOWED = re.compile(
    r"(?P<who>@C\d+) (?:followed|follow|had|have|came next) (?:with |at )?"
    r"(?P<n>@[QVP]\d+(?: (?:,|and) @[QVP]\d+)+) "
)


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


def _beside(
    context: Context, first: QuantityClaim, found: re.Match[str], countries: tuple[str, ...], key: str
) -> Iterator[QuantityClaim]:
    """Yield the figure of another country, of the kind and the time of a first; not to be contradicted."""
    number = context.quantity(key)
    if number.unit != first.unit or set(countries) == set(first.countries) or len(countries) != 1:
        return
    common = context.common(found.start(), found.end())
    if not common["stated_date"]:
        common |= {"as_of": first.as_of, "stated_date": first.stated_date}
    yield first.model_copy(
        update=common | numbers(context, key) | {"countries": countries, "open": (*first.open, "reading")}
    )


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
