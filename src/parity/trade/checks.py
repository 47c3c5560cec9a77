"""How far an answer about diversion rests on its donors, its period and its date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from parity.errors import NoAnswerError
from parity.trade._diversion_result import Diversion
from parity.trade._panel import name_of, number_of
from parity.trade.codes import CodeList
from parity.trade.diversion import diversion
from parity.trade.spec import DiversionSpec

# Donors as large as the median candidate; the usual floor lets smaller ones in.
LARGE_DONORS = 1.0
# Heaviest donors that are left out together.
HEAVIEST = 5


@dataclass(frozen=True, slots=True)
class Checks:
    """The same question under other choices, and at a false date.

    Attributes
    ----------
    variants
        One row per choice and candidate: ``variant, iso3, excess, low, high, p_placebo,
        p_adjusted, verdict``.
    false_date
        The date a year earlier, with everything after the true date left out: ``iso3, p_placebo,
        p_adjusted, verdict``; empty where too few periods remain.
    skipped
        Choice -> why it has no answer.
    """

    variants: pl.DataFrame
    false_date: pl.DataFrame
    skipped: dict[str, str]

    def summary(self) -> pl.DataFrame:
        """Return adjusted p-values, one row per choice, one column per candidate."""
        rows = self.variants.select("variant", "iso3", "p_adjusted")
        false = self.false_date.select(pl.lit("false date").alias("variant"), "iso3", "p_adjusted")
        wide = pl.concat([rows, false]).pivot("iso3", index="variant", values="p_adjusted")
        return wide.with_columns(pl.selectors.float().round(3))

    def holds(self, iso3: str) -> str:
        """Return in how many of the choices a country is called clear or likely: ``"4 of 4"``."""
        rows = self.variants.filter(pl.col("iso3") == iso3)
        return f"{rows.filter(pl.col('verdict') != 'none').height} of {rows.height}"


def check(answer: Diversion, flows: pl.DataFrame, codes: CodeList) -> Checks:
    """Answer the question again under other choices.

    Parameters
    ----------
    answer
        The answer to be checked.
    flows
        Table of flows that it came from.
    codes
        Goods that the question is about.
    """
    rows, skipped = [], {}
    for name, spec in _variants(answer):
        try:
            table = diversion(flows, codes, spec).table()
            rows.append(table.select(pl.lit(name).alias("variant"), *_KEPT))
        except NoAnswerError as problem:
            skipped[name] = str(problem)
    base = answer.table().select(pl.lit("as asked").alias("variant"), *_KEPT)
    return Checks(pl.concat([base, *rows]), _false_date(answer, flows, codes, skipped), skipped)


_KEPT = ("iso3", "excess", "low", "high", "p_placebo", "p_adjusted", "verdict")


def _variants(answer: Diversion) -> Iterator[tuple[str, DiversionSpec]]:
    spec = answer.spec
    yield "large donors only", spec.model_copy(update={"donor_floor": LARGE_DONORS})
    heavy: Counter[str] = Counter()
    for one in answer.partners:
        heavy.update(dict(one.weights))
    heaviest = tuple(iso3 for iso3, _ in heavy.most_common(HEAVIEST))
    yield (
        f"without {', '.join(heaviest)}",
        spec.model_copy(update={"exclude": (*spec.exclude, *heaviest)}),
    )
    later = answer.before[len(answer.before) // 4]
    yield f"since {later}", spec.model_copy(update={"since": later})
    if len(answer.after) > 1:
        middle = answer.after[(len(answer.after) - 1) // 2]
        yield f"until {middle}", spec.model_copy(update={"until": middle})


def _false_date(
    answer: Diversion, flows: pl.DataFrame, codes: CodeList, skipped: dict[str, str]
) -> pl.DataFrame:
    """Ask a year too early, with nothing of the time after the true date in sight."""
    spec = answer.spec
    last = name_of(number_of(answer.before[-1]), len(answer.before[-1]))
    # 29 February has no anniversary.
    early = date(spec.start.year - 1, spec.start.month, min(spec.start.day, 28))
    try:
        false = diversion(flows, codes, spec.model_copy(update={"start": early, "until": last}))
    except NoAnswerError as problem:
        skipped[f"false date {early}"] = str(problem)
        return pl.DataFrame(schema={"iso3": pl.String, "p_placebo": pl.Float64, "p_adjusted": pl.Float64})
    return false.table().select("iso3", "p_placebo", "p_adjusted", "verdict")
