"""Ties between countries over time, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from parity.errors import NoAnswerError, ParityError

FloatArray = npt.NDArray[np.float64]

_TOLERANCE = 1e-12
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, eq=False)
class Panel:
    """Collaboration of every pair of countries in every period.

    Attributes
    ----------
    codes
        Countries, n of them, sorted.
    periods
        Periods, t of them, rising.
    weights
        Events, shape (t, n, n), symmetric; 0 where nothing is published.
    directions
        Published directions of each pair, 0 to 2, shape (t, n, n).
    vintage
        Of the data.
    """

    codes: tuple[str, ...]
    periods: tuple[str, ...]
    weights: FloatArray
    directions: npt.NDArray[np.int8]
    vintage: str

    @classmethod
    def of(cls, table: pl.DataFrame, series: str = "github", vintage: str = "") -> Panel:
        """Return the panel of a series.

        Parameters
        ----------
        table
            Columns ``series, a, b, period, weight, directions``, one row per pair and period.
        series
            Series to take.
        vintage
            Of the data.

        Raises
        ------
        ParityError
            If there is no such series, or a pair stands twice or with itself in a period.
        """
        rows = table.filter(pl.col("series") == series)
        if rows.is_empty():
            raise ParityError(f"no series '{series}' of ties; there are {sorted(table['series'].unique())}")
        pairs = rows.select(
            pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b").alias("other"), pl.col("period")
        )
        if pairs.is_duplicated().any() or (rows["a"] == rows["b"]).any():
            raise ParityError("the table of ties holds a pair twice in a period, or a country with itself")
        codes = sorted({*rows["a"], *rows["b"]})
        periods = sorted(rows["period"].unique())
        place = {code: k for k, code in enumerate(codes)}
        when = {period: k for k, period in enumerate(periods)}
        t = rows["period"].replace_strict(when, return_dtype=pl.Int64).to_numpy()
        a = rows["a"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        b = rows["b"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        weights = np.zeros((len(periods), len(codes), len(codes)))
        directions = np.zeros(weights.shape, dtype=np.int8)
        for one, other in ((a, b), (b, a)):
            weights[t, one, other] = rows["weight"].to_numpy()
            directions[t, one, other] = rows["directions"].to_numpy()
        return cls(tuple(codes), tuple(periods), weights, directions, vintage)

    def without(self, codes: Sequence[str]) -> Panel:
        """Return the panel without some countries: no tie, and no total, counts them.

        Raises
        ------
        NoAnswerError
            If nothing is published about one of them.
        """
        out = {self.place(code) for code in codes}
        return self._kept([k for k in range(len(self.codes)) if k not in out])

    def merged(self, groups: Sequence[Sequence[str]]) -> Panel:
        """Return the panel with each group of countries as one, under the code of its first.

        Raises
        ------
        ParityError
            If a country stands in two groups or twice in one, or a group has fewer than two.
        NoAnswerError
            If nothing is published about one of them.
        """
        named = [code for group in groups for code in group]
        if len(set(named)) < len(named) or any(len(group) < 2 for group in groups):
            raise ParityError(
                "merge countries that differ, two or more, each once: for example CHN+HKG; "
                f"not {', '.join('+'.join(group) for group in groups)}"
            )
        weights, directions, gone = self.weights.copy(), self.directions.copy(), set()
        for first, *others in groups:
            into, rest = self.place(first), [self.place(code) for code in others]
            for table in (weights, directions):
                table[:, into] += table[:, rest].sum(axis=1, dtype=table.dtype)
                table[:, :, into] += table[:, :, rest].sum(axis=2, dtype=table.dtype)
            gone |= set(rest)
        places = np.arange(len(self.codes))
        weights[:, places, places] = 0.0
        whole = Panel(self.codes, self.periods, weights, np.minimum(directions, 2), self.vintage)
        return whole._kept([place for place in places.tolist() if place not in gone])

    def _kept(self, places: list[int]) -> Panel:
        part = np.ix_(range(len(self.periods)), places, places)
        codes = tuple(self.codes[k] for k in places)
        return Panel(codes, self.periods, self.weights[part], self.directions[part], self.vintage)

    def place(self, code: str) -> int:
        """Return the position of a country.

        Raises
        ------
        NoAnswerError
            If nothing is published about it.
        """
        if code not in self.codes:
            raise NoAnswerError(
                f"no collaboration of {code} is published in any of {len(self.periods)} periods"
            )
        return self.codes.index(code)

    @cached_property
    def expected(self) -> FloatArray:
        """Collaboration expected from the countries' totals alone, shape (t, n, n)."""
        return np.stack([expected(each) for each in self.weights])

    @cached_property
    def log_affinity(self) -> FloatArray:
        """Logarithm of observed over expected, shape (t, n, n); NaN where nothing is published."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(self.weights / self.expected)
        return np.where(self.weights > 0, ratio, np.nan)


def expected(weights: FloatArray) -> FloatArray:
    """Return the ties expected from every country's total alone.

    The configuration model without ties of a country to itself: the expected tie of i and j is
    x_i x_j, with x such that every country keeps its total. It is the maximum-likelihood fit of
    independent Poisson counts with one parameter per country. (The shortcut s_i s_j / 2m leaves room
    for ties with oneself, and gives a country with a third of all ties far too few.)

    Parameters
    ----------
    weights
        Symmetric, shape (n, n), zero on the diagonal.

    Returns
    -------
    numpy.ndarray
        Shape (n, n), zero on the diagonal.

    References
    ----------
    Squartini and Garlaschelli (2011), Analytical maximum-likelihood method to detect patterns in real
    networks, New Journal of Physics 13, 083001.
    """
    strength = weights.sum(axis=1)
    active = strength > 0
    if not active.any():
        return np.zeros_like(weights)
    s = strength[active]
    x = s / np.sqrt(s.sum())
    for _ in range(_MOST_ROUNDS):
        reached = x * (x.sum() - x)
        if np.max(np.abs(reached / s - 1)) < _TOLERANCE:
            break
        x = x * np.sqrt(s / reached)
    full = np.zeros(len(strength))
    full[active] = x
    found = np.outer(full, full)
    np.fill_diagonal(found, 0.0)
    return found
