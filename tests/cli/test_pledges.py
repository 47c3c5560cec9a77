from __future__ import annotations

DAY = "2025-06-01"


def test_list_keeps_the_contract(parity):
    rows = parity("pledges", "list", "--on", DAY, "--json").json["pledges"]
    assert len(rows) >= 40
    assert {"id", "who", "what", "target", "due", "status", "evidence", "source"} <= set(rows[0])
    assert [row["due"] for row in rows] == sorted(row["due"] for row in rows)
    assert all(row["source"].startswith("http") for row in rows)


def test_country_by_name_and_bloc(parity):
    named = parity("pledges", "list", "--country", "russia", "--json").json["pledges"]
    assert {row["country"] for row in named} == {"RUS"}
    assert {
        row["country"] for row in parity("pledges", "list", "--country", "eu", "--json").json["pledges"]
    } == {"EU"}


def test_due_before(parity):
    rows = parity("pledges", "due", "--on", DAY, "--before", "2025-08-31", "--json").json["pledges"]
    assert rows
    assert all(DAY <= row["due"] <= "2025-08-31" for row in rows)


def test_calendar_file(parity, tmp_path):
    path = tmp_path / "due.ics"
    assert parity("pledges", "list", "--country", "KOR", "--ics", str(path)).status == 0
    content = path.read_bytes()
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_add_then_list(parity, tmp_path):
    own = tmp_path / "mine.toml"
    words = ["pledges", "add", "--file", str(own), "--id", "lux-report", "--country", "Luxembourg"]
    words += ["--who", "Government", "--what", "Publish a report", "--made", "2025-05-01"]
    words += ["--due", "2030-12-31", "--source", "https://example.org/strategy"]
    assert parity(*words).status == 0
    rows = parity("pledges", "list", "--file", str(own), "--country", "LUX", "--json").json["pledges"]
    assert [row["id"] for row in rows] == ["lux-report"]
    again = parity(*words)
    assert again.status == 2
    assert "already" in again.err


def test_mistakes_get_one_line(parity, tmp_path):
    assert parity("pledges", "list", "--country", "Atlantis").status == 2
    assert parity("pledges", "list", "--country", "TUV").status == 1
    assert parity("pledges", "show", "nothing-like-it").status == 2
    assert parity("pledges", "list", "--on", "yesterday").status == 2
    bad = tmp_path / "bad.toml"
    bad.write_text("[x]\nwho = 'a'\n", encoding="utf-8")
    result = parity("pledges", "list", "--file", str(bad))
    assert result.status == 2
    assert "[x]" in result.err


def test_show_measured_status(parity):
    row = parity("pledges", "show", "tur-top-20-2025", "--on", "2026-06-01", "--json").json["pledges"][0]
    assert row["status"] == "unknown"
    assert row["measured"]["low"] <= row["measured"]["value"] <= row["measured"]["high"]
