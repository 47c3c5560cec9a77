"""Ties between countries on GitHub, and where accounts stand elsewhere than the people behind them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

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
