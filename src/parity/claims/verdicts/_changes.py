"""Changes and comparisons: between years, between countries, of ties."""

from __future__ import annotations

import datetime as dt

import polars as pl

from parity.catalogue import load_table, vintage
from parity.claims import published
from parity.claims.model import QuantityClaim
from parity.claims.verdict import Finding, Held, Judgement, Span, Verdict, cannot, joined, overstated, settle
from parity.claims.verdicts import _sources as sources
from parity.claims.verdicts._figures import (
    COMPILED,
    NEAR,
    TWICE,
    Values,
    command_of,
    evidence_of,
    margin_of,
    no_figure,
    span_stated,
    values_of,
    year_of,
)
from parity.estimate import Estimate, rounded

# And changes of them by so much: the sum of 2024 over that of 2023 was 1.32, 1.51, 1.62 and 1.89 in four
# releases for the United States.
RECOUNTED = 1.5

# A change smaller than this is none.
FLAT = 0.02

# Years back that "has grown" is held against, besides the last one.
LONG = 5

TIE = "gh_collaboration"


def change(claim: QuantityClaim) -> Judgement:
    if claim.measure == TIE and claim.others:
        return _tie(claim)
    known = values_of(claim, claim.countries)
    year = year_of(claim, known)
    if year is None:
        return no_figure(claim, claim.countries)
    bases = (
        [_base(known, claim.since.year)]
        if claim.since
        else [_base(known, year - 1), _base(known, year - LONG)]
    )
    found = [base for base in dict.fromkeys(bases) if base is not None and base < year and known[base] > 0]
    if not found:
        return no_figure(claim, claim.countries)
    return _of_change(claim, known, year, found)


def _base(known: Values, year: int) -> int | None:
    return year if year in known else None


def _vintages(claim: QuantityClaim, year: int, base: int) -> list[float]:
    """Return the change between two years by the published editions that give both, or one each."""
    if len(claim.countries) != 1:
        return []
    rows = published.figures(claim.measure, claim.countries[0])
    now, then = ([row["value"] for row in rows if row["period"][:4] == str(y)] for y in (year, base))
    return [_moved(claim, a, b, year - base) for a in now for b in then if b]


def _moved(claim: QuantityClaim, now: float, then: float, years: int) -> float:
    """Return a change in the terms of the claim: a factor, a factor per year, or a difference."""
    if claim.form == "increase":
        return now - then
    factor = now / then
    return factor ** (1 / years) if claim.form == "rate" and factor > 0 else factor


def _of_change(claim: QuantityClaim, known: Values, year: int, bases: list[int]) -> Judgement:
    about, parts = sources.indicator(claim.measure), []
    unit = {"increase": about["unit"], "rate": "times per year"}.get(claim.form, "times")
    for base in bases:
        moved = _moved(claim, known[year], known[base], year - base)
        others = [Span(value, value) for value in _vintages(claim, year, base)]
        finding = (
            f"{base} to {year}: {rounded(known[base], 5)} to {rounded(known[year], 5)} {about['unit']}, "
            + (f"a change of {moved:+,.4g}" if claim.form == "increase" else f"a factor of {moved:.2f}")
        )
        claimed = _claimed_change(claim)
        margin = margin_of(claim.measure)
        own = Span(moved, moved) if _is_direction(claim) or claim.form == "increase" else Span(
            moved * (1 - margin), moved * (1 + margin)
        )  # fmt: skip
        slack = [Span(moved * (1 - margin), moved * (1 + margin))] if moved > 0 else []
        if claim.measure in COMPILED and claim.form == "change":
            slack.append(Span(moved / RECOUNTED, moved * RECOUNTED))
        if claim.form == "rate":
            # A rate depends on the models and years that are taken: no two compilers agree.
            slack.append(Span(moved / TWICE, moved * TWICE))
        found = Estimate(moved, own.low, own.high, None, unit)
        held = Held(
            sources.names(claim.countries), about["title"], unit, "the country",
            f"{about['source']} {base} to {year}", claimed, own, (*others, *slack),
        )  # fmt: skip
        evidence = (evidence_of(claim, sources.names(claim.countries), finding, found),)
        change = "another pair of years, or a revision"
        judged = settle(claim, held, finding, evidence, command_of(claim), change)
        parts.append(
            overstated(claim, moved, judged) if claim.form == "change" and _is_direction(claim) else judged
        )
    return _either(parts)


def _either(parts: list[Judgement]) -> Judgement:
    """Return the verdict where since when is left open: what both pairs of years say, else it depends."""
    whole = joined(parts, "; ".join(part.why for part in parts))
    if whole.verdict is Verdict.PARTLY:
        return Judgement(Verdict.DEPENDS, whole.why, whole.evidence, whole.reproduce, whole.would_change)
    return whole


def _is_direction(claim: QuantityClaim) -> bool:
    return claim.low is None and claim.high is None


