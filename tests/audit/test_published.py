"""The published labels, worked out a second time with pandas and statsmodels and none of Parity's statistics.

Only ``analyse`` is Parity's here. Everything it says is compared with a plain reading of the file.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import ttest_ind
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from parity.ask.audit import own_governments, read_labels
from parity.audit import AuditOptions, AuditResult, analyse

EXACT = 1e-10
JUDGES = ("gpt4o", "grok41")
# Models that withhold more on China after Holm, of 37.
FOUND = {"gpt4o": 11, "grok41": 12}
pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "raw" / "llm-audit" / "speechmap"


@pytest.fixture(scope="module")
def answers(folder: Path) -> pd.DataFrame:
    """One row per answer; y_JUDGE is 1 where it was withheld, missing where there was no answer."""
    table = pd.read_csv(folder / "labels.csv", keep_default_na=False)
    stopped = (table["response_error"] == "data_inspection_failed") | (
        table["finish_reason"] == "content_filter"
    )
    for judge in JUDGES:
        label = table[f"label_{judge}"]
        error = label.str.startswith("ERROR")
        table[f"y_{judge}"] = np.where(error & ~stopped, np.nan, (label != "COMPLETE").astype(float))
        table[f"kind_{judge}"] = np.where(error, "filter", label)
    return table


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, AuditResult]:
    found = read_labels(str(folder))
    return {
        judge: analyse(found.labels, found.models, AuditOptions(judge=judge), own=own_governments())
        for judge in JUDGES
    }


def wide(answers: pd.DataFrame, judge: str, language: str = "en") -> pd.DataFrame:
    """Return model and form by government."""
    mine = answers[answers["language"] == language]
    return mine.pivot(index=["model", "form"], columns="criticised_government", values=f"y_{judge}")


def relabelled(tasks: list[list[Fraction]]) -> tuple[float, list[float]]:
    """Return the share of ways to hand out the first label within tasks that lead as far; all such shares."""
    sums: Counter[Fraction] = Counter({Fraction(0): 1})
    for task in tasks:
        moves = [first - (sum(task) - first) / (len(task) - 1) for first in task]
        sums = sum((Counter({total + move: n for total, n in sums.items()}) for move in moves), Counter())
    observed = sum(task[0] - sum(task[1:]) / (len(task) - 1) for task in tasks)
    shares = {
        far: sum(n for total, n in sums.items() if abs(total) >= far) / sums.total() for far in map(abs, sums)
    }
    return shares[abs(observed)], sorted(shares.values())


def stepped(p: dict[str, float], shares: dict[str, list[float]]) -> dict[str, float]:
    """Return p adjusted by Holm's steps, every test counting with the chance that it comes so far."""
    adjusted, so_far, left = {}, 0.0, sorted(p, key=lambda model: p[model])
    for place, model in enumerate(left):
        chances = [[one for one in shares[other] if one <= p[model] * (1 + EXACT)] for other in left[place:]]
        so_far = max(so_far, sum(max(reached, default=0.0) for reached in chances))
        adjusted[model] = min(so_far, 1.0)
    return adjusted


@pytest.mark.parametrize("judge", JUDGES)
def test_every_rate(answers: pd.DataFrame, results: dict[str, AuditResult], judge: str) -> None:
    cells = answers.groupby(["model", "criticised_government", "language"])[f"y_{judge}"]
    ours = results[judge].rates.filter(pl.col("judge") == judge)
    assert len(ours) == cells.ngroups == 37 * 6 - 1  # one model has no Chinese set
    for row in ours.iter_rows(named=True):
        y = cells.get_group((row["model"], row["government"], row["language"]))
        n, count = int(y.notna().sum()), int(y.sum())
        assert (row["answers"], row["missing"]) == (n, int(y.isna().sum()))
        assert row["rate"] == pytest.approx(count / n, abs=EXACT)
        edge = min(count, n - count) < 5
        low, high = proportion_confint(count, n, method="jeffreys" if edge else "wilson")
        low, high = (0.0 if count == 0 else low), (1.0 if count == n else high)
        assert (row["low"], row["high"]) == pytest.approx((low, high), abs=EXACT)


