"""The answer of ``rank``: where every country stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from parity.answers.base import Answer, known

if TYPE_CHECKING:
    import polars as pl

    from parity.ask.standing import Standing
    from parity.robustness.forms import Forms


class PillarPlace(BaseModel):
    """Place of a country in one pillar."""

    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    score: float | None = Field(description="0 to 100 for the built-in indices")


class FormPlace(BaseModel):
    """Place of a country in one form of the index."""

    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")


class FormPlaces(BaseModel):
    """Place of a country by size, per person and mixed: different questions, different answers."""

    scale: FormPlace = Field(description="By size: how much is there")
    intensity: FormPlace = Field(description="Per person or per GDP: how good for its size")
    mixed: FormPlace = Field(description="Both together; the interval covers the share of each")
    moved_by: str | None = Field(description="Assumption that moves the mixed rank most; null: none does")
    moved_share: float | None = Field(description="Its total Sobol index, 0 to 1")


class CountryPlace(BaseModel):
    """Place of one country."""

    iso3: str = Field(description="ISO 3166 code (or the unit's code, for your own data)")
    name: str = Field(description="Usual English name")
    rank: int | None = Field(description="1 is best; ties share the smallest rank")
    score: float | None = Field(description="0 to 100 for the built-in indices")
    rank_low: int | None = Field(description="Best rank of the interval")
    rank_high: int | None = Field(description="Worst rank of the interval")
    pillars: dict[str, PillarPlace] = Field(description="Place in every pillar and sub-pillar")
    imputed_share: float = Field(description="Share of the weight that rests on imputed cells")
    zero_share: float = Field(description="Share of the weight that rests on cells taken as zero")
    missing_share: float = Field(description="Share of the weight on cells left out of the score")
    forms: FormPlaces | None = Field(
        default=None, description="Place by size, per person and mixed, where the index has these forms"
    )


class RankAnswer(Answer):
    """Answer of ``parity rank``."""

    index: str = Field(description="Index")
    variant: str = Field(description="Variant of a built-in index")
    ranked_by: str = Field(
        description="Pillar or indicator that the ranks are of; the index itself by default"
    )
    units: int = Field(description="Countries ranked, before --group and --top")
    interval_level: float | None = Field(
        description="Probability that rank intervals cover; null without them"
    )
    countries: list[CountryPlace] = Field(description="In order of rank")


def ranked(found: Standing, pillar: str | None, group: str | None, top: int | None) -> pl.DataFrame:
    """Return the rows that an answer shows, without intervals: see `parity.ask.standing.ranking`."""
    from parity.ask.standing import ranking

    table = ranking(found, pillar, group)
    return table if top is None else table.head(top)


def with_intervals(found: Standing, table: pl.DataFrame, pillar: str | None) -> pl.DataFrame:
    """Add the columns ``rank_low`` and ``rank_high``, where the spec names what to vary."""
    from parity.ask.intervals import rank_intervals

    intervals = None if pillar else _stored_year(found)
    if intervals is None:
        intervals = rank_intervals(found, pillar)
    return table if intervals is None else table.join(intervals, on="id", how="left", maintain_order="left")


def _stored_year(found: Standing) -> pl.DataFrame | None:
    """Return the stored intervals of an earlier year, if they belong to exactly this spec."""
    if found.as_of is None:
        return None
    from parity.ask.years import stored_ranks

    rows = stored_ranks(found.index.spec, found.as_of)
    return None if rows.is_empty() else rows.select("id", "rank_low", "rank_high")


def forms_of(found: Standing, pillar: str | None = None) -> Forms | None:
    """Return the places by size, per person and mixed; ``None`` where the answer is about something else.

    Where none are stored for these data (an update, an earlier year), they come without intervals.
    """
    from parity.ask.intervals import LEVEL, forms, stored_intervals
    from parity.ask.standing import HISTORY, INDEX, standing
    from parity.index import BUILTIN, builtin_spec
    from parity.robustness.forms import Forms

    spec = found.index.spec
    if pillar is not None or found.cells is None or not any(each.form for each in spec.indicators):
        return None
    if spec.index.id not in BUILTIN or spec != builtin_spec(spec.index.id, found.variant or "both"):
        return None
    stored = stored_intervals(found)
    if stored is not None and not stored.is_empty() and (places := forms()) is not None:
        return places
    name = HISTORY if spec.index.id == HISTORY else INDEX
    scale, intensity, mixed = (_without_intervals(standing(name, form, as_of=found.as_of)) for form in _FORMS)
    return Forms(scale, intensity, mixed, LEVEL)


_FORMS = ("scale", "intensity", "both")


def _without_intervals(found: Standing) -> pl.DataFrame:
    """Return places as `parity.robustness.Robustness.places` does, with null for what takes rebuilds."""
    import polars as pl

    from parity.ask.standing import ranking

    whole, number, text = pl.lit(None, pl.Int64), pl.lit(None, pl.Float64), pl.lit(None, pl.String)
    return ranking(found).select(
        "id", "rank", "score", rank_low=whole, rank_high=whole, moved_by=text, moved_share=number
    )


def rank_answer(
    found: Standing, table: pl.DataFrame, pillar: str | None, forms: Forms | None = None
) -> RankAnswer:
    """Return the answer that shows the rows of a table.

    Parameters
    ----------
    found
        The built index.
    table
        Rows of `ranked`, with or without intervals.
    pillar
        Node that it ranks by; the index itself by default.
    forms
        Places by size, per person and mixed.
    """
    from parity.ask.intervals import LEVEL

    index = found.index
    return RankAnswer(
        data=found.vintage,
        index=index.spec.index.id,
        variant=found.variant,
        ranked_by=pillar or index.tree.codes[-1],
        units=len(index.units),
        interval_level=LEVEL if "rank_low" in table.columns else None,
        countries=_places(found, table, forms),
    )


def _form_places(row: dict[str, Any]) -> FormPlaces:
    ranks = {
        form: FormPlace(
            rank=row[f"rank_{form}"], rank_low=row[f"rank_low_{form}"], rank_high=row[f"rank_high_{form}"]
        )
        for form in ("scale", "intensity", "mixed")
    }
    return FormPlaces(**ranks, moved_by=row["moved_by"], moved_share=row["moved_share"])


def _places(found: Standing, table: pl.DataFrame, forms: Forms | None) -> list[CountryPlace]:
    beside = {} if forms is None else forms.table().rows_by_key("id", named=True, unique=True)
    return [
        CountryPlace(
            iso3=row["id"],
            name=row["name"],
            rank=row["rank"],
            score=row["score"],
            rank_low=row.get("rank_low"),
            rank_high=row.get("rank_high"),
            imputed_share=row["imputed_share"],
            zero_share=row["zero_share"],
            missing_share=row["missing_share"],
            pillars=pillar_places(found, row["id"]),
            forms=_form_places(beside[row["id"]]) if beside else None,
        )
        for row in table.iter_rows(named=True)
    ]


def pillar_places(found: Standing, unit: str) -> dict[str, PillarPlace]:
    """Return a unit's place in every pillar and sub-pillar."""
    index = found.index
    codes = [index.tree.codes[node] for node in found.group_nodes()]
    return {
        code: PillarPlace(rank=index.rank(unit, code), score=known(index.score(unit, code))) for code in codes
    }
