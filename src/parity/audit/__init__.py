"""Information control in language models: asking about every government alike, and counting what is withheld.

Running models needs the ``audit`` extra (Inspect AI); analysing labels does not.
"""

from parity.audit._logs import labels_from_logs
from parity.audit._notes import demonstrated
from parity.audit._vocabulary import COMPLIANCE, GOVERNMENTS, KINDS, LANGUAGES, LAYERS, MANNERS, RULES
from parity.audit.analysis import AuditOptions, AuditResult, DeveloperResult, analyse
from parity.audit.calibration import Calibration, calibrate
from parity.audit.cells import consistency, facts, hosts, items, layers, rates
from parity.audit.contrasts import languages, own_government, selectivity
from parity.audit.correction import (
    JudgeQuality,
    judge_quality,
    ppi_rate,
    rogan_gladen,
    same_population,
)
from parity.audit.developers import MixedModel, Permutation, fit_mixed_model, permute_developers
from parity.audit.judges import Agreement, agreement, cohen_kappa, joint_agreement
from parity.audit.labels import no_models, outcome, tidy, tidy_models
from parity.audit.power import PairsNeeded, mcnemar_power, pairs_needed
from parity.audit.prompts import Prompt, battery, facts_on_record, prompt_table, prompts_from_jsonl
from parity.audit.rubric import RUBRIC_VERSION, Grade, grading_prompt, read_grade
from parity.audit.running import Plan, RunOptions, RunOutcome, plan, run
from parity.audit.section import ControlSection, control_section, pooled_difference

__all__ = [
    "COMPLIANCE",
    "GOVERNMENTS",
    "KINDS",
    "LANGUAGES",
    "LAYERS",
    "MANNERS",
    "RUBRIC_VERSION",
    "RULES",
    "Agreement",
    "AuditOptions",
    "AuditResult",
    "Calibration",
    "ControlSection",
    "DeveloperResult",
    "Grade",
    "JudgeQuality",
    "MixedModel",
    "PairsNeeded",
    "Permutation",
    "Plan",
    "Prompt",
    "RunOptions",
    "RunOutcome",
    "agreement",
    "analyse",
    "battery",
    "calibrate",
    "cohen_kappa",
    "consistency",
    "control_section",
    "demonstrated",
    "facts",
    "facts_on_record",
    "fit_mixed_model",
    "grading_prompt",
    "hosts",
    "items",
    "joint_agreement",
    "judge_quality",
    "labels_from_logs",
    "languages",
    "layers",
    "mcnemar_power",
    "no_models",
    "outcome",
    "own_government",
    "pairs_needed",
    "permute_developers",
    "plan",
    "pooled_difference",
    "ppi_rate",
    "prompt_table",
    "prompts_from_jsonl",
    "rates",
    "read_grade",
    "rogan_gladen",
    "run",
    "same_population",
    "selectivity",
    "tidy",
    "tidy_models",
]
