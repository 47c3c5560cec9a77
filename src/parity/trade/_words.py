"""Answers in plain language, with what the data cannot show."""

from __future__ import annotations

from parity.trade._diversion_result import Diversion
from parity.trade._judged import Judged
from parity.trade.dependence import Dependence
from parity.trade.mirror import Mirror, Mirrored
from parity.trade.substitution import Substitution

CAVEATS = (
    "A declared destination is not an end use: figures show where goods were said to go, not who uses them.",
    "A rise may be a country's own demand, a new trade route or prices; it is a reason to look, not a proof.",
    "Goods sent through hubs (Hong Kong, Singapore, the Emirates) or sold on without a record do not show.",
    "Reporters correct, suppress and misdeclare; what is under-reported at both ends is invisible here.",
)
# Groups of origins that are put into words.
SPOKEN = 8
DOMESTIC = "Domestic supply is not trade and does not appear here."
ALL_GOODS = "These are all goods together, not chips."


def money(value: float) -> str:
    """Return an amount of US dollars in words, three figures."""
    for size, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name} USD"
    return f"{value:.3g} USD"


def verdict(answer: Dependence | Diversion | Mirror | Substitution) -> str:
    """Return the answer in plain language, with what the data cannot show."""
    if isinstance(answer, Dependence):
        return _dependence(answer)
    if isinstance(answer, Diversion):
        return _diversion(answer)
    return _mirror(answer) if isinstance(answer, Mirror) else _substitution(answer)


def _diversion(answer: Diversion) -> str:
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
    lines += [_before(one) for one in answer.partners if one.verdict != "none" and one.rose_before]
    quiet = answer.found("none")
    if quiet:
        lines.append(f"No rise beyond chance is seen for {', '.join(quiet)}.")
    lines += _by_month(answer)
    if answer.note:
        lines.append(f"Whole years are judged, not months; {answer.note}.")
    lines.append(
        f"Judged against {len(answer.donors)} other destinations; with so many the smallest possible p is "
        f"{answer.smallest_p:.3f}, and p is adjusted for {len(answer.partners)} questions ({spec.adjust})."
    )
    return _closed(lines, answer.codes.covers_all_goods)


def _before(one: Judged) -> str:
    """Return what false dates show of a country that was rising before."""
    rises = ", ".join(f"{rise:+.0f} % from {period}" for period, rise in one.false)
    return f"{one.iso3} was rising before: false dates give {rises}; part of its rise may be that trend."


def _by_month(answer: Diversion) -> list[str]:
    """Return since which month exports lay beyond the interval."""
    if not answer.monthly:
        return []
    known = [f"{one.iso3} since {one.since}" for one in answer.monthly if one.since]
    beyond = ", ".join(known) or "none"
    return [f"By month, beyond the interval for three months or more after the date: {beyond}."]


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


def _dependence(answer: Dependence) -> str:
    """Return where the supply comes from, and what that cannot mean."""
    supply, last = answer.supply, answer.years[-1]
    whose = "its own import reports" if supply.side == "import" else "its suppliers' export reports"
    largest = ", ".join(f"{origin} {100 * share:.0f} %" for origin, share in last.largest)
    lines = [f"{supply.country}, {answer.codes.name}, {last.year}: {money(last.total)}, from {whose}."]
    if supply.note:
        lines.append(f"Reports stop: {supply.note}.")
    if supply.partial:
        first = answer.years[0]
        lines.append(f"Shares are not known: {supply.partial}.")
        lines.append(f"What is covered went from {money(first.total)} ({first.year}) to {money(last.total)}.")
    else:
        low, high = 100 * (last.coalition.low or 0), 100 * (last.coalition.high or 0)
        lines.append(f"Largest origins: {largest}. Herfindahl index {last.herfindahl.text(2)}.")
        lines.append(
            f"The states that impose the controls supply {low:.0f} %, or up to {high:.0f} % if all that "
            "comes through hubs is theirs."
        )
    return _closed(lines, answer.codes.covers_all_goods)


def _substitution(answer: Substitution) -> str:
    """Return how the supply moved, and what that cannot mean."""
    lines = [
        f"{answer.supply.country}, {answer.codes.name}: mean of {answer.before[0]}-{answer.before[-1]} "
        f"against {answer.after[0]}-{answer.after[-1]}."
    ]
    for one in answer.moved[:SPOKEN]:
        shares = f", {100 * one.share_before:.0f} % to {100 * one.share_after:.0f} %"
        known = "" if answer.supply.partial else shares
        lines.append(f"{one.group}: {money(one.before)} to {money(one.after)} a year{known}.")
    if len(answer.moved) > SPOKEN:
        lines.append(f"{len(answer.moved) - SPOKEN} more are in the table.")
    if answer.supply.note:
        lines.append(f"Reports stop: {answer.supply.note}.")
    if answer.left_out:
        lines.append(f"Left out, as they do not report in all of these years: {', '.join(answer.left_out)}.")
    if answer.supply.partial:
        lines.append(f"Shares are not known: {answer.supply.partial}.")
    return _closed([*lines, DOMESTIC], answer.codes.covers_all_goods)


def _mirror(answer: Mirror) -> str:
    """Return in which years less or more arrived than usual, and what that cannot mean."""
    lines = [
        f"Usually {answer.importer} reports {answer.usual.text(2)} for 1 that is reported as sent to it."
    ]
    if answer.note:
        lines.append(f"Reports stop: {answer.note}.")
    said = len(lines)
    tested = [one for one in answer.years if one.p_adjusted is not None]
    lines += [_departure(one) for one in tested if answer.departs(one)]
    if not tested:
        lines.append(
            "Whether a year departs from that cannot be told: too few years before the date, or none after."
        )
        return _closed(lines, answer.codes.covers_all_goods)
    if len(lines) == said:
        lines.append(
            "In no year does less or more arrive than usual, beyond what the reports differ by anyway."
        )
    if len(tested) > 1:
        lines.append(
            f"p is adjusted for {len(tested)} years (Holm); each interval is for one year by itself."
        )
    return _closed(lines, answer.codes.covers_all_goods)


def _departure(one: Mirrored) -> str:
    value, low, high = one.gap.value or 0, one.gap.low or 0, one.gap.high or 0
    if value > 0:
        return (
            f"{one.year}: {money(value)} that were sent did not arrive as usual ({money(low)} to "
            f"{money(high)}, adjusted p {one.p_adjusted:.3f})."
        )
    return (
        f"{one.year}: {money(-value)} more arrived than usual for what was sent ({money(-high)} to "
        f"{money(-low)}, adjusted p {one.p_adjusted:.3f})."
    )


def _closed(lines: list[str], all_goods: bool) -> str:
    return "\n".join([*lines, *([ALL_GOODS] if all_goods else []), *CAVEATS])
