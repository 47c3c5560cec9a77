"""Levels, shares, changes and comparisons of what Parity counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from parity.claims._dates import Period
from parity.claims._grammar import matches, rule
from parity.claims._names import Name
from parity.claims.model import QuantityClaim
from parity.claims.rules._change import change, until
from parity.claims.rules._context import Context, widest
from parity.claims.rules._counting import (
    FIRMS,
    WORLD,
    claim_of,
    factor,
    is_year,
    left_open,
    measure_of,
    numbers,
    report_of,
    whose,
)
from parity.claims.rules._listed import carried, listed, others
from parity.claims.rules._ranking import scope

_SHARE = (
    "<P:n> of all|the|global|world|worldwide [world's|world] [global] .. <M:m>",
    "<P:n> of <M:m>",
    "<P:n> <M:m> .. from|by",
    "<P:n> [of] [the] <M:m> ... was|were|is|are|come|comes|came|hail [from] [in] [the] <C>",
    "of the|all [global] <M:m> ... <C> ... <P:n>",
    "<M:m> ... account*|represent*|occup*|make*|made|comprise*|constitut* [up] [for] .. <P:n> of",
    "share of .. <M:m> ... <P:n>",
    "share of .. <M:m> ... at|to|below|above|of <P:n>",
)
# "More than the rest of the world combined": more than half.
_REST = ("more|larger|greater|higher .. <M:m> .. than [all] .. rest of the world",)
_COMPARE = (
    "<F:n> .. more|higher|greater|larger|bigger .. than .. <CB:others>",
    "<M:m> ... outpac*|exceed*|surpass*|outstrip*|dwarf*|eclips*|outspen* .. <CB:others> .. <F:n>",
    "<M:m> .... <F:n> [the] <CB:others> 's <V>",
    "<M:m> .... <F:n> that|those of [the] <CB:others>",
    "<M:m> ... <F:n> [the] <CB:others> figure|level|total|sum|amount",
    "<F:n> .. as many|much .. <M:m> .. as .. <CB:others>",
    "more|larger|greater|higher|bigger .. <M:m> .. than .. <CB:others>",
    "fewer|less|smaller|lower .. <M:m> .. than .. <CB:others>",
    "<M:m> ... larger|higher|bigger|greater|smaller|lower than .. <CB:others>",
    "<M:m> .. exceed*|surpass*|outstrip*|dwarf* ... <CB:others>",
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
    "<Q:n> of [the] [world's|world] [world] ['s] <M:m>",
    "<M:m> .. <QVP:n>",
    "<M:m> ... : <QVP:n>",
)
_USERS = "people|individuals|adults|workers|population|employees|residents|citizens|persons|inhabitants"
_USERS += "|working_age"
# "One in four people of working age uses generative AI".
_ADOPTION = (
    f"<P:n> [of] ... {_USERS}|{FIRMS} ... <M:m>",
    f"<P:n> [of] ... {_USERS}|{FIRMS} .... use|uses|used|adopted .. <M:m>",
)
_ADOPTED = ("genai_diffusion", "enterprise_ai")
_COLLABORATION = "gh_collaboration"


def quantity_claims(context: Context) -> Iterator[QuantityClaim]:
    """Yield the quantity claims of a sentence about one indicator, one for each country."""
    yield from _invested(context)
    yield from _flops(context)
    if not context.reading.of_kind("M"):
        gone_on = list(carried(context))
        whom = {claim.countries for claim in gone_on}
        yield from gone_on
        yield from (claim for claim in _systems(context) if claim.countries not in whom)
        return
    if _is_other_head(context):
        return
    for build in (
        _most,
        _majority,
        _added,
        _compared,
        listed,
        _none,
        _adopted,
        _shared,
        _reached,
        _changed,
        _levels,
    ):
        claims = list(build(context))
        if claims:
            yield from claims
            if build in (_compared, listed):
                told = {iso3 for claim in claims for iso3 in claim.countries if claim.form == "level"}
                yield from (claim for claim in _levels(context) if not told & set(claim.countries))
            if build in (_adopted, _levels):
                yield from others(context, claims[0])
            return


# Words before a measure that make it something else: "demand for compute capacity".
_OTHER_HEAD = re.compile(
    r"(?:demand|need|needs|appetite|hunger|thirst|market|prices?|costs?|shortage|lack|interest|access|plans?|"
    r"strategy|rules?|talks|debate|policy|quality|efficiency|growth rate) (?:for|of|in|on|to|about) "
    r"(?:\S+ ){0,3}@M\d+"
)
_CODE = re.compile(r"github|open.source|\bcode\b|software|repositor")


def _is_other_head(context: Context) -> bool:
    """Return whether the measure is only part of another thing, or a collaboration is of another kind."""
    names = [name.value for name in context.reading.names("M")]
    ties = _COLLABORATION in names and not _CODE.search(context.reading.sentence.text.casefold())
    return ties or bool(_OTHER_HEAD.search(context.stream))


_COUNTED = re.compile(
    r"(?P<n>@Q\d+) (?:(?:@C\d+|of|the|its|new|separate) )*(?:systems|machines|entries|computers) |"
    r"@C\d+ (?:systems|machines|entries) (?:number|numbered|total|totalled) (?P<m>@Q\d+) "
)


_NOUN = "(?:systems|machines|entries|computers|supercomputers)"
_MORE = re.compile(
    rf"(?P<who>@C\d+) (?:has|had|counts|counted|runs|ran) (?P<way>more|fewer) (?:of )?(?:the )?(?:{_NOUN} )?"
    r"(?:(?:on|in) (?:the|that|this) (?:@W\d+ )?(?:list|@I\d+) )?than (?:the )?(?P<others>@C\d+) "
)
# "A third of the machines stand in the US".
_PARTED = re.compile(
    rf"(?P<n>@P\d+) of (?:the |all |all the )?(?:@I\d+ )?{_NOUN} (?:stand|are|were|sit|stood)"
    r"(?: located| installed)? in (?:the )?(?P<who>@C\d+) "
)


def _systems(context: Context) -> Iterator[QuantityClaim]:
    """Yield "in the TOP500 of June 2024 the US has 171 systems", where list and count stand apart."""
    listed = [name.value for name in context.reading.names("I")]
    going_on = context.earlier.index == "TOP500" and re.search(
        r"(?:on|in) (?:the|this|that) (?:@W\d+ )?list", context.stream
    )
    counted = getattr(context.earlier.counted, "measure", None) == "top500_systems"
    if "TOP500" not in listed and not (going_on or counted):
        return
    if (more := _MORE.search(context.stream)) is not None:
        yield QuantityClaim(
            **context.common(more.start(), more.end()), countries=context.countries(more["who"]),
            others=context.countries(more["others"]), measure="top500_systems", form="compare", unit="times",
            direction="up" if more["way"] == "more" else "down",
            open=() if "TOP500" in listed else ("reading",),
        )  # fmt: skip
        return
    if (part := _PARTED.search(context.stream)) is not None:
        yield QuantityClaim(
            **context.common(part.start(), part.end()) | numbers(context, part["n"]), form="share",
            countries=context.countries(part["who"]), measure="top500_systems", open=("reading",),
        )  # fmt: skip
        return
    first: QuantityClaim | None = None
    for found in _COUNTED.finditer(context.stream):
        countries, key = whose(context, found)
        if not countries:
            continue
        start, end = widest(found, context, key)
        common = context.common(start, end, until(context))
        claim = QuantityClaim(
            **common | numbers(context, found["n"] or found["m"]), countries=countries,
            measure="top500_systems", form="level", report=report_of(context, common),
            open=() if "TOP500" in listed else ("reading",),
        )  # fmt: skip
        first = first or claim
        yield claim
    if first is not None:
        yield from others(context, first)


def _flops(context: Context) -> Iterator[QuantityClaim]:
    """Yield "reaches 1,742 petaflops": a performance, of one machine or of all together, never a count."""
    systems = [name.value for name in context.reading.names("M")]
    listed = (context.earlier.measure or "").startswith("top500") and " list " in context.stream
    if not (listed or {"top500_systems", "top500_rmax"} & set(systems)):
        return
    for found in rule("<U:n>").finditer(context.stream):
        number = context.quantity(found.group("n"))
        scale = {"petaflops": 1.0, "exaflops": 1e3, "teraflops": 1e-3}.get(number.unit)
        countries, key = whose(context, found)
        if scale is None or not countries:
            continue
        whole = re.search(
            r"combined|together|total|aggregate|add\S* up|overall|all (?:its|the)|sum", context.stream
        )
        start, end = widest(found, context, key)
        values = numbers(context, found.group("n"))
        ends = {end_: None if values[end_] is None else scale * values[end_] for end_ in ("low", "high")}
        yield QuantityClaim(
            **context.common(start, end)
            | values
            | ends
            | {"unit": "petaflops", "rounding": scale * values["rounding"]},
            countries=countries,
            measure="top500_rmax" if whole else "fastest_supercomputer",
            form="level",
        )
        return


def _majority(context: Context) -> Iterator[QuantityClaim]:
    """Yield "no country in Europe has more supercomputers than Germany"."""
    for found in matches(
        context.reading,
        (
            "no .. country|nation|state|one|economy .... more|larger|bigger|higher .. <M:m> .. than|as .. "
            "<C:who>",
        ),
    ):
        within = scope(context, found.start(), found.start() + 2)[0]
        for country in context.countries(found.group("who")):
            start, end = found.start(), found.end()
            yield QuantityClaim(
                **context.common(start, end) | {"negated": False},
                countries=(country,),
                measure=measure_of(context, found.group("m")),
                form="most",
                within=within,
            )
        return


_ADDED = (
    "{0} <QV:n> .. <M:m>",
    "{0} [another|a|further] <QV:n> .. <M:m>",
)


def _added(context: Context) -> Iterator[QuantityClaim]:
    """Yield "added two supercomputers": a difference, no level."""
    for words, moved, sign in (
        ("add*|gain*|acquir*", "rose|risen|grew|grown|increas*|climb*|jump*|surg*", 1.0),
        ("lost|lose*|shed*|dropped", "fell|fallen|drop*|declin*|decreas*|shrank|shrunk", -1.0),
    ):
        texts = (*(text.format(words) for text in _ADDED), f"<M:m> .... {moved} by <QV:n>")
        for found in matches(context.reading, texts):
            if sign < 0 and " than " in found.group():
                continue
            countries, key = whose(context, found)
            if not countries or is_year(context, found):
                continue
            values = numbers(context, found.group("n"))
            low, high = sorted(sign * (values[e] if values[e] is not None else 0.0) for e in ("low", "high"))
            since = change(context)
            yield claim_of(
                context, found, "increase", countries, key,
                **values | {"low": low, "high": high},
                direction="up" if sign > 0 else "down", since=since.since if since else _last_year(context),
            )  # fmt: skip
            return


def _last_year(context: Context) -> dt.date | None:
    """Return the year before the one that a sentence names."""
    for key, mention in context.reading.of_kind("W"):
        if isinstance(mention, Period) and mention.year and mention.start <= context.today:
            return dt.date(context.period(key).start.year - 1, 1, 1)
    return None


_INTO = (
    "invest*|put|poured|pumped|ploughed <V:n> in|into [the] <C:who> ai|artificial",
    "<C:who> ['s] ai start_ups|start-ups|startups|companies|firms [have] raised|attracted|drew <V:n>",
)
_INVESTED = ("invest*|spent|spends|put|raised|attracted .. <V:n> .. in|into|for|on ai|artificial",)
# Money of states is none of the private investment that is measured.
_PUBLIC = re.compile(r"\b(?:guidance|government|state|public|sovereign|budget|ministry|taxpayers?|treasury) ")


def _invested(context: Context) -> Iterator[QuantityClaim]:
    """Yield "invested 2 billion dollars in AI", whose measure stands on both sides of the number."""
    into = next(matches(context.reading, _INTO), None)
    found = into or next(matches(context.reading, _INVESTED), None)
    if not found or _PUBLIC.search(context.stream):
        return
    countries, key = (context.countries(into["who"]), into["who"]) if into else whose(context, found)
    if not countries:
        return
    start, end = widest(found, context, key)
    yield QuantityClaim(
        **context.common(start, end)
        | numbers(context, found.group("n"))
        | {"open": left_open(context, "ai_investment")},
        countries=countries,
        measure="ai_investment",
        form="level",
    )


def _most(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _REST):
        countries, key = whose(context, found)
        if countries:
            half = {"low": 50.0, "high": None, "unit": "percent", "hedge": "at least"}
            yield claim_of(context, found, "share", countries, key, **half)
            return


def _compared(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _COMPARE):
        others = context.countries(found.group("others"))
        countries, key = whose(context, found, exclude=others)
        if not countries or not others:
            continue
        down = bool(re.search(r"\b(?:fewer|less|smaller|lower) ", found.group()))
        number = found.groupdict().get("n")
        values = factor(context, number) if number else {"low": None, "high": None, "unit": "times"}
        yield claim_of(
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
        countries, key = whose(context, found)
        if countries not in ((), (WORLD,)) and not _is_per_person(context, found):
            yield claim_of(context, found, "share", countries, key, **numbers(context, found.group("n")))
            return


def _is_per_person(context: Context, found: re.Match[str]) -> bool:
    """Return whether a percentage is of people or firms, a level of its own, not of the world's total."""
    measure = context.name(found.group("m"))
    return measure is not None and measure.value in (
        "genai_diffusion", "enterprise_ai", "internet_users", "rd_expenditure", "hightech_exports",
    )  # fmt: skip


