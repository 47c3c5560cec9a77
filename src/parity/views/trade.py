"""Supply in words, tables and figures: where it comes from, how it moved, what never arrived."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.catalogue import none_on_record
from parity.estimate import Estimate, rounded
from parity.show import marks
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import document, frame
from parity.views.names import countries, joined, upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.trade import Dependence, Mirror, Substitution

_CODE = re.compile(r"\b(?:EU(?:27)?|[A-Z]{3})\b")
_TWICE = re.compile(r"\b(\w+) \(\1\)")
_UNION = {"EU": "the European Union", "EU27": "the European Union"}
_GROUPS = {"coalition": "Coalition", "hubs": "Hubs", "neighbours": "Neighbours", "other": "Other"}
_GOODS = {"total": "all goods", "chips": "integrated circuits"}
MILLION = "million USD"
# Origins with a colour of their own, and groups that are drawn; the tables have all.
_NAMED, _DRAWN = 6, 12
_REST = "All others"
_NO_ERROR = "A customs record has no sampling error."


def called(code: str) -> str:
    """Return the name of a country, a union or a group of origins."""
    return "European Union" if code in _UNION else _GROUPS.get(code) or countries().get(code, code)


def spelt_out(text: str) -> str:
    """Return a text with names in the place of codes of countries."""
    spelt = _CODE.sub(lambda code: _UNION.get(code[0]) or countries().get(code[0], code[0]), text)
    return _TWICE.sub(r"\1", spelt)


def depend(answer: Answer[Dependence]) -> Document:
    """Return where a country's supply comes from."""
    found = answer.result
    who, goods, partial = called(found.supply.country), goods_of(found), found.supply.partial
    last = found.years[-1]
    if partial:
        headline = f"Where {who}'s supply of {goods} comes from is known in part."
    else:
        origin, share = last.largest[0]
        headline = f"{called(origin)} delivered {_share(share)} of {who}'s imports in {last.year} ({goods})."
    years = frame(
        (
            (one.year, one.total / 1e6, one.coalition, one.herfindahl, _largest(one.largest, partial))
            for one in found.years
        ),
        *("year", "total", "coalition", "herfindahl", "largest"),
        **dict.fromkeys(ends_of("coalition", "herfindahl"), pl.Float64),
    )
    trend = (
        []
        if partial
        else [Text(f"Trend of the coalition's share: {scaled(found.trend, 100).text(1)} points a year.")]
    )
    return document(
        answer,
        f"Supply of {who}: {goods}",
        headline,
        [
            Table(years, (*_YEARS[:2], _YEARS[-1]) if partial else _YEARS, f"Supply of {who} by year"),
            told_of(found),
            *trend,
            *([] if found.replacements.is_empty() else [_replacements(found)]),
            _origins(found),
            *([] if partial else [_concentration(years, who)]),
            *closing(found),
        ],
    )


_YEARS = (
    Column("year", "Year", role="time"),
    Column("total", "Total", MILLION, "value"),
    *estimate("coalition", "Coalition's share", format="percent", digits=1),
    *estimate("herfindahl", "Herfindahl index", digits=2),
    Column("largest", "Largest origins"),
)
_ORIGINS = (
    Column("year", "Year", role="time"),
    Column("origin", "Origin", role="key"),
    Column("value", "Value", MILLION, "value"),
    Column("share", "Share", role="value", format="percent", digits=1),
)
_REPLACEMENTS = (
    Column("origin", "Origin", role="key"),
    Column("alternative", "Who else sells it"),
    *estimate("times", "Its sales elsewhere over what the origin delivers", digits=2),
)


def _largest(largest: Iterable[tuple[str, float]], partial: str) -> str:
    return ", ".join(
        called(origin) if partial else f"{called(origin)} {_share(share)}" for origin, share in largest
    )


def _share(share: float | None) -> str:
    return f"{100 * (share or 0.0):.0f} %"


def _replacements(found: Dependence) -> Group:
    rows = found.replacements.select(
        pl.col("origin", "alternative").map_elements(called, return_dtype=pl.String),
        "times",
        times_low="low",
        times_high="high",
    )
    table = Table(rows, _REPLACEMENTS, "Alternatives to the largest origins, median and ends of three years")
    return Group("Who else sells the same", (table,), folded=True)


