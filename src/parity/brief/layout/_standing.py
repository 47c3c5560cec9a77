"""Sections on a country's place in the index."""

from __future__ import annotations

from collections.abc import Iterator

from parity.brief.document import Grid, Mark, Part, Plot
from parity.brief.layout._words import (
    DASH,
    bracketed,
    distance,
    estimate,
    interval,
    listed,
    number,
    points,
    thousands,
    whole,
)
from parity.brief.layout._words import change as change_of
from parity.brief.model import (
    Brief,
    ChangeSection,
    EvidenceSection,
    Gap,
    GoalMove,
    GoalSection,
    IndicatorPlace,
    Missing,
    PositionSection,
    Range,
)
from parity.estimate import Estimate

# No break there: a long title wraps after it, not before.
INDENT = "\u00a0\u00a0\u00a0"
FLAGS = {"imputed": " (imputed)", "structural_zero": " (no record)", "estimated": " (est.)"}


def position(brief: Brief) -> Part:
    """Lay out ranks with their intervals, one row per node."""
    section = brief.sections.position
    level = section.interval_level
    notes = [f"Index {section.index}, variant {section.variant}; {section.places[0].of} countries."]
    if level:
        notes[0] += (
            f" Intervals of the ranks cover {level:.0%} over rebuilds of the whole index. A score has none "
            "of its own: each rebuild has another scale."
        )
    rows = tuple(
        (
            INDENT * place.depth + place.title,
            f"{place.share:.0%}",
            whole(place.rank),
            interval(place.rank_low, place.rank_high),
            number(place.score),
        )
        for place in section.places
    )
    heading = f"{level:.0%} interval" if level else "interval"
    grid = Grid(
        ("", "share", "rank", heading, "score"),
        rows,
        frozenset({1, 2, 3, 4}),
        spare=frozenset({1}),
        plot=rank_plot(section),
    )
    chosen = "" if section.variant == "both" else f" --variant {section.variant}"
    commands = (f"parity rank{chosen}", f"parity rank{chosen} --pillar {section.places[1].node}")
    return Part("Position", commands, tuple(notes), (grid,))


def rank_plot(section: PositionSection) -> Plot:
    """Return the ranks on a scale from 1 to the number of countries."""
    marks = tuple((Mark(place.rank, place.rank_low, place.rank_high),) for place in section.places)
    most = max(place.of for place in section.places)
    return Plot(f"rank, 1 to {most}", 1, most, marks)


def profile(brief: Brief) -> Part:
    """Lay out the strongest and weakest indicators."""
    section = brief.sections.profile
    names = tuple(peer.name for peer in section.peers)
    columns = ("", "indicator", "value", "unit", "year", "rank", "score", *names, "code")
    rows = tuple(
        _indicator(mark, place, names)
        for mark, places in (("+", section.strengths), ("−", section.weaknesses))
        for place in places
    )
    last = len(columns) - 1
    note = (
        "Furthest above and below the median of "
        + " and ".join(f"{peer.name} ({peer.size} countries)" for peer in section.peers)
        + ". Scores and medians are 0 to 100. Values are the publishers' own; no error is published for most."
    )
    spare = frozenset({3, last})
    grid = Grid(columns, rows, frozenset({2, 4, 5, 6, *range(7, last)}), spare)
    group = f" --group '{names[0]}'" if names else ""
    code = section.strengths[0].indicator if section.strengths else "CODE"
    commands = (f"parity rank --pillar {code}{group}", f"parity brief {brief.country.iso3} --json")
    return Part("Strengths and weaknesses", commands, (note,), (grid,))


def _indicator(mark: str, place: IndicatorPlace, names: tuple[str, ...]) -> tuple[str, ...]:
    value = DASH if place.value is None else thousands(place.value) + FLAGS.get(place.flag, "")
    peers = (number(place.peers.get(name), 0) for name in names)
    year, rank = whole(place.year), whole(place.rank)
    return (mark, place.title, value, place.unit, year, rank, number(place.score, 0), *peers, place.indicator)


def gap(brief: Brief) -> Part:
    """Lay out what makes the gaps to others."""
    gaps, code = brief.sections.gap.gaps, brief.country.iso3
    if not gaps:
        return Part("Gaps to others", ("parity rank",), ("No country stands above it.",))
    notes = tuple(
        f"To {one.name} ({one.role}): {estimate(_ranged(one.gap, one.gap_range))} points." for one in gaps
    )
    commands = tuple(f"parity explain {one.iso3} {code}" for one in gaps)
    return Part(
        "Gaps to others", commands, (*notes, _ranges(gaps[0])), (_by_pillar(gaps), *map(_parts, gaps))
    )


def _ranges(one: Gap) -> str:
    """Return what the intervals of a gap are."""
    added = "The parts of a gap add up to it"
    if one.reason:
        return f"{added}; they have no intervals: {one.reason}."
    return (
        f"{added}. In brackets the {one.level:.0%} interval over rebuilds of the index, on the scale of the "
        "scores above."
    )


