"""Blocs: what an alliance pools, what each member brings, how closely its members work together."""

from parity.blocs._resolve import Bloc, own_blocs, resolve
from parity.blocs._rules import catalogue_weights
from parity.blocs.contributions import Contributions, contributions, joining
from parity.blocs.pool import Pool, pool

__all__ = [
    "Bloc",
    "Contributions",
    "Pool",
    "catalogue_weights",
    "contributions",
    "joining",
    "own_blocs",
    "pool",
    "resolve",
]
