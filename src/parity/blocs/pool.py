"""A bloc as one unit of an index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from parity.blocs._replay import (
    FloatArray,
    IntArray,
    Members,
    coverage,
    masks,
    members_of,
    pooled_values,
    scored,
)
from parity.blocs._rules import rules
from parity.errors import ParityError
from parity.index import Index, Tree


@dataclass(frozen=True, slots=True)
class Bloc:
    """A named set of countries.

    Attributes
    ----------
    name
        What to call it: ``BRICS + SAU - ETH``, as it may be asked for again.
    members
        ISO3 codes, sorted.
    on
        Date of the membership; ``None`` for the present one, or a list by hand.
    suspended
        Members that are suspended: they stay members, and take no part.
    before
        The bloc before countries joined or left; ``None`` where none did.
    read_in
        Of each membership where it was read, and the day on which that was checked.
    """

    name: str
    members: tuple[str, ...]
    on: dt.date | None = None
    suspended: tuple[str, ...] = ()
    before: Bloc | None = None
    read_in: tuple[tuple[str, dt.date | None], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """A bloc scored as if it were one country.

    Attributes
    ----------
    name
        What the bloc is called.
    members
        Countries that are pooled, sorted.
    without_data
        Members that the data lack altogether; they are not in any figure.
    on
        Date of the membership; ``None`` for the present one.
    year
        Year of the data, in a panel; ``None`` without years.
    base
        Index of countries, whose bounds, treatments and weights score the bloc; left as it is.
    data
        The members' own data.
    scored
        The bloc as an index of one unit.
    values
        Pooled indicators in their own units, before they are divided by anything, shape (k,).
    covered
        Share of the bloc's people in members with data, by indicator, shape (k,), 0 to 1.
    beyond
        Which indicators of the bloc lie beyond every country of the base, shape (k,): there the
        frozen bounds, made for countries, may hide how far.
    """

    name: str
    members: tuple[str, ...]
    without_data: tuple[str, ...]
    on: dt.date | None
    year: int | None
    base: Index
    data: Members
    scored: Index
    values: FloatArray
    covered: FloatArray
    beyond: FloatArray

    @property
    def vintage(self) -> str:
        """Vintage of the data."""
        return self.base.vintage

    @property
    def scores(self) -> FloatArray:
        """Scores in all nodes, shape (n_nodes,); NaN where there is none."""
        return np.asarray(self.scored.scores[0])

    @property
    def ranks(self) -> FloatArray:
        """Ranks among the countries outside the bloc, shape (n_nodes,); NaN where there is no score."""
        return ranks_outside(self.scores, self.base.scores[self.outside])

    @property
    def outside(self) -> IntArray:
        """Rows of the base that are not in the bloc, of the bloc's year."""
        return outside(self.base, self.members, self.year)

    def score(self, node: str | None = None) -> float:
        """Return the score in a node (the index by default); NaN where there is none."""
        return float(self.scores[self.base.node(node)])

    def rank(self, node: str | None = None) -> int | None:
        """Return the rank among the countries outside the bloc; ``None`` where there is no score."""
        rank = self.ranks[self.base.node(node)]
        return None if np.isnan(rank) else int(rank)

    @property
    def node_coverage(self) -> FloatArray:
        """Share of each node's weight that rests on members with data, shape (n_nodes,), 0 to 1."""
        return climb(self.base, self.covered)

    def table(self) -> pl.DataFrame:
        """Return one row per node: ``node, level, score, rank, of, covered``; indicators with ``value``."""
        tree = self.base.tree
        k = tree.n_indicators
        padding = [None] * (tree.n_nodes - k)
        return pl.DataFrame(
            {
                "node": tree.codes,
                "level": tree.levels,
                "score": pl.Series(self.scores, nan_to_null=True),
                "rank": pl.Series(self.ranks, nan_to_null=True).cast(pl.Int64),
                "of": np.count_nonzero(~np.isnan(self.base.scores[self.outside]), axis=0) + 1,
                "covered": self.node_coverage,
                "value": pl.Series([None if np.isnan(v) else float(v) for v in self.values] + padding),
                "beyond": pl.Series([bool(b) for b in self.beyond] + padding, dtype=pl.Boolean),
            }
        )


