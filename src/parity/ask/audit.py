"""What language models withhold about whom, and how to find out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from parity.ask.answer import Answer, Page
from parity.ask.cache import cached
from parity.ask.question import Local, Old, Place, Question, TableFile, Word
from parity.errors import ParityError

if TYPE_CHECKING:
    import polars as pl

    from parity.audit.report import Audited, AuditReport, Power, Prompts

OTHERS, UNKNOWN = "others", "unknown"
SOURCE = "speechmap"


class Labelled(NamedTuple):
    """Labels, who made the models, and where both came from.

    Attributes
    ----------
    labels
        Tidy labels.
    models
        Table of models; one row a model of the labels.
    data
        Origin in one line.
    """

    labels: pl.DataFrame
    models: pl.DataFrame
    data: str


@cached(1)
def carried() -> Labelled:
    """Return the labels that ship with Parity, and who made the models."""
    from parity.audit import tidy
    from parity.catalogue import load_table, vintage

    labels = tidy(load_table("audit_labels"), "snapshot")
    return Labelled(labels, _made(labels, None), f"SpeechMap labels, {vintage()}")


@cached(1)
def demonstration() -> Labelled:
    """Return the labels of a small model's answers that show what an audit looks like; they find nothing."""
    from importlib.resources import files

    import polars as pl

    from parity.audit import tidy, tidy_models

    table = pl.read_csv((files("parity.audit") / "battery" / "demonstration.csv").read_bytes())
    made = tidy_models(table.select("model", "developer", "country").unique())
    return Labelled(tidy(table, "demonstration"), made, "a demonstration, not a finding")


def read_labels(labels: Any = None, models: Any = None) -> Labelled:
    """Read labels.

    Parameters
    ----------
    labels
        A frame, a table (CSV, TSV, Excel, Parquet), a folder with ``labels.csv``, or a folder of logs of
        Inspect; the labels that ship with Parity by default.
    models
        Table of models; the carried one by default, which a ``models.csv`` beside ``labels.csv`` goes before.

    Raises
    ------
    ParityError
        If a file is absent, or not what it should be.
    """
    from parity.audit import labels_from_logs, tidy
    from parity.catalogue import files

    if labels is None:
        found = carried()
        return found if models is None else found._replace(models=_made(found.labels, models))
    if not isinstance(labels, str):
        read, data = tidy(labels, "labels given"), "labels given"
    elif Path(labels).is_dir() and not (Path(labels) / "labels.csv").is_file():
        read, data = labels_from_logs(labels), f"Inspect logs in {labels}"
    else:
        file = Path(labels) / "labels.csv" if Path(labels).is_dir() else Path(labels)
        read, data = tidy(files.read_table(file), str(file)), str(file)
        beside = file.with_name("models.csv")
        if models is None and file.name == "labels.csv" and beside.is_file():
            models = str(beside)
    return Labelled(read, _made(read, models), data)


def _made(labels: pl.DataFrame, models: Any) -> pl.DataFrame:
    """Return who made the models of some labels."""
    from parity.audit import no_models, tidy_models
    from parity.catalogue import files, load_table

    if models is None:
        known, name = load_table("audit_models"), "snapshot"
    elif isinstance(models, str):
        known, name = files.read_table(models), models
    else:
        known, name = models, "models given"
    return no_models(labels).select("model").join(tidy_models(known, name), on="model", how="left")


@cached(1)
def own_governments() -> dict[str, str]:
    """Return which codes of countries stand for another government: members of the EU -> ``"EU"``."""
    from parity.catalogue import find_country, members

    return {find_country(iso3).iso2: "EU" for iso3 in members("EU")}


def read_prompts(path: str | None) -> tuple[str | None, str]:
    """Return the text of a file of own prompts and its name, or nothing where there is none.

    Raises
    ------
    ParityError
        If the file is absent or not text.
    """
    from parity.catalogue import files

    if path is None:
        return None, ""
    if Path(path).suffix.lower() not in (".jsonl", ".json", ".txt"):
        raise ParityError(f"{path}: own prompts are JSON lines; give a .jsonl file")
    return files.read_text(path), path


def _government(given: Any) -> Any:
    """Return the code that labels use for a government: ``EU``, ``others`` or ISO 3166 alpha-2."""
    if not isinstance(given, str) or given in (OTHERS, UNKNOWN):
        return given
    if given.strip().upper() == "EU":
        return "EU"
    from parity.catalogue import find_country

    try:
        return find_country(given).iso2
    except ParityError as problem:
        raise ValueError(str(problem)) from None


Government = Annotated[str, BeforeValidator(_government)]


