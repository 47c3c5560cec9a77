"""Observations: one number per country, indicator and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder, Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.transforms import (
    epoch,
    gapminder,
    github,
    machines,
    owid,
    people,
    research,
    world_bank,
)
from parity.errors import ParityError

Transform = Callable[[Folder, Names], pl.DataFrame]

# Source (raw folder) -> its transform.
TRANSFORMS: dict[str, Transform] = {
    "ai-adoption-enterprise": people.enterprises,
    "anthropic-economic-index": people.anthropic,
    "cloud-regions": machines.cloud_regions,
    "epoch": epoch.observations,
    "gapminder": gapminder.observations,
    "github-innovation-graph": github.observations,
    "imo-results": people.olympiad,
    "microsoft-ai-diffusion": people.microsoft,
    "oecd-ai-policies": research.oecd_policies,
    "oecd-ai-publications": research.oecd_publications,
    "openalex-ai": research.openalex,
    "owid-ai-misc": owid.misc,
    "owid-cset-cat": owid.cset,
    "owid-ember-carbon-intensity": owid.ember,
    "openalex-ai-2024": research.openalex_works,
    "stackoverflow-survey-2024": people.stack_overflow,
    "taiwan-customs-8542": machines.taiwan,
    "taiwan-statistics": people.taiwan_statistics,
    "top-ml-conferences-2024-2025": research.conferences,
    "top500": machines.top500,
    "top500-2025": machines.top500_accelerated,
    "undp-hdr": people.undp,
    "wipo-gii-2025-indicators": people.innovation_index,
    "worldbank-govtech": world_bank.govtech,
    "worldbank-wdi": world_bank.wdi,
    "worldbank-wdi-2026": world_bank.wdi_selection,
    "worldbank-wgi": world_bank.wgi,
}
# Newer edition of some series -> the source that carried them: from the newer one's first year on it alone
# counts, for every edition revises the past and years of two are never joined.
NEWER = {"worldbank-wdi-2026": "gapminder"}
FLAGS = ("observed", "estimated", "imputed", "structural_zero")


def of_source(folder: Folder, names: Names) -> pl.DataFrame:
    """Return one source's observations in the table's columns."""
    try:
        frame = TRANSFORMS[folder.source](folder, names)
    except pl.exceptions.PolarsError as problem:
        reason = str(problem).splitlines()[0]
        raise ParityError(f"{folder.source}: the files are not what they were: {reason}") from None
    empty = {"se": pl.lit(None, pl.Float64), "flag": pl.lit(None, pl.String)}
    frame = frame.with_columns(
        value.alias(name) for name, value in empty.items() if name not in frame.columns
    )
    frame = frame.with_columns(pl.col("flag").fill_null("observed"))
    odd = set(frame["flag"]) - set(FLAGS)
    if odd:
        raise ParityError(f"{folder.source}: unknown flags {sorted(map(str, odd))}")
    return frame.select(
        (pl.lit(folder.source) if column == "source" else pl.col(column)).alias(column).cast(dtype)
        for column, dtype in TABLE.schema.items()
    )


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = Names.of(built["country_names"])
    frame = pl.concat([of_source(raw.folder(source), names) for source in TRANSFORMS])
    return frame.filter(~superseded(frame))


def superseded(observations: pl.DataFrame) -> pl.Series:
    """Tell which observations a newer edition of their series takes the place of."""
    first = (
        observations.filter(pl.col("source").is_in(NEWER.keys()))
        .group_by("indicator", source=pl.col("source").replace_strict(NEWER))
        .agg(first=pl.col("year").min())
    )
    joined = observations.join(first, on=["indicator", "source"], how="left", maintain_order="left")
    return joined.select((pl.col("year") >= pl.col("first")).fill_null(False)).to_series()


def _renew(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the observations of the sources that there are fresh files of."""
    names = Names.of(built["country_names"])
    fresh = [source for source in raw.sources() if source in TRANSFORMS]
    frame = pl.concat([of_source(raw.folder(source), names) for source in fresh])
    newer = built["observations"].filter(pl.col("source").is_in(set(NEWER) - set(fresh)))
    every = pl.concat([frame, newer])
    return every.filter(~superseded(every), pl.col("source").is_in(fresh))


TABLE = table("observations", _build, renew=dict.fromkeys(TRANSFORMS, _renew))