def _origins(found: Dependence | Substitution) -> Chart:
    """Draw origins, or groups of them, by year: shares, or amounts where the whole is not known."""
    shares, grouped = not found.supply.partial, "group" in found.table().columns
    rows = (
        found.table()
        .rename({"group": "origin"} if grouped else {})
        .with_columns(pl.col("origin").map_elements(called, return_dtype=pl.String), pl.col("value") / 1e6)
    )
    sizes = rows.group_by("origin").agg(pl.col("value").sum())
    top = sizes.sort("value", "origin", descending=[True, False])["origin"].head(_NAMED).to_list()
    name = pl.when(pl.col("origin").is_in(top)).then("origin").otherwise(pl.lit(_REST))
    summed = rows.with_columns(origin=name).group_by("year", "origin").agg(pl.col("value", "share").sum())
    # In the order of names, the largest first, the rest last: so are the colours.
    drawn = pl.concat(summed.filter(origin=one).sort("year") for one in [*top, _REST])
    columns = _ORIGINS if shares else _ORIGINS[:-1]
    bars = marks.bars(drawn, "year", "share" if shares else "value", by="origin", stack=True, tip=columns)
    axis = marks.Axis("Share of imports", (0, 1), format="%") if shares else marks.Axis("Million USD")
    whose = (
        "As the country itself reports its imports."
        if found.supply.side == "import"
        else f"As suppliers report their exports to it: those whose reports are at hand. {_NO_ERROR}"
    )
    who = called(found.supply.country)
    return Chart(
        "groups" if grouped else "origins",
        f"Supply of {who} {'year by year' if grouped else 'by origin'}"
        + ("" if shares else ": what is covered"),
        rows.select(column.name for column in columns),
        marks.spec(bars, y=axis, x=marks.Axis("")),
        columns,
        whose,
        f"{joined(top[:3])} deliver most to {who}.",
    )


def _concentration(years: pl.DataFrame, who: str) -> Chart:
    """Draw the coalition's share and the Herfindahl index, with bounds for what hubs hide."""
    names = {"coalition": "Share of the coalition", "herfindahl": "Herfindahl index"}
    rows = pl.concat(
        years.select(
            year=pl.col("year").str.to_date("%Y"), what=pl.lit(title), value=name, low=f"{name}_low",
            high=f"{name}_high",
        )
        for name, title in names.items()
    )  # fmt: skip
    tip = (
        Column("what", "What", role="key"),
        *(Column(name, role=name) for name in ("value", "low", "high")),
    )
    lines = marks.lines(rows, "year", "value", low="low", high="high", by="what", points=True, tip=tip)
    return Chart(
        "concentration",
        f"{who}: share of the states that impose controls, and concentration",
        years,
        marks.spec(lines, x=marks.Axis("", format="%Y"), y=marks.Axis("0 to 1", (0, 1))),
        _YEARS[:-1],
        "Bands are bounds: all or none of what comes through hubs (the Emirates, Hong Kong, Singapore) is "
        "from there. Where hubs deliver little they are thinner than the line.",
        f"The coalition's share of {who}'s imports and their concentration by year.",
    )


def substitute(answer: Answer[Substitution]) -> Document:
    """Return how a country's supply moved between origins."""
    found = answer.result
    who, goods = called(found.supply.country), goods_of(found)
    before, after = _span(found.before), _span(found.after)
    known = [one for one in found.moved if one.share_before is not None and one.share_after is not None]
    if len(known) < 2:
        headline = f"What is known of {who}'s supply of {goods}, {after} against {before}."
    else:
        most = max(known, key=lambda one: one.shift.value or 0.0)
        headline = (
            f"{called(most.group)} gained most in {who}'s market: from {_share(most.share_before)} in "
            f"{before} to {_share(most.share_after)} in {after} ({goods})."
        )
    rows = frame(
        (
            (
                called(one.group), one.before / 1e6, one.after / 1e6, one.share_before, one.share_after,
                *map(in_millions, (one.change, one.size, one.shift)),
            )
            for one in found.moved
        ),
        *("group", "before", "after", "share_before", "share_after", "change", "size", "shift"),
        **dict.fromkeys(("share_before", "share_after", *ends_of("change", "size", "shift")), pl.Float64),
    )  # fmt: skip
    what = (
        "group of origins"
        if len(found.groups) < len(found.moved) or "coalition" in found.groups
        else "origin"
    )
    return document(
        answer,
        f"Supply of {who} by {what}: {goods}",
        headline,
        [
            Table(rows, _MOVED, f"Means of {before} and of {after}, a year"),
            Note("In brackets the least and most between any year before and any year after."),
            told_of(found, besides=[f"{one.group}: " for one in found.moved]),
            *_members(found),
            *([_shares(rows, who, before, after)] if known else []),
            _decomposition(rows, who),
            _origins(found),
            *closing(found),
        ],
    )


