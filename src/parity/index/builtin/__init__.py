"""The indices that come with Parity, each one a spec beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

from parity.errors import ParityError, did_you_mean, one_of
from parity.index.spec import IndexSpec, Indicator

__all__ = ["BUILTIN", "VARIANTS", "Variant", "builtin_spec", "builtin_text", "history_of", "starter"]

BUILTIN = (
    "open-ai-index",
    "ai-capacity",
    "ai-readiness",
    "ai-history",
    "gaii",
    "stanford-vibrancy",
    "stanford-vibrancy-raw",
)

Variant = Literal["both", "scale", "intensity"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

# One form of the open AI index under a name of its own.
_NAMED: dict[str, tuple[Variant, str, str]] = {
    "ai-capacity": ("scale", "AI capacity", "How much a nation has in AI: the open AI index by size"),
    "ai-readiness": (
        "intensity",
        "AI readiness",
        "How good a nation is in AI for its size: the open AI index per person",
    ),
}


def builtin_spec(name: str, variant: str = "both") -> IndexSpec:
    """Return the spec of a built-in index.

    Parameters
    ----------
    name
        One of ``BUILTIN``.
    variant
        ``scale`` (absolute quantities), ``intensity`` (per person or per GDP) or ``both``. Indicators that
        have one form only, such as the rule of law, stand in every variant.

    Returns
    -------
    IndexSpec
        The spec; that of ``open-ai-index`` takes its data from the catalogue, as do ``ai-capacity`` and
        ``ai-readiness``, which are its variants ``scale`` and ``intensity`` under their own names.

    Raises
    ------
    ParityError
        If there is no such index, or it has no such variant.
    """
    from parity.catalogue.files import read_text

    if name not in BUILTIN:
        raise ParityError(
            f"no built-in index '{name}'; there are {one_of(BUILTIN)}.{did_you_mean(name, BUILTIN)}"
        )
    if variant not in VARIANTS:
        raise ParityError(f"no variant '{variant}'; there are {one_of(VARIANTS)}")
    if name in _NAMED:
        form, title, description = _NAMED[name]
        if variant != "both":
            raise ParityError(f"'{name}' has one variant only; leave --variant out")
        spec = builtin_spec("open-ai-index", form)
        named = {"id": name, "title": title, "description": description}
        return spec.model_copy(update={"index": spec.index.model_copy(update=named)})
    spec = IndexSpec.from_toml(read_text(Path(__file__).parent / f"{name}.toml"), source=name)
    return spec if variant == "both" else _only(spec, variant)


def builtin_text(name: str) -> str:
    """Return a built-in index as TOML, comments included, with how to add an indicator to it."""
    from parity.catalogue.files import read_text

    spec = builtin_spec(name)
    text = spec.to_toml() if name in _NAMED else read_text(Path(__file__).parent / f"{name}.toml")
    for field, own in {"id": f"my-{name}", "title": f"{spec.index.title}, own edition"}.items():
        text = text.replace(f'\n{field} = "{getattr(spec.index, field)}"', f'\n{field} = "{own}"', 1)
    if all(each.select is None for each in spec.indicators):
        return text
    group = next(each.group for each in spec.indicators)
    return f"""{text.rstrip()}

# An indicator of your own: a table with a column of countries, by name or code, and one of values.
# [[indicator]]
# code = "my_indicator"
# group = "{group}"
# data = "own.csv"
"""


def starter() -> tuple[str, str]:
    """Return a spec to start from, explained where it stands, and data as CSV that it runs on."""
    from parity.catalogue.files import read_text

    here = Path(__file__).parent
    return read_text(here / "starter.toml"), read_text(here / "starter.csv")


def history_of(spec: IndexSpec) -> IndexSpec:
    """Return the AI index history in the form of an open AI index; any other spec as it is."""
    if spec.index.id not in ("open-ai-index", *_NAMED):
        return spec
    forms = {indicator.form for indicator in spec.indicators} - {None}
    return builtin_spec("ai-history", "both" if len(forms) > 1 else str(*forms))


def _only(spec: IndexSpec, variant: str) -> IndexSpec:
    """Keep one form of every quantity, at its full weight, and what has no size.

    The forms of a quantity share its weight (see `parity.index.spec.Indicator.form`); how they are mixed, and
    the form that is gone, are no assumption of a variant.
    """
    if not any(indicator.form for indicator in spec.indicators):
        raise ParityError(f"'{spec.index.id}' has one variant only; leave --variant out")
    kept = [
        each if each.form is None else each.model_copy(update={"weight": 2 * each.weight})
        for each in spec.indicators
        if each.form in (None, variant)
    ]
    return spec.model_copy(
        update={"indicators": tuple(kept), "robustness": _without_forms(spec.robustness, kept)}
    )


def _without_forms(robustness: dict[str, Any], kept: list[Indicator]) -> dict[str, Any]:
    """Return the assumptions about the indicators that are kept."""
    codes = {indicator.code for indicator in kept}
    changed = dict(robustness)
    if "weights" in changed:
        changed["weights"] = [each for each in changed["weights"] if "mix" not in each]
    if sources := changed.get("leave_out", {}).get("sources"):
        of_kept = {name: [code for code in named if code in codes] for name, named in sources.items()}
        changed["leave_out"] = changed["leave_out"] | {"sources": of_kept}
    return changed
