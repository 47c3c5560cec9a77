"""Quantities: against what was published by edition, then the observations of the catalogue."""

from __future__ import annotations

from typing import Any

import polars as pl

from parity.catalogue import none_on_record
from parity.claims import published
from parity.claims.model import QuantityClaim, RankClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, joined, settle
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._changes import TIE, change, compare
from parity.claims.verdicts._figures import (
    FINAL,
    LISTS,
    Values,
    around,
    command_of,
    evidence_of,
    no_figure,
    span_stated,
    values_of,
    year_of,
)
from parity.claims.verdicts.rank import judge_rank
from parity.estimate import Estimate, rounded

# Entries of such a list.
LISTED = 500.0
WORLD = "WLD"


def judge_quantity(claim: QuantityClaim) -> Judgement:
    """Return the verdict on a quantity claim."""
    if not sources.has_series(claim.measure):
        return _published_only(claim)
    if WORLD in claim.countries:
        return cannot("figures of the whole world are not carried", command_of(claim), "a world total")
    told = _as_published(claim, rows) if claim.form == "level" and len(rows := _rows(claim)) > 0 else None
    if told is not None and len(claim.countries) > 1 and _unit_of(claim, rows[0]["unit"]):
        return told
    several = len(claim.countries) > 1 or len(claim.others) > 1
    if several and sources.indicator(claim.measure)["kind"] != "extensive" and claim.measure != TIE:
        return _each(claim)
    if claim.form == "most":
        return judge_rank(_first(claim))
    if claim.form in ("level", "share", "increase") and not _same_unit(claim):
        about = sources.indicator(claim.measure)
        return cannot(
            f"the claim is in {claim.unit or 'a count'}, the series in {about['unit']}; "
            "not converted, so not tested",
            command_of(claim),
            "a figure in one unit",
        )
    judge = {
        "level": _level, "share": _share, "change": change, "rate": change, "increase": change,
        "compare": compare,
    }[claim.form]  # fmt: skip
    return judge(claim)


def _first(claim: QuantityClaim) -> RankClaim:
    """Return "nobody has more" as a first place."""
    return RankClaim(
        span=claim.span, text=claim.text, as_of=claim.as_of, stated_date=claim.stated_date, open=claim.open,
        negated=claim.negated, country=claim.countries[0], relation="at", rank=1, within=claim.within,
        measure=claim.measure,
    )  # fmt: skip


def _published_only(claim: QuantityClaim) -> Judgement:
    """Hold a figure of something without a series against what reports said of it."""
    rows = [row for iso3 in claim.countries for row in published.figures(claim.measure, iso3)]
    if claim.form != "level" or len(claim.countries) != 1 or not rows or not _unit_of(claim, rows[0]["unit"]):
        what = f"figure of {claim.measure.replace('_', ' ')} that tells"
        return cannot(none_on_record(what, "published_figures"), command_of(claim), "such figures")
    why = none_on_record("figure of that year", "published_figures")
    return _as_published(claim, rows) or cannot(why, command_of(claim), "a figure of that year")


def _each(claim: QuantityClaim) -> Judgement:
    """Judge a ratio country by country: ratios do not add up, and an average of several is not carried."""
    parts = [
        judge_quantity(claim.model_copy(update={"countries": (one,), "others": (other,) if other else ()}))
        for one in claim.countries
        for other in (claim.others or ("",))
    ]
    if len({part.verdict for part in parts}) == 1:
        return joined(parts, f"country by country: {parts[0].why}")
    return cannot(
        f"it holds for some of {sources.names(claim.countries)} only, and their average is not carried",
        command_of(claim),
        "a figure for all of them together",
    )


def _interval(span: Span, unit: str) -> str:
    low, high = ("open" if end is None else f"{rounded(end, 4)}" for end in (span.low, span.high))
    return f"{low if low == high else f'{low} to {high}'} {unit}".strip()


def _rows(claim: QuantityClaim) -> list[dict[str, Any]]:
    """Return what was published of the country of a claim, or of the European Union as a whole."""
    union = set(claim.countries) == set(sources.members_of("EU", claim.as_of))
    if len(claim.countries) != 1 and not union:
        return []
    who = claim.countries[0] if len(claim.countries) == 1 else "EU"
    return published.figures(claim.measure, who, share=claim.form == "share")


# Unit of shares of what a publisher knows of: no share of the world.
OF_KNOWN = "% of known"


