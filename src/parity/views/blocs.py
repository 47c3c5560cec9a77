"""Blocs in words, tables and figures: who belongs to them, where they stand, what each member brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.serialise import plain
from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import ENDS, document, rank_columns
from parity.views.names import countries, sentence, upper_first, written

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.blocs import BlocList, CompareReport, MemberList, PoolReport

# Names of blocs that take no article in English.
_BARE = frozenset({"APEC", "ASEAN", "AUKUS", "BRICS", "GPAI", "Mercosur", "NATO", "Pax Silica", "WAICO"})
_MOST_NAMED = 3
MOST_BARS = 30
_SCORE = estimate("score", "Score", digits=1)
_RANK = rank_columns("rank", "Rank")


def called(bloc: str) -> str:
    """Return the name of a bloc; of countries that are listed, a few by name."""
    parts = bloc.split(",")
    if len(parts) == 1 or not all(part in countries() for part in parts):
        return countries().get(bloc, bloc)
    if len(parts) > _MOST_NAMED:
        return f"{len(parts)} countries"
    names = [countries()[part] for part in parts]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def bloc_in_sentence(bloc: str) -> str:
    """Return the name of a bloc or a country as it stands in a sentence: "the G7", "the United States"."""
    codes = {name: code for code, name in countries().items()}
    if bloc in countries() or bloc in codes:
        return sentence(codes.get(bloc, bloc))
    bare = "," in bloc or any(bloc == name or bloc.startswith(f"{name} ") for name in _BARE)
    return called(bloc) if bare else f"the {bloc}"


def _listed(codes: tuple[str, ...]) -> str:
    return ", ".join(countries().get(code, code) for code in codes)


def listed(answer: Answer[BlocList]) -> Document:
    """Return the blocs that are known."""
    found = answer.result
    columns = (
        Column("bloc", "Bloc", role="key"),
        Column("title", "Full name", spare=True),
        Column("since", "Since", role="time"),
        *(Column(name, name.capitalize(), role="value", digits=0) for name in _COUNTS),
    )
    when = f" on {written(found.on)}" if found.on else ""
    title = f"Blocs{when}"
    note = "Suspended members stay members. Approximate: the day, or the only source, is not sure."
    headline = f"{found.blocs.height} blocs are known{when}."
    return document(answer, title, headline, [Table(found.blocs, columns, title), Note(note)])


_COUNTS = ("members", "suspended", "partners", "observers", "invited", "disputed", "approximate")


def members(answer: Answer[MemberList]) -> Document:
    """Return who belongs to a bloc, with dates and sources."""
    found = answer.result
    precise = {"year": "%Y", "month": "%Y-%m"}
    day = pl.col("date_from").dt.strftime("%Y-%m-%d")
    for precision, form in precise.items():
        day = pl.when(precision=precision).then(pl.col("date_from").dt.strftime(form)).otherwise(day)
    words = [
        pl.when(name).then(pl.lit(f", {name}")).otherwise(pl.lit("")) for name in ("suspended", "disputed")
    ]
    approximate = pl.when(certainty="approximate").then(pl.lit("~")).otherwise(pl.lit(""))
    table = found.countries.with_columns(
        shown=pl.concat_str(pl.col("status"), *words), since=pl.concat_str(approximate, day)
    )
    columns = (
        Column("iso3", "Code", spare=True),
        Column("name", "Country", role="key"),
        Column("since", "Since"),
        Column("shown", "Status"),
        Column("note", "To know", spare=True),
        Column("source", "Source"),
    )
    title = f"{found.title}: who, since when, by what source"
    when = f" on {written(found.on)}" if found.on else ""
    others = table.height - len(found.members)
    headline = f"{found.bloc} has {_count(len(found.members), 'member')}{when}" + (
        f", and {_count(others, 'country', 'countries')} near it." if others else "."
    )
    note = (
        "~ approximate: the day is in no source, or the source is a secondary one on its own. Disputed: "
        "public sources disagree on the status. Suspended members stay members, and are pooled."
    )
    return document(answer, title, headline, [Table(table, columns, title), Note(note)])


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def _sure(found: PoolReport | CompareReport) -> str:
    if not found.level:
        return ""
    return (
        f"In brackets: {found.level:.0%} intervals over {found.draws} rebuilds of the index with other "
        "choices (73% hold where weights are twice as far off)."
    )


def pool(answer: Answer[PoolReport]) -> Document:
    """Return a bloc as one unit, what each member brings, and who would add most."""
    found, asked = answer.result, answer.question
    node, kind = asked.node, asked.kind  # type: ignore[attr-defined]
    place, name = found.place, upper_first(bloc_in_sentence(found.bloc))
    as_of = f", members as of {written(found.on)}" if found.on else ""
    if place.rank is None:
        headline = f"{name} has too little data to be scored."
    else:
        rank = interval(place.rank, place.rank_low, place.rank_high, 0)
        headline = (
            f"{name} as one would rank {rank} of {found.of} with a score of "
            f"{interval(place.score, place.score_low, place.score_high, 1)}{as_of}."
        )
    blocks: list[Block | None] = [
        Text(f"{_count(len(found.members), 'member')}: {_listed(found.members)}."),
        Text(_who(found)),
    ]
    columns = (Column("title", "Pillar", role="key"), *_RANK, *_SCORE, *_COVERED)
    places = pl.DataFrame(
        [{"node": code, "title": found.titles[code]} | plain(each) for code, each in found.pillars.items()],
        infer_schema_length=None,
    )
    blocks.append(Table(places, columns, f"{called(found.bloc)} as one"))
    if found.before:
        blocks.append(Table(_titled(found, found.change), _CHANGE, f"Against {found.before}"))
    charts: dict[str, Chart | None] = {"members": None, "profile": _profile(found, places, columns)}
    if len(found.members) > 1:
        charts["members"] = shares = _shares(found, node)
        blocks.append(shares.table())
        blocks.append(Table(_weak(found), _WEAK, "Weakest places, and who lifts or drags them (points)"))
    charts["joining"] = newcomers = _joining(found)
    if newcomers:
        blocks.append(newcomers.table())
    first = charts.pop(kind)
    figures = [first, *charts.values(), _change_chart(found) if found.before else None]
    notes = "Ranks are among the countries outside the bloc. " + _sure(found)
    more = (
        ""
        if found.exact
        else " What members bring is estimated from drawn orders of joining; brackets hold that."
    )
    blocks += [Note(f"{notes}{more}".strip()), *(chart for chart in figures if chart)]
    return document(answer, f"{called(found.bloc)} as one unit{as_of}", headline, blocks)


_COVERED = (Column("covered", "Covered", role="value", format="percent", digits=0),)
_CHANGE = (
    Column("title", "Pillar", role="key"),
    Column("change", "Points", role="value"),
    *ENDS,
    Column("rank_before", "Rank before", role="value", digits=0),
    Column("rank", "Rank", role="value", digits=0),
)
_WEAK = (
    Column("title", "Pillar, worst-ranked first", role="key"),
    Column("rank", "Rank", role="value", digits=0),
    Column("lifter_name", "Missed most"),
    *estimate("loss", "Lost without it"),
    Column("drag_name", "Holds back most"),
    *estimate("gain", "Gained without it"),
)


def _who(found: PoolReport) -> str:
    text = f"{found.place.covered:.0%} of the weight rests on members with data."
    if found.suspended:
        text += f" Suspended, pooled all the same: {_listed(found.suspended)}."
    if found.without_data:
        text += f" Without data, in no figure: {_listed(found.without_data)}."
    if found.beyond:
        text += (
            f" It lies beyond every single country in {_count(len(found.beyond), 'indicator')}: there the "
            "scale of countries may hide how far."
        )
    return text


def _titled(found: PoolReport | CompareReport, table: pl.DataFrame) -> pl.DataFrame:
    titles = dict(found.titles)
    return table.filter(pl.col("node").is_in(list(titles))).with_columns(
        title=pl.col("node").replace_strict(titles, return_dtype=pl.String)
    )


def _weak(found: PoolReport) -> pl.DataFrame:
    named = (
        pl.col(who).replace(countries()).fill_null("nobody").alias(f"{who}_name")
        for who in ("lifter", "drag")
    )
    return _titled(found, found.weaknesses).with_columns(*named)


def _profile(found: PoolReport, places: pl.DataFrame, columns: tuple[Column, ...]) -> Chart:
    title = f"{called(found.bloc)}, pillar by pillar"
    spec = marks.spec(
        marks.dots(places, "score", "title", low="score_low", high="score_high", tip=columns),
        x=marks.Axis("Score"),
        at={"x": 100},
    )
    return Chart("profile", title, places, spec, columns, f"{_BEYOND} {_sure(found)}", title)


_BEYOND = "A bloc can score above 100: it has more than any one country."


def _shares(found: PoolReport, node: str) -> Chart:
    """Draw what each member brings to the index or a group of it."""
    where = found.titles.get(node) or next(iter(found.titles.values()))
    rows = []
    for one in found.shapley:
        part = one.pillars.get(node, one.part)
        row: dict[str, Any] = {"iso3": one.iso3, "country": countries().get(one.iso3, one.iso3)}
        row |= {"value": part.value, "low": part.low, "high": part.high}
        row |= {"leaving": one.leaving, "leaving_low": one.leaving_low, "leaving_high": one.leaving_high}
        rows.append(row | {"alone": one.alone})
    table = pl.DataFrame(rows, infer_schema_length=None).sort("value", descending=True, maintain_order=True)
    columns = (
        Column("country", "Country", role="key"),
        Column("value", "Brings", "points", role="value", digits=2),
        Column("low", "Brings, low", role="low"),
        Column("high", "Brings, high", role="high"),
        *estimate("leaving", "Index if it left", "points", digits=2),
        Column("alone", "Index alone", role="value", digits=1),
    )
    title = f"What each member brings to {bloc_in_sentence(found.bloc)}: {where}"
    top = table.head(MOST_BARS)
    spec = marks.spec(
        marks.bars(top, "value", "country", low="low", high="high", tip=columns),
        x=marks.Axis("Points of the score"),
    )
    more = f" The first {MOST_BARS} of {table.height} are drawn." if table.height > MOST_BARS else ""
    caption = (
        "Shapley values: they add up to the score. Below 0: the ratios of the bloc fall when it joins. "
        f"{_sure(found)}{more}"
    )
    first = table.row(0, named=True)
    return Chart("shares", title, table, spec, columns, caption, f"{first['country']} brings most.")


def _dots(table: pl.DataFrame, value: str, name: str, axis: str) -> dict[str, Any]:
    columns = tuple(Column(one) for one in (name, value))
    return marks.spec(
        marks.dots(table, value, name, low="low", high="high", tip=columns), x=marks.Axis(axis), at={"x": 0}
    )


def _joining(found: PoolReport) -> Chart | None:
    if found.joining.is_empty():
        return None
    table = found.joining.with_columns(country=pl.col("iso3").replace(countries()))
    columns = (
        Column("country", "Country", role="key"),
        Column("gain", "Gained", "points", role="value", digits=2),
        *ENDS,
        Column("rank", "Rank with it", role="value", digits=0),
        Column("best", "Best of all, of rebuilds", role="value", format="percent", digits=0),
    )
    title = f"Who would add most to {bloc_in_sentence(found.bloc)}"
    spec = _dots(table, "gain", "country", "Points gained")
    caption = f"Each country outside joins alone. {_sure(found)}"
    alt = f"{table['country'][0]} would add most: {table['gain'][0]:+.2f} points."
    return Chart("joining", title, table, spec, columns, caption, alt)


def _change_chart(found: PoolReport) -> Chart:
    table = _titled(found, found.change)
    title = f"{called(found.bloc)} against {found.before}"
    caption = f"Taken rebuild by rebuild: what moves both alike does not widen it. {_sure(found)}"
    spec = _dots(table, "change", "title", "Change, points")
    return Chart("change", title, table, spec, _CHANGE, caption, title)


def compare(answer: Answer[CompareReport]) -> Document:
    """Return blocs side by side, and the gaps of the first to the others, over the years as well."""
    found = answer.result
    first, *others = found.blocs
    title = f"{called(first)} beside {' and '.join(called(name) for name in others)}"
    rows = _titled(found, found.rows).with_columns(
        pl.col("bloc").replace({name: called(name) for name in found.blocs})
    )
    columns = (
        Column("title", "Pillar", role="key"),
        Column("bloc", "Bloc", role="key"),
        *_RANK,
        *_SCORE,
        *_COVERED,
    )
    gaps = _titled(found, found.gaps).with_columns(
        less=pl.col("b").replace({name: called(name) for name in others})
    )
    spec = marks.spec(
        marks.dots(rows, "score", "title", low="score_low", high="score_high", by="bloc", tip=columns),
        x=marks.Axis("Score"),
    )
    sure = _sure(found)
    note = (
        f"{_BEYOND} Ranks are among the countries outside it; covered: share of the weight with members' "
        "data."
    )
    profile = Chart("profile", f"{title}, pillar by pillar", rows, spec, columns, f"{_BEYOND} {sure}", title)
    blocks: list[Block] = [
        _wide(found, rows, title),
        Table(gaps, _GAPS, f"{called(first)} less the others"),
        Text("Differences are taken rebuild by rebuild: what moves both alike does not widen them."),
        Note(f"{note} {sure}".strip()),
    ]
    years: list[Block] = []
    if found.year_note:
        years = list(_years(found))
    # Who asks for years wants their figure first.
    blocks += [*years, profile] if years else [profile]
    headline = " ".join(_gap_told(found, other) for other in others)
    return document(answer, title, headline, blocks)


_GAPS = (
    Column("title", "Pillar", role="key"),
    Column("less", "Less", role="key"),
    Column("gap", "Points", role="value", digits=1),
    *ENDS,
    Column("ahead", "Ahead, of rebuilds", role="value", format="percent", digits=0),
)


def _wide(found: CompareReport, rows: pl.DataFrame, title: str) -> Table:
    """Return one row per group, and for each bloc its score and rank."""
    columns = [Column("title", "Pillar", role="key")]
    table = rows.filter(bloc=rows["bloc"][0]).select("title")
    for name in found.blocs:
        shown = called(name)
        own = rows.filter(bloc=shown).select(
            pl.all().exclude("node", "bloc", "title", "covered").name.suffix(f" {name}"), "title"
        )
        table = table.join(own, on="title", how="left", maintain_order="left")
        columns += [
            Column(f"score {name}", shown, role="value", digits=1),
            Column(f"score_low {name}", f"{shown}, low", role="low"),
            Column(f"score_high {name}", f"{shown}, high", role="high"),
            Column(f"rank {name}", "Rank", role="value", digits=0),
            Column(f"rank_low {name}", "Rank, best", role="low"),
            Column(f"rank_high {name}", "Rank, worst", role="high"),
        ]
    return Table(table, tuple(columns), title)


def _gap_told(found: CompareReport, other: str) -> str:
    first = next(iter(found.blocs))
    gap = found.gap(other)
    if gap.value is None:
        return f"{upper_first(bloc_in_sentence(first))} and {bloc_in_sentence(other)} cannot be compared."
    verb = "leads" if gap.value > 0 else "trails"
    low, high = (None if end is None else abs(end) for end in (gap.low, gap.high))
    signed = gap.low is not None and gap.high is not None and gap.low * gap.high < 0
    text = gap.text(1, sign=True) if signed else interval(abs(gap.value), *sorted_ends(low, high), 1)
    unsure = ": not told apart" if signed else ""
    return (
        f"{upper_first(bloc_in_sentence(first))} {verb} {bloc_in_sentence(other)} by {text} points{unsure}."
    )


def sorted_ends(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return the ends of an interval in their order."""
    return (low, high) if low is None or high is None or low <= high else (high, low)


