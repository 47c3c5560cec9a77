"""Which accelerators a country can have on a day, and on what terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.chips._devices import Devices
from parity.chips._judge import classify
from parity.chips._logic import FALSE
from parity.chips._outcome import Outcome, decide
from parity.chips._rulebook import InForce, RuleBook

# Terms, the easiest first. ``open`` is not decided by what is known; ``domestic`` is made at home.
FREE, EXCEPTION, APPROVAL, CASE_BY_CASE, DENIED = "free", "exception", "approval", "case_by_case", "denied"
DOMESTIC, OPEN, NOT_SOLD, NOT_OUT = "domestic", "open", "not_sold", "not_released"
EASE = (FREE, EXCEPTION, APPROVAL, CASE_BY_CASE, DENIED)
# What a country can have without anyone deciding on an application.
WITHOUT_DECISION = (FREE, EXCEPTION, DOMESTIC)


@dataclass(frozen=True, slots=True)
class Access:
    """Terms on which a country can have each accelerator.

    Attributes
    ----------
    days
        Days; length d.
    names
        Accelerators; length n.
    terms
        Terms, ``open`` where what is known does not decide; shape (d, n). On a day on which a release is
        possible but not certain, the terms hold if it is out.
    eased
        Terms if all that is open falls the country's way; shape (d, n).
    out
        Whether the accelerator is certainly out and sold; shape (d, n).
    """

    days: tuple[date, ...]
    names: tuple[str, ...]
    terms: NDArray[np.str_]
    eased: NDArray[np.str_]
    out: NDArray[np.bool_]

    def among(self, *terms: str) -> NDArray[np.bool_]:
        """Return where the terms are certain and among those given; shape (d, n)."""
        return np.isin(self.terms, terms) & self.out

    def perhaps(self, *terms: str) -> NDArray[np.bool_]:
        """Return where the terms are, or may be, among those given; shape (d, n)."""
        return np.isin(self.eased, terms)


def access(
    book: RuleBook,
    accelerators: pl.DataFrame,
    country: str,
    days: Sequence[date],
    codified: bool = False,
) -> Access:
    """Return the terms on which a country can have each accelerator, day by day.

    Parameters
    ----------
    book
        The rules.
    accelerators
        The table ``accelerators``.
    country
        ISO3; the parties have their headquarters there.
    days
        Days, in any order.
    codified
        Whether requirements that are codified and not enforced count.

    Returns
    -------
    Access
        Terms by day and accelerator.
    """
    devices = Devices.of(accelerators)
    known: dict[date, NDArray[np.str_]] = {}
    makers = accelerators["maker_country"].to_list()
    rows = []
    for day in days:
        force = book.on(day)
        if force.day not in known:
            known[force.day] = _ruled_terms(force, devices, country, makers, codified)
        rows.append(known[force.day])
    ruled = np.array(rows, dtype="U16").reshape(len(days), 2, devices.size)
    return _with_market(ruled, accelerators, country, days)


def _ruled_terms(
    force: InForce, devices: Devices, country: str, makers: list[str], codified: bool
) -> NDArray[np.str_]:
    """Return the terms that the rules of a period set, and the easiest possible ones; shape (2, n)."""
    covered = np.array(force.covered(country, country), dtype=bool)[:, None]
    items = np.stack(
        [np.where(covered, classify(case, force).items, FALSE) for case in devices.cases(force.cuts())]
    )
    memo: dict[tuple[bytes, bool], tuple[str, str]] = {}
    terms = []
    for device in range(devices.size):
        pattern = items[:, :, device]
        key = (pattern.tobytes(), makers[device] == "USA")
        if key not in memo:
            outcomes = [decide(force, case) for case in np.unique(pattern, axis=0).tolist()]
            memo[key] = _terms(force, outcomes, american=key[1], codified=codified)
        terms.append(memo[key])
    return np.array(terms, dtype="U16").T


def _terms(force: InForce, outcomes: list[Outcome], *, american: bool, codified: bool) -> tuple[str, str]:
    """Return the terms and the easiest possible ones, from the outcome of each possible case."""
    possible = {terms for outcome in outcomes for terms in _settled(force, outcome, codified)}
    if not american and (possible != {FREE} or any(outcome.guidance for outcome in outcomes)):
        # Whether a part designed elsewhere is subject to the US rules is not in the data.
        return OPEN, FREE
    easiest = min(possible, key=EASE.index)
    return (easiest if len(possible) == 1 else OPEN), easiest


def _settled(force: InForce, outcome: Outcome, codified: bool) -> tuple[str, ...]:
    """Return the terms that an outcome allows: one, or those between which it is open."""
    enforcement = {row.position: row.enforced for row in force.provisions}
    letters = [enforcement[position] for position in outcome.letters]
    if any(codified or enforcement[position] == "yes" for position in outcome.decisive):
        licensed = _licensed(outcome)
        if "yes" in letters and licensed in (EXCEPTION, APPROVAL):
            return (CASE_BY_CASE,)
        # A letter that is known from reports alone may ask for more than the rule text does.
        doubt = letters and licensed in (EXCEPTION, APPROVAL)
        return (licensed, CASE_BY_CASE) if doubt else (licensed,)
    if "yes" in letters:
        return (CASE_BY_CASE,)
    undecided = [row for row in force.provisions if row.position in outcome.undecided]
    if any(row.enforced == "yes" and row.layer in ("rule", "letter") for row in undecided):
        return (FREE, DENIED)
    return (FREE, CASE_BY_CASE) if letters else (FREE,)


def _licensed(outcome: Outcome) -> str:
    if outcome.exception:
        return EXCEPTION
    if outcome.review_policy and "denial" in outcome.review_policy:
        return DENIED
    return APPROVAL if outcome.review_policy and "approval" in outcome.review_policy else CASE_BY_CASE


def _with_market(
    ruled: NDArray[np.str_], accelerators: pl.DataFrame, country: str, days: Sequence[date]
) -> Access:
    """Return the terms with what the rules do not know: deliveries, own makers, parts that are not sold.

    A part can be had from the day of first volume on, or of launch where no day of volume is known; whether
    one of the country's own whose production has ended can still be had is open.
    """
    never = date.max
    first = accelerators.select(pl.coalesce("available_from", "available_by").fill_null(never)).to_series()
    by = accelerators["available_by"].fill_null(never)
    home = (accelerators["maker_country"] == country).to_numpy()
    stopped = accelerators["production_stopped"].fill_null(never)
    sold = (accelerators["sale"] == "merchant").to_numpy()
    days_by = np.array(days, dtype="datetime64[D]")[:, None]
    may = first.to_numpy()[None, :] <= days_by
    terms, eased = (
        np.where(may, np.where(sold, np.where(home, DOMESTIC, ruled[:, side]), NOT_SOLD), NOT_OUT)
        for side in (0, 1)
    )
    ended = (stopped.to_numpy()[None, :] <= days_by) & (terms == DOMESTIC)
    return Access(
        days=tuple(days),
        names=tuple(accelerators["name"].to_list()),
        terms=np.where(ended, OPEN, terms),
        eased=eased,
        out=(by.to_numpy()[None, :] <= days_by) & sold,
    )
