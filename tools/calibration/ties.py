"""Ties that do not break, that break in a known way, blocs drawn at random, and gravity of known strength."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from parity.ask.ties import panel
from parity.blocs import network
from parity.blocs._breaks import Weighed, changes, noise, p_values, rho_prior
from parity.blocs.gravity import COVERS, _scatter, ppml
from parity.blocs.ties import reach_of
from tools.calibration.rows import Row, missed, rng_of


def breaks() -> Iterator[Row]:
    """Simulate ties without a break, with a step and with a slope."""
    t, m = 23, 1500
    quarters = np.arange(t)
    given = np.where(quarters >= t - 4, 0.25, 0.0) - np.where(quarters < 4, 0.25, 0.0)
    for rho in (0.0, 0.4, 0.8, 0.9):
        for slope in (0.0, 0.3):
            rng = rng_of("ties", rho, slope)
            y = slope * quarters + noise(m, t, rho, rng)
            p, p_step = p_values(y)
            truth = f"{'a trend' if slope else 'flat'}, autocorrelation {rho:g}"
            yield Row("a break", truth, 0.05, float((p <= 0.05).mean()), m)
            yield Row("a step", truth, 0.05, float((p_step <= 0.05).mean()), m)
            weighed = Weighed.of(y, rho_prior(y))
            where = changes(weighed, p_step)
            half = reach_of(weighed, 0.9) * weighed.error(np.eye(t)[-1])[:, np.newaxis]
            outside = float((np.abs(y - slope * quarters) > half).mean())
            yield Row("affinity in one quarter, 90 % interval", truth, 0.1, outside, m, "share of quarters")
            for what, contrast, reach in (
                ("change at the date chosen, 90 % interval", where.contrast, where.reach),
                ("change between given years, 90 % interval", given, reach_of(weighed, 0.9)),
            ):
                off = np.abs(((y - slope * quarters) * contrast).sum(axis=1))
                beyond = float((off > reach * weighed.error(contrast)).mean())
                yield Row(what, truth, 0.1, beyond, m)
    for rho, size in ((0.0, 4.0), (0.4, 4.0), (0.6, 4.0)):
        rng = rng_of("step", rho, size)
        when = rng.integers(5, t - 4, 600)
        y = size * (when[:, np.newaxis] <= quarters) + noise(600, t, rho, rng)
        p, p_step = p_values(y)
        where = changes(Weighed.of(y, rho_prior(y)), p_step)
        step = where.kind == "step"
        out = (when < where.period_ends[0]) | (when > where.period_ends[1])
        yield Row(
            "date of a step, 90 % interval",
            f"a step of {size:g} standard deviations, autocorrelation {rho:g}", 0.1,
            float(out[step].mean()), int(step.sum()),
            f"found {(p <= 0.05).mean():.0%}; called a slope {(where.kind == 'slope').mean():.0%}",
        )  # fmt: skip
    for rho in (0.0, 0.4):
        rng = rng_of("slope", rho)
        begins = rng.integers(3, t - 12, 600)
        y = 6 * np.clip((quarters - begins[:, np.newaxis]) / 8, 0, 1) + noise(600, t, rho, rng)
        p, p_step = p_values(y)
        where = changes(Weighed.of(y, rho_prior(y)), p_step)
        slope_ = where.kind == "slope"
        out = (begins < where.period_ends[0]) | (begins > where.period_ends[1])
        yield Row(
            "beginning of a slope, 90 % interval", f"a slope of two years, autocorrelation {rho:g}",
            0.1, float(out[slope_].mean()), int(slope_.sum()),
            f"found {(p <= 0.05).mean():.0%}; called a step {(where.kind == 'step').mean():.0%}",
        )  # fmt: skip


def networks() -> Iterator[Row]:
    """Test blocs that were drawn at random from the countries of the panel, or from its largest."""
    ties, runs, size = panel(), 200, 8
    strength = ties.weights[-4:].mean(axis=0).sum(axis=1)
    active = np.flatnonzero(strength > 0)
    largest = active[np.argsort(-strength[active])[:40]]
    for truth, among in (
        ("any eight countries", active),
        ("eight of the 40 largest", largest),
        ("eight of the 15 largest", largest[:15]),
    ):
        rng, p, adjusted = rng_of("networks", truth), [], []
        for k in range(runs):
            members = [ties.codes[one] for one in rng.choice(among, size, replace=False)]
            rows = network(ties, members, draws=199, seed=k).table()
            p.append(rows["p"].to_numpy())
            adjusted.append(rows["p_holm"].min())
        found = np.array(p) <= 0.05
        described = (
            f"p that describe: any countries {found[:, :3].mean():.0%}, share inside {found[:, 4].mean():.0%}"
        )
        inside = float(found[:, [3, 5]].mean())
        yield Row("density and affinity of a bloc, p", truth, 0.05, inside, runs, described)
        false = float(np.mean(np.array(adjusted) <= 0.05))
        yield Row("density or affinity of a bloc (Holm)", truth, 0.05, false, runs)


def gravity() -> Iterator[Row]:
    """Fit gravity to ties of known strength: errors by pair, by country, or both with heavy tails."""
    n, runs = 100, 100
    i, j = np.triu_indices(n, 1)
    for truth in ("pairs err alone", "countries err with all of their ties", "heavy tails"):
        rng, coefficient, pairs = rng_of("gravity", truth), [], []
        for _ in range(runs):
            place = rng.uniform(0, 1, (n, 2))
            far = np.log(np.maximum(np.linalg.norm(place[i] - place[j], axis=1), 0.02))
            size = rng.normal(0, 1, n)
            # Regions of four share the errors of their ties with other regions: what sizes cannot take up.
            region = np.arange(n) // 4
            shared = rng.normal(0, 0.5, (n // 4, n // 4))
            shared = (shared + shared.T) / 2
            error = rng.standard_t(3, len(i)) if truth == "heavy tails" else rng.normal(0, 1, len(i))
            error = 0.5 * error + (shared[region[i], region[j]] if "countries" in truth else 0.0)
            mean = np.exp(4 + size[i] + size[j] - 0.7 * far)
            dummies = np.zeros((len(i), n))
            dummies[np.arange(len(i)), i] = dummies[np.arange(len(i)), j] = 1.0
            y = rng.poisson(mean * np.exp(np.clip(error, -3, 3))).astype(float)
            fit = ppml(y, np.column_stack([far, dummies]), (i, j))
            half = 1.96 * np.sqrt(max(fit.covariance[0, 0], 0.0))
            coefficient.append((fit.coefficients[0] - half, fit.coefficients[0] + half))
            spread = 1.96 * _scatter(y, fit.fitted)
            known = y > 0
            pairs.append(np.mean(np.abs(np.log(y[known] / fit.fitted[known])) > spread[known]))
        low, high = np.array(coefficient).T
        what = f"gravity, {COVERS:.0%} interval of a coefficient"
        yield Row(what, truth, 1 - COVERS, missed(-0.7, low, high), runs)
        yield Row(
            "gravity, 95 % interval of a pair", truth, 0.05, float(np.mean(pairs)), runs, "share of pairs"
        )
