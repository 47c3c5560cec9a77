"""Sections that other measures give: models, hardware, trade, blocs, ties, pledges, claims, changes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from parity import chips as chip_rules
from parity.ask import chips as ask_chips
from parity.ask import frontier as shared
from parity.ask.audit import own_governments, read_labels
from parity.ask.cache import cached
from parity.ask.chips_access import reach_of
from parity.ask.lag import Lag
from parity.ask.pledges import measured, that_bind
from parity.ask.standing import HISTORY, Standing, standing
from parity.ask.ties import panel as ties_panel
from parity.ask.ties import scanned
from parity.ask.years import FIRST_YEAR, LAST_YEAR, rank_ranges, year_known
from parity.audit import ControlSection, control_section
from parity.blocs import artefacts, doubt
from parity.brief import parts as p
from parity.brief.blocs import Bloc, bloc_section
from parity.catalogue import derived_table, find_country, known_to, load_table, none_on_record, vintage
from parity.claims import PublicClaims, public_claims
from parity.errors import NoAnswerError, ParityError
from parity.estimate import Estimate, rounded
from parity.frontier import LagReport, standing_lag
from parity.pledges import STATUSES
from parity.pledges import standing as standing_of

LATER = "in the full brief (--full), since it takes seconds to work out"
"""Why a section is not there that the short brief leaves out."""
FRONTIERS = 3
"""Leading countries whose frontiers a country is held against."""
DEVELOPERS, PARTNERS, EVENTS, MOVES = 6, 5, 5, 4
# The US controls on advanced computing begin in October 2022; some months before show what they changed.
REACH_FROM = dt.date(2022, 1, 1)
_QUARTERS = 4
# Points of the index below which a series has not moved it.
LEAST = 0.05


def lag(unit: str, earlier: dt.date, *, full: bool) -> p.Models:
    """Return how far the country's best models trail the leading frontiers.

    Parameters
    ----------
    unit
        The country.
    earlier
        Day of the lag that it is compared with.
    full
        Whether the lag by parameter is wanted.
    """
    others = [group for group in shared.board().leading(FRONTIERS + 1) if group != unit][:FRONTIERS]
    # The reference's own brief is held against the strongest other country.
    behind = others[0] if unit == "USA" else "USA"
    try:
        found = Lag(of=unit, behind=behind, parameters=full).answer().result
    except NoAnswerError as problem:
        return p.Models(behind, None, Estimate(None, unit="months", reason=str(problem)))
    assert isinstance(found, LagReport)
    own = found.lag
    lags = (p.OtherLag(each, find_country(each).name, lag_on(unit, each, own.on)) for each in others)
    return p.Models(
        behind,
        own.on,
        own.standing,
        own.window.mean,
        own.window.since,
        own.of_model,
        own.behind_model,
        tuple(lags),
        found.parameters,
        lag_on(unit, behind, earlier),
        own,
    )


def lag_on(unit: str, behind: str, day: dt.date | None) -> Estimate:
    """Return the standing lag on a day, or why there is none."""
    try:
        return standing_lag(shared.board(), unit, behind, on=day)
    except NoAnswerError as problem:
        return Estimate(None, unit="months", reason=str(problem))


def reaches_to() -> dict[str, dt.date]:
    """Return until when the evidence goes, by topic."""
    book, clusters = ask_chips.rulebook(), load_table("clusters")
    return {
        "models": shared.last_day(),
        "rules": book.checked_to,
        "compute": chip_rules.last_day(clusters),
    }


def laboratories(unit: str) -> p.Laboratories | p.Missing:
    """Return who makes the country's models: those with the most of their own on record."""
    rows = (
        shared.models()
        .filter(pl.col("country") == unit, ~pl.col("derived"), pl.col("developer").is_not_null())
        .sort("date")
        .group_by("developer", maintain_order=True)
        .agg(pl.col("family").n_unique(), pl.col("model").last(), pl.col("date").last())
        .sort("family", "date", descending=True)
    )
    known = load_table("known_to").filter(pl.col("table") == "models", pl.col("iso3") == unit)
    if rows.is_empty():
        return p.Missing(none_on_record("model of its own", "models", unit))
    note = known["note"].to_list()[0] if known.height else ""
    missing = re.sub(r"^.*?missing: ", "", note or "") if "missing: " in (note or "") else ""
    return p.Laboratories(
        tuple(p.Laboratory(*row) for row in rows.head(DEVELOPERS).iter_rows()),
        known_to("models", unit),
        missing,
    )


