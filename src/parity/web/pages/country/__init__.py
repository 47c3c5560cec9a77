"""Country: the brief of one country, beside peers of the reader's choice."""

from parity.web.page import Page
from parity.web.pages.country.goal import goal_part
from parity.web.pages.country.state import CountryState
from parity.web.pages.country.unranked import rest_part
from parity.web.pages.country.view import choose, gap_part, view

PAGE = Page(
    slug="country",
    title="Country",
    summary="Where a country stands, what makes its gaps and what would change them: its brief, interactive.",
    state=CountryState,
    view=view,
    choose=choose,
    sample="country=FRA",
    parts={"gap": gap_part, "goal": goal_part, "rest": rest_part},
)

__all__ = ["PAGE"]
