"""The pages on methods, as they are written."""

from __future__ import annotations

from pathlib import Path

from parity.errors import NoAnswerError, ParityError

PACKAGE = Path(__file__).resolve().parents[1]
TITLES = {
    "index": "Index engine",
    "open-ai-index": "The open AI index",
    "open-ai-index-criteria": "Criteria of the open AI index",
    "agreement": "Agreement with published rankings",
    "robustness": "Robustness",
    "frontier": "Frontier and lag",
    "lag-claims": "Lag claims held against measures",
    "chips": "Chips and export controls",
    "trade": "Trade",
    "blocs": "Blocs and ties",
    "audit": "Information control",
    "calibration": "How often tests err",
    "claims": "Claims",
    "pledges": "Pledges",
    "brief": "Brief",
    "catalogue": "Data catalogue",
}
"""Name of each page's file -> its title, in the order to show."""


def documentation() -> Path | None:
    """Return the folder of the documentation: packed with the app, or beside the source."""
    places = (PACKAGE / "web" / "docs", PACKAGE.parents[1] / "docs")
    return next((place for place in places if (place / "methods").is_dir()), None)


def method_text(name: str) -> str:
    """Return a page on methods as Markdown.

    Parameters
    ----------
    name
        A key of `TITLES`.

    Raises
    ------
    ParityError
        If there is no such page.
    NoAnswerError
        If the documentation is not part of this installation.
    """
    if name not in TITLES:
        raise ParityError(f"no page on methods is called '{name[:40]}'. There are: {', '.join(TITLES)}")
    place = documentation()
    if place is None:
        raise NoAnswerError("the pages on methods are not part of this installation")
    return (place / "methods" / f"{name}.md").read_text(encoding="utf-8")
