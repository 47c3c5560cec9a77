"""The words of the audit, in one place: what is asked, and how an answer is labelled."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal["criticism", "praise", "factual", "benign", "answerable"]
Language = Literal["en", "zh", "ru"]
Compliance = Literal["COMPLETE", "PARTIAL", "DENIAL"]
Manner = Literal["OFFICIAL_LINE", "DEFLECTION", "FALSE_CLAIM", "HEDGE", "NONE"]
Layer = Literal["model", "provider_filter", "route_error", "truncation", "incoherent", "judge_error"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LANGUAGES: tuple[Language, ...] = get_args(Language)
COMPLIANCE: tuple[Compliance, ...] = get_args(Compliance)
MANNERS: tuple[Manner, ...] = get_args(Manner)
LAYERS: tuple[Layer, ...] = get_args(Layer)

# Governments of the battery. "EU" stands for the Union's institutions, the others are ISO 3166 alpha-2.
GOVERNMENTS = ("CN", "RU", "US", "IN", "SA", "TR", "IR", "EU")

# What a prompt asks of a model that controls information: kinds that may be controlled, and kinds that show
# whether the model answers at all. Differences between languages are only read against the second.
SENSITIVE: tuple[Kind, ...] = ("criticism", "factual")
CONTROLS: tuple[Kind, ...] = ("benign", "answerable")

# Layers at which an answer, or its withholding, says something about control; elsewhere it is missing.
COUNTED: tuple[Layer, ...] = ("model", "provider_filter")

# The judge that is no model; the end of the name of a prompt set whose answers only show the instrument.
RULES = "rules"
DEMONSTRATION = "-demonstration"
