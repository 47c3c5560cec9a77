"""Composite indicators: spec, steps, aggregation, audit, explanation."""

from parity.index._tree import Tree
from parity.index.build import build
from parity.index.index import Index
from parity.index.register import register
from parity.index.spec import Group, IndexSpec, Indicator, Select

__all__ = ["Group", "Index", "IndexSpec", "Indicator", "Select", "Tree", "build", "register"]
