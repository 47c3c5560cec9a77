"""Publications and policies: OpenAlex and the OECD.AI observatory."""

from __future__ import annotations

import json

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import ESTIMATED, OBSERVED, number, require, total, year

OPENALEX = {
    "ai_publication_counts.csv": "openalex_ai",
    "deep_learning_publication_counts.csv": "openalex_deep_learning",
}
# Concept of the publisher -> indicator, for the works of one year.
CONCEPTS = {"C154945302": "openalex_ai_works", "C119857082": "openalex_ml_works"}
WORKS_OF = 2024
DATA360 = "OECD_AI_PUBS_TOT.csv"
# Areas of that file that are no countries.
SUMS = ("WLD", "OED", "EUU", "EMU")
VENUES = ("iclr-2024", "icml-2024", "neurips-2024", "iclr-2025", "icml-2025")
COUNTRY_URL = "https://openalex.org/countries/"
# Internet domains that are sold to anybody (.ai, .io, .td, .cx): the compiler took them for places.
DOMAINS = ("AIA", "IOT", "TCD", "CXR")
# The copy was made in the middle of this year: its counts are of a part of the year.
PARTIAL_YEAR = 2025
# Authors of policies that are not countries.
BODIES = (
    "African Union",
    "Association of Southeast Asian Nations",
    "European Union",
    "G7",
    "Inter-American Development Bank",
    "OECD/GPAI",
    "The United Nations Educational, Scientific and Cultural Organization",
    "United Nations",
)


def openalex(folder: Folder, names: Names) -> pl.DataFrame:
    """Return works on artificial intelligence and on deep learning."""
    return pl.concat(_works(folder, file, indicator, names) for file, indicator in OPENALEX.items())


def _works(folder: Folder, file: str, indicator: str, names: Names) -> pl.DataFrame:
    raw = folder.csv(file, "year", "country_code", "count")
    require(
        raw["country_code"].str.starts_with(COUNTRY_URL).all(),
        f"{file} named countries by addresses under {COUNTRY_URL}",
    )
    codes = raw["country_code"].str.strip_prefix(COUNTRY_URL)
    return raw.select(
        iso3=names.iso3(codes), indicator=pl.lit(indicator), year=year("year"), value=number("count")
    ).drop_nulls(["iso3", "value"])


def openalex_works(folder: Folder, names: Names) -> pl.DataFrame:
    """Return works of 2024 on machine learning and on artificial intelligence, counted whole."""
    if folder.files("*.json"):
        return pl.concat(_groups(folder, indicator, names) for indicator in CONCEPTS.values())
    raw = folder.csv("works_by_country_2024.csv", "iso3", "year", "indicator", "value")
    return raw.select(
        "indicator", iso3=names.iso3(raw["iso3"]), year=year("year"), value=number("value")
    ).drop_nulls(["iso3", "value"])


def _groups(folder: Folder, indicator: str, names: Names) -> pl.DataFrame:
    """Return the works by country that the publisher's interface counts: at most 200 countries."""
    groups = json.loads(folder.text(f"{indicator}.json")).get("group_by") or []
    require(len(groups) > 0, f"{indicator}.json holds no countries")
    keys = pl.Series([group["key"].removeprefix(COUNTRY_URL) for group in groups])
    counts = pl.Series([float(group["count"]) for group in groups])
    return pl.DataFrame(
        {"iso3": names.iso3(keys), "indicator": indicator, "year": WORKS_OF, "value": counts}
    ).drop_nulls()


def conferences(folder: Folder, names: Names) -> pl.DataFrame:
    """Return authors, papers and highlighted authorships at NeurIPS, ICML and ICLR by year.

    An author counts once, where he or she works: that is a count in fractions. Papers are counted whole, so
    that the highlights (spotlights and orals) are turned into fractions: authors times the share of the
    country's papers that were highlighted.
    """
    columns = ("iso3", "year", "venue", "accepted_papers", "authors", "spotlights", "orals")
    fresh = folder.files("*.json")
    raw = (
        pl.concat(_venue(folder, file) for file in fresh)
        if fresh
        else folder.csv("authors_papers_by_country.csv", *columns)
    )
    papers, highlights = number("accepted_papers"), number("spotlights") + number("orals")
    rows = raw.select(
        iso3=names.iso3(raw["iso3"]),
        year=year("year"),
        ml_conference_authors=number("authors"),
        ml_conference_papers=papers,
        ml_conference_highlights=number("authors") * (highlights / papers).clip(0, 1),
    ).filter(~pl.col("iso3").is_in(DOMAINS))
    return (
        rows.unpivot(index=["iso3", "year"], variable_name="indicator")
        .group_by("iso3", "year", "indicator")
        .agg(total("value"))
    )


def _venue(folder: Folder, file: str) -> pl.DataFrame:
    """Return the countries of one conference, as texts, under the names of the copy's columns."""
    counted = json.loads(folder.text(file))["globalStats"]["countries"]
    require(len(counted) > 0, f"{file} holds no countries")
    rows = pl.DataFrame(counted).with_columns(pl.all().cast(pl.String))
    return rows.filter(pl.col("affiliation_country") != "UNK").select(
        "spotlights",
        "orals",
        iso3="affiliation_country",
        year=pl.lit(file.split("-")[1]),
        accepted_papers="paper_count",
        authors="author_count",
    )


def oecd_publications(folder: Folder, names: Names) -> pl.DataFrame:
    """Return AI publications, fractional counting, of the latest year of each country."""
    if folder.files(DATA360):
        every = folder.csv(DATA360, "REF_AREA", "TIME_PERIOD", "OBS_VALUE").drop_nulls("OBS_VALUE")
        every = every.select(iso3="REF_AREA", period="TIME_PERIOD", value="OBS_VALUE").sort("period")
        countries = every.filter(pl.col("iso3").str.len_chars() == 3, ~pl.col("iso3").is_in(SUMS))
        raw = countries.group_by("iso3", maintain_order=True).last()
    else:
        raw = folder.csv("oecd_ai_publications_latest.csv", "iso3", "period", "value")
    partial = pl.col("year") >= PARTIAL_YEAR
    return raw.select(
        iso3=names.iso3(raw["iso3"]),
        indicator=pl.lit("ai_publications_oecd"),
        year=year("period"),
        value=number("value"),
    ).with_columns(flag=pl.when(partial).then(pl.lit(ESTIMATED)).otherwise(pl.lit(OBSERVED)))


def oecd_policies(folder: Folder, names: Names) -> pl.DataFrame:
    """Return policy initiatives by start year, as reported to the observatory."""
    raw = folder.csv("oecd_ai_policy_initiatives.csv", "entry_id", "jurisdiction", "year")
    require(raw["entry_id"].is_unique().all(), "an initiative stands in the file twice")
    dated = raw.drop_nulls(["jurisdiction", "year"])
    rows = dated.select(
        iso3=names.iso3(dated["jurisdiction"], also=dict.fromkeys(BODIES)), year=year("year")
    ).drop_nulls("iso3")
    return rows.group_by("iso3", "year").agg(
        value=pl.len().cast(pl.Float64), indicator=pl.lit("oecd_policies").first()
    )
