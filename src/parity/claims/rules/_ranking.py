"""Which ranking a sentence means: an index, its edition, what an indicator counts, among which countries."""

from __future__ import annotations

import re

from parity.claims._dates import Period
from parity.claims._grammar import Reading, rule
from parity.claims._names import Name
from parity.claims._numbers import Quantity
from parity.claims.rules._context import Context

_GROUPS = {
    "latin america": "Latin America & Caribbean", "latin american": "Latin America & Caribbean",
    "south asia": "South Asia", "south asian": "South Asia",
    "north america": "North America", "north american": "North America",
    "sub saharan africa": "Sub-Saharan Africa", "sub saharan african": "Sub-Saharan Africa",
    "africa": "African Union", "african": "African Union",
    "high income": "High income", "upper middle income": "Upper middle income",
    "lower middle income": "Lower middle income", "low income": "Low income",
}  # fmt: skip
"""Regions as texts name them, and the group of the catalogue; the others are known by name alone."""

_PART = (
    r"north|south|east|west|central|northern|southern|eastern|western|southeast|southeastern|northeast|"
    r"latin|sub saharan|post|former"
)
_REGION = (
    rf"(?:(?:{_PART}) )*(?:africa|african|asia|asian|america|american|americas|soviet|european|@B\d+)|"
    r"middle east|middle eastern|arab|gulf|caribbean|pacific|balkans|balkan|nordics|nordic|scandinavia|"
    r"scandinavian|caucasus|baltics|baltic|eurasia|eurasian|global south|developing|emerging|muslim|islamic|"
    r"(?:high|upper middle|lower middle|low|middle) income|region|continent|neighbours|neighbors|peers"
)
_WHERE = (
    r"(?<!member )(?<!members )(?:in|of|among|amongst|within|across|from) "
    rf"(?:(?:the|all|its|his|her|their|our|other|@Q\d+) )*(?P<where>{_REGION}) "
)
_AFTER = re.compile(rf" {_WHERE}|^ (?P<adjective>{_REGION}) ")
_HEAD = re.compile(rf"(?:^|, |; |: |and |that ){_WHERE}")
_OWNER = re.compile(rf"(?P<where>{_REGION}) 's $")
# "The Arab world" is a part of the world.
_WORLD = re.compile(
    r"(?<!arab )(?<!muslim )(?<!islamic )(?<!developing )"
    r"\b(?:world|worldwide|globally|globe|global ranking)\b"
)
_BLOC = re.compile(r"@B\d+")


def scope(context: Context, start: int, end: int) -> tuple[str | None, str | None]:
    """Return the group that a rank is told within, and its token where it is a bloc."""
    after = re.split(r"@N\d+", context.stream[end:])[0]
    before = re.split(r"@N\d+", context.stream[:start])[-1]
    if _WORLD.search(after):
        return None, None
    found = _AFTER.search(after) or _OWNER.search(before) or _HEAD.search(before)
    if found is None:
        return None, None
    words = next(word for word in found.groups() if word)
    bloc = _BLOC.fullmatch(words)
    name = context.name(words) if bloc else None
    if name is not None:
        return name.value, words
    # "Eastern @B0" is part of a bloc: which countries, nobody says.
    return _GROUPS.get(words, _BLOC.sub("Europe", words)), None


_LED = re.compile(
    rf"(?:lead|leads|led|leading|top|tops|topped|head|heads|headed) (?:(?:the|all|of|its|their) "
    rf")*(?P<where>{_REGION})\b"
)


def led_region(context: Context) -> tuple[str | None, str | None]:
    """Return the group that somebody is said to lead: "leads Latin America", "tops the region's list"."""
    found = _LED.search(context.stream)
    if found is None:
        return None, None
    words = found.group("where").strip()
    name = context.name(words) if _BLOC.fullmatch(words) else None
    if name is not None:
        return name.value, words
    return _GROUPS.get(words, _BLOC.sub("Europe", words)), None


