"""Orders and pledges with a day by which they are to be met."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.claims._grammar import matches, rule
from parity.claims.model import DeadlineClaim
from parity.claims.rules._context import Context, worldwide

_DUTY = (
    "must|shall|should|has|have|had|is|are|was|were|order*|instruct*|told|task*|required|obliged|due|"
    "deadline|pledg*|plan*|aim*|will|would|commit*|foresee*|envisage*|target*|vow*|promis*|intend*|goal*|wants|want|expected|"
    "asked|given|report*|set|seek*|hope*|direct*|mandat*|requires|appl*|comply"
)
_RULES = (
    f"{_DUTY} .... by|before|until [the] [end] [of] [fiscal|financial] <W:due>",
    f"{_DUTY} .... by|before|until the summit|conference|meeting|session ... <W:due>",
    f"{_DUTY} .... no|not later than [the] [end] [of] <W:due>",
    f"by|before|until [the] [end] [of] <W:due> .... {_DUTY}",
    f"since|from|as_of <W:due> .... {_DUTY}",
    "due [in|on|by] <W:due>",
    "within <W:due>",
    "appl*|comply|complied [only] [from|as] [of|on|since] <W:due>",
    "takes|take|took effect .. <W:due>",
)
# What "was built by 2023" has and an obligation has not.
_OBLIGED = re.compile(
    r"\b(?:must|shall|should|(?:has|have|had) (?:had )?(?:to|until)|(?:is|are|was|were) (?:to|due|expected|"
    r"required|obliged|set|told|ordered|instructed|tasked|asked|given|directed|supposed)|order(?:s|ed)|"
    r"instruct\w*|told|task(?:s|ed)|obliged|due|deadline|pledg\w*|plans?|planned|aims?|aimed|will|would|"
    r"commit\w*|foresees?|envisages?|targets?|targeted|vow\w*|promis\w*|intends?|goals?|wants?|asked|seeks?|"
    r"hopes?|directs?|directed|mandat\w*|requires?|required|appl(?:y|ies|ied)|comply|takes? effect|took "
    r"effect|(?:enters?|entered|comes?|came) into)\b"
)


# An order to somebody to do something, its day unsaid: "has ordered the government to build".
_TOLD = re.compile(
    r"(?:told|ordered|instructed|tasked|directed|obliged|charged) (?:\S+ ){1,20}?(?:to|with) (?:\S+ )?"
)
_OFFICES = "president|government|cabinet|prime|minister|ministry|parliament|king|chancellor|premier|he|she"


# A wish without a figure binds nobody.
_WISH = re.compile(r"\b(?:wants?|wanted|hopes?|hoped|fears?|feared|dreams?|wish\w*|would like|i|you) ")
_TARGET = re.compile(r"(?<!top )@[QPVU]\d+ ")


def deadline_claims(context: Context) -> Iterator[DeadlineClaim]:
    """Yield the deadlines of a sentence."""
    obliged = _OBLIGED.search(context.stream)
    wish = obliged and _WISH.search(context.stream, 0, obliged.end() + 1)
    if not obliged or (wish and not _TARGET.search(context.stream)):
        return
    found_order = _order(context)
    if found_order is not None:
        yield found_order
        return
    seen: set[str] = set()
    for found in matches(context.reading, _RULES):
        key = found.group("due")
        period = context.period(key)
        if key in seen or (period.end < context.today and not _OBLIGED.search(found.group())):
            continue
        countries = _concerned(context)
        if not countries:
            return
        seen.add(key)
        span = context.reading.span(0, len(context.stream))
        common = context.common(0, len(context.stream))
        common |= {"as_of": context.today, "stated_date": False, "negated": False}
        who, what = _parts(context, found)
        yield DeadlineClaim(
            **common | {"span": span, "text": context.text[span[0] : span[1]]},
            countries=countries,
            who=who,
            what=what,
            due=period.end,
        )


def _order(context: Context) -> DeadlineClaim | None:
    """Return an order that names its own day and no deadline: "in an instruction published on 1 January"."""
    issued = rule("instruction*|order|orders|ordered|decree*|directive* ... <W:day>").search(context.stream)
    told = _TOLD.search(context.stream)
    countries = _concerned(context)
    due = re.search(r"\b(?:by|until|before|than|within) (?:the )?(?:end of )?@[WT]", context.stream)
    if due or not countries or (issued is None and told is None):
        return None
    found, day = (issued, context.period(issued.group("day")).start) if issued else (told, None)
    if found is None or not _concerns_ai(context):
        return None
    span = context.reading.span(0, len(context.stream))
    common = context.common(0, len(context.stream))
    common |= {
        "span": span,
        "text": context.text[span[0] : span[1]],
        "as_of": context.today,
        "stated_date": day is not None,
        "negated": False,
    }
    who, what = _parts(context, found)
    return DeadlineClaim(**common, countries=countries, who=who, what=what, issued=day)


def _concerns_ai(context: Context) -> bool:
    """Return whether an order without a due date is one that a state gives on AI."""
    office = context.has(_OFFICES) or context.reading.of_kind("O")
    return context.about_ai and bool(office)


def _concerned(context: Context) -> tuple[str, ...]:
    """Return the countries and blocs of a duty: its subject, else those that the text is about."""
    bloc = next((context.name(key) for key, _ in context.reading.of_kind("B")), None)
    firm = [c for key, _ in context.reading.of_kind("O") for c in context.countries(key)]
    named = [c for key, _ in context.reading.of_kind("C") for c in context.countries(key)]
    if context.subject and context.subject in named:
        named = [context.subject, *(c for c in named if c != context.subject)]
    if bloc is not None and not named and not firm:
        return ("EU" if bloc.value == "Europe" else bloc.value,)
    # A duty without a country is that of whom the text speaks of: no pledge of another is taken for it.
    own = context.subject or (None if worldwide(context.stream) else context.earlier.subject)
    return tuple(dict.fromkeys(firm + named or ([own] if own else [])))


def _parts(context: Context, found: re.Match[str]) -> tuple[str, str]:
    """Return who has to act and what has to be done, in the words of the text."""
    duty = _OBLIGED.search(context.stream)
    cut = duty.start() if duty else found.start()
    text = context.text
    whole = context.reading.span(0, len(context.stream))
    if cut == 0:
        return "", text[whole[0] : whole[1]]
    who = context.reading.span(0, cut)
    what = context.reading.span(cut, len(context.stream))
    return text[who[0] : who[1]].strip(" ,"), text[what[0] : what[1]]
