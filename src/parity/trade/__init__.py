"""Trade in controlled goods: dependence, diversion and substitution, from public statistics."""

from parity.trade._check import check_flows
from parity.trade._coverage import at_hand, coverage
from parity.trade._diversion_result import Diversion
from parity.trade._figures import (
    diversion_months,
    diversion_paths,
    diversion_ranking,
    mirror_by_year,
    shares_over_time,
    supply_over_time,
)
from parity.trade._judged import Judged
from parity.trade._panel import UNIONS, period, period_range
from parity.trade._supply import Side
from parity.trade._words import CAVEATS, verdict
from parity.trade.checks import Checks, check
from parity.trade.codes import CodeList, code_list
from parity.trade.defaults import HUBS
from parity.trade.dependence import Dependence, dependence
from parity.trade.diversion import diversion
from parity.trade.mirror import Mirror, mirror
from parity.trade.section import TradeLine, TradeSection, trade_section, union_rises
from parity.trade.spec import DiversionSpec
from parity.trade.substitution import Substitution, substitution

__all__ = [
    "CAVEATS",
    "HUBS",
    "UNIONS",
    "Checks",
    "CodeList",
    "Dependence",
    "Diversion",
    "DiversionSpec",
    "Judged",
    "Mirror",
    "Side",
    "Substitution",
    "TradeLine",
    "TradeSection",
    "at_hand",
    "check",
    "check_flows",
    "code_list",
    "coverage",
    "dependence",
    "diversion",
    "diversion_months",
    "diversion_paths",
    "diversion_ranking",
    "mirror",
    "mirror_by_year",
    "period",
    "period_range",
    "shares_over_time",
    "substitution",
    "supply_over_time",
    "trade_section",
    "union_rises",
    "verdict",
]
