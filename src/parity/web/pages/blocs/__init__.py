"""Blocs: what an alliance pools, what each member brings, how closely its members work together."""

from parity.web.pages.blocs.view import PAGE

__all__ = ["PAGE"]
