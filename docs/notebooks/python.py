# %% [markdown]
# # Parity in Python
#
# Every question of the command line is a function of the package; what it returns shows itself in a notebook as a page and elsewhere as a
# short text. This page is made by running `docs/notebooks/python.py`, which Jupyter, VS Code and Spyder open as a notebook.

# %%
import parity

found = parity.lag("RUS", behind="USA")
found

# %% [markdown]
# An answer holds the measure's own result, typed, and knows the vintage of its data and the command that gives the same.

# %%
found.result.lag.standing.text(1), found.data, found.question.command

# %% [markdown]
# `table()` is a polars frame with the ends of every interval beside its number; `to_pandas()` needs nothing else installed than pandas.

# %%
parity.rank(group="BRICS").table().select("name", "^mixed_rank.*$").head(3)

# %%
type(parity.rank(group="BRICS").to_pandas()).__name__

# %% [markdown]
# Names are taken as people write them. A mistake is one error with what to do about it, never an answer.

# %%
try:
    parity.lag("Atlantis")
except parity.errors.ParityError as problem:
    print(problem)

# %% [markdown]
# ## Data of your own
#
# Where a question takes a file on the command line, it takes a polars or pandas frame here. An index of your own is one TOML file.

# %%
import polars as pl

data = pl.DataFrame({"iso3": ["AAA", "BBB", "CCC"], "papers": [10, 40, 20], "unemployed": [5.0, 9.0, 2.0]})
spec = """
[index]
id = "two"
title = "Two indicators"
id_column = "iso3"
[steps.normalise]
[[indicator]]
code = "papers"
[[indicator]]
code = "unemployed"
direction = -1
"""
with open("two.toml", "w") as file:
    file.write(spec)
parity.index("two.toml", data=data).table().filter(pl.col("level") > 1)

# %% [markdown]
# Scores of a model that nobody else has measured, beside those that Parity carries:

# %%
scores = pl.DataFrame(
    {
        "model": ["ours"] * 3,
        "benchmark": ["MMLU", "GPQA diamond", "Winogrande"],
        "score": [0.71, 0.42, 0.8],
        "date": ["2026-05-01"] * 3,
        "country": ["Kazakhstan"] * 3,
    }
)
parity.lag("KAZ", scores=scores, add=True, draws=20).result.lag.standing.text(0)

# %% [markdown]
# ## A text against the evidence

# %%
checked = parity.check("Russia ranks 31st out of 83 countries in the Global AI Index.", date="2025-01-01")
[(claim.verdict, claim.why) for claim in checked.result.claims]

# %% [markdown]
# ## Figures and files
#
# `chart()` is the figure, described once: a notebook draws it, `--out FILE.svg` and `parity.show.files.write` put it into a file.

# %%
chart = found.chart()
chart.title, chart.frame.height

# %% [markdown]
# `document()` is all that people see of an answer, in any form.

# %%
from parity.show.markdown import markdown

print(markdown(parity.pledges_show("kor-gpus-10000-2025", on="2026-10-01").document()))
