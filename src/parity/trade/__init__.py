"""Trade in controlled goods: dependence, diversion and substitution, from public statistics."""

from parity.trade._check import check_flows
from parity.trade._diversion_result import Diversion, Judged
from parity.trade.checks import Checks, check
from parity.trade.codes import CodeList, code_list
from parity.trade.diversion import diversion
from parity.trade.spec import DiversionSpec

__all__ = [
    "Checks",
    "CodeList",
    "Diversion",
    "DiversionSpec",
    "Judged",
    "check",
    "check_flows",
    "code_list",
    "diversion",
]
