"""Sections that take seconds: stored with the snapshot, made on the spot for other data.

Each row of the stored table carries a digest of what made it (tables and spec), so that a section of
other data is never taken for one of these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple, TypeVar

import polars as pl
from pydantic import TypeAdapter, ValidationError

from parity.ask.intervals import TABLES as INDEX_TABLES
from parity.brief.model import (
    BlocSection,
    ClaimsSection,
    FrontierSection,
    GapSection,
    GoalSection,
    Missing,
    TiesSection,
    TradeSection,
)
from parity.catalogue import derived_table, snapshot_checksum

STORED = "brief_sections"
# The variant of the index whose sections are stored.
VARIANT = "both"

_MODELS = ("model_scores", "models", "benchmarks")
_CONTROLS = ("accelerators", "rules", "thresholds", "country_groups", "destinations", "timeline")
# What public claims are, and what else verdicts on them read.
_SAID = (
    "audit_labels", "audit_models", "country_names", "flows", "groups", "indicators", "memberships",
    "pledges", "public_claims", "published_ranks", "ties",
)  # fmt: skip

Made = TypeVar("Made")


class Kind(NamedTuple):
    """A stored section: what reads it back, what it is made from, whether the index's spec counts."""

    reader: TypeAdapter[Any]
    tables: tuple[str, ...]
    of_index: bool


KINDS: dict[str, Kind] = {
    "lag": Kind(TypeAdapter(FrontierSection), (*_MODELS, "notable_models", "clusters"), False),
    "gap": Kind(TypeAdapter(GapSection), INDEX_TABLES, True),
    "goal": Kind(TypeAdapter(GoalSection | Missing), INDEX_TABLES, True),
    "bloc": Kind(TypeAdapter(BlocSection | Missing), (*INDEX_TABLES, "memberships", "indicators"), True),
    "ties": Kind(TypeAdapter(TiesSection | Missing), ("tie_artefacts", "ties"), False),
    "trade": Kind(TypeAdapter(TradeSection | Missing), ("flows", "memberships"), False),
    "claims": Kind(
        TypeAdapter(ClaimsSection | Missing),
        (*_MODELS, *_CONTROLS, *INDEX_TABLES, *_SAID),
        False,
    ),
}


def digest(name: str, spec: str) -> str:
    """Return what tells a section's tables and spec from all others.

    Parameters
    ----------
    name
        One of ``KINDS``.
    spec
        Spec of the index as TOML.
    """
    kind = KINDS[name]
    parts = (name, snapshot_checksum(*kind.tables), spec if kind.of_index else "")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def section(
    name: str,
    *,
    unit: str,
    spec: str,
    make: Callable[[], Made],
    tell: Callable[[str], object] = lambda _: None,
) -> Made:
    """Return a section as it is stored for these data, or make it.

    Parameters
    ----------
    name
        One of ``KINDS``.
    unit
        Country.
    spec
        Spec of the index as TOML.
    make
        Makes the section.
    tell
        Called with the name before the section is made.
    """
    text = _stored().get((name, unit, digest(name, spec)))
    if text is not None:
        # One that another version of Parity stored has other fields, and counts as none.
        with suppress(ValidationError):
            found: Made = KINDS[name].reader.validate_json(text)
            return found
    tell(name)
    return make()


@cache
def _stored() -> dict[tuple[str, str, str], str]:
    rows = derived_table(STORED).select("section", "id", "digest", "json").iter_rows()
    return {(name, unit, made): text for name, unit, made, text in rows}


def table(rows: list[tuple[str, str, str, str]]) -> pl.DataFrame:
    """Return the table to store, from ``section``, ``id``, ``digest`` and ``json`` of each row."""
    columns = ("section", "id", "digest", "json")
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row").sort("section", "id")
