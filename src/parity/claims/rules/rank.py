"""Places in rankings, and who is ahead of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._dates import Period
from parity.claims._grammar import matches, rule
from parity.claims._names import Name
from parity.claims.model import RankClaim
from parity.claims.rules._context import Context, widest
from parity.claims.rules._ranking import led_region, nearest_index, ranking, scope

_MOVED = (
    "fell|fall*|drop*|slid*|slip*|climb*|rose|rise*|risen|jump*|mov*|sank|sink*|shot|leap*|vault*|surg*|"
    "soar*|advanc*|edg*|out|tumbl*|plung*|plummet*|improv*|went|up|down"
)
_VERB = "rank*|placed|places|came|comes|come|stands|stood|sits|sat|finish*|listed|position*|rated|puts"
_AT = (
    "<C:subject> overt*|pass*|leapfrog*|beat*|edg* .. <C> to|and|, finish*|rank*|come|came|take|took|claim* "
    "[the] <N:rank>",
    "number|no|no. [.] <Q:rank> .... is|was|are|were|remains [now] <C:subject>",
    "rank*|place*|put*|has|have|had <C:subject> .. <N:rank>",
    "rank*|place*|put*|has|have|had it|them|us [at|in] [the] <N:rank>",
    "rank*|place*|put* <C:subject> [at] [in] [number|no|no.] <Q:rank>",
    "<C:subject> ( <N:rank> )",
    "<C:subject> , [in] [at] <N:rank> ,",
    "<C:subject> .. [is] [was] [at] [in] <N:rank> place|position|spot|rank",
    "<C:subject> [is|was|are|came|come|ranked|ranks|at|,|takes|took|comes|remains|stays|stands|sits|finished|"
    "holds] [now|only|just|currently|already|still|in|at|,|placed|the] [in|at|the] <N:rank>",
    f"{_VERB} .. <N:rank>",
    f"{_VERB} [only|just] [at] [number|no|no.|#] [.] <Q:rank>",
    "<N:rank> place|position|spot|rank",
    "<N:rank> [out] of|among <Q>",
    "<N:rank> worldwide|globally|overall",
    "<N:rank> .. <I>",
    "^ <N:rank> in|on .. index|ranking|table|tool|list",
    "it|they had|has|have been <N:rank>",
    "number|no|no.|position|place|rank|# [.] <Q:rank>",
    ", [ranked|ranking|placed] at|in [number] <N:rank>",
    "<N:rank> only to",
    "<C:subject> , [ranked|placed|listed] [at] .. by|in|on the same index|ranking|table|list|tool , "
    "is|was|came|ranked|finished [in] [at] <N:rank>",
    f"<C:subject> ... {_MOVED} [up|down|back] [from] [<N>] to [the] <N:rank>",
    f"it|they|we [has|have] {_MOVED} [up|down|back] [from] [<N>] to [the] <N:rank>",
    "<C:subject> [only] reach*|reached|took|takes|earned|clinched [the] <N:rank> place|position|spot|rank",
    "we|we're|it|they|us [was|were|is|are|came|come|finish*|rank*|stand*|stood|lie*|lay] [now|only|just|"
    "in|at] [the] <N:rank>",
    "<C:subject> lie*|lay [in|at] [the] <N:rank>",
    "<C:subject> is|was|came|finish* a|an surprise|surprising|distant|strong|close|joint|lowly <N:rank>",
    "<C:subject> , ... , is|was|came|comes|ranks|ranked|stands|stood [now|only|in|at|the] <N:rank>",
    "<C:subject> .. settle*|made|make* [it] for|to <N:rank>",
    "<C:subject> held|holds|clung|hung on to <N:rank>",
    "<I> [<W>] : <N:rank>",
    "[surprise] <N:rank> : <C:subject>",
    "<C:subject> , <N:rank> .",
    "<C:subject> , [ranked|placed|now] at|in number|no|no. [.] <Q:rank>",
    "<C:subject> <N:rank> [out] of <Q>",
    "<C:subject> at [number|no|no.|#] [.] <Q:rank> $",
)
_TOP = (
    "top [-] <Q:rank>",
    "<N> <Q:rank> places|positions|spots|ranks",
    "enter*|into|among|joined|reach* the <N> <Q:rank>",
    "of|among|to|in|into the [world's|world|world_'s|planet's] [ai] <Q:rank> leading|best|top|strongest|"
    "most|first|highest|foremost",
)
# "Slipped out of the top five" denies the place.
_OUTSIDE = re.compile(
    r"(?:out of|outside|left|missed|not in|not among|beyond) (?:of )?(?:the )?(?:\S+ )?top (?:- )?@Q\d+ $"
)
_FIRST = (
    "<C:subject> .. lead*|led|top*|head* the|every|all|an|this .. world|index|ranking|rankings|table|"
    "list|league|field|pack|race|<I>",
    "<C:subject> lead*|led|top*|head* .. <I>|table|ranking|list|index",
    "<C:subject> lead*|led|top*|head* the [<W>] edition of [the] [<W>] <I>",
    "<C:subject> lead*|led|top*|head* it|them",
    "<C:subject> .. lead*|led the world",
    "<C:subject> lead*|led|top*|head* [the|all] [of] [sub|central|latin|south|southeast|east|west|north|"
    "eastern|western|northern|southern|arab|eu|its|their] [saharan|-] africa|asia|region|region's|continent|"
    "world|america|gulf|europe|caribbean|balkans|nordics|caucasus|baltics|middle|pacific|bloc|group",
    "<C:subject> is|remain*|was|stays .. leader",
    "<C:subject> has|had the highest|largest share|rate|proportion of <M> in the world",
    "<C:subject> scor*|came|come*|rank*|rate*|plac* [the] highest|best|top in|on|of [the] <I>",
)
_OF = ("of|among [the] <Q:of> countries|nations|economies|states|governments|territories|surveyed|ranked",
"<N> [out] of <Q:of>",
       "<Q> [out] of <Q:of>", "<Q:of> - country|nation")  # fmt: skip
_BEHIND = (
    "behind not only|just|merely [the] <C:others> [,] but|and ... <C:more>",
    "behind|below|trail* .. <C:others>",
    "lag*|trail* [far|well|way] [behind] <C:others>",
    "<N> only to <C:others>",
    "outranked|overtaken|outpaced|beaten|surpassed|outperformed|eclipsed by .. <C:others>",
)
_AHEAD = (
    "lead*|led , in order|turn , <C:others> ... <C:more>",
    "outrank*|overt*|outpac*|beat*|surpass*|outperform*|above|eclips*|leapfrog* .. <C:others>",
    "ahead of .. <C:others>",
)
_OTHER_FIELDS = re.compile(
    r"\b(population|gdp|economy|(?:largest|biggest|major) economies|oil|gas|football|soccer|olympic|medal|"
    r"military|army|corruption|tourism|wheat|steel|cars?|nuclear|happiness|press freedom|debt|exporter|"
    r"importer|inflation|bundesliga|fifa|e[ -]{0,3}sports|tournament|championships?|chess|semi[ "
    r"-]{0,3}finals?|world cup|premier league|la liga|serie a|points (?:ahead|behind|clear|adrift)|goals?)\b"
)
_CUES = (
    "<N> .. in ai|artificial",
    "<N> .. by|in|for .. <M>",
    "by|in|for .. <M> ... <N>",
    "<I>",
    "rank*|ranking|rankings|index|league|table|tool|place|position|placed|spot|list",
    "of|among <Q> countries|nations",
    "of|among the [world's|world] <Q>",
    "number|no|no.|# [.] <Q>",
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
    cued = context.has(*_CUES) or context.earlier.fresh is not None
    for found, key, places in _parallel(context):
        seen |= {key, *re.findall(r"@[NQ]\d+", found.group())}
        for country, rank in zip(context.countries(key), places, strict=True):
            yield _claim(context, found, country, key, "at", rank)
    for found in matches(context.reading, _AT):
        key = found.group("rank")
        if key in seen or not cued or _is_other_number(context, found) or _is_left(context, found):
            continue
        if _is_of_another_kind(context, found):
            continue
        subject, subject_key = _subject(context, found)
        if len(subject) == 1:
            seen |= {key, subject_key or ""}
            yield _claim(context, found, subject[0], subject_key, "at", int(context.quantity(key).low))
    for found in matches(context.reading, _TOP):
        key = found.group("rank")
        subject, subject_key = _subject(context, found)
        own = context.stream[context.stream.index(f"{subject_key} ") :] if subject_key else context.stream
        if key in seen or not subject or _is_no_top(context, found, own):
            continue
        seen.add(key)
        outside = bool(_OUTSIDE.search(context.stream[: found.end()]))
        for country in subject:
            claim = _claim(context, found, country, subject_key, "top", int(context.quantity(key).low))
            yield claim.model_copy(update={"negated": True}) if outside else claim
    for found in matches(context.reading, _FIRST):
        key = found.group("subject")
        lower = re.search(
            r"@[NQ]\d+ (?!year|time|consecutive|straight|edition)", context.stream[found.start() :]
        )
        # "Leads the top five" is a first place, "leads three others" or "lead, second" is none.
        top = re.match(r"(?:\S+ ){0,6}?top (?:- )?@Q\d+", context.stream[found.end() - 1 :].lstrip())
        if _LED_GROUP.match(found.group()) and not (
            context.reading.of_kind("I") or context.reading.of_kind("M") or context.has("ai|artificial")
        ):
            continue
        if key not in seen and "first" not in seen and (lower is None or top or not _is_rank(context, lower)):
            for country in context.countries(key):
                yield _claim(context, found, country, key, "at", 1)
        seen.add("first")


# "Denmark leads the bloc" in what, it must say.
_LED_GROUP = re.compile(
    r"@C\d+ (?:\S+ ){1,7}?(?:africa|asia|region|continent|world|bloc|group|gulf|europe|@B\d+) "
)
_PLACE = r"(?:,|and|or|the|in|at|place|places|position|positions|rank|ranks|spot|spots|-)"
_RUN = re.compile(rf"@[NQ]\d+ (?:(?:{_PLACE} )+@[NQ]\d+ )*")


def _parallel(context: Context) -> Iterator[tuple[re.Match[str], str, list[int]]]:
    """Yield lists of countries with a list of as many places: "France and Italy are fifth and sixth"."""
    for key, mention in context.reading.of_kind("C"):
        count = mention.value.count("+") + 1 if isinstance(mention, Name) else 1
        if count < 2:
            continue
        at = context.stream.index(f"@{key} ")
        for found in _RUN.finditer(context.stream, at):
            between = context.stream[at + len(key) + 2 : found.start()]
            places = [place for token in re.findall(r"@[NQ]\d+", found.group())
                      for place in _each(context, token)]  # fmt: skip
            ranked = "@N" in found.group() or re.search(r"(?:place|rank|position|spot|number)s? $", between)
            if len(places) == count and ranked and not re.search(r"@C\d+", between):
                whole = re.compile(re.escape(context.stream[at : found.end()])).search(context.stream, at)
                if whole is not None:
                    yield whole, f"@{key}", places
                break


def _each(context: Context, key: str) -> list[int]:
    """Return the places that a number stands for: "five to seven" is three."""
    number = context.quantity(key)
    if number.low != int(number.low) or number.high > 250 or number.high - number.low > 12:
        return []
    return list(range(int(number.low), int(number.high) + 1))


def _is_rank(context: Context, found: re.Match[str]) -> bool:
    return "@N" in found.group()


_TOP_OF_OTHERS = re.compile(
    r" ?@[MDG]|(?: ?-)? ?(?:systems|firms|companies|models|universities|labs|scientists|machines|chips)"
)


def _is_no_top(context: Context, found: re.Match[str], own: str) -> bool:
    """Return whether "top five" is no place of the subject: "the gap between the top two"."""
    after = context.stream[found.end() - 1 :]
    counted = re.search(r"@M\d+ |systems|machines|models", context.stream[: found.start()])
    if _TOP_OF_OTHERS.match(after) or (counted and re.match(r" ?of (?:the )?@I", after)):
        return True
    if found.group().startswith(("of ", "among ", "to ", "in ", "into ", "@N", "enter", "join", "reach")):
        return False
    here = context.stream.index(found.group())
    lead = context.stream[max(0, here - 60) : here]
    said = re.search(
        r"(?:in|into|among|within|of|outside|entered|enters?|makes?|made|reach\S*|cracks?|cracked|join\S*|"
        r"broke|breaks|missed|leads?|led|tops?|round\S*|complet\S*|left|is|are) (?:\S+ ){0,3}$", lead,
    )  # fmt: skip
    between = re.search(r"(?:between|gap|distance|gulf|by) (?:\S+ ){0,2}$", lead)
    return not said or bool(between) or not own


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


# "Second among European vendors", "first in digital skills": a place of another kind.
_OF_KIND = re.compile(
    r"(?:place |spot |position )?(?:among|amongst|of|in) (?:the |all )?(?:@[BC]\d+ |\S+an "
    r")(?P<kind>[a-z][a-z-]+s) |(?:place |spot |position )?in (?!(?:the|a|an|its|this|that|ai|artificial|"
    r"world|our|their|all|both|every|each) )(?P<field>[a-z][a-z-]+ [a-z][a-z-]+s?) (?:\.|$)"
)
_COUNTRIES = re.compile(
    r"countries|nations|states|economies|governments|peers|members|neighbours|neighbors|powers|us"
)


def _is_of_another_kind(context: Context, found: re.Match[str]) -> bool:
    """Return whether a place is one among firms, or in a field that is not AI."""
    after = _OF_KIND.match(context.stream, found.end("rank") + 1)
    if after is None or context.reading.of_kind("I"):
        return False
    kind = after.group("kind")
    return kind is None or not _COUNTRIES.fullmatch(kind)


def _is_other_number(context: Context, found: re.Match[str]) -> bool:
    """Return whether a number is no rank: a year count, "first model", "ranked 31 models"."""
    words = context.stream[found.end("rank") + 1 :].split(" ")
    number = context.quantity(found.group("rank"))
    if number.low != number.high or number.low < 1 or number.low != int(number.low) or number.low > 250:
        return True
    if re.search(
        r"(?:score\w*|points?|marks?|rating|graded?) (?:\S+ ){0,4}?$", context.stream[: found.start("rank")]
    ):
        return True
    after = words[1] if words[0] == "-" and len(words) > 1 else words[0]
    if number.unit == "" and re.fullmatch(r"(?:place|position|spot|rank)s?", after):
        # "Finished one place behind".
        return True
    # "Third in", "number 24 of", "fifth and": a place ends here; a noun makes it something else.
    return not re.fullmatch(
        r"|\W|of|out|among|amongst|in|on|at|by|for|from|with|and|or|but|behind|ahead|after|worldwide|"
        r"globally|overall|internationally|this|last|only|again|now|place|places|position|positions|spot|"
        r"spots|rank|ranks|placed|ranked|according|as|globally|there|here|since|when|while|though|to|just|"
        r"the|it|up|down|@W\d+|@C\d+|@B\d+|'s",
        after,
    ) or (
        after == "to"
        and bool(re.search(r"(?:second|behind) to", context.stream)) is False
        and number.unit == ""
    )


_OURS = re.compile(r"(?:we|we're|us) |(?:rank|place|put|has|have|had)\S* us ")


def _subject(context: Context, found: re.Match[str]) -> tuple[tuple[str, ...], str | None]:
    key = found.groupdict().get("subject")
    if key:
        return context.countries(key), key
    if _OURS.match(found.group()):
        # "France is fourth and we are fifth": not the country named beside it.
        return ((context.subject,) if context.subject else ()), None
    near = context.before(found.start())
    subject = context.subject_of(found.start())
    return subject, near if near and context.countries(near) == subject else None


def _claim(
    context: Context, found: re.Match[str], country: str, key: str | None, relation: str, rank: int
) -> RankClaim:
    index = context.reading.of_kind("I")
    named, edition, ranked = ranking(context)
    named = nearest_index(context, found) or named
    of, of_key = _of(context, f"{found.group('rank')} " if "rank" in found.groupdict() else "")
    if of is None and not index and context.earlier.fresh and (named, edition) == context.earlier.fresh[:2]:
        of = context.earlier.fresh[2]
    where = f"@{index[0][0]}" if index else None
    within, within_key = _within(context, found, key)
    start, end = widest(found, context, key, of_key, where, within_key)
    common = context.common(start, end, _dated(context, found))
    if _BEFORE.search(context.stream[found.start() :]) or _BEFORE.search(found.group()):
        edition, common["stated_date"] = "previous", False
    if common["stated_date"] and _dated(context, found) is None and _is_of_other(context, found):
        common |= {"as_of": context.today, "stated_date": False}
    carried = context.earlier.fresh is not None and named == context.earlier.fresh[0]
    if not index and carried and (context.earlier.stale or within or common["attribution"]):
        # Sentences stand between, or it is told among others, or by somebody: perhaps of another ranking.
        common["open"] = ("reading",)
    if context.has("since <W>") and not common["stated_date"]:
        # A place "since 2019" is one in every edition since.
        common["open"] = ("date",)
    return RankClaim(
        **common,
        country=country,
        relation=relation,
        rank=rank,
        of=of,
        within=within,
        index=named,
        edition=edition,
        measure=ranked,
    )


_DATED_PLACE = re.compile(
    r"(@N\d+) (?:place |position |spot |rank )?(?:in|of|for|from|back in|,)? ?(?:@W\d+|the @W\d+)"
)


def _is_of_other(context: Context, found: re.Match[str]) -> bool:
    """Return whether a sentence's dates are those of other places: "after 13th in 2022, eighth"."""
    own = found.groupdict().get("rank")
    others = _DATED_PLACE.findall(context.stream)
    dates = len(context.reading.of_kind("W"))
    return bool(others) and own not in others and dates == len(others)