def _adopted(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _ADOPTION):
        countries, key = whose(context, found)
        measure = context.name(found.group("m"))
        if countries and measure and measure.value in _ADOPTED:
            yield claim_of(context, found, "level", countries, key, **numbers(context, found.group("n")))
            return


def _none(context: Context) -> Iterator[QuantityClaim]:
    """Yield "has no supercomputer"."""
    for found in matches(context.reading, ("has|have|had no <M:m>",)):
        countries, key = whose(context, found)
        if countries:
            claim = claim_of(context, found, "level", countries, key, low=0.0, high=0.0)
            yield claim.model_copy(update={"negated": False})
            return


def _reached(context: Context) -> Iterator[QuantityClaim]:
    """Yield "has risen to seven": the level, for it says more than the change."""
    for found in matches(context.reading, _REACHED):
        countries, key = whose(context, found)
        linked = found.group("n").startswith(("@V", "@P")) or _LAST.match(f" {context.stream[found.end() :]}")
        if countries and linked and not is_year(context, found):
            yield claim_of(context, found, "level", countries, key, **numbers(context, found.group("n")))
            return


def _changed(context: Context) -> Iterator[QuantityClaim]:
    changed = change(context)
    if changed is None or context.has("<Q> positions|places|spots|ranks"):
        return
    key, measure = next((k, m) for k, m in context.reading.of_kind("M") if isinstance(m, Name))
    here = context.stream.index(f"@{key} ")
    found = re.compile(re.escape(f"@{key} ")).search(context.stream, here)
    if found is None:
        return
    countries, who = whose(context, found)
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
        measure=measure_of(context, f"@{key}"),
        form=changed.form,
        low=changed.low,
        high=changed.high,
        unit="times",
        rounding=changed.rounding,
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


