"""From the long table of observations to the wide table that an index is built on."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from parity.errors import ParityError
from parity.index.artefacts import evidence, unconfirmed
from parity.index.spec import IndexSpec

# A denominator (population, GDP) may be this many years older than the year asked for.
DENOMINATOR_AGE = 6

_SELECT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "code": pl.String,
    "indicator": pl.String,
    "first": pl.Int64,
    "last": pl.Int64,
    "reduce": pl.String,
    "absent": pl.String,
    "never_zero": pl.List(pl.String),
    "times": pl.String,
    "factor": pl.Float64,
    "most": pl.Float64,
}

UNKNOWN = ("missing", "not_possible")
"""Flags of cells without a value."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """The data of an index, with the origin of every cell.

    Attributes
    ----------
    table
        One row per country: ``iso3``, ``name``, ``income_group``, ``region``, the denominators, and one
        column per indicator code of the spec; null where nothing is known. Where standard errors are
        published, ``CODE_se`` follows; where values are lower bounds, ``CODE_up``: how many times as high the
        true value may be, 1 elsewhere.
    cells
        One row per country and indicator code: ``iso3``, ``code``, ``value``, ``se`` (standard error in
        the indicator's unit, null unless published), ``up`` (null unless a lower bound), ``year`` (latest
        that went in), ``source``, ``flag`` (``observed``, ``estimated``, ``lower_bound``,
        ``trimmed``, ``structural_zero``, ``missing``, or ``not_possible``: above what can be, so missing).
    year
        Year as of which the data were taken.
    """

    table: pl.DataFrame
    cells: pl.DataFrame
    year: int


def assemble(
    spec: IndexSpec, observations: pl.DataFrame, countries: pl.DataFrame, year: int | None = None
) -> Assembly:
    """Take an index's data from the catalogue.

    Each indicator's ``select`` says which observation series it is, over which years, and what a country
    without any means. With an earlier ``year`` every window keeps its length and ends there.

    Parameters
    ----------
    spec
        Spec whose indicators all have a ``select``.
    observations
        Columns ``iso3``, ``indicator``, ``year``, ``value``, ``se``, ``source``, ``flag``.
    countries
        Columns ``iso3``, ``name``, ``income_group``, ``region``.
    year
        Year as of which to take the data; by default the last year of the spec's windows.

    Returns
    -------
    Assembly
        Wide table and the origin of its cells.

    Raises
    ------
    ParityError
        If an indicator has no ``select``, names a series that the catalogue lacks, or no country is left.
    """
    selects = _selects(spec, observations)
    last = int(selects["last"].max())  # type: ignore[arg-type]
    as_of = last if year is None else year
    selects = selects.with_columns(shift=pl.max_horizontal(pl.col("last") - as_of, 0)).with_columns(
        pl.col("first", "last") - pl.col("shift")
    )
    units = _units(spec, countries, denominators(observations, _series(spec), as_of))
    cells = _cells(selects, observations, units, _understated(spec))
    if spec.index.trim:
        cells = _trim(spec, cells, units)
    wide = cells.pivot(on="code", index="iso3", values="value", maintain_order=True)
    table = units.join(wide, on="iso3", how="left").select(*units.columns, *spec.codes)
    for kind in ("se", "up"):
        errors = cells.filter(pl.col(kind).is_not_null()).with_columns(pl.col("code") + f"_{kind}")
        if not errors.is_empty():
            wide = errors.pivot(on="code", index="iso3", values=kind, maintain_order=True)
            table = table.join(wide, on="iso3", how="left")
    return Assembly(table=table, cells=cells, year=as_of)


def denominators(observations: pl.DataFrame, series: set[str], year: int) -> pl.DataFrame:
    """Return the latest value of each series up to a year, one row per country, one column per series."""
    wanted = sorted(series)
    return (
        observations.filter(
            pl.col("indicator").is_in(wanted), pl.col("year").is_between(year - DENOMINATOR_AGE, year)
        )
        .sort("year")
        .group_by("iso3", "indicator", maintain_order=True)
        .agg(pl.col("value").last())
        .pivot(on="indicator", on_columns=wanted, index="iso3", values="value")
        .sort("iso3")
    )


def _selects(spec: IndexSpec, observations: pl.DataFrame) -> pl.DataFrame:
    """Return how each indicator is taken, one row per code; refuse what the catalogue cannot give."""
    without = [indicator.code for indicator in spec.indicators if indicator.select is None]
    if without:
        raise ParityError(
            f"'{spec.index.id}' has no data file, and no 'select' for {', '.join(without[:5])}; "
            "give --data FILE, or say in each [[indicator]] which series it is"
        )
    known = set(observations["indicator"].unique())
    rows = []
    for indicator in spec.indicators:
        select = indicator.select
        assert select is not None  # refused above
        if select.indicator not in known:
            raise ParityError(
                f"indicator '{indicator.code}' selects the series '{select.indicator}', which the catalogue "
                "does not have; `parity data list` shows those it has"
            )
        first, last = select.years or (1900, 2100)
        row = select.model_dump() | {"code": indicator.code, "first": first, "last": last}
        row["never_zero"] = [*select.never_zero, *select.understated]
        rows.append({name: row[name] for name in _SELECT_SCHEMA})
    newest = observations.group_by("indicator").agg(newest=pl.col("year").max().cast(pl.Int64))
    return (
        pl.DataFrame(rows, schema=_SELECT_SCHEMA)
        .join(newest, on="indicator", how="left", maintain_order="left")
        .with_columns(last=pl.min_horizontal("last", "newest"))
        .drop("newest")
    )


def _series(spec: IndexSpec) -> set[str]:
    """Return the series that a spec divides or multiplies by, and population for the choice of countries."""
    named = {indicator.denominator for indicator in spec.indicators}
    named |= {indicator.select.times for indicator in spec.indicators if indicator.select}
    return {name for name in named if name} | {"population"}


def _units(spec: IndexSpec, countries: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Return the countries that the spec ranks, with their groups and denominators."""
    rule = spec.index.units
    frame = countries.select("iso3", "name", "income_group", "region").join(series, on="iso3", how="left")
    chosen = frame.filter(
        (pl.col("population") >= rule.min_population) | pl.col("iso3").is_in(rule.include),
        ~pl.col("iso3").is_in(rule.exclude),
    ).sort("iso3")
    if chosen.is_empty():
        raise ParityError(f"no country has the {rule.min_population:g} people that [index.units] asks for")
    return chosen