# Who publishes an index, the words that it may then go by, and the index.
_TABLES = r"@I\d+|index|ranking|rankings|list|table|tables|tool|league|scoreboard|places|ranks|ranked"
_PUBLISHERS_OF = (
    ("stanford(?: university)?(?: 's)?", _TABLES, "Global AI Vibrancy Tool"),
    ("tortoise(?: media)?(?: 's)?|observer(?: 's)?", _TABLES, "Global AI Index"),
    (
        "oxford(?: insights)?(?: 's| ')?",
        _TABLES + "|readiness|ready|assess\\S*|scored|governments",
        "Government AI Readiness Index",
    ),
    (
        "imf(?: 's)?|international monetary fund(?: 's)?",
        "preparedness|ai index|ai ranking|prepared",
        "AI Preparedness Index",
    ),
    ("unctad(?: 's)?", "readiness|" + _TABLES, "Frontier Technologies Readiness Index"),
    ("wipo(?: 's)?", "innovation index|innovation ranking", "Global Innovation Index"),
    ("microsoft(?: 's)?", _TABLES + "|@M\\d+ report", "AI diffusion (AI user share)"),
    ("imd(?: 's)?", "digital \\S+|" + _TABLES, "World Digital Competitiveness Ranking"),
)


def nearest_index(context: Context, found: re.Match[str]) -> str | None:
    """Return the index nearest to a place, where a sentence names several; ``None`` where it does not."""
    named = [(context.reading.position(key), name.value) for key, name in context.reading.of_kind("I")
             if isinstance(name, Name) and name.value]  # fmt: skip
    named += [(match.start(), index) for pattern, index in _PUBLISHERS
              if (match := pattern.search(context.stream))]  # fmt: skip
    if len({index for _, index in named}) < 2 or "rank" not in found.groupdict():
        return None
    at = found.start("rank")
    return min(named, key=lambda pair: abs(pair[0] - at))[1]


def named_ranking(reading: Reading) -> tuple[str, str | None, int | None] | None:
    """Return the index that a sentence names, its edition and number of countries; None without one."""
    values = [
        (key, name.value) for key, name in reading.of_kind("I") if isinstance(name, Name) and name.value
    ]
    found = _published_by(reading.stream)
    told = reading.of_kind("N") and not reading.of_kind("M")
    if found and not values and not told and _REPORT.search(reading.stream):
        # "Stanford's AI Index 2026" is a report of figures: a place after it is one in what it counts.
        found = None
    found = found or next((value for _, value in values), None)
    if found is None or found == "TOP500":
        return None
    of = rule("<Q:of> countries|nations|states|economies|governments").search(reading.stream)
    size = reading.mentions[of.group("of")[1:]] if of else None
    number = int(size.low) if isinstance(size, Quantity) else None
    return found, _edition(reading, f"@{values[0][0]}" if values else None), number


def _edition(reading: Reading, key: str | None) -> str | None:
    """Return the year of the edition: "the 2024 Global AI Index", "the index of 2024", "Index 2024"."""
    named = re.escape(key) if key else r"(?:index|ranking|list|table|tool)"
    for text in (rf"{named} (?:report )?(?:of |for |'s )?(@W\d+) ",
    rf"(@W\d+) (?:edition of (?:the )?)?{named} ",
                 r"edition (?:of |for )?(@W\d+) ", r"(@W\d+) edition "):  # fmt: skip
        found = re.search(text, reading.stream)
        period = reading.mentions.get(found.group(1)[1:]) if found else None
        if isinstance(period, Period) and not period.relative and period.year is not None:
            return str(period.year)
    return None


_REPORT = re.compile(r"stanford(?: university)?(?: 's)? (?:\S+ )?@I\d+ ")
_PUBLISHERS = tuple(
    (
        re.compile(
            rf"(?:^| )(?:{who}) (?:\S+ ){{0,6}}?(?:{what})\b"
            rf"|\b(?:{what}) (?:\S+ ){{0,3}}?(?:by|from|of) (?:the )?(?:{who}) "
        ),
        index,
    )
    for who, what, index in _PUBLISHERS_OF
)


# "With Tortoise it was seventh": publishers of one ranking only.
_ALONE = re.compile(r"(?:^| )(?:with|by|at|for|to|in|says|said) (tortoise|oxford insights) (?!@I)")
_OF_ONE = {"tortoise": "Global AI Index", "oxford insights": "Government AI Readiness Index"}


