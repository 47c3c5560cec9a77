"""Where every country stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import Field

from parity.ask.answer import Answer
from parity.ask.cache import cached
from parity.ask.of_index import INDEX, IndexQuestion
from parity.ask.question import Word

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.robustness.places import Forms, Ranking


class Rank(IndexQuestion):
    """Rank countries by an index, a pillar or an indicator.

    Own weights, another normalisation or another mean of the pillars give another ranking; it says so in
    its title, tables, figures and files.
    """

    verb = "rank"
    view = "rank:rank"
    result = "parity.robustness.places:Ranking"
    examples = (
        "parity rank --top 20",
        "parity rank --group BRICS --variant scale",
        "parity rank --pillar talent --out talent.csv",
        "parity rank --as-of 2022 --group G7",
        "parity rank --weight talent=64% --top 5 --no-intervals",
        "parity rank --weight innovation=12 --weight talent=2 --aggregate geometric --out own.png",
        "parity rank --index gaii --data tortoise.csv",
    )

    pillar: Word | None = Field(
        default=None,
        description="Rank by a pillar, sub-pillar or indicator in place of the whole index.",
        examples=["talent"],
    )
    group: Word | None = Field(
        default=None,
        description="Show members of a bloc, income group or region only: BRICS, EU, 'High income'.",
        examples=["BRICS"],
    )
    top: int | None = Field(default=None, ge=1, le=100_000, description="Show the first N.")
    as_of: int | None = Field(
        default=None, ge=2020, le=2024, description="Rank on the data of years up to this one only."
    )
    intervals: bool = Field(
        default=True, description="Give rank intervals; a spec of your own is quicker without."
    )

    @cached(64, when=lambda asked: asked.carried)
    def answer(self) -> Answer[Ranking]:
        """Rank."""
        from parity.ask.intervals import LEVEL
        from parity.ask.standing import ranking
        from parity.robustness.places import Ranking, places

        found = self.standing(self.as_of)
        years = found.index.years
        year = self.as_of if years is None else int(years.max())
        # Of a panel without a year named, the last one; its scores are those of the whole panel's scale.
        panel, found = found, replace(found, index=found.index.of_year())
        index = found.index
        node = self.pillar and found.code(self.pillar)
        table = ranking(found, node, self.group)
        ends = _intervals(self, panel, node) if self.intervals else None
        if ends is not None:
            table = table.join(ends, on="id", how="left", maintain_order="left")
        if self.top is not None:
            table = table.head(self.top)
        forms = _forms(self, found, node) if self.intervals else None
        by = node or index.tree.codes[-1]
        result = Ranking(
            index.spec.index.id,
            (index.spec.index.title or index.spec.index.id)
            + (f", {year}" if index.spec.index.year_column else ""),
            found.variant,
            _form(found),
            by,
            found.title(index.node(by)),
            len(index.units),
            None if ends is None else LEVEL,
            found.own_weights,
            places(index, table, found.group_nodes(), forms),
        )
        named = self if node is None else self.model_copy(update={"pillar": node})
        return found.answer(named, result)


def _intervals(asked: Rank, found: Standing, node: str | None) -> pl.DataFrame | None:
    """Return the ends of rank intervals, where the spec names what to vary."""
    from parity.ask.intervals import edited_intervals, rank_intervals
    from parity.ask.years import stored_ranks

    if found.index.spec.index.year_column is not None and found.index.years is None:
        return None  # rebuilds of one year of a panel would have another scale than the whole
    if node is None and found.as_of is not None:
        rows = stored_ranks(found.index.spec, found.as_of)
        if not rows.is_empty():
            return rows.select("id", "rank_low", "rank_high")
    own = asked.own_settings and node is None
    if own and asked.index == INDEX and asked.carried and found.as_of is None:
        return edited_intervals(asked.variant, asked.settings_in(found))
    return rank_intervals(found, node)


def _form(found: Standing) -> str | None:
    kept = {indicator.form for indicator in found.index.spec.indicators} - {None}
    return "mixed" if len(kept) > 1 else next(iter(kept), None)


_FORMS = ("scale", "intensity", "both")


def _forms(asked: Rank, found: Standing, node: str | None) -> Forms | None:
    """Return the places in the three forms; under the reader's own settings, without intervals."""
    from parity.errors import ParityError

    if asked.index != INDEX or not asked.own_settings or not found.variant:
        return forms_of(found, node)
    try:
        sides = [asked.model_copy(update={"variant": form}).standing(asked.as_of) for form in _FORMS]
    except ParityError:  # a weight of what stands in one form only
        return None
    return _forms_without_intervals(sides, node)


def forms_of(found: Standing, node: str | None = None) -> Forms | None:
    """Return the places by size, per person and mixed; ``None`` where the answer is about something else.

    Where none are stored for these data (an update, an earlier year), they come without intervals.

    Parameters
    ----------
    found
        The built index.
    node
        Pillar or sub-pillar; the index itself by default.
    """
    from parity.ask.intervals import forms, stored_intervals
    from parity.ask.standing import HISTORY, standing
    from parity.index import BUILTIN, builtin_spec

    index, spec = found.index, found.index.spec
    if found.cells is None or not any(each.form for each in spec.indicators):
        return None
    if spec.index.id not in BUILTIN or spec != builtin_spec(spec.index.id, found.variant or "both"):
        return None
    if node is not None and index.node(node) < index.tree.n_indicators:
        return None
    stored = stored_intervals(found)
    if stored is not None and (known := forms(node or "index")) is not None:
        return known
    name = HISTORY if spec.index.id == HISTORY else INDEX
    return _forms_without_intervals([standing(name, form, as_of=found.as_of) for form in _FORMS], node)


def _forms_without_intervals(sides: list[Standing], node: str | None) -> Forms:
    from parity.ask.intervals import LEVEL
    from parity.robustness.places import Forms

    scale, intensity, mixed = (_without_intervals(each, node) for each in sides)
    return Forms(scale, intensity, mixed, LEVEL)


def _without_intervals(found: Standing, node: str | None) -> pl.DataFrame:
    """Return places as `parity.robustness.Robustness.places` does, with null for what takes rebuilds."""
    import polars as pl

    index, place = found.index, found.index.node(node)
    return pl.DataFrame(
        {
            "id": pl.Series(list(index.units), dtype=pl.String),
            "rank": pl.Series(index.ranks[:, place], nan_to_null=True).cast(pl.Int64),
            "score": pl.Series(index.scores[:, place], nan_to_null=True),
        }
    ).with_columns(
        pl.lit(None, pl.Int64).alias("rank_low"),
        pl.lit(None, pl.Int64).alias("rank_high"),
        pl.lit(None, pl.String).alias("moved_by"),
        pl.lit(None, pl.Float64).alias("moved_share"),
    )
