"""Rank intervals: those stored for the built-in index, and others made on the spot."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

import polars as pl

from parity.ask.cache import cached
from parity.ask.standing import Standing, built
from parity.catalogue import derived_table, snapshot_checksum
from parity.index import IndexSpec, builtin_spec

if TYPE_CHECKING:
    from parity.ask.settings import Settings
    from parity.robustness import Prepared
    from parity.robustness.places import Forms

LEVEL = 0.9
"""Probability that the rank intervals cover which `parity rank` and a brief show."""

DRAWS = 20_000
"""Draws behind intervals that are made on the spot."""

SLIDER_DRAWS = 2_048
"""Draws behind intervals that follow a weight: a Sobol net; its ends are within a rank of those of 65,536."""

STORED = "rank_intervals"

TABLES = ("observations", "countries")
"""Tables that the built-in index is made from."""

_LEVEL_OF = re.compile(r"aggregate\.level\.(\d+)")


def rank_intervals(found: Standing, node: str | None = None) -> pl.DataFrame | None:
    """Return the interval of every unit's rank in a node.

    Parameters
    ----------
    found
        The built index.
    node
        Pillar or sub-pillar; the index itself by default.

    Returns
    -------
    polars.DataFrame or None
        ``id``, ``rank_low``, ``rank_high`` (best and worst rank of the interval of probability ``LEVEL``,
        widened where it takes that to hold the rank itself, which is one of the rebuilds); ``None`` where
        the spec names no assumption to vary, or the node is an indicator.
    """
    index = found.index
    place = index.node(node)
    if place < index.tree.n_indicators or not index.spec.robustness:
        return None
    code = index.tree.codes[place]
    stored = stored_intervals(found)
    if stored is not None and code in stored["node"]:
        return stored.filter(node=code).select("id", "rank_low", "rank_high")
    return made_intervals(index.spec, index.stages["raw"].table, code, DRAWS)


def edited_intervals(variant: str, settings: Settings) -> pl.DataFrame | None:
    """Return ``id``, ``rank_low``, ``rank_high`` for other settings of the open AI index.

    The variants of the data are built once for a normalisation and an aggregation; weights are then
    given anew, which takes some ten milliseconds.
    """
    from parity.ask.settings import edited

    ready = prepared(variant, settings.normalise, settings.aggregate)
    found = edited(built(variant), settings).index
    if not ready.fits(settings.weights):
        return made_intervals(found.spec, found.stages["raw"].table, found.tree.codes[-1], SLIDER_DRAWS)
    ranks = pl.DataFrame(
        {"id": list(map(str, found.units)), "rank": pl.Series(found.ranks[:, -1], nan_to_null=True)}
    )
    ends = ready.intervals(settings.weights, SLIDER_DRAWS, LEVEL).join(ranks, on="id", how="left")
    # The build that is shown is one of the rebuilds.
    low, high = pl.min_horizontal("rank_low", "rank"), pl.max_horizontal("rank_high", "rank")
    return ends.select("id", rank_low=low.cast(pl.Int64), rank_high=high.cast(pl.Int64))


@cached(8)
def prepared(variant: str, normalise: str | None, aggregate: str | None) -> Prepared:
    """Return the variants of the open AI index; one asks for them, the others wait."""
    from parity.ask.settings import Settings, edited
    from parity.robustness import Prepared

    settings = Settings.model_validate({"normalise": normalise, "aggregate": aggregate})
    found = edited(built(variant), settings).index
    return Prepared.of(found.spec, found.stages["raw"].table)


def stored_intervals(found: Standing) -> pl.DataFrame | None:
    """Return the stored intervals of all nodes, if they belong to exactly this spec and these data."""
    if not found.variant or found.cells is None or found.as_of is not None:
        return None
    return intervals_of(found.index.spec)


def intervals_of(spec: IndexSpec) -> pl.DataFrame:
    """Return the stored ranks and intervals of a spec on the snapshot's data; no rows for others."""
    return derived_table(STORED).filter(digest=digest(spec))


