"""From results about trade to the answers that are printed as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parity.cli._trade_answers import (
    CheckRow,
    DependenceAnswer,
    DiversionAnswer,
    FalseDateRow,
    GapRow,
    LeadRow,
    MirrorAnswer,
    MonthlyRow,
    MonthRow,
    MovedRow,
    OriginRow,
    PartnerRow,
    PlaceboRow,
    ReplacementRow,
    SubstitutionAnswer,
    WeightRow,
    YearRow,
)
from parity.cli.answers import EstimateModel

if TYPE_CHECKING:
    import polars as pl

    from parity.trade import Checks, Dependence, Diversion, Judged, Mirror, Substitution

# Keys that every answer about trade has.
Keys = dict[str, Any]


def dependence_answer(answer: Dependence, keys: Keys) -> DependenceAnswer:
    """Return where a country's supply comes from."""
    return DependenceAnswer(
        **keys,
        country=answer.supply.country,
        side=answer.supply.side,
        reporters=list(answer.supply.reporters),
        coalition=list(answer.coalition),
        hubs=list(answer.hubs),
        years=_years(answer),
        trend=EstimateModel.of(answer.trend),
        origins=[OriginRow(**row) for row in answer.table().iter_rows(named=True)],
        replacements=[ReplacementRow(**row) for row in answer.replacements.iter_rows(named=True)],
    )


def diversion_answer(answer: Diversion, checks: Checks | None, keys: Keys) -> DiversionAnswer:
    """Return which third countries exports rose to."""
    spec = answer.spec
    return DiversionAnswer(
        **keys,
        sanctioned=spec.sanctioned,
        date=str(spec.start),
        reporter=spec.reporter,
        frequency=answer.frequency,
        before=[answer.before[0], answer.before[-1]],
        after=[answer.after[0], answer.after[-1]],
        donors=len(answer.donors),
        smallest_p=answer.smallest_p,
        adjustment=spec.adjust,
        placebos=_placebos(answer),
        monthly=_monthly(answer),
        direct=_partner(answer.direct, answer, None) if answer.direct else None,
        partners=[_partner(one, answer, checks) for one in answer.partners],
        dropped={iso3: why for iso3, why in answer.dropped.items() if iso3 in spec.candidates},
    )


def substitution_answer(answer: Substitution, keys: Keys) -> SubstitutionAnswer:
    """Return how supply moved between groups of origins."""
    return SubstitutionAnswer(
        **keys,
        country=answer.supply.country,
        date=str(answer.start),
        side=answer.supply.side,
        before=list(answer.before),
        after=list(answer.after),
        left_out=list(answer.left_out),
        groups=_moved(answer),
    )


def mirror_answer(answer: Mirror, keys: Keys) -> MirrorAnswer:
    """Return what was sent against what arrived."""
    return MirrorAnswer(
        **keys,
        importer=answer.importer,
        exporters=list(answer.exporters),
        usual=EstimateModel.of(answer.usual),
        years=_gaps(answer),
    )


def _partner(one: Judged, answer: Diversion, checks: Checks | None) -> PartnerRow:
    """Return one country's row."""
    return PartnerRow(
        iso3=one.iso3,
        excess=EstimateModel.of(one.excess),
        total=EstimateModel.of(one.total),
        rise=EstimateModel.of(one.rise),
        p_placebo=one.p_placebo,
        p_time=one.p_time,
        p_adjusted=one.p_adjusted,
        verdict=one.verdict,
        difference=one.study.mean,
        p_difference=one.study.p_mean,
        false_dates=[FalseDateRow(period=period, rise=rise) for period, rise in one.false],
        rose_before=bool(one.rose_before),
        p_leads=one.study.p_leads,
        leads=[
            LeadRow(period=period, lead=int(lead), effect=effect, low=low, high=high)
            for period, lead, effect, low, high in zip(
                [*answer.before, *answer.after],
                one.study.lead,
                one.study.effect,
                one.study.low,
                one.study.high,
                strict=True,
            )
        ],
        weights=[WeightRow(iso3=iso3, weight=weight) for iso3, weight in one.weights],
        checks=_checks(one.iso3, checks),
        p_false_date=_false_date(one.iso3, checks),
    )


def _placebos(answer: Diversion) -> list[PlaceboRow]:
    """Return the donors, the largest rise first."""
    ranked = sorted(answer.placebos, key=lambda one: -one.statistic)
    return [
        PlaceboRow(
            iso3=one.iso3,
            excess=EstimateModel.of(one.excess),
            rise=EstimateModel.of(one.rise),
            rank=rank,
        )
        for rank, one in enumerate(ranked, start=1)
    ]


def _monthly(answer: Diversion) -> list[MonthlyRow]:
    """Return those that are judged by month."""
    rows = answer.by_month().partition_by("iso3", as_dict=True, include_key=False)
    return [
        MonthlyRow(
            iso3=one.iso3,
            since=one.since,
            months=[MonthRow(**row) for row in rows[(one.iso3,)].iter_rows(named=True)],
        )
        for one in answer.monthly
    ]


def _checks(iso3: str, checks: Checks | None) -> list[CheckRow]:
    rows = checks.variants.rows(named=True) if checks else []
    fields = CheckRow.model_fields
    return [CheckRow(**{k: row[k] for k in fields}) for row in rows if row["iso3"] == iso3]


def _false_date(iso3: str, checks: Checks | None) -> float | None:
    rows: list[float] = [] if checks is None else _p_of(checks.false_date, iso3)
    return rows[0] if rows else None


def _p_of(table: pl.DataFrame, iso3: str) -> list[float]:
    return [p for name, p in table.select("iso3", "p_adjusted").rows() if name == iso3]


def _years(answer: Dependence) -> list[YearRow]:
    """Return a country's supply by year."""
    return [
        YearRow(
            year=one.year,
            total=one.total,
            herfindahl=EstimateModel.of(one.herfindahl),
            coalition=EstimateModel.of(one.coalition),
        )
        for one in answer.years
    ]


def _moved(answer: Substitution) -> list[MovedRow]:
    """Return groups of origins before and after."""
    known = not answer.supply.partial
    return [
        MovedRow(
            group=one.group,
            before=one.before,
            after=one.after,
            share_before=one.share_before if known else None,
            share_after=one.share_after if known else None,
            change=EstimateModel.of(one.change),
            size=EstimateModel.of(one.size),
            shift=EstimateModel.of(one.shift),
        )
        for one in answer.moved
    ]


def _gaps(answer: Mirror) -> list[GapRow]:
    """Return mirror statistics by year."""
    return [
        GapRow(
            year=one.year,
            exported=one.exported,
            imported=one.imported,
            gap=EstimateModel.of(one.gap),
            p_adjusted=one.p_adjusted,
        )
        for one in answer.years
    ]