# "Its seventh place of the previous year".
_BEFORE = re.compile(
    r"@N\d+ (?:place|position|spot|rank)? ?(?:of|in|from) (?:the )?(?:previous|preceding|prior|last) "
    r"(?:year|edition|index|ranking|list)|@N\d+ (?:place )?(?:a|the) year (?:earlier|before)"
)


_WORLDS = re.compile(r"(arab|muslim|islamic|western|developing|english-speaking|spanish-speaking) world")


def _within(context: Context, found: re.Match[str], subject: str | None) -> tuple[str | None, str | None]:
    """Return what a rank is told within: looked for around the number, or after who is said to lead."""
    key = found.group("rank") if "rank" in found.groupdict() else subject
    if key is None:
        return None, None
    at = context.stream.index(f"{key} ")
    # Up to the next place, and from the one before.
    near = re.split(r"@N\d+", context.stream[at + len(key) :])[0]
    lead = re.split(r"@N\d+", context.stream[:at])[-1]
    if part := _WORLDS.search(near) or _WORLDS.search(lead):
        return f"{part.group(1)} world", None
    within, token = scope(context, at, at + len(key))
    if within is None and ("rank" not in found.groupdict() or "top " in found.group()):
        return led_region(context)
    return within, token


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
        "<T> : ... behind|lag*|trail*",
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
    named, edition, ranked = ranking(context)
    near = context.before(found.start())
    start, end = widest(found, context, near if near and country in context.countries(near) else None)
    return RankClaim(
        **context.common(start, end),
        country=country,
        relation=relation,
        others=others,
        index=named,
        edition=edition,
        measure=ranked,
    )
