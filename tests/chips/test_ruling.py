"""Each pitfall of the rule data, each boundary case, each date."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.chips import describe_device
from parity.errors import ParityError
from tests.chips.conftest import Judge

# An H100-class part, known to four figures.
FAST = describe_device(
    operations=[(1979.0, 8)], die_area=814.0, memory_bandwidth=3350.0, io_bandwidth=900.0, data_center=True
)


class TestFigures:
    """What a figure is decides the ruling."""

    @pytest.mark.parametrize(
        ("device", "paragraph"),
        [
            ("H20", None),  # 2368 < 2400 and 2.909 < 3.2: some trackers call it b.2
            ("L20", None),  # 3.14 < 3.2
            ("A10", None),  # 3.185 < 3.2
            ("T4", None),
            ("A40", "3A090.b.2"),  # 2395 < 2400, but 3.81 >= 3.2
            ("L4", "3A090.a.2"),  # a small die: caught by its density alone
            ("A30", "3A090.b.1"),  # 3.196 < 3.2
            ("L40", "3A090.b.1+3A090.b.2"),
            ("MI250X", "3A090.a.1"),  # and not b.2, which is for parts outside a
            ("RTX A6000", "3A090.b.1+3A090.b.2"),  # its TPP in the hardware table leaves tensor cores out
            ("RTX 3090", "none (Note 2)"),  # b.2 if it were for data centres
            ("GTX 1080", None),  # below every threshold: no note is needed to say so
        ],
    )
    def test_boundary(self, judge: Judge, device: str, paragraph: str | None) -> None:
        ruling = judge(device, "CHN", "2024-06-01")
        assert ruling.paragraph == paragraph
        assert ruling.status == ("controlled" if paragraph and "none" not in paragraph else "not_controlled")

    def test_one_of_two_dies_would_double_the_density(self, accelerators: pl.DataFrame) -> None:
        facts = chips.find_device("MI250X", accelerators).facts
        assert facts["die_area"] == 1448.0
        assert facts["tpp"] / facts["die_area"] == pytest.approx(4.232, abs=5e-4)

    def test_dies_are_summed(self, judge: Judge) -> None:
        one = describe_device(operations=[(191.5, 16)], die_area=724.0, dies=2, data_center=True)
        assert one.facts["tpp"] == 6128.0
        assert judge(one, "CHN", "2024-06-01").paragraph == "3A090.a.1"

    def test_the_highest_precision_counts(self) -> None:
        # Gaudi 3: BF16 x 16 exceeds FP8 x 8 at the same rate.
        assert describe_device(operations=[(1678.0, 8), (1678.0, 16)]).facts["tpp"] == 26848.0

    def test_unknown_die_area_is_named(self, judge: Judge) -> None:
        ruling = judge(describe_device(operations=[(239.0, 8)], data_center=True), "CHN", "2024-06-01")
        assert (ruling.status, ruling.paragraph, ruling.license_required) == ("undetermined", None, None)
        assert ruling.unknown == ("die area",)

    def test_unknown_die_area_does_not_matter_above_4800(self, judge: Judge) -> None:
        ruling = judge(describe_device(operations=[(1000.0, 8)], data_center=True), "CHN", "2024-06-01")
        assert (ruling.status, ruling.paragraph) == ("controlled", "3A090.a.1")
        assert "die area" not in ruling.unknown

    def test_unknown_die_area_does_not_matter_below_1600(self, judge: Judge) -> None:
        ruling = judge(describe_device(operations=[(199.0, 8)], data_center=True), "CHN", "2024-06-01")
        assert ruling.status == "not_controlled"

    def test_a_planar_die_meets_no_density_test(self, judge: Judge) -> None:
        planar = describe_device(operations=[(250.0, 8)], die_area=100.0, process_nm=28.0, data_center=True)
        assert judge(planar, "CHN", "2024-06-01").status == "not_controlled"

    def test_sparse_figures_are_halved(self, judge: Judge) -> None:
        # 1321 sparse TOPS at 8 bit are 660.6 dense.
        dense = describe_device(operations=[(1321.2, 8)], sparse=True, data_center=True)
        assert dense.facts["tpp"] == pytest.approx(5284.8)
        quoted = describe_device(operations=[(700.0, 8)], die_area=800.0, data_center=True)
        halved = describe_device(operations=[(700.0, 8)], die_area=800.0, data_center=True, sparse=True)
        assert judge(quoted, "CHN", "2024-06-01").paragraph == "3A090.a.1"
        assert judge(halved, "CHN", "2024-06-01").paragraph == "3A090.b.1+3A090.b.2"
        assert any("--sparse" in note for note in judge(quoted, "CHN", "2024-06-01").notes)

    @pytest.mark.parametrize("tops", [0.0, -5.0, float("nan"), float("inf")])
    def test_figures_are_above_zero(self, tops: float) -> None:
        with pytest.raises(ParityError, match=r"TOPS is .*; a figure of a device is above zero"):
            describe_device(operations=[(tops, 8)])
        with pytest.raises(ParityError, match="die area"):
            describe_device(die_area=-1.0)


class TestRuleOf2022:
    """Both prongs were needed: performance and bandwidth to other chips."""

    def test_slower_links_were_outside(self, judge: Judge) -> None:
        assert judge("A800 SXM4 80GB", "CHN", "2022-12-31").status == "not_controlled"
        assert judge("A100", "CHN", "2022-12-31").paragraph == "3A090.a.1"

    def test_unknown_links_are_named(self, judge: Judge) -> None:
        ruling = judge("Gaudi 2", "CHN", "2022-12-31")
        assert (ruling.status, ruling.unknown) == ("undetermined", ("bandwidth to other chips",))

    def test_a_policy_that_nobody_read_is_said_to_be_so(self, judge: Judge) -> None:
        ruling = judge("A100", "CHN", "2022-12-31")
        assert ruling.verdict == "licence_required"
        assert "wording of the review policy" in ruling.unknown

    def test_it_ended_when_the_next_began(self, judge: Judge) -> None:
        assert judge("RTX 4090", "CHN", "2023-11-16").status == "not_controlled"
        assert judge("RTX 4090", "CHN", "2023-11-17").exception == "NAC"


class TestDestinations:
    """Who is covered, and since when."""

    def test_macau_was_not_covered_at_first(self, judge: Judge) -> None:
        assert judge("A100", "Macau", "2023-01-16").license_required is False
        assert judge("A100", "Macau", "2023-01-17").license_required is True

    def test_macau_is_no_d1_destination_of_2023(self, judge: Judge) -> None:
        assert judge(FAST, "MAC", "2024-06-01", headquarters="DEU").review_policy == "presumption_of_denial"
        assert judge("RTX 4090", "MAC", "2024-06-01", headquarters="DEU").exception == "NAC"

    def test_hong_kong_is_china(self, judge: Judge) -> None:
        for day in ("2022-12-31", "2024-06-01", "2026-08-01"):
            china, hong_kong = judge("H20", "CHN", day), judge("H20", "HKG", day)
            assert (china.verdict, china.review_policy) == (hong_kong.verdict, hong_kong.review_policy)
        assert "HKG is ruled as CHN" in judge(FAST, "HKG", "2024-06-01").notes

    @pytest.mark.parametrize(
        ("day", "policy"),
        [("2023-11-16", None), ("2024-06-01", "case_by_case"), ("2025-06-01", "presumption_of_denial")],
    )
    def test_headquarters_elsewhere(self, judge: Judge, day: str, policy: str | None) -> None:
        assert judge(FAST, "DEU", day, headquarters="CHN").review_policy == policy

    def test_headquarters_at_home(self, judge: Judge) -> None:
        ruling = judge(FAST, "DEU", "2024-06-01")
        assert (ruling.license_required, ruling.paragraph) == (False, "3A090.a.1")
        assert "the parties are taken to have their headquarters in DEU" in ruling.notes

    def test_headquarters_change_the_policy_of_a_d4_destination(self, judge: Judge) -> None:
        assert judge(FAST, "ARE", "2024-06-01").review_policy == "presumption_of_approval"
        assert judge(FAST, "ARE", "2024-06-01", headquarters="CHN").review_policy == "presumption_of_denial"

    def test_exception_with_and_without_notice(self, judge: Judge) -> None:
        assert judge("L40", "VNM", "2024-02-01").exception_terms == "no notice needed"
        assert (judge("L40", "VNM", "2024-02-01").exception, judge("L40", "VNM", "2024-06-01").exception) == (
            "NAC",
            "ACA",
        )
        notified = judge("L40", "VNM", "2024-06-01", headquarters="CHN")
        assert notified.exception == "NAC"
        assert "25 days" in (notified.exception_terms or "")
        assert notified.conditions == ("BIS must be notified at least 25 days before the export",)
        assert judge("L40", "VNM", "2024-02-01").conditions == ()

    @pytest.mark.parametrize(
        ("to", "before", "after", "status"),
        [
            ("NIC", "2024-03-14", "2024-03-15", ("not_controlled", "controlled")),
            ("KHM", "2025-11-06", "2025-11-07", ("presumption_of_denial", "presumption_of_approval")),
            ("ARE", "2026-07-09", "2026-07-10", ("presumption_of_approval", None)),
        ],
    )
    def test_groups_are_dated(
        self, judge: Judge, to: str, before: str, after: str, status: tuple[str, str | None]
    ) -> None:
        found = tuple(judge(FAST, to, day) for day in (before, after))
        assert status in (tuple(one.status for one in found), tuple(one.review_policy for one in found))
        assert found[1].license_required is True

    def test_d4_and_a6_together_are_outside(self, judge: Judge) -> None:
        assert judge(FAST, "ISR", "2024-06-01").license_required is False

    def test_a_disputed_group_is_said_to_be_so(self, judge: Judge) -> None:
        assert any("still lists Cyprus" in note for note in judge(FAST, "CYP", "2024-06-01").notes)

    def test_a_destination_without_group_data(self, judge: Judge) -> None:
        ruling = judge(FAST, "Nigeria", "2024-06-01")
        assert ruling.license_required is False
        assert "NGA is in none of the country groups held" in ruling.notes

    def test_home_is_no_destination(self, judge: Judge) -> None:
        assert judge(FAST, "USA", "2025-06-01").status == "not_controlled"


class TestEnforcement:
    """What is codified is not always enforced."""

    def test_the_diffusion_rule_where_it_is_new(self, judge: Judge) -> None:
        for to, policy, exception in (
            ("IND", "presumption_of_approval_up_to_cap", "LPP;UVEU;NVEU"),
            ("DEU", "presumption_of_approval", "AIA"),
        ):
            ruling = judge(FAST, to, "2025-09-01")
            assert (ruling.status, ruling.enforced, ruling.verdict) == ("controlled", False, "codified_only")
            assert (ruling.review_policy, ruling.exception) == (policy, exception)
            assert judge(FAST, to, "2025-01-12").status == "not_controlled"

    def test_the_2023_requirement_stays_enforced(self, judge: Judge) -> None:
        ruling = judge(FAST, "SAU", "2025-09-01")
        assert (ruling.enforced, ruling.review_policy) == (True, "presumption_of_approval")

    def test_2026_case_by_case(self, judge: Judge) -> None:
        ruling = judge(FAST, "CHN", "2026-08-01")
        assert ruling.review_policy == "case_by_case"
        assert "exported from the United States >= 1" not in ruling.conditions
        assert any("percent" in condition for condition in ruling.conditions)
        assert judge("B200", "CHN", "2026-08-01").review_policy == "presumption_of_denial"
        assert judge(FAST, "RUS", "2026-08-01").review_policy == "policy_of_denial"


class TestLetters:
    """Letters are not rule text."""

    def test_h20(self, judge: Judge) -> None:
        before, after = judge("H20", "CHN", "2025-04-08"), judge("H20", "CHN", "2025-04-09")
        assert (before.status, before.letter, before.license_required) == ("not_controlled", None, False)
        assert (after.status, after.license_required) == ("not_controlled", True)
        assert after.license_basis == ("letter",)
        assert after.letter is not None
        assert after.letter.rule_id == "us_letter_2025_04_nvda"

    def test_a_letter_binds_its_addressee(self, judge: Judge) -> None:
        figures = {
            "operations": [(296.0, 8)],
            "die_area": 814.0,
            "memory_bandwidth": 4000.0,
            "data_center": True,
        }
        theirs = judge(describe_device(**figures, maker="NVIDIA"), "VNM", "2025-06-01", headquarters="CHN")
        others = judge(describe_device(**figures, maker="AMD"), "VNM", "2025-06-01", headquarters="CHN")
        unsaid = judge(describe_device(**figures), "VNM", "2025-06-01", headquarters="CHN")
        assert (theirs.license_required, others.license_required) == (True, False)
        assert unsaid.license_required is None
        assert "maker" in unsaid.unknown

    def test_bandwidth_alone_reaches_the_letter(self, judge: Judge) -> None:
        linked = describe_device(
            operations=[(100.0, 8)],
            die_area=800.0,
            memory_bandwidth=500.0,
            io_bandwidth=900.0,
            maker="NVIDIA",
        )
        assert judge(linked, "CHN", "2025-06-01").verdict == "letter_licence"

    def test_a_reported_letter_is_marked(self, judge: Judge) -> None:
        ruling = judge("RTX 5090D", "CHN", "2026-08-01")
        assert ruling.verdict == "letter_licence (reported)"
        assert ruling.letter is not None
        assert ruling.letter.enforced == "reported"

    def test_the_letter_that_brought_a_rule_forward(self, judge: Judge) -> None:
        assert judge("L40S", "CHN", "2023-10-22").letter is None
        assert judge("L40S", "CHN", "2023-10-23").verdict == "letter_licence"
        assert judge("RTX 4090", "CHN", "2023-10-30").letter is None

    def test_a_letter_for_a_part_without_figures(self, judge: Judge) -> None:
        ruling = judge("MI308X", "CHN", "2025-06-01")
        assert (ruling.status, ruling.license_required, ruling.verdict) == (
            "undetermined",
            True,
            "letter_licence",
        )

    def test_letters_of_2022_reach_russia(self, judge: Judge) -> None:
        assert [step.rule_id for step in judge("A100", "RUS", "2022-09-01").letters] == [
            "us_letter_2022_08_nvda"
        ]


class TestRussiaAndEmbargoes:
    """Everything on the control list, as far as the data go."""

    @pytest.mark.parametrize(
        ("to", "day", "required"),
        [
            ("RUS", "2022-02-23", False),
            ("RUS", "2022-02-24", True),
            ("BLR", "2022-03-01", False),
            ("BLR", "2022-03-02", True),
            ("RUS", "2026-08-01", True),
            ("IRN", "2018-01-01", True),
            ("PRK", "2024-06-01", True),
            ("CUB", "2024-06-01", True),
            ("SYR", "2024-06-01", True),
        ],
    )
    def test_a_slow_part(self, judge: Judge, to: str, day: str, required: bool) -> None:
        ruling = judge("T4", to, day)
        assert ruling.license_required is required
        assert (ruling.review_policy == "policy_of_denial") is required

    def test_it_says_where_the_data_stop(self, judge: Judge) -> None:
        ruling = judge("T4", "RUS", "2024-06-01")
        assert any("which entry of the control list" in text for text in ruling.unknown)
        assert any("HS codes of the supplement" in text for text in ruling.unknown)
        assert any("854231 (tier 1)" in note for note in ruling.notes)

    def test_an_exception_elsewhere_does_not_lift_the_embargo(self, judge: Judge) -> None:
        for to in ("RUS", "BLR", "IRN"):
            ruling = judge("RTX 4090", to, "2024-06-01")
            assert (ruling.exception, ruling.review_policy) == (None, "policy_of_denial")

    def test_other_jurisdictions_are_shown_as_facts(self, judge: Judge) -> None:
        shown = {step.rule_id for step in judge("T4", "RUS", "2024-06-01").elsewhere}
        assert shown == {"eu_833_2022_02", "eu_833_2022_04", "uk_ru_2022_03", "jp_ru_2022_03"}
        assert judge("T4", "RUS", "2022-02-25").elsewhere == ()


class TestDatesAndDevices:
    """Dates outside the data, parts that are not on sale."""

    def test_before_the_first_rule(self, judge: Judge, book: chips.RuleBook) -> None:
        ruling = judge(FAST, "CHN", "1990-01-01")
        assert ruling.status == "not_controlled"
        assert f"before the first rule or letter in the data ({book.first_rule})" in ruling.notes

    def test_after_the_vintage(self, judge: Judge, book: chips.RuleBook) -> None:
        ruling = judge(FAST, "CHN", "2031-01-01")
        assert ruling.status == "controlled"
        assert f"rules after {book.checked_to} were not looked for" in ruling.notes
        assert book.checked_to == date(2026, 10, 7)

    def test_parts_designed_in_china(self, judge: Judge) -> None:
        assert judge("Ascend 910C", "CHN", "2025-05-12").verdict == "prc_designed"
        after = judge("Ascend 910C", "CHN", "2025-05-13")
        assert after.verdict == "prc_designed (GP10)"
        assert any("subject to the US rules is not in the data" in note for note in after.notes)

    def test_parts_that_are_not_sold(self, judge: Judge) -> None:
        assert judge("TPU v5e", "CHN", "2024-06-01").verdict == "not_sold"
        assert judge("B200", "CHN", "2024-06-01").verdict == "not_released"


def test_every_step_has_citation_and_basis(judge: Judge) -> None:
    for device in ("H100", "H20", "RTX 6000 Ada", "A10G", "RTX 3090", "Ascend 910C"):
        for to in ("CHN", "RUS", "IRN", "ARE", "DEU", "IND", "MAC"):
            ruling = judge(device, to, "2026-08-01")
            for step in (*ruling.steps, *ruling.letters, *ruling.elsewhere):
                assert step.citation, step
                assert step.basis, step
                assert step.says, step


def test_a_question_finds_names_and_days() -> None:
    def ruled(device: str, **more: Any) -> chips.Ruling:
        return ask.Rule.read({"device": device, **more}).answer().result

    assert ruled("H20", to="China", on="2025-01-31").status == "not_controlled"
    assert ruled("H20", to="China").on == ask.rulebook().checked_to
    assert ruled("H100", to="Crimea", on="2024-01-01").verdict == "licence_denial"
    assert ruled("H100", to="KSA", on="2024-01-15").to == "SAU"
    with pytest.raises(ParityError, match="'soon' is not a day"):
        ruled("H20", to="China", on="soon")
    with pytest.raises(ParityError, match="no country is known as 'Atlantis'"):
        ruled("H20", to="Atlantis")


def test_a_country_on_whose_group_the_texts_disagree_is_undetermined(judge: Judge) -> None:
    """Ethiopia: on the State Department's list since November 2021, not in the table of the Commerce one."""
    found = judge("NVIDIA H100 SXM5 80GB", "ETH", "2024-06-01")
    assert (found.verdict, found.license_required) == ("uncertain", None)
    assert "the country groups of ETH" in found.unknown
    assert judge("NVIDIA H100 SXM5 80GB", "KEN", "2024-06-01").verdict == "not_controlled"
