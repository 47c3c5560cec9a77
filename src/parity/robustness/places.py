"""Places of all units in an index: with intervals, by pillar, and in its three forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from parity.index import Index
from parity.robustness.forms import COLUMNS, FORMS, Forms


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

    Parameters
    ----------
    index
        The built index.
    table
        ``id``, ``name``, ``rank``, ``score``, ``imputed_share``, ``zero_share``, ``missing_share``,
        ``lower_bound_share``, and with intervals ``rank_low`` and ``rank_high``.
    groups
        Nodes of the pillars and sub-pillars.
    forms
        Places by size, per person and mixed.
    """
    nodes = {index.tree.codes[node]: node for node in groups}
    sides = {} if forms is None else forms.table().rows_by_key("id", named=True, unique=True)
    found = []
    for row in table.iter_rows(named=True):
        at = index.row(row["id"])
        pillars = {
            code: PillarPlace(_known(index.ranks[at, node], int), _known(index.scores[at, node], float))
            for code, node in nodes.items()
        }
        found.append(
            Place(
                row["id"],
                row["name"],
                row["rank"],
                row["score"],
                row.get("rank_low"),
                row.get("rank_high"),
                pillars,
                row["imputed_share"],
                row["zero_share"],
                row["missing_share"],
                row["lower_bound_share"],
                _forms(sides[row["id"]]) if row["id"] in sides else None,
            )
        )
    return tuple(found)


def _known(number: float, kind: type) -> Any:
    return None if number != number else kind(number)


def _forms(row: Mapping[str, Any]) -> FormPlaces:
    own = [FormPlace(*(row[f"{each}_{form}"] for each in COLUMNS)) for form in FORMS]
    return FormPlaces(own[0], own[1], own[2], row["moved_by"], row["moved_share"])
