"""Coalitions of countries: pooled, then scored as units of an index by what it learned from countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from parity.blocs._rules import SIZE, Rule
from parity.errors import ParityError
from parity.index import Index
from parity.index.core import number_column

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.intp]


def totals(coalitions: BoolArray, values: FloatArray) -> FloatArray:
    """Return the sums over the members that have a value; NaN where none has one.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Quantities that add up, shape (n, k); NaN is missing.

    Returns
    -------
    numpy.ndarray
        Shape (m, k).
    """
    known, inside = ~np.isnan(values), coalitions.astype(float)
    sums = _product(inside, np.where(known, values, 0.0))
    return np.where(_product(inside, known.astype(float)) > 0, sums, np.nan)


def _product(inside: FloatArray, values: FloatArray) -> FloatArray:
    """Return the matrix product on one thread: sharing one this small among several costs time."""
    return np.asarray(np.einsum("mn,nk->mk", inside, values))


def means(coalitions: BoolArray, values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return weighted means over the members that have a value and a weight; NaN where none has.

    The value of the only member that has one counts whatever its weight.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Ratios, shape (n, k); NaN is missing.
    weights
        What the ratios are multiplied by to add up, shape (n, k); NaN is missing.
    """
    usable = ~np.isnan(values) & (weights > 0)
    held = np.where(usable, weights, 0.0)
    inside = coalitions.astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: FloatArray = _product(inside, held * np.where(usable, values, 0.0)) / _product(inside, held)
    # The only value there is needs no weight; nor should it be multiplied by one and divided again.
    known = ~np.isnan(values)
    return np.where(
        _product(inside, known.astype(float)) == 1, _product(inside, np.where(known, values, 0.0)), found
    )


