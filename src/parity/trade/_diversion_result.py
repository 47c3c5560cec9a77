"""The answer to a question about diversion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.trade._judged import Judged
from parity.trade._months import Monthly
from parity.trade.codes import CodeList
from parity.trade.spec import DiversionSpec


@dataclass(frozen=True, slots=True)
class Diversion:
    """Which third countries exports rose to, beyond what was to be expected.

    Attributes
    ----------
    spec, codes
        The question and its goods.
    vintage, sources
        Which data it was answered from.
    frequency
        ``month`` or ``year``.
    before, after
        Periods before and after the date; the period of the change is in neither.
    months
        Months after the date.
    donors
        Countries that stand for what would have been.
    dropped
        Country -> why it is neither judged nor a donor.
    partners
        Candidates, largest excess first.
    direct
        The sanctioned country itself, tested for a fall; ``None`` where it cannot be.
    placebos
        The donors, each judged by the others: what "nothing happened" looks like. Their p-values are
        evenly spread by construction, and no verdict follows from one.
    monthly
        Those that are judged, by month, where years are judged and months are known: the sanctioned
        country first.
    note
        Why years are judged though months are at hand; empty where that needs no saying.
    """

    spec: DiversionSpec
    codes: CodeList
    vintage: str
    sources: tuple[str, ...]
    frequency: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    months: float
    donors: tuple[str, ...]
    dropped: dict[str, str]
    partners: tuple[Judged, ...]
    direct: Judged | None
    placebos: tuple[Judged, ...]
    monthly: tuple[Monthly, ...]
    note: str = ""

    @property
    def smallest_p(self) -> float:
        """Smallest p-value that this many donors can give."""
        return 1 / (len(self.donors) + 1)

    def why_not(self, iso3: str) -> str:
        """Return why a country is neither judged nor a donor."""
        if iso3 in self.dropped:
            return self.dropped[iso3]
        if iso3 in self.spec.exclude:
            return "kept out of the comparison: under one roof with the sanctioned country, or at war"
        return "too little is traded with it, or nothing is reported"

    def found(self, verdict: str = "clear") -> tuple[str, ...]:
        """Return the countries with a verdict."""
        return tuple(one.iso3 for one in self.partners if one.verdict == verdict)

    def table(self) -> pl.DataFrame:
        """Return one row per candidate: excess with interval, rise, p-values, verdict."""
        return pl.DataFrame(
            [
                {
                    "iso3": one.iso3,
                    "excess": one.excess.value,
                    "low": one.excess.low,
                    "high": one.excess.high,
                    "rise_percent": one.rise.value,
                    "p_placebo": one.p_placebo,
                    "p_time": one.p_time,
                    "p_adjusted": one.p_adjusted,
                    "verdict": one.verdict,
                }
                for one in self.partners
            ]
        )

    def summary(self) -> pl.DataFrame:
        """Return the table as it is printed: million US dollars, rounded."""
        columns = ("excess", "low", "high")
        shown = self.table().with_columns((pl.col(columns) / 1e6).round_sig_figs(3))
        return shown.with_columns(pl.col("rise_percent").round(0), pl.selectors.starts_with("p_").round(3))

    def paths(self) -> pl.DataFrame:
        """Return one row per country and period: exports, counterfactual, interval, event study."""
        everyone = [*self.partners, *([self.direct] if self.direct else [])]
        return pl.concat([self._path(one) for one in everyone])

    def _path(self, one: Judged) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "iso3": np.full(len(one.actual), one.iso3),
                "period": [*self.before, *self.after],
                "actual": one.actual,
                "expected": one.expected,
                "low": one.low,
                "high": one.high,
                "lead": one.study.lead,
                "effect": one.study.effect,
                "effect_low": one.study.low,
                "effect_high": one.study.high,
            }
        ).with_columns(pl.col("low", "high").fill_nan(None))

    def by_month(self) -> pl.DataFrame:
        """Return one row per country and month: exports, counterfactual, interval."""
        columns = ("actual", "expected", "low", "high")
        parts = [
            pl.DataFrame(
                {"iso3": one.iso3, "period": one.periods} | {name: getattr(one, name) for name in columns}
            )
            for one in self.monthly
        ]
        schema = {"iso3": pl.String, "period": pl.String} | dict.fromkeys(columns, pl.Float64)
        return pl.concat([pl.DataFrame(schema=schema), *parts]).with_columns(pl.col(columns).fill_nan(None))
