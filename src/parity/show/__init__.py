"""Documents, tables and charts, and their forms: terminal, HTML, Markdown, PDF, files. No subject matter."""

DATA = ("json", "csv", "parquet", "xlsx")
PAGES = ("md", "html", "pdf")
FIGURES = ("svg", "png")
KINDS = (*DATA, *PAGES, *FIGURES)
"""Endings of the files that a document can be written to."""
