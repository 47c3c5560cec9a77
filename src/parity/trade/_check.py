"""What a table of flows must be before anything is computed from it."""

from __future__ import annotations

import polars as pl

from parity.errors import ParityError

KEY = ("reporter", "partner", "flow", "hs", "period")
COLUMNS = (*KEY, "value")
# Trade with the median partner does not grow or shrink so many times from one period to the next; a unit that
# changes from dollars to thousands does. Fewer partners than this tell nothing.
UNIT_JUMP, MIN_PARTNERS = 200.0, 5
PERIOD = r"^\d{4}(-(0[1-9]|1[0-2]))?$"
# A country, or the Union of 27.
PLACE = r"^([A-Z]{3}|EU27)$"
CODE = r"^(TOTAL|\d{2}|\d{4}|\d{6})$"


def check_flows(flows: pl.DataFrame, name: str = "flows") -> pl.DataFrame:
    """Return the flows, or say what is wrong with them.

    Parameters
    ----------
    flows
        Columns ``reporter, partner, flow, hs, period, value`` (US dollars) and any others.
    name
        What to call the table in messages.

    Raises
    ------
    ParityError
        If a column is absent, a value is missing or negative, a period, code or flow is not
        written as it should be, rows are there twice, or a reporter's unit changes in between.
    """
    absent = [column for column in COLUMNS if column not in flows.columns]
    if absent:
        raise ParityError(
            f"{name}: column {', '.join(map(repr, absent))} is absent; "
            f"a table of flows has {', '.join(COLUMNS)}"
        )
    if flows.is_empty():
        raise ParityError(f"{name}: holds no rows")
    for bad, story in (
        (~pl.col("value").is_finite().fill_null(False), "have no value; leave a flow out or give 0"),
        (pl.col("value") < 0, "have a negative value; trade is counted in money that changed hands"),
        (~_matches("period", PERIOD), "have a period that is neither a year (2022) nor a month (2022-03)"),
        (~_matches("hs", CODE), "have a code that is neither TOTAL nor 2, 4 or 6 digits"),
        (_no_place("reporter") | _no_place("partner"), "name no country by its ISO3 code"),
        (~pl.col("flow").is_in(["export", "import"]), "have a flow that is neither export nor import"),
        (pl.any_horizontal(pl.col(KEY).is_null()), "lack a reporter, partner, flow, code or period"),
    ):
        _refuse(flows.filter(bad), name, story)
    by = [*KEY, "source"] if "source" in flows.columns else list(KEY)
    _refuse(flows.filter(flows.select(by).is_duplicated()), name, "are there twice; keep one of each")
    _refuse_mixed_units(flows, name)
    return flows


def _no_place(column: str) -> pl.Expr:
    return pl.col(column).is_not_null() & ~_matches(column, PLACE)


def _refuse_mixed_units(flows: pl.DataFrame, name: str) -> None:
    """Refuse a table in which all of a reporter's values jump together, as units do and trade does not."""
    series = ["reporter", "flow", "hs", "partner", pl.col("period").str.len_chars()]
    ordered = flows.filter(pl.col("value") > 0).sort("period")
    steps = ordered.with_columns(times=pl.col("value") / pl.col("value").shift(1).over(series))
    together = (
        steps.drop_nulls("times")
        .group_by("reporter", "flow", "period")
        .agg(pl.col("times").median(), partners=pl.col("partner").n_unique())
    )
    jumped = together.filter(
        (pl.col("partners") >= MIN_PARTNERS) & ~pl.col("times").is_between(1 / UNIT_JUMP, UNIT_JUMP)
    ).sort("period")
    if jumped.height:
        reporter, flow, period, times, partners = jumped.row(0)
        raise ParityError(
            f"{name}: the {flow}s of {reporter} in {period} are {times:,.3g} times those just before "
            f"(median of {partners} partners), so units are mixed; bring all to US dollars (parity trade "
            "import csv --unit thousand)"
        )


def _matches(column: str, pattern: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.contains(pattern).fill_null(False)


def _refuse(rows: pl.DataFrame, name: str, story: str) -> None:
    if rows.height:
        first = ", ".join(f"{column} {rows[column][0]}" for column in COLUMNS)
        raise ParityError(f"{name}: {rows.height:,} rows {story} (first: {first})")
