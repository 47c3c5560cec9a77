"""GitHub Innovation Graph: developers, repositories, pushes, organisations, collaboration, topics."""

from __future__ import annotations

from functools import partial

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import (
    joined,
    mean_per_quarter,
    number,
    require,
    total,
    year,
)

# Counts at a moment: the last published quarter of the year stands for the year.
STOCKS = {
    "developers": "gh_developers",
    "repositories": "gh_repositories",
    "organizations": "gh_organizations",
}
# The European Union stands among the economies: adding it would count its members twice.
NOT_COUNTRIES = {"EU": None}
# A row is published only above this number of people or events: absence is censored, not zero.
PUBLISHED_ABOVE = 100
AI_TOPICS = (
    "ai",
    "artificial-intelligence",
    "computer-vision",
    "deep-learning",
    "generative-ai",
    "llm",
    "machine-learning",
    "natural-language-processing",
    "neural-network",
    "nlp",
    "pytorch",
    "reinforcement-learning",
    "tensorflow",
)


def observations(folder: Folder, names: Names) -> pl.DataFrame:
    """Return six indicators by economy and year."""
    stocks = (partial(_stock, folder, file, indicator, names) for file, indicator in STOCKS.items())
    others = (partial(one, folder, names) for one in (_pushes, _collaboration, _topics))
    return joined(folder, *stocks, *others)


def _quarters(folder: Folder, file: str, value: str, names: Names, *keep: str) -> pl.DataFrame:
    raw = folder.csv(f"{file}.csv", value, "iso2_code", "year", "quarter")
    return raw.select(
        *keep,
        iso3=names.iso3(raw["iso2_code"], also=NOT_COUNTRIES),
        year=year("year"),
        quarter=pl.col("quarter").cast(pl.Int32),
        value=number(value),
    ).drop_nulls(["iso3", "value"])


def _stock(folder: Folder, file: str, indicator: str, names: Names) -> pl.DataFrame:
    quarters = _quarters(folder, file, file, names).sort("quarter")
    return quarters.group_by("iso3", "year").agg(pl.col("value").last(), indicator=pl.lit(indicator).first())


def _pushes(folder: Folder, names: Names) -> pl.DataFrame:
    quarters = _quarters(folder, "git_pushes", "git_pushes", names)
    return mean_per_quarter(quarters, ["iso3"]).with_columns(indicator=pl.lit("gh_pushes"))


def _collaboration(folder: Folder, names: Names) -> pl.DataFrame:
    """Return pushes and pull requests to and from all other economies, both directions added."""
    raw = folder.csv("economy_collaborators.csv", "weight", "source", "destination", "year", "quarter")
    pairs = raw.select(
        one=names.iso3(raw["source"], also=NOT_COUNTRIES),
        other=names.iso3(raw["destination"], also=NOT_COUNTRIES),
        year=year("year"),
        quarter=pl.col("quarter").cast(pl.Int32),
        value=number("weight"),
    ).drop_nulls(["one", "other"])
    abroad = pairs.filter(pl.col("one") != pl.col("other"))
    ends = pl.concat(
        abroad.select(pl.col(end).alias("iso3"), "year", "quarter", "value") for end in ("one", "other")
    )
    quarters = ends.group_by("iso3", "year", "quarter").agg(total("value"))
    return mean_per_quarter(quarters, ["iso3"]).with_columns(indicator=pl.lit("gh_collaboration"))


def _topics(folder: Folder, names: Names) -> pl.DataFrame:
    """Return pushers to the busiest AI topic: a sum over topics would count a person several times."""
    rows = _quarters(folder, "topics", "num_pushers", names, "topic")
    require(
        (rows["value"] >= PUBLISHED_ABOVE).all(),
        f"topics are published above {PUBLISHED_ABOVE} pushers only; a smaller number is there now",
    )
    busiest = (
        rows.filter(pl.col("topic").is_in(AI_TOPICS))
        .group_by("iso3", "year", "quarter")
        .agg(pl.col("value").max())
    )
    return mean_per_quarter(busiest, ["iso3"]).with_columns(indicator=pl.lit("gh_ai_topic_pushers"))