def strategy(unit: str) -> p.Strategies | p.Missing:
    """Return the country's strategies on AI, the newest last."""
    rows = load_table("strategies").filter(pl.col("iso3") == unit).sort("published", nulls_last=True)
    if rows.is_empty():
        return p.Missing(none_on_record("strategy of this country", "strategies", unit))
    found = tuple(
        p.Strategy(
            row["title"], row["published"], row["precision"], row["basis"] != "background", row["source"]
        )
        for row in rows.iter_rows(named=True)
        if not row["none"]
    )
    return p.Strategies(found, "; ".join(note for note in rows["note"].drop_nulls()))


_WITHOUT_LEAVE = ("free", "exception", "domestic")


def chips(unit: str) -> p.Chips:
    """Return what accelerators the country can lawfully reach over time, and what it is known to have."""
    book, clusters = ask_chips.rulebook(), load_table("clusters")
    published = load_table("compute_published")
    end = chip_rules.last_month(book)
    found = reach_of(unit, start=REACH_FROM, until=end)
    last = found.months.row(-1, named=True)
    days = chip_rules.year_ends(clusters, REACH_FROM.year)
    compute = chip_rules.installed(clusters, unit, days, published)
    levels = found.months.select("month", "level", "level_high", "world_level").iter_rows()
    months = [(*row, lag) for row, lag in zip(levels, found.lags, strict=True)]
    said = chip_rules.published_of(published, unit)
    columns = ("measure", "as_of", "value", "low", "high", "unit", "by", "basis")
    return p.Chips(
        end,
        tuple(sorted(book.on(end).party(unit).labels - {unit})),
        {name.removeprefix("best_"): last[name] for name in last if name.startswith("best_")},
        next((last[f"best_{x}"] for x in _WITHOUT_LEAVE if last[f"level_{x}"] == last["level"]), None),
        last["world"],
        found.lags[-1],
        compute[-1].h100e,
        compute[-1].share,
        compute[-1].on,
        chip_rules.NOTE,
        tuple(said.select(columns).with_columns(pl.col("as_of").cast(pl.String)).to_dicts()),
        tuple(events(unit)[-EVENTS:]),
        tuple(p.ReachMonth(*row) for row in months),
        tuple(compute),
    )


def hardware(unit: str) -> tuple[Estimate, Estimate]:
    """Return the hardware lag of a country in months, and its known compute in H100 equivalents."""
    book, clusters = ask_chips.rulebook(), load_table("clusters")
    end = chip_rules.last_month(book)
    found = reach_of(unit, start=end.replace(day=1), until=end)
    days, published = [chip_rules.last_day(clusters)], load_table("compute_published")
    return found.lags[-1], chip_rules.installed(clusters, unit, days, published)[0].h100e


def events(unit: str) -> list[p.Event]:
    """Return the rules, letters and guidance on exports to a country, the oldest first."""
    rows = chip_rules.timeline(ask_chips.rulebook(), unit).filter(pl.col("day").is_not_null())
    return [p.Event(*row) for row in rows.select("day", "instrument", "citation").iter_rows()]


def bloc(found: Standing, unit: str, name: str | None) -> Bloc | p.Missing:
    """Return a bloc as one unit, and what the country brings to it; without a country of the bloc alone."""
    if name is None:
        return p.Missing(f"it is a member of none of {', '.join(BLOCS)}")
    try:
        return bloc_section(found, unit, name)
    except ParityError as problem:
        return p.Missing(str(problem))


BLOCS = ("BRICS", "EU", "G7", "ASEAN", "SCO", "African Union", "OECD", "G20")
"""Blocs that a brief names; a country's first in this order is its second peer group."""


