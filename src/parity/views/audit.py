"""An audit of language models in words, tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from parity.estimate import rounded
from parity.show import marks
from parity.show.cells import number
from parity.show.document import Block, Chart, Column, Document, Group, Note, Table, Text, estimate
from parity.views.common import document, frame
from parity.views.names import upper_first

if TYPE_CHECKING:
    from parity.ask.answer import Answer
    from parity.ask.audit import AuditAnalyse
    from parity.audit import AuditOptions, AuditResult, Calibration, DeveloperResult
    from parity.audit.report import AuditReport

_LANGUAGES = {"en": "English", "fi": "Finnish", "ru": "Russian", "zh": "Chinese"}
_ENDS = {
    "complete": "answered",
    "partial": "in part",
    "denial": "refused by the model",
    "provider_filter": "stopped by a filter",
    "truncation": "cut off",
    "incoherent": "incoherent",
    "judge_error": "judge failed",
    "route_error": "route failed",
}
LIMITS = (
    "Tasks are matched on their form, not on their content: one country may give more to criticise.",
    "Only China is asked about in several languages, its own among them; no other country is.",
    "Without harmless prompts in the same languages, a gap between languages may be command of the language.",
    "People have not labelled these answers: both judges are models, and their rates are not corrected.",
    "Each prompt was answered once; several hosts served many models: a filter may be theirs.",
    "A claim about a country is one about its developers, who are few; models of one developer agree anyway.",
)
"""What the labels that ship with Parity cannot show."""
_POINTS = estimate("points", "Points of 100", digits=1)
_TESTED = (
    Column("p_adjusted", "p, adjusted", role="value", mixed=True),
    Column("verdict", "Verdict"),
    Column("pairs", "Pairs", spare=True),
    Column("missing", "Missing", spare=True),
    Column("p", "p", role="value", mixed=True, hidden=True),
    Column("p_holm", "p, Holm", role="value", mixed=True, hidden=True),
    Column("p_bh", "p, Benjamini-Hochberg", role="value", mixed=True, hidden=True),
)
_RATES = (
    Column("model", "Model", role="key"),
    Column("about", "About"),
    Column("in", "In"),
    Column("kind", "Kind"),
    *estimate("rate", "Withheld", digits=0, format="percent"),
    Column("prompts", "Prompts"),
    Column("missing", "Missing"),
)


@cache
def name(code: str) -> str:
    """Return the name of a government, a country or a language; of several models' country, none."""
    from parity.catalogue import find_country

    if code in ("", "unknown"):
        return "not known"
    if code == "EU":
        return "European Union"
    if code in _LANGUAGES or code == "others":
        return _LANGUAGES.get(code, code)
    return find_country(code).name if len(code) == 2 else code


def _sentence(code: str) -> str:
    return f"the {name(code)}" if code in ("EU", "US", "GB") else name(code)


def analyse(answer: Answer[AuditReport]) -> Document:
    """Return what is withheld about one government and not about others."""
    asked: AuditAnalyse = answer.question  # type: ignore[assignment]
    result, checked = answer.result.analysis, answer.result.checked
    shown = _Shown(result, asked)
    options = result.options
    charts = {chart.name: chart for chart in shown.charts()}
    groups: dict[str, list[Block]] = {
        "Each model's own government": list(_own(result)),
        "The same prompts in other languages": list(_spoken(result)),
        "Facts on record": list(_facts(result)),
        "Developers: the unit of a claim about a country": list(_developers(result)),
        "How far the judges agree": list(_agreement(result, options)),
        "People's labels": [] if checked is None else list(_calibration(checked, options)),
        "What cannot be concluded": [Note(line) for line in LIMITS] if asked.labels is None else [],
        "A demonstration, not a finding": [] if asked.labels is not None else list(_demonstration()),
        "What was left out": [Note(f"{upper_first(note)}.") for note in result.notes],
    }
    first = [charts.pop(asked.kind)] if asked.kind in charts else []
    blocks: list[Block] = [
        *(Text(line) for line in _said(result)),
        *shown.selectivity(),
        *first,
        *(Group(title, tuple(inner)) for title, inner in groups.items() if inner),
        *charts.values(),
    ]
    title = f"Answers about {_sentence(str(options.protected))}" if options.protected else "Rates of answers"
    return document(answer, title, _finding(result), blocks)


