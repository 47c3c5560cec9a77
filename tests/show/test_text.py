"""A document as text: what a person reads, whatever the data hold and however narrow the screen is."""

import dataclasses
import io
import re

import polars as pl
import pytest

from parity.show import markdown, terminal
from parity.show.cells import digits_of, interval, number, shown
from parity.show.document import Column, Document, Fact, Facts, Group, Note, Plot, Table, Text, estimate

HOSTILE = ("Korea [south]", "[/x] [red]", "\x1b[31mred\x07", "a\u202eb", "=1+1", "a|b *c* `d`", "<b>&amp;")
LONG = "Democratic Republic of the Congo-Brazzaville"


def table_of(names: tuple[str, ...] = HOSTILE) -> Table:
    count = len(names)
    frame = pl.DataFrame(
        {
            "name": names,
            "score": [0.9 - 0.01 * place for place in range(count)],
            "score_low": [0.8] * count,
            "score_high": [0.95] * (count - 1) + [None],
            "why": ["Korea"] * count,
        }
    )
    columns = (Column("name", "Country", role="key"), *estimate("score", "Score"), Column("why", spare=True))
    return Table(frame, columns, "Scores", Plot("0 to 1", ("score",), 0, 1))


def document_of(*blocks: object) -> Document:
    return Document("Scores of [all]", blocks, headline="Korea [south] leads.", command="parity rank")  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [20, 40, 80, 240])
def test_text_from_data_is_printed_as_it_is_and_moves_no_cursor(width: int) -> None:
    document = document_of(table_of(), Text(HOSTILE[1]), Note(HOSTILE[2]), Facts((Fact(*HOSTILE[:3]),)))
    made = terminal.text(document, width)
    assert "Korea [south]" in made.replace("\n", " ")
    assert "[/x]" in made
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", made)
    assert max(map(len, made.splitlines())) <= width


@pytest.mark.parametrize("width", [20, 30, 40, 60, 100])
def test_a_narrow_screen_folds_and_cuts_no_name(width: int) -> None:
    made = terminal.text(document_of(table_of((LONG, "France"))), width)
    assert set(LONG.split()) <= set(made.split())
    assert "…" not in made
    assert "0.900 (0.800 to 0.950)" in re.sub(r"\s+", " ", made)


@pytest.mark.parametrize(
    ("columns", "live", "width"),
    [("40", False, 40), ("0", False, terminal.PIPE), ("", False, terminal.PIPE), ("x", False, terminal.PIPE)],
)
def test_columns_says_how_wide_a_screen_is(
    monkeypatch: pytest.MonkeyPatch, columns: str, live: bool, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert terminal.width_of(io.StringIO()) == width
    terminal.show(document_of(table_of()), io.StringIO())


def test_an_encoding_without_a_character_gets_another_one() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    terminal.show(document_of(table_of(("Türkiye", "France"))), stream)
    stream.flush()
    assert b"T?rkiye" in raw.getvalue()
    assert b"=" in raw.getvalue()


def test_colour_is_for_terminals_alone() -> None:
    assert "\x1b[" in terminal.text(document_of(table_of()), colour=True)
    stream = io.StringIO()
    terminal.show(document_of(table_of()), stream)
    assert "\x1b" not in stream.getvalue()


def test_many_rows_are_counted_not_printed() -> None:
    many = Table(pl.DataFrame({"row": list(range(1_500))}), (Column("row"),))
    assert "... and 1,300 more rows" in terminal.text(document_of(many))
    assert "and 1,300 more rows" in markdown.markdown(document_of(many))


@pytest.mark.parametrize(
    ("values", "widths", "digits"),
    [
        ([0.98, 0.97, 0.99, 0.95, 0.96], [], 4),
        ([0.1, 0.9], [], 3),
        ([12.0, 80.5], [], 1),
        ([1_000.5, 900_000.1], [], 0),
        ([3.0, 4.0], [0.5], 0),
        ([7.04], [9.8], 1),
        ([7.04], [120.0], 0),
        ([0.5], [], 3),
        ([], [], 0),
    ],
)
def test_digits_follow_the_spread(values: list[float], widths: list[float], digits: int) -> None:
    assert digits_of(values, widths) == digits


def test_an_index_between_0_and_1_never_prints_the_same_number_for_all() -> None:
    frame = pl.DataFrame({"score": [0.981, 0.984, 0.992, 0.997, 0.999]})
    laid = shown(Table(frame, (Column("score", role="value"),)))
    assert len({row[0].text for row in laid.rows}) == frame.height


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (interval(7.04, 4.1, 13.9), "7.0 (4.1 to 13.9)"),
        (interval(7.04, None, 13.9), "7.0 (open to 13.9)"),
        (interval(7.04, None, None), "7.0"),
        (interval(None, 24.0, None), "at least 24.0"),
        (interval(None, None, None), ""),
        (number(-0.04), "-0.04"),
        (number(-0.0), "0.0"),
        (number(1234567.8, 0), "1,234,568"),
        (number(3.8e25, 0), "3.8×10²⁵"),
    ],
)
def test_a_number_and_its_interval(told: str, expected: str) -> None:
    assert told == expected


def test_what_is_missing_is_empty_or_a_reason_never_nan() -> None:
    frame = pl.DataFrame({"lag": [float("nan"), None, 2.0], "why": ["", "is the frontier", ""]})
    laid = shown(Table(frame, (Column("lag", role="value"), Column("why", role="reason"))))
    assert [row[0].text for row in laid.rows] == ["", "is the frontier", "2"]


def test_years_dates_shares_lists_and_addresses() -> None:
    frame = pl.DataFrame(
        {
            "year": [2024],
            "count": [12_345],
            "share": [0.1234],
            "names": [["A", "B"]],
            "ok": [True],
            "url": ["https://www.example.org/a b"],
            "link": ["https://www.example.org/a"],
        }
    )
    columns = (
        Column("year", role="time"),
        Column("count"),
        Column("share", "Share", role="value", format="percent", digits=1),
        Column("names"),
        Column("ok"),
        Column("url", role="link"),
        Column("link", role="link"),
    )
    laid = shown(Table(frame, columns))
    texts = [cell.text for cell in laid.rows[0]]
    assert texts == ["2024", "12,345", "12.3", "A, B", "yes", "https://www.example.org/a b", "example.org"]
    assert laid.heads[2] == "Share (%)"
    assert [cell.address for cell in laid.rows[0]][-2:] == ["", "https://www.example.org/a"]


def test_markdown_escapes_what_data_hold() -> None:
    from markdown_it import MarkdownIt

    blocks = (Group("More", (Text("1. no list"), Text("# no heading"), Note("- no list"))), table_of())
    document = dataclasses.replace(document_of(*blocks), command="parity `x`")
    read = MarkdownIt("commonmark").enable("table").parse(markdown.markdown(document))
    kinds = {token.type for token in read}
    assert "table_open" in kinds
    assert not kinds & {"bullet_list_open", "ordered_list_open", "html_block", "fence"}
    words = [token.content for line in read for token in line.children or ()]
    assert {"Korea [south]", "a|b *c* `d`", "<b>&amp;", "parity `x`"} <= {
        "".join(child.content for child in line.children) for line in read if line.children
    } | set(words)
    assert {line.tag for line in read if line.type == "heading_open"} == {"h1", "h2"}
