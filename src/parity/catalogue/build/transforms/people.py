"""People: who uses AI, schooling, the Mathematical Olympiad; and single facts in tables of our own."""

from __future__ import annotations

import re

import polars as pl

from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms._common import long, number, require, year

SCHOOLING = {"eys": "expected_years_schooling", "mys": "mean_years_schooling"}
# The copy in the snapshot, and all of the publisher's series, in the encoding of its own.
SCHOOLS, TIME_SERIES = "hdr2324_schooling.csv", "composite_indices.csv"
OLYMPIADS = "imo_country_results_2010_2024.csv"
FIRST_OLYMPIAD = 2010
# Codes of regions and development groups start so.
AGGREGATE = "ZZ"
POINTS = {"awards_gold": 3, "awards_silver": 2, "awards_bronze": 1}


def undp(folder: Folder, names: Names) -> pl.DataFrame:
    """Return expected and mean years of schooling."""
    fresh = bool(folder.files(TIME_SERIES))
    raw = folder.csv(TIME_SERIES, "iso3", encoding="latin-1") if fresh else folder.csv(SCHOOLS, "iso3")
    aggregates = dict.fromkeys(code for code in raw["iso3"] if code.startswith(AGGREGATE))
    frame = raw.with_columns(iso3=names.iso3(raw["iso3"], also=aggregates)).drop_nulls("iso3")
    columns = [column for column in raw.columns if re.fullmatch(r"[em]ys_20[12]\d", column)]
    require(len(columns) > 0, "columns were named eys_YEAR and mys_YEAR")
    series = frame.unpivot(columns, index="iso3", variable_name="column", value_name="value")
    return series.select(
        "iso3",
        indicator=pl.col("column").str.slice(0, 3).replace_strict(SCHOOLING),
        year=pl.col("column").str.slice(4).cast(pl.Int32),
        value=number("value"),
    ).drop_nulls("value")


def olympiad(folder: Folder, names: Names) -> pl.DataFrame:
    """Return medal points of a country's team: gold 3, silver 2, bronze 1.

    A year in which a country did not take part has no row; Russia has none after 2021, when its
    contestants took part without a flag.
    """
    raw = folder.csv(OLYMPIADS, "year", "country", *POINTS).filter(year("year") >= FIRST_OLYMPIAD)
    points = pl.sum_horizontal(
        (number(column) * worth for column, worth in POINTS.items()), ignore_nulls=False
    )
    return raw.select(
        iso3=names.iso3(raw["country"]), indicator=pl.lit("imo_medal_points"), year=year("year"), value=points
    ).drop_nulls("value")


VENTURE = "gii_vc_received"


def taiwan_statistics(folder: Folder, names: Names) -> pl.DataFrame:
    """Return what Taiwan's own offices publish of series whose publishers leave it out."""
    raw = folder.csv("facts.csv", "iso3", "indicator", "year", "value", "url", "checked")
    require(raw["url"].str.starts_with("https://").all(), "every fact names its page")
    return raw.select("indicator", iso3=names.iso3(raw["iso3"]), year=year("year"), value=number("value"))


def innovation_index(folder: Folder, names: Names) -> pl.DataFrame:
    """Return venture deals received, deals per billion dollars of GDP, as WIPO publishes them."""
    raw = folder.csv("gii_2025_selected_indicators.csv", "iso3", "year", "indicator", "value")
    wanted = raw.filter(pl.col("indicator") == VENTURE)
    require(wanted.height > 0, f"the file holds {VENTURE}")
    return wanted.select(
        "indicator", iso3=names.iso3(wanted["iso3"]), year=year("year"), value=number("value")
    ).drop_nulls()


