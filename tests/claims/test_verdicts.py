"""Verdicts, as of the claim's date, on claims whose answer is settled by a public record."""

from __future__ import annotations

import datetime as dt
import json
import shlex

import pytest
from click.testing import CliRunner

from parity.ask.audit import read_labels
from parity.audit import control_section, pooled_difference
from parity.catalogue import load_table
from parity.claims import Verdict, check
from parity.claims.verdict import Grounds, Judgement, Span, joined, overlap
from parity.cli.main import root

S, C, P, N = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.PARTLY, Verdict.CANNOT
D = Verdict.DEPENDS


@pytest.mark.parametrize(
    ("sentence", "date", "verdict"),
    [
        ("Russia ranks 31st out of 83 countries in the Global AI Index.", "2025-01-01", S),
        ("Russia ranks 20th out of 83 countries in the Global AI Index.", "2025-01-01", C),
        ("Russia ranks 31st out of 62 countries in the Global AI Index.", "2025-01-01", P),
        ("Germany was eighth in the Global AI Index.", "2023-12-01", S),
        ("BRICS member Indonesia spoke first.", "2025-06-01", S),
        ("BRICS member Indonesia spoke first.", "2024-06-01", C),
        ("The United Kingdom is a member of the EU.", "2015-06-01", S),
        ("The United Kingdom is a member of the EU.", "2025-06-01", C),
        ("The United Kingdom is not a member of the EU.", "2025-06-01", S),
        ("China can still buy the H20.", "2025-02-01", S),
        # A sale may be under licence, and which were granted is not public.
        ("China can still buy the H20.", "2025-05-31", D),
        ("The H100 is banned from export to Russia.", "2025-01-01", S),
        ("The H100 is banned from export to Poland.", "2024-06-01", C),
        ("South Korea must secure 10,000 GPUs by the end of 2025.", "2025-06-01", S),
        ("Luxembourg must secure 10,000 GPUs by the end of 2025.", "2025-06-01", N),
        (
            "Russia's imports of chips from Taiwan fell by more than half between 2021 and 2023.",
            "2025-01-01",
            S,
        ),
        ("Russia's imports of chips from Taiwan rose between 2021 and 2023.", "2025-01-01", C),
        ("The order of 1 January 2025 on AI came three weeks after 11 December 2024.", "2025-01-01", S),
        ("The order of 1 January 2025 on AI came three months after 11 December 2024.", "2025-01-01", C),
        # The pair's last four published quarters span more than a year.
        ("Russia's collaboration with Bangladesh on GitHub has grown.", "2024-10-01", N),
        ("China published more AI papers than Luxembourg in 2022.", "2025-01-01", S),
        ("Luxembourg published more AI papers than China in 2022.", "2025-01-01", C),
    ],
)
def test_settled_claims(sentence: str, date: str, verdict: Verdict) -> None:
    report = check(sentence, dt.date.fromisoformat(date))
    assert [one.judgement.verdict for one in report.checked] == [verdict]


@pytest.mark.parametrize(
    ("day", "month"),
    [("2025-01-01", "2024-12-31"), ("2025-01-31", "2025-01-31"), ("2024-06-10", "2024-05-31")],
)
def test_what_is_hard_to_replace_is_told_on_any_day_of_a_month(day: str, month: str) -> None:
    (one,) = check("GPUs are difficult to replace for Russia.", dt.date.fromisoformat(day)).checked
    assert one.judgement.verdict is S
    told = CliRunner().invoke(root, one.judgement.reproduce.split()[1:])
    assert (told.exit_code, f"--until {month}" in one.judgement.reproduce) == (0, True)
    assert month[:7] in told.output


@pytest.mark.parametrize(
    "sentence",
    [
        "China is eight months behind the United States in AI.",
        "Open models are about a year behind closed ones in AI.",
    ],
)
def test_the_command_of_a_lag_shows_the_interval_of_the_evidence(sentence: str) -> None:
    (one,) = check(sentence, dt.date(2025, 11, 1)).checked
    told = CliRunner().invoke(root, [*shlex.split(one.judgement.reproduce)[1:], "--json"])
    measured = one.judgement.evidence[0].found
    assert measured is not None
    standing = json.loads(told.stdout)["standing"]
    for end in ("value", "low", "high"):
        assert standing[end] == pytest.approx(getattr(measured, end), abs=0.05)


