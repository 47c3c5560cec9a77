"""Where every country stands in an index: the built index with the origin of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from parity.ask.answer import Answer, Page
from parity.ask.cache import cached
from parity.ask.own_data import joined, with_frame
from parity.ask.own_table import own_table
from parity.catalogue import find_country, load_table, members, snapshot_date, vintage
from parity.errors import ParityError, did_you_mean, one_of
from parity.index import BUILTIN, Index, IndexSpec, assemble, build, builtin_spec
from parity.index.report import evidence

if TYPE_CHECKING:
    from parity.ask.answer import Asked
    from parity.robustness.places import OwnWeight

INDEX, HISTORY = "open-ai-index", "ai-history"
_CODED = ("id_column", "name_column")
VARIANTS = ("both", "scale", "intensity")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A built index, and where its cells come from.

    Attributes
    ----------
    index
        Scores and ranks of n units.
    variant
        Variant of a built-in index; empty for others.
    vintage
        Of the data.
    cells
        Origin of every cell, one row per country and indicator code (see `parity.index.Assembly`);
        ``None`` where the data came from a file.
    as_of
        Last year whose data count; ``None``: all that there are.
    own_weights
        Weights that the reader has set, with their shares in their groups.
    setting
        What differs from the spec, for titles: "own weights: Innovation 76 %; geometric mean".
    notes
        How tables of the reader's own were understood.
    own_rows
        Observations out of them.
    """

    index: Index
    variant: str
    vintage: str
    cells: pl.DataFrame | None
    as_of: int | None = None
    own_weights: tuple[OwnWeight, ...] = ()
    setting: str = ""
    notes: tuple[str, ...] = ()
    own_rows: pl.DataFrame | None = None

    @property
    def observations(self) -> pl.DataFrame:
        """The catalogue's observations, and the reader's own."""
        return _with(self.own_rows)

    def in_year(self) -> Standing:
        """Return the last year of a panel, which its setting names; anything else as it is."""
        if self.index.years is None:
            return self
        told = f"year {int(self.index.years.max())}"
        setting = "; ".join(part for part in (self.setting, told) if part)
        return replace(self, index=self.index.of_year(), setting=setting)

    def answer(self, asked: Asked, result: Any, more: tuple[str | Page, ...] = ()) -> Answer[Any]:
        """Return the answer to a question about the index, with what made it, and more sources if wanted."""
        sources = (*self.sources, *more)
        return Answer(asked, result, self.vintage, self.known_to, sources, self.setting, self.notes)

    @property
    def known_to(self) -> dict[str, date] | None:
        """Days to which the series reach: all of them, and the newest; the end of its last year each."""
        if self.cells is None:
            return None
        last = self.cells.drop_nulls("year").group_by("code").agg(pl.col("year").max())["year"].to_list()
        ends = {"all series": min(last), "newest series": max(last)} if last else {}
        return {side: min(date(year, 12, 31), snapshot_date()) for side, year in ends.items()} or None

    def unit(self, text: str) -> str:
        """Return the unit that a code or a country's name means.

        Raises
        ------
        ParityError
            If it is no country, or the index does not rank it.
        """
        units = set(self.index.units)
        if text in units:
            return text
        by_name = dict(zip(self.index.names, self.index.units, strict=True))
        if text in by_name:
            return str(by_name[text])
        country = find_country(text)
        for known in (country.iso3, country.name):
            if known in units:
                return known
            if known in by_name:
                return str(by_name[known])
        raise ParityError(
            f"{country.name} ({country.iso3}) is not ranked by '{self.index.spec.index.id}': too little "
            "data, or left out by its spec; `parity rank` shows the countries that are"
        )

    def title(self, node: int) -> str:
        """Return the title of a node for people."""
        spec, code = self.index.spec, self.index.tree.codes[node]
        titles = {indicator.code: indicator.title for indicator in spec.indicators}
        titles |= {group.code: group.title for group in spec.groups}
        return titles.get(code) or code

    @property
    def titles(self) -> dict[str, str]:
        """Titles of all nodes, by code."""
        return {code: self.title(node) for node, code in enumerate(self.index.tree.codes)}

    def code(self, text: str) -> str:
        """Return the code of the node that a code or a title means, in any case; other text as it is."""
        codes = self.index.tree.codes
        wanted = text.strip().casefold()
        for node, code in enumerate(codes):
            if wanted in (code.casefold(), self.title(node).casefold()):
                return code
        return text

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of the sources of the data, as in the table ``sources``; none where they came from a file."""
        if self.cells is None:
            return ()
        used = self.cells.filter(pl.col("code").is_in(self.index.spec.codes))["source"]
        return tuple(sorted(set(used.drop_nulls()) & _known_sources()))

    def group_nodes(self) -> list[int]:
        """Return the groups below the index itself, the higher ones first, each before its members."""
        tree = self.index.tree

        def below(node: int) -> list[int]:
            groups = [int(child) for child in tree.children(node) if child >= tree.n_indicators]
            return [found for group in groups for found in (group, *below(group))]

        return below(tree.n_nodes - 1)


@cached(1)
def _known_sources() -> frozenset[str]:
    return frozenset(load_table("sources")["source"])


def standing(
    name: str = INDEX,
    variant: str = "both",
    data: str | Path | pl.DataFrame | None = None,
    as_of: int | None = None,
    add: Any = None,
    to: str | None = None,
) -> Standing:
    """Build an index and remember the origin of its cells.

    Parameters
    ----------
    name
        A built-in index, or the path of a spec.
    variant
        Variant of a built-in index.
    data
        Table to build on, or its path, in place of the spec's own data or the catalogue's.
    as_of
        Leave out data of later years, on the catalogue's data; of the open AI index that gives its history.
    add, to
        Table of indicators to add, or its path, and the group that they belong to.

    Returns
    -------
    Standing
        Built index with origins.

    Raises
    ------
    ParityError
        If there is no such index or spec, its data do not fit, or a year is asked of data from a file.
    """
    if as_of is not None and name == INDEX:
        # Most series of the index begin later; its history is another index, with a name of its own.
        name = HISTORY
    # What a file holds may change from one question to the next; what ships with Parity does not.
    if name in BUILTIN and data is None and add is None:
        return _carried(name, variant, as_of)
    return _made(name, variant, data, as_of, add, to)


def _made(
    name: str,
    variant: str,
    data: str | Path | pl.DataFrame | None,
    as_of: int | None,
    add: Any = None,
    to: str | None = None,
) -> Standing:
    spec, folder = _spec(name, variant)
    chosen = variant if name in BUILTIN else ""
    joins = add is not None or any(each.data for each in spec.indicators)
    if joins and (data is not None or spec.index.data):
        raise ParityError(
            "a table of an indicator goes with the catalogue's data; put its column into your own table"
        )
    path = data if data is not None else folder / spec.index.data if spec.index.data else None
    if path is not None:
        own = "a table of your own" if isinstance(path, pl.DataFrame) else Path(path).name
        if as_of is not None and not (spec.index.year_column or spec.index.year_columns):
            raise ParityError(f"--as-of {as_of} is for a panel or the catalogue's data, not on {own}")
        spec, table, record = own_table(spec, path, name)
        index = build(spec, table, own)
        index = replace(index, log=(record, *index.log))
        index = index if as_of is None else index.of_year(as_of)
        return Standing(index, chosen, own if isinstance(path, pl.DataFrame) else f"file {own}", None, as_of)
    if all(each.select is None and each.data is None for each in spec.indicators):
        raise ParityError(
            f"'{name}' needs a table: give it with --data FILE (the published one does not ship)"
        )
    if add is None:
        return _assembled(spec, folder, {}, chosen, as_of)
    whole, frame, at = with_frame(spec, add, to)
    made = _assembled(whole, folder, {at: frame}, chosen, as_of)
    ranked, before = len(made.index.units), len(standing(name, variant, None, as_of).index.units)
    screened = f"{ranked} countries are ranked, {before - ranked} fewer than without: too many gaps"
    notes = (*made.notes, screened) if ranked < before else made.notes
    return replace(made, notes=notes)


def _assembled(
    spec: IndexSpec, folder: Path, frames: Mapping[str, pl.DataFrame], variant: str, as_of: int | None
) -> Standing:
    """Build an index on the catalogue's data, and on tables that the spec names for some indicators."""
    told = vintage() if as_of is None else f"{vintage()}, data up to {as_of}"
    rows: pl.DataFrame | None = None
    notes: tuple[str, ...] = ()
    own = [each for each in spec.indicators if each.data]
    setting = f"with {', '.join(each.title or each.code for each in own)}" if own else ""
    if tables := sorted({each.data for each in own if each.data}):
        spec, rows, notes = joined(spec, folder, frames, load_table("observations"), as_of)
        told = f"{told}, with {', '.join(tables)}"
    # The catalogue's units are countries by code, whatever the spec leaves unsaid.
    said = {"id_column": "iso3", "name_column": "name"} | spec.index.model_dump(exclude_unset=True)
    spec = spec.model_copy(update={"index": spec.index.model_copy(update={k: said[k] for k in _CODED})})
    assembly = assemble(spec, _with(rows), load_table("countries"), as_of)
    index = build(spec, assembly.table, told)
    return Standing(index, variant, told, assembly.cells, as_of, (), setting, notes, rows)


