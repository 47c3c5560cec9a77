"""Whether a reading covers every word of its clause: only such a reading may contradict a text.

Whatever a clause says besides may narrow what it claims: "in chipmaking", "with accelerators by Nvidia",
"when the first one came out", "the EU's research programme".
"""

from __future__ import annotations

import re
from functools import cache

from parity.claims._grammar import Reading
from parity.claims.model import AnyClaim, QuantityClaim
from parity.claims.rules._context import Context

# Words that change nothing of what any rule reads.
_FUNCTION = (
    r"@\w+|\W+|\d\S*|(?!ai)\w{1,2}|'\w+|the|and|but|for|from|with|than|that|those|these|this|its|it's|their|"
    r"his|her|our|any|all|out|only|just|now|still|already|also|even|yet|too|not|has|have|had|having|are|was|"
    r"were|been|being|will|who|which|whose|when|where|while|more|most|less|least|fewer|over|under|about|"
    r"around|roughly|nearly|almost|some|exactly|approximately|between|among|amongst|within|into|onto|across|"
    r"since|until|during|after|before|ago|later|earlier|again|overall|world|world's|worldwide|globally|"
    r"global|year|years|month|months|today|currently|last|previous|latest|recent|annual|fiscal|thus|"
    r"therefore|edition|report|ones?|two|three|first|second|third|both|each|other|others|no|none|nor|neither|"
    r"never|far|mere|meanwhile|well|way|off|down|same|set|every|very|quite|really|can|could|may|might|cannot|"
    r"can't|come|comes?|came|take|takes?|took|become\w*|became|puts?|gives?|gave|stanford|tortoise|oxford|"
    r"insights|epoch|unctad|imf|imd|wipo|microsoft|countr\w+|nation\w*|(?!(?:supp|fami|assemb|former|"
    r"previous|original|initial|reported|alleged|potential|possib|probab|hard|bare|scarce|commercial|"
    r"academic|military|domestic|open|week|month|quarter|dai)ly)\w+ly"
)
_AMOUNT = (
    r"|number|count\w*|figure|total\w*|amount\w*|share|percent|cent|per|rose|ris\w+|grew|grow\w*|fell|"
    r"fall\w*|drop\w*|declin\w*|increas\w*|decreas\w*|doubl\w*|tripl\w*|quadrupl\w*|halv\w*|jump\w*|climb\w*|"
    r"slip\w*|shrank|shrunk|shrink\w*|added|gain\w*|lost|expand\w*|times|twice|half|fold|many|much|high\w*|"
    r"low\w*|includ\w*|hosts?|holds?|held|home|stands?|stood|remain\w*|reach\w*|list|lists|shows?|index"
)
_BY_FAMILY = {
    "rank": r"|rank\w*|place\w*|position\w*|spot\w*|index|list\w*|table|tool|league|tops?|topped|leads?|led|"
    r"leading|head\w*|stands?|stood|sits?|sat|holds?|held|finish\w*|remain\w*|stays?|score\w*|rate[ds]?|"
    r"ahead|behind|trail\w*|best|strongest|states?|econom\w+|governments?|ai|artificial|intelligence|number|"
    r"north\w*|south\w*|east\w*|west\w*|central|latin|asia\w*|africa\w*|america\w*|europe\w*|arab|region\w*|"
    r"continent|readiness|preparedness|vibrancy|jump\w*|climb\w*|slip\w*|rose|fell|drop\w*|members?",
    "lag": r"|ai|artificial|intelligence|models?|language|frontier|technolog\w*|capabilit\w*|chatbots?|llms?|"
    r"labs?|developers?|large|generative|ahead|behind|trail\w*|lag\w*|gap|distance|level|caught|catch\w*|"
    r"match\w*|reach\w*|equal\w*|best|strongest|leads?|led|leading|remain\w*|stands?|stood|states?|advantage|"
    r"up",
    "membership": r"|members?|membership|partners?|bloc|group\w*|full|official\w*|formal\w*|join\w*|"
    r"belong\w*|left|quit|part|entered|acced\w*|admitted|status|states?|alliance|union|new|sign(?:s|ed|"
    r"ator\w*)|endors\w*|declaration|statement|inclusive|sustainable",
    "controls": r"|bans?|banned|bars?|barred|prohibit\w*|forbid\w*|forbade|licen\w+|need\w*|requir\w*|"
    r"export\w*|import\w*|sold|sell\w*|sale\w*|ship\w*|bought|buy\w*|purchas\w*|allow\w*|permit\w*|legal\w*|"
    r"lawful\w*|free\w*|rules?|law|control\w*|chips?|american|firms|companies|customers|buyers",
    "model behaviour": r"|models?|chatbots?|questions?|answer\w*|refus\w*|prompts?|government|topics?|"
    r"censor\w*",
    "trade": r"|export\w*|import\w*|chips?|circuits|integrated|semiconductors?" + _AMOUNT,
    "quantity": _AMOUNT,
}
# Words of what is counted: another noun beside them narrows or widens it.
_BY_MEASURE = {
    "top500_systems": r"|supercomput\w+|systems?|machines?|entries|top500",
    "top500_rmax": r"|supercomput\w+|systems?|machines?|performance|power|combined|petaflops",
    "ai_investment": r"|private|ai|artificial|intelligence|invest(?:ments?|ed)|funding|capital|billion|"
    r"million|dollars?|attract\w*|drew|amounted",
    "notable_models": r"|ai|notable|models?|produc\w*|releas\w*|made|institutions",
    "funded_companies": r"|ai|companies|newly|funded|start-?ups",
    "genai_patents": r"|ai|generative|patents?|famil\w+|filed|filings|applications|inventions",
    "genai_investment": r"|private|ai|generative|invest(?:ments?|ed)|funding|billion|million|dollars?",
    "genai_diffusion": r"|ai|artificial|intelligence|generative|tools|working|age|people|individuals|"
    r"population|adults|use[ds]?|using",
    "enterprise_ai": r"|employees|people|staff|workers|persons|enterprise|eurostat|ai|artificial|"
    r"intelligence|enterprises|firms|companies|businesses|use[ds]?|using",
}
# Of other measures.
_COUNTED = (
    r"|ai|artificial|intelligence|patents?|granted|papers?|publications?|spend\w*|spent|research|development|"
    r"gdp|billion|million|dollars?|published|filed|produc\w*"
)