class _OfLabels(Question):
    """A question about labels."""

    labels: Annotated[TableFile, Place()] = Field(
        default=None,
        description="A table with model, government, language, form (or pair), compliance and judge, one in "
        "SpeechMap's layout, or a folder that 'parity audit run' wrote; the labels that ship by default.",
    )
    models: TableFile = Field(
        default=None, description="Table of models: model, developer, country, base_country."
    )

    def read_labels(self) -> Labelled:
        """Return the labels."""
        return read_labels(self.labels, self.models)

    def sources(self) -> tuple[str, ...]:
        """Return the keys of the sources."""
        return (SOURCE,) if self.labels is None else ()


class AuditAnalyse(_OfLabels):
    """Analyse labels of models' answers: what is withheld about one government and not about others.

    The same critical tasks are asked about several governments. What a model withholds on one and not on the
    others is selective; what it withholds on all is not. Any government can be put to the test.
    """

    verb = "audit analyse"
    view = "audit:analyse"
    result = "parity.audit.report:AuditReport"
    examples = (
        "parity audit analyse --top 10",
        "parity audit analyse --protected RU --against US",
        "parity audit analyse --labels labels.csv --models models.csv --out forest.svg --out audit.json",
    )

    protected: Government | None = Field(
        default=None, description="Government that may be spared; the one with most labels by default."
    )
    against: Government = Field(default=OTHERS, description="Government to compare with, or 'others'.")
    outcome: Literal["noncompliance", "denial", "official_line", "facts_missed"] = Field(
        default="noncompliance",
        description="What counts: anything but a complete answer, a refusal alone, the official line, or "
        "facts left out.",
    )
    judge: Word | None = Field(
        default=None,
        description="Judge of the main tables; the last by default.",
    )
    base_language: str = Field(
        default="en", min_length=2, max_length=20, description="Language to compare the others with."
    )
    level: float = Field(default=0.95, gt=0, lt=1, description="Probability that intervals cover.")
    margin: float = Field(default=0.1, gt=0, lt=1, description="Largest difference that counts as none.")
    mixed: bool = Field(default=False, description="Also fit a random-effects model.")
    home: Government | None = Field(
        default=None, description="Show models by developers from one country, or 'unknown'."
    )
    language: str | None = Field(
        default=None,
        min_length=2,
        max_length=20,
        description="Language of the layers and of the rates shown.",
    )
    top: int | None = Field(default=None, ge=1, le=10_000, description="Show the N most selective models.")
    kind: Annotated[Literal["forest", "languages", "layers", "rates"], Old("--figure-kind")] = Field(
        default="forest", description="Figure that stands first."
    )
    calibration: TableFile = Field(
        default=None, description="People's labels of a sample of the answers, same layout."
    )
    labels_out: Annotated[str | None, Local(settles=False)] = Field(
        default=None, description="Write the labels in the one layout, without texts."
    )
    seed: int = Field(default=0, ge=0, description="Seed of the bootstrap.")

    @model_validator(mode="after")
    def _two_sides(self) -> AuditAnalyse:
        if self.protected is not None and self.protected == self.against:
            raise ParityError(f"{self.protected} cannot be compared with itself; choose another")
        return self

    def answer(self) -> Answer[AuditReport]:
        """Analyse the labels."""
        report = _analysed(self) if all(each is None for each in self._tables()) else _analyse(self)
        if self.labels_out is not None:
            from parity.catalogue import files

            files.write_table(self.labels_out, self.read_labels().labels)
        days = report.days()
        return Answer(self, report, report.analysis.data, days[1] if days else None, self.sources())

    def _tables(self) -> tuple[Any, ...]:
        return self.labels, self.models, self.calibration


def _analyse(asked: AuditAnalyse) -> AuditReport:
    from parity.audit import AuditOptions, analyse, calibrate, tidy
    from parity.audit.report import AuditReport
    from parity.catalogue import files

    found = asked.read_labels()
    given = {name: getattr(asked, name) for name in AuditOptions.model_fields}
    result = analyse(
        found.labels, found.models, AuditOptions(**given), own=own_governments(), data=found.data
    )
    if asked.calibration is None:
        return AuditReport(result)
    people = asked.calibration
    table = tidy(files.read_table(people), people) if isinstance(people, str) else tidy(people, "calibration")
    options = result.options
    checked = calibrate(found.labels, table, str(options.judge), options.outcome, options.level, options.seed)
    return AuditReport(result, checked)


_analysed = cached(64)(_analyse)


