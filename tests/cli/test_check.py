from __future__ import annotations

import json

TEXT = """Published 1 January 2025

Russia ranks 31st out of 83 countries in the Global AI Index, ahead of no one else named here.
The EU left the OECD?
"""


def test_answer_keeps_the_contract(parity, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    result = parity("check", str(article), "--json")
    assert result.status == 0
    answer = result.json
    assert {"parity", "data", "command", "date", "claims", "uncheckable"} <= set(answer)
    claim = answer["claims"][0]
    assert {"span", "text", "family", "claim", "verdict", "evidence", "reproduce"} <= set(claim)
    start, end = claim["span"]
    assert TEXT[start:end] == claim["text"]
    assert answer["date"] == "2025-01-01"
    assert json.loads(json.dumps(answer)) == answer


def test_family_keeps_only_that_family(parity, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    assert parity("check", str(article), "--family", "lag", "--json").json["claims"] == []


def test_date_given_goes_before_the_head_of_the_text(parity, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    assert parity("check", str(article), "--date", "2024-10-01", "--json").json["date"] == "2024-10-01"


def test_people_are_told_verdict_and_command(parity, tmp_path):
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    shown = parity("check", str(article)).out
    assert "Supported" in shown
    assert "$ parity" in shown


def test_mistakes_get_one_line(parity, tmp_path):
    empty = tmp_path / "empty.txt"
    empty.write_text(" \n", encoding="utf-8")
    for words in (
        ("check",),
        ("check", str(empty)),
        ("check", str(tmp_path / "none.txt")),
        ("check", str(empty), "--url", "https://example.org"),
        ("check", "--url", "ftp://example.org"),
    ):
        result = parity(*words)
        assert result.status == 2
        assert result.err.startswith("parity: ")
        assert "Traceback" not in result.err


def test_a_model_without_a_service_is_refused(parity, tmp_path, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    article = tmp_path / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    result = parity("check", str(article), "--model", "some-model")
    assert result.status == 2
    assert "--endpoint" in result.err


def test_several_texts_and_a_damaged_one(parity, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 damaged")
    answer = parity("check", str(tmp_path), "--json").json
    first, second = answer["texts"]
    assert first["claims"][0]["verdict"] == "supported"
    assert second["problem"]
    assert "1 of 2 texts read" in parity("check", str(tmp_path)).out


def test_a_text_is_marked_and_reviewed(parity, tmp_path):
    article, marked, reviews = (tmp_path / name for name in ("a.txt", "a.html", "r.json"))
    article.write_text(TEXT, encoding="utf-8")
    out = tmp_path / "claims.csv"
    words = ("--marked", str(marked), "--claimreview", str(reviews), "--out", str(out))
    assert parity("check", str(article), *words).status == 0
    assert "<mark" in marked.read_text(encoding="utf-8")
    assert json.loads(reviews.read_text(encoding="utf-8"))[0]["@type"] == "ClaimReview"
    assert "supported" in out.read_text(encoding="utf-8")


def test_a_text_in_python():
    import parity

    found = parity.check("Russia ranks 31st out of 83 countries in the Global AI Index.", date="2025-01-01")
    assert found.result.claims[0].verdict == "supported"
    assert found.table()["family"].to_list() == ["rank"]