def _by_pillar(gaps: list[Gap]) -> Grid:
    rows = tuple(
        (
            pillar,
            *(change_of(_ranged(one.pillars[pillar], one.pillar_ranges.get(pillar))) for one in gaps),
        )
        for pillar in gaps[0].pillars
    )
    columns = ("points by pillar", *(f"to {one.name}" for one in gaps))
    return Grid(columns, rows, frozenset(range(1, len(columns))))


def _parts(one: Gap) -> Grid:
    rows = tuple(
        (part.title, change_of(Estimate(part.contribution, part.low, part.high), 2)) for part in one.parts
    )
    caption = f"Largest parts of the gap to {one.name}"
    return Grid(("indicator", "points"), rows, frozenset({1}), caption=caption)


def _ranged(value: float, ends: Range | None) -> Estimate:
    return Estimate(value) if ends is None else Estimate(value, ends.low, ends.high)


def goal(brief: Brief) -> Part:
    """Lay out what would change the rank."""
    section, code = brief.sections.goal, brief.country.iso3
    title = "What would change it"
    if isinstance(section, Missing):
        return Part(title, (f"parity goal {code} --rank N",), (f"Not told: {section.reason}.",))
    note = (
        f"The smallest change that brings it from rank {section.rank_now} to {section.rank} has a length of "
        f"{distance(section)} yearly spreads of its indicators{_shared(section)}. It is arithmetic on the "
        "index, not advice: only actionable, observed indicators move, none beyond the best value of any "
        "country."
    )
    rows = tuple(
        (move.title, thousands(move.now), thousands(move.to), _ends(move), move.unit, f"{move.spreads:.2f}")
        for move in section.moves
    )
    notes = [note, *_sought(section)]
    if section.others:
        notes.append(f"{section.others} further series move by less.")
    columns = ("longest moves", "from", "to", f"{section.level:.0%} interval", "unit", "yearly spreads")
    grid = Grid(columns, rows, frozenset({1, 2, 3, 5}), frozenset({4}))
    return Part(title, (f"parity goal {code} --rank {section.rank}",), tuple(notes), (grid,))


def _sought(section: GoalSection) -> Iterator[str]:
    """Yield what the intervals of a goal are, where it has any."""
    if section.builds:
        words = (
            f"The {section.level:.0%} intervals are those of the smallest change in each of {section.builds} "
            "rebuilds of the index"
        )
        missed = section.out_of_reach
        yield f"{words}; in {missed:.0%} of them the rank is out of reach." if missed else f"{words}."


def _ends(move: GoalMove) -> str:
    if move.to_low is None or move.to_high is None:
        return DASH
    return f"{thousands(move.to_low)} to {thousands(move.to_high)}"


def _shared(section: GoalSection) -> str:
    if section.share is None:
        return ""
    words = f"; it does so in {section.share:.0%} of {section.draws} rebuilds of the index"
    if section.robust_size is None:
        return f"{words}, and no change was found that does in half of them: {section.robust_reason}"
    if section.robust_size != section.size:
        words += f", and in half of them it takes {section.robust_size:.2f}"
    return words


def change(brief: Brief) -> Part:
    """Lay out the change over the years."""
    section = brief.sections.change
    title, commands = "Change over the years", (f"parity brief {brief.country.iso3} --json",)
    if isinstance(section, Missing):
        return Part(title, commands, (f"Not told: {section.reason}.",))
    note = (
        f"On the {section.indicators} indicators with data as of every year ({section.share:.0%} of the "
        "weight), scaled as in the last one: the same indicators and countries throughout."
    )
    doubt = (
        "No intervals: all years go through one build, learned from the last, so that the data alone move; "
        "the intervals of ranks above are over other builds."
    )
    return Part(title, commands, (note, doubt), (_years(section), _pillars(section)))


def _years(section: ChangeSection) -> Grid:
    rows = (
        ("rank", *(whole(place.rank) for place in section.years)),
        ("score", *(number(place.score) for place in section.years)),
    )
    years = tuple(str(place.year) for place in section.years)
    return Grid(("", *years), rows, frozenset(range(1, len(years) + 1)))


def _pillars(section: ChangeSection) -> Grid:
    rows = tuple(
        (each.title, points(each.change), whole(each.rank_first), whole(each.rank_last))
        for each in section.pillars
    )
    return Grid(("pillar", "points", "rank then", "rank now"), rows, frozenset({1, 2, 3}))


def evidence(brief: Brief) -> Part:
    """Lay out what the score rests on."""
    section: EvidenceSection = brief.sections.evidence
    notes = [
        f"{section.observed:.0%} of the weight observed, {section.estimated:.0%} estimated by the publisher, "
        f"{section.imputed:.0%} imputed, {section.zero_filled:.0%} taken as zero for want of a record."
    ]
    if section.imputed_indicators:
        notes.append(f"Imputed: {listed(section.imputed_indicators)}.")
    if section.zero_indicators:
        notes.append(f"Taken as zero: {listed(section.zero_indicators)}.")
    return Part("What the score rests on", ("parity rank --json",), tuple(notes))


def standing_line(brief: Brief) -> str:
    """Return the country's rank and score in one sentence."""
    overall = brief.sections.position.places[0]
    ends = bracketed(overall.rank_low, overall.rank_high)
    return f"Rank {whole(overall.rank)} of {overall.of}{ends}, score {number(overall.score)} of 100"
