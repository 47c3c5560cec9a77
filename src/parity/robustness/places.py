"""Places of all units in an index: with intervals, by pillar, and in its three forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.errors import ParityError, did_you_mean
from parity.estimate import Estimate
from parity.index import Index

FORMS = ("scale", "intensity", "mixed")
COLUMNS = ("rank", "rank_low", "rank_high")
_SHARES = ("imputed_share", "zero_share", "missing_share", "lower_bound_share")
_TOLD = ("name", "score", *COLUMNS, *_SHARES)


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """Places of the units in three forms of one index.

    Attributes
    ----------
    scale, intensity, mixed
        Places by size, per person and in both together, as `parity.robustness.Robustness.places`. The
        interval of the mixed form covers the share of each in it.
    level
        Probability that the intervals cover.
    """

    scale: pl.DataFrame
    intensity: pl.DataFrame
    mixed: pl.DataFrame
    level: float

    def of(self, unit: str) -> dict[str, Estimate]:
        """Return a unit's rank in every form, with its interval: ``scale``, ``intensity``, ``mixed``.

        A form that does not rank it, for want of data, gives an unknown rank.

        Raises
        ------
        ParityError
            If no form ranks the unit.
        """
        row = self._row(unit)
        return {
            form: Estimate(
                row[f"rank_{form}"],
                row[f"rank_low_{form}"],
                row[f"rank_high_{form}"],
                self.level,
                "rank",
                "" if row[f"rank_{form}"] else "too little data for this form",
            )
            for form in FORMS
        }

    def moved_by(self, unit: str) -> tuple[str, float] | None:
        """Return the assumption that moves a unit's mixed rank most, and its total Sobol index.

        ``None`` where nothing moves it, or nobody has looked.
        """
        row = self._row(unit)
        return None if row["moved_by"] is None else (row["moved_by"], row["moved_share"])

    def table(self) -> pl.DataFrame:
        """Return one row per unit: id, rank and interval by form, moved_by, moved_share; the first first."""
        moved = self.mixed.select("id", "moved_by", "moved_share")
        parts = [
            getattr(self, form).select("id", *(pl.col(each).alias(f"{each}_{form}") for each in COLUMNS))
            for form in FORMS
        ]
        table: pl.DataFrame = parts[0]
        for part in parts[1:]:
            table = table.join(part, on="id", how="full", coalesce=True)
        return table.join(moved, on="id", how="left").sort("rank_mixed", "id", nulls_last=True)

    def _row(self, unit: str) -> dict[str, Any]:
        table = self.table()
        row = table.filter(id=unit)
        if row.is_empty():
            raise ParityError(f"'{unit}' is not among the units ranked.{did_you_mean(unit, table['id'])}")
        return row.row(0, named=True)


@dataclass(frozen=True, slots=True)
class PillarPlace:
    """Place of a unit in one pillar.

    Attributes
    ----------
    rank
        1 is best; ties share the smallest rank.
    score
        0 to 100 for the built-in indices.
    """

    rank: int | None
    score: float | None


@dataclass(frozen=True, slots=True)
class FormPlace:
    """Place of a unit in one form of the index.

    Attributes
    ----------
    rank
        1 is best; ties share the smallest rank.
    rank_low, rank_high
        Best and worst rank of the interval.
    """

    rank: int | None
    rank_low: int | None
    rank_high: int | None


@dataclass(frozen=True, slots=True)
class FormPlaces:
    """Place by size, per person and mixed: different questions, different answers.

    Attributes
    ----------
    scale
        By size: how much is there.
    intensity
        Per person or per GDP: how good for its size.
    mixed
        Both together; the interval covers the share of each.
    moved_by
        Assumption that moves the mixed rank most; null: none does.
    moved_share
        Its total Sobol index, 0 to 1.
    """

    scale: FormPlace
    intensity: FormPlace
    mixed: FormPlace
    moved_by: str | None
    moved_share: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """Place of one unit.

    Attributes
    ----------
    iso3
        ISO 3166 code (or the unit's code, for your own data).
    name
        Usual English name.
    rank
        1 is best; ties share the smallest rank.
    score
        0 to 100 for the built-in indices.
    rank_low, rank_high
        Best and worst rank of the interval.
    pillars
        Place in every pillar and sub-pillar.
    imputed_share
        Share of the weight that rests on imputed cells.
    zero_share
        Share of the weight that rests on cells taken as zero.
    missing_share
        Share of the weight on cells left out of the score.
    lower_bound_share
        Share of the weight on values that are lower bounds: what there is, as far as open sources see.
    forms
        Place by size, per person and mixed, where the index has these forms.
    """

    iso3: str
    name: str
    rank: int | None
    score: float | None
    rank_low: int | None
    rank_high: int | None
    pillars: Mapping[str, PillarPlace]
    imputed_share: float
    zero_share: float
    missing_share: float
    lower_bound_share: float
    forms: FormPlaces | None


@dataclass(frozen=True, slots=True)
class OwnWeight:
    """A weight that the reader has set.

    Attributes
    ----------
    code, title
        Pillar, sub-pillar or indicator.
    weight
        Relative to those of its siblings.
    share
        Share in its group, 0 to 1.
    """

    code: str
    title: str
    weight: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Places of countries.

    Attributes
    ----------
    index, title
        Index, and its title.
    variant
        Variant of a built-in index.
    form
        Form that the ranks are of: ``mixed``, ``scale`` or ``intensity``; null for an index without forms.
    ranked_by, ranked_title
        Pillar or indicator that the ranks are of; the index itself by default.
    units
        Countries ranked, before those asked for are picked.
    interval_level
        Probability that rank intervals cover; null without them.
    own_weights
        Weights that were set, with their shares in their groups.
    countries
        In order of rank.
    """

    index: str
    title: str
    variant: str
    form: str | None
    ranked_by: str
    ranked_title: str
    units: int
    interval_level: float | None
    own_weights: tuple[OwnWeight, ...]
    countries: tuple[Place, ...]


def places(
    index: Index, table: pl.DataFrame, groups: Iterable[int], forms: Forms | None
) -> tuple[Place, ...]:
    """Return the places of the units in a table.

    ``table``: ``id``, ``name``, ``rank``, ``score``, ``imputed_share``, ``zero_share``,
    ``missing_share``, ``lower_bound_share``, and with intervals ``rank_low`` and ``rank_high``.
    """
    nodes = {index.tree.codes[node]: node for node in groups}
    at_row = {unit: row for row, unit in enumerate(index.units)}
    sides = {} if forms is None else forms.table().rows_by_key("id", named=True, unique=True)
    found = []
    for row in table.iter_rows(named=True):
        at = at_row[row["id"]]
        pillars = {
            code: PillarPlace(_known(index.ranks[at, node], int), _known(index.scores[at, node], float))
            for code, node in nodes.items()
        }
        side = sides.get(row["id"])
        told: dict[str, Any] = {column: row.get(column) for column in _TOLD}
        found.append(Place(iso3=row["id"], pillars=pillars, forms=_forms(side) if side else None, **told))
    return tuple(found)


def _known(number: float, kind: type) -> Any:
    return None if number != number else kind(number)


def _forms(row: Mapping[str, Any]) -> FormPlaces:
    own = [FormPlace(*(row[f"{each}_{form}"] for each in COLUMNS)) for form in FORMS]
    return FormPlaces(own[0], own[1], own[2], row["moved_by"], row["moved_share"])