def _understated(spec: IndexSpec) -> pl.DataFrame:
    """Return the countries whose value is a lower bound, with the factor: code, iso3, up."""
    rows = [
        (each.code, iso3, factor)
        for each in spec.indicators
        if each.select
        for iso3, factor in each.select.understated.items()
    ]
    return pl.DataFrame(rows, {"code": pl.String, "iso3": pl.String, "up": pl.Float64}, orient="row")


def _cells(
    selects: pl.DataFrame, observations: pl.DataFrame, units: pl.DataFrame, understated: pl.DataFrame
) -> pl.DataFrame:
    """Return every country's value of every indicator, with its origin."""
    taken = (
        selects.select("code", "indicator", "first", "last", "reduce", "most")
        .join(observations, on="indicator", how="inner")
        .filter(pl.col("year").is_between(pl.col("first"), pl.col("last")), pl.col("value").is_not_null())
        .with_columns(beyond=(pl.col("value") > pl.col("most")).fill_null(False))
    )
    beyond = taken.filter("beyond").select("code", "iso3", "beyond").unique()
    found = (
        taken.filter(~pl.col("beyond"))
        .sort("code", "iso3", "year")
        .group_by("code", "iso3", maintain_order=True)
        .agg(
            pl.col("reduce").first(),
            pl.col("value").last().alias("latest"),
            pl.col("value").sum().alias("sum"),
            pl.col("value").mean().alias("mean"),
            pl.col("value").implode().alias("median"),
            (pl.col("last") - pl.col("first") + 1 - pl.len()).first().alias("without"),
            pl.col("year", "se", "source", "flag").last(),
        )
        .with_columns(
            median=pl.col("median")
            .list.concat(pl.lit(0.0).repeat_by(pl.col("without").clip(0)))
            .list.median()
        )
        .with_columns(
            value=pl.coalesce(pl.when(reduce=how).then(how) for how in ("latest", "sum", "mean", "median")),
            # The error of a sum or mean of years is not published.
            se=pl.when(reduce="latest").then("se"),
        )
    )
    grid = selects.select("code", "absent", "times", "factor", "never_zero").join(
        units.select("iso3"), how="cross"
    )
    odd = pl.col("beyond").fill_null(False)
    zero = (pl.col("absent") == "zero") & ~pl.col("never_zero").list.contains(pl.col("iso3")) & ~odd
    return (
        grid.join(found, on=["code", "iso3"], how="left", maintain_order="left")
        .join(beyond, on=["code", "iso3"], how="left", maintain_order="left")
        .with_columns(
            flag=pl.when(pl.col("value").is_not_null())
            .then("flag")
            .when(zero)
            .then(pl.lit("structural_zero"))
            .when(odd)
            .then(pl.lit("not_possible"))
            .otherwise(pl.lit("missing")),
            value=pl.when(pl.col("value").is_null() & zero).then(0.0).otherwise("value"),
        )
        .pipe(_multiply, units)
        .pipe(_lower_bounds, understated)
        .select("iso3", "code", "value", "se", "up", "year", "source", "flag")
    )


def _lower_bounds(cells: pl.DataFrame, understated: pl.DataFrame) -> pl.DataFrame:
    """Mark the cells whose value is a lower bound."""
    joined = cells.join(understated, on=["code", "iso3"], how="left", maintain_order="left")
    known = pl.col("up").is_not_null() & pl.col("value").is_not_null()
    return joined.with_columns(
        up=pl.when(known).then("up"), flag=pl.when(known).then(pl.lit("lower_bound")).otherwise("flag")
    )


def _trim(spec: IndexSpec, cells: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Trim what a country's other evidence does not support to what a second source confirms of it."""
    series = {each.code: each.select.indicator for each in spec.indicators if each.select}
    odd = unconfirmed(spec, evidence(spec, cells, units))
    by = odd.select("iso3", "series", by=pl.col("believed") / pl.col("ratio"))
    joined = cells.with_columns(series=pl.col("code").replace_strict(series)).join(
        by, on=["iso3", "series"], how="left", maintain_order="left"
    )
    return joined.with_columns(
        pl.col("value") * pl.col("by").fill_null(1.0),
        flag=pl.when(pl.col("by").is_null()).then("flag").otherwise(pl.lit("trimmed")),
    ).drop("series", "by")


def _multiply(cells: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Turn ratios into quantities where the spec says ``times``, and into the unit that ``factor`` gives."""
    wanted = cells["times"].drop_nulls().unique().to_list()
    series = units.select("iso3", *wanted).unpivot(index="iso3", variable_name="times", value_name="by")
    by = pl.when(pl.col("times").is_null()).then(1.0).otherwise("by") * pl.col("factor")
    return cells.join(series, on=["iso3", "times"], how="left", maintain_order="left").with_columns(
        pl.col("value", "se") * by
    )
