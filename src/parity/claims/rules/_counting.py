"""Whose quantity a sentence tells, of what, and in which numbers."""

from __future__ import annotations

import re
from typing import Any

from parity.claims.model import QuantityClaim
from parity.claims.rules._change import until
from parity.claims.rules._context import WE, Context, widest, worldwide

FIRMS = "enterprises|companies|firms|businesses|smes|enterprise|company|firm"

WORLD = "WLD"


def factor(context: Context, key: str) -> dict[str, Any]:
    """Return a number as a factor: "half as many" is 0.5 times."""
    values = numbers(context, key)
    if values["unit"] != "percent":
        return values
    ends = {end: None if values[end] is None else values[end] / 100 for end in ("low", "high")}
    return values | ends | {"unit": "times", "rounding": values["rounding"] / 100}


def is_year(context: Context, found: re.Match[str]) -> bool:
    keys = found.groupdict()
    number = context.quantity(keys["n"] or keys.get("n2") or "")
    return number.unit == "" and 1990 <= number.low <= 2050 and number.digit == 1


# Before a country that somebody else has left behind: "passed China, with 43 systems".
_PASSED = re.compile(r"(?:passed|overtook|overtaken|leapfrogged|outstripped|beat|edged) (?:the )?$")


def whose(
    context: Context, found: re.Match[str], exclude: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], str | None]:
    """Return whose quantity it is: the nearest country before it in its clause, else one beside it."""
    stream, at = context.stream, found.start()
    clause = context.clause(at)
    before = [
        match
        for match in re.finditer(r"@[CB]\d+", stream[:at])
        if match.start() > clause
        and not _PASSED.search(stream[: match.start()])
        and not re.match(r" (?:country|nation|state|power|economy)\b", stream[match.end() :])
    ]
    inside = re.findall(r"@[CB]\d+", found.group())
    for key in [match.group() for match in reversed(before)] + inside:
        countries = tuple(c for c in context.countries(key) if c not in exclude)
        bloc = key.startswith("@B") and any(m.group().startswith("@C") for m in before)
        if countries and not bloc:
            return countries, key
    after = re.compile(
        r"(?:(?:in the world )?(?:is|are|was|were) |(?:\S+ ){0,3}?(?:in|by|of|from|across|for) (?:the )?)?"
        r"(?P<who>@[CB]\d+) "
    ).match(stream, found.end())
    if after and (rest := tuple(c for c in context.countries(after.group("who")) if c not in exclude)):
        return rest, after.group("who")
    if clause >= 0 and (again := tuple(c for c in context.again(clause) if c not in exclude)):
        return again, None
    if context.subject and context.subject not in exclude:
        return (context.subject,), None
    if WE.search(stream):
        return (), None
    only = context.reading.of_kind("C")
    if len(only) == 1 and not worldwide(stream) and stream.startswith("with "):
        # "With 17 patents per 100,000 people, Korea is first."
        return context.countries(only[0][0]), f"@{only[0][0]}"
    if worldwide(stream) or re.match(
        r"(?:there (?:are|were|is|was)|(?:in total|altogether|overall) ,) ", stream
    ):
        return (WORLD,), None
    return (), None


def numbers(context: Context, key: str) -> dict[str, Any]:
    number = context.quantity(key)
    low = None if number.hedge == "at most" else number.low
    high = None if number.hedge == "at least" else number.high
    rounding = number.digit / 2
    return {"low": low, "high": high, "unit": number.unit, "hedge": number.hedge, "rounding": rounding}


def claim_of(
    context: Context,
    found: re.Match[str],
    form: str,
    countries: tuple[str, ...],
    key: str | None,
    **rest: Any,
) -> QuantityClaim:
    start, end = widest(found, context, key)
    common = context.common(start, end, until(context))
    key_of = found.groupdict().get("m") or f"@{context.reading.of_kind('M')[0][0]}"
    measure = measure_of(context, key_of)
    return QuantityClaim(
        **common | {"open": left_open(context, measure)} | rest,
        countries=countries,
        measure=measure,
        form=form,
        report=report_of(context, common),
    )


_INDEX_REPORT = re.compile(
    r"(?:\b(?P<ago>this|last) year['’]s )?(?:Stanford['’]s |Stanford )?(?<!Global )\bAI Index\b(?:['’]s)?(?: "
    r"[Rr]eport)?(?: (?:of|for|from))?\s*(?:\(?(20\d\d))?|\b(20\d\d) (?:edition of (?:the )?)?(?:Stanford "
    r")?AI Index"
)

# A paper known by its authors.
_PAPER = re.compile(r"\bPilz (?:et al\b|and (?:others|colleagues))|\bTrends in AI Supercomputers\b")
_SAME_REPORT = re.compile(
    r"\b(?:the|that|this) (?:same |latter )?(?:report|index|publication)\b|\bit adds\b",
    re.I,
)

_LIST = re.compile(r"top ?-?500|\b500 (?:fastest|most powerful)", re.I)


def report_of(context: Context, common: dict[str, Any]) -> str | None:
    """Return the report that a sentence quotes, with its edition where it names one."""
    text = context.reading.sentence.text
    found = _INDEX_REPORT.search(text)
    if found:
        shift = {"this": 0, "last": -1}.get((found.group("ago") or "").casefold())
        told = None if shift is None else context.today.year + shift
        return f"ai-index {found.group(2) or found.group(3) or told or ''}".strip()
    if _PAPER.search(text):
        return "trends-in-ai-supercomputers"
    if context.earlier.counted and _SAME_REPORT.search(text):
        return context.earlier.counted.report
    if _LIST.search(text) and common["stated_date"] and common["as_of"].day:
        month = next((p for k,
        _ in context.reading.of_kind("W") if (p := context.period(k)).end == common["as_of"]
                      and (p.end - p.start).days < 32), None)  # fmt: skip
        if month is not None and month.start.month in (6, 11):
            return f"top500 {month.start:%Y-%m}"
    return None


def left_open(context: Context, measure: str) -> tuple[str, ...]:
    """Return what a wording leaves open: supercomputers outside the list, investment that is not private."""
    text = context.reading.sentence.text.casefold()
    if measure == "top500_systems" and not _LIST.search(text) and context.earlier.measure != measure:
        return ("measure",)
    if measure == "robots_installed" and "install" not in text:
        return ("measure",)
    if measure == "ai_patents" and "grant" not in text:
        # Filed, or granted, it does not say.
        return ("reading",)
    if measure == "ai_investment" and not re.search(r"private|venture|start-?up", text):
        return ("measure",)
    return ()


def measure_of(context: Context, key: str) -> str:
    """Return the indicator that a token means: use of AI by firms is another than by people."""
    name = context.name(key)
    if name is not None and name.value == "genai_diffusion" and context.has(FIRMS):
        return "enterprise_ai"
    if name is not None and name.value == "ai_patents" and context.has("<M> per <Q>|capita|head|person"):
        return "ai_patents_per_100k"
    every = {other.value for other in context.reading.names("M")}
    if name is not None and name.value == "gpu_cluster_h100e" and "top500_systems" in every:
        # "The computing power of its supercomputers".
        return "top500_rmax"
    return name.value if name else ""
