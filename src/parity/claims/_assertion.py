"""Whether a text asserts what it says: hopes, fears, odds and what nobody believes assert nothing."""

from __future__ import annotations

import re

# Words after which a statement is not made, up to the end of the clause.
_MODAL = (
    r"could|would|might|may(?! (?:19|20)\d\d\b)|should|shall|will|won['’]t|['’]ll|(?:is|are|was|were|be) "
    r"(?:\w+ )?(?:set|due|poised|bound|about|on (?:track|course)|going|destined) to|(?:is|are|was|were|be) "
    r"(?:\w+ )?(?:expected|likely|unlikely|forecast|projected|predicted|estimated to become)|can become|"
    r"(?:stand|look|seem|appear)s? (?:set|poised|likely) to|has a shot at|yet to|needs? to|ha(?:s|ve) to|"
    r"must|no longer"
)
_UNREAL = (
    r"(?:the )?(?:odds|chances?|likelihood|probability|risk|danger|prospects?|possibility|potential) (?:of|"
    r"that|for)|fear(?:s|ed|ing)?|worr(?:y|ies|ied|ying)|afraid|hop(?:e|es|ed|ing)|dream(?:s|ed|t|ing)?|"
    r"wish(?:es|ed)?|want(?:s|ed|ing)?|wanna|aim(?:s|ed|ing)?|aspir(?:e|es|ed|ing|ation|ations)|ambitions?|"
    r"ambitious|seek(?:s|ing)?|sought|(?:(?:had|who|he|she|they|it) )?inten(?:d|ds|ding|t|tion|tions)|(?:had|"
    r"who|he|she|they|it) intended|plan(?:s|ned|ning)? (?:to|for|on)|vow(?:s|ed)?|pledg(?:e|es|ed|ing)|"
    r"promis(?:e|es|ed|ing)|goal|targets?|targeting|striv(?:e|es|ed|ing)|bid to|drive to|race to|push to|"
    r"quest|bet(?:s|ting)? (?:that|on)|in order to|so as to|(?:to|of) becom(?:e|ing)|tr(?:y|ies|ied|ying) to|"
    r"attempt(?:s|ed)? to|expect(?:s|ed|ing|ation|ations)?|forecast(?:s|ing)?|predict(?:s|ed|ing|ion|ions)?|"
    r"project(?:s|ed) (?:that|to)|anticipat(?:e|es|ed|ing)|envisag(?:e|es|ed)|vision|picture (?:a|the|this)|"
    r"a world (?:in which|where)|suppos(?:e|ing)|imagin(?:e|es|ed|ing)|assum(?:e|es|ed|ing)|hypothetical\w*|"
    r"pretend(?:s|ed|ing)?|scenarios?|if|unless|whether|(?:was|were) to|what if|lest|as (?:if|though)|"
    r"(?:once|formerly|previously|long|originally|initially|widely|mistakenly|wrongly|falsely) (?:thought|"
    r"believed|assumed|held|said|claimed|argued|considered|estimated)|(?:i|we|they|us|people|everyone|"
    r"everybody|analysts|experts) (?:all |then |once )?(?:believed|thought|assumed|reckoned|figured)|used to|"
    r"thought (?:that|to|it|they)|(?:was|were|had been) once|conventional wisdom (?:was|had|held|once)|"
    r"(?:everyone|everybody|people|most of \w+|most \w+|many) (?:told|(?:would|used to|could) have (?:said|"
    r"told)|then (?:said|thought|believed))|myths?|legend|fairy tale|rumou?rs?|fiction|illusion|"
    r"misconception|delusion|fantasy|(?:the|an?|any|this|that) (?:idea|notion|claim|suggestion|belief|"
    r"assumption|perception|impression|theory|narrative|story|talk|allegation|thesis|hypothesis|assertion|"
    r"view) (?:that|of|is|about|-)|(?:nobody|no one|no-one|none|few|hardly any(?:body|one)?|scarcely "
    r"any(?:body|one)?|who|not many|no serious \w+|hardly any \w+|few \w+) (?:\w+ ){0,3}?(?:believe|believes|"
    r"think|thinks|thought|expect|expects|claims?|say|says|argue|argues|doubts?|suggest|suggests|imagine|"
    r"imagines|pretends?|credits?|contends?|maintains?)|den(?:y|ies|ied|ying)|doubt(?:s|ed|ful|ing)?|"
    r"disput(?:e|es|ed|ing)|(?:reject|dismiss)\w* (?:the )?(?:idea|claim|claims|notion|suggestion|view|talk|"
    r"charge|assertion|assessment|that)\w*|rebut(?:s|ted)?|refut(?:e|es|ed)|debunk(?:s|ed)?|question(?:s|ed|"
    r"ing)? (?:that|whether|the)|(?:is|was|be|['’]s)(?: simply| plainly| just)? (?:not true|untrue|false|"
    r"wrong|nonsense|a lie|incorrect)|(?:is|are|was|were|['’]s|remains?)?(?: still)? ?(?:nowhere near|far "
    r"from|not about to|a long way from)|warn(?:s|ed|ing)? (?:that|of|about|against)|threaten(?:s|ed|ing)? "
    r"to|call(?:s|ed|ing)? (?:for|on)|urg(?:e|es|ed|ing)|propos(?:e|es|ed|ing|al|als)|consider(?:s|ed|ing)? "
    r"(?:a|whether|adding|joining)|ask(?:s|ed)? (?:whether|if)|wonder(?:s|ed)?|joke[sd]?|in theory|"
    r"theoretically|supposedly|allegedly|in (?:the|a|an|this|his|her) (?:film|movie|novel|game|war ?game|"
    r"simulation|book|series|story|play|thriller|fable|hypothetical|exercise)|appl(?:y|ies|ied|ying) (?:to|"
    r"for)|(?:interested|interest) in|(?:eager|keen|ready|willing|unwilling|reluctant) to|(?:refus|declin|"
    r"fail)\w* to (?:join|become)|talks (?:on|about|to)|(?:question|matter) of (?:time|when)|before long|"
    r"sooner or later|(?:slogan|motto|banner|chant|hashtag|poster|t-shirt|headline|title|song|joke)s?|let us|"
    r"let['’]s|for example,? a|say,"
)
# Words after a statement that take it back.
_AFTER = (
    r"(?:,| -| –| —)? ?(?:some|many|critics|officials|experts|analysts|they|others)? ?(?:fear|hope|worry|"
    r"doubt|dream|predict|forecast|expect)(?:s|ed)?\b|\b(?:is|was|remains?|seems?|looks?|sounds?) (?:still "
    r")?(?:only |just |merely |simply |plainly )?(?:a |the |his |her |its |their |our )?(?:myth|dream|hope|"
    r"goal|aim|ambition|fiction|illusion|exaggerat\w+|far off|unlikely|untrue|not true|false|wrong|nonsense|"
    r"plan|target|fear|fairy|rumou?r)|\b(?:no, wait|scratch that|strike that|just kidding)\b|^\W*(?:would|"
    r"could|might|will) (?:be|mean|require|take)|^\W*by 20[2-9]\d\b(?= (?:is|are|under))"
)
_BOUNDARY = re.compile(
    r"[;.:!?] |[;.!?]$|,? (?:but|whereas|while|although|though|however|yet) |, and (?=[A-Z])| — | – |\n"
)
_RE_MODAL = re.compile(rf"\b(?:{_MODAL})\b", re.I)
_RE_UNREAL = re.compile(rf"\b(?:{_UNREAL})(?!\w)", re.I)
_RE_AFTER = re.compile(_AFTER, re.I)
# "Were India first": a condition.
_INVERTED = re.compile(r"\W*(?:Were|Had|Should) [A-Z]")
# Expectation of a report, and names that hold such words, are none of these.
_NAMES = re.compile(
    r"\b(?:(?:would|will|'d|’d|should|must|could|let['’]s|let us) (?:say|argue|guess|put|add|admit|note|"
    r"estimate)|(?:should|must) be (?:said|noted)|"
    r"will (?:know|be aware|recall|remember|have seen|have noticed)|AI Continent "
    r"Action Plan|Target Corporation|Future of Life|Forecast\w* Institute|Vision Pro|Nvidia Drive|"
    r"no longer (?:an? |the |in |part |belong\w* |(?:\w+ )?members? ))\b"
)


def asserted(sentence: str, start: int, end: int, *, modal: bool = True) -> bool:
    """Return whether a sentence states what stands at a place as a fact."""
    begin = max((found.end() for found in _BOUNDARY.finditer(sentence, 0, start)), default=0)
    until = next((found.start() for found in _BOUNDARY.finditer(sentence, end)), len(sentence))
    before = _NAMES.sub(" ", sentence[begin:end])
    if _INVERTED.match(sentence):
        return False
    if _RE_UNREAL.search(before) or (modal and _RE_MODAL.search(before)):
        return False
    return not _RE_AFTER.search(sentence[end:until])