def _years(found: CompareReport) -> tuple[Block, ...]:
    """Return whether gaps closed, the gaps year by year, and a figure for the index and each pillar."""
    if found.year_gaps.is_empty():
        return (Note(upper_first(f"{found.year_note}.")),)
    first, *others = found.blocs
    known = {name: called(name) for name in found.blocs}
    table = _titled(found, found.year_gaps).with_columns(
        when=pl.col("year").cast(pl.String).fill_null("change"), less=pl.col("b").replace(known)
    )
    start, *_, end = found.year_gaps["year"].drop_nulls().unique().sort().to_list()
    when = f"On {_count(found.year_indicators, 'indicator')}, from {start} to {end}"
    told = [text for other in others if (text := _closing(found, other, when))]
    columns = (
        Column("title", "Pillar", role="key"),
        Column("less", "Less", role="key"),
        Column("when", "Year", role="time"),
        *_GAPS[2:5],
    )
    title = f"{called(first)} less {' and '.join(called(name) for name in others)}, year by year"
    caption = (
        f"Above 0 {bloc_in_sentence(first)} is ahead. Bands: {found.level or 0.9:.0%} intervals. "
        f"{found.year_note}"
    )
    charts = []
    for node, heading in found.titles.items():
        rows = table.filter(pl.col("year").is_not_null(), node=node)
        if rows.is_empty() or node not in _panels(found):
            continue
        lines = rows.with_columns(date=pl.date(pl.col("year"), 12, 31))
        spec = marks.spec(
            marks.lines(lines, "date", "gap", low="low", high="high", by="less", points=True, tip=columns),
            y=marks.Axis("Points"),
            at={"y": 0},
            height=240,
        )
        charts.append(
            Chart(f"years-{node}", f"{heading}: {title}", rows, spec, columns, caption, " ".join(told))
        )
    scores = _titled(found, found.years).filter(node=next(iter(found.titles)))
    scores = scores.with_columns(pl.col("bloc").replace(known))
    score_columns = (
        Column("year", "Year", role="time"),
        Column("bloc", "Bloc", role="key"),
        *_SCORE,
        Column("rank", "Rank", role="value", digits=0),
    )
    return (
        Group(
            "A counterweight?",
            (
                *(Text(text) for text in told),
                Table(scores.sort("year", maintain_order=True), score_columns, "Score by year"),
                Table(table, columns, title),
                Note(found.year_note),
                *charts,
            ),
        ),
    )


def _panels(found: CompareReport) -> list[str]:
    """Return the index and its pillars: what stands right below it."""
    top, *rest = found.titles
    pillars = ("implementation", "innovation", "investment")
    return [top, *(node for node in rest if node in pillars)]


def _closing(found: CompareReport, other: str, when: str) -> str:
    """Return whether the gap in the index to another has closed."""
    change, first = found.gap(other, change=True), bloc_in_sentence(next(iter(found.blocs)))
    if change.value is None or change.low is None or change.high is None:
        return ""
    points = interval(abs(change.value), *sorted_ends(abs(change.low), abs(change.high)), 1)
    if change.low > 0:
        return f"{when} {first} gained {points} points on {bloc_in_sentence(other)}."
    if change.high < 0:
        return f"{when} {first} lost {points} points against {bloc_in_sentence(other)}."
    return (
        f"{when} the gap to {bloc_in_sentence(other)} changed by {change.text(1, sign=True)} points: "
        "not told from none."
    )
