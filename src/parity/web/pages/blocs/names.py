"""Names of blocs and countries as they stand in a sentence."""

from __future__ import annotations

from functools import cache

from parity.views.names import countries, sentence
from parity.web.pages.blocs.state import bloc_names

# Those that take no article in English.
_BARE = frozenset({"APEC", "ASEAN", "BRICS", "GPAI"})


def in_sentence(name: str) -> str:
    """Return the name of a bloc or a country as it stands in a sentence: "the G7", "the United States"."""
    if name in _codes():
        return sentence(_codes()[name])
    return f"the {name}" if name in bloc_names() and name not in _BARE else name


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, name in countries().items()}
