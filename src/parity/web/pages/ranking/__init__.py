"""Ranking: where every country stands, under the reader's own weights and methods."""

from parity.web.page import Page
from parity.web.pages.ranking.state import RankingState
from parity.web.pages.ranking.view import settled, view

PAGE = Page(
    slug="ranking",
    title="Ranking",
    summary="Where every country stands in AI, with rank intervals, under weights of your choice.",
    state=RankingState,
    view=view,
    parts={"settled": settled},
    main="settled.ranking",
)

__all__ = ["PAGE"]
