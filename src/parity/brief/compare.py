"""Several countries side by side, and the members of a group, as a document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.brief import charts, measured, words
from parity.brief.result import Comparison, CountryBrief, Row
from parity.catalogue import none_on_record
from parity.show import marks
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import document, listed, rank_columns, rows_of, spread
from parity.views.names import in_sentence, ordinal, upper_first
from parity.views.rank import ends, in_forms, labels

if TYPE_CHECKING:
    from parity.ask.answer import Answer

_LAG = estimate("lag", "Months behind", digits=1)


def comparison(answer: Answer[Comparison]) -> Document:
    """Return countries side by side: a table of all, figures, then their differences."""
    found, asked = answer.result, answer.question
    places: Any = asked.places  # type: ignore[attr-defined]
    names = [row.name for row in found.rows]
    title = f"{places[0]}: its {len(names)} members side by side" if not found.briefs else " · ".join(names)
    blocks: list[Block] = [_ranks(found), _distances(found), Note(_note(found))]
    blocks.append(Group("", (_forms_chart(found.rows, title), *_lag_chart(found.rows, title)), columns=2))
    if found.group is not None:
        blocks += [Text(measured.bloc_line(found.group)), measured.members(found.group)]
    if found.briefs:
        beside = charts.beside({one.country.name: one.sections.position for one in found.briefs})
        blocks += [_topics(found.briefs), Group("By pillar", (beside, _pillars(found.briefs)), new_page=True)]
    return document(answer, title, _headline(found, places[0]), blocks)


def _headline(found: Comparison, place: str) -> str:
    known = [row for row in found.rows if row.forms["mixed"].rank is not None]
    if not known:
        return "None of these countries is ranked."
    first = min(known, key=lambda row: row.forms["mixed"].rank or 0)
    if found.group is not None:
        group = found.group
        return (
            f"As one unit {group.bloc} would rank {ordinal(group.rank)} in AI"
            f"{ends(group.rank_low, group.rank_high)}; its first member is {in_sentence(first.iso3)}, "
            f"{in_forms(first.forms)}."
        )
    parts = [f"{in_sentence(row.iso3)} is {in_forms(row.forms)}" for row in known]
    return f"In AI {'. '.join(upper_first(part) if at else part for at, part in enumerate(parts))}."


def _ranks(found: Comparison) -> Table:
    rows = [
        (row.name, *(end for at in row.forms.values() for end in words.ends_of(at)), row.observed)
        for row in found.rows
    ]
    columns = (
        Column("name", "Country", role="key"),
        *(
            column
            for form, label in labels(found.rows[0].forms).items()
            for column in rank_columns(form, label)
        ),
        Column("observed", "Observed", role="value", format="percent", digits=0, spare=True),
    )
    return listed(rows, columns, "Ranks in AI")


def _distances(found: Comparison) -> Table:
    rows = [
        {"name": row.name, "behind": row.behind}
        | spread("lag", replace(row.lag, reason="not told" if row.lag.reason else ""))
        | spread("hardware", row.hardware)
        | spread("h100e", row.h100e)
        | {"pledges": words.counted(row.pledges), "why": row.lag.reason or None}
        for row in found.rows
    ]
    columns = (
        Column("name", "Country", role="key"),
        *_LAG,
        Column("lag_reason", role="reason"),
        *estimate("hardware", "Hardware lag", digits=1),
        *(replace(column, spare=True) for column in estimate("h100e", "H100s known", digits=0)),
        Column("pledges", "Pledges", spare=True),
        Column("why", "Why no lag is told", hidden=True),
    )
    numbers = (f"{name}{end}" for name in ("lag", "hardware", "h100e") for end in ("", "_low", "_high"))
    kinds = {**dict.fromkeys(numbers, pl.Float64), "lag_reason": pl.String, "why": pl.String}
    frame = pl.DataFrame(rows, schema_overrides=kinds, infer_schema_length=None)
    return Table(frame, columns, "Months behind, and known compute")


def _note(found: Comparison) -> str:
    """Return what the columns are, and why some lags are not told."""
    text = (
        "Ranks with 90 % intervals: by size (how much there is), per person or per GDP, and both. Months of "
        "the best models of its own behind the USA (of the USA: China); of the best accelerator within reach "
        "behind the world's best. Known compute is a lower bound."
    )
    untold = [row.iso3 for row in found.rows if row.lag.value is None]
    return f"{text} Why a lag is not told: `parity lag {untold[0]}`." if untold else text


def _pillars(briefs: tuple[CountryBrief, ...]) -> Table:
    """Return the rank of each country in every pillar."""
    each = zip(*(one.sections.position.places for one in briefs), strict=True)
    rows = [
        ("\u2003" * places[0].depth + places[0].title, *(end for at in places for end in words.ends_of(at)))
        for places in each
    ]
    columns = [Column("what", "Rank in", role="key")]
    for one in briefs:
        code, name = one.country.iso3, one.country.name
        columns += rank_columns(code, name)
    return listed(rows, columns, "Ranks by pillar, mixed form")


def _topics(briefs: tuple[CountryBrief, ...]) -> Table:
    """Return the findings of each country, topic by topic."""
    told = [words.findings(one, changed=False) for one in briefs]
    rows = [
        {"what": facts[0].topic}
        | {one.country.iso3: fact.text for one, fact in zip(briefs, facts, strict=True)}
        for facts in zip(*told, strict=True)
    ]
    extra: dict[str, Any] = {"what": "Best model"}
    none = none_on_record("model with scores enough", "models")
    extra |= {one.country.iso3: one.sections.lag.of_model or none for one in briefs}
    strong: dict[str, Any] = {"what": "Strongest in"}
    strong |= {one.country.iso3: _titles(one) for one in briefs}
    columns = (
        Column("what", "Topic", role="key"),
        *(Column(one.country.iso3, one.country.name) for one in briefs),
    )
    return Table(pl.DataFrame([*rows[1:2], extra, *rows[2:], strong]), columns, "Findings side by side")


def _titles(one: CountryBrief) -> str:
    return "; ".join(each.title for each in one.sections.profile.strengths[:3])


def _forms_chart(rows: tuple[Row, ...], title: str) -> Chart:
    lines = [
        (row.name, label, *words.ends_of(row.forms[form]))
        for row in rows
        if row.forms["mixed"].rank is not None
        for form, label in labels(row.forms).items()
    ]
    columns = (
        Column("name", "Country", role="key"),
        Column("form", "Form", role="key"),
        *rank_columns("rank", "Rank"),
    )
    frame = rows_of(lines, columns)
    spec = marks.spec(
        marks.dots(frame, "rank", "name", low="rank_low", high="rank_high", by="form", tip=columns),
        x=marks.Axis("Rank (1 is best)"),
    )
    caption = "Bar: where the rank lies in 90 % of rebuilds with other choices that could be defended."
    return Chart(
        "forms", f"{title}: ranks in three forms", frame, spec, columns, caption, f"{len(rows)} countries."
    )


def _lag_chart(rows: tuple[Row, ...], title: str) -> tuple[Chart, ...]:
    known = [
        (row.name, *(row.lag.value, row.lag.low, row.lag.high)) for row in rows if row.lag.value is not None
    ]
    if not known:
        return ()
    columns = (Column("name", "Country", role="key"), *_LAG)
    frame = rows_of(known, columns).sort("lag")
    spec = marks.spec(
        marks.dots(frame, "lag", "name", low="lag_low", high="lag_high", tip=columns),
        x=marks.Axis("Months behind"),
        at={"x": 0},
    )
    caption = "Behind the USA; of the USA behind China. Bars: 90 % intervals. Left of 0: ahead."
    return (Chart("lags", f"{title}: months behind", frame, spec, columns, caption, f"{len(known)} lags."),)
