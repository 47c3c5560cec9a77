"""A brief as a document: headings, notes, tables and bars, the same for every form of print.

Sections with a writer of their own are laid out by it; any other section of the model is laid out
from its fields and their descriptions, so that a new one appears without a change here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import BaseModel

from parity.brief.model import (
    Brief,
    ChangeSection,
    ChipsSection,
    EvidenceSection,
    FrontierSection,
    GapSection,
    IndicatorPlace,
    PositionSection,
    ProfileSection,
    SourcesSection,
)
from parity.estimate import Estimate

# Rows of a table that a generic section shows.
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``numbers`` are the columns set to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Bar:
    """A score from 0 to 100 with its label and, beside it, a note; ``depth`` indents."""

    label: str
    score: float
    note: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the document.

    Attributes
    ----------
    title
        Heading.
    command
        Command that reproduces its numbers.
    notes
        Sentences under the heading.
    bars, grids
        Bars, then tables.
    """

    title: str
    command: str
    notes: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A brief, ready to print.

    Attributes
    ----------
    title, subtitle
        The country and what it belongs to.
    headline
        What matters most, one sentence each.
    parts
        The detail.
    data
        Vintage of the data.
    """

    title: str
    subtitle: str
    headline: tuple[str, ...]
    parts: tuple[Part, ...] = field(default_factory=tuple)
    data: str = ""


def document(brief: Brief) -> Document:
    """Lay a brief out as a document.

    Parameters
    ----------
    brief
        What to lay out.
    """
    country = brief.country
    facts = [fact for fact in (country.income_group, country.region, ", ".join(country.blocs)) if fact]
    named = [(name, getattr(brief.sections, name)) for name in type(brief.sections).model_fields]
    parts = tuple(_part(name, section, brief) for name, section in named)
    return Document(
        f"{country.name} ({country.iso3})", " · ".join(facts), tuple(_headline(brief)), parts, brief.data
    )


def side_by_side(briefs: Iterable[Brief]) -> Document:
    """Lay several countries out side by side: rank and score in every pillar, lag, evidence.

    Parameters
    ----------
    briefs
        At least two, of the same index and variant.
    """
    every = list(briefs)
    titles = [place.title for place in every[0].sections.position.places]
    rows = []
    for number, title in enumerate(titles):
        depth = every[0].sections.position.places[number].depth
        cells = [_place_cell(brief.sections.position, number) for brief in every]
        rows.append(("\u2003" * depth + title, *cells))
    names = tuple(brief.country.name for brief in every)
    standing = Part(
        "Rank and score", "parity rank", grids=(Grid(("", *names), tuple(rows), _all_but_first(len(names))),)
    )
    others = (
        ("Observed share of the weight", [f"{brief.sections.evidence.observed:.0%}" for brief in every]),
        ("Months behind the frontier", [_frontier_cell(brief.sections.lag) for brief in every]),
        (
            "Best accelerator free to import",
            [brief.sections.chips.best.get("free") or "none" for brief in every],
        ),
    )
    more = Part(
        "Evidence, lag, hardware", f"parity brief {' '.join(brief.country.iso3 for brief in every)}",
        grids=(Grid(("", *names), tuple((label, *cells) for label, cells in others)),),
    )  # fmt: skip
    headline = tuple(sentence for brief in every for sentence in list(_headline(brief))[:1])
    return Document(" · ".join(names), "side by side", headline, (standing, more), every[0].data)


def _place_cell(section: PositionSection, number: int) -> str:
    place = section.places[number]
    rank = "-" if place.rank is None else str(place.rank)
    return f"{rank}{_interval(place.rank_low, place.rank_high)} · {_number(place.score)}"


def _frontier_cell(section: FrontierSection) -> str:
    return f"{text(section.standing)} ({section.behind})" if section.standing.value is not None else "-"


def _all_but_first(count: int) -> frozenset[int]:
    return frozenset(range(1, count + 1))


def _headline(brief: Brief) -> Iterable[str]:
    sections = brief.sections
    overall = sections.position.places[0]
    yield (
        f"{brief.country.name}: rank {overall.rank} of {overall.of}"
        f"{_interval(overall.rank_low, overall.rank_high)}, score {_number(overall.score)} of 100"
    )
    if sections.lag.standing.value is not None:
        yield f"{text(sections.lag.standing)} months behind {sections.lag.behind} in AI capability"
    best = sections.chips.best.get("free")
    yield f"Best accelerator free to import: {best or 'none'}; in the world: {sections.chips.world or '-'}"
    yield f"{sections.evidence.observed:.0%} of the weight rests on observed cells"


def _part(name: str, section: Any, brief: Brief) -> Part:
    code = brief.country.iso3
    title, command = TITLES.get(name, (name.replace("_", " ").capitalize(), f"parity brief {code}"))
    command = command.format(code=code)
    if section is None:
        return Part(title, command, ("The data do not allow it for this country.",))
    writer = WRITERS.get(type(section))
    if writer is not None:
        return writer(title, command, section)
    return generic(title, command, section)


def _position(title: str, command: str, section: PositionSection) -> Part:
    level = f"Intervals cover {section.interval_level:.0%}." if section.interval_level else ""
    note = f"Index {section.index}, variant {section.variant}. {level}".strip()
    bars = tuple(
        Bar(
            place.title,
            place.score or 0.0,
            f"{_number(place.score)}   rank {place.rank}{_interval(place.rank_low, place.rank_high)} of "
            f"{place.of}",
            place.depth,
        )
        for place in section.places
    )
    return Part(title, command, (note,), bars)


def _profile(title: str, command: str, section: ProfileSection) -> Part:
    names = tuple(peer.name for peer in section.peers)
    columns = ("", "indicator", "value", "unit", "year", "rank", "score", *names)
    rows = tuple(
        _indicator_row(mark, place, names)
        for mark, places in (("+", section.strengths), ("−", section.weaknesses))
        for place in places
    )
    note = "Against the median of " + " and ".join(
        f"{peer.name} ({peer.size} countries)" for peer in section.peers
    )
    return Part(
        title,
        command,
        (note,),
        grids=(Grid(columns, rows, frozenset({2, 4, 5, 6, *range(7, 7 + len(names))})),),
    )


def _indicator_row(mark: str, place: IndicatorPlace, names: tuple[str, ...]) -> tuple[str, ...]:
    value = "-" if place.value is None else f"{place.value:,.4g}"
    flag = {"imputed": " (imputed)", "structural_zero": " (no record)", "estimated": " (est.)"}.get(
        place.flag, ""
    )
    peers = (_number(place.peers.get(name), 0) for name in names)
    year, rank = str(place.year or "-"), str(place.rank or "-")
    return (mark, place.title, value + flag, place.unit, year, rank, _number(place.score, 0), *peers)


def _gap(title: str, command: str, section: GapSection) -> Part:
    notes, grids = [], []
    for gap in section.gaps:
        split = ", ".join(f"{name} {points:+.1f}" for name, points in gap.pillars.items())
        notes.append(f"To {gap.name} ({gap.role}): {gap.gap:.1f} points: {split}.")
        rows = tuple((gap.name, f"{part.contribution:+.2f}", part.title) for part in gap.parts)
        grids.append(Grid(("to", "points", "largest parts"), rows, frozenset({1})))
    return Part(title, command, tuple(notes) or ("No country stands above it.",), grids=tuple(grids))


def _evidence(title: str, command: str, section: EvidenceSection) -> Part:
    notes = [
        f"{section.observed:.0%} observed, {section.estimated:.0%} estimated by the publisher, "
        f"{section.imputed:.0%} imputed, {section.zero_filled:.0%} taken as zero for want of a record."
    ]
    if section.imputed_indicators:
        notes.append("Imputed: " + "; ".join(section.imputed_indicators) + ".")
    if section.zero_indicators:
        notes.append("Taken as zero: " + "; ".join(section.zero_indicators) + ".")
    return Part(title, command, tuple(notes))


def _change(title: str, command: str, section: ChangeSection) -> Part:
    note = (
        f"On {section.indicators} indicators with data as of every year ({section.share:.0%} of the weight)."
    )
    years = Grid(
        ("", *(str(place.year) for place in section.years)),
        (
            ("rank", *(str(place.rank or "-") for place in section.years)),
            ("score", *(_number(place.score) for place in section.years)),
        ),
        _all_but_first(len(section.years)),
    )
    rows = tuple(
        (
            p.title,
            "-" if p.change is None else f"{p.change:+.1f}",
            str(p.rank_first or "-"),
            str(p.rank_last or "-"),
        )
        for p in section.pillars
    )
    pillars = Grid(("pillar", "points", "rank then", "rank now"), rows, frozenset({1, 2, 3}))
    return Part(title, command, (note,), grids=(years, pillars))


def _lag(title: str, command: str, section: FrontierSection) -> Part:
    if section.standing.value is None:
        return Part(title, command, (f"No lag can be told: {section.standing.reason or 'no scored model'}.",))
    notes = [f"{text(section.standing)} months behind {section.behind} on {section.on}: "
    f"{section.of_model} reached "
             f"what {section.behind_model} had."]  # fmt: skip
    if section.mean is not None:
        notes.append(f"Mean over the days since {section.since}: {text(section.mean)} months.")
    rows = tuple(
        (line.name, ("at least " if line.lower_bound else "") + text(line.lag), line.detail)
        for line in section.parameters
    )
    grids = (Grid(("parameter", "months", "what stands against what"), rows, frozenset({1})),) if rows else ()
    return Part(title, command, tuple(notes), grids=grids)


def _chips(title: str, command: str, section: ChipsSection) -> Part:
    rows = [(terms.replace("_", " "), device or "none") for terms, device in section.best.items()]
    rows.append(("best in the world", section.world or "-"))
    notes = [
        f"Rules as of {section.on}; country groups: {', '.join(section.groups) or 'none'}.",
        f"Hardware lag: {text(section.lag)} months. Share of known compute: {text(section.share, 4)} "
        f"on {section.compute_on}. {section.compute_note}",
    ]
    events = tuple((str(event.day), event.instrument, event.citation) for event in section.events)
    grids = [Grid(("terms", "best accelerator"), tuple(rows))]
    if events:
        grids.append(Grid(("day", "rule, letter or guidance", "citation"), events))
    return Part(title, command, tuple(notes), grids=tuple(grids))


def _sources(title: str, command: str, section: SourcesSection) -> Part:
    rows = tuple(
        (str(line.indicators), line.title, line.publisher, line.vintage, line.licence)
        for line in section.sources
    )
    return Part(
        title,
        command,
        grids=(Grid(("indicators", "source", "publisher", "vintage", "licence"), rows, frozenset({0})),),
    )


def generic(title: str, command: str, section: Any) -> Part:
    """Lay out any section from its fields: plain ones as notes, lists of records as tables.

    Parameters
    ----------
    title, command
        Heading, and the command that reproduces it.
    section
        A pydantic model.
    """
    notes: list[str] = []
    grids: list[Grid] = []
    for name, info in type(section).model_fields.items():
        value = getattr(section, name)
        label = (info.description or name.replace("_", " ")).rstrip(".")
        if value in (None, "", [], {}, ()):
            continue
        if isinstance(value, list | tuple) and isinstance(value[0], BaseModel):
            grids.append(_records(value))
        elif isinstance(value, BaseModel):
            inner = generic("", "", value)
            notes += inner.notes
            grids += inner.grids
        else:
            notes.append(f"{label}: {text(value)}.")
    return Part(title, command, tuple(notes), grids=tuple(grids))


def _records(records: Iterable[BaseModel]) -> Grid:
    rows = list(records)[:MOST_ROWS]
    names = [
        name
        for name in type(rows[0]).model_fields
        if any(getattr(row, name) not in (None, "") for row in rows)
    ]
    numeric = frozenset(
        place
        for place, name in enumerate(names)
        if isinstance(getattr(rows[0], name), int | float | Estimate)
    )
    cells = tuple(tuple(text(getattr(row, name)) for name in names) for row in rows)
    return Grid(tuple(name.replace("_", " ") for name in names), cells, numeric)


def text(value: Any, digits: int = 1) -> str:
    """Return any value of a brief in print: estimates with their interval, lists with commas.

    Parameters
    ----------
    value
        The value.
    digits
        Digits after the decimal point.
    """
    if value is None:
        return "-"
    if isinstance(value, Estimate):
        return value.text(digits)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "; ".join(f"{key} {text(item, digits)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(text(item, digits) for item in value)
    return str(value)


def _number(value: float | None, digits: int = 1) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _interval(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else f" ({low} to {high})"


# Section of the model -> heading, and the command that reproduces its numbers.
TITLES = {
    "position": ("Position", "parity brief {code} --json"),
    "profile": ("Strengths and weaknesses", "parity brief {code} --json"),
    "gap": ("Gaps to others", "parity explain {code} USA"),
    "evidence": ("What the score rests on", "parity brief {code} --json"),
    "change": ("Change over the years", "parity brief {code} --json"),
    "lag": ("Months behind the frontier", "parity lag {code} --parameters"),
    "chips": ("Hardware reach", "parity chips reach {code}"),
    "sources": ("Sources and vintages", "parity data list"),
    "pledges": ("Pledges", "parity pledges list --country {code}"),
    "control": ("Information control of its models", "parity audit analyse"),
}
WRITERS: dict[type, Callable[[str, str, Any], Part]] = {
    PositionSection: _position,
    ProfileSection: _profile,
    GapSection: _gap,
    EvidenceSection: _evidence,
    ChangeSection: _change,
    FrontierSection: _lag,
    ChipsSection: _chips,
    SourcesSection: _sources,
}
