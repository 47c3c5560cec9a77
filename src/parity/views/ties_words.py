"""What changed between two countries, in sentences."""

from __future__ import annotations

from parity.blocs import Break, PairReport
from parity.estimate import Estimate, rounded
from parity.views.names import upper_first


def told_break(found: PairReport) -> str:
    """Return the likeliest change of a pair in one sentence, and whether a test finds it."""
    one = found.likeliest
    if one is None:
        return f"No break is looked for: {found.reason}."
    shape, tested = _shape(one), f"p = {rounded(one.p, 2)}; of a step {rounded(one.p_step, 2)}"
    if not found.breaks:
        return (
            f"No break is found: the likeliest change, a {shape}, is no clearer than chance makes it in a "
            f"straight line with this pair's autocorrelation ({tested})."
        )
    return (
        f"{upper_first(shape)}: affinity {one.change.text(0)} %, collaboration {one.raw_change.text(0)} %, "
        f"year before to year after ({tested})."
    )


def _shape(one: Break) -> str:
    if one.kind == "slope":
        return (
            f"slope from {one.period} ({one.earliest} to {one.latest}) to {one.until} ({one.until_earliest} "
            f"to {one.until_latest})"
        )
    if one.kind == "step":
        return f"step in {one.period} ({one.earliest} to {one.latest})"
    return f"step or slope, {one.period} to {one.until} ({one.earliest} to {one.until_latest})"


def told_change(found: PairReport) -> str:
    """Return the change between the two spans in one sentence, with what disturbs it; nothing if unknown."""
    if found.change.value is None:
        return ""

    def text(change: Estimate | None) -> str:
        return change.text(0) if change else ""

    line = (
        f"{found.span[0]} to {found.span[1]}: collaboration {text(found.raw_change)} %, affinity "
        f"{text(found.change)} %"
    )
    for each in found.artefacts:
        one = each.artefact
        if each.change is None:
            line += f"; {one.iso3} holds accounts of people who left {one.of} in {one.since}"
        else:
            line += (
                f"; {one.iso3} holds accounts of {one.of} since about {one.since}: both as one (--merge "
                f"{one.of}+{one.iso3}), collaboration {text(each.raw_change)} %, affinity "
                f"{text(each.change)} %"
            )
    return f"{line}."