def ties(unit: str, *, full: bool) -> p.Ties | p.Missing:
    """Return with whom the country works; in a full brief with intervals and what a test of changes finds."""
    panel = ties_panel()
    if unit not in panel.codes:
        return p.Missing("GitHub publishes no collaboration of its developers (too few of them)")
    here = panel.place(unit)
    weights, expected = panel.weights[:, here], panel.expected[:, here]
    recent = weights[-_QUARTERS:].sum(axis=0)
    order = sorted(range(len(panel.codes)), key=lambda place: (-recent[place], panel.codes[place]))
    shown = [place for place in order if recent[place] > 0][:PARTNERS]
    tested: dict[str, Mapping[str, Any]] = {}
    if full:
        tested = {row["b"]: row for row in scanned(country=unit).iter_rows(named=True)}

    def ratio(place: int, span: slice) -> float | None:
        below = expected[span, place].sum()
        return float(weights[span, place].sum() / below) if below > 0 else None

    def by_quarter(place: int) -> dict[str, float | None]:
        whole = zip(panel.periods, weights[:, place], expected[:, place], strict=True)
        return {name: float(one / of) if one > 0 and of > 0 else None for name, one, of in whole}

    partners = tuple(
        p.Partner(
            code := panel.codes[place],
            float(recent[place] / recent.sum()),
            ratio(place, slice(-_QUARTERS, None)),
            tested[code]["low"] if full else None,
            tested[code]["high"] if full else None,
            ratio(place, slice(_QUARTERS)),
            by_quarter(place),
            doubt=(elsewhere := _elsewhere(unit, code)),
            **(_tested(tested[code], elsewhere) if full else {}),
        )
        for place in shown
    )
    return p.Ties(panel.periods[0], panel.periods[-1], partners, full)


_CHANGE = ("kind", "period", "until", "change", "change_low", "change_high")


def _tested(row: Mapping[str, Any], elsewhere: str | None) -> dict[str, Any]:
    # Accounts that stand elsewhere than their people make a change of ties out of none.
    found = row["q"] is not None and row["q"] <= 0.05 and not elsewhere
    return {**{name: row[name] if found else None for name in _CHANGE}, "q": row["q"]}


def _elsewhere(unit: str, partner: str) -> str | None:
    """Return why the accounts of a pair may not stand where their people are."""
    table = load_table("tie_artefacts")
    if known := artefacts(table, unit, partner):
        return doubt(known)
    hosts = table.filter(pl.col("kind") == "hosting", pl.col("iso3") == partner)
    return (
        None if hosts.is_empty() else f"{partner} hosts servers and tunnels of people elsewhere (unverified)"
    )


@cached(256)
def control(unit: str) -> ControlSection | p.Missing:
    """Return how the models of the country's developers treat its own government."""
    labels, models, _ = read_labels()
    code = find_country(unit).iso2
    try:
        return control_section(labels, models, code, own=own_governments(), data=vintage())
    except NoAnswerError:
        return p.Missing("none of the audited models is by a developer of the country")


def pledges(unit: str, on: dt.date) -> p.Pledges | p.Missing:
    """Return the country's dated commitments and those of its blocs, as they stand on a day."""
    bound = that_bind(unit, on)
    if not bound:
        return p.Missing(none_on_record("dated commitment of this country", "pledges"))
    found = standing_of(bound, on, measured()).pledges
    counts = {name: sum(one.status == name for one in found) for name in STATUSES}
    return p.Pledges(on, counts, found)


def claims(unit: str) -> PublicClaims | p.Missing:
    """Return public claims about the country, held against the evidence as of their dates."""
    found = public_claims(unit)
    if not found.claims:
        return p.Missing(none_on_record("public claim about this country", "public_claims"))
    return found


def since(unit: str, start: dt.date, until: dt.date, made: Mapping[str, Any], *, causes: bool) -> p.Since:
    """Return what has changed since a day, and why.

    Parameters
    ----------
    unit
        The country.
    start, until
        First day looked at, and day of the data.
    made
        Sections of the same brief: lag, pledges.
    causes
        Whether what moved its numbers is wanted.
    """
    behind, pledged = made["lag"], made["pledges"]
    then = None if behind.on is None else lag_on(unit, behind.behind, start)
    rules = tuple(each for each in events(unit) if start <= each.day <= until)
    models = tuple(_models(unit, start))
    due = () if isinstance(pledged, p.Missing) else pledged.pledges
    fallen = tuple(line for line in due if start <= line.due <= until)
    ranks = _ranks(unit, start)
    return p.Since(
        start,
        until,
        ranks,
        then,
        None if behind.on is None else behind.standing,
        behind.on,
        models,
        rules,
        fallen,
        tuple(_moved(unit, ranks, rules, models, behind, start)) if causes else (),
    )


def _ranks(unit: str, start: dt.date) -> tuple[p.YearRank, ...]:
    """Return the rank in the AI index history as of a day and as of the last year: one definition."""
    first = FIRST_YEAR if start.year <= FIRST_YEAR else year_known(start)
    editions = ((year, rank_ranges(year, HISTORY).get(unit)) for year in sorted({first, LAST_YEAR}))
    return tuple(p.YearRank(year, rank) for year, rank in editions if rank is not None)


