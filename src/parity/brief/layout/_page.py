"""The first page: one finding per topic, each with the command that reproduces it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from parity.brief.document import Fact
from parity.brief.layout._measures import (
    bloc_command,
    bloc_line,
    hardware_lag,
    trade_value,
    when,
    within_reach,
)
from parity.brief.layout._standing import standing_line
from parity.brief.layout._words import counted, distance, estimate, level, months, percent, place, thousands
from parity.brief.model import Brief, Missing


def facts(brief: Brief) -> tuple[Fact, ...]:
    """Return the findings of a brief, the most important first.

    Parameters
    ----------
    brief
        What to tell.
    """
    topics: tuple[Callable[[Brief], Fact], ...] = (
        _standing, _lag, _hardware, _trade, _bloc, _ties, _control, _pledges, _claims, _changed, _goal, _data,
    )  # fmt: skip
    return tuple(topic(brief) for topic in topics)


def _standing(brief: Brief) -> Fact:
    section = brief.sections.position
    pillars = [found for found in section.places if found.depth == 2 and found.rank is not None]
    pillars.sort(key=lambda found: found.rank or 0)
    text = standing_line(brief)
    if section.interval_level:
        text += f" (intervals cover {section.interval_level:.0%})"
    if len(pillars) > 1:
        best, worst = pillars[0], pillars[-1]
        text += f". Best in {best.title}, rank {place(best)}; worst in {worst.title}, rank {place(worst)}"
    chosen = "" if section.variant == "both" else f" --variant {section.variant}"
    return Fact("Standing", f"{text}.", f"parity rank{chosen}")


def _lag(brief: Brief) -> Fact:
    section, code = brief.sections.lag, brief.country.iso3
    command = f"parity lag {code} --behind {section.behind}"
    if section.on is None:
        return Fact("Models", f"No lag can be told: {section.standing.reason}.", command)
    text = f"{months(section.standing, section.behind)}{level(section.standing)} on {section.on}"
    return Fact("Models", f"{_capital(text)}: {section.of_model}.", command)


def _hardware(brief: Brief) -> Fact:
    section = brief.sections.chips
    text = (
        f"Best accelerator {within_reach(section)}; in the world: {section.world or 'unknown'}. "
        f"{hardware_lag(section.lag)} Known compute {estimate(section.h100e, 0)} H100 equivalents, "
        f"at least {percent(section.share)} of the published total of the world."
    )
    return Fact("Hardware", text, f"parity chips reach {brief.country.iso3}")


def _trade(brief: Brief) -> Fact:
    section = brief.sections.trade
    if isinstance(section, Missing):
        return Fact("Trade", _not_told(section), "parity data show flows")
    line = section.lines[0]
    return Fact("Trade", f"{line.what}, {line.period}: {trade_value(line)} ({line.detail}).", line.command)


def _bloc(brief: Brief) -> Fact:
    section = brief.sections.bloc
    if isinstance(section, Missing):
        return Fact("Bloc", _not_told(section), "parity bloc list")
    return Fact("Bloc", bloc_line(section), bloc_command(brief, section))


def _ties(brief: Brief) -> Fact:
    section, code = brief.sections.ties, brief.country.iso3
    if isinstance(section, Missing):
        return Fact("Ties", _not_told(section), f"parity ties {code} USA")
    broken = [one for one in section.partners if one.change is not None]
    words = ", ".join(f"{one.iso3} {one.change:+.0f} %, {when(one)}" for one in broken)
    largest = ", ".join(one.iso3 for one in section.partners)
    text = f"Largest partners on GitHub: {largest}. Changes that a test finds: {words or 'none'}."
    return Fact("Ties", text, f"parity ties {code} {section.partners[0].iso3}")


def _control(brief: Brief) -> Fact:
    section = brief.sections.control
    text = _not_told(section) if isinstance(section, Missing) else section.sentence
    return Fact("Information", text, "parity audit analyse")


def _pledges(brief: Brief) -> Fact:
    section, code = brief.sections.pledges, brief.country.iso3
    if isinstance(section, Missing):
        return Fact("Pledges", f"None: {section.reason}.", "parity pledges list")
    text = f"{len(section.pledges)} on record: {counted(section.counts)}."
    coming = [line for line in section.pledges if line.due >= section.on]
    if coming:
        text += f" Next due {coming[0].due}: {coming[0].what}."
    by = code if any(line.by == code for line in section.pledges) else section.pledges[0].by
    return Fact("Pledges", text, f"parity pledges list --country {by}")


def _claims(brief: Brief) -> Fact:
    section = brief.sections.claims
    if isinstance(section, Missing):
        return Fact("Claims", f"None: {section.reason}.", "parity check --help")
    newest, count = section.claims[0], _several(len(section.claims), "public claim")
    text = (
        f"{count} held against the evidence: {counted(section.counts)}. The "
        f"newest: “{newest.text}” ({newest.who}): {newest.verdict}."
    )
    return Fact("Claims", text, newest.command)


def _changed(brief: Brief) -> Fact:
    section = brief.sections.since
    return Fact(
        "Changed",
        f"Since {section.since}: {'; '.join(_changes(brief))}.",
        f"parity brief {brief.country.iso3} --since {section.since}",
    )


def _changes(brief: Brief) -> Iterable[str]:
    section = brief.sections.since
    if len(section.ranks) > 1:
        then, now = section.ranks[0], section.ranks[-1]
        yield (
            f"rank {estimate(then.rank, 0)} on the data of {then.year}, {estimate(now.rank, 0)} on those of "
            f"{now.year}"
        )
    behind = brief.sections.lag.behind
    if section.lag_then is not None and section.lag_then.value is not None and section.lag_now is not None:
        yield f"{months(section.lag_then, behind)} then, {months(section.lag_now, behind)} now"
    counts = (
        (len(section.models), "new model", "new models"),
        (len(section.rules), "rule on exports to it", "rules on exports to it"),
        (len(section.pledges), "pledge fell due", "pledges fell due"),
        (len(section.breaks), "change in ties", "changes in ties"),
    )
    yield ", ".join(f"{count} {one if count == 1 else several}" for count, one, several in counts)


def _goal(brief: Brief) -> Fact:
    section, code = brief.sections.goal, brief.country.iso3
    if isinstance(section, Missing):
        return Fact("Would change it", _not_told(section), f"parity goal {code} --rank N")
    longest = section.moves[0]
    share = "" if section.share is None else f" (enough in {section.share:.0%} of the index's rebuilds)"
    text = (
        f"Rank {section.rank} is {distance(section)} yearly spreads of its indicators away{share}; the "
        f"longest move: {longest.title} from {thousands(longest.now)} to {thousands(longest.to)} "
        f"{longest.unit}."
    )
    return Fact("Would change it", text, f"parity goal {code} --rank {section.rank}")


def _data(brief: Brief) -> Fact:
    section, lacking = brief.sections.evidence, brief.sections.data_gaps.gaps
    kinds: dict[str, int] = {}
    for gap in lacking:
        kinds[gap.kind] = kinds.get(gap.kind, 0) + 1
    text = (
        f"{section.observed:.0%} of the weight rests on observed cells. Gaps: {counted(kinds) or 'none'}. "
        f"{len(brief.sections.sources.sources)} sources."
    )
    return Fact("Data", text, "parity data list")


def _several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _not_told(section: Missing) -> str:
    return f"Not told: {section.reason}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
