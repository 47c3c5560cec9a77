"""Answers as documents: the only place with words, tables and figures, one module per topic."""
