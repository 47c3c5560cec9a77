"""Parity: where a nation stands in AI, with an interval on every number.

The measures live in sub-packages and are imported on first use, so that
``import parity`` costs nothing: ``parity.catalogue``, ``parity.index``,
``parity.robustness``, ``parity.frontier``.
"""

from __future__ import annotations

__version__ = "0.1.0"

__all__ = ["__version__"]
