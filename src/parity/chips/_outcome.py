"""From what each provision says to what is required: one outcome per pattern of truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parity.chips._logic import FALSE, TRUE, UNKNOWN
from parity.chips._rulebook import InForce, Provision

# Review policies, the strictest first.
STRICTNESS = (
    "policy_of_denial",
    "presumption_of_denial",
    "not_stated",
    "case_by_case",
    "presumption_of_approval_up_to_cap",
    "presumption_of_approval",
)
CONTROLLED, NOT_CONTROLLED, UNDETERMINED = "controlled", "not_controlled", "undetermined"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provisions in force require of a device, a destination and a headquarters.

    Attributes
    ----------
    status
        ``controlled``, ``not_controlled`` or ``undetermined``, by rule text.
    enforced
        Whether a requirement, by rule text or letter, is enforced; false: codified only; ``None``: none, or
        open.
    review_policy
        How an application is looked at; ``None`` where none is required or none is known.
    review_verified
        Whether the wording of that policy was read.
    exception, exception_terms
        Licence exceptions that may apply under every regime that requires a licence, and their terms.
    decisive
        Positions of the provisions of the rule text that require a licence.
    undecided
        Positions of provisions that cannot be decided.
    letters, guidance, elsewhere
        Positions of letters, guidance and rules of other jurisdictions that apply.
    letter_open
        Whether a letter may apply, which what is known does not decide.
    reviewed_by
        Position of the provision that the review policy is taken from.
    binding_letter
        Whether one of the letters is known by more than reports.
    """

    status: str
    enforced: bool | None
    review_policy: str | None
    review_verified: bool
    exception: str | None
    exception_terms: str | None
    decisive: tuple[int, ...]
    undecided: tuple[int, ...]
    letters: tuple[int, ...]
    guidance: tuple[int, ...]
    elsewhere: tuple[int, ...]
    letter_open: bool
    reviewed_by: int | None
    binding_letter: bool = False

    @property
    def usable_exception(self) -> str | None:
        """The exceptions, where no letter asks for a licence that they do not lift."""
        return None if self.binding_letter else self.exception

    @property
    def license_required(self) -> bool | None:
        """Whether a licence is required, by rule text or by letter; ``None`` where that is open."""
        if self.status == CONTROLLED or self.letters:
            return True
        return None if self.status == UNDETERMINED or self.letter_open else False


def decide(force: InForce, truths: Sequence[int]) -> Outcome:
    """Return the outcome of a pattern of truth.

    Parameters
    ----------
    force
        What is in force.
    truths
        For each of ``force.provisions``: whether it covers the parties and the device.
    """
    held = list(zip(force.provisions, truths, strict=True))
    text = [row for row, truth in held if row.layer == "rule" and truth == TRUE]
    open_text = [row for row, truth in held if row.layer == "rule" and truth == UNKNOWN]
    letters = [row for row, truth in held if row.layer == "letter" and truth == TRUE]
    enforced = [row for row in text if row.enforced == "yes"]
    waiting = [row for row in open_text if row.enforced == "yes"]
    letter_open = any(
        row.layer == "letter" and row.enforced == "yes" and truth == UNKNOWN for row, truth in held
    )
    # Text that is codified and not enforced settles nothing while text that is enforced is open.
    status = (
        CONTROLLED if enforced or (text and not waiting) else UNDETERMINED if open_text else NOT_CONTROLLED
    )
    if letter_open and not enforced:
        status = UNDETERMINED
    binding = any(row.enforced == "yes" for row in letters)
    regimes = _by_regime(force, enforced or text)
    review = _settled_review(force, regimes, waiting)
    exception, terms = _exception(regimes)
    return Outcome(
        status=status,
        enforced=_enforced(text, enforced, open_text, letters),
        review_policy=review.review_policy if review else None,
        review_verified=review.review_verified if review else True,
        exception=exception,
        exception_terms=terms,
        binding_letter=binding,
        decisive=tuple(row.position for row in text),
        undecided=tuple(row.position for row, truth in held if truth == UNKNOWN),
        letters=tuple(row.position for row in letters),
        guidance=tuple(row.position for row, truth in held if row.layer == "guidance" and truth == TRUE),
        elsewhere=tuple(row.position for row, truth in held if row.layer == "elsewhere" and truth != FALSE),
        letter_open=letter_open,
        reviewed_by=review.position if review else None,
    )


