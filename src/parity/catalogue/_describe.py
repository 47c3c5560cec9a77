"""What the catalogue holds: listings, and the card of a table, an indicator or a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from parity.catalogue._countries import find_country
from parity.catalogue._snapshot import datapackage, load_table, tables
from parity.errors import NoAnswerError, ParityError, did_you_mean

BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from.

    Attributes
    ----------
    source, title, publisher, licence, licence_url, vintage, retrieved, url, citation, note
        Fields of the table ``sources``.
    """

    source: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    vintage: str
    retrieved: str
    url: str
    citation: str
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """What is to be known about an indicator, a table or a source.

    Attributes
    ----------
    id, kind, title
        Name; ``indicator``, ``table`` or ``source``; title.
    facts
        Field -> value, in the order to show.
    sources
        Sources of its figures.
    coverage
        One row per year: ``year`` and ``countries`` with a value; empty for a table without years.
    series
        For an indicator and countries: ``iso3``, ``year``, ``value``, ``flag``.
    """

    id: str
    kind: str
    title: str
    facts: dict[str, str]
    sources: tuple[Source, ...]
    coverage: pl.DataFrame
    series: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue holds.

    Attributes
    ----------
    tables
        Name, rows, title.
    indicators
        Code, sub-pillar, use, countries, first and last year, title, unit.
    sources
        Key, licence, vintage, title.
    """

    tables: pl.DataFrame
    indicators: pl.DataFrame
    sources: pl.DataFrame


def listing(kind: str) -> pl.DataFrame:
    """Return one row per table, indicator or source.

    Parameters
    ----------
    kind
        ``"tables"``, ``"indicators"`` or ``"sources"``.

    Returns
    -------
    polars.DataFrame
        Tables: name, rows, title. Indicators: code, sub-pillar, use, countries, first and last
        year, title. Sources: key, licence, vintage, title.
    """
    if kind == "tables":
        titles = {entry["name"]: entry["title"] for entry in datapackage()["resources"]}
        rows = [(name, load_table(name).height, titles[name]) for name in tables()]
        return pl.DataFrame(rows, schema=["table", "rows", "title"], orient="row")
    if kind == "sources":
        return load_table("sources").select("source", "licence", "vintage", "title")
    covered = load_table("observations").group_by("indicator").agg(
        countries=pl.col("iso3").n_unique(), first=pl.col("year").min(), last=pl.col("year").max()
    )  # fmt: skip
    return (
        load_table("indicators")
        .join(covered, on="indicator", how="left")
        .sort("pillar", "sub_pillar", "use", "indicator", nulls_last=True)
        .select("indicator", "sub_pillar", "use", "countries", "first", "last", "title", "unit")
    )


def describe(name: str, countries: tuple[str, ...] = ()) -> Card:
    """Return the card of an indicator, a table or a source.

    Parameters
    ----------
    name
        Its code, name or key, in any case. Where an indicator and a table share a name, the
        indicator is meant; ``table:NAME`` names the table.
    countries
        Countries, by any name, whose series the card of an indicator is to carry.

    Raises
    ------
    ParityError
        If nothing has that name.
    NoAnswerError
        If a country has no value of the indicator.
    """
    kind, _, name = name.strip().lower().rpartition(":")
    indicators = load_table("indicators")
    kinds = {
        "indicator": indicators["indicator"].to_list(),
        "table": list(tables()),
        "source": load_table("sources")["source"].to_list(),
    }
    found = [known for known in kinds if name in kinds[known] and kind in ("", known)]
    if not found:
        near = did_you_mean(name, dict.fromkeys(entry for names in kinds.values() for entry in names))
        raise ParityError(
            f"the catalogue holds nothing called '{name}'.{near} 'parity data list' shows what there is"
        )
    if found[0] == "indicator":
        return _indicator(indicators.row(by_predicate=pl.col("indicator") == name, named=True), countries)
    if countries:
        raise ParityError(f"'{name}' is not an indicator: a country's series can be shown of indicators only")
    return _table(name) if found[0] == "table" else _source(name)


def rows_of(name: str) -> pl.DataFrame:
    """Return the rows behind an indicator, a table or a source, for export.

    Parameters
    ----------
    name
        Its code, name or key, in any case.

    Raises
    ------
    ParityError
        If nothing has that name.
    """
    card = describe(name)
    if card.kind == "table":
        return load_table(card.id)
    return load_table("observations").filter(pl.col(card.kind) == card.id)


def sparkline(values: Sequence[float]) -> str:
    """Draw a series as one line of small bars.

    Parameters
    ----------
    values
        Numbers in order; the smallest gets the lowest bar.

    Returns
    -------
    str
        One character per number.
    """
    if not values:
        return ""
    low, high = min(values), max(values)
    step = (high - low) / (len(BARS) - 1) or 1
    return "".join(BARS[round((value - low) / step)] for value in values)


def _indicator(row: dict[str, str], countries: tuple[str, ...]) -> Card:
    observed = load_table("observations").filter(pl.col("indicator") == row["indicator"])
    flags = observed["flag"].value_counts(sort=True)
    facts = {
        "unit": row["unit"],
        "direction": {1: "higher is better", -1: "lower is better"}.get(row["direction"], "none"),  # type: ignore[call-overload]
        "place": " / ".join(filter(None, (row["pillar"], row["sub_pillar"]))) or "denominator",
        "kind": row["kind"] + (f", per {row['denominator']}" if row["denominator"] else ""),
        "absent": _absent(row),
        "use": row["use"],
        "flags": ", ".join(f"{flag} {count:,}" for flag, count in flags.rows()),
        "note": row["note"],
    }
    return Card(
        id=row["indicator"],
        kind="indicator",
        title=row["title"],
        facts={field: text for field, text in facts.items() if text},
        sources=_sources(observed),
        coverage=_coverage(observed),
        series=_series(observed, row["title"], countries),
    )


def _absent(row: dict[str, str]) -> str:
    if row["absent"] == "missing":
        return "a country without a row is missing, not zero"
    but = f", except {row['absent_except']}" if row["absent_except"] else ""
    return f"a country without a row counts as zero{but}"


def _series(observed: pl.DataFrame, title: str, countries: tuple[str, ...]) -> pl.DataFrame:
    wanted = [find_country(text) for text in countries]
    series = observed.select("iso3", "year", "value", "flag").sort("iso3", "year")
    for country in wanted:
        if country.iso3 not in series["iso3"]:
            raise NoAnswerError(f"{country.name} has no value of '{title}'")
    return series.filter(pl.col("iso3").is_in([country.iso3 for country in wanted]))


def _table(name: str) -> Card:
    frame = load_table(name)
    entry = next(entry for entry in datapackage()["resources"] if entry["name"] == name)
    fields = {field["name"]: field["description"] for field in entry["schema"]["fields"]}
    facts = {"number of rows": f"{frame.height:,}", "primary key": ", ".join(entry["schema"]["primaryKey"])}
    return Card(
        name, "table", entry["title"], facts | fields, _sources(frame), _coverage(frame), frame.clear()
    )


def _source(name: str) -> Card:
    observed = load_table("observations").filter(pl.col("source") == name)
    row = load_table("sources").row(by_predicate=pl.col("source") == name, named=True)
    facts = {"indicators": ", ".join(observed["indicator"].unique().sort())}
    source = Source(**{field: row[field] for field in Source.__dataclass_fields__})
    coverage = _coverage(observed)
    return Card(name, "source", row["title"], facts, (source,), coverage, observed.clear())


def _sources(frame: pl.DataFrame) -> tuple[Source, ...]:
    if "source" not in frame.columns:
        return ()
    known = load_table("sources").join(frame.select("source").unique(), on="source", how="semi")
    rows = known.sort("source").select(list(Source.__dataclass_fields__)).iter_rows(named=True)
    return tuple(Source(**row) for row in rows)


def _coverage(frame: pl.DataFrame) -> pl.DataFrame:
    if not {"iso3", "year"} <= set(frame.columns):
        return pl.DataFrame(schema={"year": pl.Int32, "countries": pl.UInt32})
    return frame.group_by("year").agg(countries=pl.col("iso3").n_unique()).sort("year")
