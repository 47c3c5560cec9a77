"""Trade flows as Eurostat, national offices and Taiwan's customs report them.

Eurostat's monthly file mixes member states with sums of them: a plain sum over its reporters counts a
shipment up to four times (exports to Russia in 2019: 409 thousand million euros for 88).

Taiwan's are integrated circuits (HS 8542) by declared destination, re-exports among them. The last year of
the file had only begun and is left out: taken for a whole year it would show a fall everywhere.
"""

from __future__ import annotations

import polars as pl

from parity.catalogue.build import _flow_names
from parity.catalogue.build._codes import Names
from parity.catalogue.build._raw import Folder
from parity.catalogue.build.transforms import machines
from parity.catalogue.build.transforms._common import number, require

EUROSTAT = "eurostat-exports-russia-neighbours"
MONTHLY = "eu_member_exports_total_monthly.csv"
ANNUAL = "eu_total_exports_by_partner_annual.csv"
NATIONAL = "national_imports_by_partner_annual.csv"
# Downloads of several years and languages: how they mark all goods, and the flow.
MARKS = {
    "PRODUCT": {"Total", "TOTAL", "TOTAL-Total"},
    "FLOW": {"EXPORT", "2-EXPORT", "EXPORTATION", "IMPORT"},
}
# Values are rounded to the euro in the national files and to more in older downloads.
MAX_ROUNDING = 1e-6
# The United Kingdom stopped being a reporter with its last month in the Union.
UNITED_KINGDOM_LAST = "2020-01"
# A year below this share of the year before is a year that had only begun when it was copied.
MIN_SHARE_OF_YEAR_BEFORE = 0.3


def eurostat(folder: Folder, names: Names) -> pl.DataFrame:
    """Return reporter, partner, flow, hs, period, original and flag of the three files, in euros."""
    return pl.concat([_monthly(folder, names), _annual(folder, names), _national(folder, names)])


def _monthly(folder: Folder, names: Names) -> pl.DataFrame:
    raw = folder.csv(MONTHLY, "month", "REPORTER", "PARTNER", "PRODUCT", "FLOW", "VALUE_IN_EUR")
    frame = _tidy(raw, names, pl.col("month"), "export")
    _check_sums(frame)
    states = frame.filter(pl.col("reporter") != "EU27")
    return states.with_columns(flag=pl.lit("observed"))


def _check_sums(frame: pl.DataFrame) -> None:
    """Refuse the file unless its member states add up to its Union of 27."""
    union = frame.filter(pl.col("reporter") == "EU27").select("partner", "period", union="original")
    left = (pl.col("reporter") == "GBR") & (pl.col("period") > UNITED_KINGDOM_LAST)
    require(frame.filter(left).is_empty(), "the United Kingdom reports after it left")
    states = frame.filter(~pl.col("reporter").is_in(["EU27", "GBR"]))
    summed = states.group_by("partner", "period").agg(pl.col("original").sum())
    both = summed.join(union, on=["partner", "period"], how="full")
    off = both.filter(~((pl.col("original") / pl.col("union") - 1).abs() <= MAX_ROUNDING).fill_null(False))
    require(off.is_empty(), f"member states do not add up to the Union of 27: {off.head(3).rows()}")


def _annual(folder: Folder, names: Names) -> pl.DataFrame:
    raw = folder.csv(ANNUAL, "REPORTER", "PARTNER", "PRODUCT", "FLOW", "PERIOD", "VALUE_IN_EUR")
    frame = _tidy(raw, names, pl.col("PERIOD").str.extract(r"(\d{4})$"), "export")
    return frame.with_columns(flag=pl.lit("observed"))


def _national(folder: Folder, names: Names) -> pl.DataFrame:
    """Return what four neighbours report as imports, without the year that had only begun (Armenia 2023)."""
    raw = folder.csv(NATIONAL, "REPORTER", "PARTNER", "PRODUCT", "FLOW", "PERIOD", "VALUE_IN_EUR")
    frame = _tidy(raw, names, pl.col("PERIOD").str.slice(1), "import").filter(pl.col("original") > 0)
    years = frame.group_by("reporter", "period").agg(pl.col("original").sum()).sort("reporter", "period")
    share = pl.col("original") / pl.col("original").shift(1).over("reporter")
    begun = years.filter(share < MIN_SHARE_OF_YEAR_BEFORE)
    require(begun.height <= 1, f"more than one year that had only begun: {begun.rows()}")
    whole = frame.join(begun, on=["reporter", "period"], how="anti")
    return whole.with_columns(flag=pl.lit("estimated"))  # converted to euros by the compiler


def _tidy(raw: pl.DataFrame, names: Names, period: pl.Expr, flow: str) -> pl.DataFrame:
    """Return one row per reporter, partner and period; the rest of the layout is as expected."""
    for column, allowed in MARKS.items():
        odd = set(raw[column]) - allowed
        require(
            not odd, f"{column} holds {sorted(map(str, odd))}, so that rows are not all goods of one flow"
        )
    frame = raw.select(
        _flow_names.reporters(names, raw["REPORTER"]).alias("reporter"),
        _flow_names.partners(names, raw["PARTNER"]).alias("partner"),
        flow=pl.lit(flow),
        hs=pl.lit("TOTAL"),
        period=period,
        original=number("VALUE_IN_EUR"),
    ).drop_nulls(["reporter", "partner"])
    # Two downloads may name one country differently.
    return frame.group_by("reporter", "partner", "flow", "hs", "period").agg(pl.col("original").sum())


TAIWAN = "taiwan-customs-8542"


def taiwan(folder: Folder, names: Names) -> pl.DataFrame:
    """Return reporter, partner, flow, hs, period, original and flag, in US dollars, by six-digit code."""
    raw = folder.csv(machines.EXPORTS, "Year", "Country_en", "HS Code", "Export Value (USD)")
    frame = raw.select(
        _flow_names.partners(names, raw["Country_en"]).alias("partner"),
        hs=pl.col("HS Code").str.slice(0, 6),
        period="Year",
        original=number("Export Value (USD)"),
    )
    require(frame["hs"].str.starts_with("8542").all(), "codes outside heading 8542")
    dated = frame.select(year=pl.col("period").cast(pl.Int32), value="original")
    whole = map(str, machines.complete_years(folder, dated))
    kept = frame.filter(pl.col("period").is_in(list(whole))).drop_nulls("partner")
    summed = kept.group_by("partner", "hs", "period").agg(pl.col("original").sum())
    return summed.filter(pl.col("original") > 0).select(
        pl.lit("TWN").alias("reporter"),
        "partner",
        pl.lit("export").alias("flow"),
        "hs",
        "period",
        "original",
        pl.lit("observed").alias("flag"),
    )