@pytest.mark.parametrize(
    "sentence",
    [
        "China ranks second by the number of notable models.",
        "China is ahead of the United States in AI papers.",
    ],
)
def test_the_command_of_a_rank_by_indicator_runs_and_shows_it(sentence: str) -> None:
    (one,) = check(sentence, dt.date(2025, 1, 1)).checked
    told = CliRunner().invoke(root, shlex.split(one.judgement.reproduce)[1:])
    assert told.exit_code == 0
    assert "CHN" in told.output


def test_a_share_names_the_countries_of_its_own_year() -> None:
    (one,) = check(
        "The United States made half of the world's notable AI models.", dt.date(2025, 1, 1)
    ).checked
    rows = load_table("observations").filter(indicator="notable_models", year=2024)
    assert f"2024, {rows.height} countries" in one.judgement.evidence[0].what


def test_a_halt_of_deliveries_that_began_from_nothing_is_no_fall() -> None:
    (one,) = check("Chip producers halted exports to Bolivia.", dt.date(2019, 12, 31)).checked
    assert one.judgement.verdict is N


def test_every_verdict_has_reason_command_and_what_would_change_it() -> None:
    text = "Russia ranks 31st in the Global AI Index. China can buy the H20. France is in BRICS as a member."
    for one in check(text, dt.date(2025, 1, 1)).checked:
        assert one.judgement.why
        assert one.judgement.would_change
        assert one.judgement.reproduce.startswith("parity ")
        assert all(item.source for item in one.judgement.evidence)


def test_intervals_overlap_at_a_point_and_with_open_ends() -> None:
    assert overlap((1, 2), (2, 3))
    assert not overlap((1, 2), (2.1, 3))
    assert overlap((None, 2), (1, None))
    assert not overlap((3, None), (1, 2))


GROUNDS = {
    "subject": "China",
    "measure": "systems",
    "unit": "systems",
    "scope": "the country",
    "edition": "TOP500 2024-11",
    "date": dt.date(2025, 1, 1),
    "claimed": Span(80, 80),
    "measured": Span(63, 63),
}


def test_nothing_is_contradicted_without_all_seven_grounds() -> None:
    whole = Grounds(**GROUNDS)
    assert Judgement(C, "", (), "", "", (whole,)).grounds == (whole,)
    for missing in ("subject", "measure", "unit", "scope", "edition"):
        with pytest.raises(ValueError, match=missing):
            Grounds(**GROUNDS | {missing: " "})
    with pytest.raises(ValueError, match="may be true"):
        Grounds(**GROUNDS | {"claimed": Span(60, 70)})
    with pytest.raises(ValueError, match="may be true"):
        Grounds(**GROUNDS, denied=True)
    with pytest.raises(ValueError, match="grounds"):
        Judgement(C, "", (), "", "")
    with pytest.raises(ValueError, match="grounds"):
        Judgement(S, "", (), "", "", (whole,))


def test_parts_of_a_claim() -> None:
    grounds = (Grounds(**GROUNDS),)
    parts = {v: Judgement(v, "", (), "", "", grounds if v is C else ()) for v in Verdict}
    for verdicts, whole in (((S, S), S), ((S, C), P), ((C, C), C), ((C, N), D), ((S, N), P), ((D, N), D)):
        assert joined([parts[v] for v in verdicts], "").verdict is whole


