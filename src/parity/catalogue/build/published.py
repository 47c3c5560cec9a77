"""What was published: figures and ranks by edition, and the names that indices go by.

Single facts with an address each. Scores of indices without an open licence stay out; their places are facts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

import polars as pl

from parity.catalogue.build._provenance import last_day
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

SOURCE = "published-figures-2026"
# Indices whose scores may be passed on: WIPO under CC BY 4.0, Microsoft under MIT.
OPEN_SCORES = ("Global Innovation Index", "AI diffusion (AI user share)")
# What a unit says besides the unit: how sure, how far, or that it is a plan.
QUALIFIERS = (
    "about a third", "about", "added to 38 000", "aim", "base case", "forecast", "just over", "may exceed",
    "more than", "ordered", "over", "plan", "planned", "pledged by companies", "roughly", "target",
    "to be mobilised", "up to",
)  # fmt: skip
# Where the record of a source names a copy that is not its publisher's file.
HELD = {
    "held in validation/stanford-ai-vibrancy-2021": (
        "https://github.com/jackoluciano/TubesLiDIA/blob/151e24cc39dd82858917f518b55e6d6b4c86f14f/"
        "DATASET/AI_VIBRANCY.xlsx"
    )
}
NOT_READ = re.compile(r"memory|validation/|^check$")

STATEMENT = ["publisher", "measure", "iso3", "subject", "period", "unit", "comparison"]


def address(text: str) -> str:
    """Return the web address of a file in a repository, written ``owner/name@commit:path``; else the text."""
    found = re.fullmatch(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40}):(.+)", HELD.get(text, text))
    if found is None:
        return HELD.get(text, text)
    return f"https://github.com/{found[1]}/blob/{found[2]}/{quote(found[3])}"


def _rows(raw: Raw, file: str, *required: str) -> pl.DataFrame:
    """Return a file with the columns of provenance; what was never checked has no day."""
    folder = raw.folder(SOURCE)
    rows = folder.csv(file, "published", "source_url", "basis", "note", *required)
    days = [last_day(text) for text in rows["published"].fill_null("")]
    return rows.with_columns(
        published=pl.Series([day for day, _ in days], dtype=pl.Date),
        precision=pl.Series([precision for _, precision in days], dtype=pl.String),
        source=pl.col("source_url").map_elements(address, return_dtype=pl.String),
        checked=pl.when(pl.col("basis") != "background").then(
            pl.lit(str(folder.about["retrieved"])).str.to_date()
        ),
        full_note=pl.col("note"),
        note=pl.col("note").map_elements(_tidy, return_dtype=pl.String),
    )


def _tidy(note: str) -> str | None:
    """Return a note without the parts that nobody read anywhere."""
    parts = [part.strip() for part in note.replace(": accept both", "").split(";")]
    return "; ".join(part for part in parts if not NOT_READ.search(part)) or None


def _figures(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _rows(raw, "figures.csv", "measure", "country", "period", "value", "unit", "subject")
    ending = rf"((?:, (?:{'|'.join(QUALIFIERS)}))+)$"
    rows = rows.drop_nulls("value").with_columns(
        pl.col("value").cast(pl.Float64),
        pl.col("edition", "period", "subject").fill_null(""),
        iso3=pl.col("country").fill_null(""),
        qualifier=pl.col("unit").str.extract(ending).str.slice(2).fill_null(""),
        unit=pl.col("unit").str.replace(ending, ""),
    )
    # Two versions of one report: its data files are those of the first day, a text read since is later.
    version = pl.int_range(pl.len()).over([*STATEMENT, "report", "edition", "qualifier"]) + 1
    rows = rows.sort("published", "basis", "value", nulls_last=False).with_columns(version=version)
    # A plan that changes is no figure restated.
    newest = rows.filter(pl.col("basis") != "background", pl.col("qualifier") == "").group_by(
        STATEMENT, maintain_order=True
    )
    rows = rows.join(newest.agg(now=pl.col("value").last()), on=STATEMENT, how="left")
    rows = rows.with_columns(
        now=pl.when(pl.col("now") != pl.col("value"), pl.col("qualifier") == "").then("now")
    )
    return rows.select(FIGURES.schema.keys())


def _ranks(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _rows(raw, "ranks.csv", "index", "edition", "data_year", "country", "rank", "of_n", "score")
    score = pl.col("score").str.strip_chars().cast(pl.Float64, strict=False)
    kept = pl.col("index").is_in(OPEN_SCORES) | (pl.col("basis") == "read")
    remembered = pl.col("full_note").fill_null("").str.contains("score from memory")
    rows = rows.with_columns(
        pl.col("rank").cast(pl.Int32),
        pl.col("edition").str.replace(r" \(.*\)$", ""),
        countries=pl.col("of_n").cast(pl.Int32),
        score=pl.when(kept & ~remembered).then(score),
        iso3=pl.col("country"),
    )
    # An edition may give places for an earlier year again: they are what that year's edition says "now".
    place = ["index", "data_year", "iso3"]
    own_year = pl.col("data_year").mode().sort().last().over("index", "edition")
    again = rows.filter(pl.col("data_year") != own_year).select(*place, now="rank")
    rows = rows.filter(pl.col("data_year") == own_year).join(again, on=place, how="left")
    rows = rows.with_columns(now=pl.when(pl.col("now") != pl.col("rank")).then("now"))
    return rows.select(RANKS.schema.keys())


def _aliases(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = raw.folder(SOURCE).csv("aliases.csv", "alias", "index").select("alias", "index")
    # "index (publisher)" is said "publisher index"; a note on where a name is heard is no part of it.
    listed = listed.with_columns(
        pl.col("alias").str.replace(r" \(\w+ press\)$", "").str.replace(r"^(.+) \((\w+)\)$", "$2 $1")
    )
    own = built["published_ranks"].select("index").unique().select(alias="index", index="index")
    earlier = pl.DataFrame({"alias": ["Stanford AI vibrancy"], "index": ["Global AI Vibrancy Tool"]})
    return pl.concat([listed, own, earlier]).unique()


FIGURES = table("published_figures", _figures)
RANKS = table("published_ranks", _ranks)
ALIASES = table("index_aliases", _aliases)
