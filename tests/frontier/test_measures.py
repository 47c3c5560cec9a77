"""Parameters, scenarios, projections, the brief's section and the figures."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from parity.ask.frontier import carried, own, sides
from parity.catalogue.build._model_facts import open_weights
from parity.errors import NoAnswerError, ParityError
from parity.frontier import (
    Abilities,
    BootstrapOptions,
    Capability,
    Evidence,
    FitOptions,
    ScenarioOptions,
    fit,
    fit_evidence,
    frontier,
    lag,
    parameters,
    project,
    relate,
    scenario,
    together,
)
from parity.frontier._models import by_capability
from parity.frontier._projection import _reaches, fit_trend
from parity.frontier._steps import Steps, steps
from tests.frontier.conftest import made_up
from tools.lag_claims import levels_of

MONTH = 365.25 / 12
TODAY = dt.date(2025, 1, 1)
PEAK = 9.89e14


@pytest.fixture(scope="module")
def small() -> Capability:
    frame, _ = made_up(45, 12, share=0.9, seed=21)
    number = pl.col("model").str.slice(1).cast(pl.Int64)
    known = frame.with_columns(
        training_compute=10.0 ** (22 + number / 15), open_weights=number % 2 == 0, derived=False
    )
    tests = pl.DataFrame({"test": frame["test"].unique().sort()}).with_columns(
        domain=pl.when(pl.col("test") < "t06").then(pl.lit("mathematics")).otherwise(pl.lit("coding")),
        released=pl.date(2020, 1, 1) + pl.duration(days=90 * pl.int_range(pl.len())),
        benchmark=pl.col("test"),
    )
    return fit(
        known,
        tests=tests,
        options=FitOptions(anchor="t00"),
        resampling=BootstrapOptions(draws=40),
        data="made up",
    )


@pytest.fixture(scope="module")
def notable() -> pl.DataFrame:
    """One model a year per country; the second's come 400 days later, with less compute."""
    rows = [
        (f"{c}{k}", c, dt.date(2018, 6, 1) + dt.timedelta(days=365 * k + late), 10.0 ** (20 + k) * part, k)
        for c, late, part in (("AAA", 0, 1.0), ("BBB", 400, 0.09))
        for k in range(6)
    ]
    frame = pl.DataFrame(rows, schema=["model", "country", "date", "training_compute", "k"], orient="row")
    return frame.with_columns(
        notable=pl.lit(True),
        confidence=pl.lit("confident"),
        hardware=pl.when(pl.col("k") == 5).then(pl.lit("NVIDIA H100 SXM5 80GB")).otherwise(pl.lit("older")),
        hardware_flops=pl.when(pl.col("k") == 5).then(PEAK).otherwise(1e14 * (pl.col("k") + 1)),
    )


@pytest.fixture(scope="module")
def clusters() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "country": ["AAA", "AAA", "BBB", "BBB", "BBB"],
            "operational": [
                dt.date(2020, 1, 1),
                dt.date(2022, 1, 1),
                dt.date(2023, 1, 1),
                None,
                dt.date(2023, 2, 1),
            ],
            "h100_equivalents": [500.0, 5000.0, 800.0, 200.0, 9e9],
            "status": ["existing"] * 4 + ["planned"],
            "until": pl.Series([None] * 5, dtype=pl.Date),
            "certainty": ["confirmed"] * 5,
            "duplicate": [False] * 5,
        }
    )


def test_every_parameter_has_a_row(small: Capability, notable: pl.DataFrame, clusters: pl.DataFrame) -> None:
    found = parameters(small, notable, clusters, "BBB", "AAA", on=TODAY)
    rows = {row.name: row for row in found.rows}
    assert set(rows) == {
        "capability",
        "capability: coding",
        "capability: mathematics",
        "capability: open weights",
        "largest training run",
        "notable models since 2018",
        "hardware used in training",
        "installed accelerators",
    }
    # BBB's last run is of 9e23 FLOP; AAA had that four years in, with its run of 1e24.
    last = max(notable["date"])
    assert rows["largest training run"].lag.value == pytest.approx((last - dt.date(2022, 5, 31)).days / MONTH)
    # Both are level in hardware and count by the end of the list.
    assert rows["hardware used in training"].lag.value == 0
    assert rows["notable models since 2018"].lag.value == 0
    # BBB has 800 (planned and undated ones do not count), which AAA had with its 5,500.
    assert rows["installed accelerators"].lag.value == pytest.approx(
        (dt.date(2023, 1, 1) - dt.date(2022, 1, 1)).days / MONTH
    )


