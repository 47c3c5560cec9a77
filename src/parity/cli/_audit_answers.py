"""The JSON answers of ``parity audit``: what they hold."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from parity.cli.answers import Answer, EstimateModel


class Row(BaseModel):
    """A row of an answer: unknown keys are a mistake."""

    model_config = ConfigDict(extra="forbid")


class Cell(Row):
    """Rate of one cell."""

    judge: str = Field(description="Who labelled the answers")
    model: str = Field(description="Model that answered")
    government: str = Field(
        description="Government that the prompts are about; empty for controls about none"
    )
    language: str = Field(description="Language of the prompts")
    kind: str = Field(description="criticism, praise, factual, benign or answerable")
    rate: EstimateModel = Field(description="Share of prompts on which the answer was withheld")
    prompts: int | None = Field(description="Prompts with an outcome")
    answers: int | None = Field(description="Answers with an outcome")
    missing: int = Field(description="Answers without one: errors of the route, cut off, not graded")


class Contrast(Row):
    """A paired comparison of one model."""

    model: str = Field(description="Model that answered")
    developer: str | None = Field(description="Its developer")
    developer_country: str | None = Field(description="Developer's country, ISO 3166 alpha-2")
    judge: str = Field(description="Who labelled the answers")
    language: str = Field(description="Language of the prompts")
    difference: EstimateModel = Field(description="Share withheld on one side minus share on the other")
    p: float = Field(description="Exact p of the paired test")
    p_holm: float = Field(description="The same, adjusted for the number of models by Holm's method")
    p_bh: float = Field(
        description="The same by Benjamini and Hochberg's method: for screens, not for claims"
    )
    pairs: int = Field(description="Matched prompts compared")
    missing: int = Field(description="Matched prompts left out because one side has no outcome")
    verdict: str = Field(
        description="withholds more, withholds less, no difference above the margin, or cannot tell"
    )


class Selectivity(Contrast):
    """One government against others on the same tasks."""

    protected: str = Field(description="Government that may be spared")
    against: str = Field(description="Government compared with, or 'others'")


class LanguageEffect(Contrast):
    """The same prompts in two languages."""

    government: str = Field(description="Government that the prompts are about")
    base: str = Field(description="Language compared with")
    beyond_controls: EstimateModel = Field(
        description="The difference less that of the controls in the same two languages"
    )


class Developer(Row):
    """Mean selectivity of one developer."""

    developer: str = Field(description="Developer")
    country: str = Field(description="Its country")
    models: int = Field(description="Models behind the mean")
    value: float = Field(description="Mean selectivity of its models")


class Mixed(Row):
    """Random-effects model of models within developers."""

    difference: EstimateModel = Field(description="Developers of the country minus others")
    between: float = Field(description="Variance between developers")
    within: float = Field(description="Variance between models of a developer")
    shrunken: dict[str, float] = Field(description="Selectivity of every model, shrunken to its kind")


class Developers(Row):
    """Country-level result: the developer is the unit."""

    group: str = Field(description="Country whose developers are compared with all others")
    language: str = Field(description="Language of the prompts")
    difference: float | None = Field(description="Mean of its developers minus mean of the others")
    p_permutation: float | None = Field(description="Two-sided p over all arrangements of developers")
    arrangements: int | None = Field(description="Arrangements looked at")
    exact: bool | None = Field(description="Whether these are all there are")
    difference_own_weights: float | None = Field(
        description="The same without models trained from another country's weights"
    )
    p_own_weights: float | None = Field(description="Its p")
    means: list[Developer] = Field(description="Every developer")
    mixed: Mixed | None = Field(description="Random-effects model, with --mixed")
    reason: str | None = Field(description="Why there is no result")


class JudgeAgreement(Row):
    """Agreement of two judges."""

    judges: tuple[str, str] = Field(description="The two judges")
    n: int = Field(description="Answers that both labelled")
    share: EstimateModel = Field(description="Share with the same label")
    kappa: EstimateModel = Field(description="Cohen's kappa")
    alpha: EstimateModel = Field(description="Krippendorff's alpha, nominal")


class Layer(Row):
    """Share of answers that end in one way."""

    judge: str = Field(description="Who labelled the answers")
    model: str = Field(description="Model that answered")
    government: str = Field(description="Government that the prompts are about")
    language: str = Field(description="Language of the prompts")
    kind: str = Field(description="Kind of prompt")
    outcome: str = Field(
        description="complete, partial, denial, provider_filter, route_error, truncation ..."
    )
    n: int = Field(description="Answers")
    share: float = Field(description="Share of the cell's answers")


class HostLayer(Row):
    """Share of a host's answers to sensitive prompts that end in one way."""

    judge: str = Field(description="Who labelled the answers")
    model: str = Field(description="Model that answered")
    host: str | None = Field(description="Who served it; null where that was not recorded")
    outcome: str = Field(description="As in layers")
    n: int = Field(description="Answers")
    share: float = Field(description="Share of the host's answers")
    first: date | None = Field(description="Day of the host's first answer")
    last: date | None = Field(description="Day of its last answer")


class FactsStated(Row):
    """Share of the facts on record that a model states when asked."""

    judge: str = Field(description="Who graded the answers")
    model: str = Field(description="Model that answered")
    government: str = Field(description="Government that the questions are about")
    language: str = Field(description="Language of the questions")
    stated: EstimateModel = Field(description="Share of the listed facts stated; the question is the unit")
    questions: int = Field(description="Questions with an outcome")
    facts: int = Field(description="Facts listed for the answers counted")