@cache
def _known(family: str, measure: str | None) -> re.Pattern[str]:
    """Return the words that say nothing beyond what a rule of a family reads."""
    counted = _BY_MEASURE.get(measure, _COUNTED) if measure else ""
    return re.compile(f"(?:{_FUNCTION}{_BY_FAMILY[family]}{counted})")


# What may follow a name that ends a claim: a noun makes it a part of something else ("left the G7 meeting").
_ENDS = re.compile(
    r"$|(?!'s)\W|(?:and|or|but|in|on|at|by|for|from|with|since|as|of|to|after|before|when|while|which|who|"
    r"that|than|this|last|is|are|was|were|has|have|had|will|again|now|too|also|there|worldwide|globally|"
    r"according|said|says|because|members?|partners?|list|index|report|tool|ranking|table|group|bloc|"
    r"countr\w+|states?|edition|out|overall|so|if|even|during|between|alone|today|yesterday|respectively|"
    r"within|under|over|ahead|behind|among|per|compared|against|systems|models|chips?|\d\S*|@\w+|years?|"
    r"months?|times?)\b"
)
_NAMED_LAST = re.compile(r"@[BIM]\d+ $")
# Where a clause ends; after a comma one that does not narrow what stands before it.
_BOUNDARY = re.compile(r"(?:^| )(?:[;:()\u2013\u2014]|(?:but|while|whereas|although|though)(?! ,)) ")
# What frames a whole sentence: "On talent, ...", and what is set apart before or behind a statement:
# "Talent: ...", "... (talent)", "... - though only in coding".
_FRONTED = re.compile(
    r"^(?:\W )*(?:in|on|for|by|at|under|per|among|amongst|within|with|across|regarding|concerning|measured|"
    r"judged|counted|"
    r"taking|counting|looking|considering|when|where|if|as|based|adjusted|relative|scaled|weighted) "
    r"(?P<frame>(?:(?!,)\S+ ){1,12}), "
)
_SET_APART = re.compile(r" (?:[:\u2013\u2014]|\) :?) ?$")
_LABEL = re.compile(
    r"(?:(?:@\w+|\W|\d+|the|a|an|my|our|his|her|and|guest|host|interviewer|moderator|speaker|question|"
    r"answer|q|a|"
    r"minister|prime|deputy|secretary|under|parliamentary|spokes\w+|professor|prof|mr|mrs|ms|dr|president|"
    r"chair\w*|"
    r"senator|reporter|journalist|editor|analyst|correction|from|office|update|note|fact|facts|reality|"
    r"verdict|"
    r"conclusion|result|results|claim|ps|p\.s\.|edit|first|second|third|fourth|fifth|sixth|finally|remember|"
    r"news|good|bad|comparison|for|in|short|example|instance|one|thing|here|is|this|that|today|now|context|"
    r"record|he|she|it|they|minister's|clear|plain|let|us|me|be|say|"
    r"said|says|told|wrote|writes|claims|claimed|adds|added|reads|read|finds|found|shows?|announced|"
    r"reports?) )*"
)
_NARROWED = re.compile(
    r"^(?: |[\u2013\u2014-] |but |though |although |while )*(?:at least|albeit|only|just|merely|if|provided|"
    r"counting|excluding|measured|not overall|in terms|when|per|on|for|by|in) (?:(?!\()\S+ )"
)
_ASIDE = re.compile(r" , (?:which|who|and|where|so|up|down|from|after|prompting) ")
_SAYS = (
    r"(?:said|says?|told|claim\w*|report\w*|announc\w*|argu\w*|wrote|writes?|finds?|found|shows?|"
    r"reckons?|estimat\w*|notes?|noted|insist\w*|maintain\w*|believe[sd]?|warn\w*|adds|added|conclude[sd]?)"
)
# "The minister said that", "..., a report says": who says so.
_SPEAKER = re.compile(
    rf"^(?:according to [^,]+ , |(?!(?:in|on|for|by|at|under|per|among) )(?:[^ ]+ ){{1,8}}{_SAYS} (?:that )?)"
)
_SPOKEN = re.compile(
    rf" (?:, (?:[^ ]+ ){{1,8}}{_SAYS} |, {_SAYS} |(?:, )?(?:according to|per "
    r"(?!person|capita|head|inhabitant|million|citizen|resident|researcher|@)|says|said) ).*$"
)
# "When it came out", "by the time": a day that is not told.
_THEN = re.compile(
    r"(?:^|(?<= ))(?:(?:when|after|before|until|once|back) (?!@W)|by the time |at (?:the|that) time )"
)
# "BRICS member Indonesia spoke first": what follows is another statement.
_APPOSED = re.compile(r"@B\d+ members? @C\d+ ")
# The past without a day.
_PAST = re.compile(r" (?:was|were|had|stood|trailed|lagged) ")
# A part of what is counted.
_PART = re.compile(
    r"\b(?:since|new|newly|newest|another|further|additional|entered|alone|half|quarter|"
    r"(?<='s )capital|top @Q\d+|first "
    r"@Q\d+|@Q\d+ (?:of the (?!@|world|total|list|top500)\w+|(?:\w+ )?(?:fastest|best|largest|biggest|"
    r"strongest)))\b"
)
# Typed names that say more than the family reads: "China's Tencent", "systems with chips by Nvidia".
_FOREIGN = {"rank": "ODLG", "lag": "DGMN", "quantity": "ODLG", "membership": "ODLGM", "controls": "LM"}


