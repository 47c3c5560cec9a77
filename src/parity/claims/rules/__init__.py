"""Rules that find claims, one module per family."""
