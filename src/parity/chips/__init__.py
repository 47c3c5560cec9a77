"""Accelerators, dated export-control rulings, what a country can lawfully reach, installed compute."""
