"""Events in the order in which they took effect, and what each rule took away from a country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from parity.chips._access import NOT_SOLD, WITHOUT_DECISION, Access, access
from parity.chips._held import DISCLAIMER
from parity.chips._logic import Numbers
from parity.chips._rulebook import RuleBook
from parity.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Events:
    """Rules, letters and events by date.

    Attributes
    ----------
    country
        ISO3, where the events of one country were asked for.
    events
        Rows of the table ``timeline``, each with its ``day`` and, where it was asked for, its ``effect``: the
        shares open before and after.
    disclaimer
        What a ruling is not.
    """

    country: str | None
    events: tuple[dict[str, Any], ...]
    disclaimer: str = DISCLAIMER


NO_SUPPLY = "no estimate of shipments for that quarter"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one rule changed for one country.

    Attributes
    ----------
    rule_id, title, day
        The rule and its first day for the country.
    models_before, models_after
        Share of the accelerator models that are out which can be had without a decision on an application.
    supply_before, supply_after
        The same share of the compute shipped in the quarter.
    """

    rule_id: str
    title: str
    day: date
    models_before: Estimate
    models_after: Estimate
    supply_before: Estimate
    supply_after: Estimate


def effects(
    book: RuleBook, accelerators: pl.DataFrame, supply: pl.DataFrame, country: str, codified: bool = False
) -> list[Effect]:
    """Return what every rule that covers a country changed.

    Parameters
    ----------
    book, accelerators
        The rules and the table ``accelerators``.
    supply
        The table ``chip_supply``.
    country
        ISO3.
    codified
        Whether text that is not enforced counts.

    Returns
    -------
    list of Effect
        By date. Ranges hold what the rules leave open.
    """
    found = []
    for rule_id, day in _first_days(book, country):
        seen = access(book, accelerators, country, (day - timedelta(days=1), day), codified)
        models = [_share_of_models(seen, at) for at in (0, 1)]
        shipped = _shipped(supply, seen.names, day)
        supplied = [_share(seen, at, shipped, NO_SUPPLY) for at in (0, 1)]
        title = str(book.rules[rule_id]["title"])
        found.append(Effect(rule_id, title, day, models[0], models[1], supplied[0], supplied[1]))
    return found


def _first_days(book: RuleBook, country: str) -> list[tuple[str, date]]:
    """Return the rules and letters that cover a country, with their first day there."""
    days: dict[str, date] = {}
    for day in book.breaks():
        force = book.on(day)
        covered = force.covered(country, country)
        for row, inside in zip(force.provisions, covered, strict=True):
            rule = book.rules[row.rule_id]["kind"] in ("rule", "letter", "reported")
            if inside and rule and row.layer in ("rule", "letter") and row.date_from is not None:
                days.setdefault(row.rule_id, day)
    return sorted(days.items(), key=lambda pair: (pair[1], pair[0]))


def _share_of_models(seen: Access, at: int) -> Estimate:
    return _share(seen, at, seen.out[at].astype(float), "no accelerator was out")


def _share(seen: Access, at: int, weights: Numbers, reason: str) -> Estimate:
    weights = np.where(seen.terms[at] == NOT_SOLD, 0.0, weights)
    total = weights.sum()
    if not total:
        return Estimate(None, unit="share", reason=reason)
    certain = _part(seen.among(*WITHOUT_DECISION)[at], weights, total)
    possible = _part(seen.perhaps(*WITHOUT_DECISION)[at], weights, total)
    return Estimate(certain, certain, max(certain, possible), unit="share")


def _part(chosen: NDArray[np.bool_], weights: Numbers, total: float) -> float:
    return float(weights[chosen].sum() / total)


def _shipped(supply: pl.DataFrame, names: tuple[str, ...], day: date) -> Numbers:
    """Return the H100 equivalents shipped of each accelerator in the quarter of a day; shape (n,)."""
    quarter = day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
    sold = supply.filter((pl.col("buyer") == "world") & (pl.col("quarter") == quarter))
    by_name = dict(sold.group_by("accelerator").agg(pl.col("h100e").sum()).rows())
    return np.array([by_name.get(name, 0.0) for name in names])


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
