"""What "it", "the country" and "he added" point back to, and how certain that is."""

from __future__ import annotations

import re

_SAYS = (
    r"(?:sa(?:id|ys?)|told|tells|argue[sd]|acknowledge[sd]|admit(?:s|ted)|concede[sd]|claim(?:s|ed)|note[sd]|"
    r"add(?:s|ed)|estimate[sd]|report(?:s|ed)|believe[sd]|state[sd]|warn(?:s|ed)|announce[sd]|f(?:ou|i)nds?|"
    r"wr(?:ote|ites)|reckons?|shows?|explain(?:s|ed)|insist(?:s|ed)|maintain(?:s|ed))"
)
# Words of whoever speaks: no verb, no clause of its own.
_WORD = (
    r"(?!(?:is|are|was|were|be|been|has|have|had|will|would|that|which|who|to|and|but|as|by|when|while|if|he|"
    r"she|it|they|we|i|if|after|before|since|until)\b)[\w.'’&-]{1,30}"
)
_WHO = rf"(?P<who>{_WORD}(?: {_WORD}){{0,9}}?)"
# "..., a bank's deputy head,", "..., who asked not to be named,".
_ASIDE = r"(?:, (?P<aside>[^,;:”\"]{2,80}),)?"
_NAMED = re.compile(r"[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}")
_SAYING = re.compile(rf"\b(?:according to|in the|['’]s (?:words|view|opinion|estimate)|{_SAYS})\b", re.I)
_PRONOUN = re.compile(rf"\b(?:he|she)(?: (?:had|also|later|then))? {_SAYS}\b|\b{_SAYS} (?:he|she)\b", re.I)
_SELF = frozenset((
    "i", "i'd", "i’d", "i'll", "i’ll", "we", "it", "they", "he", "she", "this", "that", "there", "nobody",
    "no",
))  # fmt: skip
_ATTRIBUTIONS = (
    re.compile(
        r"\b(?:[Aa]ccording to|[Ii]n the (?:words|view|opinion) of) (?P<who>[^,.;:]{2,60}?)"
        r"(?=[,;:]|[.]?$|[.] | (?:ranks?|is|are|was|has|have)\b)"
    ),
    re.compile(r"\b[Ii]n (?P<who>[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})['’]s (?:words|view|opinion|estimate)\b"),
    re.compile(
        rf"(?:^|[.;:”\"“—–-] ?|, ){_WHO}{_ASIDE}(?: (?:has|have|had|also|later|then))? "
        rf"{_SAYS}\b(?! (?:to|by)\b)"
    ),
    re.compile(rf"[,”\"] {_SAYS} {_WHO}(?=[,;:.”\"(]|$| (?:in|on|at|last|this)\b)"),
)


def attribution(sentence: str, before: str | None = None) -> str | None:
    """Return who says what a sentence says; ``None`` if the text itself does."""
    for pattern in _ATTRIBUTIONS if _SAYING.search(sentence) else ():
        for found in pattern.finditer(sentence):
            who, aside = found.group("who").removeprefix("As ").rstrip(". "), found.groupdict().get("aside")
            if who and who.split()[0].casefold() not in _SELF:
                return f"{who}, {aside}" if aside and _NAMED.fullmatch(aside) else who
    return before if _PRONOUN.search(sentence) else None


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
