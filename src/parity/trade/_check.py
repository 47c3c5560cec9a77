"""What a table of flows must be before anything is computed from it."""

from __future__ import annotations

import polars as pl

from parity.errors import ParityError

KEY = ("reporter", "partner", "flow", "hs", "period")
COLUMNS = (*KEY, "value")
PERIOD = r"^\d{4}(-(0[1-9]|1[0-2]))?$"
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
        written as it should be, or rows are there twice.
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
        (~pl.col("flow").is_in(["export", "import"]), "have a flow that is neither export nor import"),
        (pl.any_horizontal(pl.col(KEY).is_null()), "lack a reporter, partner, flow, code or period"),
    ):
        _refuse(flows.filter(bad), name, story)
    by = [*KEY, "source"] if "source" in flows.columns else list(KEY)
    _refuse(flows.filter(flows.select(by).is_duplicated()), name, "are there twice; keep one of each")
    return flows


def _matches(column: str, pattern: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.contains(pattern).fill_null(False)


def _refuse(rows: pl.DataFrame, name: str, story: str) -> None:
    if rows.height:
        first = ", ".join(f"{column} {rows[column][0]}" for column in COLUMNS)
        raise ParityError(f"{name}: {rows.height:,} rows {story} (first: {first})")
