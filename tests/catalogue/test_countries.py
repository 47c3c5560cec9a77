"""Countries by any usual name, groups by name."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parity.catalogue import Country, find_country, load_table, members
from parity.catalogue._countries import plain
from parity.errors import ParityError
from tests.catalogue.converter import converter_table

# Size of each bloc as its own page states it.
SIZES = {
    "BRICS": 10,
    "EU": 27,
    "G7": 7,
    "G20": 19,
    "OECD": 38,
    "ASEAN": 11,
    "African Union": 55,
    "SCO": 10,
    "EAEU": 5,
    "APEC": 21,
}


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Russia", "RUS"),
        ("Russian Federation", "RUS"),
        ("ru", "RUS"),
        ("South Korea", "KOR"),
        ("Korea (Republic of)", "KOR"),
        ("Korea, Rep.", "KOR"),
        ("north korea", "PRK"),
        ("UK", "GBR"),
        ("Great Britain", "GBR"),
        ("Ivory Coast", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Türkiye", "TUR"),
        ("TURKEY", "TUR"),
        ("turkiye", "TUR"),
        ("NA", "NAM"),
        ("Namibia", "NAM"),
        ("USA", "USA"),
        ("the United States", "USA"),
        ("U.S.", "USA"),
        ("Hong Kong SAR, China", "HKG"),
        ("Chinese Taipei", "TWN"),
        ("Kosovo", "XKX"),
        ("DRC", "COD"),
        ("Congo", "COG"),
        ("Viet Nam", "VNM"),
        ("Czech Republic", "CZE"),
        ("Россия", "RUS"),
        ("Российская Федерация", "RUS"),
        ("  germany ", "DEU"),
        ("St. Lucia", "LCA"),
        ("Saint Lucia", "LCA"),
        ("Bosnia & Herzegovina", "BIH"),
    ],
)
def test_usual_names_are_found(text, iso3):
    assert find_country(text).iso3 == iso3


def test_country_carries_codes_and_name():
    assert find_country("rus") == Country("RUS", "RU", "Russia")


def test_names_outside_the_table_are_found_by_their_words():
    assert "grand duchy of luxembourg" not in load_table("country_names")["alias"]
    assert find_country("The Grand Duchy of Luxembourg").iso3 == "LUX"


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Iran (Islamic Rep. of)", "IRN"),
        ("Rep. of Korea", "KOR"),
        ("Dem. People's Rep. of Korea", "PRK"),
        ("China, mainland", "CHN"),
        ("Micronesia (Fed. States of)", "FSM"),
        ("Czech Rep.", "CZE"),
        ("Niger Republic", "NER"),
    ],
)
def test_forms_of_state_do_not_matter(text: str, iso3: str) -> None:
    assert find_country(text).iso3 == iso3


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Rusiaa", "Russia"),
        ("Brasill", "Brazil"),
        ("Germny", "Germany"),
        ("Kazakhstn", "Kazakhstan"),
        ("Nigeriaa", "Nigeria"),
        ("Guinea Bisow", "Guinea-Bissau"),
        # What the two Koreas, the two Congos and the two Chinas share is a name of neither.
        ("Republic of China", "China"),
    ],
)
def test_unknown_names_get_suggestions(text, near):
    with pytest.raises(ParityError, match=f"no country is known as '{text}'.*'{near}'"):
        find_country(text)


@pytest.mark.parametrize("text", ["", " ", "Wakanda", "()", "Atlantis", "42"])
def test_what_is_no_country_is_refused(text):
    with pytest.raises(ParityError, match="no country is known as"):
        find_country(text)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_is_a_country_or_one_message(text):
    message = ""
    try:
        message = find_country(text).name
    except ParityError as problem:
        message = str(problem)
    assert message


def test_every_country_answers_to_its_codes_and_names():
    for iso3, iso2, name, official in load_table("countries").select(
        "iso3", "iso2", "name", "official_name"
    ).iter_rows():  # fmt: skip
        assert {find_country(text).iso3 for text in (iso3, iso2, name, official)} == {iso3}


# Names of the converter that we refuse, for they are another country's as well, or nobody's usual ones.
REFUSED = {
    "Republic of China", "Guiana", "Nation of Brunei, Abode of Peace", "Country of Curaçao", "St. Barths",
    "Territory of the French Southern and Antarctic Lands", "Territorial collectivity of Saint-Barthélemy",
}  # fmt: skip


def test_names_agree_with_country_converter():
    """Every short and official name of the converter leads to the converter's own code."""
    table = converter_table().filter(pl.col("ISO3").is_in(load_table("countries")["iso3"].to_list()))
    for iso3, short, official in table.select("ISO3", "name_short", "name_official").iter_rows():
        for name in {short, official} - REFUSED:
            assert find_country(name).iso3 == iso3


@pytest.mark.parametrize(
    ("text", "iso3"),
    [
        ("Frankreich", "FRA"),
        ("Alemanha", "DEU"),
        ("Brasil", "BRA"),
        ("Соединенные Штаты", "USA"),
        ("中国", "CHN"),
        ("ドイツ", "DEU"),
        ("भारत", "IND"),
        ("الإمارات العربية المتحدة", "ARE"),
        ("Zaire", "COD"),
        ("Ceylon", "LKA"),
        ("Burma", "MMR"),
    ],
)
def test_other_languages_and_former_names(text, iso3):
    assert find_country(text).iso3 == iso3


def test_a_foreign_name_never_takes_an_english_one():
    english = set(load_table("country_names")["alias"])
    assert english.isdisjoint(load_table("foreign_names")["alias"])


def test_taiwan_and_hong_kong_are_countries():
    table = load_table("countries").filter(pl.col("iso3").is_in(["TWN", "HKG"]))
    assert table.height == 2
    assert table.null_count().sum_horizontal().item() == 0
    assert set(table["income_group"]) == {"High income"}


def test_plain_reduces_spellings_to_one():
    assert plain("The Côte-d'Ivoire") == plain("cote divoire") or plain("Côte d’Ivoire") == "cote divoire"
    assert plain("Åland Islands") == "aland islands"
    assert plain("The") == "the"


@pytest.mark.parametrize(("group", "size"), SIZES.items())
def test_blocs_have_their_members(group, size):
    assert len(members(group)) == size


def test_brics_are_the_ten_of_today():
    expected = ["ARE", "BRA", "CHN", "EGY", "ETH", "IDN", "IND", "IRN", "RUS", "ZAF"]
    assert members(" brics ") == expected


def test_every_classified_country_is_in_one_income_group_and_one_region():
    groups = load_table("groups").filter(pl.col("kind").is_in(["income", "region"]))
    assert groups.group_by("iso3", "kind").len()["len"].max() == 1
    countries = load_table("countries").drop_nulls("income_group")
    assert set(groups.filter(pl.col("kind") == "income")["iso3"]) == set(countries["iso3"])


def test_unknown_group_lists_the_groups():
    with pytest.raises(ParityError, match=r"no group 'BRIKS'\. Did you mean 'BRICS'"):
        members("BRIKS")
