"""A text's checkable claims, and what the evidence says about them."""

from parity.claims._section import PublicClaim, PublicClaims, public_claims
from parity.claims.asked import with_model
from parity.claims.check import MOST_CHARACTERS, Checked, Report, check, judge
from parity.claims.dateline import text_date
from parity.claims.extract import Extraction, extract
from parity.claims.model import FAMILIES, AnyClaim, Claim, Uncheckable
from parity.claims.reading import Text, texts
from parity.claims.review import claim_reviews, markdown, page
from parity.claims.verdict import Finding, Judgement, Verdict

__all__ = [
    "FAMILIES",
    "MOST_CHARACTERS",
    "AnyClaim",
    "Checked",
    "Claim",
    "Extraction",
    "Finding",
    "Judgement",
    "PublicClaim",
    "PublicClaims",
    "Report",
    "Text",
    "Uncheckable",
    "Verdict",
    "check",
    "claim_reviews",
    "extract",
    "judge",
    "markdown",
    "page",
    "public_claims",
    "text_date",
    "texts",
    "with_model",
]
