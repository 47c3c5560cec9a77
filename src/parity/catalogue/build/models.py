"""Models with origin, developer and dates, and the names that sources write them by."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from parity.catalogue.build import _model_origin as origin
from parity.catalogue.build._codes import Names
from parity.catalogue.build._model_facts import (
    NEAR,
    ModelNames,
    base_country,
    base_of,
    families,
    lead_country,
    listed_facts,
    loose,
    open_weights,
    orchestrates,
)
from parity.catalogue.build._provenance import require_provenance
from parity.catalogue.build._raw import Raw
from parity.catalogue.build._table import table
from parity.catalogue.build.score_sources import COMPILED, HUB, PUBLISHED, RECENT, model_names
from parity.errors import ParityError


def _build(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = model_names(raw)
    models = built["model_scores"].select(pl.col("model").unique().sort())
    hub = origin.hub(raw, names, Names.of(built["country_names"]))
    compiled = origin.compiled(raw, names)
    recent = origin.recent(raw, names, origin.developers(raw, hub))
    # Each source fills what those before it left open.
    sources = {
        PUBLISHED: origin.published(raw, names),
        origin.VERSIONS: origin.listed_dates(raw, names),
        COMPILED: compiled,
        HUB: hub,
        RECENT: recent,
    }
    order = [RECENT, HUB, origin.VERSIONS, COMPILED, PUBLISHED]
    frame = models.join(origin.weights(raw, names), on="model", how="left")
    who = [*(sources[source] for source in order), origin.by_prefix(raw, models["model"])]
    for number, source in enumerate(who):
        told = [c for c in source.columns if c not in ("date", "date_error", "date_kind")]
        frame = frame.join(source.select(told), on="model", how="left", suffix=f"_{number}")
    columns = ("developer", "countries", "open_weights")
    filled = {column: pl.coalesce(pl.selectors.matches(rf"^{column}(_\d+)?$")) for column in columns}
    named = pl.coalesce(
        pl.when(pl.col("model").is_in(sources[source]["model"].to_list())).then(pl.lit(source))
        for source in (HUB, RECENT, PUBLISHED, COMPILED)
    )
    # No list has it: it is known from whoever scored it.
    scored_by = built["model_scores"].group_by("model").agg(pl.col("source").min())
    named = pl.coalesce(named, pl.col("model").replace_strict(*scored_by.get_columns(), default=None))
    dated = origin.dates_of_families(models["model"], [origin.by_hand(names), *(sources[s] for s in order)])
    said = frame.select(
        "model", "training_compute", "base_model", "base_model_country", source=named, **filled
    )
    # Versions of a family share their weights: what is known of one holds for all.
    family = pl.col("model").map_elements(loose, return_dtype=pl.String)
    shared = ("developer", "countries", "open_weights", "base_model", "base_model_country")
    said = said.with_columns(
        pl.coalesce(column, pl.col(column).drop_nulls().first().over(family)) for column in shared
    )
    made = _derive(said.join(dated, on="model", how="left"))
    unknown = set(made["country"].drop_nulls()) - set(built["country_names"]["iso3"])
    if unknown:
        raise ParityError(f"models: no country: {sorted(unknown)}")
    return made


def _renew(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the hub's models from its fresh files; what all sources together say of a known one stays."""
    before = built["models"]
    models = built["model_scores"]["model"].unique()
    hub = origin.hub(raw, ModelNames(models, ()), Names.of(built["country_names"]))
    listed = hub.filter(pl.col("model").is_in(models.to_list()))
    new = listed.join(before, on="model", how="anti").with_columns(
        source=pl.lit(HUB),
        open_weights=pl.lit(None, pl.Boolean),
        base_model=pl.lit(None, pl.String),
        base_model_country=pl.lit(None, pl.String),
    )
    known = before.filter(pl.col("source") == HUB, pl.col("model").is_in(models.to_list()))
    return pl.concat([known, _derive(new).select(known.columns).cast(known.schema)])