def _models(unit: str, start: dt.date) -> Iterator[p.ModelLine]:
    """Yield the country's own scored and notable models that came out, by date."""
    out = pl.col("country") == unit, pl.col("date") >= start
    columns = ("model", "developer", "date", "base")
    tables = (shared.models(), load_table("notable_models"))
    every = (
        pl.concat([each.filter(*out).select(columns) for each in tables])
        .unique("model", keep="first")
        .sort("date", "model")
    )
    for model, developer, day, base in every.iter_rows():
        yield p.ModelLine(model, developer or "", day, base)


def _moved(
    unit: str,
    ranks: tuple[p.YearRank, ...],
    rules: tuple[p.Event, ...],
    models: tuple[p.ModelLine, ...],
    behind: p.Models,
    start: dt.date,
) -> Iterator[p.Moved]:
    """Yield what moved the country's numbers since a day, by cause."""
    if len(ranks) > 1:
        yield from _moved_by_data(unit, ranks[0].year, ranks[-1].year)
    yield from _moved_by_edition(unit, start)
    record = next((line for line in models if line.name == behind.of_model), None)
    if record is not None:
        yield p.Moved("model", f"its frontier is now set by {record.name}", record.developer, record.released)
    for event in rules:
        yield p.Moved("rule", event.instrument, event.citation, event.day)
    if start.year < LAST_YEAR + 1:
        title = "the open AI index replaced the AI index history as the index of the present"
        why = (
            f"most of its series begin in 2023 or later, so ranks as of {LAST_YEAR - 1} and before are of "
            "the history; the two do not compare"
        )
        yield p.Moved("method", title, why)


def _moved_by_edition(unit: str, start: dt.date) -> Iterator[p.Moved]:
    """Yield what editions of the data changed of the country, the largest changes of a value first."""
    rows = derived_table("data_changes").filter(pl.col("iso3") == unit, pl.col("snapshot") > start)
    titles = dict(load_table("indicators").select("indicator", "title").iter_rows())
    later, earlier = pl.col("later"), pl.col("earlier")
    both = (later.sign() == earlier.sign()) & (later != 0)
    size = pl.when(both).then((later.abs() / earlier.abs()).log().abs()).otherwise(0.0)
    shown = rows.filter(pl.col("indicator").is_in(list(titles))).sort(
        size, "indicator", descending=[True, False]
    )
    for row in shown.head(MOVES).iter_rows(named=True):
        values = " to ".join(
            "none" if row[end] is None else rounded(row[end], 4) for end in ("earlier", "later")
        )
        counts = ", ".join(f"{row[word]} {word}" for word in ("came", "went", "moved") if row[word])
        what = f"{titles[row['indicator']]}, value of {row['year']}: {values}"
        why = f"edition of {row['snapshot']} against {row['before']}: values {counts} ({row['source']})"
        yield p.Moved("data", what, why, row["snapshot"])
    if shown.height > MOVES:
        what = f"{shown.height - MOVES} further series came, went or were revised"
        yield p.Moved("data", what, "docs/data-changelog.md has all of them", shown["snapshot"].max())  # type: ignore[arg-type]


def _moved_by_data(unit: str, first: int, last: int) -> Iterator[p.Moved]:
    """Yield the series of the index history that moved a country's score most between two years."""
    then, now = standing(HISTORY, as_of=first), standing(HISTORY)
    for each in (then, now):
        if unit not in each.index.units:
            return
    titles = now.titles
    codes = [code for code in now.index.spec.codes if code in then.index.spec.codes]
    moved = []
    for code in codes:
        a, b = then.index.score(unit, code), now.index.score(unit, code)
        if a == a and b == b:
            place = now.index.tree.position(code)
            weight = float(now.index.tree.effective_weights(now.index.weights)[place])
            moved.append((weight * (b - a), code, a, b))
    for points, code, a, b in sorted(moved, key=lambda row: -abs(row[0]))[:MOVES]:
        if abs(points) > LEAST:
            ranks = then.index.rank(unit, code), now.index.rank(unit, code)
            what = f"{titles[code]}: place {ranks[0]} on the data to {first}, {ranks[1]} on those to {last}"
            yield p.Moved(
                "data", what, f"{points:+.1f} points of the index; {a:.0f} then, {b:.0f} now, of 100"
            )
