"""`parity chips`, from the words typed to the words printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import files
from tests.cli.conftest import Ran

Run = Callable[..., Ran]

# Keys that users' scripts rely on.
RULE_KEYS = {
    "device", "to", "on", "status", "paragraph", "license_required", "review_policy", "exception", "letter",
    "enforced", "citations", "unknown",
}  # fmt: skip
MONTH_KEYS = {"month", "best_free", "best_exception", "best_domestic", "world", "lag"}
ESTIMATE_KEYS = {"value", "low", "high", "level", "unit"}


class TestRule:
    def test_answer(self, parity: Run) -> None:
        answer = parity("chips", "rule", "H20", "--to", "CHN", "--on", "2026-08-01", "--json").json
        assert set(answer) >= RULE_KEYS | {"parity", "data", "command", "disclaimer"}
        assert (answer["device"], answer["to"], answer["on"]) == ("NVIDIA H20 SXM 96GB", "CHN", "2026-08-01")
        assert (answer["status"], answer["license_required"]) == ("not_controlled", True)
        assert answer["letter"]["rule_id"] == "us_letter_2025_04_nvda"
        assert "legal advice" in answer["disclaimer"]
        assert all(step["citation"] and step["basis"] for step in answer["steps"])

    def test_words(self, parity: Run) -> None:
        ran = parity("chips", "rule", "A40", "--to", "China", "--on", "2024-06-01")
        assert ran.status == 0
        assert "NVIDIA A40 to CHN on 2024-06-01: nac" in ran.out
        assert "it is no clearance. Not held: lists of parties" in ran.out
        assert "3A090.b.2" in ran.out
        assert "88 FR 73458" in ran.out
        assert "not legal advice" in ran.out

    def test_a_paragraph_that_does_not_reach_the_destination(self, parity: Run) -> None:
        out = parity("chips", "rule", "H100", "--to", "USA").out
        assert "not controlled; its figures meet 3A090.a.1, which does not reach USA on that day" in out
        assert "controlled; 3A090.a.1\n" in parity("chips", "rule", "H100", "--to", "CHN").out

    def test_figures(self, parity: Run) -> None:
        words = (
            "chips",
            "rule",
            "--tops",
            "296",
            "--bits",
            "8",
            "--to",
            "CHN",
            "--on",
            "2024-06-01",
            "--json",
        )
        assert parity(*words, "--die", "814").json["status"] == "not_controlled"
        unknown = parity(*words, "--data-center").json
        assert (unknown["status"], unknown["unknown"]) == ("undetermined", ["die area"])

    def test_figures_of_several_precisions(self, parity: Run) -> None:
        pairs = ("--tops", "1678", "--bits", "8", "--tops", "1678", "--bits", "16")
        answer = parity("chips", "rule", *pairs, "--to", "CHN", "--on", "2026-08-01", "--json").json
        assert answer["review_policy"] == "presumption_of_denial"

    def test_headquarters_and_market(self, parity: Run) -> None:
        words = (
            "chips",
            "rule",
            "RTX 6000 Ada",
            "--to",
            "Vietnam",
            "--hq",
            "China",
            "--on",
            "2024-06-01",
            "--json",
        )
        assert parity(*words, "--data-center").json["review_policy"] == "presumption_of_denial"
        assert parity(*words, "--not-data-center").json["exception"] == "NAC"

    def test_what_if(self, parity: Run) -> None:
        words = ("chips", "rule", "H20", "--to", "CHN", "--on", "2024-06-01", "--json")
        assert parity(*words, "--what-if", "3A090.a.1:tpp=2000").json["paragraph"] == "3A090.a.1"

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("H10O",), "no accelerator is known as 'H10O'"),
            ((), "no device is given"),
            (("--tops", "0", "--bits", "8"), "greater than 0"),
            (("--tops", "9"), "1 --tops and 0 --bits"),
            (("H20", "--on", "tomorrow"), "'tomorrow' is not a day"),
            (("H20", "--headquarters", "Atlantis"), "no country is known as 'Atlantis'"),
            (("H20", "--what-if", "x"), "is not a change of a threshold"),
        ],
    )
    def test_mistakes(self, parity: Run, words: tuple[str, ...], message: str) -> None:
        ran = parity("chips", "rule", *words, "--to", "CHN")
        assert ran.status == 2
        assert message in ran.err
        assert "Traceback" not in ran.err

    def test_outside_the_data(self, parity: Run) -> None:
        early = parity("chips", "rule", "A100", "--to", "CHN", "--on", "1995-01-01", "--json").json
        assert any("before the first rule" in note for note in early["notes"])
        assert "snapshot" in early["data"]
        late = parity("chips", "rule", "A100", "--to", "CHN", "--on", "2999-01-01")
        assert late.status == 2
        assert "lies in the future" in late.err


class TestList:
    def test_lists_every_accelerator(self, parity: Run) -> None:
        answer = parity("chips", "list", "--to", "CHN", "--on", "2024-06-01", "--json").json
        assert len(answer["devices"]) >= 300
        verdicts = {row["name"]: row["verdict"] for row in answer["devices"]}
        assert (verdicts["NVIDIA L40"], verdicts["NVIDIA L20"]) == ("nac", "not_controlled")

    def test_what_would_move(self, parity: Run) -> None:
        words = (
            "chips",
            "list",
            "--to",
            "CHN",
            "--on",
            "2024-06-01",
            "--what-if",
            "3A090.b.2:performance_density>=2.9",
        )
        rows = parity(*words, "--json").json["devices"]
        moved = {row["name"]: (row["verdict"], row["what_if"]) for row in rows}
        assert moved["NVIDIA H20 SXM 96GB"] == moved["NVIDIA L20"] == ("not_controlled", "nac")
        assert "NVIDIA L40" not in moved

    def test_what_if_needs_a_destination(self, parity: Run) -> None:
        ran = parity("chips", "list", "--what-if", "3A090.a.1:tpp=1")
        assert (ran.status, "--to" in ran.err) == (2, True)

    def test_figure(self, parity: Run, tmp_path: Path) -> None:
        path = tmp_path / "landscape.png"
        assert parity("chips", "list", "--out", str(path)).status == 0
        assert path.read_bytes().startswith(b"\x89PNG")
        ran = parity("chips", "list", "--out", str(tmp_path / "landscape.doc"))
        assert (ran.status, "endings" in ran.err) == (2, True)


def test_show_names_what_is_not_used(parity: Run) -> None:
    answer = parity("chips", "show", "MI250X", "--json").json
    areas = {(row["value"], row["used"]) for row in answer["figures"] if row["quantity"] == "die_area"}
    assert areas == {(1448.0, True), (1448.0, False), (724.0, False)}
    assert all(row["source"] and row["basis"] for row in answer["figures"])
    assert "settled by export-controls" in parity("chips", "show", "MI250X").out


class TestReach:
    def test_answer(self, parity: Run) -> None:
        answer = parity(
            "chips", "reach", "RUS", "--from", "2022-01-01", "--until", "2022-06-30", "--json"
        ).json
        months = answer["months"]
        assert [row["month"] for row in months] == [
            "2022-01",
            "2022-02",
            "2022-03",
            "2022-04",
            "2022-05",
            "2022-06",
        ]
        assert all(set(row) >= MONTH_KEYS and set(row["lag"]) >= ESTIMATE_KEYS for row in months)
        assert (months[0]["best_free"] is None, months[1]["best_free"] is None) == (False, True)
        assert months[1]["lag"]["value"] is None
        assert months[1]["lag"]["reason"]

    def test_without_a_device(self, parity: Run) -> None:
        words = ("chips", "reach", "CHN", "--from", "2024-06-01", "--until", "2024-06-30", "--json")
        best = parity(*words).json["months"][0]["best_domestic"]
        assert best.startswith("Huawei Ascend 910B")
        assert parity(*words, "--without", best).json["months"][0]["best_domestic"] != best

    def test_words_and_figure(self, parity: Run, tmp_path: Path) -> None:
        path = tmp_path / "reach.svg"
        ran = parity("chips", "reach", "India", "--start", "2025-01-01", "--out", str(path))
        assert (ran.status, "can have the world's best accelerator" in ran.out) == (0, True)
        assert b"<svg" in path.read_bytes()

    def test_no_month(self, parity: Run) -> None:
        assert parity("chips", "reach", "CHN", "--from", "2027-01-01").status == 2


class TestTimeline:
    def test_effect(self, parity: Run) -> None:
        answer = parity("chips", "timeline", "CHN", "--effect", "--json").json
        effects = {row["id"]: row["effect"] for row in answer["events"]}
        assert (
            effects["us_ac_2023_10"]["models_after"]["value"]
            < effects["us_ac_2023_10"]["models_before"]["value"]
        )
        assert effects["us_entity_2023_10"] is None  # an event, not a rule on accelerators

    def test_words(self, parity: Run) -> None:
        ran = parity("chips", "timeline", "Russia")
        assert "87 FR 12226" in ran.out
        assert "were not looked for" in ran.out
        assert parity("chips", "timeline", "--effect").status == 2


def test_compute(parity: Run) -> None:
    answer = parity("chips", "compute", "China", "--json").json
    assert answer["series"][0]["on"] == "2019-12-31"
    assert set(answer["series"][0]["h100e"]) >= ESTIMATE_KEYS
    assert answer["purchases"]
    words = parity("chips", "compute", "RUS").out
    assert "lower bound" in words
    assert "purchases" not in words


class TestScreen:
    ROWS = "device,destination,date\nH20,China,2024-06-01\nH10O,China,\nA100,RUS,2024-06-01\n"

    def test_reports_bad_lines_and_rules_on_the_rest(self, parity: Run, tmp_path: Path) -> None:
        path = tmp_path / "orders.csv"
        path.write_text(self.ROWS)
        ran = parity("chips", "screen", str(path))
        assert ran.status == 0
        assert "Line 3: no accelerator is known as 'H10O'" in ran.out
        assert "3 rows, 1 not ruled" in ran.out
        answer = parity("chips", "screen", str(path), "--json").json
        assert (answer["rows"], [row["line"] for row in answer["bad"]]) == (3, [3])
        assert [row["verdict"] for row in answer["rulings"]] == ["not_controlled", None, "licence_denial"]

    def test_writes_a_table(self, parity: Run, tmp_path: Path) -> None:
        path, out = tmp_path / "orders.csv", tmp_path / "rulings.csv"
        path.write_text(self.ROWS)
        answer = parity("chips", "screen", str(path), "--out", str(out), "--json").json
        assert len(answer["rulings"]) == 3
        written = files.read_table(out)
        assert written.height == 3
        assert written.filter(pl.col("error").is_null())["reason"].null_count() == 0

    def test_nothing_to_rule_on(self, parity: Run, tmp_path: Path) -> None:
        path = tmp_path / "orders.csv"
        path.write_text("device,to\nnothing,CHN\n")
        ran = parity("chips", "screen", str(path))
        assert (ran.status, "no row could be ruled" in ran.err) == (1, True)
        path.write_text("a,b\n1,2\n")
        assert parity("chips", "screen", str(path)).status == 2


def test_every_command_has_an_example(parity: Run) -> None:
    for verb in ("list", "show", "rule", "reach", "timeline", "compute", "screen"):
        ran = parity("chips", verb, "--help")
        assert f"parity chips {verb}" in ran.out
