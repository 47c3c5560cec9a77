"""A stored fit answers as a new one does, and only for the scores, options and seed that it was made with."""

from __future__ import annotations

import numpy as np
import pytest

from parity.ask.frontier import STORED, carried
from parity.catalogue import derived_table
from parity.frontier import BootstrapOptions, Capability, FitOptions, fit, fit_evidence
from tests.frontier.conftest import made_up

# Refits are stored in steps of 1/1600.
STORED_TOLERANCE = 4e-4
# Refits end where the objective changes by 1e-8: other machines may end a hair beside.
REFIT_TOLERANCE = 1e-3


def fitted(stored: object = None, **changes: object) -> Capability:
    frame, _ = made_up(noise=0.03, seed=2)
    options = {
        "options": FitOptions(anchor="t00"),
        "resampling": BootstrapOptions(draws=23, seed=3),
    } | changes
    return fit(frame, stored=stored, **options)  # type: ignore[arg-type]


def test_a_stored_fit_stands_in_for_the_same_fit() -> None:
    made = fitted()
    again = fitted(made.stored())
    assert again.solution.objective == made.solution.objective
    for kind, refits in made.refits.items():
        np.testing.assert_allclose(again.refits[kind].theta, refits.theta, atol=STORED_TOLERANCE)
        for ours, theirs in zip(again.refits[kind][1:], refits[1:], strict=True):
            assert (ours is None) == (theirs is None)
            if ours is not None:
                np.testing.assert_allclose(ours, theirs, atol=STORED_TOLERANCE)


def test_the_first_draws_are_those_of_a_shorter_run() -> None:
    short = {"resampling": BootstrapOptions(draws=20, seed=3)}
    from_store, anew = fitted(fitted().stored(), **short), fitted(**short)
    for kind, refits in anew.refits.items():
        np.testing.assert_allclose(from_store.refits[kind].theta, refits.theta, atol=STORED_TOLERANCE)


@pytest.mark.parametrize(
    "changes",
    [
        {"resampling": BootstrapOptions(draws=23, seed=4)},
        {"resampling": BootstrapOptions(draws=24, seed=3)},
        {"resampling": BootstrapOptions(draws=23, seed=3, tolerance=1e-7)},
        {"options": FitOptions(anchor="t00", loss="soft_l1")},
        {"options": FitOptions(anchor="t01")},
    ],
)
def test_another_question_is_fitted_anew(monkeypatch: pytest.MonkeyPatch, changes: dict[str, object]) -> None:
    stored = fitted().stored()
    solved = []
    from parity.frontier import _capability

    solve = _capability.solve
    monkeypatch.setattr(_capability, "solve", lambda *a, **k: solved.append(1) or solve(*a, **k))
    fitted(stored)
    assert not solved
    fitted(stored, **changes)
    assert solved


def test_what_ships_is_the_fit_of_what_ships() -> None:
    resampling = BootstrapOptions(draws=20)
    ours = fit_evidence(carried(), resampling=resampling)
    anew = fit_evidence(carried(afresh=True), resampling=resampling)
    digests = derived_table(STORED)["digest"].unique().to_list()
    assert [anew.stored()["digest"][0]] == digests, "scores or models have changed: run `make snapshot`"
    np.testing.assert_allclose(ours.solution.theta, anew.solution.theta, atol=REFIT_TOLERANCE)
    for kind, refits in anew.refits.items():
        np.testing.assert_allclose(ours.refits[kind].theta, refits.theta, atol=REFIT_TOLERANCE)
