"""From what a user writes to countries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from parity.ask.membership import own_blocs
from parity.ask.membership import resolve as resolve_in
from parity.blocs import Bloc
from parity.catalogue import load_table
from parity.errors import ParityError

KNOWN = load_table("memberships")


def resolve(text: str, on: dt.date | None = None, table: pl.DataFrame = KNOWN, **options: Any) -> Bloc:
    return resolve_in(text, table, on, **options)


def test_a_bloc_by_name_in_any_case() -> None:
    assert resolve(" brics ").members == resolve("BRICS").members


def test_countries_by_code_and_name() -> None:
    found = resolve("Russia, CHN,South Korea")
    assert found.members == ("CHN", "KOR", "RUS")
    assert found.name == "RUS,CHN,KOR"
    assert resolve("USA").members == ("USA",)


def test_joining_leaving_and_partners() -> None:
    found = resolve("BRICS", dt.date(2024, 6, 30), joining=["Indonesia"], leaving=["BRA"])
    assert found.members == ("ARE", "CHN", "EGY", "ETH", "IDN", "IND", "IRN", "RUS", "ZAF")
    assert found.name == "BRICS + IDN - BRA"
    assert found.before is not None
    assert "BRA" in found.before.members
    assert resolve(found.name, dt.date(2024, 6, 30)).members == found.members
    assert {"KAZ", "NGA"} <= set(resolve("BRICS", partners=True).members)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "an empty bloc"),
        ("BRIX", {}, "no group 'BRIX'. Did you mean 'BRICS'"),
        ("RUS,Russia", {}, "RUS is listed twice"),
        ("RUS,XXX", {}, "no country is known as 'XXX'"),
        ("BRICS", {"joining": ["RUS"]}, "RUS is in BRICS already"),
        ("BRICS", {"leaving": ["USA"]}, "USA is not in BRICS"),
        ("USA", {"leaving": ["USA"]}, "is empty"),
        ("BRICS", {"on": dt.date(2001, 1, 1)}, "BRICS did not exist on 2001-01-01: .* 2009-06-16"),
    ],
)
def test_mistakes(text: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(ParityError, match=message):
        resolve(text, **options)  # type: ignore[arg-type]


def test_blocs_and_countries_together() -> None:
    both = resolve("BRICS,FRA")
    assert both.name == "BRICS,FRA"
    assert set(both.members) == {*resolve("BRICS").members, "FRA"}
    union = resolve("BRICS + G7 - Five Eyes")
    assert "GBR" not in union.members
    assert {"CHN", "FRA"} <= set(union.members)
    assert resolve("Guinea-Bissau").members == ("GNB",)


def test_own_blocs() -> None:
    frame = pl.DataFrame(
        {
            "bloc": ["Baltics"] * 3 + ["Nordics"],
            "iso3": ["Estonia", "LVA", "LTU", "SWE"],
            "date_from": ["2004-05-01", "", "", ""],
        }
    )
    table = own_blocs(frame, "mine.csv", KNOWN)
    assert table.schema == KNOWN.schema
    assert resolve("Baltics", table=table).members == ("EST", "LTU", "LVA")
    assert resolve("baltics", dt.date(2000, 1, 1), table=table).members == ("LTU", "LVA")
    assert resolve("G7", table=table).members == resolve("G7").members


def test_own_blocs_have_names_of_their_own() -> None:
    with pytest.raises(ParityError, match=r"brics is a bloc that is known.*'my brics'"):
        own_blocs(pl.DataFrame({"bloc": ["brics"], "iso3": ["FRA"]}), "mine.csv", KNOWN)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"bloc": ["A"], "iso3": ["FRA"], "date_from": ["2024-01-01"], "date_to": ["2023-01-01"]},
            "FRA in A belongs until 2023-01-01, which is not after 2024-01-01",
        ),
        ({"bloc": ["A"]}, "has the columns bloc and iso3"),
        ({"bloc": ["A"], "iso3": ["FRA"], "colour": ["red"]}, "unknown: \\['colour'\\]"),
        ({"bloc": ["A"], "iso3": [""]}, "row 1 names no country"),
        ({"bloc": ["A", " "], "iso3": ["FRA", "DEU"]}, "row 2 names no bloc"),
        ({"bloc": ["A"], "iso3": ["Atlantis"]}, "no country is known as 'Atlantis'"),
        ({"bloc": ["A", "A"], "iso3": ["FRA", "France"]}, "FRA is listed twice in A"),
        ({"bloc": ["A"], "iso3": ["FRA"], "date_from": ["1/2/2020"]}, "dates are written 2024-01-31"),
        (
            {"bloc": ["A"], "iso3": ["FRA"], "status": ["friend"]},
            "status 'friend' is none of 'member', 'partner'",
        ),
    ],
)
def test_own_blocs_that_are_wrong(columns: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ParityError, match=message):
        own_blocs(pl.DataFrame(columns), "mine.csv", KNOWN)
