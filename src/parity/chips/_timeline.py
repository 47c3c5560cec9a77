"""Events in the order in which they took effect."""

from __future__ import annotations

from datetime import date

import polars as pl

from parity.chips._rulebook import RuleBook


def timeline(book: RuleBook, country: str | None = None) -> pl.DataFrame:
    """Return the events of the data, or those of one country.

    An event is a country's where it names the country, or where it is a rule whose scope covers it.

    Parameters
    ----------
    book
        The rules.
    country
        ISO3; every event by default.

    Returns
    -------
    polars.DataFrame
        Rows of the table ``timeline`` by date of effect, or of publication where that is not known; ``day``.
    """
    events = book.timeline.with_columns(day=pl.coalesce("date_effective", "date_published"))
    if country is not None:
        named = pl.col("countries").fill_null("").str.split(";").list.contains(country)
        events = events.filter(named | pl.col("id").is_in(sorted(_covering(book, country))))
    return events.sort("day", "id", nulls_last=False)


def _covering(book: RuleBook, country: str) -> set[str]:
    """Return the rules that cover a country on some day."""
    found: set[str] = set()
    for day in (date.min, *book.breaks()):
        force = book.on(day)
        covered = force.covered(country, country)
        found |= {row.rule_id for row, inside in zip(force.provisions, covered, strict=True) if inside}
    return found
