"""Names of a text: countries, firms, blocs, indices, indicators, accelerators, language models."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from parity.catalogue import load_table
from parity.claims._text import Token, tokens

COUNTRY, BLOC, INDEX, MEASURE, DEVICE, CHIPS, MODEL, FIRM = "C", "B", "I", "M", "D", "G", "L", "O"
# Shorter names of a country are codes, taken in capitals only.
_SHORT = 3
_NAMED_CODES = frozenset(("us", "usa", "uk", "uae", "prc", "rok", "dprk", "drc"))
# Makers whose name before a device's number belongs to its name.
_MAKERS = frozenset(("nvidia", "amd", "intel", "huawei", "google"))


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a text."""

    kind: str  # One of the kinds of this module
    value: str  # What is meant: ISO3 codes joined by ``+``, a bloc, an indicator, a device,
    first: int  # Positions of its first and last token
    last: int
    adjective: bool = False  # Whether a country is named by an adjective ("Russian")


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    value: str
    capitals: bool
    upper: bool = False
    adjective: bool = False


@cache
def _lexicon() -> dict[str, Any]:
    """Return the words by which texts name things: tables of what is meant -> phrases."""
    return tomllib.loads((Path(__file__).parent / "lexicon.toml").read_text(encoding="utf-8"))


@cache
def _pairs(table: str) -> tuple[tuple[str, str], ...]:
    """Return the phrases of a table of the lexicon, each with what it means."""
    return tuple((phrase, meant) for meant, phrases in _lexicon()[table].items() for phrase in phrases)


def names(words: Sequence[Token], about: Mapping[str, str] | None = None) -> list[Name]:
    """Return the names of a sentence, the longest at each place."""
    found: list[Name] = []
    place = 0
    # A post without capitals names countries without, too.
    casual = bool(words) and words[0].text[:1].islower() and not any(w.text.istitle() for w in words)
    while place < len(words):
        name = _styled(words, place, about or {}) or _longest(words, place, casual)
        if name is not None and name.kind:
            found.append(name)
        place = name.last + 1 if name is not None else place + 1
    return _together(words, found)


def _styled(words: Sequence[Token], place: int, about: Mapping[str, str]) -> Name | None:
    """Return "the Kingdom" as the country that it means in this text; written so, with capitals."""
    bare = words[place].lower.removesuffix("'s")
    led = place > 0 and words[place - 1].lower == "the" and words[place].text[0].isupper()
    of = place + 1 < len(words) and words[place + 1].lower in ("of", "-")
    return Name(COUNTRY, about[bare], place, place) if bare in about and led and not of else None


def styles(counts: Mapping[str, int]) -> dict[str, str]:
    """Return what "the Kingdom" and the like mean in a text that names countries so often."""
    found = {}
    for phrase, countries in _lexicon()["styles"].items():
        known = [iso3 for iso3 in countries if counts.get(iso3)]
        if known:
            found[phrase.removeprefix("the ")] = max(known, key=lambda iso3: counts[iso3])
    return found


def _longest(words: Sequence[Token], place: int, casual: bool) -> Name | None:
    table, longest = _gazetteer(), _lengths()
    most = longest.get(words[place].lower.removesuffix("'s"), 0)
    bare = [word.lower.removesuffix("'s") for word in words[place : place + most]]
    for last in range(min(place + most, len(words)) - 1, place - 1, -1):
        for entry in table.get(tuple(bare[: last - place + 1]), ()):
            if _spelled_so(words[place : last + 1], entry, casual):
                return Name(entry.kind, entry.value, place, last, entry.adjective)
    return None


# Countries whose names in lower case are words.
_WORDS = frozenset(("turkey", "jordan", "georgia", "guinea", "polish", "niger", "monaco", "dutch", "holland"))