def is_tight(context: Context, claim: AnyClaim) -> bool:
    """Return whether a reading leaves no word of its clause unread, and the clause tells its day."""
    first, last = context.reading.piece(*claim.span)
    begin, until = _clause(context.stream, first, last)
    if _APPOSED.fullmatch(context.stream[first:last]):
        begin, until = first, last
    clause = context.stream[begin:until]
    family = claim.family
    measure = getattr(claim, "measure", None)
    if any(not _known(family, measure).fullmatch(word) for word in clause.split()):
        return False
    if family in _FRAMED and not _is_plainly_set(context, claim, begin, until):
        return False
    if any(f"@{kind}" in clause for kind in _FOREIGN.get(family, "")) or _THEN.search(clause):
        return False
    if _NAMED_LAST.search(context.stream[first:last]) and not _ENDS.match(context.stream[last:]):
        return False
    if family == "rank" and measure is None and "@M" in clause:
        return False
    if isinstance(claim, QuantityClaim) and (_PART.search(clause) or _tells_more(context, claim, clause)):
        return False
    dated = claim.stated_date or getattr(claim, "edition", None) or getattr(claim, "report", None)
    return (
        bool(dated)
        or family not in ("rank", "lag", "quantity", "membership")
        or not _PAST.search(f" {clause}")
    )


