"""Ranking: where every country stands, under the reader's own weights and methods."""

from parity.web.pages.ranking.view import PAGE

__all__ = ["PAGE"]
