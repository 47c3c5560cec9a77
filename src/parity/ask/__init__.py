"""Questions: parameters with their defaults, declared once, and the answers to them.

One module per verb. A question loads tables through the caches of this package and calls a measure; every
face (command line, browser, API, assistants, Python) is derived from its fields.
"""
