"""Mirror statistics: the usual ratio, and years that break it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import t
from statsmodels.stats.multitest import multipletests

from parity import stats
from parity.errors import NoAnswerError, ParityError
from parity.trade import Mirror, mirror
from tests.trade.worlds import ALL, blocs, flows, snapshot

START = date(2022, 2, 24)


def pair(ratio_after: float, seed: int = 0) -> Mirror:
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(12):
        for year in range(2017, 2024):
            sent = float(np.exp(rng.normal(3, 0.5)))
            ratio = 1.1 * np.exp(rng.normal(0, 0.05)) * (ratio_after if year >= 2022 else 1)
            rows += [
                (f"E{n:02d}", "IMP", "export", "TOTAL", str(year), sent),
                ("IMP", f"E{n:02d}", "import", "TOTAL", str(year), sent * float(ratio)),
            ]
    return mirror(flows(*rows), ALL, [f"E{n:02d}" for n in range(12)], "IMP", START)


def test_the_usual_ratio_and_a_year_in_which_half_does_not_arrive() -> None:
    answer = pair(0.5)
    assert answer.usual.value == pytest.approx(1.1, abs=0.03)
    for one in answer.years:
        if one.year < "2022":
            assert (one.gap.low or 0) <= 0 <= (one.gap.high or 0)
        else:
            assert one.gap.value == pytest.approx(0.55 * one.exported, rel=0.08)
            assert (one.gap.low or 0) > 0


def test_a_false_alarm_is_as_rare_as_the_level_says() -> None:
    rng = np.random.default_rng(0)
    low = []
    for _ in range(500):
        ratio = np.exp(rng.normal(0.1, 0.2, 6))
        sent = {str(2017 + n): 1.0 for n in range(6)}
        rows = [("EXP", "IMP", "export", "TOTAL", year, value) for year, value in sent.items()]
        rows += [
            ("IMP", "EXP", "import", "TOTAL", year, float(r)) for year, r in zip(sent, ratio, strict=True)
        ]
        low.append((mirror(flows(*rows), ALL, ["EXP"], "IMP", START).years[-1].gap.low or 0) > 0)
    assert np.mean(low) == pytest.approx(0.05, abs=0.03)


def of_ratios(ratios: np.ndarray) -> Mirror:
    """Return the mirror of one exporter from 2016 on, with these ratios."""
    rows = [
        row
        for n, ratio in enumerate(ratios)
        for row in (
            ("EXP", "IMP", "export", "TOTAL", str(2016 + n), 1e6),
            ("IMP", "EXP", "import", "TOTAL", str(2016 + n), 1e6 * float(ratio)),
        )
    ]
    return mirror(flows(*rows), ALL, ["EXP"], "IMP", START)


def test_any_false_alarm_among_three_years_is_as_rare_as_the_level_says() -> None:
    rng = np.random.default_rng(1)
    worlds = [of_ratios(np.exp(rng.normal(0.1, 0.2, 9))) for _ in range(500)]
    assert np.mean([any(map(one.departs, one.years)) for one in worlds]) <= 0.1 + 0.03


@pytest.fixture
def independent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no year resemble the last: then the formulas are those of textbooks."""
    monkeypatch.setattr(stats, "AUTOCORRELATIONS", np.zeros(1))


@pytest.mark.usefixtures("independent")
def test_p_is_that_of_a_new_observation_adjusted_by_holm() -> None:
    logs = np.log([0.81, 1.02, 0.95, 1.01, 0.9, 0.97, 0.6, 0.8])
    answer = of_ratios(np.exp(logs))
    error = logs[:6].std(ddof=1) * np.sqrt(1 + 1 / 6)
    p = 2 * t.sf(np.abs(logs[6:] - logs[:6].mean()) / error, 5)
    assert [one.p_adjusted for one in answer.years[:6]] == [None] * 6
    told = [one.p_adjusted for one in answer.years[6:]]
    assert told == pytest.approx(multipletests(p, method="holm")[1])


