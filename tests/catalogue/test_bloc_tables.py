"""Dated memberships, ties, places and languages in the snapshot."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import blocs, load_table, members, membership
from parity.catalogue.build._codes import Names
from parity.catalogue.build.memberships import checked, cut
from parity.catalogue.build.ties import undirected
from parity.errors import ParityError
from tests.catalogue.conftest import MakeFolder
from tests.catalogue.converter import converter_table

WANTED = {
    "BRICS", "G7", "G20", "EU", "OECD", "ASEAN", "African Union", "SCO", "Quad", "Five Eyes", "GPAI",
    "AI Diffusion Rule", "AI Alliance Network",
}  # fmt: skip


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_all_blocs_are_there() -> None:
    assert set(blocs()["bloc"]) >= WANTED


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2010-12-22", "BRA CHN IND RUS"),
        ("2010-12-23", "BRA CHN IND RUS ZAF"),
        ("2023-12-31", "BRA CHN IND RUS ZAF"),
        ("2024-01-01", "ARE BRA CHN EGY ETH IND IRN RUS ZAF"),
        ("2025-01-06", "ARE BRA CHN EGY ETH IDN IND IRN RUS ZAF"),
    ],
)
def test_brics_over_time(on: str, expected: str) -> None:
    assert members("BRICS", day(on)) == expected.split()


def test_status_of_those_that_are_not_members() -> None:
    table = membership("BRICS")
    saudi = table.filter(iso3="SAU").row(0, named=True)
    assert (saudi["status"], saudi["disputed"]) == ("invited", True)
    assert membership("BRICS", day("2023-10-01")).filter(iso3="ARG")["status"].item() == "invited"
    assert "ARG" not in membership("BRICS", day("2024-06-01"))["iso3"].to_list()
    partners = membership("BRICS", statuses=("partner",))["iso3"].to_list()
    assert partners == sorted(["BLR", "BOL", "CUB", "KAZ", "MYS", "NGA", "THA", "UGA", "UZB", "VNM"])


def test_russia_was_in_the_group_of_eight() -> None:
    eight, seven = members("G8", day("2010-01-01")), members("G7", day("2010-01-01"))
    assert sorted([*seven, "RUS"]) == eight
    assert "G8" in blocs(day("2010-01-01"))["bloc"].to_list()
    assert "G8" not in blocs()["bloc"].to_list()
    with pytest.raises(ParityError, match="G8 does not exist today: its last membership ended on 2014-03-24"):
        members("G8")


def test_observers_and_partners_of_the_shanghai_cooperation() -> None:
    before = membership("SCO", day("2022-01-01"), ("observer",))["iso3"].to_list()
    assert before == ["AFG", "BLR", "IRN", "MNG"]
    # The organisation counts 10 members and 17 partners since September 2025.
    assert len(membership("SCO", statuses=("partner",))) == 17
    assert membership("SCO", day("2016-01-01")).filter(iso3="IND")["status"].item() == "observer"


def test_a_suspension_that_nobody_verified_is_remarked_and_cuts_nothing() -> None:
    row = membership("African Union", day("2009-01-01")).filter(iso3="GIN").row(0, named=True)
    assert (row["suspended"], row["basis"]) == (False, "read")
    assert "Suspended from 2008-12-29 to 2010-12-09, unverified" in row["note"]


@pytest.mark.parametrize(
    ("iso3", "on", "suspended"),
    [
        ("MLI", "2012-03-22", False), ("MLI", "2012-03-23", True), ("MLI", "2012-10-24", False),
        ("MLI", "2020-09-01", True), ("MLI", "2021-01-01", False), ("MLI", "2025-01-01", True),
        ("GAB", "2025-04-29", True), ("GAB", "2025-05-01", False), ("GIN", "2026-01-22", False),
    ],
)  # fmt: skip
def test_suspended_members_stay_members(iso3: str, on: str, suspended: bool) -> None:
    row = membership("African Union", day(on)).filter(iso3=iso3).row(0, named=True)
    assert (row["status"], row["suspended"]) == ("member", suspended)
    assert iso3 in members("African Union", day(on))


def test_a_suspension_cuts_the_spell_it_lies_in() -> None:
    spell = ROW | {"status": "member", "suspended": False, "date_to": dt.date(2020, 1, 1)}
    pause = spell | {"date_from": dt.date(2005, 1, 1), "date_to": dt.date(2006, 1, 1), "source": "a decision"}
    found = [(row["date_from"].year, row["date_to"].year, row["suspended"]) for row in cut([spell], pause)]
    assert found == [(2000, 2005, False), (2005, 2006, True), (2006, 2020, False)]
    other = spell | {"iso3": "DEU"}
    assert other in cut([other, spell], pause)
    whole = pause | {"date_from": spell["date_from"], "date_to": spell["date_to"]}
    assert [row["suspended"] for row in cut([spell], whole)] == [True]
    with pytest.raises(ParityError, match="FRA in X was no member on 1999-01-01"):
        list(cut([spell], pause | {"date_from": dt.date(1999, 1, 1)}))


def test_what_is_approximate_says_why() -> None:
    table = load_table("memberships").filter(certainty="approximate")
    assert table.height
    assert (table["note"] != "").all()
    assert {"LUX", "NLD"} == set(table.filter(bloc="OECD")["iso3"])


def test_the_united_kingdom_left_the_union() -> None:
    assert "GBR" in members("EU", day("2020-01-31"))
    assert "GBR" not in members("EU", day("2020-02-01"))
    assert len(members("EU")) == 27


@pytest.mark.parametrize(
    ("bloc", "column"), [("EU", "EU27"), ("OECD", "OECD"), ("G7", "G7"), ("APEC", "APEC")]
)
def test_present_members_against_country_converter(bloc: str, column: str) -> None:
    known = converter_table().filter(pl.col(column).is_not_null())["ISO3"]
    assert members(bloc) == sorted(known)


def test_alliances_on_a_day() -> None:
    assert len(members("NATO", day("1949-12-31"))) == 12
    assert len(members("NATO", day("2010-01-01"))) == 28
    assert {"FIN"} == set(members("NATO", day("2024-01-01"))) - set(members("NATO", day("2022-12-31")))
    venezuela = membership("Mercosur").filter(iso3="VEN").row(0, named=True)
    assert (venezuela["status"], venezuela["suspended"]) == ("member", True)


def test_only_signatories_that_somebody_read_are_listed() -> None:
    table = membership("Paris AI Statement")
    assert {"CHN", "FRA", "IND"} <= set(table["iso3"])
    assert not {"USA", "GBR"} & set(table["iso3"])
    assert "background" not in load_table("memberships")["basis"].to_list()


def test_years_of_accession_to_the_oecd_against_country_converter() -> None:
    known = dict(converter_table().filter(pl.col("OECD").is_not_null()).select("ISO3", "OECD").rows())
    ours = {row["iso3"]: str(row["date_from"].year) for row in membership("OECD").iter_rows(named=True)}
    assert ours == known


@pytest.mark.parametrize(
    ("bloc", "size"),
    [("G20", 19), ("African Union", 55), ("GPAI", 44), ("SCO", 10), ("ASEAN", 11), ("AI Diffusion Rule", 19),
     ("Five Eyes", 5), ("Quad", 4), ("EAEU", 5), ("NATO", 32), ("GCC", 6), ("AUKUS", 3), ("Mercosur", 6),
     ("Bletchley Declaration", 28), ("Seoul Declaration", 10), ("AI Safety Institutes", 9)],
)  # fmt: skip
def test_sizes_that_the_blocs_themselves_give(bloc: str, size: int) -> None:
    assert len(members(bloc)) == size


def test_every_row_has_a_source_and_no_country_overlaps_itself() -> None:
    table = load_table("memberships")
    assert (table["source"].str.len_chars() > 10).all()
    checked(table, load_table("countries")["iso3"])


ROW = {
    "bloc": "X", "title": "X", "iso3": "FRA", "date_from": dt.date(2000, 1, 1), "date_to": None,
    "precision": "day", "status": "member", "suspended": False, "disputed": False, "certainty": "sourced",
    "source": "a treaty", "checked": dt.date(2026, 1, 1), "basis": "read", "note": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"iso3": "XYZ"}, "XYZ in X from 2000-01-01 names no country"),
        ({"source": " "}, "has no source"),
        ({"checked": None}, "no day on which it was checked"),
        ({"basis": "hearsay"}, "unknown basis"),
        ({"status": "friend"}, "unknown status"),
        ({"precision": "week"}, "unknown precision"),
        ({"certainty": "hearsay"}, "unknown certainty"),
        ({"date_to": dt.date(1999, 1, 1)}, "ends before it begins"),
    ],
)
def test_unsound_rows_are_refused(change: dict[str, object], message: str) -> None:
    schema = load_table("memberships").schema
    frame = pl.DataFrame([ROW | change], schema=schema)
    with pytest.raises(ParityError, match=message):
        checked(frame, pl.Series(["FRA"]))


def test_overlapping_rows_are_refused() -> None:
    schema = load_table("memberships").schema
    frame = pl.DataFrame([ROW, ROW | {"date_from": dt.date(2010, 1, 1)}], schema=schema)
    with pytest.raises(ParityError, match="from 2010-01-01 overlaps"):
        checked(frame, pl.Series(["FRA"]))


def test_a_bloc_before_it_existed() -> None:
    with pytest.raises(
        ParityError, match="GPAI did not exist on 2019-01-01: its first members joined on 2020-06-15"
    ):
        members("GPAI", day("2019-01-01"))


def test_ties_add_both_directions_and_leave_the_union_out(raw_folder: MakeFolder, names: Names) -> None:
    text = (
        "weight,source,destination,year,quarter\n150,RU,CN,2021,1\n300,CN,RU,2021,1\n101,NA,ZA,2021,1\n"
        "999,EU,RU,2021,1\n999,RU,EU,2021,1\n120,RU,CN,2021,2\n"
    )
    found = undirected(raw_folder("github-innovation-graph", {"economy_collaborators.csv": text}), names)
    rows = {row[:3]: row[3:5] for row in found.select("a", "b", "period", "weight", "directions").rows()}
    assert rows == {
        ("CHN", "RUS", "2021Q1"): (450.0, 2),
        ("CHN", "RUS", "2021Q2"): (120.0, 1),
        ("NAM", "ZAF", "2021Q1"): (101.0, 1),
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("99,RU,CN,2021,1", "above 100"),
        ("150,RU,CN,2021,5", "quarter"),
        ("150,RU,CN,2021,1\n160,RU,CN,2021,1", "twice"),
    ],
)
def test_ties_that_break_the_layout_are_refused(
    raw_folder: MakeFolder, names: Names, line: str, message: str
) -> None:
    text = f"weight,source,destination,year,quarter\n{line}\n"
    folder = raw_folder("github-innovation-graph", {"economy_collaborators.csv": text})
    with pytest.raises(ParityError, match=message):
        undirected(folder, names)


@pytest.mark.shared
def test_ties_hold_every_event_of_the_raw_file(shared: Path) -> None:
    raw = pl.read_csv(
        shared / "data" / "raw" / "github-innovation-graph" / "economy_collaborators.csv", infer_schema=False
    ).filter((pl.col("source") != "EU") & (pl.col("destination") != "EU"))
    ties = load_table("ties")
    assert ties["weight"].sum() == raw["weight"].cast(pl.Int64).sum()
    assert ties["directions"].sum() == raw.height


def test_places_and_languages_cover_the_countries_with_ties() -> None:
    codes = {*load_table("ties")["a"], *load_table("ties")["b"]}
    large = set(load_table("countries").filter(pl.col("population") > 1e6)["iso3"]) & codes
    assert large - set(load_table("capitals")["iso3"]) == {"PSE"}
    assert large <= set(load_table("languages")["iso3"])
    capitals = load_table("capitals")
    assert capitals["latitude"].abs().max() <= 90
    assert capitals["longitude"].abs().max() <= 180
    taipei = capitals.filter(iso3="TWN").row(0, named=True)
    # The World Factbook gives whole minutes: 25 02 N, 121 31 E.
    assert (round(taipei["latitude"] * 60), round(taipei["longitude"] * 60)) == (25 * 60 + 2, 121 * 60 + 31)
    assert load_table("languages")["share"].is_between(0, 1).all()
    russian = load_table("languages").filter(iso3="RUS", language="ru").row(0, named=True)
    assert russian["official"]
    assert russian["share"] > 0.9
