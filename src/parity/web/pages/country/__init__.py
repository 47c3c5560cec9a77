"""Country: the brief of one country, beside peers of the reader's choice."""

from parity.web.pages.country.view import PAGE

__all__ = ["PAGE"]
