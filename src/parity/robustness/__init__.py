"""What a ranking rests on: draws over the choices behind an index."""

from parity.robustness._sobol import Indices, sobol_indices

__all__ = ["Indices", "sobol_indices"]
