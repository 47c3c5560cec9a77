"""The address of the page on information control."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from parity.web.pages.information.model import UNKNOWN, homes, values
from parity.web.state import State

OTHERS = "others"


class InformationState(State):
    """Which government may be spared, against whom, and what of the labels is shown.

    Attributes
    ----------
    protected
        Government that may be spared.
    against
        Government to compare with, or ``others``.
    outcome
        Anything but a complete answer, or a refusal alone.
    judge
        Who labelled the answers; the last judge where empty.
    language
        Language of the layers and of the table of rates; all in the table where empty.
    home
        Country of the developers whose models are shown; all where empty.
    """

    protected: str = "CN"
    against: str = OTHERS
    outcome: Literal["noncompliance", "denial"] = "noncompliance"
    judge: str = ""
    language: str = ""
    home: str = ""

    @field_validator("protected")
    @classmethod
    def _is_asked_about(cls, code: str) -> str:
        return _known(code, values("government"), "no prompt is about it")

    @field_validator("against")
    @classmethod
    def _is_compared(cls, code: str) -> str:
        return _known(code, (OTHERS, *values("government")), "no prompt is about it")

    @field_validator("judge")
    @classmethod
    def _is_judge(cls, name: str) -> str:
        return _known(name, ("", *values("judge")), "there is no such judge")

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, code: str) -> str:
        return _known(code, ("", *values("language")), "no prompt is in it")

    @field_validator("home")
    @classmethod
    def _is_home(cls, code: str) -> str:
        return _known(code, ("", *homes(), UNKNOWN), "no developer is from there")


def _known(given: str, allowed: tuple[str, ...], why: str) -> str:
    if given not in allowed:
        raise ValueError(why)
    return given
