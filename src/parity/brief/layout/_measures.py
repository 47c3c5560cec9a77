"""Sections on models, hardware, trade, blocs, ties and information control."""

from __future__ import annotations

from parity.brief.document import Grid, Mark, Part, Plot
from parity.brief.layout._words import (
    DASH,
    bracketed,
    change,
    estimate,
    level,
    listed,
    months,
    number,
    percent,
)
from parity.brief.model import (
    BlocSection,
    Brief,
    ChipsSection,
    Missing,
    ParameterLine,
    Partner,
    TradeLine,
)
from parity.estimate import Estimate


def lag(brief: Brief) -> Part:
    """Lay out the months behind the frontier."""
    section, code = brief.sections.lag, brief.country.iso3
    title = "Months behind the frontier"
    commands = (f"parity lag {code} --behind {section.behind} --parameters",)
    if section.on is None:
        return Part(title, commands, (f"Not told: {section.standing.reason}.",))
    notes = [
        f"{months(section.standing, section.behind)}{level(section.standing)} on {section.on}: "
        f"{section.of_model} against {section.behind_model}. Models on foreign weights are left out."
    ]
    if section.mean is not None:
        notes.append(f"On average since {section.since}: {months(section.mean, section.behind)}.")
    grids = (_parameters(section.parameters),) if section.parameters else ()
    return Part(title, commands, tuple(notes), grids)


def _parameters(lines: list[ParameterLine]) -> Grid:
    rows = tuple((line.name, _at_least(line), line.detail or line.lag.reason) for line in lines)
    marks = tuple((Mark(line.lag.value, line.lag.low, line.lag.high),) for line in lines)
    ends = [end for (mark,) in marks for end in (mark.value, mark.low, mark.high) if end is not None]
    low, high = min([0.0, *ends]), max([1.0, *ends])
    plot = Plot(f"months, {low:.0f} to {high:.0f}", low, high, marks)
    columns = ("parameter", "months (90 % interval)", "what against what")
    return Grid(columns, rows, frozenset({1}), frozenset({2}), plot)


def _at_least(line: ParameterLine) -> str:
    return ("at least " if line.lower_bound else "") + estimate(line.lag)


def chips(brief: Brief) -> Part:
    """Lay out the hardware within reach and known to be there."""
    section, code = brief.sections.chips, brief.country.iso3
    notes = [
        f"Rules of {section.on}; country groups of the US rules: {listed(section.groups) or 'none'}.",
        f"{hardware_lag(section.lag)} Known installed compute on {section.compute_on}: "
        f"{estimate(section.h100e, 0)} H100 equivalents, at least {percent(section.share)} of the published "
        "total of the world.",
        section.compute_note,
    ]
    rows = [(terms.replace("_", " "), device or "none for certain") for terms, device in section.best.items()]
    grids = [Grid(("terms", "best accelerator"), (*rows, ("in the world", section.world or DASH)))]
    if section.events:
        events = tuple((str(event.day), event.instrument, event.citation) for event in section.events)
        grids.append(Grid(("day", "latest rules, letters, guidance", "citation"), events))
    return Part(
        "Hardware reach",
        (f"parity chips reach {code}", f"parity chips compute {code}"),
        tuple(notes),
        tuple(grids),
    )


def within_reach(section: ChipsSection) -> str:
    """Return the best accelerators that need nobody's leave."""
    free = f"free to import: {section.best.get('free') or 'none for certain'}"
    own = section.best.get("domestic")
    return f"of its own: {own}; {free}" if own else free


def hardware_lag(lag: Estimate) -> str:
    """Return the hardware lag in a sentence."""
    if lag.value is None and lag.low is None:
        return f"Hardware lag not told: {lag.reason}."
    return f"Hardware lag {estimate(lag)} months."


def trade(brief: Brief) -> Part:
    """Lay out what the carried flows say."""
    section = brief.sections.trade
    if isinstance(section, Missing):
        return Part("Trade", ("parity data show flows",), (f"Not told: {section.reason}.",))
    rows = tuple((line.what, line.period, trade_value(line), _detail(line)) for line in section.lines)
    grid = Grid(("what", "period", "value (interval)", "held against"), rows, frozenset({2}))
    commands = tuple(dict.fromkeys(line.command for line in section.lines))
    return Part("Trade", commands, tuple(section.caveats), (grid,))


def _detail(line: TradeLine) -> str:
    """Return what a number is held against, and what its ends are where its unit says so."""
    ends = line.value.unit.partition(", ")[2]
    return f"{line.detail}; in brackets {ends}" if ends else line.detail


