"""How each indicator of a bloc comes from its members': summed, re-derived or averaged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from parity.errors import ParityError
from parity.index import IndexSpec, Indicator

Way = Literal["sum", "ratio", "mean"]

SIZE = "population"
"""Weight of a ratio that names none; people are what most ratios are about."""

# The right weight where it is neither people nor GDP.
_OWN_WEIGHT = {"carbon_intensity": "electricity_use.scale", "hightech_exports": "gdp_ppp"}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one indicator is pooled.

    Attributes
    ----------
    code
        Indicator.
    way
        ``sum``: quantities are added; ``ratio``: a quantity that is divided later on, so both are
        added; ``mean``: a ratio, averaged with weights.
    by
        Denominator or weight, a column of the data; empty for a sum.
    """

    code: str
    way: Way
    by: str = ""


def known_weights(spec: IndexSpec, indicators: pl.DataFrame, columns: Collection[str]) -> dict[str, str]:
    """Return the weights of ratios that are known: what each is a ratio to.

    Parameters
    ----------
    spec
        Spec whose indicators name their series.
    indicators
        Columns ``indicator, denominator``.
    columns
        Columns of the data; a weight that they lack is left out.

    Returns
    -------
    dict of str to str
        Indicator code -> column to weight by, where it is known.
    """
    rows = indicators.drop_nulls("denominator").select("indicator", "denominator").rows()
    denominators = dict(rows) | _OWN_WEIGHT
    series = {one.code: one.select.indicator for one in spec.indicators if one.select is not None}
    found = {code: denominators.get(name, "") for code, name in series.items()}
    return {code: by for code, by in found.items() if by in columns}


def rules(spec: IndexSpec, table: pl.DataFrame, weights: Mapping[str, str]) -> tuple[Rule, ...]:
    """Return how each indicator is pooled.

    Parameters
    ----------
    spec
        Spec of the index.
    table
        Data: which columns there are.
    weights
        Indicator code -> column to weight by; ratios without one are weighted by people.

    Raises
    ------
    ParityError
        If an indicator does not say whether it adds up, or a weight is not in the data.
    """
    for code, by in weights.items():
        if code not in spec.codes or by not in table.columns:
            raise ParityError(
                f"weights: '{code}' by '{by}' names an indicator or a column that is not there; "
                f"columns are {', '.join(table.columns[:12])} ..."
            )
    return tuple(_rule(one, spec, set(table.columns), weights) for one in spec.indicators)


def _rule(indicator: Indicator, spec: IndexSpec, columns: set[str], weights: Mapping[str, str]) -> Rule:
    step = spec.steps.denominate
    if indicator.denominator and step is not None:
        way: Way = "mean" if step.operation == "multiply" else "ratio"
        return Rule(indicator.code, way, indicator.denominator)
    if indicator.kind == "extensive":
        return Rule(indicator.code, "sum")
    if indicator.kind is None:
        raise ParityError(
            f"indicator '{indicator.code}' does not say whether it adds up over countries; set kind = "
            "'extensive' (it does) or 'intensive' (a ratio) in the spec, then pool"
        )
    for by in (weights.get(indicator.code), SIZE):
        if by in columns:
            return Rule(indicator.code, "mean", by)
    raise ParityError(
        f"'{indicator.code}' is a ratio, and the data have no column '{SIZE}' to weight it by; add one, or "
        f"name another in weights"
    )