def _with(rows: pl.DataFrame | None) -> pl.DataFrame:
    carried = load_table("observations")
    return carried if rows is None else pl.concat([carried, rows], how="diagonal")


@cached(8)
def _carried(name: str, variant: str, as_of: int | None) -> Standing:
    return _made(name, variant, None, as_of)


def built(variant: str = "both") -> Standing:
    """Return a variant of the open AI index."""
    return standing(INDEX, variant)


def _spec(name: str, variant: str) -> tuple[IndexSpec, Path]:
    if name in BUILTIN:
        return builtin_spec(name, variant), Path()
    path = Path(name)
    if path.suffix != ".toml" and not path.exists():
        raise ParityError(
            f"no index '{name}'; built-in are {one_of(BUILTIN)}, or give the path of a spec (.toml)."
            f"{did_you_mean(name, BUILTIN)}"
        )
    if variant != "both":
        raise ParityError(f"--variant is for built-in indices; '{name}' is a spec of its own")
    return IndexSpec.load(path), path.parent


@cached(32)
def ranking(found: Standing, node: str | None = None, group: str | None = None) -> pl.DataFrame:
    """Return every unit's place.

    Parameters
    ----------
    found
        The built index, of one year.
    node
        Pillar or indicator to rank by; the index itself by default.
    group
        Bloc, income group or region to keep; ranks stay those among all units.

    Returns
    -------
    polars.DataFrame
        Sorted by rank: ``id``, ``name``, ``rank``, ``score``, ``imputed_share``, ``zero_share``,
        ``missing_share`` and ``lower_bound_share`` (share of the weight on imputed, zero-filled and left-out
        cells, and on those that are lower bounds, 0 to 1).
    """
    index = found.index
    place = index.node(node)
    shares = evidence_shares(found, place)
    bounds = evidence(index, {"lower_bound": flagged(found, "lower_bound")}, place)["lower_bound"]
    frame = pl.DataFrame(
        {
            "id": pl.Series(list(index.units), dtype=pl.String),
            "name": pl.Series(list(index.names), dtype=pl.String),
            "rank": pl.Series(index.ranks[:, place], nan_to_null=True).cast(pl.Int64),
            "score": pl.Series(index.scores[:, place], nan_to_null=True),
            "imputed_share": shares["imputed"],
            "zero_share": shares["structural_zero"],
            "missing_share": shares["missing"],
            "lower_bound_share": bounds,
        }
    )
    if group is not None:
        frame = frame.filter(pl.col("id").is_in(members(group)))
    return frame.sort("rank", "id", nulls_last=True)


def evidence_shares(found: Standing, node: int) -> dict[str, np.ndarray]:
    """Return what share of a node's weight rests on which kind of cell.

    Parameters
    ----------
    found
        The built index.
    node
        Position of the node.

    Returns
    -------
    dict
        ``imputed``, ``missing`` (nothing filled in: left out of the score), ``structural_zero`` and
        ``estimated`` (by the publisher), each of shape (n,), 0 to 1.
    """
    flags = {flag: flagged(found, flag) for flag in ("structural_zero", "estimated")}
    return evidence(found.index, flags, node)


def flagged(found: Standing, flag: str) -> np.ndarray:
    """Return which cells have a flag, shape (n, k)."""
    index = found.index
    mask = np.zeros((len(index.units), index.tree.n_indicators), dtype=bool)
    if found.cells is not None:
        rows = {unit: row for row, unit in enumerate(index.units)}
        columns = {code: column for column, code in enumerate(index.spec.codes)}
        for iso3, code in found.cells.filter(flag=flag).select("iso3", "code").iter_rows():
            if iso3 in rows:
                mask[rows[iso3], columns[code]] = True
    return mask
