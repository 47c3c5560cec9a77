"""What people bring: files of several kinds, damaged ones, folders, other languages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from parity.claims import check, texts
from parity.claims.question import Check
from parity.claims.reading import foreign, read
from parity.errors import ParityError

SAID = "Russia ranks 31st out of 83 countries in the Global AI Index."
PAGE = f"""<!doctype html><html><head><title>Ranks</title>
<meta property="article:published_time" content="2025-02-03T10:00:00Z"></head>
<body><nav>Peru ranks 2nd in the Global AI Index</nav><p>{SAID}</p>
<ul><li>China is second.</li></ul></body></html>"""


def word(*paragraphs: str) -> bytes:
    from docx import Document

    document, out = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Israel", "9"
    document.save(out)
    return out.getvalue()


def pdf(text: str) -> bytes:
    import typst

    return bytes(typst.compile(f"#set page(width: 7cm, height: 12cm)\n{text}".encode()))


def test_a_page_is_read_without_its_menu_and_dated_by_its_metadata() -> None:
    found = read("a.html", PAGE.encode())
    assert SAID in found.text
    assert "China is second." in found.text
    assert "Peru" not in found.text
    assert found.day is not None
    assert found.day.isoformat() == "2025-02-03"


def test_word_files_are_read_with_their_tables() -> None:
    found = read("a.docx", word("Ranks", SAID))
    assert SAID in found.text
    assert "Israel\t9" in found.text


def test_lines_of_a_pdf_flow() -> None:
    found = read("a.pdf", pdf(f"{SAID} In the same index, says the publisher, Israel is in ninth place."))
    assert SAID in found.text
    assert [one.judgement.verdict.value for one in check(f"3 October 2024\n\n{found.text}").checked] == [
        "supported",
        "supported",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (pdf(SAID)[:400], "damaged"),
        (word(SAID)[:500], "damaged"),
        (b"PK\x03\x04junk", "damaged"),
        (b"\x00\x01" * 50, "binary"),
        (b"\x89PNG\r\n", "picture"),
        (b"\xd0\xcf\x11\xe0", "old Word"),
        (b"  \n", "empty"),
        (b"<html><body></body></html>", "no text"),
        ("Россия".encode("cp1251"), "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_message(content: bytes, told: str) -> None:
    with pytest.raises(ParityError, match=told):
        read("x", content)


def test_of_a_folder_the_damaged_file_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(SAID)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 torn")
    (tmp_path / "c.bin").write_bytes(b"\x00")
    bad, good, absent = texts([tmp_path, tmp_path / "none.txt"])
    assert bad.problem
    assert not bad.text
    assert good.text == SAID
    assert "no such file" in absent.problem
    (tmp_path / "empty").mkdir()
    with pytest.raises(ParityError, match="no file that ends in"):
        list(texts([tmp_path / "empty"]))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Россия отстаёт от США и Китая в области искусственного интеллекта. " * 3, "Russian"),
        ("Le modèle chinois est en retard de six mois sur celui des Américains. " * 3, "French"),
        ("中国在人工智能方面落后美国六个月，这是专家说的。" * 3, "Chinese"),
        (SAID * 5, ""),
        ("France 5\nGermany 6\nJapan 9\n" * 20, ""),
        ("Kurz", ""),
    ],
)
def test_another_language_is_named(text: str, language: str) -> None:
    assert foreign(text) == language


def test_a_text_in_another_language_is_told() -> None:
    (note,) = check("Китай отстаёт от США в области искусственного интеллекта на полгода. " * 4).notes
    assert "Russian" in note


def test_several_files_are_one_table_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.txt").write_text(f"3 October 2024\n\n{SAID}")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 torn")
    (tmp_path / "d.txt").write_text("a" * 2_000_001)
    answer = Check.read({"article": [str(tmp_path)]}).answer()
    table = answer.table()
    assert table["text"].to_list() == ["a.html", "a.html", "b.txt"]
    assert set(table["verdict"]) == {"supported"}
    problems = {one.name: one.problem for one in answer.result.texts if one.problem}  # type: ignore[union-attr]
    assert "damaged" in problems["c.pdf"]
    assert "at most 2,000,000" in problems["d.txt"]


def test_standard_input_stands_among_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("From a file.", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"From a pipe.")))
    assert [one.text for one in texts(("-", str(tmp_path / "a.txt")))] == ["From a pipe.", "From a file."]
