"""What every request shares: the labels, and analyses asked for before."""

from __future__ import annotations

from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parity.audit import AuditResult, Labelled

UNKNOWN = "unknown"
LANGUAGES = {"en": "English", "fi": "Finnish", "ru": "Russian", "zh": "Chinese"}
# Questions that are kept: governments x counterparts x outcomes x judges of the labels that ship.
_KEPT = 64
_lock = Lock()


@cache
def labelled() -> Labelled:
    """Return the labels that ship with Parity, and who made the models."""
    from parity.audit import read_labels

    return read_labels()


@cache
def values(column: str) -> tuple[str, ...]:
    """Return what a column of the labels holds: governments, languages or judges."""
    return tuple(value for value in labelled().labels[column].unique().sort() if value)


@cache
def homes() -> tuple[str, ...]:
    """Return the countries that developers are from, ISO 3166 alpha-2."""
    return tuple(labelled().models["country"].drop_nulls().unique().sort())


def analysis(protected: str, against: str, outcome: str, judge: str) -> AuditResult:
    """Return an analysis; one request works it out, the others wait."""
    with _lock:
        return _analysis(protected, against, outcome, judge)


@lru_cache(maxsize=_KEPT)
def _analysis(protected: str, against: str, outcome: str, judge: str) -> AuditResult:
    from parity.audit import AuditOptions, analyse, own_governments

    found = labelled()
    options = AuditOptions(protected=protected, against=against, outcome=outcome, judge=judge or None)
    return analyse(found.labels, found.models, options, own=own_governments(), data=found.data)


@cache
def called(code: str) -> str:
    """Return the name of a government, a country or a language."""
    from parity.catalogue import find_country

    if code == UNKNOWN or not code:
        return "not known"
    if code == "EU":
        return "European Union"
    return LANGUAGES.get(code) or find_country(code).name


@cache
def sentence(code: str) -> str:
    """Return the name of a government as it stands in a sentence."""
    if code == "others":
        return "others"
    return f"the {called(code)}" if code in ("EU", "US", "GB") else called(code)
