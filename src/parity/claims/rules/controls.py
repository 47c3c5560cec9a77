"""Which chips may be exported where, what was halted, what cannot be replaced."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from parity.claims._grammar import matches, rule
from parity.claims.model import ControlsClaim
from parity.claims.rules._context import Context, widest

RULER = "USA"
_GOODS = "<DG>"
_DEALT = (
    "buy|purchase|import|obtain|get|acquire|order|sell|ship|export|supply|deliver|sold|exported|shipped|"
    "delivered|supplied|bought|imported|be_had"
)
_RULES = {
    "hard_to_replace": (
        "<DG> ... difficult|hard|hardest|tricky|trickiest|tough|toughest|impossible ... replac*|substitut*",
        "struggl* to replac* .. <DG>",
    ),
    "halted": (
        "halt*|stop*|suspend*|ceas*|ended|paus*|cut ... export*|shipment*|sale*|deliver*|shipping|"
        "selling|supply*|supplies",
        "export*|shipment*|sale*|deliver*|supplies ... halt*|stopp*|suspend*|ceas*|ended|cut_off",
    ),
    "allowed": (
        "can|could|may [still] [legally|lawfully|freely] buy|purchase|import|order",
        "can|could|may [still|now|again] [freely|legally] be [freely|legally] sold|exported|shipped|bought",
        "allow*|permit*|legal|free to|lets|approved|cleared|greenlit|green-lit ... <DG>",
        "<DG> ... allow*|permit*|legal|lawful|approved|cleared|unrestricted",
        "is|are|was|were|remain* [still] free to buy|import|purchase",
        "<DG> .. exportable",
        "fine|ok|okay|legal|lawful|free to sell|ship|export|buy",
        "resum*|restart* ... <DG>",
        "green light|go-ahead|nod|clearance ... to sell|ship|export ... <DG>",
        "may|can [still|now] [legally] sell|ship|export|supply|deliver .. <DG>",
        "no licen* .. need*|require*",
        "without [a|any] licen*",
        "need*|require* no .. licen*",
        "not|n't|no_longer .. need|require|subject ... licen*",
    ),
    "licence": (
        "not|n't be sold|exported|shipped|delivered ... without [a|an] [export] licen*|permit|permission",
        "licens*|licenc* [the] sale*|export*|shipment*|deliver* ... <DG>",
        "licen* .. requir*|need*|necessary",
        "requir*|need*|subject .. licen*",
        "requir*|need*|subject ... permission|approval|authorisation|authorization|consent",
        "restrict*|limit*|controls|controlled|curb*|capped|caps|tighten* ... <DG>",
        "<DG> ... restrict*|limit*|controls|controlled|curb*",
    ),
    "banned": (
        "ban*|bar|bars|barred|prohibit*|forbid*|forbade|forbidden|block*|embargo*|outlaw*|illegal ... <DG>",
        "<DG> ... bann*|barred|closed|prohibit*|forbid*|forbidden|block*|embargo*|outlaw*|illegal|off-limits",
        "<DG> ... off limits",
        "<DG> : [now|still|also] bann*|barred|prohibited|forbidden|embargo*|blocked|denied",
        "ban|embargo|prohibition on .. <DG>",
        "no <DG> can|may [legally|lawfully] be [legally|lawfully] sold|exported|shipped|delivered",
        "not|n't|never allow*|permit* ... <DG>",
        "cut .. off from .. <DG>",
        "keep*|kept|shut*|barr* .. <DG> .. out of|from",
        "lost|lose|loses|denied|without access to .. <DG>",
        f"not|n't .. able [legally|lawfully] to [legally|lawfully] {_DEALT}",
        f"unable [legally] to [legally] {_DEALT}",
        f"can|ca|could|may|must not|n't|no_longer [still] [longer|legally|lawfully] [be] [legally|"
        f"lawfully] {_DEALT}",
        f"cannot|mayn't|mustn't [still] [longer|legally|lawfully] [be] [legally|lawfully] {_DEALT}",
    ),
}
_ORDER = ("hard_to_replace", "banned", "halted", "licence", "allowed")
_FREE = re.compile(
    r"(?:^| )no (?:\S+ )?licen|without (?:a |any |\S+ )?licen|"
    r"n(?:'t|ot) (?:\S+ ){0,3}?(?:need|require|subject)"
)
_NOT_FREE = re.compile(r"(?:no longer|not|n't|cannot|never) .*without (?:a |any |\S+ )?licen")
# A phrase that denies a control: "no longer banned", "the ban was lifted".
_LIFTED = re.compile(
    r"\b(?:lift\w*|revok\w*|rescind\w*|scrap\w*|revers\w*|abolish\w*|waiv\w*|repeal\w*|remov\w*|dropp\w*|"
    r"eas\w+|"
    r"(?:banned|barred|prohibited|restricted) no longer|no longer (?:bann|prohib|restrict|"
    r"barr)\w*)\b"
)
_BOUND = "to|into|for [the] <C:to>"
# A list of destinations: "to a range of countries, among them Russia".
_LISTED = (
    "to|into|in|for .... such|including|among|like|notably|especially|above|as|namely [as|them|all] <C:to>"
)
_TO = (
    "barred|banned|kept|blocked|excluded|withheld|shut|locked|out from|of [the] <C:to>",
    "in|from|against|on|out_of [the] <C:to>",
    "<C:to> can|may|could|cannot|ca|is|are|has|have|need|needs|require|requires|must",
    "<C:to> .. companies|firms|customers|buyers|labs|users",
)
_TO_IT = re.compile(r"\b(?:to|into) (?:the (?:country|kingdom|republic|federation)|it|them) ")
# "Was prohibited by the American side", "approved by the US": who rules, not who receives.
_AGENT = re.compile(r"(?:\w+ed|sold|banned|forbidden|put|cut) (?:\S+ )?by (?:the )?$")


# Ways past a control say nothing about what is lawful.
_EVASION = re.compile(
    r"\b(?:smuggl\w*|circumvent\w*|evad\w*|evasion|bypass\w*|divert\w*|diversion|sidestep\w*|dodg\w+|"
    r"loopholes?|black market|gr[ae]y market|illicit\w*|illegally (?:import|obtain|bought|acquir|ship)\w*|"
    r"backdoor|back door|underground|front compan\w+|shell compan\w+|middlemen|intermediar\w+|get(?:s|ting)? "
    r"(?:a)?round|got (?:a)?round|work(?:s|ed|ing)? around|turn(?:s|ed|ing)? up|on (?:its|their) way|get "
    r"hold of|got hold of|getting hold of|laid hands on|lay hands on|find ways|found ways|finds ways|find a "
    r"way|in spite of|despite|notwithstanding|regardless of|violat\w+|seiz\w+|convict\w*|charged|arrest\w*|"
    r"indict\w*|stockpil\w*|hoard\w*|workarounds?|via third|through third|re-?rout\w+|re-?export\w*|"
    r"transship\w*)\b"
)
# "Controls compute" and "restricted chips" state no rule.
_RULED = re.compile(
    r"\b(?:export\w*|import|sale|sales|sell|sells|selling|sold|ship\w*|suppl\w+|deliver\w*|buy|buys|buying|"
    r"purchas\w*|bought|licen\w+|ban|bans|banned|bar|bars|barred|barring|prohibit\w*|forbid\w*|forbade|"
    r"embargo\w*|permi\w+|allow\w*|restrict\w*|blocks?|blocked|controls?|curbs?|curbed|replac\w*|"
    r"substitut\w*|outlaw\w*|order|orders|approv\w+|clear\w*|halt\w*|stop\w*|off.limits|access|legal\w*|"
    r"illegal|rules?|cut off|obtain|get|acquire|equivalent|cap|capped|caps|unrestricted|exportable|lawful\w*|"
    r"withh\w+|denied|deny|import\w*|keep|keeps|kept|shut|out of|suspend\w*|ceas\w*|paus\w*|ended)\b"
)


def controls_claims(context: Context) -> Iterator[ControlsClaim]:
    """Yield the claims of a sentence on export controls and access to chips."""
    goods = [(key, mention) for kind in "DG" for key, mention in context.reading.of_kind(kind)]
    if not goods or _EVASION.search(context.stream) or not _RULED.search(context.stream):
        return
    seen: set[str] = set()
    for status in _ORDER:
        for found in matches(context.reading, _RULES[status]):
            to, to_key = _destination(context, found, status)
            if to == (RULER,) and not re.search(r"(?:to|into) (?:the )?@C", context.stream):
                # Whose rules they are is no destination.
                continue
            if len(to) > 1:
                to = tuple(iso3 for iso3 in to if iso3 != RULER)
            if _is_attribute(context, found) or (to_key and _imposes(context, to_key)):
                continue
            if not to or (status != "hard_to_replace" and _is_purchase(context, found)):
                continue
            for key in _devices(context, found):
                if key not in seen and not ("" in seen and not key):
                    seen.add(key)
                    now = _lifted(context, status)
                    claim = _claim(context, found, now, to, to_key, key)
                    # "May be sold under licence since January": the licence was needed before.
                    freed = status == "allowed" and now == "licence"
                    yield claim.model_copy(update={"since": None, "since_end": None}) if freed else claim


_ATTRIBUTE = re.compile(
    r"^(?:banned|restricted|prohibited|forbidden|controlled|embargoed|blacklisted) (?:\S+ ){0,3}@[DG]"
)
_SAID_OF = re.compile(
    r"(?:@[COB]\d+|has|have|had|is|are|was|were|been|be|being|also|government|administration|rules?|law|"
    r"that|which|and|"
    r"officially|effectively|department|authorities|it|they|who|agency|congress|states|formally|first|then) $"
)
_IMPOSES = (
    r" (?:\S+ ){{0,3}}?(?:impos|introduc|announc|tighten|adopt|plan|unveil|expand|retaliat|threaten|"
    r"restrict|bans? |banned|forbids |forbade |prohibits |blocks |bars |lift|eas)"
)


def _is_attribute(context: Context, found: re.Match[str]) -> bool:
    """Return whether "banned chips" only names them: somebody moved, bought or wants what is banned."""
    return bool(_ATTRIBUTE.search(found.group())) and not _SAID_OF.search(context.stream[: found.start()])


def _imposes(context: Context, key: str) -> bool:
    """Return whether a country makes the rule, and is not its destination."""
    return bool(
        re.search(re.escape(key) + _IMPOSES.replace("{{", "{").replace("}}", "}"), context.stream)
    ) and not (re.search(rf"(?:to|into|from|for) (?:the )?{re.escape(key)} ", context.stream))


def _devices(context: Context, found: re.Match[str]) -> list[str]:
    """Return the devices that a phrase is about, the nearest and those beside it; "" for any."""
    keys = [f"@{key}" for key, _ in context.reading.of_kind("D")]
    if not keys:
        return [""]
    places = {key: context.stream.index(f"{key} ") for key in keys}
    near = min(keys, key=lambda key: max(found.start() - places[key], places[key] - found.end(), 0))
    listed = re.search(
        rf"(?:@D\d+ (?:, |and |or |, and )){{0,4}}{near} (?:(?:, |and |or |, and )@D\d+ ){{0,4}}",
        context.stream,
    )
    return re.findall(r"@D\d+", listed.group()) if listed else [near]


def _is_purchase(context: Context, found: re.Match[str]) -> bool:
    """Return whether a clause is about plans or amounts, not about what is lawful."""
    lawful = context.has("can|may|could [still] buy|import|get|obtain|be|go")
    return context.future(found.start(), found.end()) and not lawful


def _lifted(context: Context, status: str) -> str:
    """Return the status with what the sentence adds: "without a licence", "the ban was lifted"."""
    if status == "banned" and re.search(r"without (?:a |any )?licen", context.stream):
        return "licence"
    if status == "licence" and "licen" in context.stream and _FREE.search(context.stream):
        return "allowed"
    under = re.search(
        r"(?:approved|vetted|selected|certain) (?:customers|buyers|firms|companies)|"
        r"(?:under|with|subject to|on) (?:a |an |\S+ )?licen",
        context.stream,
    )
    if status == "allowed" and (under or _NOT_FREE.search(context.stream)):
        return "licence"
    lifted = status in ("banned", "licence", "halted") and _LIFTED.search(context.stream)
    return "allowed" if lifted else status


def _destination(context: Context, found: re.Match[str], status: str) -> tuple[tuple[str, ...], str | None]:
    """Return the countries that chips may or may not go to."""
    if status == "hard_to_replace":
        near = context.before(found.start()) or context.after(found.start())
        return context.countries(near) or ((context.subject,) if context.subject else ()), near
    listed = rule(_LISTED).search(context.stream)
    if listed and listed.group("to") not in _exporters(context):
        return context.countries(listed.group("to")), listed.group("to")
    bound = [place for place in rule(_BOUND).finditer(context.stream) if "according to" not in
             context.stream[: place.end()][-30:]]  # fmt: skip
    if bound:
        place = min(bound, key=lambda place: max(found.start() - place.end(), place.start() - found.end(), 0))
        return context.countries(place.group("to")), place.group("to")
    exporters = _exporters(context)
    for text in _TO:
        for place in rule(text).finditer(context.stream):
            key = place.group("to")
            if key not in exporters:
                return context.countries(key), key
    rest = [f"@{key}" for key, _ in context.reading.of_kind("C") if f"@{key}" not in exporters]
    if _TO_IT.search(context.stream) and context.subject:
        return (context.subject,), None
    if rest:
        return context.countries(rest[-1]), rest[-1]
    return ((context.subject,) if context.subject and not exporters else ()), None


def _exporters(context: Context) -> set[str]:
    """Return the tokens of countries that forbid or sell: "the US has banned", "American chips"."""
    found = re.finditer(
        r"(@C\d+) (?:\S+ ){0,3}?(?:has|have|had|ban\S*|bar\S*|prohibit\S*|block\S*|restrict\S*|forb\S*|"
        r"halt\S*|stop\S*|allow\S*|permit\S*|lift\S*|curb\S*|chips?|government|export\S*|rules?|law|"
        r"controls?|approv\S*|@[DG]\d+) ",
        context.stream,
    )
    keys = {match.group(1) for match in found}
    keys |= {match.group() for match in re.finditer(r"@C\d+", context.stream)
             if _AGENT.search(context.stream[: match.start()])}  # fmt: skip
    return (
        keys
        if len(keys) < len(context.reading.of_kind("C"))
        else set(list(keys)[:0]) | _american(context, keys)
    )


def _american(context: Context, keys: set[str]) -> set[str]:
    """Return the exporters where every country looks like one: the US, whose rules they are."""
    return {key for key in keys if context.countries(key) == ("USA",)}


# The accelerator of the sentence before.
_THE_CHIP = re.compile(r"(?:^| )(?:the|this|that) @G\d+ (?!s )")


def _claim(
    context: Context, found: re.Match[str], status: str, to: tuple[str, ...], to_key: str | None, key: str
) -> ControlsClaim:
    device = context.name(key)
    carried = context.earlier.device if _THE_CHIP.search(context.stream) else None
    generic = next((name for name in context.reading.names("G") if name.value), None)
    since = rule("since|from [the] [early|late|mid] <W:since>").search(context.stream)
    if since is None and status in ("banned", "licence") and found.group().split()[-1] != "licence":
        # "Was banned in 2022" tells when the ban came.
        since = rule(
            "was|were|got [first|also|finally|effectively] bann*|barred|prohibited|forbidden|"
            "restricted|blocked ... in|on <W:since>"
        ).search(context.stream)
    until = rule("until|till|before [the] [early|late|mid] <W:until>").search(context.stream)
    if status == "allowed":
        # "Barred since 2022; the other can still be bought": the date is that of the ban.
        since = None
    goods = key or next(f"@{first}" for first, _ in context.reading.of_kind("G"))
    start, end = widest(found, context, to_key, goods, since.group("since") if since else None)
    common = context.common(start, end, context.period(since.group("since")) if since else None)
    if until and not since:
        # "Until this week it needed no licence" is about the day before.
        common["as_of"] = min(
            context.period(until.group("until")).start - dt.timedelta(days=1), context.today
        )
    if since:
        # "Banned since October 2022" is a claim about then and now.
        common["as_of"] = context.today
    free = status in ("allowed", "licence") and (
        _FREE.search(context.stream) or _NOT_FREE.search(context.stream)
    )
    # "No longer banned" is read as allowed: its "no" denies nothing besides.
    freed = status == "allowed" and _LIFTED.search(context.stream)
    negated = common["negated"] and not free and not freed
    if status == "banned" and re.search(
        r"\b(?:can|may|could|ca|cannot|able|allow\w*|permit\w*)\b", found.group()
    ):
        negated = False
    return ControlsClaim(
        **common | {"negated": negated},
        device=device.value if device else carried or (generic.value if generic else None),
        to=to,
        status=status,
        since=context.period(since.group("since")).start if since else None,
        since_end=context.period(since.group("since")).end if since else None,
    )
