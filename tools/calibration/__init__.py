"""Simulations of how often tests err and intervals cover: the table of ``docs/methods/calibration.md``."""
