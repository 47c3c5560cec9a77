"""Section on what the data do not hold about a country."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.ask.standing import Standing
from parity.brief.model import DataGap, DataGapsSection, EvidenceSection

# A value is old that is more years than this behind the newest of all cells.
OLD = 5
TITLES = {
    "goal": "What would change it",
    "change": "Change over the years",
    "lag": "Months behind the frontier",
    "trade": "Trade",
    "bloc": "Bloc",
    "ties": "Ties",
    "control": "Information control of its models",
    "pledges": "Pledges",
    "claims": "Claims",
}


def data_gaps(
    found: Standing, unit: str, evidence: EvidenceSection, absent: Mapping[str, str]
) -> DataGapsSection:
    """Return what the data do not hold about a country.

    Parameters
    ----------
    found
        The built index.
    unit
        The country.
    evidence
        What its score rests on.
    absent
        Sections without an answer, by name, with the reason.
    """
    gaps = [
        DataGap(kind="imputed", what=title, detail="no value is known; filled in from similar countries")
        for title in evidence.imputed_indicators
    ]
    gaps += [
        DataGap(kind="taken as zero", what=title, detail="no record; the source covers all countries")
        for title in evidence.zero_indicators
    ]
    first, old = _dated(found, unit)
    gaps += old
    gaps += [
        DataGap(kind="no answer", what=TITLES.get(name, name), detail=reason)
        for name, reason in absent.items()
    ]
    return DataGapsSection(old_before=first, gaps=gaps)


def _dated(found: Standing, unit: str) -> tuple[int, list[DataGap]]:
    """Return the first year that is not old, and the indicators whose latest value is, the oldest first."""
    if found.cells is None:
        return 0, []
    known = found.cells.filter(pl.col("year").is_not_null(), pl.col("flag").is_in(["observed", "estimated"]))
    first = int(known.select(pl.col("year").max()).item()) - OLD
    codes = {code: place for place, code in enumerate(found.index.spec.codes)}
    rows = (
        known.filter(pl.col("iso3") == unit, pl.col("year") < first)
        .sort("year", "code")
        .select("code", "year", "source")
        .rows()
    )
    seen: dict[str, DataGap] = {}
    for code, year, source in rows:
        if code in codes:
            stem = code.removesuffix(".scale").removesuffix(".intensity")
            detail = f"latest value of {year} ({source})"
            seen.setdefault(stem, DataGap(kind="old", what=found.title(codes[code]), detail=detail))
    return first, list(seen.values())
