"""Trade in controlled goods: dependence, diversion and substitution, from public statistics."""

from parity.trade._diversion_result import Diversion, Monthly
from parity.trade._judged import Judged
from parity.trade._panel import UNIONS, check_flows, period, period_range
from parity.trade._setting import DiversionSpec
from parity.trade._supply import Side, at_hand, coverage
from parity.trade.codes import CAVEATS, CodeList, code_list
from parity.trade.defaults import HUBS
from parity.trade.dependence import Dependence, dependence
from parity.trade.diversion import check, diversion
from parity.trade.mirror import Mirror, mirror
from parity.trade.substitution import Substitution, substitution

__all__ = [
    "CAVEATS",
    "HUBS",
    "UNIONS",
    "CodeList",
    "Dependence",
    "Diversion",
    "DiversionSpec",
    "Judged",
    "Mirror",
    "Monthly",
    "Side",
    "Substitution",
    "at_hand",
    "check",
    "check_flows",
    "code_list",
    "coverage",
    "dependence",
    "diversion",
    "mirror",
    "period",
    "period_range",
    "substitution",
]