@pytest.mark.parametrize("judge", JUDGES)
def test_selectivity_and_who_is_significant(
    answers: pd.DataFrame, results: dict[str, AuditResult], judge: str
) -> None:
    table = wide(answers, judge).dropna()
    ours = {row["model"]: row for row in results[judge].selectivity.iter_rows(named=True)}
    p, shares = {}, {}
    for model, rows in table.groupby(level="model"):
        tasks = [list(map(Fraction, row)) for row in rows[["CN", "EU", "RU", "US"]].to_numpy()]
        differences = [task[0] - sum(task[1:]) / 3 for task in tasks]
        p[model], shares[model] = relabelled(tasks)
        assert ours[model]["pairs"] == len(rows)
        assert ours[model]["difference"] == pytest.approx(float(sum(differences) / len(rows)), abs=EXACT)
        assert ours[model]["p"] == pytest.approx(p[model], abs=EXACT)
    holm = dict(zip(p, multipletests(list(p.values()), method="holm")[1], strict=True))
    adjusted = stepped(p, shares)
    hochberg = dict(zip(p, multipletests(list(p.values()), method="fdr_bh")[1], strict=True))
    for model, row in ours.items():
        assert row["p_holm"] == pytest.approx(holm[model], abs=EXACT)
        assert row["p_bh"] == pytest.approx(hochberg[model], abs=EXACT)
        assert row["p_adjusted"] == pytest.approx(adjusted[model], abs=EXACT)
        assert (row["verdict"] == "withholds more") == (adjusted[model] < 0.05 and row["difference"] > 0)
        assert (row["low"] > 0 or row["high"] < 0) == (row["p"] < 0.05)
    assert len(p) == 37
    assert sum(holm[model] < 0.05 and ours[model]["difference"] > 0 for model in ours) == FOUND[judge]
    # Among discrete tests plain Holm wastes level: one more model passes by what each can reach.
    assert sum(row["verdict"] == "withholds more" for row in ours.values()) == FOUND[judge] + 1


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("other", ["EU", "RU", "US"])
def test_against_one_government_it_is_mcnemar(
    answers: pd.DataFrame, folder: Path, judge: str, other: str
) -> None:
    found = read_labels(str(folder))
    ours = analyse(found.labels, found.models, AuditOptions(judge=judge, against=other)).selectivity
    table = wide(answers, judge)[["CN", other]].dropna()
    for row in ours.iter_rows(named=True):
        rows = table.loc[row["model"]]
        both = pd.crosstab(rows["CN"], rows[other]).reindex(index=[0, 1], columns=[0, 1], fill_value=0)
        assert row["p"] == pytest.approx(mcnemar(both, exact=True).pvalue, abs=EXACT)
        assert (row["up"], row["down"]) == (both.loc[1, 0], both.loc[0, 1])


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("own_weights", [False, True])
def test_country_from_all_arrangements(
    answers: pd.DataFrame, folder: Path, results: dict[str, AuditResult], judge: str, own_weights: bool
) -> None:
    models = pd.read_csv(folder / "models.csv").set_index("model")
    known = models[~models["developer"].str.startswith("undisclosed")]
    if own_weights:
        known = known[known["base_country"].fillna(known["developer_country"]) == known["developer_country"]]
    table = wide(answers, judge).dropna()
    selectivity = (table["CN"] - table[["EU", "RU", "US"]].mean(axis=1)).groupby("model").mean()
    rows = known.join(selectivity.rename("value"), how="inner")
    means = rows.groupby(["developer", "developer_country"])["value"].mean().reset_index()
    value, chinese = means["value"].to_numpy(), (means["developer_country"] == "CN").to_numpy()

    def welch(inside: np.ndarray) -> float:
        return float(ttest_ind(value[inside], value[~inside], equal_var=False).statistic)

    every = [
        welch(np.isin(np.arange(len(value)), chosen))
        for chosen in combinations(range(len(value)), int(chinese.sum()))
    ]
    found = results[judge].developers
    assert found is not None
    test = found.own_weights if own_weights else found.test
    assert test is not None
    assert test.arrangements == len(every)
    assert test.difference == pytest.approx(value[chinese].mean() - value[~chinese].mean(), abs=EXACT)
    assert test.p == pytest.approx(np.mean(np.abs(every) >= abs(welch(chinese)) - 1e-9), abs=EXACT)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("language", ["zh", "fi"])
def test_language_effects(
    answers: pd.DataFrame, results: dict[str, AuditResult], judge: str, language: str
) -> None:
    spoken = pd.DataFrame({code: wide(answers, judge, code)["CN"] for code in ("en", language)}).dropna()
    ours = results[judge].languages.filter(pl.col("language") == language)
    p, up = [], []
    for row in ours.iter_rows(named=True):
        rows = spoken.loc[row["model"]]
        more = int((rows[language] > rows["en"]).sum())
        less = int((rows[language] < rows["en"]).sum())
        p.append(mcnemar([[0, more], [less, 0]], exact=True).pvalue)
        up.append(more > less)
        assert row["pairs"] == len(rows)
        assert row["difference"] == pytest.approx((more - less) / len(rows), abs=EXACT)
        assert row["p"] == pytest.approx(p[-1], abs=EXACT)
    holm = multipletests(p, method="holm")[1]
    assert np.allclose(ours["p_holm"], holm, atol=EXACT)
    claimed = (ours["verdict"] == "withholds more").to_numpy()
    assert (claimed == ((ours["p_adjusted"] < 0.05).to_numpy() & np.array(up))).all()
    assert (ours["p_adjusted"].to_numpy() <= holm + EXACT).all()


def test_judges_agree(answers: pd.DataFrame, results: dict[str, AuditResult]) -> None:
    both = answers[(answers["judged_text_same"] == 1) & answers[["y_gpt4o", "y_grok41"]].notna().all(axis=1)]
    table = pd.crosstab(both["kind_gpt4o"], both["kind_grok41"])
    names = sorted(set(table.index) | set(table.columns))
    counts = table.reindex(index=names, columns=names, fill_value=0).to_numpy()
    found = results["grok41"].agreement[0]
    assert found.n == counts.sum()
    assert found.share.value == pytest.approx(np.trace(counts) / counts.sum(), abs=EXACT)
    assert found.kappa.value == pytest.approx(cohens_kappa(counts).kappa, abs=EXACT)
    # Alpha from the matrix of coincidences (Krippendorff 2011): observed over expected disagreement.
    coincidence = counts + counts.T
    n, totals = coincidence.sum(), coincidence.sum(axis=0)
    observed = n - np.trace(coincidence)
    expected = (n**2 - (totals**2).sum()) / (n - 1)
    assert found.alpha.value == pytest.approx(1 - observed / expected, abs=EXACT)
