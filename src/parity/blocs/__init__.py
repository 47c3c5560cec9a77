"""Blocs: what an alliance pools, what each member brings, how closely its members work together."""

from parity.blocs._figures import draw_partners
from parity.blocs._panel import Panel, expected
from parity.blocs._resolve import Bloc, own_blocs, resolve
from parity.blocs._rules import catalogue_weights
from parity.blocs.artefacts import Artefact, artefacts, doubt
from parity.blocs.compare import Comparison, compare
from parity.blocs.contributions import Contributions, contributions
from parity.blocs.gravity import Gravity, gravity, ppml
from parity.blocs.history import History, history
from parity.blocs.intervals import Intervals, intervals
from parity.blocs.network import Network, network
from parity.blocs.pool import Pool, in_order, pool
from parity.blocs.scan import scan
from parity.blocs.ties import LIMITS, Break, Tie, tie
from parity.blocs.what_if import Changes, changes, joining

__all__ = [
    "LIMITS",
    "Artefact",
    "Bloc",
    "Break",
    "Changes",
    "Comparison",
    "Contributions",
    "Gravity",
    "History",
    "Intervals",
    "Network",
    "Panel",
    "Pool",
    "Tie",
    "artefacts",
    "catalogue_weights",
    "changes",
    "compare",
    "contributions",
    "doubt",
    "draw_partners",
    "expected",
    "gravity",
    "history",
    "in_order",
    "intervals",
    "joining",
    "network",
    "own_blocs",
    "pool",
    "ppml",
    "resolve",
    "scan",
    "tie",
]
