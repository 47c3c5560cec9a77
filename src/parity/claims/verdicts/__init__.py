"""Verdicts, one module per family."""
