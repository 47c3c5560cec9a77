"""Capability from benchmark scores, the frontier of each country, and the lag in months."""