# The last wave of a calendar year stands for the year.
WAVES = {"H2 2025 AI Diffusion": 2025, "Q1 2026 AI Diffusion": 2026}
DIFFUSION, COPY = "AI_Diffusion_Q12026_Update.csv", "ai_diffusion_iso3.csv"
COPY_COLUMNS = {"H2 2025 AI Diffusion": "h2_2025", "Q1 2026 AI Diffusion": "q1_2026"}
# The report's spelling of a name that others write without brackets.
REPORT_NAMES = {"Congo (DRC)": "COD"}
# November 2025 is the month of the sample.
CLAUDE_YEAR = 2025
SURVEY_YEAR = 2024
# Respondents of the survey choose from a list with these spellings.
SURVEY_NAMES = {"Iran, Islamic Republic of...": "IRN", "Hong Kong (S.A.R.)": "HKG"}
ENTERPRISES = {
    "eurostat-enterprise-ai-any-2024": "enterprise_ai",
    "oecd-businesses-using-ai-2025": "enterprise_ai",
    "oecd-individuals-using-generative-ai-2025": "genai_individuals",
}
# Eurostat writes EL for Greece (ISO 3166: GR); the Union is not a country.
EUROSTAT_CODES = {"EL": "GRC", "EU27": None}


def microsoft(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the share of working-age people who use generative AI.

    The publisher's file is written in Mac Roman; where there is a copy with ISO3 codes, it must agree.
    """
    raw = folder.csv(DIFFUSION, "Economy", *WAVES, encoding="mac_roman")
    frame = raw.with_columns(
        pl.col(list(WAVES)).str.strip_suffix("%"), iso3=names.iso3(raw["Economy"], also=REPORT_NAMES)
    )
    if folder.files(COPY):
        copy = folder.csv(COPY, "iso3", *COPY_COLUMNS.values())
        both = frame.join(copy, on="iso3", how="full")
        for column, twin in COPY_COLUMNS.items():
            same = both.select(((number(column) - number(twin)).abs() < 1e-9).fill_null(False).all()).item()
            require(same, f"the two copies of '{column}' disagree; a country's name may have been misread")
    return pl.concat(
        long(frame.with_columns(year=pl.lit(wave_year, pl.Int32)), {column: "genai_diffusion"})
        for column, wave_year in WAVES.items()
    )


def anthropic(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the use of Claude per person of working age, relative to the world.

    The service is not offered in Russia, China and a few other countries: they are absent, and
    absence says nothing of their use of AI. A country with an empty sample has no value either.
    """
    raw = folder.csv("country_claude_usage.csv", "iso3", "usageIndex", "usageCount")
    frame = raw.filter(number("usageCount") > 0).with_columns(year=pl.lit(CLAUDE_YEAR, pl.Int32))
    served = frame.with_columns(iso3=names.iso3(frame["iso3"]))
    require(
        served.filter(pl.col("iso3").is_in(["RUS", "CHN"])).is_empty(),
        "Claude usage now has values for Russia or China, where the service was not offered",
    )
    return long(served, {"usageIndex": "claude_usage"})


def stack_overflow(folder: Folder, names: Names) -> pl.DataFrame:
    """Return survey respondents, and the share of them who use AI tools."""
    raw = folder.csv("stackoverflow_2024_by_country.csv", "country", "responses", "yesPercent")
    frame = raw.with_columns(
        iso3=names.iso3(raw["country"], also=SURVEY_NAMES), year=pl.lit(SURVEY_YEAR, pl.Int32)
    )
    return long(frame, {"responses": "so_respondents", "yesPercent": "so_ai_users"})


def enterprises(folder: Folder, names: Names) -> pl.DataFrame:
    """Return the share of enterprises that use AI, and of people who use generative AI."""
    raw = folder.csv("ai_adoption.csv", "series", "period", "geo", "value")
    unknown = set(raw["series"]) - set(ENTERPRISES)
    require(not unknown, f"there are new series, not yet assigned to an indicator: {sorted(unknown)}")
    return raw.select(
        iso3=names.iso3(raw["geo"], also=EUROSTAT_CODES),
        indicator=pl.col("series").replace_strict(ENTERPRISES),
        year=year("period"),
        value=number("value"),
    ).drop_nulls(["iso3", "value"])
