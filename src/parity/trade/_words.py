"""Answers in plain language, with what the data cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.trade._diversion_result import Diversion, Judged

CAVEATS = (
    "A declared destination is not an end use: figures show where goods were said to go, not who uses them.",
    "A rise may be a country's own demand, a new trade route or prices; it is a reason to look, not a proof.",
    "Goods sent through hubs (Hong Kong, Singapore, the Emirates) or sold on without a record do not show.",
    "Reporters correct, suppress and misdeclare; what is under-reported at both ends is invisible here.",
)
ALL_GOODS = "These are all goods together, not chips."


def money(value: float) -> str:
    """Return an amount of US dollars in words, three figures."""
    for size, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name} USD"
    return f"{value:.3g} USD"


def diversion_in_words(answer: Diversion) -> str:
    """Return what was found, how sure it is, and what it cannot mean."""
    spec = answer.spec
    lines = []
    if answer.direct is not None:
        lines.append(_direct(answer.direct, answer))
    for verdict, surely in (("clear", "clearly"), ("likely", "probably")):
        for one in answer.partners:
            if one.verdict == verdict:
                lines.append(
                    f"Exports of {spec.reporter} to {one.iso3} {surely} rose beyond what was to be "
                    f"expected: {_of(one)}."
                )
    quiet = answer.found("none")
    if quiet:
        lines.append(f"No rise beyond chance is seen for {', '.join(quiet)}.")
    lines.append(
        f"Judged against {len(answer.donors)} other destinations; with so many the smallest possible p is "
        f"{answer.smallest_p:.3f}, and p is adjusted for {len(answer.partners)} questions ({spec.adjust})."
    )
    return "\n".join([*lines, *([ALL_GOODS] if answer.codes.covers_all_goods else []), *CAVEATS])


def _direct(one: Judged, answer: Diversion) -> str:
    fell = one.p_placebo < 0.05
    return (
        f"Direct exports to {one.iso3} {'fell' if fell else 'did not fall beyond chance'}: "
        f"{one.rise.text(0)} % against the counterfactual (p {one.p_placebo:.3f})."
    )


def _of(one: Judged) -> str:
    low, value, high = (money(end or 0) for end in (one.excess.low, one.excess.value, one.excess.high))
    level = 100 * (one.excess.level or 0)
    return (
        f"{value} a month ({low} to {high}, {level:.0f} % interval), {one.rise.value:+.0f} %, "
        f"adjusted p {one.p_adjusted:.3f}"
    )
