"""Composite indicators: spec, steps, aggregation, audit, explanation."""

from parity.index._assemble import UNKNOWN, Assembly, assemble
from parity.index._shape import numeric_columns, shaped
from parity.index._step import Record
from parity.index._tree import Tree
from parity.index.audit import Audit, audit
from parity.index.build import build
from parity.index.builtin import BUILTIN, VARIANTS, builtin_spec, builtin_text, history_of, starter
from parity.index.coinr import coin_tool_sheets, coinr_sheets, import_coinr
from parity.index.compare import Comparison, compare
from parity.index.drawn import trends
from parity.index.explain import Explanation, explain
from parity.index.index import Index
from parity.index.register import register
from parity.index.spec import Group, IndexSpec, Indicator, Select

__all__ = [
    "BUILTIN",
    "UNKNOWN",
    "VARIANTS",
    "Assembly",
    "Audit",
    "Comparison",
    "Explanation",
    "Group",
    "Index",
    "IndexSpec",
    "Indicator",
    "Record",
    "Select",
    "Tree",
    "assemble",
    "audit",
    "build",
    "builtin_spec",
    "builtin_text",
    "coin_tool_sheets",
    "coinr_sheets",
    "compare",
    "explain",
    "history_of",
    "import_coinr",
    "numeric_columns",
    "register",
    "shaped",
    "starter",
    "trends",
]
