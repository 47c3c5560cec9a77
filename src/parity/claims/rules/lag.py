"""Months behind or ahead, gaps that open and close."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from parity.claims._grammar import matches
from parity.claims._numbers import MONTHS, Quantity, in_months
from parity.claims.model import LagClaim
from parity.claims.rules._context import Context, widest
from parity.claims.rules._tight import is_of_another_field

DAYS = 30.4375
# The frontier, where a text names none.
FRONTIER = "USA"
_BEHIND = (
    "take*|took <C:who> ... <T:time> ... to match*|catch|reach*|equal*|copy|replicat*|close ... <COL:others>",
    "<C:who> .. need*|need|require*|took|takes <T:time> ... to match*|catch|reach*|equal*|copy|replicat*|"
    "close ... <COL:others>",
    "distance|gap|lag|backlog of|for <C:who> ... from|behind|to .. <COL:others> ... <T:time>",
    "lag|delay|backwardness of <C:who> behind|from ... <COL:others> ... <T:time>",
    "behind|lag*|trail* .. <COL:others> .... but .. by .. <T:time>",
    "<T:time> : ... behind|trail*|lag* .. <COL:others>",
    "<T:time> .. behind .. <COL:others>",
    "<T:time> .. behind ... <COL:others>",
    "lag*|trail* .. <COL:others> ... by .. <T:time>",
    "behind .. <COL:others> .. by .. <T:time>",
    "<T:time> .. behind",
    "lag*|trail* ... by .. <T:time>",
    "lag*|trail* .. <T:time>",
    "<T:time> .. lag|delay|deficit .. <COL:others>",
    "<T:time> .. lag|delay|deficit",
    "lag|delay of .. <T:time>",
    "<T:time> ... separat*|divid* ... from ... <COL:others>",
    "behind|lag*|trail* ... <T:time>",
)
_AHEAD = (
    "<T:time> .. ahead of .. <COL:others>",
    "<T:time> .. ahead of ... <COL:others>",
    "<T:time> .. ahead",
    "lead*|led .. <COL:others> .. by .. <T:time>",
    "lead*|led ... by .. <T:time>",
    "<T:time> .. lead .. <COL:others>",
    "lead|advantage|head_start over|on .. <COL:others> ... from <T:time> to <Q:count>",
    "lead|advantage|head_start over|on .. <COL:others> ... <T:time>",
    "lead|advantage|head_start of .. <T:time>",
    "lead|advantage|head_start ... shr*|narrow*|cut|fallen|fell|down|dwindled ... to .. <T:time>",
    "lead|advantage|head_start .. at|to .. <T:time>",
    "<T:time> .. lead|advantage",
)
_GAP = (
    "gap|distance|difference .. between|of .. <C:pair> ... from <T> ... to .. <T:time>",
    "gap|distance|lag ... from <T> ... to .. <T:time>",
    "gap|distance|difference .. between|of .. <C:pair> ... <T:time>",
    "gap .. to|with .. <COL:others> ... <T:time>",
    "gap|distance ... <T:time>",
    "<T:time> .. gap",
)
# "Are where American ones were a year ago".
_WHERE = (
    "<C:who> .... where|what .. <COL:others> .. was|were|had|did|stood|could .... <W:then>",
    "<C:who> ... reached|matched|match|reach|equal|equals .. level|levels|performance|capability of|that "
    ".. <COL:others> ... <W:then>",
)
_LEVEL = (
    "all but|nearly|almost|virtually|practically closed .. gap .. <COL:others>",
    "caught|catching up with|to .. <COL:others>",
    "drawn|pulled|drew level with .. <COL:others>",
    "on [a] par with .. <COL:others>",
    "level|neck_and_neck with .. <COL:others>",
    "match*|equal* .. <COL:others>",
    "closed the gap .. <COL:others>",
    "caught up",
    "closed the gap",
)
_NARROWING = (
    "gap ... narrow*|shrink*|shrank|shrunk|clos*|smaller",
    "narrow*|clos*|shrink*|shrank ... gap",
    "catching|catch up .. <COL:others>",
    "converg* with|on|toward|towards ... <COL:others>",
    "converg* with|on|toward|towards .. western|west",
    "clos*|gain* ground|fast|in on .. <COL:others>",
    "close|closing|near*|nearing .. on .. <COL:others>",
    "lead|advantage ... shr*|narrow*|dwindl*|erod*|melt*",
)
_WIDENING = ("gap ... widen*|grow*|grew|grown|larger", "widen* ... gap", "falling further behind")
_MODELS = (
    "model*|frontier|technolog*|capabilit*|ai|artificial|llm*|chatbot*|systems|weights|intelligence|<I>|"
    "<L>|labs|development|parameter*",
)
_OPEN = re.compile(r"\bopen(?:[- ](?:weight|weights|source|models))?\b")
_CLOSED = re.compile(r"\b(?:closed|proprietary)\b")
_BEST = re.compile(r"\b(?:most capable|most advanced|best|leading|state of the art|frontier)\b")


def lag_claims(context: Context) -> Iterator[LagClaim]:
    """Yield the lag claims of a sentence."""
    seen: set[str] = set()
    if not (context.about_ai or context.has(*_MODELS)) or _is_of_other_goods(context):
        return
    yield from _where(context)
    for relation, rules in (("behind", _BEHIND), ("ahead", _AHEAD), ("behind", _GAP)):
        for found in matches(context.reading, rules):
            times = re.findall(r"@T\d+", found.group())
            if seen & set(times) or _is_no_lag(context, found):
                continue
            claims = list(_claims(context, found, relation))
            if claims or found.groupdict().get("others"):
                seen |= set(times)
            yield from claims
    if not seen:
        yield from _without_number(context)


# A lag in these is none in AI.
_OTHER_GOODS = re.compile(
    r"\b(?:chip ?makers?|chipmaking|semiconductors?|lithography|hardware|quantum|robot\w*|humanoid\w*|5g|6g|"
    r"batter(?:y|ies)|electric vehicles?|space|drones?|nuclear|data cent(?:re|er)s?|electricity|biotech\w*|"
    r"fabs?|foundr\w+|regulation\w*|adoption|wages?|school\w*|censorship|patents?|papers?|publications?|"
    r"investment|manufacturing)\b"
)
_OF_AI = re.compile(
    r"\b(?:models?|language|llms?|chatbots?|frontier|artificial intelligence|benchmarks?)\b|(?<!for "
    r")(?<!of )\bai(?! chips?| hardware| accelerator)\b"
)


def _is_of_other_goods(context: Context) -> bool:
    """Return whether a sentence measures a lag in chips or another good, not in AI."""
    label = re.match(r"(?:\W )?(?:\S+ ){1,3}?: ", context.stream)
    here = label.group() if label else context.stream
    goods = bool(context.reading.of_kind("G") or context.reading.of_kind("D")) if not label else "@G" in here
    return (goods or bool(_OTHER_GOODS.search(here))) and not _OF_AI.search(here)


def _where(context: Context) -> Iterator[LagClaim]:
    """Yield "is where American models were a year ago": the months that have passed since."""
    for found in matches(context.reading, _WHERE):
        then = context.period(found.group("then"))
        others = context.countries(found.group("others"))
        months = [(context.today - day).days / DAYS for day in (then.end, then.start)]
        if months[0] <= 0:
            continue
        start, end = widest(found, context)
        for country in context.countries(found.group("who")):
            if country not in others:
                common = context.common(start, end) | {"as_of": context.today, "stated_date": False}
                yield LagClaim(
                    **common, country=country, relation="behind", others=others,
                    low=months[0], high=months[1], rounding=max(0.25 * months[0], 1.0),
                )  # fmt: skip
        return


# A lag between two things that are no countries.
_APART = re.compile(r"(?:lag|gap|distance|difference) between ")


def _is_no_lag(context: Context, found: re.Match[str]) -> bool:
    """Return whether a stretch of time is something else: "two years ago", "within a year"."""
    if _APART.search(context.stream) and not context.reading.of_kind("C"):
        return True
    at = context.stream.index(f"{found.group('time')} ")
    lead = context.stream[:at].split()[-1:]
    tail = context.stream[at:].split()[1:2]
    if re.search(
        r"(?:its|their|his|her|our|the) (?:[^@\s]\S* )?"
        r"(?:rivals?|competitors?|peers|opponents?|neighbou?rs?) ",
        context.stream,
    ):
        return True
    if re.match(r"(?:\S+ ){0,2}?between (?!.{0,40}@[COLB]|them|the two)", context.stream[found.end() :]):
        # "A gap of two years between announcements and practice".
        return True
    return lead in (["in"], ["within"], ["for"], ["past"], ["next"], ["every"]) or tail in (
        ["ago"],
        ["after"],
        ["old"],
    )


def _claims(context: Context, found: re.Match[str], relation: str) -> Iterator[LagClaim]:
    """Yield a claim for each country that a stretch of time is about."""
    number = _number(context, found)
    low, high = in_months(number)
    rounding = 0.0 if number.hedge else _rounding(number)
    kinds = _kinds(context)
    first, others, key = _parties(context, found)
    first, others = _ordered(context, found, first, others)
    start, end = widest(found, context, key, found.groupdict().get("others"))
    common = context.common(start, end)
    bloc = None if first or kinds else _bloc(context, found)
    for country in (None,) if kinds or bloc else first:
        yield LagClaim(
            **common,
            hedge=number.hedge or _vague(context),
            country=country,
            bloc=bloc,
            relation=relation,
            others=() if kinds else others or ((FRONTIER,) if country != FRONTIER else ("CHN",)),
            low=low,
            high=high,
            unit=number.unit,
            rounding=rounding,
            kinds=kinds,
        )


def _rounding(number: Quantity) -> float:
    """Return how far a stretch of time is rounded, in months.

    A year is rounded to the year, a half to the half; months, mostly round numbers, to an eighth of them.
    """
    size = MONTHS[number.unit]
    return max(size * number.digit / 2, size * number.low / 8, 0.5)


def _number(context: Context, found: re.Match[str]) -> Quantity:
    """Return the stretch of time that a phrase states; "from eighteen months to six" ends at six months."""
    number = context.quantity(found.group("time"))
    count = found.groupdict().get("count")
    return replace(context.quantity(count), unit=number.unit) if count else number


def _bloc(context: Context, found: re.Match[str]) -> str | None:
    """Return the bloc that trails or leads, where no country does."""
    name = context.name(context.before(found.start(), "B"))
    return name.value if name else None


# "The gap between A and B" does not say who trails.
_BETWEEN = re.compile(
    r"between (?:\S+ ){0,5}?(?P<a>@[COL]\d+) (?:\S+ ){0,6}?and (?:\S+ ){0,5}?(?P<b>@[COL]\d+) "
)


def _ordered(
    context: Context, found: re.Match[str], first: tuple[str, ...], others: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who trails and whom: of two sides of a gap, the one that is not the frontier trails."""
    if not re.search(r"gap|distance|difference", found.group()):
        return first, others
    between = _BETWEEN.search(context.stream)
    sides = [side[0] for key in ("a", "b") if between and (side := context.countries(between.group(key)))]
    if len(sides) != 2:
        sides = [*first[:1], *others[:1]]
    if len(sides) == 2 and FRONTIER in sides and sides[0] != sides[1]:
        return tuple(side for side in sides if side != FRONTIER), (FRONTIER,)
    return first, others


