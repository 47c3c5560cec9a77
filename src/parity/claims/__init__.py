"""A text's checkable claims, and what the evidence says about them."""

from parity.claims._section import PublicClaim, PublicClaims, public_claims
from parity.claims.asked import with_model
from parity.claims.check import MOST_CHARACTERS, Checked, Report, check, judge
from parity.claims.dateline import text_date
from parity.claims.extract import Extraction, extract
from parity.claims.model import FAMILIES, AnyClaim, Claim, Uncheckable
from parity.claims.verdict import Evidence, Judgement, Verdict

__all__ = [
    "FAMILIES",
    "MOST_CHARACTERS",
    "AnyClaim",
    "Checked",
    "Claim",
    "Evidence",
    "Extraction",
    "Judgement",
    "PublicClaim",
    "PublicClaims",
    "Report",
    "Uncheckable",
    "Verdict",
    "check",
    "extract",
    "judge",
    "public_claims",
    "text_date",
    "with_model",
]
