"""Addresses: what is read from them, refused, and written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from parity.web.state import MOST_CHARACTERS, State, query_of, read_state

Small = Annotated[float, Field(ge=0, le=10)]


class Example(State):
    kind: Literal["a", "b"] = "a"
    count: int = Field(default=3, ge=1, le=9)
    on: bool = False
    who: tuple[Annotated[str, Field(max_length=3)], ...] = ()
    w: Mapping[str, Small] = Field(default_factory=dict)


def test_nothing_given_is_the_default() -> None:
    assert read_state(Example, [])[:2] == (Example(), ())
    assert query_of(Example()) == ""


def test_each_fault_is_told_and_the_rest_stays() -> None:
    query = parse_qsl("kind=z&count=4&who=USA&who=TOOLONG&w.x=99&w.y=2&odd=1&count.x=1&on=maybe")
    read = read_state(Example, query)
    assert read.state == Example(count=4, who=("USA",), w={"y": 2})
    told = " ".join(read.notes)
    for name in ("“kind”", "“who”", "“w.x”", "“odd”", "“count.x”", "“on”"):
        assert name in told
    assert len(read.notes) == 6


def test_a_value_that_is_too_long_is_left_out() -> None:
    read = read_state(Example, [("kind", "x" * (MOST_CHARACTERS + 1))])
    assert read.state == Example()
    assert len(read.notes) == 1


@given(
    kind=st.sampled_from(["a", "b"]),
    count=st.integers(1, 9),
    on=st.booleans(),
    who=st.lists(st.text("ABC&=%+ ", max_size=3), max_size=3),
    w=st.dictionaries(st.sampled_from(["x", "y.z"]), st.sampled_from([0, 0.5, 7.25, 10.0])),
)
def test_an_address_gives_back_its_state(
    kind: str, count: int, on: bool, who: list[str], w: dict[str, float]
) -> None:
    state = Example.model_validate({"kind": kind, "count": count, "on": on, "who": tuple(who), "w": w})
    read = read_state(Example, parse_qsl(query_of(state), keep_blank_values=True))
    assert read == (state, (), {})


@given(
    st.lists(
        st.tuples(st.sampled_from(["kind", "count", "on", "who", "w.x", "w", "zz"]), st.text()), max_size=12
    )
)
def test_whatever_comes_there_is_a_state(query: list[tuple[str, str]]) -> None:
    assert isinstance(read_state(Example, query).state, Example)