def test_a_failure_of_the_machine_is_no_verdict(monkeypatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr("parity.claims.verdicts._sources.lag_of", broken)
    with pytest.raises(RuntimeError, match="no memory"):
        check("China is six months behind the US in AI.", dt.date(2025, 6, 1))


@pytest.mark.parametrize(
    ("sentence", "date", "verdict"),
    [
        # Another deadline, another number, another matter: no pledge is taken for one that it is not.
        ("India will have its own foundational AI model ready by February 2026.", "2025-09-22", N),
        ("By 2030 eight in ten Russian enterprises are to use AI.", "2024-12-11", N),
        ("South Korea must secure 20,000 GPUs by the end of 2025.", "2025-06-01", P),
        ("South Korea must secure 10,000 GPUs by March 2028.", "2025-06-01", P),
        ("The government of Kazakhstan has until October 2025 to build AI data centres.", "2025-06-01", S),
        # A ratio of several countries is no sum.
        ("South Korea and Israel spend more than 4 percent of GDP on R&D.", "2025-06-01", S),
        ("In 2024 some 13.5% of enterprises in the EU used AI.", "2025-06-01", N),
        ("Together the BRICS countries publish more AI papers than the G7.", "2024-06-01", S),
        # The margin of official figures is small, that of compiled ones larger.
        ("South Korea spends 6 percent of GDP on R&D.", "2025-06-01", D),
        ("South Korea spends 9 percent of GDP on R&D.", "2025-06-01", C),
        ("Russia has six supercomputers in the TOP500.", "2025-06-01", S),
        ("Estonia has no supercomputer in the TOP500.", "2025-06-01", S),
        ("The number of AI papers from India more than quadrupled between 2015 and 2023.", "2025-06-01", S),
        ("Private AI investment in the United States reached $109.1 billion in 2024.", "2025-06-01", S),
        # Roads past a control are seen for all goods together only.
        ("Western chips reach Russia through Kazakhstan and Kyrgyzstan.", "2025-06-01", D),
        ("Western chips reach China through Malaysia.", "2025-06-01", N),
        ("China's imports of chips from Taiwan rose in the first half of 2026.", "2026-09-01", N),
        # A control by letter before it was in the rules is no contradiction to "since".
        ("The H100 has been banned from export to China since October 2022.", "2025-03-01", S),
        ("Nvidia may no longer sell the H20 to China without a licence.", "2025-06-01", S),
        ("India needs no licence for the H100.", "2024-06-01", S),
        # What may be on either side is denied and asserted alike.
        ("Saudi Arabia has not joined BRICS.", "2025-06-01", S),
        ("European countries are at least six months behind the US in AI.", "2025-06-01", S),
    ],
)
def test_judged_by_the_stated_rules(sentence: str, date: str, verdict: Verdict) -> None:
    report = check(sentence, dt.date.fromisoformat(date))
    assert [one.judgement.verdict for one in report.checked] == [verdict], [
        (one.claim, one.judgement.why) for one in report.checked
    ]


def test_a_lead_is_the_lag_of_the_other_side() -> None:
    (lead,) = check("The US is six months ahead of China in AI.", dt.date(2025, 6, 1)).checked
    (lag,) = check("China is six months behind the US in AI.", dt.date(2025, 6, 1)).checked
    assert lead.judgement.verdict is lag.judgement.verdict
    assert lead.judgement.reproduce == lag.judgement.reproduce


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        # More than half of the models are left by Holm's correction.
        ("Chinese models refuse to answer questions on Tiananmen.", S),
        ("Qwen refuses to answer questions critical of China.", S),
        ("DeepSeek censors criticism of China.", S),
        # Which prompts are meant is not said: no contradiction of models at large.
        ("American models censor criticism of the US government.", N),
        # One of two shows no difference, the other cannot be told.
        ("GLM refuses to criticise China.", N),
    ],
)
def test_behaviour_is_judged_by_the_decisions_of_the_audit(sentence: str, verdict: Verdict) -> None:
    (one,) = check(sentence, dt.date(2025, 8, 1), families=["model behaviour"]).checked
    assert one.judgement.verdict is verdict


def test_behaviour_counts_what_the_audit_counts_and_estimates_with_its_own_interval() -> None:
    (one,) = check("Chinese models refuse to answer questions on Tiananmen.", dt.date(2025, 8, 1)).checked
    labelled = read_labels()
    section = control_section(labelled.labels, labelled.models, "CN")
    assert int((section.models["low"] > 0).sum()) > section.selective > section.models.height / 2
    assert one.judgement.why.startswith(f"{section.selective} of {section.models.height} models")
    (evidence,) = one.judgement.evidence
    assert evidence.found == pooled_difference(section.models)
    assert evidence.found.level == 0.95
    # How far models lie apart is told in words: no end of the interval is one of theirs.
    ends = {evidence.found.low, evidence.found.high}
    assert not ends & {*section.models["low"], *section.models["high"]}
    assert "from -6.0 to 72.0 points" in evidence.finding


@pytest.mark.parametrize(
    "text",
    [
        "Talent: Russia is 20th in the Global AI Index.",
        "For operating environment, however, the Global AI Index has Russia in 20th place.",
        "The Global AI Index also scores talent separately. Russia is 20th.",
        "TALENT\n\nRussia is 20th in the Global AI Index.",
        "Government strategy (a pillar of its own): Russia is 20th in the Global AI Index.",
        "Russia is 20th in the Global AI Index (talent).",
        "In talent, the ministry said, Russia is 20th in the Global AI Index.",
        "In the Global AI Index, Singapore is third and we are second.",
        "Beijing: private AI investment was $4 billion in 2024 in China's capital.",
    ],
)
def test_what_frames_a_sentence_keeps_it_from_being_contradicted(text: str) -> None:
    day = dt.date(2025, 1, 20)
    assert all(one.judgement.verdict is not Verdict.CONTRADICTED for one in check(text, day).checked)
    (plain,) = check("GUEST: Russia is 20th in the Global AI Index.", day).checked
    assert plain.judgement.verdict is Verdict.CONTRADICTED