def foreign(outcome: Outcome) -> Outcome:
    """Return what is known of a part that is designed outside the USA: whether the rules reach it is open."""
    if outcome.status == NOT_CONTROLLED and not outcome.letters and not outcome.guidance:
        return outcome
    return replace(
        outcome,
        status=UNDETERMINED,
        enforced=None,
        review_policy=None,
        exception=None,
        exception_terms=None,
        decisive=(),
        undecided=tuple(sorted({*outcome.undecided, *outcome.decisive, *outcome.letters})),
        letters=(),
        reviewed_by=None,
        binding_letter=False,
    )


def _by_regime(force: InForce, rows: Iterable[Provision]) -> list[list[Provision]]:
    regimes: dict[str, list[Provision]] = {}
    for row in rows:
        regimes.setdefault(force.book.rules[row.rule_id]["regime"], []).append(row)
    return list(regimes.values())


def _enforced(
    text: list[Provision], enforced: list[Provision], open_text: list[Provision], letters: list[Provision]
) -> bool | None:
    if enforced or any(row.enforced == "yes" for row in letters):
        return True
    if not text or any(row.enforced == "yes" for row in open_text):
        return None
    return False


def _settled_review(
    force: InForce, regimes: list[list[Provision]], waiting: list[Provision]
) -> Provision | None:
    """Return the provision whose policy governs, unless one that cannot be decided would change it."""
    found = _review(regimes)
    for row in waiting:
        regime = force.book.rules[row.rule_id]["regime"]
        added = [
            [*rows, row] if force.book.rules[rows[0].rule_id]["regime"] == regime else rows
            for rows in regimes
        ]
        other = _review(added)
        if found and other and other.review_policy != found.review_policy:
            return None
    return found


def _review(regimes: list[list[Provision]]) -> Provision | None:
    """Return the provision whose policy governs: the latest of each regime, the strictest of all."""
    latest = [
        max(stated, key=_order) for rows in regimes if (stated := [row for row in rows if row.review_policy])
    ]
    return min(latest, key=lambda row: STRICTNESS.index(row.review_policy or ""), default=None)


def _order(row: Provision) -> tuple[str, int]:
    return (row.date_from.isoformat() if row.date_from else "", row.position)


def _exception(regimes: list[list[Provision]]) -> tuple[str | None, str | None]:
    """Return the exceptions that may apply: each regime must have one, for each requires a licence."""
    offered = [[row for row in rows if row.exception] for rows in regimes]
    if not offered or not all(offered):
        return None, None
    rows = [row for regime in offered for row in regime]
    codes = dict.fromkeys(code for row in rows for code in (row.exception or "").split(";"))
    terms = dict.fromkeys(row.exception_terms for row in rows if row.exception_terms)
    return ";".join(codes), "; ".join(terms) or None


def agree(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what outcomes share: what differs between the possible cases is left open.

    Parameters
    ----------
    outcomes
        One per possible case, for example for data centres and not.
    """
    first, *rest = outcomes
    if all(outcome == first for outcome in rest):
        return first

    def same(name: str) -> Any:
        values = {getattr(outcome, name) for outcome in outcomes}
        return values.pop() if len(values) == 1 else None

    def in_all(name: str) -> tuple[int, ...]:
        return tuple(sorted(set.intersection(*(set(getattr(outcome, name)) for outcome in outcomes))))

    decisive, letters = in_all("decisive"), in_all("letters")
    named = (position for one in outcomes for position in (*one.undecided, *one.decisive, *one.letters))
    return Outcome(
        status=same("status") or UNDETERMINED,
        enforced=same("enforced"),
        review_policy=same("review_policy"),
        review_verified=bool(same("review_verified")),
        exception=same("exception"),
        exception_terms=same("exception_terms"),
        decisive=decisive,
        undecided=tuple(sorted(set(named) - {*decisive, *letters})),
        letters=letters,
        guidance=in_all("guidance"),
        elsewhere=in_all("elsewhere"),
        letter_open=any(outcome.letter_open for outcome in outcomes),
        reviewed_by=same("reviewed_by"),
        binding_letter=bool(same("binding_letter")),
    )
