"""From a brief's sections to the document that is printed."""

from parity.brief.layout._one import lay_out
from parity.brief.layout._several import side_by_side

__all__ = ["lay_out", "side_by_side"]