# Families whose statements a frame narrows.
_FRAMED = frozenset(("rank", "lag", "quantity"))


def _is_plainly_set(context: Context, claim: AnyClaim, begin: int, until: int) -> bool:
    """Return whether nothing around a clause frames it: no field before it, none set apart behind it."""
    known = _known(claim.family, getattr(claim, "measure", None))
    stream = context.stream

    def plain(piece: str) -> bool:
        return all(known.fullmatch(word) for word in piece.split())

    if context.earlier.framed or ((fronted := _FRONTED.match(stream)) and not plain(fronted["frame"])):
        return False
    if _SET_APART.search(f" {stream[:begin]}"):
        lead = re.split(r" [;.!?] ", stream[:begin].rstrip())[-1]
        if not (plain(lead) or _LABEL.fullmatch(f"{lead} ") or set(lead.split()) <= _roles(context)):
            return False
    tail = stream[until:].lstrip()
    if tail.startswith("("):
        return plain(tail.partition(")")[0])
    return not _NARROWED.match(tail) or plain(tail)


def _roles(context: Context) -> frozenset[str]:
    """Return the words that a sentence writes in capitals: who speaks, in a transcript."""
    return frozenset(word.lower() for word in re.findall(r"\b[A-Z]{2,}\b", context.reading.sentence.text)) | {
        ":"
    }


# Words of a heading or a fragment, at most.
_SHORT = 5
# What else a sentence says that brings a ranking up.
_INTRODUCED = re.compile(
    r"publish\w*|releas\w*|covers?|covered|compar\w*|assess\w*|survey\w*|updat\w*|appear\w*|present\w*|"
    r"unveil\w*|"
    r"week|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|insights|institute|university|"
    r"media|"
    r"ministry|minister|said|according|look\w*|let|us|good|bad|news|results?|shows?|find\w*|people|like\w*|"
    r"quot\w*|"
    r"think\s?tank|researchers|london|california|geneva|paris|british|american|human|cent(?:re|er)ed|"
    r"artificial"
)


def is_heading(reading: Reading) -> bool:
    """Return whether a sentence is a heading or a fragment that names a field: the next may be about it."""
    words = reading.stream.split()
    every = [_known(family, None) for family in _BY_FAMILY]
    asks = "?" in words
    return len(words) <= _SHORT and not asks and any(not any(k.fullmatch(w) for k in every) for w in words)


def is_introduction(reading: Reading) -> bool:
    """Return whether a sentence that names a ranking says nothing else: a place after it is one in it."""
    known = _known("rank", None)
    return all(known.fullmatch(word) or _INTRODUCED.fullmatch(word) for word in reading.stream.split())


# What narrows whom or what is counted: "among start-ups", "small firms", "of women".
_OF_WHOM = re.compile(
    r"(?:^| )(?:among|amongst|by|at|for|from|in|within|of) (?:(?:the|its|their|all|every|each|those|such|"
    r"these|most|only) )*(?!(?:start|end|beginning|middle|course) of )(?P<word>[a-z][a-z-]+) "
)
_WHICH = re.compile(
    r"(?:^| )(?P<word>[a-z][a-z-]+) (?:- (?:\S+ )?)?(?:firms|companies|enterprises|businesses|start-?ups|"
    r"people|adults|workers|employees|citizens|systems|machines|supercomputers|@M\d+) "
)
_WHOSE = re.compile(
    r"@C\d+ 's (?P<word>[a-z][\w-]+) (?:alone |itself )?"
    r"(?:has|had|have|runs?|ran|made|makes?|attracted|holds?|owns?|counts?|produced|operates?) "
)
_NO_PART = re.compile(
    r"terms|total|time|all|any|an?|percent(?:age)?|fact|part|addition|favour|comparison|contrast|sum|value|"
    r"size|what|fiscal|early|mid|late|new|newest|latest|updated|current|way|far|example|instance|spring|"
    r"summer|autumn|winter|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|"
    r"tember|ober|ember)?"
)