def stretched(coalitions: BoolArray, quantities: FloatArray, denominators: FloatArray) -> FloatArray:
    """Return totals that give the ratio of the members with data when divided by everybody's denominator.

    A member without the quantity would count as zero if its denominator alone were summed: the total
    of the others is stretched to the whole, which leaves their ratio as it is.

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    quantities
        Quantities, shape (n, k); NaN is missing.
    denominators
        What each is divided by, shape (n, k); NaN is missing.
    """
    both = ~np.isnan(quantities) & ~np.isnan(denominators)
    known = np.where(both, denominators, np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = totals(coalitions, denominators) / totals(coalitions, known)
    return totals(coalitions, np.where(both, quantities, np.nan)) * factor


def covered(coalitions: BoolArray, values: FloatArray, size: FloatArray) -> FloatArray:
    """Return the share of each coalition's size that lies in members with a value, shape (m, k).

    Parameters
    ----------
    coalitions
        Who is in, shape (m, n).
    values
        Shape (n, k); NaN is missing.
    size
        Size of each member, shape (n,), for example its population.
    """
    inside = coalitions * size
    whole = inside.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((inside @ ~np.isnan(values)) / whole)


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """The data of countries that may be pooled.

    Attributes
    ----------
    codes
        Countries, n of them, sorted.
    rules
        How each of the k indicators is pooled.
    values
        Indicators, shape (n, k); NaN is missing.
    columns
        Denominators and weights by name, each of shape (n,).
    table
        Rows of the data, n of them.
    """

    codes: tuple[str, ...]
    rules: tuple[Rule, ...]
    values: FloatArray
    columns: Mapping[str, FloatArray]
    table: pl.DataFrame

    @property
    def size(self) -> FloatArray:
        """Weight of each member in shares of coverage, shape (n,): its people, or 1 each."""
        people = self.columns.get(SIZE, np.ones(len(self.codes)))
        return np.where(np.isnan(people), 0.0, people)


def members_of(
    index: Index,
    codes: Sequence[str],
    rules: tuple[Rule, ...],
    data: pl.DataFrame | None = None,
    year: int | None = None,
) -> Members:
    """Return the data of some countries.

    Parameters
    ----------
    index
        Built index.
    codes
        Countries; those that are not in the data are left out.
    rules
        How each indicator is pooled.
    data
        Data to take them from; by default what the index was built on, which may lack small countries.
    year
        Year, in a panel; the last by default.
    """
    spec = index.spec
    table = index.stages["raw"].table if data is None else data
    if spec.index.year_column is not None:
        years = table[spec.index.year_column].cast(pl.Int64)
        table = table.filter(years == (years.max() if year is None else year))
    ids = table[spec.index.id_column].cast(pl.String)
    kept = table.filter(ids.is_in(list(codes))).sort(spec.index.id_column)
    missing = spec.index.missing
    names = {rule.by for rule in rules if rule.by} | ({SIZE} & set(table.columns))
    values = [number_column(kept, code, missing) for code in spec.codes]
    return Members(
        codes=tuple(kept[spec.index.id_column].cast(pl.String)),
        rules=rules,
        values=np.column_stack(values),
        columns={name: number_column(kept, name, missing) for name in sorted(names)},
        table=kept,
    )


def pooled_values(members: Members, coalitions: BoolArray) -> FloatArray:
    """Return the indicators of coalitions, before denominate; shape (m, k), NaN where nobody has one."""
    found = np.empty((len(coalitions), len(members.rules)))
    for way in ("sum", "ratio", "mean"):
        columns = [place for place, rule in enumerate(members.rules) if rule.way == way]
        if not columns:
            continue
        values = members.values[:, columns]
        if way == "sum":
            found[:, columns] = totals(coalitions, values)
            continue
        by = np.column_stack([members.columns[members.rules[place].by] for place in columns])
        found[:, columns] = (means if way == "mean" else stretched)(coalitions, values, by)
    return found


def coverage(members: Members, coalitions: BoolArray) -> FloatArray:
    """Return the share of each coalition's people in members with data, by indicator, shape (m, k)."""
    return covered(coalitions, members.values, members.size)


def scored(index: Index, members: Members, coalitions: BoolArray, names: Sequence[str]) -> Index:
    """Return coalitions scored with the bounds, treatments and weights that the index learned.

    Parameters
    ----------
    index
        Built index.
    members
        Countries that the coalitions are of.
    coalitions
        Who is in, shape (m, n); each has at least one member.
    names
        Codes of the coalitions.

    Returns
    -------
    Index
        One row per coalition, in order.
    """
    spec = index.spec
    body: dict[str, pl.Series] = {spec.index.id_column: pl.Series(list(names), dtype=pl.String)}
    for name, column in members.columns.items():
        body[name] = pl.Series(totals(coalitions, column[:, np.newaxis])[:, 0], nan_to_null=True)
    pooled = pooled_values(members, coalitions)
    for place, code in enumerate(spec.codes):
        # A ratio may be weighted by another indicator: the pooled indicator is what stays.
        body[code] = pl.Series(pooled[:, place], nan_to_null=True)
    for other in members.table.columns:
        if other not in body:
            shared = members.table[other].unique()
            body[other] = pl.Series(
                [shared[0] if len(shared) == 1 else None] * len(names), dtype=shared.dtype
            )
    return _frozen(index).apply(pl.DataFrame(body))


def _frozen(index: Index) -> Index:
    """Return the index without what is meant for countries alone: screening, and bounds of one country."""
    spec = index.spec
    indicators = tuple(one.model_copy(update={"bounds": None}) for one in spec.indicators)
    steps = tuple((name, fitted) for name, fitted in index.steps if name != "screen")
    return replace(index, spec=spec.model_copy(update={"indicators": indicators}), steps=steps)


def masks(members: Members, groups: Sequence[Sequence[str]]) -> BoolArray:
    """Return groups of countries as coalitions, shape (m, n).

    Raises
    ------
    ParityError
        If a group has no country with data.
    """
    found = np.array([[code in group for code in members.codes] for group in groups], dtype=bool)
    for inside, group in zip(found, groups, strict=True):
        if not inside.any():
            raise ParityError(
                f"none of {', '.join(sorted(group))} has data in the index, so nothing can be pooled"
            )
    return found
