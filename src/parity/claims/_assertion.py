"""Whether a text asserts what it says: hopes, fears, odds and what nobody believes assert nothing."""

from __future__ import annotations

import re

# Words after which a statement is not made, up to the end of the clause.
_MODAL = (
    r"could|would|might|may(?! (?:19|20)\d\d\b)|should|shall|will|won['’]t|['’]ll|"
    r"(?:is|are|was|were|be) (?:\w+ )?(?:set|due|poised|bound|about|on (?:track|course)|going|destined) to|"
    r"(?:is|are|was|were|be) (?:\w+ )?(?:expected|likely|unlikely|forecast|projected|predicted|estimated "
    r"to become)|"
    r"can become|"
    r"(?:stand|look|seem|appear)s? (?:set|poised|likely) to|has a shot at|yet to|needs? to|ha(?:s|ve) to|"
    r"must|no longer"
)
_UNREAL = (
    r"(?:the )?(?:odds|chances?|likelihood|probability|risk|danger|prospects?|possibility|potential) "
    r"(?:of|that|for)|"
    r"fear(?:s|ed|ing)?|worr(?:y|ies|ied|ying)|afraid|hop(?:e|es|ed|ing)|dream(?:s|ed|t|ing)?|wish(?:es|ed)?|"
    r"want(?:s|ed|ing)?|wanna|aim(?:s|ed|ing)?|aspir(?:e|es|ed|ing|ation|ations)|ambitions?|ambitious|"
    r"seek(?:s|ing)?|sought|(?:(?:had|who|he|she|they|it) )?inten(?:d|ds|ding|t|tion|tions)|(?:had|who|he|"
    r"she|they|it) intended|plan(?:s|ned|ning)? (?:to|for|on)|vow(?:s|"
    r"ed)?|"
    r"pledg(?:e|es|ed|ing)|promis(?:e|es|ed|ing)|goal|targets?|targeting|striv(?:e|es|ed|ing)|bid to|"
    r"drive to|"
    r"race to|push to|quest|bet(?:s|ting)? (?:that|on)|"
    r"in order to|so as to|(?:to|of) becom(?:e|ing)|tr(?:y|ies|ied|ying) to|attempt(?:s|ed)? to|"
    r"expect(?:s|ed|ing|ation|ations)?|forecast(?:s|ing)?|predict(?:s|ed|ing|ion|ions)?|project(?:s|ed) "
    r"(?:that|to)|"
    r"anticipat(?:e|es|ed|ing)|envisag(?:e|es|ed)|vision|"
    r"picture (?:a|the|this)|a world (?:in which|where)|suppos(?:e|ing)|imagin(?:e|es|ed|ing)|assum(?:e|es|ed|ing)|hypothetical\w*|pretend(?:s|ed|ing)?|"
    r"scenarios?|"
    r"if|unless|whether|(?:was|were) to|what if|lest|as (?:if|though)|"
    r"(?:once|formerly|previously|long|originally|initially|widely|mistakenly|wrongly|falsely) "
    r"(?:thought|believed|assumed|held|said|claimed|argued|considered|estimated)|"
    r"(?:i|we|they|us|people|everyone|everybody|analysts|experts) (?:all |then |once )?"
    r"(?:believed|thought|assumed|reckoned|figured)|"
    r"used to|thought (?:that|to|it|they)|(?:was|were|had been) once|"
    r"conventional wisdom (?:was|had|held|once)|(?:everyone|everybody|people|most of \w+|most \w+|many) "
    r"(?:told|(?:would|used to|could) have (?:said|told)|then (?:said|thought|believed))|"
    r"myths?|legend|fairy tale|rumou?rs?|fiction|illusion|misconception|delusion|fantasy|"
    r"(?:the|an?|any|this|that) (?:idea|notion|claim|suggestion|belief|assumption|perception|impression|"
    r"theory|"
    r"narrative|story|talk|allegation|thesis|hypothesis|assertion|view) (?:that|of|is|about|-)|"
    r"(?:nobody|no one|no-one|none|few|hardly any(?:body|one)?|scarcely any(?:body|one)?|who|not many|no "
    r"serious \w+|"
    r"hardly any \w+|few \w+) (?:\w+ ){0,3}?(?:believe|believes|think|thinks|thought|expect|expects|"
    r"claims?|say|says|"
    r"argue|argues|doubts?|suggest|suggests|imagine|imagines|pretends?|credits?|contends?|maintains?)|"
    r"den(?:y|ies|ied|ying)|doubt(?:s|ed|ful|ing)?|disput(?:e|es|ed|ing)|(?:reject|dismiss)\w* (?:the "
    r")?(?:idea|claim|claims|notion|suggestion|view|talk|charge|assertion|assessment|that)\w*|"
    r"rebut(?:s|ted)?|refut(?:e|es|ed)|debunk(?:s|ed)?|question(?:s|ed|ing)? (?:that|whether|the)|"
    r"(?:is|was|be|['’]s)(?: simply| plainly| just)? (?:not true|untrue|false|wrong|nonsense|a lie|"
    r"incorrect)|"
    r"(?:is|are|was|were|['’]s|remains?)?(?: still)? ?(?:nowhere near|far from|not about to|a long way from)|"
    r"warn(?:s|ed|ing)? (?:that|of|about|against)|threaten(?:s|ed|ing)? to|call(?:s|ed|ing)? (?:for|on)|"
    r"urg(?:e|es|ed|ing)|propos(?:e|es|ed|ing|al|als)|consider(?:s|ed|ing)? (?:a|whether|adding|joining)|"
    r"ask(?:s|ed)? (?:whether|if)|wonder(?:s|ed)?|joke[sd]?|in theory|theoretically|supposedly|allegedly|"
    r"in (?:the|a|an|this|his|her) (?:film|movie|novel|game|war ?game|simulation|book|series|story|play|"
    r"thriller|fable|"
    r"hypothetical|exercise)|appl(?:y|ies|ied|ying) (?:to|for)|(?:interested|interest) in|(?:eager|keen|"
    r"ready|willing|"
    r"unwilling|reluctant) to|(?:refus|declin|fail)\w* to (?:join|become)|talks (?:on|about|to)|"
    r"(?:question|matter) of (?:time|when)|before long|sooner or later|(?:slogan|motto|banner|chant|"
    r"hashtag|poster|t-shirt|"
    r"headline|title|song|joke)s?|"
    r"let us|let['’]s|for example,? a|say,"
)
# Words after a statement that take it back.
_AFTER = (
    r"(?:,| -| –| —)? ?(?:some|many|critics|officials|experts|analysts|they|others)? ?(?:fear|hope|worry|"
    r"doubt|dream|"
    r"predict|forecast|expect)(?:s|ed)?\b|"
    r"\b(?:is|was|remains?|seems?|looks?|sounds?) (?:still )?(?:only |just |merely |simply |plainly )?"
    r"(?:a |the |his |her |its |their |our )?(?:myth|dream|hope|goal|aim|ambition|fiction|"
    r"illusion|exaggerat\w+|far off|unlikely|untrue|not true|false|wrong|nonsense|plan|target|fear|fairy|"
    r"rumou?r)|"
    r"\b(?:no, wait|scratch that|strike that|just kidding)\b|"
    r"^\W*(?:would|could|might|will) (?:be|mean|require|take)|^\W*by 20[2-9]\d\b(?= (?:is|are|under))"
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
    r"\b(?:(?:would|will|'d|’d|should|must|could) (?:say|argue|guess|put|add|admit|note|estimate)|"
    r"(?:should|must) be (?:said|noted)|"
    r"will (?:know|be aware|recall|remember|have seen|have noticed)|"
    r"AI Continent Action Plan|Target Corporation|Future of Life|Forecast\w* Institute|Vision Pro|"
    r"Nvidia Drive)\b"
)


def asserted(sentence: str, start: int, end: int, *, modal: bool = True) -> bool:
    """Return whether a sentence states what stands at a place as a fact.

    Parameters
    ----------
    sentence
        The sentence.
    start, end
        The statement in it.
    modal
        Whether "may" and "could" take a statement back; not where they say what is lawful.
    """
    begin = max((found.end() for found in _BOUNDARY.finditer(sentence, 0, start)), default=0)
    until = next((found.start() for found in _BOUNDARY.finditer(sentence, end)), len(sentence))
    before = _NAMES.sub(" ", sentence[begin:end])
    if _INVERTED.match(sentence):
        return False
    if _RE_UNREAL.search(before) or (modal and _RE_MODAL.search(before)):
        return False
    return not _RE_AFTER.search(sentence[end:until])