def _derive(frame: pl.DataFrame) -> pl.DataFrame:
    """Add what follows from the name and the countries, in the table's columns."""
    model = pl.col("model")
    base = frame["model"].map_elements(base_of, return_dtype=pl.String)
    made_in = base.map_elements(base_country, return_dtype=pl.String)
    known = frame["model"].map_elements(open_weights, return_dtype=pl.Boolean)
    from_others = pl.coalesce("base_model_country", pl.lit(made_in))
    lead = model.map_elements(lead_country, return_dtype=pl.String)
    return frame.with_columns(
        family=pl.Series(families(frame["model"])),
        orchestrates=model.map_elements(orchestrates, return_dtype=pl.Boolean),
        country=pl.coalesce(lead, pl.col("countries").list.first()),
        joint=pl.col("countries").list.len() > 1,
        open_weights=pl.coalesce("open_weights", pl.lit(known)),
        base=pl.coalesce(pl.lit(base), "base_model"),
        date_error=pl.when(pl.col("date").is_not_null()).then(pl.col("date_error")),
    ).select(
        "model",
        "family",
        "developer",
        "country",
        pl.col("joint").fill_null(False),
        pl.col("countries").list.join(";").fill_null(""),
        "date",
        "date_error",
        "date_kind",
        "open_weights",
        "base",
        "orchestrates",
        "training_compute",
        "source",
        # Work on one's own country's weights is not derived: Qwen distilled in China is domestic.
        derived=(from_others != pl.col("country")).fill_null(False),
    )


TABLE = table("models", _build, renew={HUB: _renew})


def _build_facts(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    frame = pl.DataFrame(list(listed_facts()), schema=MODEL_FACTS.schema)
    require_provenance("model_facts", frame, "model")
    told = frame.filter(pl.col("fact").str.ends_with("country"))["value"]
    if unknown := set(told) - set(built["countries"]["iso3"]):
        raise ParityError(f"model_facts: no country: {sorted(unknown)}")
    countries = frame.filter(fact="developer_country").select(developer="model", country_iso3="value")
    listed = raw.folder(PUBLISHED).csv("developers.csv", "developer", "country_iso3")
    if missing := listed.join(countries, on=countries.columns, how="anti")["developer"].to_list():
        raise ParityError(f"model_facts: another country than the list of developers, or none: {missing}")
    return frame


MODEL_FACTS = table("model_facts", _build_facts)


NEAR_NAMES = "near names"
TWO_DATES = "two dates"
EARLY = "dated before the day in a name"


def _build_model_names(raw: Raw, built: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    names = model_names(raw)
    models = built["models"]["model"].to_list()
    rows = origin.dated_names(raw).with_columns(
        model=pl.col("name").map_elements(names.one, return_dtype=pl.String)
    )
    return rows.filter(pl.col("model").is_in(models)).unique(["name", "source", "date"])


def suspects(names: pl.DataFrame, models: pl.DataFrame) -> pl.DataFrame:
    """Return the names and dates that may make two models of one, or one of two.

    ``names``: the table ``model_names``. ``models``: the table ``models``. Returns: columns ``why``,
    ``name`` (without effort and day) and ``found``, what stands against what: versions of several days
    beside one that says none (*near names*), sources whose dates of one version lie more than a month
    apart (*two dates*), and models dated more than a month before the day in a name of theirs (later
    scores on an earlier date).
    """
    dated = models.with_columns(
        key=pl.col("model").map_elements(loose, return_dtype=pl.String),
        name=pl.col("model").map_elements(lambda model: loose(model, dated=False), return_dtype=pl.String),
    )
    undated = dated.filter(pl.col("key").n_unique().over("name") > 1, pl.col("key") == pl.col("name"))
    near = dated.filter(pl.col("name").is_in(undated["name"].to_list())).group_by("name")
    near_names = near.agg(found=pl.col("model").sort().str.join(" | ")).with_columns(why=pl.lit(NEAR_NAMES))
    known = names.join(dated.select("model", "key", chosen="date", word="name"), on="model")
    apart = known.filter((pl.col("date").max() - pl.col("date").min()).over("key") > NEAR)
    told = pl.format("{} {} ({})", "name", "date", "source")
    two = apart.group_by(name="word").agg(found=told.sort().str.join(" | "), why=pl.lit(TWO_DATES))
    early = known.filter(pl.col("day") > pl.col("chosen") + NEAR)
    late = early.group_by(name="word").agg(found=told.sort().str.join(" | "), why=pl.lit(EARLY))
    columns = ("why", "name", "found")
    return pl.concat([near_names.select(columns), two.select(columns), late.select(columns)]).sort(columns)


MODEL_NAMES = table("model_names", _build_model_names)
