"""The page's figures, each with its numbers behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from parity.brief.parts import Chips, Missing, Partner
from parity.brief.result import CountryBrief, Place, Position
from parity.brief.trade import CIRCUITS, GOODS, Trade
from parity.brief.words import ends_of, placed
from parity.show import marks
from parity.show.document import Chart, Column
from parity.views.chips_access import compute_chart
from parity.views.common import rank_columns, rows_of
from parity.views.frontier import lag_chart
from parity.views.names import called
from parity.views.rank import PEERS, labels, peers_chart

_TALL, _LOW = 230, 140
_RANKS = (
    Column("what", "Of", role="key"),
    Column("form", "Form", role="key"),
    *rank_columns("rank", "Rank"),
)


def charts(brief: CountryBrief) -> Iterator[Chart]:
    """Yield the figures of a country's page: those that its data allow."""
    yield ranks(brief)
    if brief.sections.lag.measured is not None:
        yield _sized(lag_chart(brief.sections.lag.measured), _TALL)


def _sized(chart: Chart, height: int) -> Chart:
    return replace(chart, spec={**chart.spec, "height": height})


def small(brief: CountryBrief) -> Iterator[Chart]:
    """Yield the small figures of the page: hardware, collaboration, trade."""
    said = brief.sections
    yield hardware(brief)
    if not isinstance(said.ties, Missing):
        yield ties(said.ties.partners)
    if not isinstance(said.trade, Missing):
        yield from list(sent(said.trade))[:1]


def sent(section: Trade) -> Iterator[Chart]:
    """Yield what was sent to the country: integrated circuits, all goods."""
    for name, what in (("circuits", CIRCUITS), ("goods", GOODS)):
        rows = [(flow.year, flow.value / 1e6) for flow in section.flows if flow.what == what]
        if len(rows) > 1:
            yield trade(name, what, rows)


def ranks(brief: CountryBrief) -> Chart:
    """Draw the rank overall and in every sub-pillar, by size, per person and mixed, with intervals."""
    places = [place for place in brief.sections.position.places if place.depth != 1]
    named = labels(places[0].forms)
    rows = [(place.title, named[form], *ends_of(at)) for place in places for form, at in place.forms.items()]
    frame = rows_of(rows, _RANKS)
    spec = marks.spec(
        marks.dots(frame, "rank", "what", low="rank_low", high="rank_high", by="form", tip=_RANKS),
        x=marks.Axis("Rank (1 is best)", domain=(1, places[0].of)),
        height=_TALL,
    )
    caption = "Bar: where the rank lies in 90 % of rebuilds with other choices that could be defended."
    alt = "; ".join(f"{place.title}: {_forms(place)}" for place in places)
    return Chart("ranks", "Where it stands", frame, spec, _RANKS, caption, f"Ranks. {alt}.")


def _forms(place: Place) -> str:
    named = labels(place.forms)
    return ", ".join(f"{named[form].lower()} {placed(at)}" for form, at in place.forms.items())


_REACH = (
    Column("month", "Month", role="time"),
    Column("side", "Whose", role="key"),
    Column("level", "TPP", role="value", digits=0),
    Column("high", "If all that is open falls its way", role="value", digits=0),
)


def hardware(brief: CountryBrief) -> Chart:
    """Draw the hardware within reach over time beside the world's best."""
    name = brief.country.name
    reached = brief.sections.chips.months
    world = [(one.month, "World's best", one.world, None) for one in reached]
    own = [(one.month, f"{name}, for certain", one.level, one.level_high) for one in reached]
    frame = rows_of([*world, *own], _REACH)
    known = frame.drop_nulls("level")
    spec = marks.spec(
        marks.lines(known, "month", "level", by="side", step=True, tip=_REACH),
        y=marks.Axis("TPP of the best chip", log=True),
        height=_LOW,
    )
    lag = brief.sections.chips.lag
    caption = "Best accelerator to be had without anybody's leave; TPP is total processing performance."
    if lag.value is None:
        caption += " No line: nothing for certain."
    told = "at least " if lag.value is None else ""
    months = lag.low if lag.value is None else lag.value
    alt = f"At the end {told}{months or 0:.0f} months behind the world's best."
    return Chart("hardware", "Hardware within reach", frame, spec, _REACH, caption, alt)


def compute(section: Chips) -> Chart:
    """Draw the compute that is known to be installed, at the end of every year."""
    return _sized(compute_chart(section.compute, "Known compute"), _LOW)


_TIES = (
    Column("partner", "Partner", role="key"),
    Column("quarter", "Quarter"),
    Column("affinity", "Observed over expected", role="value", digits=2),
)
_LINES = 3


def ties(partners: Sequence[Partner]) -> Chart:
    """Draw the collaboration with the largest partners over what is expected, quarter by quarter.

    Those where accounts of people elsewhere may stand are named, not drawn.
    """
    left = [one for one in partners if (one.doubt or "").startswith(one.iso3)]
    drawn = [one for one in partners if one not in left][:_LINES]
    rows = [
        (called(one.iso3), _first_day(quarter), quarter, value)
        for one in drawn
        for quarter, value in one.by_quarter.items()
    ]
    kinds = {"partner": pl.String, "day": pl.Date, "quarter": pl.String, "affinity": pl.Float64}
    frame = pl.DataFrame(rows, kinds, orient="row")
    spec = marks.spec(
        marks.lines(frame.drop_nulls("affinity"), "day", "affinity", by="partner", tip=_TIES),
        y=marks.Axis("Observed over expected"),
        at={"y": 1},
        height=_LOW,
    )
    caption = "Pushes on GitHub; 1 is what both totals alone would give. The scatter is the error."
    if left:
        named = ", ".join(called(one.iso3) for one in left)
        caption += f" Not drawn, for accounts there may be of people elsewhere: {named}."
    for doubt in sorted({one.doubt for one in drawn if one.doubt}):
        caption += f" Mind: {doubt}."
    alt = f"Largest partners: {', '.join(called(one.iso3) for one in drawn)}."
    return Chart("ties", "With whom it works", frame, spec, _TIES, caption, alt)


def _first_day(quarter: str) -> dt.date:
    year, _, number = quarter.partition("Q")
    return dt.date(int(year), 3 * int(number) - 2, 1)


_TRADE = (Column("year", "Year", role="time"), Column("value", "Million US dollars", role="value", digits=1))


def trade(name: str, what: str, rows: Sequence[tuple[int, float]]) -> Chart:
    """Draw what was sent to the country, year by year."""
    frame = rows_of(rows, _TRADE)
    drawn = frame.with_columns(
        when=pl.col("year").cast(pl.String).str.tail(2).map_elements("’{}".format, pl.String)
    )
    spec = marks.spec(
        marks.bars(drawn, "when", "value", tip=_TRADE),
        y=marks.Axis("Million US dollars", zero=True),
        height=_LOW,
    )
    title = f"Sent to it: {what.partition(', ')[0].lower()}"
    caption = f"As {what.partition(', ')[2]}; a customs record has no sampling error."
    alt = f"{rows[-1][0]}: {rows[-1][1]:,.1f} million US dollars; {rows[0][0]}: {rows[0][1]:,.1f}."
    return Chart(name, title, frame, spec, _TRADE, caption, alt)


def beside(places: Mapping[str, Position]) -> Chart:
    """Draw the ranks of several countries by sub-pillar; name -> places, the same nodes for each."""
    rows = [
        (place.title, name, *ends_of(place), place.score)
        for name, each in places.items()
        for place in each.places
        if place.depth != 1
    ]
    level = next(iter(places.values())).interval_level
    return peers_chart(rows_of(rows, PEERS), level)