def _published_by(stream: str) -> str | None:
    """Return the index that a publisher's ranking means: "Stanford's latest AI league table"."""
    found = next((index for pattern, index in _PUBLISHERS if pattern.search(stream)), None)
    alone = _ALONE.search(stream)
    return found or (_OF_ONE[alone.group(1)] if alone else None)


# What tells a ranking of something else: a word before "index" or after it.
_PLAIN = re.compile(
    r"the|a|an|this|that|its|their|our|his|her|same|new|latest|newest|annual|global|world|world's|"
    r"international|ai|artificial|intelligence|'s|in|on|of|to|by|for|recent|current|updated|overall|"
    r"general|and|2023|2024|2025|top|major|widely|cited|well|known|closely|watched|prestigious|leads|"
    r"led|tops|topped|heads"
)
_RANKING = re.compile(
    r"((?:\S+ ){0,3})(index|indices|ranking|rankings|league table|scoreboard|barometer|leaderboard|tracker|"
    r"league)((?: \S+){0,4})"
)

_OF_ALL = re.compile(
    r"a|an|this|that|which|@\S+|\W|ai|artificial|countries|nations|world|states|economies|our|its|their|\d+"
)


def _other_ranking(stream: str) -> str | None:
    """Return the words of a ranking of something else than AI at large: "an index of data centre prices"."""
    for found in _RANKING.finditer(stream):
        lead = [word for word in found.group(1).split() if not word.startswith("@")]
        lead = lead[
            max(
                (i + 1 for i, w in enumerate(lead) if w in ("in", "on", "of", "to", ",", "by", "the")),
                default=0,
            ) :
        ]
        if any(not _PLAIN.fullmatch(word) and word.isalpha() for word in lead):
            return " ".join((*lead, found.group(2)))
        of = re.match(r" (?:of|on|for|by) (?:the )?(\S+)(?: (\S+))?", found.group(3))
        if of and not _OF_ALL.fullmatch(of.group(1)):
            return f"{found.group(2)} of {of.group(1)} {of.group(2) or ''}".strip()
        if of and of.group(1) == "ai" and of.group(2) and re.fullmatch(r"[a-z]{3,}",
        of.group(2)) and of.group(2) not in (
            "capacity", "capability", "capabilities", "strength", "power", "and", "the", "which", "with",
            "countries",
            "nations", "leaders", "leadership", "development", "progress", "vibrancy", "that",
            "superpowers"):  # fmt: skip
            return f"{found.group(2)} of ai {of.group(2)}"
    return None


def ranking(context: Context) -> tuple[str | None, str | None, str | None]:
    """Return the index that a sentence ranks by, its edition, and the indicator, at most one of index and it.

    A named index decides; "the index" and a bare place after a sentence on one mean that one; a ranking that
    nobody names is "".
    """
    named = named_ranking(context.reading)
    measure = [name.value for name in context.reading.names("M")]
    listed = [name.value for name in context.reading.names("I")]
    if named is not None:
        return named[0], named[1], None
    if "TOP500" in listed or "top500_systems" in measure or "top500_rmax" in measure:
        return None, None, "top500_rmax" if "top500_rmax" in measure else "top500_systems"
    if measure:
        return None, None, measure[0]
    other = _other_ranking(context.stream)
    if other is not None:
        # "The readiness index", after one of that name.
        known = context.earlier.index or ""
        same = other in known.casefold()
        return (known, _edition(context.reading, None), None) if same else (other, None, None)
    if context.earlier.fresh is not None:
        # "In 2022 it had stood at 48" is about another edition than the sentence before.
        dated = any(isinstance(m, Period) and m.year for _, m in context.reading.of_kind("W"))
        return context.earlier.fresh[0], None if dated else context.earlier.fresh[1], None
    if context.has("the|this|its|same index|ranking|rankings|table|list|edition") and context.earlier.index:
        return context.earlier.index, None, None
    if context.earlier.measure and not listed:
        # A place in what the sentence before counted, unless an index was named before.
        figure = context.reading.of_kind("V") or context.reading.of_kind("P")
        by_index = context.earlier.index and not figure
        return (context.earlier.index, None, None) if by_index else (None, None, context.earlier.measure)
    return "", None, None
