"""The tables of accelerators and of export-control rules: built right, and wording never misread."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table
from parity.catalogue.build import accelerators, chip_supply, controls
from parity.catalogue.build._control_reading import read, reading
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import finish
from parity.errors import ParityError

TABLES = (
    accelerators.ACCELERATORS,
    accelerators.ACCELERATOR_FIGURES,
    controls.RULES,
    controls.THRESHOLDS,
    controls.DESTINATIONS,
    controls.COUNTRY_GROUPS,
    controls.CHPL,
    controls.TIMELINE,
)


@pytest.fixture(scope="module")
def raw(shared: Path) -> Raw:
    return Raw(shared / "data" / "raw")


@pytest.fixture(scope="module")
def listed() -> pl.DataFrame:
    return load_table("accelerators")


def facts(listed: pl.DataFrame, name: str) -> dict[str, object]:
    return listed.row(by_predicate=pl.col("name") == name, named=True)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_snapshot_is_what_the_raw_files_give(raw: Raw, table: object) -> None:
    assert finish(table, table.build(raw, {})).equals(load_table(table.name))  # type: ignore[attr-defined]


def test_supply_is_what_the_raw_files_give(raw: Raw, listed: pl.DataFrame) -> None:
    built = finish(chip_supply.TABLE, chip_supply.TABLE.build(raw, {"accelerators": listed}))
    assert built.equals(load_table("chip_supply"))
    assert set(built["buyer"]) == {"world", "CHN"}
    assert (built["h100e_low"] <= built["h100e"]).all()


class TestAccelerators:
    def test_figures_that_the_sources_disagree_on(self, listed: pl.DataFrame) -> None:
        """The disagreements that the rule data list, each settled as they say."""
        settled = {
            "NVIDIA A800 SXM4 80GB": 4992.0,
            "NVIDIA H100 PCIe 80GB": 12104.0,
            "Intel Gaudi 2": 6920.0,
            "NVIDIA RTX A6000": 2477.6,
            "Huawei Ascend 910C": 12032.0,
            "NVIDIA GB300 (Blackwell Ultra)": 60000.0,
            "NVIDIA B300 (Blackwell Ultra)": 56000.0,
            "Huawei Ascend 920": 14400.0,
        }
        assert {name: facts(listed, name)["tpp"] for name in settled} == settled
        assert facts(listed, "AMD Instinct MI250X")["die_area"] == 1448.0
        assert facts(listed, "AMD Instinct MI300X")["die_area"] is None
        unknown = facts(listed, "AMD Instinct MI308X")
        assert unknown["tpp"] is unknown["tpp_at_least"] is unknown["memory_bandwidth"] is None

    def test_tensor_cores_without_figures_make_a_lower_bound(self, listed: pl.DataFrame) -> None:
        card = facts(listed, "NVIDIA A10G")
        assert (card["tpp"], card["tpp_at_least"]) == (None, 1008.0)

    def test_tf32_is_scored_with_its_container(self, listed: pl.DataFrame) -> None:
        assert (facts(listed, "Amazon Trainium3")["tpp"], facts(listed, "Amazon Trainium3")["tpp_bits"]) == (
            21472.0,
            32,
        )

    def test_the_tpp_is_its_operation(self, listed: pl.DataFrame) -> None:
        known = listed.filter(pl.col("tpp_at_least").is_not_null())
        product = known["tpp_tops"] * known["tpp_bits"]
        assert ((product - known["tpp_at_least"]).abs() <= 1e-3 * known["tpp_at_least"]).all()

    def test_every_figure_has_its_source(self) -> None:
        figures = load_table("accelerator_figures")
        assert figures.select(pl.col("source", "basis", "unit").null_count()).row(0) == (0, 0, 0)
        assert set(figures["source"]) == {"epoch", "export-controls"}
        assert figures.filter(~pl.col("used"))["reason"].null_count() == 0
        twice = figures.filter("used").select("accelerator", "quantity").is_duplicated()
        assert not twice.any()

    def test_releases_are_ranges_where_sources_differ(self, listed: pl.DataFrame) -> None:
        dated = listed.filter(pl.col("released_by").is_not_null(), pl.col("released_from").is_not_null())
        assert (dated["released_from"] <= dated["released_by"]).all()
        assert (
            facts(listed, "Huawei Ascend 910C")["released_from"]
            != facts(listed, "Huawei Ascend 910C")["released_by"]
        )

    def test_a_year_alone_is_a_range(self, listed: pl.DataFrame) -> None:
        """The first of January stands for a year in the hardware table."""
        kunlun = facts(listed, "Baidu Kunlun I")
        assert (str(kunlun["released_from"]), str(kunlun["released_by"])) == ("2019-01-01", "2019-12-31")
        first = listed.filter(pl.col("released_by").dt.ordinal_day() == 1)
        assert first.is_empty()

    def test_markets_are_known_or_open(self, listed: pl.DataFrame) -> None:
        assert facts(listed, "NVIDIA GeForce RTX 4090")["data_center"] is False
        assert facts(listed, "NVIDIA RTX 6000 Ada")["data_center"] is None
        assert facts(listed, "NVIDIA L4")["data_center"] is True


class TestControls:
    def test_new_wording_is_refused(self) -> None:
        with pytest.raises(ParityError, match="'a new phrase' is new wording; add its reading"):
            read("items", "a new phrase")

    def test_every_reading_is_in_the_data(self, raw: Raw) -> None:
        """A reading whose wording has gone from the data is dead."""
        columns = {
            "items": ("destinations.csv", "item"),
            "reviews": ("destinations.csv", "review_policy"),
            "exceptions": ("destinations.csv", "licence_exception"),
            "enforced": ("destinations.csv", "enforced"),
            "requirements": ("destinations.csv", "requirement"),
            "roles": ("thresholds.csv", "role"),
            "quantities": ("thresholds.csv", "quantity"),
        }
        for kind, (file, column) in columns.items():
            wording = set(raw.folder("export-controls").csv(file)[column])
            assert set(reading()[kind]) <= wording, kind

    def test_levels_of_devices_are_numbers(self) -> None:
        tests = load_table("thresholds").filter(pl.col("rule_id") == "us_letter_2025_04_nvda")
        levels = dict(tests.filter(pl.col("value").is_not_null()).select("quantity", "value").rows())
        assert levels == {"memory_bandwidth": 4000.0, "io_bandwidth": 900.0}

    def test_a_policy_with_a_date_of_its_own_cuts_its_row(self) -> None:
        rows = load_table("destinations").filter(pl.col("rule_id") == "us_guid_2026_05").sort("date_from")
        assert rows["review_policy"].to_list() == [None, "presumption_of_denial"]
        assert rows["date_to"][0] == rows["date_from"][1]

    def test_every_row_is_cited(self) -> None:
        for name, columns in {
            "rules": ("citation", "source_url", "verification", "regime"),
            "destinations": ("citation", "basis"),
            "country_groups": ("citation", "basis"),
            "timeline": ("citation", "source_url", "verification"),
        }.items():
            assert sum(load_table(name).select(columns).null_count().row(0)) == 0, name

    def test_the_high_priority_list_is_whole(self) -> None:
        codes = load_table("chpl")
        assert codes.height == 50
        assert set(codes["tier"]) == {"1", "2", "3.A", "3.B", "4.A", "4.B"}
        assert set(codes.filter("accelerators")["hs6"]) == {"847150", "847180", "854231"}
