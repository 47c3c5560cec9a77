"""The indices that come with Parity, each one a spec beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from parity.errors import ParityError, did_you_mean, one_of
from parity.index.spec import IndexSpec

__all__ = ["BUILTIN", "VARIANTS", "Variant", "builtin_spec"]

BUILTIN = ("open-ai-index", "gaii", "stanford-vibrancy", "stanford-vibrancy-raw")

Variant = Literal["both", "scale", "intensity"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)


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
        The spec; that of ``open-ai-index`` takes its data from the catalogue.

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
    spec = IndexSpec.from_toml(read_text(Path(__file__).parent / f"{name}.toml"), source=name)
    return spec if variant == "both" else _only(spec, variant)


def _only(spec: IndexSpec, variant: str) -> IndexSpec:
    """Keep one form of every indicator that has two, at its full weight.

    The forms of an indicator are named ``CODE.scale`` and ``CODE.intensity`` and share its weight.
    """
    stems = {indicator.code.rpartition(".")[0] for indicator in spec.indicators} - {""}
    if not stems:
        raise ParityError(f"'{spec.index.id}' has one variant only; leave --variant out")
    kept = []
    for indicator in spec.indicators:
        stem, _, form = indicator.code.rpartition(".")
        if stem == "":
            kept.append(indicator)
        elif form == variant:
            kept.append(indicator.model_copy(update={"weight": 2 * indicator.weight}))
    return spec.model_copy(update={"indicators": tuple(kept)})
