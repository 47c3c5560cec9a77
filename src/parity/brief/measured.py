"""Tables of what measures give in a brief: models, hardware, trade, ties, the state, claims, changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import polars as pl

from parity.ask.audit import demonstration
from parity.audit import demonstrated
from parity.brief import charts, words
from parity.brief import parts as p
from parity.brief import result as r
from parity.brief.blocs import Bloc
from parity.claims import PublicClaim
from parity.estimate import Estimate
from parity.pledges import PledgeStatus
from parity.show.document import Block, Column, Fact, Facts, Group, Note, Table, Text, estimate
from parity.views.common import ENDS, frame, listed
from parity.views.names import called, in_sentence, upper_first
from parity.views.rank import ends

_MODELS = 12
_TERMS = {
    "free": "Best to be had freely",
    "exception": "Best under a licence exception",
    "approval": "Best with a licence usually granted",
    "case_by_case": "Best with a licence decided case by case",
    "domestic": "Best of its own",
}


def groups(said: r.Sections | r.Unranked) -> Iterator[Group]:
    """Yield the groups that need no rank."""
    yield Group("Models", tuple(_models(said)))
    yield Group("Hardware and compute", tuple(_hardware(said.chips)))
    yield Group("Trade, ties and blocs", tuple(_ties(said)))
    yield Group("Strategy, pledges and information control", tuple(_state(said)))
    told = isinstance(said.claims, p.Missing)
    block: Block = _untold(said.claims) if told else claims(said.claims.claims, "", whole=True)  # type: ignore[arg-type, union-attr]
    yield Group("Public claims about it", (block,))


def _untold(section: p.Missing) -> Text:
    return Text(f"Not told: {section.reason}.")


def _models(said: r.Sections | r.Unranked) -> Iterator[Block]:
    section = said.lag
    if section.on is None:
        yield Text(f"How far its models trail is not told: {section.standing.reason}.")
    else:
        behind = in_sentence(section.behind)
        yield Text(
            f"On {section.on} its best model of its own, {section.of_model}, is "
            f"{words.months(section.standing, behind)}: {behind} first had that level with "
            f"{section.behind_model}. Models on foreign weights are left out."
        )
        rows = [(f"Now, behind {in_sentence(one.behind)}", one.standing) for one in section.others]
        if section.mean is not None:
            rows.append((f"Mean since {section.since}, behind {behind}", section.mean))
        if section.earlier is not None:
            rows.append((f"A year before the data, behind {behind}", section.earlier))
        for line in section.parameters or ():
            rows.append(
                (f"{line.name}{' (at least)' if line.lower_bound else ''}, behind {behind}", line.lag)
            )
        columns = (
            Column("what", "Lag", role="key"),
            *estimate("months", "Months", digits=1),
            Column("months_reason", role="reason"),
        )
        kinds = dict.fromkeys(("months", "months_low", "months_high"), pl.Float64)
        made = frame(rows, "what", "months", **kinds, months_reason=pl.String)
        yield Table(made, columns, "Months behind; below 0 where it leads")
    labs = said.laboratories
    if isinstance(labs, p.Missing):
        yield Text(f"Who makes its models: {labs.reason}.")
        return
    lines = [(one.developer, one.models, one.newest, one.released) for one in labs.developers]
    shown = (
        Column("developer", "Developer", role="key"),
        Column("models", "Models of its own"),
        Column("newest", "The newest"),
        Column("released", "Released", role="time"),
    )
    yield listed(lines, shown, "Who makes its models")
    missing = f" Known to be missing: {labs.missing}." if labs.missing else ""
    yield Note(f"Models known to {labs.known_to or 'no certain day'}.{missing}")


def _hardware(section: p.Chips) -> Iterator[Block]:
    groups = ", ".join(section.groups) or "none"
    yield Text(f"Rules of {section.on}; country groups of the US rules: {groups}.")
    rows = [(_TERMS[terms], device or "none for certain") for terms, device in section.best.items()]
    rows.append(("Best in the world", section.world or "not known"))
    rows.append(("Months behind the world's best", section.lag.text()))
    known = f"{section.h100e.text(0)} H100 equivalents on {section.compute_on}"
    rows.append(("Known compute", known))
    rows.append(("Of the world's published total, at least", words.percent(section.share)))
    columns = (Column("what", "Accelerators and compute", role="key"), Column("value", ""))
    yield listed(rows, columns)
    yield Note(section.compute_note)
    if section.published:
        said = pl.DataFrame([dict(row) for row in section.published])
        shown = (
            Column("measure", "Published by others", role="key"),
            Column("as_of", "Day", role="time"),
            Column("value", "Value", role="value", mixed=True),
            *ENDS,
            Column("unit", "Unit"),
            Column("by", "By", spare=True),
            Column("basis", "Known by", spare=True),
        )
        yield Table(said, shown)
    if section.events:
        yield _events(section.events, "Latest rules, letters and guidance on exports to it")
    if any(one.h100e.value for one in section.compute):
        yield Group("", (charts.compute(section),), columns=2)


def _events(events: Iterable[p.Event], caption: str) -> Table:
    rows = [(one.day, one.instrument, one.citation) for one in events]
    columns = (
        Column("day", "In force", role="time"),
        Column("what", "Rule, letter or guidance", role="key"),
        Column("citation", "Citation"),
    )
    return listed(rows, columns, caption)


def _ties(said: r.Sections | r.Unranked) -> Iterator[Block]:
    if isinstance(said.trade, p.Missing):
        yield Text(f"Trade is not told: {said.trade.reason}.")
    else:
        rows = [(one.what, one.period, words.trade_value(one.value), one.detail) for one in said.trade.lines]
        names = {"what": "Trade", "period": "Period", "value": "Value", "detail": "Held against"}
        columns = tuple(
            Column(name, label, role="key" if name == "what" else "text") for name, label in names.items()
        )
        yield listed(rows, columns)
        yield Note(" ".join(said.trade.caveats))
        yield Group("", tuple(charts.sent(said.trade))[1:], columns=2)
    if isinstance(said.ties, p.Missing):
        yield Text(f"Ties are not told: {said.ties.reason}.")
    else:
        yield from _partners(said.ties)
    bloc = said.bloc
    if isinstance(bloc, p.Missing):
        yield Text(f"Its bloc: {bloc.reason}.")
        return
    yield Text(bloc_line(bloc))
    yield members(bloc)
    yield Note(
        f"Shapley values, which add up; in brackets 90 % intervals over {bloc.draws} rebuilds of the index."
    )


def members(bloc: Bloc) -> Table:
    """Return what the largest members bring to a bloc."""
    lines = [(called(one.iso3), one.brings) for one in bloc.largest]
    columns = (Column("member", "Member", role="key"), *estimate("points", "Points that it brings", digits=1))
    return Table(frame(lines, "member", "points"), columns, f"{bloc.bloc}: what its largest members bring")


def bloc_line(bloc: Bloc) -> str:
    """Return where a bloc stands as one unit, and what the country brings to it."""
    if bloc.place is None:
        known = f"on data that cover {bloc.covered:.0%} of the weight"
        return f"Its score as one unit: {bloc.score.text()}, {known}."
    text = (
        f"As one unit {bloc.bloc} would rank {bloc.rank}{ends(bloc.rank_low, bloc.rank_high)}, score "
        f"{bloc.score.text()}, on data that cover {bloc.covered:.0%} of the weight"
    )
    text += f". The country brings {bloc.brings.text()} points, place {bloc.place} of {len(bloc.members)}"
    if bloc.leaving.value is not None:
        text += f"; without it the score would move by {bloc.leaving.text(sign=True)}"
    return f"{text}."


def _partners(section: p.Ties) -> Iterator[Block]:
    rows = [
        (
            called(one.iso3) + ("*" if one.doubt else ""),
            one.share,
            one.affinity,
            one.low,
            one.high,
            one.earlier,
            _found(one),
        )
        for one in section.partners
    ]
    columns = (
        Column("partner", "Partner", role="key"),
        Column("share", "Of its ties", role="value", format="percent", digits=0),
        Column("affinity", "Affinity", role="value", digits=2),
        *ENDS,
        Column("earlier", "At first", role="value", digits=2),
        Column("found", "Change that a test finds"),
    )
    made = listed(rows, columns, f"Collaboration on GitHub, {section.first} to {section.last}")
    yield made if section.tested else replace(made, columns=columns[:-1])
    yield Note(
        "Affinity: collaboration over what both countries' totals alone would give, in the last four "
        "quarters and in the first four."
        + (" * Accounts there may be of people elsewhere." if any(x.doubt for x in section.partners) else "")
        + (" Tested at a false discovery rate of 5 %." if section.tested else " Intervals and tests: --full.")
    )


def _found(one: p.Partner) -> str:
    if one.period is None or one.kind is None:
        return f"not told: {one.doubt}" if one.doubt else "none"
    until = "" if one.until in (None, one.period) else f" to {one.until}"
    size = Estimate(one.change, one.change_low, one.change_high).text(0, sign=True)
    return f"{one.kind} {one.period}{until}: {size} %"


def _state(said: r.Sections | r.Unranked) -> Iterator[Block]:
    facts = [Fact("Strategy", _strategy(said.strategy))]
    if isinstance(said.control, p.Missing):
        facts.append(Fact("Information control", f"Not told: {said.control.reason}."))
    else:
        one = said.control
        text = (
            f"{one.sentence} Sensitive prompts withheld: {words.percent(one.rate)}, in brackets the range "
            f"over the models. Basis: {one.basis}."
        )
        facts.append(Fact("Information control", text))
        shown = demonstration()
        if one.country in shown.models["country"]:
            facts.extend(Fact("No finding", f"{upper_first(told)}.") for told in demonstrated(shown.labels))
    yield Facts(tuple(facts))
    if isinstance(said.pledges, p.Missing):
        yield Text(f"Pledges: {said.pledges.reason}.")
    else:
        yield pledges(said.pledges.pledges, f"Pledges as they stand on {said.pledges.on}", whole=True)


def _strategy(section: p.Strategies | p.Missing) -> str:
    if isinstance(section, p.Missing):
        return f"Not told: {section.reason}."
    if not section.strategies:
        return f"No strategy of its own was found. {section.note}."
    parts = (
        f"{one.title}"
        + (f", {words.day(one.published, one.precision)}" if one.published else "")
        + ("" if one.verified else " (unverified: no page read)")
        for one in section.strategies
    )
    return f"Yes: {'; '.join(parts)}."


def pledges(lines: Sequence[PledgeStatus], caption: str, *, whole: bool) -> Table:
    """Return pledges by their last day; not the whole, what and how they stand alone."""
    rows = [(one.due, one.status, one.what, one.country, one.evidence, one.source) for one in lines]
    columns = (
        Column("due", "Due", role="time"),
        Column("status", "Status"),
        Column("what", "Pledge", role="key"),
        Column("by", "Binds"),
        Column("why", "Why"),
        Column("source", "Source", role="link"),
    )
    made = listed(rows, columns, caption)
    return made if whole else replace(made, columns=columns[:3])


def claims(lines: Sequence[PublicClaim], caption: str, *, whole: bool) -> Table:
    """Return claims with their verdicts; not the whole, what was said and the verdict alone."""
    rows = [
        (
            words.day(one.on, one.precision),
            words.MARKS.get(one.verdict, f"? {one.verdict}"),
            one.text,
            one.who,
            one.why,
            one.source,
        )
        for one in lines
    ]
    columns = (
        Column("on", "Said"),
        Column("verdict", "Verdict"),
        Column("text", "Claim", role="key"),
        Column("who", "By"),
        Column("why", "Why"),
        Column("source", "Source", role="link"),
    )
    made = listed(rows, columns, caption)
    return made if whole else replace(made, columns=columns[1:3])


def since(said: r.Sections, name: str) -> Iterator[Block]:
    """Yield what has changed since a day."""
    section = said.since
    if len(section.ranks) > 1:
        then, now = section.ranks[0], section.ranks[-1]
        yield Text(
            f"In the AI index history {name} ranks {then.rank.text(0)} on the data to {then.year} and "
            f"{now.rank.text(0)} on those to {now.year} (90 % intervals)."
        )
    if section.lag_then is not None and section.lag_now is not None:
        behind = in_sentence(said.lag.behind)
        before = section.lag_then.reason or words.months(section.lag_then, behind)
        yield Text(
            f"On {section.since}: {before}. On {section.lag_now_on}: {words.months(section.lag_now, behind)}."
        )
    if section.moved:
        rows = [(one.cause, one.day, one.what, one.why) for one in section.moved]
        columns = (
            Column("cause", "Cause"),
            Column("day", "Day", role="time"),
            Column("what", "What changed", role="key"),
            Column("why", "Why"),
        )
        yield listed(rows, columns, "What moved its numbers")
    if section.models:
        lines = [
            (one.released, one.name, one.developer, one.base) for one in reversed(section.models[-_MODELS:])
        ]
        columns = (
            Column("released", "Released", role="time"),
            Column("name", "Model", role="key"),
            Column("developer", "Developer"),
            Column("base", "From weights of"),
        )
        count = len(section.models)
        caption = (
            f"{count} models came out" if count <= _MODELS else f"The newest {_MODELS} of {count} models"
        )
        yield listed(lines, columns, caption)
    if section.pledges:
        yield pledges(section.pledges, "Pledges that fell due", whole=False)
    lacking = [
        what
        for what, rows in (
            ("no model of its own came out", section.models),
            ("no export control that concerns it took effect", section.rules),
            ("no pledge of its own fell due", section.pledges),
        )
        if not rows
    ]
    if lacking:
        yield Text(f"On record: {'; '.join(lacking)}.")