# What may stand between a number and what it counts, and after a number that stands last.
_BETWEEN = re.compile(
    r"(?:of|the|its|their|his|those|these|such|all|new|notable|leading|large|largest|private|ai|american|"
    r"@C\d+|@B\d+|more|fastest|most|powerful|top|listed|separate|total|in|worth|'s|world|world's|artificial|"
    r"intelligence|on|a|machine|learning|annual|different|major|important|significant|current|active|big|"
    r"dollars) "
)
_LAST = re.compile(
    r" (?:$|\W|of|in|by|at|from|and|or|but|for|on|last|this|to|as|that|which|while|with|a|the|during|between|"
    r"since|systems|models|machines|supercomputers|patents|papers|publications|companies|firms|laws|bills|"
    r"entries|compared|against|per|more|worldwide|globally|now|today|then|according|people|users|@W\d+|@C\d+|"
    r"@M\d+|up|down|accounts|developers|applications|investment|units|again|also|after|before|is|are|was|"
    r"were|than|when|out)(?: |$)"
)


def _is_linked(context: Context, found: re.Match[str]) -> bool:
    """Return whether a number counts the measure: nothing that it might count instead stands beside it."""
    stream = context.stream
    number, measure = (stream.index(f"{found.group(key)} ", found.start()) for key in ("n", "m"))
    if number < measure:
        between = stream[number + len(found.group("n")) + 1 : measure]
        plain = not _BETWEEN.sub("", between).strip()
        return plain or "use" in between or found.group("n").startswith(("@V", "@P"))
    return found.group("n").startswith(("@V", "@P")) or bool(
        _LAST.match(f" {stream[number + len(found.group('n')) + 1 :]}")
    )


def _levels(context: Context) -> Iterator[QuantityClaim]:
    for found in matches(context.reading, _LEVEL):
        if not _is_linked(context, found):
            continue
        countries, key = whose(context, found)
        if countries and not is_year(context, found):
            yield claim_of(context, found, "level", countries, key, **numbers(context, found.group("n")))
            return
