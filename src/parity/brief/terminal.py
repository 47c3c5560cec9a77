"""A brief on a terminal."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from parity.brief.model import (
    BlocSection,
    Brief,
    ChangeSection,
    ChipsSection,
    ControlSection,
    EvidenceSection,
    FrontierSection,
    Gap,
    IndicatorPlace,
    PositionSection,
    ProfileSection,
    SourcesSection,
)
from parity.estimate import Estimate

BAR = 20


def render(brief: Brief, console: Console) -> None:
    """Print a brief.

    Parameters
    ----------
    brief
        What to print.
    console
        Where to; its width and colours are respected.
    """
    country, sections = brief.country, brief.sections
    overall = sections.position.places[0]
    facts = [fact for fact in (country.income_group, country.region, ", ".join(country.blocs)) if fact]
    interval = _interval(overall.rank_low, overall.rank_high)
    parts: list[RenderableType] = [
        Text(f"{country.name} ({country.iso3})", style="bold"),
        Text(" | ".join(facts), style="dim"),
        Text(
            f"\nRank {overall.rank} of {overall.of}{interval}, score {overall.score:.1f} of 100", style="bold"
        ),
        _heading("Position"),
        _position(sections.position),
        _heading(f"Strengths and weaknesses against {_peer_names(sections.profile)}"),
        _profile(sections.profile),
    ]
    for gap in sections.gap.gaps:
        parts += [_heading(f"Gap to {gap.name} ({gap.role}): {gap.gap:.1f} points"), _gap(gap)]
    parts += [_heading("What the score rests on"), _evidence(sections.evidence)]
    if sections.change is not None:
        parts += [_heading("Change over the years"), _change(sections.change)]
    parts += [_heading("Behind the frontier"), _lag(sections.lag)]
    parts += [_heading("Accelerators"), _chips(sections.chips)]
    if sections.bloc is not None:
        parts += [_heading(f"In {sections.bloc.bloc}"), _bloc(sections.bloc)]
    if sections.control is not None:
        parts += [_heading("Information control in its models"), _control(sections.control)]
    parts += [_heading("Sources"), _sources(sections.sources), Text(f"\nData: {brief.data}.", style="dim")]
    console.print(Group(*parts), highlight=False)


def _heading(text: str) -> Text:
    return Text(f"\n{text}", style="bold underline")


def _interval(low: int | None, high: int | None) -> str:
    return "" if low is None or high is None else f" ({low} to {high})"


def _table(*columns: str) -> Table:
    """Return a plain table; a heading that starts with > is of numbers."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column.removeprefix(">"), justify="right" if column.startswith(">") else "left")
    return table


def _position(section: PositionSection) -> Table:
    table = _table("", ">share", ">rank", ">interval", ">score", "0 to 100")
    for place in section.places:
        score = place.score or 0.0
        filled = round(BAR * score / 100)
        table.add_row(
            "  " * place.depth + place.title,
            f"{place.share:.0%}",
            str(place.rank),
            _interval(place.rank_low, place.rank_high).strip(" ()") or "-",
            f"{score:.1f}",
            "█" * filled + "·" * (BAR - filled),
        )
    return table


def _peer_names(section: ProfileSection) -> str:
    return " and ".join(f"{peer.name} ({peer.size})" for peer in section.peers)


def _profile(section: ProfileSection) -> Table:
    names = [peer.name for peer in section.peers]
    table = _table(
        "", "indicator", ">value", "unit", ">year", ">rank", ">score", *(f">{name}" for name in names)
    )
    for mark, places in (("+", section.strengths), ("-", section.weaknesses)):
        for place in places:
            table.add_row(
                mark, place.title, *_indicator(place), *(f"{place.peers[name]:.0f}" for name in names)
            )
    return table


def _indicator(place: IndicatorPlace) -> tuple[str, ...]:
    value = "-" if place.value is None else f"{place.value:,.4g}"
    value += {"imputed": " (imputed)", "structural_zero": " (no record)", "estimated": " (est.)"}.get(
        place.flag, ""
    )
    return value, place.unit, str(place.year or "-"), str(place.rank or "-"), f"{place.score:.0f}"


def _gap(gap: Gap) -> Group:
    split = ", ".join(f"{title} {points:+.1f}" for title, points in gap.pillars.items())
    table = _table(">points", "largest parts")
    for part in gap.parts:
        table.add_row(f"{part.contribution:+.2f}", part.title)
    return Group(Text(split), table)


def _evidence(section: EvidenceSection) -> Group:
    lines = [
        f"{section.observed:.0%} observed, {section.estimated:.0%} estimated by the publisher, "
        f"{section.imputed:.0%} imputed, {section.zero_filled:.0%} taken as zero for want of a record."
    ]
    if section.imputed_indicators:
        lines.append("Imputed: " + "; ".join(section.imputed_indicators))
    if section.zero_indicators:
        lines.append("Taken as zero: " + "; ".join(section.zero_indicators))
    return Group(*map(Text, lines))


