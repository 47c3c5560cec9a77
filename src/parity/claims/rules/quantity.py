"""Levels, shares, changes and comparisons of what Parity counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from parity.claims._grammar import matches, rule
from parity.claims._names import Name
from parity.claims.model import QuantityClaim
from parity.claims.rules._change import change, until
from parity.claims.rules._context import Context, widest

_SHARE = (
    "<P:n> of all|the|global|world|worldwide [world's|world] [global] .. <M:m>",
    "<P:n> of <M:m>",
    "<P:n> <M:m> .. from|by",
    "<P:n> [of] [the] <M:m> ... was|were|is|are|come|comes|came|hail [from] [in] [the] <C>",
    "account* for .. <P:n> of .. <M:m>",
    "<M:m> .. <P:n> of the|all|world's|global|world",
    "<M:m> ... account*|represent*|occup*|make*|made|comprise*|constitut* [up] [for] .. <P:n> of",
    "share of .. <M:m> ... <P:n>",
    "share of .. <M:m> ... at|to|below|above|of <P:n>",
)
# "More than the rest of the world combined": more than half.
_REST = (
    "more|larger|greater|higher .. <M:m> .. than [all] .. rest of the world",
    "more|larger|greater|higher .. <M:m> .. than .. all other countries|nations",
)
_COMPARE = (
    "<F:n> .. as many|much .. <M:m> .. as .. <CB:others>",
    "<F:n> .. more .. <M:m> .. than .. <CB:others>",
    "more|larger|greater|higher|bigger .. <M:m> .. than .. <CB:others>",
    "fewer|less|smaller|lower .. <M:m> .. than .. <CB:others>",
    "<M:m> .. exceed*|surpass*|outstrip*|dwarf* ... <CB:others>",
    "<M:m> .. <F:n> .. of|that .. <CB:others>",
    "<M:m> ... <FP:n> as many|much as .. <CB:others>",
    "<M:m> ... <FP:n> of that|those|what of|in .. <CB:others>",
)
_REACHED = (
    "<M:m> .... risen|rose|rising|grown|grew|increased|climbed|jumped|soared|fallen|fell|dropped|declined|"
    "shrunk|up|down|crept .. to <QVP:n>",
)
_LEVEL = (
    "<QV:n> [of] [in] .. <M:m>",
    "<P:n> of ... <M:m>",
    "<M:m> ... reach*|total*|hit|stood|stands|amount*|was|is|were|are|of|at|came|comes|crossed|crosses|"
    "passed|topped|number|numbers [now] [at] [to] .. <QVP:n>",
    "<P:n> .. on|use|uses|using .. <M:m>",
    "<M:m> .. <QVP:n>",
)
_USERS = "people|adults|workers|population|employees|residents|citizens|persons|inhabitants|working age"
_FIRMS = "enterprises|companies|firms|businesses|smes"
# "One in four people of working age uses generative AI".
_ADOPTION = (
    f"<P:n> [of] ... {_USERS}|{_FIRMS} ... <M:m>",
    f"<P:n> [of] ... {_USERS}|{_FIRMS} .... use|uses|used|adopted .. <M:m>",
)
_ADOPTED = ("genai_diffusion", "enterprise_ai")
# A second figure of the same kind: "compared with 15 from China", "81 percent in China".
_OTHER = (
    "<QVP:n> .. in|from|for|by [the] <C:who>",
    "in|for [the] <C:who> .. figure|share|rate|number|total .. <QVP:n>",
)
_COLLABORATION = "gh_collaboration"


def quantity_claims(context: Context) -> Iterator[QuantityClaim]:
    """Yield the quantity claims of a sentence about one indicator, one for each country."""
    if context.future():
        return
    yield from _invested(context)
    if not context.reading.of_kind("M"):
        return
    for build in (_most, _compared, _listed, _none, _adopted, _shared, _reached, _changed, _levels):
        claims = list(build(context))
        if claims:
            yield from claims
            if build in (_adopted, _levels):
                yield from _others(context, claims[0])
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


def _most(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _REST):
        countries, key = _who(context, found)
        if countries:
            half = {"low": 50.0, "high": None, "unit": "percent", "hedge": "at least"}
            yield _claim(context, found, "share", countries, key, **half)
            return


def _compared(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _COMPARE):
        others = context.countries(found.group("others"))
        countries, key = _who(context, found, exclude=others)
        if not countries or not others:
            continue
        down = bool(re.match(r"(?:fewer|less|smaller|lower) ", found.group()))
        number = found.groupdict().get("n")
        values = _factor(context, number) if number else {"low": None, "high": None, "unit": "times"}
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


def _factor(context: Context, key: str) -> dict[str, Any]:
    """Return a number as a factor: "half as many" is 0.5 times."""
    values = _numbers(context, key)
    if values["unit"] != "percent":
        return values
    ends = {end: None if values[end] is None else values[end] / 100 for end in ("low", "high")}
    return values | ends | {"unit": "times", "rounding": values["rounding"] / 100}


def _adopted(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _ADOPTION):
        countries, key = _who(context, found)
        measure = context.name(found.group("m"))
        if countries and measure and measure.value in _ADOPTED:
            yield _claim(context, found, "level", countries, key, **_numbers(context, found.group("n")))
            return


def _none(context: Context) -> Iterator[QuantityClaim]:
    """Yield "has no supercomputer"."""
    for found in matches(context.reading, ("has|have|had no <M:m>",)):
        countries, key = _who(context, found)
        if countries:
            claim = _claim(context, found, "level", countries, key, low=0.0, high=0.0)
            yield claim.model_copy(update={"negated": False})
            return


def _listed(context: Context) -> Iterator[QuantityClaim]:
    """Yield the figures of a list: "Norway (46.4%), Ireland (44.6%)"."""
    found = list(matches(context.reading, ("<C:who> ( <QVP:n> )",)))
    key = next((f"@{k}" for k, _ in context.reading.of_kind("M")), "")
    for match in found if len(found) > 1 else ():
        if not _is_year(context, match):
            start, end = match.span()
            yield QuantityClaim(
                **context.common(start, end) | _numbers(context, match.group("n")),
                countries=context.countries(match.group("who")),
                measure=_measure(context, key),
                form="level",
            )


def _reached(context: Context) -> Iterator[QuantityClaim]:
    """Yield "has risen to seven": the level, for it says more than the change."""
    for found in matches(context.reading, _REACHED):
        countries, key = _who(context, found)
        if countries and not _is_year(context, found):
            yield _claim(context, found, "level", countries, key, **_numbers(context, found.group("n")))
            return


def _others(context: Context, first: QuantityClaim) -> Iterator[QuantityClaim]:
    """Yield the figures of further countries that a sentence sets beside the first."""
    known = set(first.countries)
    for found in matches(context.reading, _OTHER):
        countries, number = context.countries(found.group("who")), context.quantity(found.group("n"))
        if known & set(countries) or number.unit != first.unit or _is_year(context, found):
            continue
        known |= set(countries)
        yield first.model_copy(
            update=context.common(found.start(), found.end())
            | _numbers(context, found.group("n"))
            | {"countries": countries}
        )


def _changed(context: Context) -> Iterator[QuantityClaim]:
    changed = change(context)
    if changed is None or context.has("<Q> positions|places|spots|ranks"):
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
        measure=_measure(context, f"@{key}"),
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
    near = context.before(found.start(), "CB")
    countries = tuple(c for c in context.countries(near) if c not in exclude)
    if countries:
        return countries, near
    inside = re.search(r"@[CB]\d+", found.group())
    if inside and set(context.countries(inside.group())) - set(exclude):
        return tuple(c for c in context.countries(inside.group()) if c not in exclude), inside.group()
    after = rule("in|by|of|from|across|for [the] <CB:who>").search(context.stream, found.start())
    if after is None:
        after = rule("<CB:who>").search(context.stream)
    if after and set(context.countries(after.group("who"))) - set(exclude):
        return tuple(c for c in context.countries(after.group("who")) if c not in exclude), after.group("who")
    return ((context.subject,) if context.subject and context.subject not in exclude else ()), None


def _numbers(context: Context, key: str) -> dict[str, Any]:
    number = context.quantity(key)
    low = None if number.hedge == "at most" else number.low
    high = None if number.hedge == "at least" else number.high
    rounding = number.digit / 2
    return {"low": low, "high": high, "unit": number.unit, "hedge": number.hedge, "rounding": rounding}


def _claim(
    context: Context,
    found: re.Match[str],
    form: str,
    countries: tuple[str, ...],
    key: str | None,
    **rest: Any,
) -> QuantityClaim:
    start, end = widest(found, context, key)
    common = context.common(start, end, until(context))
    return QuantityClaim(
        **common | rest,
        countries=countries,
        measure=_measure(context, found.group("m")),
        form=form,
    )


def _measure(context: Context, key: str) -> str:
    """Return the indicator that a token means: use of AI by firms is another than by people."""
    name = context.name(key)
    if name is not None and name.value == "genai_diffusion" and context.has(_FIRMS):
        return "enterprise_ai"
    every = {other.value for _, other in context.reading.of_kind("M") if isinstance(other, Name)}
    if name is not None and name.value == "gpu_cluster_h100e" and "top500_systems" in every:
        # "The computing power of its supercomputers".
        return "top500_rmax"
    return name.value if name else ""
