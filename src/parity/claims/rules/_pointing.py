"""What "it", "the country" and "the former" point back to, and how certain that is."""

from __future__ import annotations

import re

_NOUNS = (
    r"country|nation|kingdom|republic|federation|state|emirates|sultanate|city state|superpower|"
    r"(?:\S+ )?(?:government|ministry|authorities)"
)
_LEAD = (
    r"(?:(?:in|by|since|at|for|on|during|as of|over|within|according to) (?:\S+ ){1,8}?, |(?:in |since "
    r")?@W\d+ (?:, )?|and |but |yet |so |still ,? ?|also ,? ?|now ,? ?|today ,? ?|then ,? ?|only |even )*"
)
# At the head of a sentence these can only mean what the sentence before is about.
_CERTAIN = re.compile(
    rf"^{_LEAD}(?:it|they|its|their|(?:the|this|that) (?:{_NOUNS})(?: 's)?|the former|the latter) "
    r"|^(?:that|this) (?:is|was|puts|places|makes|leaves) "
    r"|^(?:in|on|at|with|by) (?:(?!@C)\S+ ){1,8}it (?:is|was|has|had|came|comes|ranks?|ranked|stands|stood) "
)
_ANYWHERE = re.compile(
    rf"(?:^| )(?:it|its|itself|they|their|(?:the|this|that) (?:{_NOUNS})|the former|the latter|"
    r"there(?! (?:is|are|was|were|has|have|will|remain\S*|may|can)\b)|domestic|domestically) "
)
_FORMER, _LATTER = re.compile(r"(?:^| )the former "), re.compile(r"(?:^| )the latter ")
_WORLDWIDE = re.compile(
    r"(?:^| )(?:globally|worldwide|world-wide|in the world|(?:around|across) the (?:world|globe)|"
    r"the world 's|all over the world|internationally) "
)
# "The highest share in the world" is somebody's.
_FOREMOST = re.compile(r"(?:first|most|top|[a-z]{2,}est) (?:\S+ ){0,3}?(?:in|of) the world ")


def worldwide(stream: str) -> bool:
    """Return whether a sentence is about everybody."""
    return bool(_WORLDWIDE.search(_FOREMOST.sub(" ", stream)))


def pointer(stream: str) -> str:
    """Return how a sentence points back: "former", "latter", "certain", "loose", or "" for not at all."""
    if _FORMER.search(stream):
        return "former"
    if _LATTER.search(stream):
        return "latter"
    if _CERTAIN.search(stream):
        return "certain"
    return "loose" if _ANYWHERE.search(stream) else ""
