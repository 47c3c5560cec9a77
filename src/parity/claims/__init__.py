"""A text's checkable claims, and what the evidence says about them."""

from parity.claims.asked import with_model
from parity.claims.check import Checked, Report, check, judge, judge_all
from parity.claims.dateline import text_date
from parity.claims.extract import Extraction, extract
from parity.claims.model import FAMILIES, AnyClaim, Claim, Uncheckable
from parity.claims.ranks import rank_ranges
from parity.claims.verdict import Evidence, Judgement, Verdict

__all__ = [
    "FAMILIES",
    "AnyClaim",
    "Checked",
    "Claim",
    "Evidence",
    "Extraction",
    "Judgement",
    "Report",
    "Uncheckable",
    "Verdict",
    "check",
    "extract",
    "judge",
    "judge_all",
    "rank_ranges",
    "text_date",
    "with_model",
]
