"""The tables ``flows`` and ``hs_codes``: every trap of the sources, as it stands in the raw files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table, members
from parity.catalogue.build import _flow_names, _flow_sources
from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Raw
from parity.errors import ParityError

BILLION = 1e9


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.of(load_table("country_names"))


@pytest.fixture(scope="module")
def flows() -> pl.DataFrame:
    return load_table("flows")


def test_a_plain_sum_over_the_raw_reporters_counts_several_times(shared: Path) -> None:
    raw = Raw(shared / "data" / "raw").folder(_flow_sources.EUROSTAT).csv(_flow_sources.MONTHLY)
    russia = raw.filter(pl.col("PARTNER").str.starts_with("Russian"), pl.col("month").str.starts_with("2019"))
    assert russia["VALUE_IN_EUR"].cast(pl.Float64).sum() / BILLION == pytest.approx(409, abs=1)


def test_exports_to_russia_in_2019_were_88_thousand_million_euros(flows: pl.DataFrame) -> None:
    russia = flows.filter(pl.col("partner") == "RUS", pl.col("hs") == "TOTAL", pl.col("flow") == "export")
    states = russia.filter(pl.col("reporter").is_in(members("EU")), pl.col("period").str.starts_with("2019-"))
    union = russia.filter(pl.col("reporter") == "EU27", pl.col("period") == "2019")
    assert states["original"].sum() / BILLION == pytest.approx(87.75, abs=0.01)
    assert union["original"].sum() / BILLION == pytest.approx(87.75, abs=0.01)


def test_reporters_are_states_but_for_the_union_by_years(flows: pl.DataFrame) -> None:
    exports = flows.filter(pl.col("source") == _flow_sources.EUROSTAT, pl.col("flow") == "export")
    monthly = exports.filter(pl.col("period").str.len_chars() == 7)
    assert set(monthly["reporter"]) == {*members("EU"), "GBR"}
    assert set(exports.filter(pl.col("period").str.len_chars() == 4)["reporter"]) == {"EU27"}
    assert monthly.filter(pl.col("reporter") == "GBR")["period"].max() == "2020-01"


def test_the_year_that_was_downloaded_in_french_is_whole(flows: pl.DataFrame) -> None:
    years = flows.filter(pl.col("reporter") == "EU27").group_by("period").agg(pl.col("partner").n_unique())
    counts = dict(years.rows())
    assert set(counts) == {str(year) for year in range(2010, 2024)}
    assert max(counts.values()) - min(counts.values()) <= 10
    germany = flows.filter(pl.col("reporter") == "EU27", pl.col("partner") == "DEU").sort("period")
    assert germany.height == 14


def test_no_partner_is_a_sum_of_partners(flows: pl.DataFrame) -> None:
    known = set(load_table("countries")["iso3"])
    assert set(flows["partner"]) <= known
    assert set(flows["reporter"]) <= known | {"EU27"}


def test_years_that_had_only_begun_are_left_out(flows: pl.DataFrame) -> None:
    armenia = flows.filter(pl.col("reporter") == "ARM")
    assert set(armenia["period"]) == {"2019", "2020", "2021", "2022"}
    assert "2025" not in set(flows.filter(pl.col("reporter") == "TWN")["period"])


def test_taiwan_s_exports_add_up_to_the_published_total(flows: pl.DataFrame) -> None:
    taiwan = flows.filter(pl.col("reporter") == "TWN", pl.col("period") == "2024")
    # The file of totals by code: 165.04 thousand million dollars, areas not specified among them.
    assert taiwan["value"].sum() / BILLION == pytest.approx(165.04, abs=0.02)
    assert set(taiwan["hs"].str.len_chars()) == {6}


def test_euros_become_dollars_at_the_rate_of_the_year(flows: pl.DataFrame) -> None:
    rates = dict(_flow_names.dollars_per_euro().rows())
    assert rates["2022"] == pytest.approx(1 / 0.9493)
    euros = flows.filter(pl.col("currency") == "EUR").with_columns(year=pl.col("period").str.slice(0, 4))
    ratio = euros.filter(pl.col("original") > 0).with_columns(r=pl.col("value") / pl.col("original"))
    by_year = dict(ratio.group_by("year").agg(pl.col("r").median()).rows())
    assert by_year == pytest.approx({year: rates[year] for year in by_year})
    dollars = flows.filter(pl.col("currency") == "USD")
    assert dollars["value"].equals(dollars["original"])


def test_what_has_no_open_licence_is_not_in_it(flows: pl.DataFrame) -> None:
    assert set(flows["source"]) == {_flow_sources.EUROSTAT, _flow_sources.TAIWAN}


def test_an_unknown_partner_stops_the_build(names: Names) -> None:
    with pytest.raises(ParityError, match="Atlantis"):
        _flow_names.partners(names, pl.Series("PARTNER", ["France", "Atlantis"]))


@pytest.mark.parametrize(
    ("given", "iso3"),
    [
        ("Germany (incl. German Democratic Republic 'DD' from 1991)", "DEU"),
        ("Corée, République populaire démocratique de (Corée du Nord)", "PRK"),
        ("Guinée équatoriale", "GNQ"),
        ("American Samoa", "ASM"),
        ("America", None),
        ("Extra-EU27 (from 2020)", None),
        ("Stores and provisions within the framework of extra-Union trade", None),
        ("Словакия", "SVK"),
        ("World", None),
    ],
)
def test_partners_in_every_language_and_sums_of_partners(names: Names, given: str, iso3: str | None) -> None:
    assert _flow_names.partners(names, pl.Series("PARTNER", [given]))[0] == iso3


def test_states_that_do_not_add_up_to_their_union_stop_the_build() -> None:
    rows = pl.DataFrame(
        {
            "reporter": ["EU27", "DEU", "FRA"],
            "partner": ["RUS"] * 3,
            "period": ["2020-01"] * 3,
            "original": [10.0, 6.0, 3.0],
        }
    )
    with pytest.raises(ParityError, match="do not add up"):
        _flow_sources._check_sums(rows)
    _flow_sources._check_sums(rows.with_columns(original=pl.Series([9.0, 6.0, 3.0])))


def test_the_priority_list_has_fifty_codes_in_its_tiers() -> None:
    codes = load_table("hs_codes")
    tiers = dict(codes.drop_nulls("tier").group_by("tier").len().rows())
    assert tiers == {"1": 4, "2": 5, "3.A": 16, "3.B": 9, "4.A": 11, "4.B": 5}
    assert set(codes.filter(pl.col("tier") == "1")["hs"]) == {"854231", "854232", "854233", "854239"}


def test_codes_that_are_new_in_2022_name_the_older_one() -> None:
    codes = load_table("hs_codes")
    new = dict(codes.filter(pl.col("revision") == "2022").select("hs", "hs2017").rows())
    assert new["854151"] == new["854159"] == "854150"
    assert new["852589"] == "852580"
    listed = set(codes["hs"])
    assert set(codes.filter(pl.col("revision") == "2017")["hs"]) <= listed
    assert all(old not in codes.filter(pl.col("tier").is_not_null())["hs"] for old in new.values())


def test_every_pair_of_codes_says_how_it_is_known() -> None:
    pairs = load_table("hs_codes").drop_nulls("hs2017")
    assert set(pairs["pairing"]) == {"read", "part"}
    assert pairs["pairing_source"].str.contains("correlation table HS 2022 to HS 2017").all()
    assert set(pairs.filter(pl.col("pairing") == "part")["hs"]) == {"854151", "854159"}


def test_states_with_controls_on_russia_have_a_source_each() -> None:
    states = load_table("groups").filter(pl.col("kind") == "controls")
    # 37 partners in April 2022: the Union's 27 members, and these without the United States themselves.
    assert states.height - 1 + 27 == 37
    assert states["source"].str.contains("FR|https://").all()
