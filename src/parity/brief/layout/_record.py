"""Sections on changes, pledges, claims, gaps in the data, and sources."""

from __future__ import annotations

from collections.abc import Iterable

from parity.brief.document import Grid, Part
from parity.brief.layout._words import DASH, counted, estimate, months
from parity.brief.model import Brief, ClaimLine, Missing, ModelLine, PledgeLine, SinceSection

# Rows that a table of models shows: the newest.
MODELS = 10


def since(brief: Brief) -> Part:
    """Lay out what has changed since a day."""
    section, code = brief.sections.since, brief.country.iso3
    notes = [f"From {section.since} to {section.until}.", *_moved(section, brief.sections.lag.behind)]
    grids = [grid for grid in (_models(section.models), _rules(section), _breaks(section)) if grid.rows]
    if section.pledges:
        grids.append(pledge_grid(section.pledges, "pledges that fell due"))
    lacking = [
        what
        for what, rows in (
            ("no model of its own came out", section.models),
            ("no export control that concerns it took effect", section.rules),
            ("no pledge of its own fell due", section.pledges),
            ("no change found in its largest ties", section.breaks),
        )
        if not rows
    ]
    if lacking:
        notes.append(f"On record: {'; '.join(lacking)}.")
    command = f"parity brief {code} --since {section.since}"
    commands = [command, f"parity chips timeline {code}"] if section.rules else [command]
    return Part(f"What changed since {section.since}", tuple(commands), tuple(notes), tuple(grids))


def _moved(section: SinceSection, behind: str) -> Iterable[str]:
    if len(section.ranks) > 1:
        then, now = section.ranks[0], section.ranks[-1]
        yield (
            f"Rank on the data of {then.year}: {estimate(then.rank, 0)}; of {now.year}: "
            f"{estimate(now.rank, 0)} (in brackets the 90 % intervals). "
            "Editions differ in series too."
        )
    if section.lag_now is not None and section.lag_then is not None:
        before = section.lag_then.reason
        if section.lag_then.value is not None:
            before = months(section.lag_then, behind)
        yield f"On {section.since}: {before}. On {section.lag_now_on}: {months(section.lag_now, behind)}."


def _models(lines: list[ModelLine]) -> Grid:
    rows = tuple(
        (str(line.released), line.name, line.developer, line.base or DASH)
        for line in reversed(lines[-MODELS:])
    )
    caption = "" if len(lines) <= MODELS else f"The newest {MODELS} of {len(lines)} models"
    return Grid(("released", "model", "developer", "from weights of"), rows, caption=caption)


def _rules(section: SinceSection) -> Grid:
    rows = tuple((str(one.day), one.instrument, one.citation) for one in section.rules)
    return Grid(("took effect", "rule, letter or guidance", "citation"), rows)


def _breaks(section: SinceSection) -> Grid:
    rows = tuple((one.period, one.partner, estimate(one.change, 0)) for one in section.breaks)
    return Grid(("quarter", "break with", "change, % (90 % interval)"), rows, frozenset({2}))


def pledges(brief: Brief) -> Part:
    """Lay out dated commitments."""
    section, code = brief.sections.pledges, brief.country.iso3
    command = f"parity pledges list --country {code}"
    if isinstance(section, Missing):
        return Part("Pledges", ("parity pledges list",), (f"None: {section.reason}.",))
    own = any(line.by == code for line in section.pledges)
    blocs = sorted({line.by for line in section.pledges} - {code})
    commands = [command] if own else []
    commands += [f"parity pledges list --country '{bloc}'" for bloc in blocs]
    note = f"As of {section.on}: {counted(section.counts)}."
    return Part("Pledges", tuple(commands), (note,), (pledge_grid(section.pledges),))


def pledge_grid(lines: list[PledgeLine], heading: str = "what") -> Grid:
    """Return pledges as a table."""
    rows = tuple((str(line.due), line.status, line.by, line.what, line.why, line.source) for line in lines)
    return Grid(("due", "status", "by", heading, "rests on", "source"), rows, spare=frozenset({4}))


def claims(brief: Brief) -> Part:
    """Lay out public claims with their verdicts."""
    section = brief.sections.claims
    if isinstance(section, Missing):
        return Part("Claims", ("parity check --help",), (f"None: {section.reason}.",))
    note = f"{counted(section.counts)}. Each is held against the evidence as of the day on which it was said."
    rows = tuple(
        (said(line), line.who, line.text, line.verdict, line.why, line.source) for line in section.claims
    )
    columns = ("said", "by", "claim", "verdict", "why", "source")
    commands = tuple(dict.fromkeys(line.command for line in section.claims))
    return Part("Claims about it", commands, (note,), (Grid(columns, rows, spare=frozenset({4})),))


def said(line: ClaimLine) -> str:
    """Return the date of a claim, no more exact than it is known."""
    return str(line.on)[: {"year": 4, "month": 7}.get(line.precision, 10)]


def data_gaps(brief: Brief) -> Part:
    """Lay out what the data do not hold."""
    section = brief.sections.data_gaps
    if not section.gaps:
        return Part("Data gaps", ("parity data list",), ("None: every indicator is observed and recent.",))
    rows = tuple((gap.kind, gap.what, gap.detail) for gap in section.gaps)
    note = f"Old: of years before {section.old_before}."
    return Part("Data gaps", ("parity data list",), (note,), (Grid(("kind", "what", "detail"), rows),))


def sources(brief: Brief) -> Part:
    """Lay out the sources of the indicators."""
    rows = tuple(
        (str(line.indicators), line.source, line.title, line.publisher, line.vintage, line.licence)
        for line in brief.sections.sources.sources
    )
    columns = ("n", "source", "title", "publisher", "vintage", "licence")
    note = (
        "n: indicators of the index that come from it. Other sections name their sources beside the numbers."
    )
    grid = Grid(columns, rows, frozenset({0}), frozenset({2, 5}))
    first = rows[0][1] if rows else "SOURCE"
    return Part("Sources and vintages", ("parity data list", f"parity data show {first}"), (note,), (grid,))
