"""Several countries side by side as a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from parity.brief.document import Document, Fact, Grid, Mark, Part, Plot
from parity.brief.layout._measures import trade_value, within_reach
from parity.brief.layout._page import facts
from parity.brief.layout._standing import INDENT, standing_line
from parity.brief.layout._words import DASH, counted, distance, estimate, months, number, percent, place
from parity.brief.model import Brief, ClaimsSection, Missing, Place, PledgesSection


def side_by_side(briefs: Sequence[Brief]) -> Document:
    """Lay several countries out side by side: a column for each.

    Parameters
    ----------
    briefs
        At least two, of the same index and variant.
    """
    names = tuple(brief.country.name for brief in briefs)
    found = tuple(
        Fact(
            brief.country.name,
            f"{standing_line(brief)}. {facts(brief)[1].text}",
            f"parity brief {brief.country.iso3}",
        )
        for brief in briefs
    )
    leader = min(briefs, key=lambda brief: brief.sections.position.places[0].rank or len(names) ** 9)
    return Document(
        title=" · ".join(names),
        subtitle="side by side",
        headline=f"{leader.country.name} stands first among them",
        facts=found,
        parts=(_ranks(briefs, names), *(part(briefs, names) for part in (_scores, _measures, _record))),
        data=briefs[0].data,
    )


def _ranks(briefs: Sequence[Brief], names: tuple[str, ...]) -> Part:
    sections = [brief.sections.position for brief in briefs]
    nodes = range(len(sections[0].places))
    rows = tuple(
        (_title(sections[0].places[node]), *(place(section.places[node]) for section in sections))
        for node in nodes
    )
    marks = tuple(
        tuple(
            Mark(found.rank, found.rank_low, found.rank_high)
            for found in (section.places[node] for section in sections)
        )
        for node in nodes
    )
    most = max(found.of for section in sections for found in section.places)
    plot = Plot(f"rank, 1 to {most}", 1, most, marks, names)
    level = sections[0].interval_level
    note = f"Rank of {most}, in brackets the {level:.0%} interval." if level else f"Rank of {most}."
    grid = Grid(("", *names), rows, frozenset(range(1, len(names) + 1)), plot=plot)
    return Part("Rank", ("parity rank",), (note,), (grid,))


def _title(found: Place) -> str:
    return INDENT * found.depth + found.title


def _scores(briefs: Sequence[Brief], names: tuple[str, ...]) -> Part:
    sections = [brief.sections.position for brief in briefs]
    rows = tuple(
        (_title(found), *(number(section.places[node].score) for section in sections))
        for node, found in enumerate(sections[0].places)
    )
    grid = Grid(("", *names), rows, frozenset(range(1, len(names) + 1)))
    commands = tuple(f"parity explain {briefs[0].country.iso3} {brief.country.iso3}" for brief in briefs[1:])
    note = "A score has no interval of its own: each rebuild of the index has another scale."
    return Part("Score, 0 to 100", commands, (note,), (grid,))


def _table(briefs: Sequence[Brief], names: tuple[str, ...], cells: dict[str, Callable[[Brief], str]]) -> Grid:
    rows = tuple((label, *(cell(brief) for brief in briefs)) for label, cell in cells.items())
    return Grid(("", *names), rows)


def _measures(briefs: Sequence[Brief], names: tuple[str, ...]) -> Part:
    grid = _table(
        briefs,
        names,
        {
            "Months behind the frontier": _lag,
            "Its best model": lambda brief: brief.sections.lag.of_model or DASH,
            "Best accelerator": lambda brief: within_reach(brief.sections.chips),
            "Hardware lag, months": lambda brief: estimate(brief.sections.chips.lag),
            "Known compute, H100 equivalents": lambda brief: estimate(brief.sections.chips.h100e, 0),
            "Known of the world's published total": lambda brief: percent(brief.sections.chips.share),
            "Trade": _trade,
            "Bloc": _bloc,
            "Largest partners on GitHub": _ties,
            "Sensitive prompts withheld by its models": _control,
        },
    )
    # The same commands as on the page of each country: models, hardware, trade, bloc, ties, information.
    commands = dict.fromkeys(fact.command for brief in briefs for fact in facts(brief)[1:7])
    return Part("Models, hardware, trade, blocs, information", tuple(commands), (), (grid,))


def _lag(brief: Brief) -> str:
    section = brief.sections.lag
    if section.on is None:
        return f"not told: {section.standing.reason}"
    return months(section.standing, section.behind)


def _trade(brief: Brief) -> str:
    section = brief.sections.trade
    if isinstance(section, Missing):
        return "not told"
    return f"{section.lines[0].what}, {section.lines[0].period}: {trade_value(section.lines[0])}"


def _bloc(brief: Brief) -> str:
    section = brief.sections.bloc
    if isinstance(section, Missing):
        return "none"
    return f"{section.bloc}: brings {estimate(section.brings)} of {number(section.score.value)} points"


def _ties(brief: Brief) -> str:
    section = brief.sections.ties
    return "not told" if isinstance(section, Missing) else ", ".join(one.iso3 for one in section.partners)


def _control(brief: Brief) -> str:
    section = brief.sections.control
    return "not audited" if isinstance(section, Missing) else percent(section.rate)


def _record(briefs: Sequence[Brief], names: tuple[str, ...]) -> Part:
    grid = _table(
        briefs,
        names,
        {
            "Pledges": lambda brief: _counts(brief.sections.pledges),
            "Claims": lambda brief: _counts(brief.sections.claims),
            "Distance to a better rank, yearly spreads": _goal,
            "Observed share of the weight": lambda brief: f"{brief.sections.evidence.observed:.0%}",
            "Gaps in the data": lambda brief: str(len(brief.sections.data_gaps.gaps)),
        },
    )
    commands = tuple(f"parity brief {brief.country.iso3}" for brief in briefs)
    return Part("Pledges, claims, what would change it, evidence", commands, (), (grid,))


def _counts(section: PledgesSection | ClaimsSection | Missing) -> str:
    return "none on record" if isinstance(section, Missing) else counted(section.counts)


def _goal(brief: Brief) -> str:
    section = brief.sections.goal
    if isinstance(section, Missing):
        return DASH
    return f"{distance(section)} to rank {section.rank}"