def _spelled_so(words: Sequence[Token], entry: _Entry, casual: bool) -> bool:
    """Return whether a name is written as one: "US" and "Turkey", not "us" and "turkey"."""
    if casual and entry.kind == COUNTRY and len(words[0].text) > 4 and words[0].lower not in _WORDS:
        return True
    if entry.upper:
        return all(word.text.rstrip("s").isupper() or not word.text.isalpha() for word in words)
    if entry.capitals:
        return words[0].text[0].isupper() or not words[0].text[0].isalpha()
    return True


@cache
def _lengths() -> dict[str, int]:
    """Return, for each first word of a name, the words of the longest name that begins with it."""
    lengths: dict[str, int] = {}
    for key in _gazetteer():
        lengths[key[0]] = max(lengths.get(key[0], 0), len(key))
    return lengths


@cache
def _gazetteer() -> dict[tuple[str, ...], tuple[_Entry, ...]]:
    """Return every name, by its tokens."""
    table: dict[tuple[str, ...], tuple[_Entry, ...]] = {}
    for phrase, entry in _entries():
        key = tuple(token.lower for token in tokens(phrase.removeprefix("the ")))
        if key:
            table[key] = (*table.get(key, ()), entry)
    return table


# Names of figures, which are measures.
_NO_TABLE = frozenset(("Generative AI patents",))


def _entries() -> Iterator[tuple[str, _Entry]]:
    lexicon = _lexicon()
    for phrase in lexicon["not_countries"]:
        yield phrase, _Entry("", "", capitals=False)
    yield from _lexical(BLOC, lexicon["blocs"])
    yield from _lexical(INDEX, lexicon["indices"])
    for alias, index in load_table("index_aliases").select("alias", "index").iter_rows():
        if alias.isascii() and " " in alias and index not in _NO_TABLE and not alias.endswith("Adoption"):
            yield alias, _Entry(INDEX, index, capitals=False)
    yield from _lexical(MEASURE, lexicon["measures"])
    yield from _lexical(CHIPS, lexicon["chips"])
    for phrase, _ in _pairs("models"):
        proper = phrase in lexicon["proper"]
        yield phrase, _Entry(MODEL, phrase, capitals=proper, upper=phrase in lexicon["capitals_only"])
    yield from _countries()
    yield from _devices()


def _lexical(kind: str, table: dict[str, list[str]]) -> Iterator[tuple[str, _Entry]]:
    for value, phrases in table.items():
        for phrase in phrases:
            yield phrase, _Entry(kind, value, capitals=False, upper=phrase in _lexicon()["capitals_only"])


def _countries() -> Iterator[tuple[str, _Entry]]:
    for phrase, iso3 in _pairs("countries"):
        short = phrase.replace(".", "") in _NAMED_CODES
        adjective = phrase.endswith(("an", "ese", "ish", "i", "ch", "ss", "ek", "ic", "ak", "z", "h", "er"))
        yield phrase, _Entry(COUNTRY, iso3, capitals=True, upper=short, adjective=adjective and not short)
        if phrase.endswith(("an", "i")) and not short:
            # "The Americans", "Israelis".
            yield f"{phrase}s", _Entry(COUNTRY, iso3, capitals=True)
    for iso2, iso3 in load_table("countries").select("iso2", "iso3").drop_nulls().iter_rows():
        yield (
            "".join(chr(0x1F1E6 + ord(letter) - ord("A")) for letter in iso2),
            _Entry(COUNTRY, iso3, capitals=False),
        )
    for phrase, iso3 in _pairs("seats"):
        yield phrase, _Entry(COUNTRY, iso3, capitals=True)
    for iso3, capital in load_table("capitals").select("iso3", "capital").iter_rows():
        if capital and capital.casefold() not in _lexicon()["ambiguous_capitals"]:
            yield capital, _Entry(COUNTRY, iso3, capitals=True)
    for phrase, iso3 in _pairs("organisations"):
        yield phrase, _Entry(FIRM, iso3, capitals=True)
    for alias, iso3 in load_table("country_names").select("alias", "iso3").iter_rows():
        if len(alias) > _SHORT:
            yield alias, _Entry(COUNTRY, iso3, capitals=True)
        elif alias in _NAMED_CODES:
            yield alias, _Entry(COUNTRY, iso3, capitals=True, upper=True)