def _as_published(claim: QuantityClaim, rows: list[dict[str, Any]]) -> Judgement | None:
    """Hold a level against what reports said of its year; ``None`` where they say nothing of it.

    A report that the text names decides alone; without one the newest of the day is the measure, and the
    other editions are further choices.
    """
    name = sources.names(claim.countries)
    meant = [row for row in rows if _is_meant(claim, row)]
    if claim.report and not _dates_report(claim):
        # A report without a year tells of its newest.
        newest: dict[str, str] = {}
        for row in meant:
            newest[row["edition"]] = max(newest.get(row["edition"], ""), row["period"])
        meant = [row for row in meant if row["period"] == newest[row["edition"]]]
    if not meant:
        return None
    meant.sort(key=lambda row: row["published"], reverse=True)
    claimed = span_stated(claim)
    agreeing = [row for row in meant if claimed.meets(Span(row["value"], row["value"]))]
    main = agreeing[0] if agreeing else meant[0]
    unit = "US dollars" if "dollars" in main["unit"] else main["unit"]
    choices = [Span(row["value"], row["value"]) for row in meant]
    choices += [Span(row["now"], row["now"]) for row in meant if row["now"] is not None]
    ordered = {_key(row): row for row in (main, *meant)}
    evidence = [published.figure_evidence(row, name, unit) for row in ordered.values()]
    if not claim.report:
        own, line = _own_choices(claim)
        # What other editions say of the year need not be on record.
        choices += (*own, *around(main["value"], claim.measure)[1])
        evidence += line
    held = Held(
        name, claim.measure.replace("_", " "), unit, "the country",
        f"{main['report']} {main['edition']}", claimed, _span_of(claim, main["value"]), tuple(choices),
    )  # fmt: skip
    why = f"claimed {_interval(claimed, unit)}; {evidence[0].what}: {evidence[0].finding}"
    if OF_KNOWN in unit and not claim.report:
        why = f"of what is known, which is a part: no share of a world total is on record; {why}"
        return Judgement(
            Verdict.DEPENDS, why, tuple(evidence), evidence[0].question, "a share of a total of the world"
        )
    return settle(claim, held, why, tuple(evidence), evidence[0].question, "another edition of the report")


def _span_of(claim: QuantityClaim, value: float) -> Span:
    """Return a published figure with its own rounding: performances are told in whole petaflops."""
    slack = 0.01 * value if claim.measure == "top500_rmax" else 0.0
    return Span(value - slack, value + slack)


def _key(row: dict[str, Any]) -> tuple[str, str, str, float]:
    return row["report"], row["edition"], row["period"], row["value"]


def _is_meant(claim: QuantityClaim, row: dict[str, Any]) -> bool:
    """Return whether a published figure is of the edition and the year that a claim means."""
    if claim.report:
        title, _, edition = claim.report.partition(" ")
        if title.casefold() not in row["report"].casefold().replace(" ", "-"):
            return False
        if edition and not str(row["edition"]).startswith(edition):
            return False
        return not _dates_report(claim) or str(row["period"]).startswith(str(claim.as_of.year))
    year = claim.as_of.year if claim.stated_date else sources.last_year(claim.as_of, stated=False)
    if claim.measure in LISTS:
        # The newest list of the day, and those of the year that were out.
        age = (claim.as_of - row["published"]).days
        return age >= 0 and (
            age <= 200 or (claim.stated_date and str(row["period"])[:4] == str(claim.as_of.year))
        )
    period = str(row["period"])
    if row["published"] > claim.as_of and not claim.stated_date:
        return False
    if len(period) == 9:
        # A figure of several years together: "2014-2023".
        return not claim.stated_date or int(period[:4]) <= year <= int(period[5:])
    return period[:4] == str(year)


def _dates_report(claim: QuantityClaim) -> bool:
    """Return whether a claim names a report and, besides its edition, the year of the figure."""
    edition = (claim.report or "").partition(" ")[2]
    return claim.stated_date and edition[:4] != str(claim.as_of.year)


def _own_choices(claim: QuantityClaim) -> tuple[list[Span], list[Finding]]:
    """Return what our own series says of the year, and whatever else may be meant."""
    if not sources.has_series(claim.measure) or claim.form == "share":
        return [], []
    known = values_of(claim, claim.countries)
    year = year_of(claim, known)
    if year is None:
        return [], []
    own, wide = around(known[year], claim.measure)
    about = sources.indicator(claim.measure)
    finding = f"{sources.names(claim.countries)} {year}: {rounded(known[year], 5)} {about['unit']}"
    return [own, *wide], [evidence_of(claim, str(year), finding, Estimate(known[year], own.low, own.high))]


