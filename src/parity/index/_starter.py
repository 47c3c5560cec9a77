"""A spec to start from, with the common choices explained where they stand."""

STARTER = """\
# A composite index in one file. `parity index build FILE` builds it, `parity index schema` prints the
# JSON Schema for your editor. The page "Spec reference" of the documentation lists every field.

[index]
id = "my-index"
title = "My index"
data = "data.csv"            # CSV, TSV, Excel or Parquet, relative to this file; or give --data
id_column = "iso3"           # one row per unit
name_column = "country"
# year_column = "year"       # one row per unit and year

# A step whose table is absent is skipped, and the run says so.
[steps]
order = ["denominate", "screen", "impute", "treat", "normalise"]

# [steps.denominate]         # divides each indicator by the column that it names as its denominator

[steps.screen]
min_available = 0.66         # leaves out units with less than this share of the indicators
# include = ["TWN"]          # kept whatever the data

[steps.impute]
method = "group_median"      # none, mean, median, group_mean, group_median, row_mean, row_median,
                             # linear, latest, constant, neighbours, em
by = "region"                # column of the data that holds the groups
fallback = "median"          # where a group has no value

[steps.treat]                # where |skewness| >= 2 and kurtosis >= 3.5:
winmax = 5                   # winsorises up to 5 points, and takes logs if that is not enough

[steps.normalise]
method = "minmax"            # none, minmax, goalposts, scaled, zscore, rank, percentile_rank, borda,
                             # distance_to_maximum, distance_to_reference, distance_to_target,
                             # fraction_of_maximum
lower = 1
upper = 100

[steps.weight]
method = "given"             # given, equal, pca, entropy, critic, optimised, benefit_of_the_doubt

[steps.aggregate]
method = "arithmetic"        # arithmetic, geometric, harmonic, power, median, mazziotta_pareto, copeland,
                             # outranking, benefit_of_the_doubt
[steps.aggregate.level.3]    # another rule for groups at level 3 (level 1 are the indicators)
method = "geometric"

[[indicator]]
code = "gdp_per_person"      # column of the data
title = "GDP per person"
group = "economy"
weight = 2

[[indicator]]
code = "unemployment"
group = "economy"
direction = -1               # less is better

[[indicator]]
code = "schooling"
group = "people"
impute = "mean"              # an indicator can have its own imputation, treatment and normalisation

[[indicator]]
code = "internet_users"
group = "people"
treat = "none"

[[group]]
code = "economy"
parent = "total"
weight = 1

[[group]]
code = "people"
parent = "total"
weight = 1

[[group]]
code = "total"               # the group without a parent is the index

# What is varied for rank intervals: parity robustness --index FILE
[[robustness.choice]]
field = "normalise"
values = [{ method = "minmax", lower = 1, upper = 100 }, { method = "rank" }]

[[robustness.choice]]
field = "aggregate.level.3.method"
values = ["geometric", "arithmetic"]

[[robustness.weights]]
noise = { 1 = 0.25, 2 = 0.25 }
"""

EXAMPLE_DATA = """\
iso3,country,region,gdp_per_person,unemployment,schooling,internet_users
AAA,Aland,north,41200,5.1,12.9,91
BBB,Beland,north,38100,4.3,12.1,
CCC,Celand,north,52700,3.9,13.4,96
DDD,Deland,south,18900,9.8,9.7,71
EEE,Eland,south,12300,,8.9,64
FFF,Efland,south,15600,11.2,10.2,69
GGG,Geland,east,27400,6.6,11.8,83
HHH,Hland,east,24100,7.4,11.1,80
"""
"""Invented data on which the spec to start from runs."""
