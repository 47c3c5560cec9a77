"""Trade: where supply comes from, and where exports went after a control."""

from parity.web.page import Page
from parity.web.pages.trade.state import TradeState
from parity.web.pages.trade.view import (
    choose,
    dependence_part,
    diversion_part,
    mirror_part,
    substitution_part,
    view,
)

PAGE = Page(
    slug="trade",
    title="Trade",
    summary="The traces of export controls in public trade statistics, and how sure they are.",
    state=TradeState,
    view=view,
    choose=choose,
    main="diversion.",
    sample="sanctioned=RUS&country=KAZ",
    parts={
        "diversion": diversion_part,
        "dependence": dependence_part,
        "substitution": substitution_part,
        "mirror": mirror_part,
    },
    warmed=("diversion", "dependence"),
)

__all__ = ["PAGE"]
