"""The answer to a question about diversion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from parity.estimate import Estimate
from parity.trade._judged import Judged
from parity.trade._months import Monthly
from parity.trade._words import closed, money
from parity.trade.codes import CodeList
from parity.trade.spec import DiversionSpec

# p below which direct exports are said to have fallen.
DIRECT = 0.05


@dataclass(frozen=True, slots=True)
class Placebo:
    """A donor, judged by the others.

    Attributes
    ----------
    iso3
        Donor.
    excess
        Exports beyond its counterfactual, per month.
    rise
        The same in per cent of the counterfactual.
    rank
        Place among the donors by the statistic, 1 for the largest rise.
    """

    iso3: str
    excess: Estimate
    rise: Estimate
    rank: int


@dataclass(frozen=True, slots=True)
class Diversion:
    """Which third countries exports rose to, beyond what was to be expected.

    Attributes
    ----------
    spec, codes
        The question and its goods.
    sources
        Where the flows come from.
    frequency
        ``month`` or ``year``.
    before, after
        Periods before and after the date; the period of the change is in neither.
    months
        Months after the date.
    donors
        Countries that stand for what would have been.
    dropped
        Country -> why it is neither judged nor a donor.
    partners
        Candidates, largest excess first.
    direct
        The sanctioned country itself, tested for a fall; ``None`` where it cannot be.
    placebos
        The donors, each judged by the others: what "nothing happened" looks like. Their p-values are
        evenly spread by construction, and no verdict follows from one.
    monthly
        Those that are judged, by month, where years are judged and months are known: the sanctioned
        country first.
    note
        Why years are judged though months are at hand; empty where that needs no saying.
    skipped
        Choice of `parity.trade.check` -> why it has no answer.
    """

    spec: DiversionSpec
    codes: CodeList
    sources: tuple[str, ...]
    frequency: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    months: float
    donors: tuple[str, ...]
    dropped: dict[str, str]
    partners: tuple[Judged, ...]
    direct: Judged | None
    placebos: tuple[Judged, ...]
    monthly: tuple[Monthly, ...]
    note: str = ""
    skipped: Mapping[str, str] = field(default_factory=dict)

    json_keys: ClassVar[dict[str, str | None]] = {
        "spec": "",
        "codes": "",
        "sources": None,
        "before": None,
        "first_and_last_before": "before",
        "after": None,
        "first_and_last_after": "after",
        "months": None,
        "donors": None,
        "count_of_donors": "donors",
        "dropped": None,
        "not_judged": "dropped",
        "placebos": None,
        "ranked": "placebos",
        "smallest_p": "smallest_p",
        "verdict": "verdict",
    }

    @property
    def first_and_last_before(self) -> tuple[str, str]:
        """First and last period before."""
        return self.before[0], self.before[-1]

    @property
    def first_and_last_after(self) -> tuple[str, str]:
        """First and last period after."""
        return self.after[0], self.after[-1]

    @property
    def count_of_donors(self) -> int:
        """Countries that stand for what would have been."""
        return len(self.donors)

    @property
    def not_judged(self) -> dict[str, str]:
        """Candidates that could not be judged, with the reason."""
        return {iso3: why for iso3, why in self.dropped.items() if iso3 in self.spec.candidates}

    @property
    def ranked(self) -> tuple[Placebo, ...]:
        """The donors, the largest rise first: what chance looks like; nothing is found by these."""
        ordered = sorted(self.placebos, key=lambda one: -one.statistic)
        return tuple(Placebo(one.iso3, one.excess, one.rise, n) for n, one in enumerate(ordered, start=1))

    @property
    def smallest_p(self) -> float:
        """Smallest p-value that this many donors can give."""
        return 1 / (len(self.donors) + 1)

    def why_not(self, iso3: str) -> str:
        """Return why a country is neither judged nor a donor."""
        if iso3 in self.dropped:
            return self.dropped[iso3]
        if iso3 in self.spec.exclude:
            return "kept out of the comparison: under one roof with the sanctioned country, or at war"
        return "too little is traded with it, or nothing is reported"

    def found(self, verdict: str = "clear") -> tuple[str, ...]:
        """Return the countries with a verdict."""
        return tuple(one.iso3 for one in self.partners if one.verdict == verdict)

    @property
    def verdict(self) -> str:
        """What was found in plain language, how sure it is, and what it cannot mean."""
        spec = self.spec
        lines = [] if self.direct is None else [_direct(self.direct)]
        for verdict, surely in (("clear", "clearly"), ("likely", "probably")):
            lines += [
                f"Exports of {spec.reporter} to {one.iso3} {surely} rose beyond what was to be "
                f"expected: {_of(one)}."
                for one in self.partners
                if one.verdict == verdict
            ]
        lines += [_before(one) for one in self.partners if one.verdict != "none" and one.rose_before]
        if quiet := self.found("none"):
            lines.append(f"No rise beyond chance is seen for {', '.join(quiet)}.")
        if self.monthly:
            known = ", ".join(f"{one.iso3} since {one.since}" for one in self.monthly if one.since) or "none"
            lines.append(f"By month, beyond the interval for three months or more after the date: {known}.")
        if self.note:
            lines.append(f"Whole years are judged, not months; {self.note}.")
        lines.append(
            f"Judged against {len(self.donors)} other destinations; with so many the smallest possible p is "
            f"{self.smallest_p:.3f}, and p is adjusted for {len(self.partners)} questions ({spec.adjust})."
        )
        return closed(lines, self.codes)


def _direct(one: Judged) -> str:
    fell = one.p_placebo < DIRECT
    return (
        f"Direct exports to {one.iso3} {'fell' if fell else 'did not fall beyond chance'}: "
        f"{one.rise.text(0)} % against the counterfactual (p {one.p_placebo:.3f})."
    )


def _before(one: Judged) -> str:
    """Return what false dates show of a country that was rising before."""
    rises = ", ".join(f"{rise:+.0f} % from {period}" for period, rise in one.false)
    return f"{one.iso3} was rising before: false dates give {rises}; part of its rise may be that trend."


def _of(one: Judged) -> str:
    low, value, high = (money(end or 0) for end in (one.excess.low, one.excess.value, one.excess.high))
    level = 100 * (one.excess.level or 0)
    return (
        f"{value} a month ({low} to {high}, {level:.0f} % interval), {one.rise.value:+.0f} %, "
        f"adjusted p {one.p_adjusted:.3f}"
    )
