"""What questions about a ranking share: which index, in which form, on which data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from parity.ask.cache import cached
from parity.ask.question import Local, Question, TableFile
from parity.errors import InvalidError, one_of

if TYPE_CHECKING:
    from parity.ask.settings import Settings
    from parity.ask.standing import Standing

INDEX = "open-ai-index"
Weight = Annotated[str, Field(max_length=100)]


def path(given: Any) -> Any:
    """Return the text of a path; anything else as it is."""
    return given.__fspath__() if hasattr(given, "__fspath__") else given


class OwnSettings(Question):
    """A question that may be asked of an index under the reader's own weights and methods."""

    heading = "Own weights and methods"

    weight: tuple[Weight, ...] = Field(
        default=(),
        max_length=80,
        description="Another weight of a pillar, sub-pillar or indicator: its share of its group, "
        "CODE=SHARE%, or CODE=NUMBER beside its siblings'. `parity index weights` lists them.",
        examples=[["talent=30%"]],
    )
    normalise: Literal["minmax", "zscore", "percentile_rank"] | None = Field(
        default=None, description="How indicators come to a common scale; that of the spec by default."
    )
    aggregate: Literal["arithmetic", "geometric", "harmonic"] | None = Field(
        default=None, description="Mean that makes the index of its pillars; that of the spec by default."
    )

    @property
    def own_settings(self) -> bool:
        """Whether anything differs from the spec."""
        return bool(self.weight or self.normalise or self.aggregate)

    def settings_in(self, found: Standing) -> Settings:
        """Return what differs from the spec of an index."""
        from parity.ask.settings import Settings, weights_of

        return Settings(
            weights=weights_of(self.weight, found), normalise=self.normalise, aggregate=self.aggregate
        )

    def edited(self, plain: Standing) -> Standing:
        """Return an index under these settings; the same object each time for the same index."""
        if not self.own_settings:
            return plain
        return _edited(plain, self.weight, self.normalise, self.aggregate)


@cached(16)
def _edited(plain: Standing, weight: tuple[str, ...], normalise: Any, aggregate: Any) -> Standing:
    from parity.ask.settings import edited

    return edited(
        plain, OwnSettings(weight=weight, normalise=normalise, aggregate=aggregate).settings_in(plain)
    )


class IndexQuestion(OwnSettings):
    """A question about a built-in index or a user's own."""

    heading = "Which index"

    index: Annotated[str, BeforeValidator(path)] = Field(
        default=INDEX,
        min_length=1,
        max_length=500,
        description="A built-in index; on the user's machine also the path of a spec.",
    )
    variant: Literal["both", "scale", "intensity"] = Field(
        default="both", description="scale (absolute), intensity (per person or GDP) or both."
    )
    plugin: Annotated[str | None, Local()] = Field(
        default=None,
        min_length=1,
        max_length=500,
        description="Python file with methods of your own (custom:NAME); its code is run.",
    )
    data: TableFile = Field(default=None, description="Table for an index that does not ship with its data.")

    add: TableFile = Field(
        default=None,
        description="Table of own indicators: a column of countries (names or codes), others of numbers.",
    )
    add_to: str | None = Field(
        default=None, max_length=100, description="Group that they belong to; the index itself by default."
    )

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

        return self.data is None and self.add is None and self.index in BUILTIN

    @property
    def folder(self) -> Path:
        """Where the spec lies: files that it names are relative to it."""
        return Path(self.index).parent

    def standing(self, as_of: int | None = None) -> Standing:
        """Return the built index, under the reader's settings."""
        from parity.ask.standing import standing

        if self.plugin is not None:
            from parity.index.register import run_plugin

            run_plugin(self.plugin)
        return self.edited(standing(self.index, self.variant, self.data, as_of, self.add, self.add_to))
