"""The countries that a rank is told among: a bloc's, a region's, all of them."""

from __future__ import annotations

import re

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