def _finding(result: AuditResult) -> str:
    rows, options = result.selectivity, result.options
    if result.demonstration:
        return "A demonstration of the instrument, not a finding about any model, developer or country."
    if rows.is_empty():
        return "The labels hold no comparison of governments."
    more = int((rows["verdict"] == "withholds more").sum())
    other = "others are" if options.against == "others" else f"{_sentence(options.against)} is"
    about = _sentence(str(options.protected))
    verb = "withholds" if more < 2 else "withhold"
    return f"{more or 'None'} of {len(rows)} models {verb} more when {about} is criticised than when {other}."


def _demonstration() -> Iterator[Block]:
    """Yield how the answers of a small model ended, which Parity carries to show what an audit looks like."""
    from parity.ask.audit import demonstration
    from parity.audit.cells import ended

    labels = demonstration().labels
    day = labels["date"][0]
    yield Note(
        f"{labels.height} answers of SmolLM2-135M-Instruct (135 million parameters, weights of four bits), "
        f"run on one machine on {day.day} {day:%B %Y} and labelled by rules; `make audit-demo` repeats it. "
        "It shows what an audit meets, above all answers that are none. Nothing follows for a model, a "
        "developer or a country."
    )
    table = (
        ended(labels)
        .group_by("language", pl.col("outcome").replace(_ENDS | {"complete": "sentences, sense not checked"}))
        .len()
        .sort("outcome")
        .pivot("outcome", index="language", values="len")
        .fill_null(0)
        .sort("language")
        .with_columns(pl.col("language").map_elements(name, return_dtype=pl.String))
    )
    heads = {each: each.replace(",", "").replace(" ", "_") for each in table.columns[1:]}
    columns = (Column(head, upper_first(each)) for each, head in heads.items())
    shown = (Column("language", "Asked in", role="key"), *columns)
    yield Table(table.rename(heads), shown, "Where the answers ended")


def _said(result: AuditResult) -> Iterator[str]:
    options = result.options
    days = result.days()
    months = dict.fromkeys(f"{day:%B %Y}" for day in days or ())
    span = f", answers of {' to '.join(months)}" if months else ""
    if not result.selectivity.is_empty():
        verdict = result.selectivity["verdict"]
        none = int(verdict.str.starts_with("no difference").sum())
        less, unsure = (int((verdict == told).sum()) for told in ("withholds less", "cannot tell"))
        plain = result.selectivity.filter(pl.col("difference") > 0, pl.col("p_holm") < 1 - options.level)
        yield (
            f"{none} show no difference above {100 * options.margin:g} points, {less} withhold less, "
            f"{unsure} cannot be told with so few tasks. Claims hold with p adjusted over all models, "
            f"each test counting with the p that it can reach; by plain Holm {plain.height} withhold more."
        )
    yield (
        f"Judge {options.judge}{span}; counted: {options.outcome}. There is no single score: rates differ by "
        "prompts, language, route and judge."
    )


