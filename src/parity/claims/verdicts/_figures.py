"""Figures of our own series: which year is meant, and how far they may be revised."""

from __future__ import annotations

import polars as pl

from parity.catalogue import vintage
from parity.claims import published
from parity.claims._numbers import tolerated
from parity.claims.model import QuantityClaim
from parity.claims.verdict import Finding, Judgement, Span, cannot
from parity.claims.verdicts import _sources as sources
from parity.estimate import Estimate

# How far a figure may be revised after its first release. Official statistics: a choice. Lists and deals that
# somebody compiles: four of five sums of deals moved by -6 to +25 % between two releases three months apart.
REVISION, REVISION_COMPILED = 0.05, 0.10

# How far off a figure may be to agree with one compiled otherwise.
NEAR = 0.25

# Entries of a list that is final are not revised.
FINAL = frozenset(("top500_systems",))

# What is told list by list, twice a year.
LISTS = frozenset(("top500_systems", "top500_rmax"))

# What compilers count by rules of their own: lists and deals differ up to a factor of two between them.
COMPILED = frozenset(
    ("ai_investment", "notable_models", "large_scale_models", "gpu_cluster_h100e", "genai_diffusion",
     "ai_publications", "ai_patents", "top500_rmax", "largest_training_run")
)  # fmt: skip

TWICE = 2.0

# A figure may be so many years older than a claim that names no year.
OLDEST = 2

Values = dict[int, float]


def command_of(claim: QuantityClaim) -> str:
    who = ", ".join(f"'{iso3}'" for iso3 in (*claim.countries, *claim.others))
    return (
        f'parity data sql "select iso3, year, value, flag from observations where indicator = '
        f"'{claim.measure}' and iso3 in ({who}) order by year, iso3\""
    )


def values_of(claim: QuantityClaim, countries: tuple[str, ...]) -> Values:
    """Return the sum over some countries by year, of the years that all have; ``{}`` without any."""
    rows = sources.series(claim.measure).filter(
        pl.col("iso3").is_in(countries), pl.col("value").is_not_null()
    )
    zero = sources.indicator(claim.measure)["absent"] == "zero"
    if zero and rows.is_empty():
        return dict.fromkeys(sources.series(claim.measure)["year"].unique().to_list(), 0.0)
    years = rows.group_by("year").agg(pl.col("value").sum(), n=pl.len()).sort("year")
    if not zero:
        years = years.filter(pl.col("n") == len(countries))
    scale = 1e-3 if claim.measure == "top500_rmax" else 1.0  # TFlop/s in the series, petaflops in texts
    found = {year: scale * value for year, value in years.select("year", "value").rows()}
    return found | _newest_lists(claim, countries) if claim.measure in FINAL else found


def _newest_lists(claim: QuantityClaim, countries: tuple[str, ...]) -> Values:
    """Return the sum over some countries in the last list of each year that was out on the claim's day."""
    each: list[Values] = []
    for iso3 in countries:
        rows = [row for row in published.figures(claim.measure, iso3) if row["published"] <= claim.as_of]
        each.append({int(row["period"][:4]): row["value"] for row in rows})
    shared = set(each[0]).intersection(*each[1:]) if each else set()
    return {year: sum(values[year] for values in each) for year in shared}


def year_of(claim: QuantityClaim, known: Values) -> int | None:
    """Return the year that is meant: the one named, else the latest by the claim's date, not too old."""
    if claim.stated_date:
        return claim.as_of.year if claim.as_of.year in known else None
    last = claim.as_of.year if claim.measure in FINAL else sources.last_year(claim.as_of, stated=False)
    return max((year for year in known if last - OLDEST <= year <= last), default=None)


def evidence_of(claim: QuantityClaim, what: str, finding: str, found: Estimate | None) -> Finding:
    about = sources.indicator(claim.measure)
    return Finding(
        f"{about['title']}, {what}", finding, f"{about['source']}, {vintage()}", found, command_of(claim)
    )


def no_figure(claim: QuantityClaim, who: tuple[str, ...]) -> Judgement:
    about = sources.indicator(claim.measure)
    return cannot(
        f"no figure of {about['title']} for {sources.names(who)} of the time meant ({claim.as_of})",
        command_of(claim),
        "that figure",
    )


def span_stated(claim: QuantityClaim) -> Span:
    """Return the interval that was stated: the hedge applied, the last place rounded."""
    return Span(*tolerated(claim.low, claim.high, claim.hedge, claim.rounding))


def margin_of(measure: str) -> float:
    return 0.0 if measure in FINAL else REVISION_COMPILED if measure in COMPILED else REVISION


def around(value: float, measure: str) -> tuple[Span, tuple[Span, ...]]:
    """Return a figure with its own revisions, and with those of figures that are compiled otherwise."""
    margin = margin_of(measure)
    wide = (value / TWICE, value * TWICE) if measure in COMPILED else (value * (1 - NEAR), value * (1 + NEAR))
    own = Span(value * (1 - margin), value * (1 + margin))
    return own, () if measure in FINAL else (Span(*wide),)