def _change(section: ChangeSection) -> Group:
    note = Text(
        f"On the {section.indicators} indicators with data as of every year ({section.share:.0%} of the "
        "weight), scaled as in the last one."
    )
    years = _table("", *(f">{place.year}" for place in section.years))
    years.add_row("rank", *(str(place.rank or "-") for place in section.years))
    years.add_row("score", *("-" if place.score is None else f"{place.score:.1f}" for place in section.years))
    pillars = _table("pillar", ">change", ">rank then", ">rank now")
    for pillar in section.pillars:
        points = "-" if pillar.change is None else f"{pillar.change:+.1f}"
        pillars.add_row(pillar.title, points, str(pillar.rank_first or "-"), str(pillar.rank_last or "-"))
    return Group(note, years, pillars)


def _lag(section: FrontierSection) -> RenderableType:
    if section.on is None:
        return Text(f"Not told: {section.standing.reason}.")
    lines = [
        f"{_months(section.standing, section.behind)} on {section.on}: {section.of_model} against "
        f"{section.behind_model}."
    ]
    if section.mean is not None:
        lines.append(f"{_months(section.mean, section.behind)}, on average since {section.since}.")
    table = _table("parameter", ">months", "what against what")
    for line in section.parameters:
        months = line.lag.text() if line.lag.value is not None else "-"
        table.add_row(
            line.name, ("at least " if line.lower_bound else "") + months, line.detail or line.lag.reason
        )
    return Group(*map(Text, lines), table)


def _months(lag: Estimate, behind: str) -> str:
    """Return a lag in words; a negative one is a lead."""
    word = "behind"
    if lag.value is not None and lag.value < 0:
        low, high = (None if end is None else -end for end in (lag.high, lag.low))
        lag, word = Estimate(-lag.value, low, high, lag.level, lag.unit), "ahead of"
    level = "" if lag.level is None else f" ({lag.level:.0%} interval)"
    return f"{lag.text()} months{level} {word} {behind}"


def _chips(section: ChipsSection) -> Group:
    best = ", ".join(
        f"{terms.replace('_', ' ')}: {device}" for terms, device in section.best.items() if device
    )
    lag = section.lag.text() if section.lag.value is not None else _at_least(section.lag)
    lines = [
        f"On {section.on}, country groups of the US rules: {', '.join(section.groups) or 'none'}.",
        f"Best within reach: {best or 'none for certain'}; in the world: {section.world}.",
        f"Hardware lag: {lag} months.",
        f"Known installed compute on {section.compute_on}: {section.h100e.text(0)} H100 equivalents, "
        f"{_percent(section.share)} of the world's.",
        section.compute_note,
    ]
    if not section.events:
        return Group(*map(Text, lines))
    table = _table("since", "latest events", "citation")
    for event in section.events:
        table.add_row(event.day.isoformat(), event.instrument, event.citation)
    return Group(*map(Text, lines), table)


def _at_least(estimate: Estimate) -> str:
    if estimate.low is None:
        return f"not told ({estimate.reason});"
    return f"at least {estimate.low:.1f}"


def _percent(share: Estimate) -> str:
    if share.value is None:
        return "an unknown share"
    low, high = (f"{100 * end:.2g}" if end is not None else "open" for end in (share.low, share.high))
    return f"{100 * share.value:.2g} % ({low} to {high})"


def _bloc(section: BlocSection) -> Group:
    interval = _interval(section.rank_low, section.rank_high)
    score = "-" if section.score is None else f"{section.score:.1f}"
    leaving = (
        "" if section.leaving is None else f"; without it the bloc's score would move {section.leaving:+.1f}"
    )
    largest = ", ".join(f"{member.iso3} {member.value:.1f}" for member in section.largest)
    text = (
        f"As one unit {section.bloc} would rank {section.rank}{interval}, score {score}, on data that cover "
        f"{section.covered:.0%} of the weight. The country brings {section.value:.1f} points, place "
        f"{section.place} of {len(section.members)}{leaving}. Most comes from {largest}."
    )
    table = _table("partner on GitHub", ">affinity now", ">90 % interval", ">at first", "break", ">change")
    for partner in section.partners:
        table.add_row(
            partner.iso3,
            _two(partner.affinity),
            "-" if partner.low is None else f"{_two(partner.low)} to {_two(partner.high)}",
            _two(partner.earlier),
            partner.period or "-",
            "-" if partner.change is None else f"{partner.change:+.0f} %",
        )
    return Group(Text(text), table)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _control(section: ControlSection) -> Text:
    return Text(f"{section.sentence}\nBasis: {section.basis}.")


def _sources(section: SourcesSection) -> Group:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("n", justify="right", min_width=2)
    for column, width in (("source", None), ("publisher", 30), ("vintage", 34), ("licence", None)):
        table.add_column(column, no_wrap=True, overflow="ellipsis", max_width=width)
    for line in section.sources:
        table.add_row(str(line.indicators), line.source, line.publisher, line.vintage, line.licence)
    return Group(
        table,
        Text("n: indicators. `parity data show SOURCE` gives title, citation and coverage.", style="dim"),
    )