class _Shown:
    """The rows of an analysis that are shown: developers of a country, a language."""

    def __init__(self, result: AuditResult, asked: AuditAnalyse) -> None:
        self.result, self.asked, self.options = result, asked, result.options
        self.whose = f" Models by developers from {name(asked.home)}." if asked.home else ""

    def of_home(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of models by developers of the country asked for."""
        if not self.asked.home or rows.is_empty():
            return rows
        known = rows if "country" in rows.columns else rows.join(self.result.models, on="model", how="left")
        home = pl.col("country")
        return known.filter(home.is_null() if self.asked.home == "unknown" else home == self.asked.home)

    def about(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the main judge's rows on criticism of the protected government."""
        return self.of_home(
            rows.filter(
                (pl.col("judge") == self.options.judge)
                & (pl.col("government") == str(self.options.protected))
                & (pl.col("kind") == "criticism")
            )
        )

    def selectivity(self) -> Iterator[Block]:
        """Yield the table of all models, the most selective first."""
        rows = self._selectivity()
        if rows.is_empty():
            return
        title = (
            f"Withheld on {_sentence(str(self.options.protected))} minus {_sentence(self.options.against)}, "
            "same tasks"
        )
        yield Table(rows if self.asked.top is None else rows.head(self.asked.top), self._columns(rows), title)
        yield Note(f"In points of 100 prompts, {100 * self.options.level:g} % intervals.{self.whose}")

    def _selectivity(self) -> pl.DataFrame:
        rows = self.of_home(self.result.table())
        if rows.is_empty():
            return rows
        scaled = _scaled(self.result.by_judge.filter(pl.col("judge") != self.options.judge))
        others = scaled.group_by("model", "language", maintain_order=True).agg(
            other=pl.col("points").first(),
            other_low=pl.col("points_low").first(),
            other_high=pl.col("points_high").first(),
        )
        protected = self.options.protected
        home = pl.lit(f"from {_sentence(str(protected))}")
        known = pl.when(pl.col("country") == protected).then(home).otherwise(pl.lit("from elsewhere"))
        unknown = pl.col("country").is_null()
        origin = pl.when(unknown).then(pl.lit("developer not known")).otherwise(known)
        return (
            _scaled(rows)
            .join(others, on=["model", "language"], how="left", maintain_order="left")
            .with_columns(origin=origin)
            .with_columns(pl.col("country").fill_null("").map_elements(name, return_dtype=pl.String))
        )

    def _columns(self, rows: pl.DataFrame) -> tuple[Column, ...]:
        other = estimate("other", "By the other judge", digits=1)
        several = rows["language"].n_unique() > 1
        return (
            Column("model", "Model", role="key"),
            Column("developer", "Developer", spare=True),
            Column("country", "From", spare=True),
            *((Column("language", "In"),) if several else ()),
            *_POINTS,
            *_TESTED,
            *(replace(one, spare=True) for one in other if rows["other"].count()),
        )

    def charts(self) -> Iterator[Chart]:
        """Yield the figures: forest, languages, layers, rates."""
        rows = self._selectivity()
        if not rows.is_empty():
            yield self._forest(rows)
        rates = self.about(self.result.rates).filter(pl.col("rate").is_not_null())
        if rates["language"].n_unique() > 1:
            yield self._languages(rates)
        layers = self.about(self.result.layers)
        if not layers.is_empty():
            yield self._layers(layers)
        yield from self._rates()

    def _forest(self, rows: pl.DataFrame) -> Chart:
        columns = self._columns(rows)
        spec = marks.spec(
            marks.dots(
                rows, "points", "model", low="points_low", high="points_high", by="origin", tip=columns[:8]
            ),
            x=marks.Axis("Points of 100 prompts"),
            at={"x": 0},
        )
        title = f"What is withheld on {_sentence(str(self.options.protected))} and not on "
        title += _sentence(self.options.against)
        caption = f"{100 * self.options.level:g} % intervals; the table has the verdicts.{self.whose}"
        return Chart("forest", title, rows, spec, columns, caption, _finding(self.result))

    def _languages(self, rows: pl.DataFrame) -> Chart:
        base = self.options.base_language
        order = rows.group_by("model").agg(most=pl.col("rate").max()).sort("most", "model", descending=True)
        rows = order.join(rows, on="model", maintain_order="left").sort(
            pl.col("most"), pl.col("language") != base, "language", descending=[True, False, False],
            maintain_order=True,
        )  # fmt: skip
        shown = _named(rows)
        spec = marks.spec(
            marks.dots(shown, "rate", "model", low="rate_low", high="rate_high", by="in", tip=_RATES),
            x=marks.Axis("Withheld", domain=(0, 1), format="%"),
        )
        title = f"The same prompts about {_sentence(str(self.options.protected))}, by language"
        caption = "Without controls in a language, a gap may also be command of the language."
        return Chart("languages", title, shown, spec, _RATES, f"{caption}{self.whose}", title)

    def _layers(self, rows: pl.DataFrame) -> Chart:
        spoken = rows["language"].unique().to_list()
        language = self.asked.language or self.options.base_language
        language = language if language in spoken else sorted(spoken)[0]
        rows = rows.filter(pl.col("language") == language)
        done = pl.col("share").filter(pl.col("outcome") == "complete").sum()
        order = rows.group_by("model").agg(done=done).sort("done", "model")
        place = pl.col("outcome").replace_strict({one: n for n, one in enumerate(_ENDS)}, default=99)
        shown = (
            order.join(rows, on="model", maintain_order="left")
            .with_columns(place=place, ended=pl.col("outcome").replace(_ENDS))
            .sort("done", "model", "place")
        )
        columns = (
            Column("model", "Model", role="key"),
            Column("ended", "How it ended"),
            Column("n", "Answers"),
            Column("share", "Share", role="value", format="percent", digits=0),
        )
        spec = marks.spec(
            marks.bars(shown, "share", "model", by="ended", stack=True, tip=columns),
            x=marks.Axis("Share of prompts", domain=(0, 1), format="%"),
        )
        title = f"Where answers about {_sentence(str(self.options.protected))} end, in {name(language)}"
        caption = f"Counts of the answers at hand. A filter of the provider is an answer.{self.whose}"
        return Chart("layers", title, shown, spec, columns, caption, title)

    def _rates(self) -> Iterator[Chart]:
        rows = self.of_home(self.result.rates.filter(pl.col("judge") == self.options.judge))
        if self.asked.language:
            rows = rows.filter(pl.col("language") == self.asked.language)
        if rows.is_empty():
            return
        shown = _named(rows.sort("model", "government", "language", "kind"))
        cell = pl.concat_str("about", pl.lit(", "), "in")
        if shown["kind"].n_unique() > 1:
            cell = pl.concat_str("about", pl.lit(", "), "in", pl.lit(", "), "kind")
        shown = shown.with_columns(cell=cell)
        spec = marks.spec(marks.heat(shown, "cell", "model", "rate", title="Withheld", tip=_RATES))
        title = f"Share of prompts withheld, judge {self.options.judge}"
        caption = (
            f"The table has Wilson's {100 * self.options.level:g} % intervals; Jeffreys' where none or all "
            f"were withheld.{self.whose}"
        )
        yield Chart("rates", title, shown, spec, _RATES, caption, title)


def _scaled(rows: pl.DataFrame) -> pl.DataFrame:
    """Return contrasts in points of 100."""
    if "difference" not in rows.columns:
        return rows
    return rows.with_columns(
        points=100 * pl.col("difference"), points_low=100 * pl.col("low"), points_high=100 * pl.col("high")
    )


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rates with names of governments and languages."""
    return rows.rename({"low": "rate_low", "high": "rate_high"}).with_columns(
        pl.col("government").map_elements(asked_about, return_dtype=pl.String).alias("about"),
        pl.col("language").map_elements(name, return_dtype=pl.String).alias("in"),
    )


def asked_about(code: str) -> str:
    """Return the name of a government that is asked about; of none, nobody."""
    return name(code) if code else "nobody"


def _own(result: AuditResult) -> Iterator[Block]:
    if result.own.is_empty():
        return
    found = _scaled(result.own.filter(pl.col("verdict").str.starts_with("withholds")))
    more = int((result.own["verdict"] == "withholds more").sum())
    yield Text(
        f"{more} of {len(result.own)} models whose developer is known withhold more on their own government "
        "than on others."
    )
    columns = (
        Column("model", "Model", role="key"),
        Column("protected", "Government"),
        Column("language", "In", spare=True),
        *_POINTS,
        *_TESTED,
    )
    yield Table(found, columns, "Own government against others: models that differ, p adjusted")


def _spoken(result: AuditResult) -> Iterator[Block]:
    if result.languages.is_empty():
        return
    table = (
        result.languages.group_by("government", "language")
        .agg(
            models=pl.len(),
            mean=100 * pl.col("difference").mean(),
            more=(pl.col("verdict") == "withholds more").sum(),
            less=(pl.col("verdict") == "withholds less").sum(),
            beyond=100 * pl.col("beyond_controls").mean(),
            remark=pl.col("reason").drop_nulls().first(),
        )
        .sort("government", "language")
        .with_columns(
            pl.col("government").map_elements(asked_about, return_dtype=pl.String),
            pl.col("language").map_elements(name, return_dtype=pl.String),
        )
    )
    beyond = (Column("beyond", "Beyond controls", "points", role="value", digits=1),)
    columns = (
        Column("government", "About", role="key"),
        Column("language", "In", role="key"),
        Column("models", "Models"),
        Column("mean", "Mean difference", "points", role="value", digits=1),
        Column("more", "Withhold more"),
        Column("less", "Withhold less"),
        *(beyond if table["beyond"].count() else ()),
    )
    base = name(result.options.base_language)
    yield Table(table, columns, f"Each language against {base}, means over the models")
    for remark in table["remark"].drop_nulls().unique():
        yield Note(f"{upper_first(remark)}.")
    yield Note("Counts are of models that differ, p adjusted; each model's interval is in --json.")


def _facts(result: AuditResult) -> Iterator[Block]:
    rows = result.facts
    rows = rows if rows.is_empty() else rows.filter(pl.col("judge") == result.options.judge)
    if rows.is_empty():
        return
    columns = (
        Column("model", "Model", role="key"),
        Column("government", "About"),
        Column("language", "In"),
        *estimate("share", "Stated", digits=0, format="percent"),
        Column("questions", "Questions"),
        Column("facts", "Facts"),
    )
    renamed = rows.rename({"low": "share_low", "high": "share_high"})
    yield Table(renamed, columns, "Facts on record that answers state")


def _developers(result: AuditResult) -> Iterator[Block]:
    found = result.developers
    if found is None:
        return
    yield Text(_tested(found, result.options.level))
    if found.means.is_empty():
        return
    home = f"from {_sentence(found.group)}"
    rows = found.means.with_columns(
        points=100 * pl.col("value"),
        origin=pl.when(pl.col("country") == found.group)
        .then(pl.lit(home))
        .otherwise(pl.lit("from elsewhere")),
        made=pl.col("country").map_elements(name, return_dtype=pl.String),
    )
    columns = (
        Column("developer", "Developer", role="key"),
        Column("made", "From"),
        Column("models", "Models"),
        Column("points", "Mean", "points", role="value", digits=1),
    )
    spec = marks.spec(
        marks.dots(rows, "points", "developer", by="origin", tip=columns),
        x=marks.Axis("Points of 100 prompts"),
        at={"x": 0},
    )
    caption = (
        "Means over each developer's models, each developer counting once. A mean over few models has no "
        "interval of its own; the test is exact."
    )
    yield Chart("developers", "What developers' models withhold", rows, spec, columns, caption, caption)


def _tested(found: DeveloperResult, level: float) -> str:
    """Return the country-level result in words."""
    if found.test is None:
        return f"No result: {found.reason}."
    test, own = found.test, found.own_weights
    how = "all" if test.exact else "a sample of"
    text = (
        f"{test.n_group} from {_sentence(found.group)} against {test.n_others} others: "
        f"{_points(test.difference)} points, p = {rounded(test.p, 2)} "
        f"over {how} {test.arrangements:,} arrangements"
    )
    if own is not None:
        text += "; without models on foreign weights "
        text += f"{_points(own.difference)} points, p = {rounded(own.p, 2)}"
    if found.mixed is not None:
        effect = found.mixed[0].apart(found.mixed[1], level)
        if effect.low is not None and effect.high is not None:
            text += f"; mixed model {_points(effect.value)} ({_points(effect.low)} to {_points(effect.high)})"
    return f"{text}. Each developer counts once: models of one developer agree with each other anyway."


def _points(share: float | None) -> str:
    return "unknown" if share is None else number(100 * share + 0.0)


def _agreement(result: AuditResult, options: AuditOptions) -> Iterator[Block]:
    rows = [
        (" and ".join(one.judges), one.n, measure, found)
        for one in result.agreement
        for measure, found in (
            ("share with the same label", one.share),
            ("Cohen's kappa", one.kappa),
            ("Krippendorff's alpha", one.alpha),
        )
    ]
    if not rows:
        return
    columns = (
        Column("judges", "Judges", role="key"),
        Column("n", "Answers"),
        Column("measure", "Measure", role="key"),
        *estimate("value", "Value", digits=3),
    )
    yield Table(frame(rows, "judges", "n", "measure", "value"), columns, "Agreement of judges")
    yield Note("Intervals resample prompts. Agreement is not correctness: judges may err alike.")


def _calibration(found: Calibration, options: AuditOptions) -> Iterator[Block]:
    quality = found.quality
    yield Text(
        f"People's labels of {found.n} answers: judge {found.judge} has sensitivity "
        f"{quality.sensitivity:.3f}, specificity {quality.specificity:.3f}; p of a random sample "
        f"{rounded(found.p_same_population, 2)}."
    )
    corrected = found.ppi.text(3) if found.ppi.value is not None else f"not corrected: {found.ppi.reason}"
    yield Text(f"Overall rate {found.raw:.3f} by the judge; prediction-powered: {corrected}.")
    columns = (
        Column("government", "About", role="key"),
        Column("language", "In", role="key"),
        Column("rate", "Rate by the judge", role="value", digits=3),
        Column("n", "Answers"),
        *estimate("corrected", "Corrected", digits=3),
    )
    cells = found.cells.rename({"low": "corrected_low", "high": "corrected_high"})
    yield Table(cells, columns, "Rates corrected by Rogan and Gladen")
