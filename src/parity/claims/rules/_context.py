"""What every family's rules need to know about a sentence, and what "it" and "he added" point back to."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from parity.catalogue import membership
from parity.claims._dates import Period
from parity.claims._grammar import Reading, may_match, rule
from parity.claims._names import BLOC, MODEL, Name, developer_country
from parity.claims._numbers import Quantity
from parity.claims.model import QuantityClaim
from parity.errors import ParityError

_NEGATION = re.compile(r"(?:^| )(?:not|n't|no|never|neither|nor|hardly|without)(?: |$)")
# Negations that deny nothing about the claim itself.
# "Are not, and never were, ahead".
_NEVER = re.compile(r"(?:not|never) (?:was|were|been|be) ,? ?$")
_NOT_ONLY = re.compile(r"\b(?:not only|not just|not merely|no later than|not later than|no more than|no less "
r"than|no fewer than|no longer than|not least)\b")  # fmt: skip
_CONTRAST = re.compile(r"(?:^| )(?:not|n't) .* but (?:rather |only |just )?")
_FUTURE = re.compile(r"(?:^| )(?:will|shall|would|could|might|wo n't|may soon|expects? to|expected to|plans? "
r"to|aims? to|hopes? to|wants? to|intends? to|likely to|set to|going to|seeks? to|if|unless|forecast\S*|"
r"predict\S*|project\S* to|by <later>) ")  # fmt: skip
WE = re.compile(
    r"(?:^| )(?:we|our|ours|we're|we've|here|at home|(?:has|have|had|puts?|ranks?|places?|placed) us) "
)
# Words before which a country is no subject: "the gap with China", "models from France".
OBLIQUE = re.compile(
    r"(?:^| )(?:of|from|in|with|to|than|behind|over|by|for|against|at|on|between|like|near|inside|outside) "
    r"(?:not )?(?:only |just |merely |even )?(?:the |its |his |her |their |our |both |all )?$"
)


# "...; it ranks": the subject of the clause before.
_AGAIN = re.compile(r"\W*(?:it|they) ")
_HEAD = re.compile(r"(?:^|, |; |: |\. |[\"“] |that |but |and )(?:the )?$")
_LABEL = re.compile(r"(?:\W )?(?:the )?@C\d+ $")
# A year that names an edition dates no figure: "the AI Index 2025".
_EDITION = re.compile(r"@I\d+ (?:report )?(?:of |for |from |\( )?@W\d+ $")
_LISTED = re.compile(r"top ?-?500", re.I)

# Words that two sentences on one event share at least, compared by so many letters.
SHARED, STEM = 2, 5


def stems(stream: str) -> frozenset[str]:
    """Return the beginnings of the longer words of a sentence, and its names."""
    words = re.findall(r"[a-z]{4,}", stream)
    return frozenset(word[:STEM] for word in words)


_SAYS = (
    r"(?:sa(?:id|ys?)|told|tells|argue[sd]|acknowledge[sd]|admit(?:s|ted)|concede[sd]|claim(?:s|ed)|note[sd]|"
    r"add(?:s|ed)|estimate[sd]|report(?:s|ed)|believe[sd]|state[sd]|warn(?:s|ed)|announce[sd]|f(?:ou|i)nds?|"
    r"wr(?:ote|ites)|reckons?|shows?|explain(?:s|ed)|insist(?:s|ed)|maintain(?:s|ed))"
)
# Words of whoever speaks: no verb, no clause of its own.
_WORD = (
    r"(?!(?:is|are|was|were|be|been|has|have|had|will|would|that|which|who|to|and|but|as|by|when|while|if|he|"
    r"she|it|they|we|i|if|after|before|since|until)\b)[\w.'’&-]{1,30}"
)
_WHO = rf"(?P<who>{_WORD}(?: {_WORD}){{0,9}}?)"
# "..., a bank's deputy head,", "..., who asked not to be named,".
_ASIDE = r"(?:, (?P<aside>[^,;:”\"]{2,80}),)?"
_NAMED = re.compile(r"[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){1,3}")
_SAYING = re.compile(rf"\b(?:according to|in the|['’]s (?:words|view|opinion|estimate)|{_SAYS})\b", re.I)
_PRONOUN = re.compile(rf"\b(?:he|she)(?: (?:had|also|later|then))? {_SAYS}\b|\b{_SAYS} (?:he|she)\b", re.I)
_SELF = frozenset((
    "i", "i'd", "i’d", "i'll", "i’ll", "we", "it", "they", "he", "she", "this", "that", "there", "nobody",
    "no",
))  # fmt: skip
_ATTRIBUTIONS = (
    re.compile(
        r"\b(?:[Aa]ccording to|[Ii]n the (?:words|view|opinion) of) (?P<who>[^,.;:]{2,60}?)"
        r"(?=[,;:]|[.]?$|[.] | (?:ranks?|is|are|was|has|have)\b)"
    ),
    re.compile(r"\b[Ii]n (?P<who>[A-Z][\w.-]+(?: [A-Z][\w.-]+){0,3})['’]s (?:words|view|opinion|estimate)\b"),
    re.compile(
        rf"(?:^|[.;:”\"“—–-] ?|, ){_WHO}{_ASIDE}(?: (?:has|have|had|also|later|then))? "
        rf"{_SAYS}\b(?! (?:to|by)\b)"
    ),
    re.compile(rf"[,”\"] {_SAYS} {_WHO}(?=[,;:.”\"(]|$| (?:in|on|at|last|this)\b)"),
)


def attribution(sentence: str, before: str | None = None) -> str | None:
    """Return who says what a sentence says; ``None`` if the text itself does."""
    for pattern in _ATTRIBUTIONS if _SAYING.search(sentence) else ():
        for found in pattern.finditer(sentence):
            who, aside = found.group("who").removeprefix("As ").rstrip(". "), found.groupdict().get("aside")
            if who and who.split()[0].casefold() not in _SELF:
                return f"{who}, {aside}" if aside and _NAMED.fullmatch(aside) else who
    return before if _PRONOUN.search(sentence) else None


_NOUNS = (
    r"country|nation|kingdom|republic|federation|state|emirates|sultanate|city state|superpower|"
    r"(?:\S+ )?(?:government|ministry|authorities)"
)
_LEAD = (
    r"(?:(?:in|by|since|at|for|on|during|as of|over|within|according to) (?:\S+ ){1,8}?, |(?:in |since "
    r")?@W\d+ (?:, )?|and |but |yet |so |still ,? ?|also ,? ?|now ,? ?|today ,? ?|then ,? ?|only |even )*"
)
# At the head of a sentence these can only mean what the sentence before is about.
_CERTAIN = re.compile(
    rf"^{_LEAD}(?:it|they|its|their|(?:the|this|that) (?:{_NOUNS})(?: 's)?|the former|the latter) "
    r"|^(?:that|this) (?:is|was|puts|places|makes|leaves) "
    r"|^(?:in|on|at|with|by) (?:(?!@C)\S+ ){1,8}it (?:is|was|has|had|came|comes|ranks?|ranked|stands|stood) "
)
_ANYWHERE = re.compile(
    rf"(?:^| )(?:it|its|itself|they|their|(?:the|this|that) (?:{_NOUNS})|the former|the latter|"
    r"there(?! (?:is|are|was|were|has|have|will|remain\S*|may|can)\b)|domestic|domestically) "
)
_FORMER, _LATTER = re.compile(r"(?:^| )the former "), re.compile(r"(?:^| )the latter ")
_WORLDWIDE = re.compile(
    r"(?:^| )(?:globally|worldwide|world-wide|in the world|(?:around|across) the (?:world|globe)|"
    r"the world 's|all over the world|internationally) "
)
# "The highest share in the world" is somebody's.
_FOREMOST = re.compile(r"(?:first|most|top|[a-z]{2,}est) (?:\S+ ){0,3}?(?:in|of) the world ")


def worldwide(stream: str) -> bool:
    """Return whether a sentence is about everybody."""
    return bool(_WORLDWIDE.search(_FOREMOST.sub(" ", stream)))


def pointer(stream: str) -> str:
    """Return how a sentence points back: "former", "latter", "certain", "loose", or "" for not at all."""
    if _FORMER.search(stream):
        return "former"
    if _LATTER.search(stream):
        return "latter"
    if _CERTAIN.search(stream):
        return "certain"
    return "loose" if _ANYWHERE.search(stream) else ""


@dataclass(frozen=True, slots=True)
class Before:
    """What the sentences before speak of."""

    subject: str | None = None  # Country, for "it" and "the country"
    index: str | None = None  # Index named last, for "the index"
    measure: str | None = None  # Indicator of the sentence before, for a rank without one
    bloc: str | None = None  # Bloc named last, for "the alliance"
    speaker: str | None = None  # Country of whoever says "we"
    spoken: bool = True  # Whether that is certain
    pair: tuple[str, str] | None = None  # Who trails whom, for "the gap"
    # Countries of the list that the sentence before names, for "the former" and "the latter"
    sides: tuple[str, ...] = ()
    sure: bool = True  # Whether the sentence before is about one country only
    # Index that the sentence before ranks by, with its edition and number of countries: a bare place after it
    # is one in it
    fresh: tuple[str, str | None, int | None] | None = None
    # Whether the sentence before does not name that index itself, or says more: a place after it contradicts
    # nothing
    stale: bool = False
    adrift: bool = False  # Whether the sentence before does not rank at all
    # Quantity that the sentence before tells, for "China's total was": what is counted and when
    counted: QuantityClaim | None = None
    device: str | None = None  # Accelerator named last, for "the chip"
    topic: str | None = None  # Country that the sentence before asked about in a word: "Russia?"
    # Country of the heading of a fact box, whose lines are about it: "Rank in the index: 3rd"
    heading: str | None = None
    day: dt.date | None = None  # The one day that the sentence before names, for "it came three weeks after"
    framed: bool = (
        False  # Whether the sentence before is a heading or a fragment that names a field: "Talent."
    )
    said: str | None = None  # Who was quoted last, for "he added"


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence in its text."""

    reading: Reading  # The sentence as typed tokens
    today: dt.date  # The text's own date
    earlier: Before  # What the sentences before speak of
    text: str  # The whole text
    about_ai: bool  # Whether the text so far, or the sentence, is about AI
    # The days that sentences of the text name, each with the stems of its sentence's telling words
    days: tuple[tuple[dt.date, frozenset[str]], ...] = ()

    @property
    def subject(self) -> str | None:
        """The country that the sentence points back to; none where it points to nothing, or to the world."""
        back = pointer(self.stream)
        if (we := WE.search(self.stream)) and (self.earlier.speaker or back != "certain"):
            # Whoever is quoted speaks for himself.
            quoted = re.search(r'(?:^| )["“] ', self.stream[: we.start() + 1]) and not self.earlier.spoken
            return self.earlier.topic or (None if quoted else self.earlier.speaker)
        if self.earlier.topic and not self._subjects():
            return self.earlier.topic
        if not back and self.earlier.heading and self._is_fact:
            return self.earlier.heading
        if not back or worldwide(self.stream):
            return None
        if back in ("former", "latter"):
            sides = self.earlier.sides
            return sides[0 if back == "former" else -1] if len(sides) == 2 else None
        named = self.reading.of_kind("C")
        if named and back == "loose":
            return None
        return self.earlier.subject

    def _subjects(self, until: int | None = None) -> list[str]:
        """Return the tokens of countries that may be the subject of the sentence, or of a part of it."""
        keys = [f"@{key}" for key, _ in self.reading.of_kind("C") if f"@{key} " in self.stream[:until]]
        return [key for key in keys if not OBLIQUE.search(self.stream[: self.stream.index(f"{key} ")])]

    @property
    def _is_fact(self) -> bool:
        """Whether the sentence is a line of a fact box or a list: a label and a value, no country."""
        line = " : " in self.stream or self.stream.startswith(("- ", "• ", "* "))
        return line and not self.reading.of_kind("C")

    @property
    def carried(self) -> bool:
        """Whether the country that the sentence points back to is certain."""
        if WE.search(self.stream) and (self.earlier.topic or self.earlier.speaker):
            return bool(self.earlier.topic) or self.earlier.spoken
        back = pointer(self.stream)
        if (self.earlier.topic and not self._subjects()) or (self.earlier.heading and self._is_fact):
            return True
        return back in ("former", "latter") or (bool(back) and self.earlier.sure)

    @property
    def stream(self) -> str:
        """The sentence as typed tokens."""
        return self.reading.stream

    def name(self, key: str | None) -> Name | None:
        """Return a name by its token, with or without the ``@``."""
        found = self.reading.mentions.get((key or "").removeprefix("@"))
        return found if isinstance(found, Name) else None

    def quantity(self, key: str) -> Quantity:
        """Return a number by its token."""
        found = self.reading.mentions[key.removeprefix("@")]
        if not isinstance(found, Quantity):
            raise TypeError(f"{key} is no number")
        return found

    def period(self, key: str) -> Period:
        """Return a date by its token."""
        found = self.reading.mentions[key.removeprefix("@")]
        if not isinstance(found, Period):
            raise TypeError(f"{key} is no date")
        return found

    def countries(self, key: str | None) -> tuple[str, ...]:
        """Return the countries of a token, ISO3."""
        found = self.name(key)
        if found is not None and found.kind == BLOC:
            return _members(found.value, self.today)
        if found is not None and found.kind == MODEL:
            return (developer_country(found.value),)
        return tuple(found.value.split("+")) if found else ()

    def before(self, position: int, kinds: str = "C") -> str | None:
        """Return the last token of some kinds before a place of the stream."""
        found = re.findall(rf"@[{kinds}]\d+", self.stream[:position])
        return found[-1] if found else None

    def after(self, position: int, kinds: str = "C") -> str | None:
        """Return the first token of some kinds from a place of the stream on."""
        found = re.search(rf"@[{kinds}]\d+", self.stream[position:])
        return found.group() if found else None

    def subject_of(self, position: int) -> tuple[str, ...]:
        """Return who a predicate is about: the nearest country before it, a firm's, or the text's."""
        clause = self.clause(position)
        here = self._nearest(position, clause)
        if here:
            return self.countries(here)
        if clause >= 0 and (again := self.again(clause)):
            return again
        if (
            (bloc := self.before(position, "B"))
            and self.stream.index(f"{bloc} ") > clause
            and _HEAD.search(self.stream[: self.stream.index(f"{bloc} ")])
        ):
            # "Europe is two years behind".
            return ()
        firm = self.before(position, "OL")
        if firm and self.stream.index(f"{firm} ") > clause:
            return self.countries(firm)
        if clause < 0 or self.subject:
            return (self.subject,) if self.subject else ()
        return self.countries(self.before(position))

    def again(self, clause: int) -> tuple[str, ...]:
        """Return the subject of the clause before, where a clause begins with "it": "...; it ranks"."""
        subjects = self._subjects(clause) if _AGAIN.match(self.stream, clause) else []
        return self.countries(subjects[0]) if subjects else ()

    def clause(self, position: int) -> int:
        """Return where the clause of a place begins; a label ("France: 24 systems") belongs to it."""
        marks = [self.stream.rfind(mark, 0, position) for mark in (" ; ", " : ", " . ")]
        if _LABEL.match(self.stream[: marks[1] + 1]):
            marks[1] = -1
        return max(marks)

    def _nearest(self, position: int, clause: int) -> str | None:
        """Return the nearest country of a clause before a place, a possible subject if there is one."""
        found = [match for match in re.finditer(r"@C\d+", self.stream[:position]) if match.start() > clause]
        subjects = [match for match in found if not OBLIQUE.search(self.stream[: match.start()])]
        nearest = (subjects or found)[-1:]
        return nearest[0].group() if nearest else None

    def common(self, start: int, end: int, when: Period | None = None) -> dict[str, Any]:
        """Return what every claim has, for a piece of the stream."""
        span = self.reading.span(start, end)
        when = when or self._past(start, end)
        as_of = min(when.end, self.today) if when is not None else self.today
        return {
            "span": span,
            "text": self.text[span[0] : span[1]],
            "as_of": as_of,
            "stated_date": when is not None,
            "attribution": attribution(self.reading.sentence.text, self.earlier.said),
            "negated": self.negated(start, end),
        }

    def _past(self, start: int, end: int) -> Period | None:
        """Return the date nearest to a piece of the stream that lies in the past and is no deadline."""
        found = []
        for match in re.finditer(r"(?:(\S+) )?@W(\d+) ", self.stream):
            period = self.period(f"W{match.group(2)}")
            # "Down from nine a year ago" dates the other number.
            if {"from", "than", "against"} & set(self.stream[: match.end()].split()[-4:-1]):
                continue
            if re.match(r"'s (?:\S+ ){0,2}@I", self.stream[match.end() :]):
                # "This year's AI Index" dates the report.
                continue
            if _EDITION.search(self.stream[: match.end()]) and not _LISTED.search(self.reading.sentence.text):
                continue
            if period.start <= self.today and match.group(1) not in (
                "by",
                "until",
                "since",
                "after",
                "before",
            ):
                distance = max(start - match.end(), match.start() - end, 0)
                found.append((distance, period))
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def negated(self, start: int, end: int) -> bool:
        """Return whether a negation stands in a piece of the stream or right before it."""
        lead = self.stream[:start].split()[-2:]
        # "Russia gets neither: both are banned there" denies what stands before the colon.
        inside = re.split(r" [:;] ", self.stream[start:end])[-1]
        piece = _NOT_ONLY.sub(" ", " ".join((*lead, inside)))
        if _NEVER.search(self.stream[:start]):
            return True
        piece = re.sub(r"\bno (?:\. )?(?=@Q)", " ", piece)
        # "Not by years but by months" says the latter.
        return bool(_NEGATION.search(_CONTRAST.sub(" ", piece)))

    def day_of(self, clause: str) -> dt.date | None:
        """Return the day of the sentence that shares most telling words with a clause, at least two."""
        words = stems(clause)
        best = max(self.days, key=lambda day: len(day[1] & words), default=None)
        return best[0] if best and len(best[1] & words) >= SHARED else None

    def future(self, start: int = 0, end: int | None = None) -> bool:
        """Return whether the sentence, or the clause around a piece of it, speaks of what may come."""
        if start:
            start = max(self.stream.rfind(mark, 0, start) for mark in (" , ", " ; ", " that ", " . ")) + 1
        return bool(_FUTURE.search(self.stream[start:end]))

    def has(self, *rules: str) -> bool:
        """Return whether any of some rules holds somewhere in the sentence."""
        return any(may_match(text, self.stream) and rule(text).search(self.stream) for text in rules)


@cache
def _members(bloc: str, on: dt.date) -> tuple[str, ...]:
    """Return the members of a bloc on a day; none for a bloc without a dated table."""
    try:
        return tuple(membership("EU" if bloc == "Europe" else bloc, on, ("member",))["iso3"].to_list())
    except ParityError:
        return ()


def widest(match: re.Match[str], context: Context, *keys: str | None) -> tuple[int, int]:
    """Return the piece of the stream from the first to the last of a match and some tokens."""
    places = [match.start(), match.end()]
    for key in keys:
        if key:
            at = context.stream.index(f"{key} ")
            places += [at, at + len(key) + 1]
    return min(places), max(places)