def _devices() -> Iterator[tuple[str, _Entry]]:
    """Yield the accelerators by full name, without maker, by number ("H20") and by generation."""
    for generation, device in _pairs("architectures"):
        for phrase in (generation, f"nvidia {generation}", f"{generation}s", f"nvidia's {generation}"):
            yield phrase, _Entry(DEVICE, device, capitals=True)
    seen: set[str] = set()
    for row in load_table("accelerators").select("name", "aliases").iter_rows():
        for known in (row[0], *(row[1] or "").split(";")):
            words = known.split()
            bare = [word for word in words if word.casefold() not in _MAKERS]
            codes = [word for word in bare if _is_code(word)]
            short = " ".join(bare[-2:]) if bare and any(map(str.isdigit, bare[-1])) else ""
            for phrase in (known, " ".join(bare), short, *codes[:1], *(f"{code}s" for code in codes[:1])):
                if phrase and phrase not in seen and any(letter.isdigit() for letter in phrase):
                    seen.add(phrase)
                    value = codes[0] if codes and phrase.rstrip("s") == codes[0] else known
                    yield phrase, _Entry(DEVICE, value, capitals=True)
                    for maker in ("Nvidia", "AMD", "Huawei"):
                        yield f"{maker} {phrase}", _Entry(DEVICE, value, capitals=True)


def _is_code(word: str) -> bool:
    """Return whether a word is a product's number: "H20", "MI300X", "910B"; not "4" or "80GB"."""
    letters = sum(letter.isalpha() for letter in word)
    digits = sum(letter.isdigit() for letter in word)
    return (
        letters >= 1 and digits >= 2 and word.isalnum() and not word.casefold().endswith(("gb", "nm", "tb"))
    )


def _together(words: Sequence[Token], found: Iterable[Name]) -> list[Name]:
    """Join "the US, China, India and Brazil" into one name of several countries.

    Commas alone make no list: in "Behind the US, China is second" they part two clauses.
    """
    joined: list[Name] = []
    chain: list[Name] = []
    for name in found:
        if chain and _coordinated(words, chain[-1], name):
            chain.append(name)
            continue
        joined += _chained(words, chain)
        chain = [name]
    return joined + _chained(words, chain)


def _chained(words: Sequence[Token], chain: list[Name]) -> list[Name]:
    if len(chain) < 2:
        return chain
    between = [word.lower for a, b in pairwise(chain) for word in words[a.last + 1 : b.first]]
    if not set(between) & _JOINING:
        return chain
    values = dict.fromkeys(iso3 for name in chain for iso3 in name.value.split("+"))
    return [Name(COUNTRY, "+".join(values), chain[0].first, chain[-1].last, chain[-1].adjective)]


_JOINING = frozenset(("and", "or", "&", "nor", "well"))
_LINKS = {
    "and", "or", ",", "the", "both", "as", "well", "even", "fellow", "members", "member", "neither", "nor",
    "&", "by",
}  # fmt: skip


def _coordinated(words: Sequence[Token], first: Name, second: Name) -> bool:
    """Return whether two names stand in one list: commas, "and", "but also" between them, no verb."""
    if first.kind != COUNTRY or second.kind != COUNTRY:
        return False
    between = [word.lower for word in words[first.last + 1 : second.first]]
    return bool(between) and set(between) <= _LINKS and set(between) - {"the"} != set() and len(between) <= 6


def developer_country(family: str) -> str:
    """Return the country of a language model's developer, ISO3."""
    return dict(_pairs("models"))[family]


def topic_government(words: Sequence[Token]) -> str | None:
    """Return the government that a model is asked about; ``None`` without a known topic."""
    text = " ".join(word.lower for word in words)
    for phrase, country in sorted(_pairs("topics"), key=lambda pair: -len(pair[0])):
        if phrase in text:
            return country
    return None