def test_more_than_usual_is_told_too() -> None:
    answer = of_ratios(np.array([1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 3.0, 1.0]))
    assert [answer.departs(one) for one in answer.years] == [False] * 6 + [True, False]
    assert "2022: 2 million USD more arrived than usual" in answer.verdict


@pytest.mark.usefixtures("independent")
def test_the_interval_is_the_textbook_prediction_interval() -> None:
    logs = np.log([0.81, 1.02, 0.95])
    rows = [("EXP", "IMP", "export", "TOTAL", str(2019 + n), 1.0) for n in range(4)]
    rows += [
        ("IMP", "EXP", "import", "TOTAL", str(2019 + n), float(r))
        for n, r in enumerate([*np.exp(logs), 0.33])
    ]
    answer = mirror(flows(*rows), ALL, ["EXP"], "IMP", START)
    model = sm.OLS(logs, np.ones(3)).fit().get_prediction([1.0]).summary_frame(alpha=0.1)
    assert answer.usual.low == pytest.approx(float(np.exp(model["obs_ci_lower"].iloc[0])))
    assert answer.usual.high == pytest.approx(float(np.exp(model["obs_ci_upper"].iloc[0])))


def test_two_years_before_have_no_interval_and_say_so() -> None:
    rows = [
        row
        for year in (2020, 2021, 2022)
        for row in (
            ("EXP", "IMP", "export", "TOTAL", str(year), 1.0),
            ("IMP", "EXP", "import", "TOTAL", str(year), 1.1),
        )
    ]
    gap = mirror(flows(*rows), ALL, ["EXP"], "IMP", START).years[-1].gap
    assert (gap.low, gap.high) == (None, None)
    assert "fewer than 3 years" in gap.reason


def test_a_third_of_what_the_union_sent_arrived_in_kyrgyzstan_in_2023() -> None:
    answer = mirror(snapshot(), ALL, blocs().union, "KGZ", START)
    last = answer.years[-1]
    assert last.year == "2023"
    assert last.imported < 0.35 * last.exported
    assert (last.gap.low or 0) > 5e8
    assert "did not arrive as usual" in answer.verdict
    assert len(answer.years) == 5


def test_armenia_s_year_that_had_only_begun_is_not_taken_for_a_gap() -> None:
    answer = mirror(snapshot(), ALL, blocs().union, "ARM", START)
    assert [one.year for one in answer.years] == ["2019", "2020", "2021", "2022"]


def test_one_side_alone_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match="not both at hand"):
        mirror(snapshot(), ALL, blocs().union, "RUS", START)


def test_a_month_without_trade_with_the_importer_is_no_year_without_reports() -> None:
    months = [f"2020-{month:02d}" for month in range(1, 13)]
    rows = [("DEU", "BBB", "export", "TOTAL", month, 1.0) for month in months]
    rows += [("DEU", "AAA", "export", "TOTAL", month, 1.0) for month in months[1:]]
    rows += [("AAA", "DEU", "import", "TOTAL", "2020", 12.0)]
    (year,) = mirror(flows(*rows), ALL, ("DEU",), "AAA", date(2022, 2, 24)).years
    assert year.exported == 11.0


def test_sides_in_different_units_are_refused() -> None:
    rows = [("DEU", "AAA", "export", "TOTAL", str(year), 5000.0) for year in range(2018, 2024)]
    rows += [("AAA", "DEU", "import", "TOTAL", str(year), 5.0) for year in range(2018, 2024)]
    with pytest.raises(ParityError, match="not in the same unit"):
        mirror(flows(*rows), ALL, ("DEU",), "AAA", START)


def test_a_side_that_stops_to_report_is_said() -> None:
    rows = [("AAA", "BBB", "export", "TOTAL", str(year), 10.0) for year in range(2015, 2024)]
    rows += [("BBB", "AAA", "import", "TOTAL", str(year), 9.0) for year in range(2015, 2023)]
    answer = mirror(flows(*rows), ALL, ("AAA",), "BBB", START)
    assert answer.years[-1].year == "2022"
    assert "exporters report until 2023, BBB until 2022" in answer.verdict
