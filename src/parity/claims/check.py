"""A text held against the evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parity.catalogue import vintage
from parity.claims.extract import Extraction, extract
from parity.claims.model import AnyClaim, Uncheckable
from parity.claims.verdict import Judgement, cannot, turned
from parity.claims.verdicts.behaviour import judge_behaviour
from parity.claims.verdicts.chronology import judge_chronology
from parity.claims.verdicts.controls import judge_controls
from parity.claims.verdicts.deadline import judge_deadline
from parity.claims.verdicts.lag import judge_lag
from parity.claims.verdicts.membership import judge_membership
from parity.claims.verdicts.quantity import judge_quantity
from parity.claims.verdicts.rank import judge_rank
from parity.claims.verdicts.trade import judge_trade
from parity.errors import ParityError

if TYPE_CHECKING:
    import polars as pl

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


@dataclass(frozen=True, slots=True)
class Checked:
    """A claim with its verdict."""

    claim: AnyClaim
    judgement: Judgement


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
    """

    checked: tuple[Checked, ...]
    uncheckable: tuple[Uncheckable, ...]
    date: dt.date
    data: str

    def table(self) -> pl.DataFrame:
        """Return one row per claim: family, text, verdict, why, reproduce."""
        import polars as pl

        rows = [
            (c.claim.family, c.claim.text, c.judgement.verdict.value, c.judgement.why, c.judgement.reproduce)
            for c in self.checked
        ]
        return pl.DataFrame(rows, schema=["family", "text", "verdict", "why", "reproduce"], orient="row")


def check(text: str, date: dt.date) -> Report:
    """Hold a text against the evidence.

    Parameters
    ----------
    text
        The text.
    date
        Its own date: claims are judged as of it unless they name another.

    Returns
    -------
    Report
        Verdicts with evidence.
    """
    return judge_all(extract(text, date))


def judge_all(found: Extraction, families: Collection[str] = ()) -> Report:
    """Return the verdicts on claims that were found already.

    Parameters
    ----------
    found
        Claims of a text.
    families
        Families to keep; all without any.
    """
    kept = [claim for claim in found.claims if not families or claim.family in families]
    checked = tuple(Checked(claim, judge(claim)) for claim in kept)
    return Report(checked, found.uncheckable, found.date, vintage())


def judge(claim: AnyClaim) -> Judgement:
    """Return the verdict on one claim; a denied claim gets the opposite of the statement's."""
    try:
        judgement = _JUDGES[claim.family](claim)
    except ParityError as problem:
        judgement = cannot(str(problem), "parity data", "data on it")
    return turned(judgement) if claim.negated else judgement
