"""What questions about a ranking share: which index, in which form, on which data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from parity.ask.question import Question, TableFile
from parity.errors import InvalidError, one_of

if TYPE_CHECKING:
    from parity.ask.standing import Standing

INDEX = "open-ai-index"


def path(given: Any) -> Any:
    """Return the text of a path; anything else as it is."""
    return given.__fspath__() if hasattr(given, "__fspath__") else given


class IndexQuestion(Question):
    """A question about a built-in index or a user's own."""

    index: Annotated[str, BeforeValidator(path)] = Field(
        default=INDEX,
        min_length=1,
        max_length=500,
        description="A built-in index; on the user's machine also the path of a spec.",
    )
    variant: Literal["both", "scale", "intensity"] = Field(
        default="both", description="scale (absolute), intensity (per person or GDP) or both."
    )
    data: TableFile = Field(default=None, description="Table for an index that does not ship with its data.")

    @classmethod
    def read(cls, given: Mapping[str, Any], *, remote: bool = False) -> Self:
        """Return the question; over a network it may name no spec of this machine."""
        if remote and given.get("index", INDEX) != INDEX:
            from parity.index import BUILTIN

            if given["index"] not in BUILTIN:
                raise InvalidError("index", f"over a network one of {one_of(BUILTIN)}")
        return super().read(given, remote=remote)

    @property
    def carried(self) -> bool:
        """Whether all that the answer rests on ships with Parity, so that it may be kept."""
        from parity.index import BUILTIN

        return self.data is None and self.index in BUILTIN

    @property
    def folder(self) -> Path:
        """Where the spec lies: files that it names are relative to it."""
        return Path(self.index).parent

    def standing(self, as_of: int | None = None) -> Standing:
        """Return the built index."""
        from parity.ask.standing import standing

        return standing(self.index, self.variant, self.data, as_of)
