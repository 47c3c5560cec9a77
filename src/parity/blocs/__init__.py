"""Blocs: what an alliance pools, what each member brings, how closely its members work together."""

from parity.blocs._panel import Panel, expected
from parity.blocs._rules import known_weights
from parity.blocs.artefacts import Artefact, artefacts, doubt
from parity.blocs.co_models import between, co_developed, counted
from parity.blocs.compare import Comparison, compare
from parity.blocs.contributions import Contributions, contributions
from parity.blocs.gravity import Gravity, gravity, ppml
from parity.blocs.history import History, history
from parity.blocs.intervals import Draws, Intervals, intervals
from parity.blocs.network import Network, network
from parity.blocs.pool import Bloc, Pool, in_order, pool
from parity.blocs.report import (
    BEFORE,
    BlocList,
    CompareReport,
    MemberList,
    NodePlace,
    PoolReport,
    compare_report,
    pool_report,
)
from parity.blocs.tie_report import (
    NetworkReport,
    PairReport,
    PairsReport,
    PartnersReport,
    network_report,
    pair_report,
)
from parity.blocs.ties import LIMITS, Break, Tie, scan, tie
from parity.blocs.what_if import Changes, changes, joining

__all__ = [
    "BEFORE",
    "LIMITS",
    "Artefact",
    "Bloc",
    "BlocList",
    "Break",
    "Changes",
    "CompareReport",
    "Comparison",
    "Contributions",
    "Draws",
    "Gravity",
    "History",
    "Intervals",
    "MemberList",
    "Network",
    "NetworkReport",
    "NodePlace",
    "PairReport",
    "PairsReport",
    "Panel",
    "PartnersReport",
    "Pool",
    "PoolReport",
    "Tie",
    "artefacts",
    "between",
    "changes",
    "co_developed",
    "compare",
    "compare_report",
    "contributions",
    "counted",
    "doubt",
    "expected",
    "gravity",
    "history",
    "in_order",
    "intervals",
    "joining",
    "known_weights",
    "network",
    "network_report",
    "pair_report",
    "pool",
    "pool_report",
    "ppml",
    "scan",
    "tie",
]