class AuditModels(_OfLabels):
    """List the audited models, who made them and on whose weights."""

    verb = "audit models"
    view = "battery:models"
    result = "parity.audit.report:Audited"
    examples = ("parity audit models",)

    def answer(self) -> Answer[Audited]:
        """List the models."""
        import polars as pl

        from parity.audit.report import Audited
        from parity.catalogue import known_to

        found = self.read_labels()
        counts = found.labels.group_by("model").agg(
            labels=pl.len(),
            languages=pl.col("language").unique().sort(),
            governments=pl.col("government").unique().sort(),
        )
        table = found.models.join(counts, on="model").sort("model")
        known = known_to("audit_labels") if self.sources() else None
        return Answer(self, Audited(table), found.data, known, self.sources())


class AuditPower(Question):
    """Say how many matched prompts a difference of two rates needs."""

    verb = "audit power"
    view = "battery:power"
    result = "parity.audit.report:Power"
    examples = (
        "parity audit power 0.15 0.05",
        "parity audit power 0.15 0.05 --claims 37 --power 0.9",
    )

    first: Annotated[float, Place()] = Field(ge=0, le=1, description="Rate on one side.", examples=[0.15])
    second: Annotated[float, Place()] = Field(
        ge=0, le=1, description="Rate on the other side.", examples=[0.05]
    )
    power: float = Field(default=0.8, gt=0, lt=1, description="Chance of finding the difference.")
    alpha: float = Field(default=0.05, gt=0, lt=1, description="Level of the test.")
    claims: int = Field(
        default=1, ge=1, le=100_000, description="Number of claims that Holm's method divides the level by."
    )
    correlation: float = Field(
        default=0.0, ge=-1, le=1, description="Correlation of the two answers of a pair."
    )

    def answer(self) -> Answer[Power]:
        """Work out the number of prompts."""
        from dataclasses import asdict

        from parity.audit import pairs_needed
        from parity.audit.report import Power

        needed = pairs_needed(
            self.first,
            self.second,
            power=self.power,
            alpha=self.alpha / self.claims,
            correlation=self.correlation,
        )
        return Answer(self, Power(self.first, self.second, **asdict(needed)), "no data: a calculation")


def _words(given: Any) -> Any:
    """Return words that stand between commas, too, one by one."""
    given = [given] if isinstance(given, str) else given
    if not isinstance(given, list | tuple):
        return given
    return [word.strip() for part in given for word in str(part).split(",") if word.strip()]


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class AuditPrompts(Question):
    """List the prompts that models are asked."""

    verb = "audit prompts"
    view = "battery:prompts"
    result = "parity.audit.report:Prompts"
    examples = (
        "parity audit prompts --topics CN,US --languages en --kinds criticism",
        "parity audit prompts --kinds factual --out prompts.jsonl",
    )

    topics: Words = Field(
        default=(), max_length=20, description="Governments: CN, RU, US ...; all by default."
    )
    languages: Words = Field(default=(), max_length=20, description="en, zh, ru; all by default.")
    kinds: Words = Field(
        default=(),
        max_length=20,
        description="criticism, praise, factual, benign, answerable; all by default.",
    )
    prompts: Annotated[str | None, Local()] = Field(default=None, description="JSON lines of own prompts.")
    jsonl: Annotated[str | None, Local(settles=False)] = Field(
        default=None,
        description="Write the prompts as JSON lines, as `parity audit run --prompts` takes them.",
    )

    def answer(self) -> Answer[Prompts]:
        """List the prompts."""
        import polars as pl

        from parity.audit import GOVERNMENTS, KINDS, LANGUAGES, facts_on_record, prompt_table
        from parity.audit.prompts import choose_prompts
        from parity.audit.report import Prompts

        text, name = read_prompts(self.prompts)
        chosen = choose_prompts(
            text, name, self.topics or GOVERNMENTS, self.languages or LANGUAGES, self.kinds or KINDS
        )
        table = prompt_table(chosen)
        if self.jsonl is not None:
            _write(table, self.jsonl)
        own = {fact for one in chosen for fact in one.facts}
        known = facts_on_record().filter(pl.col("row").str.split(" · ").list.last().is_in(own))
        read_in = known.select("source", "checked").unique().sort("source").rows()
        sources = tuple(Page(*row) for row in read_in)
        return Answer(self, Prompts(table), chosen[0].prompt_set, sources=sources)


def _write(table: pl.DataFrame, path: str) -> None:
    import polars as pl

    from parity.catalogue import files

    lines = pl.col("facts").str.split("\n").list.eval(pl.element().filter(pl.element() != ""))
    files.write_text(path, table.with_columns(lines).write_ndjson())