def trade_value(line: TradeLine) -> str:
    """Return a trade number: money in millions, shares in per cent."""
    found = line.value
    if found.value is None:
        return f"not told: {found.reason}"
    name = found.unit.partition(", ")[0]
    if name.startswith("USD"):
        unit, word = (1e6, "million") if abs(found.value) >= 1e5 else (1e3, "thousand")
        ends = (found.value, found.low, found.high)
        value, low, high = (None if end is None else end / unit for end in ends)
        return f"{estimate(Estimate(value, low, high))} {word} {name}"
    if found.unit.startswith("share"):
        return percent(found)
    return f"{estimate(found)} {name}".rstrip()


def bloc(brief: Brief) -> Part:
    """Lay out the country's bloc."""
    section, named = brief.sections.bloc, brief.country.blocs
    if isinstance(section, Missing):
        return Part("Bloc", ("parity bloc list",), (f"Not told: {section.reason}.",))
    rows = tuple((member.iso3, estimate(member.brings)) for member in section.largest)
    grid = Grid(("member", "points that it brings"), rows, frozenset({1}))
    notes = (
        bloc_line(section),
        "Points are Shapley values, which add up; in brackets the 90 % interval over "
        f"{section.draws} rebuilds of the index.",
    )
    also = f" (also in {listed(named[1:])})" if named[1:] else ""
    return Part(f"In {section.bloc}{also}", (bloc_command(brief, section),), notes, (grid,))


def bloc_command(brief: Brief, section: BlocSection) -> str:
    """Return the command that gives a bloc's numbers: the same rebuilds, the same intervals."""
    variant = brief.sections.position.variant
    chosen = "" if variant == "both" else f" --variant {variant}"
    return f"parity bloc show {_quoted(section.bloc)} --draws {section.draws}{chosen}"


def bloc_line(section: BlocSection) -> str:
    """Return what a country brings to its bloc in one sentence."""
    leaving = ""
    if section.leaving.value is not None:
        leaving = f"; without it the score would move by {change(section.leaving)}"
    rank = f"{section.rank}{bracketed(section.rank_low, section.rank_high)}"
    return (
        f"As one unit {section.bloc} would rank {rank}, score {estimate(section.score)}, on data that "
        f"cover {section.covered:.0%} of the weight. The country "
        f"brings {estimate(section.brings)} points, place {section.place} of {len(section.members)}{leaving}."
    )


def _quoted(name: str) -> str:
    return f"'{name}'" if " " in name else name


def ties(brief: Brief) -> Part:
    """Lay out with whom the country works."""
    section, code = brief.sections.ties, brief.country.iso3
    if isinstance(section, Missing):
        return Part("Ties", (f"parity ties {code} USA",), (f"Not told: {section.reason}.",))
    rows = tuple(_partner(one) for one in section.partners)
    note = (
        f"Collaboration on GitHub, {section.first} to {section.last}; affinity is observed over expected, of "
        "the last four quarters and of the first four. A step or a slope is shown where the false discovery "
        "rate is at most 5 %."
    )
    columns = ("partner", "affinity (90 % interval)", "at first", "change found", "in % (90 % interval)")
    grid = Grid(columns, rows, frozenset({1, 2, 4}))
    commands = tuple(f"parity ties {code} {one.iso3}" for one in section.partners[:1])
    return Part("Ties", (*commands, f"parity ties {code} --top {len(rows)}"), (note,), (grid,))


def _partner(one: Partner) -> tuple[str, ...]:
    affinity = Estimate(one.affinity, one.low, one.high)
    change = DASH
    if one.change is not None:
        change = f"{one.change:+.0f}"
        if one.change_low is not None and one.change_high is not None:
            change += f" ({one.change_low:+.0f} to {one.change_high:+.0f})"
    return (one.iso3, estimate(affinity, 2), number(one.earlier, 2), when(one), change)


def when(one: Partner) -> str:
    """Return what a change in ties is and when it was."""
    if one.period is None or one.kind is None:
        return f"not told: {one.doubt}" if one.doubt else DASH
    return f"{one.kind} {one.period}" + (f" to {one.until}" if one.until != one.period else "")


def control(brief: Brief) -> Part:
    """Lay out how its models treat its government."""
    section, title = brief.sections.control, "Information control of its models"
    if isinstance(section, Missing):
        return Part(title, ("parity audit analyse",), (f"Not told: {section.reason}.",))
    counts = (
        f"{section.selective} models withhold more on their own government, {section.clear} show no "
        f"difference, {section.undecided} cannot be told. Sensitive prompts withheld: "
        f"{percent(section.rate)}, the range over the models in brackets."
    )
    notes = (section.sentence, counts, f"Basis: {section.basis}.")
    return Part(title, ("parity audit analyse",), notes)
