"""Composite indicators: spec, steps, aggregation, audit, explanation."""

from parity.index._tree import Tree
from parity.index.spec import Group, Indicator, IndexSpec, Select

__all__ = ["Group", "IndexSpec", "Indicator", "Select", "Tree"]
