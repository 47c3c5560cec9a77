"""What the transforms share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import polars as pl

from parity.catalogue.build._raw import Folder
from parity.errors import ParityError

OBSERVED, ESTIMATED = "observed", "estimated"


def joined(folder: Folder, *series: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """Return the series of a source one below the other.

    ``folder``: the source. Where it keeps what is ``lost``, a series that cannot be read goes there.
    """
    frames = []
    for one in series:
        try:
            frames.append(one())
        except (ParityError, pl.exceptions.PolarsError) as problem:
            if folder.lost is None:
                raise
            folder.lost.append(str(problem).splitlines()[0])
    if not frames:
        raise ParityError(folder.lost[0] if folder.lost else f"{folder.source}: holds no series")
    return pl.concat(frames, how="diagonal")


def number(column: str) -> pl.Expr:
    """Return a text column as numbers; an empty cell and a bare ``NA`` are missing."""
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.is_in(["", "NA"])).then(text).cast(pl.Float64)


def year(column: str) -> pl.Expr:
    """Return the year of a column that holds years or ISO dates as text."""
    return pl.col(column).str.slice(0, 4).cast(pl.Int32)


def total(column: str) -> pl.Expr:
    """Return the sum of a column: in order of size, so that it is the same to the last bit in every build."""
    return pl.col(column).sort().sum()


def long(frame: pl.DataFrame, values: dict[str, str], *keep: str) -> pl.DataFrame:
    """Return one row per indicator from one column per indicator.

    ``frame``: columns ``iso3``, ``year``, those in ``keep``, and one text column per indicator.
    """
    return pl.concat(
        [
            frame.select("iso3", "year", *keep, indicator=pl.lit(indicator), value=number(column)).drop_nulls(
                ["iso3", "value"]
            )
            for column, indicator in values.items()
        ]
    )


def mean_per_quarter(frame: pl.DataFrame, by: Iterable[str]) -> pl.DataFrame:
    """Average a quarterly flow over the quarters of each year.

    A sum would make a year with three published quarters look like a slump; the mean of a
    quarter is comparable, and such a year is flagged as estimated.

    ``frame``: columns ``by``, ``year``, ``quarter`` and ``value``, one row per quarter.
    """
    quarters = frame.group_by("year").agg(pl.col("quarter").n_unique().alias("published"))
    return (
        frame.join(quarters, on="year")
        .group_by([*by, "year", "published"])
        .agg(total("value") / pl.len())
        .with_columns(
            flag=pl.when(pl.col("published") < 4).then(pl.lit(ESTIMATED)).otherwise(pl.lit(OBSERVED))
        )
        .drop("published")
    )


def column_like(frame: pl.DataFrame, pattern: str, file: str) -> str:
    """Return the only column whose name matches a pattern: publishers reword their headings."""
    found = [column for column in frame.columns if re.search(pattern, column)]
    require(
        len(found) == 1, f"{file} should have one column like '{pattern}', found {found or frame.columns}"
    )
    return found[0]


def require(condition: bool, story: str) -> None:
    """Refuse to go on when a fact that a transform rests on no longer holds."""
    if not condition:
        raise ParityError(f"the source is not what it was: {story}")