def _claimed_change(claim: QuantityClaim) -> Span:
    if not _is_direction(claim):
        return span_stated(claim)
    none = 0.0 if claim.form == "increase" else 1.0
    return Span(none + FLAT, None) if claim.direction == "up" else Span(None, none - FLAT)


def _tie(claim: QuantityClaim) -> Judgement:
    """Hold a change of collaboration against the sum of the last four quarters and those before.

    Four quarters in a row: a quarter that is not published would let a span run over more than a year.
    """
    a, b = sorted((claim.countries[0], claim.others[0]))
    rows = load_table("ties").filter(pl.col("a") == a, pl.col("b") == b).sort("period")
    last = f"{claim.as_of.year}Q{(claim.as_of.month + 2) // 3}"
    command = f"parity ties {a} {b}"
    rows = rows.filter(pl.col("period") < last)
    since = claim.since or claim.as_of - dt.timedelta(days=2 * 365)
    base = (
        rows.filter(pl.col("period") < f"{since.year + (claim.since is None)}Q1").tail(4)
        if claim.since is None
        else rows.filter(pl.col("period") >= f"{since.year}Q1").head(4)
    )
    now = rows.tail(4)
    if not (_in_a_row(now) and _in_a_row(base) and base["weight"].sum()):
        return cannot(
            f"ties of {sources.name(a)} and {sources.name(b)} are not published for four quarters in a row",
            command,
            "the quarters that are not published",
        )
    factor = float(now["weight"].sum()) / float(base["weight"].sum())
    words = (
        f"{base['period'][0]}-{base['period'][-1]} to {now['period'][0]}-{now['period'][-1]}: a "
        f"factor of {factor:.2f}"
    )
    evidence = Finding(
        f"GitHub collaboration of {sources.name(a)} and {sources.name(b)}", words, vintage(),
        Estimate(factor, unit="times"), command,
    )  # fmt: skip
    held = Held(
        f"{sources.name(a)} and {sources.name(b)}", "GitHub collaboration", "times", "the pair",
        vintage(), _claimed_change(claim), Span(factor, factor),
        (Span(factor * (1 - NEAR), factor * (1 + NEAR)),),
    )  # fmt: skip
    change = "another pair of periods, or collaboration of another kind"
    return settle(claim, held, words, (evidence,), command, change)


def _in_a_row(rows: pl.DataFrame) -> bool:
    """Return whether rows are of four consecutive quarters."""
    numbers = [4 * int(period[:4]) + int(period[5:]) for period in rows["period"]]
    return len(numbers) == 4 and numbers[3] - numbers[0] == 3


def compare(claim: QuantityClaim) -> Judgement:
    mine, theirs = values_of(claim, claim.countries), values_of(claim, claim.others)
    shared = {year: mine[year] for year in mine if year in theirs}
    year = year_of(claim, shared)
    if year is None or not theirs[year]:
        return no_figure(claim, (*claim.countries, *claim.others))
    factor = mine[year] / theirs[year]
    finding = (
        f"{year}: {sources.names(claim.countries)} {rounded(mine[year], 5)}, {sources.names(claim.others)} "
        f"{rounded(theirs[year], 5)}, a factor of {factor:.2f}"
    )
    about = sources.indicator(claim.measure)
    choices = [Span(ratio, ratio) for ratio in _published_ratios(claim, year)]
    choices += [
        Span(mine[y] / theirs[y], mine[y] / theirs[y])
        for y in (year - 1, year + 1)
        if not claim.stated_date and y in shared and theirs[y]
    ]
    margin = 2 * margin_of(claim.measure)
    own = Span(factor, factor) if _is_direction(claim) else Span(factor * (1 - margin), factor * (1 + margin))
    wide = Span(factor / TWICE, factor * TWICE) if claim.measure in COMPILED else Span(
        factor * (1 - NEAR), factor * (1 + NEAR))  # fmt: skip
    held = Held(
        f"{sources.names(claim.countries)} against {sources.names(claim.others)}", about["title"], "times",
        "the countries named", f"{about['source']} {year}", _claimed_change(claim), own,
        (*choices, wide),
    )  # fmt: skip
    found = Estimate(factor, own.low, own.high, None, "times")
    evidence = evidence_of(claim, str(year), finding, found)
    change = "a revised figure, or another year"
    return settle(claim, held, finding, (evidence,), command_of(claim), change)


def _published_ratios(claim: QuantityClaim, year: int) -> list[float]:
    """Return the ratio of two countries by each edition that gives both."""
    if len(claim.countries) != 1 or len(claim.others) != 1:
        return []
    mine, theirs = (
        {row["edition"]: row["value"] for row in published.figures(claim.measure, iso3)
         if row["period"][:4] == str(year)}
        for iso3 in (claim.countries[0], claim.others[0])
    )  # fmt: skip
    return [mine[edition] / theirs[edition] for edition in mine if theirs.get(edition)]
