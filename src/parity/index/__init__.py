"""Composite indicators: spec, steps, aggregation, audit, explanation."""

from parity.index._assemble import Assembly, assemble
from parity.index._tree import Tree
from parity.index.build import build
from parity.index.builtin import BUILTIN, VARIANTS, builtin_spec
from parity.index.index import Index
from parity.index.register import register
from parity.index.spec import Group, IndexSpec, Indicator, Select

__all__ = [
    "BUILTIN",
    "VARIANTS",
    "Assembly",
    "Group",
    "Index",
    "IndexSpec",
    "Indicator",
    "Select",
    "Tree",
    "assemble",
    "build",
    "builtin_spec",
    "register",
]
