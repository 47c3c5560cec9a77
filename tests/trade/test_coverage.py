"""What the data know about a country is said as it is."""

from __future__ import annotations

from parity.trade import at_hand, coverage
from tests.trade.worlds import blocs, flows, snapshot


def test_own_reports_and_those_of_suppliers_are_told_apart() -> None:
    table = flows(
        ("AAA", "BBB", "import", "854231", "2020", 1.0),
        ("BBB", "AAA", "export", "854232", "2021-05", 1.0),
        ("DEU", "AAA", "export", "TOTAL", "2019", 1.0),
        ("FRA", "AAA", "export", "TOTAL", "2022", 1.0),
        ("FRA", "CCC", "export", "TOTAL", "2024", 1.0),
    )
    rows = coverage(table, "AAA", ("DEU", "FRA")).rows()
    assert rows == [
        ("export", "TOTAL", ["EU27"], "2019", "2022"),
        ("export", "8542", ["BBB"], "2021", "2021-05"),
        ("import", "8542", ["AAA"], "2020", "2020"),
    ]


def test_russia_has_no_reports_of_its_own_and_the_answer_says_how_to_know_more() -> None:
    known, more = at_hand(snapshot(), "RUS", ("CHN", "RUS", "TWN"), blocs().union)
    assert "all goods as reported by EU27, GBR, 2010 to 2024-08" in known
    assert "heading 8542 as reported by TWN, 2013 to 2024" in known
    assert "not at hand: RUS's own reports" in known
    # Those at hand, and the country itself, need not be asked for.
    assert "--reporter CHN --partner RUS" in more


def test_a_country_that_reports_is_not_said_to_lack_reports() -> None:
    known, _ = at_hand(snapshot(), "KAZ", (), blocs().union)
    assert "all goods as reported by KAZ, 2019 to 2023" in known
    assert "not at hand" not in known


def test_a_country_that_nobody_reports() -> None:
    known, _ = at_hand(snapshot(), "XXX", ("CHN",))
    assert known.startswith("at hand about the supply of XXX: nothing")
