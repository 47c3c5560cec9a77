"""A country's brief: what it says is what other questions say, on one screen, without a misleading word."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex

import click
import polars as pl
import pytest

from parity.ask.explain import Explain
from parity.ask.goal import Goal
from parity.ask.lag import Lag
from parity.ask.rank import Rank
from parity.ask.years import HISTORY, rank_ranges
from parity.brief.blocs import Bloc
from parity.brief.parts import Missing, Pledges, Ties
from parity.brief.question import Brief
from parity.brief.result import Comparison, CountryBrief
from parity.brief.trade import Trade
from parity.catalogue import load_table, members, snapshot_date
from parity.cli.main import root
from parity.errors import ParityError
from parity.frontier import LagReport
from parity.show import html, markdown, terminal
from parity.show.document import Document, Facts, Group
from parity.views.names import ordinal

COUNTRIES = ("RUS", "USA", "IND", "LUX", "NGA", "TWN", "HKG", "ARE", "CHN", "FRA")
SCREEN, WIDTH = 45, 80


def brief(code: str, **given: object) -> CountryBrief:
    result = Brief.read({"places": (code,), **given}).answer().result
    assert isinstance(result, CountryBrief)
    return result


def document(*places: str, **given: object) -> Document:
    return Brief.read({"places": places, **given}).answer().document()


def findings(shown: Document) -> dict[str, str]:
    return {
        fact.topic: fact.text for block in shown.screen if isinstance(block, Facts) for fact in block.rows
    }


@pytest.mark.parametrize("code", COUNTRIES)
def test_fits_one_screen(code: str) -> None:
    lines = terminal.text(document(code), WIDTH).splitlines()
    assert len(lines) <= SCREEN, "\n".join(lines)
    assert max(map(len, lines)) <= WIDTH
    first = next(n for n, line in enumerate(lines) if line.startswith("Rank  "))
    topics = [line.split("  ")[0] for line in lines[first : first + 12] if not line.startswith(" ")]
    assert topics[:8] == ["Rank", "Models", "Hardware", "Compute", "Gap", "Trade", "Policy", "Claims"]
    assert sum(line.startswith("$ parity") for line in lines) == 4, "three next commands, and its own"


@pytest.mark.parametrize("code", COUNTRIES)
def test_says_of_what_a_share_is(code: str) -> None:
    text = markdown.markdown(document(code))
    assert "% of the world" not in text.replace("% of the world's published total", "")
    assert "None" not in text
    assert "nan" not in re.findall(r"[a-z]+", text)


def test_the_headline_has_both_intervals() -> None:
    found = brief("RUS")
    place, lag = found.sections.position.places[0], found.sections.lag.standing
    assert lag.value is not None
    size, person = place.forms["scale"].rank, place.forms["intensity"].rank
    assert document("RUS").headline == (
        f"Of {place.of} countries in AI, Russia is {ordinal(size)} by size, {ordinal(person)} per person; "
        f"mixed {ordinal(place.rank)} ({place.rank_low} to {place.rank_high}). Its models are "
        f"{lag.value:.0f} months ({lag.low:.0f} to {lag.high:.0f}) behind the United States."
    )
    assert "cannot be told" in document("LUX").headline
    assert "ahead of China" in document("USA").headline


@pytest.mark.parametrize("code", ["RUS", "LUX"])
def test_ranks_are_those_of_the_ranking_in_all_forms(code: str) -> None:
    ranked = next(one for one in Rank().answer().result.countries if one.iso3 == code)
    places = {place.node: place for place in brief(code).sections.position.places}
    whole = places["index"]
    assert ranked.forms is not None
    assert (whole.rank, whole.rank_low, whole.rank_high) == (ranked.rank, ranked.rank_low, ranked.rank_high)
    for form, at in whole.forms.items():
        assert at == getattr(ranked.forms, form)
    for node, pillar in ranked.pillars.items():
        assert places[node].rank == pillar.rank


def test_the_lag_is_that_of_its_command() -> None:
    section = brief("RUS").sections.lag
    found = Lag(of="RUS").answer().result
    assert isinstance(found, LagReport)
    assert section.standing == found.lag.standing
    assert {one.behind: one.standing for one in section.others}["USA"] == section.standing
    assert section.parameters is None
    leader = brief("USA").sections.lag
    assert leader.behind == "CHN"
    assert leader.standing.value is not None
    assert leader.standing.value < 0
    nobody = brief("KEN").sections.lag
    assert nobody.on is None
    assert "Kenya" in nobody.standing.reason


def test_the_gap_is_that_of_its_command() -> None:
    (gap,) = brief("IND").sections.gap.gaps
    assert (gap.role, gap.iso3) == ("leader", "USA")
    assert gap.parts == Explain(a="USA", b="IND").answer().result
    assert brief("USA").sections.gap.gaps == ()


def test_a_full_brief_has_what_takes_seconds() -> None:
    said = brief("RUS", full=True).sections
    own = said.position.places[0].rank
    ranks = {one.iso3: one.rank for one in Rank().answer().result.countries}
    assert own is not None
    gaps = [(gap.role, ranks[gap.iso3]) for gap in said.gap.gaps]
    assert gaps == [("leader", 1), ("next above", own - 1)]
    assert not isinstance(said.goal, Missing)
    assert said.goal == Goal(country="RUS", rank=said.goal.rank).answer().result
    low = said.position.places[0].rank_low
    assert said.goal.rank == (low or 0) - 1, "a better rank beyond doubt"
    told = Lag(of="RUS", parameters=True).answer().result
    assert isinstance(told, LagReport)
    assert said.lag.parameters == told.parameters
    assert isinstance(said.bloc, Bloc)
    assert (said.bloc.bloc, said.bloc.score.low is not None) == ("BRICS", True)
    assert isinstance(said.ties, Ties)
    assert all(one.low is not None for one in said.ties.partners)
    short = brief("RUS").sections
    for name in ("bloc", "goal"):
        assert "--full" in getattr(short, name).reason, "said, not left out"
    whole = terminal.text(document("RUS", full=True), WIDTH)
    assert len(whole.splitlines()) > 2 * SCREEN


def test_strengths_are_against_other_countries() -> None:
    profile = brief("CHN").sections.profile
    income, bloc = profile.peers
    assert (income.name, bloc.name, bloc.size) == ("Upper middle income", "BRICS", 9)
    assert all(one.score > one.peers[income.name] for one in profile.strengths)
    assert all(one.score < one.peers[income.name] for one in profile.weaknesses)


def test_evidence_adds_up_and_what_is_missing_is_said() -> None:
    said = brief("TWN").sections
    one = said.evidence
    assert one.observed + one.estimated + one.imputed + one.zero_filled == pytest.approx(1)
    kinds = [gap.kind for gap in said.data_gaps.gaps]
    assert kinds.count("imputed") == len(one.imputed_indicators)
    details = [gap.detail for gap in said.data_gaps.gaps]
    for name in ("control", "claims", "strategy"):
        section = getattr(said, name)
        assert not isinstance(section, Missing) or section.reason in details


@pytest.mark.parametrize(
    ("code", "words"),
    [("RUS", "2019 and 2024"), ("ARE", "(unverified)"), ("HKG", "no AI strategy of its own")],
)
def test_names_the_strategy(code: str, words: str) -> None:
    assert words in findings(document(code))["Policy"]


def test_laboratories_are_the_countrys_own() -> None:
    labs = brief("CHN").sections.laboratories
    assert not isinstance(labs, Missing)
    own = load_table("models").filter(pl.col("country") == "CHN", ~pl.col("derived"))
    assert {one.newest for one in labs.developers} <= set(own["model"])
    counts = [one.models for one in labs.developers]
    assert counts == sorted(counts, reverse=True)


def test_trade_is_what_is_declared() -> None:
    trade = brief("IND").sections.trade
    assert isinstance(trade, Trade)
    flows = load_table("flows").filter(
        pl.col("reporter") == "TWN", pl.col("partner") == "IND", pl.col("period") == "2023"
    )
    (sent,) = (one.value for one in trade.flows if one.year == 2023 and one.what.startswith("Integrated"))
    assert sent == pytest.approx(flows["value"].sum())


def test_ties_are_the_largest() -> None:
    ties = brief("FRA").sections.ties
    assert isinstance(ties, Ties)
    shares = [one.share for one in ties.partners]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) < 1


def test_change_ends_on_the_scale_it_is_measured_on() -> None:
    change = brief("IND").sections.change
    assert not isinstance(change, Missing)
    years = [one.year for one in change.years]
    assert years == sorted(years)
    assert 0 < change.share < 1


START = dt.date(2024, 6, 1)


def test_nothing_that_changed_is_older_than_the_day() -> None:
    section = brief("RUS", since=START).sections.since
    assert (section.since, section.until) == (START, snapshot_date())
    assert section.models
    assert section.rules
    assert min(one.released for one in section.models) >= START
    assert min(one.day for one in section.rules) >= START
    assert all(START <= line.due <= section.until for line in section.pledges)


def test_says_what_moved_its_numbers_and_why() -> None:
    section = brief("RUS", since=START).sections.since
    assert {one.cause for one in section.moved} == {"data", "model", "rule", "method"}
    assert all(one.what and one.why for one in section.moved)
    assert [one.year for one in section.ranks] == [2023, 2025], "in June 2024 the last full year is 2023"
    assert section.ranks[0].rank == rank_ranges(2023, HISTORY)["RUS"]
    assert section.lag_now == brief("RUS").sections.lag.standing
    assert section.lag_then != section.lag_now
    assert "19.8" in findings(document("RUS", since="2025-06-01"))["Changed"]
    assert "Changed" not in findings(document("RUS"))


def test_pledges_fell_due() -> None:
    said = brief("RUS", since="2025-01-01").sections
    assert isinstance(said.pledges, Pledges)
    assert {line.id for line in said.since.pledges} <= {line.id for line in said.pledges.pledges}
    assert "rus-china-ai-cooperation" in {line.id for line in said.since.pledges}


def test_countries_are_put_side_by_side() -> None:
    answer = Brief.read({"places": ("Russia", "CHN")}).answer()
    found = answer.result
    assert isinstance(found, Comparison)
    assert [one.country.iso3 for one in found.briefs] == ["RUS", "CHN"]
    assert json.loads(answer.json())["briefs"][1]["country"]["iso3"] == "CHN"
    for row, one in zip(found.rows, found.briefs, strict=True):
        whole = one.sections.position.places[0]
        assert row.forms == whole.forms
        assert row.lag == one.sections.lag.standing
        assert (row.hardware, row.h100e) == (one.sections.chips.lag, one.sections.chips.h100e)
    shown = answer.document()
    assert shown.headline.endswith("China is 2nd by size, 22nd per person; mixed 2nd (2 to 9).")
    assert {"Russia", "China"} <= {column.label for table in shown.tables() for column in table.columns}
    assert [chart.name for chart in shown.charts()] == ["forms", "lags", "standing"]


def test_a_group_is_briefed_as_one_unit_and_by_member() -> None:
    answer = Brief.read({"places": ("brics",)}).answer()
    found = answer.result
    assert answer.question.command == "parity brief BRICS"
    assert isinstance(found, Comparison)
    assert {row.iso3 for row in found.rows} == set(members("BRICS"))
    ranks = [row.forms["mixed"].rank or 0 for row in found.rows]
    assert ranks == sorted(ranks)
    assert found.group is not None
    assert (found.group.rank_low or 0) <= (found.group.rank or 0) <= (found.group.rank_high or 0)
    assert "country brings" not in terminal.text(answer.document())


def parse(command: str) -> None:
    """Parse a command as the program would, without running it."""
    words = shlex.split(command)
    assert words[0] == "parity"
    found: click.Command | None = root
    context, rest = root.make_context("parity", words[1:]), words[1:]
    while isinstance(found, click.Group):
        name, found, rest = found.resolve_command(context, rest)
        assert found is not None
        context = found.make_context(name, list(rest), parent=context)


@pytest.mark.parametrize("code", ["RUS", "USA", "NGA"])
def test_every_command_is_one(code: str) -> None:
    appendix = document(code).blocks[-1]
    assert isinstance(appendix, Group)
    (table,) = (block for block in appendix.blocks if hasattr(block, "frame"))
    commands = table.frame["command"].to_list()
    assert len(commands) > 8
    for command in commands:
        if "--rank N" not in command and " | " not in command and not command.startswith("python"):
            parse(command)


def test_figures_are_on_page_one_with_their_numbers() -> None:
    shown = document("CHN")
    names = [chart.name for chart in shown.charts()]
    assert names[:5] == ["ranks", "lag", "hardware", "ties", "circuits"]
    assert all(chart.alt and chart.caption and chart.frame.height for chart in shown.charts())
    pages = [block.new_page for block in shown.blocks if isinstance(block, Group)]
    assert pages.index(True) == 3, "figures, small figures and lists come before"
    assert len({chart.name for chart in shown.charts()}) == len(names)
    page = html.page(shown)
    assert page.count("<figure") == len(names)
    assert not re.search(r"<script|<link|<img|@import|src=|javascript:", page)


def test_no_table_stands_twice() -> None:
    shown = document("RUS", full=True)
    captions = [
        table.caption for table in shown.tables() if table.caption and "Strengths" not in table.caption
    ]
    assert len(captions) == len(set(captions))


def test_pdf_is_one() -> None:
    pytest.importorskip("typst")
    from parity.show.pdf import pdf

    for shown in (document("USA"), document("NGA", "LUX")):
        assert pdf(shown).startswith(b"%PDF-")


NINE = ("RUS", "CHN", "USA", "IND", "FRA", "DEU", "GBR", "JPN", "KOR")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"places": ("Rusiaa",)}, "Did you mean 'Russia'"),
        ({"places": ("North Korea",)}, "North Korea (PRK) is not ranked by 'open-ai-index'"),
        ({"places": ("RUS", "Russia")}, "RUS is given twice"),
        ({"places": ("RUS", "BRICS")}, "a bloc is briefed alone"),
        ({}, "name a country"),
        ({"all": True}, "--all and --to-folder"),
        ({"places": ("RUS",), "since": dt.date(2100, 1, 1)}, "since"),
        ({"places": NINE}, "at most 8"),
    ],
)
def test_a_mistake_gets_one_message(given: dict[str, object], told: str) -> None:
    with pytest.raises(ParityError, match=re.escape(told)):
        Brief.read(given).answer()


def test_editions_of_the_data_are_told_as_the_changelog_has_them() -> None:
    moved = [one for one in brief("RUS", since=START).sections.since.moved if "edition of" in one.why]
    assert moved
    assert all(one.cause == "data" and one.day == snapshot_date() for one in moved)
    after = [one for one in brief("RUS", since=snapshot_date()).sections.since.moved if one.day]
    assert not [one for one in after if one.cause == "data"], "nothing is younger than the data"
