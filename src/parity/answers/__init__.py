"""Answers: the JSON form of what the measures find, shared by the command line, the web pages and the API.

One module per verb holds the models of its answer and the function that makes one; nothing here prints,
parses words or knows of a browser.
"""

from parity.answers.base import Answer, EstimateModel

__all__ = ["Answer", "EstimateModel"]
