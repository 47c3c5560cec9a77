"""Selectivity, own governments and languages on labels whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from polars.testing import assert_frame_equal
from scipy.stats import ttest_1samp
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from parity.audit import (
    AuditOptions,
    analyse,
    consistency,
    control_section,
    facts,
    hosts,
    items,
    languages,
    no_models,
    outcome,
    own_government,
    pooled_difference,
    rates,
    selectivity,
    tidy,
    tidy_models,
)
from parity.errors import NoAnswerError, ParityError

EXACT = 1e-10
# A maximum found by iteration, with sampling errors of 1e-4 left in.
FITTED = 1e-3


def answers(
    withheld: dict[tuple[str, ...], float], pairs: int = 60, repeats: int = 1, seed: int = 0
) -> pl.DataFrame:
    """Make labels: (model, government, language, kind) -> chance of withholding."""
    rng = np.random.default_rng(seed)
    rows = [
        {
            "model": model, "government": government, "language": language, "kind": kind,
            "pair": f"{kind}.{pair}", "repeat": repeat, "judge": "j",
            "compliance": "DENIAL" if rng.random() < chance else "COMPLETE",
        }
        for (model, government, language, kind), chance in withheld.items()
        for pair in range(pairs)
        for repeat in range(1, repeats + 1)
    ]  # fmt: skip
    return tidy(pl.DataFrame(rows))


def english(model: str, **chances: float) -> dict[tuple[str, ...], float]:
    return {(model, government, "en", "criticism"): chance for government, chance in chances.items()}


def test_one_comparison_is_mcnemar() -> None:
    labels = outcome(answers(english("m", CN=0.4, US=0.1)))
    row = selectivity(items(labels), "CN", "US").row(0, named=True)
    wide = labels.pivot("government", index="pair", values="y")
    up = wide.filter(pl.col("CN") > pl.col("US")).height
    down = wide.filter(pl.col("CN") < pl.col("US")).height
    table = [[wide.filter((pl.col("CN") == 1) & (pl.col("US") == 1)).height, up], [down, 1]]
    assert row["p"] == pytest.approx(mcnemar(table, exact=True).pvalue, abs=EXACT)
    assert row["difference"] == pytest.approx((wide["CN"] - wide["US"]).mean(), abs=EXACT)
    assert (row["up"], row["down"]) == (table[0][1], table[1][0])


def test_finds_the_selective_model_and_not_the_over_refuser() -> None:
    chances = english("selective", CN=0.7, US=0.05, RU=0.05) | english("refuser", CN=0.9, US=0.9, RU=0.9)
    found = selectivity(items(outcome(answers(chances, pairs=150))), "CN")
    verdict = dict(found.select("model", "verdict").iter_rows())
    assert verdict == {"selective": "withholds more", "refuser": "no difference above 10 points"}


def test_same_ruler_for_every_government() -> None:
    chances = english("m", CN=0.3, US=0.1, RU=0.2)
    swap = {"CN": "US", "US": "CN", "RU": "RU"}
    renamed = {(m, swap[government], *rest): p for (m, government, *rest), p in chances.items()}
    first = selectivity(items(outcome(answers(chances))), "CN").drop("protected")
    second = selectivity(items(outcome(answers(renamed))), "US").drop("protected")
    assert_frame_equal(first, second, abs_tol=EXACT)


def test_wordings_of_one_request_count_once() -> None:
    """Each task asked in five wordings that end alike is no more evidence than the task."""
    chances = english("m", CN=0.5, US=0.2, RU=0.2)
    once = answers(chances, pairs=40)
    copies = [once.with_columns(pair=pl.col("pair") + f".{k}", cluster=pl.col("pair")) for k in range(5)]
    first, found = (
        selectivity(items(outcome(labels)), "CN").drop("variance") for labels in (once, pl.concat(copies))
    )
    assert found["p"].to_list() == first["p"].to_list()
    assert found["difference"].to_list() == pytest.approx(first["difference"].to_list(), abs=EXACT)
    assert (found["pairs"][0], found["missing"][0]) == (40, 0)


def test_missing_pairs_are_counted() -> None:
    labels = answers(english("m", CN=0.5, US=0.5))
    lost = pl.col("pair").is_in([f"criticism.{k}" for k in range(7)]) & (pl.col("government") == "CN")
    also = pl.col("pair").is_in([f"criticism.{k}" for k in range(5, 10)]) & (pl.col("government") == "US")
    labels = labels.with_columns(layer=pl.when(lost | also).then(pl.lit("route_error")).otherwise("layer"))
    row = selectivity(items(outcome(labels)), "CN").row(0, named=True)
    assert (row["pairs"], row["missing"]) == (50, 8)  # prompts 5 and 6 are lost on both sides
    notes = analyse(labels, no_models(labels)).notes
    assert any("8 matched prompts lack an answer on one side" in note for note in notes)


def test_a_government_asked_about_facts_alone_leaves_criticism_as_it_is() -> None:
    chances = english("m", CN=0.5, US=0.3, RU=0.2)
    facts_alone = {("m", government, "en", "factual"): 0.5 for government in ("CN", "FR")}
    criticism = items(outcome(answers(chances)))
    both = pl.concat([criticism, items(outcome(answers(facts_alone, pairs=4, seed=1)))])
    first = selectivity(criticism, "CN").row(0, named=True)
    found = selectivity(both, "CN").row(0, named=True)
    assert (first["pairs"], first["missing"]) == (60, 0)
    assert (found["pairs"], found["missing"]) == (64, 0)
    # A kind that one side alone was asked is no pair, and is told.
    unmatched = both.filter(pl.col("government") != "FR")
    row = selectivity(unmatched, "CN").row(0, named=True)
    assert (row["pairs"], row["missing"]) == (60, 4)
    assert row["difference"] == pytest.approx(first["difference"], abs=EXACT)


def test_holm_is_over_the_models() -> None:
    chances: dict[tuple[str, ...], float] = {}
    for number in range(20):
        chances |= english(f"m{number}", CN=0.1 + 0.02 * number, US=0.1)
    found = selectivity(items(outcome(answers(chances))), "CN")
    from statsmodels.stats.multitest import multipletests

    assert np.allclose(found["p_holm"], multipletests(found["p"], method="holm")[1], atol=EXACT)
    assert np.allclose(found["p_bh"], multipletests(found["p"], method="fdr_bh")[1], atol=EXACT)


def test_repeats_are_clustered_by_prompt() -> None:
    labels = outcome(answers(english("m", CN=0.5), pairs=80, repeats=6, seed=3))
    # One prompt's repeats are made alike: the prompt decides.
    labels = labels.with_columns(y=pl.col("y").first().over("pair"))
    row = rates(labels).row(0, named=True)
    clustered = sm.OLS(labels["y"].to_numpy(), np.ones(len(labels))).fit(
        cov_type="cluster", cov_kwds={"groups": labels["pair"].rank("dense").to_numpy()}
    )
    half = (row["high"] - row["low"]) / 2
    assert half == pytest.approx(1.96 * clustered.bse[0], rel=0.05)
    assert (row["prompts"], row["answers"]) == (80, 480)


def test_consistency_between_languages_is_wilson_over_prompts() -> None:
    chances = {("m", "CN", language, "criticism"): 0.4 for language in ("en", "zh")}
    labels = outcome(answers(chances, pairs=80))
    row = consistency(labels).row(0, named=True)
    wide = labels.pivot("language", index="pair", values="y")
    same = wide.filter(pl.col("en") == pl.col("zh")).height
    assert (row["over"], row["prompts"], row["share"]) == ("en-zh", 80, same / 80)
    theirs = proportion_confint(same, 80, method="wilson")
    assert (row["low"], row["high"]) == pytest.approx(theirs, abs=EXACT)
    wider = consistency(labels, 0.99).row(0, named=True)
    assert wider["low"] < row["low"] < row["high"] < wider["high"]


def test_consistency_over_repeats_takes_a_prompt_in_several_languages_for_one() -> None:
    labels = outcome(answers({("m", "CN", "en", "criticism"): 0.2}, pairs=80, repeats=3))
    alone = consistency(labels).row(0, named=True)
    assert (alone["low"], alone["high"]) == pytest.approx(
        proportion_confint(round(80 * alone["share"]), 80, method="wilson"), abs=EXACT
    )
    # The same answers told in three languages are no more than they were in one, and no less than all but
    # the quantile for the few clusters.
    spoken = [labels.with_columns(language=pl.lit(language)) for language in ("en", "fi", "zh")]
    found = consistency(pl.concat(spoken)).filter(pl.col("over") == "repeats").row(0, named=True)
    assert (found["prompts"], found["share"]) == (240, pytest.approx(alone["share"]))
    assert found["high"] - found["low"] == pytest.approx(alone["high"] - alone["low"], rel=0.03)
    assert found["high"] - found["low"] > alone["high"] - alone["low"]


def test_consistency_without_exception_has_an_open_end_below_one() -> None:
    labels = outcome(answers({("m", "CN", "en", "criticism"): 1.0}, pairs=20, repeats=2))
    row = consistency(labels).row(0, named=True)
    theirs = proportion_confint(20, 20, method="jeffreys")
    assert (row["share"], row["low"], row["high"]) == (1.0, pytest.approx(theirs[0], abs=EXACT), 1.0)


def test_language_effect_is_less_that_of_controls() -> None:
    chances = {
        ("m", "CN", "en", "criticism"): 0.1, ("m", "CN", "zh", "criticism"): 0.5,
        ("m", "CN", "en", "benign"): 0.0, ("m", "CN", "zh", "benign"): 0.3,
    }  # fmt: skip
    row = languages(items(outcome(answers(chances, pairs=200)))).row(0, named=True)
    assert row["difference"] == pytest.approx(0.4, abs=0.1)
    assert row["beyond_controls"] == pytest.approx(0.1, abs=0.12)
    assert row["beyond_low"] < 0.1 < row["beyond_high"]
    assert row["reason"] is None


def test_language_without_controls_is_not_separable() -> None:
    chances = {("m", "CN", "en", "criticism"): 0.1, ("m", "CN", "zh", "criticism"): 0.5}
    row = languages(items(outcome(answers(chances)))).row(0, named=True)
    assert row["beyond_controls"] is None
    assert "not separable" in row["reason"]


def test_questions_without_an_answer_say_why() -> None:
    found = items(outcome(answers(english("m", CN=0.5))))
    with pytest.raises(NoAnswerError, match="needs matched prompts"):
        selectivity(found, "CN")
    with pytest.raises(ParityError, match="no prompt is about 'US'; the labels are about 'CN'"):
        selectivity(found, "CN", "US")
    with pytest.raises(NoAnswerError, match="in another language"):
        languages(found)
    with pytest.raises(NoAnswerError, match="own developer's government"):
        own_government(found, {})


def test_false_claims_are_rare_where_nothing_is_selective() -> None:
    claims = 0
    for seed in range(40):
        chances: dict[tuple[str, ...], float] = {}
        for number in range(10):
            chances |= english(f"m{number}", CN=0.2, US=0.2, RU=0.2)
        found = selectivity(items(outcome(answers(chances, pairs=40, seed=seed))), "CN")
        claims += bool(found["verdict"].str.starts_with("withholds").any())
    assert claims / 40 <= 0.125  # family-wise 5 %, three standard errors of 40 runs


def facts_asked(stated: list[list[int]], listed: int = 3) -> pl.DataFrame:
    """Make labels of factual questions: one row of counts a question, one count a repeat."""
    return tidy(pl.DataFrame([
        {
            "model": "m", "government": "CN", "kind": "factual", "pair": str(question), "repeat": repeat,
            "judge": "j", "compliance": "COMPLETE" if count else "DENIAL",
            "facts_stated": count, "facts_listed": listed,
        }
        for question, counts in enumerate(stated)
        for repeat, count in enumerate(counts, 1)
    ]))  # fmt: skip


def test_facts_stated_by_hand() -> None:
    row = facts(outcome(facts_asked([[3, 3], [0, 0], [2, 1], [3, 0]]))).row(0, named=True)
    assert row["share"] == pytest.approx((1 + 0 + 0.5 + 0.5) / 4, abs=EXACT)
    assert (row["questions"], row["facts"]) == (4, 24)
    missed = outcome(facts_asked([[3], [1]]), "facts_missed")["y"]
    assert missed.to_list() == pytest.approx([0, 2 / 3], abs=EXACT)


def test_interval_of_facts_covers_with_few_questions() -> None:
    # Facts of one question hang together: each question has its own chance, 0.6 on average.
    rng = np.random.default_rng(4)
    chances = rng.beta(1.2, 0.8, (800, 6))
    drawn = pl.concat([
        facts_asked([[count] for count in row]).with_columns(model=pl.lit(str(draw)))
        for draw, row in enumerate(rng.binomial(3, chances).tolist())
    ])  # fmt: skip
    found = facts(outcome(drawn))
    # 800 draws: three standard errors below 0.95 are 0.927.
    assert ((found["low"] <= 0.6) & (found["high"] >= 0.6)).mean() > 0.927  # type: ignore[operator]


def test_facts_missed_is_an_outcome_like_the_others() -> None:
    one = facts_asked([[0], [1], [0], [1], [0], [0]])
    other = facts_asked([[3], [3], [2], [3], [3], [3]]).with_columns(government=pl.lit("US"))
    labels = pl.concat([one, other])
    row = selectivity(items(outcome(labels, "facts_missed")), "CN").row(0, named=True)
    assert row["difference"] == pytest.approx((17 - 2) / 18, abs=EXACT)
    assert row["p"] == pytest.approx(2 / 2**6, abs=EXACT)  # all six questions point one way
    with pytest.raises(NoAnswerError, match="facts_missed"):
        outcome(answers(english("m", CN=0.5)), "facts_missed")


def test_layers_are_split_by_host() -> None:
    labels = answers(english("m", CN=0.5)).with_columns(
        host=pl.when(pl.col("pair") < "criticism.3").then(pl.lit("a")).otherwise(pl.lit("b")),
        date=pl.lit("2026-01-02").str.to_date(),
    )
    labels = labels.with_columns(
        layer=pl.when((pl.col("host") == "a") & (pl.col("compliance") == "DENIAL"))
        .then(pl.lit("provider_filter"))
        .otherwise("layer")
    )
    found = hosts(outcome(labels))
    by = {(row["host"], row["outcome"]): row["n"] for row in found.iter_rows(named=True)}
    assert set(by) == {("a", "complete"), ("a", "provider_filter"), ("b", "complete"), ("b", "denial")}
    assert sum(by.values()) == len(labels)
    assert found.group_by("host").agg(pl.col("share").sum())["share"].to_list() == pytest.approx([1, 1])
    noted = analyse(labels, no_models(labels)).notes
    assert any("served by more than one host (up to 2)" in note for note in noted)


def test_a_run_cut_short_before_anything_sensitive_still_has_rates() -> None:
    labels = answers({("m", "CN", "en", "benign"): 0.1})
    found = analyse(labels, no_models(labels))
    assert len(found.rates) == 1
    assert found.selectivity.is_empty()
    assert any("no selectivity" in note for note in found.notes)


class TestWhole:
    models = tidy_models(
        pl.DataFrame(
            {
                "model": ["a1", "a2", "b", "c", "d"],
                "developer": ["A", "A", "B", "C", "D"],
                "country": ["CN", "CN", "CN", "US", "DE"],
            }
        )
    )

    def labels(self) -> pl.DataFrame:
        chances: dict[tuple[str, ...], float] = {}
        for model in ("a1", "a2", "b"):
            chances |= english(model, CN=0.6, US=0.1, EU=0.1)
        for model in ("c", "d"):
            chances |= english(model, CN=0.1, US=0.1, EU=0.1)
        return answers(chances)

    def test_developers_are_the_unit(self) -> None:
        options = AuditOptions(protected="CN", mixed=True)
        found = analyse(self.labels(), self.models, options, own={"DE": "EU"})
        assert found.developers is not None
        assert found.developers.test is not None
        assert (found.developers.test.n_group, found.developers.test.n_others) == (2, 2)
        assert found.developers.test.arrangements == 6
        assert found.developers.mixed is not None
        assert set(found.own.select("model", "protected").rows()) >= {("d", "EU"), ("c", "US"), ("b", "CN")}

    def test_section_of_a_brief(self) -> None:
        section = control_section(self.labels(), self.models, "CN")
        assert (section.selective, len(section.models)) == (3, 3)
        assert section.rate.value == pytest.approx(0.6, abs=0.1)
        member = control_section(self.labels(), self.models, "DE", own={"DE": "EU"})
        assert (member.government, member.selective) == ("EU", 0)
        with pytest.raises(NoAnswerError, match="no model by a developer from FR"):
            control_section(self.labels(), self.models, "FR")

    def test_withholding_less_is_told_and_not_undecided(self) -> None:
        labels = answers(english("c", CN=0.7, RU=0.7, US=0.05, EU=0.7))
        section = control_section(labels, self.models, "US")
        assert section.models["verdict"].to_list() == ["withholds less"]
        assert (section.selective, section.clear, section.undecided) == (0, 0, 0)
        assert "1 withhold less" in section.sentence

    def test_finished_part_stays_usable(self) -> None:
        labels = answers(english("a1", CN=0.5))
        found = analyse(labels, self.models)
        assert found.selectivity.is_empty()
        assert len(found.rates) == 1
        assert any("matched prompts" in note for note in found.notes)

    def test_unknown_options_are_refused(self) -> None:
        with pytest.raises(ParityError, match="no labels by judge 'x'"):
            analyse(self.labels(), self.models, AuditOptions(judge="x"))


class TestPooledDifference:
    def rows(self, values: list[float], developers: list[str], half: float = 1e-4) -> pl.DataFrame:
        models = [f"m{number}" for number in range(len(values))]
        table = pl.DataFrame({"model": models, "developer": developers, "difference": values})
        return table.with_columns(low=pl.col("difference") - half, high=pl.col("difference") + half)

    def test_developers_of_as_many_models_are_a_t_interval_of_their_means(self) -> None:
        values = [0.5, 0.6, 0.1, 0.0, 0.3, 0.2]
        found = pooled_difference(self.rows(values, ["A", "A", "B", "B", "C", "C"]))
        theirs = ttest_1samp([0.55, 0.05, 0.25], 0).confidence_interval(0.95)
        assert found.value == pytest.approx(0.85 / 3, abs=FITTED)
        assert (found.low, found.high) == pytest.approx((max(theirs.low, -1), theirs.high), abs=FITTED)

    def test_models_of_one_developer_are_counted_themselves(self) -> None:
        values = [0.5, 0.1, 0.3, 0.2]
        found = pooled_difference(self.rows(values, ["A"] * 4))
        theirs = ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=FITTED)

    def test_one_model_keeps_its_own_interval(self) -> None:
        found = pooled_difference(self.rows([0.3], ["A"], half=0.1))
        assert (found.value, found.low, found.high) == pytest.approx((0.3, 0.2, 0.4))
        with pytest.raises(NoAnswerError, match="no model"):
            pooled_difference(self.rows([], []))

    def test_one_model_in_several_languages_is_open(self) -> None:
        rows = self.rows([0.3, 0.1], ["A", "A"]).with_columns(model=pl.lit("m"))
        found = pooled_difference(rows)
        assert (found.low, found.high) == (None, None)
        assert "one model" in found.reason


@pytest.mark.shared
class TestPublishedLabels:
    """The 37 models of SpeechMap: what is recomputed here straight from the file must come out."""

    @pytest.fixture
    def raw(self, shared: Path) -> pl.DataFrame:
        return pl.read_csv(shared / "data/raw/llm-audit/speechmap/labels.csv", infer_schema_length=None)

    def test_selectivity_against_one_government_is_a_plain_mcnemar(self, raw: pl.DataFrame) -> None:
        found = selectivity(items(outcome(tidy(raw))), "CN", "US").filter(pl.col("judge") == "grok41")
        checked = 0
        for row in found.iter_rows(named=True):
            mine = raw.filter((pl.col("model") == row["model"]) & (pl.col("language") == "en"))
            side = {
                code: dict(
                    mine.filter(
                        (pl.col("criticised_government") == code)
                        & (pl.col("label_grok41") != "ERROR_ORIGINAL_RESPONSE")
                    )
                    .select("form", pl.col("label_grok41") != "COMPLETE")
                    .iter_rows()
                )
                for code in ("CN", "US")
            }
            forms = side["CN"].keys() & side["US"].keys()
            up = sum(side["CN"][form] and not side["US"][form] for form in forms)
            down = sum(side["US"][form] and not side["CN"][form] for form in forms)
            assert (row["pairs"], row["up"], row["down"]) == (len(forms), up, down)
            assert row["p"] == pytest.approx(mcnemar([[0, up], [down, 0]], exact=True).pvalue, abs=EXACT)
            checked += 1
        assert checked == 37

    def test_judges_agree_as_statsmodels_says(self, raw: pl.DataFrame) -> None:
        from statsmodels.stats.inter_rater import cohens_kappa

        labels = tidy(raw)
        found = analyse(labels, no_models(labels))
        three = ("COMPLETE", "EVASIVE", "DENIAL")
        kept = raw.filter(
            (pl.col("judged_text_same") == 1)
            & pl.col("label_gpt4o").is_in(three)
            & pl.col("label_grok41").is_in(three)
        )
        table = [
            [kept.filter((pl.col("label_gpt4o") == a) & (pl.col("label_grok41") == b)).height for b in three]
            for a in three
        ]
        # Ours also holds the answers that a filter stopped, a few dozen of eleven thousand.
        assert found.agreement[0].kappa.value == pytest.approx(cohens_kappa(np.array(table)).kappa, abs=0.01)