def pool(
    index: Index,
    members: Sequence[str],
    on: dt.date | None = None,
    *,
    name: str = "",
    data: pl.DataFrame | None = None,
    weights: Mapping[str, str] | None = None,
    year: int | None = None,
) -> Pool:
    """Score a bloc as one unit.

    Quantities are summed and ratios re-derived from sums: a quantity that the index divides by
    people is summed and divided by the summed people; a ratio that comes as such is averaged with
    its denominator as weight, which is the same thing. The bloc is then scored with the bounds,
    treatments, imputation and weights that the index learned from countries, so no country's score
    moves, and a bloc of one country has that country's score.

    A member without a value adds nothing to a sum, which is then too small, and is left out of a
    ratio; ``covered`` says how much of the bloc has data. Where no member has a value the cell is
    imputed as for a country.

    Parameters
    ----------
    index
        Built index of countries.
    members
        Its countries, codes as in the index.
    on
        Date of the membership, to be kept with the result.
    name
        What to call it; its members by default.
    data
        Data to take members from; by default what the index was built on.
    weights
        Code of an indicator that is a ratio -> column to weight it by, what it is a ratio to; people
        where it is not named.
    year
        Year, in a panel; the last by default.

    Returns
    -------
    Pool
        Scores, ranks, coverage.

    Raises
    ------
    ParityError
        If the bloc is empty, lists a country twice or has no member with data, or an
        indicator does not say whether it adds up.
    """
    listed, label = list(members), name or ",".join(members)
    if not listed:
        raise ParityError("an empty bloc has no standing; list at least one country")
    if twice := sorted({code for code in listed if listed.count(code) > 1}):
        raise ParityError(f"{', '.join(twice)} is listed twice; list each country once")
    table = index.stages["raw"].table if data is None else data
    known = members_of(index, sorted(listed), rules(index.spec, table, weights or {}), data, year)
    everyone = masks(known, [listed])
    if index.years is not None and year is None:
        year = int(index.years.max())
    found = scored(index, known, everyone, [label])
    return Pool(
        name=label,
        members=known.codes,
        without_data=tuple(sorted(set(listed) - set(known.codes))),
        on=on,
        year=year,
        base=index,
        data=known,
        scored=found,
        values=pooled_values(known, everyone)[0],
        covered=coverage(known, everyone)[0],
        beyond=_beyond(index, found),
    )


def outside(index: Index, members: Sequence[str], year: int | None = None) -> IntArray:
    """Return the rows of the countries outside a group, in a panel those of a year."""
    rows = ~np.isin(index.units.astype(str), list(members))
    if index.years is not None:
        rows &= index.years == year
    return np.flatnonzero(rows)


def ranks_outside(scores: FloatArray, others: FloatArray) -> FloatArray:
    """Return 1 + the number of others with a higher score, by node; NaN where there is no score.

    Parameters
    ----------
    scores
        Of the bloc, shape (n_nodes,).
    others
        Of countries, shape (n, n_nodes).
    """
    above = (others > scores).sum(axis=0)
    return np.where(np.isnan(scores), np.nan, above + 1.0)


def in_order(tree: Tree, node: int | None = None) -> list[int]:
    """Return the groups of an index, each before its members: the index, a pillar, its sub-pillars.

    Parameters
    ----------
    tree
        Structure of the index.
    node
        Group to begin with; the index by default.
    """
    top = tree.n_nodes - 1 if node is None else node
    groups = [int(child) for child in tree.children(top) if child >= tree.n_indicators]
    return [top, *(each for group in groups for each in in_order(tree, group))]


def climb(index: Index, shares: FloatArray) -> FloatArray:
    """Return shares of indicators, shape (k,), as weighted shares of all nodes, shape (n_nodes,)."""
    tree = index.tree
    found = np.concatenate([shares, np.zeros(tree.n_nodes - tree.n_indicators)])
    for group in tree.groups:
        members = tree.children(group)
        found[group] = np.average(found[members], weights=index.weights[members])
    return found


def _beyond(index: Index, found: Index) -> FloatArray:
    """Return whether the bloc has more (or less) than every country, after denominate, shape (k,)."""
    stage = "denominated" if "denominated" in index.stages else "raw"
    kept = np.isin(index.stages[stage].ids, index.units)
    values = index.stages[stage].values[kept]
    own = found.stages[stage].values[0]
    with np.errstate(invalid="ignore"):
        return np.asarray((own > np.nanmax(values, axis=0)) | (own < np.nanmin(values, axis=0)))
