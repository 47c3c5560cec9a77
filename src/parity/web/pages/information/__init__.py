"""Information control: what language models withhold about whom, in which language, and how sure that is."""

from parity.web.page import Page
from parity.web.pages.information.view import InformationState, findings_part, view

PAGE = Page(
    slug="information",
    title="Information control",
    summary="Which language models withhold more about one government than about others, with intervals.",
    state=InformationState,
    view=view,
    main="findings.",
    parts={"findings": findings_part},
    warmed=("findings",),
)

__all__ = ["PAGE"]
