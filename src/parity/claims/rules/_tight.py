"""Whether a reading covers every word that it stands on: only such a reading may contradict a text."""

from __future__ import annotations

import re

from parity.claims.rules._context import Context

# Words that change nothing of what a rule reads: function words, and the words of rules themselves.
_KNOWN = re.compile(
    r"@\w+|\W+|\d\S*|\w{1,2}|'\w+|north\w*|south\w*|east\w*|west\w*|central|latin|asia\w*|africa\w*|america\w*|europe\w*|arab|region\w*|continent|"
    r"(?:the|and|but|for|from|with|than|that|those|these|this|its|it's|their|his|her|our|any|all|out|per|only|just|"
    r"now|still|already|also|even|yet|too|not|has|have|had|having|are|was|were|been|being|will|who|which|whose|when|"
    r"where|while|more|most|less|least|fewer|over|under|about|around|roughly|nearly|almost|some|exactly|approximately|"
    r"between|among|amongst|within|into|onto|across|since|until|during|after|before|ago|later|earlier|again|overall|"
    r"world|world's|worldwide|globally|global|international|internationally|year|years|month|months|today|currently|"
    r"last|previous|latest|new|recent|annual|edition|report|one|two|three|first|second|third|both|each|other|others|"
    r"ai|artificial|intelligence|model|models|language|system|systems|machine|machines|learning|generative|lab|labs|"
    r"laboratories|developers?|frontier|technolog\w*|capabilit\w*|chatbots?|llms?|"
    r"rank\w*|place\w*|position\w*|spot\w*|index|list\w*|table|tool|league|top|leads?|led|leading|lead|head\w*|"
    r"came|comes?|stands?|stood|sits?|sat|took|takes?|holds?|held|finish\w*|remain\w*|stays?|puts?|put|gives?|gave|"
    r"score\w*|rate[ds]?|ahead|behind|trail\w*|lag\w*|gap|distance|level|caught|catch\w*|match\w*|reach\w*|equal\w*|"
    r"best|strongest|largest|biggest|countr\w+|nation\w*|states?|econom\w+|governments?|members?|partners?|bloc|group\w*|"
    r"full|official\w*|formal\w*|join\w*|belong\w*|left|quit|entered|became|become\w*|part|status|"
    r"private|investment\w*|invested|funding|venture|capital|billion|million|trillion|dollars?|euros?|notable|"
    r"supercomput\w+|number|count\w*|counts|figure|total\w*|amount\w*|share|percent|cent|per|rose|ris\w+|grew|grow\w*|"
    r"fell|fall\w*|drop\w*|declin\w*|increas\w*|decreas\w*|doubl\w*|tripl\w*|quadrupl\w*|halv\w*|jump\w*|climb\w*|"
    r"slip\w*|shrank|shrunk|shrink\w*|added|gain\w*|lost|expand\w*|times|twice|half|fold|many|much|high\w*|low\w*|"
    r"includ\w*|produc\w*|releas\w*|publish\w*|filed|made|makes?|own\w*|run|runs|hosts?|has|home|"
    r"ban\w*|bar\w*|prohibit\w*|forbid\w*|forbade|licen\w+|need\w*|requir\w*|export\w*|import\w*|sold|sell\w*|sale\w*|"
    r"ship\w*|bought|buy\w*|purchas\w*|allow\w*|permit\w*|legal\w*|lawful\w*|free\w*|rules?|law|control\w*|chips?|"
    r"no|none|nor|neither|never|far|well|way|off|down|up|same|set|every|very|quite|actually|really|officially|"
    r"can|could|may|might|cannot|can't|use[ds]?|using|users?|people|adults|companies|firms|enterprises|businesses|population|patents?|papers?|"
    r"publications?|spend\w*|spent|research|development|gdp|\w+ly)"
)
# What may follow a name that ends a claim: a noun makes it a part of something else ("left the G7 meeting").
_ENDS = re.compile(
    r"$|\W|(?:and|or|but|in|on|at|by|for|from|with|since|as|of|to|after|before|when|while|which|who|that|than|this|last|"
    r"is|are|was|were|has|have|had|will|again|now|too|also|there|worldwide|globally|according|said|says|because|members?|"
    r"partners?|list|index|report|tool|ranking|table|group|bloc|countr\w+|states?|edition|out|overall|so|if|even|during|"
    r"between|alone|today|yesterday|respectively|within|under|over|ahead|behind|among|per|compared|against|systems|"
    r"models|chips?|\d\S*|@\w+|years?|months?|times?)\b"
)
_NAMED_LAST = re.compile(r"@[BIM]\d+ $")


def is_tight(context: Context, start: int, end: int) -> bool:
    """Return whether a reading leaves no word of its sentence's piece unread.

    Parameters
    ----------
    context
        The sentence.
    start, end
        The claim in the whole text.
    """
    first, last = context.reading.piece(start, end)
    piece = context.stream[first:last]
    if any(not _KNOWN.fullmatch(word) for word in piece.split()):
        return False
    return not _NAMED_LAST.search(piece) or bool(_ENDS.match(context.stream[last:]))