_MOVED = (
    Column("group", "From", role="key"),
    Column("before", "Before", MILLION, "value"),
    Column("after", "After", MILLION, "value"),
    *estimate("change", "Change", MILLION),
    *estimate("size", "of which the market's size", MILLION),
    *estimate("shift", "of which its share", MILLION),
    Column("share_before", "Share before", role="value", format="percent", spare=True),
    Column("share_after", "Share after", role="value", format="percent", spare=True),
)


def _span(years: tuple[str, ...]) -> str:
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def _members(found: Substitution) -> Iterator[Note]:
    """Yield who belongs to the groups that do not say so by their names."""
    for name in ("hubs", "neighbours"):
        if name in found.groups:
            inside = ", ".join(called(iso3) for iso3 in found.groups[name])
            none = none_on_record("customs union or commonwealth", "memberships")
            yield Note(f"{called(name)}: {inside or f'none: {none}'}.")


def _shares(rows: pl.DataFrame, who: str, before: str, after: str) -> Chart:
    drawn = rows.head(_DRAWN)
    columns = (
        Column("group", "From", role="key"),
        Column("when", "When"),
        Column("share", "Share", role="value", format="percent", digits=1),
    )
    long = pl.concat(
        drawn.select("group", when=pl.lit(when), share=name)
        for when, name in ((before, "share_before"), (after, "share_after"))
    )
    return Chart(
        "substitution-shares",
        f"Who supplies {who}: {before} and {after}",
        long,
        marks.spec(
            marks.dots(long, "share", "group", by="when", tip=columns),
            x=marks.Axis("Share of imports", zero=True, format="%"),
        ),
        columns,
        f"Means of the years. {_NO_ERROR}",
        f"Shares in {who}'s imports before and after.",
    )


def _decomposition(rows: pl.DataFrame, who: str) -> Chart:
    parts = {"size": "The market's size", "shift": "Its share"}
    long = pl.concat(
        rows.head(_DRAWN).select(
            "group", part=pl.lit(title), value=name, value_low=f"{name}_low", value_high=f"{name}_high"
        )
        for name, title in parts.items()
    )
    columns = (
        Column("group", "From", role="key"), Column("part", "Part"), *estimate("value", "Change", MILLION)
    )  # fmt: skip
    bars = marks.bars(long, "value", "group", low="value_low", high="value_high", by="part", tip=columns)
    return Chart(
        "substitution-parts",
        f"Change of {who}'s supply in two parts",
        long,
        marks.spec(bars, x=marks.Axis("Million USD a year"), at={"x": 0}),
        columns,
        "Whiskers: least and most between a year before and one after. The two parts add up to the change.",
        f"How much of each change is the size of {who}'s market, and how much a share of it.",
    )


