"""Rules are rows: a new one needs no code, and a misspelt one is not read as "not met"."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from parity import chips
from parity.ask import chips as ask
from parity.chips import RuleBook, describe_device
from parity.errors import ParityError

Tables = dict[str, pl.DataFrame]


def add(tables: Tables, name: str, *rows: dict[str, object]) -> Tables:
    """Return the tables with rows added to one of them; columns left out are null."""
    table = tables[name]
    new = pl.DataFrame(list(rows), schema={column: table.schema[column] for column in rows[0]})
    return {**tables, name: pl.concat([table, new], how="diagonal")}


def with_new_rule(tables: Tables) -> Tables:
    """Invent a rule: a licence for more than 12 TB/s or above 2 kW, to Brazil and Mexico's firms."""
    rule = {
        "rule_id": "new_2027", "title": "Invented", "jurisdiction": "US", "regime": "invented",
        "kind": "rule", "date_from": date(2027, 1, 1), "citation": "0 FR 0", "checked_to": "2027-06-01",
    }  # fmt: skip
    test = {
        "rule_id": "new_2027", "paragraph": "3A999.a", "operator": ">", "role": "control",
        "about": "accelerator",
    }  # fmt: skip
    tests = (
        {"position": 900, "clause": "a", "quantity": "memory_bandwidth", "value": 12_000.0, **test},
        {"position": 901, "clause": "b", "quantity": "tdp", "value": 2_000.0, **test},
    )
    row = {
        "position": 900, "rule_id": "new_2027", "layer": "rule", "scope": "dest:BRA or hq:MEX",
        "item": "3A999.a", "item_text": "3A999.a", "date_from": date(2027, 1, 1),
        "requirement": "licence_required", "review_policy": "case_by_case",
        "review_verified": True, "enforced": "yes", "citation": "0 FR 0",
    }  # fmt: skip
    return add(add(add(tables, "rules", rule), "thresholds", *tests), "destinations", row)


def test_a_new_rule_needs_rows_and_no_code(tables: Tables) -> None:
    book = RuleBook.of(with_new_rule(tables))
    fast = describe_device(memory_bandwidth=13_000.0, data_center=True)
    slow = describe_device(memory_bandwidth=4_000.0, data_center=True)
    day, before = date(2027, 2, 1), date(2026, 12, 31)
    ruling = chips.judge(fast, book, "BRA", day)
    assert (ruling.status, ruling.paragraph, ruling.review_policy) == (
        "controlled",
        "3A999.a",
        "case_by_case",
    )
    assert "0 FR 0" in ruling.citations
    assert chips.judge(fast, book, "BRA", before).paragraph is None
    assert chips.judge(fast, book, "ARG", day).license_required is not True
    assert chips.judge(fast, book, "ARG", day, headquarters="MEX").review_policy == "case_by_case"
    undecided = chips.judge(slow, book, "BRA", day)
    assert undecided.status == "undetermined"
    assert "tdp" in undecided.unknown


def test_a_misspelt_quantity_stops(tables: Tables) -> None:
    wrong = with_new_rule(tables)
    wrong["thresholds"] = wrong["thresholds"].with_columns(pl.col("quantity").replace("tdp", "tpd"))
    with pytest.raises(ParityError, match=r"tests 'tpd'.*they have tpp"):
        chips.judge(describe_device(memory_bandwidth=1.0), RuleBook.of(wrong), "BRA", date(2027, 2, 1))


def test_a_misspelt_item_stops(tables: Tables) -> None:
    wrong = with_new_rule(tables)
    wrong["destinations"] = wrong["destinations"].with_columns(
        pl.col("item").replace("3A999.a", "fast chips")
    )
    with pytest.raises(ParityError, match="'fast chips', which is no item"):
        chips.judge(describe_device(memory_bandwidth=1.0), RuleBook.of(wrong), "BRA", date(2027, 2, 1))


def test_order_of_rows_does_not_matter_on_disk(tables: Tables, book: RuleBook) -> None:
    shuffled = {name: table.sample(fraction=1.0, shuffle=True, seed=3) for name, table in tables.items()}
    other = RuleBook.of(shuffled)
    device = chips.find_device("L40", ask.accelerators())
    for to in ("CHN", "VNM", "DEU", "RUS"):
        asked = (to, date(2025, 6, 1), "CHN")
        assert chips.judge(device, other, *asked).steps == chips.judge(device, book, *asked).steps


class TestWhatIf:
    def test_moves_a_device_over_the_line(self, book: RuleBook) -> None:
        device = chips.find_device("H20", ask.accelerators())
        asked = ("CHN", date(2024, 6, 1))
        assert chips.judge(device, book, *asked).status == "not_controlled"
        lower = book.what_if("3A090.b.1:tpp>=2300")
        ruling = chips.judge(device, lower, *asked)
        assert (ruling.status, ruling.paragraph) == ("controlled", "3A090.b.1")
        assert "what if 3A090.b.1:tpp>=2300" in ruling.vintage

    def test_without_operator_changes_the_only_test(self, book: RuleBook) -> None:
        device = chips.find_device("A100", ask.accelerators())
        higher = book.what_if("3A090.a.1:tpp=5000", "3A090.a.2:performance_density=7")
        assert chips.judge(device, higher, "CHN", date(2024, 6, 1)).paragraph is None

    def test_leaves_the_book_as_it_was(self, book: RuleBook) -> None:
        before = book.tests
        book.what_if("3A090.a.1:tpp=1")
        assert book.tests is before
        assert book.what_if() is book

    @pytest.mark.parametrize("change", ["3A090.z:tpp=1", "3A090.a.1:weight=1", "3A090.a.1:tpp<=9"])
    def test_a_test_that_no_rule_makes(self, book: RuleBook, change: str) -> None:
        with pytest.raises(ParityError, match=r"no rule tests.*3A090\.a\.1:tpp>=4800"):
            book.what_if(change)

    @pytest.mark.parametrize("change", ["", "tpp=1", "3A090.a.1:tpp=fast"])
    def test_what_is_no_change(self, book: RuleBook, change: str) -> None:
        with pytest.raises(ParityError, match="write for example"):
            book.what_if(change)
