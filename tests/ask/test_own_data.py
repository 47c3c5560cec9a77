"""The reader's own: weights with every question about an index, indicators, and how it is cited."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import parity
from parity.brief.question import Brief
from parity.brief.standing import position
from parity.errors import ParityError
from parity.index import builtin_text
from parity.show.citation import Style

OWN = pl.DataFrame(
    {
        "Country": ["United States", "China", "UK", "Germany", "South Korea", "Atlantis"],
        "courses": [950.0, 640.0, 410.0, 380.0, 250.0, 5.0],
    }
)


def test_own_weights_stand_in_other_answers_too() -> None:
    told = "own weights: Innovation 50 %"
    answer = parity.explain("USA", "FRA", weight=("innovation=50%",))
    document = answer.document()
    assert told in document.title
    assert all(told in chart.title for chart in document.charts())
    assert answer.table()["setting"].unique().to_list() == [told]
    assert told in answer.cite("apa")
    assert answer.result.gap != parity.explain("USA", "FRA").result.gap


def test_a_brief_ranks_by_the_same_weights_as_the_ranking() -> None:
    asked = Brief(places=("FRA",), weight=("innovation=50%",))
    brief = position(asked.standing(), "FRA", asked.own).places[0]
    place = next(one for one in parity.rank(weight=asked.weight).result.countries if one.iso3 == "FRA")
    assert (brief.rank, brief.rank_low, brief.rank_high) == (place.rank, place.rank_low, place.rank_high)


def test_shares_of_a_group_add_up() -> None:
    found = parity.index_weights(weight=("innovation=50%",)).result.weights
    top = {each.code: each.share for each in found if each.depth == 1}
    assert top["innovation"] == pytest.approx(0.5)
    assert sum(top.values()) == pytest.approx(1)
    leaves = {each.group for each in found}
    assert sum(each.share_of_index for each in found if each.code not in leaves) == pytest.approx(1)


def test_a_frame_and_a_spec_add_the_same_indicator(tmp_path: Path) -> None:
    added = parity.index("open-ai-index").add(OWN, to="Talent")
    assert "no country, left out: Atlantis" in added.own_data[0]
    assert "with courses" in added.document().title
    OWN.write_csv(tmp_path / "own.csv")
    mean = next(each.weight for each in parity.index_weights(add=OWN, add_to="talent").result.weights
                if each.code == "courses")  # fmt: skip
    spec = f'{builtin_text("open-ai-index")}\n[[indicator]]\ncode = "courses"\ngroup = "talent"\n'
    (tmp_path / "my.toml").write_text(f'{spec}weight = {mean}\ndata = "own.csv"\n')
    read = parity.index(tmp_path / "my.toml")
    assert read.result.units == added.result.units
    assert read.own_data[0].partition(":")[0] == "own.csv"


@pytest.mark.parametrize(
    ("table", "to", "fault"),
    [
        (OWN, "talnt", "Did you mean 'talent'"),
        (OWN.select("courses"), None, "no column of countries"),
        (OWN.select("Country"), None, "no column of numbers"),
        (pl.concat([OWN, OWN.head(1).with_columns(Country=pl.lit("usa"))]), None, "two values of USA"),
        (OWN.rename({"courses": "talent"}), None, "in the index already"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(table: pl.DataFrame, to: str | None, fault: str) -> None:
    with pytest.raises(ParityError, match=fault):
        parity.index(add=table, add_to=to)


@pytest.mark.parametrize("style", ["text", "apa", "bibtex"])
def test_a_citation_has_version_data_question_and_sources(style: Style) -> None:
    answer = parity.rank(intervals=False)
    text = answer.cite(style)
    for part in (parity.__version__, answer.data, answer.question.command, "Epoch AI"):
        assert part in text
    assert len(answer.sources) >= text.count("retrieved") / 2
    assert text.count("@misc{") == (len(answer.sources) if style == "bibtex" else 0)


@pytest.mark.parametrize(
    ("answer", "site"),
    [
        (lambda: parity.pledges_list(country="KOR"), "koreajoongangdaily.joins.com"),
        (lambda: parity.bloc_members("BRICS"), "mfa.gov.cn"),
        (lambda: parity.audit_prompts(kinds=("factual",), topics=("CN",)), "Amnesty International"),
    ],
)
def test_what_single_facts_were_read_in_is_cited(answer: Callable[[], Any], site: str) -> None:
    made = answer()
    keys = re.findall(r"@misc{(\S+),", made.cite("bibtex"))
    assert site in made.cite("apa")
    assert len(set(keys)) == len(keys) == len(made.sources)
