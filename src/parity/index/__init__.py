"""Composite indicators: spec, steps, aggregation, audit, explanation."""
