"""Blocs: what an alliance pools, what each member brings, how closely its members work together."""

from parity.web.page import Page
from parity.web.pages.blocs.state import BlocsState
from parity.web.pages.blocs.view import (
    between_part,
    choose,
    pair_part,
    profile_part,
    shares_part,
    ties_part,
    view,
    what_if_part,
    years_part,
)

PAGE = Page(
    slug="blocs",
    title="Blocs",
    summary="Build a bloc of countries: its pooled standing, what each member brings, the ties within.",
    state=BlocsState,
    view=view,
    choose=choose,
    sample="bloc=BRICS",
    parts={
        "profile": profile_part,
        "shares": shares_part,
        "what_if": what_if_part,
        "between": between_part,
        "ties": ties_part,
        "pair": pair_part,
        "years": years_part,
    },
    warmed=("profile",),
)

__all__ = ["PAGE"]
