"""Scores, models, tests and clusters: the rules for what is comparable, and what the snapshot holds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from parity.catalogue import load_table
from parity.catalogue.build import _model_facts as facts
from parity.catalogue.build import (
    compute,
    countries,
    model_scores,
    models,
    notable_models,
)
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import finish
from parity.catalogue.build.score_sources import DOMAINS, hub_files, published
from parity.errors import ParityError

OPEN_LLM = "Open LLM Leaderboard v2 results"
STATS = "llm-stats (JonathanChavezTamales/llm-leaderboard, commit 24a9ccf)"


@pytest.fixture(scope="module")
def built(shared: Path) -> dict[str, pl.DataFrame]:
    """Return the tables, built from the raw files."""
    raw = Raw(shared / "data" / "raw")
    made: dict[str, pl.DataFrame] = {}
    for table in (
        countries.COUNTRY_NAMES,
        model_scores.TABLE,
        models.TABLE,
        models.MODEL_NAMES,
        model_scores.BENCHMARKS,
        notable_models.TABLE,
        compute.CLUSTERS,
    ):
        made[table.name] = finish(table, table.build(raw, made))
    return made


@pytest.mark.parametrize(
    ("benchmark", "setting", "title", "test"),
    [
        # Log-likelihood scoring stands apart from answers that a model writes.
        ("MMLU-Pro", "5-shot, Open LLM Leaderboard v2", OPEN_LLM, "MMLU-Pro (Open LLM Leaderboard v2)"),
        (
            "MMLU-Pro",
            "5-shot logprobs",
            "Falcon-H1 docs/evaluations.md",
            "MMLU-Pro (Open LLM Leaderboard v2)",
        ),
        ("MMLU-Pro", "0-shot CoT", STATS, "MMLU-Pro (developers' prompts)"),
        ("BBH", "3-shot acc_norm, Open LLM Leaderboard v2", OPEN_LLM, "BBH (Open LLM Leaderboard v2)"),
        # Few-shot protocols join the test of the same number of examples.
        ("BBH", "3-shot", "Falcon-H1 docs", "BBH"),
        ("ARC-Challenge", "25-shot acc_norm", "Model card", "ARC-Challenge (25-shot)"),
        ("ARC-Challenge", "0-shot", STATS, "ARC-Challenge"),
        ("HellaSwag", "10-shot", "Model card", "HellaSwag"),
        (
            "HellaSwag",
            "4-shot (Swallow; level lower than acc_norm)",
            "Swallow LLM Leaderboard",
            "HellaSwag (Swallow)",
        ),
        ("MMLU", "5-shot", STATS, "MMLU"),
        ("MMLU", "5-shot CoT", STATS, "MMLU (developers' prompts)"),
        ("GSM8K", "5-shot", "Observational Scaling Laws", "GSM8K (5-shot)"),
        ("GSM8K", "8-shot, CoT, em_maj1@1", STATS, "GSM8K"),
        ("GPQA", "accuracy", STATS, "GPQA (subset not stated)"),
        ("GPQA Diamond", "Diamond, Pass@1", STATS, "GPQA diamond (developers' prompts)"),
        ("GPQA Diamond", "CoT, base model", "Model card", "GPQA diamond (base models)"),
        ("LiveBench", "2024/11/25 Pass@1", STATS, "LiveBench 2024-11-25"),
        ("MERA", "total", "Model card", "MERA"),
        ("ruGSM8K", "Russian translation", "Model card", "ruGSM8K"),
    ],
)
def test_a_score_counts_for_the_test_of_its_setting(
    benchmark: str, setting: str, title: str, test: str
) -> None:
    assert published(benchmark, setting, title) == (test, None)


@pytest.mark.parametrize(
    ("benchmark", "setting", "title"),
    [
        ("AIME 2024", "Cons@64", STATS),
        ("AIME 2025", "Pass@64", STATS),
        ("AIME 2026", "pass@32 (not pass@1)", "Official model card"),
        ("GPQA", "Maj@32 5-shot CoT", STATS),
        ("AIME 2025", "python", STATS),
        ("SWE-bench Verified", "With multiple parallel attempts and advanced scaffolding", STATS),
        ("SWE-bench Verified", "pass @1, Non-agentic evaluation (single turn edit only)", STATS),
        ("GSM8K", "5-shot, last number in answer", "Model card ai-sage"),
        ("AA Intelligence Index", "June 2026 index version", "Artificial Analysis"),
        ("MERA-2.0", "total", "Official model card"),
        ("MERA", "Text v1.2.0, 15 base tasks", "Review"),
        ("SLAVA", "leaderboard total", "SLAVA leaderboard"),
        ("MATH level 5", "4-shot, Open LLM Leaderboard v2", OPEN_LLM),
        ("IFEval", "0-shot strict, Open LLM Leaderboard v2", OPEN_LLM),
        ("Winogrande", "accuracy", STATS),
        ("LiveBench", "coding", STATS),
    ],
)
def test_a_score_that_compares_with_nothing_is_left_out_and_why(
    benchmark: str, setting: str, title: str
) -> None:
    test, reason = published(benchmark, setting, title)
    assert test is None
    assert reason


def test_hub_settings_are_pooled_apart_or_left_out() -> None:
    rules = {entry.test: entry for entry in hub_files()}
    assert rules["MMLU"].test_of("5") == rules["MMLU"].test_of("0") == "MMLU"
    assert rules["BBH"].test_of("0") is None
    assert rules["GSM8K"].test_of("5") == "GSM8K (5-shot)"
    assert rules["Terminal-Bench 2.0"].test_of("Claude Code") is None
    assert rules["GPQA diamond"].test_of("") == "GPQA diamond"
    for entry in hub_files():
        assert entry.domain in DOMAINS
        assert entry.setting is None or entry.why, f"{entry.test} splits settings without a reason"


@pytest.mark.parametrize(
    ("given", "one"),
    [
        ("Llama 3.1 8B Instruct", "Llama-3.1-8B-Instruct"),
        ("Meta-Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct"),
        ("chutes/Qwen3-32B", "Qwen3-32B"),
        ("Llama-2-70b-hf", "Llama-2-70b-hf"),
        ("GPT-4o", "gpt-4o-2024-08-06"),
        ("a new model", "a new model"),
        ("Qwen3-32B (non-reasoning)", "Qwen3-32B (non-reasoning)"),
    ],
)
def test_a_model_has_one_name(given: str, one: str) -> None:
    hub = ["Llama-3.1-8B-Instruct", "chutes/Qwen3-32B", "Qwen3-32B", "Llama-2-70b-hf", "gpt-4o-2024-08-06"]
    assert facts.ModelNames(hub, []).one(given) == one


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-5-2025-08-07_high", "gpt-5-2025-08-07"),
        ("claude-opus-4-20250514_27K", "claude-opus-4-20250514"),
        ("EXAONE 4.0 32B (reasoning)", "EXAONE 4.0 32B"),
        ("phi-1_5", "phi-1_5"),
    ],
)
def test_effort_is_no_part_of_the_family(model: str, family: str) -> None:
    assert facts.family_of(model) == family


@pytest.mark.parametrize(
    ("model", "base", "country"),
    [
        ("T-pro 2.0 (Qwen3-32B based)", "Qwen", "CHN"),
        ("A.X 4.1 (72B, Qwen2.5 based)", "Qwen", "CHN"),
        ("T-lite-0.1 (Llama-3.0-8B based)", "Llama", "USA"),
        ("Vikhr-Nemo-12B-Instruct-R-21-09-24", "Mistral", "FRA"),
        ("DeepSeek-R1-Distill-Llama-70B", "Llama", "USA"),
        ("GigaChat 2 Max", None, None),
        ("DeepSeek-R1", None, None),
    ],
)
def test_adaptations_name_their_base(model: str, base: str | None, country: str | None) -> None:
    assert facts.base_of(model) == base
    assert facts.base_country(base) == country


@pytest.mark.parametrize(
    ("model", "is_open"),
    [
        ("gpt-oss-120b_high", True),
        ("gpt-4o", False),
        ("qwen3-max-2025-09-23", False),
        ("Qwen3-32B", True),
        ("?", None),
    ],
)
def test_weights_by_the_longest_prefix(model: str, is_open: bool | None) -> None:
    assert facts.open_weights(model) is is_open


def test_an_unknown_benchmark_keeps_its_name() -> None:
    assert published("Brand New", "", "somewhere") == ("Brand New", None)


def test_a_score_out_of_range_stops_the_build() -> None:
    from parity.catalogue.build.score_sources import _check

    odd = pl.DataFrame({"version": ["m"], "score": [87.0]})
    with pytest.raises(ParityError, match="outside 0 to 1"):
        _check(odd, "file.csv")


def test_the_snapshot_is_what_the_raw_files_give(built: dict[str, pl.DataFrame]) -> None:
    for name in ("model_scores", "models", "model_names", "benchmarks", "notable_models", "clusters"):
        assert load_table(name).equals(built[name]), f"{name}: rebuild the snapshot"


def test_every_score_has_a_model_and_a_test_or_a_reason() -> None:
    scores, tests = load_table("model_scores"), load_table("benchmarks")
    assert set(scores["model"]) == set(load_table("models")["model"])
    assert set(scores["test"]) - {""} == set(tests["test"])
    assert ((scores["test"] == "") == (scores["left_out"] != "")).all()
    assert tests["domain"].is_in(DOMAINS).all()


def test_countries_of_models() -> None:
    known = load_table("models")
    country = dict(known.select("model", "country").rows())
    assert country["GigaChat 2 Max"] == "RUS"
    assert country["DeepSeek-R1"] == "CHN"
    assert country["gpt-4-0314"] == "USA"
    assert country["Gopher (280B)"] == "GBR"
    joint = known.filter("joint")
    assert joint.height > 0
    assert (joint["countries"].str.split(";").list.len() > 1).all()


def test_derived_models_are_flagged() -> None:
    derived = set(load_table("models").filter("derived")["model"])
    assert {"T-pro 2.0 (Qwen3-32B based)", "YandexGPT 5 Pro", "SOLAR-10.7B-v1.0"} <= derived
    assert {"Bielik-11B-v2", "DeepSeek-R1-Distill-Llama-70B"} <= derived
    assert not {"GigaChat 2 Max", "DeepSeek-R1-Distill-Qwen-32B"} & derived


def test_dates_know_how_exact_they_are() -> None:
    known = load_table("models").drop_nulls("date")
    error = dict(known.select("model", "date_error").rows())
    assert error["gpt-4-0314"] == 0
    assert error["GigaChat 2 Max"] == 15
    assert set(known["date_error"]) <= {0, 7, 15, 183}
    assert known["date"].max() < dt.date(2026, 11, 23)


def test_chance_is_one_over_the_answers() -> None:
    chance = dict(load_table("benchmarks").select("test", "chance").rows())
    assert chance["GPQA diamond"] == 0.25
    assert chance["Winogrande"] == 0.5
    assert chance["MMLU-Pro (developers' prompts)"] == 0.1
    assert chance["FrontierMath"] == 0


def test_clusters_are_placed_and_sized() -> None:
    table = load_table("clusters")
    russia = table.filter(country="RUS", status="existing")
    assert russia.height == 8
    assert (table["h100_equivalents"] > 0).all()
    assert set(table["status"]) == {"existing", "planned", "decommissioned"}


def test_training_runs_know_their_hardware() -> None:
    table = load_table("notable_models")
    h100 = table.filter(pl.col("hardware").str.contains("H100 SXM5", literal=True))["hardware_flops"].unique()
    assert h100.to_list() == [9.894e14] or h100[0] == pytest.approx(9.9e14, rel=0.01)
    assert set(table["confidence"].drop_nulls()) <= {
        "confident",
        "likely",
        "speculative",
        "unknown",
        "unverified",
    }


@pytest.mark.parametrize(
    ("given", "one"),
    [
        # However it is spelled; without effort it is the version with the most.
        ("Claude Opus 4.7", "claude-opus-4-7_max"),
        ("Claude Opus 4.7 (high)", "claude-opus-4-7_high"),
        ("Kimi K3", "kimi-k3"),
        # The only snapshot, or the nearest to a day; several and no day: none of them.
        ("GPT-5.1", "gpt-5.1-2025-11-13_high"),
        ("Claude 3.5 Sonnet (2024-06-21)", "claude-3-5-sonnet-20240620"),
        ("Claude 3.5 Sonnet (2024-10-22)", "claude-3-5-sonnet-20241022"),
        ("Claude 3.5 Sonnet", "Claude 3.5 Sonnet"),
    ],
)
def test_a_name_joins_the_version_that_it_means(given: str, one: str) -> None:
    hub = [
        *("claude-opus-4-7_high", "claude-opus-4-7_max", "kimi-k3", "kimi-k3_low", "gpt-5.1-2025-11-13_high"),
        *("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20241022"),
    ]
    assert facts.ModelNames(hub, []).one(given) == one


def test_the_check_of_identities_finds_nothing_that_is_not_judged() -> None:
    found = models.suspects(load_table("model_names"), load_table("models"))
    assert set(found["name"]) == set(facts.judged())


def test_the_check_finds_a_model_that_is_two() -> None:
    known = pl.DataFrame({"model": ["M 2", "m-2-2025-06-01", "N"], "date": [dt.date(2025, 1, 1)] * 3})
    names = pl.DataFrame(
        {
            "name": ["m-2-2025-06-01", "N", "n"],
            "source": ["a", "a", "b"],
            "model": ["m-2-2025-06-01", "N", "N"],
            "date": [dt.date(2025, 1, 1), dt.date(2025, 1, 1), dt.date(2025, 3, 1)],
            "day": [dt.date(2025, 6, 1), None, None],
        }
    )
    assert models.suspects(names, known).select("why", "name").rows() == [
        (models.EARLY, "m2"),
        (models.NEAR_NAMES, "m2"),
        (models.TWO_DATES, "n"),
    ]


def test_a_result_with_and_without_its_effort_counts_once() -> None:
    scores = load_table("model_scores").filter(pl.col("source") == "epoch-hub-2026-10", pl.col("test") != "")
    families = scores.with_columns(
        family=pl.col("model").map_elements(facts.family_of, return_dtype=pl.String)
    )
    plain = families.filter(pl.col("family") == pl.col("model"))
    others = families.filter(pl.col("family") != pl.col("model"))
    assert plain.join(others, on=["family", "test", "score"]).is_empty()


def test_a_release_counts_before_an_announcement() -> None:
    known = load_table("models")
    assert dict(known.select("model", "date").rows())["falcon-40b"] == dt.date(2023, 5, 25)
    assert set(known["date_kind"].drop_nulls()) <= {"release", "repository upload", "announcement"}
    assert known.filter("orchestrates")["model"].str.starts_with("Manus").any()


def test_every_developer_known_by_prefixes_has_its_provenance(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row for row in facts.listed_facts() if row["model"] != "Cerebras"]
    monkeypatch.setattr(models, "listed_facts", lambda: iter(rows))
    with pytest.raises(ParityError, match=r"or none: \['Cerebras'\]"):
        models.MODEL_FACTS.build(Raw(shared / "data" / "raw"), {"countries": load_table("countries")})