def test_a_parameter_without_data_says_why(
    small: Capability, notable: pl.DataFrame, clusters: pl.DataFrame
) -> None:
    rows = {r.name: r for r in parameters(small, notable, clusters, "CCC", "AAA", on=TODAY).rows}
    assert rows["largest training run"].lag.value is None
    assert "of CCC in a list known to reach" in rows["largest training run"].lag.reason


def test_domains_share_the_scale_of_the_whole(small: Capability) -> None:
    whole, part = small.abilities, small.in_domain("coding")
    assert part.domain == "coding"
    assert np.corrcoef(whole.point, part.point)[0, 1] > 0.9
    assert (part.models["n_scores"] <= whole.models["n_scores"]).all()
    with pytest.raises(ParityError, match="no domain 'cooking'"):
        small.in_domain("cooking")


def test_the_relation_to_compute_and_time_is_found() -> None:
    rng = np.random.default_rng(0)
    n = 80
    flop, days = 10.0 ** rng.uniform(21, 26, n), rng.integers(19000, 20500, n)
    ability = 0.3 * np.log10(flop) + 0.4 * (days - 19000) / 365.25 + rng.normal(0, 0.05, n)
    models = pl.DataFrame({"training_compute": flop, "date": days, "n_scores": 5}).with_columns(
        pl.col("date").cast(pl.Int32).cast(pl.Date)
    )
    found = relate(Abilities(models, ability, {}))
    assert found.coefficients[1:] == pytest.approx([0.3, 0.4], abs=0.05)
    low, high = np.quantile(found.draws[:, 1], [0.05, 0.95])
    assert low < 0.3 < high
    with pytest.raises(NoAnswerError, match="known training compute"):
        relate(Abilities(models.head(5), ability[:5], {}))


def test_a_scenario_follows_its_assumptions(
    small: Capability, notable: pl.DataFrame, clusters: pl.DataFrame
) -> None:
    world = frontier(small.abilities)
    found = scenario(world, notable, clusters, "BBB", "AAA", on=TODAY, options=ScenarioOptions(scope="all"))
    assert found.accelerators == 1000.0  # with the cluster whose date is not known
    assert found.flop == pytest.approx(1000 * PEAK * 0.4 * 90 * 86400)
    # 3.08e24 FLOP: the world's first run so large is AAA's of 1e25.
    assert found.first_run == ("AAA5", dt.date(2023, 5, 31))
    assert found.implied.value == pytest.approx((TODAY - dt.date(2023, 5, 31)).days / MONTH)
    assert found.implied.level is None  # half a power of ten either way is no probability
    before = scenario(world, notable, clusters, "BBB", "AAA", on=dt.date(2023, 5, 1))
    assert before.implied.value == 0.0
    assert before.first_run[0].startswith("none in a list known to reach")
    doubled = scenario(
        world,
        notable,
        clusters,
        "BBB",
        "AAA",
        on=TODAY,
        options=ScenarioOptions(days=45, accelerators=4000, share=0.5),
    )
    assert doubled.flop == pytest.approx(found.flop)
    largest = scenario(world, notable, clusters, "BBB", "AAA", on=TODAY)
    assert largest.accelerators == 800.0
    assert largest.run_capability.value < found.run_capability.value
    assert any("1,000 H100 equivalents" in line for line in found.assumptions())


def test_on_a_past_day_a_scenario_has_the_clusters_that_ran_then(
    small: Capability, notable: pl.DataFrame, clusters: pl.DataFrame
) -> None:
    gone = clusters.head(3).with_columns(
        country=pl.Series(["BBB", "BBB", "AAA"]),
        operational=pl.Series([dt.date(2020, 1, 1), dt.date(2020, 1, 1), dt.date(2023, 2, 10)]),
        until=pl.Series([dt.date(2023, 1, 30), None, None], dtype=pl.Date),
        status=pl.Series(["decommissioned", "decommissioned", "existing"]),
        h100_equivalents=pl.Series([70.0, 6000.0, 1.0]),
    )
    world, every = frontier(small.abilities), pl.concat([clusters, gone])

    def at_hand(day: dt.date) -> float:
        options = ScenarioOptions(scope="all")
        return scenario(world, notable, every, "BBB", "AAA", on=day, options=options).accelerators

    # The undated cluster of 200 counts from the last day in the data; that of 70 until it was closed.
    assert at_hand(dt.date(2023, 1, 29)) == 870.0
    assert at_hand(dt.date(2023, 1, 30)) == 800.0
    assert at_hand(dt.date(2023, 2, 9)) == 800.0
    assert at_hand(TODAY) == 1000.0


def test_a_scenario_needs_accelerators(
    small: Capability, notable: pl.DataFrame, clusters: pl.DataFrame
) -> None:
    with pytest.raises(NoAnswerError, match=r"no cluster of CCC runs .* in a list known to reach"):
        scenario(frontier(small.abilities), notable, clusters, "CCC", "AAA", on=TODAY)


