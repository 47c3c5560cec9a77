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
        "<C:who> .. join* the bloc|group|grouping|alliance|club|organisation|organization|network",
        "<C:who> .. join*|admitted|acced* .. <B:bloc>",
        "<B:bloc> .. admit*|welcom*|expanded .. <C:who>",
        "<C:who> became|become [a|an] [full] <B:bloc> member*",
        "<C:who> .. became|become a|full|new .. member .. <B:bloc>",
    ),
    "partner": (
        "<C:who> [,] [which|who] is|are|was|were|became|as|, a|an|the [official] <B:bloc> partner*",
        "<C:who> .. partner [country|state] .. <B:bloc>",
        "<B:bloc> partner* .. <C:who>",
    ),
    "invited": ("<C:who> ... invited to .. <B:bloc>",),
    "outside": (
        "<C:who> .. outside [of] .. <B:bloc>",
        "<C:who> .. not|n't|never|neither ... belong|part|members|member ... <B:bloc>",
    ),
    "member": (
        "<C:who> is|are|was|were|as|, a|an|the [full|founding] <B:bloc> member*",
        "<C:who> .. is|are|was|were [not|n't] [a|an|the] [full] <B:bloc> member*",
        "<C:who> and|or [the] other <B:bloc> countries|members|nations|states|partners",
        "fellow members <C:who> ... <B:bloc>",
        "<B:bloc> member|members|countries|nations|state|states|partners .. <C:who>",
        "<C:who> .. is|are|was|were|as|remain* .. member|members|part .. <B:bloc>",
        "<C:who> ... belong* to .. <B:bloc>",
        "<C:who> ... in|of .. <B:bloc>",
        "member|members|founder|founders of .. <B:bloc> .. <C:who>",
        "<B:bloc> ... includ*|compris*|group*|consist*|unit*|bring* .. <C:who>",
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
    seen: set[tuple[str, str]] = set()
    for status, rules in _RULES.items():
        for text in rules:
            for found in matches(context.reading, (text,)):
                who, bloc = found.group("who"), found.groupdict().get("bloc") or ""
                loose = "... in|of" in text and not _LOOSE.search(found.group())
                loose = loose or context.future(found.start(), found.end())
                if loose or (who, bloc) in seen or _is_none(context, found, bloc):
                    continue
                seen.add((who, bloc))
                yield _claim(context, found, status)


def _is_none(context: Context, found: re.Match[str], bloc: str) -> bool:
    """Return whether a phrase says "not only", or means a continent, or a bloc that was never named."""
    name = context.name(bloc)
    named = name.value if name else context.earlier.bloc
    # "The US, but also India, which is a member" is about the nearer one.
    nearer = re.search(rf"{found.group('who')} .*@C\d+ .*(?:member|join|part )", found.group())
    return named in (None, "Europe") or " not only " in found.group() or nearer is not None


def _claim(context: Context, found: re.Match[str], status: str) -> MembershipClaim:
    bloc = context.name(found.groupdict().get("bloc"))
    start, end = widest(found, context)
    common = context.common(start, end)
    if status == "outside":
        status, common["negated"] = "member", True
    return MembershipClaim(
        **common,
        bloc=bloc.value if bloc else context.earlier.bloc or "",
        countries=context.countries(found.group("who")),
        status=status,
    )
