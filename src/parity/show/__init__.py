"""Documents, tables and charts, and their forms: terminal, HTML, Markdown, PDF, files. No subject matter.

What there is to show is in `document`; figures are described with `marks` and drawn by `draw`; `cells` turns
values into text, alike for every form; `terminal`, `html`, `markdown`, `pdf` and `files` are the forms.
"""

DATA = ("json", "csv", "parquet", "xlsx")
PAGES = ("md", "html", "pdf")
FIGURES = ("svg", "png")
KINDS = (*DATA, *PAGES, *FIGURES)
"""Endings of the files that a document can be written to; here, so that a help text costs no import."""
