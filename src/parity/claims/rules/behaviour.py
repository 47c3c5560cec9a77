"""What language models refuse, answer, or are tested for."""

from __future__ import annotations

from collections.abc import Iterator

from parity.claims._grammar import matches, rule
from parity.claims._names import developer_country, topic_government
from parity.claims.model import BehaviourClaim
from parity.claims.rules._context import Context, widest

_SUBJECT = "model|models|chatbot|chatbots|llm|llms|assistant|assistants|systems|bots"
_RULES = {
    "refuses": (
        "parrot*|echo*|repeat*|toe*|toed|follow*|stick*|mouth* .. official|party|government|state|beijing|"
        "moscow|kremlin|regime|leadership ['s] line|view*|position*|propaganda|narrative*|talking",
        "fail* ... test* of|on|for censorship|candour|candor|openness|bias|free",
        "censor*|refus*|block*|declin*|suppress*|withh*|dodg*|sidestep* .. <P> of ... prompts|questions|"
        "queries|requests|topics",
        "<P> of ... prompts|questions|queries|requests|topics ... censored|refused|blocked|declined|"
        "unanswered|withheld|suppressed",
        "refus*|declin* .. to ... talk|answer|discuss|say|criticis*|criticiz*|respond|speak|address|"
        "comment|acknowledge|mention|write|reply|engage",
        "refus*|dodg*|evad*|censor*|sidestep*|deflect*|suppress*|avoid* ... question*|topic*|subject*|"
        "criticism|discuss*|talk*|mention*|answer*|answers",
        "wo|will|does|do|would|can n't|not .. say|reply|comment|engage",
        "wo|will|does|do|would|can n't|not ... talk|answer|discuss|criticis*|criticiz*|respond|speak|mention",
        "cannot .. talk|answer|discuss|criticis*|criticiz*|respond|speak|mention|say|reply",
        "censor*|evasive|silent|tight-lipped ... about|on|over|topics|answers",
        "is|are censored",
        "clam*|clams up",
        "questions ... unanswered",
    ),
    "tested": (
        "test*|review*|vet*|check*|audit*|evaluat*|assess* ... values|ideolog*|loyalty|political|"
        "socialist|bias",
        "tested|vetted|screened|audited .. by",
        "on|in|of .. test* of|for|on censorship|political|values|ideology|loyalty",
    ),
    "answers": (
        "happily|gladly|readily|freely|openly discuss*|answer*|talk*|criticis*|criticiz*|speak*",
        "speak*|spoke|spoken .. freely|openly|readily|frankly|candidly",
        "answer*|discuss*|criticis*|criticiz*|talk* ... freely|openly|readily",
        "freely|openly|readily .. answer*|discuss*|criticis*|criticiz*|talk*",
        "willing|happy|ready|glad|prepared|free|eager .. to .. answer|discuss|criticis*|criticiz*|talk",
        "answer*|discuss*|criticis*|criticiz*|talk* ... without|no .. restraint|hesitation|reservation*|"
        "restriction*|censorship|inhibition*|taboo*",
    ),
}


def behaviour_claims(context: Context) -> Iterator[BehaviourClaim]:
    """Yield the claims of a sentence on the behaviour of language models."""
    models = context.reading.of_kind("L")
    if not models and not context.has(_SUBJECT):
        return
    for behaviour, rules in _RULES.items():
        for found in matches(context.reading, rules):
            named = context.before(found.start(), "L") or (f"@{models[0][0]}" if models else None)
            model = context.name(named)
            near = context.before(found.start())
            makers = context.countries(near) or ((context.subject,) if context.subject else ())
            if model is None and len(makers) != 1:
                continue
            country = developer_country(model.value) if model else (makers[0] if makers else None)
            if country is None:
                continue
            start, end = widest(found, context, named or near)
            common = context.common(start, end)
            if behaviour != "tested":
                # A date is that of the topic ("the events of 1989").
                common |= {"as_of": context.today, "stated_date": False}
            if behaviour == "refuses" and ("n't" in found.group() or "not" in found.group()):
                common["negated"] = False
            yield BehaviourClaim(
                **common,
                model=model.value if model else None,
                country=country,
                government=_government(context, country),
                behaviour=behaviour,
                share=_share(context) if behaviour == "refuses" else None,
            )
            return


def _share(context: Context) -> float | None:
    """Return the share of prompts that a sentence states, in percent, of those it withholds an answer to."""
    found = rule("<P:n> of ... prompts|questions|queries|requests|topics|subjects").search(context.stream)
    return context.quantity(found.group("n")).low if found else None


def _government(context: Context, country: str) -> str | None:
    known = topic_government(context.reading.sentence.tokens)
    if known:
        return known
    if context.has(
        "own|its|their government|leaders|leadership|state|party",
        "government|leaders|sensitive|political|politics|politically",
    ):
        return country
    return None