def mirror(answer: Answer[Mirror]) -> Document:
    """Return what was sent against what arrived."""
    found = answer.result
    who, level = called(found.importer), 100 * (found.usual.level or 0)
    sender = spelt_out(answer.question.reporter)  # type: ignore[attr-defined]
    rows = frame(
        (
            (one.year, one.exported / 1e6, one.imported / 1e6, in_millions(one.gap), one.p_adjusted)
            for one in found.years
        ),
        *("year", "exported", "imported", "gap", "p_adjusted"),
        **dict.fromkeys(("p_adjusted", *ends_of("gap")), pl.Float64),
    )
    title = f"Exports of {sender} to {who}, and its imports from there"
    sides = {"exported": "Sent", "imported": "Arrived"}
    long = pl.concat(
        rows.select(year=pl.col("year").str.to_date("%Y"), side=pl.lit(name), value=column)
        for column, name in sides.items()
    )
    tip = (Column("side", "Side", role="key"), Column("value", "Value", MILLION, "value"))
    return document(
        answer,
        title,
        _mirrored(found, sender, who),
        [
            Table(rows, _GAPS, title),
            Note(
                f"In brackets {level:.0f} % intervals of one year by itself. A gap counts, either way, where "
                f"p adjusted for all years after the date (Holm) is below {1 - level / 100:.2f}."
            ),
            told_of(found),
            Chart(
                "mirror",
                title,
                long,
                marks.spec(
                    marks.lines(long, "year", "value", by="side", points=True, tip=tip),
                    x=marks.Axis("", format="%Y"),
                    y=marks.Axis("Million USD", zero=True),
                ),
                (Column("year", "Year", role="time"), *tip),
                "Both reports of the same trade.",
                f"What {sender} says it sent to {who}, and what {who} says arrived.",
            ),
            Chart(
                "mirror-gap",
                f"Sent to {who}, and not arrived as usual",
                rows,
                marks.spec(
                    marks.bars(rows, "year", "gap", low="gap_low", high="gap_high", tip=_GAPS),
                    x=marks.Axis(""),
                    y=marks.Axis("Million USD"),
                    at={"y": 0},
                ),
                _GAPS,
                f"What should have arrived by the usual ratio, less what did; {level:.0f} % intervals.",
                _mirrored(found, sender, who),
            ),
            *closing(found),
        ],
    )


_GAPS = (
    Column("year", "Year", role="time"),
    Column("exported", "Sent", MILLION, "value"),
    Column("imported", "Arrived", MILLION, "value"),
    *estimate("gap", "Did not arrive as usual", MILLION),
    Column("p_adjusted", "Adjusted p", role="value", digits=3),
)


def _mirrored(found: Mirror, sender: str, who: str) -> str:
    far = [one for one in found.years if found.departs(one)]
    if not far:
        return upper_first(f"what {sender} sent to {who} arrived as usual.")
    most = max(far, key=lambda one: abs(one.gap.value or 0.0))
    gap = (most.gap.value or 0.0) / 1e9
    if gap < 0:
        return f"In {most.year} goods for {rounded(-gap, 2)} billion USD more than usual arrived in {who}."
    told = f"Goods for {rounded(gap, 2)} billion USD that {sender} sent to {who}"
    return f"{told} in {most.year} did not arrive as usual."


def goods_of(found: Any) -> str:
    """Return the goods of an answer in words."""
    name: str = found.codes.name
    return _GOODS.get(name, name)


def ends_of(*names: str) -> list[str]:
    """Return the columns of estimates and their ends."""
    return [f"{name}{end}" for name in names for end in ("", "_low", "_high")]


def scaled(found: Estimate, factor: float) -> Estimate:
    """Return an estimate in another unit."""
    value, low, high = (None if end is None else factor * end for end in (found.value, found.low, found.high))
    return replace(found, value=value, low=low, high=high)


def in_millions(found: Estimate) -> Estimate:
    """Return an amount of money in millions."""
    return scaled(found, 1e-6)


def told_of(found: Any, *, besides: Iterable[str] = ()) -> Text:
    """Return what was found in plain language.

    Parameters
    ----------
    found
        An answer with a verdict.
    besides
        How sentences begin that say what a table says.
    """
    from parity.trade import CAVEATS

    lines = (line for line in found.verdict.splitlines() if line not in CAVEATS)
    shown = (line for line in lines if not line.startswith(tuple(besides)))
    return Text(" ".join(upper_first(spelt_out(line)) for line in shown))


def closing(found: Any) -> Iterator[Block]:
    """Yield what to know about goods and data, and what the data cannot show."""
    from parity.trade import CAVEATS

    for note in found.codes.notes:
        # Codes within commands have to stay.
        yield Note(upper_first(f"{note if 'parity trade' in note else spelt_out(note)}."))
    yield Group("What these data cannot show", (Text(" ".join(CAVEATS)),))
