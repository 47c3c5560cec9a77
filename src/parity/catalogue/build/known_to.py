"""Until when each table is complete, for all countries, for one, or for a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from parity.catalogue.build._provenance import (
    last_day,
    require_provenance,
    written,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table

FILE = "known_to.toml"
# How far the lists of models reach, country by country; what they do not follow ends with Epoch AI's list.
MODELS = "models-2026"
OF_MODELS = ("models", "model_scores")
NOT_FOLLOWED = "2025-12-31"


def _build(raw: Raw, _: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.DataFrame([*_listed(), *_models(raw)], schema=TABLE.schema)
    require_provenance("known_to", frame, "table")
    return frame


def _listed() -> Iterator[dict[str, Any]]:
    for each, entry in written(FILE):
        shared = {"checked": entry["checked"], "basis": entry["basis"]}
        parts = {name: part for name, part in entry.items() if isinstance(part, dict)}
        for part, row in {"": entry, **parts}.items():
            known = {column: (shared | row).get(column) for column in TABLE.schema}
            yield known | {"table": each, "part": part, "iso3": "", "census": row.get("census", True)}


def _models(raw: Raw) -> Iterator[dict[str, Any]]:
    folder = raw.folder(MODELS)
    listed = folder.csv("coverage.csv", "country", "complete_until", "confidence", "known_missing")
    whole = {"country": "", "complete_until": NOT_FOLLOWED, "confidence": "not followed after 2025"}
    for row in [whole, *listed.iter_rows(named=True)]:
        missing = row.get("known_missing")
        note = "; ".join(filter(None, (row["confidence"], f"missing: {missing}" if missing else "")))
        for each in OF_MODELS:
            yield {
                "table": each,
                "part": "",
                "iso3": row["country"],
                "known_to": last_day(row["complete_until"] or NOT_FOLLOWED)[0],
                "census": True,
                "source": "https://epoch.ai/data/ai-models",
                "checked": None,
                # The folder's own judgement of how far its evidence reaches; no page states it.
                "basis": "background",
                "note": note,
            }


TABLE = table("known_to", _build)
