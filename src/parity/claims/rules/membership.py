"""Who belongs to which bloc."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches, rule
from parity.claims.model import MembershipClaim
from parity.claims.rules._context import Context, widest

_GROUP = "bloc|group|grouping|alliance|club|organisation|organization|network|association"
_BACK = "it|they|country|nation|kingdom|republic|state"
_THE_GROUP = f"the|this|that [ai] {_GROUP}"
_SIGNED = "sign*|endors*|back*"
# What is signed; a bloc is only joined, and who backs it need not belong to it.
_DECLARATIONS = frozenset(
    ("Bletchley Declaration", "Seoul Declaration", "Paris AI Statement", "AI Convention", "Pax Silica")
)
_SIGNS = re.compile(r"\b(?:sign(?:ed|s|ing|ator\w*)?|endors\w+|back(?:ed|s)) ")
_RULES = {
    "left": (
        "<C:who> .. left|quit|leave*|withdr*|exited [from] .. <B:bloc>",
        f"<C:who> .. left|quit|withdr* [from] the {_GROUP}",
    ),
    "partner": (
        "<C:who> ... status ... <B:bloc> .. partner*",
        "<C:who> ... partner* [country|state] status ... <B:bloc>",
        "<C:who> ... <B:bloc> [group] partner* [country|state] status",
        "<B:bloc> ... took|take*|admit*|welcom*|accept*|grant*|gave|give*|add*|nam*|made|receiv* .. "
        "<C:who> ... partner*",
        "<C:who> .. became|become*|joined|join* .. <B:bloc> ['s] .. partner*",
        "<C:who> [has|have|had] became|become* [the|a|an] [<N>] partner [country|state|nation]",
        "<C:who> has|have|had|held|holds|enjoy*|got|been [had] [a] partner status",
        "<C:who> .. became|become*|joined|join*|named|admitted|accepted ... partner* .. <B:bloc>",
        "<C:who> [,] [which|who|has|have] is|are|was|were|been|became|as|, [now] [a|an|the] [official] "
        "<B:bloc> partner*",
        "<C:who> .. partner [country|state] .. <B:bloc>",
        "<C:who> ... among|one [the|of] ... partner* .. <B:bloc>",
        "<B:bloc> partner* .. <C:who>",
        "<C:who> ... partner* ... <B:bloc>",
        "<C:who> is|are|was|were|remain* [now] [only] [a] partner|partners $",
        f"{_BACK} [has|have] is|are|was|were|been|remain* [a|an|the] [dialogue] partner .. <B:bloc>",
        "<C:who> [is|are|was|were|remain*] [only|now|merely] [a|an|the] partner country|countries|state|"
        "states|nation",
    ),
    "invited": (
        "<C:who> ... invited|asked|offered to|membership|into .. <B:bloc>",
        "<C:who> was|were [also] invited",
    ),
    "joined": (
        f"<C:who> .. join*|enter* the {_GROUP}",
        "<C:who> , admitted|accepted .... member .... <B:bloc>",
        "<C:who> [has|have|had] became|become* [the|a] <N> [full] member",
        f"{_BACK} [has|have|formally|officially] join*|acceded|entered [to] [the] {_GROUP}",
        f"{_BACK} [has|have|formally|officially] join*|acceded|entered [to] [the] <B:bloc>",
        f"{_BACK} became [a|the] [full] member of [the] <B:bloc>",
        "<C:who> .. join*|admitted|acced*|enter* .. <B:bloc>",
        "<B:bloc> .. admit*|welcom*|expanded|accept* .. <C:who>",
        "<B:bloc> took|takes|brought in <C:who>",
        "<C:who> became|become* [a|an] [full] <B:bloc> member*",
        "<C:who> .. became|become*|is|was ... <B:bloc> 's .. member*",
        "<C:who> .. became|become* a|full|new|the .. member .. <B:bloc>",
        "<C:who> .. became|become*|made ... member of .. <B:bloc>",
    ),
    "outside": (
        "<C:who> .. outside [of] .. <B:bloc>",
        "<C:who> .. not|n't|never|neither|no_longer ... belong*|part|members|member ... <B:bloc>",
        "<C:who> is|are no_longer in [the] <B:bloc>",
        f"<C:who> .. not|n't|never|neither ... belong|part|members|member ... {_THE_GROUP}",
        f"<C:who> ... refus*|declin* to {_SIGNED} [the] <B:bloc>",
        f"<C:who> .. refus*|declin* to {_SIGNED} it|the|this|that [declaration|statement|text|document]",
        f"<C:who> ... not|n't|never|neither {_SIGNED} .. <B:bloc>",
    ),
    "member": (
        "<C:who> has|have been [a|full|an] .. <B:bloc> member*",
        "<C:who> has|have .. been .. member|members .. <B:bloc>",
        "<C:who> has|have been [a|an] [full] member since <W>",
        "<C:who> is|are|was|were|as|, a|an|the [full|founding] <B:bloc> member*",
        "<C:who> .. is|are|was|were [not|n't] [a|an|the] [full] <B:bloc> member*",
        f"{_BACK} [has|have] is|are|was|were|been|remain* [not|n't] [a|an|the] [full|founding] member|"
        f"members|part of|in .. <B:bloc>",
        f"{_BACK} [has|have] {_SIGNED} .. <B:bloc>",
        "<C:who> and|or [the] other <B:bloc> countries|members|nations|states|partners",
        "<B:bloc> member|members|countries|nations|state|states|partners .. <C:who>",
        "<C:who> .. is|are|was|were|as|remain* .. member|members|part|founder|founders .. <B:bloc>",
        "<C:who> ... belong* to .. <B:bloc>",
        "<C:who> ... in|of .. <B:bloc> as [a|an] [full] member",
        "<C:who> ... in|of .. <B:bloc>",
        "member|members|founder|founders of .. <B:bloc> .. <C:who>",
        "<B:bloc> ... includ*|compris*|group*|consist*|unit*|bring* .. <C:who>",
        "<B:bloc> ... member|members|partners : <C:who>",
        "associations|alliances|bodies|unions .. <C:who> ... <B:bloc>",
        "fellow <B:bloc> .. <C:who>",
        "<C:who> is|are|was|were|has_been|have_been [not|n't] in [the] <B:bloc>",
        f"<C:who> ... {_SIGNED} the council of <B> ['s] <B:bloc>",
        f"<C:who> ... {_SIGNED} .. <B:bloc>",
        "<C:who> ... signator* .. <B:bloc>",
        f"<C:who> .. is|are|was|were|remain*|as .. member|members|part .. {_THE_GROUP}",
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
                who, bloc = found.groupdict().get("who") or "", found.groupdict().get("bloc") or ""
                loose = "... in|of" in text and not _LOOSE.search(found.group())
                loose = loose or context.future(found.start(), found.end())
                if loose or (who, bloc) in seen or _is_none(context, found, bloc):
                    continue
                if _is_aside(context, who):
                    continue
                claim = _claim(context, found, _asked(context, found, status))
                if claim is not None and not seen & {(who, bloc), (who, "")}:
                    seen |= {(who, bloc), ("", bloc)} if who else {("", bloc)}
                    yield claim


def _is_aside(context: Context, who: str) -> bool:
    """Return whether a country is not the subject: "unlike Saudi Arabia", "a Norwegian general"."""
    name = context.name(who)
    if name is not None and name.adjective and "+" not in name.value:
        return True
    return bool(who) and bool(re.search(rf" (?:unlike|like) (?:the )?{who} ", context.stream))


_FELLOW = re.compile(r"(?:^| )(?:its|their|our|his|fellow|other) (?:other |fellow )?$")


def _asked(context: Context, found: re.Match[str], status: str) -> str:
    """Return the status that a phrase says: who is "invited to become a partner" is invited.

    "Its BRICS partners Russia and India" are members together.
    """
    if status == "partner" and _FELLOW.search(context.stream[: found.start()]):
        return "member"
    asked = re.search(r"(?:invit\w+|asked|offered) ", found.group())
    return "invited" if asked and status in ("joined", "partner") else status


def _is_none(context: Context, found: re.Match[str], bloc: str) -> bool:
    """Return whether a phrase says "not only", or means a continent, or a bloc that was never named."""
    name = context.name(bloc)
    named = name.value if name else context.earlier.bloc
    # "The US, but also India, which is a member" is about the nearer one.
    who = found.groupdict().get("who")
    nearer = who and re.search(rf"{who} .*@C\d+ .*(?:member|join|part )", found.group())
    if _SIGNS.search(found.group()) and named not in _DECLARATIONS:
        return True
    if found.group().startswith("it ") and not context.subject:
        return True
    # "Among EU members France is first" ranks it, "to join" has not happened.
    if re.search(r"(?:among|amongst|of|in) (?:the |all )?$", context.stream[: found.start()]) and (
        found.group().startswith("@B")
    ):
        return True
    if re.search(r" to (?:join|enter|become|accede)", found.group()) and not re.search(
        r"invit|asked|offered", found.group()
    ):
        return True
    # "Partners of BRICS trade with": only who stands at its head is one.
    return named in (None, "Europe") or " not only " in found.group() or bool(nearer)


def _claim(context: Context, found: re.Match[str], status: str) -> MembershipClaim | None:
    bloc = context.name(found.groupdict().get("bloc"))
    start, end = widest(found, context)
    common = context.common(start, end)
    if status == "outside":
        status, common["negated"] = "member", True
    who = found.groupdict().get("who")
    countries = context.countries(who) if who else ((context.subject,) if context.subject else ())
    if not countries:
        return None
    begun = rule("since|in|on <W:since>").match(context.stream, end)
    told = begun and (status == "joined" or begun.group().startswith("since"))
    since = context.period(begun["since"]) if begun and told and not common["negated"] else None
    return MembershipClaim(
        # Which group is meant, the text does not say here.
        **common | {"open": () if bloc else ("reading",)},
        bloc=bloc.value if bloc else context.earlier.bloc or "",
        countries=countries,
        status=status,
        since=since.start if since else None,
        since_end=since.end if since else None,
    )