def _vague(context: Context) -> str:
    """Return the hedge of a number that stands apart from it ("lags, perhaps, by a year")."""
    return "about" if context.has("perhaps|probably|maybe|possibly|broadly .. <T>") else ""


def _parties(context: Context, found: re.Match[str]) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Return who trails or leads, whom, and the token that names the first."""
    pair = context.countries(found.groupdict().get("pair"))
    if len(pair) >= 2:
        # Of two countries that a gap lies between, the one that is not the frontier trails.
        first, *rest = sorted(pair, key=lambda iso3: iso3 == FRONTIER)
        return (first,), tuple(rest), found.group("pair")
    others = context.countries(found.groupdict().get("others"))
    named = context.reading.of_kind("C") or context.reading.of_kind("B") or context.reading.of_kind("O")
    apart = re.search(r"\b(?:gap|lead|lag|distance|advantage|difference|head start|delay)\b", context.stream)
    if not named and not context.reading.of_kind("L") and context.earlier.pair and apart:
        if is_of_another_field(context):
            return (), (), None
        # "The gap", "the lead" of the sentences before.
        trails, leads = context.earlier.pair
        ahead = re.search(r"\b(?:lead|leads|led|ahead|advantage|head start)\b", found.group())
        return ((leads,), (trails,), None) if ahead else ((trails,), (leads,), None)
    near = found.groupdict().get("who") or context.before(found.start())
    whose = context.countries(found.groupdict().get("who")) or context.subject_of(found.start())
    subject = tuple(c for c in whose if c not in others)
    if not subject:
        # "Two years separate Russia's models from America's": who trails stands after the time.
        inside = [c for key in re.findall(r"@[COL]\d+", found.group()) for c in context.countries(key)]
        subject = tuple(c for c in inside[:1] if c not in others)
    back = None if context.before(found.start(), "B") else context.subject
    if not subject and back and back not in others:
        subject = (back,)
    if not subject and others and FRONTIER not in others and re.search(r"(?:^| )(?:our|we) ", context.stream):
        # "Our lead over China", where the text names no other country, is told from the frontier.
        subject = (FRONTIER,)
    key = near if near and subject and subject[0] in context.countries(near) else None
    return subject, others, key


def _kinds(context: Context) -> tuple[str, ...]:
    named = context.reading.of_kind("C")
    if _OPEN.search(context.stream) and (
        _CLOSED.search(context.stream) or (not named and _BEST.search(context.stream))
    ):
        return ("open", "closed")
    return ()


# "A widening gap between plans and practice" is none between countries.
_PLANS = re.compile(
    r"(?:gap|divide|distance) (?:between|of|in) (?!.{0,25}@[COLB]|the (?:two|countries|us|best|top|frontier))"
)


def _without_number(context: Context) -> Iterator[LagClaim]:
    """Yield "has caught up" and "the gap has narrowed"."""
    if re.search(r"censor|refus|tests? of|questions", context.stream) or context.has(*_WHERE):
        return
    for relation, rules in (("level", _LEVEL), ("narrowing", _NARROWING), ("widening", _WIDENING)):
        for found in matches(context.reading, rules):
            if relation != "level" and _PLANS.search(context.stream[found.start() : found.end() + 40]):
                continue
            if context.future(found.start(), found.end()):
                continue
            first, others, key = _parties(context, found)
            country = first[0] if first else None
            if len(others) == 0:
                both = context.countries(context.after(found.start())) or context.countries(
                    context.before(found.start())
                )
                if len(both) == 2:
                    country, others = sorted(both, key=lambda iso3: iso3 == FRONTIER)[0], (FRONTIER,)
            if (
                country is None
                or country in others
                or not (others or country != FRONTIER)
                or not (context.about_ai or context.has(*_MODELS))
            ):
                continue
            start, end = widest(found, context, key, found.groupdict().get("others"))
            yield LagClaim(
                **context.common(start, end), country=country, relation=relation, others=others or (FRONTIER,)
            )
            return
