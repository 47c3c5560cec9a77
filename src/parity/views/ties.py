"""How closely countries work together, in words, tables and figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.blocs import NetworkReport, PairReport, PairsReport, PartnersReport, doubt
from parity.estimate import rounded
from parity.show import marks
from parity.show.cells import interval
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.blocs import bloc_in_sentence, called
from parity.views.common import document
from parity.views.names import countries, in_sentence, sentence, upper_first
from parity.views.ties_words import told_break, told_change

if TYPE_CHECKING:
    from parity.ask.answer import Answer

NAME = "open-source collaboration on GitHub"
"""What the ties are: neither all collaboration nor that on AI."""

MODELS = "Models of AI developed together"
_MODELS_NOTE = (
    "Notable models whose organisations lie in both countries, by Epoch AI: ties in AI itself, few and up "
    "to the "
    "last entry of that list. Open-source collaboration is something else: all software, whatever it does."
)
_AFFINITY = "Affinity: observed over expected from both countries' totals; 1 is as expected."
_ALPHA = 0.05
# Doublings and halvings at which the colours of a map end.
_END = 4.0
MOST_NUMBERS, MOST_LINES, MOST_CELLS = 14, 60, 40
_EVENTS = Column("weight", "Events a quarter", role="value", digits=0)
_RATIO = estimate("affinity", "Affinity", digits=2)
_RATIO = (
    _RATIO[0],
    Column("low", "Affinity, low", role="low"),
    Column("high", "Affinity, high", role="high"),
)
_CHANGED = (
    Column("kind", "Likeliest change", spare=True),
    Column("period", "From", spare=True),
    Column("until", "Until", spare=True),
    Column("change", "Change there", "%", role="value", digits=0),
    Column("change_low", "Change, low", role="low"),
    Column("change_high", "Change, high", role="high"),
    Column("q", "False discovery rate", role="value", digits=3),
    Column("models", "AI models together", role="value", digits=0),
    Column("one_firm", "AI models of one firm in both", role="value", digits=0, spare=True),
)


def ties(answer: Answer[Any]) -> Document:
    """Return what was asked: a pair, a country's partners, a bloc's members, or all pairs."""
    for kind, made in ((PairReport, _pair), (PartnersReport, _partners), (NetworkReport, _network)):
        if isinstance(answer.result, kind):
            return made(answer)
    return _pairs(answer)


def _in_order(answer: Answer[Any], *charts: Chart) -> tuple[Chart, ...]:
    """Return figures, the map first where that is asked for."""
    wanted = answer.question.kind == "map"  # type: ignore[attr-defined]
    return tuple(sorted(charts, key=lambda chart: chart.name.endswith("map") != wanted))


def _limits(found: Any) -> Block:
    lines = (*found.limits, "A break has a date, not a cause.")
    return Group("What the data cannot show", (Text(" ".join(lines)),), folded=True)


def _changed_data(found: PairReport | PartnersReport) -> str:
    """Return what was done to the ties before, in a sentence."""
    parts = [f"counted as one: {', '.join(found.merged)}"] if found.merged else []
    parts += [f"left out: {', '.join(found.without)}"] if found.without else []
    return f"{upper_first('; '.join(parts))}." if parts else ""


def _pair(answer: Answer[PairReport]) -> Document:
    found = answer.result
    names = " and ".join((sentence(found.a), in_sentence(found.b)))
    title = f"{upper_first(names)}: {NAME}"
    columns = (
        Column("period", "Quarter", role="key"),
        Column("weight", "Events", role="value", digits=0),
        *_RATIO,
    )
    gravity = found.gravity
    expected = (
        "Against what totals, distance and language let expect (a gravity model): "
        f"{gravity.text(2)} times as much."
        if gravity.value is not None
        else ""
    )
    texts = [told_change(found), _changed_data(found), expected]
    one_sided = (
        f"One direction alone is published in {', '.join(found.one_sided)}." if found.one_sided else ""
    )
    level = f"Intervals: {found.level:.0%}; of affinity in one quarter, of changes by a test of all dates."
    blocks = [
        *(Text(text) for text in texts if text),
        Table(found.series, columns, title),
        *_models(found.models, names),
        Note(" ".join(part for part in (level, _AFFINITY, one_sided) if part)),
        _limits(found),
        *_pair_charts(found, title, columns),
    ]
    return document(answer, title, told_break(found), blocks)


def _models(models: pl.DataFrame, names: str) -> tuple[Block, ...]:
    """Return the models of AI that both developed, apart from collaboration in software at large."""
    if models.is_empty():
        text = f"None of Epoch AI's notable models has organisations of {names}."
        return (Group(MODELS, (Text(text),)),)
    columns = (
        Column("date", "Date", role="time"),
        Column("model", "Model", role="key"),
        Column("developer", "Organisations"),
    )
    own = models["one_firm"].sum()
    count, (last, *_), (*_, first) = models.height, models["date"].to_list(), models["date"].to_list()
    inside = f", {own} of them of one firm that lies in both countries" if own else ""
    text = f"{count} {'model' if count == 1 else 'models'} from {first} to {last}{inside}."
    return (Group(MODELS, (Text(text), Table(models, columns, MODELS), Note(_MODELS_NOTE))),)


def _day(period: str) -> dt.date:
    """Return the first day of a quarter or a year."""
    year, _, quarter = period.partition("Q")
    return dt.date(int(year), 3 * int(quarter or 1) - 2, 1)


def _dated(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(date=pl.col("period").map_elements(_day, return_dtype=pl.Date))


def _pair_charts(found: PairReport, title: str, columns: tuple[Column, ...]) -> tuple[Chart, ...]:
    """Draw affinity with its break and what is not sure of its date, and below it events by quarter."""
    rows = _dated(found.series)
    drawn = [
        marks.lines(rows, "date", "affinity", low="low", high="high", points=True, tip=columns),
    ]
    if found.breaks:
        one = found.breaks[0]
        ends = [(one.period, one.earliest, one.latest)]
        ends += [(one.until, one.until_earliest, one.until_latest)] if one.kind != "step" else []
        level = float(rows["low"].min() or rows["affinity"].min() or 1.0)  # type: ignore[arg-type]
        at = [{"date": _day(p), "first": _day(a), "last": _day(b), "level": level} for p, a, b in ends]
        label = pl.DataFrame(
            [at[0] | {"text": f"{one.kind} {one.period}: {one.change.value:+.0f} %, p = {rounded(one.p, 2)}"}]
        )
        drawn.append(marks.dots(pl.DataFrame(at), "date", "level", low="first", high="last"))
        drawn.append(marks.labels(label, "date", "level", "text", above=-12))
    known = [each for name in ("affinity", "low", "high") for each in rows[name].drop_nulls()]
    domain = (0.9 * min(known, default=1.0), 1.1 * max(known, default=1.0))
    axis = marks.Axis("Affinity (1: as expected)", domain=domain, log=True)
    spec = marks.spec(*drawn, y=axis, height=260)
    caption = f"{_AFFINITY} Band: {found.level:.0%} interval of a quarter."
    if found.breaks:
        caption += " Dots below: where a break begins, and ends if it is a slope; bars: where that may lie."
    affinity = Chart("tie", title, rows, spec, columns, caption, told_break(found))
    events = marks.spec(
        marks.lines(rows, "date", "weight", points=True, tip=columns),
        y=marks.Axis("Events a quarter", zero=True),
        height=200,
    )
    heading = f"{title}, events"
    return affinity, Chart("tie-events", heading, rows, events, columns, "Both directions together.", heading)


def _partners(answer: Answer[PartnersReport]) -> Document:
    found, top = answer.result, answer.question.top  # type: ignore[attr-defined]
    name = countries()[found.country]
    title = f"{name}: partners in {NAME}"
    table = found.partners.with_columns(partner=pl.col("iso3").replace(countries()))
    columns = (
        Column("iso3", "Code", spare=True),
        Column("partner", "Partner", role="key"),
        _EVENTS,
        *_RATIO,
        Column("earlier", "Before", role="value", digits=2),
        *_CHANGED,
    )
    clear = table.filter(pl.col("q") <= _ALPHA).height
    largest = table.row(0, named=True) if table.height else None
    headline = f"{name} has no published partner."
    if largest:
        headline = (
            f"{upper_first(sentence(found.country))} works most with {in_sentence(largest['iso3'])} "
            f"({largest['weight']:,.0f} events a quarter, affinity "
            f"{interval(largest['affinity'], largest['low'], largest['high'], 2)}); with {clear} of "
            f"{table.height} partners the tie changed clearly."
        )
    disturbed = (
        f" Changes may be accounts that stand elsewhere: {doubt(found.artefacts)}." if found.artefacts else ""
    )
    note = (
        f"{_AFFINITY} Before: that of the first four quarters. Likeliest change: found where the false "
        f"discovery rate among all partners is small.{disturbed}"
    )
    together = table.filter(pl.col("models") > 0).height
    text = (
        f"Organisations of {together} of these partners developed notable models of AI with it: last column."
    )
    blocks: list[Block | None] = [
        Text(_changed_data(found)) if _changed_data(found) else None,
        Table(table.head(top), columns, title, whole=table.select(each.name for each in columns)),
        Text(text),
        Note(note),
        _limits(found),
        _partners_chart(table.head(min(top, 25)), name, title, columns),
    ]
    return document(answer, title, headline, blocks)


def _partners_chart(table: pl.DataFrame, name: str, title: str, columns: tuple[Column, ...]) -> Chart:
    """Draw affinity in the first and in the latest quarters."""
    known = table.drop_nulls(["affinity", "earlier"]).filter(pl.col("earlier") > 0, pl.col("affinity") > 0)
    rows = pl.concat(
        known.select("partner", when=pl.lit(when), affinity=value, low=low, high=high)
        for when, value, low, high in (
            ("first four quarters", "earlier", pl.lit(None, pl.Float64), pl.lit(None, pl.Float64)),
            ("latest four quarters", "affinity", "low", "high"),
        )
    )
    tip = (Column("partner", "Partner", role="key"), Column("when", "When"), *_RATIO)
    spec = marks.spec(
        marks.dots(rows, "affinity", "partner", low="low", high="high", by="when", tip=tip),
        x=marks.Axis(f"Affinity with {name} (1: as expected)", log=True),
        at={"x": 1},
    )
    return Chart("partners", title, known, spec, columns, _AFFINITY, title)


_PAIR = (
    Column("a_name", "Country", role="key"),
    Column("b_name", "With", role="key"),
    _EVENTS,
    *_RATIO,
    *_CHANGED,
)


def _named(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(side).replace(countries()).alias(f"{side}_name") for side in ("a", "b"))


_MEASURES = (
    Column("title", "Measure", role="key"),
    Column("against", "Random groups of", role="key"),
    Column("value", "The bloc", role="value", digits=3),
    Column("median", "Their median", role="value", digits=3),
    Column("low", "5 %", role="low"),
    Column("high", "95 %", role="high"),
    Column("p", "At least as high", role="value", digits=3),
    Column("p_holm", "p, Holm", role="value", digits=3),
    Column("words", "So"),
)
_MEANINGS = {
    "density": "Pairs of members with published ties",
    "inside": "The members' ties that stay inside",
    "affinity": "Ties inside, over those expected",
}


def _network(answer: Answer[NetworkReport]) -> Document:
    found = answer.result
    name = called(found.bloc)
    rows = [
        row | {"title": _MEANINGS[row["measure"]], "words": _so(row)} for row in found.measures.to_dicts()
    ]
    measures = pl.DataFrame(rows)
    whole = next(
        row for row in rows if (row["measure"], row["against"]) == ("affinity", "countries as large")
    )
    title = f"{name}: ties among {len(found.members)} members, {found.periods[0]} to {found.periods[-1]}"
    headline = (
        f"The members of {bloc_in_sentence(found.bloc)} work with each other {whole['value']:.2f} times as "
        "much as their totals let expect; groups of countries as large: "
        f"{interval(whole['median'], whole['low'], whole['high'], 2)} ({whole['words']})."
    )
    pairs = _named(found.ties)
    hub = f"Hub: {countries().get(found.hub, found.hub)}, with {found.hub_share:.0%} of the ties inside."
    without = ", ".join(countries().get(code, code) for code in found.without_data)
    note = (
        f"From {NAME}. {_AFFINITY} 2,000 random groups of the same size, and 2,000 of countries with about "
        "as many ties. False discovery rate: among all pairs of the world; pairs with quarters that are not "
        "published have neither interval nor test."
    )
    together = pairs.filter(pl.col("models") > 0).height
    text = f"{hub}{f' Nothing published: {without}.' if without else ''}"
    ai = (
        f"In {together} of {pairs.height} pairs organisations of both developed notable models of AI: "
        "last column."
    )
    blocks: list[Block] = [
        Table(measures, _MEASURES, title),
        Text(text),
        Table(pairs, _PAIR, f"Pairs of members of {bloc_in_sentence(found.bloc)}"),
        Text(ai),
        Note(note),
        _limits(found),
        *_in_order(
            answer,
            _matrix(found, pairs),
            arcs_chart(
                pairs.head(MOST_LINES),
                f"Ties within {bloc_in_sentence(found.bloc)} on the map",
                found.members,
            ),
        ),
    ]
    return document(answer, title, headline, blocks)


def _so(row: dict[str, Any]) -> str:
    if row["p_holm"] is None:
        return "size alone may do it"
    if row["p_holm"] < _ALPHA:
        return "more than by chance"
    if row["value"] > row["high"] or row["value"] < row["low"]:
        return "unusual by itself, not among so many tests"
    return "not told from chance"


def _both_ways(pairs: pl.DataFrame, codes: Iterable[str], value: str) -> pl.DataFrame:
    """Return a cell for each ordered pair of countries."""
    codes = list(codes)
    around = pl.concat(
        [pairs, pairs.rename({"a": "b", "b": "a", "a_name": "b_name", "b_name": "a_name"})], how="diagonal"
    )
    every = pl.DataFrame({"a": codes}).join(pl.DataFrame({"b": codes}), how="cross")
    return every.join(around, on=["a", "b"], how="left", maintain_order="left").with_columns(
        (pl.col(value).log(2)).clip(-_END, _END).alias("doublings")
    )


def _matrix(found: NetworkReport, pairs: pl.DataFrame) -> Chart:
    """Draw the affinities between members, as doublings and halvings of what is expected."""
    cells = _both_ways(pairs, found.members, "affinity")
    drawn = [marks.heat(cells, "b", "a", "doublings", title="Doublings", middle=0, tip=_PAIR)]
    if len(found.members) <= MOST_NUMBERS:
        texts = cells.drop_nulls("affinity").with_columns(
            text=pl.col("affinity").map_elements(_short, return_dtype=pl.String)
        )
        drawn.append(marks.labels(texts, "b", "a", "text", align="center"))
    title = f"Who works with whom in {bloc_in_sentence(found.bloc)}"
    when = f"{found.periods[0]} to {found.periods[-1]}"
    caption = f"From {NAME}, {when}. {_AFFINITY} Colours: doublings, halvings; grey: not published."
    return Chart("matrix", title, pairs, marks.spec(*drawn), _PAIR, caption, title)


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 0.1 else f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def arcs_chart(
    pairs: pl.DataFrame, title: str, members: Iterable[str] = (), *, changed: bool = False
) -> Chart:
    """Draw ties as lines between capitals: width by events, dash and colour by what is more or less.

    Parameters
    ----------
    pairs
        ``a, b, weight, affinity, change`` and names.
    title
        Of the figure.
    members
        Countries that are shaded.
    changed
        Tell rising ties from falling ones; else those above expectation from those below.
    """
    from parity.catalogue import load_table

    where = load_table("capitals").select("iso3", "longitude", "latitude")
    rows = pairs
    for side, n in (("a", ""), ("b", "2")):
        places = where.rename({"iso3": side, "longitude": f"longitude{n}", "latitude": f"latitude{n}"})
        rows = rows.join(places, on=side, how="inner", maintain_order="left")
    more, words = (
        (pl.col("change") > 0, ("risen", "fallen")) if changed else (pl.col("affinity") >= 1, _ABOVE)
    )
    rows = rows.with_columns(side=pl.when(more).then(pl.lit(words[0])).otherwise(pl.lit(words[1])))
    rows = rows.sort("side", descending=words[0] > words[1], maintain_order=True)
    ground = pl.DataFrame({"code": list(members)}, {"code": pl.String})
    spec = marks.spec(
        marks.world(ground, "code"),
        marks.arcs(
            rows, ("longitude", "latitude"), ("longitude2", "latitude2"), "weight", by="side", tip=_PAIR
        ),
    )
    caption = (
        f"From {NAME}, between capitals; width by events. Boundaries as they are held, of no meaning for "
        "anybody's claims (Natural Earth)."
    )
    counts = rows["side"].value_counts().sort("side", descending=True)
    alt = f"{title}: " + ", ".join(f"{count} {side}" for side, count in counts.rows())
    return Chart("ties-map", title, pairs, spec, _PAIR, f"{alt}. {caption}", alt)


_ABOVE = ("more than expected", "less than expected")


def _pairs(answer: Answer[PairsReport]) -> Document:
    found, top = answer.result, answer.question.top  # type: ignore[attr-defined]
    pairs = _named(found.pairs)
    clear = pairs.filter(pl.col("q") <= _ALPHA)
    strict = pairs.filter(pl.col("p_holm") <= _ALPHA).height
    title = f"All pairs: {NAME}, {found.periods[0]} to {found.periods[1]}"
    headline = (
        f"Of {found.tested:,} pairs that are published throughout, {found.clear:,} changed clearly (false "
        f"discovery rate {_ALPHA:.0%}), {strict:,} of them beyond any doubt by many tests (Holm)."
    )
    rising = clear.filter(pl.col("change") > 0).height
    text = f"{rising:,} of them rose, {clear.height - rising:,} fell. {_most(pairs)}"
    columns = (
        *_PAIR[:-3],
        Column("p", "p", role="value"),
        Column("p_holm", "p, Holm", role="value", digits=3),
        *_PAIR[-3:],
    )
    data = pairs.select("a", "b", *(each.name for each in columns))
    note = (
        f"{_AFFINITY} The clearest change stands first. p holds at any date, in a straight line with the "
        "pair's own autocorrelated noise; false discovery rate and Holm's p: among all tested pairs. "
        f"{pairs.height:,} pairs in all: --top shows more of them, files of data hold all."
    )
    blocks: list[Block] = [
        Table(pairs.head(top), columns, title, whole=data),
        Text(text),
        Note(note),
        _limits(found),
    ]
    if clear.height:
        on_map = arcs_chart(clear, "Ties that changed clearly", changed=True)
        blocks += _in_order(answer, _significance(clear), on_map)
    return document(answer, title, headline, blocks)


def _most(pairs: pl.DataFrame) -> str:
    """Return which countries developed most models of AI together."""
    known = pairs.filter(pl.col("models") > 0).sort("models", descending=True)
    if known.is_empty():
        return ""
    first = known.row(0, named=True)
    return (
        f"{MODELS} are another thing: {known.height} pairs of countries have any; most have "
        f"{first['a_name']} and {first['b_name']} ({first['models']})."
    )


def _significance(clear: pl.DataFrame) -> Chart:
    """Draw which pairs changed clearly, as doublings and halvings."""
    ends = pl.concat([clear["a"], clear["b"]]).value_counts(sort=True)
    codes = sorted(ends[ends.columns[0]].head(MOST_CELLS).to_list())
    cells = _both_ways(clear.with_columns(times=1 + pl.col("change") / 100), codes, "times")
    spec = marks.spec(marks.heat(cells, "b", "a", "doublings", title="Doublings", middle=0, tip=_PAIR))
    more = f" The {MOST_CELLS} countries with most such pairs." if ends.height > MOST_CELLS else ""
    title = "Where ties changed clearly"
    caption = f"Coloured: false discovery rate at most {_ALPHA:.0%}; grey: no clear change.{more}"
    return Chart("significance", title, clear, spec, _PAIR, caption, f"{clear.height} pairs changed clearly.")
