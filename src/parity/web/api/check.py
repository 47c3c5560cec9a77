"""``/check``: a text held against the evidence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from parity.answers.check import CheckAnswer, check_answer
from parity.claims import check as check_text
from parity.web.api.command import told
from parity.web.days import Day
from parity.web.pages.check.state import FIRST_DAY, MOST_TEXT

router = APIRouter(tags=["claims"])


class CheckRequest(BaseModel):
    """A text and how it is read."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=MOST_TEXT, description="The text")
    date: Annotated[Day, Field(ge=FIRST_DAY)] | None = Field(
        default=None, description="Date of the text; by default the one at its head"
    )
    family: list[Annotated[str, Field(max_length=40)]] = Field(
        default_factory=list, max_length=20, description="Families of claims to keep; all without any"
    )


@router.post("/check")
def check(asked: CheckRequest) -> CheckAnswer:
    """Hold a text against the evidence; the text is not kept."""
    report = check_text(asked.text, asked.date, families=asked.family)
    return told(check_answer(report), "check", "-", date=asked.date, family=asked.family)
