"""A text held against the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal

from parity.ask.cache import progress
from parity.catalogue import vintage
from parity.claims.asked import with_model
from parity.claims.correction import Changes, corrected
from parity.claims.dateline import TextDate, text_date
from parity.claims.extract import extract
from parity.claims.model import FAMILIES, AnyClaim, Uncheckable
from parity.claims.reading import foreign
from parity.claims.verdict import LATER, Judgement, Verdict, cannot
from parity.claims.verdicts.behaviour import judge_behaviour
from parity.claims.verdicts.controls import judge_controls
from parity.claims.verdicts.deadline import judge_chronology, judge_deadline
from parity.claims.verdicts.lag import judge_lag
from parity.claims.verdicts.membership import judge_membership
from parity.claims.verdicts.quantity import judge_quantity
from parity.claims.verdicts.rank import judge_rank
from parity.claims.verdicts.trade import judge_trade
from parity.errors import NoAnswerError, ParityError, one_of

_JUDGES: dict[str, Callable[[Any], Judgement]] = {
    "rank": judge_rank,
    "lag": judge_lag,
    "quantity": judge_quantity,
    "controls": judge_controls,
    "trade": judge_trade,
    "deadline": judge_deadline,
    "membership": judge_membership,
    "model behaviour": judge_behaviour,
    "chronology": judge_chronology,
}


Confidence = Literal["high", "medium", "low"]
# What a fact-checker looks at first: what is against a claim, then what is open.
_WORTH = (Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.DEPENDS, Verdict.CANNOT, Verdict.SUPPORTED)
MOST_CHARACTERS = 2_000_000
"""Characters of the longest text that is read at once: some three hundred thousand words."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict."""

    claim: AnyClaim
    judgement: Judgement

    @property
    def confidence(self) -> Confidence:
        """How sure the reading is: by what its sentence leaves open, and who read it.

        High: every word of the clause is read, rules and model agree, or a person set it. Low: subject,
        measure or scope is not certain, or a language model alone read it.
        """
        if self.claim.read_by in ("both", "person") or (
            self.claim.read_by == "rules" and not self.claim.open
        ):
            return "high"
        return "medium" if self.claim.read_by == "rules" and set(self.claim.open) <= set(LATER) else "low"


@dataclass(frozen=True, slots=True)
class Report:
    """A text's claims with their verdicts.

    Attributes
    ----------
    checked
        By their place in the text.
    uncheckable
        Sentences without a claim, each with the reason.
    date
        Date that the text was read as of.
    data
        Vintage of the data.
    assumed
        Whether the text does not tell its day closely: by it alone no claim is contradicted.
    notes
        What became of a language model's answer, where one was asked.
    dated
        Where the date comes from.
    """

    checked: tuple[Checked, ...]
    uncheckable: tuple[Uncheckable, ...]
    date: dt.date
    data: str
    assumed: bool = False
    notes: tuple[str, ...] = ()
    dated: str = ""

    def by_worth(self) -> tuple[Checked, ...]:
        """Return the claims in the order in which they are worth a check by a person.

        What is contradicted comes first, then what holds in part, depends, cannot be checked, is supported;
        among these, the surer reading, then what somebody is quoted with, then the place in the text.
        """
        sure = ("high", "medium", "low")
        return tuple(
            sorted(
                self.checked,
                key=lambda one: (
                    _WORTH.index(one.judgement.verdict),
                    sure.index(one.confidence),
                    one.claim.attribution is None,
                    one.claim.span,
                ),
            )
        )


def check(
    text: str,
    date: dt.date | None = None,
    *,
    families: Collection[str] = (),
    complete: Callable[[str], str] | None = None,
    dated: str = "as given",
    readings: Changes | None = None,
) -> Report:
    """Hold a text against the evidence: what the command line, the brief and the web application call.

    Parameters
    ----------
    text
        The text, at most ``MOST_CHARACTERS`` long.
    date
        Its own date: claims are judged as of it unless they name another. By default the one at its head,
        else the day of the data.
    families
        Families to keep; all without any.
    complete
        Sends a prompt to a language model and returns its answer, where a model is to read the text, too: it
        may find further claims, and confirm or reject what the rules found.
    dated
        Where the date comes from, in words, where it is given.
    readings
        Corrections of a person: number of a claim among those kept, field, value.

    Returns
    -------
    Report
        Claims with their places in the text, verdicts and evidence; sentences without a claim, with the
        reason.

    Raises
    ------
    ParityError
        If the text is empty or too long, a family is unknown, or a correction does not fit its claim.
    """
    _check_input(text, families)
    day, assumed, how = TextDate(date, False, dated) if date else text_date(text)
    found = extract(text, day, sure=not assumed)
    notes: tuple[str, ...] = ()
    if language := foreign(text):
        notes = (
            f"the text is in {language}, and the rules read English alone{_BY_MODEL[complete is not None]}",
        )
    if complete is not None:
        found, told = with_model(found, text, complete)
        notes += told
    kept = [claim for claim in found.claims if not families or claim.family in families]
    kept = corrected(kept, readings or {})
    checked = []
    with progress(len(kept), "claims") as advance:
        for claim in kept:
            checked.append(Checked(claim, judge(claim)))
            advance(1)
    return Report(tuple(checked), found.uncheckable, day, vintage(), assumed, notes, how)


# After "the rules read English alone".
_BY_MODEL = {
    True: ": what is found below is the language model's",
    False: "; a language model may read it (--model)",
}


def _check_input(text: str, families: Collection[str]) -> None:
    if not text.strip():
        raise ParityError("the text holds nothing to read")
    if len(text) > MOST_CHARACTERS:
        raise ParityError(
            f"the text has {len(text):,} characters, at most {MOST_CHARACTERS:,} are read at once; "
            "check it in parts"
        )
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise ParityError(f"no family '{unknown[0]}'; allowed are {one_of(FAMILIES)}")


def judge(claim: AnyClaim) -> Judgement:
    """Return the verdict on one claim.

    Only where a measure says that its data hold no answer does the claim become one that cannot be checked: a
    failure of the machine is no verdict, and passes through.
    """
    try:
        return _JUDGES[claim.family](claim)
    except NoAnswerError as problem:
        return cannot(str(problem), "parity data list", "data on it")
