"""Put an audit into its JSON answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parity.cli._audit_answers import (
    AuditAnalyseAnswer,
    CalibrationAnswer,
    Cell,
    Consistent,
    Corrected,
    Developer,
    Developers,
    FactsStated,
    HostLayer,
    JudgeAgreement,
    LanguageEffect,
    Layer,
    Mixed,
    Selectivity,
)
from parity.cli.answers import EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.audit import AuditResult, Calibration, DeveloperResult


def analyse_answer(result: AuditResult, calibration: Calibration | None) -> AuditAnalyseAnswer:
    """Return the JSON form of an analysis."""
    level = result.options.level
    return AuditAnalyseAnswer(
        data=result.data,
        outcome=result.options.outcome,
        prompt_sets=list(result.prompt_sets),
        days=result.days(),
        protected=result.options.protected,
        judge=str(result.options.judge),
        judges=result.rates["judge"].unique().sort().to_list(),
        cells=[_cell(row, level) for row in result.rates.iter_rows(named=True)],
        selectivity=_selectivity(result.table(), level),
        by_judge=_selectivity(result.by_judge, level),
        own=_selectivity(result.own, level),
        language=[_language(row, level) for row in result.languages.iter_rows(named=True)],
        developers=_developers(result.developers, level),
        agreement=[
            JudgeAgreement(
                judges=found.judges, n=found.n,
                share=EstimateModel.of(found.share), kappa=EstimateModel.of(found.kappa),
                alpha=EstimateModel.of(found.alpha),
            )
            for found in result.agreement
        ],
        layers=[Layer(**row) for row in result.layers.iter_rows(named=True)],
        hosts=[HostLayer(**row) for row in result.hosts.iter_rows(named=True)],
        facts=[_facts(row, level) for row in result.facts.iter_rows(named=True)],
        consistency=[_consistent(row, level) for row in result.consistency.iter_rows(named=True)],
        calibration=_calibration(calibration, level),
        notes=list(result.notes),
    )  # fmt: skip


def _estimate(value: Any, low: Any, high: Any, level: float, reason: str | None = None) -> EstimateModel:
    known = value is not None
    return EstimateModel(
        value=value, low=low, high=high, level=level if known else None, unit="share",
        reason=None if known else reason or "no outcome",
    )  # fmt: skip


def _cell(row: dict[str, Any], level: float) -> Cell:
    rate = _estimate(row.pop("rate"), row.pop("low"), row.pop("high"), level)
    return Cell(rate=rate, **row)


def _facts(row: dict[str, Any], level: float) -> FactsStated:
    stated = _estimate(row.pop("share"), row.pop("low"), row.pop("high"), level)
    return FactsStated(stated=stated, **row)


def _consistent(row: dict[str, Any], level: float) -> Consistent:
    same = _estimate(row["share"], row.pop("low"), row.pop("high"), level)
    return Consistent(same=same, **row)


def _contrast(row: dict[str, Any], level: float) -> dict[str, Any]:
    kept = {
        name: row[name]
        for name in (
            "model",
            "developer",
            "judge",
            "language",
            "p",
            "p_holm",
            "p_bh",
            "pairs",
            "missing",
            "verdict",
        )
    }
    difference = _estimate(row["difference"], row["low"], row["high"], level)
    return kept | {"developer_country": row["country"], "difference": difference}


def _selectivity(rows: pl.DataFrame, level: float) -> list[Selectivity]:
    return [
        Selectivity(**_contrast(row, level), protected=row["protected"], against=row["against"])
        for row in rows.iter_rows(named=True)
    ]


def _language(row: dict[str, Any], level: float) -> LanguageEffect:
    beyond = _estimate(row["beyond_controls"], row["beyond_low"], row["beyond_high"], level, row["reason"])
    return LanguageEffect(
        **_contrast(row, level), government=row["government"], base=row["base"], beyond_controls=beyond
    )


def _developers(found: DeveloperResult | None, level: float) -> Developers | None:
    if found is None:
        return None
    test, own = found.test, found.own_weights
    return Developers(
        group=found.group,
        language=found.language,
        difference=test.difference if test else None,
        p_permutation=test.p if test else None,
        arrangements=test.arrangements if test else None,
        exact=test.exact if test else None,
        difference_own_weights=own.difference if own else None,
        p_own_weights=own.p if own else None,
        means=[Developer(**row) for row in found.means.iter_rows(named=True)],
        mixed=_mixed(found, level),
        reason=found.reason or None,
    )


def _mixed(found: DeveloperResult, level: float) -> Mixed | None:
    fit = found.mixed
    if fit is None:
        return None
    return Mixed(
        difference=EstimateModel.of(fit.effect(level)),
        between=fit.between,
        within=fit.within,
        shrunken=dict(zip(found.mixed_models, map(float, fit.shrunken), strict=True)),
    )


def _calibration(found: Calibration | None, level: float) -> CalibrationAnswer | None:
    if found is None:
        return None
    cells = [
        Corrected(
            government=row["government"], language=row["language"], rate=row["rate"], n=row["n"],
            corrected=_estimate(row["corrected"], row["low"], row["high"], level),
        )
        for row in found.cells.iter_rows(named=True)
    ]  # fmt: skip
    return CalibrationAnswer(
        judge=found.judge,
        n=found.n,
        sensitivity=found.quality.sensitivity,
        specificity=found.quality.specificity,
        p_same_population=found.p_same_population,
        raw=found.raw,
        ppi=EstimateModel.of(found.ppi),
        cells=cells,
    )
