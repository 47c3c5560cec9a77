"""Provenance of hand-written rows, how far tables reach, what an audit of the facts finds."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from parity.catalogue import audit_facts, deciding, known_to, load_table, none_on_record
from parity.catalogue._facts import HAND_WRITTEN, UNVERIFIED
from parity.catalogue.build._provenance import BASES, kind_of, require_provenance
from parity.errors import ParityError


@pytest.mark.parametrize("table", HAND_WRITTEN)
def test_every_row_says_where_when_and_how(table: str) -> None:
    address, basis = HAND_WRITTEN[table]
    rows = load_table(table)
    assert set(rows[basis]) <= set(BASES)
    verified = rows.filter(pl.col(basis) != UNVERIFIED)
    assert verified["checked"].null_count() == 0
    assert rows.filter(pl.col(basis) == UNVERIFIED)["checked"].null_count() == rows.height - verified.height
    if table != "hs_codes":  # a code that was not renumbered is in the list of its heading
        assert verified.filter(pl.col(address).cast(pl.String).fill_null("") == "").is_empty()


def test_unverified_rows_decide_nothing() -> None:
    ranks = load_table("published_ranks")
    assert ranks.filter(basis=UNVERIFIED).height
    assert deciding(ranks).filter(basis=UNVERIFIED).is_empty()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"basis": "hearsay"}, "a has an unknown basis"),
        ({"source": ""}, "a has no source"),
        ({"checked": None}, "a has no day on which it was checked"),
    ],
)
def test_a_row_without_provenance_stops_the_build(row: dict[str, object], words: str) -> None:
    sound = {"id": "a", "source": "x", "checked": dt.date(2026, 1, 1), "basis": "read"}
    with pytest.raises(ParityError, match=words):
        require_provenance("t", pl.DataFrame([sound | row], schema_overrides={"checked": pl.Date}), "id")
    require_provenance("t", pl.DataFrame([sound]), "id")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("official text read", "read"),
        ("unverified", "background"),
        ("inference: the letter brings it forward", "background"),
        ("official abstract; exception list unverified", "read"),
        ("in eCFR table of 2026-07-23; no amendment found", "file"),
        ("hardware table", "file"),
    ],
)
def test_the_words_of_a_source_record_in_one_word(words: str, kind: str) -> None:
    assert kind_of(words) == kind


@pytest.mark.parametrize(
    ("table", "country", "part", "day"),
    [
        ("models", "JPN", None, dt.date(2025, 12, 31)),
        ("models", "RUS", None, dt.date(2026, 9, 22)),
        ("models", "VNM", None, dt.date(2025, 12, 31)),
        ("memberships", None, "Pax Silica", dt.date(2026, 2, 28)),
        ("memberships", "RUS", "BRICS", dt.date(2026, 1, 31)),
        ("published_ranks", None, "Global AI Index", dt.date(2024, 9, 19)),
        ("pledges", "RUS", None, None),
    ],
)
def test_a_table_knows_how_far_it_reaches(table, country, part, day) -> None:
    assert known_to(table, country, part) == day


def test_an_indicator_reaches_to_its_last_year() -> None:
    rows = load_table("observations").filter(indicator="wgi_ge", iso3="RUS")
    assert known_to("observations", "RUS", "wgi_ge") == dt.date(int(rows["year"].max()), 12, 31)
    # The publisher looks for every case: a country without one is known as far as the whole list.
    assert known_to("observations", "TUV", "notable_models") == known_to(
        "observations", None, "notable_models"
    )


def test_what_is_not_there_says_how_far_one_looked() -> None:
    words = none_on_record("model", "models", "IND")
    assert words == "no model is on record, in a list known to reach 2026-03-31"
    assert "which need not hold all" in none_on_record("pledge", "pledges")


def test_the_audit_counts_what_is_unverified_and_what_has_grown_old() -> None:
    found = audit_facts(dt.date(2026, 12, 1), 3)
    ranks = found.tables.filter(table="published_ranks").row(0, named=True)
    assert ranks["unverified"] == load_table("published_ranks").filter(basis=UNVERIFIED).height
    assert ranks["old"] == 0
    assert found.tables.filter(table="rules")["old"].item() == load_table("rules").filter(basis="read").height
    assert found.rows.height == found.tables.select(pl.col("unverified") + pl.col("old")).sum().item()
