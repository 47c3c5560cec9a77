"""Whether a new edition of a series can be what it says: enough rows, a possible range, no jump."""

from __future__ import annotations

import polars as pl

# A new edition with fewer rows than this share of the earlier one is taken for a cut-off file.
LEAST_SHARE_OF_ROWS = 0.9
# A value of a year that both editions have may not move by more than this factor: of 666 sums of private
# deals in two releases three months apart, 98.3 % moved by less (the median by 1 %); Iceland's by 230.
JUMP = 5.0
# Where so many countries jump at once, the unit has changed and not the world.
SHARE_OF_JUMPS = 0.1


def sane(
    new: pl.DataFrame, earlier: pl.DataFrame, *, accept_fewer: bool = False, accept_jumps: bool = False
) -> tuple[pl.DataFrame, list[str]]:
    """Return observations to use, with what was held back and why.

    ``new, earlier``: one source's rows of the table ``observations``, fresh and as in use. Returns: the
    new rows; the earlier ones of a series, or of a country in it, that cannot be right. Returns: one line
    for each series held back, wholly or for some countries.
    """
    kept: list[pl.DataFrame] = []
    told: list[str] = []
    before = earlier.partition_by("indicator", as_dict=True, maintain_order=True)
    after = new.partition_by("indicator", as_dict=True, maintain_order=True)
    for key in dict.fromkeys([*before, *after]):
        old, now = before.get(key, earlier.clear()), after.get(key, new.clear())
        fault = "" if old.is_empty() else _fault(str(key[0]), now, old, accept_fewer)
        if fault:
            kept.append(old)
            told.append(fault)
            continue
        jumps = now.clear().select("iso3", words=pl.lit("")) if accept_jumps else _jumps(now, old)
        if jumps.height > max(SHARE_OF_JUMPS * now["iso3"].n_unique(), 3):
            kept.append(old)
            told.append(
                f"{key[0]}: {jumps.height} countries jump, {jumps['words'][0]}; has its unit changed?"
            )
            continue
        held = pl.col("iso3").is_in(jumps["iso3"].to_list())
        kept += [now.filter(~held), old.filter(held)]
        told += [f"{key[0]}, {words}" for words in jumps["words"]]
    return pl.concat(kept).select(new.columns), told


def fewer(name: str, now: pl.DataFrame, old: pl.DataFrame) -> str:
    """Return the words for a table or series that has lost many rows."""
    return (
        f"the new files hold {now.height:,} rows of {name} where there were {old.height:,}: "
        "they may be cut off (if the publisher has dropped them, use --accept-fewer)"
    )


def _fault(name: str, now: pl.DataFrame, old: pl.DataFrame, accept_fewer: bool) -> str:
    """Return why a whole series cannot be right; empty where it can."""
    if not accept_fewer and now.height < LEAST_SHARE_OF_ROWS * old.height:
        return fewer(name, now, old)
    if now.is_empty():
        return ""
    low, high = now["value"].min(), now["value"].max()
    first, last = old["value"].min(), old["value"].max()
    if isinstance(low, float) and isinstance(first, float) and low < 0 <= first:
        return f"{name}: a value of {low:,.4g}, where none was below zero"
    if isinstance(high, float) and isinstance(last, float) and last <= 100 < high and high > last * JUMP:
        return f"{name}: a value of {high:,.4g}, where none was above {last:,.4g}"
    return ""


def _jumps(now: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """Return the countries whose values of a year in both editions are too far apart, with words for each."""
    both = now.join(old, on=["iso3", "year"], suffix="_old")
    larger = pl.max_horizontal("value", "value_old")
    smaller = pl.min_horizontal("value", "value_old")
    # Small numbers double and halve; a sum of one deal says little.
    matters = larger > old.filter(pl.col("value") > 0)["value"].median()
    far = both.filter(smaller > 0, larger / smaller > JUMP, matters).sort("year")
    return far.group_by("iso3", maintain_order=True).agg(
        words=pl.format(
            "{} {}: {} times the earlier value",
            pl.col("iso3").last(),
            pl.col("year").last(),
            (pl.col("value") / pl.col("value_old")).last().round(2),
        )
    )
