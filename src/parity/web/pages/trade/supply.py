"""Parts on a country's supply: dependence, substitution, and what was sent and never arrived."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from parity.answers.trade import more
from parity.web.pages.trade import model
from parity.web.pages.trade.change import decomposition_figure, shares_figure
from parity.web.pages.trade.diversion import GOODS
from parity.web.pages.trade.gaps import mirror_figure
from parity.web.pages.trade.origins import concentration_figure, origins_figure
from parity.web.pages.trade.words import called, in_names, spelt_out, verdict

if TYPE_CHECKING:
    from parity.trade import Dependence, Mirror, Substitution
    from parity.web.pages.trade.state import TradeState


def dependence_part(state: TradeState) -> Mapping[str, Any]:
    """Return where a country's supply comes from."""
    with in_names():
        answer = model.dependence_of(state.country, state.goods)
    command = _command(state, "depend")
    partial = answer.supply.partial
    known, *advice = more(model.asked(state.goods), state.country, None, partial) or ("",)
    return {
        "finding": _dependence(answer, state.goods),
        "answer": answer,
        "origins": origins_figure(answer, command),
        "concentration": None if partial else concentration_figure(answer, command),
        "verdict": verdict(answer),
        # The advice holds commands, whose codes have to stay.
        "lacking": [line for line in (spelt_out(known), *advice) if line],
    }


def substitution_part(state: TradeState) -> Mapping[str, Any]:
    """Return how a country's supply moved between origins since the date."""
    with in_names():
        answer = model.substitution_of(state.country, state.goods, state.start, state.split)
    by = () if state.split == "group" else ("--by", "origin")
    command = _command(state, "substitute", "--date", str(state.start), *by)
    return {
        "finding": _substitution(answer, state.goods),
        "shares": None if answer.supply.partial else shares_figure(answer, command),
        "decomposition": decomposition_figure(answer, command),
        "verdict": verdict(answer),
        "groups": _groups(state) if state.split == "group" else {},
    }


def mirror_part(state: TradeState) -> Mapping[str, Any]:
    """Return what the Union says it sent against what the country says arrived."""
    with in_names():
        answer = model.mirror_of(state.country, state.goods, state.start)
    command = _command(state, "mirror", "--reporter", model.UNION, "--date", str(state.start))
    return {
        "finding": _mirror(answer),
        "figure": mirror_figure(answer, command),
        "verdict": verdict(answer),
        "answer": answer,
    }


def _command(state: TradeState, verb: str, *words: str) -> str:
    goods = ["--codes", state.goods] if state.goods != "total" else []
    return shlex.join(["parity", "trade", verb, state.country, *words, *goods])


def _dependence(answer: Dependence, goods: str) -> str:
    last, who = answer.years[-1], called(answer.supply.country)
    if answer.supply.partial:
        return f"Where {who}'s supply of {GOODS[goods]} comes from is known in part"
    origin, share = last.largest[0]
    return (
        f"{called(origin)} delivered {100 * share:.0f} % of {who}'s imports in {last.year} ({GOODS[goods]})"
    )


def _substitution(answer: Substitution, goods: str) -> str:
    who, span = called(answer.supply.country), f"{answer.before[0]}-{answer.before[-1]}"
    if answer.supply.partial or len(answer.moved) == 1:
        return f"What is known of {who}'s supply of {GOODS[goods]}, against {span}"
    most = max(answer.moved, key=lambda one: one.shift.value or 0.0)
    return (
        f"{called(most.group)} gained most in {who}'s market: from {100 * most.share_before:.0f} % in {span} "
        f"to {100 * most.share_after:.0f} % since ({GOODS[goods]})"
    )


def _mirror(answer: Mirror) -> str:
    who = called(answer.importer)
    far = [one for one in answer.years if answer.departs(one)]
    if not far:
        return f"What the European Union sent to {who} arrived as usual"
    most = max(far, key=lambda one: abs(one.gap.value or 0.0))
    gap = (most.gap.value or 0.0) / 1e9
    if gap < 0:
        return f"In {most.year} goods for {-gap:.2g} billion USD more than usual arrived in {who}"
    return (
        f"Goods for {gap:.2g} billion USD that the European Union sent to {who} in {most.year} did not "
        "arrive as usual"
    )


def _groups(state: TradeState) -> dict[str, str]:
    """Return who belongs to each group of origins, in words."""
    groups = model.asked(state.goods).blocs.groups(state.country)
    return {
        called(
            "coalition"
        ): "the European Union and the other states that impose controls on Russia; Taiwan is "
        "not on their list and stands for itself",
        called("hubs"): ", ".join(called(code) for code in groups["hubs"]),
        called("neighbours"): ", ".join(called(code) for code in groups["neighbours"])
        or "none: no customs union or commonwealth is on record",
    }
