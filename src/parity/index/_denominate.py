"""Step denominate: quantities into ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parity.errors import ParityError
from parity.index._log import Record, named
from parity.index._options import DenominateOptions
from parity.index._table import Block, numbers
from parity.index._tree import FloatArray
from parity.index.spec import IndexSpec


def denominate(
    values: FloatArray, denominators: FloatArray, factor: float, multiply: bool = False
) -> FloatArray:
    """Return value / (denominator / factor), or value x denominator / factor; shapes (n,).

    Missing where either is missing, and where a division has no answer (0 / 0).
    """
    scaled = denominators / factor
    if multiply:
        return values * scaled
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / scaled


@dataclass(frozen=True, slots=True)
class Denomination:
    """The step; it learns nothing.

    Attributes
    ----------
    spec
        Names each indicator's denominator and factor.
    options
        Divide or multiply.
    """

    spec: IndexSpec
    options: DenominateOptions

    def replay(self, block: Block) -> tuple[Block, tuple[str, ...]]:
        """Return the block with ratios, and notes."""
        values = block.values.copy()
        wanted = {indicator.denominator for indicator in self.spec.indicators if indicator.denominator}
        by = {name: numbers(block, name, self.spec.index.missing) for name in wanted}
        multiply = self.options.operation == "multiply"
        for column, indicator in enumerate(self.spec.indicators):
            if indicator.denominator is None:
                continue
            quantity = block.values[:, column]
            values[:, column] = denominate(quantity, by[indicator.denominator], indicator.factor, multiply)
            endless = np.flatnonzero(np.isinf(values[:, column]))
            if len(endless):
                raise ParityError(
                    f"{block.row_name(int(endless[0]))} has {indicator.denominator} 0, by which "
                    f"'{indicator.code}' is to be divided"
                )
        return block.with_values(values), ()


def fit_denominate(
    block: Block, spec: IndexSpec, options: DenominateOptions
) -> tuple[Denomination, Block, Record]:
    """Denominate a block, and keep how."""
    fitted = Denomination(spec, options)
    after, _ = fitted.replay(block)
    done = [f"{element.code} by {element.denominator}" for element in spec.indicators if element.denominator]
    verb = "divided" if options.operation == "divide" else "multiplied"
    message = f"{verb} {len(done)} of {len(spec.indicators)} indicators"
    message += f" ({named(done)})" if done else "; none names a denominator"
    return fitted, after, Record("denominate", "done", message)