class Consistent(Row):
    """How often a model does the same."""

    judge: str = Field(description="Who labelled the answers")
    model: str = Field(description="Model that answered")
    over: str = Field(description="'repeats', or two languages as 'en-zh'")
    prompts: int = Field(description="Prompts compared")
    share: float = Field(description="Share with the same outcome")
    same: EstimateModel = Field(
        description="That share with its interval; a prompt repeated in several languages is one cluster"
    )


class Corrected(Row):
    """Rate of a government and language, corrected for the judge's errors."""

    government: str = Field(description="Government that the prompts are about")
    language: str = Field(description="Language of the prompts")
    rate: float = Field(description="Share withheld by the judge")
    n: int = Field(description="Answers")
    corrected: EstimateModel = Field(description="By Rogan and Gladen, interval of Lang and Reiczigel")


class CalibrationAnswer(Row):
    """What people's labels say about the judge and the rates."""

    judge: str = Field(description="Judge checked")
    n: int = Field(description="Answers that people labelled")
    sensitivity: float = Field(description="Share of withheld answers that the judge finds")
    specificity: float = Field(description="Share of given answers that the judge finds")
    p_same_population: float = Field(description="p that the sample is a random one of the answers reported")
    raw: float = Field(description="Overall rate by the judge")
    ppi: EstimateModel = Field(description="Overall rate by prediction-powered inference")
    cells: list[Corrected] = Field(description="Corrected rates")


class AuditAnalyseAnswer(Answer):
    """Answer of ``parity audit analyse``."""

    outcome: str = Field(
        description="What counts as withheld: noncompliance, denial, official_line or facts_missed"
    )
    prompt_sets: list[str] = Field(description="Sets that the prompts belong to, where the labels say")
    days: tuple[date, date] | None = Field(description="First and last day of answers to sensitive prompts")
    protected: str | None = Field(description="Government of the main contrast")
    judge: str = Field(description="Judge of the main tables")
    judges: list[str] = Field(description="All judges")
    cells: list[Cell] = Field(description="Rates with intervals, every judge")
    selectivity: list[Selectivity] = Field(description="Protected government against others, main judge")
    by_judge: list[Selectivity] = Field(description="The same by every judge")
    own: list[Selectivity] = Field(description="Each developer's own government against others, main judge")
    language: list[LanguageEffect] = Field(description="Language effects, main judge")
    developers: Developers | None = Field(description="Country-level result")
    agreement: list[JudgeAgreement] = Field(description="Every pair of judges")
    layers: list[Layer] = Field(description="Where answers end")
    hosts: list[HostLayer] = Field(
        description="Where answers to sensitive prompts end, by host: the routes and days of every number"
    )
    facts: list[FactsStated] = Field(description="Facts stated in answers to factual questions")
    consistency: list[Consistent] = Field(description="Over repeats and languages")
    calibration: CalibrationAnswer | None = Field(
        description="Correction by people's labels, with --calibration"
    )
    notes: list[str] = Field(description="What was left out, and why")


class PowerAnswer(Answer):
    """Answer of ``parity audit power``."""

    first: float = Field(description="Rate expected on one side")
    second: float = Field(description="Rate expected on the other")
    pairs: int = Field(description="Matched prompts needed")
    power: float = Field(description="Power reached with them, exact")
    discordant: float = Field(description="Expected share of pairs that differ")
    half_width: float = Field(description="Half-width of the interval for the difference at that size")


class PromptRow(Row):
    """One prompt."""

    id: str = Field(description="Stable name")
    government: str = Field(description="Whom it is about; empty for controls about none")
    kind: str = Field(description="criticism, praise, factual, benign or answerable")
    topic: str = Field(description="Row of the design")
    form: str = Field(description="Column of the design")
    language: str = Field(description="Language")
    text: str = Field(description="The prompt")
    facts: str = Field(description="What a full answer states, a line each")
    made: str = Field(description="original, or how it was translated")
    prompt_set: str = Field(description="Set that it belongs to")


class PromptsAnswer(Answer):
    """Answer of ``parity audit prompts``."""

    count: int = Field(description="Number of prompts")
    prompts: list[PromptRow] = Field(description="The prompts")


class ModelRow(Row):
    """One audited model."""

    model: str = Field(description="Model")
    developer: str | None = Field(description="Developer; null where it was hidden")
    country: str | None = Field(description="Developer's country, ISO 3166 alpha-2")
    base_country: str | None = Field(description="Country of the weights it was trained from")
    labels: int = Field(description="Labels of its answers")
    languages: list[str] = Field(description="Languages asked")
    governments: list[str] = Field(description="Governments asked about")


class ModelsAnswer(Answer):
    """Answer of ``parity audit models``."""

    models: list[ModelRow] = Field(description="Models, by name")


class RunAnswer(Answer):
    """Answer of ``parity audit run``."""

    log_dir: str = Field(description="Folder of the logs")
    prompts: int = Field(description="Prompts")
    calls: int = Field(description="Requests to the models under test")
    grader_calls: int = Field(description="Requests to the grader")
    tokens_in: int = Field(description="Estimated tokens in, models under test")
    tokens_out: int = Field(description="Estimated tokens out, models under test")
    grader_tokens_in: int = Field(description="Estimated tokens in, grader")
    grader_tokens_out: int = Field(description="Estimated tokens out, grader")
    cost: float | None = Field(
        description="Estimated cost in the currency of the prices; null without prices"
    )
    complete: bool | None = Field(description="Every prompt was answered or filtered; null for a dry run")
    samples: int | None = Field(description="Answers asked for")
    completed: int | None = Field(description="Answers that came about")
    errors: int | None = Field(description="Answers that ended in an error")
    problem: str | None = Field(description="First error")
