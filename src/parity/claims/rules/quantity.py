"""Levels, shares, changes and comparisons of what Parity counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from parity.claims._grammar import matches, rule
from parity.claims._names import Name
from parity.claims.model import QuantityClaim
from parity.claims.rules._change import change
from parity.claims.rules._context import Context, widest

_SHARE = (
    "<P:n> of all|the|global|world|worldwide [world's|world] [global] .. <M:m>",
    "<P:n> of <M:m>",
    "account* for .. <P:n> of .. <M:m>",
    "<M:m> .. <P:n> of the|all|world's|global|world",
    "share of .. <M:m> .. <P:n>",
)
_COMPARE = (
    "<F:n> .. as many|much .. <M:m> .. as .. <C:others>",
    "<F:n> .. more .. <M:m> .. than .. <C:others>",
    "more|larger|greater|higher|bigger .. <M:m> .. than .. <C:others>",
    "fewer|less|smaller|lower .. <M:m> .. than .. <C:others>",
    "<M:m> .. exceed*|surpass*|outstrip*|dwarf* .. <C:others>",
    "<M:m> .. <F:n> .. of|that .. <C:others>",
)
_LEVEL = (
    "<QV:n> [of] [in] .. <M:m>",
    "<P:n> of ... <M:m>",
    "<M:m> .. reach*|total*|hit|stood|amount*|was|is|were|are|of|at|came [at] [to] .. <QVP:n>",
    "<P:n> .. on|use|uses|using .. <M:m>",
    "<M:m> .. <QVP:n>",
)
_COLLABORATION = "gh_collaboration"


def quantity_claims(context: Context) -> Iterator[QuantityClaim]:
    """Yield the quantity claims of a sentence, at most one for each indicator."""
    if context.future():
        return
    yield from _invested(context)
    if not context.reading.of_kind("M"):
        return
    for build in (_compared, _shared, _changed, _levels):
        claims = list(build(context))
        if claims:
            yield from claims
            return


def _invested(context: Context) -> Iterator[QuantityClaim]:
    """Yield "invested 2 billion dollars in AI", whose measure stands on both sides of the number."""
    found = rule("invest*|spent|spends|put|raised|attracted .. <V:n> .. in|into|for|on ai|artificial").search(
        context.stream
    )
    countries, key = _who(context, found) if found else ((), None)
    if not found or not countries:
        return
    start, end = widest(found, context, key)
    yield QuantityClaim(
        **context.common(start, end) | _numbers(context, found.group("n")),
        countries=countries,
        measure="ai_investment",
        form="level",
    )


def _compared(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _COMPARE):
        others = context.countries(found.group("others"))
        countries, key = _who(context, found, exclude=others)
        if not countries or not others:
            continue
        down = bool(re.match(r"(?:fewer|less|smaller|lower) ", found.group()))
        number = found.groupdict().get("n")
        values = _numbers(context, number) if number else {"low": None, "high": None, "unit": "times"}
        yield _claim(
            context,
            found,
            "compare",
            countries,
            key,
            others=others,
            direction="down" if down else "up",
            **values,
        )
        return


def _shared(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _SHARE):
        countries, key = _who(context, found)
        if countries and not _is_per_person(context, found):
            yield _claim(context, found, "share", countries, key, **_numbers(context, found.group("n")))
            return


def _is_per_person(context: Context, found: re.Match[str]) -> bool:
    """Return whether a percentage is of people or firms, a level of its own, not of the world's total."""
    measure = context.name(found.group("m"))
    return measure is not None and measure.value in (
        "genai_diffusion", "enterprise_ai", "internet_users", "rd_expenditure", "hightech_exports",
    )  # fmt: skip


def _changed(context: Context) -> Iterator[QuantityClaim]:
    changed = change(context)
    if changed is None:
        return
    key, measure = next((k, m) for k, m in context.reading.of_kind("M") if isinstance(m, Name))
    here = context.stream.index(f"@{key} ")
    found = re.compile(re.escape(f"@{key} ")).search(context.stream, here)
    if found is None:
        return
    countries, who = _who(context, found)
    partners: tuple[str, ...] = ()
    if measure.value == _COLLABORATION:
        countries, partners = _tie(context, countries)
    if not countries:
        return
    start, end = widest(found, context, who)
    common = context.common(min(start, changed.start), max(end, changed.end), changed.until)
    yield QuantityClaim(
        **common | {"hedge": changed.hedge, "negated": common["negated"]},
        countries=countries,
        measure=measure.value,
        form="change",
        low=changed.low,
        high=changed.high,
        unit="times",
        direction=changed.direction,
        since=changed.since,
        others=partners,
    )


def _tie(context: Context, countries: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the two sides of a collaboration."""
    every = list(dict.fromkeys(c for key, _ in context.reading.of_kind("C") for c in context.countries(key)))
    if len(every) >= 2:
        return (every[0],), tuple(every[1:])
    return countries, ()


def _levels(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _LEVEL):
        countries, key = _who(context, found)
        if countries and not _is_year(context, found):
            yield _claim(context, found, "level", countries, key, **_numbers(context, found.group("n")))
            return


def _is_year(context: Context, found: re.Match[str]) -> bool:
    number = context.quantity(found.group("n"))
    return number.unit == "" and 1990 <= number.low <= 2050 and number.digit == 1


def _who(
    context: Context, found: re.Match[str], exclude: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], str | None]:
    """Return whose quantity it is: before the measure, else "in" or "of" a country after it."""
    near = context.before(found.start())
    countries = tuple(c for c in context.countries(near) if c not in exclude)
    if countries:
        return countries, near
    after = rule("in|by|of|from|across|for [the] <C:who>").search(context.stream, found.start())
    if after is None:
        after = rule("<C:who>").search(context.stream)
    if after and set(context.countries(after.group("who"))) - set(exclude):
        return tuple(c for c in context.countries(after.group("who")) if c not in exclude), after.group("who")
    return ((context.subject,) if context.subject and context.subject not in exclude else ()), None


def _numbers(context: Context, key: str) -> dict[str, Any]:
    number = context.quantity(key)
    low, high = number.low, number.high
    if number.hedge == "at least":
        return {"low": low, "high": None, "unit": number.unit, "hedge": number.hedge}
    if number.hedge == "at most":
        return {"low": None, "high": high, "unit": number.unit, "hedge": number.hedge}
    return {"low": low, "high": high, "unit": number.unit, "hedge": number.hedge}


def _claim(
    context: Context,
    found: re.Match[str],
    form: str,
    countries: tuple[str, ...],
    key: str | None,
    **rest: Any,
) -> QuantityClaim:
    measure = context.name(found.group("m"))
    start, end = widest(found, context, key)
    common = context.common(start, end)
    return QuantityClaim(
        **common | rest,
        countries=countries,
        measure=measure.value if measure else "",
        form=form,
    )
