"""Governments' dated commitments on AI: who, what, due when, kept or not."""

from parity.pledges._calendar import calendar
from parity.pledges._pledge import Pledge, find, read_pledges, together
from parity.pledges._status import (
    STATUSES,
    Measured,
    Pledges,
    PledgeStatus,
    Ranks,
    Status,
    assess,
    standing,
)

__all__ = [
    "STATUSES",
    "Measured",
    "Pledge",
    "PledgeStatus",
    "Pledges",
    "Ranks",
    "Status",
    "assess",
    "calendar",
    "find",
    "read_pledges",
    "standing",
    "together",
]
