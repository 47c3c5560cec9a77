"""Information control: what language models withhold about whom, in which language, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parity.ask.audit import UNKNOWN, AuditAnalyse, carried
from parity.views.audit import name
from parity.web import shown
from parity.web.page import Choice, Page
from parity.web.state import asked, state_of

InformationState = state_of((AuditAnalyse, "protected", "against", "outcome", "judge", "language", "home"))
OUTCOMES = {"noncompliance": "Anything but a complete answer", "denial": "A refusal alone"}


def choose(state: Any) -> Choice | None:
    """Return the governments, where none is chosen."""
    if state.protected:
        return None
    options = _named(carried().labels["government"].unique().sort())
    heading = "Governments that the tasks ask about"
    return Choice("Which government may be spared?", "protected", "a government", {heading: options})


def view(state: Any) -> Mapping[str, Any]:
    """Return the controls."""
    found = carried()
    governments = _named(found.labels["government"].unique().sort())
    return {
        "governments": governments,
        "against": {"others": "All others on the same tasks"} | governments,
        "judges": {judge: judge for judge in found.labels["judge"].unique().sort()},
        "languages": _named(found.labels["language"].unique().sort()),
        "homes": _named(found.models["country"].drop_nulls().unique().sort()) | {UNKNOWN: "Not known"},
        "outcomes": OUTCOMES,
        "protected": state.protected,
    }


def findings_part(state: Any) -> Mapping[str, Any]:
    """Return all findings for a question.

    Raises
    ------
    ParityError
        If a government is compared with itself, or the labels do not hold what is asked.
    """
    document = asked(AuditAnalyse, state).answer().document()
    return {"findings": shown.whole(document)}


def _named(codes: Any) -> dict[str, str]:
    return {code: name(code) for code in codes if code}


PAGE = Page(
    slug="information",
    title="Information control",
    summary="Which language models withhold more about one government than about others, with intervals.",
    state=InformationState,
    view=view,
    choose=choose,
    sample="protected=US",
    main="findings.",
    parts={"findings": findings_part},
    warmed=("findings",),
)