def _level(claim: QuantityClaim) -> Judgement:
    about = sources.indicator(claim.measure)
    told = _as_published(claim, rows) if (rows := _rows(claim)) else None
    if told is not None:
        return told
    if claim.report:
        return cannot(
            f"what {claim.report.replace('-', ' ')} says of {sources.names(claim.countries)} is not on "
            f"record",
            command_of(claim), "that edition",
        )  # fmt: skip
    known = values_of(claim, claim.countries)
    year = year_of(claim, known)
    if year is None:
        return no_figure(claim, claim.countries)
    claimed, unit = span_stated(claim), _unit(claim)
    own, wide = around(known[year], claim.measure)
    found = Estimate(known[year], own.low, own.high, None, unit)
    finding = f"{sources.names(claim.countries)} {year}: {rounded(known[year], 5)} {unit}"
    held = Held(
        sources.names(claim.countries), about["title"], unit, "the country", f"{about['source']} {year}",
        claimed, own, (*wide, *_neighbours(claim, known, year)), value=known[year],
    )  # fmt: skip
    return settle(
        claim, held, f"claimed {_interval(claimed, unit)}; {finding}",
        (evidence_of(claim, f"{year}", finding, found),), command_of(claim),
        "a revised figure, or another year",
    )  # fmt: skip


def _neighbours(claim: QuantityClaim, known: Values, year: int) -> list[Span]:
    """Return the figures of the years beside the one taken, where the text names none."""
    if claim.stated_date and claim.measure not in FINAL:
        return []
    return [Span(known[y], known[y]) for y in (year - 1, year + 1) if y in known]


def _unit(claim: QuantityClaim) -> str:
    return "petaflops" if claim.measure == "top500_rmax" else sources.indicator(claim.measure)["unit"]


def _same_unit(claim: QuantityClaim) -> bool:
    return claim.form == "share" or _unit_of(claim, _unit(claim))


def _unit_of(claim: QuantityClaim, unit: str) -> bool:
    """Return whether a claim states its number in a unit."""
    if claim.unit == "percent":
        return unit.startswith("%")
    if claim.unit == "USD":
        return "dollars" in unit
    if claim.unit == "petaflops":
        return "flop" in unit.casefold()
    return (
        claim.unit == ""
        and not unit.startswith("%")
        and "dollars" not in unit
        and "flop" not in unit.casefold()
    )


def _share(claim: QuantityClaim) -> Judgement:
    """Hold a share of the world against the sum over the countries on record, a part of the world only."""
    told = _as_published(claim, _rows(claim)) if claim.unit == "percent" else None
    if told is not None and (claim.report or told.verdict in (Verdict.SUPPORTED, Verdict.DEPENDS)):
        return told
    if sources.indicator(claim.measure)["kind"] != "extensive" or claim.unit != "percent":
        return cannot("shares of the world exist only of what can be added up", command_of(claim), "a count")
    totals = sources.series(claim.measure).group_by("year").agg(pl.col("value").sum(), n=pl.len())
    scale = 1e-3 if claim.measure == "top500_rmax" else 1.0
    total = {year: scale * value for year, value, _ in totals.rows()}
    covered = {year: n for year, _, n in totals.rows()}
    if claim.measure in FINAL:
        total |= dict.fromkeys(range(max(total) + 1, claim.as_of.year + 1), LISTED)
    known = values_of(claim, claim.countries)
    year = year_of(claim, known)
    if year is None or not total.get(year):
        return no_figure(claim, claim.countries)
    share = 100 * known[year] / total[year]
    claimed = span_stated(claim)
    own, wide = around(share, claim.measure)
    part = f"{rounded(known[year], 5)} of {rounded(total[year], 5)}, {share:.1f} %"
    finding = f"{sources.names(claim.countries)} {year}: {part}"
    about = sources.indicator(claim.measure)
    others = [100 * known[y] / total[y] for y in (year - 1, year + 1) if y in known and total.get(y)]
    # What is not in the list lowers a share: only a list that is complete may contradict.
    held = Held(
        sources.names(claim.countries), about["title"], "% of the world",
        "the world" if claim.measure in FINAL else "", f"{about['source']} {year}", claimed, own,
        (*wide, *(Span(other, other) for other in others)), value=share,
    )  # fmt: skip
    found = Estimate(share, own.low, own.high, None, "% of the world")
    return settle(
        claim, held, f"claimed {_interval(claimed, '%')}; {finding}",
        (evidence_of(claim, f"{year}, {covered.get(year, 'all')} countries", finding, found),),
        command_of(claim), "a figure that counts joint work in shares, or covers more countries",
    )  # fmt: skip
