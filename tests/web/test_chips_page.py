"""The chips page: its rulings against the command's, and as a person uses it."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from parity.ask.chips import Devices
from parity.cli.main import main
from parity.web.pages.chips import PAGE, ChipsState
from parity.web.state import read_state
from tests.web.conftest import Reader


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    with pytest.raises(SystemExit):
        main([*words, "--json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("device", "to", "on", "seat"),
    [
        ("NVIDIA H20 SXM", "CHN", "2026-08-01", ""),
        ("NVIDIA A40 PCIe", "CHN", "2024-06-01", ""),
        ("NVIDIA GeForce RTX 4090", "VNM", "2024-06-01", "CHN"),
        ("NVIDIA T4", "RUS", "2023-01-01", ""),
    ],
)
def test_rules_as_the_command_rules(
    capsys: pytest.CaptureFixture[str], device: str, to: str, on: str, seat: str
) -> None:
    state = ChipsState(device=device, to=to, on=dt.date.fromisoformat(on), headquarters=seat or None)
    body = PAGE.view(state)
    words = ["chips", "rule", device, "--to", to, "--on", on]
    answer = printed(capsys, *words, *(["--headquarters", seat] if seat else []))
    assert body["ruling"].verdict == answer["verdict"]
    shown = [step.says for _, steps, _ in body["groups"] for step in steps]
    assert shown == [step["says"] for key in ("steps", "letters", "elsewhere") for step in answer[key]]


@pytest.mark.parametrize(
    ("device", "to", "on", "words"),
    [
        ("NVIDIA H100 SXM5 80GB", "CHN", "2024-06-01", "to China needs a licence"),
        ("NVIDIA A40 PCIe", "CHN", "2024-06-01", "needs a licence, or an exception"),
        ("NVIDIA T4", "CHN", "2024-06-01", "needs no licence"),
        ("NVIDIA H100 SXM5 80GB", "DEU", "2026-09-01", "by text that is not enforced"),
        ("NVIDIA H100 SXM5 80GB", "CHN", "2022-01-01", "was not out on 1 January 2022"),
    ],
)
def test_the_headline_says_what_the_ruling_says(device: str, to: str, on: str, words: str) -> None:
    assert words in PAGE.view(ChipsState(device=device, to=to, on=dt.date.fromisoformat(on)))["finding"]


def test_every_step_has_a_source_and_days() -> None:
    groups = PAGE.view(ChipsState(to="CHN", device="NVIDIA H20 SXM"))["groups"]
    assert [heading for heading, _, _ in groups] == ["Rule text", "Letter"]
    for _, steps, spans in groups:
        assert all(step.citation and step.rule_id in spans for step in steps)


@pytest.mark.parametrize(
    ("on", "paragraphs"),
    [
        ("2022-03-01", []),
        ("2023-03-01", ["3A090.a.1"]),
        ("2023-11-17", ["3A090.a.1", "3A090.a.2", "3A090.b.1", "3A090.b.2"]),
    ],
)
def test_regions_are_those_of_the_rule_of_the_day(on: str, paragraphs: list[str]) -> None:
    landscape = str(PAGE.view(ChipsState(to="CHN", on=dt.date.fromisoformat(on)))["landscape"])
    assert [name for name in ("3A090.a.1", "3A090.a.2", "3A090.b.1", "3A090.b.2") if name in landscape] == (
        paragraphs
    )


def test_a_device_stands_on_the_plot_from_its_release() -> None:
    def drawn(on: dt.date) -> int:
        return Devices(to="CHN", on=on).answer().chart().frame.height

    assert drawn(dt.date(2022, 1, 1)) < drawn(dt.date(2026, 1, 1))


def test_reach_is_that_of_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    state = ChipsState(to="ARE", counting=("approval",), on=dt.date(2025, 6, 30))
    body = PAGE.parts["reach"](state)
    answer = printed(capsys, *body["command"].split()[1:])
    month = next(row for row in answer["months"] if row["month"] == "2025-06")
    assert "at the end of June 2025, can have the world's best accelerator" in body["finding"]
    assert month["lag"]["value"] == 0
    assert len(body["figures"]) == 2


def test_the_days_of_change_are_those_around_the_day() -> None:
    body = PAGE.view(ChipsState(to="CHN", on=dt.date(2023, 11, 17)))
    assert body["previous"] == dt.date(2023, 10, 23)
    assert body["following"] == dt.date(2024, 3, 15)


def test_says_in_words_what_is_wrong() -> None:
    assert "no accelerator is known as 'zzz'" in PAGE.view(ChipsState(to="CHN", device="zzz"))["told"]
    assert "no country is known as 'Atlantis'" in read_state(ChipsState, [("to", "Atlantis")]).notes[0]
    read = read_state(ChipsState, [("on", "2026-11-01")])
    assert "were not looked for" in read.notes[0]


def test_follows_a_ruling_through_time(reader: Reader) -> None:
    page = reader.open("/chips?to=CHN&device=NVIDIA%20H20%20SXM&on=2025-04-08")
    assert "needs no licence" in page.get_by_role("heading", level=1).inner_text()
    page.locator("#following").click()
    reader.wait_for_address("on=2025-04-09")
    reader.settle()
    assert page.get_by_role("slider", name="On").input_value() == "20187"
    assert "needs a licence" in page.get_by_role("heading", level=1).inner_text()
    letter = page.locator("#ruling tbody tr", has_text="Letter")
    assert "NVIDIA" in letter.first.inner_text()
    assert letter.first.locator("a").get_attribute("href").startswith("https://")
    slider = page.get_by_role("slider", name="On")
    slider.focus()
    page.keyboard.press("ArrowRight")
    reader.wait_for_address("on=2025-04-10")
    page.locator("select[name=to]").select_option(label="Germany")
    reader.wait_for_address("to=DEU")
    reader.settle()
    assert "Germany" in page.locator("#part-reach .answer").inner_text()


def test_junk_in_the_address_is_told(reader: Reader) -> None:
    page = reader.open("/chips?to=CHN&device=<img src=x onerror=alert(1)>&metric=1", settled=False)
    assert "“metric” cannot be “1”" in page.locator("#notes").inner_text()
    assert "no accelerator is known as '<img src=x" in page.locator("#told").inner_text()
