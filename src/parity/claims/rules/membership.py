"""Who belongs to which bloc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches
from parity.claims.model import MembershipClaim
from parity.claims.rules._context import Context, widest

_RULES = {
    "left": ("<C:who> .. left|quit|leave*|withdr* .. <B:bloc>",),
    "joined": (
        "<C:who> .. join*|admitted|acced* .. <B:bloc>",
        "<B:bloc> .. admit*|welcom*|expanded .. <C:who>",
        "<C:who> became|become [a|an] [full] <B:bloc> member*",
        "<C:who> .. became|become a|full|new .. member .. <B:bloc>",
    ),
    "partner": (
        "<C:who> is|are|was|were|became|as|, a|an|the [official] <B:bloc> partner*",
        "<C:who> .. partner [country|state] .. <B:bloc>",
        "<B:bloc> partner* .. <C:who>",
    ),
    "invited": ("<C:who> .. invited to .. <B:bloc>",),
    "outside": (
        "<C:who> .. outside [of] .. <B:bloc>",
        "<C:who> .. not|n't|never|neither ... belong|part|members|member ... <B:bloc>",
    ),
    "member": (
        "<C:who> is|are|was|were|as|, a|an|the [full|founding] <B:bloc> member*",
        "<C:who> .. is|are|was|were [not|n't] [a|an|the] [full] <B:bloc> member*",
        "fellow members <C:who> ... <B:bloc>",
        "<B:bloc> member|members|countries|nations|state|states|partners .. <C:who>",
        "<C:who> .. is|are|was|were|as|remain* .. member|members|part .. <B:bloc>",
        "<C:who> ... belong* to .. <B:bloc>",
        "<C:who> ... in|of .. <B:bloc>",
        "member|members|founder|founders of .. <B:bloc> .. <C:who>",
        "<B:bloc> includ*|compris*|group*|consist*|unit*|bring* .. <C:who>",
        "<B:bloc> ( <C:who>",
        "<B:bloc> - <C:who>",
        "<B:bloc> : <C:who>",
        "<B:bloc> .. with .. from .. <C:who>",
        "<B:bloc> ... associations|alliances|unions .. <C:who>",
        "associations|alliances|bodies|unions .. <C:who> ... <B:bloc>",
        "fellow <B:bloc> .. <C:who>",
    ),
}
# "in the BRICS" alone says nothing of membership: one of these must stand between.
_LOOSE = re.compile(r"member|part |associat|alliance|bodies|unions|belong|network")


def membership_claims(context: Context) -> Iterator[MembershipClaim]:
    """Yield the membership claims of a sentence."""
    if context.future():
        return
    seen: set[tuple[str, str]] = set()
    for status, rules in _RULES.items():
        for text in rules:
            for found in matches(context.reading, (text,)):
                who, bloc = found.group("who"), found.group("bloc")
                if (
                    _is_continent(context, bloc)
                    or (who, bloc) in seen
                    or ("... in|of" in text and not _LOOSE.search(found.group()))
                ):
                    continue
                seen.add((who, bloc))
                yield _claim(context, found, status)


def _is_continent(context: Context, key: str) -> bool:
    name = context.name(key)
    return name is not None and name.value == "Europe"


def _claim(context: Context, found: re.Match[str], status: str) -> MembershipClaim:
    bloc = context.name(found.group("bloc"))
    start, end = widest(found, context)
    common = context.common(start, end)
    if status == "outside":
        status, common["negated"] = "member", True
    return MembershipClaim(
        **common,
        bloc=bloc.value if bloc else "",
        countries=context.countries(found.group("who")),
        status=status,
    )