def line(n: int, slope: float, noise: float, seed: int, bend: float = 0.0) -> Steps:
    rng = np.random.default_rng(seed)
    days = 18000 + 60.0 * np.arange(n)
    years = (days - days[0]) / 365.25
    level = slope * years + bend * np.maximum(years - years[n // 2], 0) + rng.normal(0, noise, n)
    return Steps(days, level, np.arange(n))


def test_a_trend_is_the_line_through_the_records() -> None:
    trend = fit_trend(line(12, 0.4, 0.0, 0))
    assert trend.per_year == pytest.approx(0.4)
    middle, low, high = trend.at(np.array([19000.0]))
    assert low[0] <= middle[0] <= high[0]


def test_a_trend_says_when_it_reaches_a_level() -> None:
    rng = np.random.default_rng(3)
    days = np.arange(0, 1460, 100.0)
    trend = fit_trend(Steps(days, days / 365.25 + rng.normal(0, 0.05, days.size), np.arange(days.size)))
    found = _reaches(trend, 1400, 3.8, 1400 / 365.25 + 0.5, 0.9)
    assert found.value == pytest.approx(6, abs=1)
    assert (found.low or 0) < found.value < (found.high or 99)
    assert _reaches(trend, 1400, 5.0, 4.0, 0.9).reason == "it has that level already"
    assert _reaches(trend, 1400, 3.8, 99.0, 0.9).value is None


def test_prediction_intervals_cover_what_comes() -> None:
    inside = []
    for seed in range(200):
        records = line(15, 0.4, 0.05, seed)
        history = Steps(*(part[:12] for part in records))
        _, low, high = fit_trend(history).at(records.date[12:])
        inside.append(np.mean((low <= records.level[12:]) & (records.level[12:] <= high)))
    # Wider than of independent records: those of a real frontier resemble the last.
    assert 0.86 <= np.mean(inside) <= 0.99


def world_of(records: Steps) -> Abilities:
    models = pl.DataFrame(
        {"model": [str(k) for k in range(records.date.size)], "country": "AAA", "n_scores": 5}
    ).with_columns(date=pl.Series(records.date.astype(np.int32)).cast(pl.Date))
    return Abilities(models, records.level, {})


def test_a_break_is_found_where_there_is_one() -> None:
    bent = project(frontier(world_of(line(24, 0.3, 0.01, 1, bend=0.8))), "AAA", draws=99)
    assert bent.break_p is not None
    assert bent.break_p < 0.05
    assert abs((bent.break_date - dt.date(2021, 4, 1)).days) < 200  # type: ignore[operator]
    assert bent.per_year.value == pytest.approx(1.1, abs=0.15)
    straight = project(frontier(world_of(line(24, 0.3, 0.02, 2))), "AAA", draws=99)
    assert straight.break_p is not None
    assert straight.break_p > 0.05


def test_a_projection_is_backtested() -> None:
    found = project(frontier(world_of(line(20, 0.4, 0.03, 3))), "AAA", months=6, draws=49)
    assert found.ahead.height == 6
    assert found.coverage is not None
    assert found.coverage > 0.5
    assert (found.backtest["records"] > 0).all()
    short = steps(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
    with pytest.raises(NoAnswerError, match="a trend needs at least"):
        project(frontier(world_of(short)), "AAA")


@pytest.fixture(scope="module")
def snapshot() -> Capability:
    return fit_evidence(carried(), resampling=BootstrapOptions(draws=20))


def test_the_carried_scores_fit_and_russia_trails(snapshot: Capability) -> None:
    assert snapshot.solution.converged
    world = frontier(snapshot.abilities)
    assert {"USA", "CHN", "RUS", "FRA", "KOR", "ARE", "JPN"} <= set(world.groups)
    assert world.leading(1) == ["USA"]
    assert lag(world, "RUS", "USA").standing.value > 0
    assert lag(world, "CHN", "USA").window.mean.value < lag(world, "RUS", "USA").window.mean.value


def test_the_carried_fit_agrees_with_the_reference(snapshot: Capability, shared) -> None:  # type: ignore[no-untyped-def]
    path = shared / "data" / "reference" / "epoch" / "capabilities.csv"
    known = pl.read_csv(path).join(snapshot.table(), on="model")
    assert known.height > 160
    assert np.corrcoef(known["estimated_capability"], known["capability"])[0, 1] >= 0.98


def test_the_reference_rows_give_the_published_lag(shared) -> None:  # type: ignore[no-untyped-def]
    """Epoch AI: since 2023 a mean of 7 months, from 4 to 14, GPT-4's level after 14."""
    rows = pl.read_csv(shared / "data" / "reference" / "epoch" / "scores.csv")
    scores = rows.select("model", test="benchmark", score="performance")
    found = fit(scores, models=carried().models, resampling=BootstrapOptions(draws=40))
    measured = lag(frontier(found.abilities), "CHN", "USA", on=dt.date(2026, 1, 15))
    assert measured.window.mean.low <= 7 <= measured.window.mean.high
    levels = levels_of(measured).filter(~pl.col("open"), pl.col("date") >= dt.date(2023, 1, 1))
    caught = dict(levels.select("model", "months").rows())
    assert caught["gpt-4-0314"] == pytest.approx(14, abs=0.5)
    assert levels["months"].min() == pytest.approx(4, abs=0.5)


def test_own_scores_stand_beside_the_carried_ones() -> None:
    base = carried()
    mine = pl.DataFrame(
        {
            "model": ["mine"] * 3,
            "benchmark": ["MMLU", "GPQA diamond", "Winogrande"],
            "score": [0.7, 0.4, 0.8],
            "date": ["2025-05-01"] * 3,
            "country": ["Kazakhstan"] * 3,
        }
    )
    evidence = together(own(mine, "mine.csv", today=TODAY.replace(year=2026), dated=True), base)
    found = fit_evidence(evidence, kinds=())
    row = found.table().filter(model="mine").row(0, named=True)
    assert (row["country"], row["n_scores"]) == ("KAZ", 3)
    assert found.abilities.models.height == fit_evidence(base, kinds=()).abilities.models.height + 1


@pytest.mark.parametrize("column", ["date", "country"])
def test_a_lag_of_own_scores_needs_dates_and_countries(column: str) -> None:
    frame = made_up(8, 4)[0].with_columns(country=pl.lit("Russia"))
    today = dt.date(2030, 1, 1)
    with pytest.raises(ParityError, match=f"needs the column '{column}'"):
        own(frame.drop(column), "x.csv", today=today, dated=True)
    hole = frame.with_columns(pl.when(pl.col("model") != "m003").then(column).alias(column))
    assert f"no {column}, so they set no frontier: m003" in own(hole, "x.csv", today=today, dated=True).notes
    assert own(hole, "x.csv", today=today, dated=False).scores.height == frame.height


def test_sides_are_countries_blocs_or_weights() -> None:
    assert sides("Russia", "usa") == ("country", (), "RUS", "USA")
    assert sides("RUS", "USA+China") == ("country", (), "RUS", "USA+CHN")
    assert sides("open", "USA")[0] == "openness"
    by, blocs, of, behind = sides("BRICS", "USA")
    assert (by, of, behind) == ("bloc", "BRICS", "USA")
    assert "RUS" in dict(blocs)["BRICS"]
    assert dict(blocs)["USA"] == ("USA",)
    with pytest.raises(ParityError, match="no country is known as 'Atlantis'"):
        sides("Atlantis", "USA")


def test_carried_evidence_is_tidy() -> None:
    evidence = carried()
    assert isinstance(evidence, Evidence)
    assert not evidence.scores.select("model", "test").is_duplicated().any()
    assert evidence.scores["score"].is_between(0, 1).all()


def test_the_published_lag_of_open_weights_is_reproduced(shared: Path) -> None:
    """Epoch AI, October 2025: 3.5 months (1.1 to 5.3) over levels, read off its estimates."""
    rows = pl.read_csv(shared / "data" / "reference" / "epoch" / "capabilities.csv", try_parse_dates=True)
    opened = rows["model"].map_elements(open_weights, return_dtype=pl.Boolean)
    index = Abilities.published(
        rows.select("model", "date", capability="estimated_capability", open_weights=opened)
    )
    found = lag(frontier(index, "openness"), "open", "closed")
    assert 3.0 <= found.levels_apart.value <= 4.0
    assert found.window.mean.value > found.levels_apart.value


def test_a_model_is_listed_once_at_its_most_capable_effort() -> None:
    models = pl.DataFrame({"model": ["a_low", "a_high", "b", "c"], "family": ["a", "a", None, None]})
    told = Abilities(models.with_columns(n_scores=pl.lit(3)), np.array([1.0, 2.0, 1.5, 0.5]), {})
    table, few, folded = by_capability(told)
    assert table["model"].to_list() == ["a_high", "b", "c"]
    assert (few, folded) == (0, 1)
    assert by_capability(told, efforts=True)[0]["model"].to_list() == ["a_high", "b", "a_low", "c"]
    assert by_capability(told, top=2)[0]["model"].to_list() == ["a_high", "b"]
