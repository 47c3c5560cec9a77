"""What every answer about trade says in words: amounts, and what the data cannot show."""

from __future__ import annotations

from collections.abc import Iterable

from parity.trade.codes import CodeList

CAVEATS = (
    "A declared destination is not an end use: figures show where goods were said to go, not who uses them.",
    "A rise may be a country's own demand, a new trade route or prices; it is a reason to look, not a proof.",
    "Goods sent through hubs (Hong Kong, Singapore, the Emirates) or sold on without a record do not show.",
    "Reporters correct, suppress and misdeclare; what is under-reported at both ends is invisible here.",
)
ALL_GOODS = "These are all goods together, not chips."


def money(value: float) -> str:
    """Return an amount of US dollars in words, three figures."""
    for size, name in ((1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g} {name} USD"
    return f"{value:.3g} USD"


def closed(lines: Iterable[str], codes: CodeList) -> str:
    """Return findings, a line each, with what the data cannot show."""
    return "\n".join([*lines, *([ALL_GOODS] if codes.covers_all_goods else []), *CAVEATS])
