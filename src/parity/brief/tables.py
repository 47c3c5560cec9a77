"""The tables of a country's brief from page two on, grouped so that nothing stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parity.brief import measured, words
from parity.brief import parts as p
from parity.brief import result as r
from parity.brief.standing import SHOWN
from parity.estimate import Estimate
from parity.show.document import Block, Column, Group, Note, Table, Text, estimate
from parity.views.common import listed, rank_columns
from parity.views.goal import MOVES, NOTE, distance, moves
from parity.views.names import in_sentence
from parity.views.rank import labels
from parity.views.standing import gap_rows

_PARTS = 6


def groups(brief: r.CountryBrief) -> Iterator[Group]:
    """Yield the groups of tables."""
    said = brief.sections
    yield Group("Where it stands", tuple(_standing(brief)), new_page=True)
    yield from measured.groups(said)
    yield Group(f"What changed since {said.since.since}", tuple(measured.since(said, brief.country.name)))
    yield Group("What it rests on", tuple(_evidence(said)))


def _standing(brief: r.CountryBrief) -> Iterator[Block]:
    said = brief.sections
    yield _places(said.position)
    level = said.position.interval_level
    yield Note(
        "By size: how much there is. Per person: how good for its size (per person or per GDP). Mixed: both. "
        + (f"In brackets the {level:.0%} interval over rebuilds of the index. " if level else "")
        + "A score has no interval of its own: each rebuild has another scale."
    )
    yield profile(said.profile, SHOWN, whole=True)
    peers = " and ".join(f"{peer.name} ({peer.size} countries)" for peer in said.profile.peers)
    yield Note(f"Held against the median of {peers}. Values are the publishers' own; most name no error.")
    for gap in said.gap.gaps:
        yield from _gap(gap, brief.country.iso3)
    if not said.gap.gaps:
        yield Text("No country stands above it.")
    yield from _goal(said)
    if not isinstance(said.change, p.Missing):
        yield from _change(said.change)


def _places(section: r.Position) -> Table:
    rows = [
        (
            "\u2003" * place.depth + place.title,
            place.share,
            *(end for at in place.forms.values() for end in words.ends_of(at)),
            place.score,
        )
        for place in section.places
    ]
    columns = (
        Column("what", "Rank in", role="key"),
        Column("share", "Weight", role="value", format="percent", digits=0, spare=True),
        *(
            column
            for form, label in labels(section.places[0].forms).items()
            for column in rank_columns(form, label)
        ),
        Column("score", "Score", role="value", digits=1),
    )
    return listed(rows, columns, f"Ranks of {section.places[0].of} countries")


def profile(section: r.Profile, most: int, *, whole: bool) -> Table:
    """Return the strongest and weakest indicators against peers.

    Parameters
    ----------
    section
        Strengths and weaknesses.
    most
        Rows of each.
    whole
        Whether values, units and years are shown.
    """
    first = section.peers[0].name if section.peers else ""
    rows = [
        (sign, one.title, *_readable(one), one.year, one.rank, one.score, one.peers.get(first))
        for sign, places in (("+", section.strengths[:most]), ("−", section.weaknesses[:most]))
        for one in places
    ]
    columns: tuple[Column, ...] = (
        Column("sign", "±"),
        Column("what", "Indicator", role="key"),
        Column("value", "Value", role="value", mixed=True),
        Column("unit", "Unit", spare=True),
        Column("year", "Year", role="time", spare=True),
        Column("rank", "Rank", role="value", digits=0),
        Column("score", "Score", role="value", digits=0),
        Column("peers", "Peers", role="value", digits=0),
    )
    made = listed(rows, columns, f"Strengths (+) and weaknesses (−) against {first}, scores of 100")
    few = tuple(column for column in columns if column.name not in ("value", "unit", "year"))
    return made if whole else replace(made, columns=few)


_UNITS = {"standard normal units": "standard deviations from the world's mean"}
_BILLION = 1e9


def _readable(one: r.IndicatorPlace) -> tuple[float | None, str]:
    """Return a value with its unit as people read them: billions, and what a spread is of."""
    unit = _UNITS.get(one.unit, one.unit)
    if one.value is not None and abs(one.value) >= _BILLION:
        return one.value / _BILLION, f"billion {unit}"
    return one.value, unit


def _gap(gap: r.RoleGap, code: str) -> Iterator[Block]:
    found = gap.parts
    pillars, parts = gap_rows(found)
    rows = [(title, *points) for title, _, *points in pillars]
    rows += [(f"of that: {title}", *points) for title, _, *points in parts[:_PARTS]]
    size = Estimate(found.gap, *(found.gap_range or (None, None)))
    columns = (Column("what", "Part", role="key"), *estimate("points", "Points", digits=1))
    other, own = in_sentence(gap.iso3), in_sentence(code)
    yield listed(rows, columns, f"Points of {other} ({gap.role}) above {own}: {size.text()} in all")
    if found.reason:
        yield Note(f"The parts add up to the gap; they have no intervals: {found.reason}.")


def _goal(said: r.Sections) -> Iterator[Block]:
    goal = said.goal
    if isinstance(goal, p.Missing):
        yield Text(f"What would change its rank: {goal.reason}.")
        return
    yield Text(f"Rank {goal.rank} in place of {goal.rank_now} takes {distance(goal.base, goal.level)}.")
    yield Table(moves(goal.base).head(_PARTS), MOVES, "The longest moves")
    yield Note(NOTE)


def _change(section: r.Change) -> Iterator[Block]:
    rows = [(one.year, one.rank, one.score) for one in section.years]
    columns = (
        Column("year", "On the data to", role="time"),
        Column("rank", "Rank", role="value", digits=0),
        Column("score", "Score", role="value", digits=1),
    )
    yield listed(rows, columns, "Change over the years, on a constant basket")
    yield Note(
        f"The {section.indicators} indicators with data as of every year ({section.share:.0%} of the "
        "weight), scaled as in the last one. No intervals: all years go through one build, so that the data "
        "alone move."
    )


def _evidence(said: r.Sections) -> Iterator[Block]:
    one = said.evidence
    yield Text(
        f"Of the weight {one.observed:.0%} rests on observed cells, {one.estimated:.0%} on cells that the "
        f"publisher estimated, {one.imputed:.0%} on cells filled in from similar countries, "
        f"{one.zero_filled:.0%} on cells where no record is taken as zero."
    )
    if one.lower_bounds:
        told = f"Lower bounds, for open sources do not see all ({one.lower_bound:.0%} of the weight)"
        yield Text(f"{told}: {'; '.join(one.lower_bounds)}.")
    if one.trimmed:
        told = "Trimmed, for nothing else known of the country supports as much"
        yield Text(f"{told}: {'; '.join(one.trimmed)}.")
    gaps = [(gap.what, gap.kind, gap.detail) for gap in said.data_gaps.gaps]
    if gaps:
        columns = (
            Column("what", "What is missing", role="key"),
            Column("kind", "Kind"),
            Column("detail", "What was done"),
        )
        yield listed(gaps, columns)
    rows = [
        (each.title, each.publisher, each.licence, each.vintage, each.indicators)
        for each in said.sources.sources
    ]
    shown = (
        Column("title", "Source of the index", role="key"),
        Column("publisher", "Publisher", spare=True),
        Column("licence", "Licence"),
        Column("vintage", "Vintage"),
        Column("indicators", "Indicators"),
    )
    yield listed(rows, shown)
