"""The tables of accelerators and of export-control rules: built right, and wording never misread."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table
from parity.catalogue.build import accelerators, compute, controls
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

# Parts of which the hardware table holds another figure: mended ones, and powers that makers give twice.
DIFFER = set(
    """AMD Instinct MI250X|AMD Instinct MI300A|AMD Instinct MI308X|AWS Trainium3|Google TPU v2|Google TPU v4|
    Huawei Ascend 910|Huawei Ascend 910 Premium A|Huawei Ascend 910B|Intel Data Center GPU Max 1100|
    Intel Gaudi HL-205|Matrix-3000|Meta MTIA v1|Meta MTIA v2|MetaX C500 OAM|MetaX C500 PCIe|
    NVIDIA A100 PCIe 40GB|NVIDIA A800 PCIe 80GB|NVIDIA GH200 144GB|NVIDIA P40|
    NVIDIA V100 SXM3 32GB""".replace("\n    ", "").split("|")
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
    built = finish(compute.TABLE, compute.TABLE.build(raw, {"accelerators": listed}))
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
            "NVIDIA GB300 (one GPU)": 60000.0,
            "NVIDIA B300": 56000.0,
        }
        assert {name: facts(listed, name)["tpp"] for name in settled} == settled
        assert facts(listed, "AMD Instinct MI250X")["die_area"] == 1448.0
        assert facts(listed, "AMD Instinct MI300X")["die_area"] is None
        unknown = facts(listed, "AMD Instinct MI308X")
        assert unknown["tpp"] is unknown["tpp_at_least"] is unknown["die_area"] is None

    def test_tf32_is_scored_with_its_container(self, listed: pl.DataFrame) -> None:
        assert (facts(listed, "AWS Trainium3")["tpp"], facts(listed, "AWS Trainium3")["tpp_bits"]) == (
            21472.0,
            32,
        )

    def test_the_tpp_is_its_operation(self, listed: pl.DataFrame) -> None:
        known = listed.filter(pl.col("tpp_at_least").is_not_null())
        product = known["tpp_tops"] * known["tpp_bits"]
        assert ((product - known["tpp_at_least"]).abs() <= 1e-3 * known["tpp_at_least"]).all()

    def test_every_figure_has_its_source(self) -> None:
        figures = load_table("accelerator_figures")
        known = ("source", "source_url", "basis", "unit", "basis_kind")
        assert figures.select(pl.col(known).null_count()).row(0) == (0,) * len(known)
        assert set(figures["source"]) == {"epoch", "export-controls", "chips-2026"}
        # One commercial database checks our figures, and gives none.
        listed = figures.filter(pl.col("source") == "chips-2026")
        assert not listed["source_url"].str.contains("techpowerup.com/gpu-specs/geforce").any()
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

    def test_announced_launched_delivered_and_ended_are_four_dates(self, listed: pl.DataFrame) -> None:
        """What was mended: each of these was another day, or one day for all four."""
        days = ("announced", "released_by", "available_by", "available_basis", "production_stopped")
        told = {
            "AMD Instinct MI300A": ("2023-01-04", "2023-12-06"),
            "NVIDIA A800 SXM4 80GB": ("2022-11-07", "2022-11-08"),
            "NVIDIA GeForce RTX 4070": ("2023-04-12", "2023-04-13"),
            "NVIDIA A30": ("2021-04-12", "2021-04-12"),
        }
        for name, (announced, launched) in told.items():
            row = facts(listed, name)
            assert str(row["released_by"]) == launched, name
            assert str(row["announced"]) <= announced, name
        h200 = facts(listed, "NVIDIA H200 SXM")
        assert [str(h200[day]) for day in days[:4]] == ["2023-11-13", "2024-04-30", "2024-06-30", "volume"]
        # Of another's memory: borne out by the hardware table, at odds with it, or by nobody.
        assert facts(listed, "NVIDIA H100 SXM5 80GB")["unread_launch"] is None
        gb200 = facts(listed, "NVIDIA GB200 (one GPU)")
        assert str(gb200["released_from"]) < str(gb200["released_by"]) == "2025-02-15"
        wse = facts(listed, "Cerebras WSE-3")
        assert (wse["released_from"], wse["available_by"], wse["unread_launch"]) == (None, None, "2024")
        biren = facts(listed, "Biren BR100")
        assert [biren[day] for day in days[1:4]] == [None, None, None]
        assert (str(biren["announced"]), biren["status"]) == ("2022-08-09", "announced; never in volume")

    def test_figures_that_were_wrong(self, listed: pl.DataFrame) -> None:
        right = {
            ("AMD Instinct MI300A", "memory_bandwidth"): 5300.0,
            ("Huawei Ascend 910", "die_area"): None,  # 624, which nobody read: not the 1228 of before
            ("NVIDIA P40", "memory_bandwidth"): 346.0,
            ("Meta MTIA v1", "memory_bandwidth"): 176.0,
            ("Groq LPU v1", "memory_bandwidth"): None,
        }
        assert {pair: facts(listed, pair[0])[pair[1]] for pair in right} == right
        assert "AMD Radeon Instinct MI300" not in listed["name"]

    def test_agrees_with_a_second_source(self) -> None:
        """The hardware table of Epoch AI, where both have a figure; what differs is known and mended."""
        figures = load_table("accelerator_figures").filter(
            pl.col("quantity").is_in(["die_area", "memory", "memory_bandwidth", "tdp"])
        )
        ours = figures.filter(pl.col("source") == "chips-2026")
        other = figures.filter(pl.col("source") == "epoch")
        both = ours.join(other, on=["accelerator", "quantity"], suffix="_epoch")
        ratio = pl.col("value") / pl.col("value_epoch")
        off = both.filter((ratio - 1).abs() > 0.1)
        assert both.height > 200
        assert set(off["accelerator"]) == DIFFER

    def test_markets_are_known_or_open(self, listed: pl.DataFrame) -> None:
        assert facts(listed, "NVIDIA GeForce RTX 4090")["data_center"] is False
        assert facts(listed, "NVIDIA RTX 6000 Ada Generation")["data_center"] is None
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
