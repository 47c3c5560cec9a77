"""The open AI index keeps the criteria that were stated before it was made; planted artefacts are found."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from parity.catalogue import load_table
from parity.index import VARIANTS, IndexSpec, assemble, build, builtin_spec
from parity.index.artefacts import FACTOR, MOST, against_the_rest, evidence, out_of_line, unconfirmed
from parity.index.series_tests import AGE, LANGUAGE, NEAR_COPY, SeriesTests, examine, plant
from tools.cards import Card, cards, share_about_ai, with_candidates

# Of docs/methods/open-ai-index-criteria.md.
ABOUT_AI, ABOUT_AI_IN_A_SUB_PILLAR, RECENT, ONE_SOURCE, OLD_CELLS, OBSERVED = 0.6, 0.5, 0.9, 0.25, 0.1, 0.5
LANGUAGE_P = 0.01
YEAR = 2026


@pytest.fixture(scope="module")
def tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    return load_table("observations"), load_table("countries")


@pytest.fixture(scope="module")
def by_series() -> dict[str, Card]:
    return {card.series: card for card in cards()}


@pytest.fixture(scope="module")
def tested(tables) -> SeriesTests:
    observations, countries = tables
    spec = builtin_spec("open-ai-index")
    wide = with_candidates(spec)
    return examine(
        wide,
        assemble(wide, observations, countries),
        observations,
        units=[str(unit) for unit in build(spec, assemble(spec, observations, countries).table).units],
        english=load_table("languages").filter(language="en", official=True)["iso3"].to_list(),
        ceilings={card.series: card.ceiling for card in cards() if card.ceiling},
    )


def untrimmed(spec: IndexSpec) -> IndexSpec:
    return spec.model_copy(update={"index": spec.index.model_copy(update={"trim": False})})


def in_index(spec: IndexSpec) -> set[str]:
    return {indicator.select.indicator for indicator in spec.indicators if indicator.select}


@pytest.mark.parametrize("variant", VARIANTS)
def test_most_of_the_weight_is_about_ai(variant):
    spec = builtin_spec("open-ai-index", variant)
    assert share_about_ai(spec) >= ABOUT_AI
    below = [group.code for group in spec.groups if any(each.group == group.code for each in spec.indicators)]
    assert {code: share_about_ai(spec, code) for code in below if share_about_ai(spec, code) < 0.5} == {}
    assert len(below) == 7


def test_every_series_has_a_card_and_no_other_is_in(by_series):
    passed = {name for name, card in by_series.items() if card.verdict != "out"}
    assert in_index(builtin_spec("open-ai-index")) == passed
    assert all(card.mechanism and card.reason for card in by_series.values())
    # Whole counts of joint work are out.
    assert not [name for name in passed if by_series[name].counting.startswith("whole")]


def test_weight_is_recent_and_no_source_holds_too_much(tables):
    spec = builtin_spec("open-ai-index")
    cells = assemble(spec, *tables).cells
    shares = dict(zip(spec.tree().codes, spec.tree().effective_weights(), strict=True))
    newest = dict(cells.group_by("code").agg(pl.col("year").max()).rows())
    assert sum(shares[code] for code in spec.codes if newest[code] >= YEAR - AGE) >= RECENT
    sources: Counter[str] = Counter()
    for code, source in (
        cells.drop_nulls("source").group_by("code").agg(pl.col("source").mode().first()).rows()
    ):
        sources[source] += shares[code]
    assert max(sources.values()) <= ONE_SOURCE


def test_series_of_the_index_pass_the_tests(tested, by_series):
    spec = builtin_spec("open-ai-index")
    within = tested.series.filter(pl.col("series").is_in(list(in_index(spec))))
    assert within["not_possible"].list.len().sum() == 0
    assert within.filter(pl.col("old") > OLD_CELLS).is_empty()
    assert within.filter(pl.col("observed") < OBSERVED).is_empty()
    assert within.filter(pl.col("language") > LANGUAGE, pl.col("language_p") < LANGUAGE_P).is_empty()
    copies = within.filter(pl.col("copy") >= NEAR_COPY, pl.col("copy_of").is_in(list(in_index(spec))))
    assert copies.is_empty()
    spiked = set(within.filter(pl.col("one_case") > 0.25)["series"]) & {"ai_investment"}
    medians = {
        each.select.indicator for each in spec.indicators if each.select and each.select.reduce == "median"
    }
    assert spiked <= medians


def test_known_artefacts_are_found(tested):
    found = {row["series"]: row for row in tested.series.iter_rows(named=True)}
    assert {"HKG", "SGP"} <= set(found["gh_developers"]["not_possible"])
    assert "HKG" in found["gh_developers"]["out_of_line"]
    assert {"MLT", "LUX"} <= set(found["fdi_inflow"]["out_of_line"])
    assert "HKG" in found["market_cap"]["not_possible"]


@pytest.mark.parametrize(
    ("planted", "country", "kind"),
    [
        (["ai_investment"], "KAZ", {"times": 1000}),  # a head office
        (["ai_investment"], "PAN", {"like": "USA"}),
        (["ai_investment", "gii_vc_received"], "KAZ", {"times": 1000}),  # seen by two sources of one kind
        (["patents_in_force"], "PAN", {"times": 1000}),
        (["ml_conference_authors"], "LUX", {"like": "USA"}),  # place names
        (["large_scale_models_fractional"], "PAN", {"like": "USA"}),  # joint work counted whole
        (["gpu_cluster_h100e"], "GEO", {"like": "USA"}),  # hosting
    ],
)
def test_a_planted_entrepot_is_found_and_gains_little(planted, country, kind, tables):
    observations, countries = tables
    spec = builtin_spec("open-ai-index")
    with_it = observations
    for series in planted:
        with_it = plant(with_it, series, country, **kind)
    codes = {each.code for each in spec.indicators if each.select and each.select.indicator in planted}
    ranks = {}
    for name, used, seen in (
        ("honest", spec, observations),
        ("trimmed", spec, with_it),
        ("believed", untrimmed(spec), with_it),
    ):
        assembly = assemble(used, seen, countries)
        ranks[name] = build(used, assembly.table).rank(country)
        if name == "trimmed":
            assert codes <= set(assembly.cells.filter(iso3=country, flag="trimmed")["code"])
        if name == "believed":
            odd = out_of_line(evidence(used, assembly.cells, assembly.table)).filter(iso3=country)
            assert set(planted) <= set(odd["series"])
    assert ranks["honest"] >= ranks["trimmed"] >= ranks["believed"]
    if len(planted) == 1:
        assert ranks["honest"] - ranks["trimmed"] <= 0.7 * (ranks["honest"] - ranks["believed"])


def test_a_second_source_confirms_in_proportion(tables):
    observations, countries = tables
    spec = builtin_spec("open-ai-index")
    # Conference authors a hundredfold, publications as many times what is expected as they are.
    table = plant(observations, "ml_conference_authors", "CHE", times=100)
    assembly = assemble(spec, table, countries)
    seen = evidence(spec, assemble(untrimmed(spec), table, countries).cells, assembly.table)
    ratio = against_the_rest(seen).filter(iso3="CHE", series="ai_publications_oecd")["ratio"].item()
    cell = unconfirmed(spec, seen).filter(iso3="CHE", series="ml_conference_authors").row(0, named=True)
    assert cell["believed"] == pytest.approx(min(max(FACTOR * ratio, FACTOR), MOST))
    value = assembly.cells.filter(iso3="CHE", code="ml_conference_authors.scale")["value"].item()
    people = assembly.table.filter(iso3="CHE")["population"].item()
    assert value == pytest.approx(cell["believed"] * cell["expected"] * people)


@pytest.mark.parametrize("series", ["genai_diffusion", "fixed_broadband", "rd_expenditure", "wgi_rq"])
def test_what_is_not_possible_is_missing(series, tables):
    observations, countries = tables
    spec = builtin_spec("open-ai-index")
    cells = assemble(spec, plant(observations, series, "SGP", times=30), countries).cells
    codes = [each.code for each in spec.indicators if each.select and each.select.indicator == series]
    found = cells.filter(pl.col("code").is_in(codes), iso3="SGP")
    assert found["flag"].unique().to_list() == ["not_possible"]
    assert found["value"].null_count() == len(codes)


def test_a_median_counts_a_year_without_a_deal_as_none(tables):
    observations, countries = tables
    spec = builtin_spec("open-ai-index")
    cells = assemble(spec, observations, countries).cells.filter(code="ai_investment.scale")
    for iso3 in ("USA", "MLT", "SGP"):
        years = observations.filter(
            pl.col("year").is_between(2023, 2025), indicator="ai_investment", iso3=iso3
        )
        values = sorted([*years["value"], 0.0, 0.0, 0.0][:3])
        assert cells.filter(iso3=iso3)["value"].item() == pytest.approx(values[1])


def test_lower_bounds_are_marked_and_never_zero(tables):
    cells = assemble(builtin_spec("open-ai-index"), *tables).cells
    bounds = cells.filter(flag="lower_bound")
    assert set(bounds["iso3"]) == {"CHN", "RUS"}
    assert bounds["up"].min() > 1
    hidden = set(bounds["code"])
    assert (
        cells.filter(pl.col("iso3").is_in(["CHN", "RUS"]), pl.col("code").is_in(list(hidden)))["flag"]
        .is_in(["lower_bound", "missing"])
        .all()
    )


@pytest.mark.parametrize(("name", "variant"), [("ai-capacity", "scale"), ("ai-readiness", "intensity")])
def test_named_forms_are_the_variants(name, variant):
    named, spec = builtin_spec(name), builtin_spec("open-ai-index", variant)
    assert named.index.id == name
    assert named.indicators == spec.indicators
    assert named.robustness == spec.robustness


def test_taiwan_is_not_imputed(tables):
    spec = builtin_spec("open-ai-index")
    index = build(spec, assemble(spec, *tables).table)
    shares = index.tree.effective_weights(index.weights)[: index.tree.n_indicators]
    assert index.imputed[index.row("TWN")] @ shares < 0.12
