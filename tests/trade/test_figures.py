"""Figures are drawn, and show what the answers hold."""

from __future__ import annotations

import io
from datetime import date

import pytest
from matplotlib.figure import Figure

from parity import trade
from parity.trade import HUBS, dependence, mirror, substitution
from tests.trade.test_diversion import union
from tests.trade.worlds import ALL, blocs, goods, snapshot

START = date(2022, 2, 24)


def drawn(figure: Figure) -> int:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=50)
    return len(buffer.getvalue())


def test_paths_show_every_country_and_the_band() -> None:
    figure = trade.diversion_paths(union())
    assert drawn(figure) > 10_000
    titles = [axis.get_title() for axis in figure.axes if axis.axison]
    assert [title[:3] for title in titles] == ["RUS", "KAZ", "KGZ", "UZB", "GEO", "ARM"]
    assert all(len(axis.collections) == 1 for axis in figure.axes if axis.axison)


def test_the_ranking_shows_the_excess_in_order() -> None:
    figure = trade.diversion_ranking(union())
    assert drawn(figure) > 5_000
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names[::-1] == [one.iso3 for one in union().partners]


@pytest.mark.parametrize(("country", "codes"), [("KAZ", "total"), ("RUS", "chpl1")])
def test_supply_over_time(country: str, codes: str) -> None:
    answer = dependence(
        snapshot(), goods(codes), country, coalition=blocs().coalition, hubs=HUBS, states=blocs().union
    )
    assert drawn(trade.supply_over_time(answer)) > 5_000


def test_shares_and_mirror() -> None:
    moved = substitution(snapshot(), ALL, "KAZ", START, blocs().groups("KAZ"), states=blocs().union)
    assert trade.shares_over_time(moved).axes[0].get_ylabel() == "% of reported supply"
    assert drawn(trade.shares_over_time(moved)) > 5_000
    gaps = mirror(snapshot(), ALL, blocs().union, "KGZ", START)
    assert drawn(trade.mirror_by_year(gaps)) > 5_000