def digest(spec: IndexSpec) -> str:
    """Return what tells a spec on the snapshot's data from every other, whatever its name."""
    unnamed = spec.index.model_copy(update={"id": "", "title": "", "description": ""})
    text = spec.model_copy(update={"index": unnamed}).to_toml()
    return hashlib.sha256(f"{snapshot_checksum(*TABLES)}\n{text}".encode()).hexdigest()[:16]


def made_intervals(spec: IndexSpec, data: pl.DataFrame, node: str, draws: int) -> pl.DataFrame:
    """Return ``id``, ``rank_low``, ``rank_high`` of a node; parameters as `made_places`."""
    return made_places(spec, data, node, draws).select("id", "rank_low", "rank_high")


def made_places(spec: IndexSpec, data: pl.DataFrame, node: str, draws: int, base: int = 0) -> pl.DataFrame:
    """Return the places of all units in a node over rebuilds of the whole index.

    Parameters
    ----------
    spec
        Spec with a ``[robustness]`` table.
    data
        What it is built on.
    node
        Group whose ranks are wanted.
    draws
        Rebuilds.
    base
        Base points of the sensitivity analysis; 0: none.

    Returns
    -------
    polars.DataFrame
        As `parity.robustness.Robustness.places`.
    """
    from parity.robustness import Options, analyse

    found = analyse(only(spec, node), data, Options(draws=draws, base=base))
    return found.places(LEVEL)


def forms(node: str = "index") -> Forms | None:
    """Return every country's place by size, per person and mixed, as stored; ``None`` where they are not."""
    from parity.robustness.places import Forms

    scale, intensity, mixed = (
        intervals_of(builtin_spec("open-ai-index", variant)).filter(node=node)
        for variant in ("scale", "intensity", "both")
    )
    if scale.is_empty() or intensity.is_empty() or mixed.is_empty():
        return None
    return Forms(scale, intensity, mixed, LEVEL)


def only(spec: IndexSpec, node: str) -> IndexSpec:
    """Return the spec with the weight of everything beside a node, and beside what it is part of, at 0.

    The index is then the node's own score, and every step before aggregation stays what it was: the same
    imputation, from the same indicators, as in the whole index.
    """
    parents = {group.code: group.parent for group in spec.groups}
    path = [node]
    while (above := parents.get(path[-1])) is not None:
        path.append(above)
    ancestors = path[1:]
    groups = tuple(
        group.model_copy(update={"weight": 0.0})
        if group.parent in ancestors and group.code not in path
        else group
        for group in spec.groups
    )
    indicators = tuple(
        indicator.model_copy(update={"weight": 0.0}) if indicator.group in ancestors else indicator
        for indicator in spec.indicators
    )
    height = int(spec.tree().levels[spec.tree().position(path[0])])
    tree = spec.tree()
    below = {tree.codes[leaf] for leaf in tree.leaves(tree.position(node))}
    changed = {
        "groups": groups,
        "indicators": indicators,
        "robustness": _partial_sources(choices_below(spec.robustness, height), below),
    }
    return spec.model_copy(update=changed)


def _partial_sources(assumptions: dict[str, Any], codes: set[str]) -> dict[str, Any]:
    """Leave out the sources without which none of these indicators would be left."""
    leave_out = assumptions.get("leave_out", {})
    sources = {name: left for name, left in leave_out.get("sources", {}).items() if codes - set(left)}
    return assumptions | {"leave_out": leave_out | {"sources": sources}} if leave_out else assumptions


def choices_below(assumptions: dict[str, Any], height: int) -> dict[str, Any]:
    """Leave out the choices of how groups above a level are aggregated.

    Parameters
    ----------
    assumptions
        Table ``[robustness]`` of a spec.
    height
        Highest level whose aggregation may vary.
    """
    choices = [
        choice
        for choice in assumptions.get("choice", ())
        if not (found := _LEVEL_OF.match(choice["field"])) or int(found[1]) <= height
    ]
    return assumptions | {"choice": choices}