# What sums a yearly figure up over another time: "from 2013 to 2024", "in the first nine months of 2024".
_ANOTHER_TIME = re.compile(
    r"\b(?:first|last|opening|final|initial|past) (?:@[TQ]\d+|half|quarters?|months?|decade|few)|@T\d+ to @W|"
    r"(?:from|between) @W\d+ (?:to|until|through|and|-) @W|(?:since|by|until|through|up to) (?:the )?(?:end "
    r"of )?@W|(?:over|within|in|across) (?:the )?(?:\S+ )?@T\d+|\b(?:half|quarter) of @W|\b(?:cumulative\w*|"
    r"so far|to date|ever|altogether|in total|annually|a month|per month|monthly|quarterly) "
)


def is_of_another_time(context: Context, claim: AnyClaim) -> bool:
    """Return whether a clause tells a figure of another time than a year."""
    begin, until = _clause(context.stream, *context.reading.piece(*claim.span))
    return bool(_ANOTHER_TIME.search(context.stream[begin:until]))


def is_of_a_body(context: Context, claim: AnyClaim) -> bool:
    """Return whether a membership is one of a body of a bloc: "joined the G20's AI working group"."""
    first, last = context.reading.piece(*claim.span)
    ends = _NAMED_LAST.search(context.stream[first:last]) is not None
    return claim.family == "membership" and ends and not _ENDS.match(context.stream[last:])


def narrows(context: Context, claim: AnyClaim) -> bool:
    """Return whether a clause counts a part of what its measure counts: "among start-ups", "small firms"."""
    if claim.family != "quantity" and not (claim.family == "rank" and getattr(claim, "measure", None)):
        return False
    first, last = context.reading.piece(*claim.span)
    begin, until = _clause(context.stream, first, last)
    clause, known = context.stream[begin:until], _known(claim.family, getattr(claim, "measure", None))
    return any(
        not (_NO_PART.fullmatch(word) or known.fullmatch(word))
        for pattern in (_OF_WHOM, _WHICH, _WHOSE)
        for word in (found.group("word") for found in pattern.finditer(clause))
    )


def _tells_more(context: Context, claim: QuantityClaim, clause: str) -> bool:
    """Return whether a clause tells of another country, or of another number."""
    named = {iso3 for key in re.findall(r"@C\d+", clause) for iso3 in context.countries(key)}
    several = claim.form == "level" and clause.count("@Q") > 1
    return several or not named <= {*claim.countries, *claim.others}


def _clause(stream: str, first: int, last: int) -> tuple[int, int]:
    """Return the clause around a piece of a stream, without who says so."""
    begin = max((found.end() for found in _BOUNDARY.finditer(stream, 0, first)), default=0)
    until = next((found.start() for found in _BOUNDARY.finditer(stream, max(last - 1, 0))), len(stream))
    if (speaker := _SPEAKER.match(stream[begin:first])) is not None:
        begin += speaker.end()
    for tail in (_ASIDE, _SPOKEN):
        if (found := tail.search(stream, max(last - 1, 0), until)) is not None:
            until = found.start() + 1
    return begin, max(until, last)


# "In video generation, ..." and "... behind the United States in lithography": the field that is compared.
_FIELD = re.compile(
    r"^(?:in|on|for|at) (?P<first>(?:(?!@|,|the (?:gap|distance|lag|lead|difference|delay) )\S+ ){1,7})"
    r"(?:, |the (?:gap|distance|lag|lead|difference|delay) )|@[COLB]\d+ (?:in|on|at) (?P<last>(?:(?!@W|,|"
    r"(?:is|are|was|were|has|have|had|now|and|while|than|by) )\S+ ){1,4})"
)
_AI_FIELD = re.compile(
    r"(?:the|a|an|this|its|global|general|overall|large|core|advanced|artificial|intelligence|ai|race|"
    r"models?|language|llms?|frontier|technolog\w+|development|capabilit\w+|performance|benchmarks?|of|and|"
    r"fact|short|practice|recent|past|last|terms|all|most|some|average|months?|years?|by|,|\.|@\w+|\d+|\w+ly|"
    r"chatbots?|systems?|machine|learning|generative)"
)


def is_of_another_field(context: Context) -> bool:
    """Return whether a sentence compares countries in a field that is not AI at large."""
    return any(
        not _AI_FIELD.fullmatch(word)
        for found in _FIELD.finditer(context.stream)
        for word in (found.group("first") or found.group("last")).split()
    )
