"""Who says what a sentence says."""

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
_SELF = frozenset(
    (
        "i",
        "i'd",
        "i’d",
        "i'll",
        "i’ll",
        "we",
        "it",
        "they",
        "he",
        "she",
        "this",
        "that",
        "there",
        "nobody",
        "no",
    )
)
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
